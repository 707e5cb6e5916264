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
func (l *Loops) watch(ctx context.Context) {
	if l.cfg.Alarm == nil {
		return
	}
	ticker := time.NewTicker(l.cfg.Timing.Tick)
	defer ticker.Stop()
	for {
		for _, c := range l.carriers {
			l.ringAlarm(ctx, c)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (l *Loops) ringAlarm(ctx context.Context, c *carrier) {
	a, due := c.status.alarm(l.cfg.Timing.Alarm)
	if !due {
		return
	}
	sends := slices.DeleteFunc(l.cfg.Alarm(a), func(s conversation.Send) bool { return s.To.Scheme() == a.Scheme })
	if len(sends) > 0 {
		if err := l.cfg.Outbox.Enqueue(ctx, sends...); err != nil {
			return // the store is ill: told once it is not
		}
		l.ring()
	}
	c.status.heard(a.Up)
	l.cfg.Log.Info("staff were told of a channel", "channel", a.Scheme, "up", a.Up, "letters", len(sends))
}
