package store

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pst/conversation"
)

// With no room for another page, what is stored can be read, every change says so
// and changes nothing, and the next one with room succeeds.
func TestAFullFileCanBeReadAndGoesOn(t *testing.T) {
	d := openDesk(t)
	r := d.joins(ani, "ani")
	limit := func(pages string) {
		t.Helper()
		var n int
		err := d.update(t.Context(), func(x *tx) error {
			return x.row(`PRAGMA max_page_count = ` + pages).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // as few as there are
	var full error
	for i := 0; full == nil && i < 10_000; i++ {
		full = d.Put(t.Context(), conversation.Message{ID: fmt.Sprint("f", i), From: budi, Kind: conversation.Text,
			Text: strings.Repeat("x", 4000)})
	}
	wantErr(t, full, conversation.ErrFull)
	if got, err := d.Reader(t.Context(), r); err != nil || got.ID != r {
		t.Errorf("reader %+v, %v", got, err)
	}
	before := d.count(`SELECT count(*) FROM inbox`)
	wantErr(t, d.Put(t.Context(), conversation.Message{ID: "late", From: citra, Kind: conversation.Text,
		Text: strings.Repeat("y", 4000)}), conversation.ErrFull)
	if n := d.count(`SELECT count(*) FROM inbox`); n != before {
		t.Errorf("%d messages, had %d", n, before)
	}
	limit("1000000")
	d.hears(citra, "ada tempat")
}

// A reader who holds a snapshot keeps the log from being folded in; afterwards it is
// cut.
func TestTheLogIsCutAfterALongReader(t *testing.T) {
	d := openDesk(t)
	d.hears(ani, "mulai")
	conn, err := d.read.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "BEGIN"); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := conn.QueryRowContext(t.Context(), `SELECT count(*) FROM inbox`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	size := func() int64 {
		info, err := os.Stat(d.path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	long := strings.Repeat("panjang ", 60_000)
	for i := 0; size() <= mostLog; i++ {
		if err := d.Put(t.Context(), conversation.Message{ID: fmt.Sprint("l", i), From: budi, Kind: conversation.Text,
			Text: long}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := d.Trim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := size(); got > mostLog {
		t.Errorf("the log still has %d bytes", got)
	}
}
