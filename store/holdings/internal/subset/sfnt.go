package subset

import (
	"encoding/binary"
	"math"
	"slices"
	"sort"
)

var be = binary.BigEndian

// sfnt is the container of TrueType and OpenType fonts.
type sfnt struct {
	version uint32
	tables  map[string][]byte
}

func readSFNT(data []byte) (sfnt, bool) {
	f := sfnt{be.Uint32(data), map[string][]byte{}}
	n := int(be.Uint16(data[4:]))
	if n > 100 || 12+16*n > len(data) {
		return f, false
	}
	for i := range n {
		rec := data[12+16*i:]
		offset, length := uint64(be.Uint32(rec[8:])), uint64(be.Uint32(rec[12:]))
		if offset > uint64(len(data)) {
			continue
		}
		// Some writers cut the padding off the last table, or more.
		end := min(offset+length, uint64(len(data)))
		tag := string(rec[:4])
		if f.tables[tag] == nil {
			f.tables[tag] = data[offset:end]
		}
	}
	return f, true
}

// bytes writes the font with its tables in order of their names.
func (f sfnt) bytes() []byte {
	tags := make([]string, 0, len(f.tables))
	size := 12
	for tag, t := range f.tables {
		tags = append(tags, tag)
		size += 16 + (len(t)+3)&^3
	}
	slices.Sort(tags)
	out := make([]byte, 12+16*len(tags), size)
	be.PutUint32(out, f.version)
	be.PutUint16(out[4:], uint16(len(tags)))
	log := int(math.Log2(float64(max(len(tags), 1))))
	be.PutUint16(out[6:], uint16(16<<log))
	be.PutUint16(out[8:], uint16(log))
	be.PutUint16(out[10:], uint16(16*len(tags)-16<<log))
	head := -1
	for i, tag := range tags {
		t := f.tables[tag]
		rec := out[12+16*i:]
		copy(rec, tag)
		be.PutUint32(rec[8:], uint32(len(out)))
		be.PutUint32(rec[12:], uint32(len(t)))
		start := len(out)
		out = append(out, t...)
		if tag == "head" && len(t) >= 12 {
			head = start
			be.PutUint32(out[start+8:], 0)
		}
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
		be.PutUint32(out[12+16*i+4:], checksum(out[start:]))
	}
	if head >= 0 {
		be.PutUint32(out[head+8:], 0xb1b0afba-checksum(out))
	}
	return out
}

func checksum(b []byte) (sum uint32) {
	for ; len(b) >= 4; b = b[4:] {
		sum += be.Uint32(b)
	}
	return sum
}

// charMap is one table of a cmap: from codes of some kind to glyphs.
type charMap struct {
	platform, encoding int
	lookup             func(code int) int
	used               map[int]int // what was found
}

func (m *charMap) find(code int) int {
	gid := m.lookup(code)
	if gid != 0 && code <= 0xffff {
		m.used[code] = gid
	}
	return gid
}

// readCmap reads the tables of a cmap; ok is false when one has a format that is
// not known here.
func readCmap(t []byte) (maps []*charMap, ok bool) {
	if t == nil {
		return nil, true
	}
	if len(t) < 4 || int(be.Uint16(t[2:])) > 64 {
		return nil, false
	}
	n := int(be.Uint16(t[2:]))
	if len(t) < 4+8*n {
		return nil, false
	}
	for i := range n {
		rec := t[4+8*i:]
		offset := be.Uint32(rec[4:])
		if uint64(offset)+8 > uint64(len(t)) {
			return nil, false
		}
		sub := t[offset:]
		ok := true
		m := &charMap{platform: int(be.Uint16(rec)), encoding: int(be.Uint16(rec[2:])), used: map[int]int{}}
		switch be.Uint16(sub) {
		case 0:
			m.lookup = func(code int) int {
				if code < 0 || code > 255 || 6+code >= len(sub) {
					return 0
				}
				return int(sub[6+code])
			}
		case 4:
			m.lookup, ok = format4(sub)
		case 6:
			m.lookup = format6(sub)
		case 12:
			m.lookup, ok = format12(sub)
		case 14:
			continue // variants of characters, of which PDF has none
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
		maps = append(maps, m)
	}
	return maps, true
}

// format4 is a map of segments; ok is false when they are in disorder, which
// readers make different things of.
func format4(t []byte) (lookup func(int) int, ok bool) {
	u16 := func(at int) int {
		if at < 0 || at+2 > len(t) {
			return 0
		}
		return int(be.Uint16(t[at:]))
	}
	n := u16(6) / 2
	for i := 1; i < n; i++ {
		if u16(14+2*i) < u16(12+2*i) {
			return nil, false
		}
	}
	return func(code int) int {
		i := sort.Search(n, func(i int) bool { return u16(14+2*i) >= code })
		start := u16(16 + 2*n + 2*i)
		if i == n || code < start {
			return 0
		}
		delta, at := u16(16+4*n+2*i), 16+6*n+2*i
		rangeOffset := u16(at)
		if rangeOffset == 0 || rangeOffset == 0xffff {
			return (code + delta) & 0xffff
		}
		if gid := u16(at + rangeOffset + 2*(code-start)); gid != 0 {
			return (gid + delta) & 0xffff
		}
		return 0
	}, true
}

func format6(t []byte) func(int) int {
	return func(code int) int {
		if len(t) < 10 {
			return 0
		}
		i := code - int(be.Uint16(t[6:]))
		if i < 0 || i >= int(be.Uint16(t[8:])) || 12+2*i > len(t) {
			return 0
		}
		return int(be.Uint16(t[10+2*i:]))
	}
}

func format12(t []byte) (lookup func(int) int, ok bool) {
	if len(t) < 16 {
		return nil, false
	}
	n := min(int(be.Uint32(t[12:])), (len(t)-16)/12)
	group := func(i, field int) int { return int(be.Uint32(t[16+12*i+4*field:])) }
	for i := 1; i < n; i++ {
		if group(i, 1) < group(i-1, 1) {
			return nil, false
		}
	}
	return func(code int) int {
		i := sort.Search(n, func(i int) bool { return group(i, 1) >= code })
		if i == n || code < group(i, 0) {
			return 0
		}
		return (group(i, 2) + code - group(i, 0)) & 0xffff
	}, true
}

// writeCmap writes what was found in the tables, each in format 4.
func writeCmap(maps []*charMap) []byte {
	out := make([]byte, 4+8*len(maps))
	be.PutUint16(out[2:], uint16(len(maps)))
	for i, m := range maps {
		be.PutUint16(out[4+8*i:], uint16(m.platform))
		be.PutUint16(out[6+8*i:], uint16(m.encoding))
		be.PutUint32(out[8+8*i:], uint32(len(out)))
		codes := make([]int, 0, len(m.used)+1)
		for c := range m.used {
			if c != 0xffff {
				codes = append(codes, c)
			}
		}
		slices.Sort(codes)
		codes = append(codes, 0xffff)
		n := len(codes)
		log := int(math.Log2(float64(n)))
		u16 := func(v int) { out = be.AppendUint16(out, uint16(v)) }
		for _, v := range []int{4, 16 + 8*n, 0, 2 * n, 2 << log, log, 2*n - 2<<log} {
			u16(v)
		}
		for _, c := range codes {
			u16(c)
		}
		u16(0)
		for _, c := range codes {
			u16(c)
		}
		for _, c := range codes {
			u16(m.used[c] - c)
		}
		for range codes {
			u16(0)
		}
	}
	return out
}

// postNames are the names of a table post by glyph.
func postNames(t []byte, glyphs int) map[string]int {
	if len(t) < 32 {
		return nil
	}
	mac := tables().mac
	names := map[string]int{}
	switch be.Uint32(t) {
	case 0x00010000:
		for gid, n := range mac[:min(len(mac), glyphs)] {
			names[n] = gid
		}
	case 0x00020000:
		if len(t) < 34 {
			return nil
		}
		n := int(be.Uint16(t[32:]))
		if 34+2*n > len(t) {
			return nil
		}
		var own []string
		for rest := t[34+2*n:]; len(rest) > 0 && len(rest) > int(rest[0]); rest = rest[1+int(rest[0]):] {
			own = append(own, string(rest[1:1+int(rest[0])]))
		}
		for gid := range n {
			i := int(be.Uint16(t[34+2*gid:]))
			name := ""
			if i < len(mac) {
				name = mac[i]
			} else if i -= len(mac); i < len(own) {
				name = own[i]
			}
			if _, ok := names[name]; !ok {
				names[name] = gid
			}
		}
	}
	return names
}
