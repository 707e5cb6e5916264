package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"pst/conversation"
)

// receiver takes waiting messages to the engine: those of one chat one after
// the other, those of different chats side by side.
type receiver struct {
	loops *Loops
	wake  bell

	mu    sync.Mutex
	late  map[*time.Time]bool            // catching up, each until its moment at most
	chats map[conversation.Address]*chat // being handled, or waiting after a failure
	busy  int
}

// chat is one that is not to be looked at now.
type chat struct {
	message string // ID of the message that failed last
	tries   int    // how often it failed
	busy    bool
	until   time.Time // the next try; of the machine's clock
}

func newReceiver(l *Loops) *receiver {
	return &receiver{loops: l, wake: newBell(), late: map[*time.Time]bool{}, chats: map[conversation.Address]*chat{}}
}

// run takes messages until ctx ends, and returns when the turns under way have
// ended. The turns run under work.
func (r *receiver) run(ctx, work context.Context) {
	var turns sync.WaitGroup
	defer turns.Wait()
	among := r.loops.among()
	failing := false
	for ctx.Err() == nil {
		more, wait, err := r.dispatch(ctx, work, among, &turns)
		if err != nil && !failing && ctx.Err() == nil {
			r.loops.cfg.Log.Error("reading the inbox failed", "error", err)
		}
		failing = err != nil
		r.loops.pulse.beat(receiveLoop)
		if more {
			continue
		}
		pause(ctx, r.wake, wait)
	}
}

// pause waits for the bell, at most so long, or until ctx ends.
func pause(ctx context.Context, b bell, most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-b:
	case <-timer.C:
	}
}

// dispatch begins the turns that can begin. More says that others may be
// waiting behind those begun, wait how long to sleep otherwise.
func (r *receiver) dispatch(ctx, work context.Context, among []string, turns *sync.WaitGroup) (more bool,
	wait time.Duration, err error) {
	free, except, wait := r.room()
	if free <= 0 {
		return false, wait, nil
	}
	// A flood of one chat fills a list; its chat is then left out of the next.
	messages, err := r.loops.cfg.Queue.Waiting(ctx, among, except, 4*r.loops.cfg.Turns)
	if err != nil {
		return false, wait, err
	}
	of := map[conversation.Address]int{}
	for _, m := range messages {
		of[m.From]++
	}
	full := len(messages) == 4*r.loops.cfg.Turns
	first := map[conversation.Address]bool{}
	for _, m := range messages {
		if free == 0 {
			break
		}
		if first[m.From] {
			continue // even when the one before it is done by now: there may be others between
		}
		first[m.From] = true
		alone := r.claim(m) || of[m.From] == 1 && !full
		free--
		r.loops.activity.begin()
		turns.Go(func() {
			defer r.loops.activity.end()
			r.release(m, r.turn(work, m, alone))
			r.wake.ring()
		})
	}
	return len(messages) > 0 && free > 0, wait, nil
}

// runMost is how many waiting messages of one chat are taken together at most.
const runMost = 100

// runOf is what waits of m's chat, m first. A backlog or a flood is one
// conversation: it is taken together and answered once.
func (r *receiver) runOf(ctx context.Context, m conversation.Message) []conversation.Message {
	run, err := r.loops.cfg.Queue.Waiting(ctx, []string{string(m.From)}, nil, runMost)
	if err != nil || len(run) == 0 || run[0].ID != m.ID {
		return []conversation.Message{m}
	}
	return run
}

// room tells how many turns may begin, which chats to leave out, and when the
// first of those waiting after a failure is ready.
func (r *receiver) room() (free int, except []conversation.Address, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	wait = r.loops.cfg.Timing.Tick
	now := time.Now()
	for until := range r.late {
		if left := until.Sub(now); left > 0 {
			return 0, nil, min(wait, left)
		}
		delete(r.late, until)
	}
	for address, c := range r.chats {
		left := c.until.Sub(now)
		switch {
		case c.busy:
			except = append(except, address)
		case left > 0:
			except = append(except, address)
			wait = min(wait, left)
		}
	}
	for _, c := range r.loops.carriers {
		// Who has been told much lately is read on when more may be said: what
		// they send meanwhile is answered together.
		slow, left := c.slow(now, wait)
		except, wait = append(except, slow...), left
	}
	return r.loops.cfg.Turns - r.busy, except, wait
}

// catchUpMost is how long a channel that catches up may keep messages waiting.
const catchUpMost = 10 * time.Second

func (r *receiver) catchUp() (done func()) {
	until := time.Now().Add(catchUpMost)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.late[&until] = true
	return func() {
		r.mu.Lock()
		delete(r.late, &until)
		r.mu.Unlock()
		r.wake.ring()
	}
}

// claim begins the turn of a chat that room did not leave out. It returns
// whether the message has failed before and is to be taken alone.
func (r *receiver) claim(m conversation.Message) (failed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.chats[m.From]
	if c == nil {
		c = &chat{}
		r.chats[m.From] = c
	}
	if c.message != m.ID {
		c.message, c.tries = m.ID, 0
	}
	c.busy = true
	r.busy++
	return c.tries > 0
}

// release ends a claim; a failed message waits before it is tried again.
func (r *receiver) release(m conversation.Message, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.chats[m.From]
	r.busy--
	c.busy = false
	if err == nil {
		delete(r.chats, m.From)
		return
	}
	c.until = time.Now().Add(r.loops.backoff(c.tries))
}

// turn takes a message, and unless it is alone what waits behind it. Nil means
// that none of them waits. A message that fails again and again is set aside;
// when even that cannot be written, the store itself is ill, the message is not
// to blame and goes on waiting.
func (r *receiver) turn(work context.Context, m conversation.Message, alone bool) error {
	run := []conversation.Message{m}
	if !alone {
		run = r.runOf(work, m)
	}
	r.loops.look(work, run)
	ctx, cancel := context.WithTimeout(work, r.loops.cfg.Timing.Turn)
	defer cancel()
	err := guard(r.loops.cfg.Log, func() error { return r.loops.cfg.Turner.Take(ctx, run...) })
	if err == nil {
		r.loops.ring()
		return nil
	}
	if work.Err() != nil {
		return err // stopped, not failed
	}
	if errors.Is(err, conversation.ErrFull) { // no message is to blame; it waits for room
		r.loops.tellFull(work, m)
		r.mu.Lock()
		r.chats[m.From].tries = 1
		r.mu.Unlock()
		return err
	}
	if len(run) > 1 {
		r.loops.ring() // those before the one that failed may have been answered
		r.loops.cfg.Log.Warn("turn failed, will be tried again", "chat", m.From, "messages", len(run), "error", err)
		r.mu.Lock()
		r.chats[m.From].tries++
		r.mu.Unlock()
		return err
	}
	r.mu.Lock()
	r.chats[m.From].tries++
	tries := r.chats[m.From].tries
	r.mu.Unlock()
	log := r.loops.cfg.Log.With("chat", m.From, "kind", string(m.Kind), "try", tries, "error", err)
	if tries < r.loops.cfg.Timing.TurnTries {
		log.Warn("turn failed, will be tried again")
		return err
	}
	if qerr := r.loops.cfg.Queue.Quarantine(work, m, err.Error(), r.apology(m)...); qerr != nil {
		log.Error("turn failed, and the message could not be set aside", "cause", qerr)
		return err
	}
	log.Error("turn failed for good, message set aside")
	r.loops.ring()
	return nil
}

// apology is what a person is told whose message was set aside.
func (r *receiver) apology(m conversation.Message) []conversation.Send {
	if r.loops.cfg.Apology == "" || m.Kind.Internal() || m.Kind == conversation.Away || m.Kind == conversation.StaffTyped {
		return nil // nobody waits for an answer
	}
	return []conversation.Send{{To: m.From, Text: r.loops.cfg.Apology, Answers: m.ID}}
}

// ring wakes the deliver loops: a turn has written letters.
func (l *Loops) ring() {
	for _, c := range l.carriers {
		c.wake.ring()
	}
}

// errPanic marks an error that was a panic.
var errPanic = errors.New("panic")

// guard makes a panic an error; where it happened goes to the log. Its value is
// told only when the runtime made it: one that we or a library made could quote
// a person's words.
func guard(log *slog.Logger, f func() error) (err error) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if fault, ok := v.(runtime.Error); ok {
			err = fmt.Errorf("%w: %s", errPanic, fault.Error())
		} else {
			err = fmt.Errorf("%w of type %T", errPanic, v)
		}
		log.Error("recovered from a panic", "error", err, "stack", string(debug.Stack()))
	}()
	return f()
}
