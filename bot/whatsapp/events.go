package whatsapp

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

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
	if k.asking() {
		return false // what comes after a message that failed must not overtake it
	}
	if err := k.receive(m); err != nil {
		k.c.cfg.Log.Error("a WhatsApp message could not be stored; it will be asked for again", "error", err)
		k.askAgain()
		return false
	}
	return true
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
			k.askAgain()
		}
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

// askAgain makes WhatsApp bring again what was not acknowledged: it does so at
// login only, so the connection is renewed after a while.
func (k *link) askAgain() {
	k.mu.Lock()
	already := k.again
	k.again = true
	k.mu.Unlock()
	if already {
		return
	}
	k.spawn(func() {
		select {
		case <-k.ctx.Done():
			return
		case <-time.After(k.c.cfg.Timing.Redeliver):
		}
		k.mu.Lock()
		k.again = false
		k.mu.Unlock()
		k.client.ResetConnection()
	})
}

// asking tells whether a new delivery is about to be asked for.
func (k *link) asking() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.again
}

// notice takes every event that is no message.
func (k *link) notice(evt any) {
	t := k.c.cfg.Timing
	switch e := evt.(type) {
	case *events.Connected:
		k.c.board.set(Online, time.Time{})
		k.c.cfg.Log.Info("whatsapp is online")
		k.spawn(k.greet)
	case *events.PushNameSetting:
		k.spawn(k.greet)
	case *events.Disconnected, *events.KeepAliveTimeout, *events.StreamError:
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
		// whatsmeow has asked the sender's phone to encrypt it anew.
		if e.DecryptFailMode != events.DecryptFailHide {
			k.c.board.edit(func(s *Status) { s.Unreadable++ })
		}
	case *events.Receipt:
		k.confirmed(e)
	}
}
