package search

import (
	"context"
	"encoding/json"
	"fmt"
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
	lexicon  *lexicon
	users    atomic.Int32

	mu    sync.Mutex
	cache map[string]*entry // series read lately, by document name
}

// maxCached is how many series are kept ready; about 4 kB each.
const maxCached = 1024

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
	r = &reader{tables: t, manifest: m, idx: idx, cache: map[string]*entry{}}
	r.users.Store(1)
	learned, err := learnedAreas(idx)
	if err != nil {
		return nil, err
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

// entries turns found series documents into entries, through the cache.
func (r *reader) entries(hits []found) ([]*entry, error) {
	out := make([]*entry, 0, len(hits))
	for _, h := range hits {
		r.mu.Lock()
		e := r.cache[h.name]
		r.mu.Unlock()
		if e == nil {
			var err error
			if e, err = newEntry(r.tables, h.body); err != nil {
				return nil, err
			}
			r.mu.Lock()
			if len(r.cache) >= maxCached {
				clear(r.cache)
			}
			r.cache[h.name] = e
			r.mu.Unlock()
		}
		out = append(out, e)
	}
	return out, nil
}

func newEntry(t *tables, body string) (*entry, error) {
	e := &entry{exact: map[string]bool{}, abstract: map[string]int{}}
	if err := json.Unmarshal([]byte(body), &e.series); err != nil {
		return nil, fmt.Errorf("read series: %w", err)
	}
	e.title = t.stems(e.Words)
	for _, w := range e.Words {
		e.exact[w] = true
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

// onPages tells whether a stem stands on any page.
func (r *reader) onPages(ctx context.Context, stem string) bool {
	hits, err := find(ctx, r.idx, term(fText, stem), 1, false)
	return err == nil && len(hits) > 0
}
