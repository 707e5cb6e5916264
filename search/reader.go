package search

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
)

// reader is one generation, open for searching.
type reader struct {
	*tables
	manifest manifest
	idx      bleve.Index
	names    *atlas
	held     map[string]bool // offices with a publication here
	lexicon  *lexicon
	users    atomic.Int32

	mu          sync.Mutex
	cache       map[string]*entry      // series read lately, by document name
	collections map[string]*collection // by office
	kept        int                    // series in them
	stands      map[string]bool        // whether a word stands in a field, by the two
	sheets      map[string]*tabledBook // tables read lately, by book
}

// How much is remembered: series of some 8 kB each, and words.
const (
	maxCached = 1024
	maxStands = 20_000
	maxSheets = 32 // books whose tables are remembered, of some 300 kB each
)

// entry is a series with what ranking needs of it.
type entry struct {
	series
	title    []string        // stems
	exact    map[string]bool // words of the title as written
	abstract map[string]int  // stem to its first place
	order    []string        // stems of the abstract
	rule     seriesRule
}

func openReader(dir string, m manifest, t *tables) (r *reader, err error) {
	idx, err := openIndex(dir, m)
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			r, err = nil, fmt.Errorf("open index: damaged: %v", p)
		}
		if err != nil {
			idx.Close()
		}
	}()
	r = &reader{tables: t, manifest: m, idx: idx, cache: map[string]*entry{},
		collections: map[string]*collection{}, stands: map[string]bool{},
		sheets: map[string]*tabledBook{}}
	r.users.Store(1)
	learned, err := t.learnedAreas(idx)
	if err != nil {
		return nil, err
	}
	offices, _, err := dictionary(idx, fOffice)
	if err != nil {
		return nil, err
	}
	r.held = map[string]bool{}
	for _, o := range offices {
		r.held[o] = true
	}
	r.names = newAtlas(t.areas, learned, t.villages)
	r.lexicon, err = newLexicon(idx, t, r.names)
	r.names.withWorld(t.world)
	return r, err
}

func (r *reader) hold() { r.users.Add(1) }

// release closes the index when the last user is gone.
func (r *reader) release() error {
	if r.users.Add(-1) > 0 {
		return nil
	}
	return r.idx.Close()
}

// entries reads found series, those lately read from memory.
func (r *reader) entries(ctx context.Context, hits []found) ([]*entry, error) {
	out := make([]*entry, len(hits))
	missing := map[string]int{}
	r.mu.Lock()
	for i, h := range hits {
		if out[i] = r.cache[h.name]; out[i] == nil {
			missing[h.name] = i
		}
	}
	r.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	read, err := find(ctx, r.idx, bleve.NewDocIDQuery(slices.Collect(maps.Keys(missing))), len(missing), true)
	if err != nil {
		return nil, err
	}
	for _, h := range read {
		if out[missing[h.name]], err = newEntry(r.tables, h.body); err != nil {
			return nil, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, i := range missing {
		if len(r.cache) >= maxCached {
			clear(r.cache)
		}
		r.cache[name] = out[i]
	}
	return out, nil
}

// owner finds the series that a publication is part of; nil for none.
func (r *reader) owner(ctx context.Context, publication string) (*entry, error) {
	r.mu.Lock()
	for _, s := range r.collections {
		if s != nil && s.byMember[publication] != nil {
			r.mu.Unlock()
			return s.byMember[publication], nil
		}
	}
	r.mu.Unlock()
	hits, err := find(ctx, r.idx, term(fMember, publication), 1, false)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	es, err := r.entries(ctx, hits)
	if err != nil {
		return nil, err
	}
	return es[0], nil
}

func newEntry(t *tables, body string) (*entry, error) {
	e := &entry{exact: map[string]bool{}, abstract: map[string]int{}}
	if err := e.series.read(body); err != nil {
		return nil, fmt.Errorf("read series: %w", err)
	}
	e.title = t.stems(e.Words)
	for _, w := range e.Words {
		e.exact[w] = true
	}
	for i := range e.Editions {
		e.Editions[i].plain = strings.Join(words(e.Editions[i].Title), " ")
	}
	e.order = t.stems(words(e.Abstract))
	for i, s := range e.order {
		if _, ok := e.abstract[s]; !ok {
			e.abstract[s] = i
		}
	}
	e.rule = t.rule(e.title)
	return e, nil
}

// onPages tells whether any way to say a concept stands on pages, its words
// maybe on different ones.
func (r *reader) onPages(ctx context.Context, c concept) bool {
	return slices.ContainsFunc(c.ways, func(way alternative) bool {
		return !slices.ContainsFunc(way.stems, func(w string) bool { return !r.has(ctx, fText, w) })
	})
}

// has tells whether a word stands in a field of any document.
func (r *reader) has(ctx context.Context, field, word string) bool {
	key := field + word
	r.mu.Lock()
	has, known := r.stands[key]
	r.mu.Unlock()
	if known {
		return has
	}
	n, err := count(ctx, r.idx, field, word)
	if err != nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.stands) >= maxStands {
		clear(r.stands)
	}
	r.stands[key] = n > 0
	return n > 0
}
