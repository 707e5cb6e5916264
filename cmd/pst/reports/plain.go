package reports

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"pst/conversation"
)

func text(w io.Writer, r conversation.Report) error {
	_, err := fmt.Fprintln(w, strings.ReplaceAll(r.Text(), "*", ""))
	return err
}

// bom tells spreadsheets that a text is in UTF-8.
const bom = "\ufeff"

// sheet begins a CSV file as an office has it set.
func sheet(w io.Writer, o Options) (*csv.Writer, error) {
	out := csv.NewWriter(w)
	if o.Semicolons {
		if _, err := io.WriteString(w, bom); err != nil {
			return nil, err
		}
		out.Comma = ';'
	}
	return out, nil
}

// inert is a cell that no spreadsheet works out.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// Contacts writes the readers who may be contacted for the survey of data needs as CSV:
// number, name, e-mail, telephone, day of agreeing. Others of the list are left out.
func Contacts(w io.Writer, readers []conversation.Reader, o Options) error {
	out, err := sheet(w, o)
	if err != nil {
		return err
	}
	lines := [][]string{{"nomor pembaca", "nama", "email", "telepon", "setuju"}}
	for _, r := range readers {
		if r.MayBeContacted() {
			lines = append(lines, []string{r.Number, inert(r.Name), inert(r.Email), inert(r.Phone), r.SKD})
		}
	}
	return out.WriteAll(lines)
}

// table writes a line for each number: its key, the number, its name and its section.
func table(w io.Writer, r conversation.Report, o Options) error {
	out, err := sheet(w, o)
	if err != nil {
		return err
	}
	line := func(cells ...string) error {
		for i, c := range cells {
			if i != 1 {
				cells[i] = inert(c)
			}
		}
		return out.Write(cells)
	}
	number := func(v conversation.Value) string {
		s := digits(v)
		if o.Semicolons {
			s = strings.Replace(s, ".", ",", 1)
		}
		return s
	}
	if err := line("ukuran", "nilai", "nama", "bagian"); err != nil {
		return err
	}
	for _, s := range r.Sections {
		for _, n := range s.Numbers {
			if err := line(n.Key, number(n.Value), n.Name, s.Name); err != nil {
				return err
			}
		}
		for _, t := range s.Tables {
			if t.Closed {
				if err := line(t.Key, conversation.ClosedWord, t.Name, s.Name); err != nil {
					return err
				}
			}
			for _, row := range t.Rows {
				if len(t.Columns) == 0 {
					if err := line(t.Key+"."+row.Key, "", t.Name+": "+row.Label, s.Name); err != nil {
						return err
					}
				}
				for i, v := range row.Values {
					c := t.Columns[i]
					if err := line(t.Key+"."+row.Key+"."+c.Key, number(v), t.Name+": "+row.Label+": "+c.Name, s.Name); err != nil {
						return err
					}
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// digits writes a value as machines read it.
func digits(v conversation.Value) string {
	switch {
	case v.Closed:
		return conversation.ClosedWord
	case !v.Known:
		return ""
	case v.Word != "":
		return v.Word
	}
	return strconv.FormatFloat(rounded(v.N), 'f', -1, 64)
}

// rounded cuts a number to what is meant by it: milliseconds, hundredths of a percent.
func rounded(n float64) float64 { return math.Round(n*1e4) / 1e4 }

// object writes the numbers under their keys, and the tables under "tabel". A number
// that is closed, or that there is nothing to work out from, is null; the closed ones
// are named.
func object(w io.Writer, r conversation.Report) error {
	closed := []string{}
	value := func(key string, v conversation.Value) any {
		switch {
		case v.Closed:
			closed = append(closed, key)
			return nil
		case !v.Known:
			return nil
		case v.Word != "":
			return v.Word
		}
		return rounded(v.N)
	}
	all, tables := map[string]any{}, map[string]any{}
	for _, s := range r.Sections {
		for _, n := range s.Numbers {
			all[n.Key] = value(n.Key, n.Value)
		}
		for _, t := range s.Tables {
			if t.Closed {
				closed = append(closed, t.Key)
			}
			rows := []map[string]any{}
			for _, row := range t.Rows {
				o := map[string]any{"kunci": row.Key, "nama": row.Label}
				for i, v := range row.Values {
					o[t.Columns[i].Key] = value(t.Key+"."+row.Key+"."+t.Columns[i].Key, v)
				}
				rows = append(rows, o)
			}
			tables[t.Key] = map[string]any{"nama": t.Name, "baris": rows}
		}
	}
	all["periode"], all["dari"], all["sampai"] = r.Period.Key(), r.Period.From.Format(time.DateOnly),
		r.Period.Last().Format(time.DateOnly)
	all["kantor"], all["kode"], all["dibuat"] = r.Office, r.Code, r.Made.Format(time.RFC3339)
	all["tabel"], all["ditutup"] = tables, closed
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(all)
}
