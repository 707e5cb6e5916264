package search

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/blevesearch/bleve/v2"

	"pst/conversation"
)

// renewal brings a writable copy of an index to the state of the source for some
// publications, with every series they are or were part of.
type renewal struct {
	idx   bleve.Index
	src   Source
	t     *tables
	ids   []string // what has changed
	names *atlas
	batch *bleve.Batch

	held    map[string]conversation.Publication // those changed that the source still has
	members map[string]bool                     // publications to be placed anew: the changed ones and their editions
	touched map[string]bool                     // keys of the series to be written anew, or gone
	all     gathered                            // the series touched, as they are to be
	now     map[string]placed                   // where the members belong
}

// update does a renewal, step by step.
func update(ctx context.Context, idx bleve.Index, src Source, t *tables, ids []string) error {
	r := &renewal{idx: idx, src: src, t: t, ids: ids, batch: idx.NewBatch(), members: map[string]bool{},
		touched: map[string]bool{}, all: gathered{}, now: map[string]placed{}}
	for _, step := range []func(context.Context) error{r.readChanged, r.findSeries, r.placeAnew, r.writeSeries,
		r.writePages, r.flush} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// publication reads one of the source; false: it is gone.
func (r *renewal) publication(ctx context.Context, id string) (conversation.Publication, bool, error) {
	p, err := r.src.Publication(ctx, id)
	if errors.Is(err, conversation.ErrNotFound) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("read publication %s: %w", id, err)
	}
	return p, true, nil
}

// readChanged reads what changed, and learns the names of areas from it.
func (r *renewal) readChanged(ctx context.Context) error {
	learned, err := r.t.learnedAreas(r.idx)
	if err != nil {
		return err
	}
	r.held = map[string]conversation.Publication{}
	for _, id := range r.ids {
		p, ok, err := r.publication(ctx, id)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		r.held[id] = p
		if a, ok := learn(p.Title, p.Office); ok {
			learned = append(learned, a)
		}
	}
	r.names = newAtlas(r.t.areas, learned)
	return nil
}

// findSeries finds the series that what changed is part of in the index.
func (r *renewal) findSeries(ctx context.Context) error {
	for _, id := range r.ids {
		r.members[id] = true
		found, err := seriesWith(ctx, r.idx, id)
		if err != nil {
			return err
		}
		for _, s := range found {
			r.touched[s.Key] = true
			for _, e := range s.Editions {
				r.members[e.ID] = true
			}
		}
	}
	return nil
}

// placeAnew sorts the members into the series they belong to now.
func (r *renewal) placeAnew(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(r.members)) {
		p, ok, err := r.publication(ctx, id)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		pl := r.t.place(p, r.names)
		if err := r.touch(ctx, pl.series.Key); err != nil {
			return err
		}
		r.all.add(pl)
		r.now[id] = pl
	}
	return nil
}

// touch adds the other editions of a series that none of the members was in before.
func (r *renewal) touch(ctx context.Context, key string) error {
	if r.touched[key] {
		return nil
	}
	r.touched[key] = true
	s, _, err := loadSeries(ctx, r.idx, key)
	if err != nil {
		return err
	}
	for _, e := range s.Editions {
		if r.members[e.ID] {
			continue
		}
		other, err := r.src.Publication(ctx, e.ID)
		if err != nil {
			return fmt.Errorf("read publication %s: %w", e.ID, err)
		}
		r.all.add(r.t.place(other, r.names))
	}
	return nil
}

// writeSeries writes the series touched; one without editions goes.
func (r *renewal) writeSeries(context.Context) error {
	for key := range r.touched {
		if r.all[key] == nil {
			r.batch.Delete(seriesName(key))
			continue
		}
		if err := r.batch.Index(seriesName(key), r.t.seriesDocument(*r.all[key])); err != nil {
			return fmt.Errorf("index series: %w", err)
		}
	}
	return nil
}

// writePages writes the pages and tables of what changed in place of the old ones.
func (r *renewal) writePages(ctx context.Context) error {
	for _, id := range r.ids {
		old, err := pageNames(ctx, r.idx, id)
		if err != nil {
			return err
		}
		for _, name := range old {
			r.batch.Delete(name)
		}
		pl, ok := r.now[id]
		p, held := r.held[id]
		if !ok || !held {
			continue
		}
		docs, err := pagesOf(ctx, r.src, r.t, p, pl)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if err := r.batch.Index(d.name, d.fields); err != nil {
				return fmt.Errorf("index page: %w", err)
			}
		}
		// Nobody sees the copy before it is whole, so it may be written in parts.
		if r.batch.Size() >= batchSize {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush writes what the batch holds.
func (r *renewal) flush(context.Context) error {
	if err := r.idx.Batch(r.batch); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	r.batch.Reset()
	return nil
}
