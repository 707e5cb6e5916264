package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"pst/conversation"
)

// ErrInternal is returned by [DB.Put] for a kind that only the desk itself may
// produce.
var ErrInternal = errors.New("kind of message is the desk's own")

// inboxIndex recognises a message of a chat without naming it.
func (db *DB) inboxIndex(from conversation.Address, id string) []byte {
	return db.seal.blindIndex("inbox", string(from), id)
}

// Put makes received messages durable, all in one transaction, before it
// returns. A message already there, waiting or handled, is accepted and changes nothing. A letter that waits
// long for this chat, unless for its excerpt or because the platform asked for the
// wait, is due now. It returns
// [ErrInternal] or conversation.ErrAddress, wrapped, for what no channel may send.
func (db *DB) Put(ctx context.Context, received ...conversation.Message) error {
	rows := make([]inRow, len(received))
	for i, m := range received {
		if m.Kind.Internal() {
			return fmt.Errorf("put message: %w", ErrInternal)
		}
		if _, err := conversation.ParseAddress(string(m.From)); err != nil {
			return doing("put message", err)
		}
		if m.ID == "" {
			return errors.New("put message: no id")
		}
		var err error
		if rows[i], err = db.inRow(m); err != nil {
			return doing("put message", err)
		}
	}
	err := db.update(ctx, func(t *tx) error {
		now := ms(db.now())
		hurried := map[string]bool{}
		for _, in := range rows {
			fresh, err := t.put(in, now)
			if err != nil {
				return err
			}
			if !fresh || hurried[in.chat] {
				continue
			}
			hurried[in.chat] = true
			if _, err := t.exec(hurryQuery, now, in.chat, now+conversation.Patience.Milliseconds()); err != nil {
				return err
			}
		}
		return nil
	})
	return doing("put message", err)
}

// Whoever writes can be reached: staff who had not enrolled, or an account that
// was locked for those who had not written.
const hurryQuery = `UPDATE outbox SET due = ? WHERE chat = ? AND state = 0 AND excerpt = '' AND kept = 0 AND due > ?`

// inRow is an inbox row to be.
type inRow struct {
	index        []byte
	scheme, chat string
	payload      []byte
}

func (db *DB) inRow(m conversation.Message) (inRow, error) {
	index := db.inboxIndex(m.From, m.ID)
	payload, err := db.seal.sealJSON("message", string(index), m)
	return inRow{index, m.From.Scheme(), string(m.From), payload}, err
}

// put tells whether the message was new.
func (t *tx) put(in inRow, now int64) (bool, error) {
	n, err := t.exec(`INSERT INTO inbox (mark, scheme, chat, payload, put_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (mark) DO NOTHING`,
		in.index, in.scheme, in.chat, in.payload, now)
	return n > 0, err
}

// Waiting lists messages not yet handled, in order of arrival, whose scheme or
// whole address is among those given, leaving out the addresses in except.
func (db *DB) Waiting(ctx context.Context, among []string, except []conversation.Address,
	limit int) ([]conversation.Message, error) {
	for {
		out, bad, err := db.waiting(ctx, among, except, limit)
		if err != nil || len(bad) == 0 {
			return out, doing("list waiting messages", err)
		}
		if err := db.setAside(ctx, bad...); err != nil {
			return nil, doing("list waiting messages", err)
		}
	}
}

func (db *DB) waiting(ctx context.Context, among []string, except []conversation.Address,
	limit int) (out []conversation.Message, bad []asideRow, err error) {
	err = db.each(ctx, waitingQuery, []any{list(among), list(except), limit}, func(row scanner) error {
		var payload, index []byte
		var seq int64
		var chat string
		if err := row.Scan(&seq, &chat, &index, &payload); err != nil {
			return err
		}
		var m conversation.Message
		err := db.readable("message", string(index), payload, &m)
		if err == nil && !bytes.Equal(index, db.inboxIndex(m.From, m.ID)) {
			err = lack("its index is another message's")
		}
		if err != nil {
			bad = append(bad, asideRow{"message", strconv.FormatInt(seq, 10), chat, payload, err})
			return nil
		}
		out = append(out, m)
		return nil
	})
	return out, bad, err
}

const waitingQuery = `SELECT seq, CAST(chat AS TEXT), mark, payload FROM inbox INDEXED BY inbox_waiting WHERE state = 0
	AND (scheme IN (SELECT value FROM json_each(?1)) OR chat IN (SELECT value FROM json_each(?1)))
	AND chat NOT IN (SELECT value FROM json_each(?2)) ORDER BY seq LIMIT ?3`

// Quarantine sets a message aside whose turn fails whenever it is taken, with
// the cause (free of personal data), and puts what the person is told of it into the outbox, in one
// transaction. A message that is no longer waiting is left as it is.
func (db *DB) Quarantine(ctx context.Context, m conversation.Message, why string, tell ...conversation.Send) error {
	var sends []outRow
	for _, s := range tell {
		row, err := db.outRow(s)
		if err != nil {
			return doing("quarantine message", err)
		}
		sends = append(sends, row)
	}
	err := db.update(ctx, func(t *tx) error {
		now := ms(db.now())
		n, err := t.exec(`UPDATE inbox SET state = 2, ended = ?, why = ? WHERE mark = ? AND state = 0`, now, why,
			db.inboxIndex(m.From, m.ID))
		if err != nil || n == 0 {
			return err
		}
		for _, s := range sends {
			if err := t.enqueue(s, now); err != nil {
				return err
			}
		}
		return nil
	})
	return doing("quarantine message", err)
}

// Sweep puts an Expired message into the inbox for every session past its
// deadline, and a Due message for every ticket past its next reminder, and
// returns how many it put. One deadline gives one message, however often it is
// swept.
func (db *DB) Sweep(ctx context.Context, now time.Time) (int, error) {
	due, err := db.overdue(ctx, now)
	if err != nil || len(due) == 0 {
		return 0, doing("sweep deadlines", err)
	}
	put := 0
	err = db.update(ctx, func(t *tx) error {
		put = 0
		for _, in := range due {
			fresh, err := t.put(in, ms(now))
			if err != nil {
				return err
			}
			put += flag(fresh)
		}
		return nil
	})
	return put, doing("sweep deadlines", err)
}

// overdue makes the messages that are due and not in the inbox yet. A session
// may still change before its message is taken; the engine looks at the
// deadline again.
func (db *DB) overdue(ctx context.Context, now time.Time) ([]inRow, error) {
	var found []conversation.Message
	err := db.each(ctx, `SELECT address, deadline FROM chats WHERE deadline > 0 AND deadline <= ? ORDER BY deadline LIMIT 1000`,
		[]any{ms(now)}, func(row scanner) error {
			var deadline int64
			m := conversation.Message{Kind: conversation.Expired}
			err := row.Scan(&m.From, &deadline)
			m.ID, m.SentAt = "expired:"+strconv.FormatInt(deadline, 10), at(deadline)
			found = append(found, m)
			return err
		})
	if err != nil {
		return nil, err
	}
	err = db.each(ctx, `SELECT id, due FROM tickets WHERE due > 0 AND due <= ? ORDER BY due, id LIMIT 1000`,
		[]any{ms(now)}, func(row scanner) error {
			var id string
			var due int64
			err := row.Scan(&id, &due)
			found = append(found, conversation.Message{
				ID: "due:" + strconv.FormatInt(due, 10), From: conversation.Address(conversation.Desk + ":" + id),
				Kind: conversation.Due, SentAt: at(due),
			})
			return err
		})
	if err != nil {
		return nil, err
	}
	var out []inRow
	for _, m := range found {
		err := db.one(ctx, `SELECT 1 FROM inbox WHERE mark = ?`, []any{db.inboxIndex(m.From, m.ID)}, new(int))
		if err == nil {
			continue
		}
		if !errors.Is(err, conversation.ErrNotFound) {
			return nil, err
		}
		in, err := db.inRow(m)
		if err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, nil
}
