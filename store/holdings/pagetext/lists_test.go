package pagetext

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// listedBook is the raw text of a publication: a cover, a preface, the pages of
// its list from iii on, and the pages of its body from 1 on.
func listedBook(list []string, body []string) []string {
	texts := []string{"KECAMATAN CONTOH\nDALAM ANGKA\n2022",
		"Kecamatan Contoh Dalam Angka 2022 ii\nKATA PENGANTAR\nPuji syukur atas terbitnya."}
	for i, p := range list {
		texts = append(texts, fmt.Sprintf("Kecamatan Contoh Dalam Angka 2022 %s\n%s", toRoman(i+3), p))
	}
	for i, p := range body {
		texts = append(texts, fmt.Sprintf("Kecamatan Contoh Dalam Angka 2022 %d\n%s\nDesa Jiwa\n(1) (2)\nSatu 12", i+1, p))
	}
	return texts
}

// bodyOf is a body of some pages, on which tables begin as told: "1.1.1 Title".
func bodyOf(pages int, heads map[int]string) []string {
	out := make([]string, pages)
	for i := range out {
		out[i] = "Lanjutan Tabel/Continued Table"
		if h := heads[i+1]; h != "" {
			out[i] = "Tabel " + h
		}
	}
	return out
}

func TestTablesOfEveryKindOfList(t *testing.T) {
	plain := bodyOf(12, map[int]string{
		2: "1.1.1 Luas Daerah Menurut Desa, 2021", 3: "1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021",
		4: "1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021", 6: "2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021",
		9: "2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021", 11: "2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021",
	})
	// The same body whose headings were lost on the way to text, so that only
	// the list tells.
	mute := make([]string, 12)
	for i := range mute {
		mute[i] = "Keterangan singkat tentang angka"
	}
	want := "1.1.1@2 1.1.2@3 1.2.1@4 2.1.1@6 2.1.2@9 2.1.3@11"
	for name, c := range map[string]struct {
		list []string
		body []string
		want string // number@printed page
	}{
		"one line each": {[]string{`DAFTAR TABEL
1.1.1 Luas Daerah Menurut Desa, 2021 ........ 2
1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4
2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6
2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021 ........ 9
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 11`}, mute, want},
		"sections between, with pages of their own": {[]string{`Daftar Tabel / List of Tables
Nomor
Tabel
Judul Tabel
Halaman
1. GEOGRAFI DAN IKLIM
1.1 Keadaan Geografi ........ 2
1.1.1 Luas Daerah Menurut Desa, 2021 ........ 2
1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
1.2 Iklim ........ 4
1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4
2. SOSIAL
2.1 Pendidikan ........ 6
2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6
2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021 ........ 9
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 11`}, plain, want},
		"wrapped titles, over the end of a page, a page number below": {[]string{`DAFTAR TABEL
1.1.1 Luas Daerah
Menurut Desa, 2021 ........ 2
1.1.2 Jarak ke Ibukota Kabupaten
Menurut Desa,
2021 ........
3
1.2.1 Banyaknya Curah Hujan`, `Menurut Bulan, 2021 ........ 4
2.1.1 Jumlah Sekolah Menurut Jenjang
Pendidikan, 2021 ........ 6
2.1.2 Jumlah Penduduk Usia
10 Tahun Ke Atas, 2021 ........ 9
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 11`}, mute, want},
		"two languages, one page number": {[]string{`DAFTAR TABEL/LIST OF TABLES
1.1.1 Luas Daerah Menurut Desa, 2021
Total Area by Village, 2021 ........ 2
1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021
Distance to the Capital of the Regency by Village, 2021 ........ 3
1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021 / Rainfall by Month,
2021 ........ 4
2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021
Number of Schools by Level of Education, 2021 ........ 6
2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021
Number of Population Aged
10 Years and Over, 2021 ........ 9
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021
Number of Places of Worship by Village, 2021 ........ 11`}, mute, want},
		"two languages, each with the page number": {[]string{`DAFTAR TABEL
1.1.1 Luas Daerah Menurut Desa, 2021 ........ 2
Total Area by Village, 2021 ........ 2
1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
Distance to the Capital of the Regency by Village, 2021 ........ 3
1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4
Number of Rainy Days by Month, 2021 ........ 4
2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6
Number of Schools by Level of Education, 2021 ........ 6
2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021 ........ 9
Number of Population Aged 10 Years and Over, 2021 ........ 9
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 11
Number of Places of Worship by Village, 2021 ........ 11`}, mute, want},
		"two languages, each with the number": {[]string{`DAFTAR TABEL
Tabel 1.1.1 Luas Daerah Menurut Desa, 2021 ........ 2
Table 1.1.1 Total Area by Village, 2021 ........ 2
Tabel 1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
Table 1.1.2 Distance to the Capital of the Regency by Village, 2021 ........ 3
Tabel 1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4
Table 1.2.1 Number of Rainy Days by Month, 2021 ........ 4
Tabel 2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6
Table 2.1.1 Number of Schools by Level of Education, 2021 ........ 6
Tabel 2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021 ........ 9
Table 2.1.2 Number of Population Aged 10 Years and Over, 2021 ........ 9
Tabel 2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 11
Table 2.1.3 Number of Places of Worship by Village, 2021 ........ 11`}, mute, want},
		"numbers in a column before the titles": {[]string{`DAFTAR TABEL
1.1.1
1.1.2
1.2.1
2.1.1
1.1 Keadaan Geografi/Geography ........ 2
Luas Daerah Menurut Desa, 2021 ........ 2
Total Area by Village, 2021 ........ 2
Jarak ke Ibukota Kabupaten
Menurut Desa, 2021 ........ 3
Distance to the Capital of the Regency by Village, 20213
1.2 Iklim/Climate ........ 4
Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4
Number of Rainy Days by Month, 2021 ........ 4
2.1 Pendidikan/Education ........ 6`, `2.1.2
2.1.3
Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6
Number of Schools by Level of Education, 2021 ........ 6
Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021 ........ 9
Number of Population Aged 10 Years and Over, 2021 ........ 9
Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 11
Number of Places of Worship by Village, 2021 ........ 11`}, mute, want},
		"numbers in a column behind the titles, no sections": {[]string{`DAFTAR TABEL
Luas Daerah Menurut Desa, 2021 ........ 2
Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4
Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6
Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021 ........ 9
Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 11
Tabel 1.1.1
Tabel 1.1.2
Tabel 1.2.1
Tabel 2.1.1
Tabel 2.1.2
Tabel 2.1.3`}, mute, want},
		"numbers in a column that do not fit the titles: the pages know them": {[]string{`DAFTAR TABEL
1.1.1
1.1.2
1.2.1
2.1.1
2.1.2
2.1.3
Luas Daerah Menurut Desa, 2021 ........ Error! Bookmark not defined.
Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
Banyaknya Curah Hujan Menurut Bulan, 2021 ........ Error! Bookmark not
defined.
Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6`}, plain, want},
		"no leaders": {[]string{`DAFTAR TABEL
1.1.1 Luas Daerah Menurut Desa, 2021 2
1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 20213
1.2.1 Banyaknya Curah Hujan Menurut Bulan 4
2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2020/20216
2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas 9
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021 11`}, mute, want},
		"a page number in the middle of its title": {[]string{`DAFTAR TABEL
1.1.1 Luas Daerah Menurut Desa, 2021 ........ 2
1.1.2 Jarak ke Ibukota Kabupaten Menurut 3
Desa, 2021 ........
1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4
2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6
2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021 ........ 9
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 11`}, mute, want},
		"no page numbers: the pages know them": {[]string{`DAFTAR TABEL
1.1.1 Luas Daerah Menurut Desa, 2021
1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021
1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021
2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021
2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021`}, plain, want},
		"a list that is off by two pages": {[]string{`DAFTAR TABEL
1.1.1 Luas Daerah Menurut Desa, 2021 ........ 4
1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 5
1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 6
2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 8
2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021 ........ 11
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 12`}, plain, want},
		"a table misnumbered on its page": {[]string{`DAFTAR TABEL
1.1.1 Luas Daerah Menurut Desa, 2021 ........ 2
1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 5`},
			bodyOf(12, map[int]string{
				2: "1.1.1 Luas Daerah Menurut Desa, 2021", 3: "1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021",
				4: "1.1.2 Banyaknya Curah Hujan Menurut Bulan, 2021",
			}), "1.1.1@2 1.1.2@3 1.2.1@4"},
		"the list of an earlier edition behind the right one": {[]string{`DAFTAR TABEL
1.1.1 Luas Daerah Menurut Desa, 2021 ........ 2
1.1.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3`, `DAFTAR GAMBAR
1.1 Letak Kecamatan ........ 1`, `DAFTAR TABEL
1.1.1 Luas Sawah Menurut Jenis Pengairan, 2020 ........ 7
1.1.2 Luas Daerah Menurut Desa, 2020 ........ 9
1.1.3 Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 11`}, plain,
			"1.1.1@2 1.1.2@3 1.1.3@3 1.2.1@4 2.1.1@6 2.1.2@9 2.1.3@11"},
		"plain numbers, amounts in the titles, a table in the front matter": {[]string{`DAFTAR TABEL
Tabel 1 Ringkasan Angka Kecamatan ........ v
Tabel 2 Luas Daerah Menurut Desa, 2021 ........ 2
Tabel 3 Jumlah Penduduk Usia
10 Tahun Ke Atas, 2021 ........ 3
Tabel 4 Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4`, `Keterangan`, `Tabel 1 Ringkasan Angka Kecamatan
Desa 12`}, mute, "1@v 2@2 3@3 4@4"},
		"two numbers in a column, a head over the columns": {[]string{`Lanjutan Daftar Tabel
No. Judul Tabel Halaman
1.1.1
1.1.2
Luas Daerah Menurut Desa, 2021 -------- 2
Jarak ke Ibukota Kabupaten Menurut Desa, 2021 -------- 3`}, mute, ""},
		"the same below its heading": {[]string{`DAFTAR TABEL
No. Judul Tabel Halaman
1.1.1
1.1.2
Luas Daerah Menurut Desa, 2021 -------- 2
Jarak ke Ibukota Kabupaten Menurut Desa, 2021 -------- 3`}, mute, "1.1.1@2 1.1.2@3"},
		"plain numbers in a column, with their kind": {[]string{`DAFTAR TABEL
Tabel 1
Tabel 2
Tabel 3
Luas Daerah Menurut Desa, 2021 ........ 2
Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4`}, mute, "1@2 2@3 3@4"},
		"pages in a column": {[]string{`DAFTAR TABEL
1.1 KEADAAN GEOGRAFI
1.1.1 Luas Daerah Menurut Desa, 2021
1.1.2 Jarak ke Ibukota Kabupaten
Menurut Desa, 2021
1.2 Iklim
1.2.1 Banyaknya Curah Hujan Menurut Bulan, 2021
2
3
4
2.1.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021
2.1.2 Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021
2.1.3 Banyaknya Tempat Ibadah Menurut Desa, 2021
6
9
11`}, mute, want},
		"the kinds of both languages, each in its line": {[]string{`DAFTAR TABEL
LIST OF TABLES
Halaman/Page
Tabel 1.1.1. Luas Daerah Menurut Desa, 2021
Table Total Area by Village, 2021 ........ 2
Tabel 1.1.2. Jarak ke Ibukota Kabupaten Menurut Desa, 2021
Table Distance to the Capital of the Regency by Village, 2021 ........ 3
Tabel 1.2.1. Banyaknya Curah Hujan Menurut Bulan, 2021
Table Number of Rainy Days by Month, 2021 ........ 4
Tabel 2.1.1. Jumlah Sekolah Menurut Jenjang Pendidikan, 2021
Table Number of Schools by Level of Education, 2021 ........ 6
Tabel 2.1.2. Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021
Table Number of Population Aged 10 Years and Over, 2021 ........ 9
Tabel 2.1.3. Banyaknya Tempat Ibadah Menurut Desa, 2021
Table Number of Places of Worship by Village, 2021 ........ 11`}, mute, want},
		"the number above its title": {[]string{`DAFTAR TABEL
Tabel 1.1.1
Luas Daerah Menurut Desa, 2021 ........ 2
Tabel 1.1.2
Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
Tabel 1.2.1
Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4
Tabel 2.1.1
Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6
Tabel 2.1.2
Jumlah Penduduk Usia 10 Tahun Ke Atas, 2021 ........ 9
Tabel 2.1.3
Banyaknya Tempat Ibadah Menurut Desa, 2021 ........ 11`}, mute, want},
		"numbers of other kinds": {[]string{`DAFTAR TABEL
Tabel II.1 Luas Daerah Menurut Desa, 2021 ........ 2
Tabel II.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021 ........ 3
Tabel 3-1 Banyaknya Curah Hujan Menurut Bulan, 2021 ........ 4
Tabel A.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021 ........ 6
Tabel 4.1a Jumlah Penduduk, 2021 ........ 9`},
			bodyOf(12, map[int]string{3: "II.1 Luas Daerah Menurut Desa, 2021",
				4: "II.2 Jarak ke Ibukota Kabupaten Menurut Desa, 2021",
				5: "3-1 Banyaknya Curah Hujan Menurut Bulan, 2021", 7: "A.1 Jumlah Sekolah Menurut Jenjang Pendidikan, 2021",
				10: "4.1a Jumlah Penduduk, 2021"}), "II.1@3 II.2@4 3-1@5 A.1@7 4.1a@10"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, e := range Clean(listedBook(c.list, c.body)).Entries {
				if e.Kind == table {
					got = append(got, e.Number+"@"+e.Printed)
				}
			}
			slices.Sort(got)
			want := strings.Fields(c.want)
			if slices.Sort(want); !slices.Equal(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

func TestTitlesOfAListInColumns(t *testing.T) {
	list := `DAFTAR TABEL
1.1.1
1.1.2
1.1.3
Luas Daerah
Menurut Desa, 2021 ........ 2
Total Area by Village, 2021 ........ 2
Jarak ke Ibukota Menurut Desa, 2021 ........ 3
Distance to the Capital by Village, 2021 ........ 3
Ketinggian Menurut Desa, 2021 ........ 4
Altitude of the Villages, 2021 ........ 4`
	body := make([]string, 8)
	got := map[string]string{}
	for _, e := range Clean(listedBook([]string{list}, body)).Entries {
		got[e.Number] = e.Title
	}
	for number, want := range map[string]string{
		"1.1.1": "Luas Daerah Menurut Desa, 2021 / Total Area by Village, 2021",
		"1.1.2": "Jarak ke Ibukota Menurut Desa, 2021 / Distance to the Capital by Village, 2021",
		"1.1.3": "Ketinggian Menurut Desa, 2021 / Altitude of the Villages, 2021",
	} {
		if got[number] != want {
			t.Errorf("%s is %q, want %q", number, got[number], want)
		}
	}
}

func TestHeadingsOnPages(t *testing.T) {
	for name, c := range map[string]struct{ page, number, title string }{
		"one line": {"Tabel 3.1 Jumlah Penduduk Menurut Desa\nDesa Jiwa", "3.1",
			"Jumlah Penduduk Menurut Desa"},
		"a colon": {"Tabel 3.1 : Jumlah Penduduk", "3.1", "Jumlah Penduduk"},
		"both languages before it": {"Tabel/Table 3.1\nJumlah Penduduk Menurut Desa", "3.1",
			"Jumlah Penduduk Menurut Desa"},
		"kind above number": {"Tabel\n3.1.2\nJumlah Penduduk Menurut Desa\nTable Population by Village", "3.1.2",
			"Jumlah Penduduk Menurut Desa"},
		"both kinds above number": {"Tabel\nTable 3.1.2\nJumlah Penduduk Menurut\nDesa\nPopulation by Village", "3.1.2",
			"Jumlah Penduduk Menurut Desa"},
		"each kind in its line": {"Tabel\nTable\n3.1.2 Jumlah Penduduk Menurut Desa\nPopulation by Village", "3.1.2",
			"Jumlah Penduduk Menurut Desa"},
		"a number with gaps":        {"Tabel\n2.4. 10\nJumlah Rumah Tangga", "2.4.10", "Jumlah Rumah Tangga"},
		"a number over two lines":   {"Tabel 4.1.\n1\nDaftar Rumah Makan", "4.1.1", "Daftar Rumah Makan"},
		"something stray before it": {"3.4.1.1.1 Tabel\nTable 3.4.1\nPopulasi Ternak", "3.4.1", "Populasi Ternak"},
		"a title that cannot end so": {"Tabel 5.1 Jumlah Peristiwa Nikah di\nKecamatan Damar 2020\nKecamatan", "5.1",
			"Jumlah Peristiwa Nikah di Kecamatan Damar 2020"},
		"a continuation": {"Lanjutan Tabel/Continued Table 3.1", "", ""},
		"a sentence":     {"Tabel 3.1 menunjukkan bahwa jumlah penduduk naik.", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			body := []string{"Pendahuluan", c.page, "Penutup"}
			number, title := "", ""
			for _, e := range Clean(listedBook(nil, body)).Entries {
				number, title = e.Number, e.Title
			}
			if number != c.number || title != c.title {
				t.Errorf("%q %q, want %q %q", number, title, c.number, c.title)
			}
		})
	}
}

func TestHeadingsWhoseKindStandsApart(t *testing.T) {
	list := `DAFTAR TABEL/LIST OF TABLES
2.1 WILAYAH ADMINISTRATIF
2.1.1 Jumlah Rukun Warga Menurut Desa, 2021
Number of Hamlets by Village, 2021 ........ 2
3.1 Jumlah Penduduk Menurut Desa, 2021
Population by Village, 2021 ........ 5`
	body := make([]string, 8)
	body[2] = "2.1 WILAYAH ADMINISTRATIF\nADMINISTRATIVE AREA\n2.1.1 Jumlah Rukun Warga Menurut Desa, 2021\n" +
		"Number of Hamlets by Village, 2021\nDesa Jumlah\n1.1 12 7\nTabel\nTable"
	body[3] = "2.1 Jumlah Rukun Warga Menurut Desa, 2021\nGambar\nFigures"
	body[4] = "Desa Jiwa\n(1) (2)\nSatu 12\nTabel\nTable\n3.1 Jumlah Penduduk Menurut Desa, 2021\nPopulation by " +
		"Village, 2021"
	var got []string
	for _, e := range Clean(listedBook([]string{list}, body)).Entries {
		got = append(got, e.Kind+e.Number+"@"+strconv.Itoa(e.Page-3))
	}
	if want := []string{"tabel2.1.1@3", "tabel3.1@5"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
