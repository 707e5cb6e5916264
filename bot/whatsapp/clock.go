package whatsapp

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
)

// Ahead is how far our clock is ahead of WhatsApp's.
func (c *Channel) Ahead() (time.Duration, bool) { return c.clock.Ahead() }

// askTime has WhatsApp tell the time, once a connection's client: the answer to a
// ping carries it. Without an answer our own clock counts.
func (k *link) askTime() {
	k.asked.Do(func() {
		ctx, cancel := context.WithTimeout(k.ctx, k.c.cfg.Timing.Ack)
		defer cancel()
		//lint:ignore SA1019 there is no other way to ask, and ours fails softly
		n, err := k.client.DangerousInternals().SendIQ(ctx, whatsmeow.DangerousInfoQuery{Namespace: "w:p", Type: "get", To: types.ServerJID})
		if err == nil && n != nil {
			k.c.clock.Told(n.AttrGetter().OptionalUnixTime("t"), k.c.cfg.Now())
		}
	})
}
