package pagetext

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pst/conversation"
)

// publication is the raw text of a small publication as the reader gives it:
// the website's mark last, running heads with the number left or right, roman
// front matter, lists with leaders in several manners.
func publication() []string {
	texts := []string{
		"KECAMATAN CONTOH\r\nDALAM ANGKA\r\n2022\r\nKatalog/Catalog: 1102001.1906\r\nhttps://contoh.bps.go.id",
		"Kecamatan Contoh Dalam Angka 2022 ii\r\nISSN: 0000-0000\r\nNaskah: BPS\r\nhttps://contoh.bps.go.id",
		"Kecamatan Contoh Dalam Angka 2022 iii\r\nKATA PENGANTAR\r\nPuji syukur atas terbitnya pub\u0002\r\nlikasi " +
			"ini.\r\nhttps://contoh.bps.go.id",
		"iv Contoh Subdistrict in Figures 2022\r\nDAFTAR ISI/CONTENTS\r\nHalaman\r\nPage\r\nKata Pengantar................ " +
			"iii\r\n1. Geografi dan Iklim/Geography and Climate ..... 1\r\n" +
			"2. Perbankan, Koperasi, dan Perdagangan/Banking and\r\nTrade\r\n........................... 4 " +
			"https://contoh.bps.go.id",
		"Kecamatan Contoh Dalam Angka 2022 v\r\nDAFTAR TABEL/LIST OF TABLES\r\nNomor\r\nTabel\r\n1. GEOGRAFI DAN " +
			"IKLIM\r\n1.1 KEADAAN GEOGRAFI\r\n" +
			"1.1.1 Luas Daerah Menurut Desa di\r\nKecamatan Contoh, 2021 / Total Area…………….. 2\r\n1.1.2 Number of Population " +
			"by Place of Birth , 20213\r\n2.1.1 Jumlah Koperasi, 2021 5\r\nhttps://contoh.bps.go.id",
		"vi Contoh Subdistrict in Figures 2022\r\nDAFTAR GAMBAR\r\n1.1 Luas Daerah menurut Desa (%), 2021 ........ " +
			"1\r\nhttps://contoh.bps.go.id",
	}
	body := []string{
		"1. GEOGRAFI DAN IKLIM\r\nBatas wilayah dan letak kecamatan ini.\r\nGambar 1.1 Luas Daerah menurut Desa (%), 2021",
		"Tabel 1.1.1 Luas Daerah Menurut Desa di\r\nKecamatan Contoh, 2021\r\nTable Total Area by Village\r\nDesa " +
			"Luas\r\n(1) (2)\r\nSatu 12,5\r\nSumber/Source: Kantor Camat",
		"Tabel\r\n1.1.2\r\nJumlah Penduduk Menurut Tempat Lahir, 2021\r\nTable Number of Population\r\nDesa Jiwa\r\n(1) " +
			"(2)\r\nDua 1.234\r\nSumber/Source: Kantor Camat",
		"2. PERBANKAN\r\nKoperasi simpan pinjam tersebar di desa.",
		"Tabel 2.1.1 Jumlah Koperasi, 2021\r\nDesa Koperasi\r\nTiga 7\r\nSumber/Source: Dinas Koperasi",
		"Lanjutan Tabel/Continued Table 2.1.1\r\nDesa Koperasi\r\nEmpat 9\r\nSumber/Source: Dinas Koperasi, homepage " +
			"https://dinas.go.id",
		"",
		"Tabel 2.2.1 Jumlah Bank, 2021\r\nDesa Bank\r\nLima 1",
	}
	for i, b := range body {
		head := fmt.Sprintf("Kecamatan Contoh Dalam Angka 2022 %d\r\n", i+1)
		if i%2 == 1 {
			head = fmt.Sprintf("%d Contoh Subdistrict in Figures 2022\r\n", i+1)
		}
		if b == "" || strings.HasPrefix(b, "1.") { // chapter titles and empty pages carry no number
			head = ""
		}
		texts = append(texts, head+b+"\r\nhttps://contoh.bps.go.id")
	}
	return texts
}

func TestPrintedNumbersAreRecognised(t *testing.T) {
	var got []string
	for _, p := range Clean(publication()).Pages {
		got = append(got, p.Printed)
	}
	want := []string{"", "ii", "iii", "iv", "v", "vi", "1", "2", "3", "4", "5", "6", "7", "8"}
	if !slices.Equal(got, want) {
		t.Errorf("printed %q,\nwant    %q", got, want)
	}
}

func TestFrontMatterIsToldFromChapters(t *testing.T) {
	for _, p := range Clean(publication()).Pages {
		if p.Front != (p.Number <= 6) {
			t.Errorf("page %d: front %v", p.Number, p.Front)
		}
	}
	unnumbered := []string{"KECAMATAN X\nDALAM ANGKA", "ISSN: 1\nNaskah: BPS\nPenyunting: BPS",
		"KATA PENGANTAR\nPuji syukur\natas terbitnya", "Tabel 1 Jumlah Penduduk\nDesa Jiwa\nSatu 10",
		"Tabel 2 Luas\nDesa Luas\nSatu 3"}
	for _, p := range Clean(unnumbered).Pages {
		if p.Front != (p.Number <= 3) {
			t.Errorf("without numbers, page %d: front %v", p.Number, p.Front)
		}
	}
}

func TestWhatRepeatsIsStrippedAndNothingElse(t *testing.T) {
	pages := Clean(publication()).Pages
	for _, p := range pages {
		for _, noise := range []string{"contoh.bps.go.id", "Dalam Angka 2022", "Subdistrict in Figures", "....", "…"} {
			if strings.Contains(p.Text, noise) {
				t.Errorf("page %d still says %q:\n%s", p.Number, noise, p.Text)
			}
		}
	}
	for number, want := range map[int]string{
		3: "KATA PENGANTAR\nPuji syukur atas terbitnya publikasi ini.",
		8: "Tabel 1.1.1 Luas Daerah Menurut Desa di\nKecamatan Contoh, 2021\nTable Total Area by Village\nDesa Luas\n(1) " +
			"(2)\nSatu 12,5\nSumber/Source: Kantor Camat",
		12: "Lanjutan Tabel/Continued Table 2.1.1\nDesa Koperasi\nEmpat 9\nSumber/Source: Dinas Koperasi, homepage " +
			"https://dinas.go.id",
		13: "",
	} {
		if got := pages[number-1].Text; got != want {
			t.Errorf("page %d is\n%q, want\n%q", number, got, want)
		}
	}
}

func TestListsBecomeEntries(t *testing.T) {
	got := Clean(publication()).Entries
	for _, want := range []conversation.Entry{
		{Kind: "bab", Title: "Kata Pengantar", Printed: "iii", Page: 3},
		{Kind: "bab", Number: "1", Title: "Geografi dan Iklim/Geography and Climate", Printed: "1", Page: 7},
		{Kind: "bab", Number: "2", Title: "Perbankan, Koperasi, dan Perdagangan/Banking and Trade", Printed: "4", Page: 10},
		{Kind: "tabel", Number: "1.1.1", Title: "Luas Daerah Menurut Desa di Kecamatan Contoh, 2021 / Total Area",
			Printed: "2", Page: 8},
		{Kind: "tabel", Number: "1.1.2", Title: "Number of Population by Place of Birth , 2021", Printed: "3", Page: 9},
		{Kind: "tabel", Number: "2.1.1", Title: "Jumlah Koperasi, 2021", Printed: "5", Page: 11},
		{Kind: "gambar", Number: "1.1", Title: "Luas Daerah menurut Desa (%), 2021", Printed: "1", Page: 7},
		{Kind: "tabel", Number: "2.2.1", Title: "Jumlah Bank, 2021", Printed: "8", Page: 14}, // in no list
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no entry %+v", want)
		}
	}
	if len(got) != 8 {
		t.Errorf("%d entries: %+v", len(got), got)
	}
}

func TestHeadingOfACover(t *testing.T) {
	for cover, want := range map[string]string{
		"BADAN PUSAT STATISTIK\nKABUPATEN X DALAM ANGKA\n2021\nKatalog: 1": "KABUPATEN X DALAM ANGKA 2021",
		"BADAN PUSAT STATISTIK\nKABUPATEN X\nBPS-STATISTICS OF X REGENCY\nKECAMATAN Y\n" +
			"DALAM ANGKA\nY SUBDISTRICT\nIN FIGURES\n2022\nKatalog/Catalog: 1": "KECAMATAN Y DALAM ANGKA 2022",
		"BPS\nKABUPATEN X\nDALAM ANGKA\nX Regency in Figures\n2023": "KABUPATEN X DALAM ANGKA 2023",
		"Katalog: 1102001\nStatistik Daerah\n" +
			"Kabupaten X 2020\nBadan Pusat Statistik\nKabupaten X": "Statistik Daerah Kabupaten X 2020",
		"PROFIL KEMISKINAN\n" +
			"MENURUT KECAMATAN\n2019-2020\nVolume 3": "PROFIL KEMISKINAN MENURUT KECAMATAN 2019-2020",
		"XXXXX Dalam Angka 2022 A\nINDIKATOR EKONOMI\nECONOMIC INDICATORS\n2022": "INDIKATOR EKONOMI 2022",
		"KOTA X DALAM ANGKA\nMUNICIPALITY OF X\nISSN 1":                          "KOTA X DALAM ANGKA",
		"1102001.1906\nhttps://x.go.id":                                          "",
		"":                                                                       "",
	} {
		if got := Heading(cover); got != want {
			t.Errorf("%q: %q, want %q", cover, got, want)
		}
	}
}

func TestRomanNumbers(t *testing.T) {
	for v := 1; v <= 89; v++ {
		if got := roman(toRoman(v)); got != v {
			t.Errorf("%s reads as %d, want %d", toRoman(v), got, v)
		}
	}
	for _, s := range []string{"", "iiii", "vx", "ic", "lxl", "di"} {
		if got := roman(s); got != 0 {
			t.Errorf("%q reads as %d", s, got)
		}
	}
}

// FuzzClean: any text gives as many pages, valid text, and entries that lead
// into the publication.
func FuzzClean(f *testing.F) {
	f.Add(strings.Join(publication(), "\f"))
	f.Add("DAFTAR TABEL\n1.1 a ... 1\n\f1 x\n\f2 x\n\f3 x\nTabel 1.1 A")
	f.Add("DAFTAR ISI\n\xff\u0002\r\n\f\f")
	f.Fuzz(func(t *testing.T, all string) {
		texts := strings.Split(strings.ToValidUTF8(all, ""), "\f")
		c := Clean(texts)
		if len(c.Pages) != len(texts) {
			t.Fatalf("%d pages of %d", len(c.Pages), len(texts))
		}
		for i, p := range c.Pages {
			if p.Number != i+1 || !utf8.ValidString(p.Text) {
				t.Fatalf("page %d is %+v", i+1, p)
			}
		}
		for _, e := range c.Entries {
			if e.Page < 0 || e.Page > len(texts) || !utf8.ValidString(e.Title) || len(e.Title) > maxTitle {
				t.Fatalf("entry %+v", e)
			}
		}
		Heading(texts[0])
	})
}

// A number is a page's when at least three pages keep step with it: two that agree by
// chance, as counts and years at the foot of tables do, name no page.
func TestTwoPagesThatAgreeNumberNone(t *testing.T) {
	filling := func(words string) string {
		return words + "\r\nbaris satu\r\nbaris dua\r\nbaris tiga\r\nbaris empat\r\nbaris lima"
	}
	printed := func(numbers ...string) (got []string) {
		var texts []string
		for i, n := range numbers {
			if n != "" {
				n += "\r\n"
			}
			texts = append(texts, n+filling(fmt.Sprintf("Uraian bagian ke-%c", 'a'+i)))
		}
		for _, p := range Clean(texts).Pages {
			got = append(got, p.Printed)
		}
		return got
	}
	if got := printed("", "", "7", "8", "", "", "", ""); slices.ContainsFunc(got, func(s string) bool { return s != "" }) {
		t.Errorf("two pages that agree: %q", got)
	}
	if got := printed("", "", "7", "8", "9", "", "", ""); got[2] != "7" || got[3] != "8" || got[4] != "9" {
		t.Errorf("three pages that agree: %q", got)
	}
}
