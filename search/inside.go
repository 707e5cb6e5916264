package search

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"pst/conversation"
)

// pageHit is a page that answers, before its text is fetched.
type pageHit struct {
	book  string
	page  int
	body  pageBody
	table string  // the title that answers, if one does
	cover float64 // share of the query's weight in that title
	score float64 // 0…about 1.4
	part  bool    // not all words sought stand on it
}

// What makes a page a good answer.
const (
	titleWeight   = 1.0
	textWeight    = 0.3
	anyWordFactor = 0.5  // not all words sought stand on the page
	laterFactor   = 0.9  // a continued table
	proseFactor   = 0.8  // a page of text, where people mostly want the number
	laterPage     = 0.7  // the same, where its first page answers too
	figureFactor  = 0.88 // a figure, where people mostly want the number
	yearBonus     = 0.06

	maxPageHits    = 80  // pages ranked for one query
	leastCover     = 0.6 // of the query in a table title, where not all words stand on the page
	leastCoverHere = 0.3 // the same where the books are those of the kecamatan asked for
	pagesPerBook   = 3   // shown under one title
)

// inside searches the pages of one publication: one hit with its pages.
func (c *Catalogue) inside(ctx context.Context, r *reader, u understanding, m meaning, book string, offset,
	limit int) (conversation.Result, error) {
	var res conversation.Result
	owner, err := r.owner(ctx, book)
	if err != nil || owner == nil {
		return res, err
	}
	pages, err := r.pages(ctx, u.inBook(m), term(fBook, book), true)
	if err != nil {
		return res, err
	}
	if len(pages) > 0 && pages[0].part {
		c.byTable(ctx, m, pages)
	}
	if m.mended {
		res.Corrected = m.words.String()
	}
	if res.Total = len(pages); len(pages) == 0 {
		return res, nil
	}
	hit := conversation.Hit{ID: book, Office: owner.Office, Score: pages[0].score}
	for _, e := range owner.Editions {
		if e.ID == book {
			hit.Title, hit.Year = e.Title, e.Year
		} else {
			hit.Editions = append(hit.Editions, conversation.Edition{ID: e.ID, Year: e.Year})
		}
	}
	pages = pages[min(offset, len(pages)):]
	if hit.Pages, err = c.show(ctx, m, u.tables, pages[:min(limit, len(pages))]); err != nil {
		return conversation.Result{}, err
	}
	if len(pages) > 0 && pages[0].part {
		m.dropped = append(m.dropped, c.absent(ctx, m, u.tables, pages[:min(limit, len(pages))])...)
	}
	res.Dropped = strings.Join(m.dropped, " ")
	res.Hits = []conversation.Hit{hit}
	return res, nil
}

// absent lists the words asked for that stand on none of the pages shown.
func (c *Catalogue) absent(ctx context.Context, m meaning, t *tables, pages []pageHit) (out []string) {
	have := map[string]bool{}
	for _, h := range pages {
		p, err := c.src.Page(ctx, h.book, h.page)
		if err != nil {
			return nil // replaced meanwhile: show tells no more either
		}
		for _, w := range words(p.Text + " " + strings.Join(h.body.Titles, " ")) {
			have[t.stem(w)] = true
		}
	}
	for _, q := range m.concepts {
		found := slices.ContainsFunc(q.ways, func(a alternative) bool {
			return !slices.ContainsFunc(a.stems, func(w string) bool { return !have[w] })
		})
		if !q.optional && !found {
			out = append(out, q.exact...)
		}
	}
	return out
}

// inBook makes the areas of a query words to look for: inside one book they
// are rows of its tables.
func (u understanding) inBook(m meaning) meaning {
	m.concepts, m.said = slices.Clone(m.concepts), nil
	for _, a := range m.areas {
		ws := words(a.name)
		m.concepts = append(m.concepts, concept{
			ways: []alternative{{stems: u.stems(ws), factor: 1}}, exact: ws, weight: brokenWeight, optional: m.subject(),
		})
	}
	return m
}

// pageQuery is what is sought on a page.
type pageQuery struct {
	must, should []query.Query
	stand        int  // of must, how much stands on any page
	missing      bool // some word that is needed is known of no page
}

func (r *reader) pageQuery(ctx context.Context, m meaning) (p pageQuery) {
	for _, c := range m.concepts {
		q, title := c.onPage()
		switch {
		case c.optional:
			p.should = append(p.should, q)
		case c.unknown:
			p.missing = true
		default:
			p.must = append(p.must, q)
			if r.onPages(ctx, c) {
				p.stand++
			}
		}
		p.should = append(p.should, title)
	}
	for _, w := range strings.Fields(m.table) {
		p.must = append(p.must, term(fTable, w))
		if r.has(ctx, fTable, w) {
			p.stand++
		}
	}
	return p
}

// pages finds and ranks the pages that answer: those with all words first, and
// only when these are none, those with most of them. With loose, pages of the
// second kind need no fitting table title.
func (r *reader) pages(ctx context.Context, m meaning, where query.Query, loose bool) ([]pageHit, error) {
	p := r.pageQuery(ctx, m)
	must, should, missing := p.must, p.should, p.missing
	if p.stand == 0 && len(must) > 0 {
		return nil, nil
	}
	every := p.stand == len(must)
	if len(must) == 0 {
		if len(should) == 0 || missing {
			return nil, nil
		}
		must, should = []query.Query{bleve.NewDisjunctionQuery(should...)}, nil
	}
	run := func(need query.Query, all bool, further ...query.Query) ([]pageHit, error) {
		q := bleve.NewBooleanQuery()
		q.AddMust(term(fKind, kindPage), need)
		q.AddMust(further...)
		if where != nil {
			q.AddMust(where)
		}
		q.AddShould(should...)
		hits, err := find(ctx, r.idx, q, maxPageHits, true)
		if err != nil {
			return nil, err
		}
		return m.rankPages(r, hits, all)
	}
	var hits []pageHit
	if every {
		var err error
		hits, err = run(bleve.NewConjunctionQuery(must...), !missing)
		if err != nil || len(hits) > 0 && !missing {
			return hits, err
		}
	}
	if least := (len(must) + 1) / 2; len(hits) == 0 && len(must) > 1 && p.stand >= least {
		most := bleve.NewDisjunctionQuery(must...)
		most.SetMin(float64(least))
		var err error
		if hits, err = run(most, false); err != nil {
			return nil, err
		}
	}
	if loose {
		return hits, nil
	}
	least := leastCover
	var here []query.Query
	for _, a := range m.areas {
		if a.level == district {
			least = leastCoverHere
			here = append(here, term(fDistrict, districtKey(a.name)))
		}
	}
	hits = slices.DeleteFunc(hits, func(h pageHit) bool { return h.cover < least })
	if len(here) > 0 && !missing && !slices.ContainsFunc(hits, func(h pageHit) bool { return h.cover >= leastCover }) {
		// The kecamatan's own book says it somewhere, if not under such a title.
		any, err := run(bleve.NewDisjunctionQuery(must...), false, bleve.NewDisjunctionQuery(here...))
		return mostOf(any), err
	}
	return hits, nil
}

// mostOf keeps the pages of the one book that has most of what was sought:
// pages of tables, when there are any, for most people want the number.
func mostOf(hits []pageHit) []pageHit {
	tabled := func(h pageHit) bool { return len(h.body.Titles) > 0 }
	if slices.ContainsFunc(hits, tabled) {
		hits = slices.DeleteFunc(hits, func(h pageHit) bool { return !tabled(h) })
	}
	sum, best := map[string]float64{}, ""
	n := map[string]int{}
	for _, h := range hits {
		if n[h.book]++; n[h.book] <= pagesPerBook {
			sum[h.book] += h.score
		}
	}
	for _, h := range hits { // in order, so that equals are the same in every build
		if best == "" || sum[h.book] > sum[best] {
			best = h.book
		}
	}
	return slices.DeleteFunc(hits, func(h pageHit) bool { return h.book != best })
}

// mostTables is how many pages are read to find the table that has most words.
const mostTables = 24

// byTable puts the pages of that table first which has most of the words as they
// were typed: "petani" and "nelayan" may be columns on different pages of one
// table, while other forms of either word stand on many.
func (c *Catalogue) byTable(ctx context.Context, m meaning, hits []pageHit) {
	type found struct{ table, page map[string]bool }
	hits = hits[:min(len(hits), mostTables)]
	tables, of := map[string]map[string]bool{}, make([]found, len(hits))
	for i, h := range hits {
		base := strings.TrimSuffix(h.table, laterMark)
		if tables[base] == nil {
			tables[base] = map[string]bool{}
		}
		of[i] = found{tables[base], map[string]bool{}}
		p, err := c.src.Page(ctx, h.book, h.page)
		if err != nil {
			continue // replaced meanwhile: it stays where it is
		}
		have := map[string]bool{}
		for _, w := range words(p.Text) {
			have[w] = true
		}
		for _, q := range m.concepts {
			for _, w := range q.exact {
				if have[w] && !q.optional {
					of[i].page[w], of[i].table[w] = true, true
				}
			}
		}
	}
	order := make([]int, len(hits))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(len(of[b].table), len(of[a].table)), cmp.Compare(len(of[b].page), len(of[a].page)))
	})
	sorted := make([]pageHit, len(hits))
	for i, o := range order {
		sorted[i] = hits[o]
	}
	copy(hits, sorted)
}

// oneEach lets the first page of a table lead, and its further pages follow
// behind other tables.
func oneEach(hits []pageHit) {
	first := map[string]int{}
	for i, h := range hits {
		if h.table != "" && !strings.HasSuffix(h.table, laterMark) {
			first[h.book+h.table] = i
		}
	}
	for i, h := range hits {
		base, later := strings.CutSuffix(h.table, laterMark)
		if f, ok := first[h.book+base]; ok && later {
			hits[f].score = max(hits[f].score, h.score)
			hits[i].score = laterPage * h.score
		}
	}
}

// onPage is the query for a concept in the text of a page, and the one for it
// in the titles of its tables.
func (c concept) onPage() (text, title query.Query) {
	var texts, titles []query.Query
	for _, way := range c.ways {
		var t, h []query.Query
		for _, w := range way.stems {
			t, h = append(t, term(fText, w)), append(h, term(fTable, w))
		}
		texts = append(texts, bleve.NewConjunctionQuery(t...))
		q := bleve.NewConjunctionQuery(h...)
		q.SetBoost(3 * way.factor)
		titles = append(titles, q)
	}
	return bleve.NewDisjunctionQuery(texts...), bleve.NewDisjunctionQuery(titles...)
}

var laterPart = regexp.MustCompile(`(?i)lanjutan|continued`)

// rankPages orders pages by how well the titles of their tables answer, then
// by their text.
func (m meaning) rankPages(r *reader, hits []found, all bool) ([]pageHit, error) {
	if len(hits) == 0 {
		return nil, nil
	}
	m = m.ready()
	highest := hits[0].score
	out := make([]pageHit, 0, len(hits))
	for _, h := range hits {
		var p pageHit
		p.book, p.page = splitPageName(h.name)
		if err := p.body.read(h.body); err != nil {
			return nil, fmt.Errorf("read page: %w", err)
		}
		best := 0.0
		for _, title := range p.body.Titles {
			score, cover := m.title(r.tables, title)
			if m.table != "" && !strings.HasPrefix(strings.ToLower(title), tableName(m.table)+" ") {
				continue
			}
			if score > best {
				best, p.table, p.cover = score, title, cover
			}
		}
		if m.table != "" && p.table == "" {
			continue
		}
		if p.table == "" && len(p.body.Titles) > 0 { // the words stand in its columns
			p.table = p.body.Titles[0]
		}
		p.score = titleWeight*best + textWeight*h.score/highest
		if p.table == "" {
			p.score *= proseFactor
		}
		if !all {
			p.score *= anyWordFactor
			p.part = true
		}
		out = append(out, p)
	}
	oneEach(out)
	slices.SortFunc(out, func(a, b pageHit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.book, b.book), cmp.Compare(a.page, b.page))
	})
	return out, nil
}

// show fetches the texts of pages and cuts fragments from them.
func (c *Catalogue) show(ctx context.Context, m meaning, t *tables, hits []pageHit) ([]conversation.PageHit, error) {
	wanted := m.stems()
	out := make([]conversation.PageHit, 0, len(hits))
	for _, h := range hits {
		p, err := c.src.Page(ctx, h.book, h.page)
		if err != nil { // replaced since the index was made: the next Sync drops it
			p = conversation.Page{Printed: h.body.Printed}
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("fetch page: %w", ctx.Err())
		}
		out = append(out, conversation.PageHit{
			Page: h.page, Printed: cmp.Or(p.Printed, h.body.Printed), Table: h.table, Text: fragment(t, p.Text, wanted),
		})
	}
	return out, nil
}

// stems lists the stems that answer the query, for marking; words that say
// little ("jumlah") only when there are no others.
func (m meaning) stems() map[string]bool {
	out := map[string]bool{}
	for _, c := range m.concepts {
		if c.weight == generalWeight && m.subject() {
			continue
		}
		for _, way := range c.ways {
			for _, w := range way.stems {
				out[w] = true
			}
		}
	}
	return out
}
