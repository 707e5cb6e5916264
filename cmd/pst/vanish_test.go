package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// command runs one command of the program in this process.
func command(t *testing.T, in string, args ...string) (exit int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	exit = run(t.Context(), args, streams{in: strings.NewReader(in), out: &o, err: &e})
	return exit, o.String(), e.String()
}

// used is a data folder in which somebody has talked.
func used(t *testing.T) string {
	t.Helper()
	dir := dataFolder(t)
	if exit, _, errs := command(t, "halo\n", "talk", "-data", dir); exit != exitFine {
		t.Fatal(errs)
	}
	return dir
}

func TestADatabaseThatVanishedIsMissed(t *testing.T) {
	t.Parallel()
	empty := func(t *testing.T, path string) {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"missing":       func(*testing.T, string) {},
		"empty":         func(t *testing.T, dir string) { empty(t, filepath.Join(dir, "pst.db")) },
		"key only":      func(t *testing.T, dir string) { os.RemoveAll(filepath.Join(dir, "holdings")) },
		"holdings only": func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "secret.key")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := used(t)
			os.Remove(filepath.Join(dir, "pst.db"))
			spoil(t, dir)
			for _, args := range [][]string{{"talk"}, {"serve"}, {"import", t.TempDir()}} {
				exit, _, errs := command(t, "halo\n", append(args, "-data", dir)...)
				if exit != exitFailed || !strings.Contains(errs, "pst restore") || !strings.Contains(errs, "mulai dari awal") ||
					strings.Count(errs, "\n") != 1 {
					t.Errorf("%s: exit %d, %q", args[0], exit, errs)
				}
			}
			if info, err := os.Stat(filepath.Join(dir, "pst.db")); err == nil && info.Size() > 0 {
				t.Error("a database was made anew")
			}
			// On purpose it goes.
			for _, left := range []string{"secret.key", "holdings", "pst.db-wal"} {
				os.RemoveAll(filepath.Join(dir, left))
			}
			if exit, _, errs := command(t, "halo\n", "talk", "-data", dir); exit != exitFine {
				t.Errorf("anew: exit %d, %q", exit, errs)
			}
		})
	}
}

func TestOneServeADataFolder(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, srv, nil)
	first := startServe(t, h.data)
	soon(t, "the first polls", srv.Polling)
	exit, _, errs := command(t, "", "serve", "-data", h.data)
	if exit != exitFailed || !strings.Contains(errs, "process "+strconv.Itoa(first.cmd.Process.Pid)) {
		t.Errorf("the second: exit %d, %q", exit, errs)
	}
	for _, args := range [][]string{{"talk"}, {"import", filepath.Join(h.data, "holdings")},
		{"backup", filepath.Join(t.TempDir(), "b")}, {"version"}} {
		if exit, _, errs := command(t, "halo\n", append(args, "-data", h.data)...); exit != exitFine {
			t.Errorf("%s beside it: exit %d, %q", args[0], exit, errs)
		}
	}
	if exit, _ := first.end(9); exit == exitFine {
		t.Error("was not killed")
	}
	next := startServe(t, h.data)
	soon(t, "the next polls", func() bool { return strings.Contains(next.said.String(), "serving") })
	if exit, _ := next.end(15); exit != exitFine {
		t.Errorf("after a kill: exit %d\n%s", exit, next.said)
	}
}

func TestCheckTellsOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	dir := used(t)
	says := func(line string, want bool) {
		t.Helper()
		_, out, _ := command(t, "", "check", "-data", dir)
		if strings.Contains(out, line) != want {
			t.Errorf("%q told is %v:\n%s", line, !want, out[max(0, len(out)-1500):])
		}
	}
	config := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "pst.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	says("ok   berkas: semuanya ada", true)
	files, err := filepath.Glob(filepath.Join(dir, "holdings", "*.pdf"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	says("BAD  berkas: 1 berkas tidak ada; impor lagi", true)

	says("ok   secret.key", true)
	if err := os.Chmod(filepath.Join(dir, "secret.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	says("BAD  secret.key: dapat dibaca orang lain", true)
	config("")
	if err := os.Chmod(filepath.Join(dir, "pst.toml"), 0o640); err != nil {
		t.Fatal(err)
	}
	says("BAD  pst.toml: dapat dibaca orang lain", true)
	os.Chmod(filepath.Join(dir, "pst.toml"), 0o600)

	config("[smtp]\nhost = \"127.0.0.1\"\ntls = \"none\"\nport = 1\n") // on which nobody listens
	says("BAD  server 127.0.0.1", true)
	live := startPost(t)
	config("[smtp]\nhost = \"127.0.0.1\"\ntls = \"none\"\nport = " + strconv.Itoa(live.port) + "\n")
	says("ok   server 127.0.0.1", true)

	says("ok   sisa tempat", true)
	config("[disk]\nfloor_mb = 1000000000\n")
	says("BAD  sisa tempat", true)
}

// A file is removed while the desk runs: the reader hears the truth, and staff get
// the wish.
func TestALostFileIsAWish(t *testing.T) {
	t.Parallel()
	dir := used(t)
	db := openData(t, dir)
	open, err := db.OpenTickets(t.Context())
	if err != nil || len(open) != 0 {
		t.Fatal(open, err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "holdings", "*.pdf"))
	for _, f := range files {
		os.Remove(f)
	}
	_, out, errs := command(t, strings.Join([]string{"jumlah penduduk", "1", "Siti Aminah", "1", "1906014107980003",
		"siti@contoh.example"}, "\n")+"\n",
		"talk", "-data", dir, "-as", "siti")
	_, rest, _ := strings.Cut(out, "Kode verifikasi Anda: ")
	if len(rest) < 6 {
		t.Fatal(out, errs)
	}
	_, out, errs = command(t, strings.Join([]string{rest[:6], "1", "daring, 1"}, "\n")+"\n", "talk", "-data", dir, "-as",
		"siti")
	_, out2, errs2 := command(t, strings.Join([]string{"1", "2", "1-2", "1"}, "\n")+"\n", "talk", "-data", dir, "-as",
		"siti")
	if !strings.Contains(out2, "Petugas sudah diberi tahu") {
		t.Errorf("heard:\n%s\n%s\n%s\n%s", out, errs, out2, errs2)
	}
	open, err = db.OpenTickets(t.Context())
	if err != nil || len(open) != 1 || open[0].Category != "Berkas hilang" ||
		open[0].Chat != conversation.Address("terminal:siti") {
		t.Errorf("tickets %+v, %v", open, err)
	}
}

func TestAMissingKeyIsNeverMadeAnew(t *testing.T) {
	t.Parallel()
	dir := used(t)
	key := filepath.Join(dir, "secret.key")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"talk"}, {"serve"}, {"check"}, {"import", t.TempDir()}} {
		exit, out, errs := command(t, "halo\n", append(args, "-data", dir)...)
		if exit != exitFailed || !strings.Contains(out+errs, "secret.key is missing") {
			t.Errorf("%s: exit %d, %q", args[0], exit, errs)
		}
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a key was made anew")
	}
}

// A database or key that is there and of no use is refused in one line that says what
// to do, and what it says helps.
func TestADatabaseThatIsSpoiltIsRefusedAndPutBack(t *testing.T) {
	t.Parallel()
	backup := filepath.Join(t.TempDir(), "b.zip")
	good := used(t)
	if exit, _, errs := command(t, "", "backup", "-data", good, backup); exit != exitFine {
		t.Fatal(errs)
	}
	write := func(t *testing.T, path string, at int64, text []byte) {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			_, err = file.WriteAt(text, at)
			file.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, spoil := range map[string]struct {
		do   func(t *testing.T, dir string)
		says string
	}{
		"cut off": {func(t *testing.T, dir string) { os.Truncate(filepath.Join(dir, "pst.db"), 100_000) },
			"pst restore BERKAS"},
		"overwritten": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "pst.db"), 0, bytes.Repeat([]byte("x"), 4096))
		}, "pst restore BERKAS"},
		"another's key": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "secret.key"), 0, bytes.Repeat([]byte("ab"), 32))
		}, "disimpan terpisah dari cadangan"},
		"no key": {func(t *testing.T, dir string) {
			os.Truncate(filepath.Join(dir, "secret.key"), 0)
		}, "disimpan terpisah dari cadangan"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
				t.Fatal(err)
			}
			key, err := os.ReadFile(filepath.Join(dir, "secret.key"))
			if err != nil {
				t.Fatal(err)
			}
			spoil.do(t, dir)
			for _, args := range [][]string{{"talk"}, {"serve"}, {"check"}} {
				exit, out, errs := command(t, "halo\n", append(args, "-data", dir)...)
				if exit != exitFailed || !strings.Contains(out+errs, spoil.says) {
					t.Errorf("%s: exit %d, %q", args[0], exit, errs)
				}
			}
			if strings.Contains(spoil.says, "restore") {
				if exit, _, errs := command(t, "", "restore", "-data", dir, backup); exit != exitFine {
					t.Errorf("restore: %s", errs)
				}
			} else if err := os.WriteFile(filepath.Join(dir, "secret.key"), key, 0o600); err != nil {
				t.Fatal(err)
			}
			if exit, _, errs := command(t, "halo\n", "talk", "-data", dir); exit != exitFine {
				t.Errorf("afterwards: %s", errs)
			}
		})
	}
}
