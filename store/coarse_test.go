package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// What an older program wrote to the millisecond is a day after the first opening by
// this one; a named complaint keeps its time, and all is read as before.
func TestOlderSecretComplaintsBecomeCoarse(t *testing.T) {
	d := openDesk(t)
	when := d.clock.Now().Add(3*time.Hour + 17*time.Minute + 431*time.Millisecond)
	older := func(id, identity string) []conversation.Effect {
		k := conversation.Ticket{ID: id, Kind: conversation.KindComplaint, Category: "Saran", Text: "antre lama",
			Identity: identity,
			Chat:     ani, State: conversation.StateWorking, OpenedAt: when, AcceptedAt: when.Add(time.Hour),
			AnsweredAt: when.Add(time.Hour)}
		return []conversation.Effect{conversation.OpenTicket{Ticket: k},
			conversation.AddPost{Post: conversation.Post{Ticket: id, By: "pelapor", Text: "antre lama", At: when}},
			conversation.AddPost{Post: conversation.Post{Ticket: id, By: "petugas", Text: "baik", At: when.Add(time.Hour)}},
			conversation.Send{To: budi, Text: "kartu " + id, Ref: "ticket:" + id}}
	}
	d.does(ani, older("ADU-261123-1AA", conversation.Hidden)...)
	d.does(ani, older("ADU-261123-2AA", conversation.Named)...)
	d.poison(`UPDATE outbox SET queued = queued + 431 WHERE ?1 > 0`, 1)
	d.poison(`DELETE FROM meta WHERE name = 'coarse' AND ?1 > 0`, 1)
	for range 2 { // opened again: nothing changes
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := Open(t.Context(), filepath.Join(filepath.Dir(d.path), "pst.db"),
			Options{Secret: testSecret, Now: d.clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		d.DB = db
		for _, c := range []struct {
			id    string
			exact bool
		}{{"ADU-261123-1AA", false}, {"ADU-261123-2AA", true}} {
			k, err := d.Ticket(t.Context(), c.id)
			if err != nil || k.Text != "antre lama" || k.OpenedAt.Equal(when) != c.exact ||
				k.AnsweredAt.Equal(when.Add(time.Hour)) != c.exact {
				t.Errorf("%s: %+v, %v", c.id, k, err)
			}
			posts, err := d.Posts(t.Context(), c.id)
			if err != nil || len(posts) != 2 || posts[0].Text != "antre lama" || posts[1].Text != "baik" ||
				posts[0].At.Equal(when) != c.exact {
				t.Errorf("%s: %+v, %v", c.id, posts, err)
			}
			exact := false
			for _, r := range rowsOf(t, d.DB, false, nil) {
				if r.table != "audit" && strings.Contains(r.text, c.id) && len(r.times) > 0 {
					exact = true
				}
			}
			if exact != c.exact {
				t.Errorf("%s: exact times in its rows: %t", c.id, exact)
			}
		}
		if own, err := d.Tickets(t.Context(), ani, 0); err != nil || len(own) != 2 {
			t.Errorf("the chat has %d tickets, %v", len(own), err)
		}
		if n := d.count(`SELECT count(*) FROM outbox WHERE queued % 3600000 <> 0`); n != 0 {
			t.Errorf("%d letters have an exact time", n)
		}
	}
}
