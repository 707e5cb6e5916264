package search

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"pst/conversation"
)

// elsewhere tells whether the kind that a table has nil of is named on a page with another
// table, and with it what is told of the kind, and the month if one is: where areas are
// told, there are no victims.
// A page that does not name the row's place tells nothing of it, nor one of another book
// that does not name the year. Pages of told, the answers that were found, are no others
// where these agree.
func (c *Catalogue) elsewhere(ctx context.Context, r *reader, x dataAnswer, told []dataAnswer) (bool, error) {
	own := map[string]bool{}
	for _, y := range told {
		if y.value() != x.value() || y.place != x.place {
			continue
		}
		for _, page := range y.sheet.pages() {
			own[pageName(y.sheet.book, page)] = true
		}
	}
	named := x.sheet.cols[x.col]
	if x.sheet.stub == noKind {
		named = x.sheet.rows[x.row]
	}
	need := []query.Query{term(fKind, kindPage)}
	for w := range named.stems {
		need = append(need, term(fText, w))
	}
	for _, w := range slices.Concat(x.head, x.sheet.title.when) {
		if !r.data.class[w] {
			need = append(need, term(fText, w))
		}
	}
	hits, err := find(ctx, r.idx, bleve.NewConjunctionQuery(need...), maxTables, true)
	if err != nil || len(hits) == maxTables {
		return true, err
	}
	for _, h := range hits {
		var p pageBody
		if err := p.read(h.body); err != nil {
			return false, fmt.Errorf("read page: %w", err)
		}
		book, page := splitPageName(h.name)
		if own[h.name] || len(p.Titles) == 0 {
			continue
		}
		text, err := c.src.Page(ctx, book, page)
		if err != nil {
			return false, fmt.Errorf("read page: %w", err)
		}
		place, year := x.placeLetters(book != x.sheet.book), ""
		if book != x.sheet.book {
			year = x.year
		}
		if strings.Contains(lettersOf(text.Text), place) && strings.Contains(text.Text, year) {
			return true, nil
		}
	}
	return false, nil
}

// pages are those that a table stands on.
func (s *sheet) pages() []int {
	out := []int{s.table.Page}
	for _, row := range s.table.Rows {
		out = append(out, row.Page)
		for _, cell := range row.Cells {
			out = append(out, cell.Page)
		}
	}
	return out
}

// placeLetters is the letters of the place that an answer's row is; where it is none, of
// the table's area if that is asked for.
func (x dataAnswer) placeLetters(area bool) string {
	row := x.sheet.rows[x.row]
	if x.sheet.stub == noKind || row.total || len(row.levels) == 0 {
		if area && len(x.sheet.area.exact) > 0 {
			return lettersOf(x.sheet.area.exact[0])
		}
		return ""
	}
	labels := x.sheet.table.Rows[x.row].Label
	return lettersOf(ordinal.ReplaceAllString(labels[len(labels)-1], ""))
}

// lettersOf leaves a text its letters, for names are written in one word and in two.
func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, strings.ToLower(text))
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
	if h.other > 0 || len(h.when) > 0 ||
		len(h.years) > 0 && x.year != "" && !slices.Contains(h.years, x.year[len(x.year)-4:]) {
		return false
	}
	said := func(ws []string) bool {
		ws = d.content(ws)
		return len(ws) > 0 && !slices.ContainsFunc(ws, func(w string) bool {
			return !slices.Contains(x.head, w) && !d.class[w]
		})
	}
	return said(h.head) || len(h.list) > 1 && slices.ContainsFunc(h.list, said)
}

// toldElsewhere tells whether the same table of another book has the number that an answer
// says is not available.
func (x dataAnswer) toldElsewhere(all []dataAnswer) bool {
	return slices.ContainsFunc(all, func(y dataAnswer) bool {
		return y.sheet.book != x.sheet.book && !y.doubt && !y.unavailable() && y.value() != "-" &&
			y.place == x.place && slices.Equal(x.head, y.head)
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
