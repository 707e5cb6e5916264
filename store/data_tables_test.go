package store

import (
	"testing"

	"pst/conversation"
)

// Tables that an older version of the reading made are read anew, once, and only while
// the publication has the file that they were read from.
func TestTablesOfAnOlderReadingAreReadAnew(t *testing.T) {
	db := openDesk(t).DB
	ctx := t.Context()
	p := conversation.Publication{ID: "a", Title: "Gantung Dalam Angka 2022", File: "a.pdf", SHA256: "aa", Pages: 1}
	c := conversation.Contents{Pages: []conversation.Page{{Number: 1, Text: "Tabel 3.1"}}, TablesRead: 1}
	if _, err := db.SavePublication(ctx, p, &c); err != nil {
		t.Fatal(err)
	}
	stale := func(version, want int) {
		t.Helper()
		got, err := db.StaleTables(ctx, version)
		if err != nil || len(got) != want {
			t.Errorf("to be read by version %d: %v, %v; want %d", version, got, err, want)
		}
	}
	stale(1, 0)
	stale(2, 1)
	tables := []conversation.DataTable{{Number: "3.1", Title: "Penduduk", Page: 1}}
	other := p
	other.SHA256 = "bb"
	if err := db.SaveDataTables(ctx, other, tables, 2); err != nil {
		t.Fatal(err)
	}
	stale(2, 1)
	if err := db.SaveDataTables(ctx, p, tables, 2); err != nil {
		t.Fatal(err)
	}
	stale(2, 0)
	got, err := db.DataTables(ctx, "a")
	if err != nil || len(got) != 1 || got[0].Number != "3.1" {
		t.Errorf("got %v, %v", got, err)
	}
}
