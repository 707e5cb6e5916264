package search

import (
	"testing"

	"pst/conversation"
)

const (
	healthOfRenggiang = `2.2.2 | Jumlah Tenaga Kesehatan Menurut Desa, 2022 | Desa |
Dokter Praktek; Perawat; Bidan
1. Lintang: 1; 4; 5
2. Aik Madu: -; 2; 3
3. Simpang Tiga: 2; 7; 8
= Kecamatan Simpangrenggiang: 3; 13; 16`
	placesOfRenggiang = `2.2.4 | Banyaknya Sarana Kesehatan Menurut Desa dan Jenis Sarana Kesehatan di Kecamatan Simpangrenggiang, 2022 | Desa |
Apotek; Tempat Praktek Dokter
1. Lintang: 6; 9
2. Aik Madu: -; 1
3. Simpang Tiga: 2; 3
= Kecamatan Simpangrenggiang: 8; 13`
	taughtOfRenggiang = `2.4.11 | Jumlah Penduduk Menurut Desa dan Pendidikan Terakhir yang Ditamatkan di Kecamatan Simpangrenggiang, 2022 | Desa |
SD; SLTP; S1; S2
1. Lintang: 400; 210; 48; 3
2. Aik Madu: 300; 110; 21; 1
3. Simpang Tiga: 500; 301; 77; 9
= Jumlah: 1 200; 621; 146; 13`
	taxOfRenggiang = `4.4.1 | Target dan Realisasi Penerimaan Pajak Bumi dan Bangunan Menurut Desa Tahun 2022 (Rp.) | Desa | Rp
Target; Realisasi; Persentase [%]
1. Lintang: 4 000 000; 3 000 000; 75,00
2. Aik Madu: 2 000 000; 2 000 000; 100,00
3. Simpang Tiga: 5 000 000; 4 000 000; 80,00
= Jumlah: 11 000 000; 9 000 000; 81,82`
	agesOfRenggiang = `3.6 | Jumlah Penduduk Menurut Kelompok Umur dan Desa di Kecamatan Simpangrenggiang, 2022 | Kelompok Umur |
Desa Lintang; Desa Aik Madu; Desa Simpang Tiga
0-4: 90; 80; 110
65-69: 21; 12; 30
= Jumlah: 111; 92; 140`
	agesOfLintang = `3.7 | Jumlah Penduduk Menurut Kelompok Umur dan Jenis Kelamin di Desa Lintang, Kecamatan Simpangrenggiang, 2022 | Kelompok Umur |
Laki-laki; Perempuan; Jumlah
0-4: 50; 40; 90
65-69: 10; 11; 21
= Jumlah: 60; 51; 111`
	weddingsOfRenggiang = `2.3.3 | Jumlah Peristiwa Perkawinan Menurut Desa per Bulan di Kecamatan Simpangrenggiang, 2022 | Kecamatan |
Jan.; Feb.
1. Lintang: 4; 6
2. Aik Madu: 1; 2
3. Simpang Tiga: 3; 8
= Kecamatan Simpangrenggiang: 8; 16`
	staffOfRenggiang = `2.2.3 | Keberadaan Kepala Desa dan Sekretaris Kepala Desa di Kecamatan Simpangrenggiang Menurut Tingkat Pendidikan, 2022 | Desa |
Umur; Pendidikan Terakhir
Desa Lintang > Kepala Desa: 51; SLTA
Desa Lintang > Sekretaris Desa: 38; S1
Desa Aik Madu > Kepala Desa: 47; S1
Desa Aik Madu > Sekretaris Desa: 29; SLTA`
	officeOfRenggiang = `1.1.3 | Ketinggian, Luas Wilayah, dan Jarak Kantor Desa ke Kantor Kecamatan, 2022 | Desa |
Ketinggian Tempat [m]; Luas [km2]; Jarak dari Kantor Desa ke Kantor Kecamatan [km]
1. Lintang: 12; 33,10; 4
2. Aik Madu: 15; 20,00; 9
3. Simpang Tiga: 9; 41,70; 11`
	chiliOfRenggiang = `5.1 | Produksi Tanaman Sayuran Menurut Desa dan Jenis Tanaman di Kecamatan Simpangrenggiang (kuintal), 2022 | Desa | kuintal
Cabe Besar; Cabe Rawit; Jumlah
1. Lintang: 30; 12; 42
2. Aik Madu: 40; 10; 50
3. Simpang Tiga: 50; 13; 63
= Jumlah: 120; 35; 155`
	marriedOfRenggiang = `3.9 | Jumlah Penduduk Menurut Status Perkawinan di Kecamatan Simpangrenggiang, 2022 | Desa |
Belum Kawin; Kawin
1. Lintang: 50; 61
2. Aik Madu: 40; 52
3. Simpang Tiga: 70; 70
= Jumlah: 160; 183`
	shopsOfRenggiang = `7.3 | Banyaknya Sarana Perdagangan Menurut Desa di Kecamatan Simpangrenggiang, 2022 | Desa |
Pasar; Toko
1. Lintang: 1; 12
2. Aik Madu: 1; 8
3. Simpang Tiga: 2; 5
= Jumlah: 4; 25`
	fruitOfRenggiang = `5.2 | Tanaman (kw) di Kecamatan Simpangrenggiang, 2022 | Desa | kw
Mangga; Sawo
1. Lintang: 75,00; 12,00
2. Aik Madu: 40,00; 10,00
3. Simpang Tiga: 50,00; 13,00`
	wardsOfRenggiang = `2.2.5 | Jumlah Sarana Kesehatan Menurut Desa dan Jenis Sarana, 2022 | Desa |
Rumah Sakit; Lainnya
1. Lintang: 1; 2
2. Aik Madu: -; 1
3. Simpang Tiga: -; 3`
	otherWards = `2.2.6 | Banyaknya Rumah Sakit Menurut Desa di Kecamatan Simpangrenggiang, 2022 | Desa |
Rumah Sakit Umum; Rumah Sakit
1. Lintang: 1; 1
2. Aik Madu: -; 1
3. Simpang Tiga: -; 0`
	taxesOfRenggiang = `4.4.2 | Penerimaan Pajak Menurut Desa dan Sektor di Kecamatan Simpangrenggiang, 2022 | Desa | Rp
Pedesaan; Perkotaan
1. Lintang: 75; 12
2. Aik Madu: 40; 10
3. Simpang Tiga: 50; 13`
	teachersOfRenggiang = `2.1.6 | Banyaknya SD, Murid, dan Guru Menurut Desa Tahun 2022 | Desa |
Sekolah; Murid; Guru Teacher
1. Lintang: 3; 400; 31
2. Aik Madu: 1; 110; 12
3. Simpang Tiga: 4; 501; 44`
	officialsOfRenggiang = `2.2.7 | Jumlah Aparatur Pemerintahan Desa di Kecamatan Simpangrenggiang, 2022 | Desa |
Pelaksana Kewilayahan; Pelaksana Teknis
1. Lintang: 9; 6
2. Aik Madu: 7; 5`
	plannersOfRenggiang = `2.2.8 | Pencapaian Peserta KB Aktif Menurut Desa dan Alat Kontrasepsi, 2022 | Desa |
IUD; Suntikan; Jumlah
1. Lintang: 20; 62; 82
2. Aik Madu: 10; 43; 53`
	housesOfRenggiang = `2.4.9 | Jumlah Rumah Menurut Desa, 2022 | Desa |
Rumah Ditempati; Rumah Kosong
1. Lintang: 300; 12
2. Aik Madu: 200; 7`
	bridesOfRenggiang = `4.4.9 | Jumlah Peristiwa Perkawinan Menurut Umur bulan Januari di Kecamatan Simpangrenggiang, 2022 | Desa |
Laki-laki > 19-21; Laki-laki > 22-30; Perempuan > 19-21; Perempuan > 22-30
1. Lintang: 1; 4; 3; 2
2. Aik Madu: 0; 2; 1; 1`
	schooledInRenggiang = `4.1.1 | Banyaknya Desa yang Memiliki Fasilitas Sekolah Menurut Tingkat Pendidikan di Kecamatan Simpangrenggiang, 2022 | Tingkat Pendidikan |
2022 @2022
Sekolah Dasar (SD): 3
Sekolah Menengah Kejuruan (SMK): 2`
	floodsOfRenggiang = `2.6.1 | Banyaknya Kejadian Bencana Alam Menurut Desa dan Jenis Bencana Alam, 2022 | Desa |
Gempa Bumi; Banjir
1. Lintang: -; 2
2. Aik Madu: 1; 3`
	roadsOfRenggiang = `1.1.2 | Jarak ke Ibukota Kecamatan dan Ibukota Kabupaten/Kota Menurut Desa di Kecamatan Simpangrenggiang (km), 2022 | Desa | km
Jarak ke Ibukota Kecamatan; Jarak ke Ibukota Kabupaten/Kota
1. Lintang: 4; 15
2. Aik Madu: 9; 22`
	spokenInRenggiang = `2.1.14 | Banyaknya Penduduk Usia 5 Tahun Ke Atas Menurut Desa dan Kemampuan Berbahasa Indonesia Hasil Sensus Penduduk 2022 | Desa |
Kemampuan Bahasa Indonesia > Ya; Kemampuan Bahasa Indonesia > Tidak/No
1. Lintang: 300; 5
2. Aik Madu: 200; 7`
	cropsOfRenggiang = `3.1.4 | Produksi Tanaman Sayuran Semusim Menurut Jenis Tanaman (kw) 2021 - 2022 | Jenis Tanaman | kw
2021 @2021; 2022 @2022
1 Kubis: 12; 13
Kacang Panjang: 40; 42
3 Semangka: 212; 223
4 Melon: 9; 8`
	waterOfRenggiang = `4.3.1 | Banyaknya Desa Menurut Sumber Air Minum di Kecamatan Simpangrenggiang, 2022 | Sumber Air Minum |
2022 @2022
Sumur: 2
Sungai/Danau/Kolam/Waduk/Embung: 1`
	sexesOfRenggiang = `2.4.2 | Jumlah Penduduk Menurut Desa, Jenis Kelamin, dan Rasio Jenis Kelamin di Kecamatan Simpangrenggiang, 2022 | Desa |
Laki-laki; Perempuan
1. Lintang: 60; 51
2. Aik Madu: 50; 42`
	worshipInRenggiang = `2.3.2 | Jumlah Tempat Peribadatan Menurut Desa, 2022 | Desa |
Masjid; Vihara
1. Lintang: 4; -
2. Aik Madu: 3; 1`
	rainOfRenggiang = `1.2.1 | Pengamatan Unsur Iklim Menurut Bulan di Lintang, 2022 | Bulan |
Jumlah Curah Hujan [mm]; Rata-rata Curah Hujan (mm/hari)
Januari: 310; 15
Februari: 211; 14`
	poverty = `1.1.1 | Garis Kemiskinan di Kabupaten Belitung Timur, 2020-2021 | Uraian | rupiah
2020 @2020; 2021 @2021
Garis Kemiskinan: 612 345; 640 000`
	// A neighbour one of whose desa has a name of the same stem.
	healthOfKelapa = `2.2.2 | Jumlah Tenaga Kesehatan Menurut Desa di Kecamatan Kelapa, 2022 | Desa |
Dokter Praktek; Perawat; Bidan
1. Lintangan: 5; 6; 7
2. Pusuk: 1; 1; 2
= Kecamatan Kelapa: 6; 7; 9`
)

// TestNamesAndHeadingsAsBooksWriteThem asks tables whose titles leave out what the book is
// about, and that write names and kinds in other ways than people do.
func TestNamesAndHeadingsAsBooksWriteThem(t *testing.T) {
	lib := newLibrary()
	book, contents := tabled("renggiang23", "1906", "Kecamatan Simpang Renggiang Dalam Angka 2023", healthOfRenggiang,
		placesOfRenggiang,
		taughtOfRenggiang, taxOfRenggiang, agesOfRenggiang, agesOfLintang, weddingsOfRenggiang, staffOfRenggiang,
		officeOfRenggiang,
		rainOfRenggiang, chiliOfRenggiang, marriedOfRenggiang, shopsOfRenggiang, fruitOfRenggiang,
		wardsOfRenggiang, otherWards, taxesOfRenggiang, teachersOfRenggiang, officialsOfRenggiang, roadsOfRenggiang,
		spokenInRenggiang, cropsOfRenggiang, waterOfRenggiang, sexesOfRenggiang, worshipInRenggiang,
		plannersOfRenggiang, housesOfRenggiang, bridesOfRenggiang, schooledInRenggiang, floodsOfRenggiang)
	for i := range contents.Tables {
		if contents.Tables[i].Number == "2.1.6" {
			contents.Tables[i].Source = "Sumber/ Dinas Pendidikan Kabupaten Belitung Timur"
		}
	}
	lib.putPages(book, contents)
	lib.putPages(tabled("kesra23", "1906", "Indikator Kesejahteraan Rakyat Kabupaten Belitung Timur 2023", poverty))
	lib.putPages(tabled("kelapa23", "1905", "Kecamatan Kelapa Dalam Angka 2023", healthOfKelapa))
	c := mustOpen(t, t.TempDir(), lib)
	for _, q := range []struct{ text, want string }{
		{"jumlah perawat di lintang simpangrenggiang 2022", "4 (renggiang23 2022)"},
		{"jumlah perawat kecamatan simpang renggiang 2022", "13 (renggiang23 2022)"},
		{"jumlah perawat di desa lintangan 2022", "6 (kelapa23 2022)"},
		{"jumlah bidan di desa pusukan 2022", ""},
		{"jumlah dokter praktek di desa lintang", "1 (renggiang23 2022)"},
		{"jumlah tempat praktek dokter di desa lintang", "9 (renggiang23 2022)"},
		{"lulusan S1 di desa lintang ada berapa orang", "48 (renggiang23 2022)"},
		{"berapa sarjana di simpang tiga simpangrenggiang", "77 (renggiang23 2022)"},
		{"persen realisasi pbb desa aik madu 2022", "100,00 (renggiang23 2022)"},
		{"realisasi pbb desa aik madu 2022", "2 000 000 (renggiang23 2022)"},
		{"warga umur 65-69 tahun di desa lintang berapa orang", "21 (renggiang23 2022)"},
		{"jumlah perkawinan di simpang tiga bulan februari 2022", "8 (renggiang23 2022)"},
		{"umur sekretaris desa lintang berapa", "38 (renggiang23 2022)"},
		{"jarak kantor desa aik madu ke kantor kecamatan", "9 (renggiang23 2022)"},
		{"curah hujan januari 2022 di stasiun lintang berapa mm", "310 (renggiang23 2022)"},
		{"curah hujan januari 2022 di stasiun pusuk", ""},
		{"jumlah desa lintang simpangrenggiang 2022", ""},
		{"jumlah di desa lintang simpangrenggiang 2022", ""},
		{"wilayah desa lintang simpangrenggiang 2022", ""},
		{"jumlah penduduk pedesaan simpangrenggiang umur 65-69 desa lintang", ""},
		{"jumlah perkawinan desa aik madu 2022", ""},
		{"jumlah perawat lintang dan simpangrenggiang 2022", ""},
		{"produksi cabe desa aik madu 2022", ""},
		{"produksi cabe besar desa aik madu 2022", "40 (renggiang23 2022)"},
		{"produksi desa aik madu 2022", ""},
		{"produksi simpangrenggiang 2022", ""},
		{"jumlah guru sd lintang 2022 menurut data dispendik", "31 (renggiang23 2022)"},
		{"guru sd di aik madu berapa", "12 (renggiang23 2022)"},
		{"jumlah guru sd lintang 2022 menurut kemenag", ""},
		{"jumlah pelaksana di desa lintang 2022", ""},
		{"pengantin perempuan umur 19-21 di desa lintang januari 2022", "3 (renggiang23 2022)"},
		{"pengantin umur 19-21 di desa lintang januari 2022", ""},
		{"jumlah pengantin di desa lintang januari 2022", ""},
		{"berapa desa di simpangrenggiang yang punya smk 2022", "2 (renggiang23 2022)"},
		{"berapa desa di simpangrenggiang yang punya toko 2022", ""},
		{"banjir di lintang 2022 berapa kali", "2 (renggiang23 2022)"},
		{"korban banjir di lintang 2022", ""},
		{"jumlah kb aktif desa lintang 2022", ""},
		{"jumlah peserta kb aktif desa lintang 2022", "82 (renggiang23 2022)"},
		{"jumlah rumah di lintang 2022", ""},
		{"jumlah rumah ditempati di lintang 2022", "300 (renggiang23 2022)"},
		{"jumlah pelaksana teknis di desa lintang 2022", "6 (renggiang23 2022)"},
		{"berapa km dari aik madu ke ibukota kabupaten", "22 (renggiang23 2022)"},
		{"berapa warga lintang yang tidak bisa bahasa indonesia (sensus 2022)", "5 (renggiang23 2022)"},
		{"penduduk usia 5 tahun ke atas lintang bahasa indonesia", ""},
		{"produksi semangka simpangrenggiang 2022", "223 (renggiang23 2022)"},
		{"jumlah embung di simpangrenggiang 2022", ""},
		{"rasio laki-laki desa lintang 2022", ""},
		{"jumlah vihara di lintang 2022", "- (renggiang23 2022)"},
		{"jumlah apotek di aik madu 2022", "- (renggiang23 2022)"},
		{"jumlah mangga di lintang 2022", ""},
		{"berapa garis kemiskinan belitung timur 2021", "640 000 (kesra23 2021)"},
		{"jumlah kuintal mangga di lintang 2022", "75,00 (renggiang23 2022)"},
		{"jumlah rumah sakit di aik madu 2022", ""},
		{"jumlah lainnya di aik madu 2022", ""},
		{"penerimaan pajak desa lintang 2022", ""},
		{"penerimaan pajak pedesaan desa lintang 2022", "75 (renggiang23 2022)"},
		{"jumlah pasar malam di aik madu 2022", ""},
		{"selamat malam, jumlah apotek di lintang 2022 berapa buah?", "6 (renggiang23 2022)"},
		{"umur sekretaris desa simpang tiga", ""},
	} {
		if got := ask1(t, c, conversation.Query{Text: q.text}); got != q.want {
			t.Errorf("%q: %q, want %q", q.text, got, q.want)
		}
	}
}
