package whatsapp

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/store"

	"pst/conversation"
)

func TestUnlinkedOnThePhone(t *testing.T) {
	r := start(t, nil)
	r.srv.Remove(desk)
	r.state(LoggedOut)
	if err := r.ch.Health(); !errors.Is(err, ErrUnlinked) || !strings.Contains(err.Error(), "pst pair") {
		t.Errorf("health %v", err)
	}
	e := sendError(t, second(r.send(letter("k", pn(ani), "x"))))
	if !e.Retry || !e.Whole || !errors.Is(e, ErrUnlinked) {
		t.Errorf("send: %+v", e)
	}
	// `pst pair` in another process links anew while this one keeps running.
	other := prepare2(r)
	if err := other.Pair(t.Context(), scanning(r)); err != nil {
		t.Fatal(err)
	}
	r.state(Online)
	p := r.srv.Person(ani, "Ani")
	p.Say(desk, "halo lagi")
	if got := r.in.wait(t, 0).Text; got != "halo lagi" {
		t.Errorf("got %q", got)
	}
}

func second[A, B any](_ A, b B) B { return b }

// prepare2 is another process's channel on the same device file.
func prepare2(r *rig) *Channel {
	r.t.Helper()
	ch, err := New(Config{DeviceFile: r.file, Key: testKey, HTTP: r.srv.HTTPClient(), Timing: fast()})
	if err != nil {
		r.t.Fatal(err)
	}
	return ch
}

// scanning is a person who scans the first code with the desk's phone.
func scanning(r *rig) PairOptions {
	return PairOptions{Show: func(p Prompt) {
		if p.QR != "" {
			if err := r.srv.Scan(desk, p.QR); err != nil {
				r.t.Errorf("scan: %v", err)
			}
		}
	}}
}

func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		reason int
		want   State
		health string
	}{
		"logged out by WhatsApp": {401, LoggedOut, "pst pair"},
		"banned for an hour":     {402, Banned, "banned until"},
		"outdated":               {405, Outdated, "wa_version"},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			begin := time.Now()
			r.srv.Refuse(desk, tc.reason, time.Hour)
			r.state(tc.want)
			if err := r.ch.Health(); err == nil || !strings.Contains(err.Error(), tc.health) {
				t.Errorf("health %v", err)
			}
			until := r.ch.Status().Until
			switch tc.want {
			case Banned:
				if until.Before(begin.Add(time.Hour)) || until.After(time.Now().Add(time.Hour)) {
					t.Errorf("tries again in %s", time.Until(until))
				}
			case Outdated:
				if until.Before(begin.Add(5 * time.Hour)) {
					t.Errorf("tries again in %s", time.Until(until))
				}
			}
		})
	}
}

func TestAnotherProcessIsToldTheState(t *testing.T) {
	r := start(t, nil)
	check := prepare2(r)
	told := func() State {
		s, err := check.Inspect(t.Context())
		if err != nil {
			t.Error(err)
		}
		return s
	}
	if s := told(); s != Online {
		t.Errorf("while it serves: %s", s)
	}
	r.srv.Refuse(desk, 402, time.Hour)
	r.state(Banned)
	r.eventually("the ban to be told", func() bool { return told() == Banned })
	r.stop()
	if s := told(); s != Stopped {
		t.Errorf("after it stopped: %s", s)
	}
	// What a killed process leaves behind: a ban still holds, "online" does not.
	for left, want := range map[string]State{
		`{"State":"online"}`: Stopped,
		`{"State":"banned","Until":"2999-01-01T00:00:00Z"}`: Banned,
		`{"State":"banned","Until":"2001-01-01T00:00:00Z"}`: Stopped,
		`{`: Stopped,
	} {
		if err := os.WriteFile(stateFile(r.file), []byte(left), 0o600); err != nil {
			t.Fatal(err)
		}
		if s := told(); s != want {
			t.Errorf("left %s: %s, want %s", left, s, want)
		}
	}
}

func TestServerThatIsBusyIsTriedAgain(t *testing.T) {
	r := start(t, nil)
	r.srv.Refuse(desk, 503, 0)
	r.state(Reconnecting)
	r.srv.Refuse(desk, 0, 0)
	r.state(Online)
}

func TestBanEndsByItself(t *testing.T) {
	r := start(t, nil)
	from := r.states()
	r.ch.current().end(ending{state: Banned, wait: 30 * time.Millisecond})
	r.passes(from, Banned)
	r.passes(from, Connecting)
	r.state(Online)
}

func TestAnotherProcessTookTheSession(t *testing.T) {
	r := start(t, func(c *Config) { c.Timing.Replaced = 50 * time.Millisecond })
	from := r.states()
	r.srv.Replace(desk)
	ended, again := r.passes(from, Replaced), r.passes(from, Connecting)
	if again.Since.Before(ended.Until) {
		t.Errorf("tried again at %v, before %v", again.Since, ended.Until)
	}
	r.state(Online)
}

func TestServerIsDownAtStart(t *testing.T) {
	r := prepare(t, nil)
	r.link()
	r.srv.Down(true)
	r.run()
	r.eventually("a first try", func() bool { return len(r.srv.Asked()) > 0 })
	if err := r.ch.Health(); !errors.Is(err, ErrOffline) {
		t.Errorf("health %v", err)
	}
	e := sendError(t, second(r.send(letter("k", pn(ani), "x"))))
	if !e.Retry || !e.Whole || e.Blame != "platform" {
		t.Errorf("send: %+v", e)
	}
	r.srv.Down(false)
	r.state(Online)
}

func TestVersionIsSetOrFetched(t *testing.T) {
	built := store.GetWAVersion()
	for name, tc := range map[string]struct {
		change func(*Config)
		page   int
		want   string
	}{
		"built in":   {func(*Config) {}, 1, built.String()},
		"configured": {func(c *Config) { c.WAVersion = "2.3000.1099999999" }, 1, "2.3000.1099999999"},
		"fetched":    {func(c *Config) { c.FetchVersion = true }, 1088888888, "2.3000.1088888888"},
		"configured wins": {func(c *Config) { c.FetchVersion, c.WAVersion = true, "2.3000.1077777777" }, 1,
			"2.3000.1077777777"},
		"page tells no number": {func(c *Config) { c.FetchVersion = true }, -1, built.String()},
	} {
		t.Run(name, func(t *testing.T) {
			r := prepare(t, tc.change)
			t.Cleanup(func() { store.SetWAVersion(built) })
			r.srv.Revision(tc.page)
			r.link()
			r.run()
			r.state(Online)
			if got := store.GetWAVersion().String(); got != tc.want {
				t.Errorf("version %s, want %s", got, tc.want)
			}
			r.stop()
		})
	}
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	for name, cfg := range map[string]Config{
		"no device file":   {},
		"version":          {DeviceFile: "x", WAVersion: "terbaru"},
		"proxy":            {DeviceFile: "x", Proxy: "ftp://user:rahasia@proxy"},
		"proxy and client": {DeviceFile: "x", Proxy: "http://proxy:3128", HTTP: http.DefaultClient},
	} {
		if _, err := New(cfg); err == nil || strings.Contains(err.Error(), "rahasia") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTwoProcessesDoNotShareADevice(t *testing.T) {
	r := start(t, nil)
	other := prepare2(r)
	if err := other.Pair(t.Context(), scanning(r)); !errors.Is(err, ErrInUse) {
		t.Errorf("pair: %v", err)
	}
	if s, err := other.Inspect(t.Context()); err != nil || s != Online {
		t.Errorf("inspect: %s, %v", s, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- other.Run(ctx, newInbox()) }()
	ended := sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = ended() })
	r.eventually("the second to notice", func() bool { return other.Status().State == InUse })
	r.stop()
	r.eventually("the second to take over", func() bool { return other.Status().State == Online })
	if err := ended(); err != nil {
		t.Error(err)
	}
	if s, err := other.Inspect(t.Context()); err != nil || s != Stopped {
		t.Errorf("inspect: %s, %v", s, err)
	}
}

func TestDeviceFileIsForItsOwnerOnly(t *testing.T) {
	r := start(t, nil)
	for _, name := range []string{r.file, r.file + "-wal", r.file + "-shm", r.file + ".lock"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", info.Name(), info.Mode().Perm())
		}
	}
}

func TestStopIsQuick(t *testing.T) {
	r := start(t, nil)
	begin := time.Now()
	r.stop()
	if d := time.Since(begin); d >= r.ch.cfg.Timing.Ack {
		t.Errorf("stopping took %s", d)
	}
	if s := r.ch.Status().State; s != Stopped {
		t.Errorf("state %s", s)
	}
}

func TestSilenceIsNoticedAndEndsWithAReceipt(t *testing.T) {
	r := start(t, func(c *Config) { c.Timing.Silence = time.Nanosecond })
	people := []string{ani, budi, cici}
	for _, phone := range people {
		r.srv.Person(phone, "x")
		r.srv.Deaf(phone, true)
	}
	for i, phone := range people {
		if err := r.ch.Health(); err != nil {
			t.Errorf("before letter %d: %v", i+1, err)
		}
		if _, err := r.send(letter("k"+phone, pn(phone), "halo")); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.ch.Health(); err == nil || !strings.Contains(err.Error(), "no phone has confirmed") {
		t.Errorf("health %v", err)
	}
	if n := strings.Count(r.logs.String(), "shut out"); n != 1 {
		t.Errorf("told %d times", n)
	}
	r.srv.Deaf(ani, false)
	if _, err := r.send(letter("again", pn(ani), "halo")); err != nil {
		t.Fatal(err)
	}
	r.eventually("the alarm to end", func() bool { return r.ch.Health() == nil })
}

func TestLogsHoldNothingPersonal(t *testing.T) {
	r := start(t, func(c *Config) { c.Staff = []string{kasubbag} })
	p := r.srv.Person(ani, "Bu Aniswati")
	p.Say(desk, "rahasia sekali")
	r.in.wait(t, 0)
	if _, err := r.send(letter("k", pn(ani), "jawaban rahasia")); err != nil {
		t.Fatal(err)
	}
	p.Next()
	// Make trouble of every kind, so that there is something to log.
	p.ForgetSession(desk)
	r.srv.FailAcks(desk, 479, 1)
	_, _ = r.send(letter("k2", pn(ani), "jawaban rahasia"))
	_, _ = r.send(letter("k3", pn("6281299999999"), "jawaban rahasia"))
	r.in.set(func(m conversation.Message) error { panic("about " + m.Text) })
	p.Say(desk, "rahasia lagi")
	r.in.until(t, "the crashes", func() bool { return r.in.puts > 3 })
	r.srv.Refuse(desk, 402, time.Hour)
	r.state(Banned)
	logs := r.logs.String()
	if len(logs) < 500 {
		t.Fatalf("hardly anything was logged:\n%s", logs)
	}
	for _, secret := range []string{"rahasia", "Aniswati", ani[2:], desk[2:], kasubbag[2:], "81299999999",
		r.srv.LID(ani).User, r.srv.LID(desk).User, p.Phone} {
		if strings.Contains(logs, secret) {
			t.Errorf("logs hold %q:\n%s", secret, lineWith(logs, secret))
		}
	}
}

func lineWith(text, part string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			return line
		}
	}
	return ""
}

func TestNoOtherHostWasDialled(t *testing.T) {
	r := start(t, nil)
	for _, host := range r.srv.Asked() {
		if host != "web.whatsapp.com:443" {
			t.Errorf("dialled %s", host)
		}
	}
}

// What waited for the program to start is not held up once it has.
func TestLettersWaitLittleForTheStart(t *testing.T) {
	r := prepare(t, nil)
	r.link()
	if e := sendError(t, second(r.send(letter("k", pn(ani), "halo")))); !e.Retry || !e.Whole || e.After > time.Second ||
		!errors.Is(e, ErrOffline) {
		t.Errorf("before the channel runs: %+v", e)
	}
}

// WhatsApp refuses the version that has served until now. The channel fetches
// the present one and is back within moments, as after a restart; when that is
// the one refused, it waits.
func TestOutdatedWhileItRuns(t *testing.T) {
	built := store.GetWAVersion()
	t.Cleanup(func() { store.SetWAVersion(built) })
	for name, change := range map[string]func(*Config){
		"built-in version": nil, "configured version": func(c *Config) { c.WAVersion = built.String() },
	} {
		t.Run(name, func(t *testing.T) {
			store.SetWAVersion(built)
			r := start(t, change)
			present := int(built[2]) + 1
			r.srv.Revision(present)
			r.srv.Oldest(present)
			r.eventually("the present version to be online", func() bool {
				return r.ch.Status().State == Online && store.GetWAVersion()[2] == uint32(present)
			})
			p := r.srv.Person(ani, "Ani")
			p.Say(desk, "halo")
			r.in.wait(t, 0)
			r.srv.Oldest(present + 1) // and the page tells nothing newer
			r.eventually("to wait", func() bool {
				s := r.ch.Status()
				return s.State == Outdated && time.Until(s.Until) > 5*time.Hour
			})
		})
	}
}
