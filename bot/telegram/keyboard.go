package telegram

import (
	"cmp"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"pst/conversation"
)

// Widths of captions, in characters, on a cheap phone held upright: three of
// the first or two of the second fit side by side; longer than the last is cut.
const (
	thirdWidth = 10
	halfWidth  = 17
	fullWidth  = 36
	perRow     = 5 // digits side by side
)

type button struct {
	Text string  `json:"text"`
	Data string  `json:"callback_data,omitempty"`
	Copy *copied `json:"copy_text,omitempty"`
}

// copied is what a button puts into the phone's clipboard (Bot API 7.11).
type copied struct {
	Text string `json:"text"` // 1-256 characters
}

// layout is how a letter with answers looks where there are buttons.
type layout struct {
	text   string // without the lines that the buttons say
	lines  string // those lines, for a letter that must go without buttons
	markup string // reply_markup, or "" for none
}

// layout gives each option a button. Buttons say words; a hit, whose line says
// more than a button can, has its number. A line that says no more than its
// button is left out of the text, one that does stays, behind a dot instead of
// a number that no button shows.
func (c *Channel) layout(chat int64, s conversation.Send) layout {
	var rows [][]button
	width := 0 // captions that fit into the present row; 0: none is open
	out := layout{text: s.Text}
	shown := map[string]bool{}
	for _, o := range s.Options {
		data, ok := c.seal.data(chat, s.Paging, s.Menu, o.Key)
		if !ok || shown[o.Key] {
			continue // what does not fit can still be typed
		}
		shown[o.Key] = true
		text, fit := caption(o)
		if fit != width || len(rows[len(rows)-1]) >= fit {
			rows, width = append(rows, nil), fit
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], button{Text: text, Data: data})
		out.leaveOut(o, text)
	}
	for _, n := range s.Copy {
		if text := "Salin " + n; n != "" && len(n) <= 256 && utf8.RuneCountInString(text) <= fullWidth {
			rows = append(rows, []button{{Text: text, Copy: &copied{n}}})
		}
	}
	out.text = strings.TrimSpace(out.text)
	if out.text == "" { // nothing but answers
		out.text, out.lines = s.Text, ""
	}
	if len(rows) == 0 {
		return out
	}
	markup, err := json.Marshal(map[string]any{"inline_keyboard": rows})
	if err == nil { // strings always encode
		out.markup = string(markup)
	}
	return out
}

// leaveOut takes the line of an answer out of the text, or its number where the
// line says more than the button.
func (l *layout) leaveOut(o conversation.Option, caption string) {
	if o.Label == "" || o.Number == "" {
		return
	}
	lines := strings.Split(l.text, "\n")
	for i := len(lines) - 1; i >= 0; i-- { // the question is the last of a text
		rest, ok := strings.CutPrefix(lines[i], "*"+o.Number+"* ")
		if !ok {
			continue
		}
		l.lines += "\n" + lines[i]
		if plain(rest) == caption {
			lines = append(lines[:i], lines[i+1:]...)
		} else {
			lines[i] = "• " + rest
		}
		l.text = strings.Join(lines, "\n")
		return
	}
}

// caption is what a button says and how many like it fit into a row.
func caption(o conversation.Option) (text string, fit int) {
	text = cmp.Or(plain(o.Label), o.Number, o.Key)
	switch n := utf8.RuneCountInString(text); {
	case n <= 2:
		return text, perRow
	case n <= thirdWidth:
		return text, 3
	case n <= halfWidth:
		return text, 2
	case n > fullWidth:
		return string([]rune(text)[:fullWidth-1]) + "…", 1
	}
	return text, 1
}

// plain is a label without the neutral mark, on one line.
func plain(label string) string {
	var b strings.Builder
	for _, s := range parse(label) {
		b.WriteString(s.text)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
