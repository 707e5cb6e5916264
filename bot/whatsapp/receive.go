package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"pst/conversation"
)

// receive puts a message into the inbox. nil means it is there, or is none of
// the desk's business.
func (k *link) receive(e *events.Message) error {
	info := &e.Info
	if info.IsGroup || !personal(info.Chat) || !personal(info.Sender) || info.IsIncomingBroadcast() ||
		info.Category == "peer" {
		return nil
	}
	ctx, cancel := context.WithTimeout(k.ctx, putTime)
	defer cancel()
	m, ok := k.message(ctx, e)
	if !ok {
		return nil
	}
	alt := info.SenderAlt
	if info.IsFromMe {
		alt = info.RecipientAlt
	}
	if alt.IsEmpty() {
		var err error
		if alt, err = other(ctx, k.d.box.LIDMap, info.Chat.ToNonAD()); err != nil {
			return fmt.Errorf("look up sender: %w", errors.New(redact(err)))
		}
	}
	if alt.IsEmpty() && info.Chat.Server == types.HiddenUserServer && k.knowStaff(ctx) {
		var err error
		if alt, err = other(ctx, k.d.box.LIDMap, info.Chat.ToNonAD()); err != nil {
			return fmt.Errorf("look up sender: %w", errors.New(redact(err)))
		}
	}
	m.From = k.c.address(info.Chat, alt)
	k.c.chats.timer(m.From, expiration(e.Message))
	if k.late(&m) {
		return nil
	}
	if err := k.learn(ctx, info.Chat.ToNonAD(), alt.ToNonAD()); err != nil {
		return err
	}
	if m.Kind != conversation.StaffTyped {
		k.c.chats.arrived(m.From, *info)
		k.c.chats.wrote(m.From) // before Put: what waited for this leaves from there on
	}
	return k.put(ctx, m)
}

// message is the neutral form of a message, but for From; ok is false for what
// is no message to the desk.
func (k *link) message(ctx context.Context, e *events.Message) (m conversation.Message, ok bool) {
	c, ok := read(e)
	if !ok {
		return m, false
	}
	k.askTime() // how long ago it was written is judged by WhatsApp's time
	m = conversation.Message{ID: e.Info.ID, SentAt: k.c.clock.Ours(e.Info.Timestamp)}
	if e.Info.IsFromMe {
		// Somebody typed on the desk's own phone. What, is between them and the reader.
		if k.own[e.Info.Chat.User] || c.kind == conversation.Reaction {
			return m, false
		}
		m.Kind = conversation.StaffTyped
		return m, true
	}
	m.Kind, m.Text, m.Quoted, m.Of, m.Media, m.Name = c.kind, c.text, c.quoted, c.of, c.media, e.Info.PushName
	if m.Kind == conversation.Contact && !k.owns(ctx, e, m.Text) {
		m.Kind, m.Text = conversation.Unsupported, "" // somebody else's card
	}
	return m, true
}

// owns tells whether the number on a shared contact card is the sender's own.
func (k *link) owns(ctx context.Context, e *events.Message, number string) bool {
	forms := []types.JID{e.Info.Sender, e.Info.SenderAlt}
	if alt, err := other(ctx, k.d.box.LIDMap, e.Info.Sender.ToNonAD()); err == nil {
		forms = append(forms, alt)
	}
	for _, f := range forms {
		if f.Server == types.DefaultUserServer && f.User == number {
			return true
		}
	}
	return false
}

// late handles what waited at WhatsApp for longer than the desk should answer
// by itself. The first such message of a chat stands for all, whatever its
// kind; the inbox drops the others, which have the same id. Staff are spared:
// what they decided about a ticket holds, late or not. It reports whether the
// message is to be left out.
func (k *link) late(m *conversation.Message) bool {
	now := k.c.cfg.Now()
	if now.Sub(m.SentAt) < k.c.cfg.Timing.Backlog || k.c.isStaff(m.From) {
		return false
	}
	if m.Kind == conversation.StaffTyped || m.Kind == conversation.Reaction {
		return true
	}
	*m = conversation.Message{ID: "backlog-" + now.UTC().Format("2006-01-02"), From: m.From,
		Kind: conversation.Backlog, Name: m.Name, SentAt: m.SentAt}
	return false
}

func (c *Channel) isStaff(a conversation.Address) bool {
	j, err := jidOf(a)
	return err == nil && j.Server == types.DefaultUserServer && c.isNumberOfStaff(j.User)
}

// chats is what is remembered of chats while the process runs.
type chats struct {
	mu      sync.Mutex
	timers  map[conversation.Address]uint32 // seconds; only chats with a timer
	written map[conversation.Address]bool   // wrote to the desk since the start
	unread  map[conversation.Address]*unread
}

// unread are messages that are to be marked as read before they are answered.
type unread struct {
	chat, sender types.JID
	ids          []types.MessageID
}

// unreadAtMost bounds what is marked in one chat; phones count the last as
// standing for those before it.
const unreadAtMost = 50

func (c *chats) arrived(a conversation.Address, info types.MessageInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unread == nil {
		c.unread = map[conversation.Address]*unread{}
	}
	u := c.unread[a]
	if u == nil || u.sender != info.Sender.ToNonAD() {
		u = &unread{chat: info.Chat, sender: info.Sender.ToNonAD()}
		c.unread[a] = u
	}
	if u.ids = append(u.ids, info.ID); len(u.ids) > unreadAtMost {
		u.ids = u.ids[1:]
	}
}

// toMark takes what is to be marked as read, nil for nothing.
func (c *chats) toMark(a conversation.Address) *unread {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.unread[a]
	delete(c.unread, a)
	return u
}

// timer remembers a chat's timer for disappearing messages, so that answers
// disappear too. A chat's first message after a restart tells it again.
func (c *chats) timer(a conversation.Address, seconds uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case seconds == 0:
		delete(c.timers, a)
	case c.timers == nil:
		c.timers = map[conversation.Address]uint32{a: seconds}
	default:
		c.timers[a] = seconds
	}
}

func (c *chats) timerOf(a conversation.Address) uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.timers[a]
}

func (c *chats) wrote(a conversation.Address) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.written == nil {
		c.written = map[conversation.Address]bool{}
	}
	c.written[a] = true
}

func (c *chats) hasWritten(a conversation.Address) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written[a]
}
