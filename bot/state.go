package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// ChannelState is how a channel is doing.
type ChannelState struct {
	Scheme string
	Up     bool
	Since  time.Time // when Up or Why last changed; zero before Run
	Why    string    // of a channel that is not up: the reason, for the operator
	Rest   time.Time // of a channel that is not up: until when nothing is sent; zero where that is not known
}

// State lists the channels in the order they were configured.
func (l *Loops) State() []ChannelState {
	var out []ChannelState
	for _, c := range l.carriers {
		out = append(out, c.status.read())
	}
	return out
}

// status gathers what is known of a channel from its three sides: its receiving,
// its own word, and the last sending.
type status struct {
	scheme string
	now    func() time.Time
	log    *slog.Logger

	mu        sync.Mutex
	receiving error     // why Run is not running
	own       error     // what Health said
	sending   error     // why nothing could be sent, when that was so at the last sending
	rest      time.Time // until when nothing is sent, as far as is known
	down      time.Time // since when it has been down without a break
	told      bool      // staff know that it is down
	shown     ChannelState
}

func (s *status) read() ChannelState {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.shown
	out.Scheme = s.scheme
	if !out.Up && s.rest.After(s.now()) {
		out.Rest = s.rest
	}
	return out
}

func (s *status) ran(err error)    { s.change(func() { s.receiving = err }) }
func (s *status) sent()            { s.change(func() { s.sending = nil }) }
func (s *status) failed(err error) { s.change(func() { s.sending = err }) }

// sends tells whether the last sending found the channel able to.
func (s *status) sends() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sending == nil
}

func (s *status) resting(until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rest = until
}

// alarm tells what staff should hear now: that the channel has been down, or
// is to rest, for longer than the patience; or that it is up again after they
// heard that. Nothing is due while due is false.
func (s *status) alarm(patience time.Duration) (a Alarm, due bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	a = Alarm{Scheme: s.scheme, Why: s.shown.Why, Since: s.down, Up: s.shown.Up}
	switch {
	case s.told:
		return a, s.shown.Up
	case s.shown.Up || s.down.IsZero():
		return a, false
	}
	return a, now.Sub(s.down) >= patience || s.rest.Sub(now) >= patience
}

// heard notes that staff were told.
func (s *status) heard(up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = !up
}

func (s *status) health(ch Channel) {
	var err error
	if h, ok := ch.(Healthy); ok {
		err = guard(s.log, h.Health)
	}
	s.change(func() { s.own = err })
}

// change notes something and tells the log when the outcome is another one.
func (s *status) change(note func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	note()
	next := ChannelState{Up: true}
	for _, err := range []error{s.receiving, s.own, s.sending} {
		if err != nil {
			next = ChannelState{Why: err.Error()}
			break
		}
	}
	if !s.shown.Since.IsZero() && next.Up == s.shown.Up && next.Why == s.shown.Why {
		return
	}
	next.Since = s.now()
	if s.down.IsZero() || s.shown.Up {
		s.down = next.Since
	}
	s.shown = next
	if next.Up {
		s.log.Info("channel is up", "channel", s.scheme)
	} else {
		s.log.Warn("channel is down", "channel", s.scheme, "why", next.Why)
	}
}

// listen keeps the channel receiving until ctx ends or the channel ends by
// itself, and returns its error. After a panic it begins again.
func (c *carrier) listen(ctx context.Context, in Inbox) error {
	for try := 1; ; try++ {
		err := guard(c.loops.cfg.Log, func() error { return c.channel.Run(ctx, in) })
		if ctx.Err() != nil || err == nil {
			return nil
		}
		c.status.ran(err)
		if !errors.Is(err, errPanic) {
			return fmt.Errorf("channel %s: %w", c.channel.Scheme(), err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(c.loops.backoff(try)):
			c.status.ran(nil)
		}
	}
}
