package store

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// personal says of every column of every table whether it may hold something
// about a person. A new column must be added here, and, when it may, be covered
// by eraseReader.
var personal = map[string]bool{
	"aside.id": false, "aside.kind": false, "aside.why": false, "aside.found": false, "aside.told": false,
	"aside.row": true, "aside.chat": true, "aside.sealed": true,
	"meta.name": false, "meta.value": false,
	"readers.id": false, "readers.number": true, "readers.email_hash": true, "readers.person": false,
	"readers.created_at": false, "readers.data": true,
	"identities.hash": false, "identities.person": false, "identities.until": false, // kept on purpose, as hashes
	"past_counts.month": false, "past_counts.field": false, "past_counts.value": false, "past_counts.count": false,
	"chats.id": false, "chats.address": true, "chats.reader": false, "chats.linked_at": false, "chats.state": false,
	"chats.data":    true,
	"chats.version": false, "chats.deadline": false, "chats.seen_at": false, "chats.away": false,
	"inbox.seq": false, "inbox.mark": false, "inbox.scheme": false, "inbox.chat": true, "inbox.state": false,
	"inbox.payload": true,
	"inbox.put_at":  false, "inbox.ended": false, "inbox.why": false,
	"outbox.id": false, "outbox.key": false, "outbox.scheme": false, "outbox.chat": true, "outbox.state": false,
	"outbox.payload": true,
	"outbox.ref":     false, "outbox.report": false, "outbox.excerpt": false, "outbox.queued": false, "outbox.due": false,
	"outbox.expires": false,
	"outbox.attempt": false, "outbox.ended": false, "outbox.platform_id": false, "outbox.receipt": false,
	"outbox.receipt_at": false, "outbox.why": false, "outbox.kept": false,
	"codes.id": false, "codes.email_hash": true, "codes.sent_at": false,
	"visits.id": false, "visits.reader": false, "visits.mode": false, "visits.purpose": false, "visits.opened": false,
	"visits.channel": false, "visits.again": false, "visits.asked": false, "visits.arrived": false, "visits.waited": false,
	"visits.held": false, "excerpts.arrived": false, "excerpts.held": false, "tallies.day": false, "tallies.what": false,
	"tallies.n":   false,
	"doors.staff": false, "doors.hash": false, "doors.until": false, "doors.shut": false, // of staff, as pst.toml has them
	"page_sessions.id": false, "page_sessions.until": false, "page_sessions.data": false,
	"visits.first_result": false, "visits.delivered": false, "visits.data": true,
	"publications.id": false, "publications.pages": false, "publications.version": false, "publications.deleted": false,
	"publications.same": false, "prints.publication": false, "prints.page": false, "prints.print": false,
	"prints.blank":        false,
	"publications.record": false, "publications.contents": false, "publications.entries": false,
	"pages.publication": false, "pages.number": false, "pages.printed": false, "pages.front": false, "pages.text": false,
	"excerpts.code": false, "excerpts.reader": false, "excerpts.visit": false, "excerpts.publication": false,
	"excerpts.pages":      false,
	"excerpts.page_count": false, "excerpts.requested": false, "excerpts.delivered": false, "excerpts.failed": false,
	"excerpts.sha256": false, "excerpts.mode": false, "excerpts.verdict": false, "excerpts.data": true,
	"ledger.person": false, "ledger.publication": false, "ledger.page": false, "ledger.excerpt": false,
	"surveys.month": false, "surveys.what": false, "surveys.value": false, "surveys.n": false, // counts alone
	"ratings.visit": false, "ratings.reader": false, "ratings.score": false, "ratings.rated": false,
	"ratings.comment":         true,
	"data_tables.publication": false, "data_tables.key": false, "data_tables.page": false, "data_tables.data": false,
	"silent_tables.publication": false, "silent_tables.key": false, "silent_tables.since": false,
	"answers.code": false, "answers.nth": false, "answers.publication": false, "answers.tab": false, "answers.row": false,
	"answers.col": false, "answers.value": false, "answers.told": false,
	"searches.id": false, "searches.query": false, "searches.hits": false, "searches.chosen": false,
	"searches.searched": false,
	"searches.voice":    false, "lessons.missed": false, "lessons.meant": false, "lessons.voice": false,
	"lessons.learnt": false,
	"taught.missed":  false, "taught.meant": false, "taught.decided": false, "taught.written": false,
	"wishes.id": false, "wishes.chat": true, "wishes.mark": false, "wishes.until": false, "wishes.looked": false,
	"wishes.data": true,
	"tickets.id":  false, "tickets.tail": false, "tickets.kind": false, "tickets.reader": false, "tickets.state": false,
	"tickets.chat": false, "tickets.person": false, "tickets.about_staff": false, // chat and person are blind indexes
	"tickets.open": false, "tickets.opened": false, "tickets.answered": false, "tickets.closed": false,
	"tickets.due":     false,
	"tickets.version": false, "tickets.data": true,
	"posts.id": false, "posts.ticket": false, "posts.author": false, "posts.posted": false, "posts.data": true,
	// A reader's number in the audit leads nowhere once the reader is gone.
	"audit.id": false, "audit.at": false, "audit.who": false, "audit.what": false, "audit.subject": false,
}

// cells reads every value of every table, unsealed, by "table.column".
func cells(t *testing.T, d *desk) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	opened := unsealed(t, d.DB)
	for _, c := range allColumns(t, d.DB) {
		table, column, _ := strings.Cut(c, ".")
		out[c] = nil
		err := d.each(t.Context(), fmt.Sprintf(`SELECT %s FROM %s WHERE %s IS NOT NULL`, column, table, column), nil,
			func(row scanner) error {
				var v any
				if err := row.Scan(&v); err != nil {
					return err
				}
				text := fmt.Sprint(v)
				if b, ok := v.([]byte); ok {
					text = string(b)
					if plain, ok := opened[text]; ok {
						text = plain
					}
				}
				out[c] = append(out[c], text)
				return nil
			})
		if err != nil {
			t.Fatal(c, err)
		}
	}
	return out
}

// traces are what tells this person from all others.
var traces = []string{"telegram:1", "62811", "ani", "BT-00001", "rahasia sekali"}

func found(values []string) string {
	for _, v := range values {
		for _, trace := range traces {
			if strings.Contains(v, trace) {
				return v
			}
		}
	}
	return ""
}

// fullLife leaves something of a reader in every table that can hold it.
func fullLife(d *desk) int64 {
	const other conversation.Address = "whatsapp:62811@s.whatsapp.net"
	d.book("p", 100)
	r := d.joins(ani, "ani")
	d.does(other, conversation.LinkChat{Chat: other, Reader: r})
	d.does(ani,
		conversation.RecordCode{EmailHash: "mail-ani", At: d.clock.Now()},
		conversation.SaveVisit{Visit: conversation.Visit{ID: "v1", Reader: r, Chat: ani, Mode: conversation.OnSite,
			Purpose: "penelitian", OpenedAt: d.clock.Now()}},
		d.excerpt("A", r, "p", 1, 2),
		conversation.RecordRating{Rating: conversation.Rating{Visit: "v1", Reader: r, Score: 2, Comment: "rahasia sekali",
			At: d.clock.Now()}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "s", Query: "padi", At: d.clock.Now()}},
		conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", ID: "ADU-261123-ABC",
			Kind: conversation.KindComplaint, Reader: r, Chat: ani, Text: "rahasia sekali", Name: "Nama ani",
			State: conversation.StateNew, OpenedAt: d.clock.Now(), NextDue: d.clock.Now(),
			Photos: []conversation.Media{{Ref: "foto"}}}},
		conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Verifikasi email", ID: "VER-261123-A2C",
			Kind: conversation.KindVerify, Reader: r, Chat: ani,
			Text: "Nama ani, KTP ...0002", Name: "Nama ani", State: conversation.StateNew, OpenedAt: d.clock.Now()}},
		conversation.AddPost{Post: conversation.Post{Ticket: "ADU-261123-ABC", By: "pelapor", Text: "rahasia sekali",
			At: d.clock.Now()}},
		conversation.Audit{Entry: conversation.AuditEntry{At: d.clock.Now(), Who: "pst report", What: "lihat",
			Subject: "excerpt A"}},
		conversation.SaveWish{Wish: conversation.Wish{Words: "rahasia sekali", At: d.clock.Now()}},
		conversation.Send{To: ani, Text: "Halo ani"},
		conversation.Send{To: "mailto:ani@contoh.id", Text: "kode"},
		conversation.Send{To: "whatsapp:6299@s.whatsapp.net", Text: "Pengaduan ani", Ref: "ticket:ADU-261123-ABC"},
	)
	d.hears(other, "rahasia sekali")
	s, err := d.Session(d.tb.Context(), other)
	if err != nil {
		d.tb.Fatal(err)
	}
	s.Away = false
	if err := d.Commit(d.tb.Context(), conversation.Turn{Message: d.hears(other, "x"), Session: s}); err != nil {
		d.tb.Fatal(err)
	}
	return r
}

func TestErasureReachesEveryPersonalColumn(t *testing.T) {
	d := openDesk(t)
	r := fullLife(d)
	if err := d.setAside(t.Context(), asideRow{"session", string(ani), string(ani), []byte("of ani"),
		ErrSecret}); err != nil {
		t.Fatal(err)
	}
	for column, values := range cells(t, d) {
		mayHold, known := personal[column]
		if !known {
			t.Errorf("%s is new: say in this test whether it is personal, and erase it if so", column)
		}
		if have := found(values); have != "" && !mayHold && column != "identities.hash" {
			t.Errorf("%s holds %.80q, and is said not to be personal", column, have)
		} else if have == "" && mayHold && column != "chats.data" {
			t.Errorf("%s is personal and this test leaves nothing there", column)
		}
	}
	d.does(ani, conversation.EraseReader{Reader: r, Until: d.clock.Now().Add(time.Hour)},
		conversation.Send{To: ani, Text: "sudah dihapus"})
	for column, values := range cells(t, d) {
		have := found(values)
		// The chat that asked goes on, as a stranger's, with its one answer.
		if column == "chats.address" && have == string(ani) || column == "outbox.chat" && have == string(ani) {
			continue
		}
		if have != "" && strings.Contains(have, "sudah dihapus") && column == "outbox.payload" {
			continue
		}
		if have != "" && column != "identities.hash" {
			t.Errorf("%s still holds %.80q", column, have)
		}
	}
	if out := d.out(); len(out) != 1 || out[0].Send.Text != "sudah dihapus" {
		t.Errorf("letters left: %+v", out)
	}
	if n := d.count(`SELECT count(*) FROM chats`); n != 1 {
		t.Errorf("%d chats left", n)
	}
	// The statistics stay.
	m, err := d.Report(t.Context(), officeInTests(), conversation.Days(d.clock.Now().AddDate(0, 0, -22), d.clock.Now()))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"pembaca_baru", "kunjungan", "penilaian_jumlah", "pengaduan_masuk"} {
		if m.Number(key).N != 1 {
			t.Errorf("after erasure %s is %v", key, m.Number(key))
		}
	}
	if e, err := d.Excerpt(t.Context(), "A"); err != nil || e.Reader != 0 || e.Pages.String() != "1-2" ||
		len(e.Mark.Lines) != 0 {
		t.Errorf("excerpt after erasure: %+v, %v", e, err)
	}
	if err := d.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestNothingOfAnErasedReaderRestsInTheFreeSpaceOfTheFile(t *testing.T) {
	d := openDesk(t)
	r := fullLife(d)
	d.does("telegram:9", conversation.EraseReader{Reader: r, Until: d.clock.Now().Add(time.Hour)})
	if _, err := d.Purge(t.Context(), d.clock.Now(), Retention{}); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal"} {
		text, err := os.ReadFile(d.path + end)
		if err != nil {
			t.Fatal(err)
		}
		for _, trace := range []string{"62811", "BT-00001", "contoh.id"} {
			if bytes.Contains(text, []byte(trace)) {
				t.Errorf("pst.db%s still holds %q", end, trace)
			}
		}
	}
}

func TestAnInFlightTurnOfAnErasedReaderStartsAnew(t *testing.T) {
	d := openDesk(t)
	r := d.joins(ani, "ani")
	d.does(budi, conversation.LinkChat{Chat: budi, Reader: r})
	stale, err := d.Session(t.Context(), budi)
	if err != nil {
		t.Fatal(err)
	}
	m := d.hears(budi, "x")
	d.does(ani, conversation.EraseReader{Reader: r})
	wantErr(t, d.Commit(t.Context(), conversation.Turn{Message: m, Session: stale}), conversation.ErrNotFound)
	m = d.hears(budi, "y")
	wantErr(t, d.Commit(t.Context(), conversation.Turn{Message: m, Session: stale}), conversation.ErrConflict)
	// Records that name a reader who has gone are kept without one.
	fresh, err := d.Session(t.Context(), budi)
	if err != nil || fresh.Version != 0 {
		t.Fatal(fresh, err)
	}
	if err := d.Commit(t.Context(), conversation.Turn{Message: m, Session: fresh, Effects: []conversation.Effect{
		conversation.SaveVisit{Visit: conversation.Visit{ID: "v", Reader: r}},
		conversation.RecordRating{Rating: conversation.Rating{Visit: "v", Reader: r, Score: 3}},
		conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", Text: "antre lama", ID: "TNY-261123-AAA",
			Reader: r, State: conversation.StateNew}},
	}}); err != nil {
		t.Fatal(err)
	}
}

func TestThePurgeKeepsToTheRetention(t *testing.T) {
	d := openDesk(t)
	r := fullLife(d)
	d.does("telegram:7") // a stranger
	keep := Retention{Queues: time.Hour, Quotes: 90 * 24 * time.Hour, Letters: 30 * 24 * time.Hour,
		Chats:   60 * 24 * time.Hour,
		Readers: 365 * 24 * time.Hour, Hashes: 30 * 24 * time.Hour, Tickets: 20 * 24 * time.Hour,
		Searches: 365 * 24 * time.Hour}
	purge := func(after time.Duration) Purged {
		t.Helper()
		p, err := d.Purge(t.Context(), d.busyUntil(after), keep)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	const day = 24 * time.Hour
	if p := purge(48 * time.Hour); p != (Purged{}) {
		t.Errorf("within 48 hours: %+v", p)
	}
	if p := purge(50 * time.Hour); p.Messages == 0 || p.Chats+p.Readers+p.Tickets+p.Searches != 0 {
		t.Errorf("after 50 hours: %+v", p)
	}
	if n := len(d.out()); n != 3 {
		t.Errorf("%d letters wait, want 3", n)
	}
	purge(31 * day)
	if n := len(d.out()); n != 0 {
		t.Errorf("%d letters wait after their time", n)
	}
	if p := purge(61 * day); p.Chats != 1 {
		t.Errorf("the stranger: %+v", p)
	}
	if p := purge(366 * day); p.Readers != 1 || p.Searches != 1 {
		t.Errorf("the reader, a year later: %+v", p)
	}
	if _, err := d.Reader(t.Context(), r); err == nil {
		t.Error("the reader is still there")
	}
	if n := d.count(`SELECT count(*) FROM ledger`); n != 2 {
		t.Errorf("%d rows of the ledger, want 2", n)
	}
	if p := purge(397 * day); p.Hashes != 2 || d.count(`SELECT count(*) FROM ledger`) != 0 {
		t.Errorf("after the hashes' date: %+v", p)
	}
}

func TestAClosedTicketIsEmptiedInTime(t *testing.T) {
	d := openDesk(t)
	fullLife(d)
	ticket, err := d.Ticket(t.Context(), "ADU-261123-ABC")
	if err != nil {
		t.Fatal(err)
	}
	ticket.State, ticket.ClosedAt = conversation.StateDone, d.clock.Now()
	d.does("telegram:9", conversation.UpdateTicket{Ticket: ticket})
	for _, c := range []struct {
		after time.Duration
		want  int64
		text  string
	}{{time.Hour, 0, "rahasia sekali"}, {25 * time.Hour, 1, ""}, {25 * time.Hour, 0, ""}} {
		p, err := d.Purge(t.Context(), d.busyUntil(c.after), Retention{Tickets: 24 * time.Hour})
		if err != nil || p.Tickets != c.want {
			t.Errorf("after %v: %+v, %v", c.after, p, err)
		}
		if ticket, err = d.Ticket(t.Context(), ticket.ID); err != nil || ticket.Text != c.text {
			t.Errorf("after %v: %+v, %v", c.after, ticket, err)
		}
	}
}

func TestAReaderDownloadsAllThatIsKept(t *testing.T) {
	d := openDesk(t)
	r := fullLife(d)
	text, err := d.Export(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Nama ani", "ani@contoh.id", "62811@s.whatsapp.net", "telegram:1", "penelitian",
		`"nilai": 2`, "rahasia sekali", "ADU-261123-ABC", `"p": "1-2"`, "BT-00001"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, secret := range []string{"mail-ani", "card-ani"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("%q is of no use to the reader", secret)
		}
	}
	if _, err := d.Export(t.Context(), 99); err == nil {
		t.Error("an unknown reader was exported")
	}
}
