package main

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pst/bot/whatsapp/whatsapptest"
)

// A desk put back from a backup with its WhatsApp device, on another machine with the
// key alone, is linked still and goes on where each conversation was.
func TestDeskPutBackWithItsWhatsAppDeviceGoesOn(t *testing.T) {
	t.Parallel()
	srv := whatsapptest.New(t)
	h := whatsappHouse(t, srv, nil, nil)
	person := srv.Person(sitiPhone, "Siti")
	w := startQuick(t, h, srv)
	siti := w.join(person)
	siti.say("pengaduan")
	w.settle()
	w.stop()
	file := filepath.Join(t.TempDir(), "cadangan.zip")
	if exit, out, errs := command(t, "", "backup", "-whatsapp", "-data", h.data, file); exit != exitFine {
		t.Fatal(out, errs)
	}
	dir := t.TempDir()
	key, err := os.ReadFile(h.path("secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	if exit, out, errs := command(t, "", "restore", "-data", dir, file); exit != exitFine {
		t.Fatal(out, errs)
	}
	moved := &house{data: dir, std: streams{out: io.Discard, err: io.Discard}, log: slog.New(slog.DiscardHandler)}
	again := startQuick(t, moved, srv)
	siti = again.join(person)
	siti.say("1")
	again.settle()
	if said := siti.last().text; !strings.Contains(said, "Tentang apa pengaduan") {
		t.Errorf("after the restore siti is told %q", said)
	}
}
