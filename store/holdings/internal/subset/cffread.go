package subset

import "slices"

// readIndex reads an INDEX and tells where it ends (Technical Note 5176, 5).
func readIndex(data []byte, at int) (items [][]byte, end int, ok bool) {
	if at < 0 || at+2 > len(data) {
		return nil, 0, false
	}
	n := int(be.Uint16(data[at:]))
	if n == 0 {
		return nil, at + 2, true
	}
	if at+3 > len(data) {
		return nil, 0, false
	}
	size := int(data[at+2])
	table := at + 3
	base := table + (n+1)*size - 1
	if size < 1 || size > 4 || base >= len(data) {
		return nil, 0, false
	}
	offset := func(i int) int {
		v := 0
		for _, c := range data[table+i*size : table+(i+1)*size] {
			v = v<<8 | int(c)
		}
		return base + v
	}
	items = make([][]byte, n)
	from := offset(0)
	for i := range items {
		to := offset(i + 1)
		if from <= base || to < from || to > len(data) {
			return nil, 0, false
		}
		items[i] = data[from:to:to]
		from = to
	}
	return items, from, true
}

func writeIndex(items [][]byte) []byte {
	if len(items) == 0 {
		return []byte{0, 0}
	}
	total := 1
	for _, it := range items {
		total += len(it)
	}
	size := 1
	for size < 4 && total >= 1<<(8*size) {
		size++
	}
	out := make([]byte, 3, 3+(len(items)+1)*size+total)
	be.PutUint16(out, uint16(len(items)))
	out[2] = byte(size)
	at := 1
	put := func() {
		for i := size - 1; i >= 0; i-- {
			out = append(out, byte(at>>(8*i)))
		}
	}
	put()
	for _, it := range items {
		at += len(it)
		put()
	}
	for _, it := range items {
		out = append(out, it...)
	}
	return out
}

// dict is a DICT: operators with their operands as they are encoded.
type dict []dictEntry

type dictEntry struct {
	op   int
	args []byte
}

func readDict(data []byte) (d dict, ok bool) {
	start := 0
	for i := 0; i < len(data); {
		switch c := data[i]; {
		case c <= 21:
			op, n := int(c), 1
			if c == 12 {
				if i+1 >= len(data) {
					return nil, false
				}
				op, n = 1200+int(data[i+1]), 2
			}
			d = append(d, dictEntry{op, data[start:i]})
			i += n
			start = i
		case c == 28:
			i += 3
		case c == 29:
			i += 5
		case c == 30:
			for i++; i < len(data) && data[i]&0xf != 0xf && data[i]>>4 != 0xf; i++ {
			}
			i++
		case c >= 32 && c <= 246:
			i++
		case c >= 247 && c <= 254:
			i += 2
		default:
			return nil, false
		}
	}
	return d, start == len(data)
}

func (d dict) find(op int) []byte {
	for _, e := range d {
		if e.op == op {
			return e.args
		}
	}
	return nil
}

// ints are the operands of an operator, when they are whole numbers.
func (d dict) ints(op int) (out []int, ok bool) {
	a := d.find(op)
	for i := 0; i < len(a); {
		rest := a[i:]
		switch c := rest[0]; {
		case c >= 32 && c <= 246:
			out = append(out, int(c)-139)
			i++
		case c >= 247 && c <= 250 && len(rest) >= 2:
			out = append(out, (int(c)-247)*256+int(rest[1])+108)
			i += 2
		case c >= 251 && c <= 254 && len(rest) >= 2:
			out = append(out, -(int(c)-251)*256-int(rest[1])-108)
			i += 2
		case c == 28 && len(rest) >= 3:
			out = append(out, int(int16(be.Uint16(rest[1:]))))
			i += 3
		case c == 29 && len(rest) >= 5:
			out = append(out, int(int32(be.Uint32(rest[1:]))))
			i += 5
		default:
			return nil, false
		}
	}
	return out, len(out) > 0
}

func (d dict) int(op int) (int, bool) {
	n, ok := d.ints(op)
	if !ok {
		return 0, false
	}
	return n[len(n)-1], true
}

// set is the dictionary with other operands, of five bytes each.
func (d dict) set(op int, values ...int) dict {
	var args []byte
	for _, v := range values {
		args = be.AppendUint32(append(args, 29), uint32(v))
	}
	out := slices.Clone(d)
	for i := range out {
		if out[i].op == op {
			out[i].args = args
			return out
		}
	}
	return append(out, dictEntry{op, args})
}

func (d dict) bytes() []byte {
	var out []byte
	for _, e := range d {
		out = append(out, e.args...)
		if e.op >= 1200 {
			out = append(out, 12, byte(e.op-1200))
		} else {
			out = append(out, byte(e.op))
		}
	}
	return out
}

func readCFF(data []byte) (*cffFont, bool) {
	if len(data) < 4 || data[0] != 1 {
		return nil, false
	}
	f := &cffFont{data: data}
	start := int(data[2])
	names, at, ok := readIndex(data, start)
	if !ok || len(names) != 1 {
		return nil, false
	}
	f.name = data[start:at]
	tops, next, ok := readIndex(data, at)
	if !ok || len(tops) != 1 {
		return nil, false
	}
	var end int
	f.own, end, ok = readIndex(data, next)
	if !ok {
		return nil, false
	}
	f.strings = data[next:end]
	if f.global, _, ok = readIndex(data, end); !ok {
		return nil, false
	}
	if f.top, ok = readDict(tops[0]); !ok {
		return nil, false
	}
	if n, isSet := f.top.int(opType); isSet && n != 2 {
		return nil, false
	}
	glyphs, _ := f.top.int(opCharStrings)
	if f.glyphs, _, ok = readIndex(data, glyphs); !ok || glyphs == 0 || len(f.glyphs) == 0 {
		return nil, false
	}
	if !f.readCharset() || !f.readEncoding() {
		return nil, false
	}
	if f.top.find(opROS) == nil {
		f.fdOf = func(int) int { return 0 }
		p, ok := f.readPrivate(f.top)
		f.privates = []private{p}
		return f, ok
	}
	return f, f.readFonts()
}

func (f *cffFont) readPrivate(d dict) (p private, ok bool) {
	n, ok := d.ints(opPrivate)
	if !ok || len(n) != 2 || n[0] < 0 || n[1] < 0 || n[0] > len(f.data) || n[1] > len(f.data)-n[0] {
		return p, false
	}
	if p.dict, ok = readDict(f.data[n[1] : n[1]+n[0]]); !ok {
		return p, false
	}
	if at, isSet := p.dict.int(opSubrs); isSet {
		p.subrs, _, ok = readIndex(f.data, n[1]+at)
	}
	return p, ok
}

// readFonts reads the fonts that a font with CIDs is made of, and which of them
// a glyph belongs to.
func (f *cffFont) readFonts() bool {
	at, isSet := f.top.int(opFDArray)
	fonts, _, ok := readIndex(f.data, at)
	if !isSet || !ok || len(fonts) == 0 || len(fonts) > 256 {
		return false
	}
	for _, b := range fonts {
		d, ok := readDict(b)
		if !ok {
			return false
		}
		p, ok := f.readPrivate(d)
		if !ok {
			return false
		}
		f.fonts, f.privates = append(f.fonts, d), append(f.privates, p)
	}
	at, isSet = f.top.int(opFDSelect)
	if !isSet || at <= 0 || at+5 > len(f.data) {
		return false
	}
	t := f.data[at:]
	of := make([]byte, len(f.glyphs))
	switch t[0] {
	case 0:
		if 1+len(of) > len(t) {
			return false
		}
		copy(of, t[1:])
		f.fdSel = t[:1+len(of)]
	case 3:
		n := int(be.Uint16(t[1:]))
		if 5+3*n > len(t) {
			return false
		}
		for i := range n {
			from, to := int(be.Uint16(t[3+3*i:])), int(be.Uint16(t[6+3*i:]))
			for gid := from; gid < min(to, len(of)); gid++ {
				of[gid] = t[5+3*i]
			}
		}
		f.fdSel = t[:5+3*n]
	default:
		return false
	}
	for _, fd := range of {
		if int(fd) >= len(f.fonts) {
			return false
		}
	}
	f.fdOf = func(gid int) int { return int(of[gid]) }
	return true
}

// readCharset reads what glyphs are called (Technical Note 5176, 13).
func (f *cffFont) readCharset() bool {
	at, _ := f.top.int(opCharset)
	f.ids = make([]int, 1, len(f.glyphs))
	if at == 0 {
		for len(f.ids) < len(f.glyphs) { // ISOAdobe: in the order of the strings
			f.ids = append(f.ids, len(f.ids))
		}
		return len(f.glyphs) <= 229 || f.top.find(opROS) != nil
	}
	if at <= 2 || at >= len(f.data) { // expert sets
		return false
	}
	t := f.data[at:]
	format, n := t[0], 1
	for len(f.ids) < len(f.glyphs) {
		size, more := 2, 0
		switch format {
		case 1:
			size = 3
		case 2:
			size = 4
		case 0:
		default:
			return false
		}
		if n+size > len(t) {
			return false
		}
		first := int(be.Uint16(t[n:]))
		switch size {
		case 3:
			more = int(t[n+2])
		case 4:
			more = int(be.Uint16(t[n+2:]))
		}
		for k := 0; k <= more && len(f.ids) < len(f.glyphs); k++ {
			f.ids = append(f.ids, first+k)
		}
		n += size
	}
	f.charset = t[:n]
	return true
}

// readEncoding finds the font's own encoding (Technical Note 5176, 12).
func (f *cffFont) readEncoding() bool {
	at, _ := f.top.int(opEncoding)
	if at <= 1 {
		return at >= 0
	}
	if at+2 > len(f.data) {
		return false
	}
	t := f.data[at:]
	n := 2 + int(t[1])
	if t[0]&0x7f == 1 {
		n += int(t[1])
	}
	if t[0]&0x7f > 1 || n >= len(t) {
		return false
	}
	if t[0]&0x80 != 0 {
		n += 1 + 3*int(t[n])
	}
	if n > len(t) {
		return false
	}
	f.encoding = t[:n]
	return true
}
