package pagetable

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"pst/store/holdings/internal/lazy"
)

// vocabulary is what words a book writes in which of its two languages, as far as its
// fonts tell: how often each stood upright beside slanted ones, and the other way round.
type vocabulary struct {
	native, foreign map[string]int
	seen            map[string]int // words of all pages with tables, in whatever font
}

// read counts the words of a page.
func (v *vocabulary) read(lines []line) {
	if v.seen == nil {
		v.seen = map[string]int{}
	}
	for _, l := range lines {
		for _, w := range l.words {
			if t := strings.ToLower(strings.Trim(w.text, ".,:;*()/")); len(v.seen) < maxWords && len(t) < 40 {
				v.seen[t]++
			}
		}
	}
}

// mended puts words together that a narrow column broke, "Puskes mas": together they are
// a word that the book has elsewhere, and more often than the first half alone.
func (v *vocabulary) mended(text string) string {
	words := strings.Fields(text)
	for i := 1; i < len(words); i++ {
		a, b := words[i-1], words[i]
		if r := []rune(b)[0]; unicode.IsLower(r) && letters().FindString(a) == a {
			whole := strings.ToLower(a + strings.TrimRight(b, ".,*"))
			if n := v.seen[whole]; n > 0 && n >= v.seen[strings.ToLower(a)] {
				words[i-1] += b
				words = slices.Delete(words, i, i+1)
				i--
			}
		}
	}
	return strings.Join(words, " ")
}

// met counts a word of a text that has both fonts.
func (v *vocabulary) met(text string, foreign bool) {
	if v == nil {
		return
	}
	if v.native == nil {
		v.native, v.foreign = map[string]int{}, map[string]int{}
	}
	for _, w := range lettersOf(text) {
		switch {
		case len(v.native)+len(v.foreign) > maxWords:
		case foreign:
			v.foreign[w]++
		default:
			v.native[w]++
		}
	}
}

// maxWords is the most words of a book that are kept.
const maxWords = 20_000

var (
	letters  = lazy.Regexp(`\pL+(?:['’-]\pL+)*`)
	unspaced = lazy.Regexp(`[^\s/]+`)
	numerals = lazy.Regexp(`\d+`)
	// ofBoth is what both languages share at the end of a text: its year, its unit.
	ofBoth = lazy.Regexp(`(?i)(?:\s*\((?:ha|m2|m²|m3|m³|km|km2|km²|kg|kw|ku|ton|kuintal|butir|ekor|liter|orang|` +
		`jiwa|unit|%)\.?\s*\)|\s+(?:19|20)\d{2})$`)
)

// english tells whether a word is of the second language: the book's fonts say so, or it
// is among the words that BPS heads its tables with.
func (v *vocabulary) english(w string) bool {
	if len(w) < 2 {
		return false
	}
	if f, n := v.foreign[w], v.native[w]; f > 0 || n > 0 {
		return f > 2*n
	}
	return englishWords()[w]
}

// without is a text without its second half in English, where nothing in its font sets
// that apart: "Kopi Coffee", "Luas Panen (Ha)/ Harvested Area (Ha)". What is left must say
// something in Indonesian.
func (v *vocabulary) without(text string) string {
	text = v.mended(text)
	whole := strings.TrimRight(text, " *")
	tail := ofBoth().FindString(whole)
	body := strings.TrimSuffix(whole, tail)
	end := len(body)
	for {
		at := stroke(body[:end])
		if at < 0 || !v.second(body[at+1:end], body[:at], true) {
			break
		}
		end = at
	}
	words := unspaced().FindAllStringIndex(body[:end], -1)
	from := len(words)
	for from > 0 && v.second(body[words[from-1][0]:end], body[:words[from-1][0]], false) {
		from--
	}
	for ; from < len(words); from++ { // its first word must be English itself, or all is said again
		if w := body[words[from][0]:words[from][1]]; v.all(lettersOf(w)) || from*2 == len(words) {
			end = words[from][0]
			break
		}
	}
	if end == len(body) || !v.says(body[:end]) {
		return text
	}
	kept := strings.TrimRight(body[:end], " /&-–")
	if tail = strings.TrimSpace(tail); !strings.Contains(kept, tail) {
		kept += " " + tail
	}
	return kept
}

// stroke is where the last stroke between two languages may be: outside brackets.
func stroke(text string) int {
	deep := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ')':
			deep++
		case '(':
			deep--
		case '/':
			if deep == 0 {
				return i
			}
		}
	}
	return -1
}

// second tells whether a text may be the second language of what is before it: all is
// English or was said before. Behind a stroke half is enough, where it begins so and the
// book does not know the rest as Indonesian.
func (v *vocabulary) second(text, before string, parted bool) bool {
	said := map[string]bool{}
	for _, w := range lettersOf(before) {
		said[w] = true
	}
	for _, n := range numerals().FindAllString(text, -1) {
		if !strings.Contains(before, n) {
			return false
		}
	}
	english, again := 0, 0
	words := lettersOf(text)
	for i, w := range words {
		switch {
		case said[w]:
			again++
		case v.english(w):
			english++
		case v.native[w] > 0 || i == 0:
			return false
		}
	}
	return len(words) > 0 && (english+again == len(words) || parted && english*2 >= len(words))
}

func lettersOf(text string) []string { return letters().FindAllString(strings.ToLower(text), -1) }

// all tells whether a text has words, all of them English.
func (v *vocabulary) all(words []string) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !v.english(w) })
}

// says tells whether a text has a word that is not English.
func (v *vocabulary) says(text string) bool {
	return slices.ContainsFunc(lettersOf(text), func(w string) bool { return !v.english(w) })
}

// plain leaves the English halves out of all texts of a table. Where that would make two
// of its headings or labels one, they stay.
func (t *table) plain(v *vocabulary) {
	t.stub = v.without(t.stub)
	for i := range t.title {
		t.title[i] = v.without(t.title[i])
	}
	heads := make([][]string, len(t.columns))
	for k, c := range t.columns {
		heads[k] = v.each(c.header)
	}
	if distinct(heads) {
		for k := range t.columns {
			t.columns[k].header = heads[k]
		}
	}
	labels := make([][]string, len(t.rows))
	for i, r := range t.rows {
		labels[i] = v.each(r.label)
	}
	if distinct(labels) {
		for i := range t.rows {
			t.rows[i].label = labels[i]
		}
	}
}

func (v *vocabulary) each(texts []string) (out []string) {
	for _, t := range texts {
		out = append(out, v.without(t))
	}
	return out
}

// distinct tells whether no two names are the same.
func distinct(names [][]string) bool {
	seen := map[string]bool{}
	for _, n := range names {
		key := strings.ToLower(strings.Join(n, "\x00"))
		if seen[key] {
			return false
		}
		seen[key] = true
	}
	return true
}

//go:embed english.txt
var englishList string

// englishWords are words that BPS heads its tables with in English and that Indonesian
// does not have.
var englishWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(englishList) {
		out[w] = true
	}
	return out
})
