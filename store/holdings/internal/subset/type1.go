package subset

import (
	"bytes"
	"encoding/hex"
	"strconv"

	"pst/store/holdings/internal/lazy"
)

// Type1 cuts a program of FontFile, of which the first and the second part are
// so long. It returns the program with the lengths of its three parts.
func Type1(data []byte, length1, length2 int, s Shown) (out []byte, lengths [3]int, ok bool) {
	if length1 <= 0 || length2 <= 4 || length1+length2 > len(data) || len(data) > maxProgram ||
		data[0] == 0x80 || s.Composite || s.Expert || len(s.Codes) == 0 {
		return nil, lengths, false
	}
	clear, secret := data[:length1], data[length1:length1+length2]
	tail := data[length1+length2:]
	if isHex(secret[:4]) {
		if secret, ok = unhex(secret); !ok {
			return nil, lengths, false
		}
	}
	plain := decrypt(secret, eexecKey)
	t, ok := readType1(plain)
	if !ok {
		return nil, lengths, false
	}
	wanted, ok := t.wanted(s, builtIn1(clear))
	if !ok {
		return nil, lengths, false
	}
	secret = encrypt(t.cut(wanted), eexecKey)
	out = bytes.Join([][]byte{clear, secret, tail}, nil)
	return out, [3]int{len(clear), len(secret), len(tail)}, len(out) < len(data)
}

// Keys of the two encryptions (Adobe Type 1 Font Format, 7.3).
const (
	eexecKey = 55665
	charKey  = 4330
)

func decrypt(b []byte, key uint16) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = c ^ byte(key>>8)
		key = (uint16(c)+key)*52845 + 22719
	}
	return out
}

func encrypt(b []byte, key uint16) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = c ^ byte(key>>8)
		key = (uint16(out[i])+key)*52845 + 22719
	}
	return out
}

func isHex(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

func unhex(b []byte) ([]byte, bool) {
	digits := bytes.Join(bytes.Fields(b), nil)
	out := make([]byte, len(digits)/2)
	_, err := hex.Decode(out, digits[:2*len(out)])
	return out, err == nil
}

// type1 is the encrypted part of a Type 1 font, decrypted.
type type1 struct {
	plain  []byte
	lenIV  int
	glyphs []glyph1
}

// glyph1 is one entry of the dictionary CharStrings: "/A 30 RD … ND".
type glyph1 struct {
	name       string
	start, end int // of the entry, up to the next one
	code       []byte
}

var (
	lenIV1   = lazy.Regexp(`/lenIV\s+(\d+)`)
	start1   = lazy.Regexp(`/CharStrings\s+\d+\s+dict\s+dup\s+begin\s`)
	entry1   = lazy.Regexp(`^\s*/([^\s/{}()<>\[\]%]+)\s+(\d+)\s+(RD|-\|)\s`)
	after1   = lazy.Regexp(`^\s*(ND|\|-|noaccess\s+def|def)\s`)
	encoded1 = lazy.Regexp(`dup\s+(\d+)\s*/([^\s/{}()<>\[\]%]+)\s+put`)
)

// readType1 finds the glyphs. Fonts that have two sets of them, or are written
// by another pattern than all tools write, are not understood.
func readType1(plain []byte) (t type1, ok bool) {
	t = type1{plain: plain, lenIV: 4}
	if m := lenIV1().FindSubmatch(plain); m != nil {
		if t.lenIV, _ = strconv.Atoi(string(m[1])); t.lenIV > 16 {
			return t, false
		}
	}
	if bytes.Count(plain, []byte("/CharStrings")) != 1 {
		return t, false
	}
	at := start1().FindIndex(plain)
	if at == nil {
		return t, false
	}
	for i := at[1] - 1; ; {
		m := entry1().FindSubmatchIndex(plain[i:])
		if m == nil {
			end := bytes.TrimLeft(plain[i:], " \r\n\t")
			return t, len(t.glyphs) > 0 && bytes.HasPrefix(end, []byte("end"))
		}
		n, _ := strconv.Atoi(string(plain[i+m[4] : i+m[5]]))
		body := i + m[1]
		if n < t.lenIV || n > len(plain)-body {
			return t, false
		}
		after := after1().FindIndex(plain[body+n:])
		if after == nil || len(t.glyphs) > 1<<16 {
			return t, false
		}
		end := body + n + after[1] - 1
		code := decrypt(plain[body:body+n], charKey)[t.lenIV:]
		t.glyphs = append(t.glyphs, glyph1{string(plain[i+m[2] : i+m[3]]), i, end, code})
		i = end
	}
}

// builtIn1 are the names that the font's own encoding gives to codes.
func builtIn1(clear []byte) (names [256]string) {
	at := bytes.Index(clear, []byte("/Encoding"))
	if at < 0 {
		return names
	}
	rest := clear[at:]
	if bytes.HasPrefix(bytes.TrimLeft(rest[len("/Encoding"):], " \r\n\t"), []byte("StandardEncoding")) {
		return tables().standard
	}
	for _, m := range encoded1().FindAllSubmatch(rest, 1024) {
		if c, _ := strconv.Atoi(string(m[1])); c < 256 {
			names[c] = string(m[2])
		}
	}
	return names
}

// wanted are the names of the glyphs that codes show, and of the parts these
// are made of.
func (t type1) wanted(s Shown, builtIn [256]string) (names map[string]bool, ok bool) {
	has := map[string][]byte{}
	for _, g := range t.glyphs {
		has[g.name] = g.code
	}
	names = map[string]bool{".notdef": true}
	for _, code := range s.Codes {
		if code < 0 || code > 255 {
			return nil, false
		}
		names[builtIn[code]] = true
		if name := s.Names[code]; name != "" {
			if has[name] == nil && name != ".notdef" && name != "space" && name != "nbspace" {
				return nil, false
			}
			names[name] = true
			continue
		}
		for _, name := range tables().encoded[code] {
			names[name] = true
		}
	}
	for again := true; again; {
		again = false
		for name := range names {
			for _, part := range parts1(has[name]) {
				if !names[part] {
					names[part], again = true, true
				}
			}
		}
	}
	return names, true
}

// parts1 are the glyphs that an accented letter is made of (Adobe Type 1 Font
// Format, 6.4, seac).
func parts1(code []byte) []string {
	var stack []int
	for i := 0; i < len(code); {
		c := code[i]
		i++
		switch {
		case c >= 32 && c <= 246:
			stack = append(stack, int(c)-139)
		case c >= 247 && c <= 254 && i < len(code):
			v := (int(c)-247)*256 + int(code[i]) + 108
			if c >= 251 {
				v = -(int(c)-251)*256 - int(code[i]) - 108
			}
			stack = append(stack, v)
			i++
		case c == 255 && i+4 <= len(code):
			stack = append(stack, int(int32(be.Uint32(code[i:]))))
			i += 4
		case c == 12 && i < len(code):
			if k := len(stack); code[i] == 6 && k >= 2 {
				standard := tables().standard
				return []string{standard[stack[k-2]&0xff], standard[stack[k-1]&0xff]}
			}
			i++
			stack = stack[:0]
		default:
			stack = stack[:0]
		}
	}
	return nil
}

// cut leaves out the glyphs that are not wanted.
func (t type1) cut(wanted map[string]bool) []byte {
	out := make([]byte, 0, len(t.plain))
	last := 0
	for _, g := range t.glyphs {
		if !wanted[g.name] {
			out = append(out, t.plain[last:g.start]...)
			last = g.end
		}
	}
	return append(out, t.plain[last:]...)
}
