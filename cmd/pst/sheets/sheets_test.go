package sheets

import (
	"bytes"
	"encoding/csv"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pst/conversation"
)

func order(format string) conversation.ExcerptOrder {
	return conversation.ExcerptOrder{FileName: "BPS1906_tabel." + format, Pages: conversation.NewPageSet(10, 11),
		Table: &conversation.TableFile{Format: format, Head: []string{"Tabel 2.1.1 Penduduk, 2022", "Satuan: jiwa"},
			Foot: []string{"BPS Kabupaten Belitung Timur, hal. 5", "Kode kutipan ABCDEFGHJK"}},
		Data: &conversation.DataTable{Stub: "Desa", Source: "Dukcapil", Notes: []string{"=1+1 bukan rumus"},
			Columns: []conversation.DataColumn{{Header: []string{"Penduduk", "Laki-laki"}, Year: "2022"},
				{Header: []string{"Rasio"}, Unit: "persen", Year: "2022"}},
			Rows: []conversation.DataRow{
				{Label: []string{"Gantung", "Lenggang"}, Cells: []conversation.DataCell{
					{Text: "27 914", Value: "27914"}, {Text: "1.234,50", Value: "1234.50"}}},
				{Label: []string{"Jangkar; Asam"}, Cells: []conversation.DataCell{{Text: "-"}, {Text: "..."}}}}}}
}

// TestCSVOpensInExcelWithIndonesianSettings reads the file as such an Excel does.
func TestCSVOpensInExcelWithIndonesianSettings(t *testing.T) {
	f, err := Files{}.Table(t.Context(), order("csv"))
	if err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(string(f.Data), "\ufeff")
	if !ok {
		t.Error("without a byte order mark it is read as Windows-1252")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Tabel 2.1.1 Penduduk, 2022"}, {"Satuan: jiwa"},
		{"Desa", "Penduduk - Laki-laki 2022", "Rasio 2022 (persen)"},
		{"Gantung - Lenggang", "27914", "1234,50"},
		{"Jangkar; Asam", "-", "..."},
		{"Sumber: Dukcapil"}, {"'=1+1 bukan rumus"},
		{"BPS Kabupaten Belitung Timur, hal. 5"}, {"Kode kutipan ABCDEFGHJK"},
	}
	for i := range want {
		if i >= len(rows) || strings.Join(rows[i], "|") != strings.Join(want[i], "|") {
			t.Fatalf("line %d of %q, want %q", i+1, rows, want[i])
		}
	}
	if f.Pages != 2 || f.SHA256 == "" || f.MIME == "" || f.Name != "BPS1906_tabel.csv" {
		t.Errorf("the file is %+v", f)
	}
}

// TestNumbersOfAWorkbookAreNumbers whatever the settings of who opens it.
func TestNumbersOfAWorkbookAreNumbers(t *testing.T) {
	f, err := Files{}.Table(t.Context(), order("xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Files{}.Table(t.Context(), order("xlsx"))
	if err != nil || !bytes.Equal(f.Data, again.Data) {
		t.Errorf("the same order gives another file, %v", err)
	}
	b, err := excelize.OpenReader(bytes.NewReader(f.Data))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for at, want := range map[string]string{
		"A1": "Tabel 2.1.1 Penduduk, 2022", "A4": "Gantung - Lenggang", "B4": "27914", "C4": "1234.5", "B5": "-",
		"A9": "Kode kutipan ABCDEFGHJK",
	} {
		if got, err := b.GetCellValue("Tabel", at, excelize.Options{RawCellValue: true}); got != want || err != nil {
			t.Errorf("%s holds %q, %v; want %q", at, got, err, want)
		}
	}
	kind, err := b.GetCellType("Tabel", "B4")
	if err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		t.Errorf("B4 is no number: %v, %v", kind, err)
	}
}

func TestAnOrderThatCannotBeWrittenIsAnError(t *testing.T) {
	for _, o := range []conversation.ExcerptOrder{order("pdf"), {}} {
		if _, err := (Files{}).Table(t.Context(), o); err == nil {
			t.Errorf("%+v was written", o)
		}
	}
	if _, err := (Files{}).Chart(t.Context(), conversation.ChartOrder{}); err == nil {
		t.Error("a chart of nothing was drawn")
	}
}

// TestBarsBeginAtNothing: the bar of a number twice as large is twice as high, and one
// below nothing hangs.
func TestBarsBeginAtNothing(t *testing.T) {
	const title = "Gantung: Jumlah penduduk menurut desa dan jenis kelamin di Kecamatan Gantung"
	o := conversation.ChartOrder{Title: title, Unit: "jiwa",
		Points: []conversation.ChartPoint{{Label: "2019", Value: 100, Text: "100"}, {Label: "2020", Value: 200, Text: "200"},
			{Label: "2021", Value: -100, Text: "-100"}, {Label: "2022", Value: 0, Text: "0"}},
		Notes: []string{"Tabel 2.1.1 Jumlah Penduduk", "Sumber: BPS Kabupaten Belitung Timur"}}
	data, err := Files{}.Chart(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if path := os.Getenv("PST_TEST_CHART"); path != "" {
		_ = os.WriteFile(path, data, 0o600)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var heights []int
	for i := range 4 {
		x, n := margin+(chartWidth-2*margin)*(2*i+1)/8-50, 0
		for y := range img.Bounds().Dy() {
			if r, g, b, _ := img.At(x, y).RGBA(); color.RGBAModel.Convert(img.At(x, y)) == bar && r+g+b > 0 {
				n++
			}
		}
		heights = append(heights, n)
	}
	if near := func(a, b int) bool { return a-b < 4 && b-a < 4 }; heights[0] < 50 || !near(heights[1], 2*heights[0]) ||
		!near(heights[2], heights[0]) || heights[3] != 0 {
		t.Errorf("the bars are %v pixels high", heights)
	}
}
