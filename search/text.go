package search

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one word or number of a text.
type token struct {
	text  string // lower case, letters and digits only
	start int    // byte offsets in the text it was cut from
	end   int
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// tokens cuts a text into lower-case words of letters and digits. Everything
// else separates; an apostrophe inside a word is dropped ("jum'at"). Invalid
// UTF-8 separates too. Words longer than maxWord bytes are left out: no word of
// the catalogue is that long, and unbounded ones would cost unbounded work.
func tokens(s string) []token {
	var out []token
	var b strings.Builder
	start := -1
	flush := func(end int) {
		if start >= 0 && b.Len() <= maxWord {
			out = append(out, token{text: b.String(), start: start, end: end})
		}
		b.Reset()
		start = -1
	}
	for i, r := range s {
		switch {
		case r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if start < 0 {
				start = i
			}
			if b.Len() <= maxWord {
				b.WriteRune(fold(r))
			}
		case (r == '\'' || r == '’') && start >= 0:
		case unicode.Is(unicode.Mn, r) && start >= 0: // a combining accent
		default:
			flush(i)
		}
	}
	flush(len(s))
	return out
}

const maxWord = 64

// fold lowers a letter and takes the accents off the few that occur in
// Indonesian and English writing; full-width digits become plain ones.
func fold(r rune) rune {
	r = unicode.ToLower(r)
	if r < 0x80 {
		return r
	}
	switch r {
	case 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'á', 'à', 'â', 'ä':
		return 'a'
	case 'í', 'ì', 'î', 'ï':
		return 'i'
	case 'ó', 'ò', 'ô', 'ö':
		return 'o'
	case 'ú', 'ù', 'û', 'ü':
		return 'u'
	}
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	return r
}

// words is tokens without the places.
func words(s string) []string {
	ts := tokens(s)
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t.text
	}
	return out
}

// clip cuts a text to at most n bytes, at the end of a rune.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// dashes makes every kind of dash and minus a plain hyphen, so that "2019–2023"
// and "2019-2023" are the same.
var dashes = strings.NewReplacer("–", "-", "—", "-", "−", "-", "‐", "-", "‑", "-", "‒", "-", "\u00a0", " ", "\u200b",
	"", "\u200c", "", "\u200d", "", "\u2060", "", "\u00ad", "", "\u200e", "", "\ufeff", "")

// dotted is an abbreviation with a dot after each letter: "i.p.m", "P.D.R.B.".
var dotted = regexp.MustCompile(`\b(?:\pL\.){2,}(?:\pL\b)?`)

// normal is a query with dashes plain, invisible and full-width characters
// mended, and dotted abbreviations closed up.
func normal(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000':
			return ' '
		}
		return r
	}, dashes.Replace(s))
	return dotted.ReplaceAllStringFunc(s, func(a string) string { return strings.ReplaceAll(a, ".", "") })
}
