package holdings

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
	"pst/store/holdings/internal/rewrite"
)

// drawing collects the parts of a mark that are drawn between the segments of a
// page. They are begun in any order.
type drawing struct {
	buf      []byte
	parts    []drawnPart // in the order in which they were begun
	at       int         // segments that stand before the part begun next
	taken    []string    // entries of the page's pictures
	name     int         // given last
	pictures []stencil
}

// drawnPart is what begins at a place in the buffer, is drawn with a matrix, and stands
// behind so many segments. It leaves the matrix and colours as they come.
type drawnPart struct {
	behind, from, to int
	matrix           content.Matrix
}

// stencil is a picture that the mark draws with.
type stencil struct {
	name, dict string
	packed     []byte
}

// drawings are to be used again: each grows to some 50 kB.
var drawings = sync.Pool{New: func() any { return &drawing{} }}

// newDrawing begins a drawing on a page with these pictures. It is given back to
// drawings when nothing of it is used any more.
func newDrawing(pictures []string) *drawing {
	d := drawings.Get().(*drawing)
	d.buf, d.parts, d.at, d.taken, d.name, d.pictures = d.buf[:0], d.parts[:0], 0, pictures, 0, nil
	return d
}

// behind says behind how many segments what is begun from now on stands.
func (d *drawing) behind(segments int) { d.at = segments }

// begin begins a part in which m is applied.
func (d *drawing) begin(m content.Matrix) {
	d.end()
	d.parts = append(d.parts, drawnPart{behind: d.at, from: len(d.buf), matrix: m})
}

// end ends the part that was begun last.
func (d *drawing) end() {
	if n := len(d.parts); n > 0 {
		d.parts[n-1].to = len(d.buf)
	}
}

// among is the page's segments with what was drawn between them, which lies in the
// drawing; what stands behind more than there are is last, in blocks of its own.
// All else stands within the block of the segment before it, so that no block is the
// mark's alone: who drops it drops what the page paints there. No part
// has a block of its own, either: each begins with the way from the matrix of the one
// before. Those without a matrix go first, then those that do not turn, so that who
// drops what turns leaves the others where they are.
func (d *drawing) among(w rewrite.Written) [][]byte {
	d.end()
	slices.SortStableFunc(d.parts, func(a, b drawnPart) int { return a.turn() - b.turn() })
	n := len(w.Segments)
	between := make([][][]byte, n+1+lastBlocks)
	// The matrix that the part before asked for, and what is in force of it as written.
	asked := slices.Repeat([]content.Matrix{content.Identity}, len(between))
	inForce := slices.Clone(asked)
	for _, p := range d.parts {
		i := p.behind
		if asked[i] != p.matrix {
			back, _ := inForce[i].Inverse()
			way := p.matrix.Mul(back)
			for k := range way {
				way[k] = pdfout.Rounded(way[k], wayDecimals)
			}
			asked[i], inForce[i] = p.matrix, way.Mul(inForce[i])
			between[i] = append(between[i], d.way(way))
		}
		between[i] = append(between[i], d.buf[p.from:p.to])
	}
	out := block(nil, between[0])
	for i, segment := range w.Segments {
		open := w.Open[i]
		out = append(append(append(out, segment[:open]), between[i+1]...), segment[open:])
	}
	for _, parts := range between[n+1:] {
		out = block(out, parts)
	}
	return out
}

// lastBlocks is how many blocks there may be behind all that the page paints.
const lastBlocks = 2

// block appends parts in a block of their own.
func block(out, parts [][]byte) [][]byte {
	if len(parts) == 0 {
		return out
	}
	return append(append(append(out, []byte("q\n")), parts...), []byte("Q\n"))
}

// turn is 0 for a part without a matrix, 1 for one that stands upright, 2 for one that
// does not.
func (p drawnPart) turn() int {
	m := p.matrix
	switch {
	case m == content.Identity:
		return 0
	case m[0] == 0 && m[3] == 0 || m[1] == 0 && m[2] == 0:
		return 1
	}
	return 2
}

const wayDecimals = 6

// way writes the operator that changes the matrix.
func (d *drawing) way(m content.Matrix) []byte {
	from := len(d.buf)
	for _, v := range m {
		d.number(v, wayDecimals)
	}
	d.op("cm")
	return d.buf[from:len(d.buf):len(d.buf)]
}

func (d *drawing) number(f float64, decimals int) {
	d.buf = append(pdfout.Number(d.buf, f, decimals), ' ')
}

func (d *drawing) op(operator string) { d.buf = append(append(d.buf, operator...), '\n') }

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
