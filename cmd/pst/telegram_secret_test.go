package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
)

// Whatever goes wrong between the program and Telegram, its token is in nothing
// that the program says.
func TestTelegramTokenIsNeverSaid(t *testing.T) {
	fault := func(f telegramtest.Fault) func(*telegramtest.Server) {
		return func(srv *telegramtest.Server) { srv.Fail("", 1000, f) }
	}
	for _, c := range []struct {
		name    string
		break_  func(*telegramtest.Server)
		patient time.Duration // for an answer; 0: as in service
		says    string        // once it has met the fault
	}{
		{"refused", (*telegramtest.Server).Down, 0, "connection refused"},
		{"reset", fault(telegramtest.Reset), 0, "try="},
		{"time-out", fault(telegramtest.Hang), 50 * time.Millisecond, "try="},
		{"502", fault(telegramtest.BadGateway), 0, "HTTP 502"},
		{"a page instead of an answer", fault(telegramtest.Portal), 0, "try="},
		{"token refused", fault(telegramtest.Refusal(http.StatusUnauthorized, "Unauthorized")), 0, "Unauthorized"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv := telegramtest.Start(t, telegramtest.Options{})
			h := telegramHouse(t, srv, nil)
			said := &locked{}
			h.std = streams{out: said, err: said}
			h.log = slog.New(slog.NewTextHandler(said, nil))
			transport := http.DefaultTransport.(*http.Transport).Clone()
			transport.ResponseHeaderTimeout = c.patient
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			// A letter is held back until the fault stands in its way.
			met, broken := make(chan struct{}), make(chan struct{})
			srv.Fail("sendMessage", 1, func(w http.ResponseWriter, r *http.Request, real http.Handler) {
				close(met)
				<-broken
				telegramtest.Reset(w, r, real)
			})
			u := srv.User(sitiID)
			u.Say("/start")
			go func() { ended <- serve(ctx, h, platform{telegram: transport}) }()
			<-met
			c.break_(srv)
			close(broken)
			u.Say("menu") // ends the poll that was open before
			soon(t, "the fault is told", func() bool { return strings.Contains(said.String(), c.says) })
			stop()
			if err := <-ended; err != nil {
				t.Errorf("the program ended with %v", err)
			}
			assertSecret(t, srv, said.String())
		})
	}
}

// assertSecret looks for the token, whole or its secret half.
func assertSecret(t *testing.T, srv *telegramtest.Server, said string) {
	t.Helper()
	_, half, _ := strings.Cut(srv.Token(), ":")
	if strings.Contains(said, half) {
		t.Errorf("the token was said:\n%s", said)
	}
	if !strings.Contains(said, "serving") && !strings.Contains(said, "goroutine") {
		t.Errorf("nothing was said at all:\n%s", said)
	}
}

// The dump of all goroutines, as at a crash, has no token either, and neither
// has what stands in the process's arguments.
func TestTelegramTokenIsInNoDump(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, srv, nil)
	s := startServe(t, h.data)
	soon(t, "a poll is open", srv.Polling)
	s.end(syscall.SIGQUIT)
	if said := s.said.String(); !strings.Contains(said, "goroutine 1 ") {
		t.Errorf("no dump:\n%s", said)
	}
	assertSecret(t, srv, s.said.String()+strings.Join(s.cmd.Args, " "))
}

// A token without the shape of one stops the program before it asks anybody,
// and is not told.
func TestTelegramTokenWithoutShapeIsNotTold(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{Token: "110201543:AAH dqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"})
	h := telegramHouse(t, srv, nil)
	var said bytes.Buffer
	exit := run(t.Context(), []string{"serve", "-data", h.data}, streams{out: &said, err: &said})
	if exit != exitFailed || !strings.HasPrefix(said.String(), "pst: serve: token Telegram tidak berbentuk token") ||
		strings.Count(said.String(), "\n") != 1 {
		t.Errorf("exit %d: %s", exit, said.String())
	}
	if strings.Contains(said.String(), "dqTcvCH1") || len(srv.Calls("")) > 0 {
		t.Errorf("asked %d times, said: %s", len(srv.Calls("")), said.String())
	}
}
