package conversation

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestLinesApart: titles that differ read differently in a list, and keep the
// year that they end with.
func TestLinesApart(t *testing.T) {
	pdrb := "Produk Domestik Regional Bruto Kabupaten Belitung Timur "
	for name, texts := range map[string][]string{
		"short ones": {"Kecamatan Gantung Dalam Angka 2023", "Kecamatan Gantung Dalam Angka 2022"},
		"three of one kin": {pdrb + "Menurut Lapangan Usaha 2019-2023", pdrb + "Menurut Pengeluaran 2019-2023", pdrb +
			"Menurut Lapangan Usaha 2018-2022"},
		"one that another begins": {pdrb + "Menurut Lapangan Usaha", pdrb + "Menurut Lapangan Usaha Triwulanan", pdrb +
			"Menurut Lapangan Usaha Triwulanan dan Tahunan Menurut Kecamatan"},
		"differing in the middle": {"Statistik Kesejahteraan Rakyat Rumah Tangga Perkotaan dan Perdesaan di Kabupaten " +
			"Belitung Timur 2020",
			"Statistik Kesejahteraan Rakyat Rumah Tangga Perkotaan dan Perdesaan di Kabupaten Belitung Barat 2020"},
		"one without spaces": {strings.Repeat("x", 200), strings.Repeat("x", 199) + "y"},
		"nothing":            {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			lines := linesApart(texts, 60)
			for i, l := range lines {
				if m := yearEnd.FindStringSubmatch(texts[i]); m != nil && !strings.HasSuffix(l, m[1]) {
					t.Errorf("%q lost the year: %q", texts[i], l)
				}
				if utf8.RuneCountInString(l) > 62 && utf8.RuneCountInString(l) < utf8.RuneCountInString(texts[i]) {
					t.Errorf("%q is long: %d", l, utf8.RuneCountInString(l))
				}
				for j := range lines[:i] {
					if lines[j] == l && texts[j] != texts[i] {
						t.Errorf("%q and %q both read %q", texts[j], texts[i], l)
					}
				}
			}
		})
	}
	if got, want := testOffice().shortArea(pdrb+"2023"),
		"Produk Domestik Regional Bruto Kab. Belitung Timur 2023"; got != want {
		t.Errorf("shortened %q, want %q", got, want)
	}
}

func FuzzLinesApart(f *testing.F) {
	f.Add("Statistik 2020", "Statistik 2021")
	f.Add(strings.Repeat("é ", 80)+"1999", strings.Repeat("é ", 80)+"2000")
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = clean(a), clean(b)
		lines := linesApart([]string{a, b}, 60)
		if oneLine(a) != oneLine(b) && lines[0] == lines[1] {
			t.Fatalf("%q and %q both read %q", a, b, lines[0])
		}
	})
}
