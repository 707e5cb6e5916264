package store

import (
	"testing"
	"time"

	"pst/conversation"
)

func TestWhatBecameOfLettersAboutATicket(t *testing.T) {
	d := openDesk(t)
	about := func(to conversation.Address, ref, text string) conversation.Send {
		return conversation.Send{To: to, Ref: ref, Text: text}
	}
	const ref = "ticket:ADU-261101-7AB"
	d.does(budi, about(ani, ref, "satu"))
	sent := d.out()[0]
	if err := d.MarkSent(t.Context(), sent.ID, conversation.Sent{PlatformID: "p1", At: d.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	d.does(budi, about(ani, ref, "dua"))
	if err := d.MarkSent(t.Context(), d.out()[0].ID, conversation.Sent{PlatformID: "p2", At: d.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	d.does(budi, about(ani, ref, "tiga"))
	if err := d.MarkFailed(t.Context(), d.out()[0].ID, d.clock.Now(), "blocked"); err != nil {
		t.Fatal(err)
	}
	d.does(budi, about(ani, ref, "empat"), about(ani, "ticket:ADU-261101-8CD", "tiket lain"),
		about(budi, ref, "kepada orang lain"))
	for id, status := range map[string]string{"p1": "read", "p2": "delivered"} {
		if err := d.MarkReceipt(t.Context(), ani, id, status, d.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.Fate(t.Context(), ani, ref)
	if want := (conversation.Fate{Waiting: 1, Sent: 2, Arrived: 2, Read: 1, Failed: 1}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if got, err := d.Fate(t.Context(), "telegram:404", ref); err != nil || got != (conversation.Fate{}) {
		t.Errorf("of somebody who got none: %+v, %v", got, err)
	}
}

func TestClosedTicketsAreListedLatestFirst(t *testing.T) {
	d := openDesk(t)
	now := d.clock.Now()
	open := func(id, state string, closed time.Time) conversation.OpenTicket {
		return conversation.OpenTicket{Ticket: conversation.Ticket{ID: id, Kind: "ADU", Category: "Saran", Text: id,
			State: state, OpenedAt: now.AddDate(0, 0, -60), ClosedAt: closed}}
	}
	d.does(ani, open("ADU-261101-1AA", conversation.StateDone, now.AddDate(0, 0, -2)),
		open("ADU-261101-2AA", conversation.StateRefused, now.AddDate(0, 0, -1)),
		open("ADU-261101-3AA", conversation.StateDone, now.AddDate(0, 0, -40)), open("ADU-261101-4AA", conversation.StateNew,
			time.Time{}))
	got, err := d.ClosedTickets(t.Context(), now.AddDate(0, 0, -30), 10)
	if err != nil || len(got) != 2 || got[0].ID != "ADU-261101-2AA" || got[1].ID != "ADU-261101-1AA" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = d.ClosedTickets(t.Context(), now.AddDate(0, 0, -30), 1); err != nil || len(got) != 1 {
		t.Errorf("at most one: %d, %v", len(got), err)
	}
}

func TestTheAuditOfAPeriodIsBounded(t *testing.T) {
	d := openDesk(t)
	begin := d.clock.Now()
	for i := range 5 {
		if err := d.Note(t.Context(), conversation.AuditEntry{At: begin.Add(time.Duration(i) * time.Hour), Who: "pst",
			What: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.AuditBetween(t.Context(), begin.Add(time.Hour), begin.Add(4*time.Hour), 2)
	if err != nil || len(got) != 2 || !got[0].At.Equal(begin.Add(3*time.Hour)) ||
		!got[1].At.Equal(begin.Add(2*time.Hour)) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestHealthCountsWhatNeedsALook(t *testing.T) {
	d := openDesk(t)
	now := d.clock.Now()
	if h, err := d.Health(t.Context(), "2026-01-01"); err != nil || !h.Imported.IsZero() || h.Aside != 0 ||
		len(h.Failed) != 0 {
		t.Errorf("of a fresh desk: %+v, %v", h, err)
	}
	m := d.hears(ani, "halo")
	if err := d.Quarantine(t.Context(), m, "its turn fails"); err != nil {
		t.Fatal(err)
	}
	d.does(budi, conversation.Tally{Day: "2026-11-20", What: "failed telegram"}, conversation.Tally{Day: "2026-11-20",
		What: "failed telegram"},
		conversation.Tally{Day: "2026-11-01", What: "failed mailto"}, conversation.Tally{Day: "2026-11-20", What: "cap"})
	for _, at := range []time.Time{now, now.Add(time.Hour)} {
		if err := d.Note(t.Context(), conversation.AuditEntry{At: at, Who: "pst import", What: Imported}); err != nil {
			t.Fatal(err)
		}
	}
	h, err := d.Health(t.Context(), "2026-11-14")
	if err != nil || h.Aside != 1 || !h.Imported.Equal(now.Add(time.Hour)) || len(h.Failed) != 1 ||
		h.Failed[0] != (Failures{"telegram", 2}) {
		t.Errorf("%+v, %v", h, err)
	}
}

// Who erases for somebody else must not see by it which confidential complaint was
// theirs, nor make one disappear.
func TestErasingForSomebodySparesWhatIsConfidential(t *testing.T) {
	for _, spare := range []bool{true, false} {
		d := openDesk(t)
		r := d.joins(ani, "ani")
		open := func(id, identity string) conversation.OpenTicket {
			return conversation.OpenTicket{Ticket: conversation.Ticket{ID: id, Kind: conversation.KindComplaint,
				Category: "Saran", Text: "isi " + id, Identity: identity,
				Chat: ani, Reader: r, State: conversation.StateNew, OpenedAt: d.clock.Now()}}
		}
		d.does(ani, open("ADU-261101-1AA", conversation.Named), open("ADU-261101-2AA", conversation.Hidden),
			conversation.AddPost{Post: conversation.Post{Ticket: "ADU-261101-2AA", By: "pelapor", Text: "isi",
				At: d.clock.Now()}})
		d.does(budi, conversation.EraseReader{Reader: r, Until: d.clock.Now().AddDate(5, 0, 0), Spare: spare})
		named, err := d.Ticket(t.Context(), "ADU-261101-1AA")
		if err != nil || named.Text != "" || named.Chat != "" {
			t.Errorf("spare %v: the other is left: %+v, %v", spare, named, err)
		}
		hidden, err := d.Ticket(t.Context(), "ADU-261101-2AA")
		if err != nil || (hidden.Text != "") != spare || (hidden.Chat == ani) != spare ||
			(hidden.State == conversation.StateNew) != spare {
			t.Errorf("spare %v: the confidential one: %+v, %v", spare, hidden, err)
		}
		posts, err := d.Posts(t.Context(), "ADU-261101-2AA")
		if err != nil || (len(posts) == 1) != spare {
			t.Errorf("spare %v: its thread: %v, %v", spare, posts, err)
		}
		if list, err := d.Tickets(t.Context(), ani, 0); err != nil || (len(list) == 1) != spare {
			t.Errorf("spare %v: in their chat: %+v, %v", spare, list, err)
		}
	}
}
