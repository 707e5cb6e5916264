package search

import (
	"context"
	"fmt"

	"pst/conversation"
)

// Series implements [conversation.Catalogue].
func (c *Catalogue) Series(ctx context.Context, publication string) ([]conversation.Edition, error) {
	r := c.acquire()
	if r == nil {
		return nil, fmt.Errorf("read series: %w", conversation.ErrPreparing)
	}
	defer func() { _ = r.release() }()
	found, err := r.owner(ctx, publication)
	if err != nil {
		return nil, fmt.Errorf("read series: %w", err)
	}
	if found == nil {
		return nil, nil
	}
	var out []conversation.Edition
	for _, e := range found.Editions {
		out = append(out, conversation.Edition{ID: e.ID, Year: e.Year})
	}
	return out, nil
}
