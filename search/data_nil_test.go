package search

import (
	"testing"

	"pst/conversation"
)

const (
	fieldsOfDendang = `5.1 | Luas Panen Tanaman Sayuran Menurut Desa dan Jenis Tanaman di Kecamatan Dendang (ha), 2022 | Desa | ha
Kubis; Wortel; Terong
1. Balok: -; 4; -
2. Jangkang: 3; -; 2
3. Nyuruk: 5; 6; 7`
	harvestOfDendang = `5.2 | Produksi Tanaman Sayuran Menurut Desa dan Jenis Tanaman di Kecamatan Dendang (kw), 2022 | Desa | kw
Kubis; Wortel; Terong
1. Balok: -; 40; 20
2. Jangkang: 30; -; 20
3. Nyuruk: 50; 60; 70`
	gardensOfDendang = `5.3 | Hasil Pendataan Luas Panen Terong yang Dijual, 2022 | Desa | ha
Terong
1. Balok: 3
2. Nyuruk: 1`
	couplesOfDendang = `4.4 | Jumlah Peristiwa Perkawinan Menurut Umur bulan Maret di Kecamatan Dendang, 2022 | Desa |
Laki-laki > <19; Laki-laki > 19-21; Laki-laki > 30+; Perempuan > <19; Perempuan > 19-21; Perempuan > 30+
1. Balok: 1; 4; 3; 2; 5; 7
2. Jangkang: 0; 2; 1; 1; 3; 6`
	// Another office's book that prints a number where the first has nil.
	wideFields = `5.1 | Luas Panen Tanaman Kubis yang Dibiayai di Desa Jangkang Menurut Bulan, 2022 | Bulan | ha
Kubis; Wortel Manis
Januari: 3; 2`
)

// TestNilIsToldWhereNothingElseTells asks for what a table has nil of: nil is told, unless
// a page that names kind, measure and place may have a number; and for ages without a bound.
func TestNilIsToldWhereNothingElseTells(t *testing.T) {
	lib := newLibrary()
	lib.putPages(tabled("dendang23", "1906", "Kecamatan Dendang Dalam Angka 2023", fieldsOfDendang, harvestOfDendang,
		gardensOfDendang, couplesOfDendang))
	lib.putPages(tabled("tani23", "1906", "Statistik Pertanian Kabupaten Belitung Timur 2023", wideFields))
	c := mustOpen(t, t.TempDir(), lib)
	for _, q := range []struct{ text, want string }{
		{"luas panen wortel desa nyuruk 2022", "6 (dendang23 2022)"},
		{"luas panen kubis desa balok 2022", "- (dendang23 2022)"},
		{"luas panen terong desa balok 2022", ""},                      // 5.3 may have it
		{"luas panen terong desa jangkang 2022", "2 (dendang23 2022)"}, // which does not name this desa
		{"luas panen wortel desa jangkang 2022", ""},                   // another book may have it
		{"produksi wortel desa jangkang 2022", "- (dendang23 2022)"},   // of which it tells no production
		{"pengantin perempuan di bawah 19 tahun di desa balok maret 2022", "2 (dendang23 2022)"},
		{"laki-laki yang menikah umur kurang dari 19 tahun di balok dendang maret 2022", "1 (dendang23 2022)"},
		{"mempelai pria usia <19 thn desa jangkang maret 2022", "0 (dendang23 2022)"},
		{"brp pria menikah umur 30 thn ke atas di desa jangkang bln maret 2022", "1 (dendang23 2022)"},
		{"pengantin perempuan umur 19 tahun di desa balok maret 2022", ""},
		{"pengantin perempuan di bawah 21 tahun di desa balok maret 2022", ""},
	} {
		if got := ask1(t, c, conversation.Query{Text: q.text}); got != q.want {
			t.Errorf("%q: %q, want %q", q.text, got, q.want)
		}
	}
}
