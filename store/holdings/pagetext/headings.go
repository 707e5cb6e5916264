package pagetext

import (
	"strings"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
)

// heading is a table or a figure that begins on a page.
type heading struct {
	kind, number, title string
	page                int // from 1
	// apart tells that the number stands without its kind, which is set in a
	// place of its own on the page: what else begins with a number looks the same.
	apart bool
	// words are those of the title and of the lines below it.
	words map[string]bool
}

var (
	// bodyTitle is a heading in one line. Numbers that were set with care for
	// their looks come with spaces in them, "2.4. 10".
	bodyTitle = lazy.Regexp(`^(?:\S\s+|[\d.]+\s+)?(?i:(tabel|table|gambar|figures?|grafik))` +
		`(?:\s*/?\s*(?i:table|figures?))?\s*[.:]?\s*(` + numbers + `)(?:\s*[.:]?\s+(.+))?$`)
	// bareKind is a heading's kind alone in its line, bareNumber its number.
	bareKind = lazy.Regexp(`^(?:\S\s+|[\d.]+\s+)?(?i:(tabel|table|gambar|figures?|grafik))` +
		`(?:\s*/\s*(?i:table|figures?))?$`)
	ownNumber  = lazy.Regexp(`^(\d{1,3}(?:\.\s?\d{1,3}){1,4}[A-Za-z]?)(?:[.:]?\s+(\S.*))?$`)
	cutNumber  = lazy.Regexp(`^(?i:(?:tabel|table|gambar|figures?|grafik)\s*)?\d{1,3}(?:\.\d{1,3})*\.$`)
	goingOn    = lazy.Regexp(`(?i)\b(?:lanjutan|sambungan|continued|continuation)\b`)
	wordsOnly  = lazy.Regexp(`[\p{L}]+|(?:19|20)\d\d`)
	numberGaps = lazy.Regexp(`\s+`)
)

// numbers are those of tables and figures, behind their kind: "3", "3.1.12", "4.1a",
// "2.4. 10", "II.1", "A.2", "2-1".
const numbers = `(?:[IVX]{1,5}[.-]|[A-Z][.-])?\d{1,3}(?:\.\s?\d{1,3}|-\d{1,3}){0,4}[A-Za-z]?`

// kindOf tells the kind that a word names, in both languages.
func kindOf(word string) string {
	if word = strings.ToLower(word); strings.HasPrefix(word, "tab") {
		return table
	}
	return figure
}

// headings finds the tables and figures that begin on the pages behind the front
// matter, in their order. What says that it continues one is none.
func headings(pages [][]string, clean []conversation.Page, listed map[int]bool) []heading {
	var out []heading
	for i, p := range pages {
		if clean[i].Front || listed[i] {
			continue
		}
		kinds := map[string]bool{}
		for _, row := range p {
			if m := bareKind().FindStringSubmatch(row); m != nil {
				kinds[kindOf(m[1])] = true
			}
		}
		for r := range p {
			h, next, ok := headingAt(p, r)
			if !ok && len(kinds) == 1 {
				h, next, ok = apartAt(p, r, kinds[table])
			}
			if !ok {
				continue
			}
			h.page = i + 1
			title := []string{h.title}
			for ; next < min(len(p), r+6) && (goesOn(p[next]) || unfinished().MatchString(title[len(title)-1])); next++ {
				title = append(title, p[next])
			}
			h.title = joinTitle(title)
			h.words = wordsOf(strings.Join(p[r:min(len(p), r+7)], " "))
			out = append(out, h)
		}
	}
	return out
}

// headingAt reads a heading that begins in a row: its kind, its number, and where
// its title may go on.
func headingAt(p []string, r int) (h heading, next int, ok bool) {
	row, next := p[r], r+1
	if goingOn().MatchString(row) {
		return h, 0, false
	}
	// Narrow columns set "Tabel" over "Table" beside the number.
	for n := 0; n < 2 && next < len(p) && bareKind().MatchString(row); n++ {
		if after := p[next]; bareKind().MatchString(after) || strings.HasPrefix(strings.ToLower(after), "table ") {
			row = after
		} else {
			row += " " + after
		}
		next++
	}
	if cutNumber().MatchString(row) && next < len(p) && len(p[next]) <= 3 && !strings.ContainsFunc(p[next], isLetter) {
		row += p[next]
		next++
	}
	m := bodyTitle().FindStringSubmatch(row)
	if m == nil || entryEnd().MatchString(row) || prose(m[3]) || strings.HasSuffix(row, ".") && m[3] != "" {
		return h, 0, false // none, a line of a list, or prose
	}
	return heading{kind: kindOf(m[1]), number: numberGaps().ReplaceAllString(m[2], ""), title: m[3]}, next, true
}

// apartAt reads a heading whose kind stands elsewhere on the page.
func apartAt(p []string, r int, isTable bool) (h heading, next int, ok bool) {
	m := ownNumber().FindStringSubmatch(p[r])
	if m == nil || m[2] == "" || prose(m[2]) || !strings.ContainsFunc(m[2][:1], isLetter) {
		return h, 0, false
	}
	h = heading{kind: figure, number: numberGaps().ReplaceAllString(m[1], ""), title: m[2], apart: true}
	if isTable {
		h.kind = table
	}
	return h, r + 1, true
}

// prose tells a sentence that goes on from a title.
func prose(title string) bool { return title != "" && strings.ToUpper(title[:1]) != title[:1] }

// titleStop begins the translation of a title, or the head of the table.
var titleStop = lazy.Regexp(`^(Tabel?\b|Table\b|Figure\b|\(|\d|Desa|Kecamatan( [A-Z]|$)|Kelurahan|` +
	`Bulan|Jenis|No\b|Uraian|Rincian|Lapangan|Sumber|Source)`)

// unfinished is a line that no title ends with.
var unfinished = lazy.Regexp(`(?i)[/,(-]$|\b(di|dan|menurut|ke|per|dari|yang|dengan|untuk|atau|pada|` +
	`jenis|kecamatan|kabupaten|kota)$`)

var yearRow = lazy.Regexp(`^(?:[Tt]ahun )?\(?(?:19|20)\d\d`)

// goesOn tells whether a line continues the title above it.
func goesOn(row string) bool {
	return yearRow().MatchString(row) && len(row) < 30 || !titleStop().MatchString(row) && len(row) > 12 && !english(row)
}

var (
	englishWords    = lazy.Regexp(`(?i)\b(of|by|and|the|in|at|number|total|to|with|for|from)\b`)
	indonesianWords = lazy.Regexp(`(?i)\b(menurut|di|dan|jumlah|banyaknya|yang|per|dari|ke|` +
		`dengan|luas|untuk|pada|hasil)\b`)
)

// english tells whether a line is a translation, by the small words in it.
func english(row string) bool {
	return len(englishWords().FindAllString(row, 20)) > len(indonesianWords().FindAllString(row, 20))
}

// wordsOf are the words of a text that tell it from others.
func wordsOf(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range wordsOnly().FindAllString(strings.ToLower(text), 400) {
		if len(w) > 3 {
			out[w] = true
		}
	}
	return out
}

// shouted tells whether a title is in capitals.
func shouted(title string) bool { return title != "" && strings.ToUpper(title) == title }

// alike is which part of the words of a title another text has, from 0 to 1; of
// titles without words it is 0.
func alike(title, text map[string]bool) float64 {
	n := 0
	for w := range title {
		if text[w] {
			n++
		}
	}
	return float64(n) / float64(max(len(title), 1))
}
