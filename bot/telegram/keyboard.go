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
	fewRows    = 5 // labels below each other
)

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

// keyboard is the reply_markup of options, or "" for none. The text of the
// message has the numbered lines already, so where a label would be cut, or
// there are many, the buttons show the numbers alone, several in a row.
func (c *Channel) keyboard(chat int64, s conversation.Send) string {
	var rows [][]button
	width := 0 // captions that fit into the present row; 0: none is open
	digits := crowded(s.Options)
	shown := map[string]bool{}
	for _, o := range s.Options {
		data, ok := c.seal.data(chat, s.Paging, s.Menu, o.Key)
		if !ok || shown[o.Key] {
			continue // what does not fit can still be typed
		}
		shown[o.Key] = true
		text, fit := caption(o, digits)
		if fit != width || len(rows) == 0 || len(rows[len(rows)-1]) >= fit {
			rows = append(rows, nil)
			width = fit
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], button{text, data})
	}
	if len(rows) == 0 {
		return ""
	}
	out, err := json.Marshal(map[string]any{"inline_keyboard": rows})
	if err != nil {
		return "" // strings always encode
	}
	return string(out)
}

// crowded tells whether a numbered label would be cut, or whether rows of labels
// would push the question off a small screen.
func crowded(options []conversation.Option) bool {
	rows := 0
	for _, o := range options {
		if !numbered(o.Number) {
			continue
		}
		switch n := utf8.RuneCountInString(o.Number + ". " + plain(o.Label)); {
		case n > fullWidth:
			return true
		case n > halfWidth:
			rows++
		}
	}
	return rows > fewRows
}

// caption is what a button says and how many like it fit into a row.
func caption(o conversation.Option, digits bool) (text string, fit int) {
	text = plain(o.Label)
	switch {
	case text == "":
		text = cmp.Or(o.Number, o.Key)
	case numbered(o.Number) && digits && o.Number != "0":
		return o.Number, perRow
	case numbered(o.Number):
		text = o.Number + ". " + text
	}
	switch n := utf8.RuneCountInString(text); {
	case numbered(text):
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

func numbered(key string) bool {
	return key != "" && len(key) <= 2 && strings.Trim(key, "0123456789") == ""
}

// plain is a label without the neutral mark, on one line.
func plain(label string) string {
	var b strings.Builder
	for _, s := range parse(label) {
		b.WriteString(s.text)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
