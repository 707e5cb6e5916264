package rewrite

import "pst/store/holdings/internal/pdfout"

// marking is a picture that is being marked while the next pages are read.
type marking struct {
	ref  pdfout.Ref
	img  Image
	done chan struct{}
}

// marksAtOnce is how many pictures may be in work: each is in memory.
const marksAtOnce = 2

// mark begins to mark a JPEG picture, which is written when something needs it.
func (r *Rewriter) mark(img Image) pdfout.Ref {
	m := &marking{r.out.Reserve(), img, make(chan struct{})}
	m.img.marked = false
	r.waiting[m.ref] = waiting{dict: img.dict(), marks: m}
	go func() {
		defer close(m.done)
		defer func() {
			if recover() != nil { // nobody else's goroutine would catch it
				m.img.marked = false
			}
		}()
		m.img.markJPEG(img.cover)
	}()
	return m.ref
}

// marked writes the pictures that were needed first, until only so many are
// left. The order depends on nothing but the pages. Which page a picture was on
// that cannot be marked is not known any more: see [Rewriter.Finish].
func (r *Rewriter) marked(left int) {
	for len(r.marks) > left {
		m := r.marks[0]
		r.marks = r.marks[1:]
		if <-m.done; !m.img.marked {
			r.failed = true
			continue
		}
		r.out.PutStream(m.ref, m.img.dict(), m.img.Data)
	}
}
