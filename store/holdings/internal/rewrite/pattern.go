package rewrite

import (
	"fmt"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
)

// pattern is a tiling or shading pattern in the coordinates of a canvas.
type pattern struct {
	ref     pdfout.Ref
	colored bool
	matrix  content.Matrix // to the canvas
	tiling  bool
	sd      types.StreamDict
	res     resources
	box     content.Rect
	step    content.Point
	depth   int
	parts   windows      // of the tile that show, in pattern space
	sheet   content.Rect // of a shading that may be a picture, in pattern space; empty of others
	written bool
	late    bool // more shows than was written
}

// pattern reads a pattern that a stream paints with. Its matrix leads to the
// coordinates in which that stream began (ISO 32000-1, 8.7.2).
func (r *Rewriter) pattern(o types.Object, s *stream) (*pattern, error) {
	d := r.dict(o)
	if d == nil {
		return nil, notUnderstood("pattern missing")
	}
	if s.depth > 12 {
		return nil, notUnderstood("patterns too deep")
	}
	p := &pattern{matrix: r.matrix(d["Matrix"]).Mul(s.base), colored: true, depth: s.depth, sheet: content.Nothing}
	if !p.matrix.Finite() {
		return nil, notUnderstood("matrix out of bounds")
	}
	id := fmt.Sprintf("%s %v", key(o), p.matrix)
	if have := r.patterns[id]; have != nil {
		return have, nil
	}
	switch r.int(d["PatternType"], 0) {
	case 1:
		var ok, boxed bool
		if p.sd, ok = r.stream(o); !ok {
			return nil, notUnderstood("tile without content")
		}
		p.tiling = true
		p.colored = r.int(d["PaintType"], 1) == 1
		p.box, boxed = r.rect(d["BBox"])
		p.step = content.Point{X: math.Abs(r.num(d["XStep"], 0)), Y: math.Abs(r.num(d["YStep"], 0))}
		if !boxed || !(p.step.X > 0 && p.step.Y > 0) {
			return nil, notUnderstood("tile without a size")
		}
		p.res = s.res.alone(r, d["Resources"])
		p.ref = r.out.Reserve()
		r.tiles = append(r.tiles, p)
	case 2:
		sh, err := r.shading(d["Shading"], s.res)
		if err != nil {
			return nil, err
		}
		m := p.matrix
		p.sheet = sh.sheet
		p.ref = r.object(fmt.Sprintf("<</PatternType 2/Shading %s/Matrix[%s]>>", sh.ref, numberList(m[:])))
		p.written = true
	default:
		return nil, notUnderstood("pattern type")
	}
	r.patterns[id] = p
	return p, nil
}

// shows remembers what parts of a tile are painted within an area of the canvas.
func (p *pattern) shows(area content.Rect) {
	back, ok := p.matrix.Inverse()
	if !p.tiling || !ok || area.Empty() {
		return
	}
	area = area.Transform(back)
	before := len(p.parts.list)
	first := func(lo, hi, step float64) float64 { return math.Ceil((lo - hi) / step) }
	x0, x1 := first(area.X0, p.box.X1, p.step.X), math.Floor((area.X1-p.box.X0)/p.step.X)
	y0, y1 := first(area.Y0, p.box.Y1, p.step.Y), math.Floor((area.Y1-p.box.Y0)/p.step.Y)
	if !((x1-x0+1)*(y1-y0+1) <= maxWindows) {
		p.parts.add(p.box)
	} else {
		for x := x0; x <= x1; x++ {
			for y := y0; y <= y1; y++ {
				dx, dy := x*p.step.X, y*p.step.Y
				part := content.Rect{X0: area.X0 - dx, Y0: area.Y0 - dy, X1: area.X1 - dx, Y1: area.Y1 - dy}
				p.parts.add(part.Intersect(p.box))
			}
		}
	}
	p.late = p.late || p.written && len(p.parts.list) != before
}

// write writes a tile with the parts of it that show.
func (p *pattern) write(r *Rewriter) error {
	p.written = true
	data, err := r.decode(p.sd)
	if err != nil {
		return err
	}
	c := r.newCanvas()
	c.windows, c.noColor = p.parts.list, !p.colored
	if c.windows == nil {
		c.windows = []content.Rect{}
	}
	box := p.box.Intersect(c.around())
	if box.Empty() {
		box = content.Rect{X0: p.box.X0, Y0: p.box.Y0, X1: p.box.X0, Y1: p.box.Y0}
	}
	c.now.ext = extDefaults
	s := &stream{r: r, c: c, res: p.res, base: content.Identity, g: newState(content.Identity, box), depth: p.depth + 1}
	if err := s.run(data); err != nil {
		return err
	}
	c.close()
	paint := 1
	if !p.colored {
		paint = 2
	}
	kind := min(max(r.int(p.sd.Dict["TilingType"], 1), 1), 3)
	m := p.matrix
	dict := fmt.Sprintf("/Type/Pattern/PatternType 1/PaintType %d/TilingType %d/BBox[%s]", paint, kind,
		numberList([]float64{box.X0, box.Y0, box.X1, box.Y1}))
	dict += r.keep(p.sd.Dict, "XStep", "YStep") + fmt.Sprintf("/Matrix[%s]/Resources<<%s>>", numberList(m[:]),
		c.resources())
	r.putFlate(p.ref, dict, c.buf.Bytes())
	return nil
}

// shading is a shading written anew.
type shading struct {
	ref   pdfout.Ref
	space *space
	box   content.Rect // its /BBox; empty: all
	// sheet is what a mesh or a function of two coordinates may paint. Both can
	// hold any picture; where most of it does not show they are not carried over.
	sheet content.Rect
}

// mostly tells whether at least half of a sheet lies in an area.
func mostly(sheet, area content.Rect) bool { return 2*sheet.Intersect(area).Area() >= sheet.Area() }

// shading writes a shading anew (ISO 32000-1, 8.7.4.5).
func (r *Rewriter) shading(o types.Object, res resources) (*shading, error) {
	if sh := r.shadings[key(o)]; sh != nil && key(o) != "" {
		return sh, nil
	}
	d := r.dict(o)
	if d == nil {
		return nil, notUnderstood("shading missing")
	}
	sp, err := r.space(d["ColorSpace"], res, 0)
	if err != nil {
		return nil, err
	}
	if sp.kind == "Pattern" {
		return nil, notUnderstood("shading in patterns")
	}
	kind := r.int(d["ShadingType"], 0)
	text := fmt.Sprintf("/ShadingType %d/ColorSpace %s", kind, sp.text) + r.keep(d, "Background", "BBox", "AntiAlias")
	if d["Function"] != nil {
		fs, err := r.functionList(d["Function"])
		if err != nil {
			return nil, err
		}
		text += "/Function " + fs
	}
	if sp.kind == "Indexed" {
		return nil, notUnderstood("shading of a palette")
	}
	sh := &shading{space: sp, box: content.Nothing, sheet: content.Nothing}
	if b, ok := r.rect(d["BBox"]); ok {
		sh.box = b
	}
	switch kind {
	case 1:
		sh.sheet = content.Rect{X1: 1, Y1: 1}
		if n, ok := r.numbers(d["Domain"]); ok && len(n) == 4 {
			sh.sheet = content.Rect{X0: n[0], Y0: n[2], X1: n[1], Y1: n[3]}
		}
		sh.sheet = sh.sheet.Transform(r.matrix(d["Matrix"]))
		sh.ref = r.object("<<" + text + r.keep(d, "Domain", "Matrix") + ">>")
	case 2, 3:
		sh.ref = r.object("<<" + text + r.keep(d, "Coords", "Domain", "Extend") + ">>")
	case 4, 5, 6, 7:
		sd, ok := r.stream(o)
		reach, ranged := r.numbers(d["Decode"])
		if !ok || !ranged || len(reach) < 4 {
			return nil, notUnderstood("mesh")
		}
		data, err := r.decode(sd)
		if err != nil {
			return nil, err
		}
		sh.sheet = content.Rect{X0: reach[0], Y0: reach[2], X1: reach[1], Y1: reach[3]}
		text += r.keep(d, "BitsPerCoordinate", "BitsPerComponent", "BitsPerFlag", "Decode", "VerticesPerRow")
		sh.ref = r.flate(text, data)
	default:
		return nil, notUnderstood("shading type")
	}
	r.shadings[key(o)] = sh
	return sh, nil
}

func (r *Rewriter) functionList(o types.Object) (string, error) {
	list, ok := r.get(o).(types.Array)
	if !ok {
		return r.function(o, 0)
	}
	text := "["
	for _, e := range list {
		f, err := r.function(e, 0)
		if err != nil {
			return "", err
		}
		text += " " + f
	}
	return text + "]", nil
}

// shade fills the clip with a shading.
func (s *stream) shade(o types.Object) error {
	if s.hidden > 0 {
		return nil
	}
	sh, err := s.r.shading(o, s.res)
	if err != nil {
		return err
	}
	area := s.g.bounds
	if !sh.box.Empty() {
		area = area.Intersect(sh.box.Transform(s.g.ctm))
	}
	sheet := sh.sheet.Transform(s.g.ctm)
	if !sheet.Empty() {
		area = area.Intersect(sheet)
	}
	if !s.g.visible(area, s.c.windows) {
		return nil
	}
	if !sheet.Empty() && !mostly(sheet, area) {
		return notUnderstood("part of a shading that may be a picture")
	}
	s.c.altered = true
	return s.c.under(&s.g, s.g.ctm, s.c.use("Shading", "S", sh.ref)+" sh")
}
