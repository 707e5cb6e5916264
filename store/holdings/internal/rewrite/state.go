package rewrite

import (
	"math"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
)

// Parameters of an extended graphics state that are kept (ISO 32000-1, table
// 58), with their values at the start of a page.
const (
	extCA = iota
	extca
	extBM
	extSMask
	extAIS
	extTK
	extOP
	extop
	extOPM
	extSA
	extTR
	extCount
)

var (
	extNames    = [extCount]string{"CA", "ca", "BM", "SMask", "AIS", "TK", "OP", "op", "OPM", "SA", "TR2"}
	extDefaults = [extCount]string{"1", "1", "/Normal", "/None", "false", "true", "false", "false", "0", "false",
		"/Default"}
)

// paint is a colour: the one operator that sets it, or its colour space,
// components and pattern.
type paint struct {
	op         string
	space      *space
	components string
	pattern    *pattern
	index      *space // the palette that the colour was taken from
}

// clip is one clipping path in force, and those before it.
type clip struct {
	before *clip
	path   string // as operators, in the coordinates of the stream written to
	shape  *content.Shape
	depth  int
}

// gstate is the graphics state that the source wants (ISO 32000-1, 8.4.1).
// Places are in the coordinates of the stream written to, into which ctm leads.
type gstate struct {
	ctm    content.Matrix
	clip   *clip
	bounds content.Rect // around clip

	fill, stroke paint
	width, miter float64 // width in user space
	cap, join    int
	dash         []float64
	phase        float64
	intent       string // the operator
	flat         float64
	ext          [extCount]string

	tc, tw, tz, tl, ts, size float64
	tr                       int
	font                     *font
}

func newState(ctm content.Matrix, bounds content.Rect) gstate {
	return gstate{
		ctm: ctm, bounds: bounds, fill: paint{op: "0 g"}, stroke: paint{op: "0 G"},
		width: 1, miter: 10, intent: relative, flat: -1, ext: extDefaults, tz: 1,
	}
}

// visible tells whether something within r may show.
func (g *gstate) visible(r content.Rect, windows []content.Rect) bool {
	if !r.Touches(g.bounds) {
		return false
	}
	if windows != nil {
		seen := false
		for _, w := range windows {
			seen = seen || r.Touches(w)
		}
		if !seen {
			return false
		}
	}
	for c := g.clip; c != nil; c = c.before {
		if c.shape != nil && !c.shape.Meets(r) {
			return false
		}
	}
	return true
}

// similar tells whether m keeps shapes, so that a pen stays round, and by how
// much it enlarges.
func similar(m content.Matrix) (scale float64, ok bool) {
	a, b := math.Hypot(m[0], m[1]), math.Hypot(m[2], m[3])
	return a, a > 0 && math.Abs(a-b) <= 1e-4*a && math.Abs(m[0]*m[2]+m[1]*m[3]) <= 1e-4*a*a
}

// number writes a number with as many digits as matter: ten thousandths of a
// point, or six significant ones below.
func number(f float64) string {
	var b [32]byte
	return string(appendNumber(b[:0], f))
}

func appendNumber(b []byte, f float64) []byte { return pdfout.Number(b, f, decimals(f)) }

// rounded is f as it is read again from where it was written.
func rounded(f float64) float64 { return pdfout.Rounded(f, decimals(f)) }

func decimals(f float64) int {
	digits := 4
	for a := math.Abs(f); a < 1 && digits < 10; a *= 10 {
		digits++
	}
	return digits
}

func numberList(n []float64) string {
	b := make([]byte, 0, 12*len(n))
	for i, v := range n {
		if i > 0 {
			b = append(b, ' ')
		}
		b = appendNumber(b, v)
	}
	return string(b)
}
