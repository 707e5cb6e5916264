package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"pst/bot"
	"pst/conversation"
)

// Channel is WhatsApp. Make one with [New]; it opens nothing until [Channel.Run]
// or [Channel.Pair].
type Channel struct {
	cfg   Config
	log   logger
	board board
	// staff are numbers, as in "6281234567890"; the map is not changed, but replaced.
	staff atomic.Pointer[map[string]bool]

	mu   sync.Mutex
	link *link // nil while no client runs
	// fetched is the version asked for after another one was refused.
	fetched store.WAVersionContainer

	turns   turns
	chats   chats
	silence silence
	flights flights
	clock   bot.Comparison

	published bool // a state file was written; guarded by the board
}

var (
	_ bot.Channel = (*Channel)(nil)
	_ bot.Pacer   = (*Channel)(nil)
	_ bot.Typer   = (*Channel)(nil)
	_ bot.Healthy = (*Channel)(nil)
	_ bot.Clocked = (*Channel)(nil)
)

// New checks the configuration; an error names the setting.
func New(cfg Config) (*Channel, error) {
	if err := cfg.prepare(); err != nil {
		return nil, fmt.Errorf("whatsapp: %w", err)
	}
	c := &Channel{cfg: cfg, log: logger{log: cfg.Log}, turns: turns{over: make(bell, 1)}}
	c.board.now, c.board.publish = cfg.Now, c.publish
	c.board.s = Status{State: Stopped, Since: cfg.Now()}
	c.silence.limit = cfg.Timing.Silence
	if err := c.SetStaff(cfg.Staff); err != nil {
		return nil, fmt.Errorf("whatsapp: %w", err)
	}
	return c, nil
}

// SetStaff tells who is staff from now on, by their numbers in any way of writing; who
// is not known to WhatsApp's lists yet is looked up. An error changes nothing.
func (c *Channel) SetStaff(numbers []string) error {
	staff := map[string]bool{}
	for i, number := range numbers {
		n, err := Normalize(number)
		if err != nil {
			return fmt.Errorf("staff number %d: %w", i+1, err)
		}
		staff[n] = true
	}
	old := c.staff.Swap(&staff)
	if k := c.current(); k != nil && old != nil && !maps.Equal(*old, staff) {
		k.staffKnown.Store(false)
		k.spawn(func() { k.findStaff(k.ctx) })
	}
	return nil
}

func (c *Channel) isNumberOfStaff(number string) bool { return (*c.staff.Load())[number] }

// Scheme is "whatsapp".
func (c *Channel) Scheme() string { return conversation.WhatsApp }

// Pace is how fast letters may leave.
func (c *Channel) Pace() bot.Pace { return *c.cfg.Pace }

// Status is where the connection stands.
func (c *Channel) Status() Status { return c.board.get() }

// Health is nil when letters can be sent now, else the reason.
func (c *Channel) Health() error { return c.board.get().err() }

// Inspect says how things stand, without connecting: Unpaired; Stopped when a
// device is linked and nobody uses it; else the state of the process that does,
// or InUse when that is not known. A ban and the like are told as long as they
// last. It makes no file.
func (c *Channel) Inspect(ctx context.Context) (State, error) {
	if _, err := os.Stat(c.cfg.DeviceFile); errors.Is(err, fs.ErrNotExist) {
		return Unpaired, nil
	}
	d, err := openDevice(ctx, c.cfg.DeviceFile, c.cfg.Key, c.log)
	switch {
	case errors.Is(err, ErrInUse):
		if s, ok := readState(c.cfg.DeviceFile, true, c.cfg.Now()); ok {
			return s, nil
		}
		return InUse, nil
	case err != nil:
		return "", fmt.Errorf("whatsapp: %w", err)
	}
	state := Unpaired
	if d.linked() {
		state = Stopped
		if s, ok := readState(c.cfg.DeviceFile, false, c.cfg.Now()); ok {
			state = s
		}
	}
	if err := d.close(); err != nil {
		return "", fmt.Errorf("whatsapp: %w", err)
	}
	return state, nil
}

// Facts reads what an operator asks of the device beyond its state; a process
// that serves is not disturbed.
func (c *Channel) Facts(ctx context.Context) (Facts, error) {
	if _, err := os.Stat(c.cfg.DeviceFile); errors.Is(err, fs.ErrNotExist) {
		return Facts{}, nil
	}
	db, err := dbutil.NewWithDialect(deviceDSN(c.cfg.DeviceFile), "sqlite")
	if err != nil {
		return Facts{}, fmt.Errorf("whatsapp: %w", err)
	}
	d := &device{db: db}
	f, err := d.facts(ctx, c.cfg.Now())
	if err := errors.Join(err, db.Close()); err != nil {
		return Facts{}, fmt.Errorf("whatsapp: %w", err)
	}
	return f, nil
}

// Run receives until ctx ends. It stays through everything WhatsApp does: when
// the device is unlinked it lets go of the device file and looks now and then
// whether `pst pair` has linked it again; a ban, a foreign session or an
// outdated client is waited out, without hammering. To [Channel.Pair] it gives
// way, and goes on with what that has linked. It returns an error only when the
// device file cannot be used from the start.
func (c *Channel) Run(ctx context.Context, in bot.Inbox) error {
	defer c.board.set(Stopped, time.Time{})
	for first := true; ctx.Err() == nil; first = false {
		wait, err := c.turn(ctx, in)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && first {
			return fmt.Errorf("whatsapp: %w", err)
		}
		if err != nil {
			c.cfg.Log.Error("the WhatsApp device cannot be used", "error", err)
			wait = time.Minute
			c.ended(ending{state: Reconnecting, wait: wait})
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		case <-c.turns.over:
		}
	}
	return nil
}

// turn runs one client until it ends, ctx does or somebody links the device, and
// tells how long to wait before the next.
func (c *Channel) turn(ctx context.Context, in bot.Inbox) (wait time.Duration, err error) {
	live, done := c.turns.serve(ctx)
	defer done()
	end, err := c.once(live, in)
	switch {
	case live.Err() != nil:
		return 0, nil
	case errors.Is(err, ErrInUse):
		end = ending{state: InUse, wait: c.cfg.Timing.Unpaired}
	case err != nil:
		return 0, err
	case end.state == Outdated && c.renewed(live):
		end.wait = time.Second
	}
	c.ended(end)
	return end.wait, nil
}

// ending is why a client ended and how long to wait before the next.
type ending struct {
	state State
	wait  time.Duration
}

// ended shows a state, and tells the operator once.
func (c *Channel) ended(e ending) {
	var until time.Time
	if e.state != Unpaired && e.state != LoggedOut && e.state != InUse {
		until = c.cfg.Now().Add(e.wait)
	}
	// Unpaired is what follows LoggedOut at the next look; the older state says more.
	if e.state == Unpaired && c.board.get().State == LoggedOut {
		return
	}
	if c.board.set(e.state, until) && e.state != Reconnecting {
		c.cfg.Log.Error("whatsapp cannot be used", "state", string(e.state), "reason", c.board.get().err())
	}
}

// once runs one client until it ends or ctx does.
func (c *Channel) once(ctx context.Context, in bot.Inbox) (ending, error) {
	d, err := openDevice(ctx, c.cfg.DeviceFile, c.cfg.Key, c.log)
	if err != nil {
		return ending{}, err
	}
	if !d.linked() {
		return ending{state: Unpaired, wait: c.cfg.Timing.Unpaired}, d.close()
	}
	c.board.set(Connecting, time.Time{})
	k := c.newLink(ctx, d, in)
	end := k.run(ctx)
	return end, k.close(end)
}

// current is the running client, or nil.
func (c *Channel) current() *link {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link
}

func (c *Channel) setCurrent(k *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = k
}

// Typing shows the person for a few seconds that the desk is writing.
func (c *Channel) Typing(ctx context.Context, to conversation.Address, _ bool) error {
	k := c.current()
	if k == nil {
		return ErrOffline
	}
	jid, err := jidOf(to)
	if err != nil {
		return err
	}
	return k.client.SendChatPresence(ctx, jid, types.ChatPresenceComposing, types.ChatPresenceMediaText)
}
