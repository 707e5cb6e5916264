package main

import (
	"bufio"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// asJournal is a log into a file that systemd would have named as its journal, if told.
func asJournal(t *testing.T, form string, journal bool) (logTo, func() string) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	id, ok := fileID(f)
	if !ok {
		t.Skip("there is no journal here") // Windows
	}
	if !journal {
		id = "8:1"
	}
	t.Setenv("JOURNAL_STREAM", id)
	h := &house{std: streams{err: f}, form: form}
	return h.logTo(), func() string {
		b, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
}

func TestTheJournalKeepsTimesAndLevelsItself(t *testing.T) {
	for _, c := range []struct {
		form    string
		journal bool
		want    string // TIME stands for one
	}{
		{logText, false, "time=TIME level=INFO msg=serving channels=2\ntime=TIME level=WARN msg=later part.of=a " +
			"part.error=no\npst: serve: why\n"},
		{logText, true, "<6>msg=serving channels=2\n<4>msg=later part.of=a part.error=no\n<3>pst: serve: why\n"},
		{logJSON, false, `{"time":"TIME","level":"INFO","msg":"serving","channels":2}` + "\n" +
			`{"time":"TIME","level":"WARN","msg":"later","part":{"of":"a","error":"no"}}` + "\n" +
			`{"time":"TIME","level":"ERROR","msg":"pst: serve: why"}` + "\n"},
		{logJSON, true, `<6>{"level":"INFO","msg":"serving","channels":2}` + "\n" +
			`<4>{"level":"WARN","msg":"later","part":{"of":"a","error":"no"}}` + "\n" +
			`<3>{"level":"ERROR","msg":"pst: serve: why"}` + "\n"},
	} {
		to, said := asJournal(t, c.form, c.journal)
		log := to.logger(slog.LevelInfo, nil)
		log.Info("serving", "channels", 2)
		log.Debug("not told")
		log.WithGroup("part").With("of", "a").Warn("later", "error", "no")
		to.failed("pst: serve: why")
		lines := strings.Split(said(), "\n")
		for i, line := range lines {
			for _, mark := range []string{"time=", `"time":"`} {
				if at := strings.Index(line, mark); at >= 0 {
					from := at + len(mark)
					to := from + strings.IndexAny(line[from:], " \"")
					lines[i] = line[:from] + "TIME" + line[to:]
				}
			}
		}
		if got := strings.Join(lines, "\n"); got != c.want {
			t.Errorf("%s, journal %v:\n%s\nwant\n%s", c.form, c.journal, got, c.want)
		}
	}
}

// Every line of a command is JSON where that is asked for, its failure too; a secret is
// taken out of it as it is of text.
func TestEveryLineIsJSONWhereThatIsAskedFor(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, args := range [][]string{{"serve"}, {"report", "-month", "2026-13"}, {"restore", "log_test.go"},
		{"search", "a", "-limit", "0"}} {
		if exit := run(t.Context(), append([]string{"-log", "json", "-data", t.TempDir()}, args...),
			streams{os.Stdin, f, f}); exit == exitFine {
			t.Errorf("%v went well", args)
		}
	}
	if _, err := f.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for s := bufio.NewScanner(f); s.Scan(); lines++ {
		var line struct{ Level, Msg string }
		if err := json.Unmarshal(s.Bytes(), &line); err != nil || !strings.HasPrefix(line.Msg, "pst: ") {
			t.Errorf("%v: %s", err, s.Text())
		}
	}
	if lines < 3 {
		t.Errorf("only %d lines were told", lines)
	}
}
