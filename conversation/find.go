package conversation

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pst/conversation/nlu"
)

// perPage is how many results are shown at once: with "lanjut" they stay under
// the seven lines of a menu.
const perPage = 5

// Widths of a result's title and of what was found in it, in characters, and how
// many other editions are kept with it.
const (
	titleWidth   = 60
	tableWidth   = 50
	editionsKept = 30
)

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
	f := &Find{Query: query, Before: before, LogID: id}
	found, err := t.search(f)
	if errors.Is(err, ErrPreparing) {
		t.say("search.preparing", nil)
		return "search", nil
	}
	if err != nil {
		return "", err
	}
	t.do(RecordSearch{SearchLog{ID: id, Query: impersonal(query), Hits: f.Total, At: t.at}})
	if !found { // the last list stays
		kept := t.s.Data.Find != nil && len(t.s.Data.Find.Hits) > 0
		t.say("search.none", D{"Query": query, "Away": cut(f.away, 80), "Kept": kept})
		t.quiet = true
		return "search", nil
	}
	t.keepList(t.found())
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
func (t *turn) search(f *Find) (found bool, err error) {
	r, err := t.catalogue.Search(t.ctx, Query{Text: f.Query, Before: f.Before, Offset: f.Offset, Limit: perPage, TitlesOnly: t.s.Reader == 0})
	if err != nil {
		return false, err
	}
	f.Total, f.Corrected, f.Dropped, f.Hits = r.Total, r.Corrected, r.Dropped, nil
	f.away = strings.Join(r.Away, " dan ")
	for _, h := range r.Hits {
		hit := FindHit{ID: h.ID, Editions: h.Editions[:min(len(h.Editions), editionsKept)]}
		if len(h.Pages) > 0 {
			hit.Page = shortHit(h.Pages[0], 120)
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
func editions(list []Edition) string {
	if len(list) == 0 {
		return ""
	}
	first, last := list[0].Year, list[0].Year
	for _, e := range list {
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
	return t.seek()
}

// resultItems are the hits on show, and the rest of the list. What a hit is
// about is its publication and page ("ID.37"), the rest of the list the search
// and where it goes on ("LOGID.5"), so that both mean the same when the list
// has long been followed by another.
func resultItems(t *turn) []item {
	f := t.found()
	var out []item
	var titles, tables []string
	var books []Publication
	for _, h := range f.Hits {
		p, err := t.load(h.ID)
		if errors.Is(err, ErrNotFound) {
			p.Title = t.text("publication.gone.short", nil)
		} else if err != nil {
			t.fault = err
			return nil
		}
		books, titles = append(books, p), append(titles, t.office.shortArea(p.Title))
		table := ""
		if h.Page != nil {
			table = or(h.Page.Table, h.Page.Text)
		}
		tables = append(tables, table)
	}
	titles, tables = linesApart(titles, titleWidth), linesApart(tables, tableWidth)
	for i, h := range f.Hits {
		hit := h.Page
		if hit != nil {
			hit = &PageHit{Page: h.Page.Page, Printed: h.Page.Printed, Text: tables[i]}
		}
		line := D{"Title": titles[i], "Year": books[i].Year, "Pages": books[i].Pages, "Shelf": books[i].Shelf, "Hit": hit,
			"Editions": editions(h.Editions)}
		out = append(out, item{key: "hit", about: hitKey(h), label: t.text("results:hit", line), mute: true})
	}
	page := func(key string, offset int, unlisted bool) {
		about := fmt.Sprintf("%s.%d", f.LogID, offset)
		out = append(out, item{key: key, about: about, label: t.text("results:"+key, nil), unlisted: unlisted})
	}
	if f.Offset > 0 {
		page("first", 0, true)
		page("previous", max(0, f.Offset-perPage), false)
	}
	if next := f.Offset + len(f.Hits); next < f.Total {
		page("more", next, false)
	}
	return out
}

// hitKey names a hit for a button: the publication, and the page found in it.
func hitKey(h FindHit) string {
	if h.Page == nil {
		return h.ID
	}
	return fmt.Sprintf("%s.%d", h.ID, h.Page.Page)
}

// hitOf reads a hit's key; the page is 0 where there is none.
func hitOf(key string) (publication string, page int) {
	publication, n, _ := strings.Cut(key, ".")
	return publication, atoiOr(n, 0)
}

func resultsData(t *turn) D {
	f := t.found()
	to := f.Offset + len(f.Hits)
	return D{"Corrected": cut(f.Corrected, 80), "Dropped": cut(f.Dropped, 40), "From": f.Offset + 1, "To": to,
		"Total": f.Total, "More": to < f.Total}
}

// found is the search of this chat; one that got lost is an empty one.
func (t *turn) found() *Find {
	if t.s.Data.Find == nil {
		t.s.Data.Find = &Find{}
	}
	return t.s.Data.Find
}

func (t *turn) readResults() (string, error) {
	if w := word(t.in); strings.Trim(w, "0123456789") == "" || letters(t.in)+countDigits(t.in) < queryMin {
		return refuse("results.choose", D{"Last": len(t.found().Hits)})
	}
	return t.seek()
}

// openHit shows a publication that was picked from a list, the one at hand or
// an earlier one.
func (t *turn) openHit() (string, error) {
	id, page := hitOf(t.subject)
	if t.s.Reader == 0 { // title search is open to all, what is inside is not
		return t.library(After{State: "details", Text: id})
	}
	f := t.found()
	h := FindHit{ID: id}
	if i := slices.IndexFunc(f.Hits, func(h FindHit) bool { return hitKey(h) == t.subject }); i >= 0 {
		h = f.Hits[i]
	} else if page > 0 {
		h.Page = &PageHit{Page: page}
	}
	f.Pub, f.Best, f.Inside, f.PageHits, f.Pages, f.Asked = h.ID, h.Page, "", nil, nil, nil
	f.Editions = h.Editions
	if f.LogID != "" {
		t.do(RecordSearch{SearchLog{ID: f.LogID, Query: impersonal(f.Query), Hits: f.Total, Chosen: h.ID, At: t.at}})
	}
	return "details", nil
}

// publication is the one that was picked.
func (t *turn) publication() (Publication, error) { return t.load(t.found().Pub) }

// load reads a publication, once a step.
func (t *turn) load(id string) (Publication, error) {
	if p, ok := t.loaded[id]; ok {
		return p, nil
	}
	p, err := t.store.Publication(t.ctx, id)
	if err == nil {
		if t.loaded == nil {
			t.loaded = map[string]Publication{}
		}
		t.loaded[id] = p
	}
	return p, err
}

// gone tells whether the publication picked was taken out of the catalogue.
func (t *turn) gone() (bool, error) {
	_, err := t.publication()
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	return false, err
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
	// Another account of the same card shares the right. Which pages it has, only
	// its own chats are shown: a card number may be known to others.
	received, err := t.store.Received(t.ctx, t.s.Reader, p.ID)
	if err != nil {
		return right{}, err
	}
	limit := Limit(p.Pages)
	return right{Pages: p.Pages, Limit: limit, Left: max(0, limit-len(owned)), Owned: received}, nil
}

// inHand is the publication picked, and what the reader may take of it, for a
// question; a fault is kept and fails the step.
func (t *turn) inHand() (p Publication, q right, ok bool) {
	p, err := t.publication()
	if err == nil {
		q, err = t.right(p)
	}
	if err != nil {
		t.fault = err
	}
	return p, q, err == nil
}

// picked names the publication that the details are about, for their buttons.
func picked(t *turn) string { return t.found().Pub }

// pickAgain goes back to the publication of an earlier button.
func (t *turn) pickAgain(id string) bool {
	if _, err := t.load(id); err != nil {
		return false
	}
	f := t.found()
	f.Pub, f.Best, f.Inside, f.PageHits, f.Pages, f.Editions = id, nil, "", nil, nil, nil
	f.Asked = nil
	return true
}

func detailsData(t *turn) D {
	p, q, _ := t.inHand()
	entries, err := t.store.Entries(t.ctx, p.ID)
	if err != nil {
		t.fault = err
	}
	d := D{"Pub": p, "Title": cut(p.Title, 160), "Abstract": "", "Right": q, "Chapters": []Entry(nil)}
	var answers []string
	for _, o := range t.offered(t.table["details"]) {
		answers = append(answers, o.line())
	}
	d["Options"] = strings.Join(append(answers, t.text("zero.back", nil)), "\n") + "\n*0* "
	room := cardMost - utf8.RuneCountInString(t.text("details", d))
	if abstract := cut(oneLine(p.Abstract), min(200, room-1)); room > 60 {
		d["Abstract"] = abstract
		room -= utf8.RuneCountInString(abstract) + 1
	}
	var chapters []Entry
	for _, c := range tableOfContents(entries) {
		if room -= utf8.RuneCountInString(c.Title) + len("- \n (hal. 1234)"); room < 0 {
			break
		}
		chapters = append(chapters, c)
	}
	d["Chapters"] = chapters
	return d
}

// cardMost is how many characters a card has at most, its answers with it.
const cardMost = 500

func detailsLabels(t *turn) D { return D{"Best": t.found().Best} }

// What cannot work for a publication is not offered.
func hasFile(t *turn) bool {
	p, err := t.publication()
	return err == nil && p.Pages > 0
}

func mayBeCut(t *turn) bool {
	p, err := t.publication()
	return err == nil && Limit(p.Pages) > 0
}

func hasEditions(t *turn) bool { return len(t.found().Editions) > 0 }

// hasResults: there is a list to go back to.
func hasResults(t *turn) bool { return len(t.found().Hits) > 0 }

// editionItems are the newest of the other editions; any is had by its year.
func editionItems(t *turn) []item {
	var out []item
	for _, e := range t.found().Editions[:min(len(t.found().Editions), menuLines-1)] {
		out = append(out, item{key: "edition", about: e.ID, label: fmt.Sprint(e.Year)})
	}
	return out
}

func editionsData(t *turn) D {
	p, _, _ := t.inHand()
	var years []string
	for _, e := range t.found().Editions[min(len(t.found().Editions), menuLines-1):] {
		years = append(years, fmt.Sprint(e.Year))
	}
	return D{"Title": cut(p.Title, 160), "More": years}
}

// openEdition shows the details of another edition, keeping the series at hand.
func (t *turn) openEdition() (string, error) { return t.showEdition(t.subject) }

func (t *turn) showEdition(id string) (string, error) {
	f := t.found()
	was, all := f.Pub, f.Editions
	old, err := t.load(was)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	if !t.pickAgain(id) {
		t.stale()
		return t.s.State, nil
	}
	for _, e := range all { // the edition left takes the place of the one opened
		if e.ID == id {
			e = Edition{ID: was, Year: old.Year}
		}
		f.Editions = append(f.Editions, e)
	}
	slices.SortStableFunc(f.Editions, func(a, b Edition) int { return b.Year - a.Year })
	return "details", nil
}

// editionOf is another edition of the series at hand that is asked for by its
// year or its order, "" when none is; a year that we do not hold is a *refusal.
func (t *turn) editionOf() (id string, err error) {
	a, all := t.message().Edition(), t.found().Editions
	if !a.Heard() || len(all) == 0 {
		return "", nil
	}
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	years := make([]string, len(all))
	for i, e := range all { // newest first
		years[i] = fmt.Sprint(e.Year)
		w, year := a.Value, a.Value.Year
		switch {
		case year > 0 && e.Year == year, year == 0 && w.Order == nlu.Newest && e.Year > p.Year,
			year == 0 && w.Order == nlu.Older && e.Year < p.Year,
			year == 0 && w.Order == nlu.Oldest && i == len(all)-1 && e.Year < p.Year:
			return e.ID, nil
		case year == 0 && w.Order == nlu.Newer && e.Year > p.Year && (i+1 == len(all) || all[i+1].Year <= p.Year):
			return e.ID, nil
		}
	}
	if a.Value.Year == 0 || a.Value.Year == p.Year {
		return "", nil
	}
	return "", &refusal{"editions.none", D{"Year": fmt.Sprint(a.Value.Year), "Years": years}}
}

// readEditions takes a year; other words are a search.
func (t *turn) readEditions() (string, error) {
	if id, err := t.editionOf(); id != "" || err != nil {
		if err != nil {
			return "", err
		}
		return t.showEdition(id)
	}
	if letters(t.in) >= 3 {
		return t.seek()
	}
	return refuse("choose", nil)
}

func hasBest(t *turn) bool { return t.found().Best != nil }

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

func (t *turn) toInside() (string, error) {
	if !hasFile(t) {
		return t.tellOfBook("no_file")
	}
	f := t.found()
	f.Inside, f.PageHits = "", nil
	return "inside", nil
}

func (t *turn) showShelf() (string, error) { return t.tellOfBook("shelf") }

func (t *turn) showLink() (string, error) { return t.tellOfBook("link") }

// tellOfBook says one thing about the publication and leaves its details open.
func (t *turn) tellOfBook(key string) (string, error) {
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	t.say(key, D{"Pub": p})
	t.quiet = true
	return "details", nil
}

// takeBest proposes the page that was found for the search.
func (t *turn) takeBest() (string, error) {
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	return t.propose(p, NewPageSet(t.found().Best.Page))
}

func (t *turn) readDetails() (string, error) {
	if id, err := t.editionOf(); id != "" || err != nil {
		if err != nil {
			return "", err
		}
		return t.showEdition(id)
	}
	if want, ok := t.pagesMeant(t.table["details"]); ok {
		return t.takePages(want)
	}
	if letters(t.in) >= 3 {
		return t.seek()
	}
	return refuse("choose", nil)
}

// toPages asks for pages, unless there is nothing that could be had.
func (t *turn) toPages() (string, error) {
	p, err := t.publication()
	switch {
	case err != nil:
		return "", err
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

// insideText is the question inside a book: its hits, or what it holds.
func insideText(t *turn) string {
	if len(t.found().PageHits) > 0 {
		return "inside.hits"
	}
	return "inside"
}

func insideData(t *turn) D {
	f := t.found()
	if len(f.PageHits) > 0 {
		return D{"Query": f.Inside}
	}
	entries, err := t.store.Entries(t.ctx, f.Pub)
	if err != nil {
		t.fault = err
	}
	return D{"Tables": tableOfContents(entries)}
}

func insideItems(t *turn) []item {
	f := t.found()
	var out []item
	for _, h := range f.PageHits {
		text := t.text("inside:hit", D{"Page": h.Page, "Printed": h.Printed, "Table": h.Table, "Text": h.Text})
		out = append(out, item{key: "hit", about: hitKey(FindHit{ID: f.Pub, Page: &h}), label: text})
	}
	return out
}

// takeHit proposes the page of a hit, of this book or of an earlier list.
func (t *turn) takeHit() (string, error) {
	id, page := hitOf(t.subject)
	if id != t.found().Pub && !t.pickAgain(id) {
		return "inside", nil
	}
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	return t.propose(p, NewPageSet(page))
}

func (t *turn) readInside() (string, error) {
	if want, ok := t.pagesMeant(t.table["inside"]); ok {
		return t.takePages(want)
	}
	return t.searchInside()
}

// searchInside looks for words in the book.
func (t *turn) searchInside() (string, error) {
	f := t.found()
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	if letters(t.in) < queryMin {
		return refuse("inside.short", nil)
	}
	r, err := t.catalogue.Search(t.ctx, Query{Text: cut(oneLine(t.request()), queryMax), Publication: p.ID, Limit: perPage})
	if errors.Is(err, ErrPreparing) {
		t.say("search.preparing", nil)
		return "inside", nil
	}
	if err != nil {
		return "", err
	}
	f.Inside, f.PageHits = cut(oneLine(t.request()), 60), nil
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
