package holdings

import (
	"bytes"
	"image"
	"image/draw"

	"github.com/skip2/go-qrcode"

	"pst/store/holdings/content"
)

// The mark's square code leads a phone from a sheet of paper to what the desk says
// of the excerpt's code (ISO/IEC 18004, the lowest level of error correction, which
// makes it the smallest).
const (
	// moduleSize is that of its modules, in points: 0.44 mm, which office printers
	// print and phones read.
	moduleSize = 1.25
	// squareRim is how many modules of paper stay around it.
	squareRim = 2
	// maxSquare is what it may say, in bytes; more makes it too large.
	maxSquare = 78
	// leastSheet is the shorter side, in sizes of the code, from which on a page has
	// one: on a slip of paper the code line must do.
	leastSheet = 3.5
)

// square is a code: its rows from the top, and which of their modules are dark.
type square [][]bool

// newSquare is the code that says text; nil for none.
func newSquare(text string) square {
	if text == "" || len(text) > maxSquare {
		return nil
	}
	q, err := qrcode.New(text, qrcode.Low)
	if err != nil { // it would be too long: the code line must do
		return nil
	}
	q.DisableBorder = true
	return q.Bitmap()
}

// size is how many modules wide and high it is, with its rim.
func (s square) size() float64 {
	if s == nil {
		return 0
	}
	return float64(len(s) + 2*squareRim)
}

// place puts the code at the left end of the footer's lines. It tells how much of
// their room it takes.
func (l *layout) place(s square, module, short, unit float64) (taken float64) {
	if side := s.size() * module / unit; s != nil && short >= side*leastSheet {
		l.module = module / unit
		return side
	}
	return 0
}

// square paints the code as a picture, each module of so many pixels, on paper of its
// own, so that it is read on any ground. Some pixels are turned by lot, which no phone
// minds, so that no two pages have it alike.
func (p pen) square(l layout, s square) {
	const dots = 3
	side := int(s.size()) * dots
	row := (side + 7) / 8
	bits := bytes.Repeat([]byte{0xff}, row*side)
	for r, modules := range s {
		line := bits[(squareRim+r)*dots*row:]
		for c, dark := range modules {
			for x := (squareRim + c) * dots; dark && x < (squareRim+c+1)*dots; x++ {
				line[x/8] &^= 0x80 >> (x % 8)
			}
		}
		for again := 1; again < dots; again++ {
			copy(line[again*row:], line[:row])
		}
	}
	for range 8 {
		bits[p.lot.IntN(len(bits))] ^= 0x80 >> p.lot.IntN(8)
	}
	p.place(0, l.sx, l.sy, l.module)
	p.tint(1, "rg")
	for range 2 {
		p.number(float64(-p.lot.IntN(3)), 0)
	}
	for range 2 {
		p.number(s.size()*float64(p.units)+float64(p.lot.IntN(3)), 0)
	}
	p.op("re f")
	u := s.size() * l.module
	p.stencil(content.Matrix{u, 0, 0, u, l.sx, l.sy}, dark, side, side, bits)
}

// squareDots draws the code into a picture of the page, black on white, its lower left
// corner at x, y from the top: each module is so many pixels, so that none is blurred.
func (s square) squareDots(img *image.RGBA, x, y, dots int) {
	side := int(s.size()) * dots
	corner := image.Pt(x, y-side)
	draw.Draw(img, image.Rect(0, 0, side, side).Add(corner), image.White, image.Point{}, draw.Src)
	for r, row := range s {
		for c, dark := range row {
			if dark {
				at := image.Pt(squareRim+c, squareRim+r).Mul(dots).Add(corner)
				draw.Draw(img, image.Rect(0, 0, dots, dots).Add(at), image.Black, image.Point{}, draw.Src)
			}
		}
	}
}
