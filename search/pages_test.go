package search

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"pst/conversation"
)

// book is a publication with front matter, a running header, a table of
// contents entry and a page that only speaks of the subject.
func book() (conversation.Publication, conversation.Contents) {
	header := "https://belitungtimurkab.bps.go.id\nKecamatan Damar Dalam Angka 2024\n"
	c := conversation.Contents{Entries: []conversation.Entry{
		{Kind: "tabel", Number: "4.1.2", Title: "Banyaknya Sekolah Dasar, Murid, dan Guru Menurut Desa, 2023", Printed: "45",
			Page: 9},
		{Kind: "tabel", Number: "5.1", Title: "Luas Panen Padi Menurut Desa, 2023", Printed: "46", Page: 10},
		{Kind: "gambar", Number: "5.1", Title: "Luas Panen Padi, 2023", Printed: "40", Page: 8},
		{Kind: "bab", Number: "4", Title: "Sekolah Dasar", Printed: "30", Page: 6},
	}}
	texts := []string{
		"Sampul sekolah dasar padi", "Daftar Tabel 4.1.2 Banyaknya Sekolah Dasar ........ 45",
		"Kata pengantar tentang sekolah dasar dan padi",
		"Penjelasan: sekolah dasar adalah sekolah selama enam tahun. Sekolah dasar ada di desa. Murid sekolah dasar banyak.",
		"Bab tentang penduduk", "Sosial", "Kependudukan *bintang*", "Grafik luas panen padi",
		"Desa SD Murid Guru\n1. Damar 3 210 24", "Padi sawah di desa",
	}
	for i, text := range texts {
		c.Pages = append(c.Pages, conversation.Page{Number: i + 1, Printed: "", Front: i < 3, Text: header + text})
	}
	c.Pages[8].Printed = "45"
	return conversation.Publication{ID: "kda", Office: "1906", Title: "Kecamatan Damar Dalam Angka 2024",
		Pages: len(texts)}, c
}

func mustPages(t *testing.T, c *Catalogue, q conversation.Query) []conversation.PageHit {
	t.Helper()
	res, err := c.Search(context.Background(), q)
	must(t, err)
	if len(res.Hits) == 0 {
		return nil
	}
	return res.Hits[0].Pages
}

func TestATableTitleBeatsRunningText(t *testing.T) {
	lib := newLibrary()
	lib.putPages(book())
	c := mustOpen(t, t.TempDir(), lib)
	for _, q := range []conversation.Query{
		{Text: "jumlah sekolah dasar per desa damar"}, {Text: "sekolah dasar", Publication: "kda"},
		{Text: "jml sd per desa", Publication: "kda"},
	} {
		pages := mustPages(t, c, q)
		if len(pages) == 0 || pages[0].Page != 9 {
			t.Fatalf("%q: pages %+v, want 9 first", q.Text, pages)
		}
		p := pages[0]
		if p.Printed != "45" || !strings.HasPrefix(p.Table, "Tabel 4.1.2 Banyaknya Sekolah Dasar") {
			t.Errorf("%q: printed %q, table %q", q.Text, p.Printed, p.Table)
		}
	}
	pages := mustPages(t, c, conversation.Query{Text: "luas panen padi", Publication: "kda"})
	if len(pages) < 2 || pages[0].Page != 10 || pages[1].Page != 8 {
		t.Errorf("a figure before a table: %+v", pages)
	}
	for _, text := range []string{"sekolah dasar", "padi", "kata pengantar", "sampul"} {
		for _, p := range mustPages(t, c, conversation.Query{Text: text, Publication: "kda", Limit: 50}) {
			if p.Page <= 3 {
				t.Errorf("%q finds front matter, page %d", text, p.Page)
			}
		}
	}
	if pages := mustPages(t, c, conversation.Query{Text: "belitungtimurkab", Publication: "kda"}); len(pages) != 0 {
		t.Errorf("the running header is found: %+v", pages)
	}
	if pages := mustPages(t, c, conversation.Query{Text: "sekolah dasar", TitlesOnly: true}); len(pages) != 0 {
		t.Errorf("pages for somebody not registered: %+v", pages)
	}
	if pages := mustPages(t, c, conversation.Query{Text: "sekolah dasar", Publication: "kda",
		Offset: 1}); len(pages) == 0 || pages[0].Page == 9 {
		t.Errorf("the second page of results begins with %+v", pages)
	}
	if pages := mustPages(t, c, conversation.Query{Text: "sekolah dasar", Publication: "no such book"}); len(pages) != 0 {
		t.Errorf("pages of an unknown book: %+v", pages)
	}
}

// tablesOfDamar is a book of tables of one subject that differ by what they are
// broken down by, one of them over two pages.
func tablesOfDamar() (conversation.Publication, conversation.Contents) {
	var c conversation.Contents
	add := func(number, title, text string) {
		page := len(c.Pages) + 1
		if title != "" {
			c.Entries = append(c.Entries, conversation.Entry{Kind: "tabel", Number: number, Title: title, Page: page})
			text = "Tabel " + number + " " + title + "\n" + text
		}
		c.Pages = append(c.Pages, conversation.Page{Number: page, Text: text})
	}
	add("3.1", "Jumlah Penduduk Menurut Pekerjaan di Kecamatan Damar, 2023",
		"Desa Petani Pedagang\n(1) (2) (3)\nDamar 10 20")
	add("", "", "Lanjutan Tabel/Continued Table 3.1\nDesa Nelayan Lainnya\n(1) (4) (5)\nDamar 30 40")
	add("3.2", "Jumlah Penduduk Menurut Desa dan Jenis Kelamin di Kecamatan Damar, 2023",
		"Laki-laki Perempuan\nDamar 50 60")
	add("3.3", "Jumlah Penduduk Menurut Agama di Kecamatan Damar, 2023", "Islam Kristen\nDamar 70 80")
	add("3.10", "Banyaknya Keluarga Menurut Desa, 2023", "Desa Keluarga\nDamar 5")
	add("4.1", "Luas Areal Pertanian Menurut Desa, 2023", "Pertanian desa\nDamar 6")
	add("", "", "Pertanian adalah pokok bab ini. Pertanian rakyat, pertanian besar.")
	return conversation.Publication{ID: "kda", Office: "1906", Title: "Kecamatan Damar Dalam Angka 2024",
		Pages: len(c.Pages)}, c
}

func TestTheTableThatIsMeant(t *testing.T) {
	lib := newLibrary()
	lib.putPages(tablesOfDamar())
	c := mustOpen(t, t.TempDir(), lib)
	for _, q := range []struct {
		text, book  string
		page, table string
		dropped     string
	}{
		{"jumlah penduduk damar", "", "3", "Tabel 3.2 ", ""},
		{"jumlah penduduk", "kda", "3", "Tabel 3.2 ", ""},
		{"penduduk damar menurut agama", "", "4", "Tabel 3.3 ", ""},
		{"pekerjaan penduduk damar", "", "1", "Tabel 3.1 ", ""},
		{"tabel 3.1 damar", "", "1", "Tabel 3.1 ", ""},
		{"tabel 3.10", "kda", "5", "Tabel 3.10 ", ""},
		{"petani dan nelayan damar", "", "1", "Tabel 3.1 ", ""},
		{"petani dan astronot", "kda", "1", "Tabel 3.1 ", "astronot"},
		{"penduduk astronot", "kda", "3", "Tabel 3.2 ", "astronot"},
		{"nelayan damar", "", "2", "Tabel 3.1 Jumlah Penduduk Menurut Pekerjaan di Kecamatan Damar, 2023 (lanjutan)", ""},
	} {
		t.Run(q.text, func(t *testing.T) {
			res, err := c.Search(context.Background(), conversation.Query{Text: q.text, Publication: q.book})
			must(t, err)
			if len(res.Hits) == 0 || len(res.Hits[0].Pages) == 0 {
				t.Fatalf("no page: %+v", res)
			}
			p := res.Hits[0].Pages[0]
			if strconv.Itoa(p.Page) != q.page || !strings.HasPrefix(p.Table, q.table) || res.Dropped != q.dropped {
				t.Errorf("page %d, %q, dropped %q", p.Page, p.Table, res.Dropped)
			}
		})
	}
	for _, text := range []string{"penduduk gantung menurut agama", "tabel 3.1 gantung"} {
		res, err := c.Search(context.Background(), conversation.Query{Text: text})
		must(t, err)
		if len(res.Hits) > 0 {
			t.Errorf("%q finds %q", text, res.Hits[0].Title)
		}
	}
}

func TestFragmentsMarkTheWordsFound(t *testing.T) {
	tb, err := loadTables(nil)
	must(t, err)
	long := strings.Repeat("kata lain yang panjang ", 60)
	for _, c := range []struct{ name, text, words, want string }{
		{"a form of the word", "Data kemiskinan desa", "miskin", "Data *kemiskinan* desa"},
		{"stars of the text are no marks", "a *b* padi", "padi", "a b *padi*"},
		{"nothing found", "Satu dua tiga", "padi", "Satu dua tiga"},
		{"an empty page", "", "padi", ""},
		{"far into the page", long + "luas panen padi", "padi panen", "…yang panjang luas *panen* *padi*"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wanted := map[string]bool{}
			for _, w := range words(c.words) {
				wanted[tb.stem(w)] = true
			}
			if got := fragment(tb, c.text, wanted); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if got := fragment(tb, strings.Repeat("x", 100_000), nil); len(got) > 4*fragmentRunes {
		t.Errorf("a fragment of %d bytes", len(got))
	}
}

func TestTableTitlesAreReadFromPagesOfABookWithoutAList(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
	}{
		{"title on the same line", "Tabel 3.2.1 Jumlah Sekolah Menurut Desa, 2021\nDesa Sekolah\n(1) (2)",
			"Tabel 3.2.1 Jumlah Sekolah Menurut Desa, 2021"},
		{"number and English between", "Tabel Jumlah Rukun Warga\n2.2.1\nTable Menurut Desa, 2021\nNumber of RW",
			"Tabel 2.2.1 Jumlah Rukun Warga Menurut Desa, 2021"},
		{"up to the heads of the columns", "Tabel 4 Luas Panen\nPadi\nDesa (1)\n(1) (2)\n1 2", "Tabel 4 Luas Panen Padi"},
		{"a word that only begins so", "Tabelaris 3 buku", ""},
		{"no title at all", "Tabel\n1 2 3", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(tableTitles(strings.Split(c.text, "\n")), "|")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzPages holds that any page text can be indexed and shown.
func FuzzPages(f *testing.F) {
	tb, err := loadTables(nil)
	must(f, err)
	f.Add("Tabel 3.2.1 Jumlah Sekolah, 2021\n(1)", "sekolah")
	f.Add("Tabel\nTabel\nTable\n2.2.1\x00\xff", "tabel")
	f.Fuzz(func(t *testing.T, text, query string) {
		c := conversation.Contents{Pages: []conversation.Page{{Number: 1, Text: text}}}
		for _, d := range tb.pageDocuments(placed{}, c) {
			var p pageBody
			if err := p.read(d.fields[fBody].(string)); err != nil {
				t.Fatal(err)
			}
		}
		wanted := map[string]bool{}
		for _, w := range words(query) {
			wanted[tb.stem(w)] = true
		}
		if got := fragment(tb, text, wanted); len(got) > 16*fragmentRunes {
			t.Errorf("a fragment of %d bytes", len(got))
		}
		for _, title := range tableTitles(strings.Split(text, "\n")) {
			if len(title) > 400 {
				t.Errorf("a title of %d bytes", len(title))
			}
		}
	})
}
