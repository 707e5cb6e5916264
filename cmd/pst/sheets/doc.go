// Package sheets makes files of the tables and numbers that publications hold: a table as
// a workbook (.xlsx) or as CSV, and numbers over the years as a chart (PNG). What stands
// in them, and who may have them, has been decided before it comes here; the words around
// a table are in its order.
package sheets

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"pst/conversation"
)

// Files makes files; it is bot.Sheets.
type Files struct{}

var formats = map[string]struct {
	mime  string
	write func(io.Writer, sheet) error
}{
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook},
	"csv":  {"text/csv; charset=utf-8", commas},
}

// Table writes the table of an order. The same order gives the same bytes.
func (Files) Table(_ context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	if o.Data == nil || o.Table == nil {
		return conversation.ExcerptFile{}, fmt.Errorf("write table: the order has none")
	}
	f, ok := formats[o.Table.Format]
	if !ok {
		return conversation.ExcerptFile{}, fmt.Errorf("write table: no format %q", o.Table.Format)
	}
	var b bytes.Buffer
	if err := f.write(&b, laidOut(*o.Data, *o.Table)); err != nil {
		return conversation.ExcerptFile{}, fmt.Errorf("write table: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	return conversation.ExcerptFile{Name: o.FileName, Data: b.Bytes(), MIME: f.mime, Pages: len(o.Pages),
		Mode: "table", Verdict: "ok", SHA256: hex.EncodeToString(sum[:])}, nil
}

// Chart draws the numbers of an order as standing bars, from nothing up.
func (Files) Chart(_ context.Context, o conversation.ChartOrder) ([]byte, error) { return drawn(o) }
