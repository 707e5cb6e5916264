package pagetable

import (
	"math"
	"slices"
	"strings"

	"pst/store/holdings/internal/lazy"
)

// zone is where a table stands on a page: its title, the line of column numbers that
// BPS sets below the headings, "(1) (2) (3)", and what is below.
type zone struct {
	number    string
	continued bool
	titleAt   float64 // the line that begins with "Tabel" or "Lanjutan Tabel"
	titleX    float64 // where the title begins, behind the number
	titleLow  float64 // below the words "Tabel" and number
	anchors   []anchor
	line      float64 // base of the anchors
	bottom    float64 // the first line that is no longer the table's
	above     float64 // what is higher belongs to others
}

// anchor is a column number.
type anchor struct {
	number int
	x0, x1 float64
}

func (a anchor) center() float64 { return (a.x0 + a.x1) / 2 }

var (
	anchorWord  = lazy.Regexp(`^\((\d{1,3}|\d?[-–])\)$`)                             // "(1-)" is printed where 10 is too wide
	tabel       = lazy.Regexp(`^(?:Tabel?|TABEL)(?:\d{1,2}(?:\.\d{1,3}){1,3}\.?)?$`) // the l may have slipped into the next line
	stray       = lazy.Regexp(`^(?:[A-Z]|\d{1,2}(?:\.\d{1,3}){4,})$`)                // a letter or a numbering out of use, in the margin
	tableNumber = lazy.Regexp(`^\d{1,2}(?:\.\d{1,3}){1,3}\.?[a-zA-Z]?$`)
	glued       = lazy.Regexp(`^Tabel?e?(\d{1,2}(?:\.\d{1,3}){1,3}\.?)$`)
	continues   = lazy.Regexp(`(?i)(?:lanjutan|sambungan)\s*(?:dari\s*)?tabel|continued\s*(?:from\s*)?table|table\s*continued`)
	ends        = lazy.Regexp(`(?i)^(?:(?:catatan|note|sumber|source|keterangan|ket\.?)\s*(?:[:/]|source|note|data\s*:)|` +
		`(?:catatan|notes?|keterangan)\s*$|(?:tabel|table|gambar|figure|grafik)\s+\d|(?:tabel|table|gambar|grafik)\s*$|lanjutan\s+tabel)`)
	runningFoot = lazy.Regexp(`(?i)\bdalam angka\b|\bin figures\b`)
	anyNumber   = lazy.Regexp(`\d{1,2}(?:\.\d{1,3}){1,3}[a-zA-Z]?\b`)
)

// zones are the tables of the page, from top to bottom. A line of column numbers whose
// table does not say its number is none.
func (s *sheet) zones() (out []zone) {
	above := math.Inf(1)
	lines := s.anchorLines()
	for _, as := range lines[:min(len(lines), maxZones)] {
		z := zone{anchors: as.list, line: as.base, above: above}
		if !s.titled(&z) {
			above = as.base
			continue
		}
		z.bottom = s.end(as.base)
		above = z.bottom + 0.1
		out = append(out, z)
	}
	for i := range out[:max(0, len(out)-1)] {
		out[i].bottom = max(out[i].bottom, out[i+1].titleAt)
	}
	return out
}

type anchorLine struct {
	base float64
	list []anchor
}

// anchorLines are the lines of column numbers, from top to bottom.
func (s *sheet) anchorLines() (out []anchorLine) {
	for _, l := range s.lines {
		for _, w := range l.words {
			m := anchorWord().FindStringSubmatch(w.text)
			if m == nil {
				continue
			}
			n := len(out)
			if n == 0 || out[n-1].base-w.base > 1.2*s.digit {
				out = append(out, anchorLine{base: w.base})
				n++
			}
			out[n-1].list = append(out[n-1].list, anchor{atoi(m[1]), w.x0, w.x1})
		}
	}
	out = slices.DeleteFunc(out, func(a anchorLine) bool {
		slices.SortFunc(a.list, func(p, q anchor) int { return int(math.Copysign(1, p.x0-q.x0)) })
		if len(a.list) < 2 || len(a.list) > maxColumns || !counting(a.list) {
			return true
		}
		// nothing else may stand on their line
		for _, l := range s.lines {
			if math.Abs(l.base-a.base) < 0.6*s.digit {
				for _, w := range l.words {
					if !anchorWord().MatchString(w.text) {
						return true
					}
				}
			}
		}
		return false
	})
	return out
}

// counting tells whether column numbers count up behind the 1 of the row labels, and
// gives those that are misprinted the number that most others leave for them.
func counting(list []anchor) bool {
	if list[0].number != 1 {
		return false
	}
	firsts := map[int]int{}
	for i, a := range list[1:] {
		if a.number == 1 && i > 0 {
			return false // another half of the table beside this one
		}
		firsts[a.number-i]++
	}
	first := list[1].number
	for f, n := range firsts {
		if n > firsts[first] && n > 1 {
			first = f
		}
	}
	if first < 1 || firsts[first]*2 < len(list)-1 {
		return false
	}
	for i := range list[1:] {
		list[i+1].number = first + i
	}
	return true
}

// atoi is the number that digits write; 0 where something else is among them.
func atoi(t string) (n int) {
	for _, c := range t {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// titled finds the number of the table: the nearest "Tabel" above the column numbers.
func (s *sheet) titled(z *zone) bool {
	for i := len(s.lines) - 1; i >= 0; i-- {
		l := s.lines[i]
		if l.base <= z.line+s.digit || l.base >= z.above {
			continue
		}
		text := lineText(l)
		if continues().MatchString(text) {
			where := continues().FindAllStringIndex(text, -1)
			z.number = strings.TrimSuffix(anyNumber().FindString(text[where[len(where)-1][1]:]), ".")
			z.continued, z.titleAt, z.titleLow = true, l.base, l.base-0.3*s.em
			return z.number != ""
		}
		for k, w := range l.words[:min(2, len(l.words))] {
			if tabel().MatchString(w.text) && (k == 0 || stray().MatchString(l.words[0].text)) {
				z.titleAt, z.titleLow = l.base, l.base
				return s.numbered(z, w)
			}
		}
	}
	return false
}

// numbered finds the number beside the word "Tabel": on its line or half a line lower,
// where "Table" stands below.
func (s *sheet) numbered(z *zone, tabel word) bool {
	var found *word
	for _, l := range s.lines {
		if l.base > tabel.base+0.5*s.em || l.base < tabel.base-2.6*s.em {
			continue
		}
		for i, w := range l.words {
			if strings.HasPrefix(w.text, "Table") && w.x0 < tabel.x1+s.em {
				z.titleLow = min(z.titleLow, w.base)
			}
			if found == nil && glued().MatchString(w.text) && math.Abs(w.x0-tabel.x0) < 2*s.em {
				w.text = glued().FindStringSubmatch(w.text)[1]
				found = &w
			}
			if found == nil && tableNumber().MatchString(w.text) && w.x0 > tabel.x0 && w.x0 < tabel.x1+8*s.em {
				found = &l.words[i]
			}
		}
	}
	if found == nil {
		return false
	}
	z.number = strings.TrimSuffix(found.text, ".")
	z.titleX = found.x1
	z.titleLow = min(z.titleLow, found.base)
	return true
}

func lineText(l line) string {
	var out []string
	for _, w := range l.words {
		out = append(out, w.text)
	}
	return strings.Join(out, " ")
}

// end is the base of the first line below the column numbers that is not the table's:
// a note, a source, another title, the foot of the page.
func (s *sheet) end(line float64) float64 {
	for _, l := range s.lines {
		if l.base < line && (ends().MatchString(lineText(l)) || runningFoot().MatchString(lineText(l))) {
			return l.base
		}
	}
	return math.Inf(-1)
}

// edge is a horizontal line on the page, of one or more pieces that touch.
type edge struct {
	y, x0, x1 float64
}

// edges are the horizontal lines between two heights: rules, and sides of boxes, from
// top to bottom. Pieces that touch are one.
func (s *sheet) edges(low, high float64) (out []edge) {
	for _, r := range s.ruling() {
		if r.X1-r.X0 < 0.5 {
			continue
		}
		for _, y := range []float64{r.Y0, r.Y1} {
			if y > low && y < high {
				out = append(out, edge{y, r.X0, r.X1})
			}
			if r.Y1-r.Y0 < thick {
				break
			}
		}
	}
	slices.SortFunc(out, func(a, b edge) int {
		if math.Abs(a.y-b.y) > 1.2 {
			return int(math.Copysign(1, b.y-a.y))
		}
		return int(math.Copysign(1, a.x0-b.x0))
	})
	merged := out[:0]
	for _, e := range out {
		if n := len(merged); n > 0 && math.Abs(merged[n-1].y-e.y) <= 1.2 && e.x0 <= merged[n-1].x1+1.5 {
			merged[n-1].x1 = max(merged[n-1].x1, e.x1)
			continue
		}
		merged = append(merged, e)
	}
	return merged
}

// thick is the most that a rule is high, in points; what is higher is a box.
const thick = 3.2
