package rewrite

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
)

// Flags of annotations (ISO 32000-1, table 165).
const (
	annotHidden = 1 << 1
	annotNoView = 1 << 5
)

// annotations draws what the annotations of a page show, form fields last, as
// readers do.
func (s *stream) annotations(list types.Object) error {
	var fields []types.Dict
	for i, o := range s.r.array(list) {
		d := s.r.dict(o)
		if d == nil || i > 10_000 {
			continue
		}
		if s.r.name(d["Subtype"]) == "Widget" {
			fields = append(fields, d)
			continue
		}
		if err := s.annotation(d); err != nil {
			return err
		}
	}
	for _, d := range fields {
		if err := s.annotation(d); err != nil {
			return err
		}
	}
	return nil
}

// annotation draws the normal appearance of one annotation into its rectangle
// (ISO 32000-1, 12.5.5).
func (s *stream) annotation(d types.Dict) error {
	r := s.r
	flags := r.int(d["F"], 0)
	if flags&(annotHidden|annotNoView) != 0 || r.name(d["Subtype"]) == "Popup" || !r.shown(d["OC"]) {
		return nil
	}
	look, ok := r.appearance(d)
	place, placed := r.rect(d["Rect"])
	if !ok && placed && place.Area() > 0 && r.drawnByReaders(d) {
		return notUnderstood("annotation whose looks are left to the reader")
	}
	if !ok && placed && r.name(d["Subtype"]) != "Link" && r.name(d["Subtype"]) != "Widget" {
		r.now.Icons = append(r.now.Icons, place)
	}
	if !ok || !placed || !r.shown(look.Dict["OC"]) {
		return nil
	}
	box, ok := r.rect(look.Dict["BBox"])
	if !ok {
		return nil
	}
	box = box.Transform(r.matrix(look.Dict["Matrix"]))
	if box.Width() == 0 || box.Height() == 0 {
		return nil
	}
	sx, sy := place.Width()/box.Width(), place.Height()/box.Height()
	g := newState(content.Matrix{sx, 0, 0, sy, place.X0 - box.X0*sx, place.Y0 - box.Y0*sy}, s.r.page)
	if !g.ctm.Finite() {
		return nil
	}
	inner := s.sub(s.c, s.res, g)
	before := s.c.paints
	err := inner.form(look)
	r.now.Annotated = r.now.Annotated || s.c.paints > before
	return err
}

// appearance is the normal appearance of an annotation, in the state that it is
// in.
func (r *Rewriter) appearance(d types.Dict) (types.StreamDict, bool) {
	n := r.get(r.dict(d["AP"])["N"])
	if sd, ok := n.(types.StreamDict); ok {
		return sd, true
	}
	states, ok := n.(types.Dict)
	if !ok {
		return types.StreamDict{}, false
	}
	state := r.name(d["AS"])
	if state == "" {
		if state = r.name(d["V"]); state == "" {
			state = r.name(r.dict(d["Parent"])["V"])
		}
		if states[state] == nil {
			state = "Off"
		}
	}
	return r.stream(states[state])
}

// marks are annotations that readers draw by themselves when they come without
// an appearance. Notes and attachments, of which only an icon shows, are not
// among them.
var marks = map[string]bool{
	"Highlight": true, "Underline": true, "Squiggly": true, "StrikeOut": true, "Square": true, "Circle": true, "Ink": true,
	"Line": true, "PolyLine": true, "Polygon": true, "FreeText": true, "Stamp": true,
}

// drawnByReaders tells whether an annotation without an appearance shows all
// the same: a mark, or a form field with a value, a border or a ground.
func (r *Rewriter) drawnByReaders(d types.Dict) bool {
	if r.dict(d["AP"])["N"] != nil {
		return false // it has one, and none for the state that it is in
	}
	if r.name(d["Subtype"]) != "Widget" {
		return marks[r.name(d["Subtype"])]
	}
	looks := r.dict(d["MK"])
	if looks["BC"] != nil || looks["BG"] != nil {
		return true
	}
	valued, styled := false, false
	for range maxDepth {
		if d == nil {
			break
		}
		v, ok := r.bytes(d["V"])
		valued = valued || ok && len(v) > 0
		styled = styled || d["DA"] != nil
		d = r.dict(d["Parent"])
	}
	return valued && styled
}
