package search

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
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
	typed    []string // their stems
	said     saying   // what the concepts say, once ready
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
	held  map[string]bool // offices whose publications are here
	vocab vocabulary
	own   string // office
	year  int    // the current one
}

// read understands a query. Any bytes give a bounded meaning in bounded time.
func (u understanding) read(text string) meaning {
	var m meaning
	text = normal(strings.ToValidUTF8(clip(text, maxQueryBytes), " "))
	for _, host := range hostName.FindAllString(text, -1) {
		m.dropped = append(m.dropped, strings.ToLower(host))
	}
	text = hostName.ReplaceAllString(text, " ")
	m.text = strings.Join(words(text), " ")
	m.typed = u.stems(strings.Fields(m.text))
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
	ws = u.takeAreas(&m, ws, guesses)
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

// hostName is the name of a computer, of which nothing is sought ("tiket.com"); what
// stands behind it in a pasted address is read.
var hostName = regexp.MustCompile(`(?i)(?:https?://)?\b(?:[a-z0-9-]+\.)+(?:com|net|org|id)\b`)

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
	m.said = nil
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
	for i, c := range m.concepts {
		if c.foreign && i+1 < len(m.concepts) && !m.concepts[i+1].optional && !m.concepts[i+1].unknown &&
			hasWord(m.text, c.exact[0]+" "+m.concepts[i+1].exact[0]) {
			return false // "lowongan kerja" is one thing, and not ours
		}
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
	m = m.ready()
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
	m.loose, m.said = true, nil
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
	out.mended, out.said = true, nil
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
		if u.noise[w] || u.noise[base] || u.general[w] || u.foreign[w] || hasDigit(w) || u.vocab.known(w, u.stem(w)) ||
			isKind(w) {
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
	return ok && len(base) >= 4 && !u.vocabulary[w] && u.names.byName[w] == nil && !u.names.parts[w] &&
		u.vocab.known(base, u.stem(base))
}

// longQuery is from how many words on a query is a paste, whose odd words are
// passed over instead of mended.
const longQuery = 20

// takeAreas takes the names of areas out of the words.
func (u understanding) takeAreas(m *meaning, ws []string, guesses map[string]bool) []string {
	var out []string
	for i := 0; i < len(ws); {
		ar, n := u.names.at(ws, i, u.own)
		if n == 0 && !guesses[ws[i]] { // "kacamata gitar" has no kecamatan in it
			ar, n = u.unheard(ws, i)
		}
		inTerm := n > 0 && (n == 1 && u.isTerm(ws, i) || villageKinds[ws[i]] && u.within(ws, i))
		if n == 0 || inTerm {
			out = append(out, ws[i])
			i++
			continue
		}
		if !slices.ContainsFunc(m.areas, func(x area) bool { return x.office == ar.office && x.name == ar.name }) &&
			len(m.areas) < 4 {
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
	for i, a := range m.areas { // a neighbour none of whose publications are here
		if a.level >= regency && a.office != u.own && !u.held[a.office] {
			m.areas[i].away = true
		}
	}
	m.leave()
	return out
}

// unheard reads a word of kind with a name behind it that nothing here knows
// ("kecamatan cibinong", "desa juru seberang"): a place, and none of ours. Villages are
// so only where those of the own kabupaten are all in the tables.
func (u understanding) unheard(ws []string, i int) (area, int) {
	lv, ok := kinds[ws[i]]
	if villageKinds[ws[i]] {
		ok = slices.ContainsFunc(u.villages, func(a area) bool { return a.office == u.own })
		lv = district
	}
	if !ok || lv < 0 || i > 0 && (breakers[ws[i-1]] || counting[ws[i-1]]) {
		return area{}, 0
	}
	end := i + 1
	for end < len(ws) && end <= i+nameWords && (u.strange(ws[end]) || end > i+1 && sides[ws[end]]) {
		end++
	}
	if end == i+1 {
		return area{}, 0
	}
	name := slices.Clone(ws[i+1 : end])
	a := area{office: countryOffice, level: lv, name: strings.Join(name, " "), away: true}
	for k, w := range name {
		_, first := utf8.DecodeRuneInString(w)
		name[k] = strings.ToUpper(w[:first]) + w[first:]
	}
	a.title = strings.Join(name, " ")
	return a, end - i
}

// counting are the words after which a word of kind means all of the kind.
var counting = map[string]bool{"jumlah": true, "banyak": true, "banyaknya": true, "antar": true, "semua": true,
	"seluruh": true,
	"daftar":  true, "dan": true, "atau": true}

// sides are second words of the names of places.
var sides = map[string]bool{"barat": true, "timur": true, "utara": true, "selatan": true, "tengah": true, "hilir": true,
	"hulu": true}

// nameWords is of how many words the name of a place may be that nothing here knows.
const nameWords = 2

// strange tells whether a word may be the name of a place that nothing here knows.
func (u understanding) strange(w string) bool {
	return len(w) >= leastName && !hasDigit(w) && !isKind(w) && !u.everyday(w) && !breakers[w] && !months[w] &&
		!u.vocab.known(w, u.stem(w))
}

// leastName is of how many letters such a name is at least.
const leastName = 4

// isTerm tells whether a longer term starts at ws[i], so that a name inside it
// is no area.
func (u understanding) isTerm(ws []string, i int) bool {
	_, n := u.termAt(u.stems(ws), i)
	return n > 1
}

// within tells whether ws[i] is a later word of a term or of the name of a series:
// after "potensi desa" and "keuangan pemerintah desa" no village is named.
func (u understanding) within(ws []string, i int) bool {
	stems := u.stems(ws)
	for j := max(0, i-3); j < i; j++ {
		if _, n := u.termAt(stems, j); j+n > i {
			return true
		}
	}
	return slices.ContainsFunc(u.series, func(r seriesRule) bool {
		n := len(r.pattern)
		return n > 1 && r.pattern[n-1] == stems[i] && i+1 >= n && slices.Equal(stems[i+1-n:i+1], r.pattern)
	})
}

// termAt finds the longest term that starts at stems[i].
func (u understanding) termAt(stems []string, i int) ([]alternative, int) {
	for n := min(u.termWords[stems[i]], len(stems)-i); n > 0; n-- {
		if slices.Contains(stems[i:i+n], "") {
			continue
		}
		if alts, ok := u.terms[strings.Join(stems[i:i+n], " ")]; ok {
			return alts, n
		}
	}
	return nil, 0
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
