package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"pst/conversation"
)

// day is as exact as the times of secret complaints are kept, in milliseconds; a day
// begins in western Indonesia.
const (
	day      = 24 * hour
	dayBegan = 7 * hour
)

// dayOf is the beginning of the day of a time.
func dayOf(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return at((ms(t)+dayBegan)/day*day - dayBegan)
}

// coarsen takes from what older programs wrote the times and places among rows that
// tie a confidential or anonymous complaint to a chat, once.
func (db *DB) coarsen(ctx context.Context) error {
	err := db.one(ctx, `SELECT 1 FROM meta WHERE name = 'coarse'`, nil, new(int))
	if !errors.Is(err, conversation.ErrNotFound) {
		return err
	}
	return doing("make times coarse", db.update(ctx, func(t *tx) error {
		var done int
		if err := t.row(`SELECT 1 FROM meta WHERE name = 'coarse'`).Scan(&done); !errors.Is(err, sql.ErrNoRows) {
			return err // another process was faster
		}
		u := &turn{tx: t, db: db, now: ms(db.now())}
		if err := u.coarseTickets(); err != nil {
			return err
		}
		for _, query := range []string{
			`UPDATE inbox SET put_at = put_at / ?1 * ?1, ended = ended / ?1 * ?1 WHERE state <> 0`,
			`UPDATE outbox SET queued = queued / ?1 * ?1`,
			`UPDATE outbox SET due = queued WHERE state <> 0 OR attempt = 0 AND ?1 > 0`,
		} {
			if _, err := t.exec(query, hour); err != nil {
				return err
			}
		}
		ids, err := column[int64](t, `SELECT id FROM outbox WHERE id > 0 AND state <> 0 AND ref LIKE '~%'`)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := t.displace(id); err != nil {
				return err
			}
		}
		_, err = t.exec(`INSERT INTO meta (name, value) VALUES ('coarse', 1)`)
		return err
	}))
}

// coarseTickets leaves of the times of secret complaints the day, and takes them out of
// the order of all others.
func (u *turn) coarseTickets() error {
	ids, err := column[string](u.tx, `SELECT id FROM tickets WHERE kind = ?`, conversation.KindComplaint)
	if err != nil {
		return err
	}
	for _, id := range ids {
		var data []byte
		var k conversation.Ticket
		if err := u.row(`SELECT data, version FROM tickets WHERE id = ?`, id).Scan(&data, &k.Version); err != nil {
			return err
		}
		version := k.Version
		if u.db.readable("ticket", id, data, &k) != nil ||
			k.Identity != conversation.Hidden && k.Identity != conversation.Anonymous {
			continue // one that cannot be read is set aside when it is looked for
		}
		k.Version = version
		for _, t := range []*time.Time{&k.OpenedAt, &k.AcceptedAt, &k.AnsweredAt, &k.ClosedAt} {
			*t = dayOf(*t)
		}
		if err := u.updateTicket(k); err != nil {
			return err
		}
		_, err := u.exec(`UPDATE tickets SET opened = ?, rowid = ? WHERE id = ?`, ms(k.OpenedAt), apart(), id)
		if err != nil {
			return err
		}
		if err := u.coarsePosts(id); err != nil {
			return err
		}
	}
	return nil
}

func (u *turn) coarsePosts(ticket string) error {
	var posts []conversation.Post
	query := `SELECT author, posted, data FROM posts WHERE ticket = ? ORDER BY id`
	err := u.each(query, []any{ticket}, func(row scanner) error {
		p := conversation.Post{Ticket: ticket}
		var posted int64
		var data []byte
		if err := row.Scan(&p.By, &posted, &data); err != nil {
			return err
		}
		text, err := u.db.seal.open("post", postRow(ticket, p.By, posted), data)
		p.Text, p.At = string(text), dayOf(at(posted))
		posts = append(posts, p)
		return err
	})
	if errors.Is(err, ErrSecret) {
		return nil // it is set aside when it is looked for
	}
	if err != nil {
		return err
	}
	if _, err := u.exec(`DELETE FROM posts WHERE ticket = ?`, ticket); err != nil {
		return err
	}
	for _, p := range posts {
		if err := u.addPost(p); err != nil {
			return err
		}
	}
	return nil
}
