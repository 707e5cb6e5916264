package whatsapp

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"

	"pst/bot/whatsapp/whatsapptest"
)

// prompts keeps what was shown, and lets a test react to it.
type prompts struct {
	mu  sync.Mutex
	all []Prompt
	on  func(Prompt)
}

func (p *prompts) show(x Prompt) {
	p.mu.Lock()
	p.all = append(p.all, x)
	on := p.on
	p.mu.Unlock()
	if on != nil {
		on(x)
	}
}

func (p *prompts) list() []Prompt {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Prompt(nil), p.all...)
}

// works shows that a linked device serves.
func (r *rig) works() {
	r.t.Helper()
	r.run()
	r.answers()
}

// answers shows that the channel that runs serves.
func (r *rig) answers() {
	r.t.Helper()
	r.state(Online)
	p := r.srv.Person(ani, "Ani")
	p.Say(desk, "halo")
	if got := r.in.wait(r.t, 0); got.Text != "halo" {
		r.t.Errorf("received %+v", got)
	}
	if _, err := r.send(letter("k", r.lid(ani), "halo juga")); err != nil {
		r.t.Error(err)
	}
	if got := whatsapptest.Text(p.Next()); got != "halo juga" {
		r.t.Errorf("reader got %q", got)
	}
}

func TestLinkByQRCode(t *testing.T) {
	r := prepare(t, nil)
	if s, err := r.ch.Inspect(t.Context()); err != nil || s != Unpaired {
		t.Errorf("before: %s, %v", s, err)
	}
	if _, err := os.Stat(r.file); err == nil {
		t.Error("looking made a device file")
	}
	shown := &prompts{}
	shown.on = scanning(r).Show
	if err := r.ch.Pair(t.Context(), PairOptions{Show: shown.show}); err != nil {
		t.Fatal(err)
	}
	all := shown.list()
	if all[0].QR == "" || all[0].Valid != firstCode || !strings.Contains(all[0].Text, "Perangkat tertaut") {
		t.Errorf("first prompt %+v", all[0])
	}
	if last := all[len(all)-1]; !strings.HasPrefix(last.Text, "Selesai") {
		t.Errorf("last prompt %+v", last)
	}
	if err := r.ch.Pair(t.Context(), PairOptions{Show: shown.show}); !errors.Is(err, ErrLinked) {
		t.Errorf("linking twice: %v", err)
	}
	r.works()
}

func TestLinkByCodeTypedOnThePhone(t *testing.T) {
	r := prepare(t, nil)
	var entering sync.WaitGroup
	t.Cleanup(entering.Wait)
	shown := &prompts{on: func(p Prompt) {
		if p.QR != "" {
			t.Errorf("a QR code was shown")
		}
		if p.Code != "" {
			entering.Go(func() {
				if err := r.srv.EnterCode(desk, p.Code); err != nil {
					t.Errorf("enter code: %v", err)
				}
			})
		}
	}}
	if err := r.ch.Pair(t.Context(), PairOptions{Phone: "0812-0000-0001", Show: shown.show}); err != nil {
		t.Fatal(err)
	}
	if code := shown.list()[0].Code; len(code) != 9 || code[4] != '-' {
		t.Errorf("code %q", code)
	}
	r.works()
}

func TestLinkAnAccountWithAPasskey(t *testing.T) {
	r := prepare(t, nil)
	shown := &prompts{on: func(p Prompt) {
		if p.QR != "" {
			r.srv.AskPasskey(desk)
		}
	}}
	err := r.ch.Pair(t.Context(), PairOptions{Show: shown.show, Passkey: func(context.Context) ([]byte, error) {
		return []byte(`{"id":"Y3JlZGVudGlhbA","rawId":"Y3JlZGVudGlhbA==","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"YXV0aA","signature":"c2ln","userHandle":null}}`), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, p := range shown.list() {
		if len(p.Challenge) > 0 {
			found = true
			if !strings.Contains(p.Snippet, "parseRequestOptionsFromJSON("+string(p.Challenge)+")") ||
				strings.Contains(p.Snippet, "\n") {
				t.Errorf("snippet %s", p.Snippet)
			}
			if !strings.Contains(string(p.Challenge), `"rpId":"whatsapp.com"`) || !strings.Contains(p.Text, "kunci sandi") {
				t.Errorf("prompt %+v", p)
			}
		}
	}
	if !found {
		t.Error("no challenge was shown")
	}
	r.works()
}

func TestPasskeyWithoutAnswerFails(t *testing.T) {
	for name, tc := range map[string]struct {
		passkey func(context.Context) ([]byte, error)
		want    error
	}{
		"nobody can answer": {nil, ErrPairRefused},
		"the answer is no JSON": {func(context.Context) ([]byte, error) { return []byte("saya tidak tahu"), nil },
			ErrPasskey},
		"the answer lacks a field": {func(context.Context) ([]byte, error) { return []byte(`{"id":"eA","rawId":"eA"}`), nil },
			ErrPasskey},
	} {
		t.Run(name, func(t *testing.T) {
			r := prepare(t, nil)
			shown := &prompts{on: func(p Prompt) {
				if p.QR != "" {
					r.srv.AskPasskey(desk)
				}
			}}
			if err := r.ch.Pair(t.Context(), PairOptions{Show: shown.show, Passkey: tc.passkey}); !errors.Is(err, tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCodesThatExpireAreRenewedAndThenGivenUp(t *testing.T) {
	r := prepare(t, func(c *Config) { c.Timing.CodesAtMost = 2 })
	shown := &prompts{on: func(p Prompt) { r.srv.EndCodes() }}
	if err := r.ch.Pair(t.Context(), PairOptions{Show: shown.show}); !errors.Is(err, ErrPairTimeout) {
		t.Errorf("got %v", err)
	}
	all := shown.list()
	if len(all) != 2 || all[0].QR == all[1].QR {
		t.Errorf("%d codes shown", len(all))
	}
	// The next attempt works.
	if err := r.ch.Pair(t.Context(), scanning(r)); err != nil {
		t.Error(err)
	}
}

func TestCodeOnTheScreenIsReplacedWhenItsSecretChanges(t *testing.T) {
	r := prepare(t, nil)
	n := 0
	shown := &prompts{on: func(p Prompt) {
		if p.QR == "" {
			return
		}
		if n++; n == 1 {
			r.srv.ChangeCodes()
		} else if err := r.srv.Scan(desk, p.QR); err != nil {
			t.Errorf("scan: %v", err)
		}
	}}
	if err := r.ch.Pair(t.Context(), PairOptions{Show: shown.show}); err != nil {
		t.Fatal(err)
	}
	if n != 2 {
		t.Errorf("%d codes shown, want 2", n)
	}
}

func TestLinkingCanBeBrokenOff(t *testing.T) {
	r := prepare(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	begin := time.Now()
	err := r.ch.Pair(ctx, PairOptions{Show: func(Prompt) { cancel() }})
	if !errors.Is(err, context.Canceled) || time.Since(begin) >= firstCode {
		t.Errorf("%v after %s", err, time.Since(begin))
	}
	if s := r.ch.Status().State; s != Stopped {
		t.Errorf("state %s", s)
	}
}

func TestNumberToLinkIsChecked(t *testing.T) {
	r := prepare(t, nil)
	for _, phone := range []string{"nomor saya", "6281111111", "006281111", "0812", "6200820800000000", "+1 234"} {
		if err := r.ch.Pair(t.Context(), PairOptions{Phone: phone, Show: func(Prompt) {}}); !errors.Is(err, ErrNumber) {
			t.Errorf("%s: got %v", phone, err)
		}
	}
	if got, err := OwnNumber("0062 812-0000-0001"); got != desk || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
}

func FuzzPasskeyAnswer(f *testing.F) {
	f.Add(`{"id":"x","rawId":"eA==","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"eA","signature":"eA"}}`)
	f.Add(`{}`)
	f.Fuzz(func(t *testing.T, s string) {
		r, err := readPasskey([]byte(s))
		if (r == nil) == (err == nil) {
			t.Fatalf("%v, %v", r, err)
		}
		if err != nil && !errors.Is(err, ErrPasskey) {
			t.Fatal(err)
		}
	})
}

// A desk without network is told so, once, and gets its code when there is one: no
// round of codes is lost meanwhile.
func TestLinkWaitsForTheNetwork(t *testing.T) {
	r := prepare(t, func(c *Config) { c.Timing.CodesAtMost = 1 })
	r.srv.Down(true)
	told := make(chan struct{}, 10)
	scan := scanning(r).Show
	done := make(chan struct{})
	var network sync.WaitGroup
	network.Go(func() {
		select {
		case <-told:
		case <-done:
			return
		}
		for tried := r.srv.TurnedAway(); r.srv.TurnedAway() < tried+3; {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
		r.srv.Down(false)
	})
	t.Cleanup(func() { close(done); network.Wait() })
	err := r.ch.Pair(t.Context(), PairOptions{Show: func(p Prompt) {
		if strings.Contains(p.Text, "internet") {
			told <- struct{}{}
		}
		scan(p)
	}})
	if err != nil {
		t.Error(err)
	}
	if n := len(told); n != 0 {
		t.Errorf("told %d times more", n)
	}
}

// The phone that the desk was linked to is lost: the old device is set aside whole.
func TestLostPhoneIsReplaced(t *testing.T) {
	r := start(t, nil)
	serving := r.ch
	r.make(nil)
	if err := r.ch.Pair(t.Context(), PairOptions{New: true, Show: func(Prompt) {}}); !errors.Is(err, ErrInUse) {
		t.Errorf("beside another process that serves: %v", err)
	}
	r.ch = serving
	if err := r.ch.Pair(t.Context(), PairOptions{Show: func(Prompt) {}}); !errors.Is(err, ErrLinked) ||
		r.ch.Status().State != Online {
		t.Errorf("linking one that serves: %v, %s", err, r.ch.Status().State)
	}
	// Nobody scans: the old one serves on.
	ctx, leave := context.WithCancel(t.Context())
	if err := r.ch.Pair(ctx, PairOptions{New: true, Show: func(Prompt) { leave() }}); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	r.state(Online)
	again := scanning(r)
	again.New = true
	if err := r.ch.Pair(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	r.answers()
	r.stop()
	aside, err := filepath.Glob(r.file + ".lama-*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("set aside: %v, %v", aside, err)
	}
	if info, err := os.Stat(aside[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	old, err := New(Config{DeviceFile: aside[0], Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := old.Inspect(t.Context()); err != nil || s != Stopped {
		t.Errorf("the old device: %s, %v", s, err)
	}
}

// What serves already takes the new device over at once, however long it would have
// waited before it looked again, and lets only one link at a time.
func TestLinkWhileServing(t *testing.T) {
	r := prepare(t, func(c *Config) { c.Timing.Unpaired = time.Hour })
	r.run()
	r.state(Unpaired)
	begun, ended := make(chan struct{}, 10), make(chan error, 1)
	ctx, leave := context.WithCancel(t.Context())
	go func() { ended <- r.ch.Pair(ctx, PairOptions{Show: func(Prompt) { begun <- struct{}{} }}) }()
	<-begun
	if err := r.ch.Pair(t.Context(), scanning(r)); !errors.Is(err, ErrPairing) {
		t.Errorf("two at once: %v", err)
	}
	leave()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	r.state(Unpaired)
	if err := r.ch.Pair(t.Context(), scanning(r)); err != nil {
		t.Fatal(err)
	}
	r.answers()
	r.srv.Remove(desk)
	r.state(LoggedOut)
	if err := r.ch.Pair(t.Context(), scanning(r)); err != nil {
		t.Fatal(err)
	}
	r.state(Online)
}

// A program that has lain in a drawer: WhatsApp calls its version outdated while it is
// being linked. It asks for the present one and goes on; when there is none it says so.
func TestLinkWithAnOutdatedVersion(t *testing.T) {
	built := store.GetWAVersion()
	t.Cleanup(func() { store.SetWAVersion(built) })
	present := int(built[2]) + 1
	for name, configured := range map[string]string{"built in": "", "configured": built.String()} {
		t.Run(name, func(t *testing.T) {
			store.SetWAVersion(built)
			r := prepare(t, func(c *Config) { c.WAVersion = configured })
			r.srv.Revision(present)
			r.srv.Oldest(present)
			if err := r.ch.Pair(t.Context(), PairOptions{Show: scanning(r).Show}); err != nil {
				t.Fatal(err)
			}
			r.works()
		})
	}
	r := prepare(t, nil)
	r.srv.Revision(present)
	r.srv.Oldest(present + 1)
	if err := r.ch.Pair(t.Context(), PairOptions{Show: func(Prompt) {}}); !errors.Is(err, ErrRefused) {
		t.Errorf("a version that nobody has: %v", err)
	}
}
