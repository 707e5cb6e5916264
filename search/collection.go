package search

import (
	"context"
	"slices"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// collection is all series of one office, ready for ranking. Nearly every search is
// about the own office, its province and the nation: looking through what is on
// kept here takes a tenth of asking the index and reading its answers.
type collection struct {
	entries  []*entry
	byWord   map[string][]*entry // by each stem of title, subjects and abstract
	byMember map[string]*entry   // by the id of each publication
}

// How much is kept ready, in series of some 10 kB each.
const (
	maxCollected = 2000 // of one office; those of one with more are asked of the index
	maxKept      = 3000 // of all offices
)

// collection returns the series of an office; nil when they are too many.
func (r *reader) collection(ctx context.Context, office string) (*collection, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.collections[office]; ok {
		return s, nil
	}
	docs, err := find(ctx, r.idx, bleve.NewConjunctionQuery(term(fKind, kindSeries), term(fOffice, office)),
		maxCollected+1, true)
	if err != nil {
		return nil, err
	}
	var s *collection
	if len(docs) <= maxCollected {
		s = &collection{byWord: map[string][]*entry{}, byMember: map[string]*entry{}}
		for _, d := range docs {
			e, err := newEntry(r.tables, d.body)
			if err != nil {
				return nil, err
			}
			s.put(e)
		}
	}
	if r.kept += min(len(docs), maxCollected); r.kept > maxKept {
		clear(r.collections)
		r.kept = len(docs)
	}
	r.collections[office] = s
	return s, nil
}

// put adds a series under each of the words that it is found by: those that
// seriesDocument gives the index.
func (s *collection) put(e *entry) {
	s.entries = append(s.entries, e)
	for _, ed := range e.Editions {
		s.byMember[ed.ID] = e
	}
	add := func(w string) {
		if list := s.byWord[w]; len(list) == 0 || list[len(list)-1] != e {
			s.byWord[w] = append(list, e)
		}
	}
	for _, w := range e.title {
		add(w)
	}
	for w := range e.abstract {
		add(w)
	}
	for _, topic := range e.rule.topics {
		for _, w := range topic {
			add(w)
		}
	}
}

// scope is the areas that a query is sought in; nil is everywhere.
type scope struct {
	offices   []string // all they have
	districts []area   // of these kecamatan and of their whole kabupaten, not of its others
}

// scope is the areas asked for, or the own office, with their province and the
// nation. A kecamatan keeps the others out.
func (u understanding) scope(m meaning) *scope {
	s := &scope{offices: []string{"0000"}}
	if len(m.areas) == 0 {
		s.offices = append(s.offices, u.own, provinceOf(u.own))
	}
	for _, a := range m.areas {
		s.offices = append(s.offices, provinceOf(a.office))
		if a.level == district {
			s.districts = append(s.districts, a)
		} else {
			s.offices = append(s.offices, a.office)
		}
	}
	slices.Sort(s.offices)
	s.offices = slices.Compact(s.offices)
	return s
}

// query is the scope as a condition of the index; nil for everywhere.
func (s *scope) query() query.Query {
	if s == nil {
		return nil
	}
	var any []query.Query
	for _, a := range s.districts {
		any = append(any, bleve.NewConjunctionQuery(term(fOffice, a.office),
			bleve.NewDisjunctionQuery(term(fDistrict, districtKey(a.name)), term(fDistrict, noDistrict))))
	}
	for _, o := range s.offices {
		any = append(any, term(fOffice, o))
	}
	return bleve.NewDisjunctionQuery(any...)
}

// has tells whether a series lies in the scope.
func (s *scope) has(e *entry) bool {
	return s == nil || slices.Contains(s.offices, e.Office) || slices.ContainsFunc(s.districts, func(a area) bool {
		return e.Office == a.office && (e.District == "" || e.District == a.name)
	})
}

// all lists the offices whose collections have to be looked through.
func (s *scope) all() []string {
	out := slices.Clone(s.offices)
	for _, a := range s.districts {
		if !slices.Contains(out, a.office) {
			out = append(out, a.office)
		}
	}
	return out
}

// candidates reads the series that have any of the query's words; everywhere,
// those that have all of them.
func (r *reader) candidates(ctx context.Context, m meaning, where *scope) ([]*entry, error) {
	if where == nil {
		return r.seek(ctx, m, where)
	}
	seen := map[*entry]bool{}
	var out []*entry
	take := func(es []*entry) {
		for _, e := range es {
			if !seen[e] && where.has(e) {
				seen[e] = true
				out = append(out, e)
			}
		}
	}
	subject := m.subject()
	for _, office := range where.all() {
		s, err := r.collection(ctx, office)
		if err != nil {
			return nil, err
		}
		if s == nil {
			return r.seek(ctx, m, where)
		}
		if !subject || len(m.concepts) == 0 {
			take(s.entries)
			continue
		}
		for _, c := range m.concepts {
			for _, way := range c.ways {
				for _, w := range way.stems {
					take(s.byWord[w])
				}
			}
		}
	}
	return out, nil
}

// seek is candidates by way of the index, the best by its own measure.
func (r *reader) seek(ctx context.Context, m meaning, where *scope) ([]*entry, error) {
	all := []query.Query{term(fKind, kindSeries)}
	limit := maxElsewhere
	if where != nil {
		all = append(all, where.query())
		limit = maxCandidates
	}
	var any []query.Query
	for _, c := range m.concepts {
		switch q := c.inSeries(); {
		case !m.subject():
		case where != nil:
			any = append(any, q)
		case !c.optional:
			all = append(all, q)
		}
	}
	if len(any) > 0 {
		all = append(all, bleve.NewDisjunctionQuery(any...))
	}
	hits, err := find(ctx, r.idx, bleve.NewConjunctionQuery(all...), limit, false)
	if err != nil {
		return nil, err
	}
	return r.entries(ctx, hits)
}

// inSeries is the query for any word of any way to say a concept.
func (c concept) inSeries() query.Query {
	seen := map[string]bool{}
	var any []query.Query
	for _, way := range c.ways {
		for _, w := range way.stems {
			if !seen[w] {
				seen[w] = true
				any = append(any, term(fWords, w))
			}
		}
	}
	return bleve.NewDisjunctionQuery(any...)
}
