package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"

	"pst/bot/telegram/telegramtest"
)

// Where a webhook is configured, Telegram carries updates to the program's own
// listener, and they are answered.
func TestServeByWebhook(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	place := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	h := &house{data: t.TempDir(), std: streams{out: io.Discard, err: io.Discard}, log: slog.New(slog.DiscardHandler)}
	text := fmt.Sprintf("[telegram]\ntoken = %q\nendpoint = %q\nwebhook = \"http://%s/telegram\"\nwebhook_secret = \"rahasia\"\nlisten = %q\n",
		srv.Token(), srv.Endpoint(), place, place)
	if err := os.WriteFile(filepath.Join(h.data, "pst.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, h, platform{}) }()
	u := srv.User(7)
	u.Say("halo")
	if _, err := u.NextWith(t.Context(), "Sahabat Data"); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestWebhookWithoutListenerIsNamed(t *testing.T) {
	h := &house{data: t.TempDir(), log: slog.New(slog.DiscardHandler)}
	if err := listen(t.Context(), h, telegramConfig{Token: "x", Webhook: "https://example.org/"}, nil); err == nil {
		t.Error("a webhook without listener and secret was accepted")
	}
}
