package holdings

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/klippa-app/go-pdfium/requests"

	"pst/conversation"
)

// errNotRepaired says that a file needs no repair, or that none helps.
var errNotRepaired = errors.New("file was not repaired")

// comparing is how long the pages of a file that is added may be compared, first
// such as are far from one another; those left are compared when they are cut.
const comparing = 3 * time.Second

// look is a file as both readers see it.
type look struct {
	doc      document
	source   *source // nil when it cannot be read
	verdicts map[int]verdict
}

// agree tells whether both readers see the same pages in it.
func (l look) agree() bool {
	return l.source != nil && len(l.source.pages) == l.doc.pages && l.source.lost == 0 && l.source.astray() == nil
}

// unreadable is more faults than a file can have.
const unreadable = 1 << 30

// faults counts the pages that are lost or come out wrong.
func (l look) faults() int {
	if l.source == nil || len(l.source.pages) != l.doc.pages {
		return unreadable
	}
	n := l.source.lost
	for _, v := range l.verdicts {
		if v.Why != "" {
			n++
		}
	}
	return n
}

// wrong tells whether pages come out otherwise than pdfium sees them; pages
// that are not understood are another matter.
func (l look) wrong() bool {
	for _, v := range l.verdicts {
		if v.Digest != "" && v.Why != "" {
			return true
		}
	}
	return false
}

// suspects are pages that come out wrong, are lost, or were not compared.
func (l look) suspects() []int {
	var pages []int
	for n := range l.doc.pages {
		if v, ok := l.verdicts[n+1]; !ok || v.Why != "" {
			pages = append(pages, n+1)
		}
	}
	return pages
}

// compared compares pages of a file, as far as time allows.
func (l look) compared(ctx context.Context, asked []int) (look, error) {
	l.verdicts = map[int]verdict{}
	if l.source == nil || len(l.source.pages) != l.doc.pages {
		return l, nil
	}
	end := time.Now().Add(comparing)
	var pages []int
	for _, n := range asked {
		if n <= l.doc.pages && !l.source.pages[n-1].lost {
			pages = append(pages, n)
		}
	}
	for len(pages) > 0 && time.Now().Before(end) {
		some := pages[:min(len(pages), comparedAtOnce)]
		pages = pages[len(some):]
		if err := compareSome(ctx, l.doc, l.source, some, l.verdicts); err != nil {
			return l, err
		}
	}
	return l, nil
}

// contents reads all that a new file says, and compares its pages with what
// they are written anew. Where the two readers disagree about the file, or it
// has lost pages, a copy written by pdfium takes its place, if it is better.
func (j job) contents(ctx context.Context, rd *reader, doc document, s *source) (r result, err error) {
	if doc.pages == 0 {
		return r, ErrNoPages
	}
	if doc.pages > conversation.MostPages {
		return r, ErrTooManyPages
	}
	best, err := look{doc: doc, source: s}.compared(ctx, pagesTo(doc.pages))
	if err != nil {
		return r, err
	}
	if j.Copy != "" && (!best.agree() || best.wrong()) {
		for _, way := range []func() ([]byte, error){
			func() ([]byte, error) { return nil, nil },
			func() ([]byte, error) {
				data, err := readFile(j.File)
				return bytes.ReplaceAll(data, []byte("startxref"), []byte("startxxxx")), err
			},
			func() ([]byte, error) {
				data, err := readFile(j.File)
				if err != nil {
					return nil, err
				}
				return salvage(ctx, data)
			},
		} {
			better, copied, err := repair(ctx, rd, doc, way, best)
			if ctx.Err() != nil {
				return r, ctx.Err()
			}
			if err != nil || better.faults() >= best.faults() {
				continue
			}
			if err := os.WriteFile(j.Copy, copied, 0o600); err != nil {
				return r, fmt.Errorf("write repaired copy: %w", err)
			}
			best, r.Repaired = better, true
			if best.agree() && !best.wrong() {
				break
			}
		}
	}
	pages := 0
	if best.source != nil {
		pages = len(best.source.pages)
	}
	r.Verdicts = best.verdicts
	r.Read, err = readContents(best.doc, best.source, pages)
	return r, err
}

// repair has pdfium write the file anew: as it understands doc, or what a way
// of mending the file made of it: hiding its tables, so that pdfium looks for
// the objects itself, or laying its objects out anew.
func repair(ctx context.Context, rd *reader, doc document, mend func() ([]byte, error), best look) (look, []byte,
	error) {
	mended, err := mend()
	if err != nil {
		return look{}, nil, err
	}
	if mended != nil {
		if doc, err = rd.open(mended); err != nil {
			return look{}, nil, err
		}
	}
	copied, err := doc.copy()
	if err != nil {
		return look{}, nil, err
	}
	s, err := readSource(ctx, copied)
	if err != nil {
		return look{}, nil, err
	}
	l := look{doc: doc, source: s}
	if suspects := best.suspects(); len(suspects) < doc.pages {
		// Only when it mends some of these is the whole worth a comparison.
		if l, err = l.compared(ctx, suspects); err != nil || l.faults() >= best.faults() {
			return l, nil, cmp.Or(err, errNotRepaired)
		}
	}
	l, err = l.compared(ctx, pagesTo(doc.pages))
	return l, copied, err
}

// pagesTo lists the pages of a file of n, each 16th, then those between.
func pagesTo(n int) []int {
	const stride = 16
	pages := make([]int, 0, n)
	for first := range min(stride, n) {
		for p := first; p < n; p += stride {
			pages = append(pages, p+1)
		}
	}
	return pages
}

// copy is the document as pdfium writes it.
func (d document) copy() ([]byte, error) {
	out, err := d.r.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: d.ref, Flags: requests.SaveFlagNoIncremental})
	if err != nil {
		return nil, fmt.Errorf("%w: write copy: %w", ErrDamaged, err)
	}
	if out.FileBytes == nil {
		return nil, fmt.Errorf("%w: write copy: nothing written", ErrDamaged)
	}
	return *out.FileBytes, nil
}
