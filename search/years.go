package search

import (
	"regexp"
	"strconv"
	"strings"
)

// counts are the small numbers people write as words.
var counts = map[string]int{
	"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
	"sepuluh": 10,
}

// basePrices are the words before the base year of constant prices.
var basePrices = map[string]bool{"adhk": true, "konstan": true}

// latest are the words that ask for the newest edition.
var latest = map[string]bool{"terbaru": true, "terkini": true, "terakhir": true, "latest": true, "newest": true,
	"mutakhir": true, "terupdate": true, "belakangan": true}

// ago are the words that count years back from this one.
var ago = map[string]bool{"lalu": true, "kemarin": true}

// numberSaid stands in a row for the number that begins it.
const numberSaid = -1

// yearRow is one way to speak of years without writing one.
type yearRow struct {
	words  []func(string) bool // one after another
	back   int                 // how many years before this one, or numberSaid
	newest bool                // the newest edition instead
	said   []string            // of the newest, as it is repeated to people; "": the first word
}

// yearRows are looked at in order.
var yearRows = []yearRow{
	{[]func(string) bool{isNumber, isYearUnit, isLatestOrThis}, 0, true, []string{"", "tahun", "terakhir"}},
	{[]func(string) bool{isNumber, isYearUnit, isAgo}, numberSaid, false, nil},
	{[]func(string) bool{isYearUnit, isAgo}, 1, false, nil},
	{[]func(string) bool{isYearUnit, isThis}, 0, false, nil},
	{[]func(string) bool{isYearUnit, isLatest}, 0, true, []string{"terbaru"}},
	{[]func(string) bool{isLatest}, 0, true, []string{""}},
}

func isNumber(w string) bool       { return smallNumber(w) > 0 }
func isAgo(w string) bool          { return ago[w] }
func isThis(w string) bool         { return w == "ini" }
func isLatest(w string) bool       { return latest[w] }
func isLatestOrThis(w string) bool { return latest[w] || w == "ini" }

// smallNumber reads a small number, in digits or as a word; 0 is none.
func smallNumber(w string) int {
	if isDigits(w) && len(w) <= 2 {
		return atoiDigits(w)
	}
	return counts[w]
}

// at tells whether the row is said at the beginning of these words.
func (r yearRow) at(ts []token) bool {
	if len(ts) < len(r.words) {
		return false
	}
	for i, is := range r.words {
		if !is(ts[i].text) {
			return false
		}
	}
	return true
}

// years takes the years out of a query: "2023", "2019-2023", "2019 sampai
// 2023", "5 tahun terakhir", "tahun lalu", "terbaru". The other words come back.
func (u understanding) years(m *meaning, text string, ts []token) []string {
	var out []string
	for i := 0; i < len(ts); {
		if n := m.writtenYears(text, ts, i); n > 0 {
			// "tahun" before it says no more.
			if k := len(out); k > 0 && isYearUnit(out[k-1]) {
				out = out[:k-1]
			}
			i += n
			continue
		}
		if n := u.spokenYears(m, ts[i:]); n > 0 {
			i += n
			continue
		}
		out = append(out, ts[i].text)
		i++
	}
	return out
}

// writtenYears takes a year or a range of years written at i; n counts the words
// used, 0 when there is none.
func (m *meaning) writtenYears(text string, ts []token, i int) (n int) {
	w := ts[i].text
	from, ok := yearToken(w)
	if !ok {
		return 0
	}
	if i > 0 && basePrices[ts[i-1].text] && from%10 == 0 {
		return 1 // "harga konstan 2010" names a price base
	}
	to, n := from, 1
	if end, ok := rangeEnd(from, text, ts, i); ok {
		from, to, n = min(from, end.year), max(from, end.year), end.tokens
	}
	if to > from {
		w = strconv.Itoa(from) + "-" + strconv.Itoa(to)
	}
	m.addYears(from, to, w)
	return n
}

// spokenYears takes what a row tells at the beginning of these words; n counts the
// words used, 0 when there is none.
func (u understanding) spokenYears(m *meaning, ts []token) (n int) {
	for _, r := range yearRows {
		if !r.at(ts) {
			continue
		}
		first := ts[0].text
		if r.newest {
			m.newest = true
			for _, said := range r.said {
				if said == "" {
					said = first
				}
				m.words.years = append(m.words.years, said)
			}
			return len(r.words)
		}
		back := r.back
		if back == numberSaid {
			back = smallNumber(first)
		}
		m.addYears(u.year-back, u.year-back, strconv.Itoa(u.year-back))
		return len(r.words)
	}
	return 0
}

// addYears widens the years asked for.
func (m *meaning) addYears(from, to int, said string) {
	if m.from == 0 || from < m.from {
		m.from = from
	}
	m.to = max(m.to, to)
	m.words.years = append(m.words.years, said)
}

type yearEnd struct {
	year   int
	tokens int // used, the first year included
}

// rangeEnd reads what follows a year as the end of a range: "-2023", "/23",
// "s/d 2023", "sampai dengan 2023".
func rangeEnd(from int, text string, ts []token, i int) (yearEnd, bool) {
	j := i + 1
	joined := false
	if j < len(ts) {
		between := text[ts[i].end:ts[j].start]
		joined = strings.Trim(between, " ") == "-" || between == "/"
	}
	for j < len(ts) && !joined {
		switch ts[j].text {
		case "s", "d", "sd", "sampai", "hingga", "ke", "dengan", "to", "until":
			j++
			continue
		}
		break
	}
	if j >= len(ts) || j == i+1 && !joined {
		return yearEnd{}, false
	}
	if y, ok := yearToken(ts[j].text); ok {
		return yearEnd{y, j - i + 1}, true
	}
	if len(ts[j].text) == 2 && isDigits(ts[j].text) && joined {
		y, _ := strconv.Atoi(ts[j].text)
		if y += from / 100 * 100; y > from {
			return yearEnd{y, j - i + 1}, true
		}
	}
	return yearEnd{}, false
}

var (
	numberLike = regexp.MustCompile(`\b[0-9](?:[0-9]|[.\-/ ][0-9]){4,24}[xX]?\b`)
	recordID   = regexp.MustCompile(`\b[0-9a-f]{24}\b`)
)

// findNumber takes a catalogue, publication, ISSN or ISBN number, or a record's
// id, out of a query: six digits or more, with or without dots and hyphens.
// Years and ranges of years are none.
func findNumber(text string) (rest, number string) {
	if at := recordID.FindStringIndex(strings.ToLower(text)); at != nil && len(text) == len(strings.ToLower(text)) {
		return text[:at[0]] + " " + text[at[1]:], strings.ToLower(text[at[0]:at[1]])
	}
	for _, at := range numberLike.FindAllStringIndex(text, 8) {
		at = withoutYears(text, at)
		number := text[at[0]:at[1]]
		onlyYears := true
		for _, part := range words(number) {
			if _, ok := yearToken(part); !ok && !(onlyYears && len(part) <= 2) {
				onlyYears = false
			}
		}
		if n := compact(number); len(n) >= minNumber && !onlyYears {
			return text[:at[0]] + " " + text[at[1]:], n
		}
	}
	return text, ""
}

// withoutYears takes a year that stands before or behind a number, a space between
// them, off it: "2022 250" is a year and an amount.
func withoutYears(text string, at []int) []int {
	from, to := at[0], at[1]
	if first, _, ok := strings.Cut(text[from:to], " "); ok {
		if _, year := yearToken(first); year {
			from += len(first) + 1
		}
	}
	if i := strings.LastIndexByte(text[from:to], ' '); i >= 0 {
		if _, year := yearToken(text[from+i+1 : to]); year {
			to = from + i
		}
	}
	return []int{from, to}
}

// gluedYear is a word with a year written onto it: "ipm2023". The names of
// censuses ("sp2020") are terms of their own.
var gluedYear = regexp.MustCompile(`^([a-z]{2,})((?:19|20)[0-9]{2})$`)

// spellYears writes years as four digits that are written otherwise: "thn 22",
// "dua ribu dua puluh tiga", "ipm2023". It comes before terms are looked for,
// and cuts the text into words again when it changed it.
func (u understanding) spellYears(text string, ts []token) (string, []token) {
	var out []string
	changed := false
	for i := 0; i < len(ts); i++ {
		w := ts[i].text
		if y, n := yearInWords(ts[i:]); n > 0 {
			out, changed = append(out, strconv.Itoa(y)), true
			i += n - 1
			continue
		}
		if g := gluedYear.FindStringSubmatch(w); g != nil && u.terms[w] == nil {
			out, changed = append(out, g[1], g[2]), true
			continue
		}
		if len(w) == 2 && isDigits(w) && i > 0 {
			before := ts[i-1].text
			after := i+1 < len(ts) && (isYearUnit(ts[i+1].text) || latest[ts[i+1].text])
			quoted := ts[i].start > 0 && strings.HasSuffix(text[:ts[i].start], "'")
			y := 2000 + atoiDigits(w)
			// "ipm 23": the short form of a series with a number behind it at the end.
			named := i == len(ts)-1 && len(before) <= shortWord && u.terms[before] != nil && y >= u.year-25 && y <= u.year
			share := strings.HasPrefix(strings.TrimLeft(text[ts[i].end:], " "), "%")
			if (isYearUnit(before) || quoted || named) && !after && !share && y <= u.year+10 {
				out, changed = append(out, strconv.Itoa(y)), true
				continue
			}
		}
		out = append(out, w)
	}
	if !changed {
		return text, ts
	}
	text = strings.Join(out, " ")
	return text, tokens(text)
}

func isYearUnit(w string) bool {
	return w == "tahun" || w == "thn" || w == "th" || w == "taun" || w == "thun" || w == "tahn"
}

func atoiDigits(w string) int {
	n, _ := strconv.Atoi(w)
	return n
}

// yearInWords reads "dua ribu dua puluh tiga", "dua ribu sembilan belas"; n
// counts the words used, 0 when there is no such year.
func yearInWords(ts []token) (year, n int) {
	word := func(i int) string {
		if i < len(ts) {
			return ts[i].text
		}
		return ""
	}
	if word(0) != "dua" || word(1) != "ribu" {
		return 0, 0
	}
	year, n = 2000, 2
	c := counts[word(2)]
	switch {
	case word(2) == "sebelas":
		return year + 11, 3
	case c == 10 || c == 0:
		return year + c, n + c/10
	case word(3) == "belas":
		return year + 10 + c, 4
	case word(3) != "puluh":
		return year + c, 3
	}
	year, n = year+10*c, 4
	if c = counts[word(4)]; c > 0 && c < 10 {
		return year + c, 5
	}
	return year, n
}
