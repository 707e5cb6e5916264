package search

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"

	"pst/conversation"
)

// Bounds of one answer.
const (
	defaultLimit  = 10
	maxLimit      = 100
	maxCandidates = 600 // series looked at for one query of an office with very many
	maxLookups    = 60  // words looked up on the pages for one query
	maxElsewhere  = 100 // the same, of offices not asked for
	maxSpread     = 5   // editions of one series shown as hits of their own
)

// seen answers whether words are known, from the lexicon and the pages.
type seenWords struct {
	*lexicon
	page func(stem string) bool
}

func (s seenWords) known(word, stem string) bool {
	return s.weight[word] > 0 || s.stems[stem] || s.page(stem)
}

// understanding is what it takes to read one query on a reader.
func (c *Catalogue) understanding(ctx context.Context, r *reader) understanding {
	lookups := 0
	return understanding{
		tables: r.tables, names: r.names, held: r.held, own: c.opts.Office, year: c.opts.Now().Year(),
		vocab: seenWords{r.lexicon, func(stem string) bool {
			lookups++
			return lookups <= maxLookups && r.has(ctx, fText, stem)
		}},
	}
}

// answer reads the query, looks up what it asks for, and ranks it.
func (c *Catalogue) answer(ctx context.Context, r *reader, q conversation.Query) (conversation.Result, error) {
	u := c.understanding(ctx, r)
	m := u.read(q.Text)
	if q.Before != "" && q.Publication == "" {
		m = m.after(u.read(q.Before))
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit, offset := min(limit, maxLimit), max(q.Offset, 0)
	if q.Publication != "" {
		return c.inside(ctx, r, u, m, q.Publication, offset, limit)
	}
	var res conversation.Result
	if m.elsewhere() {
		for _, a := range m.away {
			res.Away = append(res.Away, a.title)
		}
		return res, nil
	}
	hits, elsewhere, err := c.rankAll(ctx, r, u, m, q.TitlesOnly)
	if err != nil {
		return res, err
	}
	if elsewhere {
		res.Dropped = strings.Join(m.words.area, " ")
	}
	if m.mended {
		res.Corrected = m.words.String()
	}
	if m.from > 0 && len(hits) > 0 && !slices.ContainsFunc(hits, func(s scored) bool { return s.hasYear }) {
		res.Dropped = strings.TrimSpace(res.Dropped + " " + yearsText(m))
	}
	if len(hits) > 0 {
		for _, a := range m.away {
			m.dropped = append(m.dropped, strings.ToLower(a.title))
		}
		if len(hits[0].pages) > 0 && hits[0].pages[0].part {
			m.dropped = append(m.dropped, c.absent(ctx, m, r.tables, hits[0].pages)...)
		} else {
			m.dropped = append(m.dropped, m.missing(hits[0])...)
		}
		res.Dropped = strings.TrimSpace(strings.Join(m.dropped, " ") + " " + res.Dropped)
	}
	res.Total = len(hits)
	hits = hits[min(offset, len(hits)):]
	for _, s := range hits[:min(limit, len(hits))] {
		h := s.hit()
		h.Holds = m.holds(s.chosen)
		if h.Pages, err = c.show(ctx, m, r.tables, s.pages); err != nil {
			return conversation.Result{}, err
		}
		res.Hits = append(res.Hits, h)
	}
	return res, nil
}

func yearsText(m meaning) string {
	if m.to > m.from {
		return strconv.Itoa(m.from) + "-" + strconv.Itoa(m.to)
	}
	return strconv.Itoa(m.from)
}

func (s scored) hit() conversation.Hit {
	h := conversation.Hit{ID: s.chosen.ID, Title: s.chosen.Title, Year: s.chosen.Year, Office: s.Office, Score: s.score}
	for _, e := range s.Editions {
		if e.ID != s.chosen.ID {
			h.Editions = append(h.Editions, conversation.Edition{ID: e.ID, Year: e.Year})
		}
	}
	return h
}

// rankAll finds and ranks what answers: in the areas asked for first, anywhere
// when these have nothing (elsewhere).
func (c *Catalogue) rankAll(ctx context.Context, r *reader, u understanding, m meaning, titlesOnly bool) (hits []scored,
	elsewhere bool, err error) {
	if m.number != "" {
		hits, err := c.byNumber(ctx, r, u, m)
		if err != nil || len(hits) > 0 {
			return hits, false, err
		}
	}
	if len(m.concepts) == 0 && len(m.areas) == 0 && m.from == 0 && m.table == "" {
		return nil, false, nil
	}
	here, loose := u.scope(m), u.loosen(m)
	tries := []attempt{{m, here}, {m, nil}, {loose, here}}
	if m.sure {
		tries = []attempt{{m, here}, {loose, here}, {m, nil}}
	}
	for _, try := range tries {
		if try.m.text == "" {
			continue
		}
		hits, err = c.rankWhere(ctx, r, u, try, titlesOnly)
		if err != nil || len(hits) > 0 {
			return hits, try.where == nil, err
		}
	}
	return nil, false, nil
}

// attempt is one reading of a query, sought in some areas or, with where nil, in all.
type attempt struct {
	m     meaning
	where *scope
}

func (c *Catalogue) rankWhere(ctx context.Context, r *reader, u understanding, try attempt, titlesOnly bool) ([]scored,
	error) {
	m := try.m
	es, err := r.candidates(ctx, m, try.where)
	if err != nil {
		return nil, err
	}
	if try.where == nil {
		es = slices.DeleteFunc(es, m.swaps)
	}
	hits := u.rank(m, es)
	if len(hits) > 0 {
		hits = spread(m, hits)
	}
	if !titlesOnly && m.subject() {
		if hits, err = c.withPages(ctx, r, u, m, try.where, hits); err != nil {
			return nil, err
		}
	}
	if try.where == nil {
		hits = slices.DeleteFunc(hits, func(s scored) bool { return m.swaps(s.entry) })
	}
	return hits, nil
}

// swaps tells whether a series is about another kecamatan than those asked for.
func (m meaning) swaps(e *entry) bool {
	return e.District != "" && len(m.areas) > 0 && !m.asksDistrict(e) &&
		!slices.ContainsFunc(m.areas, func(a area) bool { return a.level < district && a.office == e.Office })
}

// What a page is worth against a title that answers.
const (
	pageFactor    = 0.95
	districtPage  = 1.25 // the book is about the kecamatan asked for
	otherYear     = 0.85 // the book has nothing of the years asked
	anotherTitle  = 0.95 // the year is that of the book's title, not of its data
	foreignCover  = 0.9  // of a query with words of other services
	mostPageBooks = 20   // books brought in by their pages alone
)

// withPages puts the best pages under the titles, and adds books that answer by
// their pages alone.
func (c *Catalogue) withPages(ctx context.Context, r *reader, u understanding, m meaning, where *scope,
	hits []scored) ([]scored, error) {
	pages, err := r.pages(ctx, m, where.query(), false)
	if err != nil {
		return nil, err
	}
	if len(pages) > 0 && pages[0].part && pages[0].cover < leastCover {
		c.byTable(ctx, m, pages)
	}
	books := map[string][]pageHit{}
	var order []string
	for _, p := range pages {
		if m.foreign() && p.cover < foreignCover {
			continue
		}
		if len(books[p.book]) == 0 {
			order = append(order, p.book)
		}
		if len(books[p.book]) < pagesPerBook {
			books[p.book] = append(books[p.book], p)
		}
	}
	if len(order) == 0 {
		return hits, nil
	}
	for i := range hits {
		id := hits[i].chosen.ID
		if hits[i].pages = books[id]; len(hits[i].pages) > 0 {
			hits[i].score = max(hits[i].score, u.pageScore(m, hits[i].entry, hits[i].chosen, hits[i].pages[0]))
			delete(books, id)
		}
	}
	for _, id := range order[:min(len(order), mostPageBooks)] {
		if len(books[id]) == 0 {
			continue
		}
		owner, err := r.owner(ctx, id)
		if err != nil || owner == nil {
			return hits, err
		}
		s := scored{entry: owner, coverage: 1, pages: books[id]}
		for _, e := range owner.Editions {
			if e.ID == id {
				s.chosen = e
			}
		}
		s.hasYear = m.from == 0 || m.yearScore(s.entry, s.chosen) > 0
		s.score = u.pageScore(m, s.entry, s.chosen, books[id][0])
		hits = append(hits, s)
	}
	sortScored(hits)
	return hits, nil
}

// pageScore is what the best page of a book makes of the book.
func (u understanding) pageScore(m meaning, e *entry, ed edition, p pageHit) float64 {
	score := pageFactor * p.score * u.areaFactor(m, e)
	if e.District != "" && m.asksDistrict(e) {
		score *= districtPage
	}
	switch {
	case m.from == 0 || ed.covers(m.from, m.to):
	case m.yearScore(e, ed) > 0:
		score *= anotherTitle
	default:
		score *= otherYear
	}
	return score
}

// spread shows the further editions that hold the years asked for as hits of
// their own, right behind the best one of the best series: for "pdrb 2019" each
// of the five books with that year.
func spread(m meaning, hits []scored) []scored {
	if m.from == 0 || !hits[0].hasYear {
		return hits
	}
	top := hits[0]
	if m.to > m.from && top.chosen.From == m.from && top.chosen.To == m.to {
		return hits // the very range asked for
	}
	out := []scored{top}
	for _, ed := range top.Editions {
		if len(out) == maxSpread {
			break
		}
		same := func(s scored) bool { return s.chosen.From == ed.From && s.chosen.To == ed.To }
		if ed.ID == top.chosen.ID || m.yearScore(top.entry, ed) < 2 || slices.ContainsFunc(out, same) {
			continue
		}
		s := top
		s.chosen = ed
		out = append(out, s)
	}
	return append(out, hits[1:]...)
}

// byNumber finds the editions whose catalogue, publication or ISSN number
// begins with the one asked for, elsewhere only where the areas asked for have none.
func (c *Catalogue) byNumber(ctx context.Context, r *reader, u understanding, m meaning) ([]scored, error) {
	es, err := r.candidates(ctx, meaning{}, u.scope(m))
	if err != nil {
		return nil, err
	}
	has := func(ed edition) bool {
		return slices.ContainsFunc(ed.Numbers, func(n string) bool { return strings.HasPrefix(n, m.number) })
	}
	if !slices.ContainsFunc(es, func(e *entry) bool { return slices.ContainsFunc(e.Editions, has) }) {
		p := bleve.NewPrefixQuery(m.number)
		p.SetField(fNumber)
		hits, err := find(ctx, r.idx, p, maxElsewhere, false)
		if err != nil {
			return nil, err
		}
		if es, err = r.entries(ctx, hits); err != nil {
			return nil, err
		}
	}
	var out []scored
	for _, e := range es {
		if !slices.ContainsFunc(e.Editions, has) {
			continue
		}
		only := *e
		only.Editions = slices.DeleteFunc(slices.Clone(e.Editions), func(ed edition) bool { return !has(ed) })
		s := scored{entry: &only, coverage: 1}
		s.chosen, s.hasYear = m.choose(&only)
		s.score = u.areaFactor(m, e)
		if slices.Contains(s.chosen.Numbers, m.number) {
			s.score++
		}
		out = append(out, s)
	}
	sortScored(out)
	return out, nil
}
