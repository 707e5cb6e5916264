package bot_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

// channel is one whose platform the test plays.
type channel struct {
	scheme string
	pace   bot.Pace
	send   func(ctx context.Context, l bot.Letter) (string, error) // nil: arrives
	run    func(ctx context.Context, in bot.Inbox) error           // nil: receives nothing

	mu      sync.Mutex
	arrived []bot.Letter
	times   []time.Time
	typing  int
}

func (c *channel) Scheme() string { return c.scheme }
func (c *channel) Pace() bot.Pace { return c.pace }

func (c *channel) Run(ctx context.Context, in bot.Inbox) error {
	if c.run != nil {
		return c.run(ctx, in)
	}
	<-ctx.Done()
	return nil
}

func (c *channel) Send(ctx context.Context, l bot.Letter) (string, error) {
	if c.send != nil {
		if id, err := c.send(ctx, l); err != nil {
			return id, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrived = append(c.arrived, l)
	c.times = append(c.times, time.Now())
	return "id-" + l.Key, nil
}

func (c *channel) Typing(context.Context, conversation.Address, bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.typing++
	return nil
}

// texts are those that arrived at an address, in order.
func (c *channel) texts(to conversation.Address) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, l := range c.arrived {
		if l.Send.To == to {
			out = append(out, l.Send.Text)
		}
	}
	return out
}

// quick makes the loops wait so little that a test need not.
var quick = bot.Timing{
	Tick: 5 * time.Millisecond, Sweep: 10 * time.Millisecond,
	Retry: 2 * time.Millisecond, RetryMost: 10 * time.Millisecond, Drain: patience, Turn: patience, Cut: patience,
}

// patience is how long a test waits at most for what surely comes.
const patience = 5 * time.Minute

// inTime stops a desk, and fails the test when that does not end.
func inTime(t *testing.T, stop func() error) error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(patience):
		t.Fatal("the stop does not end")
		return nil
	}
}

// run starts a desk and returns it with a function that stops it and waits.
// Settle on it before looking at what came out.
func run(t *testing.T, cfg bot.Config) (*bot.Loops, func() error) {
	t.Helper()
	if cfg.Timing == (bot.Timing{}) {
		cfg.Timing = quick
	}
	d, err := bot.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	stop := sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = stop() })
	return d, stop
}

// config is an echoing desk on these queues and channels.
func config(q *bottest.Memory, channels ...bot.Channel) bot.Config {
	return bot.Config{
		Turner: bottest.Turner{Memory: q, Answer: bottest.Echo}, Queue: q, Outbox: q,
		Channels: channels, Random: func() float64 { return 0.5 },
	}
}

func settle(t *testing.T, d *bot.Loops) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := d.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

// until waits for a condition that no channel or lock announces.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("never happened: %s", what)
		case <-time.After(time.Millisecond):
		}
	}
}

func put(t *testing.T, q bot.Inbox, from conversation.Address, texts ...string) {
	t.Helper()
	for i, text := range texts {
		m := conversation.Message{ID: fmt.Sprintf("%d:%s", i, text), From: from, Kind: conversation.Text, Text: text}
		if err := q.Put(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
}

func numbers(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

// strict is a platform's own count of how fast letters come.
type strict struct {
	mu      sync.Mutex
	overall *rate.Limiter
	each    map[conversation.Address]*rate.Limiter
}

func newStrict() *strict {
	return &strict{overall: rate.NewLimiter(30, 30), each: map[conversation.Address]*rate.Limiter{}}
}

// take is 0 when the letter is let through, else how long the sender must wait.
func (s *strict) take(to conversation.Address) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.each[to] == nil {
		s.each[to] = rate.NewLimiter(1, 3)
	}
	if !s.each[to].Allow() || !s.overall.Allow() {
		return time.Second
	}
	return 0
}
