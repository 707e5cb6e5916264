package conversation

import (
	"errors"
	"strings"
)

// shelfFetch is how many hits are looked through for printed books.
const shelfFetch = 30

// readShelf searches the catalogue for books that stand on a shelf. It is
// information about the reading room: nothing of a book's pages is shown.
func (t *turn) readShelf() (string, error) {
	if wantsMoreTime(t) {
		return t.s.State, t.renew()
	}
	if namesBook(t) {
		title, _ := t.message().Borrows()
		return t.findShelf(title)
	}
	return t.findShelf(t.request())
}

func (t *turn) findShelf(query string) (string, error) {
	query = cut(oneLine(query), queryMax)
	if letters(query) < queryMin {
		return refuse("shelf_search.short", nil)
	}
	r, err := t.catalogue.Search(t.ctx, Query{Text: query, Limit: shelfFetch, TitlesOnly: true})
	if errors.Is(err, ErrPreparing) {
		t.say("search.preparing", nil)
		return "shelf_search", nil
	}
	if err != nil {
		return "", err
	}
	var books []string
	for _, h := range r.Hits {
		for _, id := range append([]string{h.ID}, editionIDs(h.Editions)...) {
			p, err := t.store.Publication(t.ctx, id)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return "", err
			}
			if err == nil && p.Shelf != "" && len(books) < perPage {
				books = append(books, id)
			}
		}
	}
	if len(books) == 0 {
		return refuse("shelf_search.none", D{"Query": cut(query, 60)})
	}
	t.s.Data.Shelf = &ShelfFind{Query: cut(query, 60), Books: books}
	return "shelf_books", nil
}

func editionIDs(list []Edition) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.ID)
	}
	return out
}

// ShelfFind is a search for printed books and the one picked.
type ShelfFind struct {
	Query string   `json:"query"`
	Books []string `json:"books"`
	Book  string   `json:"book,omitempty"`
}

func (t *turn) shelfFound() *ShelfFind {
	if t.s.Data.Shelf == nil {
		t.s.Data.Shelf = &ShelfFind{}
	}
	return t.s.Data.Shelf
}

func shelfData(t *turn) D { return D{"Query": t.shelfFound().Query} }

// shelfItems are the books found, each with its place.
func shelfItems(t *turn) []item {
	var out []item
	for _, id := range t.shelfFound().Books {
		if p, err := t.store.Publication(t.ctx, id); err == nil {
			label := t.text("shelf_books:book", D{"Title": cut(t.office.shortArea(oneLine(p.Title)), titleWidth),
				"Shelf": p.Shelf, "Copies": p.Copies})
			out = append(out, item{key: "book", about: id, label: label, mute: true})
		}
	}
	return out
}

// openShelfBook says where the book stands.
func (t *turn) openShelfBook() (string, error) {
	id := t.subject
	if id == "" {
		return refuse("choose", nil)
	}
	p, err := t.store.Publication(t.ctx, id)
	if errors.Is(err, ErrNotFound) {
		t.say("publication.gone", nil)
		return "shelf_search", nil
	}
	if err != nil {
		return "", err
	}
	t.shelfFound().Book = id
	t.say("shelf", D{"Pub": p})
	return "shelf_book", nil
}

func shelfBookData(t *turn) D {
	p, err := t.store.Publication(t.ctx, t.shelfFound().Book)
	if err != nil {
		p.Title = "-"
	}
	return D{"Title": strings.TrimSpace(cut(p.Title, 160))}
}

func shelfPicked(t *turn) string { return t.shelfFound().Book }
