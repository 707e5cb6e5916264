package nlu

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// topicConcept is the concept of words that only the catalogue may decide
// about: "data", "jumlah", "penduduk". A message with such a word is heard as a
// question about the service only where the phrasing has it too ("hapus data saya").
const topicConcept = "topic"

// Wish is a question about the service, or a wish that is no topic.
type Wish struct {
	Intent string // a name of intents.tsv
	Day    string // which day is asked about: today, tomorrow, monday … sunday, weekend, holiday; "" for none
}

// intent is one phrasing, as the concepts that it is made of.
type intent struct {
	name     int
	concepts []int
	named    bool // it has a topic of its own, not just "data"
	weight   float64
}

func (l *Lexicon) addIntent(name string, rows [][]token, own bool) error {
	n, known := l.byIntent[name]
	if !known {
		if !own {
			return fmt.Errorf("no such intent %q; the intents are %v", name, sortedKeys(l.byIntent))
		}
		n = len(l.byIntent)
		l.byIntent[name] = n
	}
	for _, r := range rows {
		m := &Message{lex: l, tokens: r, others: make([][]alt, len(r))}
		c := l.conceptsOf(m, true)
		if len(c) == 0 {
			return fmt.Errorf("the phrasing %q has polite words only", r[0].w)
		}
		l.intents = append(l.intents, intent{name: n, concepts: c, named: m.namesTopic()})
		l.know(r)
	}
	return nil
}

// conceptsOf lists the concepts of a message, ascending, without repeats. Words
// that belong to none are concepts of their own when a table is read, and -1
// each when a message is heard.
func (l *Lexicon) conceptsOf(m *Message, table bool) []int {
	var out []int
	for i := 0; i < len(m.tokens); {
		if m.tokens[i].mark {
			i++
			continue
		}
		id, used, slip := l.concepts.find(m, i)
		if used > 0 && !(slip && len(m.tokens[i].w) < 4) {
			if l.names[id] != "nothing" && (table || !slices.Contains(out, id)) {
				out = append(out, id)
			}
			i += used
			continue
		}
		switch {
		case m.polite(i) > 0:
			i += m.polite(i) - 1
		case m.tokens[i].num >= 0:
			out = append(out, l.concept0("number", table))
		case table:
			out = append(out, l.concept("="+m.tokens[i].w))
		default:
			out = append(out, l.ownConcept(m, i))
		}
		i++
	}
	slices.Sort(out)
	if table {
		out = slices.Compact(out)
	}
	return out
}

func (l *Lexicon) concept0(name string, table bool) int {
	if id, ok := l.ids[name]; ok {
		return id
	}
	if !table {
		return -1
	}
	return l.concept(name)
}

// ownConcept is a word that the phrasings have but no concept: itself, or what
// it is a slip of.
func (l *Lexicon) ownConcept(m *Message, i int) int {
	if id, ok := l.ids["="+m.tokens[i].w]; ok {
		return id
	}
	for _, a := range m.others[i] {
		if id, ok := l.ids["="+a.w]; ok {
			return id
		}
	}
	return -1
}

// weigh gives each concept a weight: the fewer intents have it, the more it
// tells.
func (l *Lexicon) weigh() {
	in := make([]map[int]bool, len(l.names))
	l.having = make([][]int, len(l.names))
	for i, p := range l.intents {
		for _, c := range p.concepts {
			if in[c] == nil {
				in[c] = map[int]bool{}
			}
			in[c][p.name] = true
			l.having[c] = append(l.having[c], i)
		}
	}
	total := float64(len(l.byIntent))
	l.weights = make([]float64, len(l.names))
	for c := range l.names {
		l.weights[c] = 0.3 + math.Log(total/math.Max(1, float64(len(in[c]))))/math.Log(total)
	}
	for i := range l.intents {
		for _, c := range l.intents[i].concepts {
			l.intents[i].weight += l.weights[c]
		}
	}
	l.called = make([]string, len(l.byIntent))
	for name, n := range l.byIntent {
		l.called[n] = name
	}
}

// Weights of what a message has and a phrasing lacks, and the bounds of
// sureness; found with the judged table of the tests.
const (
	strange = 0.45 // a word that no table has
	extra   = 0.35 // share of the weight of a concept that is not asked for
	topic   = 2.0  // a word for the catalogue
	certain = 0.72
	enough  = 0.56
)

// Intent hears a question about the service: the words that tell, in any
// order, with synonyms and slips. A topic is none: the catalogue decides about it.
func (m *Message) Intent() Answer[Wish] {
	r := m.Request()
	if m.complains() {
		return sure(Wish{Intent: "complain"})
	}
	if len(r.tokens) == 0 || len(r.tokens) > 60 {
		return none[Wish]()
	}
	l := m.lex
	has := l.conceptsOf(r, false)
	named := r.namesTopic()
	weightOf := func(c int) float64 {
		switch {
		case c < 0:
			return strange
		case l.topics[c] && named:
			return topic
		case l.topics[c]: // "data" alone is about none: "datanya bayar gak"
			return strange
		}
		return l.weights[c] * extra
	}
	all := 0.0
	for _, c := range has {
		all += weightOf(c)
	}
	tried := map[int]bool{}
	best, second, bestScore, secondScore := -1, -1, 0.0, 0.0
	for _, c := range has {
		if c < 0 || c >= len(l.having) {
			continue
		}
		for _, i := range l.having[c] {
			if tried[i] {
				continue
			}
			tried[i] = true
			p := l.intents[i]
			matched, spare := 0.0, all
			lacking := 0
			for _, pc := range p.concepts {
				// "publikasi terbaru" asks for the newest release, "inflasi terbaru" is a topic.
				if slices.Contains(has, pc) && !(named && !p.named && l.topics[pc]) {
					matched += l.weights[pc]
					spare -= weightOf(pc)
				} else {
					lacking++
				}
			}
			if lacking > 1 || lacking == 1 && len(p.concepts) < 3 {
				continue
			}
			score := matched / p.weight * matched / (matched + math.Max(0, spare))
			switch {
			case best == p.name:
				bestScore = math.Max(bestScore, score)
			case score > bestScore:
				best, second, bestScore, secondScore = p.name, best, score, bestScore
			case score > secondScore:
				second, secondScore = p.name, score
			}
		}
	}
	_ = second
	if best < 0 || bestScore < enough {
		return none[Wish]()
	}
	w := Wish{Intent: l.called[best], Day: r.day()}
	if bestScore >= certain && bestScore-secondScore > 0.02 {
		return sure(w)
	}
	return likely(w)
}

// namesTopic tells whether the message has a word for the catalogue besides "data".
func (m *Message) namesTopic() bool {
	for i, t := range m.tokens {
		id, used, _ := m.lex.concepts.find(m, i)
		if used > 0 && m.lex.topics[id] && !strings.HasPrefix(t.w, "data") && !strings.HasPrefix(t.w, "publikasi") {
			return true
		}
	}
	return false
}

// complains tells whether the message says that a complaint follows, and then has
// at least three words of it, or one where the wish is said: "ngadu nih, kemarin
// petugasnya ...", "eh mau lapor toilet bau".
func (m *Message) complains() bool {
	i := 0
	for i < len(m.tokens) && max(m.polite(i), m.at(i, "greeting"), m.at(i, "correction")) > 0 &&
		m.at(i, "grievance opening") == 0 {
		i += max(m.polite(i), m.at(i, "greeting"), m.at(i, "correction"))
	}
	if i == len(m.tokens) || m.Asks() {
		return false
	}
	wished := m.at(i, "opening") > 0 && m.at(i, "grievance opening") == 0 || m.tokens[i].w == "mau" ||
		m.tokens[i].w == "ingin"
	if n := m.at(i, "opening"); n > 0 && m.at(i, "grievance opening") == 0 {
		i += n
	}
	if i >= len(m.tokens) {
		return false
	}
	n := m.at(i, "grievance opening")
	if n == 0 {
		return false
	}
	words := 0
	for i += n; i < len(m.tokens); i++ {
		if m.polite(i) == 0 {
			words++
		}
	}
	return words >= 3 || wished && words >= 1
}

// day is the day that is asked about.
func (m *Message) day() string {
	for i := range m.tokens {
		for _, d := range days {
			if m.at(i, "day "+d) > 0 {
				return d
			}
		}
	}
	return ""
}

var days = []string{"today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	"weekend", "holiday"}
