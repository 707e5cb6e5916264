package search

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"pst/conversation"
)

// elsewhere tells whether the kind that a table has nil of is named on a page with another
// table of the book.
func (c *Catalogue) elsewhere(ctx context.Context, r *reader, x dataAnswer) (bool, error) {
	row := x.sheet.table.Rows[x.row]
	own := map[int]bool{x.sheet.table.Page: true, row.Page: true}
	for _, other := range x.sheet.table.Rows {
		own[other.Page] = true
		for _, cell := range other.Cells {
			own[cell.Page] = true
		}
	}
	named := x.sheet.cols[x.col]
	if x.sheet.stub == noKind {
		named = x.sheet.rows[x.row]
	}
	need := []query.Query{term(fKind, kindPage), term(fBook, x.sheet.book)}
	for w := range named.stems {
		need = append(need, term(fText, w))
	}
	hits, err := find(ctx, r.idx, bleve.NewConjunctionQuery(need...), maxTables, true)
	if err != nil {
		return false, err
	}
	for _, h := range hits {
		var p pageBody
		if err := p.read(h.body); err != nil {
			return false, fmt.Errorf("read page: %w", err)
		}
		if _, page := splitPageName(h.name); !own[page] && len(p.Titles) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// rival tells whether the book of an answer has a table that tells the same by its title
// and whose numbers are not known, for it is none of the trusted: they may be others.
// Books do tell the people of a desa twice.
func (c *Catalogue) rival(ctx context.Context, r *reader, x dataAnswer) (bool, error) {
	if x.member || len(x.head) == 0 {
		return false, nil
	}
	need := []query.Query{term(fKind, kindPage), term(fBook, x.sheet.book)}
	for _, w := range x.head {
		need = append(need, term(fTable, w))
	}
	hits, err := find(ctx, r.idx, bleve.NewConjunctionQuery(need...), maxTables, true)
	if err != nil {
		return false, err
	}
	r.mu.Lock()
	trusted := map[string]bool{}
	if held := r.sheets[x.sheet.book]; held != nil {
		for _, d := range held.list {
			trusted[d.Number] = true
			left := slices.ContainsFunc(d.Left, func(col conversation.DataColumn) bool {
				ws := keys(r.label(col.Header, "").stems)
				return !slices.ContainsFunc(r.data.content(ws), func(w string) bool { return !slices.Contains(x.head, w) })
			})
			if left && r.heading(d.Title).tells(r.data, x) {
				r.mu.Unlock()
				return true, nil
			}
		}
	}
	r.mu.Unlock()
	for _, h := range hits {
		var p pageBody
		if err := p.read(h.body); err != nil {
			return false, fmt.Errorf("read page: %w", err)
		}
		for _, title := range p.Titles {
			m := tableStart.FindStringSubmatch(strings.TrimSuffix(title, laterMark))
			if m != nil && strings.EqualFold(m[1], "tabel") && !trusted[m[2]] && r.heading(m[3]).tells(r.data, x) {
				return true, nil
			}
		}
	}
	return false, nil
}

// tells tells whether a title is, as far as it says, of the same as an answer.
func (h heading) tells(d dataWords, x dataAnswer) bool {
	if h.other > 0 || len(h.when) > 0 || len(h.years) > 0 && x.year != "" && !slices.Contains(h.years, x.year[len(x.year)-4:]) {
		return false
	}
	said := func(ws []string) bool {
		ws = d.content(ws)
		return len(ws) > 0 && !slices.ContainsFunc(ws, func(w string) bool { return !slices.Contains(x.head, w) && !d.class[w] })
	}
	return said(h.head) || len(h.list) > 1 && slices.ContainsFunc(h.list, said)
}

// toldElsewhere tells whether the same table of another book has the number that an answer
// says is not available.
func (x dataAnswer) toldElsewhere(all []dataAnswer) bool {
	return slices.ContainsFunc(all, func(y dataAnswer) bool {
		return y.sheet.book != x.sheet.book && !y.doubt && !y.unavailable() && y.value() != "-" && y.place == x.place && slices.Equal(x.head, y.head)
	})
}

// leastSame is how many numbers of a row make it the same row in another table.
const leastSame = 3

// misdated tells whether a book of another series has the row of an answer number by number, for
// another year: one of them prints a year that is not its own. A book of 2022 tells of 2021.
func (x dataAnswer) misdated(seen map[*sheet]tableBook) bool {
	usual := func(year string, e edition) bool { return len(year) == 4 && strconv.Itoa(e.Year-1) == year }
	for s, b := range seen {
		if b.entry.Key == x.series || usual(x.year, x.edition) && !usual(s.lastYear(), b.edition) {
			continue
		}
		for r := range s.rows {
			if x.sameNumbers(s, r) {
				return true
			}
		}
	}
	return false
}

// lastYear is the last year that a table's title names.
func (s *sheet) lastYear() string {
	if len(s.title.years) == 0 {
		return ""
	}
	return slices.Max(s.title.years)
}

// sameNumbers tells whether a row prints what the row of an answer does wherever both have
// a column, for another year, and enough numbers for it to be no chance.
func (x dataAnswer) sameNumbers(s *sheet, r int) bool {
	numbers := 0
	for c, col := range x.sheet.cols {
		at := slices.IndexFunc(s.cols, func(l label) bool { return l.key == col.key && l.year == col.year })
		if at < 0 {
			continue
		}
		mine, other := x.sheet.table.Rows[x.row].Cells[c], s.table.Rows[r].Cells[at]
		if mine.Value == "" || other.Value == "" { // "-" and 0
			continue
		}
		year, _ := s.year(r, at)
		if own, _ := x.sheet.year(x.row, c); mine.Value != other.Value || year == own {
			return false
		}
		if len(mine.Value) > 1 {
			numbers++
		}
	}
	return numbers >= leastSame
}
