package search

import (
	"embed"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The tables of words, terms, areas and series are plain text files. The
// office's own files of the same names are read after these and extend them.
//
//go:embed tables/*.txt
var embedded embed.FS

// The names of the table files.
const (
	wordsFile  = "kata.txt"
	termsFile  = "istilah.txt"
	areasFile  = "wilayah.txt"
	worldFile  = "dunia.txt"
	seriesFile = "seri.txt"
	dataFile   = "angka.txt"
)

var tableFiles = []string{wordsFile, termsFile, areasFile, worldFile, seriesFile, dataFile}

// tables is what the table files say, ready for use.
type tables struct {
	stemmer
	replace    map[string][]string // spelling of one or two words to what is meant
	noise      map[string]bool     // left out
	general    map[string]bool     // stems that say little ("jumlah")
	foreign    map[string]bool     // words of services that are not ours
	breakdown  map[string]bool     // what follows "menurut": not the subject
	terms      map[string][]alternative
	termWords  map[string]int // words of the longest term, by its first stem
	areas      []area
	series     []seriesRule
	vocabulary map[string]bool // words as written in terms, series and spellings
	// stemVocabulary is the stems of vocabulary.
	stemVocabulary map[string]bool
	villages       []area // of the own kabupaten, as names of their kecamatan
	world          []area // places elsewhere: provinces, regencies, countries
	data           dataWords
	sum            string // changes whenever the tables do
}

// alternative is another way to say a term: its stems, and how much a match of
// it is worth against a match of the words typed (0…1).
type alternative struct {
	stems  []string
	factor float64
}

// What a match of an alternative is worth.
const (
	sameFactor    = 0.97 // a = b
	relatedFactor = 0.72 // a > b
)

// seriesRule says what a librarian knows of a series of publications.
type seriesRule struct {
	pattern  []string   // stems that all stand in the title
	whole    bool       // and nothing else does
	lag      int        // title year minus data year
	wide     bool       // about everything
	flagship bool       // the first book of an area
	topics   [][]string // stems of the subjects for which it is handed over first
}

// ValidateTables reads the table files of an office's folder and names every
// line that cannot be understood, joined into one error; nil when all are fine.
// Files that are not there are no error.
func ValidateTables(dir fs.FS) error {
	_, err := loadTables(dir)
	return err
}

// Offices are the names of the statistics offices by their code, as their
// publications name them, from the embedded table of areas and, unless nil, the
// office's own.
func Offices(own fs.FS) (map[string]string, error) {
	t, err := loadTables(own)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, a := range t.areas {
		if a.level > regency {
			continue
		}
		out[a.office] = "BPS " + a.kind + " " + a.title
		if a.level == national {
			out[a.office] = "Badan Pusat Statistik"
		}
	}
	return out, nil
}

// loadTables reads the embedded tables and, unless nil, the office's own. What is read
// never changes, and an office without tables of its own shares the embedded ones.
func loadTables(own fs.FS) (*tables, error) {
	if own == nil || !slices.ContainsFunc(tableFiles, func(name string) bool {
		_, err := fs.Stat(own, name)
		return !errors.Is(err, fs.ErrNotExist)
	}) {
		return embeddedTables()
	}
	return readTables(own)
}

var embeddedTables = sync.OnceValues(func() (*tables, error) { return readTables(nil) })

func readTables(own fs.FS) (*tables, error) {
	t := &tables{
		stemmer:    stemmer{exceptions: map[string]string{}, protected: map[string]bool{}},
		replace:    map[string][]string{},
		noise:      map[string]bool{},
		general:    map[string]bool{},
		foreign:    map[string]bool{},
		breakdown:  map[string]bool{},
		terms:      map[string][]alternative{},
		termWords:  map[string]int{},
		vocabulary: map[string]bool{},
		data:       newDataWords(),

		stemVocabulary: map[string]bool{},
	}
	base, err := fs.Sub(embedded, "tables")
	if err != nil {
		return nil, fmt.Errorf("open embedded tables: %w", err)
	}
	sum := fnv.New64a()
	var bad []error
	// Words come first: terms and series are kept as stems.
	for _, file := range []struct {
		name string
		line func(section, line string) error
	}{
		{wordsFile, t.addWord}, {areasFile, t.addArea}, {worldFile, t.addWorld}, {termsFile, t.addTerm},
		{seriesFile, t.addSeries},
		{dataFile, t.addDataWord},
	} {
		dirs := []fs.FS{base, own}
		if file.name == seriesFile { // of series the first line that fits counts
			dirs = []fs.FS{own, base}
		}
		for _, dir := range dirs {
			if dir == nil {
				continue
			}
			text, err := fs.ReadFile(dir, file.name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("read table: %w", err)
			}
			sum.Write(text)
			section := ""
			for i, line := range strings.Split(string(text), "\n") {
				line, _, _ = strings.Cut(strings.TrimPrefix(line, "\ufeff"), "#")
				if line = strings.TrimSpace(line); line == "" {
					continue
				}
				if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
					section = line[1 : len(line)-1]
					continue
				}
				if err := file.line(section, line); err != nil {
					bad = append(bad, fmt.Errorf("%s:%d: %w", file.name, i+1, err))
				}
			}
		}
	}
	for w := range t.vocabulary {
		t.stemVocabulary[t.stem(w)] = true
	}
	t.sum = strconv.FormatUint(sum.Sum64(), 16)
	return t, errors.Join(bad...)
}

func (t *tables) addWord(section, line string) error {
	left, right, isPair := strings.Cut(line, "=")
	l, r := words(left), words(right)
	switch section {
	case "ganti":
		if !isPair || len(l) == 0 || len(l) > 2 || len(r) == 0 {
			return fmt.Errorf("%q is not of the form: ejaan = ganti", line)
		}
		t.replace[strings.Join(l, " ")] = r
		t.learned(right)
		return nil
	case "dasar":
		if !isPair || len(l) != 1 || len(r) != 1 {
			return fmt.Errorf("%q is not of the form: kata = dasar", line)
		}
		t.exceptions[l[0]] = r[0]
		return nil
	}
	set, ok := map[string]map[string]bool{
		"buang": t.noise, "umum": t.general, "asing": t.foreign, "rincian": t.breakdown, "tetap": t.protected,
	}[section]
	if !ok {
		return fmt.Errorf("unknown section [%s]", section)
	}
	if isPair {
		return fmt.Errorf("%q: section [%s] holds single words", line, section)
	}
	for _, w := range l {
		set[w] = true
	}
	return nil
}

// learned is the stems of a text whose words join the vocabulary.
func (t *tables) learned(text string) []string {
	ws := words(text)
	for _, w := range ws {
		t.vocabulary[w] = true
	}
	return t.stems(ws)
}

// spell writes the words of a term as those of a query are read: "wage statistics"
// is sought as "wage statistik".
func (t *tables) spell(text string) string {
	ws := words(text)
	for i, w := range ws {
		if r := t.replace[w]; len(r) > 0 {
			ws[i] = strings.Join(r, " ")
		}
	}
	return strings.Join(ws, " ")
}

func (t *tables) addTerm(_, line string) error {
	left, right, both := strings.Cut(line, "=")
	factor := sameFactor
	if !both {
		var oneWay bool
		if left, right, oneWay = strings.Cut(line, ">"); !oneWay {
			return fmt.Errorf("%q is neither: a = b; c nor: a > b; c", line)
		}
		factor = relatedFactor
	}
	names := [][]string{withoutGlue(t.learned(t.spell(left)))}
	for _, name := range strings.Split(right, ";") {
		names = append(names, withoutGlue(t.learned(t.spell(name))))
	}
	if slices.ContainsFunc(names, func(n []string) bool { return len(n) == 0 }) {
		return fmt.Errorf("%q has an empty term", line)
	}
	for i, name := range names {
		if i > 0 && !both {
			break
		}
		t.termWords[name[0]] = max(t.termWords[name[0]], len(name))
		key := strings.Join(name, " ")
		for j, other := range names {
			if i != j && !slices.Equal(name, other) {
				t.terms[key] = append(t.terms[key], alternative{stems: other, factor: factor})
			}
		}
	}
	return nil
}

func (t *tables) addArea(_, line string) error {
	cells := strings.Split(line, "|")
	if len(cells) < 3 || len(cells) > 4 {
		return fmt.Errorf("%q is not of the form: kode | tingkat | nama | sebutan lain", line)
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if cells[1] == "desa" {
		return t.addVillages(cells)
	}
	level, ok := map[string]level{
		"nasional": national, "provinsi": province, "kabupaten": regency, "kota": regency, "kecamatan": district,
	}[cells[1]]
	if !ok {
		return fmt.Errorf("unknown level %q", cells[1])
	}
	if len(cells[0]) < 4 || !isDigits(cells[0]) {
		return fmt.Errorf("code %q must be digits, at least four", cells[0])
	}
	name := words(cells[2])
	if len(name) == 0 {
		return errors.New("area without a name")
	}
	a := area{office: cells[0][:4], level: level, name: strings.Join(name, " "), title: cells[2],
		kind: strings.ToUpper(cells[1][:1]) + cells[1][1:]}
	if len(cells) == 4 {
		for _, other := range strings.Split(cells[3], ",") {
			if w := words(other); len(w) > 0 {
				a.others = append(a.others, strings.Join(w, " "))
			}
		}
	}
	t.areas = append(t.areas, a)
	return nil
}

// addVillages reads the villages of a kecamatan: whoever asks for one is given
// the books of the kecamatan. One with ! before it is only a village after "desa".
func (t *tables) addVillages(cells []string) error {
	if len(cells) != 4 || len(cells[0]) < 4 || !isDigits(cells[0]) || len(words(cells[2])) == 0 {
		return fmt.Errorf("%q is not of the form: kode | desa | kecamatan | desa, desa", strings.Join(cells, " | "))
	}
	name := strings.Join(words(cells[2]), " ")
	for _, village := range strings.Split(cells[3], ",") {
		village, alone := strings.CutPrefix(strings.TrimSpace(village), "!")
		if w := words(village); len(w) > 0 {
			t.villages = append(t.villages, area{office: cells[0][:4], level: district, name: name, title: cells[2],
				others: []string{strings.Join(w, " ")}, alone: alone, part: true})
		}
	}
	return nil
}

func (t *tables) addSeries(_, line string) error {
	cells := strings.Split(line, "|")
	if len(cells) != 4 {
		return fmt.Errorf("%q is not of the form: potongan judul | selisih | sifat | pokok", line)
	}
	title, whole := strings.CutPrefix(cells[0], "=")
	r := seriesRule{pattern: t.learned(title), whole: whole}
	if len(r.pattern) == 0 {
		return errors.New("series without a title")
	}
	lag, err := strconv.Atoi(strings.TrimSpace(cells[1]))
	if err != nil || lag < 0 || lag > 5 {
		return fmt.Errorf("%q is no number of years from 0 to 5", strings.TrimSpace(cells[1]))
	}
	r.lag = lag
	for _, p := range words(cells[2]) {
		switch p {
		case "umum":
			r.wide = true
		case "utama":
			r.flagship = true
		default:
			return fmt.Errorf("unknown property %q", p)
		}
	}
	for _, topic := range strings.Split(cells[3], ";") {
		if w := t.learned(topic); len(w) > 0 {
			r.topics = append(r.topics, w)
		}
	}
	t.series = append(t.series, r)
	return nil
}

// rule finds what is known of a series by the stems of its title.
func (t *tables) rule(title []string) seriesRule {
	for _, r := range t.series {
		if containsAll(title, r.pattern) && (!r.whole || len(title) == len(r.pattern)) {
			return r
		}
	}
	return seriesRule{}
}

func containsAll(have, want []string) bool {
	for _, w := range want {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return true
}
