package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/moby/sys/atomicwriter"

	"pst/bot/telegram/telegramtest"
)

// says writes to the desk and waits for a message that has a part in it.
func (p *pageDesk) says(u *telegramtest.User, text, want string) string {
	p.t.Helper()
	u.Say(text)
	return p.hears(u, want)
}

func (p *pageDesk) hears(u *telegramtest.User, want string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	var heard []string
	for {
		m, err := u.Next(ctx)
		if err != nil {
			p.t.Fatalf("%q did not come, only %q: %v", want, heard, err)
		}
		if strings.Contains(m.Text, want) {
			return m.Text
		}
		heard = append(heard, m.Text)
	}
}

var formVersion = regexp.MustCompile(`name="versi" value="(\w+)"`)

// version is what a form says it was filled from.
func (p *pageDesk) version(path string) string {
	p.t.Helper()
	_, body := p.get(path)
	m := formVersion.FindStringSubmatch(body)
	if m == nil {
		p.t.Fatalf("%s has no form:\n%s", path, body)
	}
	return m[1]
}

func (p *pageDesk) file(name string) string {
	p.t.Helper()
	text, err := os.ReadFile(p.house.path(name))
	if err != nil && !os.IsNotExist(err) {
		p.t.Fatal(err)
	}
	return string(text)
}

// noted tells whether the audit has a line of Pak Budi at the page, masked.
func (p *pageDesk) noted(what, subject string) bool {
	p.t.Helper()
	return slices.ContainsFunc(p.audited(), func(line string) bool {
		return strings.HasPrefix(line, "web:pak budi ") && strings.HasSuffix(line, " "+what+" "+subject)
	})
}

func TestATextChangedAtThePageIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	by := "{{/* ditulis pengelola */}}\n{{define \"nod\"}}Silakan.{{end}}\n"
	if err := os.WriteFile(p.house.path(textsFile), []byte(by), 0o600); err != nil {
		t.Fatal(err)
	}
	p.login()
	reader := p.srv.User(4711)
	p.says(reader, "halo", "Sahabat Data")
	const was, now = "Sama-sama, senang bisa membantu", "Dengan senang hati, Kawan dari"
	p.says(reader, "terima kasih", was)

	form := func(text string) url.Values {
		return url.Values{"teks": {text}, "versi": {p.version("/kalimat/thanks")}}
	}
	// Looked at first, nothing is changed; then saved, with lines as browsers send them.
	text := now + " {{.Office.Name}}.\r\n*Sampai jumpa*"
	look := form(text)
	look.Set("lihat", "1")
	if status, body := p.post("/kalimat/thanks", look); status != http.StatusOK ||
		!strings.Contains(body, now+" BPS Kabupaten Belitung Timur.\n<strong>Sampai jumpa</strong>") ||
		p.file(textsFile) != by {
		t.Fatalf("the preview: %d\n%s", status, body)
	}
	old := form(text) // filled in at the same time
	if status, body := p.post("/kalimat/thanks", form(text)); status != http.StatusOK ||
		!strings.Contains(body, "Tersimpan") {
		t.Fatalf("saving: %d\n%s", status, body)
	}
	if want := by + "{{define \"thanks\"}}" + now +
		" {{.Office.Name}}.\n*Sampai jumpa*{{end}}\n"; p.file(textsFile) != want {
		t.Errorf("the file reads\n%s\nwant\n%s", p.file(textsFile), want)
	}
	p.says(reader, "terima kasih", now)
	if !p.noted("text changed", "thanks") {
		t.Error("the change is not audited")
	}

	// Pressed twice it is done once.
	if status, body := p.post("/kalimat/thanks",
		url.Values{"teks": {text}, "versi": old["versi"]}); status != http.StatusOK ||
		!strings.Contains(body, "Tersimpan") || strings.Count(body, "Pakai lagi versi ini") != 1 {
		t.Errorf("pressed twice: %d\n%s", status, body)
	}
	old.Set("teks", "Lain")
	// Who looked at the page before does not take it back unknowingly.
	if status, body := p.post("/kalimat/thanks", old); status != http.StatusConflict ||
		!strings.Contains(body, "perubahan lain sudah tersimpan") {
		t.Errorf("a form that was filled before: %d", status)
	}
	before := p.file(textsFile)
	for text, why := range map[string]string{"": "kosong", "{{.Sandi}}": "tidak dikenal",
		"{{if .Office.Name}}x":         "tidak lengkap",
		"x{{end}}{{define \"menu\"}}y": "tidak lengkap", strings.Repeat("panjang ", 200): "terlalu panjang",
		"\xff\xfe\x00": "kosong"} {
		status, body := p.post("/kalimat/thanks", form(text))
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, why) ||
			!strings.Contains(body, `aria-invalid="true"`) {
			t.Errorf("%.20q: %d, want it to say %q", text, status, why)
		}
	}
	if status, _ := p.post("/kalimat/thanks", form(strings.Repeat("x", 1<<20))); status < 400 {
		t.Errorf("a megabyte: %d", status)
	}
	for _, path := range []string{"/kalimat/sandi", "/kalimat/..%2Fpst.toml", "/kalimat/%00"} {
		if status, _ := p.post(path, url.Values{"teks": {"x"}, "versi": {"0"}}); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if p.file(textsFile) != before {
		t.Error("what was refused changed the file")
	}
	p.says(reader, "terima kasih", now)
	if status, body := p.post("/kalimat/thanks", url.Values{"teks": {"<script>alert(1)</script>"},
		"lihat": {"1"}}); status != http.StatusOK ||
		strings.Contains(body, "<script>alert") {
		t.Errorf("what is typed is not escaped: %d", status)
	}

	// Back to the desk's own, and to an earlier version.
	if _, body := p.get("/kalimat/thanks"); strings.Count(body, "Pakai lagi versi ini") != 1 {
		t.Errorf("one earlier version is not offered:\n%s", body)
	}
	usual := form("")
	usual.Set("bawaan", "1")
	p.post("/kalimat/thanks", usual)
	if p.file(textsFile) != by {
		t.Errorf("back to the desk's own the file reads\n%s", p.file(textsFile))
	}
	p.says(reader, "terima kasih", was)
	if _, body := p.get("/kalimat/thanks"); !strings.Contains(body, "diganti oleh Pak Budi") ||
		!strings.Contains(body, "<pre>"+now) {
		t.Errorf("the earlier version is not shown:\n%s", body)
	}
}

func TestTextsAreFoundByWordsAndParts(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	p.login()
	for path, want := range map[string][2]string{
		"/kalimat":                                  {"Pengaduan dan saran", "Sama-sama, senang"},
		"/kalimat?cari=SENANG+membantu":             {"Sama-sama, senang", "Bapak/Ibu perlukan?"},
		"/kalimat?bagian=Sapaan+dan+menu":           {"Bapak/Ibu perlukan?", "Sama-sama, senang"},
		"/kalimat?diubah=1":                         {"0 kalimat", "Sama-sama, senang"},
		"/kalimat?cari=%3Cscript%3Ealert":           {"&lt;script&gt;", "<script>alert"},
		"/kalimat/usage:cek%20kode":                 {"<code>usage:cek kode</code>", "Tersimpan"},
		"/kalimat/menu":                             {"pilihan jawaban bernomor", "Tersimpan"},
		"/kalimat?cari=" + strings.Repeat("é", 200): {"0 kalimat", "Sama-sama"},
	} {
		status, body := p.get(path)
		if status != http.StatusOK || !strings.Contains(body, want[0]) || strings.Contains(body, want[1]) {
			t.Errorf("%s: %d, want %q and not %q\n%.3000s", path, status, want[0], want[1], body)
		}
	}
}

func TestTwentyVersionsOfATextAreKept(t *testing.T) {
	t.Parallel()
	h, _ := houseFor(t, "")
	s := sentences{&live{house: h}}
	for i := range 3 * versionsMost {
		text := strings.Repeat("x", i+1)
		for _, key := range []string{"thanks", "nod"} {
			if err := s.keep(before{Key: key, Text: &text, By: "Pak Budi"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	add(t, h.path(textsBefore), "{damaged\n")
	list, err := s.earlier()
	if err != nil || len(list) != 2*versionsMost || len(*list[0].Text) != 2*versionsMost+1 {
		t.Errorf("%d are kept, %v", len(list), err)
	}
}

// What an engineer changes by hand is taken over too; what is broken is not.
func TestFilesChangedByHandAreTakenOver(t *testing.T) {
	t.Parallel()
	logs := &locked{}
	p := servePageOver(t, platform{}, "", func(h *house) { h.std.err = logs })
	reader := p.srv.User(4711)
	p.says(reader, "halo", "Sahabat Data")
	write := func(text string) {
		if err := atomicwriter.WriteFile(p.house.path(textsFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{{define "thanks"}}Oleh pengelola.{{end}}`)
	soon(t, "the changed file is taken over", func() bool {
		reader.Say("terima kasih")
		m, err := reader.Next(t.Context())
		return err == nil && strings.Contains(m.Text, "Oleh pengelola.")
	})
	// Broken by hand, the desk goes on as it was, says so once, and lets nobody save over it.
	write(`{{define "thanks"}}Rusak {{.Sandi}}{{end}}`)
	soon(t, "the fault is logged", func() bool { return strings.Contains(logs.String(), "cannot be used") })
	if err := os.WriteFile(p.house.path(kantorFile), []byte("[office\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	soon(t, "the next fault is logged", func() bool { return strings.Contains(logs.String(), kantorFile) })
	if n := strings.Count(logs.String(), "cannot be used"); n != 2 {
		t.Errorf("two faults are logged %d times:\n%s", n, logs.String())
	}
	p.says(reader, "terima kasih", "Oleh pengelola.")
	os.Remove(p.house.path(kantorFile))
	p.login()
	broken := p.file(textsFile)
	if status, _ := p.post("/kalimat/nod", url.Values{"teks": {"Ya?"},
		"versi": {p.version("/kalimat/nod")}}); status != http.StatusUnprocessableEntity || p.file(textsFile) != broken {
		t.Errorf("saved over a file that is broken: %d\n%s", status, p.file(textsFile))
	}
}
