package rewrite

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
)

// resources are where a content stream looks for what it names: in its own
// dictionary, then in that of the page, as readers do.
type resources struct{ own, page types.Dict }

func (res resources) find(r *Rewriter, category, name string) types.Object {
	for _, d := range []types.Dict{res.own, res.page} {
		if o, ok := r.dict(d[category])[name]; ok && r.get(o) != nil {
			return o
		}
	}
	return nil
}

// inner are the resources of a stream drawn from one with res.
func (res resources) inner(r *Rewriter, o types.Object) resources {
	if own := r.dict(o); own != nil {
		return resources{own, res.page}
	}
	return res
}

// stream interprets one content stream and writes what it shows on a canvas.
type stream struct {
	r     *Rewriter
	c     *canvas
	res   resources
	base  content.Matrix // from the stream's coordinates to the canvas's
	g     gstate
	stack []gstate
	depth int // of streams in one another

	path  content.Path
	clips string // "W" or "W*" seen, to take effect with the path

	text       bool
	tm, line   content.Matrix
	moved      bool    // the text position was set since text was shown
	lost       bool    // nobody knows where the text position is
	pieces     []piece // room for those of one TJ
	compatible int     // BX that are open
	marked     []marked
	hidden     int // of marked, those that are hidden
}

// maxOps bounds the operators carried out for one page, through all forms.
const maxOps = 5_000_000

// run interprets a stream to its end.
func (s *stream) run(data []byte) error {
	if s.depth > 28 {
		return notUnderstood("forms too deep")
	}
	sc := content.NewScanner(data)
	for {
		op, ok, err := sc.Next()
		if err != nil {
			return notUnderstood("%v", err)
		}
		if !ok {
			return nil
		}
		if s.r.ops++; s.r.ops > maxOps {
			return notUnderstood("too many operators")
		}
		if s.r.ops%4096 == 0 {
			if err := s.r.ctx.Err(); err != nil {
				return err
			}
		}
		if err := op.Known(); err != nil {
			if s.compatible > 0 {
				continue
			}
			return notUnderstood("%v", err)
		}
		if err := s.do(op); err != nil {
			return err
		}
	}
}

// do carries out one operator.
func (s *stream) do(op content.Op) error {
	n := op.Numbers()
	g := &s.g
	switch op.Name {
	case "q":
		if len(s.stack) > 512 {
			return notUnderstood("graphics states too deep")
		}
		s.lost = s.lost || s.text
		s.stack = append(s.stack, *g)
	case "Q":
		if len(s.stack) == 0 {
			return nil // as readers do
		}
		s.lost = s.lost || s.text
		*g = s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
	case "cm":
		if !s.path.Empty() {
			return notUnderstood("matrix changed within a path")
		}
		g.ctm = content.Matrix(n).Mul(g.ctm)
		if !g.ctm.Finite() {
			return notUnderstood("matrix out of bounds")
		}
	case "w":
		g.width = max(n[0], 0)
	case "J", "j":
		if n[0] != 0 && n[0] != 1 && n[0] != 2 {
			return notUnderstood("line style")
		}
		if op.Name == "J" {
			g.cap = int(n[0])
		} else {
			g.join = int(n[0])
		}
	case "M":
		g.miter = n[0]
	case "d":
		return s.setDash(op.Args[0], op.Args[1].Num)
	case "ri":
		s.setIntent(string(op.Args[0].Str))
	case "i":
		g.flat = min(max(n[0], 0), 100)
	case "gs":
		return s.extGState(s.res.find(s.r, "ExtGState", string(op.Args[0].Str)))
	case "m", "l", "c", "v", "y", "h", "re":
		if err := s.path.Build(op, g.ctm); err != nil {
			return notUnderstood("%v", err)
		}
	case "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n":
		return s.paintPath(op.Name)
	case "W", "W*":
		s.clips = op.Name
	case "CS", "cs", "SC", "sc", "SCN", "scn", "G", "g", "RG", "rg", "K", "k":
		if s.c.noColor {
			return nil
		}
		return s.setColor(op)
	case "sh":
		return s.shade(s.res.find(s.r, "Shading", string(op.Args[0].Str)))
	case "Do":
		return s.xobject(s.res.find(s.r, "XObject", string(op.Args[0].Str)))
	case "BI":
		return s.inlineImage(op.Args[0], op.Data)
	case "BX":
		s.compatible++
	case "EX":
		s.compatible = max(s.compatible-1, 0)
	case "BMC", "BDC":
		return s.begin(op)
	case "EMC":
		if len(s.marked) > 0 {
			if s.marked[len(s.marked)-1].hides {
				s.hidden--
			}
			s.marked = s.marked[:len(s.marked)-1]
		}
	case "MP", "DP":
	case "d0", "d1":
		return notUnderstood("%s outside a glyph", op.Name)
	default:
		return s.textOp(op, &n)
	}
	return nil
}

func (s *stream) setDash(list content.Value, phase float64) error {
	dash := make([]float64, len(list.List))
	sum := 0.0
	for i, v := range list.List {
		if v.Kind != content.Number || v.Num < 0 || len(list.List) > 64 {
			return notUnderstood("dash")
		}
		dash[i] = v.Num
		sum += v.Num
	}
	if sum == 0 {
		dash, phase = nil, 0
	}
	s.g.dash, s.g.phase = dash, phase
	return nil
}

// relative is the rendering intent in force where a page begins.
const relative = "/RelativeColorimetric ri"

var intents = map[string]bool{
	"AbsoluteColorimetric": true, "RelativeColorimetric": true, "Saturation": true, "Perceptual": true,
}

func (s *stream) setIntent(name string) {
	if s.g.intent = relative; intents[name] { // ISO 32000-1, 8.6.5.8
		s.g.intent = "/" + name + " ri"
	}
}

// paintPath ends the path, painting it, and then lets it clip.
func (s *stream) paintPath(op string) error {
	path := s.path
	s.path = content.Path{}
	rule := s.clips
	s.clips = ""
	switch op {
	case "s":
		path.Close()
		op = "S"
	case "b":
		path.Close()
		op = "B"
	case "b*":
		path.Close()
		op = "B*"
	case "F":
		op = "f"
	}
	if op != "n" && s.hidden == 0 && !path.Empty() {
		if err := s.c.draw(&s.g, &path, op); err != nil {
			return err
		}
	}
	if rule != "" && !path.Empty() {
		s.g.clipTo(&path, rule)
	}
	return nil
}

// clipTo puts a path in force as a clip.
func (g *gstate) clipTo(path *content.Path, rule string) {
	area := path.Bounds()
	box := len(path.Parts) == 1 && path.Parts[0].Rect
	if box && area.Contains(g.bounds) {
		return // it takes nothing away
	}
	c := &clip{before: g.clip}
	if g.clip != nil {
		c.depth = g.clip.depth
	}
	c.depth++
	c.path = clipText(path, rule)
	if !box {
		shape := path.Shape(rule == "W*")
		c.shape = &shape
	}
	g.clip = c
	g.bounds = g.bounds.Intersect(area)
}

// marked is marked content that is open.
type marked struct {
	hides bool
	span  *span
}

// span is text that is to be read otherwise than its glyphs say: a ligature, a
// small capital (ISO 32000-1, 14.9.4).
type span struct {
	text string // in UTF-16, behind its byte order mark
	done bool   // written already
}

// maxSpan bounds such a text, in UTF-16 units: what glyphs do not show has no
// way in, and three letters tell nothing.
const maxSpan = 3

// begin opens marked content. Of its properties only those matter that hide it
// or spell it.
func (s *stream) begin(op content.Op) error {
	if len(s.marked) > 1000 {
		return notUnderstood("marked content too deep")
	}
	m := marked{}
	if k := len(s.marked); k > 0 {
		m.span = s.marked[k-1].span
	}
	if op.Name == "BDC" {
		properties := object(op.Args[1])
		if op.Args[1].Kind == content.Name {
			properties = s.res.find(s.r, "Properties", string(op.Args[1].Str))
		}
		if string(op.Args[0].Str) == "OC" {
			m.hides = !s.r.shown(properties)
			s.r.now.Hides = s.r.now.Hides || m.hides
		} else if t, ok := s.r.bytes(s.r.dict(properties)["ActualText"]); ok {
			m.span = s.r.spelling(t)
		}
	}
	s.marked = append(s.marked, m)
	if m.hides {
		s.hidden++
	}
	return nil
}

// spelling takes over how a span is to be read, when that is short.
func (r *Rewriter) spelling(t []byte) *span {
	if len(t) < 2 || t[0] != 0xfe || t[1] != 0xff {
		wide := []byte{0xfe, 0xff}
		for _, c := range t {
			if c > 0x7e {
				r.now.Respelled = true
				return nil
			}
			wide = append(wide, 0, c)
		}
		t = wide
	}
	if len(t) > 2+2*maxSpan || len(t)%2 != 0 {
		r.now.Respelled = true
		return nil
	}
	return &span{text: string(t)}
}

// alone are the resources of a tile or of a font's glyphs: their own and no
// others, when they have any.
func (res resources) alone(r *Rewriter, o types.Object) resources {
	if own := r.dict(o); own != nil {
		return resources{own: own}
	}
	return res
}

// sub begins a stream drawn from this one.
func (s *stream) sub(c *canvas, res resources, g gstate) *stream {
	return &stream{r: s.r, c: c, res: res, base: g.ctm, g: g, depth: s.depth + 1, hidden: s.hidden}
}
