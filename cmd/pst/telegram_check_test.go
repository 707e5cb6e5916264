package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pst/bot/telegram/telegramtest"
)

// `pst check` says in a line each how Telegram is: the token's shape,
// reachability, a webhook in the way, rights.
func TestCheckLooksAtTelegram(t *testing.T) {
	hook := func(t *testing.T, srv *telegramtest.Server) {
		resp, err := http.PostForm(srv.Endpoint()+"/bot"+srv.Token()+"/setWebhook",
			url.Values{"url": {"https://other.example/secret-path"}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	for _, c := range []struct {
		name    string
		options telegramtest.Options
		prepare func(*testing.T, *telegramtest.Server)
		exit    int
		want    []string
	}{
		{"all is well", telegramtest.Options{}, nil, exitFine, []string{"ok   token: bentuknya benar",
			"ok   Token diterima. Nama bot: @PstUjiBot.", "ok   Pesan diambil sendiri oleh bot",
			"ok   Bot hanya melayani percakapan pribadi."}},
		{"another program's webhook", telegramtest.Options{}, hook, exitFailed, []string{"ok   Token diterima",
			"BAD  Ada webhook di other.example"}},
		{"groups are open to it", telegramtest.Options{JoinGroups: true}, nil, exitFailed,
			[]string{"BAD  Bot dapat dimasukkan ke grup"}},
		{"reads what groups say", telegramtest.Options{ReadGroups: true}, nil, exitFailed,
			[]string{"BAD  Bot membaca semua pesan di grup"}},
		{"nobody answers", telegramtest.Options{}, func(_ *testing.T, srv *telegramtest.Server) { srv.Down() }, exitFailed,
			[]string{"ok   token", "BAD  Telegram tidak dapat dihubungi"}},
		{"the token is refused", telegramtest.Options{}, func(_ *testing.T, srv *telegramtest.Server) {
			srv.Fail("", 9, telegramtest.Refusal(401, "Unauthorized"))
		}, exitFailed, []string{"BAD  Telegram menolak token bot"}},
		{"the token has no such shape", telegramtest.Options{Token: "secret-without-colon"}, nil, exitFailed,
			[]string{"BAD  token: token Telegram tidak berbentuk token"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := telegramtest.Start(t, c.options)
			data := t.TempDir()
			text := fmt.Sprintf("[telegram]\ntoken = %q\nendpoint = %q\n[smtp]\nhost = \"127.0.0.1\"\ntls = \"none\"\nport = "+
				"%d\n", srv.Token(), srv.Endpoint(), startPost(t).port)
			if err := os.WriteFile(filepath.Join(data, "pst.toml"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if c.prepare != nil {
				c.prepare(t, srv)
			}
			var out, errs bytes.Buffer
			exit := run(t.Context(), []string{"check", "-data", data}, streams{out: &out, err: &errs})
			if exit != c.exit {
				t.Errorf("exit %d, want %d: %s", exit, c.exit, errs.String())
			}
			for _, w := range c.want {
				if !strings.Contains(out.String(), "\n"+w) {
					t.Errorf("no line %q in:\n%s", w, out.String())
				}
			}
			if said := out.String() + errs.String(); strings.Contains(said, srv.Token()) ||
				strings.Contains(said, "secret-path") {
				t.Errorf("a secret was printed:\n%s", said)
			}
		})
	}
}

// A webhook of the desk's own is in nobody's way.
func TestCheckKnowsItsOwnWebhook(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, srv, startPost(t))
	t.Setenv("PST_TELEGRAM_WEBHOOK", "https://pst.example")
	t.Setenv("PST_TELEGRAM_LISTEN", "127.0.0.1:0")
	for _, c := range []struct{ set, want string }{
		{"", "ok   Webhook belum terpasang"}, {"https://pst.example/telegram",
			"ok   Pesan diantar Telegram ke webhook layanan ini"},
		{"https://other.example/telegram", "BAD  Webhook di Telegram menunjuk ke other.example"},
	} {
		resp, err := http.PostForm(srv.Endpoint()+"/bot"+srv.Token()+"/setWebhook", url.Values{"url": {c.set}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		var out, errs bytes.Buffer
		run(t.Context(), []string{"check", "-data", h.data}, streams{out: &out, err: &errs})
		if !strings.Contains(out.String(), "\n"+c.want) {
			t.Errorf("set to %q: no line %q in:\n%s%s", c.set, c.want, out.String(), errs.String())
		}
	}
}
