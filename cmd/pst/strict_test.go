package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A publication is made strict by the import, by a column of a list and by the
// configuration of its office; it stays so when its file or its record comes again,
// until somebody says otherwise; pst check names it.
func TestStrictIsSaidOnceAndStays(t *testing.T) {
	t.Parallel()
	folder, data := t.TempDir(), dataFolder(t)
	_, pdf := aBook(t)
	file := filepath.Join(folder, "Buku Ketat 2023.pdf")
	list := filepath.Join(folder, "daftar.csv")
	id := ""
	write := func(path, content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	row := func(strict string) string { return "pub_id;judul;ketat\n" + id + ";Buku Ketat 2023;" + strict + "\n" }
	for i, step := range []struct {
		flag    string
		content func() string // of the list; nil: the file is imported
		says    string
		strict  bool
	}{
		{"", nil, "Selesai: 1 baru", false},
		{"-strict", nil, "Selesai: 1 baru atau berubah, 0 tetap", true},
		{"-strict", nil, "Selesai: 0 baru atau berubah, 1 tetap", true},
		{"", nil, "Selesai: 0 baru", true},
		{"", func() string { return row("") }, "Selesai: 0 baru", true},
		{"", func() string { return row("tidak") }, "Selesai: 1 baru", false},
		{"", func() string { return row("ya") }, "Selesai: 1 baru", true},
		{"", func() string { pdf = append(pdf, '\n'); return "" }, "Selesai: 1 baru", true}, // another file
		{"", func() string { return row("mungkin") }, "1 ditolak", true},
		{"", func() string { return row("Tidak") }, "Selesai: 1 baru", false},
		{"-strict", func() string { return row("") }, "Selesai: 1 baru", true},
	} {
		path := file
		if step.content != nil {
			if content := step.content(); content != "" {
				path = list
				write(list, content)
			}
		}
		write(file, string(pdf))
		args := []string{"import", "-data", data, path}
		if step.flag != "" {
			args = append(args, step.flag)
		}
		_, out, errs := command(t, "", args...)
		if !strings.Contains(out, step.says) {
			t.Errorf("step %d: said %q %q, want %q", i, out, errs, step.says)
		}
		db := openData(t, data)
		strict, err := db.StrictPublications(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for p, err := range db.Publications(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			id = p.ID
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if (len(strict) == 1) != step.strict {
			t.Fatalf("step %d: strict %v, want %v", i, len(strict) == 1, step.strict)
		}
	}
	if _, out, _ := command(t, "", "check", "-data", data); !strings.Contains(out,
		"hanya dikutip sebagai gambar: 1 publikasi: "+id) {
		t.Errorf("pst check does not name it:\n%s", out)
	}
	mode := func(flag ...string) string {
		t.Helper()
		out := filepath.Join(folder, fmt.Sprint(len(flag), len(id), "-", strings.Join(flag, ""), ".pdf"))
		_ = os.Remove(out)
		exit, said, errs := command(t, "", append([]string{"excerpt", "-data", data, "-pages", "6", "-mark", "Bu Ani",
			"-json",
			"-o", out, file}, flag...)...)
		var made excerptAnswer
		if err := json.Unmarshal([]byte(said), &made); exit != exitFine || err != nil {
			t.Fatalf("exit %d, %q %q, %v", exit, said, errs, err)
		}
		return fmt.Sprint(made.Mode, made.Strict)
	}
	if got := mode(); got != "rastertrue" {
		t.Errorf("at the counter: %s", got)
	}
	write(list, row("tidak"))
	command(t, "", "import", "-data", data, list)
	if got := mode(); got != "vectorfalse" {
		t.Errorf("no longer strict: %s", got)
	}
	if got := mode("-strict"); got != "rastertrue" {
		t.Errorf("by the command: %s", got)
	}
	write(filepath.Join(data, "pst.toml"), "[excerpts]\nstrict_offices = [\"1906\"]\n")
	if got := mode(); got != "rastertrue" {
		t.Errorf("by the office's configuration: %s", got)
	}
	if _, out, _ := command(t, "", "check", "-data", data); !strings.Contains(out, "semua milik kantor 1906") {
		t.Errorf("pst check does not name the office:\n%s", out)
	}
	write(filepath.Join(data, "pst.toml"), "[excerpts]\nstrict_offices = [\"Belitung\"]\n")
	if exit, _, errs := command(t, "", "search", "-data", data, "penduduk"); exit == exitFine ||
		!strings.Contains(errs, "strict_offices") {
		t.Errorf("no office's code is taken: exit %d, %q", exit, errs)
	}
}
