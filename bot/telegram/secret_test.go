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

	"pst/bot"
	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

func TestTheTokenIsInNoLogErrorOrDump(t *testing.T) {
	t.Parallel()
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
		"echoed": func(s *telegramtest.Server) {
			s.Fail("", 100, telegramtest.Refusal(400, "Bad Request: no bot"+secret+" here"))
		},
		"echoed, coded": func(s *telegramtest.Server) {
			s.Fail("", 100, telegramtest.Refusal(500, "/bot"+url.QueryEscape(secret)))
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
			told = append(told, fmt.Sprint(c.Check(ctx)), fmt.Sprintf("%v %+v %#v", c, c, c), fmt.Sprintf("%+v %#v", *c.api,
				c.cfg), logged.String())
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

func TestAnAnswerWithoutWordsIsToldByItsNumber(t *testing.T) {
	for name, body := range map[string]string{"empty words": `{"ok":false,"description":""}`, "no words": `{"ok":false}`,
		"nothing": `{}`} {
		srv, c, _ := line(t, telegramtest.Options{}, nil)
		srv.Fail("sendMessage", 1, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, body)
		})
		_, err := c.Send(testContext(t), letter("x"))
		var fault *bot.SendError
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), "sendMessage: HTTP 500") || !fault.Retry {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheLogsSecondBelt(t *testing.T) {
	const token = telegramtest.DefaultToken
	var b strings.Builder
	log := slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: Redact(token)}))
	err := &url.Error{Op: "Post", URL: "https://api.telegram.org/bot" + token + "/getMe", Err: errors.New("refused")}
	log.With("a", token).Error("message "+token, "error", err, "bytes", []byte(token), slog.Group("g", "url", err.URL),
		"n", 1)
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
		"webhook without a secret":  hook("https://example.org/", ""),
		"webhook's secret not ours": hook("https://example.org/", strings.Repeat("a b", 20)),
		"secret of one letter":      hook("https://example.org/", "a"),
		"secret of 31 letters":      hook("https://example.org/", strings.Repeat("a", 31)),
		"secret of 257 letters":     hook("https://example.org/", strings.Repeat("a", 257)),
		"webhook without TLS":       hook("http://example.org/telegram", hookSecret),
		"webhook on any port":       hook("https://example.org:8080/telegram", hookSecret),
		"webhook at any path":       hook("https://example.org/tele", hookSecret),
		"webhook with a query":      hook("https://example.org/telegram?a=1", hookSecret),
		"webhook of nobody":         hook("https:///telegram", hookSecret),
		"webhook with a password":   hook("https://a:b@example.org/telegram", hookSecret),
		"webhook without a scheme":  hook("example.org/telegram", hookSecret),
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

const hookSecret = "rahasia_uji-0123456789abcdefghijk"

func hook(url, secret string) Config {
	return Config{Token: telegramtest.DefaultToken, Webhook: &Webhook{URL: url, Secret: secret}}
}

func TestAWebhookHasOnePath(t *testing.T) {
	for url, want := range map[string]string{
		"https://pst.example.go.id":               "https://pst.example.go.id/telegram",
		"https://pst.example.go.id/":              "https://pst.example.go.id/telegram",
		"https://pst.example.go.id:8443/telegram": "https://pst.example.go.id:8443/telegram",
		"https://203.0.113.7:88":                  "https://203.0.113.7:88/telegram",
	} {
		c, err := New(hook(url, hookSecret))
		if err != nil || c.cfg.Webhook.URL != want {
			t.Errorf("%s: %v, %v", url, c, err)
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
