package whatsapp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"pst/bot"
	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

func TestLetterArrivesUnderItsKey(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	const key = "3EB0AAAABBBBCCCCDDDD11"
	text := "*Menu*\n1. Cari\n0. Menu"
	id, err := r.send(letter(key, pn(ani), text))
	if err != nil || id != key {
		t.Fatalf("id %q, %v", id, err)
	}
	p.Typing()
	got := p.Next()
	if got.Info.ID != key || whatsapptest.Text(got) != text {
		t.Errorf("received %q under %s", whatsapptest.Text(got), got.Info.ID)
	}
	if strings.Contains(r.logs.String(), "participant list hash") {
		t.Error("the letter was not encrypted for every device")
	}
	// A key of another form becomes an id that is the same at every try.
	one, err1 := r.send(letter("outbox:17", r.lid(ani), "a"))
	two, err2 := r.send(letter("outbox:17", r.lid(ani), "a"))
	other, err3 := r.send(letter("outbox:18", r.lid(ani), "a"))
	if err := errors.Join(err1, err2, err3); err != nil || one != two || one == other || !webID.MatchString(one) {
		t.Errorf("ids %q %q %q, %v", one, two, other, err)
	}
}

func TestANumberArrivesWithItsSourceAndItsWays(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	text := "*4.550* jiwa (2022)\nLenggang: Umur <19 & 65+\nTabel 2.1.1 Penduduk Menurut Desa dan Jenis Kelamin∗, 2022\n" +
		"Kecamatan Gantung Dalam Angka 2023, hal. 10 (tercetak 5)\nSumber: Disdukcapil\nKode angka 2F8CTQ.\n" +
		"*1* Ambil halaman ini\n*2* Tabelnya (Excel atau CSV)\n*3* Tahun dan edisi lain\n*0* Kembali"
	l := letter("3EB0AAAABBBBCCCCDDDD12", pn(ani), text)
	l.Send.Options = []conversation.Option{
		{Key: "page", Number: "1", Label: "Ambil halaman ini"},
		{Key: "table", Number: "2", Label: "Tabelnya (Excel atau CSV)"},
		{Key: "years", Number: "3", Label: "Tahun dan edisi lain"},
		{Key: "0", Number: "0", Label: "Kembali"},
	}
	if _, err := r.send(l); err != nil {
		t.Fatal(err)
	}
	if got := whatsapptest.Text(p.Next()); got != text { // no buttons: the answers stand in the text
		t.Errorf("received %q", got)
	}
}

func TestReceiptsAreHandedOn(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	id, err := r.send(letter("k", pn(ani), "halo"))
	if err != nil {
		t.Fatal(err)
	}
	p.Read(p.Next())
	for _, status := range []string{"delivered", "read"} {
		want := fmt.Sprint(string(r.lid(ani)), " ", id, " ", status)
		r.in.until(t, want, func() bool {
			for _, got := range r.in.receipts {
				if got == want {
					return true
				}
			}
			return false
		})
	}
}

func document(size int) *bot.File {
	data := bytes.Repeat([]byte("%PDF-1.7 made up \x00\xff"), size/19)
	sum := sha256.Sum256(data)
	return &bot.File{Name: "Kutipan BDA 2025 hlm 12-18.pdf", MIME: "application/pdf", Data: data, Pages: 7,
		SHA256: hex.EncodeToString(sum[:])}
}

func TestExcerptArrivesByteForByte(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	l := letter("k", pn(ani), "Kutipan *K-123*, gratis.")
	l.File = document(2 << 20)
	if _, err := r.send(l); err != nil {
		t.Fatal(err)
	}
	got := p.Next()
	doc := got.Message.GetDocumentMessage()
	if doc.GetFileName() != l.File.Name || doc.GetPageCount() != 7 ||
		doc.GetCaption() != l.Send.Text || doc.GetMimetype() != "application/pdf" {
		t.Errorf("document %q, %d pages, caption %q, %s",
			doc.GetFileName(), doc.GetPageCount(), doc.GetCaption(), doc.GetMimetype())
	}
	sum := sha256.Sum256(p.Download(got))
	if hex.EncodeToString(sum[:]) != l.File.SHA256 {
		t.Error("the file received is not the one sent")
	}
	// Without a caption, and as a picture.
	l = letter("k2", pn(ani), "")
	l.File = document(1000)
	if _, err := r.send(l); err != nil {
		t.Fatal(err)
	}
	if m := p.Next().Message; m.GetDocumentMessage() == nil || m.GetDocumentMessage().Caption != nil {
		t.Errorf("received %v", m)
	}
	l = letter("k3", pn(ani), "foto")
	l.File = &bot.File{Name: "foto.jpg", MIME: "image/jpeg", Data: []byte("made up")}
	if _, err := r.send(l); err != nil {
		t.Fatal(err)
	}
	if m := p.Next().Message; m.GetImageMessage().GetCaption() != "foto" {
		t.Errorf("received %v", m)
	}
}

func TestFileThatIsNotTheRecordedOneIsNotSent(t *testing.T) {
	r := start(t, nil)
	r.srv.Person(ani, "Ani")
	l := letter("k", pn(ani), "")
	l.File = document(1000)
	l.File.Data[5]++
	if e := sendError(t, second(r.send(l))); e.Retry || e.Blame != "desk" || r.srv.Uploads() != 0 {
		t.Errorf("%+v after %d uploads", e, r.srv.Uploads())
	}
}

func TestMediaHostIsDownThenUp(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	l := letter("k", pn(ani), "kutipan")
	l.File = document(1000)
	r.srv.MediaDown(true)
	if e := sendError(t, second(r.send(l))); !e.Retry || e.Whole || e.Blame != "platform" {
		t.Errorf("%+v", e)
	}
	if n := r.srv.Uploads(); n != 3 {
		t.Errorf("%d uploads, want 3", n)
	}
	if _, err := r.send(letter("k2", pn(ani), "teks saja")); err != nil {
		t.Errorf("a letter without file: %v", err)
	}
	p.Next()
	r.srv.MediaDown(false)
	r.srv.FailUploads(2) // a hiccup, within one sending
	if _, err := r.send(l); err != nil {
		t.Fatal(err)
	}
	if got := p.Download(p.Next()); !bytes.Equal(got, l.File.Data) {
		t.Error("the file received is not the one sent")
	}
}

func TestWhatAFailedAcknowledgementMeans(t *testing.T) {
	for name, tc := range map[string]struct {
		code  int
		blame string
		after time.Duration
		cause error
	}{
		"may not write first (463)": {463, "platform", lockedWait, ErrNotYet},
		"malformed (479)":           {479, "desk", 30 * time.Second, nil},
		"refused for now (400)":     {400, "desk", 10 * time.Second, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			p := r.srv.Person(ani, "Ani")
			r.srv.FailAcks(desk, tc.code, 1)
			e := sendError(t, second(r.send(letter("k", pn(ani), "halo"))))
			if !e.Retry || e.Whole || e.Blame != tc.blame || e.After != tc.after ||
				tc.cause != nil && !errors.Is(e, tc.cause) {
				t.Errorf("%+v", e)
			}
			if _, err := r.send(letter("k", pn(ani), "halo")); err != nil {
				t.Errorf("next try: %v", err)
			}
			if got := p.Next(); whatsapptest.Text(got) != "halo" {
				t.Errorf("received %q", whatsapptest.Text(got))
			}
		})
	}
}

func TestNumberThatIsNotOnWhatsApp(t *testing.T) {
	r := start(t, nil)
	e := sendError(t, second(r.send(letter("k", pn("6281299999999"), "halo"))))
	if e.Retry || e.Blame != "person" || !errors.Is(e, bot.ErrUnreachable) || strings.Contains(e.Error(), "8129") {
		t.Errorf("%+v", e)
	}
}

func TestAddressThatIsNoPersonIsRefused(t *testing.T) {
	r := start(t, nil)
	for _, a := range []conversation.Address{
		"telegram:1", "whatsapp:120363@g.us", "whatsapp:status@broadcast", "whatsapp:6281:2@s.whatsapp.net", "whatsapp:x",
	} {
		if e := sendError(t, second(r.send(letter("k", a, "halo")))); e.Retry || e.Blame != "desk" {
			t.Errorf("%s: %+v", a, e)
		}
	}
}

func isText(text string) func(*events.Message) bool {
	return func(m *events.Message) bool { return whatsapptest.Text(m) == text }
}

func TestSlowAcknowledgementHoldsOthersUpForItsDeadlineAtMost(t *testing.T) {
	r := start(t, func(c *Config) { c.Timing.Ack = 2 * time.Second })
	a, b := r.srv.Person(ani, "Ani"), r.srv.Person(budi, "Budi")
	// Devices are looked up before, so that only the acknowledgement is slow.
	for _, phone := range []string{ani, budi} {
		r.eventually("a first letter", func() bool { return second(r.send(letter("first"+phone, pn(phone), "halo"))) == nil })
	}
	release := r.srv.HoldAcks(ani)
	defer release()
	slow := make(chan error, 1)
	go func() { slow <- second(r.send(letter("slow", pn(ani), "pelan"))) }()
	a.Until("the slow letter", isText("pelan")) // it is on its way
	// The slow one is never acknowledged; a busy machine may be late with the quick one's, too.
	r.eventually("the quick letter to be sent", func() bool {
		return second(r.send(letter("quick", pn(budi), "cepat"))) == nil
	})
	b.Until("the quick letter", isText("cepat"))
	if e := sendError(t, <-slow); !e.Retry || e.Whole || e.Blame != "platform" {
		t.Errorf("the slow one: %+v", e)
	}
}

func TestCutDuringASendingIsMended(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	release := r.srv.HoldAcks(ani)
	sent := make(chan error, 1)
	go func() { sent <- second(r.send(letter("k", pn(ani), "halo"))) }()
	first := p.Next()
	release()
	r.srv.Cut(desk)
	if err := <-sent; err != nil {
		if e := sendError(t, err); !e.Retry {
			t.Fatalf("%+v", e)
		}
		r.state(Online)
		if _, err := r.send(letter("k", pn(ani), "halo")); err != nil {
			t.Fatal(err)
		}
	}
	if first.Info.ID != messageID("k") {
		t.Errorf("id %s", first.Info.ID)
	}
	for p.Waiting() > 0 { // the same id again: a phone shows it once
		if again := p.Next(); again.Info.ID != first.Info.ID {
			t.Errorf("second copy under %s", again.Info.ID)
		}
	}
}

func TestStoppingEndsASending(t *testing.T) {
	r := start(t, nil)
	r.srv.Person(ani, "Ani")
	release := r.srv.HoldAcks(ani)
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	sent := make(chan error, 1)
	go func() { sent <- second(r.ch.Send(ctx, letter("k", pn(ani), "halo"))) }()
	cancel()
	if err := <-sent; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestDisappearingTimerIsCopied(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	timer := func(seconds uint32) *waE2E.Message {
		return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("halo"),
			ContextInfo: &waE2E.ContextInfo{Expiration: proto.Uint32(seconds)}}}
	}
	for i, seconds := range []uint32{604800, 0} {
		p.Send(desk, timer(seconds))
		r.in.wait(t, i)
		if _, err := r.send(letter(fmt.Sprint("k", i), r.lid(ani), "jawab")); err != nil {
			t.Fatal(err)
		}
		got := p.Next()
		e := got.Message.GetExtendedTextMessage().GetContextInfo().GetExpiration()
		if e != seconds || whatsapptest.Text(got) != "jawab" {
			t.Errorf("timer %d: answer %q with %d", seconds, whatsapptest.Text(got), e)
		}
	}
}

func TestNobodyIsWrittenToFirst(t *testing.T) {
	wrote := map[conversation.Address]bool{}
	r := start(t, func(c *Config) {
		c.Staff = []string{kasubbag}
		c.Wrote = func(_ context.Context, a conversation.Address) (bool, error) { return wrote[a], nil }
	})
	s, a := r.srv.Person(kasubbag, "Syah"), r.srv.Person(ani, "Ani")
	e := sendError(t, second(r.send(letter("k", pn(kasubbag), "tiket baru"))))
	if !e.Retry || e.After <= 0 || e.Blame != "platform" || !errors.Is(e, ErrNotYet) {
		t.Errorf("before staff enrolled: %+v", e)
	}
	s.Say(desk, "halo")
	r.in.wait(t, 0)
	if _, err := r.send(letter("k", pn(kasubbag), "tiket baru")); err != nil {
		t.Errorf("after: %v", err)
	}
	if got := whatsapptest.Text(s.Next()); got != "tiket baru" {
		t.Errorf("staff got %q", got)
	}
	wrote[pn(ani)] = true // in an earlier run
	if _, err := r.send(letter("k2", pn(ani), "jawaban")); err != nil {
		t.Errorf("to somebody who wrote before: %v", err)
	}
	a.Next()
}

func TestReachOutLockHoldsFirstContacts(t *testing.T) {
	r := start(t, nil)
	a, b := r.srv.Person(ani, "Ani"), r.srv.Person(budi, "Budi")
	a.Say(desk, "halo")
	r.in.wait(t, 0)
	r.srv.LockReachOut(desk, time.Now().Add(time.Hour))
	r.eventually("the lock", func() bool { return !r.ch.Status().ReachOut.IsZero() })
	e := sendError(t, second(r.send(letter("k", pn(budi), "halo"))))
	if !e.Retry || e.After < 50*time.Minute || !errors.Is(e, ErrNotYet) {
		t.Errorf("first contact: %+v", e)
	}
	if _, err := r.send(letter("k2", r.lid(ani), "jawaban")); err != nil {
		t.Errorf("answer: %v", err)
	}
	a.Next()
	r.srv.LockReachOut(desk, time.Now().Add(-time.Minute))
	r.eventually("the end of the lock", func() bool { return r.ch.Status().ReachOut.IsZero() })
	if _, err := r.send(letter("k", pn(budi), "halo")); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	b.Next()
}

func TestQuotedLetterIsRecognised(t *testing.T) {
	r := start(t, func(c *Config) { c.Staff = []string{kasubbag} })
	s := r.srv.Person(kasubbag, "Syah")
	id, err := r.send(letter("ticket", pn(kasubbag), "ADU-261123-7QK"))
	if err != nil {
		t.Fatal(err)
	}
	s.Quote(desk, s.Next(), "sudah saya tindak lanjuti")
	got := r.in.wait(t, 0)
	if got.Quoted != id || got.Text != "sudah saya tindak lanjuti" || got.From != pn(kasubbag) {
		t.Errorf("got %+v", got)
	}
}

func TestLetterThatAPhoneCannotReadIsSentAgainAfterARestart(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	p.Say(desk, "halo")
	r.in.wait(t, 0)
	for _, text := range []string{"satu", "dua"} {
		if _, err := r.send(letter(text, r.lid(ani), text)); err != nil {
			t.Fatal(err)
		}
		p.Next()
	}
	p.Leave()
	if _, err := r.send(letter("tiga", r.lid(ani), "tiga")); err != nil {
		t.Fatal(err)
	}
	p.ForgetSession(desk)
	r.stop()
	r.make(nil)
	r.run()
	r.state(Online)
	p.Connect()
	got := p.Until("the letter", func(m *events.Message) bool { return m.Info.ID == messageID("tiga") })
	if whatsapptest.Text(got) != "tiga" || got.RetryCount == 0 {
		t.Errorf("got %q after %d retries", whatsapptest.Text(got), got.RetryCount)
	}
}

func TestOverallSpeedIsCarefulByDefault(t *testing.T) {
	ch, err := New(Config{DeviceFile: "x", Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	p := ch.Pace()
	if p.Each.PerSecond <= 0 || p.Each.PerSecond > 1 || p.All.PerSecond <= 0 || p.All.PerSecond > 2 || p.Parallel < 2 {
		t.Errorf("pace %+v", p)
	}
}
