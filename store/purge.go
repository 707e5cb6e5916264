package store

import (
	"context"
	"errors"
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

// leastQueues is how long platforms deliver a message again.
const leastQueues = 48 * time.Hour

// Purged counts what a purge removed.
type Purged struct {
	Messages, Letters, Chats, Readers, Hashes, Tickets, Searches int64
}

// Purge removes what is older than its retention, and the quota hashes whose
// date has come. It is a daily job; running it again at once changes nothing.
func (db *DB) Purge(ctx context.Context, now time.Time, r Retention) (Purged, error) {
	var p Purged
	for _, step := range []func(context.Context, time.Time, Retention, *Purged) error{
		db.purgeQueues, db.purgeReaders, db.purgeTickets, db.purgeRest,
	} {
		if err := step(ctx, now, r, &p); err != nil {
			return p, doing("purge", err)
		}
	}
	// What was removed must not rest in the write-ahead log either.
	return p, doing("purge", db.alone(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"))
}

// before is the time before which things are too old; ok is false for those kept
// for good.
func before(now time.Time, keep time.Duration) (cut int64, ok bool) {
	return ms(now.Add(-keep)), keep > 0
}

func (db *DB) purgeQueues(ctx context.Context, now time.Time, r Retention, p *Purged) error {
	if cut, ok := before(now, r.Letters); ok {
		late, err := db.numbers(ctx, `SELECT id FROM outbox WHERE state = 0 AND queued < ?`, cut)
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
	return db.update(ctx, func(t *tx) (err error) {
		if p.Messages, err = t.exec(`DELETE FROM inbox WHERE state <> 0 AND ended < ?`, cut); err != nil {
			return err
		}
		if _, err = t.exec(`DELETE FROM aside WHERE told > 0 AND found < ?`, min(cut, quotes)); err != nil {
			return err
		}
		p.Letters, err = t.exec(`DELETE FROM outbox WHERE state <> 0 AND ended < ? AND (ref = '' OR state = 2 OR ended < ?)`, cut, min(cut, quotes))
		return err
	})
}

func (db *DB) purgeReaders(ctx context.Context, now time.Time, r Retention, p *Purged) error {
	if cut, ok := before(now, r.Readers); ok {
		gone, err := db.numbers(ctx, `SELECT id FROM readers r WHERE created_at < ?1
			AND NOT EXISTS (SELECT 1 FROM chats WHERE reader = r.id AND seen_at >= ?1)`, cut)
		if err != nil {
			return err
		}
		for _, id := range gone {
			err := db.update(ctx, func(t *tx) error {
				u := &turn{tx: t, db: db, now: ms(now)}
				return u.eraseReader(id, now.Add(r.Hashes))
			})
			if err != nil {
				return err
			}
			p.Readers++
		}
	}
	return db.update(ctx, func(t *tx) (err error) {
		if p.Hashes, err = t.exec(`DELETE FROM identities WHERE until > 0 AND until <= ?`, ms(now)); err != nil {
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
	old, err := db.tickets(ctx, `WHERE open = 0 AND closed < ? AND (chat <> '' OR reader IS NOT NULL)`, cut)
	if err != nil {
		return err
	}
	for _, t := range old {
		err := db.update(ctx, func(x *tx) error {
			u := &turn{tx: x, db: db, now: ms(now)}
			return u.emptyTicket(t.ID)
		})
		if err != nil && !errors.Is(err, conversation.ErrConflict) { // changed meanwhile: the next purge looks again
			return err
		}
		p.Tickets++
	}
	return nil
}

func (db *DB) purgeRest(ctx context.Context, now time.Time, r Retention, p *Purged) error {
	return db.update(ctx, func(t *tx) (err error) {
		// Codes limit the next ones within the hour.
		if _, err = t.exec(`DELETE FROM codes WHERE sent_at < ?`, ms(now.Add(-leastQueues))); err != nil {
			return err
		}
		if cut, ok := before(now, r.Chats); ok {
			p.Chats, err = t.exec(`DELETE FROM chats WHERE reader IS NULL AND seen_at < ?1
				AND NOT EXISTS (SELECT 1 FROM outbox WHERE state = 0 AND chat = chats.address)
				AND NOT EXISTS (SELECT 1 FROM tickets WHERE open = 1 AND chat = chats.address)`, cut)
			if err != nil {
				return err
			}
		}
		if cut, ok := before(now, r.Searches); ok {
			p.Searches, err = t.exec(`DELETE FROM searches WHERE searched < ?`, cut)
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
