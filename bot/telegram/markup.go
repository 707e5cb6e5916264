package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Telegram's limits, in UTF-16 units of what people see, after the markup is
// taken away.
const (
	maxText    = 4096
	maxCaption = 1024
)

// span is a stretch of text, bold or not.
type span struct {
	text string
	bold bool
}

// parse reads the neutral mark: *tebal*. A star counts when it opens before a
// word and closes after one on the same line; all others are plain stars.
func parse(text string) []span {
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r < ' ' && r != '\n' && r != '\t' {
			return -1 // Telegram refuses the first and drops the others
		}
		return r
	}, text)
	var out []span
	for text != "" {
		open, end := marked(text)
		if open < 0 {
			return append(out, span{text: text})
		}
		if open > 0 {
			out = append(out, span{text: text[:open]})
		}
		out = append(out, span{text: text[open+1 : end], bold: true})
		text = text[end+1:]
	}
	return out
}

// marked finds the first pair of stars, or -1.
func marked(text string) (open, end int) {
	for open := 0; open < len(text); open++ {
		if text[open] != '*' || !opens(text, open) {
			continue
		}
		line := strings.IndexByte(text[open:], '\n')
		if line < 0 {
			line = len(text) - open
		}
		for end := open + 2; end < open+line; end++ {
			if text[end] == '*' && closes(text, end) {
				return open, end
			}
		}
		open += line - 1 // what does not close this star closes no other of its line
	}
	return -1, -1
}

func opens(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1:])
	return (i == 0 || !wordly(before)) && i+1 < len(text) && !unicode.IsSpace(after) && after != '*'
}

func closes(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1:])
	return !unicode.IsSpace(before) && before != '*' && (i+1 == len(text) || !wordly(after))
}

func wordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '*' }

// piece is one message's text: with HTML marks, and bare.
type piece struct{ html, bare string }

// render turns text into messages of at most limit units each, cut at the end
// of a paragraph, a line or a word where there is one. Text without anything to
// see gives none.
func render(text string, limit int) []piece {
	var out []piece
	spans := parse(text)
	for len(spans) > 0 {
		var head []span
		head, spans = split(spans, limit)
		var bare strings.Builder
		for _, s := range head {
			bare.WriteString(s.text)
		}
		if s := write(head); s != "" {
			out = append(out, piece{s, strings.TrimSpace(bare.String())})
		}
	}
	return out
}

// chop cuts a bare text into messages of at most limit units.
func chop(text string, limit int) []string {
	var out []string
	for text != "" {
		at := cut(text, limit)
		if s := strings.TrimSpace(text[:at]); s != "" {
			out = append(out, s)
		}
		text = text[at:]
	}
	return out
}

// escape is all that HTML needs outside of attributes.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// write is the HTML of spans, with the space at both ends taken away as Telegram
// would.
func write(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		text := escape.Replace(s.text)
		if s.bold && strings.TrimSpace(text) != "" {
			text = "<b>" + text + "</b>"
		}
		b.WriteString(text)
	}
	return strings.TrimSpace(b.String())
}

// split takes as many spans from the front as fit into limit units.
func split(spans []span, limit int) (head, tail []span) {
	var all strings.Builder
	for _, s := range spans {
		all.WriteString(s.text)
	}
	at := cut(all.String(), limit)
	for i, s := range spans {
		if at < len(s.text) {
			head = append(head, span{s.text[:at], s.bold})
			tail = append([]span{{s.text[at:], s.bold}}, spans[i+1:]...)
			return head, tail
		}
		at -= len(s.text)
		head = append(head, s)
	}
	return head, nil
}

// cut is the byte at which text is cut so that the front has at most limit
// units: after a blank line, a line, a word, and only then inside a word, but
// never between the parts of one sign. The front keeps at least half the room,
// so that a line break near the top does not make many small messages.
func cut(text string, limit int) int {
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
