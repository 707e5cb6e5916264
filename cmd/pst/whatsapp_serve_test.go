package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"pst/bot/whatsapp/whatsapptest"
)

// `pst serve` itself, at the pace of the platform: a reader is greeted, the
// Kasubbag is known by a number written "0812-…" though his messages come from a
// LID, and nothing of either is in the log. It ends well when it is told to.
func TestServeOverWhatsApp(t *testing.T) {
	t.Parallel()
	srv := whatsapptest.New(t)
	h := whatsappHouse(t, srv, nil, nil)
	said := &locked{}
	h.std = streams{out: said, err: said}
	h.log = slog.New(slog.NewTextHandler(said, nil))
	siti, budi := srv.Person(sitiPhone, "Siti Aminah"), srv.Person(kasubbagPhone, "Pak Budi")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, h, platform{whatsapp: srv.HTTPClient()}) }()
	siti.Say(deskPhone, "selamat pagi")
	if got := whatsapptest.Text(siti.Next()); !strings.Contains(got, "Sahabat Data") {
		t.Errorf("the reader is told %q", got)
	}
	budi.Say(deskPhone, "antrean")
	if got := whatsapptest.Text(budi.Next()); !strings.Contains(got, "tiket yang terbuka") {
		t.Errorf("the Kasubbag is told %q", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	for _, private := range []string{sitiPhone, kasubbagPhone, srv.LID(sitiPhone).User, srv.LID(kasubbagPhone).User,
		"Siti", "Budi", "selamat", "antrean"} {
		if strings.Contains(said.String(), private) {
			t.Errorf("the log names %q:\n%s", private, said)
		}
	}
}
