package pagetable

import (
	"math"
	"slices"
	"sort"
	"strings"
)

// band is from where to where a column goes; the first is that of the row labels.
type band struct{ x0, x1 float64 }

// bands finds the columns of a table from what is ruled around their numbers: the boxes
// that hold one number each, or the pieces of the rules above and below them. Nil where
// the ruling does not tell.
func (s *sheet) bands(z zone) []band {
	if b := s.boxed(z); b != nil {
		return b
	}
	for _, where := range [][2]float64{{z.line - 2.5*s.em, z.line}, {z.line + 0.5*s.digit, z.line + 2.5*s.em}} {
		if b := s.pieces(z, where[0], where[1]); b != nil {
			return b
		}
	}
	return nil
}

// boxed are the bands of boxes with a number each.
func (s *sheet) boxed(z zone) (out []band) {
	y := z.line + s.digit/2
	for _, a := range z.anchors {
		best := Rect{X0: math.Inf(-1), X1: math.Inf(1)}
		for _, r := range s.ruling() {
			if r.Y1-r.Y0 > thick && r.Y0 < y && y < r.Y1 && r.Y1-r.Y0 < 4*s.em && r.X0 < a.x0+1 && a.x1-1 < r.X1 &&
				r.X1-r.X0 < best.X1-best.X0 {
				best = r
			}
		}
		if n := len(out); math.IsInf(best.X0, 0) || n > 0 && best.X0 < out[n-1].x1-2 {
			return nil
		}
		out = append(out, band{best.X0, best.X1})
	}
	return out
}

// pieces are the bands between the ends of the pieces of a rule.
func (s *sheet) pieces(z zone, low, high float64) (out []band) {
	var ends []float64
	for _, r := range s.ruling() {
		if r.Y1-r.Y0 < thick && low < r.Y0 && r.Y1 < high && r.X1-r.X0 > 0.2 {
			ends = append(ends, r.X0, r.X1)
		}
	}
	if len(ends) < 2 {
		return nil
	}
	slices.Sort(ends)
	var at []float64
	for _, e := range ends {
		if n := len(at); n == 0 || e-at[n-1] > 2.5 {
			at = append(at, e)
		}
	}
	from := 0 // first of at that belongs to this band
	for i, a := range z.anchors {
		k := sort.SearchFloat64s(at, a.center())
		if k == 0 || k == len(at) || a.x0 < at[k-1]-1.5 || at[k]+1.5 < a.x1 {
			return nil
		}
		if i > 0 && k-1 < from {
			return nil // two numbers in one piece
		}
		out = append(out, band{at[k-1], at[k]})
		from = k
	}
	// Row labels may have a piece for their own numbers; other pieces without a
	// column number are gaps that belong to nobody, if they are narrow.
	out[0].x0 = at[0]
	for i := 1; i < len(out); i++ {
		if gap := out[i].x0 - out[i-1].x1; gap > 0 {
			if i == 1 {
				out[0].x1 = out[1].x0
				continue
			}
			if gap > 0.6*(out[i].x1-out[i].x0) && gap > 3*s.em {
				return nil
			}
			out[i-1].x1 += gap / 2
			out[i].x0 = out[i-1].x1
		}
	}
	return out
}

// clusters finds the columns from the white between their values: so many strips of
// print stand right of the row labels as there are column numbers, each nearest to its own.
func (s *sheet) clusters(z zone, body []line) []band {
	type strip struct{ x0, x1 float64 }
	var all []strip
	for _, l := range body {
		runs := s.runs(l, 0.45)
		if len(runs) < 2 {
			continue
		}
		for _, r := range runs {
			all = append(all, strip{r.x0, r.x1})
		}
	}
	for _, a := range z.anchors {
		all = append(all, strip{a.x0, a.x1})
	}
	slices.SortFunc(all, func(a, b strip) int { return int(math.Copysign(1, a.x0-b.x0)) })
	merged := all[:0]
	for _, b := range all {
		if n := len(merged); n > 0 && b.x0 <= merged[n-1].x1 {
			merged[n-1].x1 = max(merged[n-1].x1, b.x1)
			continue
		}
		merged = append(merged, b)
	}
	n := len(z.anchors)
	if len(merged) < n {
		return nil
	}
	// What is left of the second column number belongs to the labels.
	left := len(merged) - n + 1
	out := []band{{merged[0].x0, merged[left-1].x1}}
	for _, m := range merged[left:] {
		out = append(out, band(m))
	}
	for i, a := range z.anchors {
		if a.x0 < out[i].x0-0.1 || a.x1 > out[i].x1+0.1 {
			return nil
		}
	}
	return out
}

// body are the lines of a zone below its column numbers, without those of its foot.
func (s *sheet) body(z zone) (out []line) {
	for _, l := range s.lines {
		if l.base < z.line-0.6*s.digit && l.base > z.bottom+0.01 {
			out = append(out, l)
		}
	}
	return out
}

// cell is what stands in one column of one line of values.
type cell struct {
	words []word
	y     float64
	at    int
	end   int
	text  string
	doubt bool // a letter of it is of another size, or it goes beyond its column
}

// column of the grid being read.
type strand struct {
	words   []word
	numeric bool
}

// strands sorts the words of the body into columns. ok is false when one stands in none.
func (s *sheet) strands(body []line, bands []band) (out []strand, ok bool) {
	out = make([]strand, len(bands))
	for _, l := range body {
		for _, w := range l.words {
			c := (w.x0 + w.x1) / 2
			k := len(bands) - 1
			for k > 0 && c < bands[k].x0 {
				k--
			}
			if k > 0 && (w.x0 < bands[k].x0-1.5 || w.x1 > bands[k].x1+1.5) && !s.mark(w) {
				return nil, false
			}
			out[k].words = append(out[k].words, w)
		}
	}
	for k := range out {
		like, all := 0, 0
		for _, w := range out[k].words {
			if s.mark(w) {
				continue
			}
			all++
			if t := w.plain(); numberLike().MatchString(t) || none().MatchString(t) {
				like++
			}
		}
		out[k].numeric = k > 0 && all > 0 && like*10 >= all*8
	}
	return out, true
}

// mark tells whether a word is the mark of a footnote that stands by itself.
func (s *sheet) mark(w word) bool {
	for _, c := range w.text {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == ')' || c == '*' || c == ',') {
			return false
		}
	}
	tall := 0.0
	for _, i := range w.chars {
		tall = max(tall, s.Chars[i].Top-s.Chars[i].Bottom)
	}
	return w.text == "*" || w.text == ")" || w.text == "*)" ||
		tall < 0.75*s.digit && strings.ContainsAny(w.text, "0123456789")
}

// middle is the height of a cell's digits, halfway.
func (s *sheet) middle(w word) float64 { return w.base + s.digit/2 }

// valueLines groups the words of numeric columns by height: one group a row. Nil when
// the lines cannot be told apart.
func (s *sheet) valueLines(strands []strand) [][]cell {
	type placed struct {
		word
		k int
	}
	var all []placed
	for k, st := range strands {
		if !st.numeric {
			continue
		}
		for _, w := range st.words {
			if !s.mark(w) {
				all = append(all, placed{w, k})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return int(math.Copysign(1, s.middle(b.word)-s.middle(a.word))) })
	var out [][]cell
	last, top := math.Inf(1), math.Inf(1)
	for _, p := range all {
		y := s.middle(p.word)
		if len(out) == 0 || last-y > 0.5*s.digit {
			out = append(out, make([]cell, len(strands)))
			top = y
		}
		if top-y > 1.2*s.digit || len(out) > maxRows {
			return nil
		}
		last = y
		c := &out[len(out)-1][p.k]
		c.words = append(c.words, p.word)
	}
	for _, cells := range out {
		for k := range cells {
			s.finish(&cells[k])
		}
	}
	return s.united(out)
}

// united joins lines of values that are one row whose cells do not stand on one line:
// they share no column, and are far closer to each other than to any other line.
func (s *sheet) united(rows [][]cell) [][]cell {
	y := func(cells []cell) float64 {
		sum, n := 0.0, 0.0
		for _, c := range cells {
			if len(c.words) > 0 {
				sum, n = sum+c.y, n+1
			}
		}
		return sum / n
	}
	for i := 0; i+1 < len(rows); i++ {
		gap := y(rows[i]) - y(rows[i+1])
		far := gap > 1.3*s.digit || i > 0 && gap > 0.5*(y(rows[i-1])-y(rows[i])) ||
			i+2 < len(rows) && gap > 0.65*(y(rows[i+1])-y(rows[i+2]))
		for k := range rows[i] {
			far = far || len(rows[i][k].words) > 0 && len(rows[i+1][k].words) > 0
		}
		if far {
			continue
		}
		for k, c := range rows[i+1] {
			if len(c.words) > 0 {
				rows[i][k] = c
			}
		}
		rows = slices.Delete(rows, i+1, i+2)
	}
	return rows
}

// finish puts the words of a cell together.
func (s *sheet) finish(c *cell) {
	if len(c.words) == 0 {
		return
	}
	slices.SortStableFunc(c.words, func(a, b word) int { return int(math.Copysign(1, a.x0-b.x0)) })
	var parts []string
	c.at, c.end = c.words[0].at, c.words[0].end
	for i, w := range c.words {
		c.y += s.middle(w) / float64(len(c.words))
		c.at, c.end = min(c.at, w.at), max(c.end, w.end)
		parts = append(parts, w.plain())
		if i > 0 {
			gap := w.x0 - c.words[i-1].x1
			c.doubt = c.doubt || gap > 0.8*s.em || math.Abs(w.base-c.words[i-1].base) > 0.15*s.digit
		}
		for k, at := range w.chars {
			ch := s.Chars[at]
			if ch.Rune >= '0' && ch.Rune <= '9' && !w.raised[k] && ch.Top-ch.Bottom < 0.85*s.digit {
				c.doubt = true
			}
		}
	}
	c.text = strings.Join(parts, " ")
}
