package store

import (
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"pst/conversation"
)

// Publication implements [conversation.Store].
func (db *DB) Publication(ctx context.Context, id string) (conversation.Publication, error) {
	var p conversation.Publication
	var record []byte
	err := db.one(ctx, `SELECT record FROM publications WHERE id = ? AND deleted = 0`, []any{id}, &record)
	if err == nil {
		if bad := decode(id, record, &p); bad != nil {
			p = conversation.Publication{}
			err = cmp.Or(db.setAside(ctx, asideRow{kind: "publication", row: id, why: bad}), conversation.ErrNotFound)
		}
	}
	return p, doing("load publication", err)
}

// Publications yields all records in order of id. Records saved while the loop
// runs may or may not be seen.
func (db *DB) Publications(ctx context.Context) iter.Seq2[conversation.Publication, error] {
	return func(yield func(conversation.Publication, error) bool) {
		after := ""
		for {
			// In portions, so that no reading transaction stays open while the
			// caller works: it would keep the write-ahead log from being folded in.
			const most = 500
			var part []conversation.Publication
			var bad []asideRow
			n := 0
			err := db.each(ctx, `SELECT id, record FROM publications WHERE id > ? AND deleted = 0 ORDER BY id LIMIT ?`,
				[]any{after, most}, func(row scanner) error {
					var p conversation.Publication
					var record []byte
					if err := row.Scan(&after, &record); err != nil {
						return err
					}
					n++
					if err := decode(after, record, &p); err != nil {
						bad = append(bad, asideRow{kind: "publication", row: after, why: err})
						return nil
					}
					part = append(part, p)
					return nil
				})
			if err == nil {
				err = db.setAside(ctx, bad...)
			}
			if err != nil {
				yield(conversation.Publication{}, doing("list publications", err))
				return
			}
			for _, p := range part {
				if !yield(p, nil) {
					return
				}
			}
			if n < most {
				return
			}
		}
	}
}

// Changed returns the id of every publication changed after a catalogue
// version, deleted ones too, and the version that this brings the caller to.
func (db *DB) Changed(ctx context.Context, after int64) (ids []string, version int64, err error) {
	version = after
	err = db.each(ctx, `SELECT id, version FROM publications WHERE version > ? ORDER BY version`, []any{after},
		func(row scanner) error {
			var id string
			err := row.Scan(&id, &version)
			ids = append(ids, id)
			return err
		})
	return ids, version, doing("list changed publications", err)
}

// Contents returns the page texts and entries of a publication; empty for one
// without a file, and for an unknown one.
func (db *DB) Contents(ctx context.Context, id string) (c conversation.Contents, err error) {
	var bad []asideRow
	err = db.each(ctx, pageColumns+`WHERE publication = ? AND `+offered+` ORDER BY number`, []any{id},
		func(row scanner) error {
			p, unreadable, err := scanPage(row)
			if unreadable != nil {
				bad = append(bad, asideRow{kind: "page", row: fmt.Sprint(id, "/", p.Number), why: unreadable})
			}
			c.Pages = append(c.Pages, p)
			return err
		})
	if err == nil {
		err = db.setAside(ctx, bad...)
	}
	if err == nil {
		c.Entries, err = db.Entries(ctx, id)
	}
	return c, doing("load contents", err)
}

// offered leaves out the pages of what was withdrawn.
const offered = `publication IN (SELECT id FROM publications WHERE deleted = 0)`

const pageColumns = `SELECT number, printed, front, text FROM pages `

// scanPage reads a page; one whose text is unreadable has none.
func scanPage(row scanner) (p conversation.Page, unreadable, err error) {
	var text []byte
	if err := row.Scan(&p.Number, &p.Printed, &p.Front, &text); err != nil {
		return p, nil, err
	}
	plain, unreadable := inflate(text)
	if unreadable == nil {
		p.Text = string(plain)
	}
	return p, unreadable, nil
}

// PrintedNumbers implements [conversation.Store].
func (db *DB) PrintedNumbers(ctx context.Context, publication string) (map[int]string, error) {
	out := map[int]string{}
	err := db.each(ctx, `SELECT number, printed FROM pages WHERE publication = ? AND printed <> '' AND `+offered,
		[]any{publication},
		func(row scanner) error {
			var page int
			var printed string
			err := row.Scan(&page, &printed)
			out[page] = printed
			return err
		})
	return out, doing("read printed numbers", err)
}

// Page implements [conversation.Store].
func (db *DB) Page(ctx context.Context, publication string, number int) (conversation.Page, error) {
	var found conversation.Page
	var bad error
	err := db.each(ctx, pageColumns+`WHERE publication = ? AND number = ? AND `+offered, []any{publication, number},
		func(row scanner) (err error) {
			found, bad, err = scanPage(row)
			return err
		})
	if err == nil && bad != nil {
		err = db.setAside(ctx, asideRow{kind: "page", row: fmt.Sprint(publication, "/", number), why: bad})
	}
	if err == nil && found.Number == 0 {
		err = conversation.ErrNotFound
	}
	return found, doing("load page", err)
}

// Entries implements [conversation.Store].
func (db *DB) Entries(ctx context.Context, publication string) ([]conversation.Entry, error) {
	var packed []byte
	err := db.one(ctx, `SELECT entries FROM publications WHERE id = ? AND deleted = 0`, []any{publication}, &packed)
	if errors.Is(err, conversation.ErrNotFound) || err == nil && packed == nil {
		return nil, nil
	}
	var out []conversation.Entry
	if err == nil {
		var bad error
		if out, bad = unpackEntries(packed); bad != nil {
			out, err = nil, db.setAside(ctx, asideRow{kind: "publication", row: publication, why: bad})
		}
	}
	return out, doing("load entries", err)
}

func unpackEntries(packed []byte) (out []conversation.Entry, err error) {
	text, err := inflate(packed)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	return out, err
}

// keep fills fields that a source does not name with what is stored: a list
// answer of the WebAPI knows nothing of the file or the shelf, and a file
// nothing of the abstract. What the file gave goes together. What staff decided
// stands against every source.
func keep(p, stored conversation.Publication) conversation.Publication {
	for _, f := range []struct{ to, from *string }{
		{&p.Office, &stored.Office}, {&p.Title, &stored.Title}, {&p.Abstract, &stored.Abstract},
		{&p.Released, &stored.Released},
		{&p.CatalogNo, &stored.CatalogNo}, {&p.PublicationNo, &stored.PublicationNo}, {&p.ISSN, &stored.ISSN},
		{&p.Link, &stored.Link}, {&p.Shelf, &stored.Shelf},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if p.Year == 0 {
		p.Year = stored.Year
	}
	if p.Copies == 0 {
		p.Copies = stored.Copies
	}
	if p.File == "" {
		p.File, p.SHA256, p.Pages = stored.File, stored.SHA256, stored.Pages
	}
	p.Strict = p.Strict || stored.Strict // no import takes it off: SetStrict does
	if stored.Decided.Title && !p.Decided.Title {
		p.Title, p.Year, p.Decided.Title = stored.Title, stored.Year, true
	}
	if stored.Decided.Shelf && !p.Decided.Shelf {
		p.Shelf, p.Decided.Shelf = stored.Shelf, true
	}
	if stored.Decided.Copies && !p.Decided.Copies {
		p.Copies, p.Decided.Copies = stored.Copies, true
	}
	return p
}

// StrictPublications implements [conversation.Store].
func (db *DB) StrictPublications(ctx context.Context) ([]conversation.Publication, error) {
	var out []conversation.Publication
	for p, err := range db.Publications(ctx) {
		if err != nil {
			return nil, err
		}
		if p.Strict {
			out = append(out, p)
		}
	}
	return out, nil
}

// SetStrict says whether excerpts of these publications are marked pictures alone,
// and returns of how many that was otherwise. Unknown ids are passed over.
func (db *DB) SetStrict(ctx context.Context, strict bool, ids ...string) (changed int, err error) {
	err = db.update(ctx, func(t *tx) error {
		changed = 0
		for _, id := range ids {
			n, err := t.setStrict(id, strict)
			if err != nil {
				return err
			}
			changed += n
		}
		return nil
	})
	return changed, doing("set strictness", err)
}

func (t *tx) setStrict(id string, strict bool) (int, error) {
	var record []byte
	var p conversation.Publication
	err := t.row(`SELECT record FROM publications WHERE deleted = 0 AND id =
		coalesce((SELECT nullif(same, '') FROM publications WHERE id = ?1), ?1)`, id).Scan(&record)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err == nil {
		err = json.Unmarshal(record, &p)
	}
	if err != nil || p.Strict == strict {
		return 0, err
	}
	p.Strict = strict
	if record, err = json.Marshal(p); err != nil {
		return 0, err
	}
	n, err := t.exec(`UPDATE publications SET record = ?, version = `+nextVersion+` WHERE id = ?`, string(record), p.ID)
	return int(n), err
}

// packed is a publication's contents as they rest.
type packed struct {
	digest  []byte
	entries []byte
	pages   [][]byte // same order as Contents.Pages
}

func pack(c *conversation.Contents) (*packed, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write contents: %w", err)
	}
	sum := sha256.Sum256(text)
	out := &packed{digest: sum[:]}
	entries, err := json.Marshal(c.Entries)
	if err != nil {
		return nil, fmt.Errorf("write entries: %w", err)
	}
	out.entries = deflate(entries)
	for _, p := range c.Pages {
		out.pages = append(out.pages, deflate([]byte(p.Text)))
	}
	return out, nil
}

// SavePublication inserts or updates a record by its ID; fields left empty keep
// what is stored. contents, when not nil, replaces page texts and entries. The
// same input again changes nothing and is no new catalogue version. One that was
// withdrawn is saved, too, and stays so.
func (db *DB) SavePublication(ctx context.Context, p conversation.Publication,
	contents *conversation.Contents) (changed bool, err error) {
	if p.ID == "" {
		return false, errors.New("save publication: no id")
	}
	var pk *packed
	if contents != nil {
		if pk, err = pack(contents); err != nil {
			return false, doing("save publication", err)
		}
	}
	err = db.update(ctx, func(t *tx) (err error) {
		changed, err = t.savePublication(p, contents, pk)
		return err
	})
	return changed && err == nil, doing("save publication", err)
}

// SavePublications saves many records as [DB.SavePublication] does, without
// contents, and returns how many changed. Either all of them are saved or none.
func (db *DB) SavePublications(ctx context.Context, ps []conversation.Publication) (changed int, err error) {
	err = db.update(ctx, func(t *tx) error {
		changed = 0
		for _, p := range ps {
			if p.ID == "" {
				return errors.New("no id")
			}
			c, err := t.savePublication(p, nil, nil)
			if err != nil {
				return err
			}
			changed += flag(c)
		}
		return nil
	})
	if err != nil {
		return 0, doing("save publications", err)
	}
	return changed, nil
}

func (t *tx) savePublication(p conversation.Publication, c *conversation.Contents, pk *packed) (bool, error) {
	r, err := t.resting(p.ID)
	if err != nil {
		return false, err
	}
	p, record, err := r.with(p)
	if err != nil {
		return false, err
	}
	newContents := pk != nil && (r.readable && p.SHA256 != r.stored.SHA256 || !bytes.Equal(pk.digest, r.digest))
	if bytes.Equal(record, r.record) && !newContents {
		return false, nil
	}
	prints, err := t.prints(p.ID)
	if err != nil {
		return false, err
	}
	if _, err := t.exec(`INSERT INTO publications (id, pages, version, record) VALUES (?, ?, `+nextVersion+`, ?)
		ON CONFLICT (id) DO UPDATE SET pages = excluded.pages, version = excluded.version, record = excluded.record`,
		p.ID, p.Pages, string(record)); err != nil {
		return false, err
	}
	if !newContents {
		return true, nil
	}
	if _, err := t.exec(`UPDATE publications SET contents = ?, entries = ? WHERE id = ?`, pk.digest, pk.entries,
		p.ID); err != nil {
		return false, err
	}
	if err := t.newFile(p.ID, p.SHA256, prints, c.Pages); err != nil {
		return false, err
	}
	if err := t.saveDataTables(p.ID, c.Tables, c.TablesRead); err != nil {
		return false, err
	}
	if _, err := t.exec(`DELETE FROM pages WHERE publication = ?`, p.ID); err != nil {
		return false, err
	}
	for i, page := range c.Pages {
		if _, err := t.exec(`INSERT INTO pages (publication, number, printed, front, text) VALUES (?, ?, ?, ?, ?)`,
			p.ID, page.Number, page.Printed, flag(page.Front), pk.pages[i]); err != nil {
			return false, fmt.Errorf("page %d: %w", page.Number, err)
		}
	}
	return true, nil
}

// nextVersion is the catalogue version that the change under way makes. Rows of
// deleted publications stay, so that it never goes back.
const nextVersion = `(SELECT coalesce(max(version), 0) + 1 FROM publications)`

var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.DefaultCompression) // fails only for an unknown level
	return w
}}

func deflate(text []byte) []byte {
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	_, _ = w.Write(text) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

func inflate(b []byte) ([]byte, error) {
	r := flate.NewReader(bytes.NewReader(b))
	text, err := io.ReadAll(r)
	return text, errors.Join(err, r.Close())
}
