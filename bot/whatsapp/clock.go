package whatsapp

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
)

// Ahead is how far our clock is ahead of WhatsApp's.
func (c *Channel) Ahead() (time.Duration, bool) { return c.clock.Ahead() }

// askTime has WhatsApp tell the time, once a connection's client. Without an answer
// our own clock counts.
func (k *link) askTime() { k.asked.Do(func() { k.tellTime() }) }

// tellTime has WhatsApp tell the time, and tells whether it did: the answer to a ping
// carries it.
func (k *link) tellTime() bool {
	ctx, cancel := context.WithTimeout(k.ctx, k.c.cfg.Timing.Ack)
	defer cancel()
	//lint:ignore SA1019 there is no other way to ask, and ours fails softly
	n, err := k.client.DangerousInternals().SendIQ(ctx, whatsmeow.DangerousInfoQuery{Namespace: "w:p", Type: "get",
		To: types.ServerJID})
	if err != nil || n == nil {
		return false
	}
	theirs := n.AttrGetter().OptionalUnixTime("t")
	k.c.clock.Told(theirs, k.c.cfg.Now())
	return !theirs.IsZero()
}
