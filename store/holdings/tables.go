package holdings

import (
	"context"
	"fmt"
	"strings"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
	"pst/store/holdings/pagetable"
)

// TablesVersion is the version of the reading of tables that this package does.
const TablesVersion = pagetable.Version

// Tables reads the tables of a file of the folder anew. Errors wrap
// conversation.ErrNotFound when it is not held; others are those of [Holdings.Add].
func (h *Holdings) Tables(ctx context.Context, file string) ([]conversation.DataTable, error) {
	path, err := h.held(file)
	if err != nil {
		return nil, err
	}
	ctx, done, err := h.readerTurn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	r, err := job{Cache: h.opts.Cache, File: path, Want: "tables"}.run(ctx, h.opts.deadline())
	if err != nil {
		return nil, fmt.Errorf("read tables: %w", err)
	}
	return r.Read.Contents.Tables, nil
}

// tableReader reads the text of pages, and on the way the tables on them.
type tableReader struct {
	doc    document
	source *source // nil: nothing is known of what is ruled
	reader pagetable.Reader
	broken bool // the reading failed in a way that nobody foresaw: the file has no tables
}

// tables are those of the pages read.
func (t *tableReader) tables() (out []conversation.DataTable) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	if t.broken {
		return nil
	}
	return t.reader.Tables()
}

// look reads the tables of one page. It must not cost a file its place in the library
// that a page of it is odd.
func (t *tableReader) look(p pagetable.Page) {
	defer func() {
		if recover() != nil {
			t.broken = true
		}
	}()
	if !t.broken {
		t.reader.Page(p)
	}
}

// page is what a page says, in reading order; its tables are read along.
func (t *tableReader) page(number int) string {
	got, err := t.doc.r.GetPageTextStructured(&requests.GetPageTextStructured{
		Page: t.doc.page(number), Mode: requests.GetPageTextStructuredModeChars,
	})
	if err != nil {
		return t.doc.text(number)
	}
	var text strings.Builder
	chars := make([]pagetable.Char, len(got.Chars))
	for i, c := range got.Chars {
		text.WriteString(c.Text)
		p := c.PointPosition
		chars[i] = pagetable.Char{Left: p.Left, Bottom: p.Bottom, Right: p.Right, Top: p.Top, Angle: c.Angle}
		for _, r := range c.Text {
			chars[i].Rune = r
		}
	}
	fonts := &fontAsker{doc: t.doc, number: number}
	defer fonts.close()
	t.look(pagetable.Page{
		Number: number, Chars: chars, Italic: fonts.italic,
		Ruling: func() (out []pagetable.Rect) {
			if t.source != nil {
				for _, r := range t.source.ruling(number) {
					out = append(out, pagetable.Rect(r))
				}
			}
			return out
		},
	})
	return text.String()
}

// fontAsker asks for the fonts of letters of a page, which it loads when it is first
// asked.
type fontAsker struct {
	doc    document
	number int
	loaded *references.FPDF_TEXTPAGE
	failed bool
}

var slanted = lazy.Regexp(`(?i:italic|oblique)|It$`)

// italic tells whether the letter at this place in the page's text is slanted: its font
// says so, or has such a name.
func (f *fontAsker) italic(i int) bool {
	if f.loaded == nil && !f.failed {
		page, err := f.doc.r.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: f.doc.page(f.number)})
		if f.failed = err != nil; f.failed {
			return false
		}
		f.loaded = &page.TextPage
	}
	if f.failed {
		return false
	}
	font, err := f.doc.r.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: *f.loaded, Index: i})
	if err != nil {
		return false
	}
	const italicFlag = 1 << 6 // ISO 32000-1, table 123
	return font.Flags&italicFlag != 0 || slanted().MatchString(font.FontName)
}

func (f *fontAsker) close() {
	if f.loaded != nil {
		// it cannot fail for one that is loaded
		_, _ = f.doc.r.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: *f.loaded})
	}
}
