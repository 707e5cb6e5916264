package holdings

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
)

// errLoop says that the page tree leads back into itself.
var errLoop = errors.New("page tree is not a tree")

// inherited are the attributes that pages take from the nodes above them
// (ISO 32000-1, table 30).
type inherited struct{ resources, media, crop, rotate types.Object }

type treeWalk struct {
	source *source
	seen   map[int]bool
}

func (w treeWalk) node(ctx context.Context, o types.Object, in inherited, depth int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if depth > maxTreeDepth {
		return fmt.Errorf("%w: %w", ErrDamaged, errLoop)
	}
	if ref, ok := o.(types.IndirectRef); ok {
		num := ref.ObjectNumber.Value()
		if w.seen[num] {
			return fmt.Errorf("%w: %w", ErrDamaged, errLoop)
		}
		w.seen[num] = true
	}
	s := w.source
	d := s.dict(o)
	if d == nil {
		s.lost++
		return nil // readers show nothing for it
	}
	for key, to := range map[string]*types.Object{"Resources": &in.resources, "MediaBox": &in.media, "CropBox": &in.crop,
		"Rotate": &in.rotate} {
		if v := s.object(d[key]); v != nil {
			*to = v
		}
	}
	kids, ok := s.object(d["Kids"]).(types.Array)
	if ok && s.name(d["Type"]) != "Page" {
		for _, kid := range kids {
			if err := w.node(ctx, kid, in, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if s.name(d["Type"]) == "Pages" {
		return nil // a node without kids
	}
	if len(s.pages) == conversation.MostPages {
		return ErrTooManyPages
	}
	p := w.page(d, in)
	if ref, ok := o.(types.IndirectRef); ok && s.isStream(ref) {
		p.lost = true // something else stands where the page should
	}
	if p.lost {
		s.lost++
	}
	s.pages = append(s.pages, p)
	return nil
}

func (w treeWalk) page(d types.Dict, in inherited) page {
	s := w.source
	p := page{resources: s.dict(in.resources), group: s.dict(d["Group"]), unit: 1}
	var ok bool
	if p.media, ok = s.box(in.media); !ok {
		p.media = box{0, 0, 612, 792} // what readers assume
	}
	p.crop = p.media
	if crop, ok := s.box(in.crop); ok {
		crop = box{max(crop[0], p.media[0]), max(crop[1], p.media[1]), min(crop[2], p.media[2]), min(crop[3], p.media[3])}
		if crop[0] < crop[2] && crop[1] < crop[3] {
			p.crop = crop
		}
	}
	if r, ok := s.number(in.rotate); ok && math.Abs(r) < 1e6 {
		p.rotate = ((int(r)/90*90)%360 + 360) % 360
	}
	if u, ok := s.number(d["UserUnit"]); ok && u > 0 && u < 1000 {
		p.unit = u
	}
	p.annots = d["Annots"]
	p.contents, p.lost = s.contents(d["Contents"])
	return p
}

// contents lists the content streams of a page by object number, and tells
// whether one that the page names is not there.
func (s *source) contents(o types.Object) (nums []int, lost bool) {
	list, ok := s.object(o).(types.Array)
	if !ok && o != nil {
		list = types.Array{o}
	}
	for _, o := range list {
		ref, ok := o.(types.IndirectRef)
		if !ok {
			lost = lost || o != nil
			continue
		}
		if s.isStream(ref) {
			nums = append(nums, ref.ObjectNumber.Value())
		} else {
			lost = true
		}
	}
	return nums, lost
}

// box reads a rectangle of at least one point a side whose corners may stand
// in any order.
func (s *source) box(o types.Object) (box, bool) {
	list, _ := s.object(o).(types.Array)
	if len(list) != 4 {
		return box{}, false
	}
	var b box
	for i, o := range list {
		n, ok := s.number(o)
		if !ok || math.Abs(n) > 1e6 {
			return box{}, false
		}
		b[i] = n
	}
	b = box{min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3])}
	return b, b[2]-b[0] >= 1 && b[3]-b[1] >= 1
}
