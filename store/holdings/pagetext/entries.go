package pagetext

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pst/conversation"
)

// Kinds of an entry, as conversation.Entry has them.
const (
	table   = "tabel"
	figure  = "gambar"
	chapter = "bab"
)

var (
	listHead = regexp.MustCompile(`(?i)^(?:\W*)(daftar\s+(isi|tabel|gambar|grafik|lampiran|singkatan|pustaka)|list of (tables|figures)|penjelasan umum|kata pengantar)\b`)
	// Numbers of tables and chapters, "3", "3.1.12", "4.1a".
	entryStart = regexp.MustCompile(`^(?i:(tabel|table|gambar|figure|grafik|bab)\s*\.?\s*)?((?:\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?)|(?:[IVX]{1,5}))[.:]?(?:\s+|$)(.*)$`)
	// entryEnd is a page number behind leaders, or alone behind a title.
	entryEnd  = regexp.MustCompile(`^(.*?)\s*(?:(?:\s?[.·_]){3,}|…+)[\s.…]*(\d{1,4}|[ivxl]{1,7})$`)
	looseEnd  = regexp.MustCompile(`^(.*\D)\s+(\d{1,4}|[ivxl]{1,7})$`)
	gluedYear = regexp.MustCompile(`^(.*(?:19|20)\d\d)(\d{1,3})$`)
	bodyTitle = regexp.MustCompile(`^(?i:(tabel|gambar|grafik))(?:\s*/?\s*(?i:table|figure))?\s*\.?\s*(\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?)(?:[.:]?\s+(.+))?$`)
	listNoise = regexp.MustCompile(`(?i)^(halaman|page|hal\.?|nomor|tabel|num|table|gambar|figure|judul tabel|title of table|judul gambar|uraian|halaman page|nomor tabel|num table)$`)
	// Narrow columns set "Tabel", or "Tabel" over "Table", apart from the number.
	bareKind    = regexp.MustCompile(`^(?i:tabel|gambar|grafik)(?:\s*/\s*(?i:table|figure))?$`)
	translation = regexp.MustCompile(`^(?i:table|figure)\s+`)
)

// maxTitle bounds an entry's title, in bytes.
const maxTitle = 300

// entries reads the lists at the front of a publication, and adds the tables
// and figures that stand on the pages and in no list.
func entries(pages [][]string, clean []conversation.Page, n numbering) []conversation.Entry {
	found := titles(pages, clean)
	l := lister{numbers: n, last: len(pages)}
	kind := ""
	for i, p := range pages[:min(len(pages), len(pages)/3+8)] {
		if next, ok := listOn(p); ok {
			l.flush()
			kind = next
		} else if kind != "" && !clean[i].Front {
			break
		}
		if kind == "" {
			continue
		}
		l.kind = kind
		for r, row := range p {
			if r < 4 && listHead.MatchString(row) && !entryEnd.MatchString(row) && !strings.ContainsFunc(row, isDigit) || listNoise.MatchString(row) {
				continue
			}
			l.row(row)
		}
	}
	out := l.out
	have := map[string]bool{}
	for i, e := range out {
		if e.Number == "" || e.Kind == chapter {
			continue
		}
		have[e.Kind+e.Number] = true
		// Lists are off by a page or two at times; a heading further away is
		// another publication's number, or prose that begins with it.
		t, ok := found[e.Kind+e.Number]
		if ok && (e.Page == 0 || t.Page-e.Page <= 3 && e.Page-t.Page <= 3) {
			out[i].Page = t.Page
			out[i].Printed = clean[t.Page-1].Printed
		}
	}
	named := map[int]bool{} // pages with a numbered table or figure
	for key, t := range found {
		if !have[key] && t.Title != "" {
			out = append(out, t)
		}
	}
	for _, e := range out {
		named[e.Page] = named[e.Page] || e.Number != "" && e.Kind != chapter
	}
	// A list set in columns loses its numbers on the way to text: the headings
	// on the pages then say the same better.
	out = slices.DeleteFunc(out, func(e conversation.Entry) bool {
		return e.Kind != chapter && e.Number == "" && named[e.Page]
	})
	slices.SortStableFunc(out, func(a, b conversation.Entry) int {
		if a.Page != b.Page {
			return a.Page - b.Page
		}
		if a.Kind != b.Kind {
			return strings.Compare(a.Kind, b.Kind)
		}
		return strings.Compare(a.Number, b.Number)
	})
	return out
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// listOn tells which list begins on a page: "" with true ends one.
func listOn(p []string) (kind string, ok bool) {
	for _, row := range p[:min(len(p), 5)] {
		m := listHead.FindStringSubmatch(row)
		if m == nil || strings.ContainsFunc(row, isDigit) || entryEnd.MatchString(row) {
			continue
		}
		what := strings.ToLower(m[2] + m[3])
		switch what {
		case "isi":
			return chapter, true
		case "tabel", "tables":
			return table, true
		case "gambar", "grafik", "figures":
			return figure, true
		}
		return "", true
	}
	return "", false
}

// lister puts the lines of a list together to entries.
type lister struct {
	numbers numbering
	last    int // pages of the publication
	kind    string
	number  string
	title   []string
	out     []conversation.Entry
	before  int // page of the entry before
}

// row takes one line: an entry begins with its number and ends with its page.
func (l *lister) row(row string) {
	if m := entryStart.FindStringSubmatch(row); m != nil && l.starts(m[2]) {
		l.flush()
		l.number, row = m[2], m[3]
	}
	title, printed := l.end(row)
	if title != "" {
		l.title = append(l.title, title)
	}
	if printed == "" {
		if len(l.title) > 12 {
			l.flush() // prose, not a list
		}
		return
	}
	e := conversation.Entry{Kind: l.kind, Number: l.number, Title: joinTitle(l.title), Printed: printed}
	e.Page = l.pageOf(printed)
	if len(e.Title) >= 4 && strings.ContainsFunc(e.Title, isLetter) {
		l.out = append(l.out, e)
		if e.Page > 0 {
			l.before = e.Page
		}
	}
	l.flush()
}

// starts tells whether a number may begin an entry of the list being read. In
// lists of tables a number without dots heads a chapter, and years are no
// numbers.
func (l *lister) starts(number string) bool {
	v, err := strconv.Atoi(number)
	return err != nil || v < 100
}

// flush forgets what has been gathered without a page: a heading.
func (l *lister) flush() { l.number, l.title = "", nil }

// end splits a line that ends with a page number.
func (l *lister) end(row string) (title, printed string) {
	if m := entryEnd.FindStringSubmatch(row); m != nil {
		return m[1], m[2]
	}
	row = strings.TrimSpace(leaders.ReplaceAllString(row, " "))
	if m := gluedYear.FindStringSubmatch(row); m != nil && l.plausible(m[2]) {
		return m[1], m[2]
	}
	if m := looseEnd.FindStringSubmatch(row); m != nil && l.plausible(m[2]) && (l.number != "" || l.kind == chapter) {
		return m[1], m[2]
	}
	return row, ""
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

// titles finds the tables and figures that stand on the pages after the front
// matter, by kind and number. A title may go on in the next line, until its
// translation or the table's head begins.
func titles(pages [][]string, clean []conversation.Page) map[string]conversation.Entry {
	found := map[string]conversation.Entry{}
	for i, p := range pages {
		if clean[i].Front {
			continue
		}
		for r, row := range p {
			at := r + 1 // where the title may go on
			if r+1 < len(p) && bareKind.MatchString(row) {
				row += " " + translation.ReplaceAllString(p[r+1], "")
				at++
			}
			m := bodyTitle.FindStringSubmatch(row)
			if m == nil || entryEnd.MatchString(row) || m[3] != "" && strings.ToUpper(m[3][:1]) != m[3][:1] {
				continue // none, a line of a list, or prose
			}
			kind := table
			if !strings.EqualFold(m[1], "tabel") {
				kind = figure
			}
			key := kind + m[2]
			if _, ok := found[key]; ok {
				continue
			}
			title := []string{m[3]}
			for next := at; next < min(len(p), at+3) && goesOn(p[next]); next++ {
				title = append(title, p[next])
			}
			found[key] = conversation.Entry{Kind: kind, Number: m[2], Title: joinTitle(title), Printed: clean[i].Printed, Page: i + 1}
		}
	}
	return found
}

// titleStop begins the translation of a title, or the head of the table.
var titleStop = regexp.MustCompile(`^(Table\b|Figure\b|\(|\d|Desa|Kecamatan [A-Z]|Kelurahan|Bulan|Jenis|No\b|Uraian|Rincian|Lapangan|Sumber|Source)`)

var yearRow = regexp.MustCompile(`^(?:[Tt]ahun )?\(?(?:19|20)\d\d`)

// goesOn tells whether a line continues the title above it.
func goesOn(row string) bool {
	return yearRow.MatchString(row) && len(row) < 30 || !titleStop.MatchString(row) && len(row) > 12
}

// joinTitle puts the lines of a title together.
func joinTitle(rows []string) string {
	t := strings.Join(strings.Fields(strings.Join(rows, " ")), " ")
	t = strings.Trim(leaders.ReplaceAllString(t, " "), " .…/")
	if len(t) > maxTitle {
		t = strings.ToValidUTF8(t[:maxTitle], "")
	}
	return t
}
