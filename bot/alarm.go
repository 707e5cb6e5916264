package bot

import (
	"context"
	"slices"
	"time"

	"pst/conversation"
)

// Alarm is what staff should hear of a channel.
type Alarm struct {
	Scheme string
	Up     bool      // it serves again; else it does not
	Since  time.Time // since when that is so
	Why    string    // of a channel that is not up, for the operator
}

// watch tells staff, over another channel, of one that rests for long.
func (d *Desk) watch(ctx context.Context) {
	if d.cfg.Alarm == nil {
		return
	}
	ticker := time.NewTicker(d.cfg.Timing.Tick)
	defer ticker.Stop()
	for {
		for _, c := range d.carriers {
			d.ringAlarm(ctx, c)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (d *Desk) ringAlarm(ctx context.Context, c *carrier) {
	a, due := c.status.alarm(d.cfg.Timing.Alarm)
	if !due {
		return
	}
	sends := slices.DeleteFunc(d.cfg.Alarm(a), func(s conversation.Send) bool { return s.To.Scheme() == a.Scheme })
	if len(sends) > 0 {
		if err := d.cfg.Outbox.Enqueue(ctx, sends...); err != nil {
			return // the store is ill: told once it is not
		}
		d.ring()
	}
	c.status.heard(a.Up)
	d.cfg.Log.Info("staff were told of a channel", "channel", a.Scheme, "up", a.Up, "letters", len(sends))
}
