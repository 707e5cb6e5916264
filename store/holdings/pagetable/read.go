package pagetable

import (
	"math"
	"strings"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
)

var totalLabel = lazy.Regexp(`(?i)^(?:jumlah|total|kabupaten|kecamatan|kelurahan|desa|kota|provinsi|indonesia|rata-rata)\b`)

// read reads one table of the page; nil when it is not plain.
func (s *sheet) read(z zone) (p *part, why string) {
	body := s.body(z)
	ruled := s.bands(z)
	bands := ruled
	if bands == nil {
		if bands = s.clusters(z, body); bands == nil {
			return nil, "columns cannot be told apart"
		}
		widen(bands)
	}
	strands, ok := s.strands(body, bands)
	if !ok {
		return nil, "words between columns"
	}
	values := s.valueLines(strands)
	if len(values) < 2 {
		return nil, "lines of values cannot be told apart"
	}
	top, ok := s.top(z, bands)
	if !ok {
		return nil, "headings have no beginning"
	}
	heads, why := s.headings(z, bands, top)
	if heads == nil {
		return nil, why
	}
	lines := s.stubLines(strands[0].words)
	rows := s.labels(lines, values, s.rowBoxes(bands[0], values))
	if rows == nil {
		return nil, "labels not plain"
	}
	title, unsure := s.title(z, top)
	p = &part{page: s.Number, number: z.number, continued: z.continued, title: []string{title}, unsure: unsure,
		stub: strings.Join(heads[0], " "), ruled: ruled != nil}
	if !z.continued && p.title[0] == "" {
		return nil, "no title"
	}
	p.ordered = ordered(rows, values)
	p.source, p.notes = s.foot(z)
	for k := 1; k < len(bands); k++ {
		p.columns = append(p.columns, column{header: heads[k], number: z.anchors[k].number, numeric: strands[k].numeric})
	}
	for i, cells := range values {
		r := row{label: rows[i].label, page: s.Number}
		for _, c := range cells[1:] {
			r.cells = append(r.cells, conversation.DataCell{Text: c.text})
			r.doubt = append(r.doubt, c.doubt)
		}
		p.rows = append(p.rows, r)
	}
	last := len(p.rows) - 1
	if own := p.rows[last].label; totalLabel().MatchString(own[len(own)-1]) {
		p.rows[last].total = true
	}
	return p, ""
}

// widen lets bands that were measured from their print reach half way to the next.
func widen(bands []band) {
	for i := 1; i < len(bands); i++ {
		m := (bands[i-1].x1 + bands[i].x0) / 2
		bands[i-1].x1, bands[i].x0 = m, m
	}
	bands[0].x0 -= 5
	bands[len(bands)-1].x1 += 20
}

// ordered tells whether the page gives its text as the rows were read: the label, then
// the values from left to right, then the next row. Who made the page wrote the cells
// in that order, wherever they stand: it is a second reading.
func ordered(rows []named, values [][]cell) bool {
	last := -1
	for i, cells := range values {
		from, to := extent(cells)
		for _, l := range rows[i].lines {
			if l.at < last || l.end > from && !l.foreign {
				return false
			}
		}
		at := -1
		for _, c := range cells {
			if len(c.words) == 0 {
				continue
			}
			if c.at < at {
				return false
			}
			at = c.end
		}
		last = to
	}
	return true
}

// footMark is what is left of the word for a note or a source, without its English.
var footMark = lazy.Regexp(`(?i)^(?:(?:catatan|keterangan|notes?|sumber|sources?)\b[\s/:]*)+`)

var footWord = lazy.Regexp(`(?i)^(catatan|keterangan|note|sumber|source)(?:\s*/?\s*(?:note|source|notes|sources)\s*:?|\s*:|\s*$)\s*`)

// foot are the notes and the source below a table.
func (s *sheet) foot(z zone) (source string, notes []string) {
	if math.IsInf(z.bottom, 0) {
		return "", nil
	}
	kind := ""
	var words []word
	keep := func() {
		text := strings.TrimLeft(s.own(words), ":/ ")
		text = strings.TrimLeft(footMark().ReplaceAllString(text, ""), ":/ ")
		switch {
		case text == "" || none().MatchString(text):
		case kind == "sumber" && source == "":
			source = text
		case kind == "catatan":
			notes = append(notes, text)
		}
		words = nil
	}
	for _, l := range s.lines {
		if l.base > z.bottom+0.1 {
			continue
		}
		text := lineText(l)
		if runningFoot().MatchString(text) && kind != "" && len(words) > 0 && words[len(words)-1].base-l.base > 3*s.em {
			break
		}
		if m := footWord().FindStringSubmatch(text); m != nil {
			keep()
			switch strings.ToLower(m[1]) {
			case "sumber", "source":
				kind = "sumber"
			default:
				kind = "catatan"
			}
		} else if kind == "" || len(words) == 0 || words[len(words)-1].base-l.base > 2.2*s.em {
			break
		}
		words = append(words, l.words...)
	}
	keep()
	return source, notes
}
