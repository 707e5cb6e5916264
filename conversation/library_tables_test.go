package conversation

import (
	"slices"
	"testing"
)

func TestPagesThatContinueATable(t *testing.T) {
	for text, want := range map[string]string{
		"Lanjutan Tabel/Continued Table 3.4\nDesa Jiwa":            "3.4",
		"Desa Jiwa\nSatu 2\nLanjutan Tabel / Continued Table 5.12": "5.12",
		"Lanjutan Tabel 3.1.14/ Continued Table 3.1.14":            "3.1.14",
		"Sambungan Tabel 7":                                         "7",
		"Tabel 2.4. 10 (lanjutan)":                                  "2.4.10",
		"Continuation of Table 4":                                   "4",
		"(Lanjutan)\nDesa Jiwa":                                     "alone",
		"Lanjutan Tabel\nDesa Jiwa":                                 "alone",
		"Lanjutan/Continued":                                        "alone",
		"Tabel 3.4 Jumlah Penduduk":                                 "",
		"Publikasi ini lanjutan 2020.":                              "",
		"Lanjutan publikasi tahun 2020 yang terbit sebagai Tabel 3": "",
	} {
		number, ok := Continues(text)
		if ok && number == "" {
			number = "alone"
		}
		if number != want || ok != (want != "") {
			t.Errorf("%q continues %q, want %q", text, number, want)
		}
	}
}

func TestTablesOnPages(t *testing.T) {
	entries := []Entry{
		{Kind: "bab", Number: "3", Page: 4}, {Kind: "tabel", Number: "3.1", Page: 5}, {Kind: "gambar", Number: "3.1",
			Page: 6},
		{Kind: "tabel", Number: "3.2", Page: 8}, {Kind: "tabel", Number: "3.3", Page: 8}, {Kind: "tabel", Number: "3.4"},
	}
	texts := map[int]string{6: "Lanjutan Tabel 3.1", 7: "Lanjutan Tabel", 8: "Lanjutan Tabel 3.1\nTabel 3.2 Luas",
		9: "Lanjutan Tabel 9.9", 10: "Lanjutan Tabel"}
	page := func(n int) (Page, error) {
		if n > 10 {
			return Page{}, ErrNotFound
		}
		return Page{Number: n, Text: texts[n]}, nil
	}
	for _, c := range []struct {
		pages PageSet
		want  []string
	}{
		{PageSet{4}, nil},
		{PageSet{5}, []string{"3.1"}},
		{PageSet{6, 7}, []string{"3.1"}},
		{PageSet{8}, []string{"3.1", "3.2", "3.3"}},
		{PageSet{9}, nil}, // a table that is not known
		{PageSet{10}, []string{"3.3"}},
		{PageSet{12}, nil},
		{PageSet{5, 8, 9, 10, 12}, []string{"3.1", "3.2", "3.3"}},
	} {
		got, err := TablesOn(entries, c.pages, 5, page)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("pages %v: %v, %v; want %v", c.pages, got, err, c.want)
		}
	}
}
