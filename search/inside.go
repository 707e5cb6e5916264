package search

import (
	"context"

	"pst/conversation"
)

// inside searches the pages of one publication.
func (c *Catalogue) inside(ctx context.Context, r *reader, u understanding, m meaning, book string, offset, limit int) (conversation.Result, error) {
	return conversation.Result{}, nil
}
