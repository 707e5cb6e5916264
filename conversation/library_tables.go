package conversation

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// goesOnWith is what a page says that continues a table it names, in a line of
	// its own: "Lanjutan Tabel/Continued Table 3.4", "Tabel 3.4 (lanjutan)".
	goesOnWith = regexp.MustCompile(`(?im)^\W*(?:lanjutan|sambungan|continued|continuation)\b[^0-9\n]{0,12}` +
		`\b(?:tabel|table)\b[^0-9\n]{0,30}?(\d{1,3}(?:\.\s?\d{1,3}){0,4}[a-z]?)\b|` +
		`^\W*(?:tabel|table)\W{0,4}(\d{1,3}(?:\.\s?\d{1,3}){0,4}[a-z]?)\W{0,4}(?:lanjutan|sambungan|continued)\b`)
	// goesOnAlone is the same without a number.
	goesOnAlone = regexp.MustCompile(`(?im)^\W*(?:lanjutan|sambungan|continued)(?:\s+(?:tabel|table|gambar|figure))?` +
		`(?:\W+(?:continued|lanjutan)(?:\s+(?:tabel|table|gambar|figure))?)?\W*$`)
)

// Continues tells whether a page says of itself that it goes on with a table of
// the pages before, and with which; number is "" where it does not say.
func Continues(text string) (number string, ok bool) {
	if m := goesOnWith.FindStringSubmatch(text); m != nil {
		return strings.Join(strings.Fields(m[1]+m[2]), ""), true
	}
	return "", goesOnAlone.MatchString(text)
}

// TablesOn are the numbers of the tables on pages, at most one more than most:
// those that begin there, and those that a page says it continues. page gives a
// page's text; what it cannot find has none.
func TablesOn(entries []Entry, pages PageSet, most int, page func(int) (Page, error)) ([]string, error) {
	var out []string
	add := func(number string) {
		if !slices.Contains(out, number) {
			out = append(out, number)
		}
	}
	for _, n := range pages {
		if len(out) > most {
			break
		}
		p, err := page(n)
		if err != nil && !isMissing(err) {
			return nil, err
		}
		if number, ok := Continues(p.Text); ok {
			if e, ok := tableBefore(entries, n, number); ok {
				add(e.Number)
			}
		}
		for _, e := range entries {
			if e.Kind == "tabel" && e.Number != "" && e.Page == n {
				add(e.Number)
			}
		}
	}
	return out, nil
}

// tableBefore is the last table that begins before a page; of those with a number
// where it is told.
func tableBefore(entries []Entry, page int, number string) (e Entry, ok bool) {
	for _, t := range entries {
		named := t.Kind == "tabel" && t.Number != "" && (number == "" || t.Number == number)
		if named && t.Page > 0 && t.Page < page && t.Page >= e.Page {
			e, ok = t, true
		}
	}
	return e, ok
}
