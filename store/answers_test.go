package store

import (
	"testing"
	"time"

	"pst/conversation"
)

// tabled lays in a publication with a table on its pages 3 and 4.
func (d *desk) tabled(id string) {
	d.tb.Helper()
	p := conversation.Publication{ID: id, Office: "1906", Title: "Buku " + id, File: id + ".pdf", SHA256: id, Pages: 10}
	c := conversation.Contents{Tables: []conversation.DataTable{{
		Number: "2.1", Title: "Penduduk", Page: 3,
		Columns: []conversation.DataColumn{{Header: []string{"Jumlah"}, Year: "2022"}},
		Rows: []conversation.DataRow{
			{Label: []string{"Gantung"}, Page: 3, Cells: []conversation.DataCell{{Text: "27 914", Value: "27914"}}},
			{Label: []string{"Lenggang"}, Page: 4, Cells: []conversation.DataCell{{Text: "12", Value: "12"}}},
		},
	}}}
	for n := range 10 {
		c.Pages = append(c.Pages, conversation.Page{Number: n + 1, Text: id})
	}
	if _, err := d.SavePublication(d.tb.Context(), p, &c); err != nil {
		d.tb.Fatal(err)
	}
}

func told(code, publication string) conversation.RecordAnswer {
	return conversation.RecordAnswer{Answer: conversation.DatumAnswer{
		Code: code, At: time.Date(2026, 11, 23, 2, 40, 7, 0, time.UTC),
		Cells: []conversation.AnswerCell{
			{Publication: publication, Table: "2.1", Row: "Gantung", Column: "Jumlah", Value: "27 914"},
		},
	}}
}

func TestAnAnswerIsFoundByItsCodeAndNamesNobody(t *testing.T) {
	d := openDesk(t)
	d.tabled("a")
	d.does(ani, told("K7Q2M9", "a"))
	a, err := d.Answer(t.Context(), "K7Q2M9")
	if err != nil || len(a.Cells) != 1 || a.Cells[0] != told("", "a").Answer.Cells[0] || a.At.Minute() != 0 {
		t.Errorf("found %+v, %v; its time is kept to the hour", a, err)
	}
	wantErr(t, d.answer(budi, told("K7Q2M9", "a")), conversation.ErrConflict)
	_, err = d.Answer(t.Context(), "AAAAA1")
	wantErr(t, err, conversation.ErrNotFound)
	for range 5 {
		d.clock.forward(24 * time.Hour)
		d.hears(ani, "halo") // the clock is believed
	}
	if _, err := d.Purge(t.Context(), d.clock.Now(), Retention{Searches: 48 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	_, err = d.Answer(t.Context(), "K7Q2M9")
	wantErr(t, err, conversation.ErrNotFound)
}

func TestASilentTableAnswersNobodyUntilItIsTrustedAgain(t *testing.T) {
	d := openDesk(t)
	d.tabled("a")
	reader := d.joins(ani, "ani")
	before, err := d.CatalogueVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	order := d.excerpt("AAAAAAAAAA", reader, "a", 3, 4)
	order.Excerpt.Table = &conversation.TableFile{Key: "2.1", Format: "csv"}
	d.does(ani, order, conversation.Send{To: ani, Text: "berkas", Excerpt: "AAAAAAAAAA"})
	if out := d.out(); len(out) != 1 || out[0].Order.Data == nil ||
		out[0].Order.Table.Format != "csv" || out[0].Order.Data.Key() != "2.1" {
		t.Fatalf("the table is not sent: %+v", out)
	}
	silence := conversation.SilenceTable{Publication: "a", Table: "2.1", Silent: true, At: d.clock.Now()}
	for range 2 { // said twice it is once
		d.does(budi, silence)
	}
	after, err := d.CatalogueVersion(t.Context())
	if err != nil || after != before+1 {
		t.Errorf("the catalogue has version %d after %d, %v; its index must hear of it once", after, before, err)
	}
	_, err = d.DataTable(t.Context(), "a", "2.1")
	wantErr(t, err, conversation.ErrNotFound)
	if list, err := d.DataTables(t.Context(), "a"); err != nil || len(list) != 0 {
		t.Errorf("%d tables, %v", len(list), err)
	}
	if out := d.out(); len(out) != 1 || out[0].Order == nil || out[0].Order.Data != nil || out[0].Order.File != "" {
		t.Errorf("a table that was silenced on the way is sent: %+v", out)
	}
	d.tabled("a") // read anew, it stays silent
	list, err := d.SilentTables(t.Context())
	if err != nil || len(list) != 1 || list[0].Table != "2.1" || list[0].Since.IsZero() {
		t.Errorf("silent are %+v, %v", list, err)
	}
	silence.Silent = false
	d.does(budi, silence)
	if table, err := d.DataTable(t.Context(), "a", "2.1"); err != nil || table.Title != "Penduduk" {
		t.Errorf("trusted again: %+v, %v", table, err)
	}
	if out := d.out(); len(out) != 1 || out[0].Order.Data == nil {
		t.Errorf("it can be sent again: %+v", out)
	}
}

// TestATableAsAFileCountsAsItsPages: the ledger looks again in the transaction.
func TestATableAsAFileCountsAsItsPages(t *testing.T) {
	d := openDesk(t)
	d.tabled("a") // 10 pages: two may be had
	reader := d.joins(ani, "ani")
	d.does(ani, d.excerpt("AAAAAAAAAA", reader, "a", 1))
	order := d.excerpt("BBBBBBBBBB", reader, "a", 3, 4)
	order.Excerpt.Table = &conversation.TableFile{Key: "2.1", Format: "xlsx"}
	wantErr(t, d.answer(ani, order), conversation.ErrConflict)
	if got := d.owned(reader, "a"); got != "1" {
		t.Errorf("owned are %s", got)
	}
}

func TestSilenceGoesWithARecordThatBecomesAnother(t *testing.T) {
	d := openDesk(t)
	d.tabled("a")
	d.does(budi, told("K7Q2M9", "a"),
		conversation.SilenceTable{Publication: "a", Table: "2.1", Silent: true, At: d.clock.Now()})
	d.tabled("b")
	if changed, err := d.MergePublications(t.Context(), "a", "b"); !changed || err != nil {
		t.Fatal(changed, err)
	}
	_, err := d.DataTable(t.Context(), "b", "2.1")
	wantErr(t, err, conversation.ErrNotFound)
	if a, err := d.Answer(t.Context(), "K7Q2M9"); err != nil || a.Cells[0].Publication != "b" {
		t.Errorf("the answer is of %+v, %v", a, err)
	}
}
