package search

import (
	"context"
	"strings"
	"testing"

	"pst/conversation"
)

func ask1(t *testing.T, c *Catalogue, q conversation.Query) string {
	t.Helper()
	got, err := c.Data(context.Background(), q)
	must(t, err)
	var out []string
	for _, d := range got {
		out = append(out, d.Cell().Text+" ("+d.Publication+" "+d.Year()+")")
	}
	return strings.Join(out, ", ")
}

func TestAFollowUpKeepsWhatWasAskedBefore(t *testing.T) {
	c := desk(t)
	for _, q := range []struct{ before, text, want string }{
		{"berapa penduduk laki-laki desa mengkubang 2023", "kalau perempuan?", "1 021 (damar24 2023)"},
		{"jumlah penduduk mengkubang 2023", "kalau perempuan?", "1 021 (damar24 2023)"},
		{"jumlah penduduk mengkubang 2023", "2022?", "2 030 (damar23 2022)"},
		{"jumlah penduduk mengkubang 2023", "kalau tahun 2022", "2 030 (damar23 2022)"},
		{"jumlah penduduk desa mengkubang 2022", "kalau desa air kelik?", "1 215 (damar23 2022)"},
		{"jumlah sd negeri kecamatan damar 2022/2023", "kalau gurunya?", "110 (damar24 2022/2023)"},
		{"jumlah sapi potong kecamatan dendang 2021", "kambing?", "100 (beltim23 2021)"},
		{"jumlah penduduk mengkubang 2023", "2015?", ""},
		{"jumlah penduduk mengkubang 2023", "kalau kucing?", ""},
		{"jumlah penduduk mengkubang 2023", "terima kasih", ""},
		{"buku penduduk damar", "kalau perempuan?", ""},
		{"", "kalau perempuan?", ""},
	} {
		if got := ask1(t, c, conversation.Query{Text: q.text, Before: q.before}); got != q.want {
			t.Errorf("%q after %q: %q, want %q", q.text, q.before, got, q.want)
		}
	}
}

func TestInsideABookItsAreaGoesWithoutSaying(t *testing.T) {
	c := desk(t)
	for _, q := range []struct{ text, book, want string }{
		{"jumlah penduduk", "damar24", "4 281 (damar24 2023)"},
		{"jumlah penduduk perempuan", "damar23", "2 145 (damar23 2022)"},
		{"ada berapa smp negeri 2023/2024", "damar24", "3 (damar24 2023/2024)"},
		{"jumlah penduduk kecamatan manggar 2022", "damar24", ""},
		{"jumlah penduduk manggar", "beltim23", "38 500 (beltim23 2022)"},
		{"jumlah penduduk", "unknown", ""},
	} {
		if got := ask1(t, c, conversation.Query{Text: q.text, Publication: q.book}); got != q.want {
			t.Errorf("%q in %s: %q, want %q", q.text, q.book, got, q.want)
		}
	}
}

func TestEditionsThatDifferAreBothTold(t *testing.T) {
	lib := newLibrary()
	corrected := strings.ReplaceAll(peopleOfDamar22, "1 020; 2 030", "1 025; 2 035")
	lib.putPages(tabled("damar23", "1906", "Kecamatan Damar Dalam Angka 2023", peopleOfDamar22))
	lib.putPages(tabled("damar24", "1906", "Kecamatan Damar Dalam Angka 2024", corrected))
	c := mustOpen(t, t.TempDir(), lib)
	for text, want := range map[string]string{
		"jumlah penduduk mengkubang 2022":   "2 035 (damar24 2022), 2 030 (damar23 2022)",
		"jumlah penduduk mengkubang":        "2 035 (damar24 2022)",
		"jumlah penduduk burong mandi 2022": "1 030 (damar24 2022)", // both say the same
	} {
		if got := ask1(t, c, conversation.Query{Text: text}); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestASilencedTableAnswersNothingMore(t *testing.T) {
	lib := newLibrary()
	p, contents := tabled("damar23", "1906", "Kecamatan Damar Dalam Angka 2023", peopleOfDamar22, areaOfDamar)
	lib.putPages(p, contents)
	c := mustOpen(t, t.TempDir(), lib)
	const text = "jumlah penduduk mengkubang 2022"
	if got := ask1(t, c, conversation.Query{Text: text}); got != "2 030 (damar23 2022)" {
		t.Fatalf("before: %q", got)
	}
	contents.Tables = contents.Tables[1:]
	lib.mu.Lock()
	lib.contents[p.ID] = contents // as staff do: the catalogue is not told
	lib.mu.Unlock()
	if got := ask1(t, c, conversation.Query{Text: text}); got != "" {
		t.Errorf("a silenced table answers %q", got)
	}
	if got := ask1(t, c, conversation.Query{Text: "luas desa mengkubang"}); got != "44,36 (damar23 2023)" {
		t.Errorf("the other table answers %q", got)
	}
}

func TestASeriesOfNumbersGoesByWhatTheTableSays(t *testing.T) {
	c := desk(t)
	for _, q := range []struct{ text, want string }{
		{"jumlah penduduk perempuan mengkubang 2023", "1 020 (damar23 2022), 1 021 (damar24 2023)"},
		{"jumlah penduduk kecamatan damar 2023", "4 275 (damar23 2022), 4 281 (damar24 2023)"},
		{"jumlah sapi potong kecamatan dendang", "410 (beltim23 2021), 420 (beltim23 2022)"},
		{"jumlah sd negeri kecamatan damar 2023/2024", "11 (damar24 2022/2023), 12 (damar24 2023/2024)"},
		{"luas panen padi belitung timur 2022", "1 600 (beltim23 2021), 1 730,5 (beltim23 2022)"},
		{"garis kemiskinan belitung timur 2022",
			"600 000 (beltim23 2019), 640 000 (beltim23 2020), 680 000 (beltim23 2021), 720 000 (beltim23 2022)"},
	} {
		got, err := c.Data(context.Background(), conversation.Query{Text: q.text})
		must(t, err)
		if len(got) != 1 {
			t.Errorf("%q: %d answers", q.text, len(got))
			continue
		}
		series, err := c.DataSeries(context.Background(), got[0])
		must(t, err)
		var out []string
		for _, d := range series {
			out = append(out, d.Cell().Text+" ("+d.Publication+" "+d.Year()+")")
		}
		if s := strings.Join(out, ", "); s != q.want {
			t.Errorf("%q: %s, want %s", q.text, s, q.want)
		}
	}
}

func TestASeriesFollowsNoColumnByItsPlace(t *testing.T) {
	lib := newLibrary()
	sexesSwapped := strings.NewReplacer("2022", "2021", "Laki-laki; Perempuan;", "Perempuan; Laki-laki;")
	lib.putPages(tabled("d22", "1906", "Kecamatan Damar Dalam Angka 2022", sexesSwapped.Replace(peopleOfDamar22)))
	lib.putPages(tabled("d23", "1906", "Kecamatan Damar Dalam Angka 2023", peopleOfDamar22))
	lib.putPages(tabled("d24", "1906", "Kecamatan Damar Dalam Angka 2024",
		strings.ReplaceAll(peopleOfDamar23, "| jiwa", "| keluarga")))
	c := mustOpen(t, t.TempDir(), lib)
	got, err := c.Data(context.Background(), conversation.Query{Text: "jumlah penduduk perempuan mengkubang 2022"})
	must(t, err)
	if len(got) != 1 {
		t.Fatalf("%d answers", len(got))
	}
	series, err := c.DataSeries(context.Background(), got[0])
	must(t, err)
	if len(series) != 2 || series[0].Cell().Text != "1 010" || series[1].Cell().Text != "1 020" {
		t.Errorf("%+v", series)
	}
	series, err = c.DataSeries(context.Background(), conversation.Datum{Publication: "none"})
	if err != nil || len(series) != 0 {
		t.Errorf("of an unknown book: %v, %v", series, err)
	}
}

// FuzzData: any question in any book has an answer in bounded time, or none.
func FuzzData(f *testing.F) {
	c := desk(f)
	for _, s := range []string{"jumlah penduduk mengkubang 2022", "berapa luas kecamatan damar", "a", "desa", "2020/2021",
		"kalau perempuan?", "\xff%", "per desa"} {
		f.Add(s, "jumlah penduduk damar 2023", "")
		f.Add("perempuan", s, "damar24")
	}
	f.Fuzz(func(t *testing.T, text, before, book string) {
		got, err := c.Data(context.Background(), conversation.Query{Text: text, Before: before, Publication: book})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range got {
			if d.Cell().Text == "" || d.Page() == 0 {
				t.Errorf("%q: an empty answer %+v", text, d)
			}
			if _, err := c.DataSeries(context.Background(), d); err != nil {
				t.Error(err)
			}
		}
	})
}
