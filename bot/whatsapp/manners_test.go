package whatsapp

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types/events"

	"pst/conversation"
)

// stanzas are what the desk sends, as far as people can see it, in order.
type stanzas struct {
	mu  sync.Mutex
	all []string
	at  []time.Time
}

func (s *stanzas) hear(phone string, n *binary.Node) {
	line := n.Tag
	switch n.Tag {
	case "message":
	case "presence":
		line += fmt.Sprint(" ", n.Attrs["type"])
	case "receipt":
		if n.Attrs["type"] != "read" {
			return
		}
		line += fmt.Sprint(" read ", n.Attrs["id"])
	case "chatstate":
		line += " " + n.GetChildren()[0].Tag
	default:
		return
	}
	if phone != desk {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all, s.at = append(s.all, line), append(s.at, time.Now())
}

func (s *stanzas) heard() ([]string, []time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all), slices.Clone(s.at)
}

// As a person does: read first, then write, then send. A linked device that is
// "available" keeps the desk's own phone from ringing.
func TestMessagesAreReadThenAnsweredAndThePhoneRings(t *testing.T) {
	r := prepare(t, nil)
	r.link()
	seen := &stanzas{}
	r.srv.Tap(seen.hear)
	r.run()
	r.state(Online)
	p := r.srv.Person(ani, "Ani")
	p.Say(desk, "halo")
	last := p.Say(desk, "halo?")
	r.in.wait(t, 1)
	r.eventually("a presence", func() bool {
		all, _ := seen.heard()
		return slices.Contains(all, "presence unavailable")
	})
	if _, err := r.send(letter("k", r.lid(ani), "selamat pagi")); err != nil {
		t.Fatal(err)
	}
	all, _ := seen.heard()
	all = slices.DeleteFunc(all, func(s string) bool { return s == "presence unavailable" })
	if len(all) != 3 || all[1] != "chatstate composing" || all[2] != "message" {
		t.Errorf("the desk was seen doing %q", all)
	}
	mark := p.Receipt("the mark", func(e *events.Receipt) bool { return e.Type == "read" })
	if !slices.Contains(mark.MessageIDs, last) {
		t.Errorf("marked as read: %v, want %s among them", mark.MessageIDs, last)
	}
}

// Letters of one length, one after the other: never the same time between
// "typing ..." and the letter.
func TestNoRhythm(t *testing.T) {
	const typing = 100 * time.Millisecond
	r := start(t, func(c *Config) { c.Timing.Typing = typing })
	p := r.srv.Person(ani, "Ani")
	if _, err := r.send(letter("first", r.lid(ani), "halo")); err != nil { // keys are fetched
		t.Fatal(err)
	}
	p.Next()
	seen := &stanzas{}
	r.srv.Tap(seen.hear)
	for i := range 10 {
		if _, err := r.send(letter(fmt.Sprint("k", i), r.lid(ani), "halo")); err != nil {
			t.Fatal(err)
		}
	}
	all, at := seen.heard()
	var took []time.Duration
	for i := range all {
		if all[i] == "message" {
			took = append(took, at[i].Sub(at[i-1]))
		}
	}
	if len(took) != 10 || slices.Max(took)-slices.Min(took) < typing/20 {
		t.Errorf("typed for %v: as a machine does", took)
	}
}

func TestWhatWaitedIsCaughtUpWith(t *testing.T) {
	r := prepare(t, nil)
	r.link()
	p := r.srv.Person(ani, "Ani")
	for _, text := range []string{"satu", "dua", "tiga"} {
		p.Say(desk, text)
	}
	r.run()
	r.in.until(t, "the end of catching up", func() bool { return len(r.in.catching) == 2 })
	r.in.mu.Lock()
	got := slices.Clone(r.in.catching)
	r.in.mu.Unlock()
	if got[0] != "begin at 0" || got[1] != "end at 3" {
		t.Errorf("caught up: %q", got)
	}
	p.Say(desk, "empat")
	if got := r.in.wait(t, 3); got.Kind != conversation.Text {
		t.Errorf("inbox %+v", got)
	}
}

// A connection that goes dead without an end is noticed by its pings, and what
// was sent meanwhile comes over a new one.
func TestDeadConnectionIsReplaced(t *testing.T) {
	if os.Getenv(childPings) == "" {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDeadConnectionIsReplaced$")
		c.Env = append(os.Environ(), childPings+"=yes")
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	p.Say(desk, "satu")
	r.in.wait(t, 0)
	r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
	from := r.states()
	r.srv.Deaden(desk)
	p.Say(desk, "dua")
	if s := r.passes(from, Reconnecting); s.err() == nil {
		t.Error("health is good while no ping is answered")
	}
	if got := r.in.wait(t, 1); got.Text != "dua" {
		t.Errorf("inbox %+v", got)
	}
}
