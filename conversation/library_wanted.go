package conversation

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"pst/conversation/nlu"
)

// pagesMeant is which pages of the publication at hand are wished, where the
// message names some. Numbers alone are pages only where pages are asked for, or
// where they can be nothing else.
func (t *turn) pagesMeant(now *state) (nlu.Pages, bool) {
	if t.msg.Kind != Text || t.pressed != "" || t.s.Data.Find == nil || t.s.Data.Find.Pub == "" ||
		now.name != "after" && !now.book {
		return nlu.Pages{}, false
	}
	a := t.message().Pages()
	p := a.Value
	if !a.Heard() {
		return p, false
	}
	_, mended := t.message().Correction()
	several := len(p.Ranges) > 1 || len(p.Ranges) == 1 && p.Ranges[0].From != p.Ranges[0].To
	if strings.HasPrefix(now.name, "datum") && !p.Named && p.Numbering == nlu.Unsaid { // "2021?" is a year
		return p, false
	}
	switch {
	case p.Named, several, p.Numbering != nlu.Unsaid, now.name == "pages":
		return p, true
	case now.book:
		return p, p.All || p.Rest || mended && now.name == "confirm" || len(p.Ranges) == 1 && p.Ranges[0].From > menuLines
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
	var pages, asked PageSet
	switch {
	case want.All || want.Rest:
		return t.mostOf(p, want.Rest)
	case want.Table != "" || want.Figure != "" || want.Chapter != "":
		var found bool
		if pages, found, err = t.entryPages(p, want); err != nil {
			return "", err
		}
		if !found {
			return t.searchInside()
		}
	case want.Last:
		pages = PageSet{p.Pages}
	case want.First:
		pages = PageSet{1}
	default:
		if pages, asked, err = t.byNumber(p, want); err != nil {
			return "", err
		}
	}
	if want.Add && (t.s.State == "confirm" || t.s.State == "pages") { // besides those not sent yet
		q, err := t.right(p)
		if err != nil {
			return "", err
		}
		pages, asked = pages.Union(f.Pages.Minus(q.Owned)), nil
	}
	next, err := t.propose(p, pages)
	if err == nil && next == "confirm" {
		f.Asked = asked
	}
	return next, err
}

// byNumber are the pages with these numbers: those printed on them, or those
// counted from the cover. Where that was not said, it is what was meant before in
// this publication; else the cover's, and the numbers are given back as asked, so
// that the summary can offer the printed ones.
func (t *turn) byNumber(p Publication, want nlu.Pages) (pages, asked PageSet, err error) {
	printed, known := t.numbersMeant(p.ID)
	if want.Numbering != nlu.Unsaid {
		printed, known = want.Numbering == nlu.Printed, true
	}
	last := p.Pages
	if printed {
		last = MostPages // looked for on the pages
	}
	typed, ok := pagesOf(want.Ranges, last)
	if !ok {
		return nil, nil, &refusal{"pages.range", D{"Last": p.Pages}}
	}
	if !printed {
		if known && !t.sure { // a proposal of ours says nothing about how they count
			t.countBy(p.ID, false)
		}
		if known {
			return typed, nil, nil
		}
		return typed, typed, nil
	}
	pages, err = t.printedPages(p, typed)
	if err == nil && len(pages) == 0 {
		err = &refusal{"pages.unprinted", D{"Pages": cut(typed.String(), 60), "Last": p.Pages}}
	}
	if err != nil {
		return nil, nil, err
	}
	t.countBy(p.ID, true)
	return pages, nil, nil
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

// countsKept is in how many publications it is remembered how a person counts.
const countsKept = 10

// numbersMeant tells whether the numbers a person types in a publication are
// those printed on its pages, where they have said so.
func (t *turn) numbersMeant(publication string) (printed, known bool) {
	i := slices.IndexFunc(t.s.Data.Counts, func(c Count) bool { return c.Publication == publication })
	return i >= 0 && t.s.Data.Counts[i].Printed, i >= 0
}

// countBy remembers which numbers a person means in a publication.
func (t *turn) countBy(publication string, printed bool) {
	d := &t.s.Data
	d.Counts = slices.DeleteFunc(d.Counts, func(c Count) bool { return c.Publication == publication })
	d.Counts = append(d.Counts, Count{publication, printed})
	d.Counts = d.Counts[max(0, len(d.Counts)-countsKept):]
}

// printedLabels are the numbers printed in a publication, by page; of a file that shows
// none, those that its lists of contents tell.
func (t *turn) printedLabels(p Publication) (map[int]string, error) {
	labels, err := t.store.PrintedNumbers(t.ctx, p.ID)
	if err != nil || len(labels) > 0 {
		return labels, err
	}
	entries, err := t.store.Entries(t.ctx, p.ID)
	if err != nil {
		return nil, err
	}
	labels = map[int]string{}
	for _, e := range entries {
		if e.Page > 0 && e.Printed != "" {
			labels[e.Page] = e.Printed
		}
	}
	return labels, nil
}

// printedPages are the pages that these numbers are printed on; none where one
// of them is not found. A number that could not be read is where its nearest
// neighbours say.
func (t *turn) printedPages(p Publication, printed PageSet) (PageSet, error) {
	labels, err := t.printedLabels(p)
	if err != nil {
		return nil, err
	}
	at := map[int]int{} // the first page with a number, and how far they lag behind the pages
	var known []int
	for page, label := range labels {
		if n := atoiOr(label, 0); n > 0 && (at[n] == 0 || page < at[n]) {
			at[n] = page
		}
	}
	for n := range at {
		known = append(known, n)
	}
	slices.Sort(known)
	var out []int
	for _, n := range printed {
		page := at[n]
		if page == 0 && len(known) > 0 {
			i, _ := slices.BinarySearch(known, n)
			page = n + at[known[max(0, i-1)]] - known[max(0, i-1)]
			if labels[page] != "" { // it has another number
				page = 0
			}
		}
		if page < 1 || page > p.Pages {
			return nil, nil
		}
		out = append(out, page)
	}
	return NewPageSet(out...), nil
}

// shift is by how much the first printed number lags behind its page.
func (t *turn) shift(p Publication) (int, error) {
	labels, err := t.printedLabels(p)
	first, shift := 0, 0
	for page, label := range labels {
		if n := atoiOr(label, 0); n > 0 && (first == 0 || page < first) {
			first, shift = page, page-n
		}
	}
	return max(0, shift), err
}

// printedOn are the numbers printed on pages, as they are shown: "5-7", "iv, v";
// "" where none is known. differ tells whether the publication's printed numbers
// are others than those of its pages at all.
func (t *turn) printedOn(p Publication, pages PageSet) (numbers string, differ bool) {
	labels, err := t.printedLabels(p)
	if err != nil {
		t.fault = err
	}
	var front []string
	var out []int
	for page, label := range labels {
		differ = differ || label != strconv.Itoa(page)
	}
	for _, page := range pages {
		if n := atoiOr(labels[page], 0); n > 0 {
			out = append(out, n)
		} else if labels[page] != "" {
			front = append(front, labels[page])
		}
	}
	if s := NewPageSet(out...).String(); s != "" {
		front = append(front, s)
	}
	return cut(strings.Join(front, ", "), 120), differ
}

// asPrinted are the pages meant when the numbers typed are those printed; none
// where that is the same or cannot be.
func (t *turn) asPrinted() PageSet {
	f := t.found()
	if len(f.Asked) == 0 {
		return nil
	}
	p, err := t.publication()
	if err != nil {
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
	return D{"Table": t.found().Table, "Asked": cut(t.found().Asked.String(), 60), "Pages": cut(t.asPrinted().String(),
		60)}
}

// readPrinted takes the numbers typed for those printed, from here on in this
// publication.
func (t *turn) readPrinted() (string, error) {
	pages := t.asPrinted()
	p, err := t.publication()
	if err != nil || t.fault != nil || len(pages) == 0 {
		return "confirm", errors.Join(err, t.fault)
	}
	t.countBy(p.ID, true)
	t.found().Asked = nil
	return t.propose(p, pages)
}

// mostOf answers who wants everything: with the most that is allowed, and a
// proposal of what the search was about, to be taken in one word. Who wants the
// rest gets it proposed.
func (t *turn) mostOf(p Publication, rest bool) (string, error) {
	q, err := t.right(p)
	if err != nil {
		return "", err
	}
	proposal, err := t.proposal(p, q)
	switch {
	case err != nil:
		return "", err
	case rest && len(proposal) > 0:
		return t.propose(p, proposal)
	}
	data := D{"Right": q, "Example": cut(proposal.String(), 120), "Owned": cut(q.Owned.String(), 120)}
	if len(proposal) == 0 {
		return refuse("pages.all", data)
	}
	return t.doubt("pages.all", "hal "+proposal.String()+" dari sampul", data)
}

// proposal are as many pages as may still be had: of the chapter that the search
// was about, the whole of it where it fits, else from the page found on.
func (t *turn) proposal(p Publication, q right) (PageSet, error) {
	f := t.found()
	shift, err := t.shift(p)
	if err != nil {
		return nil, err
	}
	at := min(shift+1, p.Pages) // without a search: where the text begins
	switch {
	case len(f.PageHits) > 0:
		at = f.PageHits[0].Page
	case f.Best != nil:
		at = f.Best.Page
	case len(f.Pages) > 0:
		at = f.Pages[0]
	}
	entries, err := t.store.Entries(t.ctx, p.ID)
	if err != nil {
		return nil, err
	}
	from, to := 1, p.Pages
	for _, e := range entries {
		switch {
		case e.Kind != "bab" || e.Page == 0:
		case e.Page <= at:
			from = max(from, e.Page)
		default:
			to = min(to, e.Page-1)
		}
	}
	start := at
	if whole, _ := pagesOf([]nlu.Range{{From: from, To: to}}, p.Pages); len(whole.Minus(q.Owned)) <= q.Left {
		start = from
	} else if last := to - q.Left + 1; last >= from {
		start = min(start, last)
	}
	var out []int
	for i := range p.Pages { // and on, and then from the cover
		page := (start-1+i)%p.Pages + 1
		if len(out) < q.Left && len(PageSet{page}.Minus(q.Owned)) > 0 {
			out = append(out, page)
		}
	}
	return NewPageSet(out...), nil
}

// entryPages are the pages of a chapter, table or figure named by its number; of
// one that is more than the right, as many as may be had, which is said.
func (t *turn) entryPages(p Publication, want nlu.Pages) (pages PageSet, found bool, err error) {
	kind, number := "bab", want.Chapter
	if want.Table != "" {
		kind, number = "tabel", want.Table
	} else if want.Figure != "" {
		kind, number = "gambar", want.Figure
	}
	entries, err := t.store.Entries(t.ctx, p.ID)
	if err != nil {
		return nil, false, err
	}
	i := slices.IndexFunc(entries, func(e Entry) bool {
		return e.Kind == kind && e.Page > 0 && entryNumber(e.Number) == entryNumber(number)
	})
	if i < 0 && kind == "bab" { // chapters that have no numbers stand in their order
		var chapters []int
		for j, e := range entries {
			if e.Kind == kind && e.Page > 0 && e.Number == "" && atoiOr(e.Printed, 0) > 0 {
				chapters = append(chapters, j)
			}
		}
		if n := atoiOr(number, 0); n > 0 && n <= len(chapters) {
			i = chapters[n-1]
		}
	}
	if i < 0 {
		return nil, false, nil
	}
	e, last := entries[i], p.Pages
	for _, next := range entries { // up to the next of its kind
		if next.Kind == kind && next.Page > e.Page {
			last = min(last, next.Page-1)
		}
	}
	if kind != "bab" {
		if last, err = t.continued(p, e.Page, last); err != nil {
			return nil, false, err
		}
	}
	pages, ok := pagesOf([]nlu.Range{{From: e.Page, To: last}}, p.Pages)
	if !ok {
		return nil, false, nil
	}
	q, err := t.right(p)
	if err != nil {
		return nil, false, err
	}
	if fresh := pages.Minus(q.Owned); len(fresh) > q.Left && q.Left > 0 {
		t.say("pages.entry", D{"Title": cut(oneLine(e.Title), 120), "Pages": pages.String(), "Left": q.Left})
		pages = fresh[:q.Left]
	}
	return pages, true, nil
}

// continuedMost is how many pages of one table are looked for.
const continuedMost = 10

// continued is the last page of a table that begins on a page: those that say of
// themselves that they continue it ("Lanjutan Tabel", "Continued Table").
func (t *turn) continued(p Publication, from, most int) (last int, err error) {
	last = from
	for n := from + 1; n <= min(most, from+continuedMost); n++ {
		page, err := t.store.Page(t.ctx, p.ID, n)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return 0, err
		}
		if _, ok := Continues(page.Text); !ok {
			break
		}
		last = n
	}
	return last, nil
}

var romans = map[string]string{"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
	"ix": "9", "x": "10", "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15"}

// entryNumber makes the numbers of tables and chapters comparable: "3.1.", "III".
func entryNumber(s string) string {
	s = strings.Trim(strings.ToLower(s), ". ")
	if n, ok := romans[s]; ok {
		return n
	}
	return s
}
