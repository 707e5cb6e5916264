package conversation

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func testTexts(tb testing.TB, own string) *Texts {
	tb.Helper()
	x, err := NewTexts(testOffice(), own)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

// TestEveryTextIsShort renders every text with the longest data the desk's own
// limits let through: it must fit one message, with the line that leads back.
func TestEveryTextIsShort(t *testing.T) {
	x := testTexts(t, "")
	for key, all := range samples(x) {
		for _, data := range all {
			s, err := x.Text(key, data)
			if err != nil {
				t.Errorf("%s: %v", key, err)
				continue
			}
			if n := utf8.RuneCountInString(s); n > roomOf(key) {
				t.Errorf("%s has %d characters:\n%s", key, n, s)
			}
			if s == "" || strings.Contains(s, "<no value>") || strings.Contains(s, "%!") || strings.Contains(s, "{{") {
				t.Errorf("%s reads %q", key, s)
			}
		}
	}
}

func TestAnOfficeMayWriteItsOwnTexts(t *testing.T) {
	x := testTexts(t, "\n{{define \"thanks\"}}Terima kasih kembali dari {{.Office.Name}}.{{end}}\n{{define "+
		"\"zero.menu\"}}Awal{{end}}")
	for key, want := range map[string]string{"thanks": "Terima kasih kembali dari BPS Kabupaten Belitung Timur.",
		"zero.menu": "Awal", "zero.back": "Kembali"} {
		if got, err := x.Text(key, nil); got != want || err != nil {
			t.Errorf("%s reads %q, %v; want %q", key, got, err, want)
		}
	}
	if a, b := len(x.Keys()), len(testTexts(t, "  \n").Keys()); a != b {
		t.Errorf("%d keys with own texts, %d without", a, b)
	}
}

func TestMistakesInOwnTextsAreNamed(t *testing.T) {
	for _, c := range []struct{ name, own, want string }{
		{"a key that does not exist", "{{define \"thank\"}}x{{end}}", `"thank" is no text of the desk`},
		{"an end that is missing, by its line", "{{define \"thanks\"}}x{{end}}\n\n{{define \"menu\"}}x", "own:3"},
		{"a broken action, by its line", "{{define \"thanks\"}}\nsatu {{if}}\n{{end}}{{end}}", "own:2"},
		{"a function that does not exist, by its line", "\n{{define \"thanks\"}}{{besar .Name}}{{end}}", "own:2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := NewTexts(testOffice(), c.own)
			if err == nil || x != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %v, want one that says %s", err, c.want)
			}
		})
	}
}

func TestATextWithoutItsDataIsAnError(t *testing.T) {
	x := testTexts(t, "")
	if s, err := x.Text("linked", nil); err == nil || s != "" || !strings.Contains(err.Error(), "linked") {
		t.Errorf("got %q, %v; want an error that names the key", s, err)
	}
	if s, err := x.Text("no.such.key", nil); err == nil || s != "" {
		t.Errorf("an unknown key reads %q, %v", s, err)
	}
}

func TestTextsTellWhatWasUsed(t *testing.T) {
	x := testTexts(t, "")
	var used []string
	x.Seen = func(key string) { used = append(used, key) }
	for _, key := range []string{"thanks", "linked", "help"} { // the second lacks its data
		_, _ = x.Text(key, nil)
	}
	if want := []string{"thanks", "help"}; !slices.Equal(used, want) {
		t.Errorf("used %q, want %q", used, want)
	}
}

func TestPack(t *testing.T) {
	long := strings.Repeat("baris yang panjang sekali\n", 80) // 2,080 characters
	for _, c := range []struct {
		name       string
		paragraphs []string
		lengths    []int
	}{
		{"nothing", nil, nil},
		{"empty paragraphs", []string{"", ""}, nil},
		{"what fits goes into one", []string{"satu", "dua"}, []int{9}},
		{"1,000 characters with the empty line between", []string{strings.Repeat("a", 500), strings.Repeat("b", 498)},
			[]int{1000}},
		{"one character more", []string{strings.Repeat("a", 500), strings.Repeat("b", 499)}, []int{500, 499}},
		{"characters, not bytes", []string{strings.Repeat("é", 1000)}, []int{1000}},
		{"split at line ends", []string{long}, []int{987, 987, 103}},
		{"split at a space where there is no line end", []string{strings.Repeat("a", 900) + " " + strings.Repeat("b", 900)},
			[]int{900, 900}},
		{"one word of 2,500 letters", []string{strings.Repeat("a", 2500)}, []int{1000, 1000, 500}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var lengths []int
			for _, m := range pack(c.paragraphs) {
				lengths = append(lengths, utf8.RuneCountInString(m))
			}
			if !slices.Equal(lengths, c.lengths) {
				t.Errorf("messages of %d characters, want %d", lengths, c.lengths)
			}
		})
	}
}

func FuzzPack(f *testing.F) {
	f.Add("satu", "dua", 1)
	f.Add("kata ", "baris\n", 300)
	f.Add("é🙂\n\n", "*1* x", 999)
	f.Fuzz(func(t *testing.T, a, b string, n int) {
		a, b = clean(a), clean(b)
		long := strings.TrimSpace(strings.Repeat(a+" ", 1+max(0, n)%400))
		paragraphs := []string{long, b, a}
		messages := pack(paragraphs)
		for _, m := range messages {
			if k := utf8.RuneCountInString(m); k == 0 || k > MaxReply || !utf8.ValidString(m) {
				t.Fatalf("a message of %d characters: %q", k, m)
			}
		}
		bare := func(s []string) string { return strings.Join(strings.Fields(strings.Join(s, " ")), "") }
		if bare(messages) != bare(paragraphs) {
			t.Fatalf("%q became %q", paragraphs, messages)
		}
	})
}

func TestLongDate(t *testing.T) {
	for want, at := range map[string]string{"1 Januari 2026": "2026-01-01 00:00:00",
		"17 Agustus 2026": "2026-08-17 12:00:00", "31 Desember 2026": "2026-12-31 23:59:59"} {
		if got := longDate(moment(t, at)); got != want {
			t.Errorf("%s is written %q, want %q", at, got, want)
		}
	}
}

func TestDatesInTextsAreOfTheOfficesZone(t *testing.T) {
	x := testTexts(t, `{{define "erased"}}{{date .Until}} {{clock .Until}}{{end}}`)
	got, err := x.Text("erased", D{"Until": time.Date(2026, 11, 22, 18, 5, 0, 0, time.UTC)})
	if want := "23 November 2026 01.05 WIB"; got != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1.000", 54321: "54.321", 214000: "214.000",
		32000000: "32.000.000"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}

func TestDrawnCodesCannotBeMisread(t *testing.T) {
	bytes := make([]byte, 256)
	for i := range bytes {
		bytes[i] = byte(i)
	}
	s, err := random(strings.NewReader(string(bytes)), 256)
	if err != nil || len(s) != 256 || strings.ContainsAny(s, "ILOU") {
		t.Fatalf("random = %q, %v", s, err)
	}
	for _, c := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
		if n := strings.Count(s, string(c)); n != 8 {
			t.Errorf("%c comes %d times of 256, want 8", c, n)
		}
	}
	if s, err := random(strings.NewReader("ab"), 3); err == nil || s != "" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("with too little randomness: %q, %v", s, err)
	}
}
