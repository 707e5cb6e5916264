// Package reports writes a report for people and machines: as a page that explains
// itself and can be printed (HTML), as a workbook (.xlsx), as CSV and as JSON. It knows
// the conversation's Report and nothing else: what a figure is, and what must not be
// shown of it, has been decided before it comes here.
package reports

import (
	"fmt"
	"io"

	"pst/conversation"
)

// Options are what an office may choose.
type Options struct {
	// Semicolons writes CSV as spreadsheets with Indonesian settings read it: parted by
	// semicolons, with decimal commas, and a byte order mark.
	Semicolons bool
}

// Write writes a report in a format.
func Write(w io.Writer, r conversation.Report, format string, o Options) error {
	switch format {
	case "text":
		return text(w, r)
	case "csv":
		return table(w, r, o)
	case "json":
		return object(w, r)
	case "html":
		return webPage(w, r)
	case "xlsx":
		return workbook(w, r)
	}
	return fmt.Errorf("write report: no format %q", format)
}
