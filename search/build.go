package search

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/blevesearch/bleve/v2"

	"pst/conversation"
)

// gathered is publications sorted into series.
type gathered map[string]*series

func (g gathered) add(p placed) {
	s := g[p.series.Key]
	if s == nil {
		s = &p.series
		g[s.Key] = s
	}
	s.Editions = append(s.Editions, p.edition)
	sortEditions(s.Editions)
	if s.Editions[0].ID == p.edition.ID {
		s.Abstract, s.AreaName, s.Lower = p.series.Abstract, p.series.AreaName, p.series.Lower
	}
}

// learnAreas reads the areas that the titles of a whole source name.
func learnAreas(ctx context.Context, src Source) (areas []area, total int, err error) {
	learned := map[string]area{}
	for p, err := range src.Publications(ctx) {
		if err != nil {
			return nil, 0, fmt.Errorf("read publications: %w", err)
		}
		total++
		if a, ok := learn(p.Title, p.Office); ok {
			learned[a.key()] = a
		}
	}
	for _, key := range slices.Sorted(maps.Keys(learned)) {
		areas = append(areas, learned[key])
	}
	return areas, total, nil
}

// learnedAreas reads the areas that an index was made with.
func learnedAreas(idx bleve.Index) ([]area, error) {
	keys, _, err := dictionary(idx, fArea)
	if err != nil {
		return nil, err
	}
	var out []area
	for _, k := range keys {
		if a, ok := readArea(k); ok {
			out = append(out, a)
		}
	}
	return out, nil
}

// batchSize is how many documents are written at once: 2000 pages take some 30 MB.
const batchSize = 2000

// buildAll makes a whole generation from the source in a folder that does not
// exist yet.
func buildAll(ctx context.Context, path string, src Source, t *tables, progress func(done, total int)) error {
	learned, total, err := learnAreas(ctx, src)
	if err != nil {
		return err
	}
	names := newAtlas(t.areas, learned)
	m, err := indexMapping()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("make index folder: %w", err)
	}
	b, err := bleve.NewBuilder(path, m, map[string]any{"batchSize": batchSize, "buildPathPrefix": path})
	if err != nil {
		return fmt.Errorf("start index: %w", err)
	}
	if err := fill(ctx, b, src, t, names, func(done int) { progress(done, total) }); err != nil {
		return errors.Join(err, b.Close())
	}
	if err := b.Close(); err != nil {
		return fmt.Errorf("finish index: %w", err)
	}
	return nil
}

func fill(ctx context.Context, b bleve.Builder, src Source, t *tables, names *atlas, progress func(done int)) error {
	// An index without any document cannot be written.
	if err := b.Index("mapping", map[string]any{fKind: "mapping"}); err != nil {
		return fmt.Errorf("index mapping: %w", err)
	}
	all := gathered{}
	done := 0
	for p, err := range src.Publications(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("read publications: %w", err)
		}
		pl := t.place(p, names)
		all.add(pl)
		docs, err := pagesOf(ctx, src, t, p, pl)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if err := b.Index(d.name, d.fields); err != nil {
				return fmt.Errorf("index page: %w", err)
			}
		}
		if done++; done%50 == 0 {
			progress(done)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		d, err := t.seriesDocument(*all[key])
		if err != nil {
			return err
		}
		if err := b.Index(seriesName(key), d); err != nil {
			return fmt.Errorf("index series: %w", err)
		}
	}
	progress(done)
	return nil
}

// pagesOf makes the page documents of a publication whose file is held.
func pagesOf(ctx context.Context, src Source, t *tables, p conversation.Publication, pl placed) ([]pageDocument, error) {
	if p.Pages == 0 {
		return nil, nil
	}
	c, err := src.Contents(ctx, p.ID)
	if err != nil {
		return nil, fmt.Errorf("read pages of %s: %w", p.ID, err)
	}
	return t.pageDocuments(pl, c)
}

// update brings a writable copy of an index to the state of the source for
// these publications, with every series they are or were part of.
func update(ctx context.Context, idx bleve.Index, src Source, t *tables, ids []string) error {
	learned, err := learnedAreas(idx)
	if err != nil {
		return err
	}
	changed := map[string]conversation.Publication{}
	for _, id := range ids {
		p, err := src.Publication(ctx, id)
		if errors.Is(err, conversation.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read publication %s: %w", id, err)
		}
		changed[id] = p
		if a, ok := learn(p.Title, p.Office); ok {
			learned = append(learned, a)
		}
	}
	names := newAtlas(t.areas, learned)
	touched := map[string]bool{} // keys of series
	members := map[string]bool{} // publications to be placed anew
	for _, id := range ids {
		members[id] = true
		found, err := seriesWith(ctx, idx, id)
		if err != nil {
			return err
		}
		for _, s := range found {
			touched[s.Key] = true
			for _, e := range s.Editions {
				members[e.ID] = true
			}
		}
	}
	all := gathered{}
	now := map[string]placed{}
	for _, id := range slices.Sorted(maps.Keys(members)) {
		p, err := src.Publication(ctx, id)
		if errors.Is(err, conversation.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read publication %s: %w", id, err)
		}
		pl := t.place(p, names)
		// The new place may be a series that none of the changed ones was in.
		if !touched[pl.series.Key] {
			touched[pl.series.Key] = true
			s, found, err := loadSeries(ctx, idx, pl.series.Key)
			if err != nil {
				return err
			}
			for _, e := range s.Editions {
				if found && !members[e.ID] {
					other, err := src.Publication(ctx, e.ID)
					if err != nil {
						return fmt.Errorf("read publication %s: %w", e.ID, err)
					}
					all.add(t.place(other, names))
				}
			}
		}
		all.add(pl)
		now[id] = pl
	}
	batch := idx.NewBatch()
	for key := range touched {
		if all[key] == nil {
			batch.Delete(seriesName(key))
			continue
		}
		d, err := t.seriesDocument(*all[key])
		if err != nil {
			return err
		}
		if err := batch.Index(seriesName(key), d); err != nil {
			return fmt.Errorf("index series: %w", err)
		}
	}
	for _, id := range ids {
		old, err := pageNames(ctx, idx, id)
		if err != nil {
			return err
		}
		for _, name := range old {
			batch.Delete(name)
		}
		pl, ok := now[id]
		if _, held := changed[id]; !ok || !held {
			continue
		}
		docs, err := pagesOf(ctx, src, t, changed[id], pl)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if err := batch.Index(d.name, d.fields); err != nil {
				return fmt.Errorf("index page: %w", err)
			}
		}
		// Nobody sees the copy before it is whole, so it may be written in parts.
		if batch.Size() >= batchSize {
			if err := idx.Batch(batch); err != nil {
				return fmt.Errorf("write index: %w", err)
			}
			batch.Reset()
		}
	}
	if err := idx.Batch(batch); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	return nil
}
