package holdings

import (
	"bytes"
	"encoding/hex"
	"regexp"
	"strings"

	"pst/store/holdings/internal/lazy"
)

// Where an excerpt says its code besides the mark, as it stands in the bytes of
// the file, or of what other programs made of it: the packet of XMP, the words of
// the information dictionary, the first of the identifiers, which every program
// must keep (ISO 32000-1, 14.4).
var codePlaces = []func() *regexp.Regexp{ // each begins with letters that are quickly found
	lazy.Regexp(`<dc:identifier>\s*([0-9A-Z]{10})\s*</dc:identifier>`),
	lazy.Regexp(`/Keywords\s*(` + stringShape + `)`),
	lazy.Regexp(`/ID\s*\[\s*(` + stringShape + `)`),
}

const stringShape = `\((?:[^()\\]|\\.){0,60}\)|<[0-9A-Fa-f\s]{0,120}>`

var codeAlone = lazy.Regexp(`^[0-9A-HJKMNP-TV-Z]{10}$`)

// CodeIn is the excerpt code that a file says it has, "" where it says none. It
// looks at the bytes and reads no PDF, so that any file may be shown to it; what it
// finds anybody may have written there.
func CodeIn(data []byte) string {
	for _, place := range codePlaces {
		for _, m := range place().FindAllSubmatch(data, 16) {
			if code := plainString(m[1]); codeAlone().MatchString(code) {
				return code
			}
		}
	}
	return ""
}

// plainString is a string of a PDF file in ASCII, without what stands between its
// letters in UTF-16.
func plainString(s []byte) string {
	s = bytes.TrimSpace(s)
	switch {
	case bytes.HasPrefix(s, []byte("(")):
		s = bytes.Trim(s, "()")
	case bytes.HasPrefix(s, []byte("<")):
		s = bytes.Join(bytes.Fields(bytes.Trim(s, "<>")), nil)
		b := make([]byte, hex.DecodedLen(len(s)))
		n, _ := hex.Decode(b, s) // what is no hex ends it
		s = b[:n]
	}
	s = bytes.TrimPrefix(s, []byte{0xfe, 0xff})
	return strings.ReplaceAll(strings.TrimPrefix(string(s), `\376\377`), "\x00", "")
}
