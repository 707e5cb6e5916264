package whatsapp

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types/events"
)

// order keeps the messages of a chat in their order while one could not be put
// into the inbox: those behind it are refused until it has come again. Other chats
// go on. When the device file fails, it is not known whose message it was, and
// nothing more of that connection is read at all: see vault.
type order struct {
	mu    sync.Mutex
	chats map[string]*waiting
	taken []string // ids of the last messages taken in
}

// waiting are the messages of a chat that come again, in their order.
type waiting struct {
	ids   []string
	seen  time.Time // when the first was last refused
	tries int       // how often it was
}

const (
	// waitAtMost is how long a message is waited for that does not come again.
	waitAtMost = 15 * time.Minute
	// takenAtMost bounds what is remembered of messages taken in: of a message that
	// two handlers had at once, the slower may fail.
	takenAtMost = 256
)

func chatOf(m *events.Message) string { return m.Info.Chat.ToNonAD().String() }

// mayPass tells whether a message does not overtake another one.
func (o *order) mayPass(m *events.Message, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	w := o.chats[chatOf(m)]
	if w != nil && now.Sub(w.seen) > waitAtMost {
		delete(o.chats, chatOf(m))
		w = nil
	}
	return w == nil || w.ids[0] == m.Info.ID
}

// hold notes a message that was refused and will come again.
func (o *order) hold(m *events.Message, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if slices.Contains(o.taken, m.Info.ID) {
		return
	}
	if o.chats == nil {
		o.chats = map[string]*waiting{}
	}
	w := o.chats[chatOf(m)]
	if w == nil {
		w = &waiting{}
		o.chats[chatOf(m)] = w
	}
	if !slices.Contains(w.ids, m.Info.ID) {
		w.ids = append(w.ids, m.Info.ID)
	}
	if w.ids[0] == m.Info.ID {
		w.seen = now
		w.tries++
	}
}

// pass notes that a message was taken in.
func (o *order) pass(m *events.Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.taken = append(o.taken, m.Info.ID); len(o.taken) > takenAtMost {
		o.taken = o.taken[1:]
	}
	w := o.chats[chatOf(m)]
	if w == nil {
		return
	}
	w.tries = 0
	w.ids = slices.DeleteFunc(w.ids, func(id string) bool { return id == m.Info.ID })
	if len(w.ids) == 0 {
		delete(o.chats, chatOf(m))
	}
}

// patience is how long to wait before the messages are asked for again, given the
// wait after a first failure: longer and longer while the same ones fail, as
// everybody's connection is dropped for them.
func (o *order) patience(first time.Duration) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	tries := 0
	for _, w := range o.chats {
		if tries == 0 || w.tries < tries {
			tries = w.tries
		}
	}
	return first << min(max(tries-1, 0), 6)
}

// redeliver makes WhatsApp bring again what was not acknowledged, when rung for: it
// does so at login only, so the connection is dropped after a while.
func (k *link) redeliver() {
	for {
		select {
		case <-k.ctx.Done():
			return
		case <-k.again:
		}
		select {
		case <-k.ctx.Done():
			return
		case <-time.After(k.order.patience(k.c.cfg.Timing.Redeliver)):
		}
		k.awaitOnline()
		select {
		case <-k.again: // of this connection too
		default:
		}
		k.client.ResetConnection()
	}
}

// awaitOnline waits for a login that is under way.
func (k *link) awaitOnline() {
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	end := time.After(2 * k.c.cfg.Timing.Ack)
	for k.c.board.get().State != Online {
		select {
		case <-k.ctx.Done():
			return
		case <-end:
			return
		case <-look.C:
		}
	}
}

// connection is the key under which a context carries which connection it is of.
type connection struct{}

// onConnection is the context of a client's connection number n, from 1.
func onConnection(ctx context.Context, n int64) context.Context {
	return context.WithValue(ctx, connection{}, n)
}

// connectionOf is the number of the connection that a context is of, 0 for none.
func connectionOf(ctx context.Context) int64 {
	n, _ := ctx.Value(connection{}).(int64)
	return n
}
