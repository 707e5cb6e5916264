package search

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"pst/conversation"
)

func TestABadLineOfATableIsNamed(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"a term that stands alone", termsFile, "# ok\npdrb\n", "istilah.txt:2"},
		{"a term without its meaning", termsFile, "pdrb = \n", "istilah.txt:1"},
		{"an area with an unknown level", areasFile, "1907 | dukuh | Baru |\n", "wilayah.txt:1"},
		{"an area with a code of letters", areasFile, "19AB | kota | Baru |\n", "wilayah.txt:1"},
		{"an area without a name", areasFile, "1907 | kota | |\n", "wilayah.txt:1"},
		{"a series with too few cells", seriesFile, "sensus | 0\n", "seri.txt:1"},
		{"a series with a lag in words", seriesFile, "sensus | satu | | sensus\n", "seri.txt:1"},
		{"a series with an unknown property", seriesFile, "sensus | 0 | penting | sensus\n", "seri.txt:1"},
		{"words of an unknown section", wordsFile, "[lain]\nkata\n", "kata.txt:2"},
		{"a spelling without its word", wordsFile, "[ganti]\njmlh\n", "kata.txt:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := ValidateTables(fstest.MapFS{c.file: {Data: []byte(c.text)}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error that names %s", err, c.want)
			}
			if _, err := Open(context.Background(), t.TempDir(), newLibrary(),
				Options{Tables: fstest.MapFS{c.file: {Data: []byte(c.text)}}}); err == nil {
				t.Error("a catalogue opens with it")
			}
		})
	}
	if err := ValidateTables(fstest.MapFS{}); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestAnOfficeExtendsTheTables(t *testing.T) {
	own := fstest.MapFS{
		termsFile:  {Data: []byte("menginap = tamu hotel\n")},
		areasFile:  {Data: []byte("1906099 | kecamatan | Pulau Buku Limau | buku limau\n")},
		wordsFile:  {Data: []byte("\ufeff[ganti]\r\nmskin = miskin\r\n")},
		seriesFile: {Data: []byte("statistik hotel | 1 | | kasur\n")},
	}
	c, err := Open(context.Background(), t.TempDir(), shelf(), Options{Tables: own})
	must(t, err)
	defer c.Close()
	must(t, c.Sync(context.Background()))
	for query, want := range map[string]string{"menginap": "h2024", "kasur": "h2024", "kasur 2020": "h2021",
		"mskin 2020": "m2020"} {
		if got := first(t, c, query); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestAnotherOfficeHasItsOwnBooksFirst(t *testing.T) {
	lib := shelf()
	lib.put(conversation.Publication{ID: "other", Office: "1902", Title: "Profil Kemiskinan Kabupaten Belitung 2020"})
	c, err := Open(context.Background(), t.TempDir(), lib, Options{Office: "1902"})
	must(t, err)
	defer c.Close()
	must(t, c.Sync(context.Background()))
	if got := first(t, c, "kemiskinan"); got != "other" {
		t.Errorf("office 1902 finds %q first, want its own book", got)
	}
	if got := first(t, c, "kemiskinan beltim"); got != "m2024" {
		t.Errorf("the regency asked for by name: %q, want m2024", got)
	}
}

func TestOfficeWordsKeepTheirStems(t *testing.T) {
	tb, err := loadTables(nil)
	must(t, err)
	for _, group := range []string{
		"kependudukan penduduk", "kemiskinan miskin", "perumahan rumah", "pariwisata wisatawan wisata",
		"pertambangan tambang",
		"perindustrian industri", "perekonomian ekonomi", "pertanian petani", "perikanan ikan", "peternakan ternak",
		"perkebunan kebun",
		"pengangguran menganggur penganggur", "pendidikan didik", "kesehatan sehat", "pekerja pekerjaan bekerja",
		"sayuran sayur", "perdagangan pedagang",
	} {
		ws := strings.Fields(group)
		for _, w := range ws[1:] {
			if tb.stem(w) != tb.stem(ws[0]) {
				t.Errorf("%q and %q have different stems %q, %q", w, ws[0], tb.stem(w), tb.stem(ws[0]))
			}
		}
	}
	for _, w := range strings.Fields(
		"kecamatan desa kabupaten provinsi januari mei dalam angka sp2020 st2023 ipm manggar") {
		if got := tb.stem(w); got != w {
			t.Errorf("stem(%q) = %q, want it whole", w, got)
		}
	}
	// Words that must not meet.
	for _, pair := range [][2]string{{"angkatan", "angkutan"}, {"kelapa", "kelahiran"}, {"pengeluaran", "keluarga"},
		{"perempuan", "empu"}} {
		if tb.stem(pair[0]) == tb.stem(pair[1]) {
			t.Errorf("%q and %q have the same stem", pair[0], pair[1])
		}
	}
}

func TestTitlesGiveSeriesAndYears(t *testing.T) {
	tb, err := loadTables(nil)
	must(t, err)
	names := newAtlas(tb.areas)
	for _, c := range []struct {
		title, office    string
		key              string
		year, from, upTo int
	}{
		{"Kabupaten Belitung Timur Dalam Angka 2023", "1906", "1906//dalam angka", 2023, 2022, 2022},
		{"Belitung Timur Dalam Angka 2010", "1906", "1906//dalam angka", 2010, 2009, 2009},
		{"KABUPATEN BELITUNG TIMUR DALAM ANGKA 2014", "1906", "1906//dalam angka", 2014, 2013, 2013},
		{"Kecamatan Simpang Pesak Dalam Angka 2020", "1906", "1906/simpang pesak/kecamatan dalam angka", 2020, 2019, 2019},
		{"Kecamatan Gumuk mas dalam angka 2021", "3509", "3509/gumuk mas/kecamatan dalam angka", 2021, 2020, 2020},
		{"Produk Domestik Regional Bruto Kabupaten Belitung Timur Menurut Lapangan Usaha 2019–2023", "1906",
			"1906//produk domestik regional bruto menurut lapangan usaha", 2023, 2019, 2023},
		{"Statistik Keuangan Pemerintah Kota Pangkalpinang 2019/2020", "1971", "1971//statistik keuangan pemerintah", 2020,
			2019, 2020},
		{"Laporan Bulanan Data Sosial Ekonomi Maret 2022", "0000", "0000//laporan bulanan data sosial ekonomi", 2022, 2022,
			2022},
		{"Statistik Indonesia 2022", "0000", "0000//statistik indonesia", 2022, 2021, 2021},
		{"Provinsi Kepulauan Bangka Belitung Dalam Angka 2022", "1900", "1900//dalam angka", 2022, 2021, 2021},
		{"Profil Kemiskinan Kabupaten Belitung Timur -", "1906", "1906//profil kemiskinan", 2019, 2019, 2019},
	} {
		p := tb.place(conversation.Publication{ID: "x", Office: c.office, Title: c.title, Released: "2019-05-01"}, names)
		if p.series.Key != c.key || p.edition.Year != c.year || p.edition.From != c.from || p.edition.To != c.upTo {
			t.Errorf("%q: %q, title %d, data %d-%d; want %q, %d, %d-%d", c.title, p.series.Key, p.edition.Year, p.edition.From,
				p.edition.To,
				c.key, c.year, c.from, c.upTo)
		}
	}
}
