package reports

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"pst/conversation"
)

// sheetMost is how long the name of a sheet may be.
const sheetMost = 31

// workbook writes a sheet of all numbers, and one a table.
func workbook(w io.Writer, r conversation.Report) error {
	b := book{File: excelize.NewFile(), names: map[string]bool{}}
	defer b.Close()
	if err := b.styled(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	if err := b.summary(r); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	for _, s := range r.Sections {
		for _, t := range s.Tables {
			if err := b.table(t); err != nil {
				return fmt.Errorf("write workbook: sheet %s: %w", t.Key, err)
			}
		}
	}
	_, err := b.WriteTo(w)
	return err
}

type book struct {
	*excelize.File
	names  map[string]bool
	bold   int
	styles map[conversation.Unit]int
}

func (b *book) styled() (err error) {
	b.styles = map[conversation.Unit]int{}
	for unit, format := range map[conversation.Unit]string{conversation.Counted: "#,##0", conversation.Seconds: "#,##0",
		conversation.Share: "0%", conversation.Points: "0.00"} {
		if b.styles[unit], err = b.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return err
		}
	}
	b.bold, err = b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	return err
}

// sheet begins a sheet with the widths of its columns.
func (b *book) sheet(name string, first bool, widths ...float64) (string, error) {
	runes := []rune(name)
	for n := 2; b.names[string(runes)] || len(runes) > sheetMost; n++ {
		end := fmt.Sprintf("_%d", n)
		runes = append([]rune(name)[:min(len([]rune(name)), sheetMost-len(end))], []rune(end)...)
	}
	name = string(runes)
	b.names[name] = true
	if first {
		if err := b.SetSheetName("Sheet1", name); err != nil {
			return name, err
		}
	} else if _, err := b.NewSheet(name); err != nil {
		return name, err
	}
	for i, w := range widths {
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return name, err
		}
		if err := b.SetColWidth(name, col, col, w); err != nil {
			return name, err
		}
	}
	return name, nil
}

// row writes texts and values from the first column on.
func (b *book) row(sheet string, row int, style int, cells ...any) error {
	for i, c := range cells {
		at, err := excelize.CoordinatesToCellName(i+1, row)
		if err != nil {
			return err
		}
		style := style
		switch c := c.(type) {
		case cell:
			style = b.styles[c.unit]
			err = b.value(sheet, at, c.value)
		default:
			err = b.SetCellStr(sheet, at, fmt.Sprint(c))
		}
		if err == nil && style > 0 {
			err = b.SetCellStyle(sheet, at, at, style)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type cell struct {
	unit  conversation.Unit
	value conversation.Value
}

func (b *book) value(sheet, at string, v conversation.Value) error {
	switch {
	case v.Closed:
		return b.SetCellStr(sheet, at, conversation.ClosedWord)
	case !v.Known:
		return nil
	case v.Word != "":
		return b.SetCellStr(sheet, at, v.Word)
	}
	return b.SetCellFloat(sheet, at, rounded(v.N), -1, 64)
}

// measured is the name of a figure with what it is measured in.
func measured(name string, u conversation.Unit) string {
	if u == conversation.Seconds {
		return name + " (detik)"
	}
	return name
}

func (b *book) summary(r conversation.Report) error {
	sheet, err := b.sheet("Ringkasan", true, 34, 44, 16, 30)
	if err != nil {
		return err
	}
	at := 1
	line := func(style int, cells ...any) {
		if err == nil {
			err = b.row(sheet, at, style, cells...)
		}
		at++
	}
	line(b.bold, "Laporan PST "+r.Period.Title(), r.Office)
	line(0, "Dibuat "+r.Made.Format("02/01/2006 15.04"))
	at++
	line(b.bold, "Bagian", "Ukuran", "Nilai", "Kunci")
	for _, s := range r.Sections {
		for _, n := range s.Numbers {
			line(0, s.Name, measured(n.Name, n.Unit), cell{n.Unit, n.Value}, n.Key)
		}
	}
	at++
	line(0, "Catatan: "+conversation.ClosedNote)
	line(0, conversation.Basis)
	return err
}

func (b *book) table(t conversation.Table) error {
	widths := []float64{50}
	head := []any{t.Head}
	for _, c := range t.Columns {
		widths = append(widths, 20)
		head = append(head, measured(c.Name, c.Unit))
	}
	sheet, err := b.sheet(t.Key, false, widths...)
	if err != nil {
		return err
	}
	if err := b.row(sheet, 1, b.bold, t.Name); err != nil {
		return err
	}
	if t.Closed || len(t.Rows) == 0 {
		return b.row(sheet, 2, 0, t.Sentence())
	}
	if err := b.row(sheet, 2, b.bold, head...); err != nil {
		return err
	}
	for i, r := range t.Rows {
		cells := []any{r.Label}
		for j, v := range r.Values {
			cells = append(cells, cell{t.Columns[j].Unit, v})
		}
		if err := b.row(sheet, i+3, 0, cells...); err != nil {
			return err
		}
	}
	return nil
}
