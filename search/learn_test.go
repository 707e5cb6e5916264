package search

import (
	"context"
	"testing"

	"pst/conversation"
)

// TestPlacesLearntFromTitles reads the area out of a title.
func TestPlacesLearntFromTitles(t *testing.T) {
	for _, c := range []struct{ title, want string }{
		{"Kecamatan Ambulu Dalam Angka 2022", "ambulu"},
		{"Kecamatan Kota Baru Dalam Angka 2022", "kota baru"},
		{"Kecamatan Kota Dalam Angka 2022", ""},
		{"Statistik Daerah Kecamatan Sumber 2015", "sumber"},
		{"Profil Kemiskinan Kota Batu 2020", "batu"},
		{"Angka Agregat per Kecamatan Hasil Sensus", ""},
	} {
		if a, _ := learn(c.title, "3509"); a.name != c.want {
			t.Errorf("%q is about %q, want %q", c.title, a.name, c.want)
		}
	}
}

// TestAnEverydayWordIsNoPlace holds that a kecamatan called by an everyday word takes no
// query away from those who use the word as a word.
func TestAnEverydayWordIsNoPlace(t *testing.T) {
	ps := generate(t, 0)
	for i, title := range []string{
		"Kecamatan Kota Baru Dalam Angka 2022", "Kecamatan Sumber Dalam Angka 2022", "Statistik Kota Baru 2022",
		"Kecamatan Pasar Dalam Angka 2022",
		"Kecamatan Mayang Dalam Angka 2020",
	} {
		ps = append(ps, conversation.Publication{ID: string(rune('a' + i)), Office: "1901", Title: title, Year: 2022})
	}
	c := mustOpen(t, t.TempDir(), newLibrary(ps...))
	for _, q := range []struct{ text, office, title string }{
		{"buku ipm yang baru", "1906", "Indeks Pembangunan Manusia Kabupaten Belitung Timur 2024"},
		{"data baru kemiskinan", "1906", "Profil Kemiskinan Kabupaten Belitung Timur 2024"},
		{"sumber air minum", "1906", "Statistik Perumahan Kabupaten Belitung Timur 2022"},
		{"pasar tradisional", "1906", "Direktori Pasar dan Pusat Perdagangan Kabupaten Belitung Timur 2022"},
		{"kecamatan sumber", "1901", "Kecamatan Sumber Dalam Angka 2022"},
		{"penduduk mayang", "1901", "Kecamatan Mayang Dalam Angka 2020"},
		{"penduduk desa mayang", "1906", "Kecamatan Kelapa Kampit Dalam Angka 2025"},
		{"kota baru", "1901", "Kecamatan Kota Baru Dalam Angka 2022"},
		{"kecamatan kota baru", "1901", "Kecamatan Kota Baru Dalam Angka 2022"},
		{"murid kecamatan kota baru", "1901", "Kecamatan Kota Baru Dalam Angka 2022"},
	} {
		res, err := c.Search(context.Background(), conversation.Query{Text: q.text, Limit: 1})
		must(t, err)
		if len(res.Hits) == 0 || res.Hits[0].Title != q.title || res.Hits[0].Office != q.office {
			t.Errorf("%q: %+v", q.text, res)
		}
	}
}
