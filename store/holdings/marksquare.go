package holdings

import (
	"image"
	"image/draw"
	"strconv"

	"github.com/skip2/go-qrcode"
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

// squareRows paints rows of the code, some of them at a time, in an order of their
// own: each run of dark modules is a rectangle whose edges are moved by lot by less
// than anybody sees.
func (p pen) squareRows(l layout, s square, rows []int) {
	for len(rows) > 0 {
		some := rows[:min(len(rows), 2+p.lot.IntN(4))]
		rows = rows[len(some):]
		p.place(0, l.sx, l.sy, l.module, func() { p.tint(0.06, "rg") })
		for _, r := range some {
			y := (squareRim + len(s) - 1 - r) * p.units
			for from := 0; from < len(s); from++ {
				to := from
				for to < len(s) && s[r][to] {
					to++
				}
				if to == from {
					continue
				}
				// A little more than the module: between two rows no light is seen.
				by := int(p.lot.Uint32())
				p.rectangle((squareRim+from)*p.units-by&1, y-by>>1&1, (to-from)*p.units+by>>2&1, p.units+1+by>>3&1)
				from = to
			}
			p.op("f")
		}
		p.op("Q")
	}
}

func (p pen) rectangle(sides ...int) {
	for _, v := range sides {
		p.buf = append(strconv.AppendInt(p.buf, int64(v), 10), ' ')
	}
	p.op("re")
}

// squarePaper paints what the code stands on, so that it is read on any ground.
func (p pen) squarePaper(l layout, s square) {
	p.place(0, l.sx, l.sy, l.module, func() { p.tint(1, "rg") })
	n := int(s.size()) * p.units
	p.rectangle(-p.lot.IntN(3), -p.lot.IntN(3), n+p.lot.IntN(3), n+p.lot.IntN(3))
	p.op("f Q")
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
