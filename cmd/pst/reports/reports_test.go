package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pst/conversation"
)

func written(t *testing.T, r conversation.Report, format string, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, format, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every form tells the same numbers, under the same keys.
func TestAllFormsTellTheSame(t *testing.T) {
	for name, r := range cases(t) {
		want := map[string]string{} // by "table.row.column", or the key of a number
		for _, s := range r.Sections {
			for _, n := range s.Numbers {
				want[n.Key] = digits(n.Value)
			}
			for _, tab := range s.Tables {
				for _, row := range tab.Rows {
					for i, v := range row.Values {
						want[tab.Key+"."+row.Key+"."+tab.Columns[i].Key] = digits(v)
					}
				}
			}
		}
		if name == "year" && (want["kunjungan"] != strconv.Itoa(24*22) || len(want) < 150) {
			t.Fatalf("the year has %s visits and %d numbers", want["kunjungan"], len(want))
		}
		t.Run(name, func(t *testing.T) {
			same(t, "csv", fromCSV(t, written(t, r, "csv", Options{}), ',', false), want)
			same(t, "csv with semicolons", fromCSV(t, written(t, r, "csv", Options{Semicolons: true}), ';', true), want)
			same(t, "json", fromJSON(t, written(t, r, "json", Options{})), want)
			same(t, "xlsx", fromWorkbook(t, r, written(t, r, "xlsx", Options{})), want)
		})
	}
}

func same(t *testing.T, form string, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s tells %d numbers of %d", form, len(got), len(want))
	}
	for key, w := range want {
		if got[key] != w {
			t.Errorf("%s: %s is %q, want %q", form, key, got[key], w)
		}
	}
}

func fromCSV(t *testing.T, b []byte, comma rune, marked bool) map[string]string {
	t.Helper()
	if bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) != marked {
		t.Errorf("a byte order mark: %v, want %v", !marked, marked)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))))
	in.Comma = comma
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, row := range rows[1:] {
		if strings.Count(row[0], ".") == 1 || row[1] == conversation.ClosedWord && !strings.Contains(row[0], ".") &&
			strings.Contains(row[2], " menurut ") {
			continue // a comment, a closed table
		}
		if marked {
			row[1] = strings.Replace(row[1], ",", ".", 1)
		}
		out[row[0]] = row[1]
	}
	return dropClosed(out)
}

// dropClosed leaves out the lines of tables that are closed whole.
func dropClosed(all map[string]string) map[string]string {
	for key, v := range all {
		if v == conversation.ClosedWord && !strings.Contains(key, ".") && !strings.Contains(key, "_detik") &&
			!strings.Contains(key, "5_menit") {
			delete(all, key)
		}
	}
	return all
}

func fromJSON(t *testing.T, b []byte) map[string]string {
	t.Helper()
	var all struct {
		Closed []string `json:"ditutup"`
		Tables map[string]struct {
			Rows []map[string]any `json:"baris"`
		} `json:"tabel"`
	}
	numbers := map[string]any{}
	if json.Unmarshal(b, &all) != nil || json.Unmarshal(b, &numbers) != nil {
		t.Fatalf("no JSON: %s", b)
	}
	out := map[string]string{}
	put := func(key string, v any) {
		switch v := v.(type) {
		case nil:
			out[key] = ""
		case float64:
			out[key] = strconv.FormatFloat(v, 'f', -1, 64)
		case string:
			out[key] = v
		}
	}
	for _, key := range []string{"periode", "dari", "sampai", "kantor", "kode", "dibuat", "tabel", "ditutup"} {
		if numbers[key] == nil {
			t.Errorf("JSON has no %s", key)
		}
		delete(numbers, key)
	}
	for key, v := range numbers {
		put(key, v)
	}
	for key, tab := range all.Tables {
		for _, row := range tab.Rows {
			for column, v := range row {
				if column != "kunci" && column != "nama" {
					put(fmt.Sprint(key, ".", row["kunci"], ".", column), v)
				}
			}
		}
	}
	for _, key := range all.Closed {
		if _, is := out[key]; is {
			out[key] = conversation.ClosedWord
		}
	}
	return out
}

// fromWorkbook reads the sheets; what is a number must be one there.
func fromWorkbook(t *testing.T, r conversation.Report, b []byte) map[string]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]string{}
	read := func(sheet, at string) string {
		v, err := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		kind, err := f.GetCellType(sheet, at)
		if _, digits := strconv.ParseFloat(v, 64); err != nil || (digits == nil) != (kind == excelize.CellTypeUnset &&
			v != "" || kind == excelize.CellTypeNumber) {
			t.Errorf("%s!%s holds %q as %v", sheet, at, v, kind)
		}
		return v
	}
	rows, err := f.GetRows("Ringkasan")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if len(row) == 4 && row[3] != "Kunci" {
			out[row[3]] = read("Ringkasan", fmt.Sprint("C", i+1))
		}
	}
	sheets := 1
	for _, s := range r.Sections {
		for _, tab := range s.Tables {
			sheet := f.GetSheetName(sheets)
			sheets++
			for i, row := range tab.Rows {
				for j, c := range tab.Columns {
					at, err := excelize.CoordinatesToCellName(j+2, i+3)
					if err != nil {
						t.Fatal(err)
					}
					out[tab.Key+"."+row.Key+"."+c.Key] = read(sheet, at)
				}
			}
		}
	}
	if n := len(f.GetSheetList()); n != sheets {
		t.Errorf("%d sheets of %d", n, sheets)
	}
	return out
}

// What people typed is no markup, no formula and no second line.
func TestWordsOfPeopleAreOnlyWords(t *testing.T) {
	r := conversation.Report{Period: conversation.Months(november, 1),
		Sections: []conversation.Section{{Key: "s", Name: "S", Tables: []conversation.Table{
			{Key: "k", Name: "Komentar", Rows: []conversation.Row{{Key: "1", Label: `<script>alert(1)</script>`}}},
			{Key: "w", Name: "Kata", Chart: conversation.Bars,
				Columns: []conversation.Column{{Key: "kali", Name: "Kali", Unit: conversation.Counted}},
				Rows: []conversation.Row{{Key: "x", Label: `=cmd|'/c calc'!A0 <b>"`,
					Values: []conversation.Value{conversation.Num(3)}}}}}}}}
	page := string(written(t, r, "html", Options{}))
	if strings.Contains(page, "<script>") || strings.Contains(page, "<b>") || !strings.Contains(page, "&lt;script&gt;") {
		t.Errorf("the page holds markup of people:\n%s", page)
	}
	for _, form := range []string{"csv"} {
		for _, row := range strings.Split(string(written(t, r, form, Options{})), "\n") {
			if strings.HasPrefix(row, "=") || strings.Contains(row, ",=") || strings.Contains(row, `"=`) {
				t.Errorf("a formula: %s", row)
			}
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(written(t, r, "xlsx", Options{})))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if formula, err := f.GetCellFormula("w", "A3"); formula != "" || err != nil {
		t.Errorf("the workbook works out %q, %v", formula, err)
	}
	if err := Write(&bytes.Buffer{}, r, "pdf", Options{}); err == nil {
		t.Error("a format that there is not was written")
	}
}

// Only who agreed, and whose consent is in force, is listed for the survey of data needs.
func TestOnlyWhoAgreedMayBeContacted(t *testing.T) {
	reader := func(name, skd string, consent int, frozen bool) conversation.Reader {
		return conversation.Reader{Number: "BT-1", Name: name, Email: name + "@example.org", SKD: skd, Consent: consent,
			Frozen: frozen}
	}
	var b bytes.Buffer
	err := Contacts(&b, []conversation.Reader{reader("Ani", "2026-11-27", 1, false), reader("Budi", conversation.NoSKD, 1,
		false),
		reader("Citra", "", 1, false), reader("Dedi", "2026-11-27", 0, false), reader("Eka", "2026-11-27", 1, true),
		reader("=1+1", "2026-11-28", 2, false)}, Options{})
	want := "nomor pembaca,nama,email,telepon,setuju\n" +
		"BT-1,Ani,Ani@example.org,,2026-11-27\n" +
		"BT-1,'=1+1,'=1+1@example.org,,2026-11-28\n"
	if err != nil || b.String() != want {
		t.Errorf("%v\n%s", err, b.String())
	}
}
