package whatsapp

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"pst/bot"
	"pst/conversation"
)

// putTime bounds one insertion into the inbox; while it runs, nothing else of
// the account is received.
const putTime = 30 * time.Second

// panicsAtMost is how often a message may crash its handler before it is taken
// in as Unsupported, so that it does not come back for ever.
const panicsAtMost = 3

// handle takes one event. For messages, false means: not stored, bring it
// again. whatsmeow counts a panicking handler as a success, so none gets there.
func (k *link) handle(evt any) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			// The value may quote the message.
			k.c.cfg.Log.Error("whatsapp event handler panicked", "event", fmt.Sprintf("%T", evt), "stack", string(debug.Stack()))
			ok = k.crashed(evt)
		}
	}()
	m, isMessage := evt.(*events.Message)
	if !isMessage {
		k.notice(evt)
		return true
	}
	k.phoneSeen(m.Info.IsFromMe, m.Info.Sender)
	if !k.order.mayPass(m, k.c.cfg.Now()) {
		k.order.hold(m, k.c.cfg.Now()) // what comes after a message that failed must not overtake it
		k.again.ring()
		return false
	}
	if err := k.receive(m); err != nil {
		k.c.cfg.Log.Error("a WhatsApp message could not be stored; it will be asked for again", "error", err)
		k.order.hold(m, k.c.cfg.Now())
		k.again.ring()
		return false
	}
	k.taken(m)
	return true
}

// taken notes that a message is in the inbox.
func (k *link) taken(m *events.Message) {
	k.order.pass(m)
	k.readable(m.Info.ID)
}

// crashed is the rest of a handler that panicked. Should the inbox itself panic
// here again, it is the inbox that is broken and not the message.
func (k *link) crashed(evt any) (ok bool) {
	m, isMessage := evt.(*events.Message)
	if !isMessage {
		return true
	}
	defer func() {
		if recover() != nil || !ok {
			ok = false
			k.order.hold(m, k.c.cfg.Now())
			k.again.ring()
			return
		}
		k.taken(m)
	}()
	k.mu.Lock()
	k.panics[m.Info.ID]++
	n := k.panics[m.Info.ID]
	k.mu.Unlock()
	if n < panicsAtMost {
		return false
	}
	ctx, cancel := context.WithTimeout(k.ctx, putTime)
	defer cancel()
	err := k.in.Put(ctx, conversation.Message{ID: m.Info.ID, From: k.c.address(m.Info.Chat, types.EmptyJID),
		Kind: conversation.Unsupported, SentAt: m.Info.Timestamp})
	return err == nil
}

// storeFailed is called when the device file could not take a message in. It is
// not acknowledged, nothing more of its connection is read, and that is dropped so
// that all comes again.
func (k *link) storeFailed(err error) {
	before := k.c.board.get().Store
	k.c.board.edit(func(s *Status) {
		if s.Store.IsZero() {
			s.Store = k.c.cfg.Now()
		}
	})
	if before.IsZero() {
		k.c.cfg.Log.Error("the WhatsApp device file cannot be used; messages wait at WhatsApp meanwhile", "error",
			redact(err))
	}
	k.again.ring()
}

func (k *link) storeWell() {
	if k.c.board.get().Store.IsZero() {
		return
	}
	k.c.board.edit(func(s *Status) { s.Store = time.Time{} })
	k.c.cfg.Log.Info("the WhatsApp device file can be used again")
}

// pingsMissed is after how many unanswered pings, half a minute each, a connection
// counts as dead: whoever moved to another network sees no end of the old one.
const pingsMissed = 2

// notice takes every event that is no message.
func (k *link) notice(evt any) {
	t := k.c.cfg.Timing
	switch e := evt.(type) {
	case *events.Connected:
		k.failures.Store(0)
		k.c.board.set(Online, time.Time{})
		k.c.cfg.Log.Info("whatsapp is online")
		k.spawn(k.greet)
		k.spawn(k.askTime)
	case *events.PushNameSetting:
		k.spawn(k.greet)
	case *events.Disconnected:
		// Told aside from everything else: the next connection may stand already.
		if k.c.board.get().State == Online && !k.client.IsConnected() {
			k.c.board.set(Reconnecting, time.Time{})
		}
		k.catchUp(func() {})
		k.failures.Add(1)
		k.lost.ring()
	case *events.OfflineSyncPreview:
		if in, ok := k.in.(bot.CatchingUp); ok && e.Messages > 1 {
			k.catchUp(in.CatchUp()) // what waited is answered together
		}
	case *events.OfflineSyncCompleted:
		k.catchUp(func() {})
	case *events.KeepAliveTimeout:
		if k.c.board.get().State == Online {
			k.c.board.set(Reconnecting, time.Time{})
		}
		if e.ErrorCount >= pingsMissed {
			k.client.ResetConnection()
		}
	case *events.StreamError:
		if k.c.board.get().State == Online {
			k.c.board.set(Reconnecting, time.Time{})
		}
	case *events.KeepAliveRestored:
		k.c.board.set(Online, time.Time{})
	case *events.LoggedOut:
		// whatsmeow has removed the device from its file.
		k.end(ending{state: LoggedOut, wait: t.Unpaired})
	case *events.StreamReplaced:
		k.end(ending{state: Replaced, wait: t.Replaced})
	case *events.TemporaryBan:
		k.end(ending{state: Banned, wait: max(e.Expire, time.Minute)})
	case *events.ClientOutdated:
		k.end(ending{state: Outdated, wait: t.Refused})
	case *events.ConnectFailure:
		k.end(ending{state: Reconnecting, wait: 5 * time.Minute})
	case *events.NotifyAccountReachoutTimelock:
		k.c.board.edit(func(s *Status) {
			s.ReachOut = time.Time{}
			if e.IsActive {
				s.ReachOut = e.TimeEnforcementEnds.Time
			}
		})
	case *events.UndecryptableMessage:
		k.unreadable(e)
	case *events.Receipt:
		k.confirmed(e)
	}
}
