// Package jpegmark changes blocks of a JPEG picture without decoding the rest
// of it: what is not touched keeps every coefficient, and the file its size. A
// mark is put into a sheet of some megapixels in a few milliseconds that way.
//
// It handles what scanners and cameras write: sequential pictures of 8 bits,
// coded by Huffman, in one scan (ITU-T T.81, annexes A, B and F). It knows
// nothing of PDF.
package jpegmark

import (
	"bytes"
	"encoding/binary"
	"errors"
	"sync"
)

// ErrKind says that a picture is not of the kind that this package handles, or
// damaged.
var ErrKind = errors.New("picture of another kind")

// Cover is how much of the pixels of a picture a mark covers.
type Cover interface {
	// Block is the cover, 0 to 255, of the eight by eight pixels whose first is
	// x, y; nil where there is none.
	Block(x, y int) *[64]uint8
}

// Strength is by how much a pixel that is covered wholly gets darker, or
// lighter on dark ground, of 255.
const Strength = 44

// darkGround is the sample below which a picture is lightened.
const darkGround = 83

// Blend is a sample under that much cover, 0 to 255.
func Blend(sample, cover uint8) uint8 {
	by := int(cover) * Strength / 255
	if sample < darkGround {
		return sample + uint8(by)
	}
	return sample - uint8(by)
}

// component is one of the colours of a picture.
type component struct {
	id, h, v, quant, dc, ac int
	before, after           int // DC of the last block, as it was and as it is written
}

// picture is a picture being read and written.
type picture struct {
	width, height, restart int
	parts                  []component
	scan                   []*component // in the order of the scan
	quant                  [4][64]uint16
	huff                   [8]*table // DC 0 to 3, AC 4 to 7
	transform              int       // as Adobe's segment says; -1 without one
	marked                 *component
	from                   reader
	to                     writer
}

// Can tells whether a picture is of the kind that is handled, as far as its head
// says so.
func Can(data []byte) bool {
	_, err := (&picture{transform: -1}).head(data)
	return err == nil
}

// Mark returns the picture with the cover in it. Errors are ErrKind.
func Mark(data []byte, cover Cover) (out []byte, err error) {
	p := &picture{transform: -1}
	i, err := p.head(data)
	if err != nil {
		return nil, err
	}
	out = append(make([]byte, 0, len(data)+len(data)/16), data[:i]...)
	room := rooms.Get().(*[]byte)
	p.from.b = *room
	defer func() {
		*room = p.from.b
		rooms.Put(room)
	}()
	if err := p.blocks(&out, data[i:], cover); err != nil {
		return nil, err
	}
	return append(out, 0xff, 0xd9), nil
}

// rooms are buffers of readers to use again, as large as a sheet's coded data.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// head reads the segments up to that of the scan, and says where its data begin.
func (p *picture) head(b []byte) (int, error) {
	if !bytes.HasPrefix(b, []byte{0xff, 0xd8}) {
		return 0, ErrKind
	}
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		m, n := b[i+1], int(binary.BigEndian.Uint16(b[i+2:]))
		if n < 2 || i+2+n > len(b) {
			return 0, ErrKind
		}
		body := b[i+4 : i+2+n]
		i += 2 + n
		ok := true
		switch m {
		case 0xdb:
			ok = p.quantization(body)
		case 0xc4:
			ok = p.tables(body)
		case 0xc0, 0xc1:
			ok = p.frame(body)
		case 0xdd:
			ok = len(body) == 2
			if ok {
				p.restart = int(binary.BigEndian.Uint16(body))
			}
		case 0xee:
			if len(body) >= 12 && string(body[:5]) == "Adobe" {
				p.transform = int(body[11])
			}
		case 0xda:
			if !p.start(body) {
				return 0, ErrKind
			}
			return i, nil
		default:
			ok = m >= 0xe0 && m <= 0xef || m == 0xfe
		}
		if !ok {
			return 0, ErrKind
		}
	}
	return 0, ErrKind
}

func (p *picture) quantization(b []byte) bool {
	for len(b) > 0 {
		wide, id := b[0]>>4, b[0]&15
		size := 64 * (1 + int(wide))
		if wide > 1 || id > 3 || len(b) < 1+size {
			return false
		}
		for k := range 64 {
			if wide == 1 {
				p.quant[id][k] = binary.BigEndian.Uint16(b[1+2*k:])
			} else {
				p.quant[id][k] = uint16(b[1+k])
			}
			if p.quant[id][k] == 0 {
				return false
			}
		}
		b = b[1+size:]
	}
	return true
}

func (p *picture) tables(b []byte) bool {
	for len(b) > 0 {
		if len(b) < 17 || b[0]>>4 > 1 || b[0]&15 > 3 {
			return false
		}
		n := 0
		for _, c := range b[1:17] {
			n += int(c)
		}
		if n > 256 || len(b) < 17+n {
			return false
		}
		t := newTable(b[1:17], b[17:17+n])
		if t == nil {
			return false
		}
		p.huff[b[0]>>4*4+b[0]&15] = t
		b = b[17+n:]
	}
	return true
}

func (p *picture) frame(b []byte) bool {
	if len(b) < 6 || b[0] != 8 || p.parts != nil || len(b) != 6+3*int(b[5]) {
		return false
	}
	p.height, p.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	for k := range int(b[5]) {
		c := b[6+3*k:]
		part := component{id: int(c[0]), h: int(c[1] >> 4), v: int(c[1] & 15), quant: int(c[2])}
		if part.h < 1 || part.h > 4 || part.v < 1 || part.v > 4 || part.quant > 3 {
			return false
		}
		p.parts = append(p.parts, part)
	}
	return p.width > 0 && p.height > 0
}

// start reads the scan's segment and chooses the colour to mark: lightness where
// there is one, green of RGB, black of CMYK.
func (p *picture) start(b []byte) bool {
	n := len(p.parts)
	if n != 1 && n != 3 && n != 4 || len(b) != 4+2*n || int(b[0]) != n ||
		b[1+2*n] != 0 || b[2+2*n] != 63 || b[3+2*n] != 0 {
		return false
	}
	for k := range n {
		c := &p.parts[k]
		if int(b[1+2*k]) != c.id {
			return false
		}
		c.dc, c.ac = int(b[2+2*k]>>4), 4+int(b[2+2*k]&15)
		if c.dc > 3 || c.ac > 7 || p.huff[c.dc] == nil || p.huff[c.ac] == nil || p.quant[c.quant][0] == 0 {
			return false
		}
		p.scan = append(p.scan, c)
	}
	rgb := n == 3 && (p.transform == 0 || p.transform < 0 && p.parts[0].id == 'R' && p.parts[1].id == 'G')
	switch {
	case n == 4:
		p.marked = &p.parts[3]
	case rgb:
		p.marked = &p.parts[1]
	default:
		p.marked = &p.parts[0]
	}
	if n == 1 { // one block is a unit, whatever its factors
		p.parts[0].h, p.parts[0].v = 1, 1
	}
	return true
}

// blocks copies the scan, from one restart to the next, the covered blocks
// anew.
func (p *picture) blocks(out *[]byte, b []byte, cover Cover) error {
	hmax, vmax := 1, 1
	for _, c := range p.parts {
		hmax, vmax = max(hmax, c.h), max(vmax, c.v)
	}
	if p.marked.h != hmax || p.marked.v != vmax {
		return ErrKind
	}
	across, down := (p.width+8*hmax-1)/(8*hmax), (p.height+8*vmax-1)/(8*vmax)
	units := across * down
	for unit := 0; unit < units; {
		k := entropyLength(b)
		p.from.reset(b[:k])
		b = b[k:]
		p.to.reset(*out, &p.from)
		for i := range p.parts {
			p.parts[i].before, p.parts[i].after = 0, 0
		}
		end := units
		if p.restart > 0 {
			end = min(unit+p.restart, units)
		}
		for ; unit < end; unit++ {
			ux, uy := unit%across*hmax*8, unit/across*vmax*8
			for _, c := range p.scan {
				for v := range c.v {
					for h := range c.h {
						var area *[64]uint8
						if c == p.marked {
							area = cover.Block(ux+8*h, uy+8*v)
						}
						if err := p.block(c, area); err != nil {
							return err
						}
					}
				}
			}
		}
		*out = p.to.finish()
		if unit < units {
			if len(b) < 2 || b[0] != 0xff || b[1] < 0xd0 || b[1] > 0xd7 {
				return ErrKind
			}
			*out = append(*out, b[:2]...)
			b = b[2:]
		}
	}
	return nil
}

// entropyLength is how far the coded data reach, up to the next marker.
func entropyLength(b []byte) int {
	for i := 0; ; i += 2 {
		k := bytes.IndexByte(b[i:], 0xff)
		if k < 0 || i+k+1 >= len(b) {
			return len(b)
		}
		if i += k; b[i+1] != 0 {
			return i
		}
	}
}

// block copies one block, with the cover over it if there is any.
func (p *picture) block(c *component, area *[64]uint8) error {
	r, dc, ac := &p.from, p.huff[c.dc], p.huff[c.ac]
	begin := r.at
	size := dc.next(r)
	if size < 0 || size > 11 {
		return ErrKind
	}
	value := c.before + extend(r.bits(size), size)
	c.before = value
	if area == nil {
		if c.after != value-extend(r.last, size) { // the block before has another DC now
			p.to.copyTo(begin)
			if !p.to.dc(dc, value-c.after) {
				return ErrKind
			}
			p.to.from = r.at
		}
		c.after = value
		if !ac.skip(r) {
			return ErrKind
		}
		return r.sound()
	}
	var z [64]int
	for k := 1; k < 64; k++ {
		e, v := ac.number(r)
		if e < 0 {
			return ErrKind
		}
		if e&15 == 0 {
			if e != 0xf0 {
				break
			}
			if k += 15; k > 63 {
				return ErrKind
			}
			continue
		}
		if k += e >> 4; k > 63 {
			return ErrKind
		}
		z[k] = extend(v, e&15)
	}
	if err := r.sound(); err != nil {
		return err
	}
	q := &p.quant[c.quant]
	z[0] = value
	blend(&z, q, area)
	p.to.copyTo(begin)
	if !p.to.block(dc, ac, &z, c.after) {
		return ErrKind
	}
	p.to.from = r.at
	c.after = z[0]
	return nil
}

// extend makes a number of its bits (T.81, F.2.2.1).
func extend(v, size int) int {
	if size > 0 && v < 1<<(size-1) {
		return v - 1<<size + 1
	}
	return v
}

// blend darkens what is covered of a block, or lightens it where the block is
// dark. Since the transform is linear, the block is not decoded.
func blend(z *[64]int, quant *[64]uint16, area *[64]uint8) {
	const strength = float32(Strength) / 255
	darker := strength
	if z[0]*int(quant[0]) < (darkGround-128)*8 {
		darker = -strength
	}
	var f [64]float32
	for i, v := range area {
		f[i] = float32(v) * darker
	}
	transform(&f)
	for k, at := range zigzag {
		d, half := f[at], float32(quant[k])/2
		if d > -half && d < half {
			continue // most are
		}
		by := int(d/float32(quant[k]) + 0.5)
		if d < 0 {
			by = int(d/float32(quant[k]) - 0.5)
		}
		z[k] = min(max(z[k]-by, -1023), 1023)
	}
}
