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
		"ketik *menu* atau *0*":  "ketik <b>menu</b> atau <b>0</b>",
		"*Judul*\nisi":           "<b>Judul</b>\nisi",
		"(*penduduk*), *laki*.":  "(<b>penduduk</b>), <b>laki</b>.",
		"3*4*5":                  "3*4*5",
		"2 * 3 * 4":              "2 * 3 * 4",
		"*buka":                  "*buka",
		"*satu\ndua*":            "*satu\ndua*",
		"**":                     "**",
		"* *a*":                  "* <b>a</b>",
		"a <b>&amp; \"b\"":       "a &lt;b&gt;&amp;amp; \"b\"",
		"*<i>*":                  "<b>&lt;i&gt;</b>",
		"  tepi  ":               "tepi",
		"rusak \xff\x00 byte":    "rusak  byte",
		"catatan*) dan kaki*)":   "catatan*) dan kaki*)",
		"*dua kata* dan *tiga*!": "<b>dua kata</b> dan <b>tiga</b>!",
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
	for _, s := range []string{"*a*", "a<b>&", "**", strings.Repeat("*x y*\n", 50), "👨‍👩‍👧", "*a\n*b*", "\xff*\x00*", " *a* ", "*&*<*>*"} {
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
			[]conversation.Option{{Key: "1", Number: "1", Label: "Cari & baca publikasi"}, {Key: "2", Number: "2", Label: "Buku tamu/pendaftaran"}, {Key: "0", Number: "0", Label: "Kembali"}},
			`1. Cari & baca publikasi / 2. Buku tamu/pendaftaran / 0. Kembali`,
		},
		"short answers stand side by side": {
			[]conversation.Option{{Key: "1", Number: "1", Label: "Setuju"}, {Key: "2", Number: "2", Label: "Tidak"}},
			`1. Setuju|2. Tidak`,
		},
		"what would be cut is a number": {
			[]conversation.Option{{Key: "1", Number: "1", Label: long}, {Key: "2", Number: "2", Label: "B"}, {Key: "3", Number: "3", Label: "C"}, {Key: "4", Number: "4", Label: "D"}, {Key: "5", Number: "5", Label: "E"},
				{Key: "lanjut", Label: "Lanjut"}, {Key: "0", Number: "0", Label: "Menu"}},
			`1|2|3|4|5 / Lanjut|0. Menu`,
		},
		"a long menu is numbers": {
			[]conversation.Option{{Key: "1", Number: "1", Label: "Cari dan baca publikasi"}, {Key: "2", Number: "2", Label: "Buku tamu/pendaftaran"}, {Key: "3", Number: "3", Label: "Koleksi cetak dan kunjungan"},
				{Key: "4", Number: "4", Label: "Info standar layanan"}, {Key: "5", Number: "5", Label: "Pengaduan dan saran"}, {Key: "6", Number: "6", Label: "Petugas yang melayani"}, {Key: "7", Number: "7", Label: "Data saya"},
				{Key: "0", Number: "0", Label: "Menu ini lagi"}},
			`1|2|3|4|5 / 6|7 / 0. Menu ini lagi`,
		},
		"a word that is long is cut": {
			[]conversation.Option{{Key: "ya", Label: "*" + long + "*"}},
			`Kabupaten Belitung Timur Dalam Angk…`,
		},
		"no label is the key":   {[]conversation.Option{{Key: "lewati"}}, `lewati`},
		"no key is no button":   {[]conversation.Option{{Label: "x"}}, ``},
		"an answer stands once": {[]conversation.Option{{Key: "0", Number: "0", Label: "Menu"}, {Key: "0", Number: "0", Label: "Menu"}}, `0. Menu`},
	}
	c, err := New(Config{Token: telegramtest.DefaultToken})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			markup := c.keyboard(1, conversation.Send{Menu: "m", Options: test.options})
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

// htmls are the messages of a text as they are written to Telegram.
func htmls(text string, limit int) []string {
	var out []string
	for _, p := range render(text, limit) {
		out = append(out, p.html)
	}
	return out
}
