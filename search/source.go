package search

import (
	"context"
	"iter"

	"pst/conversation"
)

// Source is the truth the index is made from.
type Source interface {
	// Changed returns the id of every publication changed after a catalogue
	// version, deleted ones too, and the version that this brings the reader to.
	// Changed(ctx, 0) lists them all.
	Changed(ctx context.Context, after int64) (ids []string, version int64, err error)
	// Publications yields all records, in order of id.
	Publications(ctx context.Context) iter.Seq2[conversation.Publication, error]
	// Publication returns conversation.ErrNotFound for an unknown or deleted id.
	Publication(ctx context.Context, id string) (conversation.Publication, error)
	// Contents returns the page texts and entries of a publication; empty for
	// one without a file.
	Contents(ctx context.Context, id string) (conversation.Contents, error)
	// Page returns one page; conversation.ErrNotFound.
	Page(ctx context.Context, id string, number int) (conversation.Page, error)
	// DataTables returns the trusted tables of a publication that staff have not silenced;
	// none for an unknown one.
	DataTables(ctx context.Context, id string) ([]conversation.DataTable, error)
}
