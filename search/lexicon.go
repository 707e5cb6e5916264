package search

import (
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
)

// lexicon is the vocabulary of the catalogue: the words of titles, abstracts,
// table titles, terms and areas. Words that are not in it are mended from it.
type lexicon struct {
	weight   map[string]int      // word to how much it is at home here
	stems    map[string]bool     // stems of all of them
	skeleton map[string][]string // words without vowels to the words
	byFirst  map[byte][]string   // for comparing letters
}

// homeWeight is what a word of the tables or of an area's name weighs against
// one document that has a word.
const homeWeight = 1000

func newLexicon(idx bleve.Index, t *tables, names *atlas) (*lexicon, error) {
	ws, counts, err := dictionary(idx, fSurface)
	if err != nil {
		return nil, err
	}
	l := &lexicon{weight: map[string]int{}, stems: map[string]bool{}}
	for i, w := range ws {
		l.add(t, w, int(min(counts[i], homeWeight)))
	}
	l.fill(t, names)
	return l, nil
}

// fill adds the words of tables and areas, and makes the lists that mending
// looks through.
func (l *lexicon) fill(t *tables, names *atlas) {
	l.skeleton, l.byFirst = map[string][]string{}, map[byte][]string{}
	for w := range t.vocabulary {
		l.add(t, w, homeWeight)
	}
	for w := range t.exceptions { // words of the language, known by their stems
		if l.weight[w] == 0 && l.stems[t.stem(w)] {
			l.add(t, w, homeWeight/2)
		}
	}
	near := map[string]bool{}
	for _, a := range t.areas {
		for _, w := range strings.Fields(a.name + " " + strings.Join(a.others, " ")) {
			near[w] = true
		}
	}
	far := map[string]bool{}
	for name := range names.byName {
		for _, w := range strings.Fields(name) {
			// A short odd word is no slip for some regency far away ("bekas", Bekasi).
			far[w] = len(w) <= shortWord && !near[w] && !t.vocabulary[w]
			l.add(t, w, homeWeight)
		}
	}
	for w := range l.weight {
		if len(w) >= 4 && !far[w] {
			l.byFirst[w[0]] = append(l.byFirst[w[0]], w)
			l.skeleton[consonants(w)] = append(l.skeleton[consonants(w)], w)
		}
	}
	for _, list := range l.byFirst {
		slices.Sort(list)
	}
	for _, list := range l.skeleton {
		slices.Sort(list)
	}
}

func (l *lexicon) add(t *tables, w string, weight int) {
	if len(w) < 2 || hasDigit(w) {
		return
	}
	l.weight[w] += weight
	l.stems[t.stem(w)] = true
}

// consonants is a word without its vowels, the first letter kept.
func consonants(w string) string {
	var b strings.Builder
	for i := range len(w) {
		if i == 0 || !vowel(w[i]) {
			b.WriteByte(w[i])
		}
	}
	return b.String()
}

// mend finds the word that was meant by one that is not known: with vowels
// left out ("pnduduk"), two words written as one ("belitungtimur"), or a letter
// or two wrong ("mangar"). ok is false when nothing is near enough.
func (l *lexicon) mend(w string) (meant []string, ok bool) {
	if len(w) < 3 || len(w) > 40 || hasDigit(w) {
		return nil, false
	}
	best := ""
	better := func(a string) bool {
		if best == "" {
			return true
		}
		if l.weight[a] != l.weight[best] {
			return l.weight[a] > l.weight[best]
		}
		return a < best
	}
	for _, c := range l.skeleton[consonants(w)] {
		if len(c) > len(w) && subsequence(w, c) && better(c) {
			best = c
		}
	}
	if best != "" {
		return []string{best}, true
	}
	if len(w) >= 8 {
		for i := 4; i <= len(w)-4; i++ {
			if l.weight[w[:i]] >= 5 && l.weight[w[i:]] >= 5 {
				return []string{w[:i], w[i:]}, true
			}
		}
	}
	if root := l.family(w); root != "" {
		return []string{root}, true
	}
	limit := 0
	switch {
	case len(w) >= 8:
		limit = 2
	case len(w) >= 4:
		limit = 1
	}
	distance := limit + 1
	for _, first := range l.firsts(w) {
		for _, c := range l.byFirst[first] {
			if len(c)-len(w) > limit || len(w)-len(c) > limit {
				continue
			}
			if len(w) == len(c) && len(w) <= shortWord && !swapped(w, c) {
				continue // "polisi" is not "polusi"
			}
			d := editDistance(w, c, limit)
			if d < distance || d == distance && d <= limit && better(c) {
				best, distance = c, d
			}
		}
	}
	if distance > limit {
		if len(w) >= leastBeginning { // "pariwis"
			for _, c := range l.byFirst[w[0]] {
				if strings.HasPrefix(c, w) && better(c) {
					best = c
				}
			}
			return []string{best}, best != ""
		}
		return nil, false
	}
	return []string{best}, true
}

// leastBeginning is from how many letters on a beginning stands for its word.
const leastBeginning = 5

// family finds the known word of which w is a form that the stemmer leaves
// apart: "penambang" of "tambang", "perkemahan" of "kemah". Indonesian melts the
// first letter of a root after pe- and me- (men-tambang is menambang), and the
// stemmer cannot know which.
func (l *lexicon) family(w string) string {
	for _, end := range []string{"", "nya", "an", "kan", "i", "annya"} {
		base, ok := strings.CutSuffix(w, end)
		if !ok {
			continue
		}
		for _, p := range []struct{ text, melted string }{
			{"peng", "k"}, {"meng", "k"}, {"pem", "p"}, {"mem", "p"}, {"pen", "t"}, {"men", "t"}, {"peny", "s"}, {"meny", "s"},
			{"peng", ""}, {"meng", ""}, {"pem", ""}, {"mem", ""}, {"pen", ""}, {"men", ""}, {"per", ""}, {"pe", ""}, {"me", ""},
			{"memper", ""}, {"ber", ""}, {"ter", ""}, {"di", ""}, {"ke", ""}, {"se", ""}, {"", ""},
		} {
			rest, ok := strings.CutPrefix(base, p.text)
			root := p.melted + rest
			if ok && root != w && len(root) >= 4 && l.weight[root] > 0 {
				return root
			}
		}
	}
	return ""
}

// shortWord is up to how many letters a word may differ from another by a
// letter and be a word of its own.
const shortWord = 6

// swapped tells whether b is a with two neighbouring letters swapped.
func swapped(a, b string) bool {
	for i := 0; i+1 < len(a); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

// firsts is the first letters to look under: the word's own, and the second
// for longer words whose first two may be swapped or whose first is missing.
func (l *lexicon) firsts(w string) []byte {
	out := []byte{w[0]}
	if len(w) >= 6 && w[1] != w[0] {
		out = append(out, w[1])
	}
	return out
}

// subsequence tells whether all letters of a stand in b in this order.
func subsequence(a, b string) bool {
	i := 0
	for j := 0; i < len(a) && j < len(b); j++ {
		if a[i] == b[j] {
			i++
		}
	}
	return i == len(a)
}

// editDistance counts letters wrong, missing, too many or swapped with the
// next; anything over limit comes back as limit+1.
func editDistance(a, b string, limit int) int {
	if a == b {
		return 0
	}
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, prev, cur := rows[(i+2)%3], rows[i%3], rows[(i+1)%3]
		cur[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
			least = min(least, cur[j])
		}
		if least > limit {
			return limit + 1
		}
	}
	return min(rows[(len(a)+1)%3][len(b)], limit+1)
}
