package sheets

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"pst/conversation"
)

// sheet is a table as it is written: lines above and below, and cells between.
type sheet struct {
	head, foot []string
	names      []string // of the columns
	rows       [][]conversation.DataCell
}

// laidOut writes the headings of a column, and the labels of a row, into one cell each,
// so that programs can read the table as well.
func laidOut(t conversation.DataTable, f conversation.TableFile) sheet {
	s := sheet{head: f.Head, names: []string{t.Stub}}
	for _, c := range t.Columns {
		name := strings.Join(c.Header, " - ")
		if c.Year != "" && !strings.Contains(name, c.Year) {
			name += " " + c.Year
		}
		if c.Unit != "" && !strings.Contains(name, c.Unit) {
			name += " (" + c.Unit + ")"
		}
		s.names = append(s.names, strings.TrimSpace(name))
	}
	for _, r := range t.Rows {
		s.rows = append(s.rows, append([]conversation.DataCell{{Text: strings.Join(r.Label, " - ")}}, r.Cells...))
	}
	for _, line := range append(append([]string{t.SourceLine()}, t.Notes...), f.Foot...) {
		if line != "" {
			s.foot = append(s.foot, line)
		}
	}
	return s
}

// inert is a text that no spreadsheet works out.
func inert(cell string) string {
	if len(cell) > 1 && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// commas writes CSV as Excel with Indonesian settings opens it by a tap: a byte order
// mark, semicolons between the cells, decimal commas and no points of thousands, which
// Excel with other settings would read as decimals.
func commas(w io.Writer, s sheet) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	line := func(cells ...string) error { return out.Write(cells) }
	for _, h := range s.head {
		if err := line(inert(h)); err != nil {
			return err
		}
	}
	names := make([]string, len(s.names))
	for i, n := range s.names {
		names[i] = inert(n)
	}
	if err := line(names...); err != nil {
		return err
	}
	for _, r := range s.rows {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i] = inert(c.Text)
			if i > 0 && c.Value != "" {
				cells[i] = strings.Replace(c.Value, ".", ",", 1)
			}
		}
		if err := line(cells...); err != nil {
			return err
		}
	}
	for _, f := range s.foot {
		if err := line(inert(f)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Widths of the columns, in characters.
const (
	firstWidth = 34
	otherWidth = 16
)

// workbook writes the table as a sheet whose numbers are numbers, whatever settings
// they are read with.
func workbook(w io.Writer, s sheet) error {
	b := &book{File: excelize.NewFile(), numbers: map[int]int{}}
	defer b.Close()
	if err := b.begin(len(s.names)); err != nil {
		return err
	}
	bold, err := b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	heads, err := b.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
		Border:    []excelize.Border{{Type: "bottom", Style: 1, Color: "000000"}},
	})
	if err != nil {
		return err
	}
	if err := b.lines(s.head, bold); err != nil {
		return err
	}
	b.row++
	for i, n := range s.names {
		if err := b.put(i+1, n, "", heads); err != nil {
			return err
		}
	}
	for _, r := range s.rows {
		b.row++
		for i, c := range r {
			value := c.Value
			if i == 0 {
				value = ""
			}
			if err := b.put(i+1, c.Text, value, 0); err != nil {
				return err
			}
		}
	}
	if err := b.lines(s.foot, 0); err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}

// book is a workbook of one sheet, written row after row.
type book struct {
	*excelize.File
	row     int
	numbers map[int]int // styles by the decimals shown
}

const sheetName = "Tabel"

func (b *book) begin(columns int) error {
	if err := b.SetSheetName("Sheet1", sheetName); err != nil {
		return err
	}
	last, err := excelize.ColumnNumberToName(columns)
	if err == nil {
		err = b.SetColWidth(sheetName, "A", last, otherWidth)
	}
	if err == nil {
		err = b.SetColWidth(sheetName, "A", "A", firstWidth)
	}
	return err
}

// put writes a cell of the row: a number where there is a value, else the text.
func (b *book) put(column int, text, value string, style int) error {
	at, err := excelize.CoordinatesToCellName(column, b.row)
	if err != nil {
		return err
	}
	if number, bad := strconv.ParseFloat(value, 64); value != "" && bad == nil {
		_, fraction, _ := strings.Cut(value, ".")
		if style, err = b.numberStyle(len(fraction)); err != nil {
			return err
		}
		err = b.SetCellFloat(sheetName, at, number, -1, 64)
	} else {
		err = b.SetCellStr(sheetName, at, text)
	}
	if err == nil && style > 0 {
		err = b.SetCellStyle(sheetName, at, at, style)
	}
	return err
}

func (b *book) numberStyle(decimals int) (style int, err error) {
	if style = b.numbers[decimals]; style == 0 {
		format := "#,##0"
		if decimals > 0 {
			format += "." + strings.Repeat("0", decimals)
		}
		style, err = b.NewStyle(&excelize.Style{CustomNumFmt: &format})
		b.numbers[decimals] = style
	}
	return style, err
}

// lines writes texts below each other.
func (b *book) lines(texts []string, style int) error {
	for _, text := range texts {
		b.row++
		if err := b.put(1, text, "", style); err != nil {
			return err
		}
	}
	return nil
}
