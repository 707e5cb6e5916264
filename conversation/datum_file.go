package conversation

import (
	"errors"
	"slices"
	"strings"
)

// orderTable sends the table that was confirmed as a file.
func (t *turn) orderTable(p Publication, format string) (string, error) {
	f := t.found()
	table, err := t.store.DataTable(t.ctx, p.ID, f.Table)
	if errors.Is(err, ErrNotFound) || err == nil && p.Strict { // silenced, or pictures alone, since it was asked
		return refuse("datum.no_table", nil)
	}
	if err != nil {
		return "", err
	}
	if !slices.Equal(f.Pages, table.Pages()) { // read anew since then: it is confirmed as it is now
		key := f.Table
		next, err := t.propose(p, table.Pages())
		if err == nil && next == "confirm" {
			f.Table = key
		}
		return next, err
	}
	if next, err := t.profileDue(); next != "" || err != nil {
		return next, err
	}
	code, err := t.reserve(f.Pages, Excerpt{Table: &TableFile{Key: f.Table, Format: format, Head: t.tableHead(p, table)}})
	if code == "" || err != nil {
		return "pages", err
	}
	f.Code, f.Asked = code, nil
	return "delivery", nil
}

// beforeConfirm is where back leads from what is to be confirmed: to the number that a
// table was wished of, else to the pages.
func (t *turn) beforeConfirm() string {
	if ofTable(t) && t.found().Datums != nil {
		return "datum"
	}
	return "pages"
}

// changePages gives up what was to be confirmed for other pages, or for none.
func (t *turn) changePages() (string, error) { return t.beforeConfirm(), nil }

// tableHead are the lines above a table in its file.
func (t *turn) tableHead(p Publication, table DataTable) []string {
	return strings.Split(t.text("table.head", D{
		"Number": table.Number, "Table": cut(oneLine(table.Title), 300), "Unit": cut(table.Unit, 60),
		"Title": cut(oneLine(p.Title), 160),
	}), "\n")
}

// completeTable gives the file of a table its name, and the lines below it: the mark
// that pages carry stands there in words.
func (t *turn) completeTable(e *Excerpt, cited source) {
	if e.Table == nil {
		return
	}
	e.FileName = strings.TrimSuffix(e.FileName, ".pdf") + "_tabel." + e.Table.Format
	e.Table.Foot = strings.Split(t.text("table.foot", D{"Source": cited, "Page": cut(e.Pages.String(), 80), "Code": e.Code,
		"Lines": []string{e.Mark.Footer}}), "\n")
}
