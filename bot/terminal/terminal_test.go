package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

// screen is an output that may be read while it is written.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

type answer func(ctx context.Context, m conversation.Message) ([]conversation.Send, error)

type noCutter struct{}

func (noCutter) Excerpt(_ context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	return conversation.ExcerptFile{Name: o.FileName, Data: []byte("%PDF of " + o.File), Pages: 12}, nil
}

func (c noCutter) Preview(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	return c.Excerpt(ctx, o)
}

// patience is how long a test waits at most for what surely comes.
const patience = 5 * time.Minute

// talk lets a person talk to a desk until their input ends.
func talk(t *testing.T, cfg Config, q *bottest.Memory, a answer) {
	t.Helper()
	if cfg.Folder == "" {
		cfg.Folder = t.TempDir()
	}
	if cfg.Name == "" {
		cfg.Name = "ani"
	}
	n := len(q.Rows())
	cfg.NewID = func() string { n++; return fmt.Sprint("line-", n) }
	term, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := bot.New(bot.Config{
		Turner: bottest.Turner{Memory: q, Answer: a}, Queue: q, Outbox: q, Holdings: noCutter{},
		Channels: []bot.Channel{term, term.Mail()},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := desk.Run(ctx); err != nil {
		t.Error(err)
	}
	if ctx.Err() != nil {
		t.Error("the desk did not end with its input")
	}
}

func TestAPipeIsAnsweredLineByLineAndEndsByItself(t *testing.T) {
	var out screen
	folder := t.TempDir()
	talk(t, Config{In: strings.NewReader("halo\r\ndaftar\nambil\ntanpa akhir"), Out: &out, Folder: folder},
		bottest.NewMemory(),
		func(_ context.Context, m conversation.Message) ([]conversation.Send, error) {
			switch m.Text {
			case "halo":
				return []conversation.Send{{To: m.From, Text: "Selamat datang di *PST*.\n\nKetik *menu*.\n"},
					{To: m.From, Text: "Gratis."}}, nil
			case "daftar":
				return []conversation.Send{{To: "mailto:ani@example.org", Subject: "Kode Anda", Text: "Kode: 123456", Ref: "code:" +
					string(m.From)}}, nil
			case "ambil":
				return []conversation.Send{{To: m.From, Text: "Ini kutipannya.", Excerpt: "KT-1"}}, nil
			}
			return []conversation.Send{{To: m.From, Text: "<" + m.Text + "> " + m.Name}}, nil
		})
	want := "Selamat datang di *PST*.\n\nKetik *menu*.\n\nGratis.\n\n" +
		"[email ani@example.org] Kode Anda\nKode: 123456\n\n" +
		"Ini kutipannya.\n[berkas] " + filepath.Join(folder, "KT-1.pdf") + " (12 halaman)\n\n" +
		"<tanpa akhir> ani\n\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	if got, err := os.ReadFile(filepath.Join(folder, "KT-1.pdf")); err != nil || string(got) != "%PDF of KT-1.pdf" {
		t.Errorf("saved %q, %v", got, err)
	}
}

func TestWhatNobodyShouldTypeIsOneMessageALine(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	emoji := strings.Repeat("🙂", 10_000)
	in := "\n" + long + "\n" + emoji + "\n\x00\x1b[2J\xff\xfe\n'; DROP TABLE\n"
	var got []conversation.Message
	talk(t, Config{In: strings.NewReader(in), Out: io.Discard}, bottest.NewMemory(),
		func(_ context.Context, m conversation.Message) ([]conversation.Send, error) {
			got = append(got, m)
			return nil, nil
		})
	if len(got) != 5 {
		t.Fatalf("%d messages, want 5", len(got))
	}
	for i, m := range got {
		if !utf8.ValidString(m.Text) || len(m.Text) > maxLine+3 {
			t.Errorf("message %d: %d bytes, valid %v", i, len(m.Text), utf8.ValidString(m.Text))
		}
	}
	if got[0].Text != "" || got[4].Text != "'; DROP TABLE" {
		t.Errorf("first %q, last %q", got[0].Text, got[4].Text)
	}
	for _, m := range got[1:3] {
		if utf8.RuneCountInString(m.Text) <= conversation.MaxText {
			t.Errorf("a cut line of %d characters would be taken for a short one", utf8.RuneCountInString(m.Text))
		}
	}
}

func TestTwoArrowsQuoteTheDesksLastMessage(t *testing.T) {
	q := bottest.NewMemory()
	q.EnqueueAt(time.Now(), conversation.Send{To: "terminal:kasubbag", Text: "Pengaduan ADU-1"})
	q.EnqueueAt(time.Now(), conversation.Send{To: "mailto:bps@example.org", Text: "salinan"})
	var got []conversation.Message
	talk(t, Config{In: strings.NewReader(">> sudah kami perbaiki\nterima kasih\n"), Out: io.Discard, Name: "kasubbag"}, q,
		func(_ context.Context, m conversation.Message) ([]conversation.Send, error) {
			got = append(got, m)
			return nil, nil
		})
	if len(got) != 2 || got[0].Text != "sudah kami perbaiki" || got[0].Quoted != q.Rows()[0].Sent.PlatformID ||
		got[0].Quoted == "" || got[1].Quoted != "" {
		t.Errorf("got %+v", got)
	}
}

func TestLettersForSomebodyElseWaitUntilTheyTalk(t *testing.T) {
	q := bottest.NewMemory()
	forward := func(_ context.Context, m conversation.Message) ([]conversation.Send, error) {
		return []conversation.Send{{To: "terminal:kasubbag", Text: "Dari pembaca: " + m.Text},
			{To: m.From, Text: "Diteruskan."}}, nil
	}
	var ani, staff screen
	talk(t, Config{In: strings.NewReader("loker rusak\n"), Out: &ani}, q, forward)
	if ani.String() != "Diteruskan.\n\n" {
		t.Errorf("ani saw %q", ani.String())
	}
	talk(t, Config{In: strings.NewReader(""), Out: &staff, Name: "kasubbag"}, q, forward)
	if staff.String() != "Dari pembaca: loker rusak\n\n" {
		t.Errorf("the kasubbag saw %q", staff.String())
	}
}

func TestAPersonAtATerminalSeesAPromptAndBoldAndAnswersAsTheyCome(t *testing.T) {
	in, keys := io.Pipe()
	var out screen
	done := make(chan struct{})
	go func() {
		defer close(done)
		talk(t, Config{In: in, Out: &out, Live: true, Opening: "halo"}, bottest.NewMemory(), bottest.Echo)
	}()
	t.Cleanup(func() { keys.Close(); <-done })
	see := func(what string) {
		t.Helper()
		for end := time.Now().Add(patience); !strings.Contains(out.String(), what); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("never saw %q in %q", what, out.String())
			}
		}
	}
	see("\r\x1b[K> \r\x1b[Khalo\n\n> ")
	if _, err := io.WriteString(keys, "kata *tebal* 2*3*4\n"); err != nil {
		t.Fatal(err)
	}
	see("kata \x1b[1mtebal\x1b[22m 2*3*4\n\n> ")
	if err := keys.Close(); err != nil {
		t.Fatal(err)
	}
	<-done
	if !strings.HasSuffix(out.String(), "> \n") {
		t.Errorf("the shell's prompt would follow ours: %q", out.String())
	}
}

func TestNoTextReachesTheTerminalAsCommands(t *testing.T) {
	var out screen
	q := bottest.NewMemory()
	evil := "judul\x1b]0;milikku\x07 \x9b31m \u202egnp.exe\rpalsu"
	q.EnqueueAt(time.Now(), conversation.Send{To: "terminal:ani", Text: evil},
		conversation.Send{To: "mailto:x@example.org", Subject: "a\nb " + evil, Text: evil, Ref: "code:terminal:ani"})
	talk(t, Config{In: strings.NewReader(""), Out: &out}, q, bottest.Echo)
	if i := strings.IndexFunc(out.String(), func(r rune) bool { return r < ' ' && r != '\n' || r == 0x202e }); i >= 0 {
		t.Errorf("raw control character in %q", out.String())
	}
	if !strings.Contains(out.String(), "] a b judul") {
		t.Errorf("the subject does not stay on its line: %q", out.String())
	}
}

func TestDocumentsAreSavedOnceAndNeverOverOthersOrOutsideTheFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "kutipan")
	for _, c := range []struct{ name, data, want string }{
		{"a.pdf", "one", "a.pdf"},
		{"a.pdf", "two", "a-2.pdf"},
		{"a.pdf", "one", "a.pdf"},
		{"a.pdf", "two", "a-2.pdf"},
		{"../../etc/passwd", "x", "_.._etc_passwd"},
		{"...", "x", "berkas"},
		{strings.Repeat("n", 300) + ".pdf", "x", strings.Repeat("n", 116) + ".pdf"},
	} {
		path, err := save(folder, &bot.File{Name: c.name, Data: []byte(c.data)})
		if err != nil {
			t.Fatal(err)
		}
		if path != filepath.Join(folder, c.want) {
			t.Errorf("%s saved as %s, want %s", c.name, path, c.want)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != c.data {
			t.Errorf("%s holds %q, %v", path, got, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", path, info.Mode(), err)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 5 {
		t.Errorf("%d files left, want 5 (%v)", len(entries), err)
	}
}

func TestAnOutputThatIsGoneKeepsTheLetter(t *testing.T) {
	term, err := New(Config{In: strings.NewReader(""), Out: broken{}, Name: "ani", Folder: t.TempDir(),
		NewID: func() string { return "1" }})
	if err != nil {
		t.Fatal(err)
	}
	_, err = term.Send(t.Context(), bot.Letter{Key: "1", Send: conversation.Send{To: "terminal:ani", Text: "halo"}})
	var fault *bot.SendError
	if !errors.As(err, &fault) || !fault.Retry || fault.Blame != "platform" {
		t.Errorf("got %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestNamesThatAreNoAddressAreRefused(t *testing.T) {
	for _, name := range []string{"", "bu ani", "a\x1b", strings.Repeat("a", 300)} {
		if _, err := New(Config{In: strings.NewReader(""), Out: io.Discard, Name: name, Folder: "x",
			NewID: func() string { return "1" }}); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
}

// Of several terminals on the same data each shows its own codes, and the
// office's mail where it is told to.
func TestMailIsShownWhereItBelongs(t *testing.T) {
	var out screen
	term, err := New(Config{In: strings.NewReader(""), Out: &out, Name: "ani", Folder: t.TempDir(),
		NewID: func() string { return "1" }})
	if err != nil {
		t.Fatal(err)
	}
	q := bottest.NewMemory()
	q.EnqueueAt(time.Now(), conversation.Send{To: "mailto:a@example.org", Subject: "milik ani", Ref: "code:terminal:ani"},
		conversation.Send{To: "mailto:b@example.org", Subject: "milik budi", Ref: "code:terminal:budi"},
		conversation.Send{To: "mailto:kantor@example.org", Subject: "untuk kantor"})
	desk, err := bot.New(bot.Config{Turner: bottest.Turner{Memory: q, Answer: bottest.Echo}, Queue: q, Outbox: q,
		Channels: []bot.Channel{term, term.Mail("mailto:kantor@example.org")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := desk.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, "milik ani") || !strings.Contains(s, "untuk kantor") ||
		strings.Contains(s, "budi") {
		t.Errorf("shown:\n%s", s)
	}
}

func TestTheLineOfAFileSendsIt(t *testing.T) {
	folder := t.TempDir()
	pdf := filepath.Join(folder, "Kutipan saya.PDF")
	for _, path := range []string{pdf, filepath.Join(folder, "foto.jpg")} {
		if err := os.WriteFile(path, []byte("%PDF-1.7"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []conversation.Message
	lines := []string{pdf, "'" + pdf + "'", " " + pdf + " ", filepath.Join(folder, "foto.jpg"), pdf + ".pdf", folder,
		"lihat " + pdf}
	talk(t, Config{In: strings.NewReader(strings.Join(lines, "\n")), Out: io.Discard}, bottest.NewMemory(),
		func(_ context.Context, m conversation.Message) ([]conversation.Send, error) {
			got = append(got, m)
			return nil, nil
		})
	for i, m := range got {
		if i >= 3 {
			if m.Kind != conversation.Text || m.Text != lines[i] {
				t.Errorf("%q became %+v", lines[i], m)
			}
			continue
		}
		if m.Kind != conversation.Document || m.Text != "" || !m.Media.PDF() || m.Media.Name != "Kutipan saya.PDF" {
			t.Fatalf("%q became %+v", lines[i], m)
		}
		var b bytes.Buffer
		if n, err := (&Terminal{}).Download(t.Context(), m.Media.Ref, &b); err != nil || n != 8 || b.String() != "%PDF-1.7" {
			t.Errorf("fetched %d bytes, %v", n, err)
		}
	}
	if len(got) != len(lines) {
		t.Errorf("%d messages, want %d", len(got), len(lines))
	}
	_, err := (&Terminal{}).Download(t.Context(), folder+"/none.pdf", io.Discard)
	if err == nil || strings.Contains(err.Error(), folder) {
		t.Errorf("a file that is gone: %v", err)
	}
}
