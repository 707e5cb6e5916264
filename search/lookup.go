package search

import (
	"context"
	"errors"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"pst/conversation"
)

// term is a query for a word exactly as it stands in a field.
func term(field, word string) *query.TermQuery {
	q := bleve.NewTermQuery(word)
	q.SetField(field)
	return q
}

// find runs a query and returns the names and stored bodies of the documents
// in an order that is the same in every build.
func find(ctx context.Context, idx bleve.Index, q query.Query, limit int, stored bool) ([]found, error) {
	req := bleve.NewSearchRequestOptions(q, limit, 0, false)
	req.SortBy([]string{"-_score", "_id"})
	if stored {
		req.Fields = []string{fBody}
	}
	res, err := idx.SearchInContext(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	out := make([]found, len(res.Hits))
	for i, h := range res.Hits {
		out[i] = found{name: h.ID, score: h.Score}
		if stored {
			out[i].body, _ = h.Fields[fBody].(string)
		}
	}
	return out, nil
}

// count tells how many documents have a word in a field.
func count(ctx context.Context, idx bleve.Index, field, word string) (n uint64, err error) {
	adv, err := idx.Advanced()
	if err != nil {
		return 0, fmt.Errorf("count word: %w", err)
	}
	r, err := adv.Reader()
	if err != nil {
		return 0, fmt.Errorf("count word: %w", err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	t, err := r.TermFieldReader(ctx, []byte(word), field, false, false, false)
	if err != nil {
		return 0, fmt.Errorf("count word: %w", err)
	}
	n = t.Count()
	return n, t.Close()
}

// found is one document that answers a query of the index.
type found struct {
	name  string
	score float64
	body  string
}

// seriesWith finds the series that a publication is part of: one, or none.
func seriesWith(ctx context.Context, idx bleve.Index, id string) ([]series, error) {
	hits, err := find(ctx, idx, term(fMember, id), 10, true)
	if err != nil {
		return nil, err
	}
	var out []series
	for _, h := range hits {
		var s series
		if err := s.read(h.body); err != nil {
			return nil, fmt.Errorf("read series: %w", err)
		}
		out = append(out, s)
	}
	return out, nil
}

// loadSeries reads one series by its key; found is false when there is none.
func loadSeries(ctx context.Context, idx bleve.Index, key string) (s series, ok bool, err error) {
	hits, err := find(ctx, idx, bleve.NewDocIDQuery([]string{seriesName(key)}), 1, true)
	if err != nil || len(hits) == 0 {
		return series{}, false, err
	}
	if err := s.read(hits[0].body); err != nil {
		return series{}, false, fmt.Errorf("read series: %w", err)
	}
	return s, true, nil
}

// pageNames lists the page documents of a publication.
func pageNames(ctx context.Context, idx bleve.Index, book string) ([]string, error) {
	hits, err := find(ctx, idx, term(fBook, book), conversation.MostPages, false)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = h.name
	}
	return out, nil
}

// dictionary lists the terms of a field with the number of documents of each.
func dictionary(idx bleve.Index, field string) (terms []string, counts []uint64, err error) {
	d, err := idx.FieldDict(field)
	if err != nil {
		return nil, nil, fmt.Errorf("read vocabulary: %w", err)
	}
	defer d.Close()
	for {
		e, err := d.Next()
		if err != nil {
			return nil, nil, fmt.Errorf("read vocabulary: %w", err)
		}
		if e == nil {
			return terms, counts, nil
		}
		terms, counts = append(terms, e.Term), append(counts, e.Count)
	}
}
