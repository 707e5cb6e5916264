package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	"pst/conversation"
)

// With this variable set, the test program is another process of the desk: it
// takes turns in the database named, and writes a line for each one that is
// done. Its value is PATH, its arguments are the chat and the number of turns.
const otherProcess = "PST_STORE_TEST_PROCESS"

func TestMain(m *testing.M) {
	if path := os.Getenv(otherProcess); path != "" {
		n, _ := strconv.Atoi(os.Getenv(otherProcess + "_TURNS"))
		if err := talk(path, conversation.Address(os.Getenv(otherProcess+"_CHAT")), n); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	debug.SetGCPercent(400) // what they make is small and gone at once
	os.Exit(m.Run())
}

// talk takes n turns of a chat as the loops do: what waits from before first.
func talk(path string, chat conversation.Address, n int) error {
	ctx := context.Background()
	db, err := Open(ctx, path, Options{Secret: testSecret})
	if err != nil {
		return err
	}
	for done := 0; done < n; {
		waiting, err := db.Waiting(ctx, []string{string(chat)}, nil, 1)
		if err != nil {
			return err
		}
		s, err := db.Session(ctx, chat)
		if err != nil {
			return err
		}
		if len(waiting) == 0 {
			m := conversation.Message{ID: fmt.Sprint("m", s.Version), From: chat, Kind: conversation.Text,
				Text: fmt.Sprint(s.Version)}
			if err := db.Put(ctx, m); err != nil {
				return err
			}
			waiting = append(waiting, m)
		}
		err = db.Commit(ctx, conversation.Turn{Message: waiting[0], Session: s, Effects: []conversation.Effect{
			conversation.Send{To: chat, Text: waiting[0].Text},
			conversation.RecordSearch{Search: conversation.SearchLog{ID: string(chat) + waiting[0].ID}},
		}})
		if err != nil {
			return err
		}
		fmt.Println(waiting[0].Text)
		done++
	}
	return db.Close()
}

// process starts talk in a process of its own.
func process(t *testing.T, path string, chat conversation.Address, turns int) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), otherProcess+"="+path, otherProcess+"_CHAT="+string(chat),
		fmt.Sprint(otherProcess, "_TURNS=", turns))
	c.Stderr = os.Stderr
	return c
}

// answers lists the texts of a chat's letters, in order.
func answers(t *testing.T, db *DB, chat conversation.Address) []string {
	t.Helper()
	var out []string
	err := db.each(t.Context(), `SELECT key, payload FROM outbox WHERE chat = ? ORDER BY id`, []any{string(chat)},
		func(row scanner) error {
			var payload []byte
			var key string
			if err := row.Scan(&key, &payload); err != nil {
				return err
			}
			var s conversation.Send
			err := db.seal.openJSON("send", key, payload, &s)
			out = append(out, s.Text)
			return err
		})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestKilledAtAnyMomentNothingIsLostOrDoubled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pst.db")
	acknowledged := 0
	for round := range 6 {
		c := process(t, path, ani, 1_000_000)
		stdout, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(stdout)
		for n := 0; n < 5+round*17 && lines.Scan(); n++ {
			acknowledged++
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // acknowledged before the end
			acknowledged++
		}
		_ = c.Wait() // it was killed

		db := mustOpen(t, path)
		s, err := db.Session(t.Context(), ani)
		if err != nil {
			t.Fatal(err)
		}
		got := answers(t, db, ani)
		// One more turn may be done than was acknowledged in each round.
		if int(s.Version) < acknowledged || int(s.Version) > acknowledged+round+1 || len(got) != int(s.Version) {
			t.Fatalf("round %d: %d acknowledged, session %d, %d answers", round, acknowledged, s.Version, len(got))
		}
		for i, text := range got {
			if text != strconv.Itoa(i) {
				t.Fatalf("round %d: answer %d reads %q", round, i, text)
			}
		}
		if err := db.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		mustClose(t, db)
	}
}

func TestSeveralProcessesShareTheData(t *testing.T) {
	const turns = 60
	path := filepath.Join(t.TempDir(), "pst.db")
	var others []*exec.Cmd
	for _, chat := range []conversation.Address{ani, budi} { // the first ones to open it make it, both at once
		c := process(t, path, chat, turns)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		others = append(others, c)
	}
	db := mustOpen(t, path)
	defer mustClose(t, db)
	for i := range turns {
		if _, err := db.SavePublication(t.Context(), conversation.Publication{ID: fmt.Sprint("p", i), Title: "Buku"},
			nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range others {
		if err := c.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	for _, chat := range []conversation.Address{ani, budi} {
		got := answers(t, db, chat)
		if len(got) != turns || slices.Contains(got, "") {
			t.Errorf("%s has %d answers, want %d", chat.Masked(), len(got), turns)
		}
	}
}

func TestManyAtOnceEachGetTheirOwnAnswer(t *testing.T) {
	d := openDesk(t)
	refuse := errors.New("refused")
	const n = 300
	results := make(chan error, n)
	for i := range n {
		go func() {
			err := d.update(t.Context(), func(x *tx) error {
				if _, err := x.exec(`INSERT INTO codes (email_hash, sent_at) VALUES (?, 1)`, fmt.Sprint(i)); err != nil {
					return err
				}
				if i%3 == 0 {
					return refuse // undone alone, whoever shares the transaction
				}
				return nil
			})
			if (i%3 == 0) != errors.Is(err, refuse) {
				err = fmt.Errorf("change %d: %w", i, err)
			} else {
				err = nil
			}
			results <- err
		}()
	}
	for range n {
		select {
		case err := <-results:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(5 * time.Minute):
			t.Fatal("a change was never answered")
		}
	}
	if got := d.count(`SELECT count(*) FROM codes`); got != n*2/3 {
		t.Fatalf("%d rows, want %d", got, n*2/3)
	}
}
