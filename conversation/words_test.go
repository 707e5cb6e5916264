package conversation

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a plain line", "penduduk 2024", "penduduk 2024"},
		{"runs of spaces and tabs", "  penduduk \t  2024  ", "penduduk 2024"},
		{"line ends stay", "satu\n  dua  \ntiga", "satu\ndua\ntiga"},
		{"Windows line ends", "satu\r\ndua\r\n", "satu\ndua"},
		{"empty lines at the ends", "\n\n satu \n\n", "satu"},
		{"control characters", "a\x00b\x07c\x1b[31md\x7f", "a b c [31md"},
		{"a no-break space", "penduduk\u00a02024", "penduduk 2024"},
		{"a line separator", "satu\u2028dua", "satu dua"},
		{"a zero-width space and a byte order mark", "\ufeffpen\u200bduduk", "pen duduk"},
		{"marks that turn the direction", "a\u202eb\u2066c\u200fd", "a b c d"},
		{"the joiner inside an emoji stays", "👨\u200d👩", "👨\u200d👩"},
		{"bytes that are no UTF-8", "pen\xff\xfeduduk \xc3", "pen duduk"},
		{"a replacement character", "pen\ufffdduduk", "pen duduk"},
		{"Arabic", "سلام عليكم", "سلام عليكم"},
		{"only control characters", "\x00\x01\u200b\n\t", ""},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := clean(c.text); got != c.want {
				t.Errorf("clean(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
	t.Run("ten megabytes", func(t *testing.T) {
		if got := clean(strings.Repeat("a \x00\xff", 10<<20/4)); strings.Contains(got, "  ") ||
			!strings.HasPrefix(got, "a a a") {
			t.Errorf("got %d bytes that begin %q", len(got), got[:20])
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\x00b", "\xff\xc3\x28", "a\u200d\u202e b", " \n \n ", "\r\n\u2029\u0085x", "\u180e",
		"👍🏽"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		if !utf8.ValidString(got) || clean(got) != got || strings.TrimSpace(got) != got {
			t.Fatalf("clean(%q) = %q, which is not clean", s, got)
		}
		for _, r := range got {
			if r != '\n' && (unicode.IsControl(r) || r != ' ' && unicode.IsSpace(r)) {
				t.Fatalf("clean(%q) holds %U", s, r)
			}
		}
		keeps := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
		if a, b := count(strings.ToValidUTF8(s, ""), keeps), count(got, keeps); a != b {
			t.Fatalf("clean(%q) keeps %d of %d letters and digits", s, b, a)
		}
	})
}

func count(s string, is func(rune) bool) (n int) {
	for _, r := range s {
		if is(r) {
			n++
		}
	}
	return n
}

func TestWord(t *testing.T) {
	for text, want := range map[string]string{
		"menu":                  "menu",
		"Menu dong, Kak 🙏":      "menu",
		"  MENU!!! ":            "menu",
		"*1*":                   "1",
		"nomor 3 ya pak":        "3",
		"saya mau buku tamu":    "buku tamu",
		"pilih yang kedua kak":  "kedua",
		"data saya":             "data",
		"ya":                    "ya",
		"S2":                    "s2",
		"D1-D3":                 "d1 d3",
		"Pelajar/Mahasiswa":     "pelajar mahasiswa",
		"🙏🙏":                    "",
		"":                      "",
		"tidak, terima kasih":   "tidak terima kasih",
		"yang mana kah":         "mana kah",
		"kak, kemiskinan 2023?": "kemiskinan 2023",
	} {
		if got := word(text); got != want {
			t.Errorf("word(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestYesNo(t *testing.T) {
	for want, answers := range map[string][]string{
		"1": {"1", "ya", "Ya.", "YA!", "y", "iya", "iya kak", "ok", "oke dong", "setuju", "benar", "betul pak", "boleh",
			"satu", "👍", "👍🏽", "ya, benar", "ya setuju"},
		"2": {"2", "tidak", "Tidak.", "tdk", "gak", "nggak kak", "bukan", "belum", "jangan dong", "tidak setuju", "dua",
			"no"},
		"": {"", "3", "0", "12", "mungkin", "kemiskinan", "tidak tahu", "🙏", "y n", "1 2"},
	} {
		for _, a := range answers {
			if got := yesNo(a); got != want {
				t.Errorf("yesNo(%q) = %q, want %q", a, got, want)
			}
		}
	}
}

func TestSkipped(t *testing.T) {
	for answer, want := range map[string]bool{"lewati": true, "Lewati dong": true, "-": true, " - ": true,
		"tidak ada": true, "skip": true,
		"": false, "1": false, "ada": false, "SMAN 1": false, "lewat jalan": false} {
		if got := skipped(answer); got != want {
			t.Errorf("skipped(%q) = %v, want %v", answer, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		name, text string
		n          int
		want       string
	}{
		{"short enough", "Belitung Timur", 14, "Belitung Timur"},
		{"at a word's end", "Belitung Timur Dalam Angka", 18, "Belitung Timur…"},
		{"no mark of a sentence before the dots", "Belitung, Timur dan lainnya", 11, "Belitung…"},
		{"inside a word too long to drop", "Kepulauanbangkabelitung", 10, "Kepulauan…"},
		{"characters, not bytes", "ééééé", 5, "ééééé"},
		{"an emoji whole", "🙂🙂🙂🙂", 3, "🙂🙂…"},
		{"nothing", "", 10, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := cut(c.text, c.n); got != c.want {
				t.Errorf("cut(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
			}
		})
	}
}

// TestWordsThatEndTheTalk: a person in danger must be sent to 112, and a plain
// search must never be taken for danger or rudeness.
func TestWordsThatEndTheTalk(t *testing.T) {
	for _, s := range []string{"saya mau bunuh diri", "tolong ada kebakaran di kantor", "saya sedang diancam",
		"panggil ambulans"} {
		if !dangerPattern.MatchString(s) {
			t.Errorf("%q is not taken for danger", s)
		}
	}
	for _, s := range []string{"data bunuh diri 2023", "jumlah kebakaran di rumah penduduk",
		"statistik kriminal: pembunuhan", "angka bunuh diri", "pasukan pemadam"} {
		if dangerPattern.MatchString(s) {
			t.Errorf("the search %q is taken for danger", s)
		}
	}
	for _, s := range []string{"asuransi", "kasus", "produksi asuh", "begonia", "desa tololan"} {
		if rudePattern.MatchString(s) {
			t.Errorf("the search %q is taken for rude", s)
		}
	}
}
