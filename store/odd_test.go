package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// odd are values that stand in no column of the desk's own making.
var odd = map[string]string{"words": "'kemarin'", "bytes": "x'02'", "a fraction": "1.5",
	"beyond": "9223372036854775807", "below": "-7",
	"no letters": "CAST(x'ff' AS TEXT)", "nothing": "NULL"}

// A column of somebody's row that is odd stops nothing for others, whichever it is: each
// is spoilt in turn, and the desk's whole work is done for somebody else. PST_ODD=1 tries
// every kind of odd value in every column.
func TestAnOddColumnStopsNobody(t *testing.T) {
	made := openDesk(t)
	fullLife(made)
	made.hears(ani, "menunggu")
	columns := allColumns(t, made.DB)
	numbers := map[string]bool{}
	err := made.each(t.Context(), `SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE c.type = 'INTEGER' AND NOT c.pk`, nil, func(row scanner) error {
		var name string
		err := row.Scan(&name)
		numbers[name] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range columns {
		table, column, _ := strings.Cut(c, ".")
		if table == "meta" || table == "pages" && column == "text" {
			continue // one row a program; tried elsewhere
		}
		for name, value := range odd {
			if os.Getenv("PST_ODD") == "" && (name != "a fraction" || !numbers[c]) {
				continue // all of them take minutes
			}
			t.Run(c+" "+name, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "pst.db")
				whole, err := os.ReadFile(made.path)
				if err == nil {
					err = os.WriteFile(path, whole, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
				db, err := Open(t.Context(), path, Options{Secret: testSecret, Now: made.clock.Now})
				if err != nil {
					t.Fatal(err)
				}
				d := &desk{DB: db, clock: made.clock, tb: t, n: made.n}
				defer d.Close()
				err = d.update(t.Context(), func(x *tx) error {
					_, err := x.exec(`UPDATE ` + table + ` SET ` + column + ` = ` + value + ` WHERE rowid = (SELECT min(rowid) FROM ` +
						table + `)`)
					return err
				})
				if err != nil {
					t.Skip("the table does not take it")
				}
				workGoesOn(t, d)
			})
		}
	}
}

// workGoesOn does for somebody what the desk does, and all that it does for all.
func workGoesOn(t *testing.T, d *desk) {
	t.Helper()
	ctx := t.Context()
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := d.Sweep(ctx, d.clock.Now())
	try("sweep", err)
	d.book("q", 50)
	r := d.joins(citra, "citra")
	m := d.hears(citra, "halo")
	found := false
	waiting, err := d.Waiting(ctx, []string{conversation.Telegram, conversation.WhatsApp, conversation.Desk}, nil, 100)
	try("list what waits", err)
	for _, w := range waiting {
		found = found || w.From == citra && w.ID == m.ID
	}
	if !found {
		t.Errorf("her message does not wait: %+v", waiting)
	}
	s, err := d.Session(ctx, citra)
	try("her session", err)
	ticket := conversation.Ticket{ID: "ADU-261123-XYZ", Kind: conversation.KindComplaint, Chat: citra, Category: "saran",
		Text:  "kursi",
		State: conversation.StateNew, OpenedAt: d.clock.Now()}
	try("her turn", d.Commit(ctx, conversation.Turn{Message: m, Session: s, Effects: []conversation.Effect{
		conversation.OpenTicket{Ticket: ticket}, d.excerpt("ZZZZ", r, "q", 1), conversation.Send{To: citra, Text: "baik"}}}))
	found = false
	out, err := d.Out(ctx, []string{conversation.Telegram, conversation.WhatsApp, conversation.Mail}, nil, d.clock.Now(),
		100)
	try("list letters", err)
	for _, l := range out {
		if l.Send.To == citra && l.Send.Text == "baik" {
			found = true
			try("mark sent", d.MarkSent(ctx, l.ID, conversation.Sent{PlatformID: "1", At: d.clock.Now()}))
		}
	}
	if !found {
		t.Errorf("her letter is not due: %+v", out)
	}
	open, err := d.OpenTickets(ctx)
	try("open tickets", err)
	if !strings.Contains(fmt.Sprint(open), ticket.ID) {
		t.Error("her ticket is not open")
	}
	_, err = d.Tickets(ctx, citra, r)
	try("her tickets", err)
	_, err = d.Excerpts(ctx, r)
	try("her excerpts", err)
	for _, err := range d.Readers(ctx) {
		try("readers", err)
	}
	for _, err := range d.Publications(ctx) {
		try("publications", err)
	}
	_, err = d.SweepWishes(ctx, 99)
	try("wishes", err)
	_, err = d.Lessons(ctx)
	try("lessons", err)
	_, err = d.Frozen(ctx)
	try("frozen readers", err)
	_, err = d.Newest(ctx)
	try("the newest time", err)
	_, _, err = d.Changed(ctx, 0)
	try("what changed", err)
	_, err = d.TicketsByTail(ctx, "XYZ")
	try("her ticket by its tail", err)
	_, err = d.Unreadable(ctx)
	try("the deep check", err)
	_, err = d.Contradictions(ctx, d.clock.Now())
	try("the comparison", err)
	_, err = d.OverCap(ctx)
	try("the cap", err)
	_, err = d.AuditSince(ctx, d.clock.Now().Add(-time.Hour))
	try("the audit", err)
	_, err = d.Untold(ctx)
	try("what was set aside", err)
	office := conversation.DefaultOffice(time.UTC)
	_, err = d.Report(ctx, &office, conversation.Period{From: d.clock.Now().Add(-24 * time.Hour),
		To: d.clock.Now().Add(24 * time.Hour)})
	try("the month", err)
	_, err = d.MendTimes(ctx, d.clock.Now())
	try("mending times", err)
	_, err = d.Purge(ctx, d.clock.Now().Add(time.Hour), Retention{Queues: time.Minute})
	try("the purge", err)
}

func TestTheDeepCheckNamesOddColumns(t *testing.T) {
	for column, value := range map[string]string{"tickets.version": "'kemarin'", "chats.deadline": "1.5",
		"visits.opened": "x'02'",
		"outbox.key":    "x'02'", "readers.number": "x'02'"} {
		d := openDesk(t)
		fullLife(d)
		table, name, _ := strings.Cut(column, ".")
		d.poison(`UPDATE ` + table + ` SET ` + name + ` = ` + value + ` WHERE rowid = (SELECT min(rowid) FROM ` + table + `)`)
		if got, err := d.Unreadable(t.Context()); err != nil || !strings.Contains(strings.Join(got, "\n"),
			column+", 1 rows") {
			t.Errorf("%s that is %s: %q, %v", column, value, got, err)
		}
	}
}
