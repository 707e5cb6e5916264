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
	if err := d.Note(d.tb.Context(), conversation.AuditEntry{At: then, Who: "test", What: "the desk is used"}); err != nil {
		d.tb.Fatal(err)
	}
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
	p, err := d.Purge(t.Context(), d.busyUntil(6*aYear), Retention{Queues: aDay, Readers: 5 * aYear, Hashes: aYear, Chats: aYear})
	if err != nil || p.Readers == 0 || p.Readers > people/10 {
		t.Errorf("%+v, %v: want at most a tenth of %d readers", p, err, people)
	}
	if n := d.count(`SELECT count(*) FROM audit WHERE what LIKE 'purge: %' AND what LIKE '%4 readers%'`); n != 1 {
		t.Errorf("%d audit lines tell of it", n)
	}
}

// Whoever was erased and comes back under a clock far ahead is the same person.
func TestNobodyIsForgottenByAWrongClock(t *testing.T) {
	d := openDesk(t)
	d.book("p", 100)
	r := d.joins(ani, "ani")
	d.does(ani, d.excerpt("AAAA", r, "p", 1, 2), conversation.SettleExcerpt{Code: "AAAA", Delivered: true, At: d.clock.Now()})
	d.does(ani, conversation.EraseReader{Reader: r, Until: d.clock.Now().Add(5 * aYear)})
	d.clock.forward(12 * aYear)
	if got := d.owned(d.joins(ani, "ani"), "p"); got != "1-2" {
		t.Errorf("owns %q, want 1-2", got)
	}
}
