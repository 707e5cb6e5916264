package telegram

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

const reader = 3527065

// patience is how long a test waits at most for something that comes at once, on a
// machine that has other things to do.
const patience = 5 * time.Minute

func testContext(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	return ctx
}

// inbox is a durable inbox in memory: it outlives the channels of a test.
type inbox struct {
	mu     sync.Mutex
	known  map[string]bool
	got    []conversation.Message
	broken int // so many Puts fail
	puts   int
	more   chan struct{}
}

func newInbox() *inbox { return &inbox{known: map[string]bool{}, more: make(chan struct{})} }

var errDisk = errors.New("disk full")

func (in *inbox) Put(_ context.Context, ms ...conversation.Message) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.puts++
	if in.broken > 0 {
		in.broken--
		return errDisk
	}
	for _, m := range ms {
		if key := string(m.From) + " " + m.ID; !in.known[key] {
			in.known[key] = true
			in.got = append(in.got, m)
			close(in.more)
			in.more = make(chan struct{})
		}
	}
	return nil
}

// wait returns the messages once there are n.
func (in *inbox) wait(tb testing.TB, n int) []conversation.Message {
	tb.Helper()
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		in.mu.Lock()
		got, more := append([]conversation.Message(nil), in.got...), in.more
		in.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-more:
		case <-end.C:
			tb.Fatalf("inbox has %d messages, want %d: %+v", len(got), n, got)
		}
	}
}

func (in *inbox) last(tb testing.TB, n int) conversation.Message {
	tb.Helper()
	return in.wait(tb, n)[n-1]
}

// lines collects what is logged.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func testLog(l *lines) *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// mustNew makes a channel to the test server.
func mustNew(tb testing.TB, srv *telegramtest.Server, change func(*Config)) *Channel {
	tb.Helper()
	cfg := Config{Token: srv.Token(), Endpoint: srv.Endpoint(), Now: srv.Now}
	if change != nil {
		change(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	c.api.calls.Timeout = patience // a busy machine may be late with an answer
	tb.Cleanup(c.api.close)
	return c
}

// running is a channel that receives.
type running struct {
	tb   testing.TB
	stop context.CancelFunc
	done chan error
	once sync.Once
	err  error
}

func run(tb testing.TB, c *Channel, in bot.Inbox) *running {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{tb: tb, stop: cancel, done: make(chan error, 1)}
	go func() { r.done <- c.Run(ctx, in) }()
	tb.Cleanup(func() { r.end() })
	return r
}

// end stops the channel and returns what Run did.
func (r *running) end() error {
	r.stop()
	return r.wait()
}

func (r *running) wait() error {
	r.once.Do(func() {
		select {
		case r.err = <-r.done:
		case <-time.After(patience):
			r.tb.Error("Run did not return")
		}
	})
	return r.err
}

// await asks again and again, for what no event tells of.
func await(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			tb.Fatalf("waited in vain for: %s", what)
		}
	}
}

func letter(text string) bot.Letter {
	return bot.Letter{Key: "K1", Send: conversation.Send{To: address(reader), Text: text}}
}

func menu(text string, options ...conversation.Option) bot.Letter {
	l := letter(text)
	l.Send.Menu, l.Send.Options = "menu", options
	return l
}

// mustSend sends a letter that must arrive.
func mustSend(tb testing.TB, c *Channel, l bot.Letter) string {
	tb.Helper()
	id, err := c.Send(testContext(tb), l)
	if err != nil {
		tb.Fatalf("send: %v", err)
	}
	return id
}
