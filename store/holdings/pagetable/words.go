package pagetable

import (
	"math"
	"slices"
	"sort"
	"strings"
	"unicode"
)

// word is a run of letters without a gap on one line.
type word struct {
	text           string
	x0, x1, y0, y1 float64
	base           float64 // the line it stands on
	at             int     // of its first letter, in the order of the page
	end            int     // of its last
	chars          []int
	raised         []bool // of each letter: a mark of a footnote
}

// sheet is a page taken apart.
type sheet struct {
	Page
	digit float64 // usual height of a digit, in points
	em    float64 // size of the usual letters, in points
	lines []line
	rules *[]Rect // as the page stands; nil: not asked for yet
	turn  int     // quarter turns that the page was turned back by
	slant map[int]bool
	words *vocabulary // of the book; nil: not kept
}

// line is what stands on one line, from left to right.
type line struct {
	words []word
	base  float64
}

// newSheet puts the letters of a page that stand upright, or that most others stand
// with, into lines. What is printed across the page is not seen.
func newSheet(p Page) *sheet {
	s := &sheet{Page: p, slant: map[int]bool{}}
	turn := s.upright()
	s.turn = turn
	s.Chars = make([]Char, len(p.Chars))
	for i, c := range p.Chars {
		s.Chars[i] = turned(c, turn)
		if math.Abs(angle(c.Angle-float64(turn)*math.Pi/2)) > 0.05 {
			s.Chars[i] = Char{}
		}
	}
	var heights []float64
	for _, c := range s.Chars {
		if c.Rune >= '0' && c.Rune <= '9' && c.Top > c.Bottom {
			heights = append(heights, c.Top-c.Bottom)
		}
	}
	if len(heights) == 0 {
		return s
	}
	slices.Sort(heights)
	s.digit = heights[len(heights)/2]
	s.em = s.digit / 0.65
	s.setLines()
	return s
}

// ruling is what is painted on the page. To ask for it takes longer than all else, so that
// only pages with a table are asked.
func (s *sheet) ruling() []Rect {
	if s.rules != nil {
		return *s.rules
	}
	s.rules = &[]Rect{}
	if s.Ruling != nil {
		for _, r := range s.Ruling() {
			c := turned(Char{Left: r.X0, Bottom: r.Y0, Right: r.X1, Top: r.Y1}, s.turn)
			*s.rules = append(*s.rules, Rect{c.Left, c.Bottom, c.Right, c.Top})
		}
	}
	return *s.rules
}

// angle is a between -π and π.
func angle(a float64) float64 { return math.Remainder(a, 2*math.Pi) }

// upright is by how many quarter turns most of the letters are turned.
func (s *sheet) upright() (turn int) {
	var count [4]int
	for _, c := range s.Chars {
		for q := range count {
			if math.Abs(angle(c.Angle-float64(q)*math.Pi/2)) < 0.05 {
				count[q]++
			}
		}
	}
	for q := range count {
		if count[q] > count[turn] {
			turn = q
		}
	}
	return turn
}

// turned is a letter on a page turned back by quarter turns.
func turned(c Char, turn int) Char {
	l, b, r, t := c.Left, c.Bottom, c.Right, c.Top
	switch turn {
	case 1:
		c.Left, c.Right, c.Bottom, c.Top = b, t, -r, -l
	case 2:
		c.Left, c.Right, c.Bottom, c.Top = -r, -l, -t, -b
	case 3:
		c.Left, c.Right, c.Bottom, c.Top = -t, -b, l, r
	}
	return c
}

// low are letters that reach below the line, or do not stand on it.
const low = "fgjpqy,;()[]{}/|Q_-–—−\"'“”’‘*^°~=+<>≥≤%@&$²³¹çµ·•"

// setLines makes words and lines.
func (s *sheet) setLines() {
	var words []word
	var now word
	done := func() {
		if now.text != "" {
			w := s.finished(now)
			if n := len(words); n > 0 && len(w.text) == 1 && strings.Contains(",.;:", w.text) &&
				math.Abs(words[n-1].base-w.base) < 0.7*s.digit {
				w.base = words[n-1].base // a mark that a space parts from its word
			}
			words = append(words, w)
		}
		now = word{}
	}
	last, tall := Char{}, s.digit
	for i, c := range s.Chars {
		if c.Rune == 0 || unicode.IsSpace(c.Rune) || unicode.IsControl(c.Rune) || c.Rune == '\u00a0' ||
			c.Right <= c.Left && c.Top <= c.Bottom {
			if c.Rune != 0 {
				done()
				tall = s.digit
			}
			continue
		}
		if now.text != "" {
			gap := c.Left - last.Right
			tall = max(tall, last.Top-last.Bottom)
			em := max(tall, c.Top-c.Bottom) / 0.65
			apart := min(last.Top, c.Top) < max(last.Bottom, c.Bottom)-0.6*s.digit
			if gap > 0.4*em || gap < -0.6*em || apart {
				done()
				tall = s.digit
			}
		}
		now.text += string(c.Rune)
		now.chars = append(now.chars, i)
		last = c
	}
	done()
	sort.SliceStable(words, func(i, j int) bool { return words[i].base > words[j].base })
	for _, w := range words {
		n := len(s.lines)
		if n == 0 || s.lines[n-1].base-w.base > 0.3*s.digit {
			s.lines = append(s.lines, line{base: w.base})
			n++
		}
		s.lines[n-1].words = append(s.lines[n-1].words, w)
	}
	for i := range s.lines {
		l := &s.lines[i]
		slices.SortStableFunc(l.words, func(a, b word) int { return int(math.Copysign(1, a.x0-b.x0)) })
	}
}

// finished measures a word, and finds the marks of footnotes at its end: small digits
// and letters above the line.
func (s *sheet) finished(w word) word {
	w.at, w.end = w.chars[0], w.chars[len(w.chars)-1]
	w.x0, w.x1, w.y0, w.y1 = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	base, tall := math.Inf(1), 0.0
	for _, i := range w.chars {
		c := s.Chars[i]
		w.x0, w.x1 = min(w.x0, c.Left), max(w.x1, c.Right)
		w.y0, w.y1 = min(w.y0, c.Bottom), max(w.y1, c.Top)
		if !strings.ContainsRune(low, c.Rune) {
			base = min(base, c.Bottom)
		}
		tall = max(tall, c.Top-c.Bottom)
	}
	if math.IsInf(base, 1) { // only marks: a dash hangs at half the height of a digit
		base = (w.y0+w.y1)/2 - 0.4*s.digit
		if tall > 0.8*s.digit {
			base = w.y0 + 0.2*tall
		}
	}
	w.base = base
	w.raised = make([]bool, len(w.chars))
	for k, i := range w.chars {
		c := s.Chars[i]
		w.raised[k] = strings.ContainsRune("¹²³⁴⁵⁶⁷⁸⁹⁰", c.Rune) ||
			len(w.chars) > 1 && (unicode.IsDigit(c.Rune) || unicode.IsLetter(c.Rune)) &&
				c.Bottom > base+0.2*s.digit && c.Top-c.Bottom < 0.85*s.digit
	}
	return w
}

// italic tells whether a letter of the page is slanted.
func (s *sheet) italic(i int) bool {
	if s.Italic == nil {
		return false
	}
	is, known := s.slant[i]
	if !known {
		is = s.Italic(i)
		s.slant[i] = is
	}
	return is
}

// run is words that belong together: no more than a space apart.
type run struct {
	words  []word
	x0, x1 float64
	base   float64
	at     int
	end    int
}

// runs splits a line where it is more than a space wide.
func (s *sheet) runs(l line, gap float64) (out []run) {
	for _, w := range l.words {
		n := len(out)
		if n == 0 || w.x0-out[n-1].x1 > gap*s.em {
			out = append(out, run{x0: w.x0, x1: w.x1, base: w.base, at: w.at, end: w.end})
			n++
		}
		r := &out[n-1]
		r.words = append(r.words, w)
		r.x1 = max(r.x1, w.x1)
		r.at, r.end = min(r.at, w.at), max(r.end, w.end)
	}
	return out
}

func (r run) center() float64 { return (r.x0 + r.x1) / 2 }

// plain is a word without the marks of footnotes; the 2 of km² is none.
func (w word) plain() string {
	var b strings.Builder
	k := 0
	for _, c := range w.text {
		unit := strings.HasSuffix(b.String(), "m") && (c == '2' || c == '3' || c == '²' || c == '³')
		if !w.raised[k] || unit {
			b.WriteRune(c)
		}
		k++
	}
	return b.String()
}
