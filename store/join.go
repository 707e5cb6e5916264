package store

import (
	"context"
	"database/sql"
	"errors"

	"pst/conversation"
)

// JoinChats makes one chat of two addresses of one person (the LID and the
// phone number of a WhatsApp account): what is kept under old belongs to now
// from here on. Of two conversations the one used last goes on; their readers
// become one, with the union of their pages. Telling it again changes nothing.
func (db *DB) JoinChats(ctx context.Context, old, now conversation.Address) error {
	for _, a := range []conversation.Address{old, now} {
		if _, err := conversation.ParseAddress(string(a)); err != nil {
			return doing("join chats", err)
		}
	}
	if old == now {
		return nil
	}
	err := db.update(ctx, func(t *tx) error {
		u := &turn{tx: t, db: db, now: ms(db.now())}
		for _, step := range []func(old, now conversation.Address) error{u.joinAside, u.joinSessions, u.joinInbox,
			u.joinOutbox, u.joinTickets, u.joinWishes} {
			if err := step(old, now); err != nil {
				return err
			}
		}
		return nil
	})
	return doing("join chats", err)
}

// chatRow is what a join looks at.
type chatRow struct{ reader, seen int64 }

func (u *turn) chat(a conversation.Address) (c chatRow, there bool, err error) {
	var data []byte
	err = u.row(`SELECT coalesce(reader, 0), seen_at, data FROM chats WHERE address = ?`, string(a)).Scan(&c.reader,
		&c.seen, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	var d conversation.Data
	if u.db.seal.openJSON("session", string(a), data, &d) == nil {
		c.seen = ms(seenAt(c.seen, d))
	}
	return c, true, nil
}

func (u *turn) joinAside(old, now conversation.Address) error {
	_, err := u.exec(`UPDATE aside SET chat = ? WHERE chat = ?`, string(now), string(old))
	return err
}

func (u *turn) joinSessions(old, now conversation.Address) error {
	from, there, err := u.chat(old)
	if err != nil || !there {
		return err
	}
	into, both, err := u.chat(now)
	if err != nil {
		return err
	}
	if both {
		switch {
		case from.reader != 0 && into.reader != 0 && from.reader != into.reader:
			err = u.merge(from.reader, into.reader)
		case from.reader != 0:
			_, err = u.exec(`UPDATE chats SET reader = ?, linked_at = ?, version = version + 1 WHERE address = ?`, from.reader,
				u.now, string(now))
		}
		if err != nil {
			return err
		}
		if from.seen <= into.seen {
			_, err = u.exec(`DELETE FROM chats WHERE address = ?`, string(old))
			return err
		}
		if _, err := u.exec(`UPDATE chats SET reader = (SELECT reader FROM chats WHERE address = ?1) WHERE address = ?2`,
			string(now), string(old)); err != nil {
			return err
		}
		if _, err := u.exec(`DELETE FROM chats WHERE address = ?`, string(now)); err != nil {
			return err
		}
	}
	if _, err = u.exec(`UPDATE chats SET address = ?, version = version + 1 WHERE address = ?`, string(now),
		string(old)); err != nil {
		return err
	}
	return u.reseal(`SELECT id, '', data FROM chats WHERE address = ? AND data IS NOT NULL`, now,
		func(id int64, _ string, data []byte) error {
			plain, err := u.db.seal.open("session", string(old), data)
			if err != nil {
				return nil // starts anew when it is looked for
			}
			_, err = u.exec(`UPDATE chats SET data = ? WHERE id = ?`, u.db.seal.seal("session", string(now), plain), id)
			return err
		})
}

// joinInbox readdresses messages that wait; one that came under both addresses
// stays once.
func (u *turn) joinInbox(old, now conversation.Address) error {
	return u.reseal(`SELECT seq, mark, payload FROM inbox WHERE state = 0 AND chat = ?`, old,
		func(id int64, name string, payload []byte) error {
			var m conversation.Message
			if u.db.readable("message", name, payload, &m) != nil {
				return nil // set aside when its turn comes
			}
			m.From = now
			in, err := u.db.inRow(m)
			if err != nil {
				return err
			}
			if _, err := u.exec(`UPDATE OR IGNORE inbox SET mark = ?, chat = ?, payload = ? WHERE seq = ?`, in.index, in.chat,
				in.payload, id); err != nil {
				return err
			}
			_, err = u.exec(`UPDATE inbox SET state = 1, chat = '', payload = NULL, ended = ? WHERE seq = ? AND chat = ?`,
				u.now, id, string(old))
			return err
		})
}

func (u *turn) joinOutbox(old, now conversation.Address) error {
	if _, err := u.exec(`UPDATE outbox SET chat = ? WHERE chat = ? AND state <> 0`,
		u.db.seal.addressIndex(string(now)), u.db.seal.addressIndex(string(old))); err != nil {
		return err
	}
	// A code that is on its way is told of where the person is now.
	if _, err := u.exec(`UPDATE outbox SET ref = 'code:' || ? WHERE ref = 'code:' || ? AND state = 0 AND ref <> ''`,
		string(now), string(old)); err != nil {
		return err
	}
	return u.reseal(`SELECT id, key, payload FROM outbox WHERE state = 0 AND chat = ?`, old,
		func(id int64, name string, payload []byte) error {
			var s conversation.Send
			if u.db.readable("send", name, payload, &s) != nil {
				return nil // set aside when its turn comes
			}
			s.To = now
			sealed, err := u.db.seal.sealJSON("send", name, s)
			if err != nil {
				return err
			}
			_, err = u.exec(`UPDATE outbox SET chat = ?, payload = ? WHERE id = ?`, string(now), sealed, id)
			return err
		})
}

func (u *turn) joinTickets(old, now conversation.Address) error {
	index := u.db.seal.ticketIndex
	return u.resealAll(`SELECT rowid, id, data FROM tickets WHERE chat = ?`, []any{index(string(old))},
		func(id int64, name string, data []byte) error {
			var k conversation.Ticket
			if u.db.readable("ticket", name, data, &k) != nil {
				return nil // set aside when it is looked for
			}
			k.Chat = now
			sealed, err := u.db.seal.sealJSON("ticket", name, k)
			if err != nil {
				return err
			}
			_, err = u.exec(`UPDATE tickets SET chat = ?, data = ?, version = version + 1 WHERE rowid = ?`, index(string(now)),
				sealed, id)
			return err
		})
}

// reseal gives every row of a chat that a query finds (its id, what it is sealed to,
// and the sealed part) to change.
func (u *turn) reseal(query string, chat conversation.Address,
	change func(id int64, name string, sealed []byte) error) error {
	return u.resealAll(query, []any{string(chat)}, change)
}

func (u *turn) resealAll(query string, args []any, change func(id int64, name string, sealed []byte) error) error {
	type found struct {
		id     int64
		name   string
		sealed []byte
	}
	var rows []found
	err := u.each(query, args, func(row scanner) error {
		var f found
		err := row.Scan(&f.id, &f.name, &f.sealed)
		rows = append(rows, f)
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range rows {
		if err := change(f.id, f.name, f.sealed); err != nil {
			return err
		}
	}
	return nil
}
