package search

import (
	"fmt"
	"regexp"
	"strings"
)

// dataWords is what the table of words for figures says. Single words are kept as
// stems; a number is given only where every word is accounted for, so that a list
// here may be short, but must be right.
type dataWords struct {
	ask       map[string]bool // of a question, needing no explanation ("berapa", "di")
	total     map[string]bool // the whole ("jumlah", "seluruh")
	plain     map[string]bool // of titles and headings, narrowing nothing
	written   map[string]bool // the words of total and plain as the table writes them
	class     map[string]bool // of titles, naming the kind of what the labels list
	people    map[string]bool // "orang" is counted of these
	workplace map[string]bool // occupations that other tables count where they work
	single    map[string]bool // what has no total: rain, height
	measure   map[string]bool // what titles list beside other measures ("kepadatan")
	document  map[string]bool // as written: a book, a table, a file is asked for
	broken    map[string]bool // as written: a breakdown follows, so that a table is asked for
	english   map[string]bool // as written: English words of headings
	bookOnly  map[string]bool // as written: spellings and terms good for finding books only
	same      map[string][][]string
	longest   int // words of the longest key of same
}

func newDataWords() dataWords {
	return dataWords{
		ask: map[string]bool{}, total: map[string]bool{}, plain: map[string]bool{}, written: map[string]bool{},
		class:  map[string]bool{},
		people: map[string]bool{}, workplace: map[string]bool{}, single: map[string]bool{}, measure: map[string]bool{},
		document: map[string]bool{},
		broken:   map[string]bool{}, english: map[string]bool{}, bookOnly: map[string]bool{}, same: map[string][][]string{},
	}
}

func (t *tables) addDataWord(section, line string) error {
	d := &t.data
	if section == "padanan" {
		return t.addSame(line)
	}
	sets := map[string]struct {
		words  map[string]bool
		asStem bool
	}{
		"tanya": {d.ask, false}, "jumlah": {d.total, true}, "judul": {d.plain, true}, "golongan": {d.class, true},
		"orang": {d.people, true}, "tempat kerja": {d.workplace, true}, "tak dijumlah": {d.single, true},
		"ukuran": {d.measure, true}, "dokumen": {d.document, false},
		"rinci": {d.broken, false}, "inggris": {d.english, false}, "buku saja": {d.bookOnly, false},
	}
	set, ok := sets[section]
	if !ok {
		return fmt.Errorf("unknown section [%s]", section)
	}
	if strings.ContainsAny(line, "=;|") {
		return fmt.Errorf("%q: section [%s] holds single words", line, section)
	}
	for _, w := range words(line) {
		if section == "jumlah" || section == "judul" {
			d.written[w] = true
		}
		if set.asStem {
			w = t.stem(w)
		}
		set.words[w] = true
	}
	return nil
}

// addSame reads "a = b; c": each says the same as the others.
func (t *tables) addSame(line string) error {
	left, right, ok := strings.Cut(line, "=")
	if !ok {
		return fmt.Errorf("%q is not of the form: a = b; c", line)
	}
	var names [][]string
	for _, name := range append([]string{left}, strings.Split(right, ";")...) {
		stems := t.dataStems(name)
		if len(stems) == 0 {
			return fmt.Errorf("%q has an empty term", line)
		}
		names = append(names, stems)
	}
	for i, name := range names {
		t.data.longest = max(t.data.longest, len(name))
		key := strings.Join(name, " ")
		for j, other := range names {
			if i != j && (i == 0 || j == 0) {
				t.data.same[key] = append(t.data.same[key], other)
			}
		}
	}
	return nil
}

// content keeps the stems of a title that tell what it is about.
func (d dataWords) content(ws []string) (out []string) {
	for _, w := range ws {
		if !d.plain[w] && !d.total[w] {
			out = append(out, w)
		}
	}
	return out
}

// alike lists the other ways to say a phrase of stems, of which a number is the same.
func (t *tables) alike(phrase []string) (out [][]string) {
	key := strings.Join(phrase, " ")
	out = append(out, t.data.same[key]...)
	for _, a := range t.terms[key] {
		if a.factor == sameFactor && !t.anyBookOnly(a.stems) && !t.anyBookOnly(phrase) {
			out = append(out, a.stems)
		}
	}
	return out
}

func (t *tables) anyBookOnly(ws []string) bool {
	for _, w := range ws {
		if t.data.bookOnly[w] {
			return true
		}
	}
	return false
}

var (
	dataToken  = regexp.MustCompile(`<[0-9]+|[0-9]+ *- *[0-9]+|[0-9]+/[0-9]+|[0-9]+ *\+|[\pL0-9]+`)
	apostrophe = strings.NewReplacer("'", "", "’", "", "`", "")
	dataSigns  = strings.NewReplacer("²", "2", "³", "3", "%", " persen ", "&", " dan ")
	below      = regexp.MustCompile(`(?i)(?:<|\b(?:di ?bawah|(?:kurang|krg) (?:dari|dr))\b(?:\s*(?:umur|usia)\b)?)\s*([0-9]{1,2})\b`)
	upwards    = regexp.MustCompile(`(?i)\b([0-9]{1,2})\s*(?:tahun|thn|th)?\s*(?:ke ?atas|lebih)\b`)
	yearLike   = regexp.MustCompile(`^(?:19|20)[0-9]{2}(?:[a-z*]|r\))?$`)
	yearPair   = regexp.MustCompile(`^((?:19|20)[0-9]{2})([-/])((?:19|20)?[0-9]{2})$`)
)

// dataTokens cuts a text of a question or a table into lower-case words. Ranges
// ("65-69"), pairs ("2020/2021") and open ends ("75+", "<19") stay whole.
func dataTokens(text string) []string {
	text = below.ReplaceAllString(text, " <$1")
	text = upwards.ReplaceAllString(text, "$1+")
	text = dataSigns.Replace(apostrophe.Replace(normal(strings.ToValidUTF8(text, " "))))
	var out []string
	for _, w := range dataToken.FindAllString(strings.Map(fold, text), -1) {
		if w = strings.ReplaceAll(w, " ", ""); len(w) <= maxWord {
			out = append(out, w)
		}
	}
	return out
}

// shortMonths are months as tables shorten them.
var shortMonths = map[string]string{
	"jan": "januari", "feb": "februari", "peb": "februari", "pebruari": "februari", "mar": "maret", "apr": "april",
	"jun": "juni", "jul": "juli", "agt": "agustus", "agu": "agustus", "ags": "agustus", "agust": "agustus",
	"sep": "september", "sept": "september", "okt": "oktober", "nop": "november", "nopember": "november",
	"nov": "november", "des": "desember",
}

// dataStems is the stems of a text of a table, spelling made even with [ganti].
func (t *tables) dataStems(text string) []string {
	return t.stemData(dataTokens(text))
}

func (t *tables) stemData(ws []string) (out []string) {
	for _, w := range t.spelled(ws) {
		out = append(out, t.dataStem(w))
	}
	return out
}

// dataStem is the stem of a word, but for one that becomes by it a word of kind, or one that
// narrows nothing: "pedesaan" is no desa, "peserta" no "serta".
func (t *tables) dataStem(w string) string {
	s, d := t.stem(w), &t.data
	if placeKinds[s] != 0 && placeKinds[w] == 0 ||
		(d.plain[s] || d.total[s]) && !d.written[w] && !d.written[strings.TrimSuffix(w, "nya")] {
		return w
	}
	return s
}

// spelled writes words in one way: months in full, and as [ganti] says.
func (t *tables) spelled(ws []string) []string {
	var out []string
	for _, w := range ws {
		if m, ok := shortMonths[w]; ok {
			w = m
		}
		if r := t.replace[w]; len(r) > 0 && !t.data.bookOnly[w] {
			out = append(out, splitHyphens(r)...)
			continue
		}
		out = append(out, w)
	}
	return out
}

func splitHyphens(ws []string) (out []string) {
	for _, w := range ws {
		out = append(out, words(w)...)
	}
	return out
}
