package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"pst/conversation"
)

// ms is a time as a column holds it; 0 for the zero time.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// at reads what ms wrote, in UTC.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// list is a parameter for json_each: SQLite's way to take many values as one.
func list[T any](values []T) string {
	if len(values) == 0 {
		return "[]"
	}
	b, err := json.Marshal(values)
	if err != nil {
		return "[]" // strings and numbers always marshal
	}
	return string(b)
}

// prepared returns the reading statement of a query, made once for all
// connections of the pool.
func (db *DB) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := db.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := db.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if first, loaded := db.stmts.LoadOrStore(query, s); loaded {
		return first.(*sql.Stmt), s.Close()
	}
	return s, nil
}

// one reads one row; conversation.ErrNotFound when there is none.
func (db *DB) one(ctx context.Context, query string, args []any, dest ...any) error {
	s, err := db.prepared(ctx, query)
	if err != nil {
		return err
	}
	err = s.QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return conversation.ErrNotFound
	}
	return err
}

// each calls take for every row of a reading query.
func (db *DB) each(ctx context.Context, query string, args []any, take func(row scanner) error) error {
	s, err := db.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	return all(rows, func(row scanner) error { return take(tolerant{row}) })
}

// tolerant reads a row in which a column is odd as if it were 0 or empty: what lists
// many rows does not end at one. Whatever grants something reads its one row with
// [DB.one] or inside its transaction, where an odd column is an error.
type tolerant struct{ scanner }

func (t tolerant) Scan(dest ...any) error {
	first := t.scanner.Scan(dest...)
	if first == nil {
		return nil
	}
	raw := make([]any, len(dest))
	into := make([]any, len(dest))
	for i := range raw {
		into[i] = &raw[i]
	}
	if err := t.scanner.Scan(into...); err != nil {
		return errors.Join(first, err)
	}
	for i, d := range dest {
		number, real := raw[i].(int64)
		if f, ok := raw[i].(float64); ok && math.Abs(f) < 1<<53 {
			number, real = int64(f), true
		}
		text := ""
		switch v := raw[i].(type) {
		case string:
			text = v
		case []byte:
			text = string(v)
		}
		switch d := d.(type) {
		case *int64:
			*d = number
		case *int:
			*d = int(number)
		case *bool:
			*d = real && number != 0
		case *[]byte:
			*d = []byte(text)
		case *string:
			*d = text
		case *conversation.Address:
			*d = conversation.Address(text)
		case *any:
			*d = raw[i]
		default:
			return first
		}
	}
	return nil
}

// each calls take for every row, inside the transaction.
func (t *tx) each(query string, args []any, take func(row scanner) error) error {
	rows, err := t.rows(query, args...)
	if err != nil {
		return err
	}
	return all(rows, take)
}

func all(rows *sql.Rows, take func(row scanner) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// column collects the first column of a query, inside the transaction.
func column[T any](t *tx, query string, args ...any) ([]T, error) {
	var out []T
	err := t.each(query, args, func(row scanner) error {
		var v T
		if err := row.Scan(&v); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	})
	return out, err
}

// doing wraps an error with what was being done; nil stays nil.
func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// existing maps a reader's id to what a reference may hold: NULL for none, and
// for a reader who was erased or merged since the id was read.
const existing = "(SELECT id FROM readers WHERE id = ?)"

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
