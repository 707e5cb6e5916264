// Package markdraw draws lines of text as outlines, for a mark that is no text:
// whoever copies a page's text, or hears it read, meets the page's own words
// only, and what filters text out of a file does not meet the mark.
//
// The letters are those of Go Medium (golang.org/x/image/font/gofont, under the
// licence of Go). It knows nothing of what the lines say.
package markdraw

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// em is the size of the letters as they are kept.
const em = 1000

// glyph is a letter: its path, from the origin, and how far the next is.
type glyph struct {
	points  []point
	advance int
	index   int // below maxLetters; 0 for no letter
}

// point is where a path operator ("m", "l", "h") leads.
type point struct {
	x, y int
	op   byte
}

// higher are the letters above those of Latin-1.
var higher = [...]rune{'–', '—', '…'}

const maxLetters = 0x100 + len(higher)

// letter is the glyph of r; one without a path and a width when there is none.
func letter(r rune) *glyph {
	i := 0
	switch {
	case r >= 0 && r < 0x100:
		i = int(r)
	case r >= 0x2000:
		i = 0x100 + slices.Index(higher[:], r)
		if i < 0x100 {
			i = 0
		}
	}
	return &letters()[i]
}

// letters are read once. Curves become two lines each, which nobody sees at
// the sizes of a mark.
var letters = sync.OnceValue(func() *[maxLetters]glyph {
	f, err := sfnt.Parse(gomedium.TTF)
	if err != nil {
		panic(err) // the font is part of the program
	}
	out := new([maxLetters]glyph)
	var buf sfnt.Buffer
	for i := 0x20; i < maxLetters; i++ {
		r := rune(i)
		if i >= 0x100 {
			r = higher[i-0x100]
		}
		g, err := f.GlyphIndex(&buf, r)
		if err != nil || g == 0 {
			continue
		}
		advance, err := f.GlyphAdvance(&buf, g, fixed.I(em), font.HintingNone)
		if err != nil {
			continue
		}
		segments, err := f.LoadGlyph(&buf, g, fixed.I(em), nil)
		if err != nil {
			continue
		}
		out[i] = glyph{pathOf(segments), advance.Round(), i}
	}
	return out
})

func pathOf(segments sfnt.Segments) (out []point) {
	var at fixed.Point26_6
	put := func(x, y fixed.Int26_6, op byte) { out = append(out, point{x.Round(), (-y).Round(), op}) }
	closed := func() {
		if len(out) > 0 {
			out = append(out, point{op: 'h'})
		}
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			closed()
			at = s.Args[0]
			put(at.X, at.Y, 'm')
		case sfnt.SegmentOpLineTo:
			at = s.Args[0]
			put(at.X, at.Y, 'l')
		case sfnt.SegmentOpQuadTo:
			c, to := s.Args[0], s.Args[1]
			put((at.X+2*c.X+to.X)/4, (at.Y+2*c.Y+to.Y)/4, 'l')
			put(to.X, to.Y, 'l')
			at = to
		case sfnt.SegmentOpCubeTo:
			a, c, to := s.Args[0], s.Args[1], s.Args[2]
			put((at.X+3*a.X+3*c.X+to.X)/8, (at.Y+3*a.Y+3*c.Y+to.Y)/8, 'l')
			put(to.X, to.Y, 'l')
			at = to
		}
	}
	closed()
	return out
}

// Has tells whether there is an outline for a letter.
func Has(r rune) bool { return letter(r).index > 0 }

// Width is the length of a line at size 1.
func Width(text string) float64 {
	sum := 0
	for _, r := range text {
		sum += letter(r).advance
	}
	return float64(sum) / em
}

// Hand draws letters in a way of its own: the points of each are moved by lot,
// by less than anybody sees, so that no two hands have a path in common. The zero
// hand is to be begun.
type Hand struct {
	units      int
	lot        *rand.Rand
	paths      [maxLetters][]byte
	written    []byte // what the paths lie in
	ring, kept []point
}

// Begin makes h another hand, for letters of so many units to their size.
// Coordinates are whole numbers, and few, so that a page full of letters weighs
// little.
func (h *Hand) Begin(units int, lot *rand.Rand) {
	*h = Hand{units: units, lot: lot, written: h.written[:0], ring: h.ring, kept: h.kept}
}

// Line writes a line of text, each letter painted with op ("f", "S") by itself
// and the matrix moved from one to the next. The matrix in force has the hand's
// units to the size of the letters and its origin where the line begins; the
// caller saves and restores it. Letters without an outline are left out.
func (h *Hand) Line(b []byte, text, op string) []byte {
	at, begun := 0, 0
	for _, r := range text {
		g := letter(r)
		if path := h.path(g); len(path) > 0 {
			if to := int(math.Round(h.scaled(at))); to != begun {
				b = append(b, "1 0 0 1 "...)
				b = strconv.AppendInt(b, int64(to-begun), 10)
				b = append(b, " 0 cm\n"...)
				begun = to
			}
			b = append(b, path...)
			b = append(append(b, op...), '\n')
		}
		at += g.advance
	}
	return b
}

func (h *Hand) scaled(v int) float64 { return float64(v*h.units) / em }

// path is a letter, without the points that hardly bend it.
func (h *Hand) path(g *glyph) []byte {
	if b := h.paths[g.index]; b != nil {
		return b
	}
	// Half of what a number drawn by lot has is enough for either coordinate.
	moved := func(v int, by uint32) int { return int(math.Floor(h.scaled(v) + float64(by)/(1<<32))) }
	if cap(h.written)-len(h.written) < 10*len(g.points) {
		h.written = make([]byte, 0, max(16<<10, 10*len(g.points)))
	}
	b := h.written[len(h.written):]
	h.ring = h.ring[:0]
	for _, p := range g.points {
		if p.op != 'h' {
			by := h.lot.Uint64()
			h.ring = append(h.ring, point{x: moved(p.x, uint32(by)), y: moved(p.y, uint32(by>>32))})
			continue
		}
		h.kept = straightened(h.kept[:0], h.ring)
		for i, p := range h.kept {
			op := byte('l')
			if i == 0 {
				op = 'm'
			}
			b = append(strconv.AppendInt(b, int64(p.x), 10), ' ')
			b = append(strconv.AppendInt(b, int64(p.y), 10), ' ', op, '\n')
		}
		b = append(b, "h\n"...)
		h.ring = h.ring[:0]
	}
	if len(b) <= cap(h.written)-len(h.written) { // else it has moved away
		h.written = h.written[:len(h.written)+len(b)]
	}
	b = b[:len(b):len(b)]
	h.paths[g.index] = b
	return b
}

// straightened appends a ring without the points that lie nearly on the line
// between their neighbours.
func straightened(out, ring []point) []point {
	for i, p := range ring {
		next := ring[(i+1)%len(ring)]
		if len(out) == 0 {
			out = append(out, p)
			continue
		}
		a := out[len(out)-1]
		dx, dy := next.x-a.x, next.y-a.y
		long, off := dx*dx+dy*dy, dx*(p.y-a.y)-dy*(p.x-a.x) // squared; times the length
		if p == a || long > 0 && 25*off*off < 9*long {      // 0.6 away
			continue
		}
		out = append(out, p)
	}
	return out
}
