package search

import (
	"slices"
	"strings"
)

// heard is what the parts of a question say of one cell.
type heard struct {
	words    map[string]bool // all that they say, in the words of the cell
	row, col map[string]bool // the same of its row and its column alone

	measure    bool // what is counted or measured
	placed     bool // where
	parts      bool // one of what the table tells apart
	brokenOnly bool // what the table is broken down by, and no more
	dimension  bool // the same, also where a row or a column says it too
	region     bool // a region that is neither the table's nor a row's place
}

// cell tells whether a cell answers.
func (m *matching) cell(r, c int) (dataAnswer, bool) {
	a := dataAnswer{sheet: m.s, row: r, col: c, place: m.s.areaKey()}
	if !m.tells(&a) {
		return a, false
	}
	h := &heard{words: map[string]bool{}, row: map[string]bool{}, col: map[string]bool{}}
	for i, p := range m.ask.parts {
		how := m.explain(i, &a, h)
		if how == notSaid {
			return a, false
		}
		for _, way := range p.ways {
			if m.everywhere(way, m.s.rows[r], m.s.cols[c]) {
				for _, x := range way {
					h.words[x] = true
				}
			}
		}
		if how == alike {
			a.cost += costOther
		}
	}
	if !h.measure || h.region && !h.dimension { // "patrang banyuwangi" is not who was born there
		return a, false
	}
	ok := m.asked(&a, h)
	return a, ok
}

// tells tells whether the cell has a number, of the time asked for, by itself.
func (m *matching) tells(a *dataAnswer) bool {
	s := m.s
	var dated bool
	if a.year, dated = s.year(a.row, a.col); !dated || len(m.data.content(s.title.head)) == 0 {
		return false
	}
	if m.ask.year != "" && !sameYear(a.year, m.ask.year) {
		// "2021" may mean the school year 2021/2022: no answer, but a doubt.
		a.doubt = len(m.ask.year) == 4 && strings.Contains(a.year, "/") && strings.Contains(a.year, m.ask.year)
		if !a.doubt {
			return false
		}
	}
	row, col := s.rows[a.row], s.cols[a.col]
	if slices.ContainsFunc(s.left, func(l label) bool { return l.key == col.key && (l.year == "" || l.year == a.year) }) {
		return false // which of the two is meant, nobody can say
	}
	// A blank is no answer, and another is none then.
	a.doubt = a.doubt || strings.TrimSpace(s.table.Rows[a.row].Cells[a.col].Text) == ""
	return m.tellsNumber(a.row, a.col) && !(row.total && m.notAdded(col))
}

// explain tells how one part of the question is explained by the cell's row, column,
// title or area, and notes what the part says of it.
func (m *matching) explain(i int, a *dataAnswer, h *heard) way {
	s, p := m.s, m.ask.parts[i]
	row, col := s.rows[a.row], s.cols[a.col]
	onRow, onCol := m.rows[i][a.row], m.cols[i][a.col]
	onLabels := max(onRow, onCol)
	h.dimension = h.dimension || m.broken[i] != notSaid
	h.region = h.region || p.region && !m.area[i] && !m.up[i] && onLabels != notSaid && !s.colPlaces() &&
		(s.stub == noKind || onRow == notSaid)
	switch {
	case onLabels != notSaid:
		m.say(p, row, onRow, h.words, h.row)
		m.say(p, col, onCol, h.words, h.col)
		h.measure = h.measure || onCol != notSaid && !s.colPlaces() && !p.other() ||
			onRow != notSaid && s.stub == noKind && !m.area[i]
		h.parts = h.parts || !m.area[i]
		h.placed = h.placed || m.area[i]
		return onLabels
	case m.unitSaid(p, col):
		if dataUnits[p.exact[0]] == "km" { // "berapa km ke": how far
			h.measure = true
			h.words["jarak"], h.col["jarak"] = true, true
		}
		return literally
	case m.claimed(i) && !(m.area[i] && p.kind == noKind && m.saidBy(m.rows, a.row, i)) &&
		!(m.broken[i] != notSaid && m.saidBy(m.cols, a.col, i)) && !m.ofAll(i): // "bekerja sebagai petani"
		return notSaid
	case (m.area[i] || m.up[i]) && p.joined:
		return notSaid // "Sabrang dan Ambulu" are two
	case m.area[i]:
		h.placed = true
		return literally
	case m.up[i]:
		return literally
	case m.oneOfMany(p):
		return notSaid // "rasio" of a title that lists it, and another column
	case m.title[i] != notSaid:
		inHead := p.kind == noKind && p.in(s.inHead) != notSaid
		h.measure = h.measure || inHead
		h.placed = h.placed || !inHead && placeKinds[p.exact[0]] == 0 &&
			p.in(func(w string) bool { return slices.Contains(m.where, w) }) != notSaid
		return m.title[i]
	case m.station(i) || p.source && p.in(func(w string) bool { return slices.Contains(s.sourced, w) }) != notSaid:
		return literally
	case placeKinds[p.exact[0]] != 0:
		return notSaid // "berapa desa": the table counts something else of each
	case m.broken[i] != notSaid:
		h.brokenOnly = true
		return m.broken[i]
	}
	how := m.across(p, row, col)
	if how == notSaid {
		return notSaid
	}
	for _, way := range p.ways {
		if m.everywhere(way, row, col) { // "pengantin perempuan": what the title and what the column says of it
			sayWords(way, row, h.row)
			sayWords(way, col, h.col)
		}
	}
	h.measure = true
	return how
}

// asked tells whether the question says all that the cell's row, column and title do.
func (m *matching) asked(a *dataAnswer, h *heard) bool {
	s, row, col := m.s, m.s.rows[a.row], m.s.cols[a.col]
	rowIsPlace := s.stub != noKind && !row.total
	switch {
	case row.total:
	case !m.labelSaid(row, h.row, rowIsPlace):
		return false
	case rowIsPlace:
		h.placed = true
		a.place = placeKey(s.stub, row.key)
		if s.stub >= village {
			a.place += " of " + s.area.key()
		}
	}
	colExplicit, ok := m.columnSaid(a.col, h.col)
	if !ok {
		return false
	}
	if n := len(col.levels); colExplicit && n > 0 && m.levelSaid(col.levels[n-1], h.col, false) &&
		!m.bare(col.levels[n-1], h.col) {
		if m.sharedWords(a.col, h.col) {
			return false // "pelaksana": which of them
		}
		a.cost += costDimension // "Tempat Praktek Dokter" is less "dokter praktek" than "Dokter Praktek"
	}
	colIsPlace := colExplicit && s.stub == noKind && m.namesPlace(col)
	if colIsPlace {
		h.placed = true
		a.place = placeKey(s.title.kinds[len(s.title.kinds)-1], col.key) + " of " + s.area.key()
	}
	if !h.placed && !m.inside && !(m.own != "" && s.area.level == regency && slices.Contains(s.area.names, m.own)) {
		return false
	}
	if h.brokenOnly && !h.parts {
		return false // "menurut umur": the table is asked for
	}
	a.member = colExplicit && !colIsPlace && !m.sexOnly(col) || s.stub == noKind && !row.total
	if s.title.other > 0 && !a.member {
		if m.headIs("penduduk") {
			return false // a total of persons of a kind is not that of all
		}
		a.cost += costDimension
	}
	if a.extra, ok = m.titleSaid(h.words, colExplicit, a.member, a); !ok {
		return false
	}
	if m.measured(col) && !m.measureSaid(h.words, h.col, h.row) {
		return false // "jumlah mangga": trees, tons and hectares are told of it
	}
	// Nil in a list of kinds may be a number in another.
	a.none = a.extra != "" && s.table.Rows[a.row].Cells[a.col].Text == "-"
	for _, w := range m.data.content(s.title.head) {
		if h.words[w] || slices.Contains(strings.Fields(a.extra), w) {
			a.head = append(a.head, w)
		}
	}
	return true
}
