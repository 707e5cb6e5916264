package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pst/bot"
	"pst/conversation"
)

// platformClock is a channel that knows its platform's time, or not yet.
type platformClock struct {
	ahead time.Duration
	known bool
}

func (c platformClock) Ahead() (time.Duration, bool) { return c.ahead, c.known }

// phoneSeen is a channel whose phone was seen then.
type phoneSeen struct {
	at   time.Time
	lost bool
}

func (p phoneSeen) PhoneLost() (time.Time, bool) { return p.at, p.lost }

// quiet is a channel that is up and receives nothing.
type quiet struct{}

func (quiet) Scheme() string { return conversation.WhatsApp }

func (quiet) Run(ctx context.Context, _ bot.Inbox) error {
	<-ctx.Done()
	return nil
}

func (quiet) Send(context.Context, bot.Letter) (string, error) { return "", nil }

// alarmed is a desk with one member of staff, who is not written to yet, and its alarm.
type alarmed struct {
	t    *testing.T
	h    *house
	d    *desk
	name string
	b    *bell
	w    *watched
	at   time.Time // of the last look
}

// restarts begins another run on the same folder.
func (a *alarmed) restarts() {
	a.t.Helper()
	a.ends()
	d, err := a.h.open(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	d.office().Staff = []conversation.Staff{{
		Name: "Pak Budi", Role: conversation.Kasubbag, Addresses: []conversation.Address{"telegram:77"},
	}}
	if _, err := d.makeLoops(a.h, []bot.Channel{quiet{}}); err != nil {
		a.t.Fatal(err)
	}
	a.d, a.b = d, &bell{h: a.h, d: d, alarm: a.name}
	a.w = newWatched(&live{desk: d, house: a.h, channels: []bot.Channel{quiet{}}})
}

func (a *alarmed) ends() {
	if a.d != nil {
		if err := a.d.close(); err != nil {
			a.t.Error(err)
		}
		a.d = nil
	}
}

// told is how many letters staff were written.
func (a *alarmed) told() int {
	a.t.Helper()
	depths, err := a.d.db.Depths(a.t.Context(), []string{conversation.Telegram}, time.Now())
	if err != nil {
		a.t.Fatal(err)
	}
	return depths.Outbox[conversation.Telegram].Count
}

func startAlarmed(t *testing.T, name string) *alarmed {
	t.Helper()
	a := &alarmed{t: t, name: name, at: time.Now(), h: &house{
		data: t.TempDir(), std: streams{out: io.Discard, err: io.Discard}, log: slog.New(slog.DiscardHandler),
	}}
	t.Cleanup(a.ends)
	a.restarts()
	return a
}

// Staff hear of each ill once, and once that it is well again, however often the program
// is started meanwhile, and also while a new run does not know yet how things are.
func TestStaffHearOnceOverRestarts(t *testing.T) {
	t.Parallel()
	now := time.Now()
	look := func(a *alarmed, later time.Duration) {
		a.t.Helper()
		a.at = a.at.Add(later)
		if err := a.w.ringAlarms(a.t.Context(), a.b, a.at); err != nil {
			a.t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		ill, unknown, well func(*alarmed)
		quiet              bool // nobody is told that it is well
	}{
		"clock": {
			ill:     func(a *alarmed) { lookAtClock(a.t.Context(), a.b, []bot.Clocked{platformClock{time.Hour, true}}) },
			unknown: func(a *alarmed) { lookAtClock(a.t.Context(), a.b, []bot.Clocked{platformClock{}}) },
			well:    func(a *alarmed) { lookAtClock(a.t.Context(), a.b, []bot.Clocked{platformClock{0, true}}) },
		},
		"phone": {
			ill:     func(a *alarmed) { lookAtPhone(a.t.Context(), a.b, "WhatsApp", phoneSeen{now.Add(-11 * day), true}) },
			unknown: func(a *alarmed) { lookAtPhone(a.t.Context(), a.b, "WhatsApp", phoneSeen{}) },
			well:    func(a *alarmed) { lookAtPhone(a.t.Context(), a.b, "WhatsApp", phoneSeen{now, false}) },
			quiet:   true,
		},
		"disk": {
			ill:     func(a *alarmed) { a.d.cfg.Disk.Floor = 1 << 40; lookAtRoom(a.t.Context(), a.b) },
			unknown: func(a *alarmed) {},
			well:    func(a *alarmed) { a.d.cfg.Disk.Floor = 0; lookAtRoom(a.t.Context(), a.b) },
		},
		"backup": {
			ill: func(a *alarmed) { // where a file is in the way
				a.d.cfg.Backup = backupConfig{Folder: a.h.path("pst.db", "cadangan"), Keep: 2}
				lookAtNight(a.t.Context(), a.b, now)
			},
			unknown: func(a *alarmed) {
				a.d.cfg.Backup = backupConfig{Folder: a.h.path("pst.db", "cadangan"), Keep: 2, Hour: 24}
				lookAtNight(a.t.Context(), a.b, now)
			},
			well: func(a *alarmed) {
				a.d.cfg.Backup = backupConfig{Folder: a.h.path("cadangan"), Keep: 2}
				lookAtNight(a.t.Context(), a.b, now)
			},
			quiet: true,
		},
		"inbox": {
			ill: func(a *alarmed) {
				m := conversation.Message{ID: "1", From: "whatsapp:1", Kind: conversation.Text, Text: "halo", SentAt: now}
				if err := a.d.db.Put(a.t.Context(), m); err != nil {
					a.t.Fatal(err)
				}
				look(a, 0)
				look(a, 6*time.Minute)
			},
			unknown: func(a *alarmed) { look(a, 0) },
			well: func(a *alarmed) {
				s, err := a.d.db.Session(a.t.Context(), "whatsapp:1")
				if err != nil {
					a.t.Fatal(err)
				}
				turn := conversation.Turn{Message: conversation.Message{ID: "1", From: "whatsapp:1"}, Session: s}
				if err := a.d.db.Commit(a.t.Context(), turn); err != nil {
					a.t.Fatal(err)
				}
				look(a, 0)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := startAlarmed(t, name)
			told := func(want int, when string) {
				t.Helper()
				if n := a.told(); n != want {
					t.Fatalf("%s staff were written %d letters, want %d", when, n, want)
				}
			}
			c.unknown(a)
			told(0, "before anything is wrong")
			c.ill(a)
			c.ill(a)
			told(1, "when it was ill")
			a.restarts()
			c.unknown(a)
			told(1, "at the start of the next run")
			c.ill(a)
			told(1, "in the next run, still ill,")
			want := 2
			if c.quiet {
				want = 1
			}
			c.well(a)
			told(want, "when it was well")
			a.restarts()
			c.unknown(a)
			if name != "inbox" { // whose message is answered for good
				c.well(a)
			}
			told(want, "in a run after it")
		})
	}
}

// A channel of which staff heard before a restart, and that comes back after it: they
// hear once that it is up, when it has been for a while.
func TestAChannelThatComesBackAfterARestartIsTold(t *testing.T) {
	t.Parallel()
	a := startAlarmed(t, "inbox")
	if _, err := a.d.db.Ring(t.Context(), "channel whatsapp", "down"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a.restarts()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- a.d.loops.Run(ctx) }()
		soon(t, "the channel is up", func() bool { s := a.d.loops.State()[0]; return s.Up && !s.Since.IsZero() })
		since := a.d.loops.State()[0].Since
		for i, after := range []time.Duration{steady / 2, 2 * steady, 3 * steady} {
			if err := a.w.ringAlarms(t.Context(), a.b, since.Add(after)); err != nil {
				t.Fatal(err)
			}
			if n := a.told(); i == 0 && n > 1 || i > 0 && n != 1 {
				t.Errorf("%v after it came up staff were written %d letters", after, n)
			}
		}
		stop()
		<-ended
	}
}

// What a night's backup needs may be missing in any way: staff hear of it.
func TestANightWithoutABackupIsToldWhateverIsInTheWay(t *testing.T) {
	t.Parallel()
	a := startAlarmed(t, "backup")
	for i, night := range []time.Duration{0, day} {
		a.d.cfg.Backup = backupConfig{Folder: filepath.Join(a.h.path("pst.db"), "x"), Keep: 1}
		lookAtNight(t.Context(), a.b, time.Now().Add(night))
		if n := a.told(); n != i+1 {
			t.Errorf("night %d: staff were written %d letters", i, n)
		}
	}
	a.d.cfg.Backup.Folder = a.h.path("cadangan")
	lookAtNight(t.Context(), a.b, time.Now())
	if entries, err := os.ReadDir(a.d.cfg.Backup.Folder); err != nil || len(entries) != 1 {
		t.Errorf("the backup is not there: %v, %v", entries, err)
	}
}
