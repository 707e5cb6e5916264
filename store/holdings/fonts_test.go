package holdings

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"pst/conversation"
	"pst/store/holdings/internal/madefont"
	"pst/store/holdings/internal/pdfout"
	"pst/store/holdings/internal/subset"
)

// embedding is one way in which a file embeds a font.
type embedding struct {
	name    string
	program func() []byte
	file    string // "FontFile2" …
	stream  string // further entries of the program's stream
	font    string // further entries of the font, which is composite if it has none of its own Subtype
	below   string // of its descendant
	cid     int    // of the first letter, of a composite font
	symbol  bool
	glyphs  func(first int) []byte // CIDToGIDMap
}

// embeddings are the kinds of fonts that publications have (ISO 32000-1, 9.6 to
// 9.9).
func embeddings() []embedding {
	type1 := func() []byte { data, _, _, _ := madefont.Type1(); return data }
	_, l1, l2, l3 := madefont.Type1()
	lengths := fmt.Sprintf("/Length1 %d/Length2 %d/Length3 %d", l1, l2, l3)
	mapped := func(int) []byte {
		m := make([]byte, 2*1000)
		for r := rune(madefont.First); r <= madefont.Last; r++ {
			at := 2 * (500 + int(r) - madefont.First)
			m[at+1] = byte(goGlyph(r))
		}
		return m
	}
	return []embedding{
		{name: "TrueType, WinAnsi", program: madefont.TrueType, file: "FontFile2",
			font: "/Subtype/TrueType/Encoding/WinAnsiEncoding"},
		{name: "TrueType, symbolic", program: madefont.TrueType, file: "FontFile2", font: "/Subtype/TrueType", symbol: true},
		{name: "TrueType, differences", program: madefont.TrueType, file: "FontFile2",
			font: "/Subtype/TrueType/Encoding<</BaseEncoding/MacRomanEncoding/Differences[74/U 97/eacute/b 99/uni0108]>>"},
		{name: "TrueType, composite", program: madefont.TrueType, file: "FontFile2",
			below: "/Subtype/CIDFontType2/CIDToGIDMap/Identity",
			cid:   goGlyph(madefont.First)},
		{name: "TrueType, mapped", program: madefont.TrueType, file: "FontFile2",
			below: "/Subtype/CIDFontType2", cid: 500, glyphs: mapped},
		{name: "CFF", program: madefont.CFF, file: "FontFile3", stream: "/Subtype/Type1C",
			font: "/Subtype/Type1/Encoding/WinAnsiEncoding"},
		{name: "CFF, its own encoding", program: madefont.CFF, file: "FontFile3", stream: "/Subtype/Type1C",
			font: "/Subtype/Type1", symbol: true},
		{name: "CFF, differences", program: madefont.CFF, file: "FontFile3", stream: "/Subtype/Type1C",
			font: "/Subtype/Type1/Encoding<</Differences[74/U/V 97/at/b]>>"},
		{name: "CFF, OpenType", program: madefont.OpenType, file: "FontFile3", stream: "/Subtype/OpenType",
			font: "/Subtype/Type1/Encoding/WinAnsiEncoding"},
		{name: "CFF with CIDs", program: madefont.CIDs, file: "FontFile3", stream: "/Subtype/CIDFontType0C",
			below: "/Subtype/CIDFontType0", cid: madefont.FirstCID},
		{name: "CFF without CIDs, composite", program: madefont.CFF, file: "FontFile3", stream: "/Subtype/CIDFontType0C",
			below: "/Subtype/CIDFontType0", cid: 1},
		{name: "Type 1", program: type1, file: "FontFile", stream: lengths,
			font: "/Subtype/Type1/Encoding/WinAnsiEncoding"},
		{name: "Type 1, differences", program: type1, file: "FontFile", stream: lengths,
			font: "/Subtype/Type1/Encoding<</Differences[74/U/V 97/at/b]>>", symbol: true},
	}
}

// goGlyph is the number of a letter's glyph in the TrueType font, whose letters
// of ASCII follow on one another.
func goGlyph(r rune) int { return int(r) - madefont.First + 3 }

// book is a publication in this font; page n says says[n].
func (e embedding) book(says []string) []byte {
	w := pdfout.New()
	root, tree := w.Reserve(), w.Reserve()
	program := w.AddFlate(e.stream, e.program())
	flags := 32
	if e.symbol {
		flags = 4
	}
	descriptor := w.Add(fmt.Sprintf("<</Type/FontDescriptor/FontName/ABCDEF+Made/Flags %d/FontBBox[-200 -300 1200 1100]"+
		"/ItalicAngle 0/Ascent 900/Descent -200/CapHeight 700/StemV 80/%s %s>>", flags, e.file, program))
	widths := strings.Repeat(" 560", 95)
	var font string
	if e.below == "" {
		font = fmt.Sprintf("<</Type/Font/BaseFont/ABCDEF+Made%s/FirstChar 32/LastChar 126/Widths[%s]/FontDescriptor %s>>",
			e.font, widths, descriptor)
	} else {
		below := e.below
		if e.glyphs != nil {
			below += "/CIDToGIDMap " + w.AddFlate("", e.glyphs(e.cid)).String()
		}
		font = fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Made/Encoding/Identity-H/DescendantFonts["+
			"<</Type/Font/BaseFont/ABCDEF+Made%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
			"/DW 560/FontDescriptor %s>>]>>",
			below, descriptor)
	}
	ref := w.Add(font)
	var kids []string
	for _, s := range says {
		shown := pdfout.Literal([]byte(s))
		if e.below != "" {
			var codes []byte
			for _, r := range s {
				cid := e.cid + int(r) - madefont.First
				codes = append(codes, byte(cid>>8), byte(cid))
			}
			shown = pdfout.Hex(codes)
		}
		content := w.AddFlate("", []byte("BT /F1 30 Tf 20 60 Td "+shown+" Tj ET"))
		page := w.Add(fmt.Sprintf("<</Type/Page/Parent %s/MediaBox[0 0 500 150]/Resources<</Font<</F1 %s>>>>/Contents %s>>",
			tree, ref, content))
		kids = append(kids, page.String())
	}
	w.Put(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(says), strings.Join(kids, " ")))
	w.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
	return w.Finish(root, "")
}

// A page shows the same with the glyphs it needs as with the whole font, and
// weighs less; and it does not have the glyphs of other pages.
func TestFontsAreCutToWhatPagesShow(t *testing.T) {
	const says = "Jumlah: 42 a b c (jiwa)"
	for _, e := range embeddings() {
		t.Run(e.name, func(t *testing.T) {
			source := e.book([]string{says, "XYZ", says, says, says})
			x, err := cutFile(t, source, order(conversation.NewPageSet(1)))
			if err != nil || x.Mode != "vector" || x.Verdict != "ok" {
				t.Fatalf("%s, %s, %v", x.Mode, x.Verdict, err)
			}
			showsTheSame(t, source, x, conversation.NewPageSet(1), variant{})
			whole := openTest(t, source)
			defer whole.close()
			other := openTest(t, e.book([]string{"XYZ"}))
			defer other.close()
			if bytes.Equal(pixels(t, whole, 1, 500, 150).Pix, pixels(t, other, 1, 500, 150).Pix) {
				t.Error("the font shows nothing")
			}
			if font := len(x.Data) - markAloneBytes(t); font > len(source)*2/3 {
				t.Errorf("%d bytes of %d", font, len(source))
			}
		})
	}
}

// markAloneBytes is what an excerpt weighs of a page, of the size of those of
// these tests, with nothing on it.
func markAloneBytes(t *testing.T) int {
	t.Helper()
	m := newMade()
	each(func(n int) { m.content[n], m.extra[n] = "", "/MediaBox[0 0 500 150]" })
	out, err := cutChecked(context.Background(), mustRead(t, m.file()), order(conversation.NewPageSet(1)))
	if err != nil {
		t.Fatal(err)
	}
	return len(out)
}

// The test above would notice a glyph that is missing.
func TestAMissingGlyphIsSeen(t *testing.T) {
	const says = "Jumlah"
	for _, e := range embeddings() {
		if e.name != "TrueType, WinAnsi" && e.name != "CFF" {
			continue
		}
		whole := e.program
		source := openTest(t, e.book([]string{says}))
		cut, ok := subset.Program(whole(), subset.Shown{Codes: []int{'J', 'u', 'm', 'l', 'a'}})
		if !ok {
			t.Fatal(e.name)
		}
		e.program = func() []byte { return cut }
		without := openTest(t, e.book([]string{says}))
		if bytes.Equal(pixels(t, source, 1, 500, 150).Pix, pixels(t, without, 1, 500, 150).Pix) {
			t.Errorf("%s: no difference without the h", e.name)
		}
		source.close()
		without.close()
	}
}

// A single page of a publication with several large fonts is small: its fonts
// are not the publication's.
func TestAPageOfAHeavyBookIsLight(t *testing.T) {
	e := embeddings()[0]
	e.program = madefont.Heavy
	says := make([]string, 10)
	for i := range says {
		says[i] = fmt.Sprintf("Tabel %d", i)
	}
	source := e.book(says)
	if len(source) < 500<<10 {
		t.Fatalf("the book has %d kB only", len(source)>>10)
	}
	out, err := cutChecked(context.Background(), mustRead(t, source), order(conversation.NewPageSet(4)))
	if err != nil || len(out) > 40<<10 {
		t.Errorf("%d kB, %v", len(out)>>10, err)
	}
}
