package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"pst/bot"
	"pst/bot/telegram"
	"pst/bot/whatsapp"
	"pst/cmd/pst/watch"
	"pst/conversation"
	"pst/store/holdings"
)

// serveCmd serves all configured channels until it is told to stop.
type serveCmd struct{}

// platform is how the program reaches the world; tests put their own servers here.
type platform struct {
	telegram http.RoundTripper
	whatsapp *http.Client
}

func (serveCmd) Run(ctx context.Context, h *house) error {
	return serve(ctx, h, platform{})
}

// serve is `pst serve` over a platform. Of an office that is not complete it serves the
// page alone, where staff complete it; then all of it.
func serve(ctx context.Context, h *house, p platform) error {
	h.service = watch.NewService(h.log)
	defer stopping(ctx, h.service)()
	for {
		err := serveOnce(ctx, h, p)
		if !errors.Is(err, errCompleted) {
			return err
		}
		h.log.Info("the office is complete now")
	}
}

// stopping tells systemd that the service stops, once ctx ends; what it returns waits
// until that is told, since the process ends soon after.
func stopping(ctx context.Context, s *watch.Service) (wait func()) {
	told := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { defer close(told); s.Stopping() })
	return func() {
		if !stop() {
			<-told
		}
	}
}

// errCompleted ends a run that served the page alone.
var errCompleted = errors.New("the office is complete")

func serveOnce(ctx context.Context, h *house, p platform) error {
	free, err := h.alone()
	if err != nil {
		return err
	}
	defer free()
	d, err := h.openPatiently(ctx, func() {})
	if err != nil {
		return err
	}
	defer d.close()
	if d.cfg.Telegram.Token != "" {
		h.log = h.logTo().logger(slog.LevelInfo, telegram.Redact(d.cfg.Telegram.Token))
	}
	if err := holdings.Executes(); err != nil {
		h.log.Error("excerpts that need the page reader cannot be made, nor files imported", "error", err)
	}
	l := &live{desk: d, house: h}
	forget, err := l.openChannels(p)
	if err != nil {
		return err
	}
	defer forget()
	if err := l.renew(); err != nil {
		return err
	}
	loops, err := d.makeLoops(h, l.channels)
	if err != nil {
		return err
	}
	watched := newWatched(l)
	watching, err := d.cfg.Watch.open()
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	// What runs beside the desk must have put its files down before they are closed
	// and the folder is another's.
	ctx, stop := context.WithCancel(ctx)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer stop()
	if err := listen(ctx, h, d.cfg.Telegram, l.channels, &beside); err != nil {
		return err
	}
	l.keep(ctx, &beside)
	beside.Go(func() { keepAlarms(ctx, h, watched) })
	beside.Go(func() { h.service.Run(ctx, watched.alive, watched.words) })
	if watching != nil {
		beside.Go(func() { watched.serve(ctx, h, watching) })
	}
	if l.partial != nil {
		beside.Go(func() { l.endPartial(ctx, stop) })
	}
	h.log.Info("serving", "version", version(), "office", d.office().Code, "channels", len(l.channels), "page", l.page)
	// What was read to begin with is garbage now, of which an idle desk would hold as much
	// as it has in use.
	debug.FreeOSMemory()
	if err := loops.Run(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	if l.completed() {
		return errCompleted
	}
	return nil
}

// openChannels makes the channels, and the page, which is the only one while the office
// is not complete; what it returns forgets where the page was.
func (l *live) openChannels(p platform) (forget func(), err error) {
	d, h := l.desk, l.house
	staff, err := d.cfg.staff(*d.office())
	if err != nil {
		return nil, d.cfg.wrong(err)
	}
	if err := d.cfg.complete(); err != nil {
		if len(staff) == 0 || d.cfg.Page.Listen == pageOff || slices.Contains(d.cfg.missing(), "office.code") {
			return nil, err
		}
		l.partial = make(chan struct{})
		h.log.Warn("only the page is served, until the office is complete: let staff in with pst staff link NAME", "missing",
			d.cfg.missing())
	}
	channels, err := d.channels(h, p)
	if err != nil {
		return nil, err
	}
	if len(channels) == 0 {
		return nil, forPeople{errors.New("no channel is configured"),
			"belum ada kanal yang diatur; isi telegram.token atau whatsapp.enabled di pst.toml, lalu jalankan pst check"}
	}
	if l.partial == nil {
		l.channels = channels
	}
	page, err := l.open()
	if err != nil || page == nil {
		return func() {}, err
	}
	l.page, l.channels = page.URL(), append(l.channels, page)
	return h.told(l.page)
}

// keep runs what keeps the house beside the desk, until ctx ends.
func (l *live) keep(ctx context.Context, beside *sync.WaitGroup) {
	d, h, clocks := l.desk, l.house, clocksOf(l.channels)
	beside.Go(func() { keepIndex(ctx, h, d) })
	beside.Go(func() { keepHouse(ctx, h, d, clocks) })
	beside.Go(func() { keepClock(ctx, h, d, clocks) })
	beside.Go(func() { keepPhone(ctx, h, d, l.channels) })
	beside.Go(func() { keepAside(ctx, h, d) })
	beside.Go(func() { keepDisk(ctx, h, d) })
	beside.Go(func() { keepBackups(ctx, h, d) })
	beside.Go(func() { keepFiles(ctx, l) })
	beside.Go(func() { keepStatus(ctx, l) })
	if d.uploads != nil {
		beside.Go(func() { d.uploads.run(ctx) })
	}
}

// endPartial stops serving the page alone once the office is complete.
func (l *live) endPartial(ctx context.Context, stop func()) {
	select {
	case <-l.partial:
	case <-ctx.Done():
		return
	}
	select { // who completed it is shown first that it was taken
	case <-time.After(2 * time.Second):
		stop()
	case <-ctx.Done():
	}
}

// listen takes Telegram's updates from a reverse proxy, where a webhook is
// configured, until ctx ends; beside is done when the last of them is answered.
func listen(ctx context.Context, h *house, c telegramConfig, channels []bot.Channel, beside *sync.WaitGroup) error {
	if c.Token == "" || c.Webhook == "" {
		return nil
	}
	if c.Listen == "" {
		return fmt.Errorf("%w: telegram.webhook needs telegram.listen, where the reverse proxy hands updates over",
			errSettings)
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("telegram.listen: %w", err)
	}
	for _, ch := range channels {
		hook, ok := ch.(http.Handler)
		if !ok {
			continue
		}
		server := &http.Server{Handler: hook, ReadTimeout: time.Minute, WriteTimeout: time.Minute, MaxHeaderBytes: 1 << 16,
			ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelDebug)}
		beside.Go(func() {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				h.log.Error("webhook ended", "error", err)
			}
		})
		beside.Go(func() {
			<-ctx.Done()
			if err := server.Close(); err != nil {
				h.log.Error("close webhook", "error", err)
			}
		})
	}
	return nil
}

// channels makes every channel that is configured.
func (d *desk) channels(h *house, p platform) ([]bot.Channel, error) {
	var out []bot.Channel
	if d.cfg.Telegram.Token != "" {
		t, err := d.telegram(h, p)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	if d.cfg.WhatsApp.Enabled {
		w, err := d.whatsapp(h, p)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	if d.cfg.SMTP.Host != "" {
		box, err := d.box(h.log)
		if err != nil {
			return nil, err
		}
		m, err := d.mail(box)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// telegram makes the Telegram channel.
func (d *desk) telegram(h *house, p platform) (*telegram.Channel, error) {
	c := d.cfg.Telegram
	var hook *telegram.Webhook
	if c.Webhook != "" {
		// The same after a restart, and another one for another bot or desk.
		made := d.secret.Hash("telegram webhook", c.Token)
		hook = &telegram.Webhook{URL: c.Webhook, Secret: or(c.Secret, made)}
	}
	profile, err := telegram.ProfileOf(d.text)
	if err != nil {
		return nil, err
	}
	t, err := telegram.New(telegram.Config{Webhook: hook, Token: c.Token, Endpoint: c.Endpoint, ProtectContent: c.Protect,
		Profile: profile, Text: d.text, Transport: p.telegram, Log: h.log,
		Quarantine: func(ctx context.Context, update []byte, why string) error {
			return d.db.KeepStray(ctx, conversation.Telegram, update, why)
		}})
	if err != nil {
		return nil, fmt.Errorf("%w: telegram: %w", errSettings, err)
	}
	return t, nil
}

// whatsapp makes the WhatsApp channel.
func (d *desk) whatsapp(h *house, p platform) (*whatsapp.Channel, error) {
	staff, err := d.cfg.staff(*d.office())
	if err != nil {
		return nil, d.cfg.wrong(err)
	}
	w, err := whatsapp.New(whatsapp.Config{DeviceFile: h.path("whatsapp.db"), Key: d.secret, Staff: numbersOf(staff),
		Alias: d.db.JoinChats, Wrote: d.db.Wrote, DeviceName: "PST " + d.office().Code,
		WAVersion: d.cfg.WhatsApp.Version, FetchVersion: d.cfg.WhatsApp.Version == "" && p.whatsapp == nil,
		Proxy: d.cfg.WhatsApp.Proxy, HTTP: p.whatsapp, Log: h.log})
	if err != nil {
		return nil, fmt.Errorf("whatsapp: %w", err)
	}
	return w, nil
}

// reachable keeps of every member of staff the addresses that a channel
// serves: a complaint must not wait for a channel that is not configured.
func reachable(staff []conversation.Staff, channels []bot.Channel) []conversation.Staff {
	schemes := map[string]bool{}
	for _, c := range channels {
		schemes[c.Scheme()] = true
	}
	var out []conversation.Staff
	for _, s := range staff {
		kept := s
		kept.Addresses = nil
		for _, a := range s.Addresses {
			if schemes[a.Scheme()] {
				kept.Addresses = append(kept.Addresses, a)
			}
		}
		out = append(out, kept)
	}
	return out
}

// pairCmd links the desk's WhatsApp account.
type pairCmd struct {
	Phone string `help:"Nomor HP layanan: tampilkan kode untuk diketik di HP itu, bukan kode QR." placeholder:"NOMOR"`
	Baru  bool   `help:"Tautkan baru bila HP lama hilang; perangkat lama disisihkan."`
}

func (c *pairCmd) Run(ctx context.Context, h *house) error {
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	return pair(ctx, h, d, whatsapp.PairOptions{Phone: c.Phone, New: c.Baru}, platform{})
}
