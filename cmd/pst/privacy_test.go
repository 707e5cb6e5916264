package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"pst/bot"
	"pst/bot/terminal"
	"pst/conversation"
)

// locked is a writer for several goroutines.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// The whole journey with the log at its most talkative: neither the log nor any
// file of the data folder shows what the person wrote of themselves, and the
// card number and the code are nowhere at all.
func TestNothingPersonalIsLeftLyingAround(t *testing.T) {
	t.Parallel()
	var log locked
	h := &house{data: dataFolder(t), std: streams{out: io.Discard, err: io.Discard},
		log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	d, err := h.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.office().Staff = []conversation.Staff{{Name: "Kasubbag", Role: conversation.Kasubbag,
		Addresses: []conversation.Address{"terminal:kasubbag"}}}
	if err := layIn(t.Context(), h, d); err != nil {
		t.Fatal(err)
	}
	in, say := io.Pipe()
	hear, out, err := os.Pipe() // with room for all that is said
	if err != nil {
		t.Fatal(err)
	}
	person, err := terminal.New(terminal.Config{In: in, Out: out, Name: "rahasia", Folder: h.path("berkas"),
		NewID: uuid.NewString})
	if err != nil {
		t.Fatal(err)
	}
	loops, err := d.makeLoops(h, []bot.Channel{person, person.Mail()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		err := loops.Run(ctx)
		out.Close()
		done <- err
	}()
	k := &talk{t: t, in: say, out: bufio.NewReader(hear)}
	code := ""
	for _, line := range walk {
		k.say(strings.ReplaceAll(line, "{kode}", code))
		if strings.Contains(line, "@") {
			code = k.until(mailedCode)
		}
	}
	for _, line := range []string{"pengaduan", "1", "4", "Kepala ruang menjual buku gratis", "kirim", "3", "1"} {
		k.say(line)
	}
	pin := k.until(pinIn.String())
	say.Close()
	if _, err := io.ReadAll(k.out); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}

	private := []string{"Siti Aminah", "siti@example.org", "1906014107980003", code, "Saya menunggu satu jam",
		"Kepala ruang menjual", "terminal:rahasia", pin}
	for _, p := range private {
		if strings.Contains(log.String(), p) {
			t.Errorf("the log shows %q", p)
		}
	}
	err = filepath.Walk(h.data, func(path string, info os.FileInfo, err error) error {
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", path, info.Mode())
		}
		if strings.HasPrefix(path, h.path("berkas")) {
			return nil // what the person was given
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, p := range private[:6] {
			if len(p) > 6 && bytes.Contains(text, []byte(p)) {
				t.Errorf("%s holds %q", filepath.Base(path), p)
			}
		}
		if bytes.Contains(text, []byte("PIN: *"+pin)) {
			t.Errorf("%s holds a PIN", filepath.Base(path))
		}
		if bytes.Contains(text, []byte("kode verifikasi")) {
			t.Errorf("%s holds a mail", filepath.Base(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
