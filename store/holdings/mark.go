package holdings

import (
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"golang.org/x/text/unicode/norm"

	"pst/conversation"
	"pst/store/holdings/content"
	"pst/store/holdings/internal/markdraw"
	"pst/store/holdings/internal/pdfout"
	"pst/store/holdings/internal/rewrite"
)

// Bounds of the text of a mark, in characters. Longer lines are cut with an
// ellipsis.
const (
	maxMarkLine  = 64
	maxMarkLines = 8
	maxFooter    = 200
)

// stamp is a mark made ready for drawing: letters that markdraw has.
type stamp struct {
	lines  []string
	footer []string // two lines
	code   string
	square square  // nil: none
	module float64 // size of its modules in points
}

// newStamp folds the texts of a mark to the letters that can be drawn, and
// shortens them.
func newStamp(m conversation.Mark) stamp {
	st := stamp{code: foldLine(m.Code, 40), square: newSquare(m.Check), module: moduleSize}
	footer := foldLine(m.Footer, maxFooter)
	for _, line := range m.Lines[:min(len(m.Lines), maxMarkLines)] {
		if l := foldLine(line, maxMarkLine); l != "" {
			st.lines = append(st.lines, l)
		}
	}
	if !strings.Contains(footer, st.code) {
		footer = st.code + "  " + footer
	}
	st.footer = halves(footer)
	if len(st.lines) == 0 {
		st.lines = st.footer
	}
	return st
}

// halves breaks a line between two words near its middle.
func halves(line string) []string {
	best := -1
	for i := range len(line) {
		if line[i] == ' ' && (best < 0 || abs(2*i-len(line)) < abs(2*best-len(line))) {
			best = i
		}
	}
	if best < 0 {
		return []string{line}
	}
	return []string{strings.TrimSpace(line[:best]), strings.TrimSpace(line[best:])}
}

func abs(i int) int { return max(i, -i) }

// foldLine keeps the letters that markdraw has: others lose their accents, or
// become "?"; control characters become spaces.
func foldLine(text string, limit int) string {
	var out []rune
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "?")) {
		if len(out) > limit {
			break
		}
		switch {
		case r < 0x20 || r == 0x7f:
			r = ' '
		case strings.ContainsRune("‘’`", r):
			r = '\''
		case strings.ContainsRune("“”", r):
			r = '"'
		case strings.ContainsRune("\u200b\u200c\u200d\u200e\u200f\ufe0f\ufeff", r):
			continue
		}
		if !markdraw.Has(r) {
			if r = []rune(norm.NFKD.String(string(r)))[0]; !markdraw.Has(r) {
				r = '?'
			}
		}
		out = append(out, r)
	}
	if len(out) > limit {
		out = append(out[:limit-1], '…')
	}
	return strings.TrimSpace(string(out))
}

// Angle of the tiled mark: off the 45 degrees of the site address that the
// publications carry already.
const markAngle = 28 * math.Pi / 180

// tile is where one line of the mark starts, in the displayed page.
type tile struct {
	x, y float64
	text string
}

// layout is the mark on a page of a displayed size, in points.
type layout struct {
	size   float64 // of the tiled text
	tiles  []tile
	footer float64 // size of the footer's text
	fx, fy []float64
	module float64 // size of a module of the square code; 0: there is none
	sx, sy float64
}

// footMargin is how far the footer stays from every edge, in points: what office
// printers leave blank is less (4 to 6 mm).
const footMargin = 18

// layout places the mark: lines across the page, each row moved against the one
// below, and the footer of two lines at the foot. unit is how many points a unit
// of w and h has; lot shifts everything a little.
func (st stamp) layout(w, h, unit float64, lot *rand.Rand) layout {
	short := min(w, h)
	longest := 0.0
	for _, l := range st.lines {
		longest = max(longest, markdraw.Width(l))
	}
	size := min(max(short/34, 1), 0.8*short/max(longest, 1))
	sin, cos := math.Sincos(markAngle)
	l := layout{size: size}
	// The rows fill the page turned by the angle, whatever its shape.
	reach := math.Hypot(w, h)
	row, gap := 0, max(reach/5.5, 2.5*size)
	for v := -w*sin - gap*lot.Float64(); v < h*cos; v += gap * (0.95 + 0.1*lot.Float64()) {
		u := -reach * 0.3 * lot.Float64()
		for k := row; u < reach; k++ {
			text := st.lines[k%len(st.lines)]
			at := func(u float64) (x, y float64) { return u*cos - v*sin, u*sin + v*cos }
			seen, from := within(text, func(pen float64) bool {
				x, y := at(u + pen*size)
				return x > -size && x < w && y > -size && y < h
			})
			if x, y := at(u + from*size); seen != "" && len(l.tiles) < 24 {
				l.tiles = append(l.tiles, tile{x, y, seen})
			}
			u += (markdraw.Width(text) + 7) * size
		}
		row++
	}
	wide := 1.0
	for _, line := range st.footer {
		wide = max(wide, markdraw.Width(line))
	}
	margin := min(footMargin/unit, short*0.2)
	taken := l.place(st.square, st.module, short, unit)
	room := w - 2*margin - taken
	l.footer = min(max(short/68, 6.2/unit), 14, room/wide)
	l.footer *= 1 - 0.03*lot.Float64()
	l.sx = margin + (room-wide*l.footer)*(0.4+0.2*lot.Float64())
	l.sy = margin + 0.2*l.footer*lot.Float64()
	for i, line := range st.footer {
		x := margin + (room-markdraw.Width(line)*l.footer)*(0.4+0.2*lot.Float64())
		if taken > 0 { // beside it
			x = l.sx + taken + l.footer*(0.2+0.1*lot.Float64())
		}
		l.fx = append(l.fx, x)
		l.fy = append(l.fy, margin+l.footer*(0.3+0.1*lot.Float64()+1.3*float64(len(st.footer)-1-i)))
	}
	return l
}

// within is the part of a line whose letters are seen, and where it begins, at
// size 1.
func within(line string, seen func(pen float64) bool) (part string, from float64) {
	pen, begin, end := 0.0, -1, 0
	for i, r := range line {
		if seen(pen) {
			if begin < 0 {
				begin, from = i, pen
			}
			end = i + len(string(r))
		}
		pen += markdraw.Width(string(r))
	}
	return line[max(begin, 0):end], from
}

// matrix brings the displayed page, its lower left corner at the origin, into
// the page's own coordinates, and gives the displayed size.
func (p page) matrix() (m [6]float64, w, h float64) {
	b := p.crop
	w, h = b[2]-b[0], b[3]-b[1]
	switch p.rotate {
	case 90:
		return [6]float64{0, 1, -1, 0, b[2], b[1]}, h, w
	case 180:
		return [6]float64{-1, 0, 0, -1, b[2], b[3]}, w, h
	case 270:
		return [6]float64{0, -1, 1, 0, b[0], b[3]}, h, w
	}
	return [6]float64{1, 0, 0, 1, b[0], b[1]}, w, h
}

// weave draws the mark between the segments of a page, the excerpt's of that
// number. There is no text, no font, no form, no graphics state with alpha,
// no marked content and no stream of its own to take away, there is no place
// where all of it stands, and it is made of three things: lines of broad light strokes
// among the first half of what the page draws; among the second, lines of thin dark
// ones, and lines that are small pictures, dotted, so that what is under
// them is read. Every second word of the dark footer stands among that, and the whole
// at the end, the line with the code as a picture, as the square code is.
// Places, tints and shapes are drawn by lot from the code and the page, so that no two
// excerpts and no two pages have them alike.
func (st stamp) weave(number int, p *page, w rewrite.Written) laid {
	m, width, height := p.matrix()
	lot := st.lot(number)
	l := st.layout(width, height, p.unit, lot)
	n := len(w.Segments)
	d := newDrawing(w.Resources["XObject"])
	defer drawings.Put(d)
	pen, fine := newPen(d, lot, m, 14+lot.IntN(5)), newPen(d, lot, m, 18+lot.IntN(5))
	for k, i := range lot.Perm(len(l.tiles)) {
		t := l.tiles[i]
		under, over := lot.IntN(n/2+1), n-lot.IntN(n/2+1)
		if k < 3 { // a page may paint its ground first, or all of it last
			under, over = 0, n
		}
		switch k % 4 {
		case 0:
			d.behind(over)
			pen.fixed(t, markAngle, l.size, 0.05+0.02*lot.Float64(), 0.5)
		case 2:
			d.behind(under)
			pen.line(t, markAngle, l.size, 0.13+0.03*lot.Float64(), func() { pen.tint(0.84, "RG") })
		default:
			d.behind(over)
			pen.picture(t, markAngle, l.size, 16+lot.IntN(5), true)
		}
	}
	for i, line := range st.footer {
		x := l.fx[i]
		for k, word := range strings.Split(line, " ") {
			if k%2 == i { // the first is the code
				d.behind(n - lot.IntN(n/2+1))
				fine.footing(l, tile{x, l.fy[i], word})
			}
			x += markdraw.Width(word+" ") * l.footer
		}
	}
	if l.module > 0 {
		d.behind(n + 1)
		fine.square(l, st.square)
	}
	for i, line := range st.footer {
		t := tile{l.fx[i], l.fy[i], line}
		if i > 0 {
			d.behind(n + 2)
			fine.footing(l, t)
			continue
		}
		d.behind(n + 1)
		fine.paper(l, t)
		fine.picture(t, 0, l.footer, 24+lot.IntN(6), false)
	}
	return laid{p, w, pdfout.Pack(d.among(w)...), d.pictures}
}

// lot is the source of what differs from page to page, the same for the same
// order.
func (st stamp) lot(number int) *rand.Rand {
	return rand.New(rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%s %d", st.code, number))))
}

// pen draws lines of a mark on one page.
type pen struct {
	*drawing
	lot   *rand.Rand
	page  content.Matrix // from the displayed page to the page's coordinates
	units int            // to the size of the letters
}

func newPen(on *drawing, lot *rand.Rand, page [6]float64, units int) pen {
	return pen{on, lot, page, units}
}

// tint sets a colour about as light as this grey, by that operator.
func (p pen) tint(grey float64, operator string) {
	for range 3 {
		p.number(min(max(grey+0.22*(p.lot.Float64()-0.5), 0), 1), 2)
	}
	p.op(operator)
}

// at is where letters of a size are drawn from x, y on, in the pen's units.
func (p pen) at(angle, x, y, size float64) content.Matrix {
	sin, cos := math.Sincos(angle)
	s := size / float64(p.units)
	return content.Matrix{cos * s, sin * s, -sin * s, cos * s, x, y}.Mul(p.page)
}

// place begins a part in which the size of letters is p.units.
func (p pen) place(angle, x, y, size float64) { p.begin(p.at(angle, x, y, size)) }

// line paints a line of text with strokes so wide, of the size of the letters.
func (p pen) line(t tile, angle, size, width float64, set func()) {
	p.place(angle, t.x, t.y, size)
	p.number(width*float64(p.units), 2)
	p.op("w")
	set()
	p.buf = markdraw.Strokes(p.buf, t.text, p.units, p.lot, markdraw.Whole)
}

// fixed paints such a line without a matrix of its own: who drops matrices leaves it
// where it is.
func (p pen) fixed(t tile, angle, size, width, grey float64) {
	p.begin(content.Identity)
	p.number(width*size*p.page.Scale(), 2)
	p.op("w")
	p.tint(grey, "RG")
	m := p.at(angle, t.x, t.y, size)
	p.buf = markdraw.Strokes(p.buf, t.text, p.units, p.lot, func(b []byte, x, y float64) []byte {
		q := m.Apply(content.Point{X: x, Y: y})
		return append(pdfout.Number(append(pdfout.Number(b, q.X, 1), ' '), q.Y, 1), ' ')
	})
}

// picture paints a line as a picture of its own, of letters of so many pixels:
// dotted, so that what is under it is read, or dark.
func (p pen) picture(t tile, angle, size float64, pixels int, dotted bool) {
	wide, high, bits := markdraw.Stencil(t.text, pixels, dotted, p.lot)
	grey := dark
	if dotted {
		grey = 0.6
	}
	sin, cos := math.Sincos(angle)
	s := size / float64(pixels)
	u, v, low := float64(wide)*s, float64(high)*s, markdraw.Descent*size
	p.stencil(content.Matrix{cos * u, sin * u, -sin * v, cos * v, t.x + sin*low, t.y - cos*low}, grey, wide, high, bits)
}

// stencil paints a picture of one bit a pixel where m brings the unit square.
func (p pen) stencil(m content.Matrix, grey float64, wide, high int, bits []byte) {
	name := p.take(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ImageMask true/BitsPerComponent 1", wide,
		high), bits)
	p.begin(m.Mul(p.page))
	p.tint(grey, "rg")
	p.op(name + " Do")
}

// paper paints a strip under a line of the footer, so that it is read on any
// ground.
func (p pen) paper(l layout, t tile) {
	p.begin(content.Identity)
	p.tint(1, "rg")
	f := l.footer
	r := content.Rect{X0: t.x - 0.2*f, Y0: t.y - 0.24*f, X1: t.x + (markdraw.Width(t.text)+0.2)*f, Y1: t.y + 0.86*f}
	r = r.Transform(p.page)
	for _, v := range []float64{r.X0, r.Y0, r.X1 - r.X0, r.Y1 - r.Y0} {
		p.number(v, 1)
	}
	p.op("re f")
}

// What is to be read on paper is about so dark, its strokes of such a width.
const (
	dark = 0.06
	bold = 0.11
)

// footing paints dark words of the footer.
func (p pen) footing(l layout, t tile) {
	p.paper(l, t)
	p.fixed(t, 0, l.footer, bold, dark)
}

// overlay is a file of two pages of the size given, in points: the tiled lines
// in black, and the footer in black. The picture variant blends them in.
func (st stamp) overlay(w, h float64) []byte {
	lot := st.lot(0)
	l := st.layout(w, h, 1, lot)
	out := pdfout.New()
	root, tree := out.Reserve(), out.Reserve()
	var kids [2]pdfout.Ref
	black := func(p pen) func() { return func() { p.op("0 G") } }
	draw := []func(pen){
		func(p pen) {
			for _, t := range l.tiles {
				p.line(t, markAngle, l.size, bold, black(p))
			}
		},
		func(p pen) {
			for i, line := range st.footer {
				p.line(tile{l.fx[i], l.fy[i], line}, 0, l.footer, bold, black(p))
			}
		},
	}
	for i, draw := range draw {
		d := newDrawing(nil)
		draw(newPen(d, lot, content.Identity, 100))
		kids[i] = out.Add(fmt.Sprintf("<</Type/Page/Parent %s/MediaBox%s/Resources<<>>/Contents %s>>",
			tree, box{0, 0, w, h}, out.AddPacked("", pdfout.Pack(d.among(rewrite.Written{})...))))
		drawings.Put(d)
	}
	out.Put(tree, fmt.Sprintf("<</Type/Pages/Count 2/Kids[%s %s]>>", kids[0], kids[1]))
	out.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
	return out.Finish(root, "")
}
