package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"pst/bot/web"
	"pst/cmd/pst/watch"
	"pst/conversation"
	"pst/store/holdings"
)

// watchConfig is where an operator's tools ask how the desk is doing.
type watchConfig struct {
	// Listen is the HOST:PORT of /healthz and /metrics; empty: they are not served.
	// Only this machine can ask there.
	Listen string `toml:"listen"`
}

// open opens the listener; nil where it is off.
func (c watchConfig) open() (net.Listener, error) {
	if c.Listen == "" {
		return nil, nil
	}
	l, err := watch.Listen(c.Listen)
	if err != nil {
		return nil, fmt.Errorf("watch.listen: %w", err)
	}
	return l, nil
}

const (
	// beatWithin is how long the database may take to write and read a small row.
	beatWithin = 15 * time.Second
	// beatLasts is how long the outcome is taken for that of the present.
	beatLasts = time.Second
	// loopWithin is how long one of the loops may take to go round; see [bot.Loops.Slowest].
	loopWithin = time.Minute
	// inboxWithin is how long the inbox may stand still.
	inboxWithin = 5 * time.Minute
)

// heart is the outcome of the last small row that was written and read, one at a time.
type heart struct {
	beat func(context.Context) error

	mu      sync.Mutex
	begun   time.Time     // of the one under way; zero for none
	ended   chan struct{} // closed when it has ended
	last    time.Time     // when the last one ended
	took    time.Duration
	outcome error
}

// check writes and reads, or waits for who does so now. A database that does not answer
// in time is an error, though its answer is awaited still.
func (h *heart) check(ctx context.Context) (took time.Duration, err error) {
	h.mu.Lock()
	if h.begun.IsZero() {
		if !h.last.IsZero() && time.Since(h.last) < beatLasts {
			defer h.mu.Unlock()
			return h.took, h.outcome
		}
		h.begun, h.ended = time.Now(), make(chan struct{})
		go h.run()
	}
	begun, ended := h.begun, h.ended
	h.mu.Unlock()
	late := time.NewTimer(beatWithin - time.Since(begun))
	defer late.Stop()
	select {
	case <-ended:
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.took, h.outcome
	case <-late.C:
		return 0, fmt.Errorf("has not answered for %v", time.Since(begun).Round(time.Second))
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (h *heart) run() {
	err := h.beat(context.Background()) // its store ends it when it closes
	h.mu.Lock()
	defer h.mu.Unlock()
	h.took, h.outcome, h.last = time.Since(h.begun), err, time.Now()
	h.begun = time.Time{}
	close(h.ended)
}

// still tells how long the inbox has stood still: the same message was its oldest all
// the while. What waited before this run is counted from its begin.
type still struct {
	mu    sync.Mutex
	first int64
	since time.Time // by the machine's clock; zero before the first look
	moves bool
}

// look takes the number of the oldest message, 0 for none; moves tells whether the inbox
// was empty or went on in this run.
func (s *still) look(first int64, now time.Time) (stood time.Duration, moves bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moves = s.moves || first == 0 || !s.since.IsZero() && first != s.first
	if first != s.first || first == 0 {
		s.first, s.since = first, now
	}
	return now.Sub(s.since), s.moves
}

// watched is what is looked at of a desk that serves.
type watched struct {
	*live
	schemes []string // of all that the desk handles
	heart   heart
	inbox   still
}

func newWatched(l *live) *watched {
	w := &watched{live: l, heart: heart{beat: l.db.Beat}, schemes: []string{conversation.Desk}}
	for _, c := range l.channels {
		w.schemes = append(w.schemes, c.Scheme())
	}
	return w
}

// alive is nil while a restart would change nothing for the better: the database can be
// written and read, and all loops go round. A full disk is no sign of death.
func (w *watched) alive(ctx context.Context) error {
	loop, ago, begun := w.loops.Slowest()
	switch {
	case !begun:
		return fmt.Errorf("the loop %q has not begun", loop)
	case ago > loopWithin:
		return fmt.Errorf("the loop %q has stood still for %v", loop, ago.Round(time.Second))
	}
	if _, err := w.heart.check(ctx); err != nil && !errors.Is(err, conversation.ErrFull) {
		return fmt.Errorf("database: %w", err)
	}
	return nil
}

// look looks at all that an operator has to know of.
func (w *watched) look(ctx context.Context) []watch.Check {
	out := []watch.Check{w.lookAtDatabase(ctx), w.lookAtInbox(ctx), w.lookAtLoops(), lookAtReader()}
	if c := w.lookAtOffice(); !c.Well {
		out = append(out, c)
	}
	since := map[string]time.Time{}
	for _, s := range w.loops.State() {
		since[s.Scheme] = s.Since
	}
	for _, c := range (channelsPage{w.desk, w.channels}).Channels(ctx) {
		out = append(out, lookAtChannel(c, since[c.Scheme], time.Now()))
	}
	return out
}

func (w *watched) lookAtDatabase(ctx context.Context) watch.Check {
	took, err := w.heart.check(ctx)
	if err != nil {
		return watch.Check{Name: "database", Text: err.Error()}
	}
	return watch.Check{Name: "database", Well: true, Text: fmt.Sprintf("written and read in %v", rounded(took))}
}

func (w *watched) lookAtInbox(ctx context.Context) watch.Check {
	d, err := w.db.Depths(ctx, w.schemes, time.Now())
	if err != nil {
		return watch.Check{Name: "inbox", Text: err.Error()}
	}
	n := 0
	stood, _ := w.inbox.look(d.First, time.Now())
	var oldest time.Time
	for _, in := range d.Inbox {
		if n += in.Count; oldest.IsZero() || in.Oldest.Before(oldest) {
			oldest = in.Oldest
		}
	}
	if n == 0 {
		return watch.Check{Name: "inbox", Well: true, Text: "nothing waits"}
	}
	text := fmt.Sprintf("%d waiting, the oldest for %v", n, rounded(max(0, time.Since(oldest))))
	if stood >= inboxWithin {
		return watch.Check{Name: "inbox", Text: fmt.Sprintf("has not moved for %v: %s", rounded(stood), text)}
	}
	return watch.Check{Name: "inbox", Well: true, Text: text}
}

func (w *watched) lookAtLoops() watch.Check {
	loop, ago, begun := w.loops.Slowest()
	switch {
	case !begun:
		return watch.Check{Name: "loops", Text: fmt.Sprintf("%q has not begun", loop)}
	case ago > loopWithin:
		return watch.Check{Name: "loops", Text: fmt.Sprintf("%q has stood still for %v", loop, rounded(ago))}
	}
	return watch.Check{Name: "loops", Well: true, Text: "all go round"}
}

func lookAtReader() watch.Check {
	if err := holdings.Executes(); err != nil {
		return watch.Check{Name: "reader", Text: err.Error()}
	}
	return watch.Check{Name: "reader", Well: true, Text: "the page reader may run"}
}

func (w *watched) lookAtOffice() watch.Check {
	if w.partial != nil && !w.completed() {
		return watch.Check{Name: "office",
			Text: "not complete: only the page for staff is served; pst check names what is missing"}
	}
	return watch.Check{Name: "office", Well: true}
}

// lookAtChannel tells of a channel what the page for staff judges; with the cause as an
// engineer reads it, where there is one.
func lookAtChannel(c web.Channel, since, now time.Time) watch.Check {
	out := watch.Check{Name: channelLabel(c.Scheme), Well: c.Well}
	switch {
	case since.IsZero():
		return watch.Check{Name: out.Name, Text: "has not begun"}
	case c.Well:
		out.Text = fmt.Sprintf("up for %v", rounded(now.Sub(since)))
	case c.Cause != "":
		out.Text = fmt.Sprintf("down for %v: %s", rounded(now.Sub(since)), c.Cause)
	default:
		out.Text = "needs somebody: " + c.State
	}
	return out
}

// isChannel tells whether a check is of a channel.
func (w *watched) isChannel(name string) bool {
	return slices.ContainsFunc(w.schemes, func(s string) bool { return channelLabel(s) == name })
}

// channelLabel is what a channel is called in checks and metrics.
func channelLabel(scheme string) string {
	if scheme == conversation.Mail {
		return "mail"
	}
	return scheme
}

// words say in one line how the desk is doing.
func (w *watched) words(ctx context.Context) string {
	return watch.Words(w.look(ctx), "all is well")
}

// rounded is a time as people read it.
func rounded(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(time.Second)
}

// serve answers at the listener until ctx ends.
func (w *watched) serve(ctx context.Context, h *house, l net.Listener) {
	w.metrics.LookUp(w.numbers)
	h.log.Info("health and metrics are served", "at", l.Addr().String())
	if err := watch.NewServer(w.look, w.metrics.Handler(h.log), h.log).Run(ctx, l); err != nil {
		h.log.Error("health and metrics ended", "error", err)
	}
}
