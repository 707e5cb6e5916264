package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"pst/conversation"
)

// Unreadable reads every value of the database as the desk would, each into what its
// kind is, and returns, for an operator, those that do not open or are not whole:
// "ticket, row 7: cannot be read: it lacks a state", and what was set aside before. It
// takes seconds.
func (db *DB) Unreadable(ctx context.Context) ([]string, error) {
	var out []string
	name := func(what string, err error) {
		if err != nil {
			out = append(out, what+": "+reason(err))
		}
	}
	for _, look := range []func(context.Context, func(string, error)) error{
		db.lookAtColumns, db.lookAtSealed, db.lookAtRefs, db.lookAtPublications, db.lookAtPages,
	} {
		if err := look(ctx, name); err != nil {
			return nil, doing("read every value", err)
		}
	}
	var aside int
	if err := db.one(ctx, `SELECT count(*) FROM aside`, nil, &aside); err != nil {
		return nil, doing("read every value", err)
	}
	if aside > 0 {
		out = append(out, fmt.Sprintf("%d rows were set aside before: see the table aside", aside))
	}
	return out, nil
}

// lookAtColumns finds what is no number where numbers stand, or nothing or no text
// where texts do.
func (db *DB) lookAtColumns(ctx context.Context, name func(string, error)) error {
	type column struct{ table, name, kind string }
	var columns []column
	err := db.each(ctx, `SELECT m.name, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND c.type IN ('INTEGER', 'TEXT')
		AND (c."notnull" OR c.pk)`, nil, func(row scanner) error {
		var c column
		err := row.Scan(&c.table, &c.name, &c.kind)
		columns = append(columns, c)
		return err
	})
	for _, c := range columns {
		if err != nil {
			return err
		}
		var n int
		err = db.one(ctx, `SELECT count(*) FROM `+c.table+` WHERE typeof(`+c.name+`) <> ?`, []any{strings.ToLower(c.kind)},
			&n)
		if n > 0 {
			name(fmt.Sprintf("%s.%s, %d rows", c.table, c.name, n), lack("it lacks what such a column holds"))
		}
	}
	return err
}

func (db *DB) lookAtSealed(ctx context.Context, name func(string, error)) error {
	for _, c := range sealedColumns {
		err := db.each(ctx, c.query, nil, func(row scanner) error {
			var id int64
			var key string
			var sealed []byte
			if err := row.Scan(&id, &key, &sealed); err != nil {
				return err
			}
			name(fmt.Sprintf("%s, row %d", c.what, id), db.wholeValue(c, key, sealed))
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w", c.what, err)
		}
	}
	return nil
}

// wholeValue tells what is wrong with one sealed value.
func (db *DB) wholeValue(c sealedColumn, row string, sealed []byte) error {
	if c.of == nil {
		plain, err := db.seal.open(c.what, row, sealed)
		if err == nil && len(sealed) == 0 {
			return errEmpty
		}
		if err == nil {
			err = wholeText(plain)
		}
		return err
	}
	v := c.of()
	if err := db.readable(c.what, row, sealed, v); err != nil {
		return err
	}
	if m, ok := v.(*conversation.Message); ok && !bytes.Equal([]byte(row), db.inboxIndex(m.From, m.ID)) {
		return lack("its index is another message's")
	}
	return nil
}

// lookAtRefs opens what a letter is about, where only the key tells.
func (db *DB) lookAtRefs(ctx context.Context, name func(string, error)) error {
	return db.each(ctx, `SELECT id, key, ref FROM outbox WHERE ref LIKE '`+sealedRef+`%'`, nil, func(row scanner) error {
		var id int64
		var key, ref string
		err := row.Scan(&id, &key, &ref)
		if err == nil && !strings.HasPrefix(db.seal.showRef(key, ref), "ticket:") {
			name(fmt.Sprintf("what letter %d is about", id), ErrSecret)
		}
		return err
	})
}

func (db *DB) lookAtPublications(ctx context.Context, name func(string, error)) error {
	return db.each(ctx, `SELECT id, record, entries FROM publications WHERE deleted = 0`, nil, func(row scanner) error {
		var id string
		var record, entries []byte
		if err := row.Scan(&id, &record, &entries); err != nil {
			return err
		}
		err := decode(id, record, new(conversation.Publication))
		if err == nil && entries != nil {
			_, err = unpackEntries(entries)
		}
		name("publication "+id, err)
		return nil
	})
}

func (db *DB) lookAtPages(ctx context.Context, name func(string, error)) error {
	return db.each(ctx, `SELECT publication || ', page ' || number, text FROM pages`, nil, func(row scanner) error {
		var page string
		var text []byte
		if err := row.Scan(&page, &text); err != nil {
			return err
		}
		_, err := inflate(text)
		name("text of "+page, err)
		return nil
	})
}
