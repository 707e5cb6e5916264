package telegram

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

func TestAnUpdateIsConfirmedOnlyWhenTheInboxHasIt(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	in.broken = 3
	u := srv.User(reader)
	u.Say("satu")
	u.Say("dua")
	r := run(t, mustNew(t, srv, nil), in)
	got := in.wait(t, 2)
	if got[0].Text != "satu" || got[1].Text != "dua" {
		t.Errorf("order was lost: %q, %q", got[0].Text, got[1].Text)
	}
	await(t, "both updates confirmed", func() bool { return srv.Pending() == 0 })
	if err := r.end(); err != nil {
		t.Errorf("Run returned %v at the end of its context", err)
	}
	if n := len(srv.Violations()); n > 0 {
		t.Errorf("violations: %v", srv.Violations())
	}
}

func TestABatchOfUpdatesIsOneTransaction(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	u := srv.User(reader)
	for i := range 250 {
		u.Say(strconv.Itoa(i))
	}
	run(t, mustNew(t, srv, nil), in)
	for i, m := range in.wait(t, 250) {
		if m.Text != strconv.Itoa(i) {
			t.Fatalf("message %d is %q", i, m.Text)
		}
	}
	if in.puts != 3 {
		t.Errorf("250 updates were put into the inbox in %d transactions, want 3", in.puts)
	}
}

func TestUpdatesNotYetSafeComeAgainAfterAStop(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	in.broken = 1 << 30
	srv.User(reader).Say("tolong")
	tried := make(chan struct{})
	var once sync.Once
	first := run(t, mustNew(t, srv, nil), putFunc(func(ctx context.Context, m conversation.Message) error {
		once.Do(func() { close(tried) })
		return in.Put(ctx, m)
	}))
	<-tried
	if err := first.end(); err != nil {
		t.Fatal(err)
	}
	if srv.Pending() != 1 {
		t.Fatalf("the update was confirmed though the inbox did not take it")
	}
	in.broken = 0
	run(t, mustNew(t, srv, nil), in)
	if m := in.last(t, 1); m.Text != "tolong" {
		t.Errorf("got %q", m.Text)
	}
}

type putFunc func(context.Context, conversation.Message) error

func (f putFunc) Put(ctx context.Context, ms ...conversation.Message) error {
	for _, m := range ms {
		if err := f(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func TestRedeliveredUpdatesAreTheSameMessages(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	u := srv.User(reader)
	c := mustNew(t, srv, nil)
	r := run(t, c, in)
	u.Say("/start")
	in.wait(t, 1)
	await(t, "the first confirmed", func() bool { return srv.Pending() == 0 })
	mustSend(t, c, menu("Menu", conversation.Option{Key: "1", Number: "1", Label: "Cari"}))
	r.end()
	u.Say("cari penduduk")
	if _, err := u.Press("Cari"); err != nil {
		t.Fatal(err)
	}
	u.React(1, "👍")
	u.Block()
	// Killed after the inbox took them and before they were confirmed: seen here
	// by reading all and stopping at the last.
	for range 3 {
		srv.Advance(time.Second) // polls in quick succession get one update only
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		n := 0
		_ = mustNew(t, srv, nil).Run(ctx, putFunc(func(ctx context.Context, m conversation.Message) error {
			err := in.Put(ctx, m)
			if n++; n == 4 {
				cancel()
				return errDisk // the process is gone before it hears
			}
			return err
		}))
		cancel()
	}
	if srv.Pending() != 4 {
		t.Fatalf("%d updates pending, want the 4 that were never confirmed", srv.Pending())
	}
	run(t, mustNew(t, srv, nil), in)
	await(t, "everything confirmed", func() bool { return srv.Pending() == 0 })
	if got := in.wait(t, 5); len(got) != 5 {
		t.Errorf("inbox has %d messages, want 5: %+v", len(got), got)
	}
}

func TestUpdateNumbersMayStartAgainAnywhere(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	run(t, mustNew(t, srv, nil), in)
	u := srv.User(reader)
	u.Say("satu")
	in.wait(t, 1)
	await(t, "confirmed", func() bool { return srv.Pending() == 0 })
	srv.SkipTo(900_000_000)
	u.Say("dua")
	if m := in.last(t, 2); m.Text != "dua" {
		t.Errorf("got %q", m.Text)
	}
}

func TestAPoisonUpdateIsSetAsideAndTheNextHandled(t *testing.T) {
	t.Parallel()
	poisons := map[string]string{
		"a text that is a number": `{"update_id":$ID,"message":{"message_id":1,"date":1,"chat":{"id":3527065,"type":"private"},"text":12345}}`,
		"a chat that is a list":   `{"update_id":$ID,"message":{"message_id":1,"date":1,"chat":[3527065]}}`,
		"no number of its own":    `{"message":{"message_id":1}}`,
		"an entity that lies":     `{"update_id":$ID,"message":{"message_id":1,"date":1,"from":[],"chat":{"id":1,"type":"private"},"text":"/x","entities":[{"type":"bot_command","offset":0,"length":99}]}}`,
	}
	for name, poison := range poisons {
		t.Run(name, func(t *testing.T) {
			srv := telegramtest.Start(t, telegramtest.Options{})
			in := newInbox()
			var mu sync.Mutex
			var aside []string
			tries := 0
			logged := &lines{}
			c := mustNew(t, srv, func(cfg *Config) {
				cfg.Log = testLog(logged)
				cfg.Quarantine = func(_ context.Context, raw []byte, why string) error {
					mu.Lock()
					defer mu.Unlock()
					if tries++; tries == 1 {
						return errDisk
					}
					aside = append(aside, string(raw)+why)
					return nil
				}
			})
			u := srv.User(reader)
			u.Say("sebelum")
			srv.Raw(poison)
			u.Say("sesudah")
			run(t, c, in)
			if got := in.wait(t, 2); got[1].Text != "sesudah" {
				t.Errorf("after the poison came %q", got[1].Text)
			}
			await(t, "all confirmed", func() bool { return srv.Pending() == 0 })
			mu.Lock()
			defer mu.Unlock()
			if len(aside) != 1 {
				t.Fatalf("set aside: %q", aside)
			}
			if strings.Contains(logged.String(), "12345") {
				t.Errorf("the log tells what a person wrote:\n%s", logged)
			}
		})
	}
}

func TestATroubledPlatformIsOutlived(t *testing.T) {
	t.Parallel()
	faults := map[string]telegramtest.Fault{
		"a proxy's 502 page":     telegramtest.BadGateway,
		"a guest network's page": telegramtest.Portal,
		"a reset connection":     telegramtest.Reset,
		"too many requests":      telegramtest.TooMany(0),
		"half an answer":         telegramtest.HalfAnswer,
		"an answer that is no list": func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Write([]byte(`{"ok":true,"result":{"a":1}}`))
		},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			srv := telegramtest.Start(t, telegramtest.Options{})
			srv.User(reader).Say("halo")
			srv.Fail("getUpdates", 2, f)
			in := newInbox()
			c := mustNew(t, srv, nil)
			run(t, c, in)
			if m := in.last(t, 1); m.Text != "halo" {
				t.Errorf("got %q", m.Text)
			}
			await(t, "health", func() bool { return c.Health() == nil })
		})
	}
}

func TestTelegramMayBeDownAtTheStart(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	srv.User(reader).Say("halo")
	var up atomic.Bool
	in := newInbox()
	c := mustNew(t, srv, func(cfg *Config) {
		cfg.Transport = &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if !up.Load() {
				return nil, syscall.ECONNREFUSED
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		}}
	})
	run(t, c, in)
	await(t, "the trouble is told", func() bool { return c.Health() != nil })
	up.Store(true)
	in.wait(t, 1)
	await(t, "health", func() bool { return c.Health() == nil })
}

func TestARefusedTokenIsToldAndHealsByItself(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]int{"unknown": 401, "unreadable": 404} {
		t.Run(name, func(t *testing.T) {
			srv := telegramtest.Start(t, telegramtest.Options{})
			srv.User(reader).Say("halo")
			srv.Fail("getUpdates", 1_000_000, telegramtest.Refusal(code, "Unauthorized"))
			c := mustNew(t, srv, nil)
			c.slow = 20 * time.Millisecond
			in := newInbox()
			run(t, c, in)
			await(t, "the refusal is told", func() bool {
				h := c.Health()
				return h != nil && strings.Contains(h.Error(), "@BotFather")
			})
			srv.Heal()
			if m := in.last(t, 1); m.Text != "halo" {
				t.Errorf("got %q", m.Text)
			}
			await(t, "health", func() bool { return c.Health() == nil })
		})
	}
}

func TestARefusedTokenIsAskedForSlowly(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	c := mustNew(t, srv, nil)
	for range 100 {
		if wait := c.pollPause(&Error{Code: 401, Description: "Unauthorized"}, &backoff{}); wait < time.Minute ||
			wait > 5*time.Minute {
			t.Fatalf("asks again after %v, want 1 to 5 minutes", wait)
		}
	}
}

// deep is JSON that no decoder of ours reads: nested 12,000 deep.
var deep = strings.Repeat("[", 12_000) + strings.Repeat("]", 12_000)

func TestAnAnswerThatCannotBeReadIsHalvedUntilThePoisonStandsAlone(t *testing.T) {
	t.Parallel()
	for name, poison := range map[string]string{
		"nested too deep": `{"update_id":$ID,"message":` + deep + `}`,
		"too large":       `{"update_id":$ID,"message":{"text":"` + strings.Repeat("a", 1<<20) + `"}}`,
		"its number last": `{"message":` + deep + `,"update_id":$ID}`,
	} {
		t.Run(name, func(t *testing.T) {
			srv := telegramtest.Start(t, telegramtest.Options{})
			in := newInbox()
			var mu sync.Mutex
			var aside []string
			c := mustNew(t, srv, func(cfg *Config) {
				cfg.Quarantine = func(_ context.Context, raw []byte, why string) error {
					mu.Lock()
					defer mu.Unlock()
					aside = append(aside, why)
					if len(raw) > maxStray {
						t.Errorf("%d bytes were kept", len(raw))
					}
					return nil
				}
			})
			c.api.most = 1 << 20
			u := srv.User(reader)
			for i := range 30 {
				u.Say(strconv.Itoa(i))
			}
			srv.Raw(poison)
			for i := 30; i < 40; i++ {
				u.Say(strconv.Itoa(i))
			}
			run(t, c, in)
			got := in.wait(t, 40)
			for i, m := range got {
				if m.Text != strconv.Itoa(i) {
					t.Errorf("message %d is %q", i, m.Text)
				}
			}
			await(t, "all confirmed", func() bool { return srv.Pending() == 0 })
			mu.Lock()
			defer mu.Unlock()
			if len(aside) != 1 {
				t.Errorf("set aside: %q", aside)
			}
		})
	}
}

func TestAnAnswerBrokenOffBySlowLinesLosesNothing(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	srv.User(reader).Say("halo")
	cut := 20
	srv.Fail("getUpdates", 12, func(w http.ResponseWriter, r *http.Request, real http.Handler) {
		rec := httptest.NewRecorder()
		real.ServeHTTP(rec, r)
		cut++
		w.Write(rec.Body.Bytes()[:cut])
	})
	run(t, mustNew(t, srv, nil), in)
	if m := in.last(t, 1); m.Text != "halo" {
		t.Errorf("got %q", m.Text)
	}
}

func TestASecondInstanceIsToldPlainly(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	logged := &lines{}
	c := mustNew(t, srv, func(cfg *Config) { cfg.Log = testLog(logged) })
	in := newInbox()
	run(t, c, in)
	await(t, "the first polls", func() bool { return srv.Polling() })
	other := mustNew(t, srv, nil)
	ctx, stop := context.WithCancel(testContext(t))
	ended := make(chan struct{})
	go func() { // polls on and on, as another instance does
		defer close(ended)
		for ctx.Err() == nil {
			_, _ = other.getUpdates(ctx, 0, mostUpdates, pollSeconds)
		}
	}()
	t.Cleanup(func() { stop(); <-ended })
	await(t, "the conflict is told", func() bool {
		h := c.Health()
		return h != nil && strings.Contains(h.Error(), "other getUpdates")
	})
	await(t, "the conflict is logged", func() bool { return strings.Contains(logged.String(), "409 Conflict") })
}

func deadline(tb testing.TB, d time.Duration) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	tb.Cleanup(cancel)
	return ctx
}

func TestStoppingDoesNotWaitForAnOpenPoll(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	r := run(t, mustNew(t, srv, nil), newInbox())
	await(t, "a poll is open", func() bool { return srv.Polling() })
	begin := time.Now()
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took >= pollSeconds*time.Second {
		t.Errorf("stopping took %v, as long as a poll", took)
	}
}

func TestAWebhookOfOtherDaysIsRemovedBeforePolling(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	other := mustNew(t, srv, nil)
	if _, err := other.api.call(testContext(t), "setWebhook",
		map[string]string{"url": "https://example.org/hook"}); err != nil {
		t.Fatal(err)
	}
	srv.User(reader).Say("halo")
	in := newInbox()
	run(t, mustNew(t, srv, nil), in)
	in.wait(t, 1) // not dropped with it
}
