package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"pst/conversation"
)

// Config is what a [Loops] is made of. Turner, Queue, Outbox and at least one
// channel are needed; the rest has working defaults.
type Config struct {
	Turner   Turner
	Queue    Queue
	Outbox   Outbox
	Channels []Channel
	// Holdings cuts the excerpts; without it a row with an excerpt fails.
	Holdings Holdings
	// CodeIn is the excerpt code that a PDF file says it has, "" for none; nil reads
	// none.
	CodeIn func(data []byte) string
	// Reports writes the reports that staff ask for; without it a row with one fails.
	Reports Reports
	// Sheets writes tables as files and draws charts; without it a row with one fails.
	Sheets Sheets
	// Apology is said to a person whose message had to be set aside; empty says
	// nothing.
	Apology string
	// Full is said to a person whose message cannot be written because the disk is
	// full, once until it can; empty says nothing. The message waits at its platform.
	Full string
	// Alarm makes what staff are told of a channel that has been down, or has to
	// rest, for long; and when it is up again. Letters by the same channel are
	// dropped, so each of them should have an address elsewhere. Nil tells nobody.
	Alarm func(a Alarm) []conversation.Send
	// Ended is told how each sending of a letter ended, and how old the letter was
	// then; nil is told nothing. It must not wait.
	Ended  func(scheme string, e End, age time.Duration)
	Log    *slog.Logger     // default: discards
	Now    func() time.Time // for due times and records; default: time.Now
	Random func() float64   // in [0,1), spreads the retries; default: math/rand
	Turns  int              // turns taken at once; default 4
	Cuts   int              // excerpts cut at once; default 2
	Timing Timing
}

// End is how a sending of a letter ended.
type End string

// Ends of a sending: the letter arrived, will be tried again, or never will be; or it had
// been taken and came back.
const (
	EndSent    End = "sent"
	EndLater   End = "later"
	EndFailed  End = "failed"
	EndBounced End = "bounced"
)

// Timing is how long the loops wait. A zero field takes its default.
type Timing struct {
	Tick      time.Duration // looking for rows that another process wrote; 1 s
	Sweep     time.Duration // looking for sessions and tickets past their time; 2 s
	Turn      time.Duration // deadline of one turn; 30 s
	Cut       time.Duration // deadline of cutting one excerpt; 2 min
	Send      time.Duration // deadline of one sending; 5 min (a 30 MB file on a slow line)
	Retry     time.Duration // first wait after a failure, doubled from then on; 1 s
	RetryMost time.Duration // longest wait between two tries; 5 min
	// TurnTries is after how many failed tries a message is set aside; 5.
	TurnTries int
	// SendTries is after how many tries a letter is given up when the fault is
	// not the platform's; 8.
	SendTries int
	// GiveUp is the age at which a letter without Send.Expires is given up whatever
	// the fault; 24 h.
	GiveUp time.Duration
	// Alarm is from when on staff are told of a channel that rests; 1 h.
	Alarm time.Duration
	// Drain is how long running turns and sendings may take to end; 8 s.
	Drain time.Duration
}

// Loops are the receive loop and the deliver loops, which carry a desk over its channels.
type Loops struct {
	cfg      Config
	carriers []*carrier
	receiver *receiver
	activity activity
	cuts     chan struct{}
	looks    chan struct{}
	full     full
	pulse    *pulse
}

// New checks the configuration. It starts nothing.
func New(cfg Config) (*Loops, error) {
	if cfg.Turner == nil || cfg.Queue == nil || cfg.Outbox == nil {
		return nil, errors.New("make loops: turner, queue and outbox are needed")
	}
	if len(cfg.Channels) == 0 {
		return nil, errors.New("make loops: no channel is configured")
	}
	cfg.setDefaults()
	l := &Loops{cfg: cfg, cuts: make(chan struct{}, cfg.Cuts), looks: make(chan struct{}, looksMost)}
	l.activity.changed = make(chan struct{})
	seen, loops := map[string]bool{}, []string{receiveLoop, sweepLoop}
	for _, ch := range cfg.Channels {
		if seen[ch.Scheme()] {
			return nil, fmt.Errorf("make loops: two channels for %s", ch.Scheme())
		}
		seen[ch.Scheme()] = true
		l.carriers = append(l.carriers, newCarrier(l, ch))
		loops = append(loops, deliverLoop+ch.Scheme())
	}
	l.pulse = newPulse(loops)
	l.receiver = newReceiver(l)
	return l, nil
}

func (c *Config) setDefaults() {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Float64
	}
	if c.Ended == nil {
		c.Ended = func(string, End, time.Duration) {}
	}
	setDefault(&c.Turns, 4)
	setDefault(&c.Cuts, 2)
	t := &c.Timing
	setDefault(&t.Tick, time.Second)
	setDefault(&t.Sweep, 2*time.Second)
	setDefault(&t.Turn, 30*time.Second)
	setDefault(&t.Cut, 2*time.Minute)
	setDefault(&t.Send, 5*time.Minute)
	setDefault(&t.Retry, time.Second)
	setDefault(&t.RetryMost, 5*time.Minute)
	setDefault(&t.TurnTries, 5)
	setDefault(&t.SendTries, 8)
	setDefault(&t.GiveUp, 24*time.Hour)
	setDefault(&t.Alarm, time.Hour)
	setDefault(&t.Drain, 8*time.Second)
}

func setDefault[T int | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}

// Run serves until ctx ends, or until every channel has ended by itself. It
// then takes nothing new, gives running turns and sendings Timing.Drain to end,
// and leaves the rest in the queues. A channel that fails or panics does not
// keep the others from serving; only when all have ended are their errors
// returned. Run may be called once.
func (l *Loops) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	// What has begun outlives ctx, so that a stop does not cut it in the middle.
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()

	var loops, channels sync.WaitGroup
	loops.Go(func() { l.receiver.run(ctx, work) })
	loops.Go(func() { l.sweep(ctx) })
	loops.Go(func() { l.watch(ctx) })
	errs := make([]error, len(l.carriers))
	for i, c := range l.carriers {
		loops.Go(func() { c.run(ctx, work) })
		channels.Go(func() { errs[i] = c.listen(ctx, intake{l}) })
	}
	ended := make(chan struct{})
	go func() { channels.Wait(); close(ended) }()

	allEnded := false
	select {
	case <-ctx.Done():
	case <-ended:
		allEnded = ctx.Err() == nil
	}
	stop()
	if !l.drain(&loops, ended, stopWork) {
		l.cfg.Log.Warn("stopped before everything had ended", "waited", l.cfg.Timing.Drain)
	}
	if allEnded {
		return errors.Join(errs...)
	}
	return nil
}

// drain waits for the loops and the channels; it reports whether they ended in
// time, with a last second for what heeds a cancelled context.
func (l *Loops) drain(loops *sync.WaitGroup, channels <-chan struct{}, stopWork func()) bool {
	done := make(chan struct{})
	go func() { loops.Wait(); <-channels; close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(l.cfg.Timing.Drain):
	}
	stopWork()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
	return false
}

// sweep wakes sessions and tickets whose time has passed.
func (l *Loops) sweep(ctx context.Context) {
	ticker := time.NewTicker(l.cfg.Timing.Sweep)
	defer ticker.Stop()
	for {
		n, err := l.cfg.Queue.Sweep(ctx, l.cfg.Now())
		if err != nil && ctx.Err() == nil {
			l.cfg.Log.Error("sweeping deadlines failed", "error", err)
		}
		if n > 0 {
			l.receiver.wake.ring()
		}
		l.pulse.beat(sweepLoop)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// among lists whose messages this desk handles: those of its channels, and the
// desk's own clock. What is told of mail is anybody's who sends mail.
func (l *Loops) among() []string {
	all := []string{conversation.Desk}
	for _, c := range l.carriers {
		all = append(all, c.among...)
		if c.channel.Scheme() == conversation.Mail {
			all = append(all, conversation.Mail)
		}
	}
	return all
}

// backoff is the wait before try number n+1 (n from 1).
func (l *Loops) backoff(n int) time.Duration {
	return Backoff(n-1, l.cfg.Timing.Retry, l.cfg.Timing.RetryMost, l.cfg.Random())
}

// intake is the [Inbox] the channels get: it wakes the receive loop.
type intake struct{ loops *Loops }

var (
	_ Inbox    = intake{}
	_ Receipts = intake{}
	_ Bounces  = intake{}
	_ Settler  = intake{}

	_ CatchingUp = intake{}
)

func (i intake) Put(ctx context.Context, ms ...conversation.Message) error {
	if err := i.loops.cfg.Queue.Put(ctx, ms...); err != nil {
		if errors.Is(err, conversation.ErrFull) {
			i.loops.tellFull(ctx, ms...)
		}
		return err
	}
	i.loops.full.over()
	i.loops.receiver.wake.ring()
	for _, c := range i.loops.carriers {
		for _, m := range ms {
			c.heard(m.From)
		}
	}
	return nil
}

func (i intake) Receipt(ctx context.Context, to conversation.Address, platformID, status string, at time.Time) error {
	for _, c := range i.loops.carriers {
		c.noted(ctx, to)
	}
	return i.loops.cfg.Outbox.MarkReceipt(ctx, to, platformID, status, at)
}

func (i intake) Bounced(ctx context.Context, platformID, why string) (bool, error) {
	ours, err := i.loops.cfg.Outbox.MarkBounced(ctx, platformID, why)
	if ours && err == nil {
		i.loops.cfg.Ended(conversation.Mail, EndBounced, 0)
	}
	i.loops.receiver.wake.ring()
	return ours, err
}

func (i intake) CatchUp() (done func()) { return i.loops.receiver.catchUp() }

func (i intake) Settle(ctx context.Context) error { return i.loops.Settle(ctx) }
