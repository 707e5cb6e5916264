package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pst/conversation"
)

// standingAt reads what waits in a file as who only looks sees it.
func standingAt(t *testing.T, path string, secret []byte) (Standing, error) {
	t.Helper()
	db, err := OpenReadOnly(t.Context(), path, Options{Secret: secret})
	if err != nil {
		return Standing{}, err
	}
	s, err := db.Standing(t.Context())
	return s, errors.Join(err, db.Close())
}

// folder tells the files of a folder with their sizes and times.
func folder(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintln(e.Name(), info.Size(), info.ModTime().UnixNano())
	}
	return out
}

func TestWhoOnlyLooksSeesWhatWaitsAndChangesNothing(t *testing.T) {
	d := openDesk(t)
	d.does(ani, conversation.OpenTicket{Ticket: conversation.Ticket{ID: "ADU-261123-AAA", Kind: conversation.KindComplaint,
		State: conversation.StateNew, Category: "Saran", Text: "antre lama", OpenedAt: d.clock.Now()}})
	d.hears(budi, "halo")
	look := func(when string, messages int) {
		t.Helper()
		s, err := standingAt(t, d.path, testSecret)
		if err != nil || s.Messages != messages || !s.Message.Equal(d.clock.Now()) || len(s.Tickets) != 1 ||
			s.Tickets[0].Text != "antre lama" {
			t.Errorf("%s: %+v, %v", when, s, err)
		}
	}
	look("while the desk serves", 1)
	// A row that cannot be read is left to the desk to set aside.
	d.does(budi, conversation.OpenTicket{Ticket: conversation.Ticket{ID: "ADU-261123-BBB",
		Kind:  conversation.KindComplaint,
		State: conversation.StateNew, Category: "Saran", Text: "lain", OpenedAt: d.clock.Now()}})
	d.hears(budi, "lagi")
	if err := d.update(t.Context(), func(t *tx) error {
		_, err := t.exec(`UPDATE tickets SET data = x'00' WHERE id = 'ADU-261123-BBB'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	look("over a row that cannot be read", 2)
	if n := d.count(`SELECT count(*) FROM aside`); n != 0 {
		t.Errorf("%d rows were set aside by who only looked", n)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	before := folder(t, filepath.Dir(d.path))
	look("after the desk has ended", 2)
	if after := folder(t, filepath.Dir(d.path)); after != before {
		t.Errorf("the folder was\n%sand is\n%s", before, after)
	}
	db, err := OpenReadOnly(t.Context(), d.path, Options{Secret: testSecret})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	wantErr(t, db.Note(t.Context(), conversation.AuditEntry{At: time.Now(), What: "x"}), ErrReadOnly)
}

func TestWhoOnlyLooksIsToldWhatIsWrong(t *testing.T) {
	all, err := steps()
	if err != nil {
		t.Fatal(err)
	}
	change := func(statement string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			pool, err := sql.Open("sqlite", dsn(path))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := pool.Exec(statement); err != nil {
				t.Fatal(err)
			}
			if err := pool.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	write := func(b []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		spoil  func(t *testing.T, path string)
		secret []byte
		want   error
	}{
		"missing": {func(t *testing.T, path string) { os.Remove(path) }, testSecret, fs.ErrNotExist},
		"empty":   {write(nil), testSecret, fs.ErrNotExist},
		"no database": {write([]byte("Kepada Yth. Kepala Kantor, dengan hormat kami sampaikan bahwa")), testSecret,
			ErrForeign},
		"somebody else's": {change("PRAGMA application_id = 7"), testSecret, ErrForeign},
		"newer":           {change(fmt.Sprintf("PRAGMA user_version = %d", len(all)+1)), testSecret, ErrNewer},
		"older":           {change(fmt.Sprintf("PRAGMA user_version = %d", len(all)-1)), testSecret, ErrOlder},
		"another key":     {func(*testing.T, string) {}, []byte("the key of some other office"), ErrSecret},
		"cut short": {func(t *testing.T, path string) {
			if err := os.Truncate(path, 8192); err != nil {
				t.Fatal(err)
			}
		}, testSecret, ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			d.hears(ani, "halo")
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, d.path)
			before := folder(t, filepath.Dir(d.path))
			_, err := standingAt(t, d.path, c.secret)
			wantErr(t, err, c.want)
			if after := folder(t, filepath.Dir(d.path)); after != before {
				t.Errorf("the folder was\n%sand is\n%s", before, after)
			}
		})
	}
}

// A database that another process keeps for itself is told of, and not waited for.
func TestWhoOnlyLooksIsToldOfALock(t *testing.T) {
	d := openDesk(t)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	pool, err := sql.Open("sqlite", dsn(d.path, "locking_mode(EXCLUSIVE)"))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	for _, s := range []string{"BEGIN IMMEDIATE", "UPDATE meta SET value = value", "COMMIT"} {
		if _, err := pool.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	_, err = standingAt(t, d.path, testSecret)
	wantErr(t, err, ErrInUse)
}
