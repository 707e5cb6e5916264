package pagetext

import (
	"strconv"
	"strings"

	"pst/store/holdings/internal/lazy"
)

// numbering is what is printed on the pages as their number.
type numbering struct {
	printed []string
	// arabic and roman map a printed number to the page's index, from 0.
	arabic, roman map[int]int
}

// edge is how many lines at the top and at the foot of a page may be running
// heads, running feet and page numbers.
const edge = 3

var (
	digits   = lazy.Regexp(`\d+`)
	romans   = lazy.Regexp(`^[ivxlIVXL]{1,8}$`)
	keepHead = lazy.Regexp(`(?i)^(tabel|table|gambar|figure|grafik|lanjutan|sumber|source|catatan|note|\()`)
)

// strip takes the running heads, feet and page numbers out of pages, in place,
// and returns the numbers.
func strip(pages [][]string) numbering {
	seen := map[string]int{}
	for _, p := range pages {
		met := map[string]bool{}
		for _, i := range edges(p) {
			if shape := shapeOf(p[i]); !met[shape] {
				met[shape] = true
				seen[shape]++
			}
		}
	}
	enough := max(3, len(pages)/50)
	running := func(row string) bool {
		if number, _, ok := pageNumber(row); ok && number == row {
			return true
		}
		return seen[shapeOf(row)] >= enough && !keepHead().MatchString(row) && strings.ContainsFunc(row, isLetter)
	}
	n := recognise(pages, running)
	for i, p := range pages {
		runs := func(row string) bool {
			return running(row) && (!bareNumber(row) || strings.EqualFold(row, n.printed[i]))
		}
		from, to := 0, len(p)
		for from < min(edge, len(p)) && runs(p[from]) {
			from++
		}
		for to > max(from, len(p)-edge) && runs(p[to-1]) {
			to--
		}
		pages[i] = p[from:to]
	}
	return n
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func bareNumber(row string) bool {
	n, _, ok := pageNumber(row)
	return ok && n == row
}

// edges lists the first and last lines of a page by index.
func edges(p []string) []int {
	var at []int
	for i := range p {
		if i < edge || i >= len(p)-edge {
			at = append(at, i)
		}
	}
	return at
}

// shapeOf is a line with what changes from page to page made equal.
func shapeOf(row string) string {
	words := strings.Fields(strings.ToLower(row))
	for i, w := range words {
		if (i == 0 || i == len(words)-1) && romans().MatchString(w) {
			words[i] = "#"
		}
	}
	// A number at the end or at the start moves from side to side.
	return strings.Trim(digits().ReplaceAllString(strings.Join(words, " "), "#"), "# |")
}

// pageNumber reads a line that is a page number, "45", "- 45 -", "xii".
func pageNumber(row string) (text string, value int, ok bool) {
	w := strings.Trim(row, "-–—| ")
	if romans().MatchString(w) {
		v := roman(strings.ToLower(w))
		return row, v, v > 0
	}
	v, err := strconv.Atoi(w)
	return row, v, err == nil && v > 0 && v < 10_000 && len(w) <= 4
}

// claim is a number that a page may carry.
type claim struct {
	roman bool
	shift int // index of the page less the number
}

// recognise finds the printed numbers: of all numbers at the ends of running
// lines, and lines that are a number, those count that keep step with the
// pages. Pages between two that agree get their number too.
func recognise(pages [][]string, running func(string) bool) numbering {
	n := numbering{printed: make([]string, len(pages)), arabic: map[int]int{}, roman: map[int]int{}}
	claims := make([][]claim, len(pages))
	votes := map[claim]int{}
	for i, p := range pages {
		met := map[claim]bool{}
		for _, e := range edges(p) {
			words := strings.Fields(p[e])
			if len(words) > 1 && !running(p[e]) {
				continue
			}
			for _, w := range []string{words[0], words[len(words)-1]} {
				_, v, ok := pageNumber(w)
				if !ok {
					continue
				}
				c := claim{romans().MatchString(strings.Trim(w, "-–—|")), i - v}
				if !met[c] {
					met[c] = true
					votes[c]++
					claims[i] = append(claims[i], c)
				}
			}
		}
	}
	chosen := make([]*claim, len(pages))
	for i := range pages {
		for _, c := range claims[i] {
			if votes[c] >= 3 && (chosen[i] == nil || votes[c] > votes[*chosen[i]]) {
				chosen[i] = &c
			}
		}
	}
	last := -1
	for i := range pages {
		if chosen[i] == nil {
			continue
		}
		if last >= 0 && *chosen[last] == *chosen[i] && i-last <= 12 {
			for j := last + 1; j < i; j++ {
				chosen[j] = chosen[i]
			}
		}
		last = i
	}
	for i, c := range chosen {
		if c == nil || i-c.shift < 1 {
			continue
		}
		v := i - c.shift
		if c.roman {
			n.printed[i] = toRoman(v)
			n.roman[v] = i
		} else {
			n.printed[i] = strconv.Itoa(v)
			n.arabic[v] = i
		}
	}
	n.extend(chosen, len(pages))
	return n
}

// extend lets the arabic numbers reach a few pages further to both sides: the
// first page of the first chapter often carries none.
func (n numbering) extend(chosen []*claim, pages int) {
	var shift *int
	for i, c := range chosen {
		if c != nil && !c.roman && i-c.shift <= 12 {
			shift = &c.shift
			break
		}
	}
	if shift == nil {
		return
	}
	for v := 1; v <= 12; v++ {
		i := v + *shift
		if _, ok := n.arabic[v]; !ok && i >= 0 && i < pages && n.printed[i] == "" {
			n.arabic[v] = i
			n.printed[i] = strconv.Itoa(v)
		}
	}
}

// firstArabic is the number of the page that is printed 1 or the first one
// after it, from 1; 0 when no number was recognised, or when the arabic numbers
// count the cover too, so that they say nothing about the front matter.
func (n numbering) firstArabic(pages int) int {
	for v := 1; v <= 12; v++ {
		if i, ok := n.arabic[v]; ok {
			if i-v+1 < 2 || i > pages/2 {
				return 0
			}
			return i + 1
		}
	}
	return 0
}

var romanDigits = map[byte]int{'i': 1, 'v': 5, 'x': 10, 'l': 50}

// roman reads a lower-case roman number up to 89; 0 for what is none.
func roman(s string) int {
	sum := 0
	for i := range len(s) {
		v := romanDigits[s[i]]
		if i+1 < len(s) && v < romanDigits[s[i+1]] {
			sum -= v
		} else {
			sum += v
		}
	}
	if sum < 1 || sum > 89 || toRoman(sum) != s {
		return 0
	}
	return sum
}

func toRoman(v int) string {
	var b strings.Builder
	for _, d := range []struct {
		v int
		s string
	}{{50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for v >= d.v {
			b.WriteString(d.s)
			v -= d.v
		}
	}
	return b.String()
}
