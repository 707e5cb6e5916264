package main

import (
	"bytes"
	"context"

	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"pst/bot/whatsapp"
	"pst/bot/whatsapp/whatsapptest"
)

// A code that does not fit into the window is not drawn in pieces: the person is led
// to the picture and to the code to type.
func TestCodeThatDoesNotFitIsNotDrawn(t *testing.T) {
	code := strings.Repeat(strings.Repeat("█", 60)+"\n", 31)
	for name, c := range map[string]struct {
		width, height int
		drawn         bool
	}{
		"no terminal": {0, 0, true}, "room": {80, 40, true}, "just": {60, 32, true},
		"low": {80, 24, false}, "narrow": {59, 40, false},
	} {
		var out bytes.Buffer
		showCode(&out, code, "gambar.png", c.width, c.height)
		if got := out.String(); strings.Contains(got, "█") != c.drawn || !strings.Contains(got, "gambar.png") ||
			strings.Contains(got, "terlalu kecil") == c.drawn || strings.Contains(got, "-phone") == c.drawn {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// `pst pair` whole: what a clerk reads, and what is left in the data folder.
func TestPairSpeaksIndonesianAndLeavesOtherPicturesAlone(t *testing.T) {
	srv := whatsapptest.New(t)
	var out, log locked
	h := &house{data: t.TempDir(), std: streams{in: strings.NewReader(""), out: &out, err: &log},
		log: slog.New(slog.NewTextHandler(&log, nil))}
	if err := os.WriteFile(h.path("pst.toml"), []byte("[whatsapp]\nenabled = true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := h.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	other, stale := h.path("whatsapp-qr-123.png"), h.path("whatsapp-qr-456.png")
	for _, name := range []string{other, stale} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(stale, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	run := func(o whatsapp.PairOptions) string {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		err := pair(ctx, h, d, o, platform{whatsapp: srv.HTTPClient()})
		if err == nil {
			return ""
		}
		return inWords(err)
	}
	got := run(whatsapp.PairOptions{Phone: "006281111111"})
	if !strings.Contains(got, "bukan nomor telepon yang berlaku") {
		t.Errorf("wrong number: %s", got)
	}
	left, err := filepath.Glob(h.path(pictures))
	if err != nil || len(left) != 1 || left[0] != other {
		t.Errorf("pictures left: %v, %v", left, err)
	}
	codeShown := regexp.MustCompile(`[A-Z0-9]{4}-[A-Z0-9]{4}`)
	var typing sync.WaitGroup
	typing.Go(func() {
		soon(t, "a code", func() bool { return codeShown.MatchString(out.String()) })
		if err := srv.EnterCode(deskPhone, codeShown.FindString(out.String())); err != nil {
			t.Error(err)
		}
	})
	if got := run(whatsapp.PairOptions{Phone: deskPhone}); got != "" ||
		!strings.Contains(out.String(), "Selesai: bot sudah tertaut") {
		t.Errorf("ended with %s after\n%s", got, out.String())
	}
	typing.Wait()
	if log.String() != "" {
		t.Errorf("a clerk reads, too:\n%s", log.String())
	}
	got = run(whatsapp.PairOptions{})
	if !strings.Contains(got, "pst pair -baru") || !strings.Contains(got, "sudah tertaut") {
		t.Errorf("linked already: %s", got)
	}
}
