package pagetable

import (
	"math"
	"slices"
	"strings"

	"pst/store/holdings/internal/lazy"
)

// top is where the headings begin: the highest line that is ruled over most of the
// columns between the table's number and its column numbers. Without one, the widest
// white between the title and the column numbers. 0 where neither tells.
func (s *sheet) top(z zone, bands []band) (y float64, ok bool) {
	x0, x1 := bands[0].x0, bands[len(bands)-1].x1
	cover := 0.0
	at := math.Inf(1)
	for _, e := range s.edges(z.line+0.8*s.digit, z.titleLow+0.2*s.em) {
		if math.Abs(e.y-at) > 1.5 {
			cover, at = 0, e.y
		}
		cover += max(0, min(e.x1, x1)-max(e.x0, x0))
		if cover > 0.6*(x1-x0) {
			return at, true
		}
	}
	// White: lines of title and headings from top to bottom.
	var bases []float64
	for _, l := range s.lines {
		if l.base > z.line+0.3*s.digit && l.base < z.titleAt+0.5*s.em {
			bases = append(bases, l.base)
		}
	}
	widest, second := 0.0, 0.0
	for i := 1; i < len(bases); i++ {
		if gap := bases[i-1] - bases[i]; gap > widest {
			widest, second, y = gap, widest, (bases[i-1]+bases[i])/2
		} else if gap > second {
			second = gap
		}
	}
	return y, widest > 1.25*second && widest > 1.5*s.em && y < z.titleLow
}

// title is the title in the publication's own language. Its lines stand beside the words
// "Tabel" and "Table", or begin above them.
// Its year is unsure where the other language's title names another.
func (s *sheet) title(z zone, top float64) (title string, unsure bool) {
	if z.continued {
		return "", false
	}
	var words []word
	left := math.Inf(1)
	above := 0
	for i, l := range s.lines {
		if l.base > z.titleAt+0.7*s.em || l.base < top+0.1 {
			continue
		}
		for _, w := range l.words {
			if w.x0 > z.titleX && !s.mark(w) {
				if len(words) == 0 {
					above = i
				}
				words = append(words, w)
				left = min(left, w.x0)
			}
		}
	}
	if len(words) == 0 {
		return "", false
	}
	for base := s.lines[above].base; above > 0; above-- {
		l := s.lines[above-1]
		if l.words[len(l.words)-1].x0 <= z.titleX {
			continue // only the words Tabel and Table, or what stands in the margin
		}
		if l.base-base > 1.7*s.em || math.Abs(l.words[0].x0-left) > 0.5*s.em ||
			l.base > z.titleAt+2.5*s.em || l.base >= z.above {
			break
		}
		words = append(slices.Clone(l.words), words...)
		base = l.base
	}
	title = s.own(words)
	for _, w := range words {
		for _, y := range anyYear().FindAllString(w.text, -1) {
			unsure = unsure || !strings.Contains(title, y)
		}
	}
	return title, unsure
}

// head is a heading: words on consecutive lines over the same columns.
type head struct {
	words []word
	x0    float64
	x1    float64
	y0    float64 // bases of its lowest and highest line
	y1    float64
	level float64 // height of the line ruled below it; of a leaf the column numbers'
	from  int     // columns that it stands over, from and to, inclusive
	to    int
}

// headings are the headings of each column from the outermost inwards, the first of
// them over the row labels; nil where it is not plain what stands over what.
func (s *sheet) headings(z zone, bands []band, top float64) (out [][]string, why string) {
	var spans, leaves, loose []head
	edges := s.edges(z.line+0.8*s.digit, top-1)
	var single []head
	for _, l := range s.lines {
		if l.base < z.line+0.6*s.digit || l.base > top {
			continue
		}
		for _, r := range s.apart(s.runs(l, 0.6), bands) {
			if len(r.words) == 1 && s.mark(r.words[0]) {
				continue
			}
			h := head{words: r.words, x0: r.x0, x1: r.x1, y0: r.base, y1: r.base}
			switch {
			case !s.over(&h, r, bands, edges, z.line, top):
				loose = append(loose, h)
			case h.level > z.line+0.1 && h.to > h.from:
				spans = joined(spans, h)
			default:
				single = append(single, h)
			}
		}
	}
	spread := len(loose) > 0
	for _, h := range single {
		if spread && s.astray(h, bands) && slices.ContainsFunc(single, func(o head) bool {
			return o.from == h.from && !s.astray(o, bands)
		}) {
			loose = append(loose, h)
		} else {
			leaves = joined(leaves, h)
		}
	}
	loose = s.stacked(loose)
	own := make([]*head, len(bands))
	for i, h := range leaves {
		own[h.from] = &leaves[i]
	}
	if slices.Contains(own, nil) {
		return nil, "a column without a heading of its own"
	}
	if len(loose) > 0 && !s.tiled(loose, own, spans, bands) {
		return nil, "what a heading stands over cannot be told: " + s.own(loose[0].words)
	}
	spans = append(spans, loose...)
	slices.SortStableFunc(spans, func(a, b head) int { return int(math.Copysign(1, b.y0-a.y0)) })
	out = make([][]string, len(bands))
	for _, h := range spans {
		text := s.own(h.words)
		if text == "" {
			return nil, "a heading without words"
		}
		for k := h.from; k <= h.to; k++ {
			out[k] = append(out[k], text)
		}
	}
	if !s.level(own, out, bands) {
		return nil, "headings at uneven heights"
	}
	for k, h := range own {
		text := s.own(h.words)
		if text == "" {
			return nil, "a heading without words"
		}
		out[k] = append(out[k], text)
	}
	for k := range out {
		for j := k + 1; j < len(out); j++ {
			if slices.Equal(out[k], out[j]) {
				return nil, "two columns of one heading"
			}
		}
	}
	return out, ""
}

// apart splits runs that are close to each other only because two columns are: each
// word stands in a column, and the page does not write one right after the other.
func (s *sheet) apart(runs []run, bands []band) (out []run) {
	in := func(w word) int {
		return slices.IndexFunc(bands, func(b band) bool { return b.x0-1 < w.x0 && w.x1 < b.x1+1 })
	}
	for _, r := range runs {
		from := 0
		for i := 1; i <= len(r.words); i++ {
			if i < len(r.words) {
				a, b := in(r.words[i-1]), in(r.words[i])
				if a < 0 || b < 0 || a == b || r.words[i].at-r.words[i-1].end <= 2 && r.words[i].at > r.words[i-1].end {
					continue
				}
				if s.spread(r.words[from:i], r.words[i:], bands[a], bands[b]) {
					continue
				}
			}
			part := run{words: slices.Clip(r.words[from:i]), x0: r.words[from].x0, x1: r.words[i-1].x1, base: r.base}
			out = append(out, part)
			from = i
		}
	}
	return out
}

// spread tells whether words over two columns leave the middle of either for that of both.
func (s *sheet) spread(left, right []word, a, b band) bool {
	end := 1
	for end < len(right) && right[end].x1 < b.x1+1 {
		end++
	}
	off := func(x0, x1, b0, b1 float64) float64 { return math.Abs(x0+x1-b0-b1) / 2 }
	x0, x1, y0, y1 := left[0].x0, left[len(left)-1].x1, right[0].x0, right[end-1].x1
	return off(x0, y1, a.x0, b.x1)+0.5*s.em < max(off(x0, x1, a.x0, a.x1), off(y0, y1, b.x0, b.x1))
}

// astray tells whether a line that fits into one column stands in the middle of several,
// and not of its own: it may be a line of a heading over them.
func (s *sheet) astray(h head, bands []band) bool {
	c := (h.x0 + h.x1) / 2
	if h.from == 0 || math.Abs(c-(bands[h.from].x0+bands[h.from].x1)/2) < s.em {
		return false
	}
	for a := 1; a <= h.from; a++ {
		for b := h.from; b < len(bands); b++ {
			if a < b && math.Abs(c-(bands[a].x0+bands[b].x1)/2) < 0.5*s.em {
				return true
			}
		}
	}
	return false
}

// stacked puts lines that share their middle together, from top to bottom.
func (s *sheet) stacked(lines []head) (out []head) {
	slices.SortStableFunc(lines, func(a, b head) int { return int(math.Copysign(1, b.y0-a.y0)) })
next:
	for _, h := range lines {
		for i := range out {
			a := &out[i]
			if math.Abs(a.x0+a.x1-h.x0-h.x1) < 1.5*s.em && a.y0-h.y0 < 1.8*s.em {
				a.words = append(a.words, h.words...)
				a.x0, a.x1, a.y0 = min(a.x0, h.x0), max(a.x1, h.x1), h.y0
				continue next
			}
		}
		out = append(out, h)
	}
	return out
}

// tiled shares out columns among headings that stand over several of them with nothing
// ruled below: there must be one way only in which each stands in the middle of its
// columns, and together they cover all those whose own heading begins below them.
func (s *sheet) tiled(loose []head, own []*head, spans []head, bands []band) bool {
	slices.SortFunc(loose, func(a, b head) int { return int(math.Copysign(1, a.x0-b.x0)) })
	low, high := math.Inf(1), math.Inf(-1)
	tops, middles, bottoms := true, true, true
	for _, h := range loose {
		low, high = min(low, h.y0), max(high, h.y1)
		tops = tops && math.Abs(h.y1-loose[0].y1) < 0.7*s.em
		bottoms = bottoms && math.Abs(h.y0-loose[0].y0) < 0.7*s.em
		middles = middles && math.Abs(h.y0+h.y1-loose[0].y0-loose[0].y1) < 1.4*s.em
	}
	if !tops && !middles && !bottoms {
		return false
	}
	first, last := 0, 0
	for k := 1; k < len(own); k++ {
		if own[k].y1 > low-0.7*s.em || slices.ContainsFunc(spans, func(h head) bool {
			return h.from <= k && k <= h.to && h.y0 <= high && h.y1 >= low
		}) {
			continue
		}
		if first == 0 {
			first = k
		} else if k != last+1 {
			return false
		}
		last = k
	}
	if first == 0 {
		return false
	}
	ways := 0
	var found, now []int // where each heading's columns end
	var try func(i, from int)
	try = func(i, from int) {
		if i == len(loose) {
			if from == last+1 {
				ways++
				found = slices.Clone(now)
			}
			return
		}
		for to := from; to <= last && ways < 2; to++ {
			wide := (bands[to].x1 - bands[from].x0) / float64(to-from+1)
			m := (bands[from].x0 + bands[to].x1) / 2
			if math.Abs(m-(loose[i].x0+loose[i].x1)/2) > 0.3*wide ||
				loose[i].x0 < bands[from].x0-2 || loose[i].x1 > bands[to].x1+2 {
				continue
			}
			now = append(now, to)
			try(i+1, to+1)
			now = now[:len(now)-1]
		}
	}
	try(0, first)
	if ways != 1 {
		return false
	}
	for i := range loose {
		loose[i].from, loose[i].to = first, found[i]
		first = found[i] + 1
	}
	return true
}

// level tells whether no line of a column's own heading may be a heading over several
// columns: one that stands higher than the headings beside it, in the middle of its column
// and of theirs together. The order of the text tells too: what stands over several
// columns is written before their own headings are.
func (s *sheet) level(own []*head, spans [][]string, bands []band) bool {
	for j := 1; j < len(own); j++ {
		for _, l := range own[j].lines() {
			for a := j; a > 0 && slices.Equal(spans[a], spans[j]) && (a == j || s.above(l, own[a])); a-- {
				for b := j; b < len(own) && slices.Equal(spans[b], spans[j]) && (b == j || s.above(l, own[b])); b++ {
					if a == b || a < j && own[a].lines()[0].at < l.at && goesOn(l, own[j]) {
						continue
					}
					mine, all := (bands[j].x0+bands[j].x1)/2, (bands[a].x0+bands[b].x1)/2
					if math.Abs(l.center()-all) < max(0.6*s.em, math.Abs(l.center()-mine)+1) {
						return false
					}
				}
			}
		}
	}
	return true
}

// above tells whether a line stands higher than all of a heading.
func (s *sheet) above(l run, h *head) bool { return l.base > h.y1+0.6*s.em }

// goesOn tells whether the page writes the next line of a heading right behind this one.
func goesOn(l run, h *head) bool {
	for _, w := range h.words {
		if w.base < l.base-1 {
			return l.end < w.at && w.at <= l.end+6
		}
	}
	return false
}

// lines are the lines of a heading.
func (h *head) lines() (out []run) {
	for _, w := range h.words {
		n := len(out)
		if n == 0 || math.Abs(out[n-1].base-w.base) > 1 {
			out = append(out, run{base: w.base, x0: w.x0, at: w.at})
			n++
		}
		r := &out[n-1]
		r.words, r.x0, r.x1 = append(r.words, w), min(r.x0, w.x0), max(r.x1, w.x1)
		r.at, r.end = min(r.at, w.at), max(r.end, w.end)
	}
	return out
}

// joined adds a line of a heading to those above it over the same columns.
func joined(all []head, h head) []head {
	for i := range all {
		if all[i].from == h.from && all[i].to == h.to && math.Abs(all[i].level-h.level) < 1.5 {
			all[i].words = append(all[i].words, h.words...)
			all[i].x0, all[i].x1 = min(all[i].x0, h.x0), max(all[i].x1, h.x1)
			all[i].y0 = min(all[i].y0, h.y0)
			return all
		}
	}
	return append(all, h)
}

// over finds the columns that a run of a heading stands over: those of the box it
// stands in, or of the rule below it; without either its own column, which it must not
// leave.
func (s *sheet) over(h *head, r run, bands []band, edges []edge, line, top float64) bool {
	c, y := r.center(), r.base+s.digit/2
	h.level = line
	box := Rect{X0: math.Inf(-1), X1: math.Inf(1), Y0: 1, Y1: 0}
	for _, b := range s.ruling() {
		if b.Y1-b.Y0 > thick && b.Y0 < y && y < b.Y1 && b.X0 < c && c < b.X1 && b.X1-b.X0 < box.X1-box.X0 {
			box = b
		}
	}
	x0, x1 := box.X0, box.X1
	if math.IsInf(x0, 0) || x1-x0 > 0.95*(bands[len(bands)-1].x1-bands[0].x0) {
		x0, x1 = math.Inf(-1), math.Inf(1)
		for i := len(edges) - 1; i >= 0; i-- { // from the lowest up: the nearest below
			e := edges[i]
			if e.y < r.base+0.3*s.digit && e.x0 < c && c < e.x1 && e.x1-e.x0 < 0.95*(bands[len(bands)-1].x1-bands[0].x0) {
				x0, x1, h.level = e.x0, e.x1, e.y
			}
		}
	} else if box.Y0 > line+0.8*s.digit {
		h.level = box.Y0
	}
	h.from, h.to = -1, -1
	for k, b := range bands {
		m := (b.x0 + b.x1) / 2
		if math.IsInf(x0, 0) && s.within(r, b) || !math.IsInf(x0, 0) && x0 < m && m < x1 {
			if h.from < 0 {
				h.from = k
			}
			h.to = k
		}
	}
	if h.from < 0 {
		return false
	}
	if h.from == h.to {
		h.level = line
		return s.within(r, bands[h.from])
	}
	// It must stand in the middle of its columns, and of nothing less.
	m := (bands[h.from].x0 + bands[h.to].x1) / 2
	middle := math.Abs(m-c) < 0.3*(bands[h.to].x1-bands[h.from].x0)/float64(h.to-h.from+1)
	if box.Y0 < box.Y1 {
		return middle
	}
	whole := math.Abs(x0-bands[h.from].x0) < 3 && math.Abs(x1-bands[h.to].x1) < 3
	return (middle || whole) && s.alone(c, edge{h.level, x0, x1}, edges, top)
}

// alone tells whether what stands in the middle c over a rule has no other heading
// beside it, up to the next rule, or to the top of all: then it is over all that the rule is.
func (s *sheet) alone(c float64, rule edge, edges []edge, high float64) bool {
	for _, e := range edges {
		if e.y > rule.y+0.5*s.digit && e.x0 < c && c < e.x1 {
			high = min(high, e.y)
		}
	}
	for _, l := range s.lines {
		if l.base < rule.y-0.2*s.digit || l.base > high {
			continue
		}
		for _, r := range s.runs(l, 0.6) {
			if r.x1 > rule.x0 && r.x0 < rule.x1 && math.Abs(r.center()-c) > s.em {
				return false
			}
		}
	}
	return true
}

// within tells whether a run stands in a column, which it may leave by half a letter: a
// heading over two would stand in their middle.
func (s *sheet) within(r run, b band) bool {
	slack := max(3, min(0.5*s.em, 0.15*(r.x1-r.x0)))
	return r.x0 > b.x0-slack && r.x1 < b.x1+slack && b.x0 < r.center() && r.center() < b.x1
}

var (
	inBrackets = lazy.Regexp(`\(([^()]{1,24})\)`)
	units      = lazy.Regexp(`(?i)^(?:(?:ribu|juta|miliar|milyar|000|000 000)\s*)?(?:km|km2|km²|m|m2|m²|m3|m³|ha|hektar|hektare|are|%|persen|orang|jiwa|ton|kg|kuintal|kw|ku|ku/ha|kw/ha|kuintal/ha|ton/ha|ekor|butir|liter|mm|mm2|hari|kwh|kva|mva|mw|rp|rupiah|unit|buah|batang|pohon|rumpun|tangkai|jiwa/km2|jiwa/km²|orang/km2|per km2|per km²|jiwa per km2|jiwa per km²|°c|ºc|oc|mdpl|m dpl|meter|m/det|m/detik|knot|mb|tahun|menit|jam|keluarga|rumah tangga|kk|pelanggan|buah/unit|lembar|usd|us\$)$`)
	unitSlash  = lazy.Regexp(`^([^/]+)/`)
	anyYear    = lazy.Regexp(`(?:19|20)\d{2}`)
	years      = lazy.Regexp(`\b(?:19|20)\d{2}(?:\s?[/–-]\s?(?:(?:19|20)?\d{2}))?\b`)
)

// unitOf is the unit that a heading or a title names in brackets, without them.
func unitOf(text string) string {
	for _, m := range inBrackets().FindAllStringSubmatch(text, 8) {
		u := strings.TrimSpace(m[1])
		if units().MatchString(u) {
			return u
		}
		if b := unitSlash().FindStringSubmatch(u); b != nil && units().MatchString(strings.TrimSpace(b[1])) {
			return strings.TrimSpace(b[1])
		}
	}
	return ""
}

// yearOf is the one year, or pair of years, that a text names; "" for none or several.
func yearOf(text string) string {
	found := years().FindAllString(text, 4)
	for i := range found {
		found[i] = strings.NewReplacer(" ", "", "–", "-").Replace(found[i])
	}
	found = slices.Compact(found)
	if len(found) == 1 {
		return found[0]
	}
	return ""
}
