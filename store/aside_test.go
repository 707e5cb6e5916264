package store

import (
	"strings"
	"testing"

	"pst/conversation"
)

const citra conversation.Address = "telegram:3"

// poisons are ways in which a value goes bad.
func poisons(d *desk) map[string][]byte {
	return map[string][]byte{
		"noise":       []byte("\x02this is no sealed value at all, but long enough"),
		"short":       {2},
		"empty":       {},
		"no JSON":     d.seal.seal("message", "x", []byte(`{`)),
		"other place": d.seal.seal("reader", "99", []byte(`{}`)),
	}
}

func (d *desk) poison(query string, args ...any) {
	d.tb.Helper()
	err := d.update(d.tb.Context(), func(x *tx) error {
		n, err := x.exec(query, args...)
		if err == nil && n == 0 {
			d.tb.Fatalf("%s met no row", query)
		}
		return err
	})
	if err != nil {
		d.tb.Fatal(err)
	}
}

// told lists the kinds of what was set aside, and marks them as told.
func (d *desk) told() string {
	d.tb.Helper()
	rows, err := d.Untold(d.tb.Context())
	if err != nil {
		d.tb.Fatal(err)
	}
	if err := d.Told(d.tb.Context(), rows); err != nil {
		d.tb.Fatal(err)
	}
	var kinds []string
	for _, r := range rows {
		kinds = append(kinds, r.Kind)
	}
	return strings.Join(kinds, " ")
}

// unreadable counts what the deep check sees.
func (d *desk) unreadable() int {
	d.tb.Helper()
	found, err := d.Unreadable(d.tb.Context())
	if err != nil {
		d.tb.Fatal(err)
	}
	return len(found)
}

func TestOneBadMessageIsOneBadMessage(t *testing.T) {
	for name := range poisons(openDesk(t)) {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.hears(ani, "buruk")
			d.poison(`UPDATE inbox SET payload = ?`, poisons(d)[name])
			d.hears(citra, "baik")
			if d.unreadable() == 0 {
				t.Error("the deep check does not see it")
			}
			if got := d.waiting(); len(got) != 1 || got[0].Text != "baik" {
				t.Errorf("waiting: %+v", got)
			}
			if got := d.told(); got != "message" {
				t.Errorf("set aside: %q", got)
			}
			d.waiting()
			if got := d.told(); got != "" {
				t.Errorf("told again: %q", got)
			}
		})
	}
}

func TestOneBadLetterIsOneBadLetter(t *testing.T) {
	for name := range poisons(openDesk(t)) {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.does(ani, conversation.Send{To: ani, Text: "buruk", Report: true, Ref: "excerpt:X"})
			d.poison(`UPDATE outbox SET payload = ?`, poisons(d)[name])
			d.does(citra, conversation.Send{To: citra, Text: "baik"})
			if got := d.out(); len(got) != 1 || got[0].Send.Text != "baik" {
				t.Errorf("outbox: %+v", got)
			}
			// The engine is told that it failed: it frees pages and tells the reader.
			if got := d.waiting(); len(got) != 1 || got[0].Kind != conversation.Failed || got[0].Text != "excerpt:X" {
				t.Errorf("waiting: %+v", got)
			}
			if got := d.told(); got != "send" {
				t.Errorf("set aside: %q", got)
			}
		})
	}
}

func TestALetterWithOddColumnsStopsNobody(t *testing.T) {
	d := openDesk(t)
	d.does(ani, conversation.Send{To: ani, Text: "satu"})
	d.poison(`UPDATE outbox SET queued = 'kemarin', attempt = x'00'`)
	d.does(citra, conversation.Send{To: citra, Text: "dua"})
	if got := d.out(); len(got) != 2 {
		t.Errorf("outbox: %+v", got)
	}
}

func TestOneBadSessionStartsAnew(t *testing.T) {
	for name, poison := range poisons(openDesk(t)) {
		if name == "empty" {
			continue // a chat that was only linked has no data yet
		}
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			r := d.joins(ani, "ani")
			d.poison(`UPDATE chats SET data = ?, state = 'pages' WHERE address = ?`, poison, string(ani))
			s, err := d.Session(t.Context(), ani)
			if err != nil || s.Reader != r || s.State != "" {
				t.Errorf("session %+v, %v", s, err)
			}
			d.does(ani, conversation.Send{To: ani, Text: "dari awal"})
			if got := d.told(); got != "session" || d.count(`SELECT count(*) FROM aside WHERE sealed = ?`, poison) != 1 {
				t.Errorf("set aside: %q", got)
			}
		})
	}
}

// What else stands in a chat's row keeps nobody from being answered either.
func TestASessionWithOddColumnsGoesOn(t *testing.T) {
	for name, odd := range map[string]string{"words": "'x'", "bytes": "x'02'", "beyond": "9223372036854775807",
		"below": "-7", "a fraction": "1.5"} {
		for _, column := range []string{"version", "away", "deadline", "seen_at", "linked_at"} {
			d := openDesk(t)
			r := d.joins(ani, "ani")
			d.does(ani, conversation.Send{To: ani, Text: "satu"})
			d.poison(`UPDATE chats SET ` + column + ` = ` + odd + ` WHERE address = '` + string(ani) + `'`)
			for range 2 { // and the next time as well
				if s, err := d.Session(t.Context(), ani); err != nil || s.Reader != r {
					t.Fatalf("%s that is %s: session %+v, %v", column, name, s, err)
				}
				d.does(ani, conversation.Send{To: ani, Text: "lagi"})
			}
			if got := d.out(); len(got) != 1 || got[0].Send.To != ani {
				t.Errorf("%s that is %s: outbox %+v", column, name, got)
			}
		}
	}
}

func TestOneBadReaderRegistersAgainAndMeetsTheSamePages(t *testing.T) {
	for name, poison := range poisons(openDesk(t)) {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.book("p", 100)
			r := d.joins(ani, "ani")
			other := d.joins(citra, "citra")
			d.does(ani, d.excerpt("AAAA", r, "p", 1, 2))
			d.poison(`UPDATE readers SET data = ? WHERE id = ?`, poison, r)
			if _, err := d.Reader(t.Context(), r); err == nil {
				t.Error("opened")
			}
			if s, err := d.Session(t.Context(), ani); err != nil || s.Reader != 0 {
				t.Errorf("session %+v, %v", s, err)
			}
			n := 0
			for got, err := range d.Readers(t.Context()) {
				if err != nil || got.ID != other {
					t.Errorf("reader %d, %v", got.ID, err)
				}
				n++
			}
			if n != 1 {
				t.Errorf("%d readers, want the other one", n)
			}
			if got := d.told(); got != "reader" {
				t.Errorf("set aside: %q", got)
			}
			again := d.joins(ani, "ani")
			if got := d.owned(again, "p"); got != "1-2" {
				t.Errorf("owns %q, want 1-2", got)
			}
		})
	}
}

func TestOneBadTicketIsOneBadTicket(t *testing.T) {
	for name, poison := range poisons(openDesk(t)) {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			for _, id := range []string{"ADU-261123-AAA", "ADU-261123-BBB"} {
				d.does(ani, conversation.OpenTicket{Ticket: conversation.Ticket{ID: id, Chat: ani, Category: "saran", Text: "kursi",
					State: "BARU"}})
			}
			d.poison(`UPDATE tickets SET data = ? WHERE id = 'ADU-261123-AAA'`, poison)
			open, err := d.OpenTickets(t.Context())
			if err != nil || len(open) != 1 || open[0].ID != "ADU-261123-BBB" {
				t.Errorf("open tickets %+v, %v", open, err)
			}
			if got := d.told(); got != "ticket" {
				t.Errorf("set aside: %q", got)
			}
		})
	}
}

// TestAValueOpensOnlyInItsRow exchanges the sealed values of two rows of each kind:
// nobody reads what is another's.
func TestAValueOpensOnlyInItsRow(t *testing.T) {
	d := openDesk(t)
	fullLife(d)
	for _, c := range sealedColumns {
		err := d.each(t.Context(), c.query, nil, func(row scanner) error {
			var id int64
			var name string
			var sealed []byte
			if err := row.Scan(&id, &name, &sealed); err != nil {
				return err
			}
			if _, err := d.seal.open(c.what, name, sealed); err != nil {
				t.Errorf("%s %d does not open: %v", c.what, id, err)
			}
			if _, err := d.seal.open(c.what, name+"x", sealed); err == nil {
				t.Errorf("%s %d opens in another row", c.what, id)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := d.unreadable(); n != 0 {
		t.Errorf("%d values of a sound database are said to be bad", n)
	}
}

func TestAnExcerptThatCannotBeReadIsNeverSentUnmarked(t *testing.T) {
	for name, poison := range poisons(openDesk(t)) {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.book("p", 100)
			r := d.joins(ani, "ani")
			d.does(ani, d.excerpt("AAAA", r, "p", 1, 2), conversation.Send{To: ani, Excerpt: "AAAA", Report: true})
			d.does(citra, conversation.Send{To: citra, Text: "baik"})
			d.poison(`UPDATE excerpts SET data = ?`, poison)
			got := d.out()
			if len(got) != 2 {
				t.Fatalf("outbox: %+v", got)
			}
			if o := got[0].Order; o == nil || o.File != "" {
				t.Errorf("order %+v: would be cut without its mark", o)
			}
		})
	}
}

func TestOneBadPublicationIsOneBadPublication(t *testing.T) {
	d := openDesk(t)
	for _, id := range []string{"a", "b", "c"} {
		p := conversation.Publication{ID: id, Title: "Buku " + id, Office: "1906", Pages: 2, File: id + ".pdf"}
		c := conversation.Contents{Pages: []conversation.Page{{Number: 1, Text: "satu"}, {Number: 2, Text: "dua"}},
			Entries: []conversation.Entry{{Kind: "bab", Title: "Satu", Page: 1}}}
		if _, err := d.SavePublication(t.Context(), p, &c); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.unreadable(); n != 0 {
		t.Fatalf("%d bad rows in a sound catalogue", n)
	}
	d.poison(`UPDATE publications SET record = '{' WHERE id = 'b'`)
	d.poison(`UPDATE publications SET entries = x'00ff' WHERE id = 'c'`)
	d.poison(`UPDATE pages SET text = x'00ff' WHERE publication = 'a' AND number = 2`)
	if n := d.unreadable(); n != 3 {
		t.Errorf("the deep check sees %d, want 3", n)
	}
	var got []string
	for p, err := range d.Publications(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.ID)
	}
	if strings.Join(got, "") != "ac" {
		t.Errorf("publications %v, want a and c", got)
	}
	_, err := d.Publication(t.Context(), "b")
	wantErr(t, err, conversation.ErrNotFound)
	if c, err := d.Contents(t.Context(), "a"); err != nil || len(c.Pages) != 2 || c.Pages[0].Text != "satu" ||
		c.Pages[1].Text != "" {
		t.Errorf("contents %+v, %v", c, err)
	}
	if p, err := d.Page(t.Context(), "a", 2); err != nil || p.Text != "" {
		t.Errorf("page %+v, %v", p, err)
	}
	if e, err := d.Entries(t.Context(), "c"); err != nil || len(e) != 0 {
		t.Errorf("entries %+v, %v", e, err)
	}
	if got := d.told(); strings.Count(got, "publication") != 2 || strings.Count(got, "page") != 1 {
		t.Errorf("set aside: %q", got)
	}
	// Importing it again mends it.
	if changed, err := d.SavePublication(t.Context(), conversation.Publication{ID: "b", Title: "Buku b", Office: "1906"},
		nil); err != nil || !changed {
		t.Error(changed, err)
	}
	if _, err := d.Publication(t.Context(), "b"); err != nil {
		t.Error(err)
	}
}
