package search

import (
	"slices"
)

// A cell answers a question when every part of the question is explained by the cell's
// row, column, title or area, and everything that these say is said by the question, or
// is a total, a unit or a word that narrows nothing. Whatever is left over on either side
// makes it another number than the one asked for.

// answer is a cell that answers a question.
type dataAnswer struct {
	sheet    *sheet
	row, col int
	year     string
	cost     int      // how much had to be excused
	extra    string   // what the title says that the question does not
	place    string   // what the number is of
	head     []string // what the title tells, that the question says
	member   bool     // it is of one kind of what is told, so that other tables of the whole do not matter
	doubt    bool     // it is for a year that may be meant, and not the one said
	none     bool     // it is nil in a list of kinds, of which other tables may have more
	edition  edition
	series   string
	asked    string // the question in full, where it went on with the one before
}

// What it costs an answer that its table says more than was asked.
const (
	costDimension = 100 // a total over a breakdown that was not asked for
	costClass     = 1   // a word for the kind of thing that was asked for
	costOther     = 1   // a part said in another way than the table does
)

// matching is a question held against a sheet.
type matching struct {
	*tables
	ask    ask
	s      *sheet
	inside bool    // asked within the book, so that its area goes without saying
	own    string  // the own office's kabupaten, of which a question without a place is
	rows   [][]way // of each part, for each row
	cols   [][]way
	title  []way // by head, place or source
	broken []way // by what the table is broken down by
	area   []bool
	up     []bool
	where  []string   // words of the title that say where, but the names of the areas known
	left   []bool     // parts that a column says which did not prove itself
	shared *namesakes // the area's name is a row's as well, and the question says no kind
}

// way is how a part is explained: not at all, in other words, or as typed.
type way int8

const (
	notSaid way = iota
	alike
	literally
)

// waysIn tells how a part is explained by a set of stems.
func (p part) in(has func(string) bool) way {
	for i, w := range p.ways {
		if !slices.ContainsFunc(w, func(x string) bool { return !has(x) }) {
			if i == 0 {
				return literally
			}
			return alike
		}
	}
	return notSaid
}

func kindSaid(k level, has func(string) bool) bool {
	for w, lv := range placeKinds {
		if lv == k && has(w) {
			return true
		}
	}
	return false
}

func (t *tables) match(a ask, s *sheet) *matching {
	m := &matching{tables: t, ask: a, s: s}
	n := len(a.parts)
	m.rows, m.cols = make([][]way, n), make([][]way, n)
	m.title, m.broken = make([]way, n), make([]way, n)
	m.area, m.up = make([]bool, n), make([]bool, n)
	in := func(list []string) func(string) bool {
		return func(w string) bool { return slices.Contains(list, w) }
	}
	m.where = slices.DeleteFunc(slices.Clone(s.title.where), s.inPlaceName) // "belitung" is not Belitung Timur
	m.left = make([]bool, n)
	m.area = s.area.namedBy(a.parts)
	for _, q := range s.up {
		for i, is := range q.namedBy(a.parts) {
			m.up[i] = m.up[i] || is
		}
	}
	for i, p := range a.parts {
		m.rows[i], m.cols[i] = make([]way, len(s.rows)), make([]way, len(s.cols))
		for r, l := range s.rows {
			kind := s.stub
			if l.total {
				kind = s.area.level
			}
			m.rows[i][r] = m.onLabel(p, l, kind, s.stub != noKind)
			if l.total && s.stub != noKind && !m.area[i] && p.in(s.inPlaceName) != notSaid {
				m.rows[i][r] = notSaid // half of the area's name
			}
		}
		colKind := noKind
		if s.stub == noKind && len(s.title.kinds) > 0 {
			colKind = s.title.kinds[len(s.title.kinds)-1]
		}
		for c, l := range s.cols {
			m.cols[i][c] = m.onLabel(p, l, colKind, m.namesPlace(l))
		}
		m.left[i] = !m.area[i] && slices.ContainsFunc(s.left, func(l label) bool {
			return m.onLabel(p, l, colKind, false) != notSaid
		})
		if p.kind == noKind && m.area[i] && s.stub != noKind && s.stub != s.area.level {
			for r := range m.rows[i] { // "sabrang ambulu" is no row of the desa Ambulu
				if m.rows[i][r] != notSaid && !s.rows[r].total {
					m.shared = &namesakes{i, s.area.level, s.stub}
				}
				m.rows[i][r] = notSaid
			}
		}
		if p.kind == noKind && m.area[i] && colKind != noKind && colKind != s.area.level {
			for c := range m.cols[i] {
				if m.cols[i][c] != notSaid && !s.cols[c].total {
					m.shared = &namesakes{i, s.area.level, colKind}
				}
				m.cols[i][c] = notSaid
			}
		}
		if p.kind == noKind {
			head := p.in(func(w string) bool { return in(s.title.head)(w) || in(s.title.source)(w) || in(s.title.when)(w) })
			where := p.in(in(m.where))
			m.title[i] = max(head, where)
			m.broken[i] = p.in(func(w string) bool { return in(s.title.broken)(w) || in(s.stubWords)(w) })
		} else if kindSaid(p.kind, in(s.title.where)) {
			m.title[i] = p.in(in(m.where))
		}
	}
	return m
}

// answers lists the cells of the sheet that answer the question.
func (m *matching) answers() (out []dataAnswer) {
	if len(m.ask.parts) == 0 {
		return nil
	}
	for r := range m.s.rows {
		for c := range m.s.cols {
			if a, ok := m.cell(r, c); ok {
				out = append(out, a)
			}
		}
	}
	return out
}

// tellsNumber tells whether there is anything to tell: no "-" where nil is no measure ("-" km).
func (m *matching) tellsNumber(r, c int) bool {
	if m.s.table.Rows[r].Cells[c].Text == "-" {
		if !slices.ContainsFunc(keys(m.s.rows[r].stems), func(w string) bool {
			return !m.data.plain[w] && !m.data.class[w]
		}) &&
			m.s.stub == noKind && !m.s.rows[r].total {
			return false // "Buah-buahan" over the kinds of fruit
		}
		has := func(u string) bool {
			return m.s.cols[c].units[u] || len(m.s.cols[c].units) == 0 && m.s.title.units[u]
		}
		return !has("km") && !has("m") && !has("km2") && !has("persen")
	}
	return true
}

// notAdded tells whether a column tells what has no total: rain, height, distance.
func (m *matching) notAdded(l label) bool {
	words := keys(l.stems)
	if l.total {
		words = m.s.title.head
	}
	return slices.ContainsFunc(words, func(w string) bool { return m.data.single[w] })
}

// say notes what a part says of a label.
func (m *matching) say(p part, l label, w way, covered, said map[string]bool) {
	if w == notSaid {
		return
	}
	for _, way := range p.ways {
		whole := !slices.ContainsFunc(way, func(x string) bool { return !l.stems[x] })
		for _, x := range way {
			if whole || w == literally && slices.Equal(way, p.ways[0]) {
				covered[x], said[x] = true, true
			}
		}
		if len(way) == 1 { // a name written in two words
			said[way[0]] = true
		}
	}
}

// sayWords notes what of a term's words stands on a label.
func sayWords(way []string, l label, said map[string]bool) {
	for _, x := range way {
		if l.stems[x] {
			said[x] = true
		}
	}
}

// claimed tells whether another row or column of the table is what a part means.
func (m *matching) claimed(i int) bool {
	for r, w := range m.rows[i] {
		if w != notSaid && !(m.area[i] && m.s.rows[r].total) {
			return true
		}
	}
	return m.left[i] || slices.ContainsFunc(m.cols[i], func(w way) bool { return w != notSaid })
}

// ofAll tells whether a part is said by the title and stands over all columns but totals.
func (m *matching) ofAll(i int) bool {
	p := m.ask.parts[i]
	return p.in(m.s.inHead) != notSaid && p.in(m.overAll) != notSaid && !m.saidOnRows(i)
}

func (m *matching) saidOnRows(i int) bool {
	return slices.ContainsFunc(m.rows[i], func(w way) bool { return w != notSaid })
}

// saidBy tells whether a row or column is named by another part than one: in "sabrang
// ambulu" the kecamatan is not a row that has its name.
func (m *matching) saidBy(labels [][]way, at, but int) bool {
	for i := range m.ask.parts {
		if i != but && !m.area[i] && labels[i][at] != notSaid {
			return true
		}
	}
	return false
}

// everywhere tells whether all stems of a way stand in what the cell's path says.
func (m *matching) everywhere(way []string, row, col label) bool {
	return !slices.ContainsFunc(way, func(x string) bool {
		return !row.stems[x] && !col.stems[x] && !m.s.inHead(x) && !slices.Contains(m.where, x) &&
			!slices.Contains(m.s.title.broken, x) && !slices.Contains(m.s.title.source, x) && !slices.Contains(m.s.title.when, x)
	})
}

// across explains a term whose words stand partly in the title, partly on the labels.
func (m *matching) across(p part, row, col label) way {
	if p.kind != noKind {
		return notSaid
	}
	for i, w := range p.ways {
		if len(w) > 1 && m.everywhere(w, row, col) {
			if i == 0 {
				return literally
			}
			return alike
		}
	}
	return notSaid
}

// other tells whether a part is the word for whatever is left over, which is no measure.
func (p part) other() bool {
	return len(p.exact) == 1 && (p.exact[0] == "lainnya" || p.exact[0] == "lain")
}

// colPlaces tells whether the columns are the places that the title says it is broken
// down by, for the rows are not.
func (s *sheet) colPlaces() bool { return s.stub == noKind && len(s.title.kinds) > 0 }

// station tells whether a part is the word before the name of a place that the title says
// where it is: "di stasiun Sabrang" of a table "di Sabrang".
func (m *matching) station(i int) bool {
	if i+1 == len(m.ask.parts) || m.ask.parts[i].exact[0] != "stasiun" {
		return false
	}
	return m.ask.parts[i+1].in(func(w string) bool { return slices.Contains(m.where, w) }) != notSaid
}

func (s *sheet) inHead(w string) bool { return slices.Contains(s.title.head, w) }

// unitSaid tells whether a part names the unit of a column: "berapa km", "berapa orang".
func (m *matching) unitSaid(p part, col label) bool {
	if len(p.exact) != 1 || p.kind != noKind {
		return false
	}
	u, ok := dataUnits[p.exact[0]]
	if !ok {
		return false
	}
	has := func(u string) bool { return col.units[u] || len(col.units) == 0 && m.s.title.units[u] }
	if u == "persen" && col.stems["laju"] {
		return true
	}
	if u == "orang" && !has(u) {
		people := func(w string) bool { return m.data.people[w] }
		return slices.ContainsFunc(m.s.title.head, people) || slices.ContainsFunc(keys(col.stems), people)
	}
	return has(u)
}

func keys(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for k := range set {
		out = append(out, k)
	}
	return out
}
