package pagetable

import (
	"encoding/binary"
	"testing"
)

// FuzzPage reads pages of any letters and boxes: in bounded time, without a fault, and
// with tables whose rows have a cell for every column.
func FuzzPage(f *testing.F) {
	m := &sheetMaker{}
	people.set(m, 700)
	var seed []byte
	for _, c := range m.chars {
		seed = append(seed, byte(c.Rune))
		for _, v := range []float64{c.Left, c.Bottom, c.Right, c.Top} {
			seed = binary.LittleEndian.AppendUint16(seed, uint16(v*50))
		}
		seed = append(seed, 0)
	}
	var boxes []byte
	for _, r := range m.rules {
		for _, v := range []float64{r.X0, r.Y0, r.X1, r.Y1} {
			boxes = binary.LittleEndian.AppendUint16(boxes, uint16(v*50))
		}
	}
	f.Add(seed, boxes)
	f.Fuzz(func(t *testing.T, letters, boxes []byte) {
		at := func(b []byte, i int) float64 { return float64(binary.LittleEndian.Uint16(b[2*i:])) / 50 }
		p := Page{Number: 1, Italic: func(i int) bool { return i%7 == 3 }, Ruling: func() (out []Rect) {
			for ; len(boxes) >= 8; boxes = boxes[8:] {
				out = append(out, Rect{at(boxes, 0), at(boxes, 1), at(boxes, 2), at(boxes, 3)})
			}
			return out
		}}
		for ; len(letters) >= 10; letters = letters[10:] {
			p.Chars = append(p.Chars, Char{Rune: rune(letters[0]), Left: at(letters[1:], 0), Bottom: at(letters[1:], 1),
				Right: at(letters[1:], 2), Top: at(letters[1:], 3), Angle: float64(letters[9]) / 40})
		}
		var r Reader
		r.Page(p)
		r.Page(p)
		for _, d := range r.Tables() {
			for _, row := range d.Rows {
				if len(row.Cells) != len(d.Columns) || len(row.Label) == 0 {
					t.Errorf("table %s: %d cells in %d columns", d.Number, len(row.Cells), len(d.Columns))
				}
			}
		}
	})
}
