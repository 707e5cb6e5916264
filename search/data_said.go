package search

import (
	"maps"
	"slices"
	"strings"
)

// labelSaid tells whether the question says every level of a row's label.
func (m *matching) labelSaid(l label, said map[string]bool, isPlace bool) bool {
	if len(l.levels) == 0 {
		return false
	}
	for i, p := range l.levels {
		if !m.levelSaid(p, said, isPlace) && !m.isTotal(p) && (i == len(l.levels)-1 || !m.dimension(p, said)) {
			return false
		}
	}
	return true
}

// levelSaid tells whether the question says a level in one of its ways, and something of
// it that is more than a word that narrows nothing.
func (m *matching) levelSaid(p labelPart, said map[string]bool, isPlace bool) bool {
	return slices.ContainsFunc(p.forms, func(f []string) bool {
		something := false
		for _, w := range f {
			lv, kind := placeKinds[w]
			switch {
			case said[w]:
				something = true
			case kind && m.ask.kind(lv):
				something = something || len(f) == 1
			case m.data.plain[w] || m.data.total[w] || kind && isPlace && len(f) > 1:
			default:
				return len(f) == 2 && said[f[0]+f[1]]
			}
		}
		return something
	})
}

// bare tells whether a level says nothing in one of its ways but what the question says.
func (m *matching) bare(p labelPart, said map[string]bool) bool {
	return slices.ContainsFunc(p.forms, func(f []string) bool {
		return !slices.ContainsFunc(f, func(w string) bool { return !said[w] && !m.data.total[w] })
	})
}

// sharedWords tells whether another column says all that the question says of one.
func (m *matching) sharedWords(c int, said map[string]bool) bool {
	return slices.ContainsFunc(slices.Concat(m.s.cols, m.s.left), func(l label) bool {
		return l.key != m.s.cols[c].key && !slices.ContainsFunc(keys(said), func(w string) bool { return !l.stems[w] })
	})
}

// oneOfMany tells whether a part names a measure that a title lists beside others, so that
// only a row or a column of it can be meant.
func (m *matching) oneOfMany(p part) bool {
	h := m.s.title
	single := func(w string) bool {
		return m.data.single[w] && (len(h.list) > 1 && slices.Contains(h.head, w) || slices.Contains(h.broken, w))
	}
	return slices.ContainsFunc(p.ways, func(w []string) bool { return slices.ContainsFunc(w, single) })
}

// columnSaid tells whether the question says a column, or need not; explicit when it does.
func (m *matching) columnSaid(c int, said map[string]bool) (explicit, ok bool) {
	l := m.s.cols[c]
	if len(l.levels) == 0 { // only a year stands over it
		return false, true
	}
	last := len(l.levels) - 1
	isPlace := m.s.stub == noKind && len(m.s.title.kinds) > 0
	for i, p := range l.levels[:last] {
		if !m.levelSaid(p, said, isPlace) && !m.isTotal(p) && !m.dimension(p, said) {
			return false, false
		}
		explicit = explicit || i < last && m.levelSaid(p, said, isPlace)
	}
	leaf := l.levels[last]
	switch {
	case m.levelSaid(leaf, said, isPlace):
		return true, true
	case l.total:
		// A share or ratio has no total: its heading is not what stands over the column.
		return explicit, !slices.ContainsFunc(keys(l.stems), func(w string) bool { return m.data.single[w] })
	case m.single(c) && m.nothingNew(leaf, func(w string) bool { return m.s.inHead(w) }):
		return explicit, true
	case m.nothingNew(leaf, func(w string) bool { return m.s.inHead(w) && m.data.class[w] }):
		return explicit, true // "Sekolah" where SD are asked for
	}
	return false, false
}

// dimension tells whether an outer heading only names what is under it ("Jenis Kelamin",
// "Buah-buahan:"), as the title does.
func (m *matching) dimension(p labelPart, said map[string]bool) bool {
	return m.nothingNew(p, func(w string) bool {
		return said[w] || m.data.class[w] || slices.Contains(m.s.title.broken, w) ||
			m.s.inHead(w) && m.overAll(w) || w == m.stem("kelamin")
	})
}

// overAll tells whether a word stands over all columns but totals, so that it sets none of
// them apart.
func (m *matching) overAll(w string) bool {
	without := func(l label) bool { return !l.stems[w] && !l.total }
	return !slices.ContainsFunc(m.s.cols, without) && !slices.ContainsFunc(m.s.left, without)
}

// nothingNew tells whether a level says only what is excused.
func (m *matching) nothingNew(p labelPart, excused func(string) bool) bool {
	return slices.ContainsFunc(p.forms, func(f []string) bool {
		return !slices.ContainsFunc(f, func(w string) bool { return !m.data.plain[w] && !m.data.total[w] && !excused(w) })
	})
}

// single tells whether a table has one column but for years.
func (m *matching) single(c int) bool {
	other := func(l label) bool { return l.key != m.s.cols[c].key }
	return !slices.ContainsFunc(m.s.cols, other) && !slices.ContainsFunc(m.s.left, other)
}

// sexOnly tells whether a column is one of the sexes, which no other table has more of.
func (m *matching) sexOnly(l label) bool {
	return len(l.levels) > 0 && slices.ContainsFunc(l.levels[len(l.levels)-1].forms, func(f []string) bool {
		return !slices.ContainsFunc(f, func(w string) bool { return w != "laki" && w != "perempuan" })
	})
}

// namesPlace tells whether the columns of a table are places.
func (m *matching) namesPlace(l label) bool {
	if len(m.s.title.kinds) == 0 || l.total {
		return false
	}
	return len(l.levels) > 0 &&
		kindSaid(m.s.title.kinds[len(m.s.title.kinds)-1], func(w string) bool { return l.stems[w] })
}

// headIs tells whether a title tells of nothing but one thing.
func (m *matching) headIs(word string) bool {
	found := false
	for _, w := range m.s.title.head {
		if w == m.stem(word) {
			found = true
		} else if !m.data.plain[w] && !m.data.total[w] {
			return false
		}
	}
	return found
}

// titleSaid tells whether the question says what the title does, and what of the kind of
// thing told it leaves out.
func (m *matching) titleSaid(covered map[string]bool, colExplicit, member bool, a *dataAnswer) (extra string, ok bool) {
	s := m.s
	var left []string
	for _, w := range s.title.head {
		lv, kind := placeKinds[w]
		_, unit := dataUnits[w]
		switch {
		case covered[w] || m.data.plain[w] || m.data.total[w] || kind && m.ask.kind(lv) || unit || kind && lv == s.stub:
		case colExplicit && m.inColumns(w) && !s.cols[a.col].stems[w], m.listed(w, covered, colExplicit):
		case member && s.stub == noKind && m.inRows(w),
			len(s.rows[a.row].levels) > 1 && !s.rows[a.row].stems[w] && m.inRows(w):
		case member && colExplicit && (w == "usia" || w == "umur" || strings.HasSuffix(w, "+")):
			left = append(left, w) // what is told of a kind of people says from what age on they can be of it
			a.cost += costClass
		case m.data.class[w] && member:
			left = append(left, w)
			a.cost += costClass
		case m.data.class[w] && (m.besideSaid(w, covered) || w == "penduduk" && colExplicit && m.headIs(w)):
			left = append(left, w)
			a.cost += costClass
		default:
			return "", false
		}
	}
	if slices.Contains(left, m.stem("penduduk")) && !m.residents() {
		if !m.asWritten(a.row, a.col) {
			return "", false // "perkawinan" are no people who are "Kawin"
		}
		for w := range covered {
			if m.data.workplace[w] && (s.rows[a.row].stems[w] || s.cols[a.col].stems[w]) {
				return "", false // who lives here is not who works here
			}
		}
	}
	if slices.ContainsFunc(s.title.when, func(w string) bool { return !covered[w] }) {
		return "", false // one month of a year is not the year
	}
	for _, w := range s.title.where {
		_, kind := placeKinds[w]
		if !kind && !covered[w] && !m.data.plain[w] && !m.data.class[w] && !s.inPlaceName(w) {
			return "", false
		}
	}
	slices.Sort(left)
	return strings.Join(slices.Compact(left), " "), true
}

// measured tells whether what a column has is measured, not counted, in a unit of all
// columns, so that its heading need not tell what is measured.
func (m *matching) measured(l label) bool {
	units := keys(l.units)
	if len(units) == 0 {
		units = keys(m.s.title.units)
	} else if slices.ContainsFunc(m.s.cols, func(c label) bool { return !maps.Equal(c.units, l.units) }) {
		return false
	}
	return slices.ContainsFunc(units, func(u string) bool {
		switch u {
		case "km2", "km", "m", "m2", "m3", "ha", "kuintal", "ton", "kg", "mm", "rupiah", "persen", "liter":
			return true
		}
		return false
	})
}

// measureSaid tells whether the question says what is measured or in what unit.
func (m *matching) measureSaid(covered, colSaid, rowSaid map[string]bool) bool {
	measure := func(w string) bool { return m.data.measure[w] || m.data.single[w] }
	head := m.data.content(m.s.title.head)
	if !slices.ContainsFunc(head, func(w string) bool { return !covered[w] }) &&
		slices.ContainsFunc(head, func(w string) bool { return !m.data.class[w] }) {
		return true // a row may say the whole of it: "Garis Kemiskinan"
	}
	for _, w := range head {
		if covered[w] && (!m.data.class[w] || measure(w)) && !rowSaid[w] && (!colSaid[w] || measure(w)) {
			return true
		}
	}
	return slices.ContainsFunc(keys(colSaid), measure) || slices.ContainsFunc(keys(rowSaid), measure) ||
		slices.ContainsFunc(m.ask.parts, func(p part) bool {
			_, unit := dataUnits[p.exact[0]]
			return unit && len(p.exact) == 1
		})
}

// asWritten tells whether the question writes a row and a column as the table does, where
// it does not say them in other words: stems make an event and those whom it befell one.
func (m *matching) asWritten(r, c int) bool {
	as := func(ways [][]way, at int, l label) bool {
		for i, p := range m.ask.parts {
			if ways[i][at] == literally && !m.area[i] && !p.written(keys(l.exact)) {
				return false
			}
		}
		return true
	}
	return as(m.rows, r, m.s.rows[r]) && as(m.cols, c, m.s.cols[c])
}

// inPlaceName tells whether a word is one of the name of an area that the table is of.
func (s *sheet) inPlaceName(w string) bool {
	return slices.ContainsFunc(append([]place{s.area}, s.up...), func(p place) bool {
		return slices.ContainsFunc(p.names, func(n string) bool { return slices.Contains(strings.Fields(n), w) })
	})
}

// besideSaid tells whether a word for a kind of thing stands in a title another word of
// which the question says: "Tanaman Padi".
func (m *matching) besideSaid(w string, covered map[string]bool) bool {
	return slices.ContainsFunc(m.s.title.head, func(x string) bool {
		return x != w && covered[x] && !m.data.plain[x] && !m.data.total[x] && !m.data.class[x] && !m.data.measure[x]
	})
}

// listed tells whether a word is another measure of a title that lists several.
func (m *matching) listed(w string, covered map[string]bool, colExplicit bool) bool {
	if len(m.s.title.list) <= 1 || !m.data.measure[w] {
		return false
	}
	return colExplicit || slices.ContainsFunc(m.s.title.list, func(l []string) bool {
		something := false
		for _, x := range l {
			if !m.data.plain[x] && !m.data.total[x] {
				if something = covered[x]; !something {
					return false
				}
			}
		}
		return something
	})
}

func (m *matching) inRows(w string) bool {
	return slices.ContainsFunc(m.s.rows, func(l label) bool { return l.stems[w] })
}

func (m *matching) inColumns(w string) bool {
	has := func(l label) bool { return l.stems[w] }
	return slices.ContainsFunc(m.s.cols, has) || slices.ContainsFunc(m.s.left, has)
}

// residents tells whether the question says that it is about those who live in a place.
func (m *matching) residents() bool {
	work := m.stem("pekerjaan")
	return slices.ContainsFunc(m.ask.parts, func(p part) bool {
		return slices.ContainsFunc(p.ways, func(w []string) bool { return slices.Contains(w, work) })
	})
}

// year is the year that a cell is for, as its row, column or title says; sure is false
// where these say different ones.
func (s *sheet) year(r, c int) (year string, sure bool) {
	row, col, given := s.rows[r], s.cols[c].year, s.table.Columns[c].Year
	if row.year != "" && len(row.levels) == 0 {
		return row.year, true
	}
	if p := yearPair.FindStringSubmatch(strings.ReplaceAll(normal(given), " ", "")); p != nil {
		given = spanOf(p)
	}
	if given == "" {
		given = col
	}
	if years := slices.Compact(slices.Clone(s.title.years)); given == "" && row.year == "" && len(years) == 1 {
		given = years[0]
	}
	return given, (col == "" || sameYear(col, given)) && (row.year == "" || row.year == given)
}

func sameYear(a, b string) bool {
	return strings.ReplaceAll(a, "-", "/") == strings.ReplaceAll(b, "-", "/")
}

// areaKey names what the whole table is about; a desa with its kecamatan, for names recur.
func (s *sheet) areaKey() string {
	key := s.area.key()
	if s.area.level < village {
		return key
	}
	for _, q := range s.up {
		if q.level == district {
			return key + " of " + q.key()
		}
	}
	return key
}

func (q place) key() string {
	if len(q.names) == 0 {
		return ""
	}
	return placeKey(q.level, q.names[0])
}

func placeKey(lv level, name string) string {
	var b strings.Builder
	b.WriteByte(byte('0' + lv))
	b.WriteByte(' ')
	ws := strings.Fields(name)
	ws = slices.DeleteFunc(ws, func(w string) bool { _, kind := placeKinds[w]; return kind })
	b.WriteString(strings.Join(ws, "")) // "Gumuk Mas" is Gumukmas
	return b.String()
}
