package pagetext

import (
	"slices"
	"strings"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
)

// Kinds of an entry, as conversation.Entry has them.
const (
	table   = "tabel"
	figure  = "gambar"
	chapter = "bab"
)

// entries reads the lists at the front of a publication, looks each entry up on
// the pages, and adds the tables and figures that stand there and in no list.
func entries(pages [][]string, clean []conversation.Page, n numbering) []conversation.Entry {
	l := lists(pages, clean, n)
	b := newBody(pages, clean, l)
	out := b.settle(l.entries)
	have := map[string]bool{}
	named := map[int]bool{} // pages with a numbered table or figure
	for _, e := range out {
		have[e.Kind+e.Number] = true
		named[e.Page] = named[e.Page] || e.Number != "" && e.Kind != chapter
	}
	for _, h := range b.found {
		if key := h.kind + h.number; !h.apart && !have[key] && h.title != "" && !b.sections[h.number] {
			have[key], named[h.page] = true, true
			out = append(out, b.entry(h))
		}
	}
	// A list whose numbers were not read says less than the headings on the pages.
	out = slices.DeleteFunc(out, func(e conversation.Entry) bool {
		return e.Kind != chapter && e.Number == "" && named[e.Page]
	})
	slices.SortStableFunc(out, func(a, b conversation.Entry) int {
		if a.Page != b.Page {
			return a.Page - b.Page
		}
		if a.Kind != b.Kind {
			return strings.Compare(a.Kind, b.Kind)
		}
		return strings.Compare(a.Number, b.Number)
	})
	return out
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// body is what the pages behind the lists say about the entries.
type body struct {
	clean []conversation.Page
	found []heading
	at    map[string][]heading // by kind and number
	on    map[int]bool         // pages that a numbered table or figure begins on
	tops  []map[string]bool    // the words at the top of each page, nil of pages with a list
	// sections are the numbers of what the lists have tables in.
	sections map[string]bool
}

// topRows is how many lines of a page are looked at for a title, beside those of
// its headings.
const topRows = 14

func newBody(pages [][]string, clean []conversation.Page, l listed) *body {
	b := &body{clean: clean, found: headings(pages, clean, l.pages), at: map[string][]heading{}, on: map[int]bool{},
		tops: make([]map[string]bool, len(pages)), sections: map[string]bool{}}
	for i, p := range pages {
		if !clean[i].Front && !l.pages[i] && !continues(p) {
			b.tops[i] = wordsOf(strings.Join(p[:min(len(p), topRows)], " "))
		}
	}
	for _, h := range b.found {
		b.at[h.kind+h.number] = append(b.at[h.kind+h.number], h)
		b.on[h.page] = b.on[h.page] || !h.apart
	}
	return b
}

// continues tells whether a page says of itself that it goes on with a table.
func continues(p []string) bool {
	_, ok := conversation.Continues(strings.Join(p, "\n"))
	return ok
}

// entry is a heading that stands in no list.
func (b *body) entry(h heading) conversation.Entry {
	printed := b.clean[h.page-1].Printed
	return conversation.Entry{Kind: h.kind, Number: h.number, Title: h.title, Printed: printed, Page: h.page}
}

// settle gives the entries of the lists the pages that they are really on. An
// entry that is found nowhere gives way to one of the same number that is: books
// have lists of earlier editions in them.
func (b *body) settle(all []conversation.Entry) []conversation.Entry {
	parents := map[string]bool{}
	for _, e := range all {
		for at := strings.LastIndexByte(e.Number, '.'); at > 0; at = strings.LastIndexByte(e.Number[:at], '.') {
			parents[e.Kind+e.Number[:at]] = true
		}
	}
	sure := map[string]bool{}
	var out, unsure []conversation.Entry
	for _, e := range all {
		kind := e.Kind
		if kind == chapter && strings.Contains(e.Number, ".") && b.prints(table+e.Number) {
			kind = table // some lists of contents have the tables in them
		}
		if kind == chapter || e.Number == "" {
			out = append(out, e)
			continue
		}
		h, ok := b.look(kind, e)
		key := kind + e.Number
		switch {
		case !ok && e.Kind == chapter:
			out = append(out, e)
		case e.Printed == "" && e.Title != "" && (!ok || h.apart):
			// nothing that could be shown
		case parents[e.Kind+e.Number] && (!ok || h.apart || h.number != e.Number), e.Printed == "" && shouted(e.Title):
			b.sections[e.Number] = true // its tables follow
		case ok && h.number == e.Number:
			e.Kind, e.Page, e.Printed = kind, h.page, b.clean[h.page-1].Printed
			if e.Title == "" {
				e.Title = h.title
			}
			if !slices.ContainsFunc(out, func(o conversation.Entry) bool {
				return o.Kind == e.Kind && o.Number == e.Number && o.Page == e.Page
			}) {
				out = append(out, e)
			}
			sure[key] = true
		default:
			if ok {
				e.Page, e.Printed = h.page, b.clean[h.page-1].Printed
			} else if b.contradicts(e) {
				e.Page = 0
			}
			unsure = append(unsure, e)
		}
	}
	for _, e := range unsure {
		if key := e.Kind + e.Number; !sure[key] && e.Title != "" {
			sure[key] = true
			out = append(out, e)
		}
	}
	return out
}

// Parts of a title's words that must stand on a page.
const (
	someAlike = 0.5  // where the number stands there too
	nearAlike = 0.7  // where the list says that it is near
	sureAlike = 0.85 // anywhere
)

// near is how many pages a list may be off.
const near = 3

// look finds the page that an entry's table or figure begins on: by its number
// and its title, by its number near the page that the list tells, by its title.
// The heading found has another number, or none, where the book misprints it.
func (b *body) look(kind string, e conversation.Entry) (heading, bool) {
	title := wordsOf(e.Title)
	isNear := func(page int) bool { return e.Page > 0 && page-e.Page <= near && e.Page-page <= near }
	best, score := heading{}, 0.0
	for _, h := range b.at[kind+e.Number] {
		s := max(alike(title, b.tops[h.page-1]), alike(title, h.words))
		switch {
		case h.apart && s < someAlike:
			continue // a section, or a point of the notes
		case len(title) == 0:
			s = 1
		case s < someAlike && !isNear(h.page):
			continue
		}
		if s += b.closeness(e, h.page); s > score {
			best, score = h, s
		}
	}
	if score > 0 || len(title) < 3 {
		return best, score > 0
	}
	for i, top := range b.tops {
		if s := alike(title, top); s >= nearAlike && isNear(i+1) && s+b.closeness(e, i+1) > score {
			best, score = heading{kind: kind, page: i + 1}, s+b.closeness(e, i+1)
		}
	}
	for _, h := range b.found {
		s := min(alike(title, h.words), alike(wordsOf(h.title), title))
		if closer := s + b.closeness(e, h.page); s >= sureAlike && closer > score {
			best, score = heading{kind: kind, page: h.page, apart: h.apart}, closer
		}
	}
	return best, score > 0
}

// prints tells whether the pages have a heading with a kind and a number.
func (b *body) prints(key string) bool {
	return slices.ContainsFunc(b.at[key], func(h heading) bool { return !h.apart })
}

// closeness tells pages with the same words apart: the nearer the list's page is,
// the better, by less than a word counts.
func (b *body) closeness(e conversation.Entry, page int) float64 {
	if e.Page == 0 {
		return 0
	}
	return 0.04 / float64(1+max(page-e.Page, e.Page-page))
}

// contradicts tells whether the page that a list tells is another table's.
func (b *body) contradicts(e conversation.Entry) bool {
	return e.Page > 0 && (b.on[e.Page] || b.tops[e.Page-1] == nil)
}

// translation begins one in a line of its own: "Table Population by Village".
var translation = lazy.Regexp(`^(?:Table|Figure)\s+`)

// joinTitle puts the lines of a title together.
func joinTitle(rows []string) string {
	for i, row := range rows {
		if i > 0 {
			rows[i] = translation().ReplaceAllString(row, "/ ")
		}
	}
	t := strings.Join(strings.Fields(strings.Join(rows, " ")), " ")
	t = strings.Trim(leaders().ReplaceAllString(t, " "), " .…/:–-")
	if len(t) > maxTitle {
		t = strings.ToValidUTF8(t[:maxTitle], "")
	}
	return t
}
