package holdings

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"pst/conversation"
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

// readContents reads a file with both readers. They must agree on the number of
// pages, else the page a person chooses by its text would not be the one cut. A
// file that only pdfium understands is accepted: its excerpts are pictures.
func readContents(ctx context.Context, rd *reader, data []byte) (reading, error) {
	s, err := readSource(ctx, data)
	if err != nil && !errors.Is(err, ErrDamaged) {
		return reading{}, err
	}
	pages := 0
	if err == nil {
		pages = len(s.pages)
	}
	s = nil
	debug.FreeOSMemory()
	doc, err := rd.open(data)
	if err != nil {
		return reading{}, err
	}
	switch {
	case doc.pages == 0:
		return reading{}, ErrNoPages
	case doc.pages > maxPages:
		return reading{}, ErrTooManyPages
	case pages != 0 && pages != doc.pages:
		return reading{}, fmt.Errorf("%w: %d or %d pages", ErrDamaged, pages, doc.pages)
	}
	texts := make([]string, doc.pages)
	for i := range texts {
		t := doc.text(i + 1)
		texts[i] = strings.ToValidUTF8(t[:min(len(t), maxPageText)], "")
	}
	return reading{Pages: doc.pages, Title: doc.title(), Contents: pagetext.Clean(texts)}, nil
}
