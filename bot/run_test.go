package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

func TestAChannelThatDiesLeavesTheOthersServing(t *testing.T) {
	q := bottest.NewMemory()
	dead := &channel{scheme: "telegram", run: func(context.Context,
		bot.Inbox) error {
		return errors.New("token refused")
	}}
	alive := &channel{scheme: "whatsapp"}
	d, stop := run(t, config(q, dead, alive))
	put(t, q, "whatsapp:1@lid", "halo")
	settle(t, d)
	if got := alive.texts("whatsapp:1@lid"); !slices.Equal(got, []string{"halo"}) {
		t.Errorf("got %v", got)
	}
	until(t, "the state tells", func() bool {
		s := d.State()
		return len(s) == 2 && s[0].Scheme == "telegram" && !s[0].Up && strings.Contains(s[0].Why, "token refused") &&
			!s[0].Since.IsZero() && s[1].Scheme == "whatsapp" && s[1].Up
	})
	if err := stop(); err != nil {
		t.Errorf("Run returned %v; the other channel served to the end", err)
	}
}

func TestAChannelThatPanicsIsStartedAgain(t *testing.T) {
	q := bottest.NewMemory()
	var starts atomic.Int32
	ch := &channel{scheme: "telegram", run: func(ctx context.Context, in bot.Inbox) error {
		if starts.Add(1) < 3 {
			panic("bad update")
		}
		<-ctx.Done()
		return nil
	}}
	d, _ := run(t, config(q, ch))
	until(t, "it runs again", func() bool { return starts.Load() == 3 && d.State()[0].Up })
}

func TestAChannelsOwnWordCounts(t *testing.T) {
	q, ch := bottest.NewMemory(), &healthChannel{channel: channel{scheme: "whatsapp"}}
	d, _ := run(t, config(q, ch))
	ch.ill.Store(true)
	until(t, "down", func() bool { s := d.State()[0]; return !s.Up && s.Why == "needs pairing" })
	ch.ill.Store(false)
	until(t, "up again", func() bool { return d.State()[0].Up })
}

type healthChannel struct {
	channel
	ill atomic.Bool
}

func (c *healthChannel) Health() error {
	if c.ill.Load() {
		return errors.New("needs pairing")
	}
	return nil
}

func TestStaffHearOverAnotherChannelOfOneThatRestsForLong(t *testing.T) {
	rest := func(after time.Duration) *channel {
		return &channel{scheme: "telegram", send: func(context.Context, bot.Letter) (string, error) {
			return "", &bot.SendError{Retry: true, Whole: true, After: after, Blame: "platform", Err: errors.New("429")}
		}}
	}
	ill := &healthChannel{channel: channel{scheme: "telegram"}}
	ill.ill.Store(true)
	for name, c := range map[string]struct {
		channel bot.Channel
		alarm   time.Duration
		want    bool
	}{
		"a rest that will be long":     {rest(time.Hour), 10 * time.Minute, true},
		"a rest that will be short":    {rest(time.Minute), 10 * time.Minute, false},
		"down since long":              {ill, 20 * time.Millisecond, true},
		"down for a moment, until now": {ill, time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			q, other := bottest.NewMemory(), &channel{scheme: "whatsapp"}
			cfg := config(q, c.channel, other)
			cfg.Timing = quick
			cfg.Timing.Alarm = c.alarm
			cfg.Alarm = func(a bot.Alarm) []conversation.Send {
				text := fmt.Sprintf("%s %v", a.Scheme, a.Up)
				return []conversation.Send{{To: "telegram:9", Text: text}, {To: "whatsapp:9@lid", Text: text}}
			}
			d, _ := run(t, cfg)
			q.EnqueueAt(time.Now(), say("telegram:1", "a")...)
			until(t, "the channel is down", func() bool { return !d.State()[0].Up && !d.State()[0].Since.IsZero() })
			if !c.want {
				put(t, q, "whatsapp:1@lid", "halo")
				until(t, "the other channel serves", func() bool { return len(other.texts("whatsapp:1@lid")) == 1 })
				if got := other.texts("whatsapp:9@lid"); len(got) != 0 {
					t.Errorf("staff were told %q", got)
				}
				return
			}
			until(t, "staff were told", func() bool { return len(other.texts("whatsapp:9@lid")) > 0 })
			for _, r := range q.Rows() {
				if r.Send.To == "telegram:9" {
					t.Error("a letter was to go by the channel that rests")
				}
			}
			if h, ok := c.channel.(*healthChannel); ok {
				h.ill.Store(false)
				until(t, "staff heard that it is back", func() bool {
					return slices.Equal(other.texts("whatsapp:9@lid"), []string{"telegram false", "telegram true"})
				})
				h.ill.Store(true)
			} else if got := other.texts("whatsapp:9@lid"); !slices.Equal(got, []string{"telegram false"}) {
				t.Errorf("staff were told %q", got)
			}
		})
	}
}

func TestRunEndsWhenEveryChannelHasEnded(t *testing.T) {
	for _, c := range []struct {
		name string
		errs []error
		want string
	}{
		{"by themselves", []error{nil, nil}, ""},
		{"one refused", []error{nil, errors.New("token refused")}, "channel mailto: token refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := bottest.NewMemory()
			ends := func(err error) func(context.Context, bot.Inbox) error {
				return func(context.Context, bot.Inbox) error { return err }
			}
			d, err := bot.New(config(q, &channel{scheme: "terminal", run: ends(c.errs[0])},
				&channel{scheme: "mailto", run: ends(c.errs[1])}))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := d.Run(t.Context()); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("Run returned %q, want %q", got, c.want)
			}
		})
	}
}

func TestStoppingEndsWhatIsUnderWayAndLeavesTheRest(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	sending, release := make(chan struct{}), make(chan struct{})
	ch.send = func(ctx context.Context, _ bot.Letter) (string, error) {
		close(sending) // a second letter would panic here
		select {
		case <-release:
			return "", nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	q.EnqueueAt(time.Now(), say("telegram:1", "a", "b")...)
	_, stop := run(t, config(q, ch))
	<-sending
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	select {
	case <-ended:
		t.Fatal("Run ended in the middle of a sending")
	case <-time.After(20 * time.Millisecond):
	}
	close(release)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	rows := q.Rows()
	if rows[0].Sent == nil || rows[1].Sent != nil || rows[1].Attempt != 0 || rows[1].Failed != "" {
		t.Errorf("rows after the stop: %+v", rows)
	}
}

func TestStoppingDoesNotWaitForAnExcerptThatCanBeCutAgain(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	cutting := make(chan struct{})
	cfg.Holdings = cutter(func(ctx context.Context, _ conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
		close(cutting)
		<-ctx.Done()
		return conversation.ExcerptFile{}, ctx.Err()
	})
	q.EnqueueAt(time.Now(), conversation.Send{To: "telegram:1", Excerpt: "A"})
	_, stop := run(t, cfg)
	<-cutting
	begun := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took >= quick.Drain {
		t.Errorf("took %v, as long as there is for what cannot be made again", took)
	}
	if r := q.Rows()[0]; r.Sent != nil || r.Attempt != 0 || r.Failed != "" {
		t.Errorf("row %+v", r)
	}
}

func TestStoppingDoesNotWaitForEverAndCountsNoTry(t *testing.T) {
	for name, hang := range map[string]func(context.Context){
		"a sending that heeds its context":  func(ctx context.Context) { <-ctx.Done() },
		"a sending that heeds nothing":      func(context.Context) { select {} },
		"a letter waiting for its own pace": nil,
	} {
		t.Run(name, func(t *testing.T) {
			q, ch := bottest.NewMemory(), &channel{scheme: "telegram", pace: bot.Pace{All: bot.Rate{PerSecond: 0.001, Burst: 1}}}
			started := make(chan struct{}, 9)
			ch.send = func(ctx context.Context, _ bot.Letter) (string, error) {
				started <- struct{}{}
				if hang != nil {
					hang(ctx)
				}
				return "", ctx.Err()
			}
			cfg := config(q, ch)
			cfg.Timing = quick
			cfg.Timing.Drain = 20 * time.Millisecond
			q.EnqueueAt(time.Now(), say("telegram:1", "a")...)
			q.EnqueueAt(time.Now(), say("telegram:2", "b")...)
			_, stop := run(t, cfg)
			<-started
			if err := inTime(t, stop); err != nil {
				t.Error(err)
			}
			for _, r := range q.Rows() {
				if r.Attempt != 0 || r.Failed != "" {
					t.Errorf("row %+v", r)
				}
			}
		})
	}
}

func TestTheLogHoldsNoAddressAndNoWordsOfAPerson(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	var log lockedBuffer
	cfg := config(q, ch)
	cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	cfg.Turner = bottest.Turner{Memory: q, Answer: func(ctx context.Context, m conversation.Message) ([]conversation.Send,
		error) {
		switch {
		case m.Text == "nama saya Ani":
			panic(m.Text)
		case m.Kind == conversation.Away:
			return nil, nil
		}
		return bottest.Echo(ctx, m)
	}}
	ch.send = func(_ context.Context, l bot.Letter) (string, error) {
		switch l.Send.Text {
		case "kode 123456":
			panic(l.Send.Text)
		case "blokir":
			return "", &bot.SendError{Blame: "person", Err: bot.ErrUnreachable}
		}
		return "", &bot.SendError{Retry: l.Attempt == 0, Blame: "platform", Err: errors.New("HTTP 502")}
	}
	cfg.Timing = quick
	cfg.Timing.SendTries = 3
	d, _ := run(t, cfg)
	put(t, q, "telegram:3527065", "nama saya Ani", "kode 123456", "blokir", "halo semua")
	until(t, "everything ended", func() bool {
		settle(t, d)
		rows := q.Rows()
		return len(rows) == 3 && !slices.ContainsFunc(rows, func(r bottest.Row) bool { return r.Failed == "" })
	})
	for _, want := range []string{"message set aside", "recovered from a panic", "letter failed for good",
		"letter will be tried again", "telegram:***065"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not tell: %s", want)
		}
	}
	for _, private := range []string{"3527065", "Ani", "123456", "halo semua"} {
		if strings.Contains(log.String(), private) {
			t.Errorf("the log holds %q:\n%s", private, log.String())
		}
	}
}

// lockedBuffer may be written by several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	q := bottest.NewMemory()
	good := config(q, &channel{scheme: "telegram"})
	for name, spoil := range map[string]func(*bot.Config){
		"no turner":                   func(c *bot.Config) { c.Turner = nil },
		"no queue":                    func(c *bot.Config) { c.Queue = nil },
		"no outbox":                   func(c *bot.Config) { c.Outbox = nil },
		"no channel":                  func(c *bot.Config) { c.Channels = nil },
		"two channels for one scheme": func(c *bot.Config) { c.Channels = append(c.Channels, c.Channels[0]) },
	} {
		bad := good
		spoil(&bad)
		if _, err := bot.New(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The platform of this test refuses letters that come faster than it allows, as
// Telegram does: 1 a second to one chat with bursts of 3, 30 a second overall. The
// desk keeps 28 overall.
func TestThreeHundredLettersToAHundredPeopleAtTelegramsPace(t *testing.T) {
	want := []string{"1", "2", "3"}
	took := atThePaceOfTelegram(t, want, func(time.Duration) {})
	if took > 10*time.Second {
		t.Errorf("took %v; 28 at once and 272 at 28 a second are 9.7", took)
	}
}

// A line that lets nothing through for some seconds, now and then: what it held up
// arrives together, and with what follows is no faster than the platform allows.
func TestWhatALineHeldUpCountsWhenItArrives(t *testing.T) {
	atThePaceOfTelegram(t, numbers(8), func(since time.Duration) {
		const every, free = 10 * time.Second, 4 * time.Second
		if at := since % every; at >= free {
			time.Sleep(every - at)
		}
	})
}

// atThePaceOfTelegram has a hundred people told these texts over a line, which is told
// how long it has been there, and returns how long all took. Nothing may be refused.
func atThePaceOfTelegram(t *testing.T, texts []string, line func(since time.Duration)) (took time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		q := bottest.NewMemory()
		guard := newStrict()
		ch := &channel{scheme: "telegram", pace: bot.Pace{
			Each: bot.Rate{PerSecond: 1, Burst: 3}, All: bot.Rate{PerSecond: 28, Burst: 28}, Parallel: 16,
		}}
		var refused atomic.Int32
		begun := time.Now()
		ch.send = func(_ context.Context, l bot.Letter) (string, error) {
			line(time.Since(begun))
			if wait := guard.take(l.Send.To); wait > 0 {
				refused.Add(1)
				return "", &bot.SendError{Retry: true, After: wait, Blame: "platform", Err: errors.New("429")}
			}
			return "", nil
		}
		for _, text := range texts {
			for i := range 100 {
				q.EnqueueAt(time.Now(), conversation.Send{To: conversation.Address(fmt.Sprintf("telegram:%d", i)), Text: text})
			}
		}
		cfg := config(q, ch)
		cfg.Timing = bot.Timing{Tick: time.Second}
		d, _ := run(t, cfg)
		settle(t, d)
		ch.mu.Lock()
		took = ch.times[len(ch.times)-1].Sub(begun)
		ch.mu.Unlock()
		t.Logf("%d letters in %v", len(q.Rows()), took)
		for i := range 100 {
			to := conversation.Address(fmt.Sprintf("telegram:%d", i))
			if got := ch.texts(to); !slices.Equal(got, texts) {
				t.Fatalf("%s got %v", to, got)
			}
		}
		if n := refused.Load(); n > 0 {
			t.Errorf("%d letters were refused as too fast", n)
		}
	})
	return took
}
