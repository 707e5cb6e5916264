package pagetable

import (
	"math"
	"slices"
	"strings"

	"pst/store/holdings/internal/lazy"
)

var (
	numbered = lazy.Regexp(`^(?:\d{1,3}|[a-zA-Z]|[IVX]+)[.)]$`)
	// yearGlued is a year without the space before it, "Jember2020".
	yearGlued = lazy.Regexp(`(\p{Ll})((?:19|20)\d{2})\b`)
	counted   = lazy.Regexp(`^\d{1,3}[.)]?$`)
)

// stubLine is a line of row labels.
type stubLine struct {
	words   []word
	y       float64
	x0      float64 // where its text begins, behind a number
	at, end int
	foreign bool // all in a slanted font: the English of the line above
	first   bool // begins with a number of its own
}

// stubLines are the lines of the column of row labels, from top to bottom.
func (s *sheet) stubLines(words []word) (out []stubLine) {
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b word) int { return int(math.Copysign(1, b.base-a.base)) })
	last := 0.0
	for _, w := range words {
		if s.mark(w) {
			continue
		}
		n := len(out)
		if n == 0 || last-w.base > 0.5*s.digit {
			out = append(out, stubLine{})
			n++
		}
		out[n-1].words = append(out[n-1].words, w)
		last = w.base
	}
	for i := range out {
		l := &out[i]
		slices.SortStableFunc(l.words, func(a, b word) int { return int(math.Copysign(1, a.x0-b.x0)) })
		l.at, l.end = l.words[0].at, l.words[0].end
		l.foreign = true
		for _, w := range l.words {
			l.y += s.middle(w) / float64(len(l.words))
			l.at, l.end = min(l.at, w.at), max(l.end, w.end)
			l.foreign = l.foreign && s.italic(w.at)
		}
		text := l.words
		if len(text) > 1 && numbered().MatchString(text[0].text) {
			l.first = true
			text = text[1:]
		}
		l.x0 = text[0].x0
	}
	return withoutCounts(out)
}

// withoutCounts leaves out lines that are a row's running number only, in a column of
// their own left of the labels: it may stand at another height than its label.
func withoutCounts(lines []stubLine) []stubLine {
	left := math.Inf(1)
	for _, l := range lines {
		for _, w := range l.words {
			if !counted().MatchString(w.text) && !totalLabel().MatchString(w.text) {
				left = min(left, w.x0)
				break
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(lines), func(l stubLine) bool {
		return len(l.words) == 1 && counted().MatchString(l.words[0].text) && l.words[0].x1 < left
	})
}

// own is the text of lines of one label or heading in the publication's own language:
// what is slanted is the second one, unless everything is; nothing slanted stays.
func (s *sheet) own(words []word) string {
	slanted, upright := false, false
	foreign := make([][]bool, len(words))
	for n, w := range words {
		foreign[n] = s.foreign(w)
		for k, c := range []rune(w.text) {
			slanted = slanted || foreign[n][k]
			upright = upright || !foreign[n][k] && c != '/'
		}
	}
	var out []string
	for n, w := range words {
		var b strings.Builder
		dropped := false
		for k, c := range []rune(w.text) {
			if slanted && upright && foreign[n][k] {
				dropped = true
				continue
			}
			unit := strings.HasSuffix(b.String(), "m") && strings.ContainsRune("23²³", c)
			if w.raised[k] && !unit {
				continue
			}
			b.WriteRune(c)
		}
		own := b.String()
		if slanted && upright {
			s.words.met(w.text, own == "")
		}
		if dropped { // the stroke between both languages goes with the second
			own = strings.TrimRight(own, "/")
			if last := len(out) - 1; own == "" && last >= 0 {
				out[last] = strings.TrimRight(out[last], "/")
			}
		}
		if own != "" {
			out = append(out, own)
		}
	}
	out = slices.DeleteFunc(out, func(w string) bool { return w == "" })
	text := yearGlued().ReplaceAllString(strings.Join(out, " "), "$1 $2")
	if slanted && upright && !anyYear().MatchString(text) { // a year that both halves share
		if y := onlyYear(words); y != "" {
			text = strings.TrimRight(text, " /,") + " " + y
		}
	}
	text = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(text), "/"))
	if len(text) > maxText {
		return ""
	}
	return text
}

// onlyYear is the one year that words name; "" for none or several.
func onlyYear(words []word) (year string) {
	for _, w := range words {
		for _, y := range anyYear().FindAllString(w.text, -1) {
			if year != "" && y != year {
				return ""
			}
			year = y
		}
	}
	return year
}

// foreign tells of each letter of a word whether it is slanted. A font changes at the
// beginning of a word or behind a stroke.
func (s *sheet) foreign(w word) []bool {
	out := make([]bool, len(w.chars))
	for k, c := range []rune(w.text) {
		switch {
		case c == '/' && k > 0:
			out[k] = out[k-1]
		case k == 0 || s.Chars[w.chars[k-1]].Rune == '/':
			out[k] = s.italic(w.chars[k])
		default:
			out[k] = out[k-1]
		}
	}
	return out
}

// named is one row: its label from the outermost group, and the lines it was made of.
type named struct {
	label []string
	lines []stubLine
}

// labels gives each line of values its label. Nil where a line of labels could belong to
// more than one row, or a row has none.
func (s *sheet) labels(lines []stubLine, values [][]cell, boxes []Rect) []named {
	ys := make([]float64, len(values))
	for i, cells := range values {
		n := 0.0
		for _, c := range cells {
			if len(c.words) > 0 {
				ys[i] += c.y
				n++
			}
		}
		ys[i] /= n
	}
	lines = withoutBlankTotal(lines, ys, values)
	out := make([]named, len(values))
	var heads []stubLine
	owner := make([]int, len(lines)) // row of each line, -1 a heading
	if boxes != nil {
		if !s.boxedLabels(lines, boxes, owner) {
			return nil
		}
	} else if !s.loneLabels(lines, ys, values, owner) {
		return nil
	}
	group := ""
	indent := 0.0
	for i, l := range lines {
		if owner[i] < 0 {
			heads = append(heads, l)
			continue
		}
		k := owner[i]
		if len(heads) > 0 {
			var words []word
			for _, h := range heads {
				words = append(words, h.words...)
			}
			group, indent, heads = s.own(words), heads[0].x0, nil
			if group == "" {
				return nil
			}
		}
		if len(out[k].lines) == 0 {
			if group != "" && l.x0 < indent+1 {
				group = "" // back at the heading's own indent: its group has ended
			}
			if group != "" {
				out[k].label = []string{group}
			}
		}
		out[k].lines = append(out[k].lines, l)
	}
	if len(heads) > 0 {
		return nil // a heading of nothing
	}
	for k := range out {
		var words []word
		for _, l := range out[k].lines {
			words = append(words, l.words...)
		}
		own := s.own(words)
		if own == "" || numbered().MatchString(own) {
			return nil
		}
		out[k].label = append(out[k].label, own)
	}
	return out
}

// boxedLabels gives each line to the row whose box it stands in.
func (s *sheet) boxedLabels(lines []stubLine, boxes []Rect, owner []int) bool {
	for i, l := range lines {
		owner[i] = -1
		for k, b := range boxes {
			if b.Y0 < l.y && l.y < b.Y1 {
				owner[i] = k
			}
		}
	}
	return true
}

// loneLabels gives each line to the row it stands beside; one that stands beside none
// goes on the label above or below it, or heads those that follow, as the order of the
// page's text tells, and its indent does not deny.
func (s *sheet) loneLabels(lines []stubLine, ys []float64, values [][]cell, owner []int) bool {
	if s.abreast(lines, ys, owner) || s.inTurn(lines, ys, values, owner) {
		return true
	}
	taken := make([]bool, len(ys))
	k := 0
	for i, l := range lines {
		owner[i] = -2
		for k < len(ys) && ys[k] > l.y+0.75*s.digit {
			k++
		}
		if k < len(ys) && math.Abs(ys[k]-l.y) <= 0.75*s.digit && !taken[k] {
			owner[i], taken[k] = k, true
		}
	}
	for k, is := range taken {
		if !is && !s.around(lines, ys[k], k, values, owner) {
			return false
		}
	}
	for i, l := range lines {
		if owner[i] >= 0 {
			continue
		}
		above, below := -1, -1
		var up, down stubLine
		for j := i - 1; j >= 0; j-- {
			if owner[j] >= 0 {
				above, up = owner[j], lines[j]
				break
			}
		}
		for j := i + 1; j < len(lines); j++ {
			if owner[j] >= 0 {
				below, down = owner[j], lines[j]
				break
			}
		}
		if l.first && !l.foreign {
			// A number of its own and no values: a group, if what follows stands further in.
			if below < 0 || down.x0 < l.x0+1 {
				return false
			}
			owner[i] = -1
			continue
		}
		if above >= 0 {
			from, to := extent(values[above])
			if l.at > up.at && l.end < from && l.x0 > up.x0-1.5 {
				owner[i] = above // written between the label and its values
				continue
			}
			if l.foreign && l.at > up.at && up.y-l.y < 1.6*s.em && (below < 0 || l.end < down.at) {
				owner[i] = above
				continue
			}
			if l.at < to {
				return false
			}
		}
		if below >= 0 && !l.foreign && l.end < down.at && s.wrapped(l, up, down, above, ys) {
			owner[i] = below // the first line of a label whose values stand beside its last
			continue
		}
		if below < 0 || l.foreign || l.end > down.at || l.x0 > down.x0-1.5 {
			return false
		}
		owner[i] = -1
	}
	return true
}

// wrapped tells whether a line of labels goes on in the next: it is closer to it than any
// two rows are, and than it is to the row above.
func (s *sheet) wrapped(l, up, down stubLine, above int, ys []float64) bool {
	gap := l.y - down.y
	return !down.first && gap < 1.5*s.em && gap < 0.75*pitch(ys) && (above < 0 || up.y-l.y > 1.2*gap)
}

// abreast gives each line its row where there are as many of both, each nearest to its
// own by far: labels may stand a little higher than their values.
func (s *sheet) abreast(lines []stubLine, ys []float64, owner []int) bool {
	if len(lines) != len(ys) {
		return false
	}
	gap := pitch(ys)
	for i, l := range lines {
		if l.foreign || math.Abs(l.y-ys[i]) > 0.4*gap || math.Abs(l.y-ys[i]) > 1.5*s.digit {
			return false
		}
	}
	for i := range lines {
		owner[i] = i
	}
	return true
}

// inTurn gives each row the lines that the page writes between the values of the row
// above and its own, where these tell of all lines: a line by itself stands beside its
// row, and of several the first does, or their middle, all as far off as the others are.
func (s *sheet) inTurn(lines []stubLine, ys []float64, values [][]cell, owner []int) bool {
	at, off, single := 0, 0.0, 0.0
	turns := make([][2]int, len(ys))
	for k := range ys {
		from, _ := extent(values[k])
		turns[k][0] = at
		for at < len(lines) && lines[at].end < from {
			at++
		}
		if turns[k][1] = at; at == turns[k][0] {
			return false
		}
		if at == turns[k][0]+1 {
			off, single = off+ys[k]-lines[at-1].y, single+1
		}
		if k+1 < len(ys) && at < len(lines) {
			if _, to := extent(values[k]); lines[at].at < to {
				return false
			}
		}
	}
	if at != len(lines) || single < 1 || math.Abs(off/single) > min(0.45*pitch(ys), 1.2*s.digit) {
		return false
	}
	for k, t := range turns {
		mine := lines[t[0]:t[1]]
		y := ys[k] - off/single
		centered := math.Abs((mine[0].y+mine[len(mine)-1].y)/2-y) < 0.6*s.digit
		if !centered && math.Abs(mine[0].y-y) > 0.6*s.digit {
			return false
		}
		for i := 1; i < len(mine); i++ {
			if mine[i].first || mine[i-1].y-mine[i].y > 1.6*s.em || math.Abs(mine[i].x0-mine[0].x0) > 2 ||
				mine[i].foreign && len(mine) > 2 && centered && !mine[0].first {
				return false
			}
		}
	}
	for k, t := range turns {
		for i := t[0]; i < t[1]; i++ {
			owner[i] = k
		}
	}
	return true
}

var totalOrYear = lazy.Regexp(
	`(?i)^(?:jumlah|total|kabupaten|kecamatan|kelurahan|desa|kota|provinsi|tahun|rata-rata)\b`)

// withoutBlankTotal leaves out a total below all rows that has no values.
func withoutBlankTotal(lines []stubLine, ys []float64, values [][]cell) []stubLine {
	low := ys[len(ys)-1] - 0.5*pitch(ys)
	_, to := extent(values[len(values)-1])
	for i, l := range lines {
		if l.y < low && l.at > to && totalOrYear().MatchString(l.words[0].text) {
			return lines[:i]
		}
	}
	return lines
}

// pitch is the least distance between two lines of values.
func pitch(ys []float64) float64 {
	least := math.Inf(1)
	for i := 1; i < len(ys); i++ {
		least = min(least, ys[i-1]-ys[i])
	}
	return least
}

// around finds the lines of a label whose values stand at its middle: the one set of
// lines close together that the page writes between the row above and these values.
func (s *sheet) around(lines []stubLine, y float64, k int, values [][]cell, owner []int) bool {
	from, _ := extent(values[k])
	after := -1
	if k > 0 {
		_, after = extent(values[k-1])
	}
	best, sets := [2]int{}, 0
	for i := range lines {
		sum := 0.0
		for j := i; j < min(len(lines), i+4); j++ {
			l := lines[j]
			if owner[j] != -2 || l.at < after || l.end > from || j > i && (l.first || lines[j-1].y-l.y > 1.6*s.em) {
				break
			}
			sum += l.y
			if j > i && math.Abs(sum/float64(j-i+1)-y) < 0.6*s.digit {
				best = [2]int{i, j}
				sets++
			}
		}
	}
	for j := best[0]; sets == 1 && j <= best[1]; j++ {
		owner[j] = k
	}
	return sets == 1
}

// extent is where the values of a row begin and end in the order of the page.
func extent(cells []cell) (from, to int) {
	from = math.MaxInt
	for _, c := range cells {
		if len(c.words) > 0 {
			from, to = min(from, c.at), max(to, c.end)
		}
	}
	return from, to
}

// rowBoxes are the boxes around the labels of the lines of values, one each; nil when
// there are not as many, or they overlap.
func (s *sheet) rowBoxes(stub band, values [][]cell) []Rect {
	var out []Rect
	for _, cells := range values {
		y, n := 0.0, 0.0
		for _, c := range cells {
			if len(c.words) > 0 {
				y += c.y
				n++
			}
		}
		y /= n
		best := Rect{Y0: math.Inf(-1), Y1: math.Inf(1)}
		for _, r := range s.ruling() {
			lower := r.Y1-r.Y0 < best.Y1-best.Y0
			if lower && r.Y1-r.Y0 > thick && r.Y0 < y && y < r.Y1 && math.Abs(r.X0-stub.x0) < 2 &&
				r.X1 < stub.x1+2 && r.X1-r.X0 > 0.6*(stub.x1-stub.x0) {
				best = r
			}
		}
		if n := len(out); math.IsInf(best.Y0, 0) || n > 0 && best.Y1 > out[n-1].Y0+1 {
			return nil
		}
		out = append(out, best)
	}
	return out
}
