package search

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"

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
}

// What makes a page a good answer.
const (
	titleWeight   = 1.0
	textWeight    = 0.3
	anyWordFactor = 0.5  // not all words sought stand on the page
	laterFactor   = 0.9  // a continued table
	figureFactor  = 0.88 // a figure, where people mostly want the number
	yearBonus     = 0.06

	maxPageHits    = 80  // pages ranked for one query
	leastCover     = 0.6 // of the query in a table title, where not all words stand on the page
	leastCoverHere = 0.3 // the same where the books are those of the kecamatan asked for
	pagesPerBook   = 3   // shown under one title
)

// inside searches the pages of one publication: one hit with its pages.
func (c *Catalogue) inside(ctx context.Context, r *reader, u understanding, m meaning, book string, offset, limit int) (conversation.Result, error) {
	var res conversation.Result
	owner, err := seriesWith(ctx, r.idx, book)
	if err != nil || len(owner) == 0 {
		return res, err
	}
	pages, err := r.pages(ctx, u.inBook(m), term(fBook, book), true)
	if err != nil {
		return res, err
	}
	if m.mended {
		res.Corrected = m.words.String()
	}
	if res.Total = len(pages); len(pages) == 0 {
		return res, nil
	}
	hit := conversation.Hit{ID: book, Office: owner[0].Office, Score: pages[0].score}
	for _, e := range owner[0].Editions {
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
	res.Hits = []conversation.Hit{hit}
	return res, nil
}

// inBook makes the areas of a query words to look for: inside one book they
// are rows of its tables.
func (u understanding) inBook(m meaning) meaning {
	m.concepts = slices.Clone(m.concepts)
	for _, a := range m.areas {
		ws := words(a.name)
		m.concepts = append(m.concepts, concept{
			ways: []alternative{{stems: u.stems(ws), factor: 1}}, exact: ws, weight: brokenWeight, optional: m.subject(),
		})
	}
	return m
}

// pages finds and ranks the pages that answer: those with all words first, and
// only when these are none, those with most of them. With loose, pages of the
// second kind need no fitting table title.
func (r *reader) pages(ctx context.Context, m meaning, where query.Query, loose bool) ([]pageHit, error) {
	var must, should []query.Query
	for _, c := range m.concepts {
		q, title := c.onPage()
		if c.optional {
			should = append(should, q)
		} else if !c.unknown {
			must = append(must, q)
		}
		should = append(should, title)
	}
	missing := slices.ContainsFunc(m.concepts, func(c concept) bool { return c.unknown && !c.optional })
	if len(must) == 0 {
		if len(should) == 0 || missing {
			return nil, nil
		}
		must, should = []query.Query{bleve.NewDisjunctionQuery(should...)}, nil
	}
	run := func(need query.Query, all bool) ([]pageHit, error) {
		q := bleve.NewBooleanQuery()
		q.AddMust(term(fKind, kindPage), need)
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
	hits, err := run(bleve.NewConjunctionQuery(must...), !missing)
	if err != nil || len(hits) > 0 && !missing {
		return hits, err
	}
	if len(hits) == 0 && len(must) > 1 {
		most := bleve.NewDisjunctionQuery(must...)
		most.SetMin(float64((len(must) + 1) / 2))
		if hits, err = run(most, false); err != nil {
			return nil, err
		}
	}
	least := leastCover
	if slices.ContainsFunc(m.areas, func(a area) bool { return a.level == district }) {
		least = leastCoverHere
	}
	if !loose {
		hits = slices.DeleteFunc(hits, func(h pageHit) bool { return h.cover < least })
	}
	return hits, nil
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
	highest := hits[0].score
	out := make([]pageHit, 0, len(hits))
	for _, h := range hits {
		var p pageHit
		p.book, p.page = splitPageName(h.name)
		if err := json.Unmarshal([]byte(h.body), &p.body); err != nil {
			return nil, fmt.Errorf("read page: %w", err)
		}
		best := 0.0
		for _, title := range p.body.Titles {
			score, cover := m.title(r.stem, title)
			if score > best {
				best, p.table, p.cover = score, title, cover
			}
		}
		if p.cover < leastCover/2 {
			p.table = ""
		}
		p.score = titleWeight*best + textWeight*h.score/highest
		if !all {
			p.score *= anyWordFactor
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b pageHit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.book, b.book), cmp.Compare(a.page, b.page))
	})
	return out, nil
}

// title scores the title of a table, 0…1, and tells the share of the query's
// weight that stands in it.
func (m meaning) title(stem func(string) string, title string) (score, cover float64) {
	ws := words(title)
	have := make([]string, len(ws))
	for i, w := range ws {
		have[i] = stem(w)
	}
	var sum, got, need, found float64
	for _, c := range m.concepts {
		best := 0.0
		for _, way := range c.ways {
			if containsAll(have, way.stems) {
				s := way.factor
				if len(way.stems) > 1 && !adjacent(have, way.stems) {
					s *= 0.85
				}
				best = max(best, s)
			}
		}
		weight := c.weight
		if c.optional { // a breakdown chooses between tables of one subject
			weight *= 2
		} else {
			need += weight
			found += weight * best
		}
		sum += weight
		got += weight * best
	}
	if sum == 0 {
		return 0, 0
	}
	cover = got / sum
	if need > 0 {
		cover = found / need
	}
	said := 0
	for _, w := range have {
		if f, _ := m.says(w); f > 0 {
			said++
		}
	}
	score = 0.7*cover + 0.2*got/sum + 0.1*float64(said)/float64(len(have)+1)
	for y := m.from; m.from > 0 && y <= m.to; y++ {
		if slices.Contains(ws, strconv.Itoa(y)) {
			score += yearBonus
			break
		}
	}
	if laterPart.MatchString(title) {
		score *= laterFactor
	}
	if len(ws) > 0 && ws[0] == "gambar" {
		score *= figureFactor
	}
	return score, cover
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
