package main

import (
	"context"
	"fmt"
	"time"

	"pst/bot"
	"pst/conversation"
)

// clocksOf are the channels that know their platform's time.
func clocksOf(channels []bot.Channel) []bot.Clocked {
	var out []bot.Clocked
	for _, c := range channels {
		if k, ok := c.(bot.Clocked); ok {
			out = append(out, k)
		}
	}
	return out
}

// confirmed tells whether a platform says that our clock is right, and none that it
// is wrong.
func confirmed(clocks []bot.Clocked) bool {
	told := false
	for _, c := range clocks {
		ahead, ok := c.Ahead()
		told = told || ok
		if ahead.Abs() > bot.Skew {
			return false
		}
	}
	return told
}

// clockOff is how far our clock is from that of the platform it is farthest from, 0
// when it is right.
func clockOff(clocks []bot.Clocked) time.Duration {
	var off time.Duration
	for _, c := range clocks {
		if ahead, _ := c.Ahead(); ahead.Abs() > bot.Skew && ahead.Abs() > off.Abs() {
			off = ahead
		}
	}
	return off
}

// keepClock tells the log and staff, once, that our clock is wrong, and that it is
// right again. People are answered all the same.
func keepClock(ctx context.Context, h *house, d *desk, clocks []bot.Clocked) {
	b := &bell{h: h, d: d, alarm: "clock"}
	every(ctx, time.Second, func() { lookAtClock(ctx, b, clocks) })
}

func lookAtClock(ctx context.Context, b *bell, clocks []bot.Clocked) {
	const subject = "Jam"
	if off := clockOff(clocks); off != 0 {
		if b.ring(ctx, "off", subject, "Jam komputer layanan salah: "+apart(off)+" "+
			"Pembaca tetap dilayani; penghapusan data lama ditunda. "+
			"Mohon pengelola sistem membetulkan jamnya.") {
			b.h.log.Error("the clock is wrong", "ahead", off)
		}
		return
	}
	if confirmed(clocks) && b.ring(ctx, "", subject, "Jam komputer layanan sudah benar kembali.") {
		b.h.log.Info("the clock is right again")
	}
}

// apart says how far our clock is off, for people.
func apart(off time.Duration) string {
	way := "lebih cepat"
	if off < 0 {
		way, off = "lebih lambat", -off
	}
	n, unit := int64(off/time.Minute), "menit"
	switch {
	case off >= 2*365*day:
		n, unit = int64(off/(365*day)), "tahun"
	case off >= 2*day:
		n, unit = int64(off/day), "hari"
	case off >= 2*time.Hour:
		n, unit = int64(off/time.Hour), "jam"
	}
	return fmt.Sprintf("sekitar %d %s %s dari waktu sebenarnya.", n, unit, way)
}

// toStaff is a letter to every member of staff, at their first address.
func toStaff(o *conversation.Office, subject, text string) []conversation.Send {
	var out []conversation.Send
	for _, s := range o.Staff {
		if len(s.Addresses) > 0 {
			out = append(out, conversation.Send{To: s.Addresses[0], Subject: subject, Text: text})
		}
	}
	return out
}
