package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"net"
	"os"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"pst/bot/web"
	"pst/cmd/pst/guide"
	"pst/conversation"
	"pst/store"
)

// pageConfig is the page for staff in a browser; its section is named desk in the files of offices.
type pageConfig struct {
	// Listen is the HOST:PORT it is served at; "off" serves none. Empty is
	// 127.0.0.1:8484, or another port of this machine when a second desk has that one.
	Listen string `toml:"listen"`
	// URL is how browsers name it where a reverse proxy stands before it:
	// "https://pst.contoh.bps.go.id".
	URL string `toml:"url"`
}

const (
	pageDefault = "127.0.0.1:8484"
	pageOff     = "off"
	pageFile    = "page.url" // in the data folder, while the page is served: where it is
)

// open makes the page for staff; nil where it is off.
func (l *live) open() (*web.Server, error) {
	d, h, c := l.desk, l.house, l.desk.cfg.Page
	if c.Listen == pageOff {
		return nil, nil
	}
	at, err := net.Listen("tcp", or(c.Listen, pageDefault))
	if err != nil && c.Listen == "" {
		at, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("desk.listen: %w", err)
	}
	url := strings.TrimRight(or(c.URL, "http://"+at.Addr().String()), "/")
	looks := conversation.Looks{Engine: d.engine(h), Records: d.db}
	d.linking = newLinking(l.channels, d.db.Note, h.log)
	if d.uploads, err = newUploads(d, h); err != nil {
		return nil, errors.Join(err, at.Close())
	}
	p, err := web.New(web.Config{Listener: at, URL: url, Office: d.office, Log: h.log, Now: time.Now,
		Doors:    doors{d.db, d.secret},
		Sessions: d.db.PageSessions(), Queue: d.db, Tickets: looks, Readers: looks, Trail: looks, House: standing{d},
		Sentences: sentences{l}, Settings: settings{l}, Channels: channelsPage{d, l.channels}, Linker: d.linking,
		Reports: reporter{d},
		Guide: func() (template.HTML, error) {
			f, err := guideOf(d.office(), d.texts(), url)
			if err != nil {
				return "", err
			}
			return guide.HTML(f)
		}, Books: books{d}, Intake: d.uploads})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("desk.url: %w", err), at.Close())
	}
	return p, nil
}

// told leaves word in the data folder of where the page is, for pst staff link.
func (h *house) told(page string) (forget func(), err error) {
	path := h.path(pageFile)
	if err := os.WriteFile(path, []byte(page+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("note where the page is: %w", err)
	}
	return func() { os.Remove(path) }, nil // one that stays names a page that does not answer
}

// doors lets staff in at the page.
type doors struct {
	*store.DB
	secret conversation.Secret
}

// Enter implements [web.Doors].
func (d doors) Enter(ctx context.Context, code string) (string, error) {
	return d.DB.Enter(ctx, conversation.DoorHash(d.secret, code))
}

var (
	_ web.Doors    = doors{}
	_ web.Queue    = (*store.DB)(nil)
	_ web.Tickets  = conversation.Looks{}
	_ web.Readers  = conversation.Looks{}
	_ web.Trail    = conversation.Looks{}
	_ scs.CtxStore = (*store.PageSessions)(nil)
)

// staffCmd is what is done about staff on the machine.
type staffCmd struct {
	Link staffLinkCmd `cmd:"" help:"Tautan dan kode halaman petugas untuk satu orang."`
}

type staffLinkCmd struct {
	Name string `arg:"" help:"Nama, atau sebagiannya, seperti pada daftar petugas."`
}

func (c staffLinkCmd) Run(ctx context.Context, h *house) error {
	cfg, office, _, err := h.settings()
	if err != nil {
		return err
	}
	staff, err := cfg.staff(*office)
	if err != nil {
		return cfg.wrong(err)
	}
	var found, all []string
	for _, s := range staff {
		all = append(all, s.Name)
	}
	for _, s := range staff {
		if strings.EqualFold(s.Name, c.Name) {
			found = []string{s.Name}
			break
		}
		if strings.Contains(strings.ToLower(s.Name), strings.ToLower(strings.TrimSpace(c.Name))) {
			found = append(found, s.Name)
		}
	}
	if len(found) != 1 {
		return saying("%d petugas bernama %q; tulis satu nama utuh: %s", len(found), c.Name, strings.Join(all, ", "))
	}
	at, err := os.ReadFile(h.path(pageFile))
	if errors.Is(err, os.ErrNotExist) {
		return saying("halaman petugas belum dilayani; jalankan dahulu pst serve (desk.listen di pst.toml tidak boleh off)")
	}
	if err != nil {
		return err
	}
	db, secret, err := h.openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	door, code, err := conversation.NewDoor(rand.Reader, secret, found[0], time.Now())
	if err != nil {
		return err
	}
	if err := db.OpenDoor(ctx, door, "pst staff link"); err != nil {
		return err
	}
	fmt.Fprintf(h.std.out, "%s: berlaku %d menit, sekali pakai.\n%s/masuk?kode=%s\nKode: %s\n", found[0],
		int(conversation.DoorLife.Minutes()),
		strings.TrimSpace(string(at)), strings.ReplaceAll(code, "-", ""), code)
	return nil
}
