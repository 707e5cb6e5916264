package search

import (
	"cmp"
	"slices"
	"strings"
)

// concept is one thing that the answer should be about.
type concept struct {
	ways     []alternative // the words typed come first
	exact    []string      // the words as typed
	weight   float64
	optional bool // a breakdown, or a word that says little
	unknown  bool // stands nowhere in the catalogue
	weak     bool // stands somewhere, but is no word of a term, a series or a place
	foreign  bool // a word of a service that is not ours
	guessed  bool // no word typed, but what one was taken for
}

// What a concept of each kind weighs.
const (
	plainWeight   = 1.0
	generalWeight = 0.15
	brokenWeight  = 0.25 // by kecamatan, by sex …
	guessWeight   = 0.3
	foreignWeight = 3.0
)

// maxWays is how many ways to say one thing are sought.
const maxWays = 12

// ways lists how a phrase may be said: as typed, by its terms, and by the terms
// of those that mean the same.
func (u understanding) ways(typed []string, alts []alternative) []alternative {
	out := []alternative{{stems: typed, factor: 1}}
	add := func(list []alternative, factor float64) {
		for _, a := range list {
			same := func(o alternative) bool { return slices.Equal(o.stems, a.stems) }
			if len(out) < maxWays && !slices.ContainsFunc(out, same) {
				out = append(out, alternative{stems: a.stems, factor: a.factor * factor})
			}
		}
	}
	add(alts, 1)
	for _, a := range alts {
		if a.factor == sameFactor {
			add(u.terms[strings.Join(a.stems, " ")], a.factor)
		}
	}
	return out
}

// breakers are the words after which a breakdown comes.
var breakers = map[string]bool{"menurut": true, "per": true, "berdasarkan": true, "berdasar": true, "tiap": true,
	"setiap": true, "by": true, "dirinci": true}

// schooling are the words before the schooling that somebody has: with somebody named
// before them, they break down as well ("pengangguran lulusan smk").
var schooling = map[string]bool{"lulusan": true, "tamatan": true, "berpendidikan": true}

// breaks tells whether a breakdown begins with a word, which starts a term of n words.
func (m *meaning) breaks(w string, n int) bool {
	return n <= 1 && (breakers[w] || schooling[w] && m.subject())
}

// breakdownWords is how many words after "menurut" belong to the breakdown.
const breakdownWords = 3

// takeConcepts reads what the remaining words are about.
func (u understanding) takeConcepts(m *meaning, ws []string, guesses map[string]bool) {
	stems := u.stems(ws)
	broken := 0 // words that may still belong to a breakdown
	for i := 0; i < len(ws); {
		w := ws[i]
		if w == "" {
			broken = 0
			i++
			continue
		}
		alts, n := u.termAt(stems, i)
		if m.breaks(w, n) && i+1 < len(ws) && ws[i+1] != "kapita" {
			broken = breakdownWords
			m.words.breakdown = append(m.words.breakdown, w)
			i++
			continue
		}
		if broken > 0 && (w == "dan" || w == "serta") { // "menurut umur dan jenis kelamin"
			broken = breakdownWords
			i++
			continue
		}
		if n == 0 && (u.noise[w] || u.noise[strings.TrimSuffix(w, "nya")] || len(w) == 1 && !isDigits(w)) {
			broken = 0
			i++
			continue
		}
		n = max(n, 1)
		c := concept{weight: plainWeight, exact: ws[i : i+n], ways: u.ways(stems[i:i+n], alts)}
		switch {
		case n == 1 && u.foreign[w] && alts == nil:
			c.weight, c.unknown, c.foreign = foreignWeight, true, true
		case broken > 0:
			c.weight, c.optional = 2*brokenWeight, true
			if n == 1 && u.breakdown[w] {
				c.weight = brokenWeight
			}
		case n == 1 && months[w]:
			m.month = w
			c.weight, c.optional = generalWeight, true
		case n == 1 && (u.general[w] || isDigits(w)):
			c.weight, c.optional = generalWeight, true
		case alts == nil:
			c.unknown = !u.vocab.known(w, stems[i])
			c.weak = !u.vocabulary[w] && !u.stemVocabulary[stems[i]]
		}
		if broken > 0 {
			broken--
			m.words.breakdown = append(m.words.breakdown, c.exact...)
		} else {
			m.words.subject = append(m.words.subject, c.exact...)
		}
		c.guessed = n == 1 && guesses[w]
		u.takeYear(m, &c)
		m.concepts = append(m.concepts, c)
		i += n
	}
}

// takeYear takes the year out of a term that has one ("sp2020" is "sensus
// penduduk 2020"): titles are indexed without years.
func (u understanding) takeYear(m *meaning, c *concept) {
	ways := slices.Clone(c.ways)
	for i, way := range ways {
		for j, w := range way.stems {
			y, ok := yearToken(w)
			if !ok || len(way.stems) == 1 {
				continue
			}
			ways[i].stems = slices.Delete(slices.Clone(way.stems), j, j+1)
			if m.from == 0 {
				m.from, m.to = y, y
			}
			break
		}
	}
	c.ways = ways
}

// shorten cuts a long query down to what publications are about: terms and
// words of series, those said most often first.
func (u understanding) shorten(m *meaning) {
	if len(m.concepts) <= maxConcepts {
		return
	}
	var kept []concept
	for _, c := range m.concepts {
		if c.optional || c.unknown || !u.isSubject(c) {
			continue
		}
		same := func(o concept) bool { return o.overlaps(c) }
		if i := slices.IndexFunc(kept, same); i >= 0 {
			kept[i].weight += plainWeight
			continue
		}
		kept = append(kept, c)
	}
	slices.SortStableFunc(kept, func(a, b concept) int { return cmp.Compare(b.weight, a.weight) })
	if len(kept) == 0 {
		kept = m.concepts
	}
	m.concepts = kept[:min(len(kept), pasteConcepts)]
	m.words.subject, m.words.breakdown = nil, nil
	for _, c := range m.concepts {
		m.words.subject = append(m.words.subject, c.exact...)
	}
}

// pasteConcepts is how many things a paste is taken to be about.
const pasteConcepts = 4

// isSubject tells whether a concept is a term, or all words of it occur in the
// tables of terms and series.
func (u understanding) isSubject(c concept) bool {
	if len(c.ways) > 1 {
		return true
	}
	return !slices.ContainsFunc(c.exact, func(w string) bool { return !u.vocabulary[w] })
}

// overlaps tells whether two concepts share a way to be said.
func (c concept) overlaps(o concept) bool {
	return slices.ContainsFunc(c.ways, func(a alternative) bool {
		return a.factor >= sameFactor && slices.ContainsFunc(o.ways, func(b alternative) bool {
			return b.factor >= sameFactor && slices.Equal(a.stems, b.stems)
		})
	})
}
