package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pst/conversation"
)

// ErrClock is returned by [DB.Purge] for a time that cannot be right.
var ErrClock = errors.New("the clock does not go with what is stored")

// mostQuiet is how long after the newest row a time is still believed.
const mostQuiet = 7 * 24 * time.Hour

// Newest is when the newest row was written, zero in an empty database.
func (db *DB) Newest(ctx context.Context) (time.Time, error) {
	var newest int64
	err := db.one(ctx, `SELECT max((SELECT coalesce(max(put_at), 0) FROM inbox WHERE typeof(put_at) = 'integer'),
		(SELECT coalesce(max(queued), 0) FROM outbox WHERE typeof(queued) = 'integer'),
		(SELECT coalesce(max(seen_at), 0) FROM chats WHERE typeof(seen_at) = 'integer'))`, nil, &newest)
	return at(newest), doing("find newest row", err)
}

// believe refuses a time that cannot be right.
func (db *DB) believe(ctx context.Context, now time.Time) error {
	newest, err := db.Newest(ctx)
	switch {
	case err != nil || newest.IsZero():
		return err
	case now.Before(newest.Add(-time.Minute)): // rows are written while it looks
		return fmt.Errorf("%w: now is %s, but the newest row is of %s", ErrClock, now.UTC().Format(time.DateTime),
			newest.Format(time.DateTime))
	case now.Sub(newest) > mostQuiet:
		return fmt.Errorf("%w: now is %s, more than seven days after the newest row of %s", ErrClock,
			now.UTC().Format(time.DateTime), newest.Format(time.DateTime))
	}
	return nil
}

// ahead is how far ahead of now times lie that a right clock could not have written.
const (
	written = 10 * time.Minute    // of what has happened
	planned = 60 * 24 * time.Hour // of what is to happen: a ticket's last reminder is some weeks off
	waits   = 7 * 24 * time.Hour  // of a letter's next try
)

// MendTimes brings times back to now that a clock far ahead has written, when now is
// known to be right: a letter would wait for years, and a purge never run. It returns
// how many it changed, and notes that in the audit table.
func (db *DB) MendTimes(ctx context.Context, now time.Time) (int64, error) {
	var n int64
	err := db.update(ctx, func(t *tx) error {
		n = 0
		for _, m := range []struct {
			query string
			least time.Duration
		}{
			{`UPDATE inbox SET put_at = min(put_at, ?1), ended = min(ended, ?1) WHERE put_at > ?2 OR ended > ?2`, written},
			{`UPDATE outbox SET queued = min(queued, ?1), ended = min(ended, ?1) WHERE queued > ?2 OR ended > ?2`, written},
			{`UPDATE outbox SET due = ?1 WHERE state = 0 AND due > ?2`, waits},
			{`UPDATE chats SET seen_at = ?1 WHERE seen_at > ?2`, written},
			{`UPDATE chats SET deadline = ?1 WHERE deadline > ?2`, planned},
			{`UPDATE tickets SET due = ?1 WHERE open = 1 AND due > ?2`, planned},
			{`DELETE FROM codes WHERE sent_at > ?2 AND ?1 > 0`, written}, // they limit the next ones
		} {
			changed, err := t.exec(m.query, ms(now), ms(now.Add(m.least)))
			if err != nil {
				return err
			}
			n += changed
		}
		if n == 0 {
			return nil
		}
		return t.audit(conversation.AuditEntry{At: now, Who: "pst",
			What: fmt.Sprintf("%d times that lay ahead brought back to now", n)})
	})
	return n, doing("mend times", err)
}
