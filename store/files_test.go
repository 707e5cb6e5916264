package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// mustOpen opens without closing at the end of the test.
func mustOpen(t *testing.T, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, Options{Secret: testSecret})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func mustClose(t *testing.T, db *DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAFileThatOthersCouldReadIsClosedToThem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pst.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	mustClose(t, mustOpen(t, path))
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info.Mode(), err)
	}
}

func TestOnlyTheOwnerMayReadTheFiles(t *testing.T) {
	db := mustOpen(t, filepath.Join(t.TempDir(), "data", "pst.db"))
	d := &desk{DB: db, clock: &clock{now: time.Now()}, tb: t}
	defer mustClose(t, db)
	d.does(ani)
	backup := filepath.Join(t.TempDir(), "copy.db")
	if err := d.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		filepath.Dir(d.path): 0o700, d.path: 0o600, d.path + "-wal": 0o600, d.path + "-shm": 0o600, backup: 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has rights %o, want %o", filepath.Base(path), got, want)
		}
	}
}

// What people type passes through the inbox, the session, the outbox and the
// tables; none of it can be read in the files, before or after.
func TestNothingTypedRestsReadableInTheFiles(t *testing.T) {
	const card, code, name, complaint = "1906014708990001", "493027", "Siti Rahmawati", "loket tutup terlalu awal"
	d := openDesk(t)
	look := func(when string) {
		t.Helper()
		for _, end := range []string{"", "-wal", "-shm"} {
			text, err := os.ReadFile(d.path + end)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{card, code, name, complaint} {
				if bytes.Contains(text, []byte(secret)) {
					t.Errorf("%s: pst.db%s holds %q", when, end, secret)
				}
			}
		}
	}
	m := d.hears(ani, card)
	d.hears(ani, "kode saya "+code)
	look("messages waiting")
	s, err := d.Session(t.Context(), ani)
	if err != nil {
		t.Fatal(err)
	}
	r := conversation.Reader{ID: 1, Number: "BT-00001", Name: name, Email: "siti@contoh.id", EmailHash: "e",
		Card: conversation.Card{Kind: "KTP", Last4: "0001", Hash: "c"}}
	if err := d.Commit(t.Context(), conversation.Turn{Message: m, Session: s, Effects: []conversation.Effect{
		conversation.CreateReader{Reader: r, Chat: ani},
		conversation.Send{To: ani, Text: "Kode Anda " + code, Subject: "Kode " + code},
		conversation.Send{To: "mailto:siti@contoh.id", Text: "Kode Anda " + code, Ref: "code", Report: true},
		conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", ID: "ADU-261123-ABC", Text: complaint,
			State: conversation.StateNew}},
		conversation.AddPost{Post: conversation.Post{Ticket: "ADU-261123-ABC", Text: complaint}},
	}}); err != nil {
		t.Fatal(err)
	}
	look("letters waiting")
	for _, l := range d.out() {
		if l.Send.Text != "Kode Anda "+code {
			t.Errorf("the letter reads %q", l.Send.Text)
		}
		if err := d.MarkSent(t.Context(), l.ID, conversation.Sent{PlatformID: "1", At: d.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	look("letters sent")
	if n := d.count(`SELECT count(*) FROM outbox WHERE payload IS NOT NULL`); n != 0 {
		t.Error("a sent letter kept its text")
	}
	report := d.waiting()[1] // of the mail, after the second message
	if s, err = d.Session(t.Context(), report.From); err != nil || report.From != "mailto:siti@contoh.id" {
		t.Fatal(report.From, err)
	}
	if err := d.Commit(t.Context(), conversation.Turn{Message: report, Session: s}); err != nil {
		t.Fatal(err)
	}
	for column, values := range cells(t, d) {
		for _, v := range values {
			if strings.Contains(v, "siti@contoh.id") && column != "readers.data" {
				t.Errorf("after all is done, %s keeps the e-mail address", column)
			}
		}
	}
	if n := d.count(`SELECT count(*) FROM inbox WHERE state = 1 AND (payload IS NOT NULL OR chat <> '')`); n != 0 {
		t.Error("a handled message kept its text")
	}
}

func TestFilesThatCannotBeUsedAreNamed(t *testing.T) {
	other := func(statements string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			pool, err := sql.Open("sqlite", dsn(path))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := pool.Exec(statements); err != nil {
				t.Fatal(err)
			}
			if err := pool.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		name string
		make func(t *testing.T, path string)
		want error
	}{
		{"a text file", func(t *testing.T, path string) {
			if err := os.WriteFile(path, bytes.Repeat([]byte("bukan basis data "), 1000), 0o600); err != nil {
				t.Fatal(err)
			}
		}, ErrForeign},
		{"somebody else's database", other(`CREATE TABLE notes (text TEXT)`), ErrForeign},
		{"a newer database", func(t *testing.T, path string) {
			mustClose(t, mustOpen(t, path))
			other(`PRAGMA user_version = 999`)(t, path)
		}, ErrNewer},
		{"another secret", func(t *testing.T, path string) {
			db, err := Open(t.Context(), path, Options{Secret: []byte("the secret of another office")})
			if err != nil {
				t.Fatal(err)
			}
			mustClose(t, db)
		}, ErrSecret},
	} {
		path := filepath.Join(t.TempDir(), "pst.db")
		c.make(t, path)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		db, err := Open(t.Context(), path, Options{Secret: testSecret})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if db != nil {
			mustClose(t, db)
		}
		if after, err := os.ReadFile(path); err != nil || len(after) != len(before) {
			t.Errorf("%s: the file was changed", c.name)
		}
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "x"), Options{Secret: []byte("short")}); err == nil {
		t.Error("a short secret was accepted")
	}
}

func TestADamagedFileIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pst.db")
	db := mustOpen(t, path)
	var ps []conversation.Publication
	for i := range 500 {
		ps = append(ps, conversation.Publication{ID: strings.Repeat("x", i+1), Title: "Buku", Office: "1906"})
	}
	if n, err := db.SavePublications(t.Context(), ps); err != nil || n != 500 {
		t.Fatal(n, err)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustClose(t, db)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(text) / 2; i < len(text)/2+20_000; i++ {
		text[i] ^= 0x55
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err = Open(t.Context(), path, Options{Secret: testSecret})
	if err == nil {
		err = db.Check(t.Context())
		defer db.Close()
	}
	wantErr(t, err, ErrDamaged)
}

// changed is a copy of a file with other bytes.
func changed(t *testing.T, file string, change func([]byte) []byte) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "changed")
	if err := os.WriteFile(out, change(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestABackupIsPutBack(t *testing.T) {
	d := openDesk(t)
	d.book("p", 100)
	r := d.joins(ani, "ani")
	backup := filepath.Join(t.TempDir(), "copy.db")
	if err := d.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := d.Backup(t.Context(), backup); err == nil {
		t.Error("a backup was overwritten")
	}
	d.does(ani, d.excerpt("A", r, "p", 1))

	_, err := Restore(t.Context(), d.path, backup, Options{Secret: testSecret})
	wantErr(t, err, ErrInUse)
	if got := d.owned(r, "p"); got != "1" {
		t.Fatalf("a refused restore changed something: %q", got)
	}
	path := filepath.Join(t.TempDir(), "pst.db")
	db := mustOpen(t, path)
	if _, err := db.SavePublications(t.Context(),
		[]conversation.Publication{{ID: "old", Title: "Lama", Office: "1906"}}); err != nil {
		t.Fatal(err)
	}
	mustClose(t, db)

	for name, c := range map[string]struct {
		file   func() string
		secret []byte
		want   error
	}{
		"another secret": {func() string { return backup }, []byte("the secret of another office"), ErrSecret},
		"an empty file": {func() string {
			f := filepath.Join(t.TempDir(), "empty")
			if err := os.WriteFile(f, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return f
		}, testSecret, ErrForeign},
		"half a backup": {func() string {
			return changed(t, backup, func(text []byte) []byte { return text[:len(text)/2/4096*4096] })
		}, testSecret, ErrDamaged},
		"a page overwritten": {func() string {
			return changed(t, backup, func(text []byte) []byte {
				clear(text[len(text)-4096:])
				return text
			})
		}, testSecret, ErrDamaged},
		"no file": {func() string { return filepath.Join(t.TempDir(), "none") }, testSecret, os.ErrNotExist},
	} {
		if _, err := Restore(t.Context(), path, c.file(), Options{Secret: c.secret}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	db = mustOpen(t, path)
	if _, err := db.Publication(t.Context(), "old"); err != nil {
		t.Fatal("refused restores changed something:", err)
	}
	mustClose(t, db)

	aside, err := Restore(t.Context(), path, backup, Options{Secret: testSecret})
	if err != nil || aside == "" {
		t.Fatal(aside, err)
	}
	db = mustOpen(t, path)
	defer mustClose(t, db)
	if got, err := db.Reader(t.Context(), r); err != nil || got.Name != "Nama ani" {
		t.Error(got, err)
	}
	old := mustOpen(t, aside)
	defer mustClose(t, old)
	if _, err := old.Publication(t.Context(), "old"); err != nil {
		t.Error("what was there before is lost:", err)
	}
	left, err := filepath.Glob(path + ".restoring*")
	if err != nil || len(left) > 0 {
		t.Error("left behind:", left, err)
	}
	if aside, err := Restore(t.Context(), filepath.Join(t.TempDir(), "new", "pst.db"), backup,
		Options{Secret: testSecret}); err != nil || aside != "" {
		t.Error("into an empty folder:", aside, err)
	}
}

func TestTheAuditOnlyGrows(t *testing.T) {
	d := openDesk(t)
	d.does(ani, conversation.Audit{Entry: conversation.AuditEntry{At: d.clock.Now(), Who: "pst report", What: "lihat",
		Subject: "BT-00001"}})
	for _, q := range []string{`UPDATE audit SET who = 'x'`, `DELETE FROM audit`} {
		if err := d.update(t.Context(), func(t *tx) error { _, err := t.exec(q); return err }); err == nil {
			t.Errorf("%s was done", q)
		}
	}
	lines, err := d.AuditSince(t.Context(), d.clock.Now().Add(-time.Minute))
	if err != nil || len(lines) != 1 || lines[0].Subject != "BT-00001" {
		t.Fatal(lines, err)
	}
}

func TestAClosedDatabaseSaysSo(t *testing.T) {
	db := mustOpen(t, filepath.Join(t.TempDir(), "pst.db"))
	mustClose(t, db)
	mustClose(t, db)
	wantErr(t, db.Put(t.Context(), conversation.Message{ID: "1", From: ani, Kind: conversation.Text}), ErrClosed)
	if _, err := db.Session(t.Context(), ani); err == nil {
		t.Fatal("a session was read")
	}
}

func TestACallerWhoGivesUpChangesNothing(t *testing.T) {
	d := openDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantErr(t, d.Put(ctx, conversation.Message{ID: "1", From: ani, Kind: conversation.Text}), context.Canceled)
	if len(d.waiting()) != 0 {
		t.Fatal("the message is there")
	}
}

func TestAPanicInOneChangeSparesTheOthers(t *testing.T) {
	d := openDesk(t)
	if err := d.update(t.Context(), func(*tx) error { panic("boom") }); err == nil {
		t.Fatal("no error")
	}
	d.does(ani)
}
