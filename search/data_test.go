package search

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pst/conversation"
)

// grid reads a table written down for a test:
//
//	NUMBER | TITLE | STUB | UNIT
//	outer > column [unit] @year; column; ...
//	label: value; value; ...
//	= label of a total: value; ...
//
// Columns without a year have the last one of the title.
func grid(text string) conversation.DataTable {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	trim := func(list []string) []string {
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
		return list
	}
	head := trim(strings.Split(lines[0], "|"))
	t := conversation.DataTable{Number: head[0], Title: head[1], Stub: head[2], Unit: head[3], Page: 1,
		Proof: []string{"test"}}
	year := ""
	for _, m := range regexp.MustCompile(`(?:19|20)\d\d(?:/(?:19|20)\d\d)?`).FindAllString(t.Title, -1) {
		year = m
	}
	for _, c := range trim(strings.Split(lines[1], ";")) {
		col := conversation.DataColumn{Year: year}
		if name, y, ok := strings.Cut(c, "@"); ok {
			c, col.Year = name, y
		}
		if name, u, ok := strings.Cut(c, "["); ok {
			c, col.Unit = name, strings.TrimRight(u, "] ")
		}
		col.Header = trim(strings.Split(c, ">"))
		t.Columns = append(t.Columns, col)
	}
	for _, line := range trim(lines[2:]) {
		total := strings.HasPrefix(line, "=")
		name, values, _ := strings.Cut(strings.TrimPrefix(line, "="), ":")
		row := conversation.DataRow{Label: trim(strings.Split(name, ">")), Page: 1, Total: total}
		for _, v := range trim(strings.Split(values, ";")) {
			plain := strings.ReplaceAll(strings.ReplaceAll(v, " ", ""), ",", ".")
			if v == "-" || v == "..." {
				plain = ""
			}
			row.Cells = append(row.Cells, conversation.DataCell{Text: v, Value: plain})
		}
		if len(row.Cells) != len(t.Columns) {
			panic(fmt.Sprintf("%s: %q has %d cells of %d", t.Number, line, len(row.Cells), len(t.Columns)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// tabled is a publication of a library whose pages are its tables.
func tabled(id, office, title string, tables ...string) (conversation.Publication, conversation.Contents) {
	var c conversation.Contents
	for i, text := range tables {
		t := grid(text)
		t.Page = i + 1
		for r := range t.Rows {
			t.Rows[r].Page = i + 1
		}
		c.Tables = append(c.Tables, t)
		c.Pages = append(c.Pages, conversation.Page{Number: i + 1, Printed: fmt.Sprint(i + 11), Text: "Tabel " + text})
		c.Entries = append(c.Entries, conversation.Entry{Kind: "tabel", Number: t.Number, Title: t.Title, Page: i + 1})
	}
	return conversation.Publication{ID: id, Office: office, Title: title, Pages: len(c.Pages)}, c
}

const (
	peopleOfDamar22 = `3.1 | Jumlah Penduduk Menurut Desa/Kelurahan dan Jenis Kelamin di Kecamatan Damar, 2022 | Desa/Kelurahan | jiwa
Laki-laki; Perempuan; Jumlah
1. Mengkubang: 1 010; 1 020; 2 030
2. Burong Mandi: 510; 520; 1 030
3. Air Kelik: 610; 605; 1 215
= Kecamatan Damar: 2 130; 2 145; 4 275`
	peopleOfDamar23 = `3.1 | Jumlah Penduduk Menurut Desa/Kelurahan dan Jenis Kelamin di Kecamatan Damar, 2023 | Desa/Kelurahan | jiwa
Laki-laki; Perempuan; Jumlah
1. Mengkubang: 1 011; 1 021; 2 032
2. Burong Mandi: 511; 521; 1 032
3. Air Kelik: 611; 606; 1 217
= Kecamatan Damar: 2 133; 2 148; 4 281`
	areaOfDamar = `1.1 | Luas Daerah Menurut Desa di Kecamatan Damar, 2023 | Desa |
Luas [km2]; Persentase terhadap Luas Kecamatan
1. Mengkubang: 44,36; 20,10
2. Burong Mandi: 70,00; 31,72
3. Air Kelik: 106,30; 48,18
= Kecamatan Damar: 220,66; 100,00`
	faithsOfDamar = `4.4 | Jumlah Penduduk Menurut Desa dan Agama yang Dianut di Kecamatan Damar, 2023 | Desa | jiwa
Islam; Kristen; Katolik; Lainnya; Jumlah
1. Mengkubang: 2 000; 10; 5; 1; 2 016
2. Burong Mandi: 1 000; 9; 4; -; 1 013
3. Air Kelik: 1 200; 8; 3; 2; 1 213
= Jumlah: 4 200; 27; 12; 3; 4 242`
	schoolsOfDamar = `4.1.2 | Jumlah Sekolah Menurut Tingkat Pendidikan di Kecamatan Damar, 2022/2023 dan 2023/2024 | Tingkat Pendidikan |
Negeri > 2022/2023 @2022/2023; Negeri > 2023/2024 @2023/2024; Swasta > 2022/2023 @2022/2023; Swasta > 2023/2024 @2023/2024; Jumlah > 2022/2023 @2022/2023; Jumlah > 2023/2024 @2023/2024
Taman Kanak-Kanak (TK): 1; 2; 3; 4; 4; 6
Sekolah Dasar (SD): 11; 12; 1; 1; 12; 13
Madrasah Ibtidaiyah (MI): -; -; 2; 2; 2; 2
Sekolah Menengah Pertama (SMP): 3; 3; 1; 2; 4; 5
Sekolah Menengah Kejuruan (SMK): 1; 1; -; -; 1; 1`
	teachersOfDamar = `4.1.3 | Jumlah Guru Menurut Tingkat Pendidikan di Kecamatan Damar, 2022/2023 dan 2023/2024 | Tingkat Pendidikan |
Negeri > 2022/2023 @2022/2023; Negeri > 2023/2024 @2023/2024; Swasta > 2022/2023 @2022/2023; Swasta > 2023/2024 @2023/2024; Jumlah > 2022/2023 @2022/2023; Jumlah > 2023/2024 @2023/2024
Taman Kanak-Kanak (TK): 5; 6; 9; 10; 14; 16
Sekolah Dasar (SD): 110; 112; 10; 11; 120; 123
Madrasah Ibtidaiyah (MI): -; -; 21; 22; 21; 22
Sekolah Menengah Pertama (SMP): 33; 34; 11; 12; 44; 46
Sekolah Menengah Kejuruan (SMK): 20; 21; -; -; 20; 21`
	pupilsOfDamar = `4.1.10 | Banyaknya Sekolah SD, Murid, dan Guru Menurut Desa di Kecamatan Damar, 2023 | Desa |
Sekolah; Murid; Guru
1. Mengkubang: 5; 600; 40
2. Burong Mandi: 4; 300; 35
3. Air Kelik: 4; 310; 37
= Kecamatan Damar: 13; 1 210; 112`
	rainOfDamar = `1.2.1 | Pengamatan Unsur Iklim Menurut Bulan di Stasiun Mempaya, 2023 | Bulan |
Jumlah Curah Hujan [mm]; Jumlah Hari Hujan [hari]
Januari: 310; 20
Februari: 211; 15
Maret: 256; 18
Agustus: -; -
Desember: 402; 24`
	jobsOfDamar = `3.18 | Jumlah Penduduk Menurut Pekerjaan di Kecamatan Damar, 2023 | Desa |
Petani/Perkebun; Nelayan; Guru; Lainnya
1. Mengkubang: 100; 40; 9; 3
2. Burong Mandi: 50; 170; 8; 2
3. Air Kelik: 80; 4; 7; 1
= Jumlah: 230; 214; 24; 6`
	agesOfDamar = `3.6 | Banyaknya Penduduk Menurut Kelompok Umur dan Jenis Kelamin di Kecamatan Damar, 2023 | Kelompok Umur |
Laki-laki; Perempuan; Jumlah
0-4: 200; 190; 390
5-9: 210; 201; 411
65-69: 60; 70; 130
75+: 20; 31; 51
= Jumlah: 2 133; 2 148; 4 281`
	shopsOfDamar = `7.3 | Banyaknya Sarana Perdagangan Menurut Desa dan Jenis Sarana Perdagangan di Kecamatan Damar, 2023 | Desa |
Pasar; Toko; Mini Market/Swalayan; Warung/Kedai Makanan; Hotel; SD/MI
1. Mengkubang: 1; 12; 2; 20; -; 6
2. Burong Mandi: -; 8; 1; 31; 3; 5
3. Air Kelik: -; 5; -; 12; 1; 4
= Kecamatan Damar: 1; 25; 3; 63; 4; 15`
	distanceOfDamar = `1.1.2 | Jarak ke Ibukota Kecamatan dan Ibukota Kabupaten/Kota Menurut Desa di Kecamatan Damar (km), 2023 | Desa | km
Jarak ke Ibukota Kecamatan; Jarak ke Ibukota Kabupaten/Kota
1. Mengkubang: 2; 15
2. Burong Mandi: 9; 22
3. Air Kelik: 12; 31`
	secondaryOfDamar = `4.1.14 | Banyaknya SLTA/SMK, Murid, dan Guru Menurut Desa di Kecamatan Damar, 2023 | Desa |
SLTA > Murid; SLTA > Guru; SMK > Guru
1. Mengkubang: -; 3; 4
2. Burong Mandi: 310; 20; 5
3. Air Kelik: 120; 12; 6`

	peopleOfGantung = `3.1 | Jumlah Penduduk Menurut Desa di Kecamatan Gantung, 2022 | Desa |
Laki-laki; Perempuan; Jumlah; Rasio Jenis Kelamin
1. Gantung: 3 100; 3 000; 6 100; 103,3
2. Selinsing: 1 900; 1 850; 3 750; 102,7
3. Jangkar Asam: 700; 690; 1 390; 101,4
= Kecamatan Gantung: 5 700; 5 540; 11 240; 102,9`

	peopleOfBeltim = `3.1.1 | Jumlah Penduduk dan Laju Pertumbuhan Penduduk Menurut Kecamatan di Kabupaten Belitung Timur, 2020 dan 2022 | Kecamatan |
Jumlah Penduduk > 2020 [jiwa] @2020; Jumlah Penduduk > 2022 [jiwa] @2022; Laju Pertumbuhan Penduduk 2020-2022 [%] @2020-2022
Dendang: 10 100; 10 300; 0,99
Gantung: 11 000; 11 240; 1,08
Damar: 4 200; 4 275; 0,89
Manggar: 38 000; 38 500; 0,66
= Belitung Timur: 63 300; 64 315; 0,80`
	cattleOfBeltim = `5.4.1 | Populasi Ternak Menurut Kecamatan dan Jenis Ternak (ekor) di Kabupaten Belitung Timur, 2021 dan 2022 | Kecamatan | ekor
Sapi Potong > 2021 @2021; Sapi Potong > 2022 @2022; Kambing > 2021 @2021; Kambing > 2022 @2022; Babi > 2021 @2021; Babi > 2022 @2022
Dendang: 410; 420; 100; 110; -; -
Gantung: 300; 305; 90; 95; 10; 12
Damar: 150; 151; 60; 66; ...; ...
Manggar: 80; 82; 40; 44; 5; 6
= Kabupaten Belitung Timur: 940; 958; 290; 315; 15; 18`
	riceOfBeltim = `5.1.1 | Luas Panen, Produksi, dan Produktivitas Padi Menurut Kecamatan di Kabupaten Belitung Timur, 2022 | Kecamatan |
Luas Panen [ha]; Produksi [ton]; Produktivitas [kw]
Dendang: 210,5; 640; 30,4
Gantung: 1 520; 5 100; 33,5
Damar: -; -; -
Tahun 2021: 1 600; 5 200; 32,5
= Belitung Timur: 1 730,5; 5 740; 33,2`
	poorOfBeltim = `4.5.1 | Jumlah Penduduk Miskin dan Garis Kemiskinan di Kabupaten Belitung Timur, 2019-2022 | Tahun |
Jumlah Penduduk Miskin (ribu jiwa); Persentase Penduduk Miskin; Garis Kemiskinan (rupiah)
2019: 8,2; 6,6; 600 000
2020: 8,0; 6,5; 640 000
2021: 8,4; 6,8; 680 000
2022: 7,9; 6,3; 720 000`
)

// desk is a library with tables of many layouts.
func desk(tb testing.TB) *Catalogue {
	tb.Helper()
	lib := newLibrary()
	lib.putPages(tabled("damar23", "1906", "Kecamatan Damar Dalam Angka 2023", peopleOfDamar22))
	lib.putPages(tabled("damar24", "1906", "Kecamatan Damar Dalam Angka 2024", peopleOfDamar23, areaOfDamar, faithsOfDamar,
		schoolsOfDamar, teachersOfDamar, pupilsOfDamar, rainOfDamar, jobsOfDamar, agesOfDamar, shopsOfDamar,
		distanceOfDamar, secondaryOfDamar))
	lib.putPages(tabled("gantung23", "1906", "Kecamatan Gantung Dalam Angka 2023", peopleOfGantung))
	lib.putPages(tabled("beltim23", "1906", "Kabupaten Belitung Timur Dalam Angka 2023", peopleOfBeltim, cattleOfBeltim,
		riceOfBeltim, poorOfBeltim))
	return mustOpen(tb, tb.TempDir(), lib)
}

// A name that an area shares with a place in it has two numbers, and both are told; the
// kind of place tells them apart, and one that is not sure leaves none.
func TestNamesakesAreBothTold(t *testing.T) {
	c := desk(t)
	for _, q := range []struct {
		text string
		want []string
	}{
		{"berapa jumlah penduduk gantung 2022?", []string{"11 240", "6 100"}},
		{"penduduk laki-laki gantung berapa", []string{"5 700", "3 100"}},
		{"jumlah penduduk kecamatan gantung 2022", []string{"11 240"}},
		{"jumlah penduduk desa gantung 2022", []string{"6 100"}},
		{"jumlah penduduk gantung 2021", nil},
		{"luas padi gantung", nil}, // the regency's table knows the kecamatan alone
		{"persentase penduduk gantung 2022", nil},
	} {
		found, err := c.Data(t.Context(), conversation.Query{Text: q.text})
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(found); !slices.Equal(got, q.want) {
			t.Errorf("%q is told %q, want %q", q.text, got, q.want)
		}
	}
}

// The name of a kabupaten says where a place is; that people were born there has to be said.
func TestARegionIsWhereAPlaceIs(t *testing.T) {
	lib := newLibrary()
	lib.putPages(tabled("damar24", "1906", "Kecamatan Damar Dalam Angka 2024",
		`3.14 | Banyaknya Penduduk Menurut Tempat Lahir di Kecamatan Damar, 2023 | Desa |
Belitung; Banyuwangi; Jumlah
1. Mengkubang: 1 900; 132; 2 032
2. Air Kelik: 1 100; 90; 1 190
= Kecamatan Damar: 3 000; 222; 3 222`))
	c := mustOpen(t, t.TempDir(), lib)
	for _, q := range []struct{ text, want string }{
		{"jumlah penduduk kecamatan damar banyuwangi 2023", ""},
		{"berapa penduduk mengkubang banyuwangi", ""},
		{"berapa penduduk mengkubang yang lahir di banyuwangi", "132"},
		{"jumlah penduduk kecamatan damar kelahiran banyuwangi 2023", "222"},
	} {
		found, err := c.Data(t.Context(), conversation.Query{Text: q.text})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(texts(found), "; "); got != q.want {
			t.Errorf("%q is told %q, want %q", q.text, got, q.want)
		}
	}
}

// texts are the numbers told, as they are printed.
func texts(found []conversation.Datum) (out []string) {
	for _, d := range found {
		out = append(out, d.Cell().Text)
	}
	return out
}

func TestANumberIsGivenOrNone(t *testing.T) {
	c := desk(t)
	for _, q := range []struct{ text, want string }{
		{"berapa jumlah penduduk desa mengkubang tahun 2022?", "2 030"},
		{"jumlah penduduk mengkubang 2023", "2 032"},
		{"jmlh pnduduk perempuan desa air kelik damar 2022", "605"},
		{"berapa banyak laki-laki di burong mandi kecamatan damar", "511"},
		{"berapa jumlah penduduk kecamatan damar?", "4 281"},
		{"berapa penduduk kec damar thn 2022", "4 275"},
		{"jumlah warga damar tahun 2023", "4 281"},
		{"how many people in kecamatan damar 2023", "4 281"},
		{"luas desa burung mandi damar berapa km2", ""},
		{"luas desa burong mandi damar berapa km2", "70,00"},
		{"berapa luas kecamatan damar?", "220,66"},
		{"air kelik itu berapa persen dari luas kecamatan damar", "48,18"},
		{"jumlah penganut katolik di mengkubang 2023", "5"},
		{"berapa orang beragama islam di kecamatan damar", "4 200"},
		{"penduduk kristen desa burong mandi 2023", "9"},
		{"ada berapa sd negeri di kecamatan damar tahun ajaran 2023/2024", "12"},
		{"jumlah sekolah dasar negeri kecamatan damar 2022/2023", "11"},
		{"jumlah guru sd swasta di damar 2023/2024", "11"},
		{"berapa total guru smp di kecamatan damar 2022/2023", "44"},
		{"jumlah smk swasta kecamatan damar 2023/2024", "-"},
		{"jumlah murid sd di desa mengkubang damar 2023", "600"},
		{"jumlah guru smk di desa burong mandi 2023", "5"},
		{"curah hujan maret 2023 di stasiun mempaya", "256"},
		{"berapa hari hujan bulan des 2023 di mempaya damar", "24"},
		{"berapa nelayan di burong mandi 2023", "170"},
		{"jumlah orang yang bekerja sebagai petani di kecamatan damar", "230"},
		{"penduduk umur 65-69 tahun di kecamatan damar", "130"},
		{"penduduk perempuan umur 75+ kecamatan damar 2023", "31"},
		{"jumlah hotel di desa burong mandi", "3"},
		{"berapa minimarket di mengkubang", "2"},
		{"jumlah pasar se-kecamatan damar 2023", "1"},
		{"jarak desa air kelik ke ibukota kabupaten", "31"},
		{"berapa km jarak mengkubang ke ibukota kecamatan", "2"},
		{"jumlah penduduk desa gantung kecamatan gantung 2022", "6 100"},
		{"jumlah penduduk kecamatan gantung 2022", "11 240"},
		{"rasio jenis kelamin desa selinsing", "102,7"},
		{"jumlah penduduk kecamatan manggar 2020", "38 000"},
		{"jumlah penduduk belitung timur 2022", "64 315"},
		{"berapa jumlah penduduk", "64 315"}, // of the own kabupaten
		{"laju pertumbuhan penduduk kecamatan dendang 2020-2022", "0,99"},
		{"jumlah sapi potong di kecamatan dendang", "420"},
		{"populasi kambing kabupaten belitung timur 2021", "290"},
		{"berapa ekor babi di kecamatan damar 2022", ""},
		{"luas panen padi kecamatan gantung 2022 (ha)", "1 520"},
		{"produksi padi dendang berapa ton", "640"},
		{"luas panen padi belitung timur 2021", "1 600"},
		{"jumlah penduduk miskin belitung timur 2021", "8,4"},
		{"garis kemiskinan beltim berapa rupiah 2020", "640 000"},

		// Nothing is given where something is left over, missing, or to be worked out.
		{"berapa jumlah penduduk desa mengkubang tahun 2019?", ""},
		{"jumlah penduduk mengkubang dan air kelik 2023", ""},
		{"selisih penduduk mengkubang 2022 dan 2023", ""},
		{"penduduk mengkubang naik berapa", ""},
		{"rata-rata penduduk desa di damar", ""},
		{"desa dengan penduduk terbanyak di damar", ""},
		{"berapa persen penduduk perempuan damar", ""},
		{"jumlah penduduk laki-laki", ""},
		{"jumlah penduduk miskin kecamatan damar 2023", ""},
		{"jumlah penduduk usia sekolah di damar", ""},
		{"jumlah penduduk hindu di mengkubang", ""},
		{"jumlah guru di kecamatan damar 2023", ""},
		{"jumlah guru di mengkubang", ""},
		{"jumlah sekolah dasar di damar 2023", ""},
		{"jumlah sd dan smp negeri damar 2023/2024", ""},
		{"jumlah sd rusak di damar 2023/2024", ""},
		{"jumlah sd di mengkubang", ""},
		{"curah hujan 2023 di stasiun mempaya", ""},
		{"curah hujan maret 2023 damar", ""},
		{"curah hujan maret 2023 di stasiun manggar", ""},
		{"berapa nelayan di manggar", ""},
		{"penduduk umur 65 tahun damar", ""},
		{"luas sawah kecamatan gantung 2022", ""},
		{"luas panen jagung kecamatan gantung 2022", ""},
		{"luas padi gantung", ""},
		{"berapa kuintal produksi padi dendang", ""},
		{"berapa km2 penduduk damar", ""},
		{"jarak mengkubang ke ibukota provinsi", ""},
		{"jarak mengkubang ke manggar", ""},
		{"jumlah sapi di dendang", ""},
		{"jumlah sapi perah di kecamatan dendang", ""},
		{"jumlah penduduk kabupaten belitung 2022", ""},
		{"jumlah penduduk kota manggar 2020", ""},
		{"jumlah penduduk desa manggar 2020", ""},
		{"jumlah penduduk kecamatan selinsing", ""},
		{"penduduk gantung", ""},
		{"data penduduk gantung", ""},
		{"buku penduduk damar 2023", ""},
		{"tabel luas wilayah damar", ""},
		{"jumlah penduduk menurut desa di damar 2023", ""},
		{"penduduk per desa damar 2023", ""},
		{"siapa camat damar", ""},
		{"kenapa penduduk damar 2023", ""},
		{"jumlah rumah tangga mengkubang", ""},
		{"jumlah sd/mi", ""},
		{"jumlah murid smk di burong mandi 2023", ""},
		{"jumlah sd swasta mengkubang", ""},
		{"halo kak", ""},
		{"", ""},
		{"terima kasih", ""},
		{"berapa", ""},
	} {
		got, err := c.Data(context.Background(), conversation.Query{Text: q.text})
		must(t, err)
		switch {
		case len(got) == 0 && q.want != "":
			t.Errorf("%q: silent, want %s", q.text, q.want)
		case len(got) > 0 && (len(got) > 1 || got[0].Cell().Text != q.want):
			for _, d := range got {
				t.Errorf("%q: %s (%s | %v | %v, %s), want %q", q.text, d.Cell().Text, d.Table.Title,
					d.Table.Rows[d.Row].Label, d.Table.Columns[d.Column].Header, d.Year(), q.want)
			}
		}
	}
}
