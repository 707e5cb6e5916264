package search

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// plainVocabulary knows the words of the tables and of a few titles.
func plainUnderstanding(tb testing.TB) understanding {
	tb.Helper()
	t, err := loadTables(nil)
	must(tb, err)
	names := newAtlas(t.areas, []area{{office: "3509", level: district, name: "ambulu", title: "Ambulu"}})
	l := &lexicon{weight: map[string]int{}, stems: map[string]bool{}}
	for _, w := range words("kendaraan bermotor tamu mancanegara garis imunisasi hotel") {
		l.add(t, w, 3)
	}
	l.fill(t, names)
	return understanding{tables: t, names: names, vocab: seenWords{l, func(string) bool { return false }}, own: "1906",
		year: 2026,
		held: map[string]bool{"1906": true, "1902": true, "1971": true, "1901": true, "3509": true}}
}

// show writes a meaning on one line: subject, / breakdown, @ areas, : years.
func (m meaning) show() string {
	var b strings.Builder
	if m.number != "" {
		b.WriteString("#")
	}
	b.WriteString(strings.Join(m.words.subject, " "))
	if len(m.words.breakdown) > 0 {
		b.WriteString(" / " + strings.Join(m.words.breakdown, " "))
	}
	for _, a := range m.areas {
		b.WriteString(" @" + a.office + " " + a.name)
	}
	if m.from > 0 {
		b.WriteString(" :" + yearsText(m))
	}
	if m.newest {
		b.WriteString(" :newest")
	}
	return strings.TrimSpace(b.String())
}

func TestQueriesAreUnderstood(t *testing.T) {
	u := plainUnderstanding(t)
	for _, c := range []struct{ name, query, want string }{
		{"vowels left out", "jmlh pnduduk manggar 2023", "jumlah penduduk @1906 manggar :2023"},
		{"a letter missing", "ketenagakerjan", "ketenagakerjaan"},
		{"letters swapped", "kemisknian", "kemiskinan"},
		{"two words written as one", "belitungtimur dalam angka", "dalam angka @1906 belitung timur"},
		{"one word written as two", "ketenaga kerjaan", "ketenagakerjaan"},
		{"greeting and courtesy", "Assalamualaikum kak, minta data kemiskinan dong 🙏", "kemiskinan"},
		{"nothing but a greeting", "halo selamat pagi", ""},
		{"short name of the regency", "ipm beltim", "ipm @1906 belitung timur"},
		{"short name of the province", "kemiskinan babel", "kemiskinan @1900 kepulauan bangka belitung"},
		{"neighbour whose name begins ours", "penduduk belitung", "penduduk @1902 belitung"},
		{"kecamatan of two words", "kec simpang pesak", "@1906 simpang pesak"},
		{"kecamatan misspelt", "kecamatan gantng", "@1906 gantung"},
		{"narrowest of nested areas", "penduduk manggar belitung timur", "penduduk @1906 manggar"},
		{"area learned from a title", "jumlah sekolah ambulu", "jumlah sekolah @3509 ambulu"},
		{"code of an office is no year", "statistik 1906", "statistik 1906"},
		{"range with a hyphen", "pdrb 2019-2023", "pdrb :2019-2023"},
		{"range with an en dash", "pdrb 2019–2023", "pdrb :2019-2023"},
		{"range in words", "pdrb 2019 sampai dengan 2023", "pdrb :2019-2023"},
		{"range with s/d", "pdrb 2019 s/d 2023", "pdrb :2019-2023"},
		{"short end of a range", "keuangan 2020/21", "keuangan :2020-2021"},
		{"range the wrong way round", "pdrb 2023-2019", "pdrb :2019-2023"},
		{"two years", "kemiskinan 2020 dan 2022", "kemiskinan :2020-2022"},
		{"tahun before the year", "kemiskinan tahun 2020", "kemiskinan :2020"},
		{"last years", "kemiskinan 5 tahun terakhir", "kemiskinan :newest"},
		{"last years in words", "kemiskinan lima tahun terakhir", "kemiskinan :newest"},
		{"newest", "ipm terbaru", "ipm :newest"},
		{"last year", "kemiskinan tahun lalu", "kemiskinan :2025"},
		{"years ago", "kemiskinan 2 tahun lalu", "kemiskinan :2024"},
		{"year inside a term", "sp2020", "sp2020 :2020"},
		{"breakdown", "penduduk menurut jenis kelamin", "penduduk / menurut jenis kelamin"},
		{"two breakdowns", "penduduk menurut kelompok umur dan jenis kelamin",
			"penduduk / menurut kelompok umur jenis kelamin"},
		{"breakdown with per", "penduduk per kecamatan 2021", "penduduk / per kecamatan :2021"},
		{"per kapita is no breakdown", "pengeluaran per kapita", "pengeluaran per kapita"},
		{"catalogue number", "1102001.1906", "#11020011906"},
		{"catalogue number with hyphens", "no katalog 1102001-1906", "#11020011906 no katalog"},
		{"issn", "ISSN 2089-1234", "#20891234 issn"},
		{"a range of years is no issn", "2019-2023", ":2019-2023"},
		{"record id", "411fa6ca4607ca610aa52e86", "#411fa6ca4607ca610aa52e86"},
		{"only punctuation", "?!... --", ""},
		{"full-width digits", "kemiskinan ２０２１", "kemiskinan :2021"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := u.read(c.query).show(); got != c.want {
				t.Errorf("%q is understood as %q, want %q", c.query, got, c.want)
			}
		})
	}
}

func TestFollowUpsKeepTheSubject(t *testing.T) {
	u := plainUnderstanding(t)
	for _, c := range []struct{ name, before, query, want string }{
		{"another year", "kemiskinan 2019", "tahun 2021", "kemiskinan :2021"},
		{"another area", "kemiskinan 2019", "kecamatan gantung", "kemiskinan @1906 gantung :2019"},
		{"a breakdown", "penduduk manggar", "berdasarkan jenis pekerjaan",
			"penduduk / berdasarkan jenis pekerjaan @1906 manggar"},
		{"the newest", "ipm 2019", "yang terbaru", "ipm :newest"},
		{"a subject of its own", "ipm 2019", "kemiskinan", "kemiskinan"},
		{"nothing before", "", "tahun 2021", ":2021"},
		{"nothing before that is a subject", "halo", "kecamatan gantung", "@1906 gantung"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := u.read(c.query).after(u.read(c.before))
			if got := m.show(); got != c.want {
				t.Errorf("%q after %q is understood as %q, want %q", c.query, c.before, got, c.want)
			}
			// The query shown to people must mean the same when it is asked again.
			if again := u.read(m.words.String()).show(); again != m.show() {
				t.Errorf("%q asked again is understood as %q", m.words.String(), again)
			}
		})
	}
}

func TestTermsAreSoughtBothWays(t *testing.T) {
	u := plainUnderstanding(t)
	for _, c := range [][2]string{
		{"pdrb", "produk domestik regional bruto"}, {"produk domestik regional bruto", "pdrb"},
		{"tpt", "tingkat pengangguran terbuka"}, {"ump", "upah minimum provinsi"}, {"poverty", "kemiskinan"},
		{"sahang", "lada"}, {"sd", "sekolah dasar"}, {"st2023", "sensus pertanian"},
	} {
		m := u.read(c[0])
		want := strings.Join(u.stems(words(c[1])), " ")
		var got []string
		for _, way := range m.concepts[0].ways {
			got = append(got, strings.Join(way.stems, " "))
		}
		if !strings.Contains(strings.Join(got, "|"), want) {
			t.Errorf("%q is sought as %q, want %q among them", c[0], got, want)
		}
	}
}

func TestAPasteIsCutDownToItsSubject(t *testing.T) {
	u := plainUnderstanding(t)
	paste := `Perkenalkan saya mahasiswi semester tujuh program studi agribisnis yang sedang menyusun penelitian
		mengenai pendapatan petani lada di Kabupaten Belitung Timur, Provinsi Kepulauan Bangka Belitung. Sehubungan dengan itu
		saya memohon data luas areal dan produksi lada selama lima tahun terakhir, serta harga lada di tingkat petani.`
	m := u.read(strings.Repeat(paste, 3))
	if len(m.concepts) > pasteConcepts {
		t.Errorf("%d concepts are left of a paste", len(m.concepts))
	}
	if got := m.concepts[0].exact; len(got) != 1 || got[0] != "lada" {
		t.Errorf("the paste is taken to be about %q, want lada", got)
	}
	if len(m.areas) != 1 || m.areas[0].office != "1906" {
		t.Errorf("areas %v, want the regency", m.areas)
	}
}

// FuzzUnderstand holds that any bytes give a bounded meaning in bounded time.
func FuzzUnderstand(f *testing.F) {
	u := plainUnderstanding(f)
	for _, s := range []string{
		"jmlh pnduduk manggar 2023", "pdrb 2019–2023", "1102001.1906", "5 tahun terakhir", "", "\x00\xff\xfe",
		"'; DROP TABLE",
		strings.Repeat("a", 5000), strings.Repeat("kemiskinan ", 900), "per per per menurut", "kecamatan kecamatan", "2019-",
		"ＡＢＣ２０２０", "🙏🙏",
	} {
		f.Add(s, "kemiskinan 2020")
	}
	f.Fuzz(func(t *testing.T, query, before string) {
		start := time.Now()
		m := u.read(query).after(u.read(before))
		if d := time.Since(start); d > time.Minute { // a hang, not slowness
			t.Errorf("took %v", d)
		}
		if len(m.concepts) > 2*maxConcepts || len(m.areas) > 4 {
			t.Errorf("%d concepts, %d areas", len(m.concepts), len(m.areas))
		}
		for _, c := range m.concepts {
			if len(c.ways) == 0 || len(c.ways) > maxWays {
				t.Errorf("%d ways to say %q", len(c.ways), c.exact)
			}
		}
		if m.from > m.to || m.from < 0 || m.to > lastYear+100 {
			t.Errorf("years %d-%d", m.from, m.to)
		}
		text := m.words.String()
		if !utf8.ValidString(text) || len(text) > 3*maxQueryBytes {
			t.Errorf("%d bytes to show, valid %v", len(text), utf8.ValidString(text))
		}
	})
}
