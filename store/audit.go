package store

import (
	"context"
	"time"

	"pst/conversation"
)

func (t *tx) audit(a conversation.AuditEntry) error {
	_, err := t.exec(`INSERT INTO audit (at, who, what, subject) VALUES (?, ?, ?, ?)`, ms(a.At), a.Who, a.What, a.Subject)
	return err
}

// Note appends a line to the audit table for what happens outside a turn.
func (db *DB) Note(ctx context.Context, a conversation.AuditEntry) error {
	err := db.update(ctx, func(t *tx) error { return t.audit(a) })
	return doing("note audit", err)
}

// AuditSince lists the audit lines since a time, oldest first.
func (db *DB) AuditSince(ctx context.Context, since time.Time) ([]conversation.AuditEntry, error) {
	var out []conversation.AuditEntry
	err := db.each(ctx, `SELECT at, who, what, subject FROM audit WHERE at >= ? ORDER BY id`, []any{ms(since)},
		func(row scanner) error {
			return auditLine(row, &out)
		})
	return out, doing("list audit", err)
}

// auditLine reads one line of the audit table.
func auditLine(row scanner, out *[]conversation.AuditEntry) error {
	var e conversation.AuditEntry
	var when int64
	err := row.Scan(&when, &e.Who, &e.What, &e.Subject)
	e.At = at(when)
	*out = append(*out, e)
	return err
}

// AuditBetween implements [conversation.Records].
func (db *DB) AuditBetween(ctx context.Context, from, to time.Time, most int) ([]conversation.AuditEntry, error) {
	var out []conversation.AuditEntry
	err := db.each(ctx, `SELECT at, who, what, subject FROM audit WHERE at >= ? AND at < ? ORDER BY id DESC LIMIT ?`,
		[]any{ms(from), ms(to), most}, func(row scanner) error {
			return auditLine(row, &out)
		})
	return out, doing("list audit", err)
}
