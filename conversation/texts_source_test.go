package conversation

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryTextIsListedAsItIsWritten(t *testing.T) {
	list, err := TextSources()
	if err != nil {
		t.Fatal(err)
	}
	x := testTexts(t, "")
	if a, b := len(list), len(x.Keys()); a != b {
		t.Errorf("%d texts are listed of %d", a, b)
	}
	own := ""
	for _, s := range list {
		if s.Group == "" {
			t.Errorf("%s has no group", s.Key)
		}
		own, err = PutText(own, s.Key, &s.Text)
		if err != nil {
			t.Errorf("%s: %v", s.Key, err)
		}
	}
	// Written by an office word for word as they stand, they are taken.
	if _, err := NewTexts(testOffice(), own); err != nil {
		t.Error(err)
	}
}

func TestATextIsPutWithoutTouchingTheRest(t *testing.T) {
	const file = "{{/* Dari {{define \"thanks\"}} kantor: */}}\n" +
		"{{define \"help\"}}Satu }} {{printf \"}} {{\"}}{{end}}\n{{- define \"thanks\" -}}\n{{if .X}}a{{else}}b{{end}}\n" +
		"{{- end}}\n# catatan\n{{define \"menu\"}}M {{.Options}}{{end}}"
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		name, key string
		text      *string
		want      string
	}{
		{"in place", "thanks", text("Sama-sama{{with .Y}}, {{.}}{{end}}."),
			strings.Replace(file, "\n{{if .X}}a{{else}}b{{end}}\n", "Sama-sama{{with .Y}}, {{.}}{{end}}.", 1)},
		{"at the end", "greet", text("Halo"), file + "\n{{define \"greet\"}}Halo{{end}}\n"},
		{"taken out", "thanks", nil, strings.Replace(file,
			"{{- define \"thanks\" -}}\n{{if .X}}a{{else}}b{{end}}\n{{- end}}\n", "", 1)},
		{"what is not there cannot be taken out", "greet", nil, file},
	} {
		got, err := PutText(file, c.key, c.text)
		if err != nil || got != c.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", c.name, err, got, c.want)
		}
		if own, ok := OwnTexts(got)[c.key]; c.text != nil && (!ok || strings.Trim(own, "\n") != *c.text) {
			t.Errorf("%s: reads back %q", c.name, own)
		}
	}
	for _, bad := range []string{"x{{end}}{{define \"menu\"}}y", "{{define \"menu\"}}y{{end}}",
		"{{block \"menu\" .}}y{{end}}", "{{if .X}}", "{{besar .X}}",
		"{{template", "{{/* x"} {
		if got, err := PutText(file, "thanks", &bad); err == nil || got != file || ExplainText(err) == "" {
			t.Errorf("%q: %v, explained %q", bad, err, ExplainText(err))
		}
	}
}

// Whatever the loader refuses is told to a clerk, in a sentence of its own language.
func TestWhatIsWrongWithATextIsExplained(t *testing.T) {
	for _, c := range []struct{ key, text, want string }{
		{"thanks", " ", "kosong"},
		{"thanks", "{{.Sandi}}", "tidak dikenal"},
		{"thanks", "{{.Office.Sandi}}", "tidak dikenal"},
		{"thanks", strings.Repeat("panjang ", 200), "terlalu panjang"},
		{"menu", "Pilih:", "{{.Options}}"},
		{"menu", "Pilih:\n*1* Cari\n{{.Options}}", "bernomor"},
		{"menu:search", "Info standar layanan", "pilihan lain"},
		{"menu:search", "12", "angkanya"},
		{"consent:agree", "Tidak", "kebalikannya"},
		{"menu:search", "satu\ndua", "satu baris"},
		{"menu:search", "batal", "perintah"},
	} {
		own, err := PutText("", c.key, &c.text)
		if err == nil {
			_, err = NewTexts(testOffice(), own)
		}
		if err == nil || !strings.Contains(ExplainText(err), c.want) {
			t.Errorf("%s %.20q: %v, explained %q", c.key, c.text, err, ExplainText(err))
		}
	}
}

func TestATextIsShownAsItWillRead(t *testing.T) {
	x := testTexts(t, `{{define "thanks"}}Terima kasih dari {{.Office.Name}}.{{end}}`)
	if got := x.Preview("thanks"); !slices.Equal(got, []string{"Terima kasih dari BPS Kabupaten Belitung Timur."}) {
		t.Errorf("%q", got)
	}
	if got := x.Preview("menu"); len(got) != 1 || !strings.Contains(got[0], "*5* Cari dan baca publikasi") {
		t.Errorf("%q", got)
	}
	data := samples(x)
	for _, key := range x.Keys() {
		if len(x.preview(key, data[key])) == 0 && key != "preview.text" {
			t.Errorf("%s cannot be shown", key)
		}
		for _, p := range x.placeholders(key, data[key]) {
			if p.Means == "" {
				t.Errorf("%s: %s is not explained", key, p.Name)
			}
		}
	}
}
