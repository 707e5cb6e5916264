package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pst/conversation"
)

// Session implements [conversation.Store]. Data that this version of the program
// cannot read gives the empty state.
func (db *DB) Session(ctx context.Context, chat conversation.Address) (conversation.Session, error) {
	s := conversation.Session{Chat: chat}
	var data []byte
	var deadline, seen int64
	err := db.one(ctx, `SELECT coalesce(CAST(reader AS INTEGER), 0), CAST(state AS TEXT), data, CAST(version AS INTEGER),
		CAST(deadline AS INTEGER), CAST(seen_at AS INTEGER), away = 1 FROM chats WHERE address = ?`,
		[]any{string(chat)}, &s.Reader, &s.State, &data, &s.Version, &deadline, &seen, &s.Away)
	if errors.Is(err, conversation.ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return conversation.Session{}, doing("load session", err)
	}
	s.Deadline, s.SeenAt = at(deadline), at(seen)
	if err := db.seal.openJSON("session", string(chat), data, &s.Data); err != nil {
		// Written by another version of the program, or damaged: the chat starts anew
		// rather than never answering again.
		s.State, s.Data = "", conversation.Data{}
		return s, doing("load session", db.setAside(ctx, asideRow{"session", string(chat), string(chat), data, err}))
	}
	s.SeenAt = seenAt(seen, s.Data)
	return s, nil
}

// seenAt is when a chat wrote last: as sealed, unless the column, which holds the hour,
// has been mended since.
func seenAt(column int64, d conversation.Data) time.Time {
	if exact := d.SeenAt; !exact.IsZero() && ms(exact)/hour*hour == column {
		return exact
	}
	return at(column)
}

// turn is a [conversation.Turn] being made true.
type turn struct {
	*tx
	db    *DB
	own   conversation.Address // the chat whose turn it is
	now   int64
	sends []outRow
}

// Commit implements [conversation.Store]. The session's link to a reader is
// changed by effects alone; Session.Reader is not saved. Rows of [conversation.Send]
// enter the outbox in their order after all other effects. A turn of the desk's
// own clock ([conversation.Desk]), or about a letter by mail, has no session to save.
func (db *DB) Commit(ctx context.Context, t conversation.Turn) error {
	// Sealing is done before the transaction, which all others wait for.
	t.Session.Data.SeenAt = t.Session.SeenAt
	data, err := db.seal.sealJSON("session", string(t.Session.Chat), t.Session.Data)
	if err != nil {
		return doing("commit turn", err)
	}
	var sends []outRow
	for _, e := range t.Effects {
		if s, ok := e.(conversation.Send); ok {
			row, err := db.outRow(s)
			if err != nil {
				return doing("commit turn", err)
			}
			sends = append(sends, row)
		}
	}
	err = db.update(ctx, func(x *tx) error {
		u := &turn{tx: x, db: db, own: t.Session.Chat, now: ms(db.now()), sends: sends}
		for _, m := range append(t.Earlier, t.Message) {
			if err := u.finish(m); err != nil {
				return err
			}
		}
		if err := u.save(t.Session, data); err != nil {
			return err
		}
		for _, e := range t.Effects {
			if err := u.apply(e); err != nil {
				return doing(fmt.Sprintf("%T", e), err)
			}
		}
		for _, s := range u.sends {
			if err := u.enqueue(s, u.now); err != nil {
				return err
			}
		}
		return nil
	})
	return doing("commit turn", err)
}

// finish ends the message's inbox row and empties it; its times are kept to the hour.
func (u *turn) finish(m conversation.Message) error {
	n, err := u.exec(`UPDATE inbox SET state = 1, chat = '', payload = NULL, put_at = put_at / ?3 * ?3, ended = ?1 / ?3 * ?3
		WHERE mark = ?2 AND state = 0`, u.now, u.db.inboxIndex(m.From, m.ID), hour)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("message: %w", conversation.ErrNotFound)
	}
	return nil
}

// save writes the session when its version is still the one loaded.
func (u *turn) save(s conversation.Session, data []byte) error {
	switch s.Chat.Scheme() {
	case conversation.Desk, conversation.Mail: // nobody talks there
		return nil
	}
	// When a chat wrote last is kept to the hour; to the second it is sealed.
	seen := ms(s.SeenAt) / hour * hour
	query := `UPDATE chats SET state = ?, data = ?, deadline = ?, seen_at = ?, away = ?,
		version = CAST(version AS INTEGER) % 1000000000000 + 1 WHERE address = ? AND CAST(version AS INTEGER) = ?`
	if s.Version == 0 {
		query = `INSERT INTO chats (state, data, deadline, seen_at, away, address, version) VALUES (?, ?, ?, ?, ?, ?, ? + 1)
			ON CONFLICT (address) DO UPDATE SET state = excluded.state, data = excluded.data, deadline = excluded.deadline,
				seen_at = excluded.seen_at, away = excluded.away, version = 1 WHERE CAST(version AS INTEGER) = 0`
	}
	n, err := u.exec(query, s.State, data, ms(s.Deadline), seen, flag(s.Away), string(s.Chat), s.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("session: %w", conversation.ErrConflict)
	}
	return nil
}

// apply carries out one effect. Each does nothing or the same again when what
// it is about has gone in the meantime, or fails with ErrConflict when the
// engine must look again.
func (u *turn) apply(e conversation.Effect) error {
	switch e := e.(type) {
	case conversation.Send:
		return nil // rows follow at the end of the turn
	case conversation.Withdraw:
		return u.db.withdraw(u.tx, e.Ref, u.now)
	case conversation.CreateReader:
		return u.createReader(e.Reader, e.Chat)
	case conversation.UpdateReader:
		return u.updateReader(e.Reader)
	case conversation.LinkChat:
		return u.linkChat(e.Chat, e.Reader)
	case conversation.UnlinkChat:
		return u.unlinkChat(e.Chat)
	case conversation.EraseReader:
		return u.eraseReader(e)
	case conversation.RecordCode:
		_, err := u.exec(`INSERT INTO codes (email_hash, sent_at) VALUES (?, ?)`, e.EmailHash, ms(e.At))
		return err
	case conversation.SaveVisit:
		return u.saveVisit(e.Visit)
	case conversation.ReserveExcerpt:
		return u.reserve(e.Excerpt)
	case conversation.SetStrict:
		_, err := u.setStrict(e.Publication, e.Strict)
		return err
	case conversation.SettleExcerpt:
		return u.settle(e)
	case conversation.RecordRating:
		return u.rate(e.Rating)
	case conversation.RecordSurvey:
		return u.recordSurvey(e.Survey)
	case conversation.Tally:
		return u.tally(e)
	case conversation.RecordAnswer:
		return u.recordAnswer(e.Answer)
	case conversation.SilenceTable:
		return u.silence(e)
	case conversation.RecordSearch:
		return u.recordSearch(e.Search)
	case conversation.SaveWish:
		return u.saveWish(e.Wish)
	case conversation.EndWish:
		return u.endWish(e.ID)
	case conversation.EndWishes:
		return u.endWishes(e.Chat)
	case conversation.RecordLesson:
		return u.recordLesson(e)
	case conversation.Teach:
		return u.teach(e)
	case conversation.OpenTicket:
		return u.openTicket(e.Ticket)
	case conversation.UpdateTicket:
		return u.updateTicket(e.Ticket)
	case conversation.AddPost:
		return u.addPost(e.Post)
	case conversation.OpenDoor:
		return u.openDoor(e.Door)
	case conversation.ShutDoors:
		return u.shutDoors(e.Staff, e.At)
	case conversation.Audit:
		return u.audit(e.Entry)
	}
	return errors.New("unknown effect")
}

// Wrote tells whether the person at the address has ever written to the desk.
func (db *DB) Wrote(ctx context.Context, a conversation.Address) (bool, error) {
	var n int
	err := db.one(ctx, `SELECT count(*) FROM chats WHERE address = ? AND seen_at > 0`, []any{string(a)}, &n)
	return n > 0, doing("look for chat", err)
}
