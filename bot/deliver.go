package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"pst/conversation"
)

// lanesAtOnce bounds how many letters of one channel are taken from the outbox
// and not yet done: waiting for the pace, or on their way. The others rest in the
// outbox. Excerpts, which may wait long for a cutter, have a bound of their own, so
// that nobody else waits behind them.
const (
	lanesAtOnce    = 64
	excerptsAtOnce = 512
)

// filesAtOnce is how many excerpts of one channel are being cut, or cut and not yet
// sent: each rests in memory.
const filesAtOnce = 16

// parallel is how many letters of one channel are on their way at a time when
// its Pace names no number.
const parallel = 8

// carrier brings the letters of one channel out.
type carrier struct {
	loops   *Loops
	channel Channel
	among   []string
	wake    bell
	overall *rate.Limiter
	sending chan struct{}
	files   chan struct{}
	status  status
	edits   sync.WaitGroup // of earlier letters, under way
	timeout time.Duration  // of one sending
	probed  time.Time      // when next to ask a channel that cannot send whether it can

	mu     sync.Mutex
	lanes  lanes
	flying int       // letters that the pace lets go, until they have arrived
	paused time.Time // the whole channel rests until then, of the machine's clock
}

func newCarrier(l *Loops, ch Channel) *carrier {
	c := &carrier{loops: l, channel: ch, among: []string{ch.Scheme()}, wake: newBell()}
	if local, ok := ch.(Local); ok {
		c.among = nil
		for _, a := range local.Addresses() {
			c.among = append(c.among, string(a))
		}
	}
	var pace Pace
	if p, ok := ch.(Pacer); ok {
		pace = p.Pace()
	}
	if pace.Parallel <= 0 {
		pace.Parallel = parallel
	}
	c.timeout = pace.Send
	if c.timeout <= 0 {
		c.timeout = l.cfg.Timing.Send
	}
	c.overall = pace.All.limiter()
	c.sending = make(chan struct{}, pace.Parallel)
	c.files = make(chan struct{}, filesAtOnce)
	c.lanes = lanes{pace: pace, all: map[conversation.Address]*lane{}}
	c.status = status{scheme: ch.Scheme(), now: l.cfg.Now, log: l.cfg.Log}
	return c
}

// run sends until ctx ends, and returns when the letters under way are done.
// They are sent under work.
func (c *carrier) run(ctx, work context.Context) {
	var letters sync.WaitGroup
	defer c.edits.Wait()
	defer letters.Wait()
	failing := false
	for ctx.Err() == nil {
		c.status.health(c.channel)
		wait, err := c.dispatch(ctx, work, &letters)
		if err != nil && !failing && ctx.Err() == nil {
			c.loops.cfg.Log.Error("reading the outbox failed", "channel", c.channel.Scheme(), "error", err)
		}
		failing = err != nil
		c.loops.pulse.beat(deliverLoop + c.channel.Scheme())
		pause(ctx, c.wake, wait)
	}
}

// dispatch begins the letters that can begin now and returns how long to sleep
// if nothing happens.
func (c *carrier) dispatch(ctx, work context.Context, letters *sync.WaitGroup) (time.Duration, error) {
	free, except, wait := c.room()
	if free <= 0 {
		return wait, nil
	}
	rows, err := c.loops.cfg.Outbox.Out(ctx, c.among, except, c.loops.cfg.Now(), free)
	if err != nil {
		return wait, err
	}
	if len(rows) == 0 {
		c.probe(work, letters)
	}
	for _, row := range rows {
		l := c.claim(row)
		c.loops.activity.begin()
		letters.Go(func() {
			defer c.loops.activity.end()
			wait, kept := c.deliver(ctx, work, row, l)
			c.release(row, wait, kept)
			c.wake.ring()
		})
	}
	return wait, nil
}

// probe asks a channel that could not send, now and then, whether it can again:
// people should not have to wait for the next letter to hear so.
func (c *carrier) probe(work context.Context, letters *sync.WaitGroup) {
	p, ok := c.channel.(Prober)
	if !ok || c.status.sends() || time.Now().Before(c.probed) {
		return
	}
	c.probed = time.Now().Add(c.loops.cfg.Timing.RetryMost)
	letters.Go(func() {
		if err := guard(c.loops.cfg.Log, func() error { return p.Probe(work) }); err == nil {
			c.status.sent()
		}
	})
}

func (c *carrier) room() (free int, except []conversation.Address, wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if left := c.paused.Sub(now); left > 0 {
		return 0, nil, min(left, c.loops.cfg.Timing.Tick)
	}
	except, wait = c.lanes.closed(now, c.loops.cfg.Timing.Tick)
	return lanesAtOnce - (c.lanes.busy - min(c.lanes.cutting, excerptsAtOnce)), except, wait
}

// slow lists the chats that must wait before more can be said to them, and how
// long until the first of them need not, at most most.
func (c *carrier) slow(now time.Time, most time.Duration) ([]conversation.Address, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lanes.slow(now, most)
}

func (c *carrier) claim(row conversation.Delivery) *lane {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.lanes.open(row.Send.To)
	l.busy = true
	c.lanes.count(row, 1)
	return l
}

func (c *carrier) release(row conversation.Delivery, wait time.Duration, kept bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.lanes.open(row.Send.To)
	l.busy = false
	if l.noting != nil {
		close(l.noting)
		l.noting = nil
	}
	c.lanes.count(row, -1)
	if wait > 0 {
		l.until, l.kept = time.Now().Add(wait), kept
	}
}

// heard lets a chat's letters leave that wait long: whoever writes can be
// reached. The queue made them due when it took the message. A wait that the
// platform asked for is kept: trying against it makes it longer.
func (c *carrier) heard(from conversation.Address) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.lanes.all[from]; l != nil && !l.kept && time.Until(l.until) > conversation.Patience {
		l.until = time.Time{}
		c.wake.ring()
	}
}

// errHeld says that a letter was not tried: the channel rests or the desk stops.
var errHeld = errors.New("not tried")

// deliver renders and sends one row and marks what came of it. It returns how
// long the address must rest, and whether the platform asked for that.
func (c *carrier) deliver(ctx, work context.Context, row conversation.Delivery, l *lane) (time.Duration, bool) {
	sent := conversation.Sent{}
	if row.Order != nil {
		select {
		case c.files <- struct{}{}:
			defer func() { <-c.files }()
		case <-ctx.Done():
			return 0, false
		}
	}
	err := guard(c.loops.cfg.Log, func() error {
		letter, err := c.render(ctx, row, &sent)
		if ctx.Err() != nil {
			return errHeld // a file can be made again: no stop need wait for one
		}
		if err != nil {
			return err
		}
		sent.PlatformID, err = c.send(ctx, work, letter, l)
		return err
	})
	if errors.Is(err, errHeld) || err != nil && work.Err() != nil {
		return 0, false
	}
	if err == nil {
		c.status.sent()
		sent.At = c.loops.cfg.Now()
		c.mark(work, row, func(ctx context.Context) error { return c.loops.cfg.Outbox.MarkSent(ctx, row.ID, sent) })
		c.ended(row, EndSent)
		if row.Send.Report {
			c.loops.receiver.wake.ring()
		}
		c.replace(ctx, work, row.Send)
		return 0, false
	}
	return c.failed(work, row, err)
}

// send waits for its turn and sends.
func (c *carrier) send(ctx, work context.Context, letter Letter, l *lane) (string, error) {
	select {
	case c.sending <- struct{}{}:
		defer func() { <-c.sending }()
	case <-ctx.Done():
		return "", errHeld
	}
	// Only here, not when the row was taken: cutting an excerpt takes time, and
	// what counts for the platform is when letters arrive.
	c.fly(l, 1)
	defer c.fly(l, -1)
	if l.limiter.Wait(ctx) != nil || c.overall.Wait(ctx) != nil {
		return "", errHeld
	}
	c.mu.Lock()
	l.count(time.Now())
	c.lanes.pace.Each.underWay(l.limiter, 1)
	c.mu.Unlock()
	if c.resting() {
		return "", errHeld
	}
	work, cancel := context.WithTimeout(work, c.timeout)
	defer cancel()
	id, err := c.channel.Send(work, letter)
	if err == nil {
		c.mu.Lock()
		l.noting = make(chan struct{})
		c.mu.Unlock()
	}
	return id, err
}

// noted waits until what has arrived at an address is noted, so that what its platform
// reports of it finds it.
func (c *carrier) noted(ctx context.Context, to conversation.Address) {
	c.mu.Lock()
	var noting chan struct{}
	if l := c.lanes.all[to]; l != nil {
		noting = l.noting
	}
	c.mu.Unlock()
	if noting == nil {
		return
	}
	select {
	case <-noting:
	case <-ctx.Done():
	}
}

// fly counts a letter that asks the pace (by is 1), or has arrived (-1).
func (c *carrier) fly(l *lane, by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flying += by
	c.lanes.pace.All.underWay(c.overall, c.flying-1)
	c.lanes.pace.Each.underWay(l.limiter, 0)
}

// replace changes the earlier letter that one which has arrived makes out of
// date, while the chat's other letters go on. It is a courtesy: what goes wrong
// is of no consequence.
func (c *carrier) replace(ctx, work context.Context, s conversation.Send) {
	editor, ok := c.channel.(Editor)
	if !ok || s.Replaces == nil {
		return
	}
	c.loops.activity.begin()
	c.edits.Go(func() {
		defer c.loops.activity.end()
		err := guard(c.loops.cfg.Log, func() error {
			id, err := c.loops.cfg.Outbox.Placed(work, s.To, s.Replaces.Ref)
			if err != nil || id == "" {
				return err
			}
			if err := c.overall.Wait(ctx); err != nil {
				return err
			}
			return editor.Edit(work, s.To, id, s.Replaces.Text)
		})
		if err != nil && !errors.Is(err, conversation.ErrNotFound) {
			c.loops.cfg.Log.Debug("an earlier letter was not changed", "channel", c.channel.Scheme(), "error", err)
		}
	})
}

func (c *carrier) resting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Before(c.paused)
}

// failed marks a letter that did not arrive: for a later try, or for good.
func (c *carrier) failed(work context.Context, row conversation.Delivery, err error) (time.Duration, bool) {
	fault := verdict(err)
	tries := row.Attempt + 1
	log := c.loops.cfg.Log.With("channel", c.channel.Scheme(), "chat", row.Send.To, "row", row.ID,
		"try", tries, "blame", fault.Blame, "error", fault.Err)
	if fault.Whole {
		c.status.failed(fault.Err)
	}
	if !fault.Retry || c.hopeless(row, tries, fault) {
		log.Warn("letter failed for good")
		c.mark(work, row, func(ctx context.Context) error {
			return c.loops.cfg.Outbox.MarkFailed(ctx, row.ID, c.loops.cfg.Now(), fault.Error())
		})
		c.ended(row, EndFailed)
		if errors.Is(err, ErrUnreachable) {
			c.away(work, row)
		}
		c.loops.receiver.wake.ring()
		return 0, false
	}
	wait := max(c.loops.backoff(tries), fault.After)
	log.Info("letter will be tried again", "wait", wait)
	if fault.Whole {
		c.rest(wait, fault.Rest)
	}
	due := c.loops.cfg.Now().Add(wait)
	c.mark(work, row, func(ctx context.Context) error {
		return c.loops.cfg.Outbox.MarkLater(ctx, row.ID, due, fault.Error(), fault.Kept)
	})
	c.ended(row, EndLater)
	return wait, fault.Kept
}

func (c *carrier) ended(row conversation.Delivery, e End) {
	c.loops.cfg.Ended(c.channel.Scheme(), e, c.loops.cfg.Now().Sub(row.Queued))
}

// rest lets the whole channel rest: so long as a letter waits, or less where
// only the letter's own chat has to wait longer. A rest under way is not cut.
func (c *carrier) rest(wait, shorter time.Duration) {
	if shorter > 0 {
		wait = min(wait, shorter)
	}
	until := time.Now().Add(wait)
	c.mu.Lock()
	if until.After(c.paused) {
		c.paused = until
	}
	c.mu.Unlock()
	c.status.resting(c.loops.cfg.Now().Add(wait))
}

// hopeless tells when to stop trying: by age when the whole channel or its
// platform is ill, for that passes; by number when it is this letter, for the
// same request fails the same way. A letter that says itself how long it is worth
// sending lives so long.
func (c *carrier) hopeless(row conversation.Delivery, tries int, fault *SendError) bool {
	t := c.loops.cfg.Timing
	if fault.Blame != "platform" && !fault.Whole && tries >= t.SendTries {
		return true
	}
	return row.Send.Expires.IsZero() && tries > 1 && c.loops.cfg.Now().Sub(row.Queued) >= t.GiveUp
}

// verdict reads any error of a sending as a SendError.
func verdict(err error) *SendError {
	var fault *SendError
	switch {
	case errors.As(err, &fault):
		return fault
	case errors.Is(err, context.DeadlineExceeded):
		return &SendError{Retry: true, Blame: "platform", Err: errors.New("no answer in time")}
	}
	return &SendError{Retry: true, Blame: "desk", Err: err}
}

// away lets the engine know that nothing reaches this chat any more.
func (c *carrier) away(work context.Context, row conversation.Delivery) {
	m := conversation.Message{ID: "away:" + row.Key, From: row.Send.To, Kind: conversation.Away, SentAt: c.loops.cfg.Now()}
	if err := c.loops.cfg.Queue.Put(work, m); err != nil {
		c.loops.cfg.Log.Error("noting an unreachable chat failed", "chat", row.Send.To, "error", err)
	}
}

// markTries bounds how often the outcome of a sending is written again when
// the store refuses; afterwards the letter may be sent twice.
const markTries = 5

// mark writes the outcome of a sending, even when the desk has just given up
// waiting for it.
func (c *carrier) mark(work context.Context, row conversation.Delivery, write func(context.Context) error) {
	for try := 1; ; try++ {
		err := write(context.WithoutCancel(work))
		if err == nil {
			return
		}
		if try >= markTries && errors.Is(err, conversation.ErrFull) && work.Err() == nil {
			try = markTries - 1 // sent once; its chat waits until that can be noted
		}
		if try == markTries || work.Err() != nil {
			c.loops.cfg.Log.Error("outcome of a sending could not be noted", "row", row.ID, "error", err)
			return
		}
		select {
		case <-work.Done():
		case <-time.After(c.loops.backoff(try)):
		}
	}
}
