package rewrite

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/lazy"
	"pst/store/holdings/internal/pdfout"
)

// Rewriter writes pages of one source into one file. What pages have in common
// is written once. It is used by one goroutine.
type Rewriter struct {
	layers
	// Marker, if any, marks the pixels of pictures.
	Marker Marker

	out  *pdfout.Writer
	ops  int // carried out for the page
	page content.Rect
	bare float64  // share of the page covered by pictures without a mark
	now  *Written // what is known of the page being written

	fonts     map[string]*font
	fontOrder []*font
	spaces    map[string]*space
	functions map[string]string
	patterns  map[string]*pattern
	tiles     []*pattern
	shadings  map[string]*shading
	images    map[string]written
	same      map[[2]uint64]pdfout.Ref // by digest of what was kept
	waiting   map[pdfout.Ref]waiting
	asked     map[pdfout.Ref]bool // by what was written
	partial   bool                // a shading that may be a picture shows in part
	marks     []*marking          // of pictures that are to be written, in order
	failed    bool                // one of them could not be marked
}

// New starts a rewriting that ends when ctx does. properties is the catalog's
// /OCProperties, if any.
func New(ctx context.Context, src Source, out *pdfout.Writer, properties types.Object) *Rewriter {
	o := objects{ctx, src}
	return &Rewriter{
		layers: newLayers(o, properties), out: out,
		fonts: map[string]*font{}, spaces: map[string]*space{}, functions: map[string]string{},
		patterns: map[string]*pattern{},
		shadings: map[string]*shading{}, images: map[string]written{},
		same: map[[2]uint64]pdfout.Ref{}, waiting: map[pdfout.Ref]waiting{}, asked: map[pdfout.Ref]bool{},
	}
}

// Page writes one page's content and what it draws with, except for what other
// pages may add to: see [Rewriter.Finish]. Errors wrap [ErrNotUnderstood], or
// are ctx's; after one the file must be begun anew.
func (r *Rewriter) Page(p Page) (Written, error) {
	r.ops, r.bare, r.page, r.now, r.partial = 0, 0, p.Crop, &Written{Page: p}, false
	c := r.newCanvas()
	c.segmented, c.paged = true, true
	c.now = pageStart()
	res := resources{r.dict(p.Resources), r.dict(p.Resources)}
	data, err := r.contents(p.Contents)
	if err != nil {
		return Written{}, err
	}
	s := &stream{r: r, c: c, res: res, base: content.Identity, g: newState(content.Identity, p.Crop)}
	if err := s.run(data); err != nil {
		return Written{}, err
	}
	c.endText()
	after := &stream{r: r, c: c, res: resources{}, base: content.Identity, g: newState(content.Identity, p.Crop)}
	if err := after.annotations(p.Annots); err != nil {
		return Written{}, err
	}
	if r.partial {
		return Written{}, notUnderstood("part of a shading that may be a picture")
	}
	c.cut()
	w := *r.now
	w.Segments, w.Open, w.Resources, w.Pictures = c.segments, c.open, c.entries(), c.pictures
	w.Copied = !c.altered && c.paints > 0
	if g := r.dict(p.Group); r.name(g["S"]) == "Transparency" {
		if w.Group, err = r.group(g, res); err != nil {
			return Written{}, err
		}
	}
	r.needed(w.Group + ResourceText(w.Resources))
	r.marked(marksAtOnce)
	return w, nil
}

// contents is all content of a page as one stream.
func (r *Rewriter) contents(nums []int) ([]byte, error) {
	var all bytes.Buffer
	for _, n := range nums {
		o, err := r.src.Object(n)
		if err != nil {
			return nil, notUnderstood("page content: %v", err)
		}
		sd, ok := o.(types.StreamDict)
		if !ok {
			continue
		}
		data, err := r.decode(sd)
		if err != nil {
			return nil, err
		}
		if all.Len()+len(data) > maxStream {
			return nil, notUnderstood("page content too large")
		}
		all.Write(data)
		all.WriteByte('\n')
	}
	return all.Bytes(), nil
}

// Finish writes what pages have in common: fonts, with the glyphs that these
// pages show, and tiles. Errors are those of [Rewriter.Page], about no page
// of its own.
func (r *Rewriter) Finish() error {
	r.ops, r.now = 0, &Written{}
	if r.marked(0); r.failed {
		return notUnderstood("picture that the mark cannot be put into")
	}
	for again := true; again; { // what is written may ask for more
		again = false
		for _, f := range r.fontOrder {
			if f.type3 != nil && f.type3.written == 0 && r.asked[f.ref] && len(f.used) > 0 {
				again = true
				if err := r.writeType3(f); err != nil {
					return err
				}
			}
		}
		for _, p := range r.tiles {
			if !p.written && r.asked[p.ref] {
				again = true
				if err := p.write(r); err != nil {
					return err
				}
			}
		}
	}
	if r.partial {
		return notUnderstood("part of a shading that may be a picture")
	}
	for _, p := range r.tiles {
		if p.late {
			return notUnderstood("tile within a tile")
		}
	}
	for _, f := range r.fontOrder {
		if f.type3 != nil && f.type3.written > 0 && len(f.used) != f.type3.written {
			return notUnderstood("glyphs within glyphs")
		}
		if f.type3 == nil && r.asked[f.ref] && len(f.used) > 0 {
			if err := r.writeFont(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// waiting is an object that is ready, and written when something that is
// written refers to it: a colour may be chosen and nothing painted with it.
type waiting struct {
	dict   string // the whole object when there are no data
	data   []byte
	packed bool // data are encoded already
	stream bool
	marks  *marking
}

// later keeps an object, once, until it is needed.
func (r *Rewriter) later(w waiting) pdfout.Ref {
	sum := digest(fmt.Sprint(w.packed, w.stream), w.dict, w.data)
	if ref, ok := r.same[sum]; ok {
		return ref
	}
	ref := r.out.Reserve()
	r.same[sum], r.waiting[ref] = ref, w
	return ref
}

// object keeps an object.
func (r *Rewriter) object(text string) pdfout.Ref { return r.later(waiting{dict: text}) }

// flate keeps a stream, by its decoded data, which must not change.
func (r *Rewriter) flate(dict string, data []byte) pdfout.Ref {
	return r.later(waiting{dict: dict, data: data, stream: true})
}

// raw keeps a stream whose data are encoded already.
func (r *Rewriter) raw(dict string, data []byte) pdfout.Ref {
	return r.later(waiting{dict: dict, data: data, packed: true, stream: true})
}

var reference = lazy.Regexp(`(\d+) 0 R`)

// needed writes the objects that a text refers to, and those that these need.
func (r *Rewriter) needed(text string) {
	for _, m := range reference().FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1]) // of digits only
		ref := pdfout.Ref(n)
		r.asked[ref] = true
		w, ok := r.waiting[ref]
		if !ok {
			continue
		}
		delete(r.waiting, ref)
		r.needed(w.dict)
		switch {
		case w.marks != nil:
			r.marks = append(r.marks, w.marks)
		case w.packed:
			r.out.PutStream(ref, w.dict, w.data)
		case w.stream:
			r.out.PutFlate(ref, w.dict, w.data)
		default:
			r.out.Put(ref, w.dict)
		}
	}
}

// put writes an object that was reserved, and what it needs.
func (r *Rewriter) put(ref pdfout.Ref, text string) {
	r.needed(text)
	r.out.Put(ref, text)
}

func (r *Rewriter) putFlate(ref pdfout.Ref, dict string, data []byte) {
	r.needed(dict)
	r.out.PutFlate(ref, dict, data)
}

// digestSeeds are chosen anew with each start, so that nobody can make two
// streams of one digest.
var digestSeeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// digest tells streams apart within one run of the program.
func digest(kind, dict string, data []byte) (sum [2]uint64) {
	for i, seed := range digestSeeds {
		var h maphash.Hash
		h.SetSeed(seed)
		fmt.Fprintf(&h, "%s %d %s", kind, len(dict), dict)
		h.Write(data)
		sum[i] = h.Sum64()
	}
	return sum
}

// sortedCodes are the codes that a font shows, in order.
func (f *font) sortedCodes() []int {
	codes := make([]int, 0, len(f.used))
	for c := range f.used {
		codes = append(codes, c)
	}
	slices.Sort(codes)
	return codes
}
