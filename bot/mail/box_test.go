package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

const boxUser, boxPassword = "pst@office.example", "rahasia-sekali"

// boxServer is an IMAP server in this process with one mailbox.
type boxServer struct {
	t    *testing.T
	user *imapmemserver.User
	port int
	shut atomic.Bool // hangs up at once
	stop func()
}

func startBox(t *testing.T) *boxServer {
	t.Helper()
	s := &boxServer{t: t, user: imapmemserver.NewUser(boxUser, boxPassword)}
	if err := s.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	s.serve(nil)
	return s
}

// serve listens on a free port.
func (s *boxServer) serve(config *tls.Config) {
	s.t.Helper()
	memory := imapmemserver.New()
	memory.AddUser(s.user)
	srv := imapserver.New(&imapserver.Options{InsecureAuth: true, Logger: log.New(io.Discard, "", 0), TLSConfig: config,
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapESearch: {}},
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		}})
	l := gate{listen(s.t), &s.shut}
	s.port = portOf(l)
	go func() { _ = srv.Serve(l) }()
	s.stop = func() { _ = l.Close(); _ = srv.Close() } // Close alone may come before Serve
	s.t.Cleanup(s.stop)
}

func (s *boxServer) puts(text []byte) {
	s.t.Helper()
	if _, err := s.user.Append("INBOX", literal{bytes.NewReader(text), int64(len(text))},
		&imap.AppendOptions{Time: time.Now()}); err != nil {
		s.t.Fatal(err)
	}
}

type literal struct {
	io.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }

// unread counts the messages nobody has marked as read.
func (s *boxServer) unread() int {
	s.t.Helper()
	st, err := s.user.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return int(*st.NumUnseen)
}

// ledger knows which letters are the desk's.
type ledger struct {
	mu    sync.Mutex
	sent  []string
	ill   error
	heard []string // id and why of each of ours
	asked int
}

func (l *ledger) Bounced(_ context.Context, id, why string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	if l.ill != nil || !slices.Contains(l.sent, id) {
		return false, l.ill
	}
	l.heard = append(l.heard, id+" "+why)
	return true, nil
}

const boxLetter = "<3EB0A1B2C3D4E5F60718293A@office.example>"

func reportFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "bounce", name))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))
}

func (s *boxServer) box(log io.Writer) *Box {
	s.t.Helper()
	b, err := NewBox(BoxConfig{Host: "127.0.0.1", Port: s.port, TLS: None, User: boxUser, Password: boxPassword,
		Pause: 5 * time.Millisecond, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

// What each mail in the mailbox makes the desk hear, and which it marks as read.
func TestWhatComesBack(t *testing.T) {
	postfix := reportFile(t, "postfix.eml")
	swap := func(from, to string) []byte { return bytes.ReplaceAll(postfix, []byte(from), []byte(to)) }
	for name, c := range map[string]struct {
		text []byte
		want string // status; "-" when nothing is heard
	}{
		"Postfix":                           {postfix, "5.1.1"},
		"Exim":                              {reportFile(t, "exim.eml"), "5.0.0"},
		"given up after days of trying":     {swap("Status: 5.1.1", "Status: 4.4.1"), "4.4.1"},
		"with the head of the letter alone": {swap("message/rfc822", "text/rfc822-headers"), "5.1.1"},
		"the letter is longer than is read": {append(bytes.TrimSuffix(postfix, []byte("--AAA/pst--\r\n")),
			bytes.Repeat([]byte("isi surat\r\n"), 60000)...), "5.1.1"},
		"delayed, and still tried": {swap("Action: failed", "Action: delayed"), "-"},
		"delivered":                {swap("Action: failed", "Action: delivered"), "-"},
		"another's letter":         {swap("3EB0A1B2C3D4E5F60718293A", "3EB000000000000000000000"), "-"},
		"no letter is named":       {swap("Message-Id: ", "X-Id: "), "-"},
		"no recipient is named":    {swap("Final-Recipient: ", "X-Recipient: "), "-"},
		"a person quotes the report": {swap("multipart/report; report-type=delivery-status;", "multipart/mixed;"),
			"-"},
		"a read receipt":                        {swap("message/delivery-status", "message/disposition-notification"), "-"},
		"the letter is where the report is not": {swap("message/rfc822", "text/plain"), "-"},
		"ordinary mail": {[]byte("From: a@rumah.example\r\nSubject: Halo\r\n\r\nUndelivered Mail " +
			boxLetter + "\r\n"), "-"},
		"huge": {append(append([]byte("From: a@rumah.example\r\nContent-Type: multipart/report; boundary=x\r\n\r\n"),
			bytes.Repeat([]byte("x"), 3<<20)...), postfix...), "-"},
		"an endless head": {[]byte("Content-Type: multipart/report; boundary=\"" + strings.Repeat("x", 1<<20)), "-"},
		"no boundary":     {[]byte("Content-Type: multipart/report\r\n\r\n--\r\n"), "-"},
		"broken encoding": {swap("Content-Type: message/delivery-status",
			"Content-Transfer-Encoding: rot13\r\nContent-Type: message/delivery-status; charset=nope"), "5.1.1"},
		"nothing but dashes": {[]byte("Content-Type: multipart/report; boundary=-\r\n\r\n" +
			strings.Repeat("---\r\n", 10000)), "-"},
	} {
		t.Run(name, func(t *testing.T) {
			s := startBox(t)
			s.puts(c.text)
			var log bytes.Buffer
			told, b := &ledger{sent: []string{boxLetter}}, s.box(&log)
			for range 2 { // the second look finds nothing new
				if err := b.look(t.Context(), told); err != nil {
					t.Fatal(err)
				}
			}
			var want []string
			unread := 1
			if c.want != "-" {
				want, unread = []string{boxLetter + " came back: " + c.want}, 0
			}
			if !slices.Equal(told.heard, want) {
				t.Errorf("heard %q, want %q", told.heard, want)
			}
			if got := s.unread(); got != unread {
				t.Errorf("%d unread, want %d", got, unread)
			}
			if strings.Contains(log.String(), "@") {
				t.Errorf("logged: %s", &log)
			}
		})
	}
}

// A flood of reports is read in rounds, and none of ours is lost in it.
func TestManyReports(t *testing.T) {
	s := startBox(t)
	foreign := bytes.ReplaceAll(reportFile(t, "exim.eml"), []byte("3EB0"), []byte("3EB1"))
	for range 2*reportsMost + 5 {
		s.puts(foreign)
	}
	s.puts(reportFile(t, "postfix.eml"))
	told, b := &ledger{sent: []string{boxLetter}}, s.box(io.Discard)
	for i, want := range []int{reportsMost, 2 * reportsMost, 2*reportsMost + 6, 2*reportsMost + 6} {
		if err := b.look(t.Context(), told); err != nil {
			t.Fatal(err)
		}
		if told.asked != want {
			t.Errorf("look %d: %d reports in all, want %d", i+1, told.asked, want)
		}
	}
	if len(told.heard) != 1 {
		t.Errorf("heard %q", told.heard)
	}
}

// What the store could not note is told again at the next look.
func TestBounceIsNotLostWithTheStore(t *testing.T) {
	s := startBox(t)
	s.puts(reportFile(t, "postfix.eml"))
	told, b := &ledger{sent: []string{boxLetter}, ill: errors.New("disk is full")}, s.box(io.Discard)
	if err := b.look(t.Context(), told); err == nil || s.unread() != 1 {
		t.Errorf("%v, %d unread", err, s.unread())
	}
	told.ill = nil
	if err := b.look(t.Context(), told); err != nil || len(told.heard) != 1 || s.unread() != 0 {
		t.Errorf("%v, heard %q, %d unread", err, told.heard, s.unread())
	}
}

// The server is down, then up: a trouble is logged once, its end too, and what came
// meanwhile is heard.
func TestMailboxDownThenUp(t *testing.T) {
	s := startBox(t)
	s.shut.Store(true)
	s.puts(reportFile(t, "postfix.eml"))
	var text lockedText
	b, told := s.box(&text), &ledger{sent: []string{boxLetter}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { b.watch(ctx, told); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	wait(t, func() bool { return strings.Contains(text.String(), "cannot be looked for") })
	s.shut.Store(false)
	wait(t, func() bool { return strings.Contains(text.String(), "looked for again") })
	cancel()
	<-ended
	if len(told.heard) != 1 {
		t.Errorf("heard %q", told.heard)
	}
	if n := strings.Count(text.String(), "cannot be looked for"); n != 1 {
		t.Errorf("the trouble was logged %d times", n)
	}
	if log := text.String(); strings.Contains(log, boxPassword) || strings.Contains(log, "@") {
		t.Errorf("logged: %s", log)
	}
}

// A server that sends without end is left, and takes no memory.
func TestEndlessMailbox(t *testing.T) {
	sent := make(chan int, 1)
	port := answering(t, func(conn net.Conn) {
		chunk, n := bytes.Repeat([]byte("x"), 1<<16), 0
		_, err := io.WriteString(conn, "* OK ")
		for ; err == nil; n += len(chunk) {
			_, err = conn.Write(chunk)
		}
		sent <- n
	})
	s := &boxServer{t: t, port: port}
	if err := s.box(io.Discard).Check(t.Context()); err == nil {
		t.Error("no error")
	}
	if n := <-sent; n > 2*lookBytes {
		t.Errorf("%d bytes were taken", n)
	}
}

// A server that says nothing is left when its time is over.
func TestSilentMailboxIsLeft(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	port := answering(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
	s := &boxServer{t: t, port: port}
	if err := s.box(io.Discard).look(ctx, &ledger{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestCheckMailbox(t *testing.T) {
	s := startBox(t)
	certificate, roots := makeCertificate(t)
	s.stop()
	s.serve(&tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	good := BoxConfig{Host: "127.0.0.1", Port: s.port, TLS: StartTLS, User: boxUser, Password: boxPassword, Roots: roots}
	for name, c := range map[string]struct {
		change func(*BoxConfig)
		want   string // "" when all is well
	}{
		"well":           {func(*BoxConfig) {}, ""},
		"wrong password": {func(c *BoxConfig) { c.Password = "x" }, "mailbox: log-in: refused by the server"},
		"no such folder": {func(c *BoxConfig) { c.Folder = "Bounce" }, "mailbox: folder: refused by the server"},
		"untrusted":      {func(c *BoxConfig) { c.Roots = nil }, "certificate"},
		"wrong mode":     {func(c *BoxConfig) { c.TLS = TLS }, "mailbox: connection"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := good
			c.change(&cfg)
			b, err := NewBox(cfg)
			if err != nil {
				t.Fatal(err)
			}
			err = b.Check(t.Context())
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), boxPassword) {
				t.Errorf("the password is told: %v", err)
			}
		})
	}
}

func TestMailboxSettings(t *testing.T) {
	good := BoxConfig{Host: "imap.office.example", User: boxUser, Password: boxPassword}
	if b, err := NewBox(good); err != nil || b.cfg.Port != 993 || b.cfg.TLS != TLS || b.cfg.Folder != "INBOX" {
		t.Errorf("%+v, %v", b, err)
	}
	for want, change := range map[string]func(*BoxConfig){
		"host":        func(c *BoxConfig) { c.Host = "imaps://x" },
		"tls must":    func(c *BoxConfig) { c.TLS = "ssl" },
		"port":        func(c *BoxConfig) { c.Port = 70000 },
		"without tls": func(c *BoxConfig) { c.TLS = None },
		"password":    func(c *BoxConfig) { c.Password = "" },
		"user":        func(c *BoxConfig) { c.User = "" },
	} {
		cfg := good
		change(&cfg)
		if _, err := NewBox(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// A set as large as there can be costs no more than what is looked at.
func TestFirstOfAHugeSet(t *testing.T) {
	got := first(imap.UIDSet{{Start: 1, Stop: 1<<32 - 1}}, 7, 3)
	if !slices.Equal(got, []imap.UID{7, 8, 9}) {
		t.Errorf("got %v", got)
	}
	if got := first(imap.UIDSet{{Start: 3, Stop: 3}}, 7, 3); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func FuzzBounce(f *testing.F) {
	f.Add(reportFile(f, "postfix.eml"))
	f.Add(reportFile(f, "exim.eml"))
	f.Add([]byte("Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: " +
		"message/delivery-status\r\n\r\nAction: failed\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, ok := readBounce(text)
		if !ok {
			return
		}
		if strings.ContainsAny(b.letter+b.status, " \r\n\t\x00") || len(b.letter) > 400 || len(b.status) > 9 ||
			!bytes.Contains(bytes.ToLower(text), []byte("failed")) {
			t.Errorf("%q", b)
		}
	})
}

type lockedText struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func wait(t *testing.T, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}
