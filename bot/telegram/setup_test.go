package telegram

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

func TestTheProfileIsSetOnceAndThenOnlyWhenItChanges(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	start := func(p Profile) {
		t.Helper()
		c := mustNew(t, srv, func(cfg *Config) { cfg.Profile = p })
		c.introduce(testContext(t))
	}
	writes := func() int {
		return srv.Count("setMyCommands", 0) + srv.Count("setMyDescription", 0) + srv.Count("setMyShortDescription", 0) +
			srv.Count("setChatMenuButton", 0)
	}
	office := &conversation.Office{Facts: conversation.Facts{Name: "BPS Kabupaten Contoh"}, Zone: time.UTC}
	texts, err := conversation.NewTexts(office, `{{define "telegram.menu"}}Semua layanan{{end}}`)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ProfileOf(texts.Text)
	if err != nil {
		t.Fatal(err)
	}
	start(p)
	if n := writes(); n != 5 || len(srv.Commands("id")) != len(p.Commands) || len(srv.Commands("")) != len(p.Commands) {
		t.Fatalf("%d writes, commands %v", n, srv.Commands("id"))
	}
	if p.About != "Asisten perpustakaan PST BPS Kabupaten Contoh" || p.Commands[1].Description != "Semua layanan" {
		t.Errorf("an office's own words are not said: %+v", p)
	}
	start(p)
	if n := writes(); n != 5 {
		t.Errorf("a start without a change wrote %d times", n-5)
	}
	p.About = "Lain"
	start(p)
	if n := writes(); n != 6 {
		t.Errorf("one change wrote %d times", n-5)
	}
	start(Profile{})
	if n := writes(); n != 6 {
		t.Errorf("an empty profile wrote %d times", n-6)
	}
	if v := srv.Violations(); len(v) > 0 {
		t.Error(v)
	}
}

func TestCheckFindsEachThingThatIsWrong(t *testing.T) {
	ok := func(f []Finding) (bad []string) {
		for _, x := range f {
			if !x.OK {
				bad = append(bad, string(x.Key)+": "+x.Detail)
			}
			if strings.Contains(x.Detail, "\n") {
				t.Errorf("more than a line: %q", x.Detail)
			}
		}
		return bad
	}
	srv := telegramtest.Start(t, telegramtest.Options{})
	c := mustNew(t, srv, nil)
	if bad := ok(c.Check(testContext(t))); len(bad) != 0 || len(c.Check(testContext(t))) != 3 {
		t.Errorf("a bot in order is told: %q", bad)
	}
	if _, err := c.api.call(testContext(t), "setWebhook",
		map[string]string{"url": "https://other.example/secret-path"}); err != nil {
		t.Fatal(err)
	}
	if bad := ok(c.Check(testContext(t))); len(bad) != 1 || !strings.Contains(bad[0], "other.example") ||
		strings.Contains(bad[0], "secret-path") {
		t.Errorf("webhook conflict: %q", bad)
	}
	srv.Fail("getMe", 1, telegramtest.Refusal(401, "Unauthorized"))
	if bad := ok(c.Check(testContext(t))); len(bad) != 1 || !strings.HasPrefix(bad[0], string(TokenRefused)) {
		t.Errorf("refused token: %q", bad)
	}
	srv.Down()
	if bad := ok(c.Check(testContext(t))); len(bad) != 1 || !strings.HasPrefix(bad[0], string(Unreachable)) {
		t.Errorf("unreachable: %q", bad)
	}
	open := telegramtest.Start(t, telegramtest.Options{JoinGroups: true})
	if bad := ok(mustNew(t, open, nil).Check(testContext(t))); len(bad) != 1 ||
		!strings.HasPrefix(bad[0], string(JoinsGroups)) {
		t.Errorf("rights: %q", bad)
	}
}

func TestTheWebhookTakesUpdatesAsPollsDo(t *testing.T) {
	var c *Channel
	web := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	srv := telegramtest.Start(t, telegramtest.Options{HookHost: web.Listener.Addr().String()})
	aside := make(chan string, 1)
	c = mustNew(t, srv, func(cfg *Config) {
		cfg.Webhook = &Webhook{URL: "https://pst.example.go.id", Secret: hookSecret}
		cfg.Quarantine = func(_ context.Context, raw []byte, why string) error { aside <- why; return nil }
	})
	in := newInbox()
	in.broken = 2
	u := srv.User(reader)
	u.Say("satu") // before the webhook is set
	r := run(t, c, in)
	in.wait(t, 1)
	srv.Raw(`{"update_id":$ID,"message":{"text":5}}`)
	u.Say("dua")
	if got := in.wait(t, 2); got[1].Text != "dua" {
		t.Errorf("got %+v", got)
	}
	<-aside
	mustSend(t, c, menu("1 Cari", search))
	press(t, u, "Cari")
	if _, err := u.AwaitAnswers(testContext(t), 1); err != nil {
		t.Error(err)
	}
	if m := in.last(t, 3); m.Kind != conversation.Choice {
		t.Errorf("got %+v", m)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
	u.Say("sesudah berhenti")
	rec := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodPost, HookPath, strings.NewReader(`{"update_id":1}`))
	req.Header.Set(secretHeader, hookSecret)
	if c.ServeHTTP(rec, req); rec.Code != http.StatusServiceUnavailable {
		t.Errorf("a stopped channel answers %d", rec.Code)
	}
}

func TestTheWebhookRefusesStrangers(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	c := mustNew(t, srv, func(cfg *Config) { cfg.Webhook = &Webhook{URL: "https://example.org", Secret: hookSecret} })
	in := newInbox()
	run(t, c, in)
	await(t, "the webhook is open", func() bool { c.running.RLock(); defer c.running.RUnlock(); return c.live != nil })
	for name, test := range map[string]struct {
		method, path, secret, body string
		want                       int
	}{
		"no secret":    {http.MethodPost, HookPath, "", `{"update_id":1}`, 403},
		"wrong secret": {http.MethodPost, HookPath, hookSecret + "x", `{"update_id":1}`, 403},
		"a look":       {http.MethodGet, HookPath, hookSecret, "", 404},
		"another path": {http.MethodPost, "/", hookSecret, `{"update_id":1}`, 404},
		"a flood":      {http.MethodPost, HookPath, hookSecret, strings.Repeat(" ", maxHookBody+1), 400},
		"an update":    {http.MethodPost, HookPath, hookSecret, `{"update_id":1}`, 200},
	} {
		rec := httptest.NewRecorder()
		req := httptest.NewRequest(test.method, test.path, strings.NewReader(test.body))
		req.Header.Set(secretHeader, test.secret)
		if c.ServeHTTP(rec, req); rec.Code != test.want {
			t.Errorf("%s: %d, want %d", name, rec.Code, test.want)
		}
	}
}

func TestDeepLinksAndTheirPictures(t *testing.T) {
	for _, test := range []struct {
		bot, payload, want string
		err                error
	}{
		{"PstUjiBot", "ditempat", "https://t.me/PstUjiBot?start=ditempat", nil},
		{"PstUjiBot", "", "https://t.me/PstUjiBot", nil},
		{"PstUjiBot", "pub_" + strings.Repeat("a", 60), "https://t.me/PstUjiBot?start=pub_" + strings.Repeat("a", 60), nil},
		{"PstUjiBot", "pub_" + strings.Repeat("a", 61), "", ErrPayload},
		{"PstUjiBot", "a b", "", ErrPayload},
		{"@PstUjiBot", "x", "", ErrBotName},
	} {
		got, err := DeepLink(test.bot, test.payload)
		if got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%q %q: %q, %v", test.bot, test.payload, got, err)
		}
	}
}
