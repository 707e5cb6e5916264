package main

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"pst/bot/web"
	"pst/conversation"
	"pst/store"
	"pst/store/intake"
)

// books is the library as the page shows and changes it.
type books struct{ desk *desk }

var _ web.Books = books{}

// Find implements [web.Books].
func (b books) Find(ctx context.Context, query string, offset, limit int) (conversation.Result, error) {
	return b.desk.catalogue.Search(ctx, conversation.Query{Text: query, Offset: offset, Limit: limit})
}

var lackKinds = map[web.Lack]store.Kind{web.NoFile: store.NoFile, web.NoText: store.NoText, web.Withdrawn: store.Out}

// Lacking implements [web.Books].
func (b books) Lacking(ctx context.Context, k web.Lack, offset, limit int) ([]conversation.Publication, int, error) {
	kind, ok := lackKinds[k]
	if !ok {
		return nil, 0, conversation.ErrNotFound
	}
	return b.desk.db.Records(ctx, kind, offset, limit)
}

// Book implements [web.Books].
func (b books) Book(ctx context.Context, id string) (web.Book, error) {
	p, withdrawn, version, err := b.desk.db.Record(ctx, id)
	if err != nil {
		return web.Book{}, err
	}
	contents, err := b.desk.db.Contents(ctx, p.ID)
	if err != nil {
		return web.Book{}, err
	}
	o := b.desk.office()
	out := web.Book{Publication: p, Publisher: o.Publisher(p.Office), Version: version, Withdrawn: withdrawn,
		Wholly: o.StrictOf(p) && !p.Strict, Entries: contents.Entries}
	for _, page := range contents.Pages {
		if strings.TrimSpace(page.Text) != "" {
			out.Texts++
		}
	}
	return out, nil
}

const copiesMost = 9999

// Mend implements [web.Books].
func (b books) Mend(ctx context.Context, by conversation.Staff, id string, f web.BookForm) error {
	p, _, version, err := b.desk.db.Record(ctx, id)
	if err != nil {
		return err
	}
	if version != f.Version {
		return web.ErrStale
	}
	wrong := map[string]string{}
	title, shelf := intake.Title(f.Title), intake.Shelf(f.Shelf)
	if title == "" {
		wrong["judul"] = "Tulis judulnya, dengan huruf atau angka."
	}
	copies, err := strconv.Atoi(or(strings.TrimSpace(f.Copies), "0"))
	if err != nil || copies < 0 || copies > copiesMost {
		wrong["eksemplar"] = "Tulis bilangan dari 0 sampai 9999."
	}
	if len(wrong) > 0 {
		return &web.Wrong{Fields: wrong}
	}
	now := conversation.Publication{ID: p.ID, Title: title, Shelf: shelf, Copies: copies,
		Decided: conversation.Decided{Title: title != p.Title, Shelf: shelf != p.Shelf, Copies: copies != p.Copies}}
	now.Year = intake.Year(title, p.Released)
	if now.Year == 0 {
		now.Year = p.Year
	}
	err = b.desk.db.Decide(ctx, by.Web().Masked(), version, now)
	if errors.Is(err, conversation.ErrConflict) {
		return web.ErrStale
	}
	return b.desk.searchable(ctx, err)
}

// Silenced implements [web.Books].
func (b books) Silenced(ctx context.Context) ([]web.SilencedTable, error) {
	list, err := b.desk.db.SilentTables(ctx)
	if err != nil {
		return nil, err
	}
	var out []web.SilencedTable
	for _, s := range list {
		p, _, _, err := b.desk.db.Record(ctx, s.Publication)
		if err != nil && !errors.Is(err, conversation.ErrNotFound) {
			return nil, err
		}
		out = append(out, web.SilencedTable{SilentTable: s, Book: or(p.Title, s.Publication)})
	}
	return out, nil
}

// Withdraw implements [web.Books].
func (b books) Withdraw(ctx context.Context, by conversation.Staff, id string, out bool) error {
	change := b.desk.db.BringBack
	if out {
		change = b.desk.db.Withdraw
	}
	return b.desk.searchable(ctx, change(ctx, by.Web().Masked(), id))
}

// searchable brings the index to what was just changed, so that the next search sees
// it. Where that fails, [keepIndex] tries again and tells.
func (d *desk) searchable(ctx context.Context, changed error) error {
	if changed == nil {
		_ = d.catalogue.Sync(ctx)
	}
	return changed
}
