package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tree is every file below a folder with its content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[rel] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAWholeBackupIsPutBack(t *testing.T) {
	t.Parallel()
	dir := used(t)
	const toml = "# kantor\n[telegram]\ntoken = '123456789:AAHsecretsecretsecretsecretsecretse'\n[office]\nname = " +
		"'Kantor Uji'\n"
	for name, text := range map[string]string{"pst.toml": toml, "teks.tmpl": `{{define "unlinked"}}Sampai jumpa.{{end}}`,
		"tables/kata.txt": "# kata sendiri\n", kantorFile: "[office]\naddress = 'Jalan Uji'\n",
		holidayFile: "2031-01-01\tTahun Baru\tnasional\n",
		textsBefore: "{\"key\":\"unlinked\",\"by\":\"Pak Budi\"}\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "cadangan.zip")
	exit, out, errs := command(t, "", "backup", "-holdings", "-data", dir, file)
	if exit != exitFine {
		t.Fatal(out, errs)
	}
	if exit, _, _ := command(t, "", "backup", "-data", dir, file); exit == exitFine {
		t.Error("a backup was overwritten")
	}
	exit, out, errs = command(t, "", "backup", "-verify", "-data", dir, file)
	if exit != exitFine || !strings.Contains(out, "utuh") || strings.Contains(out, "belum diuji") {
		t.Errorf("verify: exit %d, %s%s", exit, out, errs)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "secretsecret") || f.Name == "secret.key" {
			t.Errorf("%s holds a secret", f.Name)
		}
	}

	// Any byte that changes is found.
	spoilt := bytes.Clone(whole)
	spoilt[len(spoilt)/2] ^= 1
	bad := filepath.Join(t.TempDir(), "rusak.zip")
	if err := os.WriteFile(bad, spoilt, 0o600); err != nil {
		t.Fatal(err)
	}
	if exit, out, _ := command(t, "", "backup", "-verify", "-data", dir, bad); exit != exitFailed {
		t.Errorf("a spoilt backup: exit %d, %s", exit, out)
	}

	// Without the key, and with another: refused, the key named, nothing made.
	fresh := filepath.Join(t.TempDir(), "baru")
	exit, _, errs = command(t, "", "restore", "-data", fresh, file)
	if exit != exitFailed || !strings.Contains(errs, "needs the secret.key ") {
		t.Errorf("no key: exit %d, %q", exit, errs)
	}
	for _, name := range []string{"secret.key", "pst.db"} {
		if _, err := os.Stat(filepath.Join(fresh, name)); err == nil {
			t.Errorf("%s was made", name)
		}
	}
	other := used(t)
	before := tree(t, other)["pst.toml"]
	exit, _, errs = command(t, "", "restore", "-data", other, file)
	if exit != exitFailed || !strings.Contains(errs, "needs the secret.key ") || tree(t, other)["pst.toml"] != before {
		t.Errorf("another key: exit %d, %q", exit, errs)
	}

	key, err := os.ReadFile(filepath.Join(dir, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(fresh, "secret.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	if exit, out, errs := command(t, "", "restore", "-data", fresh, file); exit != exitFine ||
		strings.Contains(out, "belum ada") {
		t.Fatalf("exit %d, %s%s", exit, out, errs)
	}
	had, has := tree(t, dir), tree(t, fresh)
	for name, text := range had {
		set := slices.Contains([]string{textsFile, textsBefore, kantorFile, holidayFile}, name)
		if (set || strings.HasPrefix(name, "holdings") || strings.HasPrefix(name, "tables")) && has[name] != text {
			t.Errorf("%s is another", name)
		}
	}
	if !strings.Contains(has["pst.toml"], "Kantor Uji") {
		t.Errorf("configuration: %q", has["pst.toml"])
	}
	if exit, out, errs := command(t, "", "check", "-deep", "-data", fresh); !strings.Contains(out, "ok   isi tersegel") ||
		!strings.Contains(out, "ok   berkas: semuanya ada") {
		t.Errorf("exit %d\n%s%s", exit, out[max(0, len(out)-1200):], errs)
	}
	// Twice within a second: both of the old ones stay.
	for range 2 {
		if exit, _, errs := command(t, "", "restore", "-data", fresh, file); exit != exitFine {
			t.Fatal(errs)
		}
	}
	kept, err := filepath.Glob(filepath.Join(fresh, "pst.db.before-*"))
	if err != nil || len(kept) != 2 {
		t.Errorf("kept aside: %v, %v", kept, err)
	}
}

func TestABareDatabaseOfAnOlderVersionIsPutBack(t *testing.T) {
	t.Parallel()
	old := olderFolder(t)
	dir := filepath.Join(t.TempDir(), "data")
	exit, _, errs := command(t, "", "restore", "-data", dir, filepath.Join(old, "pst.db"))
	if exit != exitFailed || !strings.Contains(errs, "secret.key") {
		t.Errorf("no key: exit %d, %q", exit, errs)
	}
	key, err := os.ReadFile(filepath.Join(old, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	if exit, _, errs := command(t, "", "restore", "-data", dir, filepath.Join(old, "pst.db")); exit != exitFine {
		t.Errorf("exit %d, %q", exit, errs)
	}
}

func TestNightlyBackupsRotate(t *testing.T) {
	t.Parallel()
	h := &house{data: used(t), std: streams{out: &bytes.Buffer{}, err: &bytes.Buffer{}}}
	folder := filepath.Join(t.TempDir(), "malam")
	d, err := h.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	d.cfg.Backup = backupConfig{Folder: folder, Keep: 3}
	for n := range 5 {
		name := time.Date(2026, 11, 26+n, 1, 0, 0, 0, time.UTC).Format(nightlyName)
		if err := nightly(t.Context(), h, d, name); err != nil {
			t.Fatal(err)
		}
		if _, opened, err := verifyBackup(t.Context(), h, filepath.Join(folder, name)); err != nil || !opened {
			t.Error(name, opened, err)
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 3 || left[0].Name() != "pst-20261128.zip" {
		t.Errorf("left %v, %v", left, err)
	}
}
