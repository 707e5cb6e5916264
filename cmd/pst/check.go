package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"pst/bot"
	"pst/bot/telegram"
	"pst/bot/whatsapp"
	"pst/conversation"
	"pst/conversation/nlu"
	"pst/search"
	"pst/store"
)

// checkCmd looks at everything that an operator can set right.
type checkCmd struct {
	Deep bool   `help:"Buka juga setiap isi tersegel di basis data."`
	Mail string `help:"Hanya kirim surat uji ke alamat ini, dan katakan apa yang salah." placeholder:"ALAMAT"`
}

func (c checkCmd) Run(ctx context.Context, h *house) error {
	if c.Mail != "" {
		return testLetter(ctx, h, c.Mail)
	}
	cfg, err := loadConfig(h, lookup)
	if err != nil {
		return err
	}
	_, office, _, settingsErr := h.settings()
	shown := cfg.redacted()
	if settingsErr == nil {
		shown.Office = shownOffice(office)
		shown.Office.Holidays = cfg.Office.Holidays
	}
	text, err := toml.Marshal(shown)
	if err != nil {
		return fmt.Errorf("check: print configuration: %w", err)
	}
	fmt.Fprintf(h.std.out, "%s\n", text)
	if lines := cfg.from.lines(); len(lines) > 0 {
		fmt.Fprintf(h.std.out, "Not from pst.toml:\n  %s\n\n", strings.Join(lines, "\n  "))
	}
	bad := 0
	say := func(ok bool, format string, args ...any) {
		mark := "ok   "
		if !ok {
			mark = "BAD  "
			bad++
		}
		fmt.Fprintf(h.std.out, mark+format+"\n", args...)
	}
	say(settingsErr == nil, "office, lists and texts: %s", cause(settingsErr, "can be used"))
	err = cfg.complete()
	say(err == nil, "facts of the office: %s", cause(err, "all there"))
	days, err := h.holidays()
	if err == nil {
		err = holidaysMissing(days, time.Now().In(office.Zone))
	}
	say(err == nil, "holidays: %s", cause(err, "this year's list is there"))
	staff, err := cfg.staff(office)
	say(err == nil, "staff: %s", strings.ReplaceAll(cause(err, fmt.Sprintf("%d known", len(staff))), "\n", "\n     "))
	err = search.ValidateTables(os.DirFS(h.path("tables")))
	say(err == nil, "tables of terms and areas: %s", strings.ReplaceAll(cause(err, "can be used"), "\n", "\n     "))
	_, err = nlu.Load(os.DirFS(h.path("tables")))
	say(err == nil, "tables of what people write: %s", strings.ReplaceAll(cause(err, "can be used"), "\n", "\n     "))
	d, err := h.open(ctx)
	say(err == nil, "data folder %s: %s", h.data, cause(err, "can be opened"))
	if errors.Is(err, store.ErrSecret) {
		fmt.Fprintln(h.std.out, "     what is sealed cannot be read with this key and no reader would be known again: put the right secret.key back")
	}
	if err != nil {
		return errors.New("check: the data folder must be set right first")
	}
	defer d.close()
	err = d.db.Check(ctx)
	say(err == nil, "database: %s", cause(err, "whole"))
	newest, err := d.db.Newest(ctx)
	if err == nil && newest.After(time.Now().Add(bot.Skew)) {
		err = fmt.Errorf("the newest row is of %s: the clock is wrong, or was; old data is not removed until then", newest.In(office.Zone).Format(time.DateTime))
	}
	say(err == nil, "times in the database: %s", cause(err, "none lies ahead"))
	if c.Deep {
		bad, err := d.db.Unreadable(ctx)
		if err == nil && len(bad) > 0 {
			err = errors.New(strings.Join(bad, "\n     "))
		}
		say(err == nil, "sealed values: %s", cause(err, "all can be opened"))
		if bad, err = d.db.Contradictions(ctx, time.Now().Add(-day)); err == nil && len(bad) > 0 {
			err = errors.New(strings.Join(bad, "\n     "))
		}
		say(err == nil, "ledger and tables: %s", cause(err, "agree"))
	}
	strict, err := d.db.StrictPublications(ctx)
	say(err == nil, "handed out as pictures alone: %s", cause(err, toldStrict(strict, office.Strict)))
	if err = d.catalogue.Sync(ctx); err == nil {
		_, err = d.catalogue.Search(ctx, conversation.Query{Text: "penduduk", Limit: 1})
	}
	say(err == nil, "search index: %s", cause(err, "can be searched"))
	d.checkFolder(ctx, h, say)
	d.checkMail(ctx, say)
	d.checkBox(ctx, say)
	d.checkTelegram(ctx, h, say)
	d.checkWhatsApp(ctx, h, say)
	if bad > 0 {
		return fmt.Errorf("check: %d to be set right, named above", bad)
	}
	return nil
}

// toldStrict names the publications, and the offices, whose excerpts are marked
// pictures.
func toldStrict(list []conversation.Publication, offices []string) string {
	told := fmt.Sprintf("%d publications", len(list))
	for i, p := range list {
		told += map[bool]string{true: ": ", false: ", "}[i == 0] + p.ID
	}
	if len(offices) > 0 {
		told += "; all of the offices " + strings.Join(offices, ", ")
	}
	return told
}

// wrongClock is nil for a clock that is right.
func wrongClock(off time.Duration) error {
	if off == 0 {
		return nil
	}
	return fmt.Errorf("%v ahead of Telegram's: set it right; old data is not removed meanwhile", off.Round(time.Minute))
}

// shownOffice is the office as it is in force, defaults included.
func shownOffice(o conversation.Office) officeConfig {
	c := officeConfig{Code: o.Code, Zone: o.Zone.String(), Consent: o.Consent, KeepYears: o.KeepYears,
		Genders: o.Lists.Genders, Educations: o.Lists.Educations, Occupations: o.Lists.Occupations, Origins: o.Lists.Origins,
		Disabilities: o.Lists.Disabilities, Purposes: o.Lists.Purposes, Categories: o.Lists.Categories,
		AboutStaff: o.Lists.AboutStaff}
	for _, f := range facts {
		*f.in(&c) = *f.of(&o)
	}
	for _, h := range o.Hours {
		at := func(d time.Duration) string { return time.Time{}.Add(d).Format("15:04") }
		c.Hours = append(c.Hours, dayNames[h.Day]+" "+at(h.From)+"-"+at(h.To))
	}
	return c
}

func cause(err error, well string) string {
	if err != nil {
		return err.Error()
	}
	return well
}

// checkTelegram says of the bot: token shape, reachability, webhook conflict, rights.
func (d *desk) checkTelegram(ctx context.Context, h *house, say func(bool, string, ...any)) {
	c := d.cfg.Telegram
	if c.Token == "" {
		say(true, "telegram: not configured")
		return
	}
	if err := telegram.CheckToken(c.Token); err != nil {
		say(false, "telegram token: %v", err)
		return
	}
	say(true, "telegram token: has the right shape")
	t, err := d.telegram(h, platform{})
	if err != nil {
		say(false, "telegram: %v", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for _, f := range t.Check(ctx) {
		say(f.OK, "telegram %s", f.Text)
	}
	if _, told := t.Ahead(); told {
		off := clockOff([]bot.Clocked{t})
		say(off == 0, "clock: %s", cause(wrongClock(off), "as Telegram's"))
	}
}

func (d *desk) checkWhatsApp(ctx context.Context, h *house, say func(bool, string, ...any)) {
	if !d.cfg.WhatsApp.Enabled {
		say(true, "whatsapp: not configured")
		return
	}
	w, err := d.whatsapp(h, platform{})
	if err != nil {
		say(false, "%v", err)
		return
	}
	state, err := w.Inspect(ctx)
	if err != nil {
		say(false, "whatsapp: %v", err)
		return
	}
	facts, err := w.Facts(ctx)
	if err != nil {
		say(false, "whatsapp: %v", err)
		return
	}
	if facts.Unreadable > 0 {
		say(true, "whatsapp: %d messages in 30 days could not be read; their senders were asked for text", facts.Unreadable)
	}
	if !facts.Phone.IsZero() {
		say(!facts.PhoneLost, "whatsapp: the desk's own phone was last seen on %s; WhatsApp unlinks the desk after two weeks without it",
			facts.Phone.In(d.office().Zone).Format("2006-01-02"))
	}
	switch state {
	case whatsapp.Unpaired, whatsapp.LoggedOut:
		say(false, "whatsapp: no device is linked: link it at the page for staff (Kanal), or run pst pair")
	case whatsapp.Banned, whatsapp.Replaced, whatsapp.Outdated:
		say(false, "whatsapp: %s: see the log of pst serve", state)
	default:
		say(true, "whatsapp: %s", state)
	}
}
