package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The nightly backups are looked at: where they go, how old the newest is.
func TestCheckLooksAtTheBackups(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "berkas")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.Local)
	for name, c := range map[string]struct {
		folder string
		newest time.Duration // before now; 0: there is none
		want   []string
	}{
		"not configured": {"", 0, []string{"ok   tidak diatur; isi backup.folder"}},
		"not a folder":   {file, 0, []string{"BAD  folder " + file + ": bukan folder; periksa tulisannya"}},
		"none yet":       {filepath.Join(dir, "baru"), 0, []string{"ok   folder", "BAD  belum ada satu pun"}},
		"of last night": {filepath.Join(dir, "tadi"), 8 * time.Hour,
			[]string{"ok   folder", "ok   yang terbaru dari 2026-11-27 01:00", "ok   sisa tempat"}},
		"none for four days": {filepath.Join(dir, "lama"), 4 * day,
			[]string{"BAD  yang terbaru dari 2026-11-23", "pst backup"}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.newest > 0 {
				at := now.Add(-c.newest)
				copied := filepath.Join(c.folder, at.Format(nightlyName))
				if err := os.MkdirAll(c.folder, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(copied, []byte("PK"), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chtimes(copied, time.Time{}, at); err != nil {
					t.Fatal(err)
				}
			}
			var out bytes.Buffer
			f := &findings{out: &out}
			(&desk{cfg: config{Backup: backupConfig{Folder: c.folder}}}).checkBackup(f, now)
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in:\n%s", want, out.String())
				}
			}
			if bad := strings.Contains(strings.Join(c.want, ""), "BAD"); bad != (f.bad > 0) {
				t.Errorf("%d are told to be bad", f.bad)
			}
		})
	}
}
