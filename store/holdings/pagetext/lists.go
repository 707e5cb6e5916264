package pagetext

import (
	"slices"
	"strconv"
	"strings"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
)

var (
	listHead = lazy.Regexp(`(?i)^(?:\W*)(daftar\s+(isi|tabel|gambar|grafik|lampiran|singkatan|pustaka)|` +
		`list of (tables?|figures?)|penjelasan umum|kata pengantar)\b`)
	// Numbers of tables and chapters, "3", "3.1.12", "4.1a"; behind their kind also "II.1", "2-1".
	entryStart = lazy.Regexp(`^(?:(?i:(tabel|table|gambar|figure|grafik|bab)\s*\.?\s*)` +
		`(` + numbers + `|[IVX]{1,5})|(\d{1,3}(?:\.\d{1,3}){0,4}[A-Za-z]?|[IVX]{1,5}))[.:]?(?:\s+|$)(.*)$`)
	// entryEnd is a page number behind leaders, or alone behind a title.
	entryEnd  = lazy.Regexp(`^(.*?)\s*(?:(?:\s?[.·_]){3,}|-{4,}|…+)[\s.…]*(\d{1,4}|[ivxl]{1,7})$`)
	looseEnd  = lazy.Regexp(`^(.*(?:\D|(?:19|20)\d\d))\s+(\d{1,4}|[ivxl]{1,7})$`)
	gluedYear = lazy.Regexp(`^(.*?(?:19|20)\d\d)(\d{1,3})$`)
	onlyPage  = lazy.Regexp(`^\d{1,4}$`)
	onlyNum   = lazy.Regexp(`^(?:(?i:tabel|table|gambar|figure|grafik)\s*\.?\s*(` + numbers + `)|` +
		`(\d{1,3}(?:\.\d{1,3}){1,4}[A-Za-z]?))\.?$`)
	listNoise = lazy.Regexp(`(?i)^(?:(?:no|nomor|num|number|hal|halaman|pages?|tabel|tables?|gambar|figures?|` +
		`grafik|judul|title|of|uraian|lanjutan|daftar|list)\b[\s./()]*)+$`)
	// noMark is what a word processor leaves of a page number that it lost.
	noMark = lazy.Regexp(`(?i)\s*error!\s*(bookmark|reference source)?(\s*not (defined|found)\.?)?|` +
		`^(bookmark )?not defined\.?`)
)

// maxTitle bounds an entry's title, in bytes.
const maxTitle = 300

// listed is what the lists of a publication say.
type listed struct {
	entries []conversation.Entry // with their page by what is printed, 0 unknown
	pages   map[int]bool         // indices of the pages that lists stand on
}

// lists reads the lists at the front of a publication.
func lists(pages [][]string, clean []conversation.Page, n numbering) listed {
	out := listed{pages: map[int]bool{}}
	var l *lister
	end := func() {
		if l != nil {
			out.entries = append(out.entries, l.done()...)
		}
		l = nil
	}
	for i, p := range pages[:min(len(pages), len(pages)/3+8)] {
		if next, ok := listOn(p); ok && (l == nil || next != l.kind) {
			end()
			if next != "" {
				l = &lister{numbers: n, kind: next, columns: inColumns(next, pages[i:min(len(pages), i+20)], clean[i:])}
			}
		} else if !ok && l != nil && !clean[i].Front && !listLike(p) {
			break
		}
		if l == nil {
			continue
		}
		out.pages[i] = true
		for r, row := range p {
			row = strings.TrimSpace(noMark().ReplaceAllString(row, ""))
			if m := looseEnd().FindStringSubmatch(row); m != nil && m[2] == clean[i].Printed && (r < 2 || r >= len(p)-2) &&
				!leaders().MatchString(row) {
				continue // the page's own number
			}
			head := r < 4 && listHead().MatchString(row) && !entryEnd().MatchString(row) && !strings.ContainsFunc(row, isDigit)
			if row == "" || head || listNoise().MatchString(row) {
				continue
			}
			after := ""
			if r+1 < len(p) {
				after = p[r+1]
			}
			l.row(row, after)
		}
	}
	end()
	return out
}

// listOn tells which list begins on a page: "" with true ends one.
func listOn(p []string) (kind string, ok bool) {
	for _, row := range p[:min(len(p), 5)] {
		m := listHead().FindStringSubmatch(row)
		if m == nil || strings.ContainsFunc(row, isDigit) || entryEnd().MatchString(row) || looseEnd().MatchString(row) {
			continue
		}
		switch what := strings.ToLower(m[2] + m[3]); strings.TrimSuffix(what, "s") {
		case "isi":
			return chapter, true
		case "tabel", "table":
			return table, true
		case "gambar", "grafik", "figure":
			return figure, true
		}
		return "", true
	}
	return "", false
}

// listLike tells whether a page looks like one of a list: several lines end with
// a page's number behind leaders.
func listLike(p []string) bool {
	n := 0
	for _, row := range p {
		if entryEnd().MatchString(row) {
			n++
		}
	}
	return n >= 3
}

// inColumns tells whether a list has its numbers in a column of their own, which
// the text gives before or behind the titles: several lines in a row that are
// nothing but numbers of as many parts, somewhere on its pages.
func inColumns(kind string, pages [][]string, clean []conversation.Page) bool {
	for i, p := range pages {
		if next, ok := listOn(p); i > 0 && (ok && next != kind || !clean[i].Front && !listLike(p)) {
			break
		}
		parts := -1
		for _, row := range p {
			before := parts
			if parts = -1; onlyNum().MatchString(row) {
				parts = strings.Count(strings.TrimRight(row, "."), ".")
			}
			if parts >= 0 && parts == before {
				return true
			}
		}
	}
	return false
}

// lister puts the lines of one list together to entries.
type lister struct {
	numbers numbering
	kind    string
	columns bool // numbers come apart from their titles
	own     string
	number  string
	title   []string
	out     []conversation.Entry
	before  int // page of the entry before
	loose   int // how many entries ended without leaders, and with
	led     int
	maybe   string   // a page in the middle of an entry, for want of one at its end
	column  []string // the numbers that came apart
	pages   []string // the pages that come apart just now
	heads   []string // for each entry of a list in columns, the section it stands in
	section string
}

// row takes one line: an entry begins with its number and ends with its page.
func (l *lister) row(row, after string) {
	if m := onlyNum().FindStringSubmatch(row); m != nil && l.columns {
		l.column = append(l.column, m[1]+m[2])
		return
	}
	if onlyPage().MatchString(row) && (onlyPage().MatchString(after) || len(l.pages) > 0) {
		if l.pages = append(l.pages, row); !onlyPage().MatchString(after) {
			l.pagesApart()
		}
		return
	}
	if onlyPage().MatchString(row) && len(l.title) > 0 && l.plausible(row) {
		l.close(row)
		return
	}
	if m := entryStart().FindStringSubmatch(row); m != nil && l.starts(m[1], m[2]+m[3], m[4]) {
		number, rest := m[2]+m[3], m[4]
		if l.columns && l.isSection(number) {
			l.section, l.title = number, nil
			if _, printed := l.end(rest, ""); printed != "" {
				return
			}
			l.number = number // until its entries begin
			return
		}
		if number != l.number { // else its translation begins
			l.flush()
		}
		l.own, l.number, row = m[1], number, rest
	}
	title, printed := l.end(row, after)
	if title != "" {
		l.title = append(l.title, title)
	}
	if printed != "" {
		l.close(printed)
	} else if len(l.title) > 12 {
		l.reset() // prose, not a list
	}
}

// starts tells whether a number may begin an entry: years and other large numbers
// do not, and where entries have numbers of several parts a plain one does only
// as a chapter does, "2. Sosial". Amounts in wrapped titles have neither.
func (l *lister) starts(kind, number, rest string) bool {
	v, err := strconv.Atoi(number)
	if err != nil || kind != "" {
		return err != nil || v < 1000
	}
	if v >= 100 || prose(rest) {
		return false
	}
	for i := len(l.out) - 1; i >= 0; i-- {
		if before := l.out[i].Number; before != "" {
			first, _, parts := strings.Cut(before, ".")
			last, _ := strconv.Atoi(first)
			return v > last && (!parts && v <= last+5 || v <= last+2) || !parts && v == 1
		}
	}
	return true
}

// isSection tells whether a number in a list in columns heads a section: it has
// fewer parts than the numbers of the column.
func (l *lister) isSection(number string) bool {
	return len(l.column) == 0 || strings.Count(number, ".") < strings.Count(l.column[len(l.column)-1], ".")
}

// close ends an entry with its page. A line in the other language with the same
// page, and no number of its own, is the entry's translation.
func (l *lister) close(printed string) {
	e := conversation.Entry{Kind: l.kind, Number: l.number, Title: joinTitle(l.title), Printed: printed}
	e.Page = l.pageOf(printed)
	if l.own != "" && !strings.EqualFold(l.own, "bab") {
		e.Kind = kindOf(l.own)
	}
	if l.columns {
		e.Number = ""
	}
	l.reset()
	if len(e.Title) < 4 || !strings.ContainsFunc(e.Title, isLetter) {
		return
	}
	if len(l.out) > 0 {
		last := &l.out[len(l.out)-1]
		same := last.Printed == e.Printed && printed != "" &&
			(e.Number == "" && e.Kind != chapter || e.Number == last.Number && e.Number != "")
		if same && english(e.Title) && !english(last.Title) {
			last.Title = joinTitle([]string{last.Title, "/", e.Title})
			return
		}
	}
	l.out = append(l.out, e)
	l.heads = append(l.heads, l.section)
	if e.Page > 0 {
		l.before = e.Page
	}
}

// pagesApart gives the entries before a column of pages theirs, if there are as
// many: what heads a section has none.
func (l *lister) pagesApart() {
	l.flush()
	var bare []int
	for i := len(l.out) - 1; i >= 0 && l.out[i].Printed == ""; i-- {
		e := l.out[i]
		section := i+1 < len(l.out) && strings.HasPrefix(l.out[i+1].Number, e.Number+".") || shouted(e.Title)
		if !section {
			bare = append(bare, i)
		}
	}
	slices.Reverse(bare)
	if len(bare) == len(l.pages) {
		for k, i := range bare {
			l.out[i].Printed, l.out[i].Page = l.pages[k], l.pageOf(l.pages[k])
		}
	}
	l.pages = nil
}

// flush ends what has been gathered without a page at its end: an entry that has
// it in the middle, or none, or a heading.
func (l *lister) flush() {
	switch {
	case l.maybe != "":
		for i, row := range l.title {
			l.title[i] = strings.TrimSuffix(row, " "+l.maybe)
		}
		l.close(l.maybe)
	case l.number != "" && len(l.title) > 0 && l.kind != chapter && !l.columns: // a page may come apart
		l.close("")
	}
	l.reset()
}

func (l *lister) reset() { l.own, l.number, l.title, l.maybe = "", "", nil, "" }

// end splits a line that ends with a page number. Where the entries have leaders, a
// number without them ends an entry only when another begins behind it.
func (l *lister) end(row, after string) (title, printed string) {
	if m := entryEnd().FindStringSubmatch(row); m != nil {
		l.led++
		return m[1], m[2]
	}
	row = strings.TrimSpace(leaders().ReplaceAllString(row, " "))
	if m := gluedYear().FindStringSubmatch(row); m != nil && l.plausible(m[2]) {
		return m[1], m[2]
	}
	m := looseEnd().FindStringSubmatch(row)
	if m == nil || !l.plausible(m[2]) || l.number == "" && l.kind != chapter && !l.columns {
		return row, ""
	}
	if after != "" && !l.columns && l.led > 3*l.loose+3 && !entryStart().MatchString(after) {
		l.maybe = m[2]
		return row, ""
	}
	l.loose++
	return m[1], m[2]
}

// plausible tells whether a number without leaders can be the entry's page:
// not before the entry above and not far behind it.
func (l *lister) plausible(printed string) bool {
	page := l.pageOf(printed)
	return page > 0 && page >= l.before && (l.before == 0 || page <= l.before+60)
}

// pageOf is the page with a printed number, from 1; 0 unknown.
func (l *lister) pageOf(printed string) int {
	v, err := strconv.Atoi(printed)
	table := l.numbers.arabic
	if err != nil {
		v, table = roman(printed), l.numbers.roman
	}
	if i, ok := table[v]; ok {
		return i + 1
	}
	return 0
}

// done is what the list says.
func (l *lister) done() []conversation.Entry {
	l.flush()
	if l.columns {
		l.pair()
	}
	return l.out
}

// pair gives the entries of a list in columns their numbers, section by section
// in their order. Where a section has more of one than of the other, its numbers
// stand alone: the pages may know them.
func (l *lister) pair() {
	numbers := map[string][]string{}
	for _, n := range l.column {
		s := l.sectionOf(n)
		numbers[s] = append(numbers[s], n)
	}
	entries := map[string][]int{}
	for i := range l.out {
		entries[l.heads[i]] = append(entries[l.heads[i]], i)
	}
	for s, ns := range numbers {
		if len(ns) != len(entries[s]) {
			for _, n := range ns {
				l.out = append(l.out, conversation.Entry{Kind: l.kind, Number: n})
			}
			continue
		}
		for i, n := range ns {
			l.out[entries[s][i]].Number = n
		}
	}
}

// sectionOf is the section that a number belongs to: of those that head entries
// the longest it begins with, "" for none.
func (l *lister) sectionOf(number string) string {
	best := ""
	for _, s := range l.heads {
		if strings.HasPrefix(number, s+".") && len(s) > len(best) {
			best = s
		}
	}
	return best
}
