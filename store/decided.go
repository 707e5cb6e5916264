package store

import (
	"context"
	"encoding/json"
	"fmt"

	"pst/conversation"
)

// resting is a publication as it is stored, withdrawn or not.
type resting struct {
	id        string // of the record that the asked one became one with, or its own
	there     bool
	withdrawn bool
	readable  bool
	stored    conversation.Publication // where readable
	record    []byte
	digest    []byte // of its contents
}

func (t *tx) resting(id string) (r resting, err error) {
	r.id = id
	if err = t.each(`SELECT same FROM publications WHERE id = ? AND same <> ''`, []any{id}, func(row scanner) error {
		return row.Scan(&r.id)
	}); err != nil {
		return r, err
	}
	err = t.each(`SELECT record, contents, deleted FROM publications WHERE id = ?`, []any{r.id}, func(row scanner) error {
		r.there = true
		return row.Scan(&r.record, &r.digest, &r.withdrawn)
	})
	r.readable = r.there && json.Unmarshal(r.record, &r.stored) == nil // what cannot be read is written over
	return r, err
}

// with is the record as it will be once p has been saved over it.
func (r resting) with(p conversation.Publication) (conversation.Publication, []byte, error) {
	p.ID = r.id
	if r.readable {
		p = keep(p, r.stored)
	}
	record, err := json.Marshal(p)
	return p, record, err
}

// Comparison says what saving a list of records would do: so many are new, would
// change, or are as the list says. Withdrawn ones count among these, and stay so.
type Comparison struct{ New, Changed, Same, Withdrawn int }

// Compare tells what [DB.SavePublications] of these records, and [DB.SetStrict] of
// those said to be loose, would change. It changes nothing.
func (db *DB) Compare(ctx context.Context, ps []conversation.Publication, loose []string) (c Comparison, err error) {
	free := map[string]bool{}
	for _, id := range loose {
		free[id] = true
	}
	const most = 500 // at a time, so that nobody waits long
	for len(ps) > 0 {
		part := ps[:min(most, len(ps))]
		ps = ps[len(part):]
		var add Comparison
		err := db.update(ctx, func(t *tx) error {
			add = Comparison{}
			for _, p := range part {
				r, err := t.resting(p.ID)
				if err != nil {
					return err
				}
				_, record, err := r.with(p)
				if err != nil {
					return err
				}
				switch {
				case !r.there:
					add.New++
				case string(record) != string(r.record) || free[p.ID] && r.stored.Strict:
					add.Changed++
				default:
					add.Same++
				}
				add.Withdrawn += flag(r.withdrawn)
			}
			return nil
		})
		if err != nil {
			return c, doing("compare publications", err)
		}
		c = Comparison{c.New + add.New, c.Changed + add.Changed, c.Same + add.Same, c.Withdrawn + add.Withdrawn}
	}
	return c, nil
}

// Withdraw takes a publication out of the catalogue until [DB.BringBack]: it is not
// found, shown or handed out, whatever imports say of it. What readers own of it stays
// in the ledger. Done again it changes nothing; conversation.ErrNotFound for an unknown
// id. by is for the audit table.
func (db *DB) Withdraw(ctx context.Context, by, id string) error {
	return doing("withdraw publication", db.setOut(ctx, by, id, true))
}

// BringBack puts a withdrawn publication into the catalogue again, as [DB.Withdraw]
// took it out.
func (db *DB) BringBack(ctx context.Context, by, id string) error {
	return doing("bring publication back", db.setOut(ctx, by, id, false))
}

func (db *DB) setOut(ctx context.Context, by, id string, out bool) error {
	what := map[bool]string{true: "publication withdrawn", false: "publication brought back"}[out]
	return db.update(ctx, func(t *tx) error {
		r, err := t.resting(id)
		if err != nil {
			return err
		}
		if !r.there {
			return conversation.ErrNotFound
		}
		if r.withdrawn == out {
			return nil
		}
		if _, err := t.exec(`UPDATE publications SET deleted = ?, version = `+nextVersion+` WHERE id = ?`, flag(out),
			r.id); err != nil {
			return err
		}
		return t.audit(conversation.AuditEntry{At: db.now(), Who: by, What: what, Subject: r.id})
	})
}

// Withdrawn lists the publications that were withdrawn, by id.
func (db *DB) Withdrawn(ctx context.Context) ([]conversation.Publication, error) {
	var out []conversation.Publication
	err := db.each(ctx, `SELECT record FROM publications WHERE `+string(Out)+` ORDER BY id`, nil, func(row scanner) error {
		return scanRecord(row, &out)
	})
	return out, doing("list what was withdrawn", err)
}

func scanRecord(row scanner, out *[]conversation.Publication) error {
	var record []byte
	var p conversation.Publication
	if err := row.Scan(&record); err != nil {
		return err
	}
	if json.Unmarshal(record, &p) == nil { // one that cannot be read is set aside when it is looked for
		*out = append(*out, p)
	}
	return nil
}

// Record is a publication as staff see it: withdrawn or not, with the catalogue version
// of its last change; conversation.ErrNotFound.
func (db *DB) Record(ctx context.Context, id string) (p conversation.Publication, withdrawn bool, version int64,
	err error) {
	var record []byte
	err = db.one(ctx, `SELECT record, deleted, version FROM publications WHERE same = '' AND id =
		coalesce((SELECT nullif(same, '') FROM publications WHERE id = ?1), ?1)`, []any{id}, &record, &withdrawn, &version)
	if err == nil {
		if err = json.Unmarshal(record, &p); err != nil {
			err = fmt.Errorf("%w: %w", conversation.ErrNotFound, err)
		}
	}
	return p, withdrawn, version, doing("load record", err)
}

// Decide sets those facts of a publication that its Decided names, with the year that
// goes with the title; no import changes them from here on. It returns
// conversation.ErrConflict when the record is no longer of that version, and
// conversation.ErrNotFound. by is for the audit table.
func (db *DB) Decide(ctx context.Context, by string, version int64, p conversation.Publication) error {
	err := db.update(ctx, func(t *tx) error {
		r, err := t.resting(p.ID)
		if err != nil {
			return err
		}
		if !r.readable {
			return conversation.ErrNotFound
		}
		var now int64
		if err := t.row(`SELECT version FROM publications WHERE id = ?`, r.id).Scan(&now); err != nil {
			return err
		}
		if now != version {
			return conversation.ErrConflict
		}
		set, is := &r.stored, p.Decided
		if is.Title {
			set.Title, set.Year, set.Decided.Title = p.Title, p.Year, true
		}
		if is.Shelf {
			set.Shelf, set.Decided.Shelf = p.Shelf, true
		}
		if is.Copies {
			set.Copies, set.Decided.Copies = p.Copies, true
		}
		record, err := json.Marshal(set)
		if err != nil || string(record) == string(r.record) {
			return err
		}
		if _, err := t.exec(`UPDATE publications SET record = ?, version = `+nextVersion+` WHERE id = ?`, string(record),
			r.id); err != nil {
			return err
		}
		return t.audit(conversation.AuditEntry{At: db.now(), Who: by, What: "facts of a publication changed", Subject: r.id})
	})
	return doing("change facts", err)
}

// Kind is a kind of records that staff look after.
type Kind string

// Kinds of records.
const (
	NoFile Kind = `deleted = 0 AND pages = 0`
	// NoText have a file in which no page has words to be found by.
	NoText Kind = `deleted = 0 AND pages > 0 AND NOT EXISTS
		(SELECT 1 FROM prints p WHERE p.publication = publications.id AND p.page > 0 AND p.blank = 0)`
	Out Kind = `deleted = 1 AND same = ''` // withdrawn
)

// Records lists a part of the records of a kind, by title, and says how many there are.
func (db *DB) Records(ctx context.Context, k Kind, offset, limit int) (ps []conversation.Publication, total int,
	err error) {
	if k == NoText {
		err = db.update(ctx, (*tx).printAll)
	}
	if err == nil {
		err = db.one(ctx, `SELECT count(*) FROM publications WHERE `+string(k), nil, &total)
	}
	if err == nil && limit > 0 {
		err = db.each(ctx, `SELECT record FROM publications WHERE `+string(k)+` ORDER BY record ->> '$.title', id LIMIT ? OFFSET ?`,
			[]any{limit, offset}, func(row scanner) error { return scanRecord(row, &ps) })
	}
	return ps, total, doing("list records", err)
}
