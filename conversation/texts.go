package conversation

import (
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"
	"time"
	"unicode/utf8"
)

//go:embed text/id.tmpl
var textFiles embed.FS

// MaxReply is the longest text of the desk, in characters.
const MaxReply = 1000

// Texts are the desk's sentences by key.
type Texts struct {
	set    *template.Template
	base   *template.Template // the desk's own, without an office's
	office *Office
	// Seen, when set, is told each key used.
	Seen func(key string)
}

// D is the data of one text.
type D map[string]any

// NewTexts parses the embedded texts and, over them, an office's own texts file
// (may be empty), in which any key may be defined anew. It returns an error that
// names the line of a mistake, a key that does not exist, or one whose text the
// desk could not use (see [Texts.check]).
func NewTexts(office *Office, own string) (*Texts, error) {
	parsed, err := parsedTexts()
	if err != nil {
		return nil, err
	}
	set, err := parsed.Clone()
	if err != nil {
		return nil, fmt.Errorf("copy texts: %w", err)
	}
	funcs := textFuncs(office)
	set.Funcs(funcs)
	original := set
	if strings.TrimSpace(own) != "" {
		over, err := template.New("own").Funcs(funcs).Parse(own)
		if err != nil {
			return nil, fmt.Errorf("parse own texts: %w", err)
		}
		for _, t := range over.Templates() {
			if t.Name() == "own" {
				continue
			}
			if parse.IsEmptyTree(t.Root) { // the template package would keep the old one
				return nil, fmt.Errorf("own text %s: %w", t.Name(), errEmptyText)
			}
			if set.Lookup(t.Name()) == nil {
				return nil, fmt.Errorf("parse own texts: %q is no text of the desk", t.Name())
			}
		}
		if original, err = set.Clone(); err != nil {
			return nil, fmt.Errorf("parse own texts: %w", err)
		}
		if set, err = set.Parse(own); err != nil {
			return nil, fmt.Errorf("parse own texts: %w", err)
		}
		var keys []string
		for _, t := range over.Templates() {
			if t.Name() != "own" {
				keys = append(keys, t.Name())
			}
		}
		slices.Sort(keys)
		if err := (&Texts{set: set, office: office}).check(original, keys); err != nil {
			return nil, err
		}
	}
	return &Texts{set: set, base: original, office: office}, nil
}

// parsedTexts are the embedded texts, which no office changes: they are parsed once,
// and what they call becomes an office's in its copy.
var parsedTexts = sync.OnceValues(func() (*template.Template, error) {
	base, err := textFiles.ReadFile("text/id.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	set, err := template.New("texts").Option("missingkey=error").Funcs(textFuncs(&Office{})).Parse(string(base))
	if err != nil {
		return nil, fmt.Errorf("parse texts: %w", err)
	}
	return set, nil
})

// textFuncs are what texts may call.
func textFuncs(office *Office) template.FuncMap {
	return template.FuncMap{
		"inc":   func(i int) int { return i + 1 },
		"join":  func(s []string) string { return strings.Join(s, ", ") },
		"lower": strings.ToLower,
		"date":  func(t time.Time) string { return longDate(t.In(office.Zone)) },
		"clock": func(t time.Time) string { return t.In(office.Zone).Format("15.04") + " " + office.zoneName() },
		"said":  marked,
		"plain": disarmed,
		"rupa":  func(n int) string { return grouped(n) },
	}
}

// Keys lists every text key.
func (x *Texts) Keys() []string {
	var keys []string
	for _, t := range x.set.Templates() {
		if t.Name() != "texts" && t.Name() != "own" {
			keys = append(keys, t.Name())
		}
	}
	return keys
}

// Text renders one key. An unknown key or missing datum is an error.
func (x *Texts) Text(key string, data D) (string, error) {
	t := x.set.Lookup(key)
	if t == nil {
		return "", fmt.Errorf("text %s: there is none", key)
	}
	s, err := x.run(t, data)
	if err != nil {
		return "", fmt.Errorf("text %s: %w", key, err)
	}
	if x.Seen != nil {
		x.Seen(key)
	}
	return s, nil
}

// pack joins paragraphs into as few messages as [MaxReply] allows; a paragraph
// that is too long by itself is split at line ends.
func pack(paragraphs []string) []string {
	var out []string
	for _, p := range paragraphs {
		for _, piece := range split(p) {
			last := len(out) - 1
			if last >= 0 && utf8.RuneCountInString(out[last])+2+utf8.RuneCountInString(piece) <= MaxReply {
				out[last] += "\n\n" + piece
				continue
			}
			out = append(out, piece)
		}
	}
	return out
}

func split(p string) []string {
	var out []string
	for utf8.RuneCountInString(p) > MaxReply {
		r := []rune(p)
		head := string(r[:MaxReply])
		at := strings.LastIndexByte(head, '\n')
		if at <= 0 {
			at = strings.LastIndexByte(head, ' ')
		}
		if at <= 0 {
			at = len(head)
		}
		out = append(out, strings.TrimSpace(p[:at]))
		p = strings.TrimSpace(p[at:])
	}
	if p != "" {
		out = append(out, p)
	}
	return out
}

var months = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
	"Oktober", "November", "Desember"}

// longDate writes "23 November 2026".
func longDate(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// grouped writes 54321 as "54.321".
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// random draws n characters of an alphabet without look-alikes; its length
// divides 256, so that every character is equally likely.
func random(r io.Reader, n int) (string, error) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's base 32
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return "", fmt.Errorf("draw random characters: %w", err)
	}
	for i := range b {
		b[i] = alphabet[b[i]%32]
	}
	return string(b), nil
}
