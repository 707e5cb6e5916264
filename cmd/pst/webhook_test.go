package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"pst/bot/telegram/telegramtest"
)

// Where a webhook is configured, Telegram carries updates to the program's own
// listener, and they are answered.
func TestServeByWebhook(t *testing.T) {
	for try := 1; ; try++ { // the port may be taken before the program opens it
		err := servedByWebhook(t)
		if err == nil {
			return
		}
		if !errors.Is(err, syscall.EADDRINUSE) || try == 10 {
			t.Fatal(err)
		}
	}
}

func servedByWebhook(t *testing.T) error {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	place := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	// The office's reverse proxy.
	proxy := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: place}))
	t.Cleanup(proxy.Close)
	srv := telegramtest.Start(t, telegramtest.Options{HookHost: proxy.Listener.Addr().String()})
	h := &house{data: dataFolder(t), std: streams{out: io.Discard, err: io.Discard}, log: slog.New(slog.DiscardHandler)}
	text := fmt.Sprintf("[telegram]\ntoken = %q\nendpoint = %q\nwebhook = "+
		"\"https://pst.example.go.id/telegram\"\nlisten = %q\n",
		srv.Token(), srv.Endpoint(), place)
	if err := os.WriteFile(filepath.Join(h.data, "pst.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { defer cancel(); done <- serve(ctx, h, platform{}) }()
	u := srv.User(7)
	u.Say("halo")
	_, err = u.NextWith(ctx, "Sahabat Data")
	cancel()
	if v := srv.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
	return errors.Join(<-done, err)
}

func TestWebhookWithoutListenerIsNamed(t *testing.T) {
	h := &house{data: t.TempDir(), log: slog.New(slog.DiscardHandler)}
	if err := listen(t.Context(), h, telegramConfig{Token: "x", Webhook: "https://example.org/"}, nil, nil); err == nil {
		t.Error("a webhook without listener and secret was accepted")
	}
}
