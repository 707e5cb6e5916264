// Package subset cuts font programs down to the glyphs that are shown. Glyphs
// keep their numbers, names and codes, so that nothing else of a PDF font
// changes: outlines that nobody needs are emptied, and tables that no reader of
// PDF looks at are left out.
//
// Which glyph a code shows, readers do not all agree on. Every glyph is kept
// that one of the ways leads to (ISO 32000-1, 9.6.6 and 9.7.4); when none leads
// anywhere, or a program is not understood, there is no subset and the whole
// program must be used.
package subset

import "bytes"

// Shown is what a font shows.
type Shown struct {
	// Codes of a simple font, 0…255; CIDs of a composite one.
	Codes     []int
	Composite bool
	// Names of a simple font's codes, as its encoding's differences give them.
	Names map[int]string
	// Expert says that the base encoding is MacExpertEncoding.
	Expert bool
	// Texts are characters that codes stand for by the font's ToUnicode, which
	// some readers ask the font for when nothing else leads to a glyph.
	Texts map[int]rune
	// Glyphs is a composite font's CIDToGIDMap when it is a stream.
	Glyphs []byte
}

// maxProgram bounds a program that is looked at; real ones have up to 20 MB.
const maxProgram = 64 << 20

// Program cuts a program of FontFile2 or FontFile3. ok is false when the whole
// must be used.
func Program(data []byte, s Shown) (out []byte, ok bool) {
	if len(data) < 12 || len(data) > maxProgram || len(s.Codes) == 0 {
		return nil, false
	}
	switch {
	case bytes.HasPrefix(data, []byte{0, 1, 0, 0}), bytes.HasPrefix(data, []byte("true")):
		out, ok = trueType(data, s)
	case bytes.HasPrefix(data, []byte("OTTO")):
		out, ok = openType(data, s)
	case data[0] == 1:
		out, ok = cff(data, s, nil)
	}
	return out, ok && len(out) < len(data)
}

// cids are the glyphs of a composite font's CIDs by its map.
func (s Shown) mapped(cid int) (gid int, ok bool) {
	if s.Glyphs == nil {
		return cid, true
	}
	if 2*cid+1 >= len(s.Glyphs) || cid < 0 {
		return 0, false
	}
	return int(s.Glyphs[2*cid])<<8 | int(s.Glyphs[2*cid+1]), true
}

// keep is a set of glyphs.
type keep []bool

func (k keep) add(gid int) bool {
	if gid < 0 || gid >= len(k) {
		return false
	}
	k[gid] = true
	return true
}
