package markdraw

import (
	"bytes"
	"math"
	"math/rand/v2"
	"sync/atomic"

	"pst/store/holdings/content"
)

// Descent is how far below the line the letters of [Stencil] may reach, at size 1.
const Descent = 0.3

// MaxStencil is the largest size of the letters of a [Stencil], in pixels.
const MaxStencil = 48

// dots are a letter's pixels: its rows from the top, the leftmost pixel first.
type dots struct {
	x, y int // of the first row's first pixel, from the place where it is put
	rows []uint64
}

// ready are the letters drawn so far, by size and letter: each is drawn in some
// hundredths of a millisecond and used ten thousand times.
var ready [MaxStencil + 1][maxLetters]atomic.Pointer[dots]

func (g *glyph) dots(size int) *dots {
	kept := &ready[size][g.index]
	if d := kept.Load(); d != nil {
		return d
	}
	l := rasterized(g, content.Matrix{float64(size), 0, 0, -float64(size), 0, 0})
	d := &dots{l.x, l.y, make([]uint64, l.pix.Rect.Dy())}
	for v := range d.rows {
		for u, cover := range l.pix.Pix[v*l.pix.Stride:][:min(l.pix.Rect.Dx(), 64)] {
			if cover > 100 {
				d.rows[v] |= 1 << (63 - u)
			}
		}
	}
	kept.Store(d)
	return d
}

// Stencil is a line of text as a picture of one bit a pixel (0 paints), its
// letters of that size in pixels, up to [MaxStencil]. Dotted, every second pixel
// is painted. A few others are, by lot, so that no two are alike. Its line is
// Descent above its foot.
func Stencil(text string, size int, dotted bool, lot *rand.Rand) (w, h int, bits []byte) {
	size = min(max(size, 1), MaxStencil)
	w, h = int(math.Ceil(Width(text)*float64(size)))+1, int(math.Ceil(1.2*float64(size)))
	row := (w + 7) / 8
	bits = bytes.Repeat([]byte{0xff}, row*h)
	base, at := h-int(math.Round(Descent*float64(size))), 0.0
	for _, r := range text {
		g := letter(r)
		if len(g.points) > 0 {
			d := g.dots(size)
			x, y := int(math.Round(at))+d.x, base+d.y
			for v, pixels := range d.rows {
				if line := y + v; line >= 0 && line < h {
					paint(bits[line*row:][:row], x, w, pixels&grid(x+line, dotted))
				}
			}
		}
		at += float64(size*g.advance) / em
	}
	for range 8 {
		bits[lot.IntN(len(bits))] &^= 0x80 >> lot.IntN(8)
	}
	return w, h, bits
}

// grid has the pixels that are painted where a row begins at a place: of a dotted
// one those where row and column make an even number.
func grid(begin int, dotted bool) uint64 {
	switch {
	case !dotted:
		return math.MaxUint64
	case begin%2 == 0:
		return 0xaaaaaaaaaaaaaaaa
	}
	return 0x5555555555555555
}

// paint clears the pixels of a row of w from x on.
func paint(row []byte, x, w int, pixels uint64) {
	if x < 0 {
		pixels, x = pixels<<-x, 0
	}
	if w-x < 64 {
		pixels &^= math.MaxUint64 >> max(w-x, 0)
	}
	if pixels == 0 {
		return
	}
	i, off := x/8, x%8
	if low := byte(pixels << (8 - off)); low != 0 && off > 0 {
		row[i+8] &^= low
	}
	for pixels >>= off; pixels != 0; pixels <<= 8 {
		row[i] &^= byte(pixels >> 56)
		i++
	}
}
