package whatsapp

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

func TestMessageIsStoredThenAcknowledged(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	begin := time.Now()
	id := p.Say(desk, "halo")
	got := r.in.wait(t, 0)
	want := conversation.Message{ID: id, From: r.lid(ani), Kind: conversation.Text, Text: "halo", Name: "Ani",
		SentAt: got.SentAt}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got.SentAt.Before(begin.Truncate(time.Second)) || got.SentAt.After(time.Now()) {
		t.Errorf("sent at %s", got.SentAt)
	}
	r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
}

// A handler that fails in any way must lose nothing and take nothing twice.
func TestMessageSurvivesAFailingHandler(t *testing.T) {
	for name, fail := range map[string]func(try int) error{
		"database error":    func(int) error { return errors.New("disk full") },
		"panic":             func(int) error { panic("made up, about 0812") },
		"panic, many times": func(int) error { panic("made up, about 0812") },
		"first an error, then a panic": func(try int) error {
			if try == 1 {
				return errors.New("locked")
			}
			panic("made up")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			try, fails := 0, 2
			if strings.Contains(name, "many") {
				fails = 7
			}
			r.in.set(func(conversation.Message) error {
				if try++; try <= fails {
					return fail(try)
				}
				return nil
			})
			p := r.srv.Person(ani, "Ani")
			first := p.Say(desk, "satu")
			r.in.until(t, "the first try", func() bool { return r.in.puts > 0 })
			second := p.Say(desk, "dua")
			r.in.wait(t, 1)
			r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
			all := r.in.messages()
			if len(all) != 2 || all[0].ID != first || all[1].ID != second {
				t.Fatalf("inbox %+v", all)
			}
			// What crashes its handler for ever is taken in without its text.
			if fails <= panicsAtMost && (all[0].Text != "satu" || all[1].Text != "dua") {
				t.Errorf("inbox %+v", all)
			}
		})
	}
}

func TestMessageThatAlwaysCrashesIsTakenInAsUnsupported(t *testing.T) {
	r := start(t, nil)
	r.in.set(func(m conversation.Message) error {
		if m.Kind == conversation.Text && m.Text == "racun" {
			panic("made up")
		}
		return nil
	})
	p := r.srv.Person(ani, "Ani")
	p.Say(desk, "racun")
	p.Say(desk, "obat")
	r.in.until(t, "both", func() bool { return len(r.in.all) == 2 })
	kinds := map[conversation.Kind]bool{}
	for _, m := range r.in.messages() {
		kinds[m.Kind] = true
	}
	if !kinds[conversation.Unsupported] || !kinds[conversation.Text] {
		t.Errorf("inbox %+v", r.in.messages())
	}
}

// A handler that runs survives a cut, and the new connection brings the same
// message to a second one meanwhile.
func TestSameMessageInTwoHandlersAtOnceIsStoredOnce(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	// After the first message of a client, whatsmeow notes without a lock when it
	// tidied its buffer; two handlers at once would do so twice, which the race
	// detector sees and nothing else.
	p.Say(desk, "pertama")
	r.eventually("acknowledgement", func() bool { return len(r.in.messages()) == 1 && r.srv.Unacknowledged(desk) == 0 })
	two := make(chan struct{})
	running := make(chan struct{}, 2)
	r.in.set(func(conversation.Message) error {
		running <- struct{}{}
		<-two
		return nil
	})
	p.Say(desk, "halo")
	<-running
	r.srv.Cut(desk)
	select {
	case <-running:
	case <-time.After(whatsapptest.Patience):
		t.Fatal("the message was not brought again while its first handler ran")
	}
	close(two)
	r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
	if got := r.in.messages(); len(got) != 2 || got[1].Text != "halo" {
		t.Errorf("inbox %+v", got)
	}
}

func TestCutConnectionsLoseNothing(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	for i := range 6 {
		p.Say(desk, "pesan")
		if i%2 == 0 {
			r.srv.Cut(desk)
			r.state(Online)
		}
	}
	r.in.wait(t, 5)
	r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
	if n := len(r.in.messages()); n != 6 {
		t.Errorf("%d messages, want 6", n)
	}
}

// The channel is stopped in the middle of a handler, and a new one is started
// on the same device file.
func TestMessageSurvivesARestartInsideItsHandler(t *testing.T) {
	for name, stored := range map[string]bool{"before it was stored": false, "after it was stored": true} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			reached := make(chan struct{}, 1)
			stop := make(chan struct{})
			in := r.in
			in.set(func(m conversation.Message) error {
				if stored {
					in.mu.Lock()
					in.all = append(in.all, m)
					in.mu.Unlock()
				}
				reached <- struct{}{}
				<-stop
				return context.Canceled // nobody hears it
			})
			p := r.srv.Person(ani, "Ani")
			p.Say(desk, "halo")
			<-reached
			cut := make(chan struct{})
			go func() { defer close(cut); in.set(nil); r.srv.Cut(desk); close(stop) }()
			r.stop()
			<-cut
			r.make(nil)
			r.run()
			r.in.wait(t, 0)
			r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
			if got := r.in.messages(); len(got) != 1 || got[0].Text != "halo" {
				t.Errorf("inbox %+v", got)
			}
		})
	}
}

// Who becomes staff while the channel runs is known by their number at once, by which
// the configuration names them; a wrong number changes nothing.
func TestStaffAreLearntWhileRunning(t *testing.T) {
	r := start(t, func(c *Config) { c.Staff = []string{kasubbag} })
	a := r.srv.Person(ani, "Ani")
	a.Say(desk, "halo")
	r.in.wait(t, 0)
	if err := r.ch.SetStaff([]string{kasubbag, "siapa"}); err == nil {
		t.Error("a number that is none is taken")
	}
	if err := r.ch.SetStaff([]string{kasubbag, "+" + ani}); err != nil {
		t.Fatal(err)
	}
	a.Say(desk, "ANTREAN")
	r.in.until(t, "the command", func() bool { return len(r.in.all) >= 2 })
	if err := r.ch.SetStaff([]string{kasubbag}); err != nil {
		t.Fatal(err)
	}
	a.Say(desk, "halo lagi")
	r.in.until(t, "the reader", func() bool { return len(r.in.all) >= 3 })
	for i, want := range []conversation.Address{r.lid(ani), pn(ani), r.lid(ani)} {
		if got := r.in.messages()[i].From; got != want {
			t.Errorf("message %d is from %v, want %v", i+1, got, want)
		}
	}
}

func TestWhatWaitedTooLongBecomesOneBacklogMessageAChat(t *testing.T) {
	r := prepare(t, func(c *Config) { c.Staff = []string{kasubbag} })
	r.link()
	a, b, s := r.srv.Person(ani, "Ani"), r.srv.Person(budi, "Budi"), r.srv.Person(kasubbag, "Syah")
	r.srv.Shift(-13 * time.Hour)
	for _, text := range []string{"halo", "halo?", "ada orang?"} {
		a.Say(desk, text)
	}
	b.Say(desk, "permisi")
	s.Say(desk, "TERIMA 7QK")
	r.srv.Shift(0)
	a.Say(desk, "baru")
	r.run()
	r.in.until(t, "the last message", func() bool { return len(r.in.all) >= 4 })
	r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
	type line struct {
		from conversation.Address
		kind conversation.Kind
		text string
	}
	got := map[line]int{}
	for _, m := range r.in.messages() {
		got[line{m.From, m.Kind, m.Text}]++
	}
	for _, want := range []line{
		{r.lid(ani), conversation.Backlog, ""}, {r.lid(ani), conversation.Text, "baru"},
		{r.lid(budi), conversation.Backlog, ""}, {pn(kasubbag), conversation.Text, "TERIMA 7QK"},
	} {
		if got[want] != 1 {
			t.Errorf("%v: %d times, want once", want, got[want])
		}
	}
	if len(got) != 4 {
		t.Errorf("inbox %v", got)
	}
}

func TestPersonTypingOnTheDesksPhoneIsNoticed(t *testing.T) {
	r := start(t, nil)
	phone := r.srv.Person(desk, "PST")
	p := r.srv.Person(ani, "Ani")
	phone.Say(ani, "saya bantu langsung ya")
	got := r.in.wait(t, 0)
	if got.Kind != conversation.StaffTyped || got.From != r.lid(ani) || got.Text != "" {
		t.Errorf("got %+v", got)
	}
	if text := whatsapptest.Text(p.Next()); text != "saya bantu langsung ya" {
		t.Errorf("reader got %q", text)
	}
}

func TestAWrongClockMakesNothingLate(t *testing.T) {
	for _, shift := range []time.Duration{-6 * 365 * 24 * time.Hour, -24 * time.Hour, 8 * 365 * 24 * time.Hour} {
		r := prepare(t, nil)
		r.link()
		r.srv.Shift(shift)
		r.srv.Person(ani, "Ani").Say(desk, "halo")
		r.run()
		r.in.until(t, "the message", func() bool { return len(r.in.all) >= 1 })
		if m := r.in.messages()[0]; m.Kind != conversation.Text || m.Text != "halo" {
			t.Errorf("WhatsApp's clock %v from ours: got %+v", shift, m)
		}
		if ahead, ok := r.ch.Ahead(); !ok || (ahead+shift).Abs() > whatsapptest.Patience {
			t.Errorf("ahead %v, %v; want %v", ahead, ok, -shift)
		}
	}
}

// Settings whose absence shows only when a process dies at the wrong moment, or in
// years: what they hold is in the package comment.
func TestSettingsThatHoldThePromise(t *testing.T) {
	r := start(t, nil)
	c := r.ch.current().client
	if !c.SynchronousAck || !c.EnableDecryptedEventBuffer || !c.UseRetryMessageStore || !c.ManualHistorySyncDownload ||
		!c.AutomaticMessageRerequestFromPhone || c.EnableAutoReconnect {
		t.Error("a setting of whatsmeow's is not what the channel needs")
	}
}

// What the desk's phone offers of people's old messages is not fetched.
func TestHistoryIsNotDownloaded(t *testing.T) {
	r := start(t, nil)
	phone, p := r.srv.Person(desk, "PST"), r.srv.Person(ani, "Ani")
	told := make(chan struct{}, 1)
	r.srv.Tap(func(from string, n *binary.Node) {
		if from == desk && n.Tag == "receipt" && n.Attrs["type"] == "hist_sync" {
			told <- struct{}{}
		}
	})
	offer := &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_HISTORY_SYNC_NOTIFICATION.Enum(),
		HistorySyncNotification: &waE2E.HistorySyncNotification{DirectPath: proto.String("/v/history?ccb=1"),
			MediaKey:   make([]byte, 32),
			FileSHA256: make([]byte, 32), FileEncSHA256: make([]byte, 32), FileLength: proto.Uint64(100),
			SyncType: waE2E.HistorySyncType_RECENT.Enum()}}}
	phone.Say(ani, "permisi") // the companion hears of it, and there is a session
	r.in.wait(t, 0)
	companion := whatsapptest.JID(desk)
	companion.Device = 5 // as Server.LinkFile numbers it
	if _, err := phone.Client.SendMessage(t.Context(), companion, offer,
		whatsmeow.SendRequestExtra{Peer: true}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-told:
	case <-time.After(whatsapptest.Patience):
		t.Fatal("the offer of the history did not arrive")
	}
	for i := range 20 { // time enough to fetch it
		p.Say(desk, "halo")
		r.in.wait(t, i+1)
	}
	if n := r.srv.Downloads(); n != 0 {
		t.Errorf("%d downloads", n)
	}
}
