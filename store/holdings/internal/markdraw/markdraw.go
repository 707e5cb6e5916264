// Package markdraw draws lines of text as strokes of a pen and as pixels, for a mark
// that is no text: whoever copies a page's text, or hears it read, meets the page's
// own words only, and what filters text out of a file does not meet the mark.
//
// The pixels are of the letters of Go Medium (golang.org/x/image/font/gofont, under
// the licence of Go), the strokes are drawn here in their widths. It knows nothing of
// what the lines say.
package markdraw

import (
	"slices"
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

// place is where a letter is in a list of them, 0 for one that is in none.
func place(r rune) int {
	if r >= 0 && r < 0x100 {
		return int(r)
	}
	if i := slices.Index(higher[:], r); i >= 0 {
		return 0x100 + i
	}
	return 0
}

// letter is the glyph of r; one without a path and a width when there is none.
func letter(r rune) *glyph { return &letters()[place(r)] }

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

// Has tells whether a letter can be drawn: as strokes, and as pixels.
func Has(r rune) bool { return r == ' ' || len(written()[place(r)]) > 0 && letter(r).index > 0 }

// Width is the length of a line at size 1.
func Width(text string) float64 {
	sum := 0
	for _, r := range text {
		sum += letter(r).advance
	}
	return float64(sum) / em
}
