package search

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pst/conversation"
)

// DataSeries implements [conversation.Catalogue]. A cell is the same where the table tells
// the same of the same place and its row and column say the same, wherever they stand; its
// unit must be the same, too. Where editions differ in a year the newest one's value
// stands, for it corrects the older; a year that one edition tells twice, in different
// numbers, is left to the others.
func (c *Catalogue) DataSeries(ctx context.Context, d conversation.Datum) (out []conversation.Datum, err error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	r := c.acquire()
	if r == nil {
		return nil, fmt.Errorf("read data series: %w", conversation.ErrPreparing)
	}
	defer func() { _ = r.release() }()
	e, err := r.owner(ctx, d.Publication)
	if err != nil {
		return nil, fmt.Errorf("read data series: %w", err)
	}
	if e == nil || d.Row >= len(d.Table.Rows) || d.Column >= len(d.Table.Columns) {
		return nil, nil
	}
	asked := r.sheetsOf(e.series, d.Publication, []conversation.DataTable{d.Table})[0]
	want := asked.tells(d.Row, d.Column)
	years := map[string]dataAnswer{}
	for _, ed := range e.Editions {
		if !ed.Held {
			continue
		}
		sheets, err := c.sheets(ctx, r, tableBook{id: ed.ID, entry: e, edition: ed})
		if err != nil {
			return nil, err
		}
		for year, x := range oneAYear(sheets, want) {
			if _, newer := years[year]; !newer {
				x.edition = ed
				years[year] = x
			}
		}
	}
	for _, year := range slices.SortedFunc(maps.Keys(years), func(a, b string) int {
		return strings.Compare(lastYearOf(a), lastYearOf(b))
	}) {
		one, err := c.data(ctx, []dataAnswer{years[year]})
		if err != nil {
			return nil, err
		}
		out = append(out, one...)
	}
	return out, nil
}

// oneAYear finds the cells of an edition that tell something, by their years.
func oneAYear(sheets []*sheet, want string) map[string]dataAnswer {
	found, twice := map[string]dataAnswer{}, map[string]bool{}
	for _, s := range sheets {
		for r := range s.rows {
			for c := range s.cols {
				year, sure := s.year(r, c)
				if year == "" || !sure || s.tells(r, c) != want {
					continue
				}
				x := dataAnswer{sheet: s, row: r, col: c, year: year}
				if have, ok := found[year]; ok && have.value() != x.value() {
					twice[year] = true
				} else if !ok {
					found[year] = x
				}
			}
		}
	}
	maps.DeleteFunc(found, func(year string, _ dataAnswer) bool { return twice[year] })
	return found
}

// tells writes what a cell tells, in words: the same for the same measure of the same
// place, whatever year it is for.
func (s *sheet) tells(r, c int) string {
	set := func(list []string) string {
		list = slices.DeleteFunc(slices.Clone(list), func(w string) bool {
			_, kind := placeKinds[w]
			return kind || yearLike.MatchString(w)
		})
		slices.Sort(list)
		return strings.Join(slices.Compact(list), " ")
	}
	row := s.rows[r].key
	if s.rows[r].total {
		row = "total"
	}
	unit := dataAnswer{sheet: s, row: r, col: c}.unit()
	return strings.Join([]string{s.area.key(), set(s.title.head), set(s.title.broken), set(s.title.source), row,
		s.cols[c].key, unit}, " | ")
}
