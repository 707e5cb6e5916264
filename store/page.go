package store

import (
	"context"
	"fmt"
	"time"

	"pst/conversation"
)

func (t *tx) openDoor(d conversation.Door) error {
	_, err := t.exec(`INSERT INTO doors (staff, hash, until) VALUES (?, ?, ?)
		ON CONFLICT (staff) DO UPDATE SET hash = excluded.hash, until = excluded.until`, d.Staff, d.Hash, ms(d.Until))
	return err
}

func (t *tx) shutDoors(staff string, now time.Time) error {
	_, err := t.exec(`INSERT INTO doors (staff, hash, until, shut) VALUES (?1, '', 0, ?2)
		ON CONFLICT (staff) DO UPDATE SET hash = '', shut = ?2`, staff, ms(now))
	return err
}

// OpenDoor makes a door outside a turn: for who stands at the machine.
func (db *DB) OpenDoor(ctx context.Context, d conversation.Door, by string) error {
	return doing("open door", db.update(ctx, func(t *tx) error {
		if err := t.openDoor(d); err != nil {
			return err
		}
		return t.audit(conversation.AuditEntry{At: db.now(), Who: by, What: "door to the page opened", Subject: d.Staff})
	}))
}

// Enter uses up the door whose code has this hash, and returns whom it lets in;
// conversation.ErrNotFound, wrapped, for a code that is wrong, used or too old. Both
// are noted in the audit table.
func (db *DB) Enter(ctx context.Context, hash string) (staff string, err error) {
	now := db.now()
	err = db.update(ctx, func(t *tx) error {
		staff = ""
		var n int
		if err := t.row(`SELECT coalesce(max(staff), ''), count(*) FROM doors WHERE hash = ? AND hash <> '' AND until > ?`,
			hash, ms(now)).Scan(&staff, &n); err != nil {
			return err
		}
		if n == 0 {
			return t.audit(conversation.AuditEntry{At: now, Who: conversation.Web, What: "a code for the page refused"})
		}
		if _, err := t.exec(`UPDATE doors SET hash = '' WHERE staff = ?`, staff); err != nil {
			return err
		}
		return t.audit(conversation.AuditEntry{At: now, Who: conversation.Web, What: "came in at the page", Subject: staff})
	})
	if err == nil && staff == "" {
		err = fmt.Errorf("code: %w", conversation.ErrNotFound)
	}
	return staff, doing("enter", err)
}

// Shut is since when what a member of staff opened before is void; zero for never.
func (db *DB) Shut(ctx context.Context, staff string) (time.Time, error) {
	var shut int64
	err := db.one(ctx, `SELECT coalesce(max(shut), 0) FROM doors WHERE staff = ?`, []any{staff}, &shut)
	return at(shut), doing("look at door", err)
}

// Waits tells whether a message or a letter of this address waits still.
func (db *DB) Waits(ctx context.Context, a conversation.Address) (bool, error) {
	var n int
	err := db.one(ctx, `SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 0 AND chat = ?1) OR EXISTS (SELECT 1 FROM outbox WHERE state = 0 AND chat = ?1)`,
		[]any{string(a)}, &n)
	return n != 0, doing("look at queues", err)
}

// PageSessions keeps what browsers at the desk's page are known by, sealed. It
// returns no error for an unknown, old or unreadable session: that is none.
type PageSessions struct{ db *DB }

// PageSessions are the sessions at the desk's page.
func (db *DB) PageSessions() *PageSessions { return &PageSessions{db} }

// FindCtx returns the data of a session that has not ended.
func (s *PageSessions) FindCtx(ctx context.Context, id string) ([]byte, bool, error) {
	var sealed []byte
	err := s.db.one(ctx, `SELECT coalesce(max(data), x'') FROM page_sessions WHERE id = ? AND until > ?`,
		[]any{id, ms(s.db.now())}, &sealed)
	if err != nil {
		return nil, false, doing("find session of the page", err)
	}
	data, err := s.db.seal.open("page session", id, sealed)
	return data, err == nil && data != nil, nil
}

// CommitCtx keeps a session until then, and forgets those that have ended.
func (s *PageSessions) CommitCtx(ctx context.Context, id string, data []byte, until time.Time) error {
	sealed := s.db.seal.seal("page session", id, data)
	return doing("keep session of the page", s.db.update(ctx, func(t *tx) error {
		if _, err := t.exec(`DELETE FROM page_sessions WHERE until <= ?`, ms(s.db.now())); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO page_sessions (id, until, data) VALUES (?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET until = excluded.until, data = excluded.data`, id, ms(until), sealed)
		return err
	}))
}

// DeleteCtx ends a session.
func (s *PageSessions) DeleteCtx(ctx context.Context, id string) error {
	return doing("end session of the page", s.db.update(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM page_sessions WHERE id = ?`, id)
		return err
	}))
}

// Find is [PageSessions.FindCtx] for who has no context.
func (s *PageSessions) Find(id string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), id)
}

// Commit is [PageSessions.CommitCtx] for who has no context.
func (s *PageSessions) Commit(id string, data []byte, until time.Time) error {
	return s.CommitCtx(context.Background(), id, data, until)
}

// Delete is [PageSessions.DeleteCtx] for who has no context.
func (s *PageSessions) Delete(id string) error { return s.DeleteCtx(context.Background(), id) }
