package main

import (
	"context"
	"fmt"
	"time"

	"pst/bot"
	"pst/conversation"
)

var channelNames = map[string]string{
	conversation.Telegram: "Telegram", conversation.WhatsApp: "WhatsApp", conversation.Mail: "Email",
}

// alarm makes what every member of staff is told of a channel that rests, at
// the first of their addresses that another channel serves.
func alarm(office func() *conversation.Office) func(bot.Alarm) []conversation.Send {
	return func(a bot.Alarm) []conversation.Send {
		o, name := office(), channelNames[a.Scheme]
		if name == "" {
			return nil
		}
		text := fmt.Sprintf("*%s* kembali melayani.", name)
		if !a.Up {
			todo := "Mohon beri tahu pengelola sistem."
			if o.Page != "" {
				todo = "Apa yang perlu dilakukan tertulis di halaman petugas (MASUK), bagian Kanal; " +
					"bila tidak cukup, beri tahu pengelola sistem."
			}
			text = fmt.Sprintf("*%s* tidak melayani sejak pukul %s. "+
				"Pesan yang belum terkirim disimpan dan dikirim begitu pulih. %s\nSebab: %s",
				name, a.Since.In(o.Zone).Format("15.04"), todo, a.Why)
		}
		var out []conversation.Send
		for _, s := range o.Staff {
			for _, to := range s.Addresses {
				if to.Scheme() != a.Scheme {
					out = append(out, conversation.Send{To: to, Subject: name + " " + o.Name, Text: text,
						Expires: a.Since.Add(24 * time.Hour)})
					break
				}
			}
		}
		return out
	}
}

// alarmOnce rings what [alarm] makes, once also over restarts: what was rung is noted with
// the letters. Only where that cannot be written are they the loops' to bring out later.
func (d *desk) alarmOnce(h *house) func(bot.Alarm) []conversation.Send {
	letters := alarm(d.office)
	return func(a bot.Alarm) []conversation.Send {
		state := "down"
		if a.Up {
			state = ""
		}
		if _, err := d.db.Ring(context.Background(), "channel "+a.Scheme, state, letters(a)...); err != nil {
			h.log.Error("telling staff of a channel failed", "channel", a.Scheme, "error", err)
			return letters(a)
		}
		return nil
	}
}

// bell is an alarm of one loop. What staff heard is kept with the letters, so that a
// restart tells them nothing twice.
type bell struct {
	h     *house
	d     *desk
	alarm string
	state string // last rung in this run
	noted bool   // the database has it
	told  string // the last error, for the log
}

// ring notes the state, "" for none, and tells staff in the same transaction; an empty
// text tells them nothing. It is tried again at the next ring where it failed. News tells
// that the state is another than before in this run.
func (b *bell) ring(ctx context.Context, state, subject, text string) (news bool) {
	news = state != b.state
	if b.noted && !news {
		return false
	}
	var letters []conversation.Send
	if text != "" {
		letters = toStaff(b.d.office(), subject+" "+b.d.office().Name, text)
	}
	_, err := b.d.db.Ring(ctx, b.alarm, state, letters...)
	if b.state, b.noted = state, err == nil; err != nil && ctx.Err() == nil && err.Error() != b.told {
		b.told = err.Error()
		b.h.log.Error("telling staff failed", "alarm", b.alarm, "error", err)
	}
	return news
}

const (
	// alarmEvery is how often it is looked whether staff have to hear of something.
	alarmEvery = 10 * time.Second
	// steady is how long a channel is up before staff, who heard before a restart that it
	// is not, hear that it is.
	steady = time.Minute
)

// keepAlarms tells staff, once, that the inbox has not moved for long and that it moves
// again; and that a channel is up again of which they heard before a restart.
func keepAlarms(ctx context.Context, h *house, w *watched) {
	b, told := &bell{h: h, d: w.desk, alarm: "inbox"}, ""
	every(ctx, alarmEvery, func() {
		if err := w.ringAlarms(ctx, b, time.Now()); err != nil && ctx.Err() == nil && err.Error() != told {
			told = err.Error()
			h.log.Error("telling staff how the desk is doing failed", "error", err)
		}
	})
}

func (w *watched) ringAlarms(ctx context.Context, inbox *bell, now time.Time) error {
	d, err := w.db.Depths(ctx, w.schemes, now)
	if err != nil {
		return err
	}
	stood, moves := w.inbox.look(d.First, now)
	const subject = "Pesan masuk"
	switch {
	case stood >= inboxWithin:
		text := fmt.Sprintf("Pesan masuk tidak dilayani sejak pukul %s. Pesan disimpan dan dijawab begitu pulih. "+
			"Mohon pengelola sistem melihat catatan pst serve.", now.Add(-stood).In(w.office().Zone).Format("15.04"))
		if inbox.ring(ctx, "still", subject, text) {
			inbox.h.log.Warn("the inbox stands still", "for", rounded(stood))
		}
	case moves: // else it may stand as it did before a restart
		inbox.ring(ctx, "", subject, "Pesan masuk dilayani kembali.")
	}
	for _, s := range w.loops.State() {
		if !s.Up || s.Since.IsZero() || now.Sub(s.Since) < steady {
			continue
		}
		a := bot.Alarm{Scheme: s.Scheme, Up: true, Since: s.Since}
		if _, err := w.db.Ring(ctx, "channel "+s.Scheme, "", alarm(w.office)(a)...); err != nil {
			return err
		}
	}
	return nil
}
