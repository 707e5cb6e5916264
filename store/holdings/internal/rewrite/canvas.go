package rewrite

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
)

// maxOut bounds what is written of one page.
const maxOut = 32 << 20

// canvas writes one content stream: a page, a group, a tile or a glyph. It
// keeps apart the state that the source wants, which comes with each call, from
// the state that its own operators have brought about, and writes what it takes
// to get from one to the other when something is painted, and not before. All
// places are in the stream's own coordinates; the matrix is changed only around
// an image, a shading, or a stroke with a slanted pen.
type canvas struct {
	r       *Rewriter
	buf     bytes.Buffer
	res     map[string]map[string]bool // by category: "/F1 7 0 R"
	names   map[pdfout.Ref]string
	now     emitted
	levels  []emitted // before each q that is open
	text    bool      // within BT
	writer  *stream   // that showed text last, within BT
	span    *span     // open, within BT
	windows []content.Rect
	noColor bool // an uncoloured tile or glyph

	paged     bool // its coordinates are the page's
	segmented bool
	segments  [][]byte
	open      []int
	painted   int // objects in the segment
	pictures  []Picture
	paints    int  // objects in all
	altered   bool // something was painted but pictures of the source as they are
}

// emitted is the state that the operators written have brought about. A string
// is the operator that set a parameter; "" is not known.
type emitted struct {
	clip                     *clip
	fill, stroke             string
	width, cap, join, miter  string
	dash, intent, flat       string
	ext                      [extCount]string
	tc, tw, tz, ts, tr, font string
	line                     content.Matrix // of the text line, within BT
}

func (r *Rewriter) newCanvas() *canvas {
	return &canvas{r: r, res: map[string]map[string]bool{}, names: map[pdfout.Ref]string{}}
}

// pageStart is the state in which a page begins (ISO 32000-1, tables 52 and 53).
func pageStart() emitted {
	return emitted{
		fill: "0 g", stroke: "0 G", width: "1 w", cap: "0 J", join: "0 j", miter: "10 M", dash: "[]0 d",
		intent: relative, flat: "", ext: extDefaults,
		tc: "0 Tc", tw: "0 Tw", tz: "100 Tz", ts: "0 Ts", tr: "0 Tr",
	}
}

// use makes a resource known to the stream and returns the name it has there.
// Names are counted within the stream, so that a page is written with the same
// words whatever other pages are in the excerpt.
func (c *canvas) use(category, prefix string, ref pdfout.Ref) string {
	if name, ok := c.names[ref]; ok {
		return name
	}
	name := fmt.Sprintf("/%s%d", prefix, len(c.names)+1)
	c.names[ref] = name
	c.entry(category, name+" "+ref.String())
	return name
}

func (c *canvas) entry(category, entry string) {
	if c.res[category] == nil {
		c.res[category] = map[string]bool{}
	}
	c.res[category][entry] = true
}

// resources writes the inside of the stream's resource dictionary.
func (c *canvas) resources() string { return ResourceText(c.entries()) }

func (c *canvas) entries() map[string][]string {
	out := map[string][]string{}
	for category, entries := range c.res {
		out[category] = slices.Sorted(maps.Keys(entries))
	}
	return out
}

// ResourceText is the inside of a resource dictionary, from its entries by
// category.
func ResourceText(entries map[string][]string) string {
	var b strings.Builder
	for _, category := range slices.Sorted(maps.Keys(entries)) {
		b.WriteString("/" + category + "<<" + strings.Join(entries[category], "") + ">>")
	}
	return b.String()
}

func (c *canvas) op(s string) {
	c.buf.WriteString(s)
	c.buf.WriteByte('\n')
}

// set writes an operator when it says something new.
func (c *canvas) set(now *string, want string) {
	if *now != want {
		c.op(want)
		*now = want
	}
}

// setNumber writes an operator with one number, and with a name before it, if any,
// when it says something new.
func (c *canvas) setNumber(now *string, f float64, operator string, named ...string) {
	var room [64]byte
	b := room[:0]
	for _, name := range named {
		b = append(append(b, name...), ' ')
	}
	b = append(append(appendNumber(b, f), ' '), operator...)
	if *now != string(b) {
		c.buf.Write(b)
		c.buf.WriteByte('\n')
		*now = string(b)
	}
}

// numbers writes an operator with numbers.
func (c *canvas) numbers(operator string, numbers ...float64) {
	b := c.buf.AvailableBuffer()
	for _, f := range numbers {
		b = append(appendNumber(b, f), ' ')
	}
	c.buf.Write(append(append(b, operator...), '\n'))
}

func (c *canvas) push() {
	c.levels = append(c.levels, c.now)
	c.op("q")
}

func (c *canvas) pop() {
	c.now = c.levels[len(c.levels)-1]
	c.levels = c.levels[:len(c.levels)-1]
	c.op("Q")
}

// spell opens the span that the text to come belongs to.
func (c *canvas) spell(want *span) {
	if want == c.span {
		return
	}
	if c.span != nil {
		c.op("EMC")
	}
	if c.span = want; want == nil {
		return
	}
	text := want.text
	if want.done { // its second half, which says nothing more
		text = text[:2] + "\xfe\xff"
	}
	want.done = true
	c.op("/Span<</ActualText" + pdfout.Hex([]byte(text)) + ">>BDC")
}

func (c *canvas) endText() {
	if c.text {
		c.spell(nil)
		c.op("ET")
		c.text, c.writer = false, nil
	}
}

// reach brings about the clip and the extended state of g, between text
// objects or within one where neither changes.
func (c *canvas) reach(g *gstate) {
	if c.segmented && len(c.levels) == 0 {
		c.push()
	}
	if c.now.clip != g.clip {
		c.endText()
		for !within(c.now.clip, g.clip) {
			c.pop()
		}
		c.clips(g.clip)
	}
	c.ext(g)
}

// within tells whether a is b or one of the clips before b.
func within(a, b *clip) bool {
	depth := 0
	if a != nil {
		depth = a.depth
	}
	for b != nil && b.depth > depth {
		b = b.before
	}
	return a == b
}

// clips writes the clips up to want that are not in force yet.
func (c *canvas) clips(want *clip) {
	if c.now.clip == want {
		return
	}
	c.clips(want.before)
	c.push()
	c.op(want.path)
	c.now.clip = want
}

// ext writes an extended graphics state with the parameters that differ.
func (c *canvas) ext(g *gstate) {
	if c.now.ext == g.ext {
		return
	}
	var b strings.Builder
	for i, v := range g.ext {
		if c.now.ext[i] != v {
			b.WriteString("/" + extNames[i])
			if v[0] != '/' && v[0] != '[' && v[0] != '<' {
				b.WriteByte(' ')
			}
			b.WriteString(v)
		}
	}
	c.op(c.use("ExtGState", "G", c.r.object("<<"+b.String()+">>")) + " gs")
	c.now.ext = g.ext
}

// color brings about the colour to fill or stroke with.
func (c *canvas) color(g *gstate, stroke bool, area content.Rect) {
	if c.noColor {
		return
	}
	p, now := g.fill, &c.now.fill
	if stroke {
		p, now = g.stroke, &c.now.stroke
	}
	op := p.op
	if p.space != nil && p.space.standsIn != "" {
		c.entry("ColorSpace", "/"+p.space.standsIn+" "+p.space.standIn.String())
	}
	if op == "" {
		op = p.space.text
		if p.space.ref != 0 {
			op = c.use("ColorSpace", "C", p.space.ref)
		}
		set, with := " cs", " scn"
		if stroke {
			set, with = " CS", " SCN"
		}
		op += set
		if p.components != "" {
			op += " " + p.components
		}
		if p.pattern != nil {
			p.pattern.shows(area.Intersect(g.bounds))
			sheet := p.pattern.sheet.Transform(p.pattern.matrix)
			if !sheet.Empty() && !mostly(sheet, area.Intersect(g.bounds)) {
				c.r.partial = true
			}
			op += " " + c.use("Pattern", "P", p.pattern.ref)
		}
		if p.components != "" || p.pattern != nil {
			op += with
		}
	}
	c.set(now, op)
}

// pen brings about the parameters of lines, with lengths enlarged by scale.
func (c *canvas) pen(g *gstate, scale float64) {
	c.setNumber(&c.now.width, g.width*scale, "w")
	c.setNumber(&c.now.cap, float64(g.cap), "J")
	c.setNumber(&c.now.join, float64(g.join), "j")
	if g.join == 0 {
		c.setNumber(&c.now.miter, g.miter, "M")
	}
	dash := make([]float64, len(g.dash))
	for i, d := range g.dash {
		dash[i] = d * scale
	}
	c.set(&c.now.dash, "["+numberList(dash)+"]"+number(g.phase*scale)+" d")
}

// general brings about what all painting heeds.
func (c *canvas) general(g *gstate) {
	c.reach(g)
	c.set(&c.now.intent, g.intent)
	if g.flat >= 0 {
		c.setNumber(&c.now.flat, g.flat, "i")
	}
}

// done counts a painted object, and ends the segment when it has enough.
func (c *canvas) done() error {
	c.painted++
	c.paints++
	if c.segmented && c.painted >= 8<<(len(c.segments)/20) {
		c.cut()
	}
	if c.buf.Len() > maxOut {
		return notUnderstood("page content too large")
	}
	return nil
}

// cut ends the segment.
func (c *canvas) cut() {
	if c.painted = 0; c.buf.Len() == 0 {
		return
	}
	c.endText()
	for len(c.levels) > 1 { // the clips
		c.pop()
	}
	if len(c.levels) == 0 {
		c.push()
	}
	start := pageStart()
	c.set(&c.now.dash, start.dash)
	c.ext(&gstate{ext: start.ext})
	c.open = append(c.open, c.buf.Len())
	c.pop()
	c.segments = append(c.segments, bytes.Clone(c.buf.Bytes()))
	c.buf.Reset()
}

// close ends all that is open.
func (c *canvas) close() {
	c.endText()
	for len(c.levels) > 0 {
		c.pop()
	}
}

// writePath writes path operators.
func writePath(b *bytes.Buffer, parts []content.Part) {
	for _, p := range parts {
		if from, to := p.Points[0], p.Points[min(2, len(p.Points)-1)]; p.Rect && p.Points[1].Y == from.Y {
			for _, f := range [...]float64{from.X, from.Y, to.X - from.X, to.Y - from.Y} {
				b.Write(append(appendNumber(b.AvailableBuffer(), f), ' '))
			}
			b.WriteString("re\n")
			continue
		}
		i := 0
		for _, op := range p.Ops {
			n := map[byte]int{'m': 1, 'l': 1, 'c': 3}[op]
			for _, at := range p.Points[i : i+n] {
				b.Write(append(appendNumber(b.AvailableBuffer(), at.X), ' '))
				b.Write(append(appendNumber(b.AvailableBuffer(), at.Y), ' '))
			}
			i += n
			b.WriteByte(op)
			b.WriteByte('\n')
		}
	}
}

// draw paints a path. op is the operator that paints it.
func (c *canvas) draw(g *gstate, path *content.Path, op string) error {
	fills, strokes := strings.ContainsAny(op, "fFbB"), strings.ContainsAny(op, "SsbB")
	scale, round := 1.0, true
	grow := 0.0
	if strokes {
		if scale, round = similar(g.ctm); !round {
			scale = g.ctm.Scale()
		}
		grow = g.width * scale / 2 * max(1.5, min(g.miter, 4))
	}
	var parts []content.Part
	area := content.Nothing
	for _, p := range path.Parts {
		if len(p.Ops) == 1 && !strokes {
			continue
		}
		if b := p.Bounds.Grow(grow); g.visible(b, c.windows) {
			parts, area = append(parts, p), area.Union(b)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	c.altered = true
	c.endText()
	c.general(g)
	if fills {
		c.color(g, false, area)
	}
	if strokes {
		c.color(g, true, area)
		if !round {
			scale = 1
		}
		c.pen(g, scale)
	}
	if strokes && !round {
		back, ok := g.ctm.Inverse()
		if !ok || !g.ctm.Finite() {
			return notUnderstood("stroke under a flat matrix")
		}
		c.op("q " + numberList(g.ctm[:]) + " cm")
		for i := range parts {
			points := make([]content.Point, len(parts[i].Points))
			for k, at := range parts[i].Points {
				points[k] = back.Apply(at)
			}
			parts[i].Points, parts[i].Rect = points, false
		}
		writePath(&c.buf, parts)
		c.op(op + " Q")
		return c.done()
	}
	writePath(&c.buf, parts)
	c.op(op)
	return c.done()
}

// under paints with one operator under a matrix of its own.
func (c *canvas) under(g *gstate, m content.Matrix, operator string) error {
	if !m.Finite() {
		return notUnderstood("matrix out of bounds")
	}
	c.endText()
	c.general(g)
	c.op("q " + numberList(m[:]) + " cm " + operator + " Q")
	return c.done()
}
