package search

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pst/conversation"
)

// sheet is a trusted table, read for what its title, rows and columns say.
type sheet struct {
	book  string
	at    int // among the tables of the book
	table *conversation.DataTable
	title heading
	rows  []label
	cols  []label
	left  []label // of columns that did not prove themselves
	stub  level   // of the places that the rows are; noKind: they are none
	// stubWords are the stems of the heading over the row labels.
	stubWords []string
	sourced   []string // stems of the line that names the source
	area      place    // that the whole table is about
	up        []place  // what area is part of, as the book says
}

// heading is a table's title, taken apart.
type heading struct {
	head   []string   // what is told
	list   [][]string // the same, where several things are told
	broken []string   // by what: "menurut desa"
	where  []string   // "di Kabupaten Jember", without words of kind
	source []string   // "hasil sensus penduduk"
	when   []string   // "bulan Januari"
	years  []string   // that it names; both of a pair
	units  map[string]bool
	kinds  []level // places that it is broken down by
	sexes  bool
	other  int // dimensions it is broken down by besides places and sex
}

// place is an area by its names.
type place struct {
	level level
	names []string // stems of a name joined by spaces
	exact []string // the same names as written, for stems make two of them one: Mayangan, Mayang
}

// label is what stands before a row or over a column, from the outermost to its own.
type label struct {
	levels []labelPart
	total  bool
	year   string // where the label is a year or names one
	units  map[string]bool
	stems  map[string]bool // all of them, and those in brackets
	exact  map[string]bool // its words as written, for names
	key    string          // what it says, without its year
}

// labelPart is one level of a label: the ways it may be said.
type labelPart struct{ forms [][]string }

var (
	brackets = regexp.MustCompile(`[(\[]([^()\[\]]*)[)\]]`)
	ordinal  = regexp.MustCompile(`^\s*(?:[0-9](?: ?[0-9]){0,2}|[a-zA-Z]|[ivxIVX]{1,4}) ?[.,)]\s*`)
	bareRank = regexp.MustCompile(`^\s*([0-9](?: ?[0-9]){0,2})\s+(\S.*)$`)
	spaced   = regexp.MustCompile(`\b(?:\pL )+\pL\b`)
	eitherOf = regexp.MustCompile(`(?i)\b(desa|kelurahan|kabupaten|kota)\s*/\s*(desa|kelurahan|kabupaten|kota|kab|kel)\b`)
)

// dataUnits are the units that tables and people write, by one name each.
var dataUnits = map[string]string{
	"km2": "km2", "sqkm": "km2", "m2": "m2", "m3": "m3", "ha": "ha", "hektar": "ha", "hektare": "ha",
	"km": "km", "kilometer": "km", "m": "m", "meter": "m", "mdpl": "m", "dpl": "m", "mm": "mm", "mm2": "mm",
	"kw": "kuintal", "kuintal": "kuintal", "kwintal": "kuintal", "ku": "kuintal", "ton": "ton", "kg": "kg",
	"jiwa": "orang", "orang": "orang", "org": "orang", "kk": "kk", "ekor": "ekor",
	"pohon": "pohon", "rumpun": "rumpun", "batang": "batang", "butir": "butir",
	"rp": "rupiah", "rupiah": "rupiah", "persen": "persen", "liter": "liter", "kwh": "kwh", "va": "va", "celcius": "c",
	"hari": "hari", "bulan": "bulan", "buah": "", "unit": "", "kali": "",
}

// unitsIn lists the units of a short text: "Jiwa/km2" is none of the two alone.
func unitsIn(text string) map[string]bool {
	ws := dataTokens(text)
	for len(ws) > 0 && (ws[0] == "dalam" || ws[0] == "satuan") {
		ws = ws[1:]
	}
	out := map[string]bool{}
	if len(ws) == 2 && dataUnits[ws[0]] == dataUnits[ws[1]] {
		ws = ws[:1]
	}
	if len(ws) == 2 && dataUnits[ws[0]] == "km2" && ws[1] != "" { // "km2/sq.km"
		ws = ws[:1]
	}
	if len(ws) != 1 {
		if len(ws) > 0 {
			out[strings.Join(ws, "/")] = true
		}
		return out
	}
	if u, ok := dataUnits[ws[0]]; ok {
		out[u] = true
	} else {
		out[ws[0]] = true
	}
	return out
}

// besideUnits may stand beside a unit.
var besideUnits = []string{"per", "dalam", "satuan", "sq", "1", "000", "1000", "ribu", "juta", "jt"}

// isUnit tells whether a text in brackets is a unit and nothing else.
func isUnit(text string) bool {
	ws := dataTokens(text)
	if len(ws) == 0 || len(ws) > 4 {
		return len(ws) == 0
	}
	for _, w := range ws {
		_, ok := dataUnits[w]
		if !ok && !slices.Contains(besideUnits, w) {
			return false
		}
	}
	return true
}

// sheetsOf reads the tables of a book.
func (t *tables) sheetsOf(e series, book string, list []conversation.DataTable) []*sheet {
	up := t.bookPlaces(e, list)
	out := make([]*sheet, 0, len(list))
	for i := range list {
		out = append(out, t.sheetOf(up, book, i, &list[i]))
	}
	return out
}

// bookPlaces is the area that a book is about, first, and what that is part of.
func (t *tables) bookPlaces(e series, list []conversation.DataTable) []place {
	var out []place
	if e.District != "" {
		out = append(out, t.placeNamed(district, e.District))
	} else if e.Lower != "" {
		out = append(out, t.placeNamed(levelOf(e.Office), e.Lower))
	}
	seen := map[string]int{}
	for _, d := range list {
		for _, text := range []string{d.Title, d.Source} {
			if name := t.regencyIn(text); name != "" {
				seen[name]++
			}
		}
	}
	best := ""
	for name, n := range seen {
		if best == "" || n > seen[best] || n == seen[best] && name < best {
			best = name
		}
	}
	if e.District != "" && best != "" {
		out = append(out, t.placeNamed(regency, best))
	}
	for _, a := range t.areas {
		if a.office == e.Office && a.level == regency || a.office == provinceOf(e.Office) && a.level == province {
			out = append(out, t.placeNamed(a.level, append([]string{a.name}, a.others...)...))
		}
	}
	return out
}

func (t *tables) placeName(name string) string { return strings.Join(t.dataStems(name), " ") }

// placeNamed is a place by its names, each also written as one word: "Gumuk Mas".
func (t *tables) placeNamed(lv level, names ...string) place {
	p := place{level: lv}
	add := func(name string) {
		p.names, p.exact = append(p.names, t.placeName(name)), append(p.exact, strings.Join(t.spelled(dataTokens(name)), " "))
	}
	for _, name := range names {
		add(name)
	}
	for _, name := range names {
		if ws := dataTokens(name); len(ws) == 2 {
			add(ws[0] + ws[1])
		}
	}
	return p
}

var regencyName = regexp.MustCompile(`(?i)\b(?:kabupaten|kota)\s+(\pL+(?:\s+(?:timur|barat|utara|selatan|tengah|besar))?)`)

// regencyIn reads the kabupaten or kota that a title or source line names.
func (t *tables) regencyIn(text string) string {
	m := regencyName.FindStringSubmatch(text)
	if m == nil || nameEnds[strings.ToLower(m[1])] {
		return ""
	}
	return strings.ToLower(m[1])
}

func (t *tables) sheetOf(up []place, book string, at int, d *conversation.DataTable) *sheet {
	s := &sheet{book: book, at: at, table: d, title: t.heading(d.Title)}
	for u := range unitsIn(d.Unit) {
		s.title.units[u] = true
	}
	s.stub, s.stubWords = t.stubLevel(d, s.title), t.dataStems(d.Stub)
	s.sourced = t.dataStems(d.Source)
	for _, c := range d.Columns {
		s.cols = append(s.cols, t.label(c.Header, c.Unit))
	}
	for _, c := range d.Left {
		l := t.label(c.Header, c.Unit)
		if l.year == "" {
			l.year = c.Year
		}
		s.left = append(s.left, l)
	}
	ranked := runningRanks(d.Rows)
	for _, r := range d.Rows {
		ls := slices.Clone(r.Label)
		if n := len(ls); ranked && n > 0 {
			if m := bareRank.FindStringSubmatch(ls[n-1]); m != nil {
				ls[n-1] = m[2]
			}
		}
		l := t.label(ls, "")
		l.total = l.total || r.Total
		s.rows = append(s.rows, l)
	}
	s.place(t, up)
	if ks := s.title.kinds; s.area.names != nil && s.stub == s.area.level && len(ks) > 0 && ks[0] > s.stub {
		s.stub = ks[0] // no kecamatan is made of kecamatan: the book's slip
	}
	for i := range s.rows {
		s.rows[i].total = s.rows[i].total || s.stub != noKind && s.namesArea(s.rows[i], d.Rows[i].Label)
	}
	return s
}

// runningRanks tells whether the rows are numbered without a dot: "5 Ambulu".
func runningRanks(rows []conversation.DataRow) bool {
	last, n := 0, 0
	for i, r := range rows {
		if len(r.Label) == 0 {
			continue
		}
		if m := bareRank.FindStringSubmatch(r.Label[len(r.Label)-1]); m != nil {
			if k, _ := strconv.Atoi(strings.ReplaceAll(m[1], " ", "")); k == last+1 || k == i+1 {
				last, n = k, n+1
			}
		}
	}
	return n > 1 && n*2 >= len(rows)
}

// stubLevel is the kind of place that the rows are.
func (t *tables) stubLevel(d *conversation.DataTable, h heading) level {
	named := 0
	for _, r := range d.Rows {
		if n := len(r.Label); n > 0 && strings.ContainsFunc(ordinal.ReplaceAllString(r.Label[n-1], ""), unicode.IsLetter) {
			named++
		}
	}
	if 2*named <= len(d.Rows) { // ages and years under a heading that is not theirs
		return noKind
	}
	for _, w := range dataTokens(d.Stub) {
		if lv, ok := placeKinds[w]; ok {
			return lv
		}
	}
	if d.Stub == "" && len(h.kinds) > 0 {
		return h.kinds[0]
	}
	return noKind
}

// place finds out what area the whole table is about: the narrowest that its title names
// with its kind, else the book's. A kecamatan's book may have a table of all kecamatan.
func (s *sheet) place(t *tables, up []place) {
	named := t.placesIn(s.table.Title)
	wide := s.stub == district || slices.Contains(s.title.kinds, district)
	for _, p := range named {
		for _, q := range up {
			if q.level == p.level && slices.ContainsFunc(q.names, func(n string) bool { return slices.Contains(p.names, n) }) {
				p = q
			}
		}
		if s.area.names == nil || p.level > s.area.level {
			s.area, p = p, s.area
		}
		if p.names != nil {
			s.up = append(s.up, p)
		}
	}
	for _, p := range up {
		switch {
		case s.area.names == nil && !(wide && p.level > regency):
			s.area = p
		case s.area.names != nil && p.level < s.area.level &&
			!slices.ContainsFunc(s.up, func(q place) bool { return q.level == p.level }):
			s.up = append(s.up, p)
		}
	}
}

var placeInTitle = regexp.MustCompile(`(?i)\b(desa|kelurahan|dusun|kecamatan|kabupaten|kota|provinsi)\s+`)

// placesIn reads the places that a title names with their kind, behind "di": "di Desa
// Pontang Kecamatan Ambulu, 2021".
func (t *tables) placesIn(title string) (out []place) {
	title = yearGlued.ReplaceAllString(title, "$1 $2")
	at := placeInTitle.FindAllStringSubmatchIndex(title, -1)
	for i, m := range at {
		before := strings.Fields(strings.ToLower(title[:m[0]]))
		joined := i > 0 && len(out) > 0 && at[i-1][1] <= m[0]
		if n := len(before); !joined && (n == 0 || before[n-1] != "di" && !(n > 1 && before[n-2] == "stasiun")) {
			continue
		}
		var name []string
		rest := title[m[1]:]
		for _, tk := range tokens(rest) {
			if len(name) == 3 || nameEnds[tk.text] || breakers[tk.text] || isKind(tk.text) || hasDigit(tk.text) ||
				len(name) > 0 && strings.ContainsAny(rest[:tk.start], ",;(") || !upper(rest[tk.start:]) {
				break
			}
			name = append(name, tk.text)
		}
		if len(name) > 0 {
			out = append(out, t.placeNamed(placeKinds[strings.ToLower(title[m[2]:m[3]])], strings.Join(name, " ")))
		}
	}
	return out
}

// upper tells whether a text begins with a capital letter.
func upper(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

var yearGlued = regexp.MustCompile(`(\pL)((?:19|20)[0-9]{2})\b`)

// namesArea tells whether the row of a table of places is the table's whole area:
// "Kecamatan Ambulu" among desa.
func (s *sheet) namesArea(l label, written []string) bool {
	if len(written) == 0 || s.area.names == nil {
		return false
	}
	ws := dataTokens(written[len(written)-1])
	return len(ws) > 1 && placeKinds[ws[0]] == s.area.level && s.area.level != s.stub &&
		slices.ContainsFunc(s.area.names, func(n string) bool { return strings.HasSuffix(l.key, n) })
}

// heading takes a title apart.
func (t *tables) heading(title string) heading {
	h := heading{units: map[string]bool{}}
	title = yearGlued.ReplaceAllString(normal(title), "$1 $2")
	for _, m := range brackets.FindAllStringSubmatch(title, -1) {
		if isUnit(m[1]) {
			for u := range unitsIn(m[1]) {
				h.units[u] = true
			}
			title = strings.Replace(title, m[0], " ", 1)
		}
	}
	into := &h.head
	ws := dataTokens(eitherOf.ReplaceAllString(title, "$1"))
	for i, w := range ws {
		next := ""
		if i+1 < len(ws) {
			next = ws[i+1]
		}
		switch {
		case w == "pemerintahan" && i > 0 && (ws[i-1] == "aparatur" || ws[i-1] == "perangkat"):
			continue // "aparatur desa"
		case (w == "menurut" || w == "berdasarkan") && surveys[next]:
			into = &h.source
			continue
		case w == "menurut" || w == "berdasarkan" || w == "per" && (placeKinds[next] != 0 || months[next] || next == "bulan"):
			into = &h.broken
			continue
		case w == "di":
			into = &h.where
			continue
		case w == "hasil" && surveys[next]:
			into = &h.source
		case w == "yang" && into == &h.broken && !t.data.plain[t.stem(next)]:
			into = &h.head // "menurut desa yang terkena bencana" narrows what is told
			continue
		case yearLike.MatchString(w) || yearPair.MatchString(w):
			h.years = append(h.years, w[:4])
			if len(w) >= 8 {
				h.years = append(h.years, w[len(w)-4:])
			}
			continue
		}
		if months[w] || w == "semester" || w == "triwulan" {
			h.when = append(h.when, t.stem(w))
			continue
		}
		if lv, ok := placeKinds[w]; ok && into == &h.broken {
			h.kinds = append(h.kinds, lv)
		}
		*into = append(*into, t.stemData([]string{w})...)
	}
	for _, part := range listMark.Split(strings.ToLower(headPart.FindString(title)), -1) {
		if ws := t.dataStems(part); len(ws) > 0 {
			h.list = append(h.list, ws)
		}
	}
	h.sexes = slices.Contains(h.broken, t.stem("kelamin"))
	for _, w := range h.broken {
		if _, isPlace := placeKinds[w]; !isPlace && !t.data.plain[w] && w != t.stem("kelamin") && !t.data.total[w] &&
			w != "rasio" {
			h.other++
		}
	}
	return h
}

var (
	listMark = regexp.MustCompile(`,|\bdan\b|\bserta\b|;`)
	headPart = regexp.MustCompile(`(?i)^(?:.*?)(?:\bmenurut\b|\bdi\b|\bhasil\b|$)`)
)

// surveys are what results are "hasil" of.
var surveys = map[string]bool{"sensus": true, "proyeksi": true, "survei": true, "registrasi": true, "pendataan": true,
	"podes": true, "susenas": true, "sakernas": true, "olahan": true}

// words of a sheet for the index: everything that may explain a word of a question.
func (s *sheet) words() []string {
	seen := map[string]bool{}
	add := func(ws ...string) {
		for _, w := range ws {
			seen[w] = true
		}
	}
	for _, list := range [][]string{s.title.head, s.title.broken, s.title.where, s.title.source, s.title.when, s.stubWords,
		s.sourced} {
		add(list...)
	}
	for _, l := range slices.Concat(s.rows, s.cols, s.left) {
		for w := range l.stems {
			add(w)
		}
		for _, p := range l.levels {
			for _, f := range p.forms {
				if len(f) == 2 {
					add(f[0] + f[1])
				}
			}
		}
	}
	for _, p := range append([]place{s.area}, s.up...) {
		for _, name := range p.names {
			add(strings.Fields(name)...)
		}
	}
	out := make([]string, 0, len(seen))
	for w := range seen {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}
