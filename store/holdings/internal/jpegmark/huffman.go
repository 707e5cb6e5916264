package jpegmark

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// fast is how many bits are looked up at once for one symbol, far for as many
// symbols as are whole in them.
const (
	fast = 11
	far  = 13
)

// table is a Huffman table for both directions.
type table struct {
	// look has for the next bits the symbol, and its length above it; 0 where the
	// code is longer.
	look [1 << fast]uint16
	// pass has how many bits the next symbols take with those that belong to them,
	// as many as are whole in the bits looked at; above it how many coefficients
	// they are; above that whether the end of a block follows, which is counted in.
	// It is 0 where the first symbol's code is longer than fast.
	pass    [1 << far]uint16
	limit   [18]uint32 // first code of 16 bits that is longer, by length
	first   [17]int    // of the symbols of a length
	symbols []byte
	code    [256]uint16
	length  [256]uint8
}

func newTable(counts, symbols []byte) *table {
	t := &table{symbols: symbols}
	code, k := uint32(0), 0
	for n := 1; n <= 16; n++ {
		t.first[n] = k - int(code)
		for range counts[n-1] {
			if code >= 1<<n {
				return nil
			}
			s := symbols[k]
			t.code[s], t.length[s] = uint16(code), uint8(n)
			if n <= fast {
				for i := code << (fast - n); i < (code+1)<<(fast-n); i++ {
					t.look[i] = uint16(n)<<8 | uint16(s)
				}
			}
			code++
			k++
		}
		t.limit[n] = code << (16 - n)
		code <<= 1
	}
	t.chain()
	return t
}

// ends marks an entry of pass that ends a block.
const ends = 1 << 15

// chain fills in pass.
func (t *table) chain() {
	for i := range t.pass {
		bits, step, end := 0, 0, 0
		for step < 64 && end == 0 {
			e := t.look[uint(i)<<bits&(1<<far-1)>>(far-fast)]
			s, n := byte(e), int(e>>8)
			if e == 0 || bits+n > far || bits > 0 && bits+n+int(s&15) > far {
				break
			}
			bits += n + int(s&15)
			if c := coefficients(s); c == 0 {
				end = ends
			} else {
				step += c
			}
		}
		t.pass[i] = uint16(end | step<<8 | bits)
	}
}

// reader reads bits of coded data without the bytes stuffed in.
type reader struct {
	b    []byte // with eight bytes of ones behind it
	n    int    // bits in b
	at   int    // bits read
	last int    // what bits returned
}

// reset takes the stuffed zeros out of the data.
func (r *reader) reset(raw []byte) {
	const spare = 9 // the ones behind
	b := slices.Grow(r.b[:0], len(raw)+spare)
	for {
		k := bytes.IndexByte(raw, 0xff)
		if k < 0 {
			b = append(b, raw...)
			break
		}
		b = append(b, raw[:k+1]...)
		raw = raw[min(k+2, len(raw)):]
	}
	r.n, r.at = 8*len(b), 0
	r.b = append(b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
}

// peek is the next 32 bits and more, from the left.
func (r *reader) peek() uint64 {
	i := r.at >> 3
	if i+8 > len(r.b) {
		return math.MaxUint64
	}
	return binary.BigEndian.Uint64(r.b[i:]) << (r.at & 7)
}

// sound tells whether all that was read was there.
func (r *reader) sound() error {
	if r.at > r.n {
		return ErrKind
	}
	return nil
}

func (r *reader) bits(n int) int {
	r.last = 0
	if n > 0 {
		r.last = int(r.peek() >> (64 - n))
		r.at += n
	}
	return r.last
}

// long finds a symbol whose code is longer than fast, and its length.
func (t *table) long(w uint64) (symbol, length int) {
	v := uint32(w >> 48)
	for n := fast + 1; n <= 16; n++ {
		if v < t.limit[n] {
			i := int(v>>(16-n)) + t.first[n]
			if i < 0 || i >= len(t.symbols) {
				return -1, 0
			}
			return int(t.symbols[i]), n
		}
	}
	return -1, 0
}

// next reads a symbol, -1 where there is none.
func (t *table) next(r *reader) int {
	w := r.peek()
	if e := t.look[w>>(64-fast)]; e != 0 {
		r.at += int(e >> 8)
		return int(e & 255)
	}
	s, n := t.long(w)
	r.at += n
	return s
}

// number reads a symbol and the bits of the number that it is followed by; the
// symbol is -1 where there is none.
func (t *table) number(r *reader) (symbol, bits int) {
	w := r.peek() // 57 bits, of which a code takes 16 and a number 15 at most
	e := t.look[w>>(64-fast)]
	s, n := int(e&255), int(e>>8)
	if e == 0 {
		if s, n = t.long(w); s < 0 {
			return -1, 0
		}
	}
	size := s & 15
	r.at += n + size
	return s, int(w << n >> (64 - size)) // 0 for a size of 0
}

// coefficients is how many a symbol of a block stands for, none that ends it.
func coefficients(symbol byte) int {
	if symbol&15 == 0 && symbol != 0xf0 {
		return 0
	}
	return int(symbol>>4) + 1
}

// skip passes over the rest of a block; it tells whether that is in order.
func (t *table) skip(r *reader) bool {
	b, at := r.b, r.at
	for k := 1; ; {
		i := at >> 3
		if i+8 > len(b) {
			return false
		}
		w := binary.BigEndian.Uint64(b[i:]) << (at & 7)
		e := t.pass[w>>(64-far)]
		next := k + int(e>>8&127)
		if e != 0 && e&ends == 0 && next < 64 { // an entry takes at most fast + 15 bits, and 57 are in w
			k, w, at = next, w<<(e&255), at+int(e&255)
			e = t.pass[w>>(64-far)]
			next = k + int(e>>8&127)
		}
		if e != 0 && (e&ends != 0 && next < 64 || e&ends == 0 && next == 64) {
			r.at = at + int(e&255)
			return true
		}
		if e != 0 && next < 64 {
			k, at = next, at+int(e&255)
			continue
		}
		// Near the end of a block, and where codes are long, one symbol.
		r.at = at
		s := t.next(r)
		if s < 0 {
			return false
		}
		at = r.at + s&15
		r.at = at
		step := coefficients(byte(s))
		if k += step; k >= 64 || step == 0 {
			return k <= 64
		}
	}
}

// writer writes bits, and stuffs zeros in.
type writer struct {
	out  []byte
	acc  uint64 // the last bits, at the right
	n    int    // how many
	src  *reader
	from int // what is copied next begins here
}

func (w *writer) reset(out []byte, src *reader) { *w = writer{out: out, src: src} }

func (w *writer) put(v uint64, n int) {
	w.acc, w.n = w.acc<<n|v&(1<<n-1), w.n+n
	for w.n >= 8 {
		w.n -= 8
		b := byte(w.acc >> w.n)
		w.out = append(w.out, b)
		if b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

// copyTo copies the source's bits up to a place.
func (w *writer) copyTo(end int) {
	r := reader{b: w.src.b, at: w.from}
	for end-r.at >= 56 {
		v := r.peek() >> 8
		r.at += 56
		seven := w.acc<<(64-w.n)>>8 | v>>w.n // and a byte of naught before them
		w.acc = v
		if (^seven-0x01010101010101)&seven&0x80808080808080 == 0 { // no byte of ones
			k := len(w.out) + 7
			w.out = binary.BigEndian.AppendUint64(w.out, seven<<8)[:k]
			continue
		}
		for shift := 48; shift >= 0; shift -= 8 {
			b := byte(seven >> shift)
			w.out = append(w.out, b)
			if b == 0xff {
				w.out = append(w.out, 0)
			}
		}
	}
	if n := end - r.at; n > 0 {
		w.put(r.peek()>>(64-n), n)
	}
	w.from = end
}

// finish copies what is left and fills the last byte with ones.
func (w *writer) finish() []byte {
	w.copyTo(w.src.at)
	if w.n > 0 {
		w.put(0x7f, 8-w.n)
	}
	return w.out
}

// symbol writes a symbol with the bits of a number; it tells whether the table
// has it.
func (w *writer) symbol(t *table, s byte, v int) bool {
	n := int(t.length[s])
	if n == 0 {
		return false
	}
	size := int(s & 15)
	if v < 0 {
		v += 1<<size - 1
	}
	w.put(uint64(t.code[s])<<size|uint64(v)&(1<<size-1), n+size)
	return true
}

func sizeOf(v int) int { return bits.Len(uint(max(v, -v))) }

func (w *writer) dc(t *table, diff int) bool { return w.symbol(t, byte(sizeOf(diff)), diff) }

// block writes a block. A picture may have tables with just the symbols that it
// needed: a number without one becomes smaller, or naught.
func (w *writer) block(dc, ac *table, z *[64]int, before int) bool {
	diff := z[0] - before
	for diff != 0 && dc.length[sizeOf(diff)] == 0 {
		diff /= 2
	}
	z[0] = before + diff
	if !w.dc(dc, diff) {
		return false
	}
	run := 0
	for k := 1; k < 64; k++ {
		v := z[k]
		if v == 0 {
			run++
			continue
		}
		if run > 15 && ac.length[0xf0] == 0 {
			run += 64 - k
			break
		}
		for v != 0 && ac.length[run&15<<4|sizeOf(v)] == 0 {
			v /= 2
		}
		if v == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			w.symbol(ac, 0xf0, 0)
		}
		w.symbol(ac, byte(run<<4|sizeOf(v)), v)
		run = 0
	}
	return run == 0 || w.symbol(ac, 0, 0)
}
