package pagetable

import (
	"slices"
	"strings"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
)

// table is the parts of a table put together.
type table struct {
	part
	last       int  // page of its last part
	numbers    int  // last column number met
	contradict bool // its numbers are written in two ways
}

// met takes in the parts of one page, in order: those that could not be read are nil,
// with the zone that they would have been.
func (r *Reader) met(z zone, p *part, page int) {
	if !z.continued {
		r.open = nil
		if p == nil {
			return
		}
		r.tables = append(r.tables, &table{part: *p, last: page, numbers: p.columns[len(p.columns)-1].number})
		r.open = r.tables[len(r.tables)-1]
		return
	}
	t := r.open
	if t == nil || t.number != z.number || page > t.last+1 {
		r.open = nil // whose continuation it is cannot be told
		return
	}
	t.last = page
	if p != nil {
		t.goOn(p)
	}
}

// goOn joins a continuation: more columns for the same rows, or more rows of the same
// columns. Anything else is left out.
func (t *table) goOn(p *part) {
	switch {
	case sameLabels(t.rows, p.rows) && p.columns[0].number > t.numbers:
		if len(t.columns)+len(p.columns) > 3*maxColumns {
			return
		}
		t.columns = append(t.columns, p.columns...)
		for i := range t.rows {
			for _, c := range p.rows[i].cells {
				if p.page != t.rows[i].page {
					c.Page = p.page
				}
				t.rows[i].cells = append(t.rows[i].cells, c)
			}
			t.rows[i].doubt = append(t.rows[i].doubt, p.rows[i].doubt...)
		}
		t.numbers = p.columns[len(p.columns)-1].number
		t.ruled, t.ordered = t.ruled && p.ruled, t.ordered && p.ordered
	case sameHeads(t.columns, p.columns) && len(t.rows)+len(p.rows) <= 5*maxRows && !t.rows[len(t.rows)-1].total:
		for k := range t.columns {
			t.columns[k].numeric = t.columns[k].numeric && p.columns[k].numeric
		}
		t.rows = append(t.rows, p.rows...)
		t.ruled, t.ordered = t.ruled && p.ruled, t.ordered && p.ordered
	}
	if t.source == "" {
		t.source = p.source
	}
	for _, n := range p.notes {
		if !slices.Contains(t.notes, n) {
			t.notes = append(t.notes, n)
		}
	}
}

func sameLabels(a, b []row) bool {
	return slices.EqualFunc(a, b, func(x, y row) bool {
		return slices.EqualFunc(x.label, y.label, func(a, b string) bool {
			return strings.EqualFold(unnumbered(a), unnumbered(b))
		})
	})
}

// unnumbered is a label without the running number that may stand before it.
func unnumbered(label string) string { return leadingCount().ReplaceAllString(label, "") }

var leadingCount = lazy.Regexp(`^\d{1,3}(?:[.)]\s*|\s+)`)

func sameHeads(a, b []column) bool {
	return slices.EqualFunc(a, b, func(x, y column) bool {
		return x.number == y.number && slices.Equal(x.header, y.header)
	})
}

// Tables are the tables of the pages read, in their order, that proved themselves.
func (r *Reader) Tables() []conversation.DataTable {
	right, wrong := 0, 0
	times := map[string]int{}
	r.readNumbers()
	for _, t := range r.tables {
		times[t.number]++
		t.plain(&r.words)
		a, b := t.prove()
		right, wrong = right+a, wrong+b
	}
	var out []conversation.DataTable
	for _, t := range r.tables {
		d, why := t.trusted(right >= 2*wrong)
		if t.contradict {
			why = "numbers contradict"
		}
		if why == "" {
			d.Again = times[t.number] > 1
			out = append(out, d)
		} else {
			r.left(t.page, t.number, why)
		}
	}
	return out
}

// closedBy tells whether the table's totals name years, "Jember 2021", and none of them is
// the title's: then nobody knows of what year its rows are.
func (t *table) closedBy(year string) bool {
	other := false
	for _, r := range t.rows {
		label := r.label[len(r.label)-1]
		if y := anyYear().FindString(label); y != "" && (r.total || totalOrYear().MatchString(label)) {
			if strings.Contains(year, y) {
				return false
			}
			other = year != ""
		}
	}
	return other
}

// trusted is the table with the columns that may be believed; ok is false when there
// are none. In a book whose sums agree elsewhere, a table without sums is believed when
// ruling and order of text both speak for it.
func (t *table) trusted(book bool) (d conversation.DataTable, why string) {
	whole := strings.Join(t.title, " ")
	d = conversation.DataTable{Number: t.number, Title: whole, Page: t.page, Stub: t.stub, Unit: unitOf(whole),
		Source: t.source, Notes: t.notes, Proof: t.proof}
	if t.ruled {
		d.Proof = append(d.Proof, "columns agree with the ruling")
	}
	if t.ordered {
		d.Proof = append(d.Proof, "rows agree with the order of the page's text")
	}
	var keep []int
	titled := yearOf(whole)
	unsure := t.unsure || t.closedBy(titled)
	for k, c := range t.columns {
		x := conversation.DataColumn{Header: c.header}
		for i := len(c.header) - 1; i >= 0; i-- {
			if y := yearOf(c.header[i]); y != "" {
				x.Year = y
				break
			}
		}
		for i := len(c.header) - 1; i >= 0 && x.Unit == ""; i-- {
			x.Unit = unitOf(c.header[i])
		}
		undated := x.Year == "" && unsure
		if x.Year == "" {
			x.Year = titled
		}
		if undated || !c.kept || c.fails || (!c.proved || c.lapses > 0) && !(t.ordered && t.ruled && book) {
			d.Left = append(d.Left, x)
			continue
		}
		keep = append(keep, k)
		d.Columns = append(d.Columns, x)
	}
	seen := map[string]bool{}
	for _, r := range t.rows {
		key := strings.ToLower(strings.Join(r.label, "\x00"))
		if seen[key] {
			return d, "two rows of one name" // two rows that nothing tells apart
		}
		seen[key] = true
		row := conversation.DataRow{Label: r.label, Page: r.page, Total: r.total}
		for _, k := range keep {
			row.Cells = append(row.Cells, r.cells[k])
		}
		d.Rows = append(d.Rows, row)
	}
	if len(keep) == 0 {
		return d, "no column that proved itself"
	}
	return d, ""
}
