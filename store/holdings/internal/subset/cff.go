package subset

import "bytes"

// openType cuts an OpenType font of cubic outlines: of its tables readers of PDF
// need few.
func openType(data []byte, s Shown) ([]byte, bool) {
	f, ok := readSFNT(data)
	if !ok || f.tables["CFF "] == nil {
		return nil, false
	}
	out := sfnt{f.version, map[string][]byte{}}
	for _, tag := range []string{"head", "hhea", "hmtx", "maxp", "OS/2", "cmap", "post", "name"} {
		if t := f.tables[tag]; t != nil {
			out.tables[tag] = t
		}
	}
	if out.tables["CFF "], ok = cff(f.tables["CFF "], s, f.tables["cmap"]); !ok {
		return nil, false
	}
	return out.bytes(), true
}

// Operators of the dictionaries of CFF (Adobe Technical Note 5176, 9); those of
// two bytes, of which the first is 12, from 1200.
const (
	opCharset     = 15
	opEncoding    = 16
	opCharStrings = 17
	opPrivate     = 18
	opSubrs       = 19
	opType        = 1206
	opROS         = 1230
	opFDArray     = 1236
	opFDSelect    = 1237
)

// cffFont is a font in the Compact Font Format, by its parts.
type cffFont struct {
	data                     []byte
	name, strings            []byte   // whole indexes
	own                      [][]byte // strings of its own
	top                      dict
	global, glyphs           [][]byte
	charset, encoding, fdSel []byte // nil when predefined or absent
	ids                      []int  // by glyph: names' numbers, or CIDs
	privates                 []private
	fonts                    []dict // of a font with CIDs
	fdOf                     func(gid int) int
}

type private struct {
	dict  dict
	subrs [][]byte
}

// cff cuts a font in the Compact Font Format. cmap is the table beside it in an
// OpenType font.
func cff(data []byte, s Shown, cmap []byte) ([]byte, bool) {
	f, ok := readCFF(data)
	if !ok {
		return nil, false
	}
	wanted := make(keep, len(f.glyphs))
	if !wanted.add(0) {
		return nil, false
	}
	if s.Composite {
		f.composite(s, wanted)
	} else if !f.simple(s, wanted, cmap) {
		return nil, false
	}
	f.cut(wanted)
	return f.bytes()
}

// composite finds the glyphs of CIDs. By the letter only fonts that have CIDs
// themselves translate them, but not all readers keep to it.
func (f *cffFont) composite(s Shown, wanted keep) {
	want := map[int]bool{}
	for _, cid := range s.Codes {
		if gid, ok := s.mapped(cid); ok {
			want[gid] = true
			wanted.add(gid)
		}
		want[cid] = true
		wanted.add(cid)
	}
	if f.top.find(opROS) == nil {
		return
	}
	for gid, id := range f.ids {
		if want[id] {
			wanted.add(gid)
		}
	}
}

// simple finds the glyphs of a simple font's codes.
func (f *cffFont) simple(s Shown, wanted keep, cmap []byte) bool {
	if f.top.find(opROS) != nil || s.Expert {
		return false
	}
	t := tables()
	byName := f.byName()
	builtIn, ok := f.builtIn()
	maps, known := readCmap(cmap)
	if !ok || !known {
		return false
	}
	for _, code := range s.Codes {
		if code < 0 || code > 255 {
			return false
		}
		try := func(name string) bool {
			gid, ok := byName[name]
			return ok && wanted.add(gid)
		}
		for _, m := range maps {
			wanted.add(m.find(code))
			wanted.add(m.find(0xf000 + code))
		}
		for _, gid := range builtIn[code] {
			wanted.add(gid)
		}
		if name := s.Names[code]; name != "" {
			if !try(name) && name != ".notdef" && name != "space" && name != "nbspace" {
				return false
			}
			continue
		}
		for _, name := range t.encoded[code] {
			try(name)
		}
	}
	return true
}

// byName are the glyphs of a font without CIDs by their names.
func (f *cffFont) byName() map[string]int {
	out := make(map[string]int, len(f.ids))
	for gid, id := range f.ids {
		if n := f.string(id); n != "" {
			if _, ok := out[n]; !ok {
				out[n] = gid
			}
		}
	}
	return out
}

func (f *cffFont) string(sid int) string {
	standard := tables().cff
	if sid < len(standard) {
		return standard[sid]
	}
	if i := sid - len(standard); i < len(f.own) {
		return string(f.own[i])
	}
	return ""
}

// builtIn are the glyphs that the font's own encoding gives to codes.
func (f *cffFont) builtIn() (glyphs [256][]int, ok bool) {
	e := f.encoding
	if e == nil {
		if n, isSet := f.top.int(opEncoding); isSet && n == 1 {
			return glyphs, false // the encoding of expert sets
		}
		byName, standard := f.byName(), &tables().standard
		for c, name := range standard {
			if gid, ok := byName[name]; ok && name != "" {
				glyphs[c] = append(glyphs[c], gid)
			}
		}
		return glyphs, true
	}
	gid, at := 1, 2
	for range int(e[1]) {
		if e[0]&0x7f == 0 {
			glyphs[e[at]] = append(glyphs[e[at]], gid)
			gid, at = gid+1, at+1
			continue
		}
		for k := range int(e[at+1]) + 1 {
			if c := int(e[at]) + k; c < 256 {
				glyphs[c] = append(glyphs[c], gid)
			}
			gid++
		}
		at += 2
	}
	if e[0]&0x80 != 0 {
		for rest := e[at+1:]; len(rest) >= 3; rest = rest[3:] {
			for gid, id := range f.ids {
				if id == int(be.Uint16(rest[1:])) {
					glyphs[rest[0]] = append(glyphs[rest[0]], gid)
				}
			}
		}
	}
	return glyphs, true
}

// cut empties the outlines that are not wanted, and the subroutines that none
// of the others calls.
func (f *cffFont) cut(wanted keep) {
	u := newUse(f, wanted)
	understood := u.run()
	endchar, ret := []byte{14}, []byte{11}
	for gid := range f.glyphs {
		if !wanted[gid] {
			f.glyphs[gid] = endchar
		}
	}
	if !understood {
		return
	}
	empty := func(subrs [][]byte, used map[int]bool) {
		for i := range subrs {
			if !used[i] {
				subrs[i] = ret
			}
		}
	}
	empty(f.global, u.global)
	for i := range f.privates {
		empty(f.privates[i].subrs, u.local[i])
	}
}

// bytes writes the font. All offsets take five bytes, so that sizes are known
// before they are.
func (f *cffFont) bytes() ([]byte, bool) {
	isCID := f.top.find(opROS) != nil
	size := func(d dict) int { return len(d.bytes()) }
	var privates, subrs [][]byte
	for _, p := range f.privates {
		var local []byte
		if len(p.subrs) > 0 {
			local = writeIndex(p.subrs)
			p.dict = p.dict.set(opSubrs, 0)
			p.dict = p.dict.set(opSubrs, size(p.dict))
		}
		privates, subrs = append(privates, p.dict.bytes()), append(subrs, local)
	}
	top := f.top
	place := func(op int, part []byte, at *int) {
		if part != nil {
			top = top.set(op, *at)
			*at += len(part)
		}
	}
	glyphs := writeIndex(f.glyphs)
	// Once to know the size of the top dictionary, once to know where all stands,
	// once to write it.
	var head, fdArray []byte
	for range 3 {
		head = append([]byte{1, 0, 4, 4}, f.name...)
		head = append(head, writeIndex([][]byte{top.bytes()})...)
		head = append(append(head, f.strings...), writeIndex(f.global)...)
		at := len(head)
		place(opCharset, f.charset, &at)
		place(opEncoding, f.encoding, &at)
		place(opFDSelect, f.fdSel, &at)
		place(opCharStrings, glyphs, &at)
		if isCID {
			fonts := make([][]byte, len(f.fonts))
			for range 2 {
				next := at + len(fdArray)
				for i := range f.fonts {
					fonts[i] = f.fonts[i].set(opPrivate, len(privates[i]), next).bytes()
					next += len(privates[i]) + len(subrs[i])
				}
				fdArray = writeIndex(fonts)
			}
			place(opFDArray, fdArray, &at)
		} else if len(privates) > 0 {
			top = top.set(opPrivate, len(privates[0]), at)
		}
	}
	out := bytes.Join([][]byte{head, f.charset, f.encoding, f.fdSel, glyphs}, nil)
	if isCID {
		out = append(out, fdArray...)
	}
	for i := range privates {
		out = append(append(out, privates[i]...), subrs[i]...)
	}
	return out, true
}
