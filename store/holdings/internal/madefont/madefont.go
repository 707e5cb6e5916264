// Package madefont makes fonts of every kind that PDF files embed, for tests:
// the letters of ASCII out of one free font of quadratic outlines.
package madefont

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// First and Last are the letters that the fonts have; glyph 1 is First.
const (
	First = ' '
	Last  = '~'
)

// FirstCID is where the glyphs of [CIDs] begin.
const FirstCID = 100

var be = binary.BigEndian

// TrueType is the font as it is, 130 kB.
func TrueType() []byte { return goregular.TTF }

// point is a position in thousandths of the font's size.
type point struct{ x, y int }

// step is a part of an outline: one point for a line, or a move, three for a
// curve.
type step struct {
	move bool
	to   []point
}

type glyph struct {
	name  string
	width int
	steps []step
}

// glyphs reads the letters' outlines; the first is .notdef.
func glyphs() []glyph {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic(err) // it is part of the program
	}
	out := []glyph{{name: ".notdef", width: 500}}
	var b sfnt.Buffer
	for r := rune(First); r <= Last; r++ {
		gid, err := f.GlyphIndex(&b, r)
		if err != nil {
			panic(err)
		}
		g := glyph{}
		g.name, _ = f.GlyphName(&b, gid)
		width, err := f.GlyphAdvance(&b, gid, fixed.I(1000), font.HintingNone)
		if err != nil {
			panic(err)
		}
		g.width = width.Round()
		segments, err := f.LoadGlyph(&b, gid, fixed.I(1000), nil)
		if err != nil {
			panic(err)
		}
		g.steps = steps(segments)
		out = append(out, g)
	}
	return out
}

func steps(segments sfnt.Segments) (out []step) {
	at := func(p fixed.Point26_6) point { return point{p.X.Round(), -p.Y.Round()} }
	toward := func(from, to point) point { return point{from.x + (to.x-from.x)*2/3, from.y + (to.y-from.y)*2/3} }
	var now point
	for _, s := range segments {
		p := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			out = append(out, step{move: true, to: []point{p}})
		case sfnt.SegmentOpLineTo:
			out = append(out, step{to: []point{p}})
		case sfnt.SegmentOpQuadTo:
			end := at(s.Args[1])
			out = append(out, step{to: []point{toward(now, p), toward(end, p), end}})
			p = end
		}
		now = p
	}
	return out
}

// number writes a number as charstrings do.
func number(b []byte, n int) []byte {
	switch {
	case n >= -107 && n <= 107:
		return append(b, byte(n+139))
	case n >= 108 && n <= 1131:
		return append(b, byte((n-108)>>8+247), byte(n-108))
	case n <= -108 && n >= -1131:
		return append(b, byte((-n-108)>>8+251), byte(-n-108))
	}
	panic("outline out of bounds")
}

// path writes an outline; close is what ends one of its parts, if anything does.
func path(steps []step, close []byte) (b []byte) {
	var now point
	open := false
	for _, s := range steps {
		if s.move && open {
			b = append(b, close...)
		}
		for _, p := range s.to {
			b = number(number(b, p.x-now.x), p.y-now.y)
			now = p
		}
		switch {
		case s.move:
			b = append(b, 21)
			open = true
		case len(s.to) == 1:
			b = append(b, 5)
		default:
			b = append(b, 8)
		}
	}
	if open {
		b = append(b, close...)
	}
	return b
}

// index writes an INDEX of CFF.
func index(items [][]byte) []byte {
	if len(items) == 0 {
		return []byte{0, 0}
	}
	out := append(be.AppendUint16(nil, uint16(len(items))), 4)
	at := uint32(1)
	out = be.AppendUint32(out, at)
	for _, it := range items {
		at += uint32(len(it))
		out = be.AppendUint32(out, at)
	}
	return append(out, bytes.Join(items, nil)...)
}

// set writes an entry of a DICT of CFF with numbers of five bytes.
func set(op []byte, values ...int) (b []byte) {
	for _, v := range values {
		b = be.AppendUint32(append(b, 29), uint32(v))
	}
	return append(b, op...)
}

// charStrings are the letters for CFF: one in three by itself, one with its
// outline in a local subroutine, and one in a global one behind hints.
func charStrings() (glyph, local, global [][]byte) {
	for i, g := range glyphs() {
		width := g.width - 500 // nominal width below
		body := path(g.steps, nil)
		b := number(nil, width)
		switch i % 3 {
		case 0:
			b = append(append(b, body...), 14)
		case 1:
			b = append(number(b, len(local)-107), 10, 14)
			local = append(local, append(body, 11))
		case 2:
			b = append(number(number(b, 10), 20), 18)             // a hint across
			b = append(number(number(b, 30), 20), 19, 0b11000000) // one along, and a mask of both
			b = append(number(b, len(global)-107), 29)            // it ends in there
			global = append(global, append(body, 14))
		}
		glyph = append(glyph, b)
	}
	return glyph, local, global
}

// CFF is a font of cubic outlines with names, in its standard encoding.
func CFF() []byte {
	glyphs, local, global := charStrings()
	charset := []byte{1, 0, 1, Last - First} // names' numbers go up from "space", 1
	top := func(at [4]int) []byte {
		return bytes.Join([][]byte{set([]byte{15}, at[0]), set([]byte{17}, at[1]), set([]byte{18}, at[2], at[3])}, nil)
	}
	head := func(at [4]int) []byte {
		return bytes.Join([][]byte{{1, 0, 4, 4}, index([][]byte{[]byte("Made")}), index([][]byte{top(at)}),
			index(nil), index(global)}, nil)
	}
	private := privateDict()
	n := len(head([4]int{}))
	all := index(glyphs)
	at := [4]int{n, n + len(charset), len(private), n + len(charset) + len(all)}
	return bytes.Join([][]byte{head(at), charset, all, private, index(local)}, nil)
}

// privateDict has a nominal width of 500, and its subroutines behind it.
func privateDict() []byte {
	widths := append(set([]byte{20}, 500), set([]byte{21}, 500)...)
	return append(widths, set([]byte{19}, len(widths)+6)...)
}

// CIDs is the same as a font with CIDs, of two parts.
func CIDs() []byte {
	glyphs, local, global := charStrings()
	charset := []byte{2, 0, FirstCID, 0, Last - First}
	half := byte(len(glyphs) / 2)
	fdSelect := []byte{3, 0, 2, 0, 0, 0, 0, half, 1, 0, byte(len(glyphs))}
	private := privateDict()
	subrs := index(local)
	top := func(at [4]int) []byte {
		return bytes.Join([][]byte{set([]byte{12, 30}, 391, 392, 0), set([]byte{15}, at[0]), set([]byte{12, 37}, at[1]),
			set([]byte{17}, at[2]), set([]byte{12, 36}, at[3])}, nil)
	}
	head := func(at [4]int) []byte {
		return bytes.Join([][]byte{{1, 0, 4, 4}, index([][]byte{[]byte("Made")}), index([][]byte{top(at)}),
			index([][]byte{[]byte("Adobe"), []byte("Identity")}), index(global)}, nil)
	}
	all := index(glyphs)
	at := [4]int{len(head([4]int{}))}
	at[1] = at[0] + len(charset)
	at[2] = at[1] + len(fdSelect)
	at[3] = at[2] + len(all)
	fonts := func(first int) []byte {
		one, two := set([]byte{18}, len(private), first), set([]byte{18}, len(private), first+len(private)+len(subrs))
		return index([][]byte{one, two})
	}
	first := at[3] + len(fonts(0))
	return bytes.Join([][]byte{head(at), charset, fdSelect, all, fonts(first), private, subrs, private, subrs}, nil)
}

// OpenType is the font of [CFF] in the container of OpenType, without a cmap.
func OpenType() []byte {
	c := CFF()
	out := append([]byte("OTTO"), 0, 1, 0, 16, 0, 0, 0, 0)
	out = append(out, "CFF "...)
	out = be.AppendUint32(out, 0)
	out = be.AppendUint32(out, 28)
	return append(be.AppendUint32(out, uint32(len(c))), c...)
}

// Type1 is a font of FontFile and the lengths of its three parts. Its "i" is made
// of two other letters, as accented letters are.
func Type1() (data []byte, length1, length2, length3 int) {
	head := []byte("%!PS-AdobeFont-1.0: Made\n12 dict begin\n/FontInfo 1 dict dup begin end readonly def\n" +
		"/FontName /Made def\n/PaintType 0 def\n/FontType 1 def\n/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n" +
		"/Encoding StandardEncoding def\n/FontBBox {-200 -300 1200 1100} readonly def\ncurrentdict end\ncurrentfile eexec\n")
	var b bytes.Buffer
	b.WriteString("0000dup /Private 8 dict dup begin\n/RD {string currentfile exch readstring pop} executeonly def\n" +
		"/ND {noaccess def} executeonly def\n/NP {noaccess put} executeonly def\n/BlueValues [] def\n/password 5839 def\n" +
		"/lenIV 4 def\n/Subrs 0 array\nND\n")
	all := glyphs()
	fmt.Fprintf(&b, "2 index /CharStrings %d dict dup begin\n", len(all))
	for _, g := range all {
		code := append(number(number(nil, 0), g.width), 13)
		if g.name == "i" {
			for _, n := range []int{0, 0, 200, 'l', 'o'} {
				code = number(code, n)
			}
			code = append(code, 12, 6)
		} else {
			code = append(append(code, path(g.steps, []byte{9})...), 14)
		}
		code = encrypt(append([]byte("0000"), code...), 4330)
		fmt.Fprintf(&b, "/%s %d RD %s ND\n", g.name, len(code), code)
	}
	b.WriteString("end\nend\nreadonly put\nnoaccess put\n" +
		"dup /FontName get exch definefont pop\nmark currentfile closefile\n")
	secret := encrypt(b.Bytes(), 55665)
	tail := []byte(strings.Repeat(strings.Repeat("0", 64)+"\n", 8) + "cleartomark\n")
	return bytes.Join([][]byte{head, secret, tail}, nil), len(head), len(secret), len(tail)
}

// encrypt is the encryption of Type 1 fonts (Adobe Type 1 Font Format, 7.3).
func encrypt(plain []byte, key uint16) []byte {
	out := make([]byte, len(plain))
	for i, c := range plain {
		out[i] = c ^ byte(key>>8)
		key = (uint16(out[i])+key)*52845 + 22719
	}
	return out
}

// Heavy is the font of [TrueType] with half a megabyte of glyphs of other
// scripts, which nothing here shows.
func Heavy() []byte {
	n := int(be.Uint16(goregular.TTF[4:]))
	tables := map[string][]byte{}
	var order []string
	for i := range n {
		rec := goregular.TTF[12+16*i:]
		tag := string(rec[:4])
		at, size := be.Uint32(rec[8:]), be.Uint32(rec[12:])
		tables[tag] = bytes.Clone(goregular.TTF[at : at+size])
		order = append(order, tag)
	}
	head, maxp, loca := tables["head"], tables["maxp"], tables["loca"]
	if be.Uint16(head[50:]) == 0 {
		var long []byte
		for ; len(loca) >= 2; loca = loca[2:] {
			long = be.AppendUint32(long, 2*uint32(be.Uint16(loca)))
		}
		loca = long
		be.PutUint16(head[50:], 1)
	}
	const more = 4000
	noise := uint32(1)
	for range more {
		g := []byte{0, 1, 0, 0, 0, 0, 0x7f, 0xff, 0x7f, 0xff, 0, 49, 0, 0} // one contour of 50 points
		for range 50 {
			g = append(g, 1)
		}
		for range 200 {
			noise = noise*1664525 + 1013904223
			g = append(g, byte(noise>>28), byte(noise>>20))
		}
		tables["glyf"] = append(tables["glyf"], g[:14+50+200]...)
		loca = be.AppendUint32(loca, uint32(len(tables["glyf"])))
		tables["hmtx"] = append(tables["hmtx"], 0, 0)
	}
	tables["loca"] = loca
	be.PutUint16(maxp[4:], be.Uint16(maxp[4:])+more)
	out := append([]byte{0, 1, 0, 0}, goregular.TTF[4:12]...)
	at := 12 + 16*n
	for _, tag := range order {
		out = append(append(out, tag...), 0, 0, 0, 0)
		out = be.AppendUint32(be.AppendUint32(out, uint32(at)), uint32(len(tables[tag])))
		at += (len(tables[tag]) + 3) &^ 3
	}
	for _, tag := range order {
		out = append(out, tables[tag]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}
