package main

import (
	"context"
	"fmt"
	"time"

	"pst/bot"
)

// phoned is a channel that lives by a phone of the desk's own.
type phoned interface {
	// PhoneLost tells that the phone was not seen for so long that its platform will
	// unlink the desk, and when it was.
	PhoneLost() (seen time.Time, lost bool)
}

// keepPhone tells staff, once, that the desk's own phone was not seen for long.
func keepPhone(ctx context.Context, h *house, d *desk, channels []bot.Channel) {
	b := &bell{h: h, d: d, alarm: "phone"}
	every(ctx, time.Second, func() {
		for _, c := range channels { // at most one has a phone
			if p, ok := c.(phoned); ok {
				lookAtPhone(ctx, b, channelNames[c.Scheme()], p)
			}
		}
	})
}

func lookAtPhone(ctx context.Context, b *bell, channel string, p phoned) {
	seen, lost := p.PhoneLost()
	switch {
	case lost:
		b.ring(ctx, "lost", "Ponsel", fmt.Sprintf("Ponsel %s milik layanan terakhir terlihat %s. "+
			"Mohon dinyalakan dan WhatsApp-nya dibuka: bila dua minggu tidak terlihat, WhatsApp memutus layanan ini.", channel,
			seen.In(b.d.office().Zone).Format("02-01-2006")))
	case !seen.IsZero(): // else nothing is known of it yet
		b.ring(ctx, "", "", "")
	}
}
