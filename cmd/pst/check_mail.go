package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"pst/bot/mail"
	"pst/conversation"
)

// checkMail logs in at the mail server.
func (d *desk) checkMail(ctx context.Context, f *findings) {
	if d.cfg.SMTP.Host == "" {
		f.say(false, "belum diatur; isi smtp.host di pst.toml, sebab tanpa email petugas harus memverifikasi setiap pembaca")
		return
	}
	m, err := d.mail(nil)
	if err == nil {
		err = m.Check(ctx)
	}
	f.tell("server "+d.cfg.SMTP.Host, mailInWords(err),
		"menjawab dan mengizinkan masuk; pst check -mail ALAMAT mengirim surat uji")
}

// mailInWords says of a fault of the mail server what the page says of it.
func mailInWords(err error) error {
	if said := mailFaults[mail.Where(err)]; said != "" {
		return forPeople{hinted(err), said}
	}
	return err
}

// checkBox logs in at the mailbox that letters come back to.
func (d *desk) checkBox(ctx context.Context, f *findings) {
	if d.cfg.IMAP.Host == "" {
		f.say(true, "surat yang kembali: kotak suratnya tidak diatur (imap.host); bot menanyakan pembaca")
		return
	}
	box, err := d.box(nil)
	if err == nil {
		err = box.Check(ctx)
	}
	if err != nil {
		err = forPeople{err, "kotak surat tidak dapat dibaca; periksa bagian [imap] di pst.toml"}
	}
	f.tell("surat yang kembali, di "+d.cfg.IMAP.Host, err, "kotak suratnya dapat dibaca")
}

// box makes what looks for letters that come back; nil when that is not configured.
func (d *desk) box(log *slog.Logger) (*mail.Box, error) {
	c := d.cfg.IMAP
	if c.Host == "" {
		return nil, nil
	}
	roots, err := authorities(d.data, d.cfg.SMTP.CAFile)
	if err != nil {
		return nil, err
	}
	b, err := mail.NewBox(mail.BoxConfig{Host: c.Host, Port: c.Port, TLS: c.TLS, User: c.User, Password: c.Password,
		Folder: c.Folder, Roots: roots, Log: log})
	if err != nil {
		return nil, fmt.Errorf("%w: imap: %w", errSettings, err)
	}
	return b, nil
}

// authorities are those of smtp.ca_file; nil without one.
func authorities(data, file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(data, file)
	}
	roots, err := mail.Authorities(file)
	if err != nil {
		return nil, fmt.Errorf("%w: smtp: ca_file: %w", errSettings, err)
	}
	return roots, nil
}

// hinted adds to a fault of the mail server what can be done about it.
func hinted(err error) error {
	if hint := mail.Hint(err); hint != "" {
		return fmt.Errorf("%w; %s", err, hint)
	}
	return err
}

// mailSteps say for each step of handing a letter over that it went well, before what the
// step tells.
var mailSteps = map[string]string{
	"connection":            "tersambung ke server",
	"connection (greeting)": "server menyapa",
	"greeting (EHLO)":       "server menerima nama komputer ini,",
	"TLS":                   "sambungan aman",
	"log-in":                "masuk sebagai",
	"sender":                "server mengizinkan pengirim",
	"recipient":             "server mau mengantar ke alamat itu",
	"letter":                "server menerima suratnya",
}

// testLetter sends a letter to an address and tells each step, and what is wrong
// with the first that fails. A server may take ten minutes over a letter.
func testLetter(ctx context.Context, h *house, to string) error {
	cfg, office, _, err := h.settings()
	if err != nil {
		return err
	}
	if cfg.SMTP.Host == "" {
		return saying("email belum diatur; isi smtp.host di pst.toml")
	}
	if _, _, err := conversation.CheckEmail(to); err != nil {
		return usageError{saying("-mail %s bukan alamat email; tulis seperti nama@contoh.go.id", to)}
	}
	m, err := newMail(h.data, cfg.SMTP, *office, nil)
	if err != nil {
		return err
	}
	err = m.Test(ctx, to, func(step, what string) {
		fmt.Fprintln(h.std.out, "ok   email:", strings.TrimSpace(mailSteps[step]+" "+what))
	})
	if err != nil {
		return mailInWords(err)
	}
	fmt.Fprintln(h.std.out, "ok   email: periksa kotak masuk alamat itu, juga folder spamnya")
	return nil
}

// mail makes the mail channel; letters that come back are heard of from box.
func (d *desk) mail(box *mail.Box) (*mail.Channel, error) {
	return newMail(d.data, d.cfg.SMTP, *d.office(), box)
}

func newMail(data string, c smtpConfig, o conversation.Office, box *mail.Box) (*mail.Channel, error) {
	office := mail.Address(o.Name, o.Email)
	cfg := mail.Config{Host: c.Host, Port: c.Port, TLS: c.TLS, User: c.User, Password: c.Password, Helo: c.Helo,
		From: or(c.From, office), Box: box}
	if o.Email != "" {
		cfg.ReplyTo = office
	}
	var err error
	if cfg.Roots, err = authorities(data, c.CAFile); err != nil {
		return nil, err
	}
	m, err := mail.New(cfg, time.Now)
	if err != nil {
		return nil, fmt.Errorf("%w: smtp: %w", errSettings, err)
	}
	return m, nil
}
