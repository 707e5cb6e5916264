package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/mdp/qrterminal/v3"
	"github.com/skip2/go-qrcode"

	"pst/bot/telegram"
	"pst/bot/whatsapp"
	"pst/conversation"
)

// pair is `pst pair` over a platform.
func pair(ctx context.Context, h *house, d *desk, phone string, p platform) error {
	w, err := d.whatsapp(h, p)
	if err != nil {
		return err
	}
	// Under a name of its own: two who pair at once must not take each other's
	// picture away.
	picture, err := os.CreateTemp(h.data, "whatsapp-qr-*.png")
	if err != nil {
		return fmt.Errorf("pair: make picture of the code: %w", err)
	}
	file := picture.Name()
	defer os.Remove(file)
	if err := picture.Close(); err != nil {
		return fmt.Errorf("pair: make picture of the code: %w", err)
	}
	answers := bufio.NewReader(h.std.in)
	err = w.Pair(ctx, whatsapp.PairOptions{Phone: phone,
		Show: func(prompt whatsapp.Prompt) {
			fmt.Fprintln(h.std.out, prompt.Text)
			if prompt.QR != "" {
				qrterminal.GenerateHalfBlock(prompt.QR, qrterminal.M, h.std.out)
				if err := qrcode.WriteFile(prompt.QR, qrcode.Medium, 512, file); err == nil {
					os.Chmod(file, 0o600)
					fmt.Fprintf(h.std.out, "Gambar kodenya ada juga di %s\n", file)
				}
			}
			if prompt.Code != "" {
				fmt.Fprintf(h.std.out, "\n    %s\n\n", prompt.Code)
			}
			if len(prompt.Challenge) > 0 {
				fmt.Fprintf(h.std.out, "%s\n", prompt.Challenge)
			}
		},
		Passkey: func(context.Context) ([]byte, error) {
			line, err := answers.ReadBytes('\n')
			if err != nil && len(line) == 0 {
				return nil, fmt.Errorf("read passkey answer: %w", err)
			}
			return line, nil
		}})
	if err != nil {
		return fmt.Errorf("pair: %w", err)
	}
	return nil
}

// phoneOf is the number of a WhatsApp address that is a phone number.
func phoneOf(a conversation.Address) (string, bool) {
	number, ok := strings.CutSuffix(a.Rest(), "@s.whatsapp.net")
	return number, ok && a.Scheme() == conversation.WhatsApp
}

// qrCmd makes the QR code that starts a chat.
type qrCmd struct {
	Telegram    bool   `help:"For Telegram." xor:"channel" required:""`
	WhatsApp    bool   `help:"For WhatsApp." name:"whatsapp" xor:"channel" required:""`
	Publication string `help:"Lead to this publication (its pub_id) instead of the reading room."`
	Out         string `help:"Save as this PNG file instead of drawing it here." short:"o" type:"path"`
}

func (c *qrCmd) Run(ctx context.Context, h *house) error {
	cfg, _, _, err := h.settings()
	if err != nil {
		return err
	}
	link, err := c.link(cfg)
	if err != nil {
		return err
	}
	if c.Out == "" {
		telegram.PrintQR(h.std.out, link)
		fmt.Fprintln(h.std.out, link)
		return nil
	}
	png, err := telegram.QRPNG(link, 1024)
	if err != nil {
		return fmt.Errorf("qr: %w", err)
	}
	if err := os.WriteFile(c.Out, png, 0o644); err != nil {
		return fmt.Errorf("qr: %w", err)
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
			return "", fmt.Errorf("qr: set telegram.name, the bot's user name, in pst.toml")
		}
		link, err := telegram.DeepLink(cfg.Telegram.Name, payload)
		if err != nil {
			return "", fmt.Errorf("qr: %w", err)
		}
		return link, nil
	}
	number, err := whatsapp.Normalize(cfg.WhatsApp.Number)
	if err != nil {
		return "", fmt.Errorf("qr: set whatsapp.number, the desk's own number, in pst.toml: %w", err)
	}
	return "https://wa.me/" + number + "?text=" + strings.ReplaceAll(text, " ", "%20"), nil
}
