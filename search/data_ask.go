package search

import (
	"slices"
	"strconv"
	"strings"
)

// ask is a question for a number: what must be explained by the cell that answers.
type ask struct {
	parts  []part
	year   string          // "2021", "2020/2021", "2010-2021"; empty: none said
	sign   bool            // it says that a number is wanted
	barred bool            // it asks for something else: a book, a breakdown
	said   map[string]bool // stems said that need no explanation themselves: words of kind, of the whole
}

// part is one thing that a question says: a word, or a term of several.
type part struct {
	ways  [][]string // stems; as typed first
	kind  level      // of the place it must be; noKind any
	exact []string   // as typed
	// joined: "dan" stands before it.
	joined bool
	// source: a word for where a number comes from stands somewhere before it.
	source bool
	// region: it names a kabupaten or province, of which another place may be said to be.
	region bool
}

// Levels of places that a word of kind before a name demands.
const (
	noKind  level = -1
	village level = country + 1
	hamlet  level = country + 2
)

// placeKinds are the words of kind, by the level they stand for.
var placeKinds = map[string]level{
	"desa": village, "kelurahan": village, "kel": village, "nagari": village, "gampong": village, "kampung": village,
	"dusun": hamlet, "lingkungan": hamlet,
	"kecamatan": district, "kec": district, "distrik": district,
	"kabupaten": regency, "kab": regency, "kota": regency,
	"provinsi": province, "prov": province, "propinsi": province,
}

// kind tells whether a question says a word for places of a level.
func (a ask) kind(lv level) bool {
	for w := range a.said {
		if have, ok := placeKinds[w]; ok && have == lv {
			return true
		}
	}
	return false
}

// Bounds of a question: a longer one is a paste, and no number answers it.
const (
	maxAskBytes = 300
	maxParts    = 14
)

// ask reads a question for a number. has tells whether a stem stands in any table.
func (u understanding) ask(text string, has func(stem string) bool) ask {
	a := ask{said: map[string]bool{}}
	if len(text) > maxAskBytes {
		a.barred = true
		return a
	}
	text = normal(strings.ToValidUTF8(text, " "))
	if hostName.MatchString(text) || tableNumber.MatchString(text) {
		a.barred = true
		return a
	}
	text = strings.NewReplacer("km persegi", "km2", "kilometer persegi", "km2", "meter persegi", "m2", "sq.km", "km2").
		Replace(strings.ToLower(text))
	ts := tokens(text)
	text, ts = u.spellYears(text, ts)
	u.askYears(&a, text, ts)
	ws := u.askWords(dataTokens(text))
	u.askParts(&a, ws, has)
	return a
}

// askYears reads the year that a question is for; more than one, or a span that is not
// written as a table would, bars it.
func (u understanding) askYears(a *ask, text string, ts []token) {
	var m meaning
	u.years(&m, text, ts)
	var pairs []string
	for _, w := range dataTokens(text) {
		if p := yearPair.FindStringSubmatch(w); p != nil {
			pairs = append(pairs, spanOf(p))
		}
	}
	switch {
	case len(pairs) > 1:
		a.barred = true
	case len(pairs) == 1:
		a.year = pairs[0]
	case m.from > 0 && m.to > m.from:
		a.barred = true
	case m.from > 0:
		a.year = strconv.Itoa(m.from)
	case m.newest && slices.ContainsFunc(m.words.years, func(w string) bool { return counts[w] > 0 || isDigits(w) }):
		a.barred = true // "5 tahun terakhir"
	}
}

// spanOf writes two years that belong together in one way: "2020/2021", "2010-2021".
func spanOf(p []string) string {
	to := p[3]
	if len(to) == 2 {
		to = p[1][:2] + to
	}
	return p[1] + p[2] + to
}

// askWords takes the years and their words out, and writes months and slang in full.
func (u understanding) askWords(ws []string) []string {
	var out []string
	for i, w := range ws {
		switch {
		case yearPair.MatchString(w):
			continue
		case len(w) == 4 && yearLike.MatchString(w):
			continue
		case isYearUnit(w):
			if i+1 < len(ws) && (ws[i+1] == "lalu" || ws[i+1] == "kemarin" || ws[i+1] == "ini") {
				ws[i+1] = "tahun"
			}
			continue
		case latest[w]:
			continue
		}
		if kind, ok := strings.CutPrefix(w, "se"); ok && placeKinds[kind] != 0 {
			out = append(out, "se", kind)
			continue
		}
		if kind, ok := strings.CutSuffix(w, "nya"); ok && placeKinds[kind] != 0 {
			w = kind
		}
		if m, ok := shortMonths[w]; ok {
			w = m
		}
		if r := u.replace[w]; len(r) > 0 && !u.data.bookOnly[w] {
			out = append(out, splitHyphens(r)...)
			continue
		}
		out = append(out, w)
	}
	return out
}

// asking are the words that ask for a number.
var asking = map[string]bool{"berapa": true, "berapakah": true, "brp": true, "brapa": true, "brpa": true,
	"seberapa": true, "how": true}

// askParts cuts the words of a question into its parts.
func (u understanding) askParts(a *ask, ws []string, has func(string) bool) {
	d := &u.data
	kind, source := noKind, false
	number := slices.ContainsFunc(ws, func(w string) bool { return asking[w] })
	for i := 0; i < len(ws); i++ {
		w := ws[i]
		stem := u.dataStem(w)
		next := ""
		if i+1 < len(ws) {
			next = ws[i+1]
		}
		if lv, ok := placeKinds[w]; ok {
			a.said[stem] = true
			if next != "" && !d.ask[next] && !d.total[u.stem(next)] && placeKinds[next] == 0 {
				kind = lv
				continue
			}
			kind = noKind
			if a.whole(ws, i) { // "se-kecamatan", "seluruh kecamatan"
				continue
			}
			p := part{ways: [][]string{{stem}}, kind: noKind, exact: []string{w}}
			if lv == village { // a table of "Desa/Kelurahan" says one of them
				p.ways = append(p.ways, []string{"desa"}, []string{"kelurahan"})
			}
			a.parts = append(a.parts, p)
			continue
		}
		switch {
		case asking[w]:
			a.sign = true
			kind = noKind
			continue
		case d.total[stem]:
			a.sign, a.said[stem] = true, true
			kind = noKind
			continue
		case d.document[w]:
			a.barred = true
			return
		case w == "versi" || w == "sumbernya" || w == "sumber" && next == "data" || w == "data" && source:
			source = true
			continue
		case (w == "data" || w == "info" || w == "informasi") && !number:
			// "data penduduk gantung" asks for what there is, "data jumlah penduduk" for the number.
			a.barred = a.barred || !slices.ContainsFunc(ws, func(w string) bool { return d.total[u.stem(w)] })
			continue
		case d.broken[w]:
			if next != "" && u.breakdown[next] && next != "tahun" {
				a.barred = true
				return
			}
			if w == "menurut" || w == "berdasarkan" {
				source = true
				continue
			}
		case d.ask[w], u.idle(ws, i):
			kind = noKind
			continue
		}
		p, n := u.askPart(ws[i:], has)
		p.kind, p.joined, p.source = kind, joined(ws, i), source
		p.region = slices.ContainsFunc(u.names.byName[strings.Join(p.exact, " ")], func(ar area) bool {
			return ar.level == regency || ar.level == province
		})
		kind = noKind
		a.parts = append(a.parts, p)
		i += n - 1
		if len(a.parts) > maxParts {
			a.barred = true
			return
		}
	}
	a.sign = a.sign || a.year != ""
}

// idle tells whether a word says nothing where it stands: "selamat malam", "berapa buah",
// "di daerah Gantung".
func (u understanding) idle(ws []string, i int) bool {
	before := ""
	if i > 0 {
		before = ws[i-1]
	}
	switch w := ws[i]; {
	case w == "pagi" || w == "siang" || w == "sore" || w == "malam":
		return i == 0 || before == "selamat"
	case w == "daerah":
		return before == "di" || before == "untuk" || before == "dari" || before == "luas"
	default:
		unit, ok := dataUnits[w]
		return ok && unit == "" && (asking[before] || u.data.total[u.stem(before)])
	}
}

// joined tells whether a word, or the kind of place before it, follows an "and".
func joined(ws []string, i int) bool {
	if i > 0 && placeKinds[ws[i-1]] != 0 {
		i--
	}
	return i > 0 && (ws[i-1] == "dan" || ws[i-1] == "serta" || ws[i-1] == "sama" || ws[i-1] == "plus")
}

// whole tells whether a word of kind stands for the whole of the place: "se-kecamatan",
// "satu kecamatan".
func (a *ask) whole(ws []string, i int) bool {
	return i > 0 && (ws[i-1] == "se" || ws[i-1] == "seluruh" || ws[i-1] == "satu")
}

// askPart reads the term that begins a list of words, else its first word.
func (u understanding) askPart(ws []string, has func(string) bool) (part, int) {
	var stems []string
	for _, w := range ws {
		stems = append(stems, u.dataStem(w))
	}
	longest := max(u.termWords[stems[0]], u.data.longest)
	for n := min(longest, len(ws)); n > 0; n-- {
		phrase := stems[:n]
		if slices.ContainsFunc(ws[1:n], func(w string) bool { return u.data.ask[w] && n > 1 && w != "dan" && w != "di" }) {
			continue
		}
		if other := u.alike(phrase); len(other) > 0 {
			return part{ways: append([][]string{phrase}, other...), exact: ws[:n]}, n
		}
	}
	if len(ws) > 1 && len(stems[0]) > 1 && len(stems[1]) > 1 && !u.data.ask[ws[1]] && !hasDigit(ws[1]) &&
		has(ws[0]+ws[1]) {
		return part{ways: [][]string{stems[:2], {ws[0] + ws[1]}}, exact: ws[:2]}, 2 // "karang anyar"
	}
	p := part{ways: [][]string{stems[:1]}, exact: ws[:1]}
	if w := ws[0]; !has(stems[0]) && !hasDigit(w) && !u.vocab.known(w, stems[0]) {
		if meant, ok := u.vocab.mend(w); ok && u.mendable(w, meant) {
			p.ways = [][]string{u.stems(meant)}
			p.ways = append(p.ways, u.alike(p.ways[0])...)
		}
	}
	return p, 1
}

// mendable tells whether a slip is so plain that a number may rest on it: vowels left
// out or one letter wrong, and no name of a place, of which many differ by a letter.
func (u understanding) mendable(w string, meant []string) bool {
	if len(meant) != 1 || u.names.byName[meant[0]] != nil || u.names.parts[meant[0]] {
		return false
	}
	return u.vocabulary[meant[0]] && (editDistance(w, meant[0], 1) <= 1 ||
		consonants(w) == consonants(meant[0]) && subsequence(w, meant[0]))
}
