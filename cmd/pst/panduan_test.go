package main

import (
	"html"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pst/cmd/pst/guide"
	"pst/conversation"
)

var (
	codeSpan = regexp.MustCompile(`(?s)<code>(.*?)</code>`)
	pageIn   = regexp.MustCompile(`<em>(.*?)</em>`)
	quoted   = regexp.MustCompile(`"[^"]*"`)
)

// What the guide says to type exists: commands and options in the command line, words of
// staff in their table, keys in the configuration, files in the manual.
func TestTheGuideNamesOnlyWhatThereIs(t *testing.T) {
	body, err := guide.HTML(guide.Facts{Office: "BPS Contoh"})
	if err != nil {
		t.Fatal(err)
	}
	office := conversation.DefaultOffice(time.UTC)
	texts, err := conversation.NewTexts(&office, "")
	if err != nil {
		t.Fatal(err)
	}
	orders, err := conversation.StaffOrders(texts)
	if err != nil {
		t.Fatal(err)
	}
	plain, secret := variables(reflect.TypeFor[config](), "PST")
	keys := append(plain, secret...)
	commands, words := 0, 0
	for _, m := range codeSpan.FindAllStringSubmatch(string(body), -1) {
		for line := range strings.Lines(html.UnescapeString(m[1])) {
			line = strings.TrimSpace(line)
			line = strings.TrimPrefix(strings.TrimPrefix(line, "sudo "), "-u pst ")
			program, _, more := strings.Cut(line, " ")
			key := "PST_" + strings.ToUpper(strings.ReplaceAll(line, ".", "_"))
			switch {
			case line == "pst", line == "judul", slices.Contains(keys, key), slices.Contains(keys, key+"_FILE"):
			case strings.HasPrefix(line, "pst "):
				commands++
				line, _, _ = strings.Cut(quoted.ReplaceAllString(line, "X"), " > ")
				parser, err := commandLine(&grammar{})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := parser.Parse(longFlags(strings.Fields(line)[1:])); err != nil {
					t.Errorf("%q cannot be typed: %v", line, err)
				}
			case slices.ContainsFunc(orders, func(o conversation.StaffOrder) bool { return o.Verb == line }):
				words++
			case slices.ContainsFunc(manualFiles, func(f struct{ name, what string }) bool { return f.name == line }):
			case more && slices.Contains([]string{"systemctl", "litestream", "rclone", "cp", "chown"}, program): // of others
			default:
				t.Errorf("%q is no command, word of staff, key or file", line)
			}
		}
	}
	if commands < 25 || words < 15 {
		t.Errorf("%d commands and %d words of staff were looked at", commands, words)
	}
	if n := strings.Count(string(body), "<h3"); n != 12 {
		t.Errorf("%d things go wrong, not twelve", n)
	}
}

// The guide is read on a terminal and as one page, with the office's facts, and also
// where the configuration is what is wrong.
func TestTheGuideIsReadOnATerminalAndAsAPage(t *testing.T) {
	dir := t.TempDir()
	toml := filepath.Join(dir, "pst.toml")
	if err := os.WriteFile(toml, []byte("[office]\nname = 'BPS <b>Kota</b> *Contoh*'\n[telegram]\nname = 'x'\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	if exit, out, errs := command(t, "", "panduan", "-data", dir); exit != exitFine ||
		!strings.Contains(strings.Join(strings.Fields(out), " "), "BPS Kabupaten Belitung Timur") {
		t.Errorf("with a configuration that cannot be used: exit %d, %s", exit, errs)
	}
	if err := os.WriteFile(toml, []byte("[office]\ncode = '1906'\nname = 'BPS <b>Kota</b> *Contoh*'\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	exit, out, errs := command(t, "", "panduan", "-data", dir)
	if exit != exitFine {
		t.Fatal(errs)
	}
	words := strings.Join(strings.Fields(out), " ")
	for _, want := range []string{"PST BPS <b>Kota</b> *Contoh*.", "PEKERJAAN SEHARI-HARI",
		" pst backup -verify cadangan.zip",
		"- BALAS nomor teks: jawab pelapor", "12. Cadangan malam gagal"} {
		if !strings.Contains(words, want) {
			t.Errorf("the guide on a terminal does not have %q", want)
		}
	}
	for line := range strings.Lines(out) {
		if n := utf8.RuneCountInString(line); n > guideWidth+1 && !strings.HasPrefix(line, "    ") {
			t.Errorf("%d characters in a line: %s", n, line)
		}
		if strings.ContainsAny(line, "`") || strings.Contains(line, "**") {
			t.Errorf("marks are shown: %s", line)
		}
	}
	file := filepath.Join(dir, "panduan.html")
	if exit, _, errs := command(t, "", "panduan", "-html", "-o", file, "-data", dir); exit != exitFine {
		t.Fatal(errs)
	}
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "BPS &lt;b&gt;Kota&lt;/b&gt; *Contoh*") || strings.Contains(string(page), "<b>") {
		t.Error("an office's name is taken for marks")
	}
	for _, foreign := range []string{"src=", "<link", "@import", "url("} {
		if strings.Contains(string(page), foreign) {
			t.Errorf("the page needs what is not in it: %s", foreign)
		}
	}
	if exit, _, errs := command(t, "", "panduan", "-html", "-o", file, "-data", dir); exit != exitFailed ||
		!strings.Contains(errs, "tidak ditimpa") {
		t.Errorf("over a file that is there: exit %d, %s", exit, errs)
	}
}

// The page for staff has the same guide, and the pages that it names.
func TestTheGuideIsOnThePageForStaff(t *testing.T) {
	t.Parallel()
	p := servePage(t, "")
	p.login()
	_, got := p.get("/panduan")
	menu := regexp.MustCompile(`(?s)<ul class="menu">(.*?)</ul>`).FindString(got)
	if !strings.Contains(menu, `<a href="/panduan" aria-current="page">Panduan</a>`) {
		t.Errorf("the menu does not lead to it: %s", menu)
	}
	for _, m := range pageIn.FindAllStringSubmatch(got, -1) {
		if !strings.Contains(menu, ">"+m[1]+"</a>") {
			t.Errorf("the guide names a page %q that there is not", m[1])
		}
	}
	if !strings.Contains(got, "Dua belas hal") || !strings.Contains(got, p.url) {
		t.Error("the page is not the guide, or does not tell where the page is")
	}
}
