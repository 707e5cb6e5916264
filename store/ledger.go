package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"pst/conversation"
)

// Owned implements [conversation.Store]: what the person behind the reader has,
// whatever reader or chat of theirs it was asked from. Pages below 0 stood in an
// earlier file of the publication.
func (db *DB) Owned(ctx context.Context, reader int64, publication string) (conversation.PageSet, error) {
	var pages []int
	err := db.each(ctx, ownedQuery, []any{reader, publication}, func(row scanner) error {
		var p int
		err := row.Scan(&p)
		pages = append(pages, p)
		return err
	})
	return conversation.NewPageSet(pages...), doing("list owned pages", err)
}

// Received implements [conversation.Store].
func (db *DB) Received(ctx context.Context, reader int64, publication string) (conversation.PageSet, error) {
	var pages []int
	err := db.each(ctx, receivedQuery, []any{reader, publication}, func(row scanner) error {
		var p int
		err := row.Scan(&p)
		pages = append(pages, p)
		return err
	})
	return conversation.NewPageSet(pages...), doing("list received pages", err)
}

const receivedQuery = `SELECT DISTINCT l.page FROM ledger l JOIN excerpts e ON e.code = l.excerpt
	WHERE l.person = (SELECT person FROM readers WHERE id = ?1) AND l.publication = ?2 AND e.reader = ?1 AND l.page > 0 ORDER BY l.page`

const ownedQuery = `SELECT DISTINCT page FROM ledger
	WHERE person = (SELECT person FROM readers WHERE id = ?) AND publication = ? ORDER BY page`

// reserve grants the pages of an excerpt when the union with those granted
// before stays within the limit of the publication as it is now. Pages granted
// before cost nothing, even where the limit is passed already (two accounts
// became one, or the publication's new file is shorter).
func (u *turn) reserve(e conversation.Excerpt) error {
	pages := conversation.NewPageSet(e.Pages...)
	if len(pages) == 0 {
		return errors.New("excerpt without pages")
	}
	var person int64
	err := u.row(`SELECT person FROM readers WHERE id = ?`, e.Reader).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("reader: %w", conversation.ErrConflict)
	}
	if err != nil {
		return err
	}
	var count int
	err = u.row(`SELECT pages FROM publications WHERE id = ? AND deleted = 0`, e.Publication).Scan(&count)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if pages[0] < 1 || pages[len(pages)-1] > count {
		return fmt.Errorf("pages outside the file: %w", conversation.ErrConflict)
	}
	granted, err := column[int](u.tx, ownedQuery, e.Reader, e.Publication)
	if err != nil {
		return err
	}
	owned := conversation.NewPageSet(granted...)
	if len(pages.Minus(owned)) > 0 && len(owned.Union(pages)) > conversation.Limit(count) {
		return fmt.Errorf("limit of pages: %w", conversation.ErrConflict)
	}
	data, err := u.db.seal.sealJSON("excerpt", e.Code, privateExcerpt{
		e.Chat, e.Mark, e.FileName, e.Picture, e.Strict, e.Table,
	})
	if err != nil {
		return err
	}
	_, err = u.exec(`INSERT INTO excerpts (code, reader, visit, publication, pages, page_count, requested, data)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Code, e.Reader, e.Visit, e.Publication, pages.String(), len(pages), ms(e.RequestedAt), data)
	if taken(err) {
		return fmt.Errorf("excerpt code: %w", conversation.ErrConflict)
	}
	if err != nil {
		return err
	}
	_, err = u.exec(`INSERT INTO ledger (person, publication, page, excerpt) SELECT ?, ?, value, ? FROM json_each(?)`,
		person, e.Publication, e.Code, list(pages))
	return err
}

// RecordCounter keeps an excerpt that staff cut at the counter, so that its code
// is known; no reader's pages are counted for it.
func (db *DB) RecordCounter(ctx context.Context, e conversation.Excerpt, f conversation.ExcerptFile) error {
	data, err := db.seal.sealJSON("excerpt", e.Code, privateExcerpt{Mark: e.Mark, FileName: e.FileName})
	if err == nil {
		err = db.update(ctx, func(t *tx) error {
			_, err := t.exec(`INSERT INTO excerpts (code, visit, publication, pages, page_count, requested, delivered, sha256, mode, verdict, data)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, e.Code, conversation.CounterVisit, e.Publication, e.Pages.String(), len(e.Pages),
				ms(e.RequestedAt), ms(e.RequestedAt), f.SHA256, f.Mode, f.Verdict, data)
			return err
		})
	}
	return doing("record excerpt", err)
}

// settle ends a reservation once. The first settlement stands: pages freed by a
// failure may have been granted otherwise since.
func (u *turn) settle(s conversation.SettleExcerpt) error {
	ended := "failed"
	if s.Delivered {
		ended = "delivered"
	}
	n, err := u.exec(`UPDATE excerpts SET `+ended+` = ? WHERE code = ? AND delivered = 0 AND failed = 0`, ms(s.At), s.Code)
	if err != nil || n == 0 || s.Delivered {
		return err
	}
	_, err = u.exec(`DELETE FROM ledger WHERE excerpt = ?`, s.Code)
	return err
}

// privateExcerpt is the part of an excerpt that goes with its reader.
type privateExcerpt struct {
	Chat     conversation.Address
	Mark     conversation.Mark
	FileName string
	Picture  bool
	Strict   bool
	Table    *conversation.TableFile `json:",omitempty"`
}

const excerptColumns = `SELECT code, coalesce(reader, 0), visit, publication, pages,
	(SELECT json_group_array(page) FROM ledger WHERE excerpt = code AND page > 0),
	requested, delivered, failed, data FROM excerpts `

func (db *DB) scanExcerpt(row scanner) (conversation.Excerpt, error) {
	var e conversation.Excerpt
	var pages, now string
	var requested, delivered, failed int64
	var data []byte
	if err := row.Scan(&e.Code, &e.Reader, &e.Visit, &e.Publication, &pages, &now, &requested, &delivered, &failed,
		&data); err != nil {
		return e, err
	}
	var err error
	if e.Pages, err = conversation.ParsePages(pages, conversation.MostPages); err != nil {
		e.Pages = nil
	}
	var there []int
	if err := json.Unmarshal([]byte(now), &there); err != nil {
		return e, err
	}
	e.Now = conversation.NewPageSet(there...)
	var p privateExcerpt
	if err := db.seal.openJSON("excerpt", e.Code, data, &p); err != nil {
		// Pages and times, which the cap counts, stand beside it: they still tell.
		p = privateExcerpt{}
	}
	e.Chat, e.Mark, e.FileName, e.Picture, e.Strict, e.Table = p.Chat, p.Mark, p.FileName, p.Picture, p.Strict, p.Table
	e.RequestedAt, e.DeliveredAt, e.FailedAt = at(requested), at(delivered), at(failed)
	return e, nil
}

// Excerpt implements [conversation.Store]. Of an erased reader's excerpt the
// pages and times are left.
func (db *DB) Excerpt(ctx context.Context, code string) (conversation.Excerpt, error) {
	found := conversation.Excerpt{}
	err := db.each(ctx, excerptColumns+`WHERE code = ?`, []any{code}, func(row scanner) (err error) {
		found, err = db.scanExcerpt(row)
		return err
	})
	if err == nil && found.Code == "" {
		err = conversation.ErrNotFound
	}
	return found, doing("load excerpt", err)
}

// ExcerptOf implements [conversation.Store]. The digests of excerpts that failed are
// none: those files are with nobody.
func (db *DB) ExcerptOf(ctx context.Context, sha256 string) (conversation.Excerpt, error) {
	found := conversation.Excerpt{}
	err := db.each(ctx, excerptColumns+`WHERE delivered > 0 AND sha256 = ? LIMIT 1`, []any{sha256},
		func(row scanner) (err error) {
			found, err = db.scanExcerpt(row)
			return err
		})
	if err == nil && (found.Code == "" || sha256 == "") {
		err = conversation.ErrNotFound
	}
	return found, doing("load excerpt", err)
}

// Excerpts implements [conversation.Store].
func (db *DB) Excerpts(ctx context.Context, reader int64) ([]conversation.Excerpt, error) {
	var out []conversation.Excerpt
	err := db.each(ctx, excerptColumns+`WHERE reader = ? ORDER BY requested DESC, rowid DESC`, []any{reader},
		func(row scanner) error {
			e, err := db.scanExcerpt(row)
			out = append(out, e)
			return err
		})
	return out, doing("list excerpts", err)
}
