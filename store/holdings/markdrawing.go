package holdings

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
)

// drawing collects the parts of a mark that are drawn between the segments of a
// page. They are begun in any order.
type drawing struct {
	buf      []byte
	parts    []drawnPart // in the order in which they were begun
	taken    []string    // entries of the page's pictures
	name     int         // given last
	pictures []stencil
}

// drawnPart is what begins at a place in the buffer and stands behind so many
// segments.
type drawnPart struct{ behind, from int }

// stencil is a picture that the mark draws with.
type stencil struct {
	name, dict string
	packed     []byte
}

// drawings are to be used again: each grows to some 50 kB.
var drawings = sync.Pool{New: func() any { return &drawing{} }}

// newDrawing begins a drawing on a page with so many segments and these
// pictures. It is given back to drawings when nothing of it is used any more.
func newDrawing(segments int, pictures []string) *drawing {
	d := drawings.Get().(*drawing)
	d.buf, d.parts, d.taken, d.name, d.pictures = d.buf[:0], d.parts[:0], pictures, 0, nil
	d.behind(segments)
	return d
}

// behind says where what is drawn from now on stands.
func (d *drawing) behind(segments int) { d.parts = append(d.parts, drawnPart{segments, len(d.buf)}) }

// among is the page's segments with what was drawn between them, which lies in
// the drawing.
func (d *drawing) among(segments [][]byte) [][]byte {
	ends := append(d.parts[1:len(d.parts):len(d.parts)], drawnPart{from: len(d.buf)})
	between := make([][][]byte, len(segments)+1)
	for i, p := range d.parts {
		between[p.behind] = append(between[p.behind], d.buf[p.from:ends[i].from])
	}
	out := between[0]
	for i, segment := range segments {
		out = append(append(out, segment), between[i+1]...)
	}
	return out
}

func (d *drawing) number(f float64, decimals int) {
	d.buf = append(pdfout.Number(d.buf, f, decimals), ' ')
}

func (d *drawing) op(operator string) { d.buf = append(append(d.buf, operator...), '\n') }

// begin begins a block in which m is applied and what set sets is set.
func (d *drawing) begin(m content.Matrix, set func()) {
	d.op("q")
	set()
	for i, v := range m {
		decimals := 5
		if i > 3 {
			decimals = 2
		}
		d.number(v, decimals)
	}
	d.op("cm")
}

// take keeps a picture under a name that no picture of the page has, which it
// returns.
func (d *drawing) take(dict string, data []byte) string {
	for {
		d.name++
		name := "/X" + strconv.Itoa(d.name)
		if !slices.ContainsFunc(d.taken, func(entry string) bool { return strings.HasPrefix(entry, name+" ") }) {
			d.pictures = append(d.pictures, stencil{name, dict, pdfout.Pack(data)})
			return name
		}
	}
}
