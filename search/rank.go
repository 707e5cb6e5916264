package search

import (
	"cmp"
	"slices"
	"strconv"
)

// Factors for what lies beside the area or the years asked for.
const (
	provinceFactor = 0.84
	nationFactor   = 0.76
	widerFactor    = 0.80 // a kecamatan was asked, this is its kabupaten
	districtFactor = 0.55 // no kecamatan was asked, this is one
	otherFactor    = 0.5  // another office, when ours have nothing
	noYearFactor   = 0.62 // has no data of the years asked
)

// Least coverage of a query's weight by one series to count as an answer.
const (
	leastCoverage = 0.55
	leastLoose    = 0.3 // when nothing answers the whole query
	leastTopic    = 0.5 // when the query names a subject of the series outright
)

// scored is a series with how well it answers.
type scored struct {
	*entry
	score    float64
	text     float64 // match of the words alone
	coverage float64 // share of the query's weight found
	topic    float64 // how surely the query says a subject of the series, 0…1
	share    float64 // share of the query that is that subject
	hasYear  bool
	chosen   edition // the one shown; the series' others stand behind it
	pages    []pageHit
}

// rank orders series by how well they answer; those that answer too little are
// left out. The order depends on nothing but the query and the records.
func (u understanding) rank(m meaning, es []*entry) []scored {
	var out []scored
	m = m.ready()
	for _, e := range es {
		s := scored{entry: e}
		s.text, s.coverage = m.match(e)
		s.topic, s.share = m.topicOf(e)
		if m.inDistrict(e) { // the one book about a kecamatan holds whatever there is
			s.text, s.coverage = max(s.text, districtText), max(s.coverage, leastCoverage)
		}
		s.chosen, s.hasYear = m.choose(e)
		s.score = (s.text + topicBonus*s.topic + 0.05*m.titleShare(e)) * (0.5 + 0.5*s.coverage) * u.areaFactor(m, e)
		if m.named(u.tables, e) && !u.ended(m, s.chosen) {
			s.score += (nameBonus + wordBonus*float64(len(e.title))) * u.areaFactor(m, e)
			s.coverage = 1
		}
		if m.from > 0 && !s.hasYear {
			s.score *= noYearFactor
		}
		if m.to > m.from && s.hasYear && s.chosen.From == m.from && s.chosen.To == m.to {
			s.score += rangeBonus * u.areaFactor(m, e)
		}
		if len(m.concepts) == 0 || !m.subject() {
			s.score = u.flagship(m, e) + s.share*u.areaFactor(m, e)
			s.coverage = 1
		}
		if m.isTitle(s.chosen) {
			s.coverage = 1
		}
		s.score += 0.001 * float64(max(0, min(20, s.chosen.Year-u.year+15)))
		least := leastCoverage
		if m.loose {
			least = leastLoose
		}
		if s.coverage >= least || s.share >= leastTopic && !m.foreign() {
			out = append(out, s)
		}
	}
	if m.from == 0 {
		newestCensus(out)
	}
	sortScored(out)
	for i, s := range out {
		if s.score < 0.2*out[0].score {
			out = out[:i]
			break
		}
	}
	for i, s := range out { // the very title leads
		if m.isTitle(s.chosen) {
			out[i].score += exactTitle
			sortScored(out)
			break
		}
	}
	return out
}

// likeScores is how near the scores of two censuses are that are taken for
// rounds of one.
const likeScores = 0.9

// newestCensus lets the newest round of a census lead: "Sensus Pertanian 2013"
// and "2023" have titles of their own and are series of their own.
func newestCensus(out []scored) {
	kind := func(s scored) string {
		i := slices.Index(s.title, "sensus")
		if i < 0 || i+1 == len(s.title) || s.District != "" {
			return ""
		}
		return s.Office + s.title[i+1]
	}
	for i := range out {
		for j := range out {
			k := kind(out[i])
			if k != "" && k == kind(out[j]) && out[j].chosen.Year > out[i].chosen.Year &&
				out[j].score < out[i].score && out[j].score > likeScores*out[i].score {
				out[i].score, out[j].score = out[j].score, out[i].score
			}
		}
	}
}

// sortScored puts the best first; equal scores go by year and key, so that the
// order is the same in every build.
func sortScored(out []scored) {
	slices.SortFunc(out, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.chosen.Year, a.chosen.Year), cmp.Compare(a.Key, b.Key))
	})
}

// inDistrict tells whether a series is the first book of a kecamatan asked for,
// and the query has no words that the catalogue does not know.
func (m meaning) inDistrict(e *entry) bool {
	return e.rule.flagship && m.asksDistrict(e) &&
		!slices.ContainsFunc(m.concepts, func(c concept) bool { return c.unknown })
}

// asksDistrict tells whether a series is about a kecamatan asked for.
func (m meaning) asksDistrict(e *entry) bool {
	return slices.ContainsFunc(m.areas, func(a area) bool { return a.level == district && a.name == e.District })
}

// foreign tells whether the query has words of services that are not ours.
func (m meaning) foreign() bool {
	return slices.ContainsFunc(m.concepts, func(c concept) bool { return c.foreign })
}

// flagship scores a series for a query that names only an area or years: the
// first book of the area leads.
func (u understanding) flagship(m meaning, e *entry) float64 {
	s := 0.3
	switch {
	case e.rule.flagship:
		s = 1
	case e.rule.wide:
		s = 0.8
	}
	if m.from > 0 {
		if _, ok := m.choose(e); !ok {
			s *= noYearFactor
		}
	}
	text, _ := m.match(e)
	return (s + 0.2*text) * u.areaFactor(m, e)
}

// areaFactor is what the area of a series is worth for the query.
func (u understanding) areaFactor(m meaning, e *entry) float64 {
	if len(m.areas) == 0 {
		return nearness(e, u.own, "")
	}
	best := 0.0
	for _, a := range m.areas {
		name := ""
		if a.level == district {
			name = a.name
		}
		best = max(best, nearness(e, a.office, name))
	}
	return best
}

func nearness(e *entry, office, name string) float64 {
	switch {
	case e.Office == office && name != "" && e.District == name:
		return 1
	case e.Office == office && name != "" && e.District == "":
		return widerFactor
	case e.Office == office && e.District == "":
		return 1
	case e.Office == office:
		return districtFactor
	}
	factor := otherFactor
	switch e.Office {
	case provinceOf(office):
		factor = provinceFactor
	case "0000":
		factor = nationFactor
	}
	if name != "" {
		factor *= widerFactor
	}
	return factor
}

// provinceOf is the office of the province that an office lies in.
func provinceOf(office string) string { return clip(office, 2) + "00" }

// choose picks the edition to show: the newest, or of the years asked for the
// one that has most of them, the newest of these. A year beside the title of a
// yearly book is the year of its title when the query names that title.
func (m meaning) choose(e *entry) (chosen edition, hasYear bool) {
	best, score := 0, -1
	for i, ed := range e.Editions {
		s := 0
		if m.from > 0 {
			s = 2 * m.yearScore(e, ed)
			if s > 0 && m.to > m.from && ed.From == m.from && ed.To == m.to {
				s += 1000 // the very range
			}
		}
		if m.isTitle(ed) {
			s += 5000
		}
		if m.month != "" && hasWord(ed.plain, m.month) {
			s++
		}
		if s > score {
			best, score = i, s
		}
	}
	if m.from > 0 && score < 2 {
		best = nearest(e.Editions, m.to)
	}
	return e.Editions[best], m.from > 0 && score >= 2
}

// isTitle tells whether the query is the title of an edition, word for word.
func (m meaning) isTitle(ed edition) bool { return m.text != "" && ed.plain == m.text }

// holds is the year of an edition's data, where it answers the years asked for by that
// and its title is of another: "Kecamatan Gantung Dalam Angka 2023" for "penduduk 2022".
func (m meaning) holds(ed edition) string {
	if m.from == 0 || ed.From != ed.To || ed.From == ed.Year || !ed.covers(m.from, m.to) || ed.Year >= m.from &&
		ed.Year <= m.to {
		return ""
	}
	return strconv.Itoa(ed.From)
}

// yearScore is how well an edition answers the years asked for; 0 not at all.
func (m meaning) yearScore(e *entry, ed edition) int {
	byTitle := ed.Year >= m.from && ed.Year <= m.to
	if e.rule.lag > 0 && (m.namesTitle(e) || m.typesTitle(e) || !m.subject()) {
		switch {
		case byTitle:
			return 100
		case ed.covers(m.from, m.to):
			return 1
		}
		return 0
	}
	if ed.covers(m.from, m.to) {
		return 2 + min(ed.To, m.to) - max(ed.From, m.from)
	}
	if byTitle && e.rule.lag > 0 {
		return 1
	}
	return 0
}

// named tells whether the words typed call the series by its whole name, of two
// words or more; its longest name counts, so that "statistik daerah kecamatan" is
// not called by "statistik daerah".
func (m meaning) named(t *tables, e *entry) bool {
	if m.foreign() || len(e.rule.pattern) < 2 {
		return false
	}
	if !m.namesTitle(e) { // "Statistik Indonesia" has its area in its name
		return m.typesTitle(e)
	}
	district := slices.ContainsFunc(m.areas, func(a area) bool { return a.level == district })
	if (e.District != "" || district) && !m.asksDistrict(e) {
		return false
	}
	return !slices.ContainsFunc(e.title, func(w string) bool {
		f, _ := m.says(w)
		return f < sameFactor && !t.general[w]
	})
}

// namesTitle tells whether the query names the book by its title.
func (m meaning) namesTitle(e *entry) bool {
	return len(e.rule.pattern) > 0 && m.saysAll(e.rule.pattern)
}

// typesTitle tells whether a title that is all there is to a series' name stands
// in the query as it is typed: "Statistik Indonesia" has its area in its name.
func (m meaning) typesTitle(e *entry) bool {
	return e.rule.whole && adjacent(m.typed, e.title)
}

// endedYears is from how many years on a series without a new edition has ended.
const endedYears = 10

// ended tells whether an edition is the last of a series that has long ended, where no
// year is asked for, or another than its own: a series that goes on under a longer
// name ("PDRB … Menurut Lapangan Usaha") is meant by the short one then.
func (u understanding) ended(m meaning, ed edition) bool {
	return ed.Year < u.year-endedYears && (m.from == 0 || !ed.covers(m.from, m.to))
}

func (m meaning) saysAll(ws []string) bool {
	for _, w := range ws {
		if f, _ := m.says(w); f < sameFactor && !(w == "kecamatan" && len(m.areas) > 0) {
			return false
		}
	}
	return true
}

// nearest is the edition whose year is nearest to the one asked for.
func nearest(es []edition, year int) int {
	best := 0
	for i, e := range es {
		if abs(e.Year-year) < abs(es[best].Year-year) {
			best = i
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }
