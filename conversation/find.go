package conversation

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// perPage is how many results are shown at once: with "lanjut" they stay under
// the seven lines of a menu.
const perPage = 5

// Bounds of a search, in characters.
const (
	queryMin = 2
	queryMax = 600 // a pasted paragraph is still taken; the catalogue cuts it down
)

// find searches the catalogue and shows the results.
func (t *turn) find(query string) (string, error) {
	query = cut(oneLine(query), queryMax)
	before := ""
	if f := t.s.Data.Find; f != nil {
		before = f.Query
		if f.Corrected != "" { // what was meant, with the topic of the query before it
			before = f.Corrected
		}
	}
	id, err := random(t.random, 10)
	if err != nil {
		return "", err
	}
	f := &Find{Query: query, LogID: id}
	found, err := t.search(f, before)
	if errors.Is(err, ErrPreparing) {
		t.say("search.preparing", nil)
		return "search", nil
	}
	if err != nil {
		return "", err
	}
	t.do(RecordSearch{SearchLog{ID: id, Query: impersonal(query), Hits: f.Total, At: t.at}})
	if !found {
		t.s.Data.Find = &Find{Query: query}
		t.say("search.none", D{"Query": query})
		t.quiet = true
		return "search", nil
	}
	t.s.Data.Find = f
	v, ok, err := t.visit()
	if err != nil {
		return "", err
	}
	if ok && v.FirstResultAt.IsZero() {
		v.FirstResultAt = t.at
		t.do(SaveVisit{v})
	}
	return "results", nil
}

var personal = regexp.MustCompile(`\S*@\S*|\d[\d .-]{7,}\d`)

// impersonal is a query as it is logged: without what looks like an e-mail
// address, a telephone or a card number, which people type by mistake.
func impersonal(query string) string {
	return strings.ToLower(personal.ReplaceAllString(query, "#"))
}

// search fills one page of results into f.
func (t *turn) search(f *Find, before string) (found bool, err error) {
	r, err := t.catalogue.Search(t.ctx, Query{Text: f.Query, Before: before, Offset: f.Offset, Limit: perPage, TitlesOnly: t.s.Reader == 0})
	if err != nil {
		return false, err
	}
	f.Total, f.Corrected, f.Dropped, f.Hits = r.Total, r.Corrected, r.Dropped, nil
	for _, h := range r.Hits {
		hit := FindHit{ID: h.ID, Editions: editions(h)}
		if len(h.Pages) > 0 {
			hit.Page = shortHit(h.Pages[0], 45)
		}
		f.Hits = append(f.Hits, hit)
	}
	return len(f.Hits) > 0, nil
}

// shortHit cuts a hit to n characters, for lists that must stay in one message.
func shortHit(p PageHit, n int) *PageHit {
	p.Text, p.Table = cut(oneLine(p.Text), n), cut(oneLine(p.Table), n)
	return &p
}

// editions names the years of a series' other editions: "2015-2023".
func editions(h Hit) string {
	if len(h.Editions) == 0 {
		return ""
	}
	first, last := h.Editions[0].Year, h.Editions[0].Year
	for _, e := range h.Editions {
		first, last = min(first, e.Year), max(last, e.Year)
	}
	if first == last {
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d-%d", first, last)
}

func (t *turn) readSearch() (string, error) {
	n := len([]rune(t.in))
	if n < queryMin || letters(t.in)+countDigits(t.in) < queryMin {
		return refuse("search.short", nil)
	}
	return t.library(After{State: "search", Text: t.in})
}

// resultLine is what the list shows of one hit.
type resultLine struct {
	N        int
	Title    string
	Year     int
	Pages    int // 0: no soft copy
	Shelf    string
	Hit      *PageHit
	Editions string
}

func askResults(t *turn) string {
	f := t.found()
	var lines []resultLine
	for i, h := range f.Hits {
		p, err := t.store.Publication(t.ctx, h.ID)
		if errors.Is(err, ErrNotFound) {
			p.Title = t.text("publication.gone.short", nil)
		} else if err != nil {
			t.fault = err
			return ""
		}
		lines = append(lines, resultLine{i + 1, cut(p.Title, 55), p.Year, p.Pages, p.Shelf, h.Page, h.Editions})
	}
	return t.text("results", D{"Lines": lines, "Corrected": cut(f.Corrected, 80), "Dropped": cut(f.Dropped, 40), "From": f.Offset + 1, "To": f.Offset + len(f.Hits), "Total": f.Total,
		"More": f.Offset+len(f.Hits) < f.Total})
}

// found is the search of this chat; one that got lost is an empty one.
func (t *turn) found() *Find {
	if t.s.Data.Find == nil {
		t.s.Data.Find = &Find{}
	}
	return t.s.Data.Find
}

func (t *turn) readResults() (string, error) {
	f := t.found()
	w := word(t.in)
	switch w {
	case "lanjut", "lagi", "berikutnya", "next", "6":
		if f.Offset+len(f.Hits) >= f.Total {
			return refuse("results.end", nil)
		}
		return t.turnPage(f.Offset + perPage)
	case "sebelumnya", "mundur", "prev":
		return t.turnPage(max(0, f.Offset-perPage))
	}
	if n, ok := numberWords[w]; ok {
		w = n
	}
	if len(w) == 1 && w >= "1" && w <= "9" {
		i := int(w[0] - '1')
		if i >= len(f.Hits) {
			return refuse("results.choose", D{"Last": len(f.Hits)})
		}
		return t.openHit(f.Hits[i])
	}
	if letters(t.in)+countDigits(t.in) < queryMin {
		return refuse("results.choose", D{"Last": len(f.Hits)})
	}
	return t.library(After{State: "search", Text: t.in})
}

// turnPage shows another part of the list.
func (t *turn) turnPage(offset int) (string, error) {
	old := *t.found()
	f := old
	f.Offset = offset
	found, err := t.search(&f, "")
	if err != nil {
		return "", err
	}
	if !found {
		return refuse("results.end", nil)
	}
	t.s.Data.Find = &f
	t.paging = true
	return "results", nil
}

// openHit shows a publication that was picked from the list.
func (t *turn) openHit(h FindHit) (string, error) {
	f := t.found()
	if t.s.Reader == 0 { // title search is open to all, what is inside is not
		return t.library(After{State: "details", Text: h.ID})
	}
	f.Pub, f.Best, f.Inside, f.PageHits, f.Pages = h.ID, h.Page, "", nil, nil
	if f.LogID != "" {
		t.do(RecordSearch{SearchLog{ID: f.LogID, Query: impersonal(f.Query), Hits: f.Total, Chosen: h.ID, At: t.at}})
	}
	return "details", nil
}

// publication is the one that was picked.
func (t *turn) publication() (Publication, error) {
	return t.store.Publication(t.ctx, t.found().Pub)
}

// right is what a reader may still take of the publication picked.
type right struct {
	Pages, Limit, Left int
	Owned              PageSet
}

func (t *turn) right(p Publication) (right, error) {
	owned, err := t.store.Owned(t.ctx, t.s.Reader, p.ID)
	if err != nil {
		return right{}, err
	}
	limit := Limit(p.Pages)
	return right{Pages: p.Pages, Limit: limit, Left: max(0, limit-len(owned)), Owned: owned}, nil
}

// picked is the publication picked, and what the reader may take of it, for a
// question; a fault is kept and fails the step.
func (t *turn) picked() (p Publication, q right, ok bool) {
	p, err := t.publication()
	if err == nil {
		q, err = t.right(p)
	}
	if err != nil {
		t.fault = err
	}
	return p, q, err == nil
}

func askDetails(t *turn) string {
	p, q, ok := t.picked()
	if !ok {
		return ""
	}
	entries, err := t.store.Entries(t.ctx, p.ID)
	if err != nil {
		t.fault = err
		return ""
	}
	return t.text("details", D{"Pub": p, "Title": cut(p.Title, 160), "Abstract": cut(oneLine(p.Abstract), 200), "Right": q, "Best": t.found().Best,
		"Chapters": tableOfContents(entries)})
}

// tableOfContents picks the few lines that tell what a publication is about:
// its chapters, or else its first tables.
func tableOfContents(entries []Entry) []Entry {
	var out []Entry
	for _, kind := range []string{"bab", "tabel"} {
		for _, e := range entries {
			if e.Kind == kind && len(out) < 4 && atoiOr(e.Printed, 0) > 0 { // roman pages are prefaces and lists
				e.Title = cut(oneLine(e.Title), 60)
				out = append(out, e)
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

func (t *turn) readDetails() (string, error) {
	f := t.found()
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	switch t.option(map[string]string{"cari": "1", "dalam": "1", "kutipan": "2", "halaman": "2", "unduh": "2", "download": "2", "minta": "2", "rak": "3", "cetak": "3", "website": "4", "tautan": "4", "link": "4", "ambil": "5"}) {
	case "1":
		if p.Pages == 0 {
			t.say("no_file", D{"Pub": p})
			t.quiet = true
			return "details", nil
		}
		f.Inside, f.PageHits = "", nil
		return "inside", nil
	case "2":
		return t.toPages(p)
	case "3":
		t.say("shelf", D{"Pub": p})
		t.quiet = true
		return "details", nil
	case "4":
		t.say("link", D{"Pub": p})
		t.quiet = true
		return "details", nil
	case "5":
		if f.Best != nil {
			return t.propose(p, NewPageSet(f.Best.Page))
		}
	}
	if pagesAsked(t.in) {
		return t.takePages(p)
	}
	if letters(t.in) >= 3 {
		return t.library(After{State: "search", Text: t.in})
	}
	return refuse("choose", nil)
}

// toPages asks for pages, unless there is nothing that could be had.
func (t *turn) toPages(p Publication) (string, error) {
	switch {
	case p.Pages == 0:
		t.say("no_file", D{"Pub": p})
	case Limit(p.Pages) == 0:
		t.say("too_thin", D{"Pub": p})
	default:
		return "pages", nil
	}
	t.quiet = true
	return t.s.State, nil
}

var pagesPattern = regexp.MustCompile(`^(hal\.?|halaman)\s*\d|^\d+\s*[-–,]\s*\d`)

// pagesAsked tells page numbers from other numbers: "hal 12", "12-18", "3, 7".
func pagesAsked(s string) bool { return pagesPattern.MatchString(strings.ToLower(s)) }

// askInside shows the hits inside the book, or what it holds.
func askInside(t *turn) string {
	f := t.found()
	if len(f.PageHits) > 0 {
		return t.text("inside.hits", D{"Hits": f.PageHits, "Query": f.Inside})
	}
	entries, err := t.store.Entries(t.ctx, f.Pub)
	if err != nil {
		t.fault = err
		return ""
	}
	return t.text("inside", D{"Tables": tableOfContents(entries)})
}

func (t *turn) readInside() (string, error) {
	f := t.found()
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	if len(f.PageHits) > 0 {
		if key := t.option(nil); key != "" {
			return t.propose(p, NewPageSet(f.PageHits[key[0]-'1'].Page))
		}
	}
	if pagesAsked(t.in) {
		return t.takePages(p)
	}
	if letters(t.in) < queryMin {
		return refuse("inside.short", nil)
	}
	r, err := t.catalogue.Search(t.ctx, Query{Text: cut(oneLine(t.in), queryMax), Publication: p.ID, Limit: perPage})
	if errors.Is(err, ErrPreparing) {
		t.say("search.preparing", nil)
		return "inside", nil
	}
	if err != nil {
		return "", err
	}
	f.Inside, f.PageHits = cut(oneLine(t.in), 60), nil
	if len(r.Hits) > 0 {
		for _, h := range r.Hits[0].Pages {
			f.PageHits = append(f.PageHits, *shortHit(h, 100))
		}
	}
	if len(f.PageHits) == 0 {
		t.say("inside.none", D{"Query": f.Inside})
	}
	return "inside", nil
}
