package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"pst/conversation"
)

// errEmpty: a value that is never empty is.
var errEmpty = errors.New("the value is empty")

// readable opens a value that is never empty.
func (db *DB) readable(what, row string, sealed []byte, v any) error {
	if len(sealed) == 0 {
		return errEmpty
	}
	return db.seal.openJSON(what, row, sealed, v)
}

// asideRow is a row that cannot be read.
type asideRow struct {
	kind, row, chat string
	sealed          []byte
	why             error
}

// setAside takes rows out of the way of all others, and keeps what was found with
// the reason. Telling it again changes nothing. A message and a letter end as
// failed; a reader's chats are as unregistered ones, so that their person can
// register again and meets the same page sets; a ticket's reminders stop.
func (db *DB) setAside(ctx context.Context, rows ...asideRow) error {
	if len(rows) == 0 || db.writer == nil { // who only looks passes them over
		return nil
	}
	err := db.update(ctx, func(t *tx) error {
		for _, r := range rows {
			if err := db.putAside(t, r); err != nil {
				return err
			}
		}
		return nil
	})
	return doing("set aside what cannot be read", err)
}

func (db *DB) putAside(t *tx, r asideRow) error {
	now := ms(db.now())
	why := reason(r.why)
	switch r.kind {
	case "message", "send", "session": // their rows are emptied or written over
	default:
		r.sealed, r.chat = nil, "" // stays in its row
	}
	n, err := t.exec(`INSERT INTO aside (kind, row, chat, sealed, why, found) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, row) DO UPDATE SET sealed = excluded.sealed, why = excluded.why, found = excluded.found,
			chat = excluded.chat, told = 0 WHERE sealed IS NOT excluded.sealed`, r.kind, r.row, r.chat, r.sealed, why, now)
	if err != nil {
		return err
	}
	if n > 0 {
		entry := conversation.AuditEntry{At: db.now(), Who: "pst", What: "set aside: " + why, Subject: r.kind}
		if err := t.audit(entry); err != nil {
			return err
		}
	}
	switch id, _ := strconv.ParseInt(r.row, 10, 64); r.kind {
	case "message":
		_, err = t.exec(`UPDATE inbox SET state = 2, chat = '', payload = NULL, ended = ?, why = ? WHERE seq = ? AND state = 0`, now, why, id)
	case "send":
		err = db.fail(t, id, db.now(), why)
	case "reader":
		for _, query := range []string{
			`UPDATE chats SET reader = NULL, version = version + 1 WHERE reader = ?`,
			`UPDATE readers SET email_hash = '' WHERE id = ?`,
		} {
			if _, err := t.exec(query, id); err != nil {
				return err
			}
		}
	case "ticket":
		_, err = t.exec(`UPDATE tickets SET due = 0 WHERE id = ?`, r.row)
	}
	return err
}

// Aside is a row that could not be read and was set aside.
type Aside struct {
	ID   int64
	Kind string               // message, send, session, reader, ticket, post, visit, publication, page
	Chat conversation.Address // whose it was; empty when that is not known
	Why  string
}

// Untold lists what was set aside and nobody was told of, oldest first.
func (db *DB) Untold(ctx context.Context) ([]Aside, error) {
	var out []Aside
	err := db.each(ctx, `SELECT id, kind, chat, why FROM aside WHERE told = 0 ORDER BY id LIMIT 100`, nil,
		func(row scanner) error {
			var a Aside
			err := row.Scan(&a.ID, &a.Kind, &a.Chat, &a.Why)
			out = append(out, a)
			return err
		})
	return out, doing("list what was set aside", err)
}

// Told notes that people were told of these, and puts what they are told into the
// outbox in the same transaction.
func (db *DB) Told(ctx context.Context, rows []Aside, tell ...conversation.Send) error {
	var sends []outRow
	for _, s := range tell {
		row, err := db.outRow(s)
		if err != nil {
			return doing("tell what was set aside", err)
		}
		sends = append(sends, row)
	}
	err := db.update(ctx, func(t *tx) error {
		fresh := int64(0)
		for _, a := range rows {
			n, err := t.exec(`UPDATE aside SET told = ? WHERE id = ? AND told = 0`, ms(db.now()), a.ID)
			if err != nil {
				return err
			}
			fresh += n
		}
		if fresh == 0 {
			return nil // another process was faster
		}
		for _, s := range sends {
			if err := t.enqueue(s, ms(db.now())); err != nil {
				return err
			}
		}
		return nil
	})
	return doing("tell what was set aside", err)
}

// sealedColumn is where sealed values of one kind stand: query gives of every value
// its rowid, what it is sealed to, and itself; update puts one back by rowid.
type sealedColumn struct {
	what, query, update string
	of                  func() any // what its JSON is read into; nil: text
}

// a makes values of a type.
func a[T any]() any { return new(T) }

var sealedColumns = []sealedColumn{
	{"session", `SELECT rowid, address, data FROM chats WHERE data IS NOT NULL`,
		`UPDATE chats SET data = ? WHERE rowid = ?`, a[conversation.Data]},
	{"message", `SELECT seq, mark, payload FROM inbox WHERE payload IS NOT NULL AND chat <> ''`,
		`UPDATE inbox SET payload = ? WHERE seq = ?`, a[conversation.Message]},
	{"stray", `SELECT seq, mark, payload FROM inbox WHERE payload IS NOT NULL AND chat = ''`,
		`UPDATE inbox SET payload = ? WHERE seq = ?`, nil},
	{"send", `SELECT id, key, payload FROM outbox WHERE payload IS NOT NULL`, `UPDATE outbox SET payload = ? WHERE id = ?`,
		a[conversation.Send]},
	{"reader", `SELECT id, CAST(id AS TEXT), data FROM readers`, `UPDATE readers SET data = ? WHERE id = ?`,
		a[conversation.Reader]},
	{"ticket", `SELECT rowid, id, data FROM tickets`, `UPDATE tickets SET data = ? WHERE rowid = ?`,
		a[conversation.Ticket]},
	{"post", `SELECT id, ticket || '/' || author || '/' || posted, data FROM posts WHERE data IS NOT NULL`,
		`UPDATE posts SET data = ? WHERE id = ?`, nil},
	{"visit", `SELECT rowid, id, data FROM visits WHERE data IS NOT NULL`, `UPDATE visits SET data = ? WHERE rowid = ?`,
		a[conversation.Visit]},
	{"excerpt", `SELECT rowid, code, data FROM excerpts WHERE data IS NOT NULL`,
		`UPDATE excerpts SET data = ? WHERE rowid = ?`, a[privateExcerpt]},
	{"wish", `SELECT id, CAST(id AS TEXT), data FROM wishes`, `UPDATE wishes SET data = ? WHERE id = ?`,
		a[conversation.Wish]},
	{"comment", `SELECT rowid, visit, comment FROM ratings WHERE comment IS NOT NULL`,
		`UPDATE ratings SET comment = ? WHERE rowid = ?`, nil},
}

// bind seals the values of the first versions anew, each to its row, once. One that
// does not open stays as it is and is set aside when it is looked for.
func (db *DB) bind(ctx context.Context) error {
	err := db.one(ctx, `SELECT 1 FROM meta WHERE name = 'sealed'`, nil, new(int))
	if !errors.Is(err, conversation.ErrNotFound) {
		return err
	}
	return doing("seal older values anew", db.update(ctx, func(t *tx) error {
		var done int
		if err := t.row(`SELECT 1 FROM meta WHERE name = 'sealed'`).Scan(&done); !errors.Is(err, sql.ErrNoRows) {
			return err // another process was faster
		}
		u := &turn{tx: t, db: db}
		for _, c := range sealedColumns {
			err := u.resealAll(c.query, nil, func(id int64, name string, sealed []byte) error {
				plain, err := db.seal.openOld(c.what, sealed)
				if err != nil {
					return nil
				}
				_, err = t.exec(c.update, db.seal.seal(c.what, name, plain), id)
				return err
			})
			if err != nil {
				return fmt.Errorf("%s: %w", c.what, err)
			}
		}
		_, err := t.exec(`INSERT INTO meta (name, value) VALUES ('sealed', ?)`, format)
		return err
	}))
}

// KeepStray sets aside what a channel received and could not understand, sealed
// like any message, with the reason.
func (db *DB) KeepStray(ctx context.Context, scheme string, received []byte, why string) error {
	index := db.seal.blindIndex("stray", scheme, string(received))
	err := db.update(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO inbox (mark, scheme, chat, state, payload, put_at, ended, why) VALUES (?, ?, '', 2, ?, ?, ?, ?) ON CONFLICT (mark) DO NOTHING`,
			index, scheme, db.seal.seal("stray", string(index), received), ms(db.now()), ms(db.now()), why)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep stray: %w", err)
	}
	return nil
}
