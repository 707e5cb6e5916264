package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// busyUntil is a time after the test's clock at which the desk is still used: the
// purge believes no other. The clock itself stays.
func (d *desk) busyUntil(after time.Duration) time.Time {
	d.tb.Helper()
	then := d.clock.Now().Add(after)
	d.poison(`INSERT INTO inbox (mark, scheme, chat, state, put_at, ended) VALUES (randomblob(16), 'telegram', '', 1, ?1, ?1)`, ms(then))
	return then
}

const (
	aDay  = 24 * time.Hour
	aYear = 365 * aDay
)

// A clock that is years off removes nothing, and a wrong one that the desk has used
// itself removes a bounded share.
func TestAWrongClockIsNoCatastrophe(t *testing.T) {
	keep := Retention{Queues: 7 * aDay, Quotes: 180 * aDay, Letters: 7 * aDay, Chats: aYear, Readers: 5 * aYear,
		Hashes: 5 * aYear, Tickets: 2 * aYear, Searches: 2 * aYear}
	all := func(d *desk) string {
		var n []string
		for _, table := range []string{"inbox", "outbox", "chats", "readers", "identities", "ledger", "tickets", "searches"} {
			n = append(n, fmt.Sprint(table, d.count("SELECT count(*) FROM "+table)))
		}
		return strings.Join(n, " ")
	}
	for _, off := range []time.Duration{-8 * aYear, -time.Hour, 8 * aDay, 6 * aYear, 12 * aYear} {
		t.Run(off.String(), func(t *testing.T) {
			d := openDesk(t)
			r := fullLife(d)
			d.does("telegram:9", conversation.EraseReader{Reader: r, Until: d.clock.Now().Add(5 * aYear)})
			d.joins(budi, "budi")
			before := all(d)
			p, err := d.Purge(t.Context(), d.clock.Now().Add(off), keep)
			wantErr(t, err, ErrClock)
			if p != (Purged{}) || all(d) != before {
				t.Errorf("removed %+v\nhad  %s\nhave %s", p, before, all(d))
			}
		})
	}
	d := openDesk(t)
	fullLife(d)
	if _, err := d.Purge(t.Context(), d.clock.Now().Add(aDay), keep); err != nil {
		t.Error("a day later:", err)
	}
}

func TestAPurgeRemovesABoundedShare(t *testing.T) {
	d := openDesk(t)
	const people = 40
	for i := range people {
		d.joins(conversation.Address(fmt.Sprint("telegram:", 100+i)), fmt.Sprint("orang", i))
	}
	// The desk is used while its clock is six years ahead.
	p, err := d.Purge(t.Context(), d.busyUntil(6*aYear), Retention{Queues: aDay, Readers: 5 * aYear, Hashes: aYear,
		Chats: aYear})
	if err != nil || p.Readers == 0 || p.Readers > people/10 {
		t.Errorf("%+v, %v: want at most a tenth of %d readers", p, err, people)
	}
	if n := d.count(`SELECT count(*) FROM audit WHERE what LIKE 'purge: %' AND what LIKE '%4 readers%'`); n != 1 {
		t.Errorf("%d audit lines tell of it", n)
	}
}

// What a clock far ahead has written is brought back once the clock is right: letters
// leave, codes can be asked for, purges run.
func TestTimesOfAClockFarAheadAreMended(t *testing.T) {
	d := openDesk(t)
	right := d.clock.Now()
	d.does(budi, conversation.Send{To: budi, Text: "sekarang"})
	d.clock.forward(6 * aYear)
	d.does(ani, conversation.Send{To: ani, Text: "nanti"}, conversation.RecordCode{EmailHash: "h", At: d.clock.Now()},
		conversation.OpenTicket{Ticket: conversation.Ticket{ID: "ADU-321123-AAA", Chat: ani, Category: "saran", Text: "kursi",
			State: "BARU", NextDue: d.clock.Now()}})
	row := d.out()
	if err := d.MarkLater(t.Context(), row[len(row)-1].ID, d.clock.Now().Add(time.Hour), "down", false); err != nil {
		t.Fatal(err)
	}
	d.clock.forward(-6 * aYear)
	_, err := d.Purge(t.Context(), right.Add(time.Hour), Retention{})
	wantErr(t, err, ErrClock)
	if n, err := d.MendTimes(t.Context(), right.Add(time.Hour)); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	if n, err := d.MendTimes(t.Context(), right.Add(time.Hour)); err != nil || n != 0 {
		t.Errorf("again: %d, %v", n, err)
	}
	if out, err := d.Out(t.Context(), []string{"telegram", "whatsapp"}, nil, right.Add(2*time.Hour), 10); err != nil ||
		len(out) != 2 {
		t.Errorf("%d letters are due, %v; want both", len(out), err)
	}
	if n, err := d.CodesSince(t.Context(), "h", right); err != nil || n != 0 {
		t.Errorf("%d codes, %v", n, err)
	}
	if _, err := d.Purge(t.Context(), right.Add(2*time.Hour), Retention{}); err != nil {
		t.Error(err)
	}
}

// Whoever was erased and comes back under a clock far ahead is the same person.
func TestNobodyIsForgottenByAWrongClock(t *testing.T) {
	d := openDesk(t)
	d.book("p", 100)
	r := d.joins(ani, "ani")
	d.does(ani, d.excerpt("AAAA", r, "p", 1, 2), conversation.SettleExcerpt{Code: "AAAA", Delivered: true,
		At: d.clock.Now()})
	d.does(ani, conversation.EraseReader{Reader: r, Until: d.clock.Now().Add(5 * aYear)})
	d.clock.forward(12 * aYear)
	if got := d.owned(d.joins(ani, "ani"), "p"); got != "1-2" {
		t.Errorf("owns %q, want 1-2", got)
	}
}
