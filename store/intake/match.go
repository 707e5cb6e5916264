package intake

import (
	"regexp"
	"slices"
	"strings"

	"pst/conversation"
)

// Matcher finds the record that a PDF file belongs to.
type Matcher struct {
	records []conversation.Publication
	words   [][]string // of each title, sorted
	ids     map[string]int
	numbers map[string][]int // digits of publication and catalogue numbers
	titles  map[string][]int
}

// NewMatcher prepares the matching of files to these records.
func NewMatcher(records []conversation.Publication) *Matcher {
	m := &Matcher{records: records, ids: map[string]int{}, numbers: map[string][]int{}, titles: map[string][]int{}}
	for i, p := range records {
		m.ids[strings.ToLower(p.ID)] = i
		for _, n := range []string{p.PublicationNo, p.CatalogNo} {
			if d := digits(n); len(d) >= 7 {
				m.numbers[d] = append(m.numbers[d], i)
			}
		}
		w := words(p.Title)
		key := strings.Join(w, " ")
		m.titles[key] = append(m.titles[key], i)
		slices.Sort(w)
		m.words = append(m.words, slices.Compact(w))
	}
	return m
}

// numberLike are digits with the marks that part them in catalogue numbers.
var numberLike = regexp.MustCompile(`[0-9][0-9._-]*[0-9]`)

// Match finds the record of a file by, in this order: its pub_id in the file
// name; its publication number, or its catalogue number with the year (a series
// has one catalogue number for all years); the file name as title; the title
// guessed from the file's first pages; a title whose words all stand in the
// file name, with few others and the same year. titleGuess may be empty. Of two
// records with the same title it takes the one released last.
func (m *Matcher) Match(fileName, titleGuess string) (id string, ok bool) {
	stem := fileName[strings.LastIndexAny(fileName, `/\`)+1:]
	if i := strings.LastIndexByte(stem, '.'); i > 0 && strings.EqualFold(stem[i:], ".pdf") {
		stem = stem[:i]
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(stem),
		func(r rune) bool { return strings.ContainsRune(" _-.()[]", r) }) {
		if i, found := m.ids[w]; found && len(w) >= 8 {
			return m.records[i].ID, true
		}
	}
	if i, found := m.ids[strings.ToLower(stem)]; found {
		return m.records[i].ID, true
	}
	for _, n := range numberLike.FindAllString(stem, -1) {
		found := m.numbers[digits(n)]
		if len(found) > 1 {
			year := Year(strings.Replace(stem, n, " ", 1), "")
			found = slices.DeleteFunc(slices.Clone(found), func(i int) bool { return m.records[i].Year != year })
		}
		if len(found) == 1 {
			return m.records[found[0]].ID, true
		}
	}
	stem = copyMark.ReplaceAllString(stem, "")
	for _, title := range []string{stem, titleGuess} {
		if found := m.titles[normal(title)]; len(found) > 0 && normal(title) != "" {
			return m.newest(found), true
		}
	}
	return m.byWords(words(stem))
}

// copyMark is what browsers add to the name of a second download.
var copyMark = regexp.MustCompile(`\s*\(\d{1,2}\)\s*$`)

// extra is how many words a file name may have beside those of the title.
const extra = 3

func (m *Matcher) byWords(name []string) (string, bool) {
	year := Year(strings.Join(name, " "), "")
	slices.Sort(name)
	name = slices.Compact(name)
	best, found := 0, []int(nil)
	for i, title := range m.words {
		if len(title) < 3 || len(title) < best || len(title) > len(name) || len(name)-len(title) > extra ||
			m.records[i].Year != year {
			continue
		}
		if !slices.ContainsFunc(title, func(w string) bool { _, in := slices.BinarySearch(name, w); return !in }) {
			if len(title) > best {
				best, found = len(title), nil
			}
			found = append(found, i)
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return m.records[found[0]].ID, true
}

func (m *Matcher) newest(found []int) string {
	return m.records[slices.MaxFunc(found, func(a, b int) int {
		if c := strings.Compare(m.records[a].Released, m.records[b].Released); c != 0 {
			return c
		}
		return strings.Compare(m.records[b].ID, m.records[a].ID)
	})].ID
}

// digits are the digits of a catalogue or publication number.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
