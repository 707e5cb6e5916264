package conversation

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"pst/conversation/nlu"
)

// pagesMeant is which pages of the publication at hand are wished, where the
// message names some. Numbers alone are pages only where pages are asked for, or
// where they can be nothing else.
func (t *turn) pagesMeant(now *state) (nlu.Pages, bool) {
	if t.msg.Kind != Text || t.pressed != "" || t.s.Data.Find == nil || t.s.Data.Find.Pub == "" {
		return nlu.Pages{}, false
	}
	a := t.message().Pages()
	p := a.Value
	if !a.Heard() {
		return p, false
	}
	_, mended := t.message().Correction()
	several := len(p.Ranges) > 1 || len(p.Ranges) == 1 && p.Ranges[0].From != p.Ranges[0].To
	switch {
	case p.Named, several, now.name == "pages", p.All && now.book:
		return p, true
	case now.book:
		return p, mended && now.name == "confirm" || len(p.Ranges) == 1 && p.Ranges[0].From > menuLines
	}
	return p, false
}

// takePages proposes an excerpt of the pages wished. Nothing is taken before its
// summary is confirmed.
func (t *turn) takePages(want nlu.Pages) (string, error) {
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	if Limit(p.Pages) == 0 {
		return t.toPages()
	}
	f := t.found()
	f.Asked = nil
	var pages PageSet
	switch {
	case want.All || want.Rest:
		return t.mostOf(p, want.Rest)
	case want.Table != "" || want.Figure != "" || want.Chapter != "":
		return t.takeEntry(p, want)
	case want.Last:
		pages = PageSet{p.Pages}
	case want.First:
		pages = PageSet{1}
	default:
		last := p.Pages
		if want.Numbering == nlu.Printed {
			last = maxPage / 10 // looked for on the pages
		}
		typed, ok := pagesOf(want.Ranges, last)
		if !ok {
			return refuse("pages.range", D{"Last": p.Pages})
		}
		pages = typed
		switch want.Numbering {
		case nlu.Printed:
			f.Printed = true
		case nlu.File:
			f.Printed = false
		default:
			f.Asked = typed
		}
		if f.Printed && want.Numbering != nlu.File {
			if pages, err = t.printedPages(p, typed); err != nil || len(pages) == 0 {
				if err == nil {
					f.Printed = false
					err = &refusal{"pages.unprinted", D{"Pages": typed.String(), "Last": p.Pages}}
				}
				return "", err
			}
		}
	}
	if want.Add {
		pages = pages.Union(f.Pages)
	}
	return t.propose(p, pages)
}

// pagesOf makes ranges a set; ok is false where one is outside the publication.
func pagesOf(ranges []nlu.Range, last int) (set PageSet, ok bool) {
	var all []int
	for _, r := range ranges {
		if r.From < 1 || r.To > last {
			return nil, false
		}
		for n := r.From; n <= r.To; n++ {
			all = append(all, n)
		}
	}
	return NewPageSet(all...), len(all) > 0
}

// shifts are by how much the numbers printed in a publication lag behind its
// pages, as its lists of contents tell.
func (t *turn) shifts(p Publication) ([]int, error) {
	entries, err := t.store.Entries(t.ctx, p.ID)
	if err != nil {
		return nil, err
	}
	var out []int
	seen := map[int]bool{}
	for _, e := range entries {
		if n := atoiOr(e.Printed, 0); n > 0 && e.Page > n && !seen[e.Page-n] {
			seen[e.Page-n] = true
			out = append(out, e.Page-n)
		}
	}
	return out, nil
}

// printedPages are the pages that these numbers are printed on; none where one
// of them is not found.
func (t *turn) printedPages(p Publication, printed PageSet) (PageSet, error) {
	shifts, err := t.shifts(p)
	if err != nil || len(shifts) == 0 {
		return nil, err
	}
	var out []int
	for _, n := range printed {
		at := 0
		for _, s := range shifts {
			if n+s > p.Pages {
				continue
			}
			page, err := t.store.Page(t.ctx, p.ID, n+s)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, err
			}
			if page.Printed == strconv.Itoa(n) {
				at = n + s
				break
			}
			if page.Printed == "" && at == 0 { // a number that was not read, at the usual place
				at = n + s
			}
		}
		if at == 0 {
			return nil, nil
		}
		out = append(out, at)
	}
	return NewPageSet(out...), nil
}

// printedOn are the numbers printed on pages, as a set to be shown; "" where
// they are the pages' own or not all known.
func (t *turn) printedOn(p Publication, pages PageSet) string {
	var out []int
	for _, n := range pages {
		page, err := t.store.Page(t.ctx, p.ID, n)
		if err != nil && !errors.Is(err, ErrNotFound) {
			t.fault = err
		}
		printed := atoiOr(page.Printed, 0)
		if printed == 0 {
			return ""
		}
		out = append(out, printed)
	}
	if s := NewPageSet(out...).String(); s != pages.String() {
		return s
	}
	return ""
}

// asPrinted are the pages meant when the numbers typed are those printed; none
// where that is the same or cannot be.
func (t *turn) asPrinted() PageSet {
	f := t.found()
	p, err := t.publication()
	if err != nil || len(f.Asked) == 0 || f.Printed {
		return nil
	}
	pages, err := t.printedPages(p, f.Asked)
	if err != nil {
		t.fault = err
	}
	if pages.String() == f.Pages.String() {
		return nil
	}
	return pages
}

// meansPrinted: the numbers typed may be those printed instead.
func meansPrinted(t *turn) bool { return len(t.asPrinted()) > 0 }

func confirmLabels(t *turn) D {
	return D{"Asked": t.found().Asked.String(), "Pages": t.asPrinted().String()}
}

// readPrinted takes the numbers typed for those printed, from here on in this
// publication.
func (t *turn) readPrinted() (string, error) {
	pages := t.asPrinted()
	p, err := t.publication()
	if err != nil || t.fault != nil || len(pages) == 0 {
		return "confirm", errors.Join(err, t.fault)
	}
	f := t.found()
	f.Printed, f.Asked = true, nil
	return t.propose(p, pages)
}

// mostOf answers who wants everything: with the most that is allowed, and a
// proposal of what the search was about. Who wants the rest gets it proposed.
func (t *turn) mostOf(p Publication, rest bool) (string, error) {
	q, err := t.right(p)
	if err != nil {
		return "", err
	}
	from := 1
	if best := t.found().Best; best != nil {
		from = best.Page
	} else if shifts, err := t.shifts(p); err != nil {
		return "", err
	} else if len(shifts) > 0 {
		from = min(shifts[0]+1, p.Pages)
	}
	proposal := fresh(q.Owned, from, p.Pages, q.Left)
	if rest && len(proposal) > 0 {
		return t.propose(p, proposal)
	}
	return refuse("pages.all", D{"Right": q, "Example": proposal.String(), "Owned": q.Owned.String()})
}

// fresh are the first n pages not owned yet, from one on, and then from the start.
func fresh(owned PageSet, from, last, n int) PageSet {
	var out []int
	for i := range last {
		page := (from-1+i)%last + 1
		if len(out) < n && len(PageSet{page}.Minus(owned)) > 0 {
			out = append(out, page)
		}
	}
	return NewPageSet(out...)
}

// takeEntry proposes the pages of a chapter, table or figure named by its
// number; the exact number first, else what begins with it is searched.
func (t *turn) takeEntry(p Publication, want nlu.Pages) (string, error) {
	kind, number := "bab", want.Chapter
	if want.Table != "" {
		kind, number = "tabel", want.Table
	} else if want.Figure != "" {
		kind, number = "gambar", want.Figure
	}
	entries, err := t.store.Entries(t.ctx, p.ID)
	if err != nil {
		return "", err
	}
	number = strings.Trim(strings.ToLower(number), ". ")
	for i, e := range entries {
		if e.Kind != kind || e.Page == 0 || entryNumber(e.Number) != entryNumber(number) {
			continue
		}
		last := e.Page
		if kind == "bab" {
			last = p.Pages
			for _, next := range entries[i+1:] {
				if next.Kind == kind && next.Page > e.Page {
					last = next.Page - 1
					break
				}
			}
		}
		pages, _ := pagesOf([]nlu.Range{{From: e.Page, To: min(last, p.Pages)}}, p.Pages)
		q, err := t.right(p)
		if err != nil {
			return "", err
		}
		if over := pages.Minus(q.Owned); len(over) > q.Left && q.Left > 0 {
			t.say("pages.entry", D{"Title": cut(oneLine(e.Title), 120), "Pages": pages.String(), "Left": q.Left})
			pages = over[:q.Left]
		}
		return t.propose(p, pages)
	}
	t.in = fmt.Sprintf("%s %s", kind, number)
	return t.searchInside()
}

// entryNumber makes the numbers of tables and chapters comparable: "3.1.", "III".
func entryNumber(s string) string {
	s = strings.Trim(strings.ToLower(s), ". ")
	roman := map[string]string{"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
		"x": "10", "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15"}
	if n, ok := roman[s]; ok {
		return n
	}
	return s
}
