package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"pst/bot/mail"
	"pst/conversation"
)

// mailbox is an IMAP server in this process, with one mailbox.
type mailbox struct {
	t    *testing.T
	user *imapmemserver.User
	port int
}

func startMailbox(t *testing.T) *mailbox {
	t.Helper()
	b := &mailbox{t: t, user: imapmemserver.NewUser("pst", "sandi-pst")}
	if err := b.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory := imapmemserver.New()
	memory.AddUser(b.user)
	srv := imapserver.New(&imapserver.Options{InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.port = l.Addr().(*net.TCPAddr).Port
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = l.Close(); _ = srv.Close() })
	return b
}

func (b *mailbox) box() *mail.Box {
	b.t.Helper()
	box, err := mail.NewBox(mail.BoxConfig{Host: "127.0.0.1", Port: b.port, TLS: mail.None, User: "pst",
		Password: "sandi-pst",
		Pause:    5 * time.Millisecond})
	if err != nil {
		b.t.Fatal(err)
	}
	return box
}

// unread counts the messages that nobody has marked as read.
func (b *mailbox) unread() int {
	b.t.Helper()
	st, err := b.user.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	if err != nil {
		b.t.Fatal(err)
	}
	return int(*st.NumUnseen)
}

var messageID = regexp.MustCompile(`(?mi)^Message-ID: *(<\S+>)`)

// bounces puts the report into the mailbox that a letter could not be brought.
func (b *mailbox) bounces(l letter) {
	b.t.Helper()
	m := messageID.FindStringSubmatch(l.data)
	if m == nil {
		b.t.Fatalf("no Message-ID in:\n%s", l.data)
	}
	b.reports(m[1], l.to)
}

func (b *mailbox) reports(id, to string) {
	b.t.Helper()
	text := strings.ReplaceAll(fmt.Sprintf(`From: MAILER-DAEMON@mx.office.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=A

--A
Content-Type: text/plain

Maaf.
--A
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.office.example

Final-Recipient: rfc822; %s
Action: failed
Status: 5.1.1

--A
Content-Type: text/rfc822-headers

Message-Id: %s
To: %s

--A--
`, to, id, to), "\n", "\r\n")
	r := bytes.NewReader([]byte(text))
	if _, err := b.user.Append("INBOX", r, &imap.AppendOptions{Time: time.Now()}); err != nil {
		b.t.Fatal(err)
	}
}

// letterTo waits for the newest letter to an address.
func (p *post) letterTo(t *testing.T, to string) (l letter) {
	t.Helper()
	soon(t, "a letter to "+to, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, x := range p.letters {
			if x.to == to {
				l = x
			}
		}
		return l.to != ""
	})
	return l
}

// openBounceDesk is a desk with a mail server that takes letters, and a mailbox that
// they come back to.
func openBounceDesk(t *testing.T) (*mailbox, *mailDesk, *post) {
	t.Helper()
	b := startMailbox(t)
	d := openMailDeskWith(t, b.box())
	d.post.open()
	return b, d, d.post
}

// A letter with a code is taken and comes back later: the reader is told while the
// desk waits for the code, and goes on with the right address. The report is marked as
// read, and once more changes nothing, nor does a forged one.
func TestTheCodeComesBackLater(t *testing.T) {
	b, d, p := openBounceDesk(t)
	d.registers("wulan.p@rumah.example")
	d.reads(d.readers, mailReader, "Kode sudah terkirim ke w***@rumah.example", 1)
	lost := p.letterTo(t, "wulan.p@rumah.example")

	b.reports("<3EB0"+strings.Repeat("0", 18)+"@office.example>", "wulan.p@rumah.example") // forged
	b.bounces(lost)
	d.reads(d.readers, mailReader, "alamat wulan.p@rumah.example ditolak server surat. Ketik alamat yang benar, *kirim "+
		"ulang*, atau *verifikasi petugas*", 1)
	soon(t, "only the forged report is unread", func() bool { return b.unread() == 1 })

	d.writes("wulan@rumah.example", "Kode sudah terkirim ke w***@rumah.example", 2)
	b.bounces(lost) // it comes twice
	soon(t, "the second report is marked", func() bool { return b.unread() == 1 })
	d.writes(p.code("wulan@rumah.example"), "Email terverifikasi", 1)
	b.bounces(p.letterTo(t, "wulan@rumah.example")) // long done
	soon(t, "the third report is marked", func() bool { return b.unread() == 1 })
	d.idle(conversation.Telegram, conversation.WhatsApp, conversation.Mail)
	d.reads(d.readers, mailReader, "ditolak server surat", 1)
	d.logsNothingPersonal("sandi-pst", lost.data)
}

// The reader has given another address meanwhile: the first one's letter coming back
// says nothing about the second.
func TestAnOldCodeComesBack(t *testing.T) {
	b, d, p := openBounceDesk(t)
	d.registers("wulan.p@rumah.example")
	d.reads(d.readers, mailReader, "Kode sudah terkirim", 1)
	lost := p.letterTo(t, "wulan.p@rumah.example")
	d.later(time.Minute)
	d.writes("wulan@rumah.example", "Kode sudah terkirim", 2)
	b.bounces(lost)
	soon(t, "the report is marked", func() bool { return b.unread() == 0 })
	d.idle(conversation.Telegram, conversation.WhatsApp, conversation.Mail)
	d.reads(d.readers, mailReader, "ditolak server surat", 0)
	d.writes(p.code("wulan@rumah.example"), "Email terverifikasi", 1)
}

// After the quarter of an hour that a code lives, the truth is still that the address
// was refused, not that nothing was sent.
func TestTheCodeComesBackTooLate(t *testing.T) {
	b, d, p := openBounceDesk(t)
	d.registers("wulan.p@rumah.example")
	d.reads(d.readers, mailReader, "Kode sudah terkirim", 1)
	d.later(20 * time.Minute)
	b.bounces(p.letterTo(t, "wulan.p@rumah.example"))
	d.reads(d.readers, mailReader, "ditolak server surat", 1)
	d.reads(d.readers, mailReader, "tidak sempat terkirim", 0)
}

// A complaint's copy that comes back raises the alarm, once.
func TestACopyComesBack(t *testing.T) {
	b, d, p := openBounceDesk(t)
	d.staff.refuses = "PENGADUAN"
	d.complains()
	lost := p.letterTo(t, "bps1906@bps.go.id")
	d.later(time.Second)
	d.reads(d.staff, mailKasubbag, "salinan email tiket ADU-", 0)
	for range 2 {
		b.bounces(lost)
		d.reads(d.staff, mailKasubbag, "salinan email tiket ADU-", 1)
		soon(t, "the report is marked", func() bool { return b.unread() == 0 })
	}
	d.idle(conversation.Telegram, conversation.WhatsApp, conversation.Mail)
	d.reads(d.staff, mailKasubbag, "salinan email tiket ADU-", 1)
	d.logsNothingPersonal("sandi-pst")
}

// `pst check` connects to the mailbox and logs in.
func TestCheckTellsOfTheMailbox(t *testing.T) {
	b := startMailbox(t)
	for password, want := range map[string]string{
		"sandi-pst": "kotak suratnya dapat dibaca",
		"salah": "kotak surat tidak dapat dibaca; periksa bagian [imap] di pst.toml " +
			"(mailbox: log-in: refused by the server",
	} {
		dir := t.TempDir()
		text := fmt.Sprintf("[imap]\nhost = \"127.0.0.1\"\nport = %d\ntls = \"none\"\nuser = \"pst\"\npassword = %q\n",
			b.port, password)
		if err := os.WriteFile(filepath.Join(dir, "pst.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		run(t.Context(), []string{"-data", dir, "check"}, streams{out: &out, err: &out})
		if !strings.Contains(out.String(), "surat yang kembali, di 127.0.0.1: "+want) || strings.Contains(out.String(),
			password) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
}
