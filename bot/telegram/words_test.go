package telegram

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// What the channel says by itself is the office's to word; of what Telegram would not
// take, as much is said as it takes.
func TestAnOfficeWordsWhatTheChannelSays(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	u := srv.User(reader)
	run(t, mustNew(t, srv, func(c *Config) {
		texts, err := conversation.NewTexts(&conversation.Office{Zone: time.UTC}, `{{define "group"}}Kami di {{.Link}}{{end}}
{{define "button.stale"}}`+strings.Repeat("Ketik menu. ", 40)+`{{end}}`)
		if err != nil {
			t.Fatal(err)
		}
		c.Text = texts.Text
	}), in)
	await(t, "polling", srv.Polling)
	m, err := srv.Group(-100123, u).Members().NextWith(testContext(t), "start=grup")
	if err != nil || m.Text != "Kami di https://t.me/PstUjiBot?start=grup" {
		t.Errorf("a group hears %q, %v", m.Text, err)
	}
	u.Say("/start")
	in.wait(t, 1)
	u.PressData(0, "hapus semua")
	a, err := u.AwaitAnswers(testContext(t), 1)
	if err != nil || !strings.HasPrefix(a[0].Text, "Ketik menu. Ketik menu.") || len(a[0].Text) != 200 {
		t.Errorf("a stale button says %+v, %v", a, err)
	}
}

// A text that cannot be made is told to who looks after the desk, and stops nothing.
func TestATextThatCannotBeMadeStopsNothing(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in, log := newInbox(), &lines{}
	u := srv.User(reader)
	run(t, mustNew(t, srv, func(c *Config) {
		c.Log = testLog(log)
		c.Text = func(key string, _ conversation.D) (string, error) {
			return "", errors.New("no text " + key)
		}
	}), in)
	u.Say("/start")
	in.wait(t, 1)
	u.PressData(0, "hapus semua")
	if a, err := u.AwaitAnswers(testContext(t), 1); err != nil || a[0].Text != "" {
		t.Errorf("a stale button says %+v, %v", a, err)
	}
	if !strings.Contains(log.String(), "no text button.stale") {
		t.Errorf("the log tells nothing of it:\n%s", log)
	}
}
