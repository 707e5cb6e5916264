package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pst/conversation"
)

// Retention is how long things are kept; 0 keeps them for good.
type Retention struct {
	// Queues: handled messages and ended letters, by which a second delivery is
	// known. Platforms deliver again for up to 48 hours; less is taken as that.
	Queues time.Duration
	// Quotes: ended letters about a ticket or an excerpt, so that a quote of one
	// is understood.
	Quotes time.Duration
	// Letters: rows that nobody could be given; they fail then.
	Letters time.Duration
	// Chats: chats without a reader, since their last message.
	Chats time.Duration
	// Readers: accounts, since the last message in any of their chats. They are
	// erased, and their hashes and page sets kept for Hashes.
	Readers time.Duration
	Hashes  time.Duration
	// Tickets: the texts of tickets, since they were closed.
	Tickets time.Duration
	// Searches: queries, which name no person.
	Searches time.Duration
}

// leastQueues is how long platforms deliver a message again, 48 hours, and the hour to
// which the end of a message is kept.
const leastQueues = 49 * time.Hour

// Purged counts what a purge removed.
type Purged struct {
	Messages, Letters, Chats, Readers, Hashes, Tickets, Searches int64
}

// Purge removes what is older than its retention, and the quota hashes whose
// date has come. It is a daily job. A clock that is wrong must not make it a
// catastrophe: it returns [ErrClock], wrapped, and removes nothing when now lies
// before the newest row or more than seven days after it, and it removes at most
// a tenth of the readers, chats, tickets and hashes, and a quarter of the queues
// and searches, a run; the rest follows on the days after. What it removed is
// noted in the audit table.
func (db *DB) Purge(ctx context.Context, now time.Time, r Retention) (Purged, error) {
	var p Purged
	if err := db.believe(ctx, now); err != nil {
		return p, doing("purge", err)
	}
	for _, step := range []func(context.Context, time.Time, Retention, *Purged) error{
		db.purgeQueues, db.purgeReaders, db.purgeTickets, db.purgeRest,
	} {
		if err := step(ctx, now, r, &p); err != nil {
			return p, doing("purge", err)
		}
	}
	if p != (Purged{}) {
		what := fmt.Sprintf("purge: %d messages, %d letters, %d chats, %d readers, %d hashes, %d tickets, %d searches",
			p.Messages, p.Letters, p.Chats, p.Readers, p.Hashes, p.Tickets, p.Searches)
		if err := db.Note(ctx, conversation.AuditEntry{At: now, Who: "pst", What: what}); err != nil {
			return p, doing("purge", err)
		}
	}
	// What was removed must not rest in the write-ahead log either.
	return p, doing("purge", db.alone(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"))
}

// share is how many rows of a table one run may remove: one in part, and at least least.
func (db *DB) share(ctx context.Context, table string, part, least int64) (int64, error) {
	var n int64
	err := db.one(ctx, `SELECT count(*) FROM `+table, nil, &n)
	return max(least, n/part), err
}

// before is the time before which things are too old; ok is false for those kept
// for good.
func before(now time.Time, keep time.Duration) (cut int64, ok bool) {
	return ms(now.Add(-keep)), keep > 0
}

func (db *DB) purgeQueues(ctx context.Context, now time.Time, r Retention, p *Purged) error {
	if cut, ok := before(now, r.Letters); ok {
		most, err := db.share(ctx, "outbox", 4, 100)
		if err != nil {
			return err
		}
		late, err := db.numbers(ctx, `SELECT id FROM outbox WHERE state = 0 AND queued < ? ORDER BY id LIMIT ?`, cut, most)
		if err != nil {
			return err
		}
		for _, id := range late {
			if err := db.MarkFailed(ctx, id, now, "could not be delivered in time"); err != nil {
				return err
			}
		}
	}
	if r.Queues <= 0 {
		return nil
	}
	cut, _ := before(now, max(r.Queues, leastQueues))
	quotes, ok := before(now, r.Quotes)
	if !ok {
		quotes = 0
	}
	messages, err := db.share(ctx, "inbox", 4, 100)
	if err != nil {
		return err
	}
	letters, err := db.share(ctx, "outbox", 4, 100)
	if err != nil {
		return err
	}
	return db.update(ctx, func(t *tx) (err error) {
		p.Messages, err = t.exec(`DELETE FROM inbox WHERE seq IN (SELECT seq FROM inbox WHERE state <> 0 AND ended < ? ORDER BY seq LIMIT ?)`, cut, messages)
		if err != nil {
			return err
		}
		if _, err = t.exec(`DELETE FROM aside WHERE told > 0 AND found < ?`, min(cut, quotes)); err != nil {
			return err
		}
		p.Letters, err = t.exec(`DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
			WHERE state <> 0 AND ended < ? AND (ref = '' OR state = 2 OR ended < ?) ORDER BY id LIMIT ?)`, cut, min(cut, quotes), letters)
		return err
	})
}

func (db *DB) purgeReaders(ctx context.Context, now time.Time, r Retention, p *Purged) error {
	if cut, ok := before(now, r.Readers); ok {
		most, err := db.share(ctx, "readers", 10, 1)
		if err != nil {
			return err
		}
		gone, err := db.numbers(ctx, `SELECT id FROM readers r WHERE created_at < ?1
			AND NOT EXISTS (SELECT 1 FROM chats WHERE reader = r.id AND seen_at >= ?1) ORDER BY id LIMIT ?2`, cut, most)
		if err != nil {
			return err
		}
		for _, id := range gone {
			err := db.update(ctx, func(t *tx) error {
				u := &turn{tx: t, db: db, now: ms(now)}
				return u.eraseReader(conversation.EraseReader{Reader: id, Until: now.Add(r.Hashes)})
			})
			if err != nil {
				return err
			}
			p.Readers++
		}
	}
	most, err := db.share(ctx, "(SELECT DISTINCT person FROM identities)", 10, 1)
	if err != nil {
		return err
	}
	return db.update(ctx, func(t *tx) (err error) {
		// All hashes of a person at a time: one alone would tie the pages to half a person.
		p.Hashes, err = t.exec(`DELETE FROM identities WHERE until > 0 AND until <= ?1 AND person IN (
			SELECT DISTINCT person FROM identities WHERE until > 0 AND until <= ?1 ORDER BY person LIMIT ?2)`, ms(now), most)
		if err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM ledger WHERE person NOT IN (SELECT person FROM identities) AND person NOT IN (SELECT person FROM readers)`)
		return err
	})
}

func (db *DB) purgeTickets(ctx context.Context, now time.Time, r Retention, p *Purged) error {
	cut, ok := before(now, r.Tickets)
	if !ok {
		return nil
	}
	most, err := db.share(ctx, "tickets", 10, 1)
	if err != nil {
		return err
	}
	old, err := db.tickets(ctx, `WHERE open = 0 AND closed < ? AND (chat <> '' OR person <> ''
		OR EXISTS (SELECT 1 FROM posts WHERE ticket = tickets.id)) ORDER BY closed LIMIT ?`, cut, most)
	if err != nil {
		return err
	}
	for _, t := range old {
		err := db.update(ctx, func(x *tx) error {
			u := &turn{tx: x, db: db, now: ms(now)}
			return u.emptyTicket(t.ID, false)
		})
		if err != nil && !errors.Is(err, conversation.ErrConflict) { // changed meanwhile: the next purge looks again
			return err
		}
		p.Tickets++
	}
	return nil
}

func (db *DB) purgeRest(ctx context.Context, now time.Time, r Retention, p *Purged) error {
	chats, err := db.share(ctx, "chats", 10, 1)
	if err != nil {
		return err
	}
	searches, err := db.share(ctx, "searches", 4, 100)
	if err != nil {
		return err
	}
	open, err := db.OpenTickets(ctx)
	if err != nil {
		return err
	}
	var waiting []conversation.Address // whose chat is needed for an answer
	for _, k := range open {
		waiting = append(waiting, k.Chat)
	}
	return db.update(ctx, func(t *tx) (err error) {
		// Codes limit the next ones within the hour.
		if _, err = t.exec(`DELETE FROM codes WHERE sent_at < ?`, ms(now.Add(-leastQueues))); err != nil {
			return err
		}
		if cut, ok := before(now, r.Chats); ok {
			p.Chats, err = t.exec(`DELETE FROM chats WHERE id IN (SELECT id FROM chats WHERE reader IS NULL AND seen_at < ?1
				AND NOT EXISTS (SELECT 1 FROM outbox WHERE state = 0 AND chat = chats.address)
				AND address NOT IN (SELECT value FROM json_each(?3)) ORDER BY seen_at LIMIT ?2)`, cut, chats, list(waiting))
			if err != nil {
				return err
			}
		}
		if err := t.purgeWishes(now, r); err != nil {
			return err
		}
		if cut, ok := before(now, r.Searches); ok {
			p.Searches, err = t.exec(`DELETE FROM searches WHERE id IN (SELECT id FROM searches WHERE searched < ? ORDER BY searched LIMIT ?)`, cut, searches)
			if err != nil {
				return err
			}
			_, err = t.exec(`DELETE FROM answers WHERE told < ?`, cut) // a silent table stays silent
		}
		return err
	})
}

// numbers reads a column of ids.
func (db *DB) numbers(ctx context.Context, query string, args ...any) ([]int64, error) {
	var out []int64
	err := db.each(ctx, query, args, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}
