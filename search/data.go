package search

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"pst/conversation"
)

// Bounds of one question for a number.
const (
	maxTables  = 200 // with every word of a question in them; more is no question for one number
	maxBooks   = 24  // whose tables are read for one question
	maxDiffer  = 3   // editions that tell different numbers
	followRun  = 3   // words of the question before that a follow-up replaces
	followSize = 4   // words of a follow-up
)

// followOpening is how a question begins that goes on with the one before.
var followOpening = regexp.MustCompile(`(?i)^\W*(?:(?:kalau|kalo|klo|kl|terus|trus|lalu|dan|nah|bagaimana|gimana|gmn|dengan|dgn|untuk|utk|yang|yg)\b\W*)+`)

// Data implements [conversation.Catalogue]. A cell answers when all that the question says
// is explained by the cell's row, column, title or area, and all that these say is said, or
// is a total, a unit or a year. Without a year the newest one of the newest edition answers.
// Of tables that differ the one whose title says least besides what was asked answers; where
// nothing sets two apart, none does.
func (c *Catalogue) Data(ctx context.Context, q conversation.Query) (out []conversation.Datum, err error) {
	err = c.guarded(ctx, "read data", func(ctx context.Context, r *reader) (err error) {
		out, err = c.datums(ctx, r, q)
		return err
	})
	return out, err
}

func (c *Catalogue) datums(ctx context.Context, r *reader, q conversation.Query) ([]conversation.Datum, error) {
	u := c.understanding(ctx, r)
	has := func(stem string) bool { return r.has(ctx, fCells, stem) }
	text := q.Text
	if q.Before != "" {
		text = followOpening.ReplaceAllString(text, "")
	}
	a := u.ask(text, has)
	if a.barred {
		return nil, nil
	}
	found, err := c.cells(ctx, r, a, q.Publication, "")
	if len(found) == 0 && err == nil && q.Before != "" && len(a.parts) <= followSize {
		found, err = c.followUp(ctx, r, a, u.ask(q.Before, has), q.Publication)
	}
	if len(found) == 0 && err == nil { // a question without a place is of the own kabupaten
		found, err = c.cells(ctx, r, a, q.Publication, c.ownRegency(r))
	}
	if err != nil {
		return nil, err
	}
	return c.data(ctx, found)
}

// ownRegency is the name of the own office's kabupaten, as a table's area.
func (c *Catalogue) ownRegency(r *reader) string {
	for _, ar := range r.areas {
		if ar.office == c.opts.Office && ar.level == regency {
			return r.placeName(ar.name)
		}
	}
	return ""
}

// followUp answers "kalau perempuan?" and "2021?": the question before, with what is
// asked now beside it or in the place of a few words of it.
func (c *Catalogue) followUp(ctx context.Context, r *reader, now, before ask, book string) ([]dataAnswer, error) {
	if before.barred || len(before.parts) == 0 || len(now.parts) == 0 && now.year == "" {
		return nil, nil
	}
	merged := before
	merged.sign = true
	if now.year != "" {
		merged.year = now.year
	}
	merged.said = map[string]bool{}
	for _, said := range []map[string]bool{before.said, now.said} {
		for w := range said {
			merged.said[w] = true
		}
	}
	for n := 0; n <= min(followRun, len(before.parts)-1); n++ {
		var found []dataAnswer
		full := ""
		for i := 0; i+n <= len(before.parts); i++ {
			if n > 0 && len(now.parts) == 0 || n == 0 && i > 0 {
				break
			}
			merged.parts = slices.Concat(before.parts[:i], before.parts[i+n:], now.parts)
			more, err := c.cells(ctx, r, merged, book, "")
			if err != nil {
				return nil, err
			}
			if len(more) > 0 && len(found) > 0 && more[0].value() != found[0].value() {
				return nil, nil // either may be meant
			}
			if len(found) == 0 && len(more) > 0 {
				found, full = more, merged.full()
			}
		}
		for i := range found {
			found[i].asked = full
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}

// kindWords are the words that people write before the name of a place.
var kindWords = map[level]string{village: "desa", hamlet: "dusun", district: "kecamatan", regency: "kabupaten",
	province: "provinsi"}

// full writes a question out, so that another can go on with it.
func (a ask) full() string {
	ws := []string{"jumlah"}
	for _, p := range a.parts {
		if w := kindWords[p.kind]; w != "" {
			ws = append(ws, w)
		}
		ws = append(ws, p.exact...)
	}
	return strings.TrimSpace(strings.Join(append(ws, a.year), " "))
}

// cells finds the cells that answer a question, best first. A question without a place is
// of the kabupaten own; "" for none.
func (c *Catalogue) cells(ctx context.Context, r *reader, a ask, book, own string) ([]dataAnswer, error) {
	books, err := r.tableBooks(ctx, a, book)
	if err != nil || len(books) == 0 {
		return nil, err
	}
	var all []dataAnswer
	var shared *namesakes
	read := map[string]int{} // books of a series that were read
	seen := map[*sheet]tableBook{}
	for _, b := range books {
		if read[b.entry.Key] > 0 && a.year == "" && len(all) > 0 && all[len(all)-1].series == b.entry.Key {
			continue // a newer edition answers
		}
		sheets, err := c.sheets(ctx, r, b)
		if err != nil {
			return nil, err
		}
		read[b.entry.Key]++
		for _, s := range sheets {
			seen[s] = b
			m := r.match(a, s)
			m.inside, m.own = book != "", own
			for _, x := range m.answers() {
				x.edition, x.series = b.edition, b.entry.Key
				all = append(all, x)
				if shared == nil && x.place == s.areaKey() {
					shared = m.shared
				}
			}
		}
	}
	if shared != nil && !a.kindSaid() {
		return c.both(ctx, r, a, *shared, book)
	}
	numbers := slices.ContainsFunc(all, func(x dataAnswer) bool { return !x.none })
	for i := range all {
		all[i].doubt = all[i].doubt || all[i].none && numbers
	}
	told := slices.Clone(all)
	out := choose(a, all)
	if len(out) == 0 || slices.ContainsFunc(out, func(x dataAnswer) bool { return x.misdated(seen) }) {
		return nil, nil
	}
	rival, err := c.rival(ctx, r, out[0])
	if err == nil && !rival && out[0].none {
		rival, err = c.elsewhere(ctx, r, out[0], told)
	}
	if err != nil || rival {
		return nil, err
	}
	return out, nil
}

// namesakes are an area and a place in it of the same name ("Gantung"), of which a
// question does not say which it means.
type namesakes struct {
	part        int // of the question, that names them
	whole, half level
}

// both answers with both namesakes, the larger first, where one table surely tells each
// under the same heading; else with none.
func (c *Catalogue) both(ctx context.Context, r *reader, a ask, n namesakes, book string) ([]dataAnswer, error) {
	if !a.sign { // "penduduk gantung" is a search, whichever is meant
		return nil, nil
	}
	as := a
	reading := func(kind level) ([]dataAnswer, error) {
		as.parts = slices.Clone(a.parts)
		as.parts[n.part].kind = kind
		return c.cells(ctx, r, as, book, "")
	}
	half, err := reading(n.half)
	if err != nil || len(half) != 1 {
		return nil, err
	}
	whole, err := reading(n.whole)
	if err != nil || len(whole) != 1 {
		return nil, err
	}
	s := half[0].sheet // the whole may be told best by a table that has nothing of the half
	for _, x := range r.match(as, s).answers() {
		x.edition, x.series = half[0].edition, half[0].series
		sameRow, sameColumn := x.row == half[0].row, x.col == half[0].col
		if sameRow != sameColumn && x.value() == whole[0].value() && x.year == half[0].year {
			return []dataAnswer{x, half[0]}, nil
		}
	}
	return nil, nil
}

// kindSaid tells whether a question says of what kind one of its places is.
func (a ask) kindSaid() bool {
	return slices.ContainsFunc(a.parts, func(p part) bool { return p.kind != noKind })
}

// choose keeps the answers that are sure.
func choose(a ask, all []dataAnswer) []dataAnswer {
	if len(all) == 0 || !a.sign && !slices.ContainsFunc(all, func(x dataAnswer) bool { return !x.whole() }) {
		return nil
	}
	if a.year == "" {
		newest := slices.MaxFunc(all, func(x, y dataAnswer) int {
			return strings.Compare(lastYearOf(x.year), lastYearOf(y.year))
		}).year
		all = slices.DeleteFunc(all, func(x dataAnswer) bool { return x.year != newest })
	}
	least := slices.MinFunc(all, func(x, y dataAnswer) int { return cmp.Compare(x.cost, y.cost) }).cost
	all = slices.DeleteFunc(all, func(x dataAnswer) bool { return x.cost/costDimension > least/costDimension })
	all = slices.DeleteFunc(all, func(x dataAnswer) bool { return x.unavailable() && x.toldElsewhere(all) })
	slices.SortStableFunc(all, func(x, y dataAnswer) int {
		return cmp.Or(cmp.Compare(flag(x.doubt), flag(y.doubt)), cmp.Compare(y.edition.Year, x.edition.Year),
			cmp.Compare(x.cost, y.cost),
			strings.Compare(x.sheet.book, y.sheet.book), cmp.Compare(x.sheet.at, y.sheet.at))
	})
	var out []dataAnswer
	for _, x := range all {
		if x.doubt {
			if x.place == all[0].place && x.value() != all[0].value() && !confirmed(all, x.sheet) {
				return nil
			}
			continue
		}
		if x.place != all[0].place || x.series != all[0].series && x.value() != all[0].value() {
			return nil
		}
		if slices.ContainsFunc(out, func(y dataAnswer) bool { return y.value() == x.value() }) {
			continue
		}
		for _, y := range out {
			if y.extra != x.extra || y.year != x.year || y.sheet.book == x.sheet.book || y.unit() != x.unit() {
				return nil
			}
		}
		out = append(out, x)
	}
	// "..." is no number; another book may have it, and the page says why it is missing.
	if len(out) > maxDiffer || slices.ContainsFunc(out, dataAnswer.unavailable) {
		return nil
	}
	return out
}

// confirmed tells whether a table of school years has the number of the first answer for
// one of them, so that its other years are not meant.
func confirmed(all []dataAnswer, s *sheet) bool {
	return slices.ContainsFunc(all, func(x dataAnswer) bool {
		return x.doubt && x.sheet == s && x.value() == all[0].value()
	})
}

// unavailable tells whether a cell says that its number is not available: not that there
// is none ("-", the sign for nil in the tables of BPS).
func (x dataAnswer) unavailable() bool {
	c := x.sheet.table.Rows[x.row].Cells[x.col]
	return c.Value == "" && strings.TrimSpace(c.Text) != "" && !c.Nil()
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// whole tells whether an answer is the total of its table.
func (x dataAnswer) whole() bool {
	return x.sheet.rows[x.row].total && (len(x.sheet.cols) == 1 || x.sheet.cols[x.col].total)
}

func lastYearOf(y string) string {
	if y == "" {
		return ""
	}
	return y[len(y)-4:] + y
}

// value is what a cell says, the same for the same number.
func (x dataAnswer) value() string {
	c := x.sheet.table.Rows[x.row].Cells[x.col]
	if f, err := strconv.ParseFloat(c.Value, 64); err == nil {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strings.Join(strings.Fields(c.Text), " ")
}

func (x dataAnswer) unit() string {
	list := keys(x.sheet.cols[x.col].units)
	if len(list) == 0 {
		list = keys(x.sheet.title.units)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// tableBook is a publication with tables that have every word of a question.
type tableBook struct {
	id      string
	entry   *entry
	edition edition
	tables  map[string]bool // by key; nil all
}

// tableBooks finds the publications that may answer, the newest first; those of a
// series follow one another.
func (r *reader) tableBooks(ctx context.Context, a ask, book string) ([]tableBook, error) {
	q := bleve.NewBooleanQuery()
	q.AddMust(term(fKind, kindSheet))
	if book != "" {
		q.AddMust(term(fBook, book))
	}
	for _, p := range a.parts {
		_, unit := dataUnits[p.exact[0]]
		if (unit || p.exact[0] == "stasiun") && len(p.exact) == 1 { // a table need not say it
			continue
		}
		var ways []query.Query
		for _, w := range p.ways {
			var all []query.Query
			for _, x := range w {
				all = append(all, term(fCells, x))
			}
			ways = append(ways, bleve.NewConjunctionQuery(all...))
		}
		q.AddMust(bleve.NewDisjunctionQuery(ways...))
	}
	hits, err := find(ctx, r.idx, q, maxTables+1, false)
	if err != nil || len(hits) > maxTables {
		return nil, err
	}
	byID := map[string]*tableBook{}
	for _, h := range hits {
		id, key := splitSheetName(h.name)
		b := byID[id]
		if b == nil {
			e, err := r.owner(ctx, id)
			if err != nil {
				return nil, err
			}
			if e == nil {
				continue
			}
			b = &tableBook{id: id, entry: e, tables: map[string]bool{}}
			for _, ed := range e.Editions {
				if ed.ID == id {
					b.edition = ed
				}
			}
			byID[id] = b
		}
		b.tables[key] = true
	}
	if len(byID) > maxBooks && a.year == "" {
		return nil, nil
	}
	out := make([]tableBook, 0, len(byID))
	for _, b := range byID {
		out = append(out, *b)
	}
	slices.SortFunc(out, func(x, y tableBook) int {
		return cmp.Or(strings.Compare(x.entry.Key, y.entry.Key), cmp.Compare(y.edition.Year, x.edition.Year),
			strings.Compare(x.id, y.id))
	})
	return out, nil
}

// tabledBook is the tables of a book, each made a sheet when it is first asked.
type tabledBook struct {
	list   []conversation.DataTable
	up     []place
	sheets []*sheet
}

// sheets reads the tables of a book, those read lately from memory.
func (c *Catalogue) sheets(ctx context.Context, r *reader, b tableBook) ([]*sheet, error) {
	r.mu.Lock()
	held := r.sheets[b.id]
	r.mu.Unlock()
	if held == nil {
		list, err := c.src.DataTables(ctx, b.id)
		if err != nil {
			return nil, fmt.Errorf("read tables of %s: %w", b.id, err)
		}
		held = &tabledBook{list: list, up: r.bookPlaces(b.entry.series, list), sheets: make([]*sheet, len(list))}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sheets[b.id] == nil && len(r.sheets) >= maxSheets {
		clear(r.sheets)
	}
	r.sheets[b.id] = held
	var out []*sheet
	for i := range held.list {
		if b.tables != nil && !b.tables[sheetKey(&held.list[i])] {
			continue
		}
		if held.sheets[i] == nil {
			held.sheets[i] = r.sheetOf(held.up, b.id, i, &held.list[i])
		}
		out = append(out, held.sheets[i])
	}
	return out, nil
}

// sheetKey names a table within its book, as its document does.
func sheetKey(d *conversation.DataTable) string { return strings.ReplaceAll(d.Key(), "/", "_") }

// data makes what was found the caller's, from the tables as they are now: one that was
// silenced or read anew since it was remembered answers nothing.
func (c *Catalogue) data(ctx context.Context, found []dataAnswer) ([]conversation.Datum, error) {
	var out []conversation.Datum
	for _, x := range found {
		list, err := c.src.DataTables(ctx, x.sheet.book)
		if err != nil {
			return nil, fmt.Errorf("read tables of %s: %w", x.sheet.book, err)
		}
		i := slices.IndexFunc(list, func(d conversation.DataTable) bool { return sameCell(d, x) })
		if i < 0 {
			return nil, nil
		}
		d := conversation.Datum{Publication: x.sheet.book, Title: x.edition.Title, Edition: x.edition.Year,
			Table: list[i], Row: x.row, Column: x.col, Asked: x.asked}
		if p, err := c.src.Page(ctx, x.sheet.book, d.Page()); err == nil {
			d.Printed = p.Printed
		}
		out = append(out, d)
	}
	return out, nil
}

// sameCell tells whether a table is still the one that an answer was found in.
func sameCell(d conversation.DataTable, x dataAnswer) bool {
	was := x.sheet.table
	return d.Key() == was.Key() && len(d.Rows) == len(was.Rows) && len(d.Columns) == len(was.Columns) &&
		slices.Equal(d.Rows[x.row].Label, was.Rows[x.row].Label) &&
		slices.Equal(d.Columns[x.col].Header, was.Columns[x.col].Header) &&
		d.Rows[x.row].Cells[x.col] == was.Rows[x.row].Cells[x.col]
}
