package search

import (
	"slices"
	"strings"
)

// How much the match of a phrase is worth, by where it stands.
const (
	inTitle        = 1.0
	titleScattered = 0.9
	isTopic        = 0.97 // the phrase is a subject the series is known for
	inTopic        = 0.7
	inAbstract     = 0.6
	abstractSpread = 0.45
	inBoth         = 0.5 // partly in the title, partly in the abstract
	inPart         = 0.3 // times the share of the words found
	exactBonus     = 0.03
	nameBonus      = 0.6  // the series is called by its name
	wordBonus      = 0.1  // for each word of that name: the longer one is meant
	rangeBonus     = 1.0  // the very range of years asked for
	exactTitle     = 5.0  // more than any other match comes to
	wideFactor     = 0.85 // abstract of a series about everything
	districtText   = 0.45 // the first book of the kecamatan asked for, whatever is asked
	topicBonus     = 0.5  // the whole query is what the series is known for
)

// match is the weighted mean of the concepts' matches and the share of weight
// that was found at all.
func (m meaning) match(e *entry) (text, coverage float64) {
	var sum, got, need, found float64
	for _, c := range m.concepts {
		best := 0.0
		for i, way := range c.ways {
			s := way.factor * e.strength(way.stems)
			if i == 0 && len(c.exact) == 1 && e.exact[c.exact[0]] {
				s += exactBonus
			}
			best = max(best, s)
		}
		sum += c.weight
		got += c.weight * best
		if !c.optional && !(c.weak && m.sure) {
			need += c.weight
			if best > 0.2 {
				found += c.weight
			}
		}
	}
	if sum == 0 {
		return 0, 0
	}
	if need == 0 {
		need, found = sum, got
	}
	return got / sum, found / need
}

// strength is how well a phrase stands in a series, 0…1.
func (e *entry) strength(phrase []string) float64 {
	best := 0.0
	title, abstract := 0, 0
	either, first := 0, len(e.order)
	for _, w := range phrase {
		t := slices.Contains(e.title, w)
		at, a := e.abstract[w]
		if t {
			title++
		}
		if a {
			abstract++
			first = min(first, at)
		}
		if t || a {
			either++
		}
	}
	switch {
	case title == len(phrase) && adjacent(e.title, phrase):
		best = inTitle
	case title == len(phrase):
		best = titleScattered
	}
	for _, topic := range e.rule.topics {
		switch {
		case slices.Equal(topic, phrase):
			best = max(best, isTopic)
		case containsAll(topic, phrase):
			best = max(best, inTopic)
		case len(topic) > 1 && containsAll(phrase, topic):
			best = max(best, inBoth)
		}
	}
	if abstract == len(phrase) {
		s := abstractSpread
		if adjacent(e.order, phrase) {
			s = inAbstract
		}
		if e.rule.wide {
			s *= wideFactor
		}
		// What is named first is what the book is about.
		s -= 0.08 * float64(first) / float64(len(e.order)+1)
		best = max(best, s)
	} else if either == len(phrase) {
		best = max(best, inBoth)
	}
	if best == 0 && len(phrase) > 1 && 2*either >= len(phrase) {
		best = inPart * float64(either) / float64(len(phrase))
	}
	return best
}

// adjacent tells whether the words of a phrase stand side by side in a text.
func adjacent(text, phrase []string) bool {
	for i := 0; i+len(phrase) <= len(text); i++ {
		if slices.Equal(text[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

// hasWord tells whether a word stands in a text of plain words.
func hasWord(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(word)
		if (from == 0 || text[from-1] == ' ') && (to == len(text) || text[to] == ' ') {
			return true
		}
		at = to
	}
}

// topicOf finds the subject of the series that is most of the query.
func (m meaning) topicOf(e *entry) (best, share float64) {
	subjects := 0
	for _, c := range m.concepts {
		if !c.optional {
			subjects++
		}
	}
	for _, topic := range e.rule.topics {
		covered, factor := 0, 1.0
		words := 0
		for _, w := range topic {
			f, plain := m.says(w)
			if f == 0 {
				words = -1
				break
			}
			if plain {
				words++
			}
			factor = min(factor, f)
		}
		if words < 0 {
			continue
		}
		for _, c := range m.concepts {
			if !c.optional && c.touches(topic) {
				covered++
			}
		}
		if subjects == 0 { // "jumlah desa": nothing but general words
			covered, subjects = 1, 1
		}
		part := float64(covered) / float64(subjects)
		share = max(share, part)
		best = max(best, factor*part*(1+0.02*float64(len(topic))))
	}
	return best, share
}

// saying is how surely a query says each of its words.
type saying map[string]struct {
	factor float64
	plain  bool
}

// ready works out what the concepts say; they must not change any more.
func (m meaning) ready() meaning {
	m.said = saying{}
	for _, c := range m.concepts {
		for _, way := range c.ways {
			for _, w := range way.stems {
				if s := m.said[w]; way.factor > s.factor {
					s.factor, s.plain = way.factor, !c.optional
					m.said[w] = s
				}
			}
		}
	}
	return m
}

// says tells how surely the query says a word: 1 as typed, less by way of a
// term, 0 not at all; plain when it is no general word.
func (m meaning) says(w string) (factor float64, plain bool) {
	if m.said == nil {
		m = m.ready()
	}
	s := m.said[w]
	return s.factor, s.plain
}

func (c concept) touches(topic []string) bool {
	for _, way := range c.ways {
		for _, w := range way.stems {
			if slices.Contains(topic, w) {
				return true
			}
		}
	}
	return false
}

// titleShare is the share of the title's words that the query says: of two
// titles that hold it, the shorter one is meant.
func (m meaning) titleShare(e *entry) float64 {
	if len(e.title) == 0 {
		return 0
	}
	n := 0
	for _, w := range e.title {
		if f, _ := m.says(w); f >= sameFactor {
			n++
		}
	}
	return float64(n) / float64(len(e.title))
}
