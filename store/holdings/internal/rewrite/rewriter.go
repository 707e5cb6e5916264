package rewrite

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
)

// Rewriter writes pages of one source into one file. What pages have in common
// is written once. It is used by one goroutine.
type Rewriter struct {
	layers
	// Stamper, if any, marks the pixels of pictures.
	Stamper Stamper

	out  *pdfout.Writer
	ops  int // carried out for the page
	page content.Rect
	now  *Page // being written

	fonts     map[string]*font
	fontOrder []*font
	spaces    map[string]*space
	functions map[string]string
	patterns  map[string]*pattern
	tiles     []*pattern
	shadings  map[string]*shading
	images    map[string]written
	same      map[[2]uint64]pdfout.Ref // by digest of what was written
	annotated bool                     // annotations are drawn into the page
	icons     []content.Rect           // of notes, which are not drawn
	clipped   int                      // glyphs left out
	partial   bool                     // a shading that may be a picture shows in part
	hides     bool                     // something of the page is hidden by its layer
	respelled bool                     // the page spells text otherwise than is written
}

// New starts a rewriting that ends when ctx does. properties is the catalog's
// /OCProperties, if any.
func New(ctx context.Context, src Source, out *pdfout.Writer, properties types.Object) *Rewriter {
	o := objects{ctx, src}
	return &Rewriter{
		layers: newLayers(o, properties), out: out,
		fonts: map[string]*font{}, spaces: map[string]*space{}, functions: map[string]string{}, patterns: map[string]*pattern{},
		shadings: map[string]*shading{}, images: map[string]written{}, same: map[[2]uint64]pdfout.Ref{},
	}
}

// Page writes one page's content and what it draws with, except for what other
// pages may add to: see [Rewriter.Finish]. Errors wrap [ErrNotUnderstood], or
// are ctx's; after one the file must be begun anew.
func (r *Rewriter) Page(p Page) (Written, error) {
	r.ops, r.page, r.now, r.annotated, r.respelled, r.hides, r.icons, r.clipped, r.partial = 0, p.Crop, &p, false, false, false, nil, 0, false
	c := r.newCanvas()
	c.segmented = true
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
	w := Written{Page: p, Segments: c.segments, Pictures: c.pictures, Annotated: r.annotated, Respelled: r.respelled, Hides: r.hides, Icons: r.icons, Clipped: r.clipped, Copied: !c.altered && c.paints > 0,
		Resources: c.entries()}
	if g := r.dict(p.Group); r.name(g["S"]) == "Transparency" {
		if w.Group, err = r.group(g, res); err != nil {
			return Written{}, err
		}
	}
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
	r.ops = 0
	tiles, glyphs := 0, 0
	for tiles < len(r.tiles) || glyphs < len(r.fontOrder) {
		if glyphs < len(r.fontOrder) {
			if f := r.fontOrder[glyphs]; f.type3 != nil && len(f.used) > 0 {
				if err := r.writeType3(f); err != nil {
					return err
				}
			}
			glyphs++
			continue
		}
		if p := r.tiles[tiles]; len(p.parts.list) > 0 {
			if err := p.write(r); err != nil {
				return err
			}
		}
		tiles++
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
		if f.type3 != nil && len(f.used) != f.type3.written {
			return notUnderstood("glyphs within glyphs")
		}
		if f.type3 == nil && len(f.used) > 0 {
			if err := r.writeFont(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// object writes an object, once.
func (r *Rewriter) object(text string) pdfout.Ref {
	sum := digest("object", "", []byte(text))
	if ref, ok := r.same[sum]; ok {
		return ref
	}
	ref := r.out.Add(text)
	r.same[sum] = ref
	return ref
}

// flate writes a stream from its decoded data, once.
func (r *Rewriter) flate(dict string, data []byte) pdfout.Ref {
	sum := digest("flate", dict, data)
	if ref, ok := r.same[sum]; ok {
		return ref
	}
	ref := r.out.AddFlate(dict, data)
	r.same[sum] = ref
	return ref
}

// raw writes a stream whose data are encoded already, once.
func (r *Rewriter) raw(dict string, data []byte) pdfout.Ref {
	sum := digest("raw", dict, data)
	if ref, ok := r.same[sum]; ok {
		return ref
	}
	ref := r.out.AddStream(dict, data)
	r.same[sum] = ref
	return ref
}

func (r *Rewriter) putFlate(ref pdfout.Ref, dict string, data []byte) {
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
