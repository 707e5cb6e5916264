package conversation

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"pst/conversation/nlu"
)

// A question that one cell of a trusted table answers gets the number before the
// publications it may stand in. The number is content of a page: as with what else is
// inside, nobody gets it who is not registered, not even where search is open to all,
// which the office chose for titles. It is no page, though: with its source it is what
// anybody may quote, and takes nothing of the right to excerpts. The table as a file is
// a copy of its pages and counts as they do.

// DatumsShown is the number, or the few that editions differ in, that a chat was told.
type DatumsShown struct {
	Code  string     `json:"code"`            // of the answer, see [DatumAnswer]
	Cells []DatumRef `json:"cells"`           // the best first
	Years bool       `json:"years,omitempty"` // other years are known
	// What the list of years told, oldest first, and its code.
	Series     []DatumRef `json:"series,omitempty"`
	SeriesCode string     `json:"series_code,omitempty"`
	// Asked is the question in full, when it went on with the one before it.
	Asked string `json:"asked,omitempty"`
}

// DatumRef is where a cell stands that somebody was told.
type DatumRef struct {
	Publication string `json:"publication"`
	Table       string `json:"table"` // its [DataTable.Key]
	Row         int    `json:"row"`
	Column      int    `json:"column"`
	Text        string `json:"text"` // as it was told
	Printed     string `json:"printed,omitempty"`
}

// datumsMost is how many editions that differ are told at once.
const datumsMost = 2

func refOf(d Datum) DatumRef {
	return DatumRef{d.Publication, d.Table.Key(), d.Row, d.Column, d.Cell().Text, d.Printed}
}

// datum finds a cell again. ErrNotFound: its table is silent or gone, or has another
// number there now.
func (t *turn) datum(r DatumRef) (Datum, error) {
	p, err := t.load(r.Publication)
	if err != nil {
		return Datum{}, err
	}
	table, err := t.store.DataTable(t.ctx, r.Publication, r.Table)
	if err != nil {
		return Datum{}, err
	}
	d := Datum{Publication: p.ID, Title: p.Title, Edition: p.Year,
		Table: table, Row: r.Row, Column: r.Column, Printed: r.Printed}
	if !d.there() || d.Cell().Text != r.Text {
		return Datum{}, ErrNotFound
	}
	return d, nil
}

// datums finds cells again; those that are no longer there are left out.
func (t *turn) datums(refs []DatumRef) ([]Datum, error) {
	var out []Datum
	for _, r := range refs {
		d, err := t.datum(r)
		switch {
		case err == nil:
			out = append(out, d)
		case !errors.Is(err, ErrNotFound):
			return nil, err
		}
	}
	return out, nil
}

// askDatums asks the trusted tables for the number that a search is for, and keeps the
// answer with its code; none where there is none, or the person is not registered.
func (t *turn) askDatums(f *Find) error {
	if t.s.Reader == 0 {
		return nil
	}
	q := Query{Text: f.Query, Before: f.Before}
	if within(q.Text, q.Before) { // "penduduk" after "berapa penduduk gantung" is no question for the same number
		q.Before = ""
	}
	_, err := t.keepDatums(f, q)
	return err
}

// within tells whether a text has no word that the other has not.
func within(text, other string) bool {
	said := strings.Fields(plain(other))
	return !slices.ContainsFunc(strings.Fields(plain(text)), func(w string) bool { return !slices.Contains(said, w) })
}

// askInside asks the tables of the book at hand for a number.
func (t *turn) askInside() (told bool, err error) {
	if t.s.Reader == 0 || !t.message().AsksNumber() {
		return false, nil
	}
	f := t.found()
	return t.keepDatums(f, Query{Text: cut(oneLine(t.request()), queryMax), Publication: f.Pub})
}

// keepDatums asks for a number, and keeps the answer in the search.
func (t *turn) keepDatums(f *Find, q Query) (told bool, err error) {
	found, err := t.catalogue.Data(t.ctx, q)
	if err != nil && !errors.Is(err, ErrPreparing) {
		return false, err
	}
	cells, err := t.standing(found)
	if err != nil {
		return false, err
	}
	if len(cells) == 0 {
		if t.lexicon.Hear(q.Text).AsksNumber() {
			t.tally(datumSilent)
		}
		return false, nil
	}
	series, err := t.catalogue.DataSeries(t.ctx, cells[0])
	if err != nil && !errors.Is(err, ErrPreparing) {
		return false, err
	}
	f.Datums = &DatumsShown{Years: len(series) > 1, Asked: cut(cells[0].Asked, queryMax)}
	cells = cells[:min(len(cells), datumsMost)]
	f.Datums.Cells, f.Datums.Code, err = t.keepAnswer(cells)
	f.Pub, f.Editions = cells[0].Publication, nil
	if i := slices.IndexFunc(f.Hits, func(h FindHit) bool { return h.ID == f.Pub }); i >= 0 {
		f.Editions = f.Hits[i].Editions
	}
	t.tally(datumGiven)
	return err == nil, err
}

// standing are the cells that the store has as they are told: what the index knows may
// be older than what staff silenced.
func (t *turn) standing(found []Datum) ([]Datum, error) {
	var refs []DatumRef
	for _, d := range found {
		if d.there() && (d.Cell().Value != "" || d.Cell().Nil()) {
			refs = append(refs, refOf(d))
		}
	}
	list, err := t.datums(refs)
	for i := range list { // what was asked is not of the table
		for _, d := range found {
			if d.there() && refOf(d) == refOf(list[i]) {
				list[i].Asked = d.Asked
			}
		}
	}
	return list, err
}

// shownDatums are the cells at hand; none when they are gone.
func (t *turn) shownDatums() []Datum {
	f := t.found()
	if f.Datums == nil {
		return nil
	}
	list, err := t.datums(f.Datums.Cells)
	if err != nil {
		t.fault = err
	}
	return list
}

func datumText(t *turn) string {
	if len(t.shownDatums()) == 0 {
		return "datum.gone"
	}
	return "datum"
}

func datumData(t *turn) D {
	list := t.shownDatums()
	if len(list) == 0 {
		return D{}
	}
	width := 160 / len(list)
	var cells []D
	for _, d := range list {
		cells = append(cells, t.datumLine(d, width))
	}
	return D{"Cells": cells, "Code": t.found().Datums.Code, "Namesakes": namesakes(list)}
}

// namesakes tells whether numbers are of two places of one table that bear one name.
func namesakes(list []Datum) bool {
	return len(list) > 1 && list[0].Publication == list[1].Publication && list[0].Table.Key() == list[1].Table.Key()
}

// datumLine is a cell with where it stands, in the table's own words, each of which is
// cut to width characters.
func (t *turn) datumLine(d Datum, width int) D {
	p, err := t.load(d.Publication)
	if err != nil {
		t.fault = err
	}
	tell := func(s string, n int) string { return disarmed(cut(oneLine(s), n)) } // "Krisan*" has a footnote
	return D{"Value": disarmed(oneLine(d.Cell().Text)), "Nil": d.Cell().Nil(),
		"Unit": tell(d.Unit(), width/4), "Year": d.Year(),
		"Row": tell(d.rowWords(), width/2), "Column": tell(d.columnWords(), width/2),
		"Number": d.Table.Number, "Table": tell(d.Table.Title, width),
		"Title": tell(t.office.shortArea(oneLine(d.Title)), width*3/4), "Page": d.Page(), "Printed": d.Printed,
		"Source": tell(d.Table.SourceLine(), width*3/4), "Office": cut(t.office.Publisher(p.Office), 60)}
}

// datumOf is the code of the answer at hand, so that a button under an older one sends
// nothing else.
func datumOf(t *turn) string {
	if d := t.found().Datums; d != nil {
		return d.Code
	}
	return ""
}

// beforeDatum is where back leads from a number: the hits, where there are any.
func (t *turn) beforeDatum() string {
	if hasResults(t) {
		return "results"
	}
	return "search"
}

func hasYears(t *turn) bool { return t.found().Datums != nil && t.found().Datums.Years }

// hasDatum: the number at hand is there still.
func hasDatum(t *turn) bool { return len(t.shownDatums()) > 0 }

// mayHaveTable: tables of publications that are pictures alone are no files.
func mayHaveTable(t *turn) bool {
	p, err := t.publication()
	return err == nil && !p.Strict && hasDatum(t)
}

// takeDatumPage proposes the page that the number stands on.
func (t *turn) takeDatumPage() (string, error) {
	list := t.shownDatums()
	if len(list) == 0 {
		return "datum", nil
	}
	t.pickDatum(list[0])
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	return t.propose(p, NewPageSet(list[0].Page()))
}

// pickDatum makes the publication of a number the one at hand.
func (t *turn) pickDatum(d Datum) {
	f := t.found()
	f.Pub, f.Best = d.Publication, &PageHit{Page: d.Page(), Printed: d.Printed, Table: cut(oneLine(d.Table.Title), 60)}
	f.Inside, f.PageHits, f.Pages, f.Asked = "", nil, nil, nil
}

// takeDatumTable proposes the table of the number as a file. It counts as the pages that
// it stands on.
func (t *turn) takeDatumTable() (string, error) {
	list := t.shownDatums()
	if len(list) == 0 {
		return "datum", nil
	}
	t.pickDatum(list[0])
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	if p.Strict {
		return refuse("datum.strict", nil)
	}
	next, err := t.propose(p, list[0].Table.Pages())
	if err == nil && next == "confirm" {
		t.found().Table = list[0].Table.Key()
	}
	return next, err
}

// openDatumBook shows the publication that the number is from.
func (t *turn) openDatumBook() (string, error) {
	if list := t.shownDatums(); len(list) > 0 {
		t.pickDatum(list[0])
	}
	return "details", nil
}

// sourceOfDatum says where the number is from.
func (t *turn) sourceOfDatum() (string, error) {
	t.quiet = true
	t.sayDatumSource()
	return t.s.State, nil
}

func (t *turn) sayDatumSource() {
	if list := t.shownDatums(); len(list) > 0 {
		t.say("datum.source", t.datumLine(list[0], 160))
	} else {
		t.say("datum.gone", nil)
		t.quiet = false
	}
}

// datumSlot finds what is wanted of the number in a sentence.
func datumSlot(t *turn) (key string, sure bool) {
	wanted := map[nlu.About]string{
		nlu.Doubt: "doubt", nlu.Source: "source", nlu.OverTime: "years", nlu.Sheet: "table",
	}
	key = wanted[t.message().AboutNumber()]
	return key, true
}

// readDatum takes pages of the book, and else another question: what it leaves out is
// as in the one before.
func (t *turn) readDatum() (string, error) {
	if want, ok := t.pagesMeant(t.table["datum"]); ok {
		return t.takePages(want)
	}
	if word(t.in) != "" && numeral(t.in) != "" && len(numeral(t.in)) != len("2026") ||
		letters(t.in)+countDigits(t.in) < queryMin {
		return refuse("choose", nil)
	}
	t.in = anotherPlace.ReplaceAllString(t.in, "$1 ")
	return t.seek()
}

// anotherPlace is how the place is changed: "desa lain: selinsing".
var anotherPlace = regexp.MustCompile(`(?i)\b(desa|kelurahan|kecamatan|kabupaten|dusun|tahun) lain(?:nya)?\s*[:,-]\s*`)

// there tells whether the cell is one of its table.
func (d Datum) there() bool {
	return d.Row >= 0 && d.Row < len(d.Table.Rows) && d.Column >= 0 && d.Column < len(d.Table.Columns) &&
		d.Column < len(d.Table.Rows[d.Row].Cells)
}

// rowWords are the label of the cell's row, "Gantung, Lenggang".
func (d Datum) rowWords() string { return oneLine(strings.Join(d.Table.Rows[d.Row].Label, ", ")) }

// columnWords are the headings over the cell, "Penduduk, Perempuan", without a year,
// which is told by itself.
func (d Datum) columnWords() string {
	heads := slices.DeleteFunc(slices.Clone(d.Table.Columns[d.Column].Header), func(h string) bool {
		return oneLine(h) == d.Year()
	})
	return oneLine(strings.Join(heads, ", "))
}

// SourceLine is the line that names the source, with the word for it, which a page may
// print apart; empty where there is none.
func (t DataTable) SourceLine() string {
	line := oneLine(t.Source)
	first := strings.ToLower(line)
	if line == "" || strings.HasPrefix(first, "sumber") || strings.HasPrefix(first, "source") {
		return line
	}
	return "Sumber: " + line
}

// Pages are the pages that a table stands on.
func (t DataTable) Pages() PageSet {
	pages := []int{t.Page}
	for _, r := range t.Rows {
		pages = append(pages, r.Page)
	}
	return NewPageSet(pages...)
}
