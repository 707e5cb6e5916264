package search

import (
	"strings"
	"unicode/utf8"
)

// fragmentRunes is about how long a fragment is.
const fragmentRunes = 180

// fragment cuts the piece of a page's text that has most of the words sought,
// and marks each of them *so*. A text without any of them gives its beginning.
func fragment(t *tables, text string, wanted map[string]bool) string {
	text = strings.ReplaceAll(text, "*", "")
	text = strings.Join(strings.Fields(plain(text)), " ")
	ts := tokens(text)
	if len(ts) == 0 {
		return ""
	}
	hit := make([]bool, len(ts))
	kind := make([]string, len(ts))
	for i, k := range ts {
		kind[i] = t.stem(k.text)
		hit[i] = wanted[kind[i]]
	}
	// The window from each word found, as far as a fragment reaches: the one
	// with most different words wins, then the one with most words, then the first.
	from, to, best := 0, 0, 0
	for i := range ts {
		if i > 0 && !hit[i] {
			continue
		}
		different := map[string]bool{}
		n, j := 0, i
		for ; j < len(ts) && ts[j].end-ts[i].start <= fragmentRunes; j++ {
			if hit[j] {
				different[kind[j]] = true
				n++
			}
		}
		if score := 100*len(different) + n; i == 0 || score > best {
			from, to, best = i, max(j, i+1), score
		}
	}
	// A few words before the first one found give it its place.
	for back := 0; from > 0 && back < 3 && ts[to-1].end-ts[from-1].start <= fragmentRunes+20; back++ {
		from--
	}
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
	}
	at := ts[from].start
	for i := from; i < to; i++ {
		b.WriteString(text[at:ts[i].start])
		at = ts[i].end
		word := text[ts[i].start:at]
		if hit[i] {
			word = "*" + word + "*"
		}
		b.WriteString(word)
	}
	if to < len(ts) {
		b.WriteString("…")
	}
	out := b.String()
	for utf8.RuneCountInString(out) > 2*fragmentRunes { // one endless word
		out = clip(out, len(out)/2)
	}
	return out
}
