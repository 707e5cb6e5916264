package search

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// meaning is what a person asked for, read from the words typed.
type meaning struct {
	concepts []concept
	areas    []area
	from, to int  // years asked for; 0 none
	newest   bool // "terbaru" was said
	month    string
	number   string
	table    string // "tabel 3.1", as asked for
	mended   bool   // spelling was corrected
	words    phrases
	text     string   // all the words typed
	loose    bool     // the greater part of the words is enough
	sure     bool     // whole terms or subjects are said: words that merely stand somewhere are no condition
	away     []area   // places asked for that the catalogue holds nothing about
	dropped  []string // words let go because nothing here has them
}

// phrases is the query again in its parts, spelling mended, for people.
type phrases struct {
	subject, area, years, breakdown []string
}

// String writes the query that was understood.
func (p phrases) String() string {
	return strings.Join(slices.Concat(p.subject, p.breakdown, p.area, p.years), " ")
}

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

// Bounds of a query: a paste of any length is cut down to these.
const (
	maxQueryBytes = 4000
	maxQueryWords = 250
	maxConcepts   = 10
)

// vocabulary is what understanding has to know of the catalogue.
type vocabulary interface {
	// known tells whether a word, or another form of it, stands in the catalogue.
	known(word, stem string) bool
	// mend finds the known words that an unknown one stands for.
	mend(word string) ([]string, bool)
}

// understanding is what it takes to read a query.
type understanding struct {
	*tables
	names *atlas
	vocab vocabulary
	own   string // office
	year  int    // the current one
}

// read understands a query. Any bytes give a bounded meaning in bounded time.
func (u understanding) read(text string) meaning {
	var m meaning
	text = normal(strings.ToValidUTF8(clip(text, maxQueryBytes), " "))
	m.text = strings.Join(words(text), " ")
	if text, m.number = findNumber(text); m.number != "" {
		m.words.subject = append(m.words.subject, m.number)
	}
	if m.table = tableNumber.FindString(text); m.table != "" {
		text = strings.Replace(text, m.table, " ", 1)
		m.table = strings.Join(words(m.table), " ")
		m.words.subject = append(m.words.subject, tableName(m.table))
	}
	ts := tokens(text)
	if len(ts) > maxQueryWords {
		ts = ts[:maxQueryWords]
	}
	text, ts = u.spellYears(text, ts)
	ws := u.years(&m, text, ts)
	ws, guesses := u.respell(&m, ws)
	ws = u.takeAreas(&m, ws)
	u.takeConcepts(&m, withoutGlue(ws), guesses)
	u.shorten(&m)
	u.relax(&m)
	m.sure = u.recognises(m.only(func(c concept) bool { return !c.weak && !c.unknown && !c.guessed }))
	if m.sure {
		for i, c := range m.concepts {
			if c.guessed && !c.optional { // what is surely said decides
				m.concepts[i].weight, m.concepts[i].weak = guessWeight, true
			}
		}
	} else {
		m.sure = u.recognises(m.only(func(c concept) bool { return !c.weak && !c.unknown }))
	}
	return m
}

// tableNumber is a table or figure called by its number: "tabel 3.2.1".
var tableNumber = regexp.MustCompile(`(?i)\b(?:tabel|gambar)\s+(?:(?:no|nomor)\.?\s+)?[0-9]{1,2}(?:\.[0-9]{1,3}){0,3}\b`)

// tableName writes the words of a table's number as people do: "tabel 3 2 1" is
// "tabel 3.2.1".
func tableName(ws string) string {
	kind, number, _ := strings.Cut(ws, " ")
	number = strings.TrimPrefix(strings.TrimPrefix(number, "nomor "), "no ")
	return kind + " " + strings.ReplaceAll(number, " ", ".")
}

// only is a query of which some concepts are left.
func (m meaning) only(keep func(concept) bool) meaning {
	m.concepts = slices.DeleteFunc(slices.Clone(m.concepts), func(c concept) bool { return !keep(c) })
	return m
}

// withoutGlue drops the English words that stand inside names ("terms of trade"),
// as the table of terms does.
func withoutGlue(ws []string) []string {
	return slices.DeleteFunc(slices.Clone(ws), func(w string) bool { return glue[w] })
}

var glue = map[string]bool{"of": true, "the": true, "and": true, "for": true}

// relax lets go of words that stand nowhere in the catalogue when the query says
// something that does: a subject or an area. Recognised words decide; of others
// no number outvotes them. Words of other services stay, they change what is
// asked for. A query of nothing but unknown words keeps them, and finds nothing.
func (u understanding) relax(m *meaning) {
	serious := u.serious(*m)
	known := m.only(func(c concept) bool { return !c.unknown || c.foreign && !serious })
	if len(known.concepts) == len(m.concepts) {
		return
	}
	if known.subject() && !u.recognises(known) || !known.subject() && len(m.areas) == 0 {
		return
	}
	for _, c := range m.concepts {
		if c.unknown && (!c.foreign || serious) {
			m.dropped = append(m.dropped, c.exact...)
		}
	}
	m.concepts = known.concepts
}

// serious tells whether a query speaks the language of statistics so plainly
// that a word of another service in it is chance ("pdrb per kapita, bayar di
// mana"): with two subjects, a term of several words, or the short form of one.
func (u understanding) serious(m meaning) bool {
	subjects := 0
	for _, c := range m.concepts {
		if c.optional || c.unknown || c.weak || c.guessed {
			continue
		}
		topic := func(r seriesRule) bool {
			return slices.ContainsFunc(r.topics, func(t []string) bool { return slices.Equal(t, c.ways[0].stems) })
		}
		typed := strings.Contains(m.text, strings.Join(c.exact, " "))
		if !typed || len(c.ways) == 1 && !slices.ContainsFunc(u.series, topic) {
			continue
		}
		if subjects++; subjects > 1 || len(c.exact) > 1 {
			return true
		}
		short := func(a alternative) bool { return a.factor == sameFactor && len(a.stems) > 1 }
		if len(c.exact) == 1 && len(c.exact[0]) <= shortWord && slices.ContainsFunc(c.ways, short) {
			return true
		}
	}
	return false
}

// recognises tells whether a query says a whole term, a whole subject of a series
// or its title; "harga" alone is a part of many and none of them.
func (u understanding) recognises(m meaning) bool {
	if m.number != "" || m.table != "" {
		return true
	}
	if slices.ContainsFunc(m.concepts, func(c concept) bool { return !c.optional && len(c.ways) > 1 }) {
		return true
	}
	said := func(phrase []string) bool {
		plain := false
		for _, w := range phrase {
			f, p := m.says(w)
			if f < sameFactor {
				return false
			}
			plain = plain || p
		}
		return plain
	}
	return slices.ContainsFunc(u.series, func(r seriesRule) bool {
		return said(r.pattern) || slices.ContainsFunc(r.topics, said)
	})
}

// loosen is what remains of a query that nothing answers whole: its terms,
// subjects, areas and years, of which an answer need have the greater part only.
// It is empty when these say nothing, or words of other services are among them.
func (u understanding) loosen(m meaning) meaning {
	if m.foreign() || !m.sure && len(m.areas) == 0 {
		return meaning{}
	}
	m.concepts = slices.DeleteFunc(slices.Clone(m.concepts), func(c concept) bool { return c.weak || c.unknown })
	m.loose = true
	return m
}

// subject tells whether the query says what it is about.
func (m meaning) subject() bool {
	return m.number != "" || m.table != "" || slices.ContainsFunc(m.concepts, func(c concept) bool { return !c.optional })
}

// after completes a query that names no subject ("tahun 2021", "kecamatan
// gantung", "berdasarkan jenis pekerjaan") with the one before it.
func (m meaning) after(before meaning) meaning {
	if m.subject() || !before.subject() {
		return m
	}
	out := before
	out.mended = true
	out.concepts = slices.Concat(before.concepts, m.concepts)
	out.words.breakdown = slices.Concat(before.words.breakdown, m.words.breakdown)
	if m.areas != nil {
		out.areas, out.words.area = m.areas, m.words.area
	}
	if m.from > 0 || m.newest {
		out.from, out.to, out.newest, out.words.years = m.from, m.to, m.newest, m.words.years
	}
	return out
}

// respell replaces slang and abbreviations of spelling, and mends words that
// the catalogue does not know; these are guesses.
func (u understanding) respell(m *meaning, ws []string) (out []string, guesses map[string]bool) {
	guesses = map[string]bool{}
	for i := 0; i < len(ws); i++ {
		if i+1 < len(ws) {
			if r, ok := u.replace[ws[i]+" "+ws[i+1]]; ok {
				out = append(out, r...)
				i++
				continue
			}
		}
		w := ws[i]
		if r, ok := u.replace[w]; ok {
			out = append(out, r...)
			continue
		}
		if i+1 < len(ws) && !u.vocabulary[w] && !u.noise[w] && u.vocabulary[w+ws[i+1]] { // "ketenaga kerjaan"
			out = append(out, w+ws[i+1])
			m.mended = true
			i++
			continue
		}
		if u.personal(w) {
			m.dropped = append(m.dropped, w)
			continue
		}
		base := strings.TrimSuffix(w, "nya")
		if u.noise[w] || u.noise[base] || u.general[w] || u.foreign[w] || hasDigit(w) || u.vocab.known(w, u.stem(w)) || isKind(w) {
			out = append(out, w)
			continue
		}
		if u.names.byName[w] != nil || u.names.parts[w] {
			out = append(out, w)
			continue
		}
		if len(ws) <= longQuery {
			if r, ok := u.vocab.mend(w); ok {
				m.mended = true
				out = append(out, r...)
				for _, g := range r {
					guesses[g] = true
				}
				continue
			}
		}
		out = append(out, w)
	}
	return out, guesses
}

// personal tells whether a word says that a thing is somebody's own ("rumahku",
// "motormu"): no publication is about that one.
func (u understanding) personal(w string) bool {
	base, ok := strings.CutSuffix(w, "ku")
	if !ok {
		base, ok = strings.CutSuffix(w, "mu")
	}
	return ok && len(base) >= 4 && !u.vocabulary[w] && u.names.byName[w] == nil && !u.names.parts[w] && u.vocab.known(base, u.stem(base))
}

// longQuery is from how many words on a query is a paste, whose odd words are
// passed over instead of mended.
const longQuery = 20

// takeAreas takes the names of areas out of the words.
func (u understanding) takeAreas(m *meaning, ws []string) []string {
	var out []string
	for i := 0; i < len(ws); {
		ar, n := u.names.at(ws, i, u.own)
		inTerm := n > 0 && (n == 1 && u.isTerm(ws, i) || villageKinds[ws[i]] && i > 0 && u.isTerm(ws, i-1))
		if n == 0 || inTerm {
			out = append(out, ws[i])
			i++
			continue
		}
		if !slices.ContainsFunc(m.areas, func(x area) bool { return x.office == ar.office && x.name == ar.name }) && len(m.areas) < 4 {
			m.areas = append(m.areas, ar)
			m.words.area = append(m.words.area, ws[i:i+n]...)
		}
		if ar.part { // the pages of the kecamatan's book have a line for it
			name := ws[i : i+n]
			if villageKinds[name[0]] && n > 1 {
				name = name[1:]
			}
			m.concepts = append(m.concepts, concept{
				ways: []alternative{{stems: u.stems(name), factor: 1}}, exact: name, weight: brokenWeight, optional: true,
			})
		}
		out = append(out, "") // words on both sides are not neighbours
		i += n
	}
	// "Manggar, Belitung Timur, Babel": the narrowest is meant.
	all := slices.Clone(m.areas)
	m.areas = slices.DeleteFunc(m.areas, func(a area) bool {
		return slices.ContainsFunc(all, func(b area) bool { return b.inside(a) })
	})
	m.leave()
	return out
}

// isTerm tells whether a longer term starts at ws[i], so that a name inside it
// is no area.
func (u understanding) isTerm(ws []string, i int) bool {
	_, n := u.termAt(u.stems(ws), i)
	return n > 1
}

// termAt finds the longest term that starts at stems[i].
func (u understanding) termAt(stems []string, i int) ([]alternative, int) {
	for n := min(u.termWords, len(stems)-i); n > 0; n-- {
		if slices.Contains(stems[i:i+n], "") {
			continue
		}
		if alts, ok := u.terms[strings.Join(stems[i:i+n], " ")]; ok {
			return alts, n
		}
	}
	return nil, 0
}

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
var breakers = map[string]bool{"menurut": true, "per": true, "berdasarkan": true, "berdasar": true, "tiap": true, "setiap": true, "by": true, "dirinci": true}

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
		if n <= 1 && breakers[w] && i+1 < len(ws) && ws[i+1] != "kapita" {
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

// yearToken reads a year that publications may be about.
func yearToken(w string) (int, bool) {
	if len(w) != 4 || !isDigits(w) {
		return 0, false
	}
	y, err := strconv.Atoi(w)
	return y, err == nil && y >= firstYear && y <= lastYear
}

// The years that a four-digit number may mean. Codes of offices (1906) lie below.
const (
	firstYear = 1945
	lastYear  = 2099
)

// missing lists the words asked for that the first hit has not, neither in what
// is known of the book nor on the pages that answer.
func (m meaning) missing(s scored) (out []string) {
	if len(s.pages) > 0 {
		return nil
	}
	for _, c := range m.concepts {
		has := func(w alternative) bool { return s.strength(w.stems) > 0 }
		if !c.optional && !slices.ContainsFunc(c.ways, has) {
			out = append(out, c.exact...)
		}
	}
	return out
}
