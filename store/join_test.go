package store

import (
	"testing"
	"time"

	"pst/conversation"
)

const lid, phone conversation.Address = "whatsapp:77@lid", "whatsapp:628@s.whatsapp.net"

func TestTwoAddressesOfOnePersonBecomeOneChat(t *testing.T) {
	for _, c := range []struct {
		name           string
		lidReader      string // who registered there; empty: nobody
		phoneReader    string
		phoneIsLatest  bool
		wantOwned      string
		wantState      string
		wantNoPhoneRow bool
	}{
		{name: "the phone number was never used", lidReader: "ani", wantOwned: "1-2", wantState: "lid", wantNoPhoneRow: true},
		{name: "registered under the old address only", lidReader: "ani", phoneIsLatest: true, wantOwned: "1-2",
			wantState: "phone"},
		{name: "registered under both", lidReader: "ani", phoneReader: "budi", phoneIsLatest: true, wantOwned: "1-4",
			wantState: "phone"},
		{name: "the old address was used last", lidReader: "ani", phoneReader: "budi", wantOwned: "1-4", wantState: "lid"},
	} {
		d := openDesk(t)
		d.book("p", 50)
		talk := func(a conversation.Address, who string, state string, pages ...int) {
			t.Helper()
			if who != "" {
				r := d.joins(a, who)
				d.does(a, d.excerpt("C"+who, r, "p", pages...))
			}
			s, err := d.Session(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			d.clock.forward(time.Minute)
			s.State, s.SeenAt = state, d.clock.Now()
			if err := d.Commit(t.Context(), conversation.Turn{Message: d.hears(a, "x"), Session: s}); err != nil {
				t.Fatal(err)
			}
		}
		if !c.phoneIsLatest && !c.wantNoPhoneRow {
			talk(phone, c.phoneReader, "phone", 3, 4)
		}
		talk(lid, c.lidReader, "lid", 1, 2)
		if c.phoneIsLatest {
			talk(phone, c.phoneReader, "phone", 3, 4)
		}
		d.does(ani, conversation.Send{To: lid, Text: "balasan", Ref: "ticket:T"},
			conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", Text: "antre lama", ID: "ADU-261123-LID",
				Chat: lid, State: conversation.StateNew}})
		d.hears(lid, "menunggu")

		for range 2 { // the platform tells it again
			if err := d.JoinChats(t.Context(), lid, phone); err != nil {
				t.Fatal(c.name, err)
			}
		}
		s, err := d.Session(t.Context(), phone)
		if err != nil || s.State != c.wantState || s.Reader == 0 {
			t.Errorf("%s: session %+v, %v", c.name, s, err)
		}
		if got := d.owned(s.Reader, "p"); got != c.wantOwned {
			t.Errorf("%s: owns %s, want %s", c.name, got, c.wantOwned)
		}
		if w := d.waiting(); len(w) != 1 || w[0].From != phone || w[0].Text != "menunggu" {
			t.Errorf("%s: waiting %+v", c.name, w)
		} else if err := d.Commit(t.Context(), conversation.Turn{Message: w[0], Session: s}); err != nil {
			t.Errorf("%s: the conversation does not go on: %v", c.name, err)
		}
		if out := d.out(); len(out) != 1 || out[0].Send.To != phone {
			t.Errorf("%s: letters %+v", c.name, out)
		}
		if ticket, err := d.Ticket(t.Context(), "ADU-261123-LID"); err != nil || ticket.Chat != phone {
			t.Errorf("%s: ticket %+v, %v", c.name, ticket, err)
		}
		if old, err := d.Session(t.Context(), lid); err != nil || old.Version != 0 || old.Reader != 0 {
			t.Errorf("%s: the old address is still %+v, %v", c.name, old, err)
		}
	}
	d := openDesk(t)
	if err := d.JoinChats(t.Context(), "nobody", phone); err == nil {
		t.Error("an address without scheme was joined")
	}
}

func TestWhoHasWritten(t *testing.T) {
	d := openDesk(t)
	d.joins(ani, "ani")
	for a, want := range map[conversation.Address]bool{ani: true, budi: false} {
		if got, err := d.Wrote(t.Context(), a); err != nil || got != want {
			t.Errorf("%s wrote: %v, %v", a.Masked(), got, err)
		}
	}
}

func TestWhatNobodyUnderstoodIsKeptAside(t *testing.T) {
	d := openDesk(t)
	for range 2 {
		if err := d.KeepStray(t.Context(), conversation.Telegram, []byte(`{"poll":1}`), "unknown update"); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.count(`SELECT count(*) FROM inbox WHERE state = 2 AND why = 'unknown update'`); n != 1 {
		t.Errorf("%d rows set aside, want 1", n)
	}
	if len(d.waiting()) != 0 {
		t.Error("it waits for a turn")
	}
	if p, err := d.Purge(t.Context(), d.clock.Now().Add(50*time.Hour), Retention{Queues: time.Hour}); err != nil ||
		p.Messages != 1 {
		t.Errorf("purged %+v, %v", p, err)
	}
}
