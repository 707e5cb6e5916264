package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

func TestTheTokenIsInNoLogErrorOrDump(t *testing.T) {
	secret := telegramtest.DefaultToken
	runs := map[string]func(*telegramtest.Server){
		"refused":   func(s *telegramtest.Server) { s.Down() },
		"reset":     func(s *telegramtest.Server) { s.Fail("", 100, telegramtest.Reset) },
		"time-out":  func(s *telegramtest.Server) { s.Fail("", 100, telegramtest.Hang) },
		"502":       func(s *telegramtest.Server) { s.Fail("", 100, telegramtest.BadGateway) },
		"bad token": func(s *telegramtest.Server) { s.Fail("", 100, telegramtest.Refusal(401, "Unauthorized")) },
		"redirect": func(s *telegramtest.Server) {
			s.Fail("", 100, func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
				http.Redirect(w, r, "http://127.0.0.1:1"+r.URL.Path, http.StatusTemporaryRedirect)
			})
		},
		"panic": func(s *telegramtest.Server) {},
	}
	for name, prepare := range runs {
		t.Run(name, func(t *testing.T) {
			srv := telegramtest.Start(t, telegramtest.Options{})
			srv.User(reader).Say("/start")
			prepare(srv)
			logged := &lines{}
			c := mustNew(t, srv, func(cfg *Config) {
				cfg.Log = testLog(logged)
				if name == "time-out" {
					cfg.Transport = &http.Transport{ResponseHeaderTimeout: 20 * time.Millisecond}
				}
			})
			var told []string
			tell := func(err error) {
				for ; err != nil; err = errors.Unwrap(err) {
					told = append(told, err.Error(), fmt.Sprintf("%+v %#v", err, err))
				}
			}
			in := putFunc(func(context.Context, conversation.Message) error {
				if name == "panic" {
					defer func() { told = append(told, fmt.Sprintf("%v %+v", recover(), c)) }()
					panic(fmt.Sprintf("%+v", c))
				}
				return nil
			})
			tell(c.Run(deadline(t, 200*time.Millisecond), in))
			file := letter("x")
			file.File = pdf(100_000)
			ctx := deadline(t, 3*time.Second)
			for _, l := range []func() error{
				func() error { _, err := c.Send(ctx, letter("x")); return err },
				func() error { _, err := c.Send(ctx, file); return err },
				func() error { _, err := c.Download(ctx, "x", &lines{}); return err },
				func() error { return c.Typing(ctx, address(reader), true) },
				c.Health,
			} {
				tell(l())
			}
			told = append(told, fmt.Sprint(c.Check(ctx)), fmt.Sprintf("%v %+v %#v", c, c, c), fmt.Sprintf("%+v %#v", *c.api, c.cfg), logged.String())
			for _, s := range told {
				if strings.Contains(s, secret) || strings.Contains(s, secret[10:]) {
					t.Errorf("token in: %s", s)
				}
			}
			if len(told) < 5 {
				t.Errorf("only %d texts looked at", len(told))
			}
		})
	}
}

func TestTheLogsSecondBelt(t *testing.T) {
	const token = telegramtest.DefaultToken
	var b strings.Builder
	log := slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: Redact(token)}))
	err := &url.Error{Op: "Post", URL: "https://api.telegram.org/bot" + token + "/getMe", Err: errors.New("refused")}
	log.With("a", token).Error("message "+token, "error", err, "bytes", []byte(token), slog.Group("g", "url", err.URL), "n", 1)
	if strings.Contains(b.String(), token) || strings.Count(b.String(), redacted) == 0 {
		t.Errorf("logged %s", b.String())
	}
	if got := clean(fmt.Errorf("a: %w", errors.New("at bot"+token)), token); strings.Contains(got.Error(), token) {
		t.Error(got)
	}
}

func TestATokenIsKnownByItsShape(t *testing.T) {
	for token, ok := range map[string]bool{
		telegramtest.DefaultToken:          true,
		"":                                 false,
		"110201543":                        false,
		"110201543:short":                  false,
		telegramtest.DefaultToken + "\n":   false,
		telegramtest.DefaultToken + "/x":   false,
		"bot" + telegramtest.DefaultToken:  false,
		" " + telegramtest.DefaultToken:    false,
		telegramtest.DefaultToken + "%2f":  false,
		telegramtest.DefaultToken + "äöüß": false,
	} {
		if err := CheckToken(token); (err == nil) != ok {
			t.Errorf("%q: %v", token, err)
		}
		if _, err := New(Config{Token: token}); (err == nil) != ok {
			t.Errorf("New with %q: %v", token, err)
		} else if err != nil && token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("the error shows the token: %v", err)
		}
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	for name, cfg := range map[string]Config{
		"endpoint without a scheme": {Token: telegramtest.DefaultToken, Endpoint: "api.telegram.org"},
		"endpoint of a library":     {Token: telegramtest.DefaultToken, Endpoint: "https://api.telegram.org/bot%s/%s"},
		"webhook without a secret":  {Token: telegramtest.DefaultToken, Webhook: &Webhook{URL: "https://example.org/"}},
		"webhook's secret not ours": {Token: telegramtest.DefaultToken, Webhook: &Webhook{URL: "https://example.org/", Secret: "a b"}},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// The library's calls that lose updates, hang at the start, or leak the token.
var forbidden = regexp.MustCompile(`GetUpdatesChan|StopReceivingUpdates|ListenForWebhook|NewBotAPI|Debug\s*[:=]+\s*true|FilePath\(|\.Link\(|GetFileDirectURL|EscapeText`)

func TestTheLibrarysTrapsAreNotCalled(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if m := forbidden.Find(source); m != nil {
			t.Errorf("%s calls %s", f, m)
		}
	}
}
