package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/telegram/telegramtest"
	"pst/bot/whatsapp"
	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

// Made-up numbers; the Kasubbag's stands in the configuration as people write it.
const (
	deskPhone       = "6281200000001"
	sitiPhone       = "6281200000002"
	kasubbagPhone   = "6281200000009"
	kasubbagWritten = "0812-0000-0009"
)

// whatsappHouse is a data folder with the sample library, a device linked to
// the desk's account, and a configuration that names the Kasubbag's number and
// the servers that are not nil.
func whatsappHouse(t *testing.T, srv *whatsapptest.Server, letters *post, tg *telegramtest.Server) *house {
	t.Helper()
	h := &house{data: sampleFolder(t), std: streams{out: io.Discard, err: io.Discard}, log: slog.New(slog.DiscardHandler)}
	t.Cleanup(func() { whatsapptest.Remove(h.data) })
	text := fmt.Sprintf("[whatsapp]\nenabled = true\n[[staff]]\nname = \"Pak Budi\"\nrole = \"kasubbag\"\naddresses = "+
		"[\"whatsapp:%s\"]\n", kasubbagWritten)
	if letters != nil {
		text += fmt.Sprintf("[smtp]\nhost = \"127.0.0.1\"\nport = %d\ntls = \"none\"\n", letters.port)
	}
	if tg != nil {
		text += fmt.Sprintf("[telegram]\ntoken = %q\nendpoint = %q\n", tg.Token(), tg.Endpoint())
	}
	if err := os.WriteFile(h.path("pst.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	srv.LinkFile(h.path("whatsapp.db"), deskPhone, "PST")
	return h
}

// serveJoined is `pst serve DATA` in a process of its own, whose WhatsApp is the
// test server at an address: its two arguments. A third makes it hurry, as
// [startQuick] does.
func serveJoined() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	h := &house{data: os.Args[1], std: streams{out: os.Stdout, err: os.Stderr},
		log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	run := serve
	if len(os.Args) > 3 {
		run = serveQuick
	}
	if err := run(ctx, h, platform{whatsapp: whatsapptest.Join(os.Args[2])}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailed)
	}
}

func serveQuick(ctx context.Context, h *house, p platform) error {
	d, loops, _, err := quickLoops(ctx, h, p, &bot.Pace{})
	if err != nil {
		return err
	}
	var keepers sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	keepers.Go(func() { keepHouse(ctx, h, d, []bot.Clocked{rightClock{}}) })
	keepers.Go(func() { keepAside(ctx, h, d) })
	err = loops.Run(ctx)
	stop()
	keepers.Wait()
	return errors.Join(err, d.close())
}

// rightClock is a platform that says our clock is right.
type rightClock struct{}

func (rightClock) Ahead() (time.Duration, bool) { return 0, true }

// quickLoops are the program's own parts over a test server, with this pace in
// WhatsApp and none elsewhere, and nearly without "typing ...".
func quickLoops(ctx context.Context, h *house, p platform, pace *bot.Pace) (*desk, *bot.Loops, *whatsapp.Channel,
	error) {
	d, err := h.open(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	staff, err := d.cfg.staff(*d.office())
	if err != nil {
		return nil, nil, nil, err
	}
	channels, err := d.channels(h, p)
	if err != nil {
		return nil, nil, nil, err
	}
	var numbers []string
	for _, s := range staff {
		for _, a := range s.Addresses {
			if number, ok := phoneOf(a); ok {
				numbers = append(numbers, number)
			}
		}
	}
	var quick *whatsapp.Channel
	for i, c := range channels {
		channels[i] = struct{ bot.Channel }{c} // hides its pace
		if c.Scheme() != conversation.WhatsApp {
			continue
		}
		quick, err = whatsapp.New(whatsapp.Config{DeviceFile: h.path("whatsapp.db"), Key: d.secret, Staff: numbers,
			Alias: d.db.JoinChats, Wrote: d.db.Wrote, HTTP: p.whatsapp, Pace: pace, Log: h.log,
			Timing: whatsapp.Timing{Typing: time.Millisecond, Receipts: 50 * time.Millisecond}})
		if err != nil {
			return nil, nil, nil, err
		}
		channels[i] = quick
	}
	d.office().Staff = reachable(staff, channels)
	loops, err := d.makeLoops(h, channels)
	return d, loops, quick, err
}

// whatsappDesk is the program's own parts over a test server, without the pace
// and the "typing …" that the platform is owed.
type whatsappDesk struct {
	t     *testing.T
	srv   *whatsapptest.Server
	desk  *desk
	loops *bot.Loops
	stop  func()
	chats []*chat // whose messages settle waits for
}

// startQuick serves until the test ends, and returns when WhatsApp is online.
func startQuick(t *testing.T, h *house, srv *whatsapptest.Server) *whatsappDesk {
	t.Helper()
	return startPaced(t, h, srv, &bot.Pace{})
}

// startPaced is startQuick at a pace.
func startPaced(t *testing.T, h *house, srv *whatsapptest.Server, pace *bot.Pace) *whatsappDesk {
	t.Helper()
	d, loops, quick, err := quickLoops(t.Context(), h, platform{whatsapp: srv.HTTPClient()}, pace)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- loops.Run(ctx) }()
	w := &whatsappDesk{t: t, srv: srv, desk: d, loops: loops, stop: sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the loops ended with %v", err)
		}
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})}
	t.Cleanup(w.stop)
	soon(t, "WhatsApp is online", func() bool { return quick.Status().State == whatsapp.Online })
	return w
}

// settle waits until all that the desk has is answered, and the answers have
// arrived.
func (w *whatsappDesk) settle() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if err := w.loops.Settle(ctx); err != nil {
		w.t.Fatal(err)
	}
	for _, c := range w.chats {
		soon(w.t, "every answer has arrived", func() bool { return w.srv.Unacknowledged(c.Phone) == 0 })
		c.gather()
	}
}

// chat is a person with WhatsApp, and what the desk wrote to them.
type chat struct {
	*whatsapptest.Person
	got []arrived
}

// arrived is one message from the desk.
type arrived struct {
	text     string
	document bool
	photo    bool
	show     func(caption string, data []byte) // answers with a picture
	name     string
	pages    int
	quote    func(text string)
	download func() []byte
}

// join brings a person whom settle waits for.
func (w *whatsappDesk) join(p *whatsapptest.Person) *chat {
	c := &chat{Person: p}
	w.chats = append(w.chats, c)
	return c
}

// say sends a text and waits until the desk has it.
func (c *chat) say(text string) { c.Delivered(c.Say(deskPhone, text)) }

// gather takes what has arrived.
func (c *chat) gather() {
	for c.Waiting() > 0 {
		c.take()
	}
}

// take waits for the next message.
func (c *chat) take() arrived {
	m := c.Next()
	a := arrived{text: whatsapptest.Text(m), photo: m.Message.GetImageMessage() != nil,
		show:     func(caption string, data []byte) { c.Delivered(c.Photo(deskPhone, caption, data, m)) },
		quote:    func(text string) { c.Delivered(c.Quote(deskPhone, m, text)) },
		download: func() []byte { return c.Download(m) }}
	if doc := m.Message.GetDocumentMessage(); doc != nil {
		a.document, a.name, a.pages = true, doc.GetFileName(), int(doc.GetPageCount())
	}
	c.got = append(c.got, a)
	return a
}

// last is the last message the desk wrote.
func (c *chat) last() arrived { return c.got[len(c.got)-1] }

// documents are the files the desk sent.
func (c *chat) documents() (out []arrived) {
	for _, a := range c.got {
		if a.document {
			out = append(out, a)
		}
	}
	return out
}

// fill puts the numbers that the desk gave in place of a transcript's braces.
func (c *chat) fill(text string, letters *post) string {
	if strings.Contains(text, "{kode}") {
		text = strings.ReplaceAll(text, "{kode}", letters.code("siti.aminah@gmail.com"))
	}
	ticket, excerpt := "ADU-000000-000", ""
	for _, a := range c.got {
		if found := ticketIn.FindString(a.text); found != "" {
			ticket = found
		}
		if found := excerptIn.FindStringSubmatch(a.text); found != nil {
			excerpt = found[1]
		}
	}
	return strings.NewReplacer("{tiket}", ticket, "{akhir}", ticket[len(ticket)-3:], "{kutipan}", excerpt).Replace(text)
}

// lidOf and numberOf are the two forms of a person's address.
func lidOf(srv *whatsapptest.Server, phone string) conversation.Address {
	return conversation.Address(conversation.WhatsApp + ":" + srv.LID(phone).String())
}

func numberOf(phone string) conversation.Address {
	return conversation.Address(conversation.WhatsApp + ":" + whatsapptest.JID(phone).String())
}
