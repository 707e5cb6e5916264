package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/mail"
	"pst/conversation"
	"pst/store"
)

// paper is a chat platform on which people read what they are sent.
type paper struct {
	scheme string
	in     chan bot.Inbox

	refuses string // letters with this text come back for good

	mu   sync.Mutex
	read map[conversation.Address][]string
}

func (p *paper) Scheme() string { return p.scheme }

func (p *paper) Run(ctx context.Context, in bot.Inbox) error {
	p.in <- in
	<-ctx.Done()
	return nil
}

func (p *paper) Send(_ context.Context, l bot.Letter) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuses != "" && strings.Contains(l.Send.Text, p.refuses) {
		return "", &bot.SendError{Blame: "person", Err: errors.New("the number is not there")}
	}
	p.read[l.Send.To] = append(p.read[l.Send.To], l.Send.Text)
	return l.Key, nil
}

// found counts the messages to a chat with a text.
func (p *paper) found(to conversation.Address, text string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, m := range p.read[to] {
		n += strings.Count(m, text)
	}
	return n
}

// emptyCatalogue holds nothing.
type emptyCatalogue struct{}

func (emptyCatalogue) Search(context.Context, conversation.Query) (conversation.Result, error) {
	return conversation.Result{}, nil
}

func (emptyCatalogue) Data(context.Context, conversation.Query) ([]conversation.Datum, error) {
	return nil, nil
}

func (emptyCatalogue) DataSeries(context.Context, conversation.Datum) ([]conversation.Datum, error) {
	return nil, nil
}

func (emptyCatalogue) Series(context.Context, string) ([]conversation.Edition, error) {
	return nil, nil
}

// mailDesk is a desk with a clock that the test moves, a chat platform for readers
// and one for staff, and mail by a server that need not be there.
type mailDesk struct {
	t              *testing.T
	db             *store.DB
	readers, staff *paper
	in             bot.Inbox
	post           *post // shut at first
	swept          sweeps
	loops          *bot.Loops
	log            locked
	count          int

	mu  sync.Mutex
	now time.Time
}

const (
	mailReader   conversation.Address = "telegram:7101"
	mailKasubbag conversation.Address = "whatsapp:628110000001@s.whatsapp.net"
)

func openMailDesk(t *testing.T) *mailDesk { return openMailDeskWith(t, nil) }

// openMailDeskWith has a mailbox that letters come back to.
func openMailDeskWith(t *testing.T, box *mail.Box) *mailDesk {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	d := &mailDesk{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, zone),
		readers: &paper{scheme: conversation.Telegram, in: make(chan bot.Inbox, 1),
			read: map[conversation.Address][]string{}},
		staff: &paper{scheme: conversation.WhatsApp, in: make(chan bot.Inbox, 1),
			read: map[conversation.Address][]string{}}}
	office := conversation.DefaultOffice(zone)
	office.Staff = []conversation.Staff{{Name: "Pak Budi", Role: conversation.Kasubbag,
		Addresses: []conversation.Address{mailKasubbag}}}
	if d.db, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "pst.db"),
		store.Options{Secret: secretForTests, Now: d.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.db.Close() })
	texts, err := conversation.NewTexts(&office, "")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(&d.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	engine := conversation.NewEngine(conversation.Config{Store: d.db, Catalogue: emptyCatalogue{}, Texts: texts,
		Office: &office,
		Secret: secretForTests, Now: d.clock, Random: rand.Reader, Log: log})
	d.post = startPost(t)
	d.post.shut = true
	m, err := mail.New(mail.Config{Host: "127.0.0.1", Port: d.post.port, TLS: mail.None, From: "pst@office.example",
		Box: box}, d.clock)
	if err != nil {
		t.Fatal(err)
	}
	unpaced := struct {
		bot.Channel
		bot.Prober
	}{m, m}
	d.swept.Queue = d.db
	d.loops, err = bot.New(bot.Config{Turner: engine, Queue: &d.swept, Outbox: d.db,
		Channels: []bot.Channel{d.readers, d.staff, unpaced},
		Alarm:    alarm(func() *conversation.Office { return &office }), Now: d.clock, Log: log,
		Timing: bot.Timing{Tick: 2 * time.Millisecond,
			Sweep: 2 * time.Millisecond,
			Retry: time.Millisecond, RetryMost: 4 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	untilTheEnd(t, d.loops)
	d.in = <-d.readers.in
	return d
}

func (d *mailDesk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// later moves the clock, in steps that the loops follow: what is due then is done.
func (d *mailDesk) later(by time.Duration) {
	d.t.Helper()
	for ; by > 0; by -= 30 * time.Second {
		d.follows()
		d.mu.Lock()
		d.now = d.now.Add(min(by, 30*time.Second))
		d.mu.Unlock()
	}
	d.follows()
}

// follows waits until the loops have done what is due by the clock, but for mail, whose
// server may be ill.
func (d *mailDesk) follows() {
	d.t.Helper()
	begun := d.swept.n.Load()
	soon(d.t, "a sweep", func() bool { return d.swept.n.Load() >= begun+2 }) // one of them whole
	d.idle(conversation.Telegram, conversation.WhatsApp)
}

// idle waits until nothing is to be answered, and nothing to be sent by these channels.
func (d *mailDesk) idle(by ...string) {
	d.t.Helper()
	all := []string{conversation.Telegram, conversation.WhatsApp, conversation.Mail, conversation.Desk}
	soon(d.t, "nothing waits", func() bool {
		in, err := d.db.Waiting(d.t.Context(), all, nil, 1)
		out, err2 := d.db.Out(d.t.Context(), by, nil, d.clock(), 1)
		return err == nil && err2 == nil && len(in)+len(out) == 0
	})
}

// sweeps is a queue that counts how often it was looked at for what is due.
type sweeps struct {
	bot.Queue
	n atomic.Int64
}

func (s *sweeps) Sweep(ctx context.Context, now time.Time) (int, error) {
	defer s.n.Add(1)
	return s.Queue.Sweep(ctx, now)
}

// writes has the reader write, and waits until a text has been read n times.
func (d *mailDesk) writes(text, answer string, n int) {
	d.t.Helper()
	d.count++
	m := conversation.Message{ID: fmt.Sprint("m", d.count), From: mailReader, Kind: conversation.Text, Text: text,
		SentAt: d.clock()}
	if err := d.in.Put(d.t.Context(), m); err != nil {
		d.t.Fatal(err)
	}
	d.reads(d.readers, mailReader, answer, n)
	d.later(time.Second)
}

// reads waits until a text has been read n times, no more.
func (d *mailDesk) reads(p *paper, to conversation.Address, text string, n int) {
	d.t.Helper()
	soon(d.t, fmt.Sprintf("%q read %d times", text, n), func() bool { return p.found(to, text) >= n })
	if got := p.found(to, text); got != n {
		d.t.Errorf("%q was read %d times, want %d", text, got, n)
	}
}

// registers brings the reader up to the code of an address.
func (d *mailDesk) registers(email string) {
	d.t.Helper()
	d.writes("daftar", "*1* Setuju", 1)
	d.writes("1", "Siapa nama", 1)
	d.writes("Wulandari Prasetya", "Kartu identitas dan nomornya", 1)
	d.writes("KTP 1906014101900003", "alamat email", 1)
	d.writes(email, "sedang dikirim", 1)
}

// queued lists what waits to be mailed: one row an address.
func (d *mailDesk) queued() []string {
	d.t.Helper()
	rows, err := d.db.Out(d.t.Context(), []string{conversation.Mail}, nil, d.clock().Add(5*time.Minute), 100)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		out = append(out, r.Send.To.Rest())
	}
	slices.Sort(out)
	return out
}

// logsNothingPersonal looks through every line of the log.
func (d *mailDesk) logsNothingPersonal(more ...string) {
	d.t.Helper()
	text := d.log.String()
	for _, secret := range append(more, "wulan", "Wulan", "Prasetya", "prasetya", "rumah.example", "bps1906", "Bocor",
		"190601", "7101@", "628110000001") {
		if i := strings.Index(text, secret); i >= 0 {
			d.t.Errorf("the log holds %q: …%s…", secret, text[max(0, i-150):min(len(text), i+80)])
		}
	}
	if !strings.Contains(text, "channel=mailto") {
		d.t.Error("the log tells nothing of mail")
	}
	if m := regexp.MustCompile(`\b\d{6}\b`).FindString(regexp.MustCompile(`time=\S+`).ReplaceAllString(text,
		"")); m != "" {
		d.t.Errorf("the log holds six digits: %s", m)
	}
}

// A mail server is gone for an hour. The reader reads the truth all along, staff are
// told once that it is down and once that it is well, and of four letters with codes the
// one that counts arrives, once, with the copy of a complaint that waited as well.
func TestMailIsGoneForAnHour(t *testing.T) {
	d := openMailDesk(t)
	if err := d.db.Enqueue(t.Context(), conversation.Send{To: "mailto:bps1906@bps.go.id", Subject: "[ADU-261123-07K]",
		Text: "Bocor di ruang baca",
		Ref:  "copy:ADU-261123-07K", Report: true, Expires: d.clock().Add(5 * 24 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	d.registers("wulan.p@rumah.example")
	soon(d.t, "mail is down", func() bool { return !d.loops.State()[2].Up })
	if n := d.readers.found(mailReader, "sudah terkirim"); n != 0 {
		t.Error("told of a letter that nobody took")
	}
	d.later(time.Minute)
	d.reads(d.readers, mailReader, "belum diterima server surat", 1)
	d.writes("kodenya belum nyampe kak", "kami masih mencoba", 1)
	d.later(16 * time.Minute)
	d.reads(d.readers, mailReader, "tidak sempat terkirim", 1)
	if got := d.queued(); !slices.Equal(got, []string{"bps1906@bps.go.id"}) {
		t.Errorf("queued: %q", got)
	}
	d.writes("kirim ulang", "sedang dikirim", 2)
	if got := d.queued(); !slices.Equal(got, []string{"bps1906@bps.go.id", "wulan.p@rumah.example"}) {
		t.Errorf("queued: %q", got)
	}
	d.later(40 * time.Minute)
	if d.staff.found(mailKasubbag, "tidak melayani") != 0 {
		t.Error("staff were told within the hour")
	}
	d.later(4 * time.Minute)
	d.reads(d.staff, mailKasubbag, "*Email* tidak melayani sejak pukul 09.00", 1)
	d.writes("kirim ulang", "sedang dikirim", 3)
	d.later(90 * time.Second) // the third letter is still worth sending when the fourth takes its place
	d.writes("kirim ulang", "sedang dikirim", 4)

	p := d.post
	p.open()
	d.later(2 * time.Minute)
	d.reads(d.readers, mailReader, "Kode sudah terkirim ke w***@rumah.example", 1)
	d.reads(d.staff, mailKasubbag, "*Email* kembali melayani", 1)
	d.later(5 * time.Minute) // a second copy would come now
	letters := p.taken()
	var to []string
	for _, l := range letters {
		to = append(to, l.to)
		if strings.Contains(l.data, "Wulan") {
			t.Errorf("a letter names somebody:\n%s", l.data)
		}
	}
	slices.Sort(to)
	if !slices.Equal(to, []string{"bps1906@bps.go.id", "wulan.p@rumah.example"}) {
		t.Errorf("arrived: %q", to)
	}
	code := p.code("wulan.p@rumah.example")
	d.writes(code, "Email terverifikasi", 1)
	d.reads(d.staff, mailKasubbag, "tidak melayani", 1)
	d.logsNothingPersonal(code)
}

// What each refusal makes the reader and staff read, and how many copies arrive.
func TestWhatIsReadOfARefusal(t *testing.T) {
	t.Run("the address is refused", func(t *testing.T) {
		d := openMailDesk(t)
		p := d.post
		p.say("wulan.p@rumah.example", "550 5.1.1 <wulan.p@rumah.example> no such user")
		p.open()
		d.registers("wulan.p@rumah.example")
		d.reads(d.readers, mailReader, "alamat wulan.p@rumah.example ditolak server surat", 1)
		d.writes("wulan@rumah.example", "Kode sudah terkirim", 1)
		d.writes(p.code("wulan@rumah.example"), "Email terverifikasi", 1)
		if n := len(p.taken()); n != 1 || d.staff.found(mailKasubbag, "Email") != 0 {
			t.Errorf("%d letters; staff were told of mail %d times", n, d.staff.found(mailKasubbag, "Email"))
		}
		d.logsNothingPersonal()
	})
	t.Run("the relay refuses us", func(t *testing.T) {
		d := openMailDesk(t)
		d.post.say("wulan.p@rumah.example", "554 5.7.1 <wulan.p@rumah.example>: Relay access denied")
		d.post.open()
		d.registers("wulan.p@rumah.example")
		d.later(time.Minute)
		d.reads(d.readers, mailReader, "belum diterima server surat", 1)
		if n := d.readers.found(mailReader, "ditolak"); n != 0 {
			t.Error("the person is told of a refusal that is ours")
		}
		d.later(time.Hour)
		d.reads(d.staff, mailKasubbag, "*Email* tidak melayani", 1)
		d.reads(d.staff, mailKasubbag, "recipient refused: 554 5.7.1, by the server's policy", 1)
		d.writes("verifikasi petugas", "Petugas yang memverifikasi", 1)
		d.reads(d.staff, mailKasubbag, "*VERIFIKASI VER-", 1)
		d.logsNothingPersonal()
	})
	t.Run("a complaint's copy is refused", func(t *testing.T) {
		d := openMailDesk(t)
		p := d.post
		p.say("bps1906@bps.go.id", "550 5.1.1 unknown")
		p.open()
		d.staff.refuses = "PENGADUAN"
		d.complains()
		d.reads(d.staff, mailKasubbag, "salinan email tiket ADU-", 1)
		if n := len(p.taken()); n != 0 {
			t.Errorf("%d letters", n)
		}
		d.logsNothingPersonal()
	})
}

// complains makes a complaint with a name, up to its ticket.
func (d *mailDesk) complains() {
	d.t.Helper()
	d.writes("pengaduan", "Kotak saran", 1)
	d.writes("1", "*0* ", 2)
	d.writes("saran", "kirim", 1)
	d.writes("Atap bocor di ruang baca sejak Senin", "Tambahkan lagi", 1)
	d.writes("kirim", "Rahasiakan", 1)
	d.writes("1", "nama", 1)
	d.writes("Siti Aminah", "*1* Kirim pengaduan", 1)
	d.writes("1", "Tercatat dengan nomor", 1)
}
