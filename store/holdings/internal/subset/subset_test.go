package subset_test

import (
	"bytes"
	"testing"

	"golang.org/x/image/font/sfnt"

	"pst/store/holdings/internal/madefont"
	"pst/store/holdings/internal/subset"
)

func text(s string) (codes []int) {
	for _, c := range []byte(s) {
		codes = append(codes, int(c))
	}
	return codes
}

// Another reader finds each glyph where it was: outlines of the letters shown,
// and of the parts they are made of, and no other.
func TestGlyphsKeepTheirNumbers(t *testing.T) {
	whole := madefont.TrueType()
	cut, ok := subset.Program(whole, subset.Shown{Codes: text("Aé")[:1], Names: map[int]string{'A': "eacute"}})
	if !ok || len(cut) > len(whole)/4 {
		t.Fatalf("%d of %d bytes, %v", len(cut), len(whole), ok)
	}
	before, err := sfnt.Parse(whole)
	if err != nil {
		t.Fatal(err)
	}
	after, err := sfnt.Parse(cut)
	if err != nil {
		t.Fatal(err)
	}
	if before.NumGlyphs() != after.NumGlyphs() {
		t.Errorf("%d glyphs, want %d", after.NumGlyphs(), before.NumGlyphs())
	}
	var b sfnt.Buffer
	outline := func(f *sfnt.Font, r rune) int {
		gid, err := before.GlyphIndex(&b, r)
		if err != nil || gid == 0 {
			t.Fatal(r, err)
		}
		s, err := f.LoadGlyph(&b, gid, 64000, nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(s)
	}
	for _, r := range "éAZq" {
		want := outline(before, r)
		if r == 'q' || r == 'Z' {
			want = 0
		}
		if got := outline(after, r); got != want {
			t.Errorf("%c: %d segments, want %d", r, got, want)
		}
	}
}

func TestTheWholeFontWhereGlyphsAreNotKnown(t *testing.T) {
	type1, l1, l2, _ := madefont.Type1()
	for name, s := range map[string]subset.Shown{
		"expert set":        {Codes: []int{'A'}, Expert: true},
		"nothing shown":     {},
		"a name unheard of": {Codes: []int{'A'}, Names: map[int]string{'A': "zwischenraum"}},
	} {
		for kind, program := range map[string][]byte{
			"TrueType": madefont.TrueType(), "CFF": madefont.CFF(), "OpenType": madefont.OpenType(),
		} {
			if _, ok := subset.Program(program, s); ok {
				t.Errorf("%s, %s: cut", kind, name)
			}
		}
		if _, _, ok := subset.Type1(type1, l1, l2, s); ok {
			t.Errorf("Type 1, %s: cut", name)
		}
	}
	if _, ok := subset.Program(madefont.CIDs(), subset.Shown{Codes: []int{'A'}}); ok {
		t.Error("font with CIDs as a simple one: cut")
	}
	for _, program := range [][]byte{
		nil, {1, 0, 4, 4}, []byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x02"), bytes.Repeat([]byte("OTTO"), 9),
	} {
		if _, ok := subset.Program(program, subset.Shown{Codes: []int{'A'}}); ok {
			t.Errorf("%q: cut", program)
		}
	}
}

func TestTheSameCutGivesTheSameBytes(t *testing.T) {
	for _, program := range [][]byte{madefont.TrueType(), madefont.CFF(), madefont.OpenType()} {
		one, ok := subset.Program(program, subset.Shown{Codes: text("Jumlah")})
		two, _ := subset.Program(program, subset.Shown{Codes: text("Jumlah")})
		if !ok || !bytes.Equal(one, two) {
			t.Error("two cuts differ")
		}
		// What was cut can be cut once more.
		if again, ok := subset.Program(one, subset.Shown{Codes: text("Jum")}); ok && len(again) > len(one) {
			t.Error("grew")
		}
	}
}

func FuzzProgram(f *testing.F) {
	for _, program := range [][]byte{madefont.TrueType(), madefont.CFF(), madefont.CIDs(), madefont.OpenType()} {
		f.Add(program, []byte("Jumlah"), false)
		f.Add(program, []byte{0, 100, 0, 120, 3, 4}, true)
	}
	f.Fuzz(func(t *testing.T, program, codes []byte, composite bool) {
		s := subset.Shown{Composite: composite}
		for i := range codes {
			switch {
			case !composite:
				s.Codes = append(s.Codes, int(codes[i]))
			case i%2 == 1:
				s.Codes = append(s.Codes, int(codes[i-1])<<8|int(codes[i]))
			}
		}
		before := bytes.Clone(program)
		if out, ok := subset.Program(program, s); ok && len(out) >= len(program) {
			t.Errorf("%d bytes became %d", len(program), len(out))
		}
		if !bytes.Equal(before, program) {
			t.Error("the program was changed")
		}
	})
}

func FuzzType1(f *testing.F) {
	data, l1, l2, _ := madefont.Type1()
	f.Add(data, l1, l2, []byte("Jumlah"))
	f.Fuzz(func(t *testing.T, program []byte, l1, l2 int, codes []byte) {
		out, lengths, ok := subset.Type1(program, l1, l2, subset.Shown{Codes: text(string(codes))})
		if ok && lengths[0]+lengths[1]+lengths[2] != len(out) {
			t.Errorf("parts of %v bytes in %d", lengths, len(out))
		}
	})
}
