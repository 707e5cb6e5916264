package search

import (
	"regexp"
	"slices"
	"strings"

	"pst/conversation"
)

// pageBody is what the index keeps of a page besides its words.
type pageBody struct {
	Titles  []string // of the tables and figures that start on it
	Printed string
}

// pageDocument is one page, or one trusted table, on its way into the index.
type pageDocument struct {
	name   string
	fields map[string]any
}

// pageDocuments makes the documents of a publication's pages. Front matter and
// pages without words make none. Lines that run through the book (site address,
// running title) are left out, so that they match nothing.
func (t *tables) pageDocuments(pl placed, c conversation.Contents) []pageDocument {
	titles := map[int][]string{}
	for _, e := range c.Entries {
		if e.Page > 0 && e.Title != "" && e.Kind != "bab" {
			titles[e.Page] = append(titles[e.Page], entryTitle(e))
		}
	}
	listed := len(titles) > 0
	running := runningLines(c.Pages)
	var whole continuation
	var out []pageDocument
	for _, p := range c.Pages {
		if p.Front {
			continue
		}
		lines := usefulLines(p.Text, running)
		found := titles[p.Number]
		if !listed {
			found = tableTitles(lines)
		}
		found = whole.follow(p.Text, found)
		text := words(strings.Join(lines, "\n"))
		if len(text) == 0 && len(found) == 0 {
			continue
		}
		surface := words(strings.Join(found, " "))
		text = append(text, surface...)
		d := map[string]any{
			fKind: kindPage, fOffice: pl.series.Office, fDistrict: districtKey(pl.series.District), fBook: pl.edition.ID,
			fText: strings.Join(t.stems(text), " "), fBody: pageBody{Titles: found, Printed: p.Printed}.body(),
		}
		if len(surface) > 0 {
			d[fTable] = strings.Join(t.stems(surface), " ")
			d[fSurface] = strings.Join(surface, " ")
		}
		out = append(out, pageDocument{pageName(pl.edition.ID, p.Number), d})
	}
	return out
}

// continuation knows to which table a page without a title of its own belongs.
type continuation struct {
	byNumber map[string]string // title by number
	last     string            // title of the table that the page before was of
}

// laterMark ends the title of a table on the pages after its first.
const laterMark = " (lanjutan)"

var (
	laterLine    = regexp.MustCompile(`(?im)^\s*lanjutan\s+tabel\b[^0-9\n]*([0-9]+(?:\.[0-9]+)*)`)
	laterColumns = regexp.MustCompile(`(?m)\(1\)\s*\((?:[3-9]|1[0-9])\)`) // the columns go on where the page before ended
)

// follow returns the titles of a page: its own, or that of the table it
// continues, which it says ("Lanjutan Tabel 3.1") or shows by its columns.
func (c *continuation) follow(text string, own []string) []string {
	if c.byNumber == nil {
		c.byNumber = map[string]string{}
	}
	for _, title := range own {
		if m := tableStart.FindStringSubmatch(title); m != nil && m[2] != "" && strings.EqualFold(m[1], "tabel") {
			c.byNumber[m[2]] = title
		}
	}
	if len(own) > 0 {
		c.last = own[len(own)-1]
		return own
	}
	if m := laterLine.FindStringSubmatch(text); m != nil {
		c.last = c.byNumber[m[1]]
	} else if !laterColumns.MatchString(text) {
		c.last = ""
	}
	if c.last == "" {
		return nil
	}
	return []string{c.last + laterMark}
}

// entryTitle writes an entry as people say it: "Tabel 3.2.1 Jumlah Sekolah".
func entryTitle(e conversation.Entry) string {
	kind := "Tabel"
	if e.Kind == "gambar" {
		kind = "Gambar"
	}
	if e.Number == "" {
		return e.Title
	}
	return kind + " " + e.Number + " " + e.Title
}

// runningLines finds the lines that stand on more than a quarter of the pages,
// page numbers aside.
func runningLines(pages []conversation.Page) map[string]bool {
	count := map[string]int{}
	for _, p := range pages {
		seen := map[string]bool{}
		for _, line := range strings.Split(p.Text, "\n") {
			if key := lineKey(line); key != "" && !seen[key] {
				seen[key] = true
				count[key]++
			}
		}
	}
	out := map[string]bool{}
	for key, n := range count {
		if n > 5 && n*4 > len(pages) {
			out[key] = true
		}
	}
	return out
}

// lineKey is a line without its numbers and spaces.
func lineKey(line string) string {
	return strings.Join(slices.DeleteFunc(words(line), isDigits), " ")
}

var (
	leaders     = regexp.MustCompile(`(?:\.\s?){4,}|…+`)
	siteAddress = regexp.MustCompile(`(?i)https?:?/*\S*|\S+\.go\.id\S*|www\.\S+`)
	tableStart  = regexp.MustCompile(`(?i)^\s*(tabel|gambar|figure|table)\b[\s/:.]*([0-9]+(?:\.[0-9]+)*[a-z]?)?\.?\s*(.*)$`)
	bareNumber  = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)*\.?$`)
	columnMark  = regexp.MustCompile(`\(\s*1\s*\)`)
	endsInYear  = regexp.MustCompile(`(?:19|20)\d\d\s*\*{0,2}\)?\.?$`)
)

// usefulLines is the lines of a page that are its own.
func usefulLines(text string, running map[string]bool) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if len(running) > 0 && running[lineKey(line)] && !tableStart.MatchString(line) {
			continue
		}
		if line = strings.Join(strings.Fields(plain(line)), " "); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// plain is a text without dotted leaders and site addresses. The patterns are
// slow, and few lines need them.
func plain(text string) string {
	if strings.Contains(text, "...") || strings.Contains(text, ". . .") || strings.Contains(text, "…") {
		text = leaders.ReplaceAllString(text, " ")
	}
	if lower := strings.ToLower(text); strings.Contains(lower, "http") || strings.Contains(lower, "www.") ||
		strings.Contains(lower, ".go.id") {
		text = siteAddress.ReplaceAllString(text, " ")
	}
	return text
}

// tableTitles reads the titles of the tables and figures that start on a page:
// what follows a line beginning with "Tabel" or "Gambar", up to the line with
// the year, the heads of the columns, or four lines.
func tableTitles(lines []string) []string {
	var out []string
	for i := 0; i < len(lines) && len(out) < 8; i++ {
		m := tableStart.FindStringSubmatch(lines[i])
		if m == nil || strings.EqualFold(m[1], "table") || strings.EqualFold(m[1], "figure") {
			continue
		}
		kind := strings.ToUpper(m[1][:1]) + strings.ToLower(m[1][1:])
		number, parts := m[2], []string{}
		if m[3] != "" {
			parts = append(parts, m[3])
		}
		for j := i + 1; j < len(lines) && j <= i+6 && len(parts) < 4; j++ {
			if len(parts) > 0 && endsInYear.MatchString(parts[len(parts)-1]) || columnMark.MatchString(lines[j]) {
				break
			}
			line := lines[j]
			if next := tableStart.FindStringSubmatch(line); next != nil {
				if !strings.EqualFold(next[1], "table") && !strings.EqualFold(next[1], "figure") {
					break
				}
				if number == "" {
					number = next[2]
				}
				line = next[3]
			}
			if bareNumber.MatchString(line) {
				if number == "" {
					number = strings.Trim(line, ".")
				}
				continue
			}
			if len(line) > 2 {
				parts = append(parts, line)
			}
		}
		title := strings.Join(parts, " ")
		if len(slices.DeleteFunc(words(title), isDigits)) < 2 {
			continue
		}
		out = append(out, strings.TrimSpace(clip(strings.TrimSpace(kind+" "+number)+" "+title, 300)))
	}
	return out
}
