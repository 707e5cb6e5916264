package telegram

import (
	"encoding/json"
	"html"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

func TestTheNeutralMarkBecomesBoldAndNothingElseDoes(t *testing.T) {
	for text, want := range map[string]string{
		"ketik *menu* atau *0*": "ketik <b>menu</b> atau <b>0</b>",
		"*Judul*\nisi":          "<b>Judul</b>\nisi",
		"(*penduduk*), *laki*.": "(<b>penduduk</b>), <b>laki</b>.",
		"3*4*5":                 "3*4*5",
		"2 * 3 * 4":             "2 * 3 * 4",
		"*buka":                 "*buka",
		"*satu\ndua*":           "*satu\ndua*",
		"**":                    "**",
		"* *a*":                 "* <b>a</b>",
		"a <b>&amp; \"b\"":      "a &lt;b&gt;&amp;amp; \"b\"",
		"*<i>*":                 "<b>&lt;i&gt;</b>",
		"  tepi  ":              "tepi",
		"rusak \xff\x00 byte":   "rusak  byte",
		"*27 914* jiwa (2021)\nKrisan∗: <19 & 65+ (_ha_)": "<b>27 914</b> jiwa (2021)\nKrisan∗: &lt;19 &amp; 65+ (_ha_)",
		"catatan*) dan kaki*)":                            "catatan*) dan kaki*)",
		"*dua kata* dan *tiga*!":                          "<b>dua kata</b> dan <b>tiga</b>!",
	} {
		got := strings.Join(htmls(text, maxText), "|")
		if got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// seen is what a person reads of rendered HTML, and how many bold parts.
func seen(rendered string) (string, int) {
	n := strings.Count(rendered, "<b>")
	return html.UnescapeString(strings.NewReplacer("<b>", "", "</b>", "").Replace(rendered)), n
}

func utf16Len(s string) int { return len(utf16.Encode([]rune(s))) }

func TestLongTextIsCutAtLineAndWordEnds(t *testing.T) {
	line := "baris dengan *kata tebal* & tanda <kurung>\n"
	text := strings.Repeat(line, 300)
	pieces := htmls(text, maxText)
	if len(pieces) < 3 {
		t.Fatalf("%d pieces", len(pieces))
	}
	for i, p := range pieces {
		s, bold := seen(p)
		if utf16Len(s) > maxText || strings.Count(p, "</b>") != bold {
			t.Errorf("piece %d has %d units and %d marks", i, utf16Len(s), bold)
		}
		if i < len(pieces)-1 && !strings.HasSuffix(s, "<kurung>") {
			t.Errorf("piece %d ends inside a line: %q", i, s[len(s)-20:])
		}
	}
}

func TestABoldTextOverTheLimitStaysBoldInBothPieces(t *testing.T) {
	pieces := htmls("*"+strings.Repeat("kata ", 300)+"akhir*", maxCaption)
	if len(pieces) != 2 {
		t.Fatalf("%d pieces", len(pieces))
	}
	for _, p := range pieces {
		if !strings.HasPrefix(p, "<b>") || !strings.HasSuffix(p, "</b>") {
			t.Errorf("mark is lost: %.20q…", p)
		}
	}
}

func TestASignIsNeverCutInTwo(t *testing.T) {
	family := "👨‍👩‍👧‍👦"
	for lead := range 12 {
		text := strings.Repeat("x", lead) + strings.Repeat(family, 200)
		for _, p := range htmls(text, 100) {
			if rest := strings.TrimLeft(p, "x"); strings.ReplaceAll(rest, family, "") != "" {
				t.Fatalf("with %d letters before, a sign was cut: %q", lead, p)
			}
		}
	}
}

func FuzzRenderedTextIsTakenByTelegramAndWhole(f *testing.F) {
	for _, s := range []string{"*a*", "a<b>&", "**", strings.Repeat("*x y*\n", 50), "👨‍👩‍👧", "*a\n*b*", "\xff*\x00*",
		" *a* ", "*&*<*>*"} {
		f.Add(s, 40)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 10 || limit > 5000 || len(text) > 20000 {
			return
		}
		var all strings.Builder
		for _, p := range htmls(text, limit) {
			if !utf8.ValidString(p) || strings.Count(p, "<b>") != strings.Count(p, "</b>") {
				t.Fatalf("broken: %q", p)
			}
			s, _ := seen(p)
			if utf16Len(s) > limit || strings.TrimSpace(s) == "" {
				t.Fatalf("piece of %d units with limit %d: %q", utf16Len(s), limit, p)
			}
			all.WriteString(s)
		}
		letters := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r <= ' ' || r == '*' || r == utf8.RuneError || strings.TrimSpace(string(r)) == "" {
					return -1
				}
				return r
			}, s)
		}
		if a, b := letters(all.String()), letters(text); a != b {
			t.Fatalf("%q lost something: %q", text, all.String())
		}
	})
}

func TestButtonsSuitACheapPhone(t *testing.T) {
	long := "Kabupaten Belitung Timur Dalam Angka 2024 dan Edisi Sebelumnya"
	tests := map[string]struct {
		options []conversation.Option
		want    string
	}{
		"a menu has a button a line": {
			[]conversation.Option{{Key: "1", Number: "1", Label: "Cari & baca publikasi"},
				{Key: "2", Number: "2", Label: "Buku tamu/pendaftaran"}, {Key: "0", Number: "0", Label: "Kembali"}},
			`Cari & baca publikasi / Buku tamu/pendaftaran / Kembali`,
		},
		"short answers stand side by side": {
			[]conversation.Option{{Key: "1", Number: "1", Label: "Setuju sekali"},
				{Key: "2", Number: "2", Label: "Tidak setuju"}},
			`Setuju sekali|Tidak setuju`,
		},
		"hits have digits, ways through them words": {
			[]conversation.Option{{Key: "a", Number: "1"}, {Key: "b", Number: "2"}, {Key: "c", Number: "3"},
				{Key: "d", Number: "4"}, {Key: "e", Number: "5"},
				{Key: "f", Label: "« Awal"}, {Key: "g", Number: "6", Label: "‹ Mundur"}, {Key: "h", Number: "7", Label: "Lanjut ›"},
				{Key: "0", Number: "0", Label: "Menu"}},
			`1|2|3|4|5 / « Awal|‹ Mundur|Lanjut › / Menu`,
		},
		"one long answer makes no digits of the others": {
			[]conversation.Option{{Key: "1", Number: "1", Label: long}, {Key: "2", Number: "2", Label: "Kirim"}},
			`Kabupaten Belitung Timur Dalam Angk… / Kirim`,
		},
		"a word that is long is cut": {
			[]conversation.Option{{Key: "ya", Label: "*" + long + "*"}},
			`Kabupaten Belitung Timur Dalam Angk…`,
		},
		"a number leads on to its page, its table and its years": {
			[]conversation.Option{{Key: "1", Number: "1", Label: "Ambil halaman ini"},
				{Key: "2", Number: "2", Label: "Tabelnya (Excel atau CSV)"},
				{Key: "3", Number: "3", Label: "Tahun dan edisi lain"}, {Key: "4", Number: "4", Label: "Lihat hasil pencarian"},
				{Key: "0", Number: "0", Label: "Kembali"}},
			`Ambil halaman ini / Tabelnya (Excel atau CSV) / Tahun dan edisi lain / Lihat hasil pencarian / Kembali`,
		},
		"no label is the key": {[]conversation.Option{{Key: "lewati"}}, `lewati`},
		"no key is no button": {[]conversation.Option{{Label: "x"}}, ``},
		"an answer stands once": {[]conversation.Option{{Key: "0", Number: "0", Label: "Menu"},
			{Key: "0", Number: "0", Label: "Menu"}}, `Menu`},
	}
	c, err := New(Config{Token: telegramtest.DefaultToken})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			markup := c.layout(1, conversation.Send{Menu: "m", Options: test.options}).markup
			var k struct {
				Rows [][]button `json:"inline_keyboard"`
			}
			if markup != "" {
				if err := json.Unmarshal([]byte(markup), &k); err != nil {
					t.Fatal(err)
				}
			}
			var rows []string
			for _, row := range k.Rows {
				var captions []string
				for _, b := range row {
					captions = append(captions, b.Text)
				}
				rows = append(rows, strings.Join(captions, "|"))
			}
			if got := strings.Join(rows, " / "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// A line that says no more than its button is left out of the text; one that
// says more stays, and so does one whose button does not fit.
func TestTheTextLeavesOutWhatTheButtonsSay(t *testing.T) {
	c, err := New(Config{Token: telegramtest.DefaultToken})
	if err != nil {
		t.Fatal(err)
	}
	option := func(number, label string) conversation.Option {
		return conversation.Option{Key: "k" + number, Number: number, Label: label}
	}
	wide := option("1", "Setuju")
	wide.Key = strings.Repeat("k", 60)
	for name, test := range map[string]struct {
		text    string
		options []conversation.Option
		want    string
	}{
		"a menu": {"Pilih:\n*1* Cari\n*2* Menu\n*0* Kembali", []conversation.Option{option("1", "Cari"), option("2", "Menu"),
			option("0", "Kembali")}, "Pilih:"},
		"hits": {"Hasil:\n*1* Judul (softcopy)\n   hal. 3\n*2* Lanjut ›\n*0* Kembali",
			[]conversation.Option{option("1", ""), option("2", "Lanjut ›"), option("0", "Kembali")},
			"Hasil:\n*1* Judul (softcopy)\n   hal. 3"},
		"more than its button": {"Dari mana?\n*1* Di ruang PST, lantai dua, pintu kiri (di tempat)\n*2* Jauh",
			[]conversation.Option{option("1", "Di ruang PST, lantai dua"), option("2", "Jauh")},
			"Dari mana?\n• Di ruang PST, lantai dua, pintu kiri (di tempat)"},
		"no room for the button": {"Izin?\n*1* Setuju\n*2* Tidak", []conversation.Option{wide, option("2", "Tidak")},
			"Izin?\n*1* Setuju"},
		"the same words above": {"*1* Cari\n\nPilih:\n*1* Cari", []conversation.Option{option("1", "Cari")},
			"*1* Cari\n\nPilih:"},
		"nothing but answers": {"*1* Cari\n*2* Menu", []conversation.Option{option("1", "Cari"), option("2", "Menu")},
			"*1* Cari\n*2* Menu"},
		"no options": {"*1* dari 3", nil, "*1* dari 3"},
		"a number": {"*4.550* jiwa (2022)\nLenggang: Umur <19 & 65+\nTabel 2.1.1 Penduduk Menurut Desa\nKecamatan Gantung " +
			"Dalam Angka 2023, hal. 10 (tercetak 5)\nSumber: Disdukcapil\nKode angka 2F8CTQ.\n*1* Ambil halaman ini\n*2* " +
			"Tabelnya (Excel atau CSV)\n*0* Kembali",
			[]conversation.Option{option("1", "Ambil halaman ini"), option("2", "Tabelnya (Excel atau CSV)"),
				option("0", "Kembali")},
			"*4.550* jiwa (2022)\nLenggang: Umur <19 & 65+\nTabel 2.1.1 Penduduk Menurut Desa\nKecamatan Gantung Dalam Angka " +
				"2023, hal. 10 (tercetak 5)\nSumber: Disdukcapil\nKode angka 2F8CTQ."},
		"a line in the middle": {"Pilih:\n*1* Cari\n\nAtau ketik kata kunci.", []conversation.Option{option("1", "Cari")},
			"Pilih:\n\nAtau ketik kata kunci."},
	} {
		if got := c.layout(1, conversation.Send{Menu: "m", Text: test.text, Options: test.options}).text; got != test.want {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, test.want)
		}
	}
}

// htmls are the messages of a text as they are written to Telegram.
func htmls(text string, limit int) []string {
	var out []string
	for _, p := range render(text, limit) {
		out = append(out, p.html)
	}
	return out
}
