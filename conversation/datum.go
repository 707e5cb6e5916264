package conversation

import (
	"regexp"
	"strconv"
	"strings"
)

// DataTable is a statistical table of a publication as it was read off its pages. Only
// tables that proved themselves are kept: every row has a cell for every column, and
// sums, shares or another edition agree with what was read.
type DataTable struct {
	Number  string       `json:"number,omitempty"` // as printed, "3.1.2"; empty: none
	Again   bool         `json:"again,omitempty"`  // the publication has another table of this number
	Title   string       `json:"title"`            // in Indonesian, as printed
	Page    int          `json:"page"`             // PDF page it begins on, from 1
	Stub    string       `json:"stub,omitempty"`   // heading over the row labels, "Desa/Kelurahan"
	Unit    string       `json:"unit,omitempty"`   // of all values where a column has none of its own
	Columns []DataColumn `json:"columns"`
	// Left are columns that the table has and that did not prove themselves: a question
	// for one of them has no answer here, however well a column that is kept fits.
	Left   []DataColumn `json:"left,omitempty"`
	Rows   []DataRow    `json:"rows"`
	Source string       `json:"source,omitempty"` // the line that names the source, as printed
	Notes  []string     `json:"notes,omitempty"`  // footnotes, as printed
	Proof  []string     `json:"proof"`            // how it proved itself, for operators
}

// DataColumn is a column of a table behind its row labels.
type DataColumn struct {
	Header []string `json:"header"`         // from the outermost heading to its own, in Indonesian
	Unit   string   `json:"unit,omitempty"` // where the heading names one
	Year   string   `json:"year,omitempty"` // "2021", "2021/2022", of the heading, else of the title; empty: unknown
}

// DataRow is a row of a table.
type DataRow struct {
	Label []string   `json:"label"` // from the outermost group to its own
	Page  int        `json:"page"`  // PDF page it begins on
	Total bool       `json:"total,omitempty"`
	Cells []DataCell `json:"cells"` // one a column
}

// DataCell is one cell of a table.
type DataCell struct {
	Text string `json:"text"` // as printed: "27 914", "1.234,5", "-", "..."
	// Value is the number in plain decimal digits, "27914", "1234.5"; empty where the
	// cell holds none: "-" is nil or zero, "..." and "NA" are not available.
	Value string `json:"value,omitempty"`
	// Page is the PDF page it stands on where that is another than its row's: columns
	// that go on over the page.
	Page int `json:"page,omitempty"`
}

// Nil tells whether the cell says that there is none, or zero: "-", the sign for it in
// the tables of BPS.
func (c DataCell) Nil() bool {
	text := strings.TrimSpace(c.Text)
	return c.Value == "" && text != "" && strings.Trim(text, "-–—−") == ""
}

// Key names a table within its publication: its number, or the page it begins on for one
// without; both where two have one number. It stays the same when the file is read anew.
func (t DataTable) Key() string {
	switch {
	case t.Number != "" && t.Again:
		return t.Number + " hal" + strconv.Itoa(t.Page)
	case t.Number != "":
		return t.Number
	}
	return "hal" + strconv.Itoa(t.Page)
}

// Datum is one cell of a trusted table that answers a question, and where it stands.
type Datum struct {
	Publication string
	Title       string // of the publication
	Edition     int    // year of the publication; 0 unknown
	Table       DataTable
	Row, Column int    // into the table
	Printed     string // page number printed on the row's page; empty unknown
	Asked       string // the question in full, where it went on with the one before; else empty
}

// Page is the PDF page that the cell stands on.
func (d Datum) Page() int {
	if p := d.Cell().Page; p != 0 {
		return p
	}
	return d.Table.Rows[d.Row].Page
}

// Cell is the cell itself.
func (d Datum) Cell() DataCell { return d.Table.Rows[d.Row].Cells[d.Column] }

// yearRow is the label of a row that stands for a year: "2020", "Tahun 2020/2021".
var yearRow = regexp.MustCompile(`(?i)^(?:tahun|year|th|[/. ])*((?:19|20)\d\d(?:[/-](?:19|20)?\d\d)?)[a-z*)]{0,2}$`)

// Year is the year that the value is for, as the row says, else the column; empty: unknown.
func (d Datum) Year() string {
	if l := d.Table.Rows[d.Row].Label; len(l) > 0 {
		if m := yearRow.FindStringSubmatch(l[len(l)-1]); m != nil {
			return m[1]
		}
	}
	return d.Table.Columns[d.Column].Year
}

// Unit is the unit of the value, as the table says; empty: none.
func (d Datum) Unit() string {
	if u := d.Table.Columns[d.Column].Unit; u != "" {
		return u
	}
	return d.Table.Unit
}
