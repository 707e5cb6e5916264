package nlu

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// The tables, one row a line, columns separated by tabs, phrases by commas, "#"
// begins a comment line:
//
//	words.tsv     short form, what it stands for
//	classes.tsv   class of words, phrases
//	options.tsv   list, label, phrases that mean it
//	concepts.tsv  concept, words that mean it in questions about the service
//	intents.tsv   intent, phrasings
//
//go:embed tables/*.tsv
var embedded embed.FS

// tableFiles in the order in which they are read: words that stand for others
// first, since the phrases of the others are written out with them.
var tableFiles = []string{"words.tsv", "classes.tsv", "options.tsv", "concepts.tsv", "intents.tsv"}

const maxTable = 1 << 20

// ratingList is the list of options.tsv whose labels are the scale of the
// rating; "4?" has phrases that praise without saying how satisfied one is.
const ratingList = "rating"

// Lexicon is the words, phrases, option synonyms and intents that messages are
// understood with. It does not change once it is loaded.
type Lexicon struct {
	short      map[string][]string
	classes    map[string]*phrases
	lists      map[string][]listed
	scale      phrases // of the rating
	concepts   phrases
	names      []string // of concepts
	ids        map[string]int
	topics     map[int]bool
	intents    []intent
	having     [][]int // concept -> phrasings that have it
	weights    []float64
	called     []string // names of intents
	byIntent   map[string]int
	vocabulary map[string]bool
	twice      map[string]bool // words that phrases have doubled
	deletions  map[string][]string
	skeletons  map[string]string
}

// listed is one row of options.tsv.
type listed struct {
	label  string // normalised
	phrase []token
}

var defaultLexicon = sync.OnceValues(func() (*Lexicon, error) { return load(nil) })

// Default is the lexicon of the embedded tables alone.
func Default() *Lexicon {
	l, err := defaultLexicon()
	if err != nil {
		panic(err) // a test loads them
	}
	return l
}

// Load reads the embedded tables and then those of an office's own folder, which
// may hold words.tsv, options.tsv, concepts.tsv and intents.tsv and adds to what
// is there (nil: none). Every wrong line is an error "file:line: what is wrong";
// all are reported together. An office without such files shares the lexicon of the
// embedded tables.
func Load(office fs.FS) (*Lexicon, error) {
	if office == nil || !slices.ContainsFunc(tableFiles, func(name string) bool {
		_, err := fs.Stat(office, name)
		return !errors.Is(err, fs.ErrNotExist)
	}) && len(unknownFiles(office)) == 0 {
		return defaultLexicon()
	}
	return load(office)
}

func load(office fs.FS) (*Lexicon, error) {
	l := &Lexicon{short: map[string][]string{}, classes: map[string]*phrases{}, lists: map[string][]listed{},
		ids:    map[string]int{},
		topics: map[int]bool{}, byIntent: map[string]int{}, vocabulary: map[string]bool{},
		twice: map[string]bool{}}
	built, err := fs.Sub(embedded, "tables")
	if err != nil {
		return nil, fmt.Errorf("read embedded tables: %w", err)
	}
	var faults []error
	for _, name := range tableFiles {
		faults = append(faults, l.readFile(built, name, true)...)
		if office != nil && name != "classes.tsv" {
			faults = append(faults, l.readFile(office, name, false)...)
		}
	}
	if office != nil {
		faults = append(faults, unknownFiles(office)...)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	l.index()
	return l, nil
}

// unknownFiles names tables that nobody would read: a misspelt name must not pass
// in silence. The folder may hold other tables than these.
func unknownFiles(office fs.FS) []error {
	entries, err := fs.ReadDir(office, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return []error{fmt.Errorf("read tables: %w", err)}
	}
	var out []error
	for _, e := range entries {
		if path.Ext(e.Name()) != ".tsv" || slices.Contains(tableFiles, e.Name()) && e.Name() != "classes.tsv" {
			continue
		}
		out = append(out, fmt.Errorf("%s: no such table; the tables are words.tsv, options.tsv, concepts.tsv, intents.tsv",
			e.Name()))
	}
	return out
}

func (l *Lexicon) readFile(from fs.FS, name string, own bool) []error {
	data, err := fs.ReadFile(from, name)
	if errors.Is(err, fs.ErrNotExist) && !own {
		return nil
	}
	if err != nil {
		return []error{fmt.Errorf("read table %s: %w", name, err)}
	}
	if len(data) > maxTable {
		return []error{fmt.Errorf("%s: larger than 1 MiB", name)}
	}
	var faults []error
	for i, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		line = strings.TrimRight(line, " \t\r")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := l.readLine(name, line, own); err != nil {
			faults = append(faults, fmt.Errorf("%s:%d: %w", name, i+1, err))
		}
	}
	return faults
}

func (l *Lexicon) readLine(name, line string, own bool) error {
	if !utf8.ValidString(line) {
		return errors.New("not UTF-8 text")
	}
	columns := strings.Split(line, "\t")
	want := 2
	if name == "options.tsv" {
		want = 3
	}
	if len(columns) != want {
		return fmt.Errorf("%d columns, separated by tabs, are needed; this line has %d", want, len(columns))
	}
	for i := range columns {
		if columns[i] = strings.TrimSpace(columns[i]); columns[i] == "" {
			return fmt.Errorf("column %d is empty", i+1)
		}
	}
	if name == "words.tsv" {
		return l.addShort(columns[0], columns[1])
	}
	var rows [][]token
	for _, p := range strings.Split(columns[want-1], ",") {
		words := l.phrase(p)
		if len(words) == 0 {
			return fmt.Errorf("the phrase %q has no words", strings.TrimSpace(p))
		}
		if len(words) > 12 {
			return fmt.Errorf("the phrase %q is longer than 12 words", strings.TrimSpace(p))
		}
		rows = append(rows, words)
	}
	switch name {
	case "classes.tsv":
		return l.addClass(columns[0], rows)
	case "options.tsv":
		return l.addOption(columns[0], columns[1], rows, own)
	case "concepts.tsv":
		return l.addConcept(columns[0], rows)
	}
	return l.addIntent(columns[0], rows, own)
}

func (l *Lexicon) addShort(short, long string) error {
	short = strings.ToLower(short)
	for _, s := range strings.Split(short, ",") {
		s = strings.TrimSpace(s)
		if t := split(fold(s)); len(t) != 1 || t[0].mark {
			return fmt.Errorf("the short form %q is not one word", s)
		}
		if old, ok := l.short[s]; ok && strings.Join(old, " ") != long {
			return fmt.Errorf("%q already stands for %q", s, strings.Join(old, " "))
		}
		l.short[s] = strings.Fields(strings.ToLower(long))
	}
	return nil
}

func (l *Lexicon) addClass(class string, rows [][]token) error {
	if l.classes[class] == nil {
		l.classes[class] = &phrases{}
	}
	for _, r := range rows {
		l.classes[class].add(r, 0)
		l.know(r)
	}
	return nil
}

func (l *Lexicon) addOption(list, label string, rows [][]token, own bool) error {
	if !own && l.lists[list] == nil {
		return fmt.Errorf("no such list %q; the lists are %s", list, strings.Join(sortedKeys(l.lists), ", "))
	}
	name := plainLabel(label)
	if list == ratingList {
		v, err := strconv.Atoi(name)
		if err != nil || v < 1 || v > 4 {
			return fmt.Errorf("%q is no rating from 1 to 4", label)
		}
		if strings.HasSuffix(label, "?") {
			v += 10
		}
		for _, r := range rows {
			l.scale.add(r, v)
		}
	}
	for _, r := range rows {
		l.lists[list] = append(l.lists[list], listed{name, r})
		l.know(r)
	}
	return nil
}

func (l *Lexicon) addConcept(concept string, rows [][]token) error {
	id := l.concept(concept)
	if concept == topicConcept {
		l.topics[id] = true
	}
	for _, r := range rows {
		l.concepts.add(r, id)
		l.know(r)
	}
	return nil
}

func (l *Lexicon) concept(name string) int {
	id, ok := l.ids[name]
	if !ok {
		id = len(l.names)
		l.ids[name] = id
		l.names = append(l.names, name)
	}
	return id
}

// phrase reads a phrase of a table as messages are read.
func (l *Lexicon) phrase(s string) []token {
	return slices.DeleteFunc(l.tokens(fold(s)), func(t token) bool { return t.mark })
}

func (l *Lexicon) know(words []token) {
	for i, t := range words {
		if i > 0 && t.num < 0 && words[i-1].w == t.w {
			l.twice[t.w] = true
		}
		if t.num < 0 {
			l.vocabulary[t.w] = true
		}
	}
}

// index makes what slips of the keyboard are looked up in.
func (l *Lexicon) index() {
	for _, long := range l.short {
		for _, w := range long {
			l.vocabulary[w] = true
		}
	}
	l.deletions = map[string][]string{}
	l.skeletons = map[string]string{}
	for _, v := range sortedKeys(l.vocabulary) {
		if len(v) < 5 || len(v) > 24 {
			continue
		}
		l.deletions[v] = append(l.deletions[v], v)
		for i := range len(v) {
			k := v[:i] + v[i+1:]
			if !slices.Contains(l.deletions[k], v) {
				l.deletions[k] = append(l.deletions[k], v)
			}
		}
		s := consonants(v)
		if _, taken := l.skeletons[s]; taken {
			l.skeletons[s] = "" // of two words: not guessed
		} else {
			l.skeletons[s] = v
		}
	}
	l.weigh()
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// plainLabel is a label as it is compared.
func plainLabel(s string) string {
	var b strings.Builder
	for _, t := range split(fold(s)) {
		if !t.mark {
			b.WriteString(t.w)
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
}
