package rewrite

import (
	"bytes"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
)

func clipText(path *content.Path, rule string) string {
	var b bytes.Buffer
	writePath(&b, path.Parts)
	b.WriteString(rule + " n")
	return b.String()
}

// xobject draws a form or an image.
func (s *stream) xobject(o types.Object) error {
	sd, ok := s.r.stream(o)
	if !ok {
		return nil // readers show nothing for it
	}
	if s.hidden > 0 {
		return nil
	}
	if !s.r.shown(sd.Dict["OC"]) {
		s.r.now.Hides = true
		return nil
	}
	switch kind := s.r.name(sd.Dict["Subtype"]); kind {
	case "Image":
		return s.image(o, sd)
	case "Form":
		return s.form(sd)
	case "PS":
		return nil // obsolete, and shown by no reader
	default:
		return notUnderstood("external object %.20s", kind)
	}
}

// rectPath is a rectangle under a matrix.
func rectPath(r content.Rect, m content.Matrix) (*content.Path, error) {
	var p content.Path
	n := func(v float64) content.Value { return content.Value{Kind: content.Number, Num: v} }
	err := p.Build(content.Op{Name: "re", Args: []content.Value{n(r.X0), n(r.Y0), n(r.X1 - r.X0), n(r.Y1 - r.Y0)}}, m)
	if err != nil {
		return nil, notUnderstood("%v", err)
	}
	return &p, nil
}

// enter is the state in which a form's content begins.
func (s *stream) enter(sd types.StreamDict) (gstate, error) {
	g := s.g
	g.ctm = s.r.matrix(sd.Dict["Matrix"]).Mul(g.ctm)
	if !g.ctm.Finite() {
		return g, notUnderstood("matrix out of bounds")
	}
	if box, ok := s.r.rect(sd.Dict["BBox"]); ok {
		path, err := rectPath(box, g.ctm)
		if err != nil {
			return g, err
		}
		g.clipTo(path, "W")
	}
	return g, nil
}

// form draws a form: a group that is blended as one stays a form, any other is
// drawn in place, which comes to the same (ISO 32000-1, 11.6.6).
func (s *stream) form(sd types.StreamDict) error {
	g, err := s.enter(sd)
	if err != nil {
		return err
	}
	if !g.visible(g.bounds, s.c.windows) {
		return nil
	}
	data, err := s.r.decode(sd)
	if err != nil {
		return err
	}
	res := s.res.inner(s.r, sd.Dict["Resources"])
	group := s.r.dict(sd.Dict["Group"])
	isGroup := group != nil && s.r.name(group["S"]) == "Transparency"
	blended := g.ext[extca] != "1" || g.ext[extCA] != "1" || g.ext[extBM] != "/Normal" || g.ext[extSMask] != "/None"
	if !blended && !(isGroup && (s.r.bool(group["I"]) || s.r.bool(group["K"]))) {
		return s.sub(s.c, res, g).run(data)
	}
	inside := g
	entries := ""
	if isGroup {
		inside.ext[extca], inside.ext[extCA], inside.ext[extBM], inside.ext[extSMask] = "1", "1", "/Normal", "/None"
		if entries, err = s.r.group(group, res); err != nil {
			return err
		}
	}
	ref, err := s.group(inside, res, data, entries)
	if err != nil || ref == "" {
		return err
	}
	s.c.altered = true
	s.c.endText()
	s.c.general(&s.g)
	s.c.op(ref + " Do")
	return s.c.done()
}

// group writes content as a form whose coordinates are those of the canvas, and
// returns its name there; "" when it shows nothing.
func (s *stream) group(g gstate, res resources, data []byte, entries string) (string, error) {
	c := s.r.newCanvas()
	c.windows, c.noColor, c.paged = s.c.windows, s.c.noColor, s.c.paged
	c.now.ext = g.ext
	c.now.clip = s.g.clip // holds where the form is drawn
	if err := s.sub(c, res, g).run(data); err != nil {
		return "", err
	}
	c.close()
	if c.paints == 0 {
		return "", nil
	}
	b := g.bounds
	dict := fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[%s]%s/Resources<<%s>>",
		numberList([]float64{b.X0, b.Y0, b.X1, b.Y1}), entries, c.resources())
	return s.c.use("XObject", "X", s.r.flate(dict, c.buf.Bytes())), nil
}

// group writes the /Group of a form or page: what its blending depends on.
func (r *Rewriter) group(d types.Dict, res resources) (string, error) {
	text := "/Group<</S/Transparency" + r.keep(d, "I", "K")
	if d["CS"] != nil {
		sp, err := r.space(d["CS"], res, 0)
		if err != nil {
			return "", err
		}
		text += "/CS"
		if sp.text[0] != '/' {
			text += " "
		}
		text += sp.text
	}
	return text + ">>", nil
}
