package search

import (
	"context"
	"strings"
	"testing"

	"pst/conversation"
)

// TestTheYearOfTheDataIsTold where a book answers by it and not by its title.
func TestTheYearOfTheDataIsTold(t *testing.T) {
	c, _ := madeCatalogue(t)
	for _, q := range []struct{ text, title, holds string }{
		{"curah hujan manggar 2016", "Kecamatan Manggar Dalam Angka 2017", "2016"},
		{"kecamatan manggar dalam angka 2016", "Kecamatan Manggar Dalam Angka 2016", ""},
		{"ipm 2016", "Indeks Pembangunan Manusia Kabupaten Belitung Timur 2016", ""},
		{"curah hujan manggar", "Kecamatan Manggar Dalam Angka 2025", ""},
	} {
		res, err := c.Search(context.Background(), conversation.Query{Text: q.text, Limit: 1})
		must(t, err)
		if len(res.Hits) == 0 || res.Hits[0].Title != q.title || res.Hits[0].Holds != q.holds {
			t.Errorf("%q: %+v", q.text, res.Hits)
		}
	}
}

// TestPlacesYearsAndEnglish asks in ways that nothing was tuned on but the rules.
func TestPlacesYearsAndEnglish(t *testing.T) {
	c, _ := madeCatalogue(t)
	for _, q := range []struct{ text, first, dropped, away string }{
		{"ipm surabaya 2023", "", "", "Surabaya"},
		{"kemiskinan aceh besar 2022", "", "", "Aceh Besar"},
		{"penduduk malaysia", "", "", "Malaysia"},
		{"east belitung population", "Kabupaten Belitung Timur Dalam Angka", "", ""},
		{"penddk miskin blitong timor", "Profil Kemiskinan Kabupaten Belitung Timur", "", ""},
		{"poverty rate of east belitung 2023", "Profil Kemiskinan Kabupaten Belitung Timur 2023", "", ""},
		{"desa burong mandi", "Kecamatan Damar Dalam Angka", "", ""},
		{"kcda gantung", "Kecamatan Gantung Dalam Angka", "", ""},
		{"manggar subdistrict in figures", "Kecamatan Manggar Dalam Angka", "", ""},
		{"farmers terms of trade", "Nilai Tukar Petani Provinsi", "", ""},
		{"statistical yearbook of indonesia 2024", "Statistik Indonesia 2024", "", ""},
		{"village potential statistics 2018", "Statistik Potensi Desa Kabupaten Belitung Timur 2018", "", ""},
		{"harga konsumen thn 22", "Statistik Harga Konsumen Kabupaten Belitung Timur 2022", "", ""},
		{"ipm2023", "Indeks Pembangunan Manusia Kabupaten Belitung Timur 2023", "", ""},
		{"kemiskinan tahun dua ribu dua puluh dua", "Profil Kemiskinan Kabupaten Belitung Timur 2022", "", ""},
		{"i.p.m belitung timur", "Indeks Pembangunan Manusia Kabupaten Belitung Timur", "", ""},
		{"ＩＰＭ beltim", "Indeks Pembangunan Manusia Kabupaten Belitung Timur", "", ""},
		{"penambang timah", "Statistik Pertambangan", "", ""},
		{"pengangur", "Keadaan Angkatan Kerja", "", ""},
		{"pariwis", "Statistik Pariwisata", "", ""},
		{"ekspor timah ke china", "Statistik Ekspor Impor", "china", ""},
		{"kemiskinan zzgrbl", "Profil Kemiskinan", "zzgrbl", ""},
		{"qwrtp zzgrbl", "", "", ""},
		{"dda 21", "Kabupaten Belitung Timur Dalam Angka 2021", "", ""},
		{"indikator kesra 2022", "Indikator Kesejahteraan Rakyat Kabupaten Belitung Timur 2022", "", ""},
		{"hasil sensus pertanian", "Hasil Pencacahan Lengkap Sensus Pertanian 2023", "", ""},
		{"pdrb 2012-2016", "Produk Domestik Regional Bruto Kabupaten Belitung Timur Menurut Lapangan Usaha 2012-2016", "",
			""},
		{"fishing boats", "Statistik Perikanan Kabupaten", "", ""},
		{"deadline besok kak, butuh pdrb per kapita, bayar ga", "Produk Domestik Regional Bruto", "deadline", ""},
		{"kemiskinan di rumahku", "Profil Kemiskinan", "rumahku", ""},
		{"ipm bandung dan belitung timur", "Indeks Pembangunan Manusia Kabupaten Belitung Timur", "bandung", ""},
		{"kemiskinan kota batu", "", "", "Batu"},
		{"sungai batu kemiskinan", "Profil Kemiskinan", "", ""},
		{"pengangguran bangka barat", "", "", "Bangka Barat"}, // a neighbour whose publications are not here
		{"guru kecamatan wonosari", "", "", "Wonosari"},
		{"kemiskinan kacamata", "Profil Kemiskinan", "", ""},
		{"pengangguran terdidik lulusan smk", "Keadaan Angkatan Kerja", "", ""},
		{"pekerja tamatan sd", "Keadaan", "", ""},
		{"lulusan smk", "Statistik Pendidikan", "", ""},
		{"alamat rumah bupati", "", "", ""},
		{"lowongan kerja pabrik sepatu", "", "", ""},
		{"penduduk desa kurau barat", "", "", "Kurau Barat"}, // none of the 39 villages
		{"potensi desa kulkas", "Statistik Potensi Desa Kabupaten", "kulkas", ""},
		{"jumlah penduduk menurut desa kulkas", "Kabupaten Belitung Timur Dalam Angka", "", ""},
		{"wage statistics 2019", "Statistik Upah 2019", "", ""},
		{"jumlah penduduk gantung 2021 gojek", "Kecamatan Gantung Dalam Angka 2022", "gojek", ""},
		{"kemiskinan 2018 dari tiket.com", "Profil Kemiskinan Kabupaten Belitung Timur 2018", "tiket.com", ""},
		{"kemiskinan 2022 250 watt", "Profil Kemiskinan Kabupaten Belitung Timur 2022", "watt", ""},
		{"harga cabai 20%", "Statistik Harga Konsumen Kabupaten Belitung Timur 2023", "", ""},
		{"no wa camat gantung", "", "", ""},
	} {
		t.Run(q.text, func(t *testing.T) {
			res, err := c.Search(context.Background(), conversation.Query{Text: q.text})
			must(t, err)
			first := ""
			if len(res.Hits) > 0 {
				first = res.Hits[0].Title
			}
			if !strings.HasPrefix(first, q.first) || q.first == "" && first != "" || strings.Join(res.Away, ",") != q.away ||
				!strings.Contains(res.Dropped, q.dropped) {
				t.Errorf("%q, dropped %q, away %v", first, res.Dropped, res.Away)
			}
		})
	}
}

// TestTheWorldIsWhole counts provinces and regencies: 38 and 514, these of the
// own province included.
func TestTheWorldIsWhole(t *testing.T) {
	tb, err := loadTables(nil)
	must(t, err)
	provinces, regencies := map[string]bool{}, map[string]bool{}
	for _, list := range [][]area{tb.areas, tb.world} {
		for _, a := range list {
			switch a.level {
			case province:
				provinces[a.office] = true
			case regency:
				if regencies[a.office] {
					t.Errorf("two regencies have the code %s, one is %s", a.office, a.title)
				}
				regencies[a.office] = true
			}
		}
	}
	if len(provinces) != 38 || len(regencies) != 514 {
		t.Errorf("%d provinces and %d regencies", len(provinces), len(regencies))
	}
}
