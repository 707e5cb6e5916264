package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"pst/bot"
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
	at := bot.Cut(all.String(), limit)
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
