package nlu

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what is read of one message. What lies beyond is not heard.
const (
	maxRunes  = 4000
	maxTokens = 300
)

// token is one word, number or mark of a message.
type token struct {
	raw   string // as typed, compatibility forms folded
	w     string // normalised: lower case, written out, repeated letters reduced
	num   int    // value of a number in digits or words; -1 for others
	ord   bool   // "kedua", "ke-2", "2nd"
	mark  bool   // punctuation
	glued bool   // no space before it
	at    int    // where it begins in the folded text
	end   int
}

// fold makes any bytes readable text: valid UTF-8, compatibility forms (full
// width, mathematical letters, keycaps) folded, invisible characters dropped,
// other spaces made plain.
func fold(s string) string {
	if len(s) > 4*maxRunes {
		s = s[:4*maxRunes]
	}
	s = norm.NFKC.String(strings.ToValidUTF8(s, " "))
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxRunes {
			break
		}
		switch {
		case r == '\n' || r == '\r':
			b.WriteByte('\n')
		case unicode.IsSpace(r), unicode.IsControl(r), r == utf8.RuneError:
			b.WriteByte(' ')
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r), r == '\ufe0f':
		case strings.ContainsRune("‘’`´", r):
			b.WriteByte('\'')
		case strings.ContainsRune("–—−‐‑‒―", r):
			b.WriteByte('-')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// telling are pictures that mean something; all others say nothing.
const telling = "👍👌✅☑✔👎❌⭐🌟★🙅🙆"

// split cuts folded text into tokens, words not yet written out.
func split(s string) []token {
	var out []token
	spaced := true
	for i := 0; i < len(s) && len(out) < maxTokens; {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsDigit(r):
			j := i
			for j < len(s) && s[j] >= '0' && s[j] <= '9' {
				j++
			}
			if j == i { // digits of other scripts
				j = i + size
			}
			n, err := strconv.Atoi(s[i:j])
			if err != nil || j-i > 9 {
				n = -1
			}
			out = append(out, token{raw: s[i:j], w: s[i:j], num: n, glued: !spaced, at: i, end: j})
			i, spaced = j, false
		case unicode.IsLetter(r):
			j := i
			for j < len(s) {
				r, size := utf8.DecodeRuneInString(s[j:])
				if !unicode.IsLetter(r) && (r != '\'' || j+1 >= len(s) || !isLetter(s[j+1])) {
					break
				}
				j += size
			}
			out = append(out, token{raw: s[i:j], w: strings.ToLower(s[i:j]), num: -1, glued: !spaced, at: i, end: j})
			i, spaced = j, false
		case r == ' ':
			i, spaced = i+1, true
		case strings.ContainsRune(telling, r):
			out = append(out, token{raw: s[i : i+size], w: s[i : i+size], num: -1, glued: !spaced, at: i, end: i + size})
			i, spaced = i+size, false
		case unicode.IsPunct(r), r == '\n', r == '+', r == '=', r == '~', r == '<', r == '>':
			out = append(out, token{raw: string(r), w: string(r), num: -1, mark: true, glued: !spaced, at: i, end: i + size})
			i, spaced = i+size, r == '\n'
		default: // pictures and other signs
			i, spaced = i+size, true
		}
	}
	return out
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf }

// squeeze reduces repeated letters: to two of a kind, or to one.
func squeeze(w string, to int) string {
	var b strings.Builder
	var last rune
	n := 0
	for _, r := range w {
		if r == last {
			n++
		} else {
			last, n = r, 1
		}
		if n <= to {
			b.WriteRune(r)
		}
	}
	return b.String()
}

var units = map[string]int{
	"nol": 0, "kosong": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
	"sembilan": 9, "sepuluh": 10, "sebelas": 11, "seratus": 100,
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten":    10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
	"eighty": 80, "ninety": 90, "hundred": 100,
	"siji": 1, "loro": 2, "telu": 3, "papat": 4, "limo": 5, "hiji": 1, "tilu": 3, "opat": 4, "sabelas": 11,
}

var ordinals = map[string]int{
	"pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5, "keenam": 6, "ketujuh": 7,
	"kedelapan": 8, "kesembilan": 9, "kesepuluh": 10, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
	"sixth": 6, "seventh": 7, "kaduo": 2, "kapindo": 2,
	"pertame": 1, "kedue": 2, "ketige": 3, "kaopat": 4, "katilu": 3, "kahiji": 1,
}

// numbers joins number words ("dua puluh tiga", "twenty-three", "ke 2", "2nd")
// into single tokens. "kosong" counts as zero only among digits, so not here.
func numbers(in []token) []token {
	out := make([]token, 0, len(in))
	for i := 0; i < len(in); {
		t := in[i]
		if n, ok := ordinals[t.w]; ok {
			t.num, t.ord = n, true
			out, i = append(out, t), i+1
			continue
		}
		if t.num >= 0 {
			if i+1 < len(in) && in[i+1].glued && ordinalEnd(in[i+1].w) {
				t.ord, t.end, i = true, in[i+1].end, i+1
			}
			out, i = append(out, t), i+1
			continue
		}
		if t.w == "ke" { // "ke 2", "ke-2", "ke dua"
			j := i + 1
			if j < len(in) && in[j].w == "-" {
				j++
			}
			if n, used := numberAt(in[j:]); used > 0 {
				t.num, t.ord, t.end = n, true, in[j+used-1].end
				out, i = append(out, t), j+used
				continue
			}
		}
		if t.w == "one" && len(out) > 0 && (out[len(out)-1].ord || out[len(out)-1].w == "last" ||
			out[len(out)-1].w == "this") {
			out, i = append(out, t), i+1 // "the second one"
			continue
		}
		if n, used := wordsAt(in[i:]); used > 0 && t.w != "kosong" {
			t.num, t.end = n, in[i+used-1].end
			out, i = append(out, t), i+used
			continue
		}
		out, i = append(out, t), i+1
	}
	return out
}

func ordinalEnd(w string) bool { return w == "st" || w == "nd" || w == "rd" || w == "th" }

func numberAt(in []token) (n, used int) {
	if len(in) > 0 && in[0].num >= 0 {
		return in[0].num, 1
	}
	return wordsAt(in)
}

// wordsAt reads number words from 0 to 199 at the beginning of in.
func wordsAt(in []token) (n, used int) {
	at := func(i int) string {
		if i < len(in) {
			return in[i].w
		}
		return ""
	}
	n, ok := units[at(0)]
	if !ok {
		return 0, 0
	}
	used = 1
	switch {
	case n == 100:
		if m, u := wordsAt(in[1:]); u > 0 && m < 100 {
			return 100 + m, 1 + u
		}
	case n > 0 && n < 10 && at(1) == "belas":
		return 10 + n, 2
	case n > 0 && n < 10 && at(1) == "puluh":
		n, used = n*10, 2
		if m, ok := units[at(2)]; ok && m > 0 && m < 10 && at(3) != "puluh" && at(3) != "belas" {
			return n + m, 3
		}
	case n >= 20 && n < 100:
		i := 1
		if at(1) == "-" {
			i = 2
		}
		if m, ok := units[at(i)]; ok && m > 0 && m < 10 {
			return n + m, i + 1
		}
	}
	return n, used
}
