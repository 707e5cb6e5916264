package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"pst/bot/telegram"
	"pst/bot/whatsapp"
	"pst/conversation"
)

// qrCmd makes the QR code that starts a chat.
type qrCmd struct {
	Telegram    bool   `help:"Untuk Telegram." xor:"channel" required:""`
	WhatsApp    bool   `help:"Untuk WhatsApp." name:"whatsapp" xor:"channel" required:""`
	Publication string `help:"Menuju publikasi ini (pub_id-nya), bukan ruang baca."`
	Out         string `help:"Simpan sebagai berkas PNG ini, tidak digambar di sini." short:"o" type:"path"`
}

func (c *qrCmd) Run(ctx context.Context, h *house) error {
	cfg, _, _, err := h.settings()
	if err != nil {
		return err
	}
	if c.Publication != "" {
		if err := c.known(ctx, h); err != nil {
			return err
		}
	}
	link, err := c.link(cfg)
	if err != nil {
		return err
	}
	if c.Out == "" {
		code, err := qrText(link)
		if err != nil {
			return err
		}
		fmt.Fprint(h.std.out, code, link, "\n")
		return nil
	}
	png, err := qrPicture(link, 1024)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, png, 0o644); err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	fmt.Fprintf(h.std.out, "%s: %s\n", c.Out, link)
	return nil
}

// link is the address that opens the chat with the right first words.
func (c *qrCmd) link(cfg config) (string, error) {
	payload, text := "ditempat", "PST DI TEMPAT"
	if c.Publication != "" {
		payload, text = "pub_"+c.Publication, "/start pub_"+c.Publication
	}
	if c.Telegram {
		if cfg.Telegram.Name == "" {
			return "", saying("nama bot Telegram belum diatur; isi telegram.name di pst.toml")
		}
		link, err := telegram.DeepLink(strings.TrimPrefix(cfg.Telegram.Name, "@"), payload)
		return link, err
	}
	number, err := whatsapp.Normalize(cfg.WhatsApp.Number)
	if err != nil {
		return "", forPeople{err,
			"nomor WhatsApp layanan belum diatur atau bukan nomor telepon; isi whatsapp.number di pst.toml"}
	}
	return "https://wa.me/" + number + "?text=" + strings.ReplaceAll(text, " ", "%20"), nil
}

// nearMost is how many publications are named in place of one that is not known.
const nearMost = 3

// known refuses a publication that the desk could not lead anybody to, and names those
// that may be meant.
func (c *qrCmd) known(ctx context.Context, h *house) error {
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	_, err = d.db.Publication(ctx, c.Publication)
	if !errors.Is(err, conversation.ErrNotFound) {
		return err
	}
	near := "cari ID-nya dengan pst search JUDUL"
	if err := d.catalogue.Sync(ctx); err == nil {
		q := conversation.Query{Text: c.Publication, Limit: nearMost, TitlesOnly: true}
		if found, err := d.catalogue.Search(ctx, q); err == nil && len(found.Hits) > 0 {
			var named []string
			for _, hit := range found.Hits {
				named = append(named, fmt.Sprintf("%s (%s)", hit.ID, hit.Title))
			}
			near = "mungkin maksudnya " + strings.Join(named, ", ")
		}
	}
	return saying("tidak ada publikasi dengan ID %q; %s", c.Publication, near)
}
