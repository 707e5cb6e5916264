package store

import (
	"cmp"
	"context"
	"strings"

	"pst/conversation"
)

func (u *turn) saveVisit(v conversation.Visit) error {
	data, err := u.db.seal.sealJSON("visit", v.ID, v)
	if err != nil {
		return err
	}
	_, err = u.exec(`INSERT INTO visits (id, reader, mode, purpose, opened, first_result, delivered, data, waited, channel, again)
		VALUES (?1, `+strings.Replace(existing, "?", "?2", 1)+`, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
			EXISTS (SELECT 1 FROM visits WHERE reader = ?2 AND opened < ?5))
		ON CONFLICT (id) DO UPDATE SET mode = excluded.mode, purpose = excluded.purpose, opened = excluded.opened,
			first_result = excluded.first_result, delivered = excluded.delivered, data = excluded.data, waited = excluded.waited
			WHERE visits.data IS NOT NULL`, // one that was erased stays so
		v.ID, v.Reader, v.Mode, v.Purpose, ms(v.OpenedAt), ms(v.FirstResultAt), ms(v.DeliveredAt), data,
		v.Waited.Milliseconds(), v.Chat.Scheme())
	if err != nil || v.Excerpt == "" {
		return err
	}
	_, err = u.exec(`UPDATE visits SET asked = e.requested, arrived = e.arrived, held = e.held FROM excerpts e
		WHERE visits.id = ? AND e.code = ?`, v.ID, v.Excerpt)
	return err
}

// Visit implements [conversation.Store]. A visit of an erased reader is not
// found; the statistics still count it.
func (db *DB) Visit(ctx context.Context, id string) (conversation.Visit, error) {
	var v conversation.Visit
	var data []byte
	var reader int64
	err := db.one(ctx, `SELECT coalesce(reader, 0), data FROM visits WHERE id = ? AND data IS NOT NULL`, []any{id},
		&reader, &data)
	if err == nil {
		if bad := db.readable("visit", id, data, &v); bad != nil {
			err = cmp.Or(db.setAside(ctx, asideRow{"visit", id, "", data, bad}), conversation.ErrNotFound)
		}
	}
	v.Reader = reader
	return v, doing("load visit", err)
}

func (u *turn) rate(r conversation.Rating) error {
	comment := []byte(nil)
	if r.Comment != "" {
		comment = u.db.seal.seal("comment", r.Visit, []byte(r.Comment))
	}
	again := `comment = excluded.comment WHERE ratings.comment IS NULL AND excluded.comment IS NOT NULL`
	if r.Mends {
		again = `score = excluded.score`
	}
	_, err := u.exec(`INSERT INTO ratings (visit, reader, score, rated, comment) VALUES (?, `+existing+`, ?, ?, ?)
		ON CONFLICT (visit) DO UPDATE SET `+again,
		r.Visit, r.Reader, r.Score, ms(r.At), comment)
	return err
}
