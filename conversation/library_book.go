package conversation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pst/conversation/nlu"
)

// publication is the one that was picked.
func (t *turn) publication() (Publication, error) { return t.load(t.found().Pub) }

// load reads a publication, once a step.
func (t *turn) load(id string) (Publication, error) {
	if p, ok := t.loaded[id]; ok {
		return p, nil
	}
	p, err := t.store.Publication(t.ctx, id)
	if err == nil {
		p.Strict = t.office.StrictOf(p)
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
	f.Asked, f.Table = nil, ""
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
	if !a.Heard() || len(all) == 0 && (a.Sureness != nlu.Sure || a.Value.Year > 0) {
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
	if w := a.Value.Order; a.Value.Year == 0 && a.Sureness == nlu.Sure && w != nlu.AnyEdition {
		return "", &refusal{"editions.end", D{"Newer": w == nlu.Newer || w == nlu.Newest, "Years": years}}
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
	if t.message().Edition().Sureness == nlu.Sure { // "edisi lain", once more
		return "editions", nil
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
	if t.s.State == "details" && t.message().OfTable() && hasFile(t) {
		return t.searchInside()
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
	if told, err := t.askInside(); told || err != nil {
		return "datum", err
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
	r, err := t.catalogue.Search(t.ctx, Query{Text: cut(oneLine(t.request()), queryMax), Publication: p.ID,
		Limit: perPage})
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
	switch {
	case len(f.PageHits) == 0:
		t.say("inside.none", D{"Query": f.Inside})
	case r.Dropped != "":
		t.say("inside.dropped", D{"Dropped": cut(r.Dropped, 60)})
	}
	return "inside", nil
}
