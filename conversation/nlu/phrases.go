package nlu

import (
	"slices"
	"strconv"
	"strings"
)

// phrase is a sequence of words that means something; what it means is the
// number that its set gives it.
type phrase struct {
	words []token
	value int
}

// phrases is a set of phrases, found by their first word.
type phrases struct{ by map[string][]phrase }

func (p *phrases) add(words []token, value int) {
	if len(words) == 0 {
		return
	}
	if p.by == nil {
		p.by = map[string][]phrase{}
	}
	k := key(words[0])
	p.by[k] = append(p.by[k], phrase{words, value})
}

// key is how a first word is found; numbers by their value.
func key(t token) string {
	if t.num >= 0 {
		return "#" + strconv.Itoa(t.num)
	}
	return t.w
}

// find is the longest phrase that begins at token i: its value and how many
// tokens it takes; 0 tokens for none. Where two are equally long, the one
// without slips wins. Polite words between its words do not hinder it.
func (p *phrases) find(m *Message, i int) (value, used int, slip bool) {
	if p == nil || p.by == nil || m.tokens[i].mark {
		return 0, 0, false
	}
	best, exact := 0, false
	try := func(k string, slipped bool) {
		for _, ph := range p.by[k] {
			n, s := m.fits(ph.words, i)
			if n == 0 {
				continue
			}
			s = s || slipped
			if len(ph.words) > best || len(ph.words) == best && !s && !exact {
				best, exact, value, used, slip = len(ph.words), !s, ph.value, n, s
			}
		}
	}
	try(key(m.tokens[i]), false)
	if m.tokens[i].num < 0 {
		for _, a := range m.alts(i) {
			try(a.w, a.slip)
		}
	}
	return value, used, slip
}

// fits tells how many tokens a phrase takes from token i, 0 when it is not there.
func (m *Message) fits(words []token, i int) (used int, slip bool) {
	j := i
	for n, w := range words {
		for n > 0 && j < len(m.tokens) && m.skippable(j) && !m.is(j, w) {
			j++
		}
		if j >= len(m.tokens) || !m.is(j, w) {
			ok := false
			if j < len(m.tokens) && m.tokens[j].num < 0 && w.num < 0 {
				for _, a := range m.alts(j) {
					if a.w == w.w {
						ok, slip = true, slip || a.slip
						break
					}
				}
			}
			if !ok {
				return 0, false
			}
		}
		j++
	}
	return j - i, slip
}

func (m *Message) is(j int, w token) bool {
	t := m.tokens[j]
	if t.num >= 0 || w.num >= 0 {
		return t.num == w.num && t.ord == w.ord
	}
	return t.w == w.w
}

// skippable tokens may stand inside a phrase: a hyphen or point inside a word,
// a polite word.
func (m *Message) skippable(j int) bool {
	t := m.tokens[j]
	if t.mark {
		return (t.w == "-" || t.w == "." || t.w == "/" || t.w == "'") && j+1 < len(m.tokens) && m.tokens[j+1].glued
	}
	return m.classed(j, "filler") || m.classed(j, "address")
}

// alt is another word that a token may stand for: its stem, or the word of the
// vocabulary that it is a slip of.
type alt struct {
	w    string
	slip bool
}

// alts are the other readings of a token.
func (m *Message) alts(i int) []alt { return m.others[i] }

// otherWords finds the other readings of a word that the vocabulary has not.
func (l *Lexicon) otherWords(w string) []alt {
	var out []alt
	add := func(w string, slip bool) {
		if !slices.ContainsFunc(out, func(a alt) bool { return a.w == w }) {
			out = append(out, alt{w, slip})
		}
	}
	known := l.vocabulary[w]
	for _, s := range stems(w) {
		// A word that has a meaning of its own keeps it: "sebelum" is not "belum".
		if l.vocabulary[s] && (!known || strings.HasPrefix(w, s)) {
			add(s, false)
		}
	}
	if l.vocabulary[w] || len(out) > 0 || len(w) > 40 {
		return out
	}
	if s := l.skeletons[w]; s != "" && len(w) >= 3 && consonants(w) == w {
		add(s, true)
	}
	for _, s := range l.near(w) {
		add(s, true)
	}
	for _, st := range stems(w) {
		for _, s := range l.near(st) {
			add(s, true)
		}
	}
	return out
}

// endings and beginnings that change nothing for understanding.
var (
	endings    = []string{"nya", "kah", "lah", "pun", "ku", "mu", "in", "kan", "an", "i", "e"}
	beginnings = []string{"di", "nge", "meng", "mem", "men", "me", "ber", "be", "ter", "per", "pe", "ny", "ng", "n", "m"}
)

// stems are the shorter words that w may be made of, w not among them.
func stems(w string) []string {
	var out []string
	bases := []string{w}
	for range 2 { // "mendaftarkannya": two endings
		for _, b := range bases[len(bases)-1:] {
			for _, e := range endings {
				if len(b)-len(e) >= 3 && len(e) < len(b) && b[len(b)-len(e):] == e {
					bases = append(bases, b[:len(b)-len(e)])
				}
			}
		}
	}
	out = append(out, bases[1:]...)
	for _, b := range bases {
		for _, p := range beginnings {
			if len(b)-len(p) >= 4 && b[:len(p)] == p {
				rest := b[len(p):]
				out = append(out, rest)
				for _, first := range nasal[p] { // meng+kirim = mengirim, mem+pinjam = meminjam
					out = append(out, first+rest)
				}
			}
		}
	}
	return out
}

// nasal gives the letters that a prefix swallows (memilih: pilih).
var nasal = map[string][]string{"mem": {"p"}, "m": {"p"}, "men": {"t"}, "n": {"t", "c"}, "meng": {"k"}, "ng": {"k"},
	"nge": {""}, "ny": {"s", "c"}, "me": {""}}

// consonants is a word without its vowels: how many abbreviate.
func consonants(w string) string {
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		switch w[i] {
		case 'a', 'e', 'i', 'o', 'u':
		default:
			b = append(b, w[i])
		}
	}
	return string(b)
}

// near lists the words of the vocabulary that are one slip away: a letter left
// out, added, changed, or two swapped. Words under five letters are not guessed.
func (l *Lexicon) near(w string) []string {
	if len(w) < 4 || len(w) > 24 {
		return nil
	}
	var out []string
	look := func(k string) {
		for _, v := range l.deletions[k] {
			if len(v) >= 5 && v[0] == w[0] && OneSlip(w, v) && !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	look(w)
	for i := range len(w) {
		look(w[:i] + w[i+1:])
	}
	return out
}

// OneSlip tells whether two words are the same or differ by one edit: a letter
// left out, added, changed or swapped with its neighbour (Damerau 1964).
func OneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return i == len(a) || a[i+1:] == b[i+1:] ||
		i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
