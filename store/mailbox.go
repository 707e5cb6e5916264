package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"pst/conversation"
)

// mailboxRules counts the versions of [conversation.Mailbox].
const mailboxRules = 2

// knowMailboxes makes readers of earlier versions, who were known by their address as
// written, or by fewer providers' rules, known by the mailbox behind it, once. Of two accounts that share one the
// older goes on with what belongs to both: they are one person.
func (db *DB) knowMailboxes(ctx context.Context, secret conversation.Secret) error {
	const known = `SELECT 1 FROM meta WHERE name = 'mailboxes' AND value >= ?`
	err := db.one(ctx, known, []any{mailboxRules}, new(int))
	if !errors.Is(err, conversation.ErrNotFound) {
		return err
	}
	return doing("know readers by their mailbox", db.update(ctx, func(t *tx) error {
		var done int
		if err := t.row(known, mailboxRules).Scan(&done); !errors.Is(err, sql.ErrNoRows) {
			return err // another process was faster
		}
		u := &turn{tx: t, db: db, now: ms(db.now())}
		ids, err := column[int64](t, `SELECT id FROM readers WHERE email_hash <> '' ORDER BY id`)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := u.knowMailbox(secret, id); err != nil {
				return err
			}
		}
		_, err = t.exec(`INSERT OR REPLACE INTO meta (name, value) VALUES ('mailboxes', ?)`, mailboxRules)
		return err
	}))
}

func (u *turn) knowMailbox(secret conversation.Secret, id int64) error {
	var data []byte
	err := u.row(`SELECT data FROM readers WHERE id = ?`, id).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // became a part of an older one
	}
	if err != nil {
		return err
	}
	var r conversation.Reader
	if u.db.readable("reader", strconv.FormatInt(id, 10), data, &r) != nil || r.Email == "" {
		return nil // set aside when it is looked for
	}
	r.ID = id
	hash := secret.Email(r.Email)
	if hash == r.EmailHash || r.EmailHash == "" {
		return nil
	}
	r.EmailHash = hash
	var other int64
	switch err := u.row(`SELECT id FROM readers WHERE email_hash = ?`, hash).Scan(&other); {
	case errors.Is(err, sql.ErrNoRows):
		return u.updateReader(r)
	case err != nil:
		return err
	}
	if err := u.merge(max(id, other), min(id, other)); err != nil || other < id {
		return err
	}
	return u.updateReader(r)
}
