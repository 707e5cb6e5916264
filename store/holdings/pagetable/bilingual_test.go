package pagetable

import (
	"strings"
	"testing"
)

func TestEnglishHalvesAreLeftOut(t *testing.T) {
	var v vocabulary
	v.met("Jumlah Tanaman Pisang Kepok", false)
	v.met("Number of Plantain Stems", true)
	v.seen = map[string]int{"puskesmas": 3, "puskes": 1, "kebakaran": 1}
	for text, want := range map[string]string{
		"Puskes mas":                              "Puskesmas", // broken by a narrow column
		"Kebakara n Hutan":                        "Kebakaran Hutan",
		"Kelompo k Tani":                          "Kelompo k Tani", // a word the book does not know
		"Kopi Coffee":                             "Kopi",
		"Guru Teacher":                            "Guru",
		"Pisang Plantain":                         "Pisang", // the book's own fonts tell
		"Sapi Perah Dairy Cow":                    "Sapi Perah",
		"Luas Panen (Ha)/ Harvested Area (Ha)":    "Luas Panen (Ha)",
		"Kelapa / Coconut (Butir)":                "Kelapa (Butir)",
		"Tahun/Year 2021":                         "Tahun 2021",
		"Mencari Pekerjaan / Find a Job":          "Mencari Pekerjaan",
		"Klinik/ Balai Kesehatan / Health Center": "Klinik/ Balai Kesehatan",
		"Melon/ Melon":                            "Melon",
		"Islam Islam":                             "Islam",
		// What is Indonesian on both sides stays, and so does what says nothing else.
		"Restoran/ Rumah Makan":      "Restoran/ Rumah Makan",
		"Desa/Kelurahan":             "Desa/Kelurahan",
		"D1/D2":                      "D1/D2",
		"Sumur Bor/ Pompa":           "Sumur Bor/ Pompa",
		"Kepadatan (Jiwa/km2)":       "Kepadatan (Jiwa/km2)",
		"Pisang Kepok":               "Pisang Kepok",
		"Bank Umum":                  "Bank Umum",
		"Total":                      "Total",
		"Village Office":             "Village Office",
		"Gumukmas (T)":               "Gumukmas (T)",
		"Air Hujan":                  "Air Hujan",
		"2018 2019":                  "2018 2019",
		"Laju Pertumbuhan 2010-2021": "Laju Pertumbuhan 2010-2021",
	} {
		if got := v.without(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Two columns that only their English tells apart keep it.
func TestEnglishThatTellsColumnsApartStays(t *testing.T) {
	got := kept(t, people.with(func(p *plan) { p.heads = []string{"Sapi Cow", "Sapi Cattle", "Jumlah Total"} }))
	if got != "Sapi Cow, Sapi Cattle, Jumlah Total" {
		t.Errorf("got %q", got)
	}
	got = kept(t, people.with(func(p *plan) { p.heads = []string{"Jantan Male", "Betina Female", "Jumlah Total"} }))
	if got != "Jantan, Betina, Jumlah" {
		t.Errorf("got %q", got)
	}
}

// A stroke before a slanted half goes with it, where more follows: "Tahun/Year 2021".
func TestSlantedHalfTakesItsStrokeAlong(t *testing.T) {
	m := &sheetMaker{number: 3}
	people.with(func(p *plan) { p.rows[3][0] = "" }).set(m, 700)
	y := 700.0 - 24 - 18 - 14 - 4*14
	m.put(44, y, size, "Jumlah/")
	m.put(44+width("Jumlah/ ", size), y, size, "Total", true)
	m.put(44+width("Jumlah/ Total ", size), y, size, "2021")
	var r Reader
	r.Page(m.page())
	if got := said(r.Tables()); !strings.Contains(got, "\nJumlah 2021 |") {
		t.Errorf("got\n%s", got)
	}
}
