package search

import (
	"context"
	"fmt"

	"pst/conversation"
)

// Data implements [conversation.Catalogue]. No table is asked yet.
func (c *Catalogue) Data(context.Context, conversation.Query) ([]conversation.Datum, error) {
	r := c.acquire()
	if r == nil {
		return nil, fmt.Errorf("read data: %w", conversation.ErrPreparing)
	}
	return nil, r.release()
}

// DataSeries implements [conversation.Catalogue]. No table is asked yet.
func (c *Catalogue) DataSeries(context.Context, conversation.Datum) ([]conversation.Datum, error) {
	r := c.acquire()
	if r == nil {
		return nil, fmt.Errorf("read data: %w", conversation.ErrPreparing)
	}
	return nil, r.release()
}
