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

// keepPhone tells staff, once a run, that the desk's own phone was not seen for long.
func keepPhone(ctx context.Context, h *house, d *desk, channels []bot.Channel) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for told := false; ; {
		for _, c := range channels {
			p, ok := c.(phoned)
			if !ok {
				continue
			}
			seen, lost := p.PhoneLost()
			if lost && !told {
				text := fmt.Sprintf("Ponsel %s milik layanan terakhir terlihat %s. Mohon dinyalakan dan WhatsApp-nya dibuka: "+
					"bila dua minggu tidak terlihat, WhatsApp memutus layanan ini.", channelNames[c.Scheme()], seen.In(d.office().Zone).Format("02-01-2006"))
				if err := d.db.Enqueue(ctx, toStaff(d.office(), "Ponsel "+d.office().Name, text)...); err != nil && ctx.Err() == nil {
					h.log.Error("telling staff of the desk's phone failed", "error", err)
					lost = false
				}
			}
			told = lost
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
