package store

import (
	"context"
	"fmt"
	"strings"

	"pst/conversation"
)

// recordAnswer keeps what was told as a number.
func (u *turn) recordAnswer(a conversation.DatumAnswer) error {
	for i, c := range a.Cells {
		_, err := u.exec(`INSERT INTO answers (code, nth, publication, tab, row, col, value, told) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			a.Code, i+1, c.Publication, c.Table, c.Row, c.Column, c.Value, ms(a.At)/hour*hour)
		if taken(err) {
			return fmt.Errorf("answer code: %w", conversation.ErrConflict)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Answer implements [conversation.Store].
func (db *DB) Answer(ctx context.Context, code string) (conversation.DatumAnswer, error) {
	a := conversation.DatumAnswer{Code: code}
	err := db.each(ctx, `SELECT publication, tab, row, col, value, told FROM answers WHERE code = ? ORDER BY nth`, []any{code},
		func(row scanner) error {
			var c conversation.AnswerCell
			var told int64
			err := row.Scan(&c.Publication, &c.Table, &c.Row, &c.Column, &c.Value, &told)
			a.Cells, a.At = append(a.Cells, c), at(told)
			return err
		})
	if err == nil && len(a.Cells) == 0 {
		err = conversation.ErrNotFound
	}
	return a, doing("load answer", err)
}

// silence makes a table answer nobody, or again. The catalogue is as one that changed:
// its index holds what may be told.
func (t *tx) silence(s conversation.SilenceTable) error {
	query := `DELETE FROM silent_tables WHERE publication = ? AND key = ? AND ? > 0`
	if s.Silent {
		query = `INSERT OR IGNORE INTO silent_tables (publication, key, since) VALUES (?, ?, ?)`
	}
	n, err := t.exec(query, s.Publication, s.Table, ms(s.At))
	if err != nil || n == 0 {
		return err
	}
	_, err = t.exec(`UPDATE publications SET version = `+nextVersion+` WHERE id = ? AND deleted = 0`, s.Publication)
	return err
}

// SilentTables implements [conversation.Store].
func (db *DB) SilentTables(ctx context.Context) ([]conversation.SilentTable, error) {
	var out []conversation.SilentTable
	err := db.each(ctx, `SELECT s.publication, s.key, s.since, coalesce(a.who, ''), coalesce(a.what, '') FROM silent_tables s
		LEFT JOIN audit a ON a.id = (SELECT min(id) FROM audit WHERE subject = s.publication || ' ' || s.key AND at >= s.since
			AND (what = ? OR what LIKE ? || ': %'))
		ORDER BY s.since DESC, s.publication, s.key`, []any{conversation.TableSilenced, conversation.TableSilenced},
		func(row scanner) error {
			var s conversation.SilentTable
			var since int64
			var what string
			err := row.Scan(&s.Publication, &s.Table, &since, &s.By, &what)
			s.Since = at(since)
			_, s.Why, _ = strings.Cut(what, ": ")
			out = append(out, s)
			return err
		})
	return out, doing("list silent tables", err)
}
