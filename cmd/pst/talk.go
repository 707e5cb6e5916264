package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"pst/bot"
	"pst/bot/terminal"
	"pst/cmd/pst/sheets"
	"pst/conversation"
	"pst/store/holdings"
)

// kasubbag is who complaints go to in a terminal.
const kasubbag = "kasubbag"

// talkCmd is the bot in this terminal: no account, no network.
type talkCmd struct {
	As    string `help:"Siapa yang berbicara: nama lain adalah chat lain pada data yang sama." default:"saya"`
	Staff bool   `help:"Berbicara sebagai Kasubbag: pengaduan datang ke sini."`
}

func (c *talkCmd) Run(ctx context.Context, h *house) error {
	h.log = h.logTo().logger(slog.LevelWarn, nil)
	d, err := h.openPatiently(ctx, func() {
		if _, _, texts, err := h.settings(); err == nil {
			if text, err := texts.Text("full", nil); err == nil {
				fmt.Fprintf(h.std.out, "%s\n\n", text)
			}
		}
	})
	if err != nil {
		return err
	}
	defer d.close()
	name := c.As
	if c.Staff {
		name = kasubbag
	}
	d.office().Staff = []conversation.Staff{{Name: "Kasubbag", Role: conversation.Kasubbag,
		Addresses: []conversation.Address{conversation.Terminal + ":" + kasubbag}}}
	if err := layIn(ctx, h, d); err != nil {
		return err
	}
	live := isTerminal(h.std.in) && isTerminal(h.std.out)
	opening := ""
	if live && !c.Staff {
		opening = "/start"
	}
	t, err := terminal.New(terminal.Config{In: h.std.in, Out: h.std.out, Name: name, Folder: h.path("berkas"),
		NewID: uuid.NewString, Live: live, Opening: opening})
	if err != nil {
		return usageError{forPeople{err, "-as bukan nama yang dapat dipakai; tulis satu kata, huruf dan angka saja"}}
	}
	channels := []bot.Channel{t}
	if !c.Staff && d.cfg.SMTP.Host == "" { // else pst serve sends it: a code must reach its address
		channels = append(channels, t.Mail(conversation.Address(conversation.Mail+":"+d.office().ComplaintEmail)))
	}
	loops, err := d.makeLoops(h, channels)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go keepIndex(ctx, h, d)
	go keepAside(ctx, h, d)
	if err := loops.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// makeLoops makes the loops over these channels.
func (d *desk) makeLoops(h *house, channels []bot.Channel) (*bot.Loops, error) {
	apology, err := d.texts().Text("fault", nil)
	if err != nil {
		return nil, err
	}
	full, err := d.texts().Text("full", nil)
	if err != nil {
		return nil, err
	}
	cfg := bot.Config{Full: full, Turner: d.engine(h), Queue: d.db, Outbox: d.db, Channels: channels, Holdings: d.holdings,
		Reports: reporter{d}, Sheets: sheets.Files{}, CodeIn: holdings.CodeIn, Apology: apology, Alarm: d.alarmOnce(h),
		Log: h.log}
	if m := d.metrics; m != nil {
		cfg.Turner, cfg.Holdings, cfg.Ended = timedTurns{d.engine(h), m}, timedFiles{d.holdings, m}, ended(m)
	}
	d.loops, err = bot.New(cfg)
	return d.loops, err
}
