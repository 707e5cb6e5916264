package conversation

import (
	"fmt"
	"strings"
)

// linesMost is how many rows of a table a chat is told; the document has all.
const linesMost = 10

// Text writes the report for a chat, in paragraphs. What there was nothing of is left
// out.
func (r Report) Text() string {
	paragraphs := []string{}
	first := fmt.Sprintf("*Laporan PST %s*", r.Period.Title())
	closed := false
	for _, s := range r.Sections {
		lines := []string{"*" + s.Name + "*"}
		for _, n := range s.Numbers {
			closed = closed || n.Value.Closed
			if n.Value.Known && (n.Value.N != 0 || n.Value.Word != "" || s.Key == firstSection) {
				lines = append(lines, n.Name+": "+n.Unit.Write(n.Value))
			}
		}
		if s.Key == firstSection {
			lines[0] = first
		}
		blocks := []string{}
		if len(lines) > 1 {
			blocks = append(blocks, strings.Join(lines, "\n"))
		}
		for _, t := range s.Tables {
			text, some := t.text()
			closed = closed || some
			if text != "" {
				blocks = append(blocks, text)
			}
		}
		if len(blocks) > 0 {
			blocks = append(blocks, s.Notes...)
		}
		paragraphs = append(paragraphs, blocks...)
	}
	if closed {
		paragraphs = append(paragraphs, "Tidak semua rincian ditampilkan: "+ClosedNote)
	}
	return strings.Join(paragraphs, "\n\n")
}

// firstSection is the key of the section whose numbers are told even when they are 0.
const firstSection = "kunjungan"

// text writes a table; "" where there is nothing to tell. closed says that a number in
// it is closed.
func (t Table) text() (text string, closed bool) {
	if t.Chart == Columns { // days are for the document
		return "", false
	}
	if t.Closed {
		return "", true
	}
	lines := []string{"*" + t.Name + "*"}
	for _, row := range t.Rows {
		line, some, hidden := row.text(t.Columns)
		closed = closed || hidden
		if some {
			lines = append(lines, line)
		}
	}
	if len(lines) == 1 {
		return "", closed
	}
	if more := len(lines) - 1 - linesMost; more > 0 {
		lines = append(lines[:1+linesMost], fmt.Sprintf("dan %d lagi", more))
	}
	if len(t.Columns) == 1 {
		return lines[0] + "\n" + strings.Join(lines[1:], "; "), closed
	}
	return strings.Join(lines, "\n"), closed
}

// text writes a row without what is closed; some is false where nothing is left.
func (r Row) text(columns []Column) (line string, some, closed bool) {
	var parts []string
	some = len(columns) == 0
	for i, v := range r.Values {
		s := columns[i].Unit.Write(v)
		if len(columns) > 1 {
			s = strings.ToLower(columns[i].Name[:1]) + columns[i].Name[1:] + " " + s
		}
		closed = closed || v.Closed
		if v.Known {
			parts = append(parts, s)
		}
		some = some || v.Word != "" || v.N != 0
	}
	if len(parts) == 0 {
		return r.Label, some, closed
	}
	return r.Label + ": " + strings.Join(parts, ", "), some, closed
}
