package bot

import (
	"context"
	"sync"
	"time"

	"pst/conversation"
)

// full is who was told that the disk is full, since it is.
type full struct {
	mu   sync.Mutex
	told map[conversation.Address]bool
}

// first tells whether the chat has not been told yet.
func (f *full) first(a conversation.Address) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told[a] {
		return false
	}
	if f.told == nil {
		f.told = map[conversation.Address]bool{}
	}
	f.told[a] = true
	return true
}

// over notes that there is room again.
func (f *full) over() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = nil
}

// tellFull says to each of these chats, once, that what they wrote waits. The letter
// cannot rest in the outbox, which needs room as well: it is sent at once, or not.
func (l *Loops) tellFull(ctx context.Context, ms ...conversation.Message) {
	if l.cfg.Full == "" {
		return
	}
	for _, m := range ms {
		if m.Kind.Internal() || m.Kind == conversation.Away || m.Kind == conversation.StaffTyped || !l.full.first(m.From) {
			continue
		}
		for _, c := range l.carriers {
			if c.channel.Scheme() != m.From.Scheme() {
				continue
			}
			err := guard(l.cfg.Log, func() error {
				ctx, cancel := context.WithTimeout(ctx, tellTime)
				defer cancel()
				_, err := c.channel.Send(ctx, Letter{Key: "full:" + m.ID, Send: conversation.Send{To: m.From, Text: l.cfg.Full}})
				return err
			})
			if err != nil {
				l.cfg.Log.Warn("the disk is full, and a person could not be told", "chat", m.From, "error", err)
			}
		}
	}
}

// tellTime is how long such a letter may take: the channel waits for it.
const tellTime = 10 * time.Second
