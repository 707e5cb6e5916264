package conversation

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

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
		if f.Datums != nil && f.Datums.Asked != "" {
			before = f.Datums.Asked
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
	if err := t.askDatums(f); err != nil {
		return "", err
	}
	if !found && f.Datums == nil { // the last list stays
		if f.away == "" {
			t.missed(query)
		}
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
	if f.Datums != nil {
		return "datum", nil
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
	r, err := t.catalogue.Search(t.ctx, Query{Text: f.Query, Before: f.Before, Offset: f.Offset, Limit: perPage,
		TitlesOnly: t.s.Reader == 0})
	if err != nil {
		return false, err
	}
	f.Total, f.Corrected, f.Dropped, f.Hits = r.Total, r.Corrected, r.Dropped, nil
	f.away = strings.Join(r.Away, " dan ")
	for _, h := range r.Hits {
		hit := FindHit{ID: h.ID, Holds: h.Holds, Editions: h.Editions[:min(len(h.Editions), editionsKept)]}
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
			"Editions": editions(h.Editions), "Holds": h.Holds}
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
	switch step := t.message().Paging(); {
	case step.Sureness == nlu.Sure && step.Value == nlu.Next:
		return t.nextResults()
	case step.Sureness == nlu.Sure && step.Value == nlu.Previous:
		return t.previousResults()
	}
	if w := word(t.in); t.message().Beyond(len(t.found().Hits)) || strings.Trim(w, "0123456789") == "" ||
		letters(t.in)+countDigits(t.in) < queryMin {
		return refuse("results.choose", D{"Last": len(t.found().Hits)})
	}
	if t.bookWish() {
		if hits := t.found().Hits; len(hits) == 1 {
			t.subject = hitKey(hits[0])
			next, err := t.openHit()
			if err == nil && next == "details" {
				err = errAnew
			}
			return next, err
		}
		return refuse("results.first", D{"Last": len(t.found().Hits)})
	}
	return t.seek()
}

// bookWish tells whether what is wished in the list of hits is of one book: its
// other editions, pages of it, to look inside.
func (t *turn) bookWish() bool {
	m := t.message()
	if p := m.Pages(); p.Heard() && p.Value.Named {
		return true
	}
	if e := m.Edition(); e.Sureness == nlu.Sure && e.Value.Year == 0 {
		return true
	}
	var options []nlu.Option
	wish := m.Intent()
	for _, o := range t.table["details"].options {
		if o.key == "list" {
			continue
		}
		if wish.Sureness == nlu.Sure && o.means != "" && slices.Contains(strings.Split(o.means, ", "), wish.Value.Intent) {
			return true
		}
		options = append(options, nlu.Option{Key: o.key, Words: strings.Split(o.words, ", ")})
	}
	return m.Pick("", options).Heard() && numeral(t.in) == "" && !m.Line(len(t.found().Hits)).Heard()
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
		t.learned(f.Query)
		t.do(RecordSearch{SearchLog{ID: f.LogID, Query: impersonal(f.Query), Hits: f.Total, Chosen: h.ID, At: t.at}})
	}
	return "details", nil
}
