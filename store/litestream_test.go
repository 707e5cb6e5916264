package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// The set-up that the README describes: Litestream beside the desk, whose program is
// killed in the middle of its turns. What is restored from the replica has all tables
// equal. Runs where a litestream program is found (PATH).
func TestLitestreamBesideTheDesk(t *testing.T) {
	program, err := exec.LookPath("litestream")
	if err != nil {
		t.Skip("no litestream program here: go install github.com/benbjohnson/litestream/cmd/litestream@latest")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "pst.db")
	mustClose(t, mustOpen(t, path))
	config := filepath.Join(dir, "litestream.yml")
	text := fmt.Sprintf("dbs:\n  - path: %s\n    replica:\n      type: file\n      path: %s\n      sync-interval: 100ms\n", path, filepath.Join(dir, "replica"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	defer stop()
	beside := exec.CommandContext(ctx, program, "replicate", "-config", config)
	beside.Stderr = os.Stderr
	if err := beside.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { beside.Process.Kill(); beside.Wait() }()

	for range 3 {
		c := process(t, path, ani, 1_000_000)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 300 && lines.Scan(); n++ {
		}
		if err := c.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		c.Wait()
	}
	source := mustOpen(t, path)
	defer mustClose(t, source)
	want := tablesOf(t, source)
	deadline := time.Now().Add(5 * time.Minute)
	for n := 0; ; n++ {
		restored := filepath.Join(dir, fmt.Sprint("restored", n, ".db"))
		said, err := exec.CommandContext(ctx, program, "restore", "-config", config, "-o", restored, path).CombinedOutput()
		if err == nil {
			db := mustOpen(t, restored)
			got := tablesOf(t, db)
			whole := db.Check(t.Context())
			mustClose(t, db)
			if whole != nil {
				t.Fatal(whole)
			}
			if got == want {
				t.Logf("equal after %d restores: %s", n+1, got)
				return
			}
			said = []byte(got)
		}
		if time.Now().After(deadline) {
			t.Fatalf("the replica never became equal:\nwant %s\ngot  %s", want, said)
		}
		time.Sleep(200 * time.Millisecond) // what another program does can only be looked at
	}
}

// tablesOf is a digest of every table with all its rows.
func tablesOf(t *testing.T, db *DB) string {
	t.Helper()
	out := ""
	var names []string
	err := db.each(t.Context(), `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\_litestream%' ESCAPE '\' ORDER BY name`, nil,
		func(row scanner) error {
			var name string
			err := row.Scan(&name)
			names = append(names, name)
			return err
		})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		rows, err := db.read.QueryContext(t.Context(), `SELECT * FROM `+name)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		n, sum := 0, db.seal.mark(name)
		for rows.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			n++
			sum = db.seal.mark(string(sum), fmt.Sprintf("%v", values))
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintf("%s %d %x; ", name, n, sum[:4])
	}
	return out
}
