package search

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pst/conversation"
)

// edition is one publication as a member of its series.
type edition struct {
	ID       string
	Title    string
	Year     int // last year in the title, else of release; 0 unknown
	From     int // years of the data; 0 unknown
	To       int
	Released string
	Numbers  []string // catalogue, publication, ISSN: letters and digits only
	Held     bool     // the library has its file

	plain string // the words of the title, of one that was read for ranking
}

// covers tells whether the edition has data of any year from…to.
func (e edition) covers(from, to int) bool { return e.From > 0 && e.From <= to && e.To >= from }

// series is publications of one title and area over the years; one document
// of the index.
type series struct {
	Key      string // office, area and title without years: the document's name
	Office   string
	District string    // name of the kecamatan it is about
	AreaName string    // title of the area
	Lower    string    // lower-case words of the area's name
	Words    []string  // title without area and years
	Abstract string    // of the newest edition
	Editions []edition // newest first
}

// placed is a publication with the series it belongs to.
type placed struct {
	series  series // without editions
	edition edition
}

var (
	titleYears = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d\d)(?:\s*(?:[-/]|s/d|sampai|hingga)\s*((?:19|20)?\d\d))?(?:[^0-9]|$)`)
	months     = map[string]bool{
		"januari": true, "februari": true, "maret": true, "april": true, "mei": true, "juni": true, "juli": true,
		"agustus": true, "september": true, "oktober": true, "november": true, "desember": true,
	}
)

// place reads from a record what series it belongs to and which years it is
// about. names finds areas that the title gives without a word of kind.
func (t *tables) place(p conversation.Publication, names *atlas) placed {
	title := dashes.Replace(p.Title)
	from, to := yearsOf(title)
	ar, found := learn(title, p.Office)
	ws := skeleton(title)
	if !found {
		ar, found = named(ws, p.Office, names)
	}
	if !found {
		ar = area{office: p.Office, level: levelOf(p.Office)}
	}
	if ar.level == district && ar.office != p.Office {
		ar.office = p.Office
	}
	if ar.name != "" && ar.level != national { // "Statistik Indonesia" is a title
		ws, _ = ar.without(ws)
	}
	if ar.level != district {
		ws = slices.DeleteFunc(ws, func(w string) bool { return w == "kabupaten" || w == "provinsi" })
	}
	s := series{Office: p.Office, AreaName: ar.title, Lower: ar.name, Words: ws, Abstract: clip(p.Abstract, 2000)}
	if ar.level == district {
		s.District = ar.name
	}
	s.Key = s.Office + "/" + s.District + "/" + strings.Join(ws, " ")

	e := edition{ID: p.ID, Title: p.Title, Released: p.Released, Held: p.Pages > 0}
	rule := t.rule(t.stems(ws))
	switch {
	case from > 0:
		e.Year, e.From, e.To = to, from-rule.lag, to-rule.lag
	default:
		e.Year = p.Year
		if e.Year == 0 && len(p.Released) >= 4 {
			e.Year, _ = strconv.Atoi(p.Released[:4])
		}
		if e.Year > 0 {
			e.From, e.To = e.Year-rule.lag, e.Year-rule.lag
		}
	}
	for _, n := range []string{p.CatalogNo, p.PublicationNo, p.ISSN, p.ID} {
		if n = compact(n); len(n) >= minNumber {
			e.Numbers = append(e.Numbers, n)
		}
	}
	return placed{series: s, edition: e}
}

// yearsOf finds the years a title names: the first and the last of a range,
// or one year twice; 0, 0 when it names none.
func yearsOf(title string) (from, to int) {
	m := titleYears.FindStringSubmatch(title)
	all := titleYears.FindAllStringSubmatch(title, -1)
	for _, x := range all { // "Sensus Penduduk 2020 ... 2019-2023": a range says more
		if x[2] != "" {
			m = x
		}
	}
	if m == nil {
		return 0, 0
	}
	from, _ = strconv.Atoi(m[1])
	to = from
	if m[2] != "" {
		to, _ = strconv.Atoi(m[2])
		if to < 100 {
			to += from / 100 * 100
		}
	}
	if to < from {
		from, to = to, from
	}
	if to-from > 60 {
		return to, to
	}
	return from, to
}

// skeleton is the words of a title without years and months.
func skeleton(title string) []string {
	return slices.DeleteFunc(words(title), func(w string) bool {
		return len(w) == 4 && isDigits(w) && (w[:2] == "19" || w[:2] == "20") || months[w] || w == "tahun"
	})
}

// named finds the longest area name in the words of a title, of the
// publication's own office before others.
func named(ws []string, office string, names *atlas) (best area, found bool) {
	length := 0
	for i := range ws {
		ar, n := names.at(ws, i, office)
		if n > 0 && ar.office == office && n > length {
			best, found, length = ar, true, n
		}
	}
	return best, found
}

// compact keeps the letters and digits of a number: "1102001.1906" and
// "1102001 1906" are the same.
func compact(s string) string {
	return strings.Join(words(s), "")
}

// minNumber is how many characters a catalogue number has at least.
const minNumber = 6

// sortEditions puts the newest first: by year of title, then release, then id.
func sortEditions(es []edition) {
	slices.SortFunc(es, func(a, b edition) int {
		if a.Year != b.Year {
			return b.Year - a.Year
		}
		if c := strings.Compare(b.Released, a.Released); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}
