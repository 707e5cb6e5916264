// Package pdfout writes PDF files: numbered objects, a cross-reference table
// and a trailer, and nothing that the caller did not ask for (no date, no
// producer, no random id), so that the same calls give the same bytes.
//
// It knows the file structure of PDF 1.7 (ISO 32000-1, 7.5) and not what the
// objects mean.
package pdfout

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// Ref is the number of an object. Generation numbers are always 0.
type Ref int

// String is the reference as it stands inside other objects: "12 0 R".
func (r Ref) String() string { return strconv.Itoa(int(r)) + " 0 R" }

// Writer collects a file in memory. The zero value is not usable; see [New].
type Writer struct {
	done    [][]byte     // what stands before buf
	before  int          // its size
	buf     bytes.Buffer // the end of the file
	offsets []int        // of object i+1; 0 while it has only been reserved
}

// New starts a file.
func New() *Writer {
	w := &Writer{}
	w.buf.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return w
}

// Reserve gives out the next object number; its object must follow.
func (w *Writer) Reserve() Ref {
	w.offsets = append(w.offsets, 0)
	return Ref(len(w.offsets))
}

// Put writes the object reserved as r.
func (w *Writer) Put(r Ref, object string) {
	w.start(r)
	w.buf.WriteString(object)
	w.buf.WriteString("\nendobj\n")
}

// Add reserves and writes an object.
func (w *Writer) Add(object string) Ref {
	r := w.Reserve()
	w.Put(r, object)
	return r
}

// PutStream writes a stream object. dict holds the entries of its dictionary
// without the brackets and without /Length; data is written as it is and must
// not be changed any more, since large data are not copied before the end.
func (w *Writer) PutStream(r Ref, dict string, data []byte) {
	w.start(r)
	w.buf.WriteString("<<")
	w.buf.WriteString(dict)
	w.buf.WriteString("/Length ")
	w.buf.WriteString(strconv.Itoa(len(data)))
	w.buf.WriteString(">>\nstream\n")
	w.write(data)
	w.buf.WriteString("\nendstream\nendobj\n")
}

// AddStream reserves and writes a stream object, see [Writer.PutStream].
func (w *Writer) AddStream(dict string, data []byte) Ref {
	r := w.Reserve()
	w.PutStream(r, dict, data)
	return r
}

// AddFlate is [Writer.AddStream] with the data compressed by the way.
func (w *Writer) AddFlate(dict string, data []byte) Ref {
	r := w.Reserve()
	w.PutFlate(r, dict, data)
	return r
}

// PutFlate is [Writer.PutStream] with the data compressed by the way.
func (w *Writer) PutFlate(r Ref, dict string, data []byte) {
	w.PutPacked(r, dict, Pack(data))
}

// PutPacked is [Writer.PutStream] with data that [Pack] has compressed.
func (w *Writer) PutPacked(r Ref, dict string, packed []byte) {
	w.PutStream(r, dict+"/Filter/FlateDecode", packed)
}

// AddPacked reserves and writes a stream object, see [Writer.PutPacked].
func (w *Writer) AddPacked(dict string, packed []byte) Ref {
	r := w.Reserve()
	w.PutPacked(r, dict, packed)
	return r
}

// packers are compressors to use again: each has some 700 kB of tables.
var packers = sync.Pool{New: func() any {
	p := &packer{}
	p.z, _ = zlib.NewWriterLevel(&p.out, zlib.BestSpeed) // fails for unknown levels only
	return p
}}

type packer struct {
	out bytes.Buffer
	z   *zlib.Writer
}

// Pack compresses parts of one stream's data, in order, for the filter
// FlateDecode. It may be used by several goroutines.
func Pack(parts ...[]byte) []byte {
	p := packers.Get().(*packer)
	defer packers.Put(p)
	p.out.Reset()
	p.z.Reset(&p.out)
	for _, part := range parts {
		p.z.Write(part) // a bytes.Buffer takes everything
	}
	p.z.Close()
	return bytes.Clone(p.out.Bytes())
}

// largeData is the size of data from which on they are not copied twice.
const largeData = 32 << 10

func (w *Writer) write(data []byte) {
	if len(data) < largeData {
		w.buf.Write(data)
		return
	}
	w.done = append(w.done, bytes.Clone(w.buf.Bytes()), data)
	w.before = w.Len() + len(data)
	w.buf.Reset()
}

func (w *Writer) start(r Ref) {
	w.offsets[r-1] = w.Len()
	w.buf.WriteString(strconv.Itoa(int(r)))
	w.buf.WriteString(" 0 obj\n")
}

// Len is the size of the file so far, in bytes.
func (w *Writer) Len() int { return w.before + w.buf.Len() }

// Finish writes the table and the trailer and returns the file. trailer holds
// further entries of the trailer dictionary, such as "/Info 3 0 R". Objects
// reserved and never written become free entries.
func (w *Writer) Finish(root Ref, trailer string) []byte {
	table := w.Len()
	fmt.Fprintf(&w.buf, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, off := range w.offsets {
		if off == 0 {
			w.buf.WriteString("0000000000 65535 f \n")
			continue
		}
		fmt.Fprintf(&w.buf, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(&w.buf, "trailer\n<</Size %d/Root %s%s>>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, root, trailer,
		table)
	return slices.Concat(append(w.done, w.buf.Bytes())...)
}

// Hex writes bytes as a PDF hex string.
func Hex(b []byte) string { return "<" + hex.EncodeToString(b) + ">" }

// Text writes a string for a PDF dictionary: as it is for ASCII, else as UTF-16
// (ISO 32000-1, 7.9.2.2).
func Text(s string) string {
	for _, r := range s {
		if r < 0x20 || r > 0x7e {
			b := []byte{0xfe, 0xff}
			for _, r := range s {
				if r > 0xffff {
					r = '?'
				}
				b = append(b, byte(r>>8), byte(r))
			}
			return Hex(b)
		}
	}
	return Literal([]byte(s))
}

// Literal writes bytes as a PDF literal string.
func Literal(s []byte) string {
	b := make([]byte, 0, len(s)+2)
	b = append(b, '(')
	for _, c := range s {
		switch {
		case c == '(' || c == ')' || c == '\\':
			b = append(b, '\\', c)
		case c < 0x20 || c > 0x7e:
			b = append(b, fmt.Sprintf("\\%03o", c)...)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, ')'))
}

// Number appends a number with at most so many decimals, up to 15, and no needless
// zeros.
func Number(b []byte, f float64, decimals int) []byte {
	scaled := math.Round(math.Abs(f) * tens[decimals])
	if !(scaled < 1<<53) { // it has no decimals, or is none
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	if scaled == 0 {
		return append(b, '0')
	}
	if f < 0 {
		b = append(b, '-')
	}
	unit := uint64(tens[decimals])
	whole, rest := uint64(scaled)/unit, uint64(scaled)%unit
	if whole > 0 {
		b = strconv.AppendUint(b, whole, 10)
	}
	if rest == 0 {
		return b
	}
	b = append(b, '.')
	for rest > 0 {
		unit /= 10
		b = append(b, '0'+byte(rest/unit))
		rest %= unit
	}
	return b
}

// Rounded is f as it is read again from what [Number] writes.
func Rounded(f float64, decimals int) float64 {
	scaled := math.Round(f * tens[decimals])
	if !(math.Abs(scaled) < 1<<53) {
		return f
	}
	return scaled/tens[decimals] + 0 // no -0
}

var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}
