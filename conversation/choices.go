package conversation

import (
	"fmt"
	"slices"
	"strings"
)

// menuLines is how many numbered lines a question may have (WhatsApp readers
// lose their way in longer ones).
const menuLines = 7

// listLines writes a configured list as numbered lines; a list that is too long
// is shown in two parts, the last line leading to the other.
func (t *turn) listLines(list []string) string {
	shown, more := t.listPart(list)
	var b strings.Builder
	for i, l := range shown {
		fmt.Fprintf(&b, "*%d* %s\n", i+1, l)
	}
	if more {
		fmt.Fprintf(&b, "*%d* %s\n", len(shown)+1, t.text("list.more", nil))
	}
	return strings.TrimSpace(b.String())
}

// listPart is the part of a list on show, and whether there is another.
func (t *turn) listPart(list []string) ([]string, bool) {
	const part = menuLines - 1
	if len(list) <= menuLines {
		return list, false
	}
	from := t.s.Data.ListPage * part % len(list)
	if t.s.Data.ListPage*part >= len(list) {
		from = 0
	}
	return list[from:min(from+part, len(list))], true
}

// pick reads an answer to a list question. ok is false when the other part of
// the list was asked for: the question is then asked again.
func (t *turn) pick(list []string) (value string, ok bool, err error) {
	shown, more := t.listPart(list)
	options := make([]Option, 0, menuLines)
	for i, l := range shown {
		options = append(options, Option{fmt.Sprint(i + 1), l})
	}
	if more {
		options = append(options, Option{fmt.Sprint(len(shown) + 1), t.text("list.more", nil)})
	}
	key := choose(t.in, options, map[string]string{"lanjut": fmt.Sprint(len(options))})
	if key == "" { // a word may name an entry of the part not on show
		for i, l := range list {
			options = append(options, Option{fmt.Sprintf("all%d", i), l})
		}
		key = choose(t.in, options[len(options)-len(list):], nil)
		var i int
		if n, _ := fmt.Sscanf(key, "all%d", &i); n == 1 {
			t.s.Data.ListPage = 0
			return list[i], true, nil
		}
		_, err := refuse("choose", nil)
		return "", false, err
	}
	i := slices.IndexFunc(options, func(o Option) bool { return o.Key == key })
	if more && i == len(shown) {
		t.s.Data.ListPage++
		if t.s.Data.ListPage*(menuLines-1) >= len(list) {
			t.s.Data.ListPage = 0
		}
		return "", false, nil
	}
	t.s.Data.ListPage = 0
	return shown[i], true, nil
}

// option reads an answer to the numbered question on show.
func (t *turn) option(synonyms map[string]string) string {
	now := t.table[t.s.State]
	return choose(t.in, optionsOf(now.ask(t)), synonyms)
}
