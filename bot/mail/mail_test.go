package mail

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

const reader = "ani.pembaca@example.org"

var code123 = bot.Letter{Key: "3EB0AA", Send: conversation.Send{
	To: "mailto:" + reader, Subject: "Kode verifikasi – PST", Text: "Kode Anda: 123456\nBerlaku 15 menit, ya…",
}}

func channel(t *testing.T, s *server, mode string, change func(*Config)) *Channel {
	t.Helper()
	cfg := Config{
		Host: "127.0.0.1", Port: s.port, TLS: mode, User: s.user, Password: s.password, Roots: s.roots,
		From: "PST Belitung Timur <pst@example.org>",
	}
	if change != nil {
		change(&cfg)
	}
	c, err := New(cfg, func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	patient(c, patience)
	return c
}

// patient lets every stage of a dialogue take so long.
func patient(c *Channel, wait time.Duration) *Channel {
	for i := range c.waits {
		c.waits[i] = wait
	}
	return c
}

// fault is the SendError of a sending that must fail, and holds nothing personal.
func fault(t *testing.T, err error) *bot.SendError {
	t.Helper()
	var f *bot.SendError
	if !errors.As(err, &f) {
		t.Fatalf("error is %v, want a SendError", err)
	}
	for _, secret := range []string{"ani", "123456", "rahasia", "Kode"} {
		if strings.Contains(f.Error(), secret) {
			t.Errorf("the error quotes %q: %v", secret, f)
		}
	}
	return f
}

func TestALetterArrivesWhole(t *testing.T) {
	for _, mode := range []string{StartTLS, TLS, None} {
		for _, user := range []string{"", "pst"} {
			t.Run(mode+" with user "+user, func(t *testing.T) {
				s := &server{user: user, password: "rahasia"}
				s.start(t, mode)
				id, err := channel(t, s, mode, nil).Send(t.Context(), code123)
				if err != nil {
					t.Fatal(err)
				}
				got := s.received()
				if len(got) != 1 || got[0].From != "pst@example.org" || got[0].To != reader || got[0].Encrypted != (mode != None) ||
					got[0].User != user {
					t.Fatalf("received %+v", got)
				}
				m, err := netmail.ReadMessage(strings.NewReader(got[0].Data))
				if err != nil {
					t.Fatal(err)
				}
				subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
				if err != nil || subject != code123.Send.Subject {
					t.Errorf("subject %q, %v", subject, err)
				}
				if h := m.Header.Get("Message-ID"); h != "<3EB0AA@example.org>" || id != h {
					t.Errorf("message id %q, returned %q", h, id)
				}
				if h := m.Header.Get("Date"); !strings.HasPrefix(h, "Mon, 23 Nov 2026 09:00:00") {
					t.Errorf("date %q", h)
				}
				if h := m.Header.Get("Content-Type"); !strings.HasPrefix(h, "text/plain; charset=UTF-8") {
					t.Errorf("content type %q", h)
				}
				if text := body(t, m); text != code123.Send.Text {
					t.Errorf("text %q", text)
				}
			})
		}
	}
}

func TestNothingAPersonWroteBecomesAHeader(t *testing.T) {
	s := &server{}
	s.start(t, None)
	l := bot.Letter{Key: "k\r\nBcc: a@example.org", Send: conversation.Send{
		To: "mailto:" + reader, Subject: "Pengaduan\r\nBcc: b@example.org\r\n\r\nbadan",
		Text: "\r\nBcc: c@example.org\r\n.\r\nMAIL FROM:<x@example.org>",
	}, File: &bot.File{Name: "a\r\nBcc: d@example.org", MIME: "text/plain\r\nBcc: e@example.org", Data: []byte("isi")}}
	if _, err := channel(t, s, None, nil).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	got := s.received()
	if len(got) != 1 {
		t.Fatalf("%d letters arrived, want 1", len(got))
	}
	head, _, _ := strings.Cut(got[0].Data, "\r\n\r\n")
	for _, line := range strings.Split(got[0].Data, "\r\n") {
		if strings.HasPrefix(line, "Bcc:") && !strings.Contains(line, "c@example.org") {
			t.Errorf("a line was injected: %q", line)
		}
	}
	if strings.Contains(head, "\nBcc") {
		t.Errorf("head:\n%s", head)
	}
	for _, to := range []conversation.Address{"mailto:a@example.org,b@example.org", "mailto:Ani<a@example.org>",
		"mailto:tanpa-at", "mailto:<a@example.org>", "mailto:a@example.org>"} {
		_, err := channel(t, s, None, nil).Send(t.Context(), bot.Letter{Send: conversation.Send{To: to}})
		if f := fault(t, err); f.Retry || f.Blame != "person" {
			t.Errorf("%s: %+v", to, f)
		}
	}
}

func TestWhatTheServerRefuses(t *testing.T) {
	reply := func(code int, enhanced smtp.EnhancedCode) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "<" + reader + "> says no"}
	}
	for _, c := range []struct {
		name         string
		server       *server
		retry, whole bool
		blame        string
		after        time.Duration
		text         string
	}{
		{"a recipient that does not exist is the person's to correct",
			&server{rcpt: reply(550, smtp.EnhancedCode{5, 1, 1})}, false, false, "person", 0, "550 5.1.1"},
		{"a full mailbox", &server{rcpt: reply(552, smtp.EnhancedCode{5, 2, 2})}, false, false, "person", 0, "552 5.2.2"},
		{"greylisting", &server{rcpt: reply(451, smtp.EnhancedCode{4, 7, 1})}, true, false, "platform", time.Minute,
			"451 4.7.1"},
		{"a relay that is denied is ours", &server{rcpt: reply(550, smtp.EnhancedCode{5, 7, 1})}, true, true, "desk",
			5 * time.Minute, "550 5.7.1"},
		{"our sender is refused", &server{mail: reply(550, smtp.EnhancedCode{5, 7, 1})}, true, true, "desk",
			5 * time.Minute, "sender refused"},
		{"our sender is put off", &server{mail: reply(421, smtp.EnhancedCode{4, 3, 0})}, true, true, "platform", 0, "421"},
		{"the letter looks like spam", &server{data: func(net.Conn,
			io.Reader) error {
			return reply(554, smtp.EnhancedCode{5, 6, 0})
		}}, true, true, "desk", 5 * time.Minute,
			"letter refused: 554"},
		{"the letter is put off", &server{data: func(net.Conn, io.Reader) error {
			return reply(452,
				smtp.EnhancedCode{4, 3, 1})
		}}, true, true, "platform", 0, "452"},
		{"the server drops the line in the middle of the letter", &server{data: func(c net.Conn,
			_ io.Reader) error {
			return c.Close()
		}}, true, true, "platform", 30 * time.Minute, "not answered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.server.start(t, None)
			_, err := channel(t, c.server, None, nil).Send(t.Context(), code123)
			f := fault(t, err)
			if f.Retry != c.retry || f.Whole != c.whole || f.Blame != c.blame || f.After != c.after ||
				!strings.Contains(f.Error(), c.text) {
				t.Errorf("got %+v (%v)", f, f.Err)
			}
			if n := len(c.server.received()); n != 0 {
				t.Errorf("%d letters arrived all the same", n)
			}
		})
	}
}

func TestAServerThatCannotBeUsed(t *testing.T) {
	silent := listen(t)
	for _, c := range []struct {
		name   string
		mode   string // of the server
		change func(*Config)
		blame  string
		text   string
	}{
		{"is not there", None, func(c *Config) { c.Port = nobody }, "platform", "cannot be reached"},
		{"says nothing", None, func(c *Config) { c.Port = portOf(silent) }, "platform", "in time"},
		{"refuses the password", None, func(c *Config) { c.Password = "lama" }, "desk", "log-in refused: 5"},
		{"offers no STARTTLS", None, func(c *Config) { c.TLS = StartTLS }, "desk", "STARTTLS"},
		{"shows a certificate nobody trusts", StartTLS, func(c *Config) { c.Roots = nil }, "desk", "certificate"},
		{"shows a certificate nobody trusts, from the first byte", TLS, func(c *Config) { c.Roots = nil }, "desk",
			"certificate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &server{user: "pst", password: "rahasia"}
			s.start(t, c.mode)
			ch := channel(t, s, c.mode, c.change)
			if c.text == "in time" {
				patient(ch, 50*time.Millisecond)
			}
			_, err := ch.Send(t.Context(), code123)
			f := fault(t, err)
			if !f.Retry || !f.Whole || f.Blame != c.blame || !strings.Contains(f.Error(), c.text) {
				t.Errorf("got %+v (%v)", f, f.Err)
			}
		})
	}
}

func TestAServerThatHangsInTheMiddleIsLeftInTimeAndWhenTheDeskStops(t *testing.T) {
	entered := make(chan struct{}, 2)
	release := make(chan struct{})
	s := &server{data: func(net.Conn, io.Reader) error { entered <- struct{}{}; <-release; return nil }}
	s.start(t, None)
	t.Cleanup(func() { close(release) })
	hasty := channel(t, s, None, nil)
	hasty.waits[dot] = 100 * time.Millisecond
	_, err := hasty.Send(t.Context(), code123)
	if f := fault(t, err); !f.Retry || f.Blame != "platform" || f.After < doubtful {
		t.Errorf("got %+v", f)
	}
	<-entered
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { defer close(stopped); <-entered; stop() }()
	begun := time.Now()
	if _, err := channel(t, s, None, nil).Send(ctx, code123); err == nil {
		t.Error("a letter that was never accepted counts as sent")
	}
	if took := time.Since(begun); took >= patience { // of the stage
		t.Errorf("stopping took %v", took)
	}
	<-stopped
}

func TestALetterThatWasAcceptedIsSentWhateverTheServerDoesNext(t *testing.T) {
	for name, parting := range map[string]string{"hangs up": "", "refuses to part": "554 5.5.0 no",
		"talks nonsense": "what"} {
		t.Run(name, func(t *testing.T) {
			s := (&scripted{says: map[string]string{"QUIT": parting}}).start(t)
			if _, err := channel(t, &server{port: s.port}, None, nil).Send(t.Context(), code123); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAServerThatWasDownGetsEachLetterOnceItIsBack(t *testing.T) {
	s := &server{}
	s.shut.Store(true)
	s.start(t, None)
	q := bottest.NewMemory()
	desk, err := bot.New(bot.Config{
		Turner: bottest.Turner{Memory: q, Answer: bottest.Echo}, Queue: q, Outbox: q, Channels: []bot.Channel{channel(t, s,
			None, nil)},
		Timing: bot.Timing{Tick: 5 * time.Millisecond, Retry: 200 * time.Millisecond, RetryMost: 200 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []conversation.Address{"mailto:ani@example.org", "mailto:budi@example.org"} {
		q.EnqueueAt(time.Now(), conversation.Send{To: to, Subject: "Kode", Text: "123456"})
	}
	ctx, stop := context.WithTimeout(t.Context(), patience)
	ended := make(chan error, 1)
	go func() { ended <- desk.Run(ctx) }()
	end := sync.OnceValue(func() error { stop(); return <-ended })
	t.Cleanup(func() { _ = end() })
	wait := func(what string, holds func() bool) {
		for !holds() {
			select {
			case <-ctx.Done():
				t.Fatalf("never happened: %s", what)
			case <-time.After(time.Millisecond):
			}
		}
	}
	wait("the channel is down", func() bool { return len(q.Rows()[0].Later) > 0 && !desk.State()[0].Up })
	s.shut.Store(false)
	wait("all letters are sent", func() bool { rows := q.Rows(); return rows[0].Sent != nil && rows[1].Sent != nil })
	if n := len(s.received()); n != 2 || !desk.State()[0].Up {
		t.Errorf("%d letters arrived; state %+v", n, desk.State()[0])
	}
	if err := end(); err != nil {
		t.Error(err)
	}
}

func TestAnAttachmentArrives(t *testing.T) {
	s := &server{}
	s.start(t, None)
	l := code123
	l.File = &bot.File{Name: "data-saya.json", MIME: "application/json", Data: []byte(`{"a":1}`)}
	if _, err := channel(t, s, None, nil).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	data := s.received()[0].Data
	for _, want := range []string{`filename="data-saya.json"`, "Content-Type: application/json", "eyJhIjoxfQ=="} {
		if !strings.Contains(data, want) {
			t.Errorf("no %s in\n%s", want, data)
		}
	}
}

func body(t *testing.T, m *netmail.Message) string {
	t.Helper()
	if e := m.Header.Get("Content-Transfer-Encoding"); e != "quoted-printable" {
		t.Fatalf("encoding %q", e)
	}
	data, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
}
