package intake

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pst/conversation"
)

const item = `{"pub_id":"a1","title":"Gantung Dalam Angka 2024","rl_date":"2024-09-26","kat_no":"1102001.1906010","pub_no":"19060.2401","size":" MB","new_field":{"x":1}}`

func listOf(items string) string {
	return `{"status":"OK","data-availability":"available","data":[{"page":1,"pages":1,"per_page":10,"count":1,"total":1},[` + items + `]]}`
}

func TestWebAPIAnswers(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       string // ids
		bad        int
		err        error
	}{
		{"a list", listOf(item), "a1", 0, nil},
		{"a list with a byte order mark", "\ufeff" + listOf(item), "a1", 0, nil},
		{"a view", `{"status":"OK","data-availability":"available","data":` + item + `}`, "a1", 0, nil},
		{"pages one after the other", listOf(item) + "\n" + listOf(`{"pub_id":"b2","title":"B"}`), "a1 b2", 0, nil},
		{"pages in an array", "[" + listOf(item) + "," + listOf(`{"pub_id":"b2","title":"B"}`) + "]", "a1 b2", 0, nil},
		{"a bare list of records", "[" + item + "]", "a1", 0, nil},
		{"a duplicate", listOf(item + "," + item), "a1", 0, nil},
		{"an item without a title", listOf(`{"pub_id":"x","title":" - "},` + item), "a1", 1, nil},
		{"an id that is a path", listOf(`{"pub_id":"../../x","title":"X"},` + item), "a1", 1, nil},
		{"a numeric id and title", listOf(`{"pub_id":7,"title":2024}`), "7", 0, nil},
		{"no data", `{"status":"OK","data-availability":"list-not-available"}`, "", 0, nil},
		{"no data, but a reason", `{"status":"OK","data-availability":"list-not-available","data":{"reason":"none"}}`, "", 0,
			nil},
		{"empty data", `{"status":"OK","data-availability":"available","data":""}`, "", 0, nil},
		{"an error with HTTP 200", `{"status":"Error","message":"invalid key"}`, "", 0, ErrAnswer},
		{"an error on the second page", listOf(item) + `{"status":"Error","message":"limit"}`, "a1", 0, ErrAnswer},
		{"a page of HTML", `<html>502</html>`, "", 0, ErrJSON},
		{"nothing", ``, "", 0, ErrJSON},
		{"cut off", listOf(item)[:80], "", 0, ErrJSON},
		{"another JSON", `{"name":"x"}`, "", 0, ErrJSON},
		{"a number", `7`, "", 0, ErrJSON},
	} {
		got, err := WebAPI([]byte(c.text), "1906")
		if !errors.Is(err, c.err) || c.err == nil && err != nil {
			t.Errorf("%s: error %v, want %v", c.name, err, c.err)
		}
		if ids(got) != c.want || len(got.Bad) != c.bad {
			t.Errorf("%s: got %q and %d bad, want %q and %d", c.name, ids(got), len(got.Bad), c.want, c.bad)
		}
	}
}

func ids(r Result) string {
	var out []string
	for _, p := range r.Publications {
		out = append(out, p.ID)
	}
	return strings.Join(out, " ")
}

func TestTheDirtOfRecordsIsTakenOff(t *testing.T) {
	for _, c := range []struct {
		name string
		in   string
		want conversation.Publication
	}{
		{"HTML and entities", `{"pub_id":"a","title":"Profil &amp; Data 2020 -","abstract":"<p>Memuat&nbsp;data<br/>dan <b>t</b>abel.</p><script>x()</script>"}`,
			conversation.Publication{ID: "a", Title: "Profil & Data 2020", Year: 2020, Abstract: "Memuat data dan tabel."}},
		{"entities escaped twice", `{"pub_id":"a","title":"T","abstract":"&lt;p&gt;Suhu &amp;lt; 30&lt;/p&gt;"}`,
			conversation.Publication{ID: "a", Title: "T", Abstract: "Suhu < 30"}},
		{"an abstract that is the title", `{"pub_id":"a","title":"Dalam Angka","abstract":"DALAM ANGKA."}`,
			conversation.Publication{ID: "a", Title: "Dalam Angka"}},
		{"released years after its data", `{"pub_id":"a","title":"Dalam Angka 2006","rl_date":"2009-01-15"}`,
			conversation.Publication{ID: "a", Title: "Dalam Angka 2006", Year: 2006, Released: "2009-01-15"}},
		{"a range of years", `{"pub_id":"a","title":"PDRB 2015-2019","rl_date":"2020-04-05 00:00:00"}`,
			conversation.Publication{ID: "a", Title: "PDRB 2015-2019", Year: 2019, Released: "2020-04-05"}},
		{"no year in the title", `{"pub_id":"a","title":"Potensi Desa","rl_date":"2018-12-01","issn":"-","kat_no":""}`,
			conversation.Publication{ID: "a", Title: "Potensi Desa", Year: 2018, Released: "2018-12-01"}},
		{"no date at all", `{"pub_id":"a","title":"Potensi Desa","rl_date":"0000-00-00","updt_date":null}`,
			conversation.Publication{ID: "a", Title: "Potensi Desa"}},
	} {
		got, err := WebAPI([]byte(listOf(c.in)), "1906")
		c.want.Office = "1906"
		if err != nil || len(got.Publications) != 1 || got.Publications[0] != c.want {
			t.Errorf("%s: got %+v, %v\nwant %+v", c.name, got, err, c.want)
		}
	}
}

func TestRecordsOfOneIdAreOne(t *testing.T) {
	got, err := WebAPI([]byte(listOf(`{"pub_id":"a","title":"T 2020"},{"pub_id":"a","title":"T 2020","abstract":"Isi","kat_no":"1.2"}`)), "1906")
	if err != nil || len(got.Publications) != 1 || got.Publications[0].Abstract != "Isi" ||
		got.Publications[0].CatalogNo != "1.2" {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestCSV(t *testing.T) {
	cp1252 := "judul;rak\nProfil \x93Manggar\x94 2020;2B\n"
	utf16 := []byte("\xff\xfe")
	for _, r := range "judul\ttahun\nBuku\t2020\n" {
		utf16 = append(utf16, byte(r), 0)
	}
	for _, c := range []struct {
		name, text string
		want       string // title/year/shelf/copies of each
		bad        string // lines
		err        error
	}{
		{"commas", "Pub_ID, JUDUL ,Tahun,Rak,Eksemplar\np1,\"Padi, Jagung\",2019,2B,3\n", "Padi, Jagung/2019/2B/3", "", nil},
		{"semicolons and a byte order mark", "\ufeffjudul;tahun\r\nBuku A;2020\r\n\r\nBuku B;2021\r\n",
			"Buku A/2020//0 Buku B/2021//0", "", nil},
		{"tabs in UTF-16", string(utf16), "Buku/2020//0", "", nil},
		{"Windows-1252", cp1252, "Profil “Manggar” 2020/2020/2B/0", "", nil},
		{"old Macintosh line ends", "judul;rak\rA 2020;1\rB 2021;2\r", "A 2020/2020/1/0 B 2021/2021/2/0", "", nil},
		{"bad lines among good ones", "judul,tahun,eksemplar\nA,2020,1\nB,dua,1\n,2020,1\nC,2020,banyak\nD,2022,2\n",
			"A/2020//1 D/2022//2", "3 4 5", nil},
		{"a field over two lines", "judul,abstrak\n\"A\n2020\",x\nB 2021,y\n", "A 2020/2020//0 B 2021/2021//0", "", nil},
		{"a quotation mark never closed", "judul,rak\n\"A 2020,1\nB 2021,2\nC 2022,3\n", "B 2021/2021/2/0 C 2022/2022/3/0",
			"2", nil},
		{"quotation marks never closed, in pairs", "judul\n" + strings.Repeat("\"A 2020\n", 60) + "B 2021\n",
			"B 2021/2021//0", strings.Join(numbers(2, 61), " "), nil},
		{"stray quotation marks", "judul,rak\nProfil \"A\" 2020,1\n\"B\" 2021,2\n", `Profil "A" 2020/2020/1/0`, "3", nil},
		{"short and long lines", "judul,tahun\nA 2020\nB,2021,zuviel,x\n", "A 2020/2020//0 B/2021//0", "", nil},
		{"a code that lost its zeros", "judul,kode\nA 2020,0\n", "A 2020/2020//0", "", nil},
		{"no title column", "tahun,rak\n2020,1\n", "", "", ErrHeader},
		{"nothing", "", "", "", ErrHeader},
		{"blank", " \n\n", "", "", ErrHeader},
	} {
		got, err := CSV([]byte(c.text), "1906")
		if !errors.Is(err, c.err) || c.err == nil && err != nil {
			t.Errorf("%s: error %v, want %v", c.name, err, c.err)
		}
		var have, bad []string
		for _, p := range got.Publications {
			have = append(have, strings.Join([]string{p.Title, strconv.Itoa(p.Year), p.Shelf, strconv.Itoa(p.Copies)}, "/"))
		}
		for _, b := range got.Bad {
			bad = append(bad, strconv.Itoa(b.Place))
		}
		if strings.Join(have, " ") != c.want || strings.Join(bad, " ") != c.bad {
			t.Errorf("%s: got %q, bad %q; want %q, bad %q", c.name, have, bad, c.want, c.bad)
		}
	}
}

func numbers(from, to int) (out []string) {
	for n := from; n <= to; n++ {
		out = append(out, strconv.Itoa(n))
	}
	return out
}

func TestALineWithoutIdKeepsItsIdWhenReadAgain(t *testing.T) {
	a, _ := CSV([]byte("judul\nKec. Gantung dlm Angka 2020\n"), "1906")
	b, _ := CSV([]byte("rak;judul\n1;KECAMATAN GANTUNG  Dalam Angka, 2020\n"), "1906")
	if len(a.Publications) != 1 || ids(a) != ids(b) {
		t.Fatalf("%q and %q", ids(a), ids(b))
	}
	if other, _ := CSV([]byte("judul\nKec. Gantung dlm Angka 2020\n"), "1902"); ids(other) == ids(a) {
		t.Fatal("two offices share an id")
	}
	if FileID("1906", "", "aa") == FileID("1906", "", "bb") || FileID("1906", "", "aa") != FileID("1906", " - ", "aa") {
		t.Fatal("files without a title are told apart by their bytes")
	}
}

func TestFilesAreMatchedToRecords(t *testing.T) {
	m := NewMatcher([]conversation.Publication{
		{ID: "411fa6ca4607ca610aa52e86", Title: "Kecamatan Gantung Dalam Angka 2023", Year: 2023,
			CatalogNo: "1102001.1906010", PublicationNo: "19060.2301"},
		{ID: "2cb89af33e1b94f8af84131a", Title: "Kecamatan Gantung Dalam Angka 2024", Year: 2024,
			CatalogNo: "1102001.1906010", PublicationNo: "19060.2401"},
		{ID: "c3", Title: "Kecamatan Manggar Dalam Angka 2024", Year: 2024},
		{ID: "f6", Title: "Potensi Desa Belitung Timur", Year: 2018},
		{ID: "d4", Title: "Statistik Daerah 2020", Year: 2020, Released: "2020-01-01"},
		{ID: "e5", Title: "Statistik Daerah 2020", Year: 2020, Released: "2020-09-01"},
	})
	for _, c := range []struct{ name, file, guess, want string }{
		{"its id in the name", "pub_2CB89af33e1b94f8af84131a_final.pdf", "", "2cb89af33e1b94f8af84131a"},
		{"the id as the name", "c3.pdf", "", "c3"},
		{"the publication number", "19060.2301.pdf", "", "411fa6ca4607ca610aa52e86"},
		{"the catalogue number and a year", "1102001.1906010 tahun 2024.pdf", "", "2cb89af33e1b94f8af84131a"},
		{"the catalogue number alone is a series", "1102001.1906010.pdf", "", ""},
		{"the title", "Kecamatan Gantung Dalam Angka 2023.pdf", "", "411fa6ca4607ca610aa52e86"},
		{"the title in short forms", "/home/x/kec_gantung-DLM-angka-2024.PDF", "", "2cb89af33e1b94f8af84131a"},
		{"a second download", "Kecamatan Gantung Dalam Angka 2023 (1).pdf", "", "411fa6ca4607ca610aa52e86"},
		{"the title inside the file", "scan0001.pdf", "KECAMATAN MANGGAR DALAM ANGKA 2024", "c3"},
		{"more words than the title", "bps-kecamatan-manggar-dalam-angka-2024-rev.pdf", "", "c3"},
		{"another year", "Kecamatan Manggar Dalam Angka 2019.pdf", "", ""},
		{"a title without a year, of another year", "potensi desa belitung timur 2021.pdf", "", ""},
		{"a title without a year, of its year", "potensi desa belitung timur 2018.pdf", "", "f6"},
		{"two records of one title", "statistik daerah 2020.pdf", "", "e5"},
		{"nothing known", "foto.pdf", "", ""},
		{"no name", ".pdf", "", ""},
	} {
		got, ok := m.Match(c.file, c.guess)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q gives %q, %v; want %q", c.name, c.file, got, ok, c.want)
		}
	}
}

// TestGeneratedCatalogues reads whole list answers from the folder named in
// PST_CATALOGUE: every record must come through.
func TestGeneratedCatalogues(t *testing.T) {
	folder := os.Getenv("PST_CATALOGUE")
	if folder == "" {
		t.Skip("set PST_CATALOGUE to a folder of WebAPI list answers, OFFICE.json each")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := WebAPI(text, strings.TrimSuffix(filepath.Base(f), ".json"))
		want := strings.Count(string(text), `"pub_id"`)
		if err != nil || len(got.Publications) != want || len(got.Bad) > 0 {
			t.Errorf("%s: %d of %d, bad %v, %v", f, len(got.Publications), want, got.Bad, err)
		}
	}
}

func check(t *testing.T, r Result) {
	seen := map[string]bool{}
	for _, p := range r.Publications {
		if seen[p.ID] || !usableID(p.ID) || p.Title == "" || !utf8.ValidString(p.Title+p.Abstract) ||
			strings.ContainsAny(p.Title, "\n\x00") {
			t.Fatalf("unusable record %+v", p)
		}
		seen[p.ID] = true
	}
}

func FuzzWebAPI(f *testing.F) {
	f.Add([]byte(listOf(item)))
	f.Add([]byte(`{"status":"Error"}`))
	f.Add([]byte(`{"status":"OK","data":{"pub_id":"a","title":"&lt;b&gt;x","abstract":"<p"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, _ := WebAPI(text, "1906")
		check(t, r)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("judul,tahun\nA,2020\n\"B\n"))
	f.Add([]byte("\xff\xfej\x00"))
	f.Add([]byte("judul;x\r\n\"a\"\"b\";\"c\r\nd\"\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, _ := CSV(text, "1906")
		check(t, r)
		last := 0
		for _, b := range r.Bad {
			if b.Place < last {
				t.Fatalf("lines out of order: %v", r.Bad)
			}
			last = b.Place
		}
	})
}
