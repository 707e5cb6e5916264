package holdings

import (
	"fmt"
	"strings"

	"pst/conversation"
	"pst/store/holdings/pagetable"
	"pst/store/holdings/pagetext"
)

// maxPageText bounds the text kept of one page, in bytes. A full A4 table has
// some 6 kB.
const maxPageText = 64 << 10

// reading is what a child process finds out about a file.
type reading struct {
	Pages    int
	Title    string // of the document information, may be nonsense
	Contents conversation.Contents
}

// readContents reads all pages of a document. The cutter's reader found so many
// pages in it, or 0 when it could not read it: then excerpts are pictures. Both
// readers must agree, else the page that a person chooses by its text would not
// be the one cut.
func readContents(doc document, s *source, pages int) (reading, error) {
	switch {
	case doc.pages == 0:
		return reading{}, ErrNoPages
	case doc.pages > conversation.MostPages:
		return reading{}, ErrTooManyPages
	case pages != 0 && pages != doc.pages:
		return reading{}, fmt.Errorf("%w: %d or %d pages", ErrDamaged, pages, doc.pages)
	}
	texts := make([]string, doc.pages)
	tables := tableReader{doc: doc, source: s}
	for i := range texts {
		t := tables.page(i + 1)
		texts[i] = strings.ToValidUTF8(t[:min(len(t), maxPageText)], "")
	}
	c := pagetext.Clean(texts)
	c.Tables, c.TablesRead = tables.tables(), pagetable.Version
	return reading{Pages: doc.pages, Title: doc.title(), Contents: c}, nil
}
