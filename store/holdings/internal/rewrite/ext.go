package rewrite

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
)

var blendModes = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range []string{
		"Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn",
		"HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity",
	} {
		m[n] = true
	}
	return m
}()

// extGState takes over the parameters of an extended graphics state (ISO
// 32000-1, table 58). What steers a press and not a screen (halftones, black
// generation, undercolour removal) is left out.
func (s *stream) extGState(o types.Object) error {
	r, g := s.r, &s.g
	d := r.dict(o)
	if d == nil {
		return nil // readers pass over it
	}
	for _, k := range slices.Sorted(maps.Keys(d)) { // so that the same file is written the same way
		v := d[k]
		var err error
		switch k {
		case "LW":
			g.width = max(r.num(v, g.width), 0)
		case "LC":
			g.cap = min(max(r.int(v, g.cap), 0), 2)
		case "LJ":
			g.join = min(max(r.int(v, g.join), 0), 2)
		case "ML":
			g.miter = r.num(v, g.miter)
		case "D":
			err = s.extDash(r.array(v))
		case "RI":
			s.setIntent(r.name(v))
		case "FL":
			g.flat = min(max(r.num(v, 0), 0), 100)
		case "Font":
			err = s.extFont(r.array(v))
		case "CA":
			g.ext[extCA] = exact(min(max(r.num(v, 1), 0), 1))
		case "ca":
			g.ext[extca] = exact(min(max(r.num(v, 1), 0), 1))
		case "BM":
			g.ext[extBM] = s.blendMode(v)
		case "SMask":
			err = s.softMask(v)
		case "AIS":
			g.ext[extAIS] = fmt.Sprint(r.bool(v))
		case "TK":
			g.ext[extTK] = fmt.Sprint(r.bool(v))
		case "SA":
			g.ext[extSA] = fmt.Sprint(r.bool(v))
		case "OP":
			g.ext[extOP] = fmt.Sprint(r.bool(v))
			if d["op"] == nil {
				g.ext[extop] = g.ext[extOP]
			}
		case "op":
			g.ext[extop] = fmt.Sprint(r.bool(v))
		case "OPM":
			g.ext[extOPM] = fmt.Sprint(r.int(v, 0))
		case "TR":
			if d["TR2"] == nil {
				err = s.transfer(v)
			}
		case "TR2":
			err = s.transfer(v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *stream) extDash(a types.Array) error {
	if len(a) != 2 {
		return nil
	}
	list, ok := s.r.numbers(a[0])
	if !ok {
		return notUnderstood("dash")
	}
	v := content.Value{Kind: content.Array}
	for _, n := range list {
		v.List = append(v.List, content.Value{Kind: content.Number, Num: n})
	}
	return s.setDash(v, s.r.num(a[1], 0))
}

func (s *stream) extFont(a types.Array) error {
	if len(a) != 2 {
		return nil
	}
	f, err := s.r.font(a[0], s.res)
	if err != nil {
		return err
	}
	s.g.font, s.g.size = f, s.r.num(a[1], 0)
	return nil
}

// blendMode is the first that readers know.
func (s *stream) blendMode(o types.Object) string {
	list, ok := s.r.get(o).(types.Array)
	if !ok {
		list = types.Array{o}
	}
	for _, e := range list {
		if n := s.r.name(e); n == "Compatible" {
			return "/Normal"
		} else if blendModes[n] {
			return "/" + n
		}
	}
	return "/Normal"
}

// transfer takes over a transfer function; it changes what a screen shows.
func (s *stream) transfer(o types.Object) error {
	if _, ok := s.r.get(o).(types.Name); ok {
		s.g.ext[extTR] = "/" + map[bool]string{true: "Identity", false: "Default"}[s.r.name(o) == "Identity"]
		return nil
	}
	list, ok := s.r.get(o).(types.Array)
	if !ok {
		f, err := s.r.function(o, 0)
		s.g.ext[extTR] = f
		return err
	}
	text := "["
	for _, e := range list {
		if s.r.name(e) != "" {
			text += "/Identity"
			continue
		}
		f, err := s.r.function(e, 0)
		if err != nil {
			return err
		}
		text += " " + f
	}
	s.g.ext[extTR] = text + "]"
	return nil
}

// softMask writes a soft mask anew, in the canvas's coordinates: its group is
// drawn under the matrix in force now (ISO 32000-1, 11.6.5.3).
func (s *stream) softMask(o types.Object) error {
	r := s.r
	d, ok := r.get(o).(types.Dict)
	if !ok {
		s.g.ext[extSMask] = "/None"
		return nil
	}
	sd, ok := r.stream(d["G"])
	kind := r.name(d["S"])
	if !ok || kind != "Alpha" && kind != "Luminosity" {
		return notUnderstood("soft mask")
	}
	data, err := r.decode(sd)
	if err != nil {
		return err
	}
	inner := *s
	inner.depth++
	inner.g = newState(s.g.ctm, s.r.page)
	if s.c.windows != nil {
		inner.g.bounds = s.c.around()
	}
	inner.stack = nil
	outside := inner.g.bounds
	g, err := inner.enter(sd)
	if err != nil {
		return err
	}
	res := s.res.inner(r, sd.Dict["Resources"])
	entries, err := r.group(r.dict(sd.Dict["Group"]), res)
	if err != nil {
		return err
	}
	c := r.newCanvas()
	c.windows = s.c.windows
	c.now.ext = extDefaults
	if err := s.sub(c, res, g).run(data); err != nil {
		return err
	}
	c.close()
	b := g.bounds
	if b.Empty() {
		b = content.Rect{X0: outside.X0, Y0: outside.Y0, X1: outside.X0, Y1: outside.Y0}
	}
	form := r.flate(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[%s]%s/Resources<<%s>>",
		numberList([]float64{b.X0, b.Y0, b.X1, b.Y1}), entries, c.resources()), c.buf.Bytes())
	text := fmt.Sprintf("<</S/%s/G %s%s", kind, form, r.keep(d, "BC"))
	if tr := d["TR"]; tr != nil && r.name(tr) == "" {
		f, err := r.function(tr, 0)
		if err != nil {
			return err
		}
		text += "/TR " + f
	}
	s.g.ext[extSMask] = text + ">>"
	return nil
}

// around is the smallest rectangle around what a tile or glyph shows.
func (c *canvas) around() content.Rect {
	all := content.Nothing
	for _, w := range c.windows {
		all = all.Union(w)
	}
	return all
}
