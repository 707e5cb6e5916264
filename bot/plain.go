package bot

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ShortText is how long a message is at most that is sent because a longer one was
// refused as malformed, in UTF-16 units.
const ShortText = 1000

// bold is the one neutral mark, *tebal*.
var bold = regexp.MustCompile(`\*([^*\n]+)\*`)

// Plain is a text without the neutral mark.
func Plain(text string) string { return bold.ReplaceAllString(text, "$1") }

// Chop cuts a text into messages of at most limit UTF-16 units, each
// without space at its ends.
func Chop(text string, limit int) []string {
	var out []string
	for text != "" {
		at := Cut(text, limit)
		if s := strings.TrimSpace(text[:at]); s != "" {
			out = append(out, s)
		}
		text = text[at:]
	}
	return out
}

// Cut is the byte at which text is cut so that the front has at most limit
// UTF-16 units: after a blank line, a line, a word, and only then inside a word, but
// never between the parts of one sign. The front keeps at least half the room,
// so that a line break near the top does not make many small messages.
func Cut(text string, limit int) int {
	units, end := 0, len(text)
	for i, r := range text {
		units += unitsOf(r)
		if units > limit {
			end = i
			break
		}
	}
	if end == len(text) {
		return end
	}
	front := text[:end]
	for _, sep := range []string{"\n\n", "\n", " "} {
		if i := strings.LastIndex(front, sep); i >= end/2 {
			return i + len(sep)
		}
	}
	// A joined sign goes to the back whole, when it is not absurdly long.
	for i := end; i > end-40 && i > 0; {
		r, _ := utf8.DecodeRuneInString(text[i:])
		before, size := utf8.DecodeLastRuneInString(text[:i])
		if !joins(r) && before != zeroWidthJoiner {
			return i
		}
		i -= size
	}
	return end
}

const zeroWidthJoiner = '\u200d'

// joins tells whether a rune belongs to the sign before it.
func joins(r rune) bool {
	return unicode.Is(unicode.M, r) || r == zeroWidthJoiner || r >= 0x1f3fb && r <= 0x1f3ff // shades of emoji
}

func unitsOf(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}
