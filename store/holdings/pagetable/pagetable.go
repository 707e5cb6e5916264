// Package pagetable reads the statistical tables of a publication off its pages: from
// letters with their places, and from what is ruled and shaded, to rows and columns
// with their labels and values.
//
// It knows how the publications of BPS set their tables, and nothing of PDF. Its first
// rule is that a wrong number is worse than none: whatever is not plain is left out, a
// column, or the table, and of what is left only that is kept which proved itself, see
// [Reader.Tables].
package pagetable

import (
	"pst/conversation"
)

// Version of the reading: what an older one has read is read anew.
const Version = 6

// Char is a letter of a page, in the order in which the page gives them.
type Char struct {
	Rune                     rune
	Left, Bottom, Right, Top float64 // of what is drawn, in points, upwards; all equal: nothing is
	Angle                    float64 // in radians, anticlockwise
}

// Rect is a box or a line that is painted on a page, in points.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Page is a page as this package sees it.
type Page struct {
	Number int
	Chars  []Char
	// Ruling tells what is painted, and Italic whether a letter, by its place in Chars,
	// is of a slanted font; both are asked only on pages that seem to have a table. Nil:
	// nothing is known of it.
	Ruling func() []Rect
	Italic func(i int) bool
}

// Bounds of what is read; a page or a table beyond them has none.
const (
	maxChars   = 20_000 // of a page
	maxZones   = 8      // tables of a page
	maxColumns = 40     // of one page's part of a table
	maxRows    = 120
	maxTables  = 1000 // of a book
	maxText    = 500  // bytes of a label, a heading, a note
)

// Reader reads a publication page by page.
type Reader struct {
	// Left, if set, is told of tables that were met and not kept, and why.
	Left func(page int, number, why string)

	tables []*table
	words  vocabulary
	open   *table // the last one met, which a continuation may go on
}

// part is what one page has of a table.
type part struct {
	page      int
	number    string // as printed, "3.1.2"
	continued bool   // the page says that it goes on from another
	title     []string
	unsure    bool // of the title's year
	stub      string
	columns   []column
	rows      []row
	source    string
	notes     []string
	ruled     bool // columns agree with the ruling
	ordered   bool // the order in which the page gives its text agrees
	proof     []string
}

// column is a column behind the row labels.
type column struct {
	header  []string
	number  int  // printed below the heading
	numeric bool // nearly all of its words are numbers
	kept    bool // nearly all its cells can be read
	lapses  int  // cells that are blank or cannot be read
	proved  bool // a sum agrees
	fails   bool // a sum does not
}

// row is a line of values.
type row struct {
	label []string
	total bool
	cells []conversation.DataCell
	doubt []bool // of each cell: it is not plain what stands there
	page  int
}

// Page reads a page. Pages must come in order.
func (r *Reader) Page(p Page) {
	if len(p.Chars) > maxChars || len(r.tables) >= maxTables || !mayHold(p.Chars) {
		return
	}
	s := newSheet(p)
	s.words = &r.words
	if s.digit == 0 {
		return
	}
	zones := s.zones()
	if len(zones) == 0 {
		r.left(p.Number, "", "no line of column numbers below a table's number")
	}
	if len(zones) > 0 {
		r.words.read(s.lines)
	}
	for _, z := range zones {
		t, why := s.read(z)
		r.met(z, t, p.Number)
		if why != "" {
			r.left(p.Number, z.number, why)
		}
	}
}

// mayHold tells whether a page may hold a table: "(1)" stands on it.
func mayHold(chars []Char) bool {
	for i := 2; i < len(chars); i++ {
		if chars[i].Rune == ')' && chars[i-1].Rune == '1' && chars[i-2].Rune == '(' {
			return true
		}
	}
	return false
}

func (r *Reader) left(page int, number, why string) {
	if r.Left != nil {
		r.Left(page, number, why)
	}
}
