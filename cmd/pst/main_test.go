package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"pst/conversation"
	"pst/store"
	"pst/store/holdings"
)

// TestMain lets the test binary be the program itself ("pst" in scripts, and
// the processes that are killed), and the child that reads PDF files.
func TestMain(m *testing.M) {
	holdings.RunChild()
	testscript.Main(tests{m}, map[string]func(){"pst": main, "pst-whatsapp": serveJoined})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: func(e *testscript.Env) error {
		data := filepath.Join(e.WorkDir, "data")
		e.Setenv("PST_DATA", data)
		return errors.Join(os.Mkdir(data, 0o700), linkReader(data))
	}})
}

// talk is a running `pst talk`.
type talk struct {
	t    *testing.T
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	seen strings.Builder
}

func startTalk(t *testing.T, data string, args ...string) *talk {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "pst", append([]string{"talk", "-data", data}, args...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &talk{t: t, cmd: cmd, in: in, out: bufio.NewReader(out)}
}

func (k *talk) say(lines ...string) {
	k.t.Helper()
	for _, l := range lines {
		if _, err := io.WriteString(k.in, l+"\n"); err != nil {
			k.t.Fatalf("say %q: %v; said so far:\n%s", l, err, k.seen.String())
		}
	}
}

// until reads up to a line that matches, and returns what its group caught.
func (k *talk) until(pattern string) string {
	k.t.Helper()
	p := regexp.MustCompile(pattern)
	for {
		line, err := k.out.ReadString('\n')
		k.seen.WriteString(line)
		if m := p.FindStringSubmatch(line); m != nil {
			return m[len(m)-1]
		}
		if err != nil {
			k.t.Fatalf("%v before a line like %q; said so far:\n%s", err, pattern, k.seen.String())
		}
	}
}

// end closes the input and returns all that was printed and the exit code.
func (k *talk) end() (string, int) {
	k.t.Helper()
	k.in.Close()
	rest, err := io.ReadAll(k.out)
	if err != nil {
		k.t.Fatal(err)
	}
	k.seen.Write(rest)
	err = k.cmd.Wait()
	if err != nil && k.cmd.ProcessState == nil {
		k.t.Fatal(err)
	}
	return k.seen.String(), k.cmd.ProcessState.ExitCode()
}

const mailedCode = `^\[email .*\] (\d{6}) `

// walk is the journey from greeting to complaint; {kode} is the code mailed.
var walk = []string{"halo", "jumlah penduduk gantung 2023", "1", "Siti Aminah", "1", "1906014107980003",
	"siti@example.org", "{kode}", "1",
	"daring, 1", "1", "2", "10, 12-13", "1", "3", "pengaduan", "1", "3", "Saya menunggu satu jam di ruang PST kemarin",
	"kirim", "1", "1"}

// The whole journey through a pipe: exit 0, and a PDF of exactly the pages
// chosen with the mark on each.
func TestWholeJourneyByPipe(t *testing.T) {
	t.Parallel()
	data := dataFolder(t)
	k := startTalk(t, data)
	code := ""
	for _, line := range walk {
		k.say(strings.ReplaceAll(line, "{kode}", code))
		if strings.Contains(line, "@") {
			code = k.until(mailedCode)
		}
	}
	out, exit := k.end()
	if exit != exitFine {
		t.Fatalf("exit %d:\n%s", exit, out)
	}
	m := regexp.MustCompile(`\[berkas\] (.+\.pdf) \(3 halaman\)`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no PDF of 3 pages was told:\n%s", out)
	}
	if n := pagesOf(t, m[1]); n != 3 {
		t.Errorf("the file has %d pages", n)
	}
	if !strings.Contains(out, "Tercatat dengan nomor *ADU-") {
		t.Errorf("no ticket was told:\n%s", out)
	}
	assertMarked(t, data, m[1])

	// The Kasubbag finds the complaint in his own chat and quotes it.
	s := startTalk(t, data, "-staff")
	s.say(">> Mulai besok selalu ada yang berjaga.")
	if out, exit := s.end(); exit != exitFine || !strings.Contains(out, "PENGADUAN ADU-") ||
		!strings.Contains(out, "DIPROSES") {
		t.Fatalf("exit %d, the Kasubbag read:\n%s", exit, out)
	}
	back := startTalk(t, data)
	if out, exit := back.end(); exit != exitFine || !strings.Contains(out, "Balasan petugas: Mulai besok") {
		t.Fatalf("exit %d, the complainant read:\n%s", exit, out)
	}
}

// assertMarked reads the delivered file as the library would: each page must
// carry the code, and the text of its own page.
func assertMarked(t *testing.T, data, file string) {
	t.Helper()
	h, err := holdings.Open(t.TempDir(), holdings.Options{Cache: testCache})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	added, err := h.Add(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`_([0-9A-Z]{10})\.pdf$`).FindStringSubmatch(file)[1]
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), code) {
		t.Errorf("the file does not carry its code %s", code)
	}
	if added.Pages != 3 {
		t.Errorf("%d pages", added.Pages)
	}
}

// Killed again and again, at whatever point, the conversation goes on where it
// was: nothing doubled, nothing lost.
func TestKilledAtAnyPoint(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts the program some thirty times")
	}
	data := dataFolder(t)
	layInSamples(t, data)
	db := openData(t, data)
	ctx := t.Context()
	code := ""
	for i, line := range walk {
		k := startTalk(t, data)
		await(t, func() bool { return atRest(t, db) }) // what the last one left behind
		before := sessionVersion(t, db)
		k.say(strings.ReplaceAll(line, "{kode}", code))
		// The line is accepted once it is in the inbox. Every other time the
		// process is killed right then, else after some of the answer was printed.
		await(t, func() bool { return len(waiting(t, db)) > 0 || sessionVersion(t, db) > before })
		if strings.Contains(line, "@") {
			code = k.until(mailedCode)
		} else if i%2 == 0 {
			k.until(`.`)
		}
		if err := k.cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		k.cmd.Wait()
	}
	k := startTalk(t, data)
	if out, exit := k.end(); exit != exitFine {
		t.Fatalf("exit %d:\n%s", exit, out)
	}
	r, err := db.ReaderByNumber(ctx, "BT-00001")
	if err != nil {
		t.Fatal(err)
	}
	if next, _ := db.NextReaderID(ctx); next != r.ID+1 {
		t.Errorf("%d readers were made", next-1)
	}
	excerpts, err := db.Excerpts(ctx, r.ID)
	if err != nil || len(excerpts) != 1 || excerpts[0].Pages.String() != "10,12-13" || excerpts[0].DeliveredAt.IsZero() {
		t.Errorf("excerpts: %+v, %v", excerpts, err)
	}
	tickets, err := db.Tickets(ctx, saya, r.ID)
	if err != nil || len(tickets) != 1 {
		t.Errorf("%d tickets, %v", len(tickets), err)
	}
	now := time.Now()
	r2, err := db.Report(ctx, officeForReport(), conversation.Days(now.AddDate(0, 0, -1), now.AddDate(0, 0, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"kunjungan", "penilaian_jumlah", "pencarian"} {
		if n := r2.Number(key).N; n != 1 {
			t.Errorf("%s: %v", key, n)
		}
	}
}

// await waits for a condition in the database that another process writes.
func await(t *testing.T, met func() bool) {
	t.Helper()
	soon(t, "what the other process writes", met)
}

var saya = conversation.Address("terminal:saya")

func waiting(t *testing.T, db *store.DB) []conversation.Message {
	t.Helper()
	m, err := db.Waiting(t.Context(), []string{conversation.Terminal}, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func due(t *testing.T, db *store.DB) []conversation.Delivery {
	t.Helper()
	d, err := db.Out(t.Context(), []string{string(saya), conversation.Mail}, nil, time.Now(), 10)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// atRest tells whether nothing waits. What is delivered leaves its news in the inbox with
// the same transaction, and only a turn, which the session counts, makes more letters: so
// the letters are looked at first.
func atRest(t *testing.T, db *store.DB) bool {
	t.Helper()
	before := sessionVersion(t, db)
	return len(due(t, db)) == 0 && len(waiting(t, db)) == 0 && sessionVersion(t, db) == before
}

func sessionVersion(t *testing.T, db *store.DB) int64 {
	t.Helper()
	s, err := db.Session(t.Context(), saya)
	if err != nil {
		t.Fatal(err)
	}
	return s.Version
}

// layInSamples makes a data folder with the sample library.
func layInSamples(t *testing.T, data string) {
	t.Helper()
	if out, exit := startTalk(t, data).end(); exit != exitFine {
		t.Fatalf("exit %d:\n%s", exit, out)
	}
}

func openData(t *testing.T, data string) *store.DB {
	t.Helper()
	h := &house{data: data}
	secret, err := h.secret(config{})
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(data, "pst.db"), store.Options{Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// pagesOf counts the pages of a PDF file.
func pagesOf(t *testing.T, path string) int {
	t.Helper()
	f, err := holdings.OpenFile(t.Context(), holdings.Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return f.Pages()
}
