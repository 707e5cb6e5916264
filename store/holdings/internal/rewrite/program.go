package rewrite

import (
	"fmt"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/internal/pdfout"
	"pst/store/holdings/internal/subset"
)

// program writes a font program with the glyphs shown, or whole where these
// cannot be told for certain.
func (r *Rewriter) program(f *font, key string, sd types.StreamDict) (pdfout.Ref, error) {
	data, err := r.decode(sd)
	if err != nil {
		return 0, err
	}
	shown, known := r.glyphsOf(f)
	if key == "FontFile" {
		l1, l2 := r.int(sd.Dict["Length1"], 0), r.int(sd.Dict["Length2"], 0)
		l3 := max(r.int(sd.Dict["Length3"], 0), 0)
		if l1 <= 0 || l2 <= 0 || l1+l2 > len(data) {
			return 0, notUnderstood("font program without its lengths")
		}
		l3 = min(l3, len(data)-l1-l2)
		data = data[:l1+l2+l3]
		if known {
			if cut, l, ok := subset.Type1(data, l1, l2, shown); ok {
				data, l1, l2, l3 = cut, l[0], l[1], l[2]
			}
		}
		return r.flate(fmt.Sprintf("/Length1 %d/Length2 %d/Length3 %d", l1, l2, l3), data), nil
	}
	if known {
		if cut, ok := subset.Program(data, shown); ok {
			data = cut
		}
	}
	if key == "FontFile2" {
		return r.flate(fmt.Sprintf("/Length1 %d", len(data)), data), nil
	}
	switch kind := r.name(sd.Dict["Subtype"]); kind {
	case "Type1C", "CIDFontType0C", "OpenType":
		return r.flate("/Subtype/"+kind, data), nil
	}
	return 0, notUnderstood("font program")
}

// glyphsOf is what a font shows, as package subset wants it; ok is false when
// nobody here knows which glyphs its codes lead to.
func (r *Rewriter) glyphsOf(f *font) (s subset.Shown, ok bool) {
	if f.composite {
		cids := f.cids()
		for c := range cids {
			s.Codes = append(s.Codes, c)
		}
		slices.Sort(s.Codes)
		s.Composite = true
		if sd, isMap := r.stream(f.below["CIDToGIDMap"]); isMap {
			var err error
			if s.Glyphs, err = r.decode(sd); err != nil {
				return s, false
			}
		}
		return s, cids != nil
	}
	encoding := r.dict(f.dict["Encoding"])
	s.Codes, s.Names, s.Texts = f.sortedCodes(), r.codeNames(encoding), map[int]rune{}
	for _, o := range []types.Object{f.dict["Encoding"], encoding["BaseEncoding"]} {
		s.Expert = s.Expert || r.name(o) == "MacExpertEncoding"
	}
	sd, isMap := r.stream(f.dict["ToUnicode"])
	if !isMap {
		return s, true
	}
	data, err := r.decode(sd)
	if err != nil {
		return s, false
	}
	m, err := readCMap(data)
	if err != nil {
		return s, false
	}
	for _, c := range s.Codes {
		if t := m.text(c); len(t) == 2 {
			s.Texts[c] = rune(t[0])<<8 | rune(t[1])
		}
	}
	return s, true
}
