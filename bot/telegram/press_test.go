package telegram

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// desk is a running channel with one person who said /start.
func desk(t *testing.T, change func(*Config)) (*telegramtest.Server, *Channel, *inbox, *telegramtest.User) {
	t.Helper()
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	c := mustNew(t, srv, change)
	run(t, c, in)
	u := srv.User(reader)
	u.Say("/start")
	in.wait(t, 1)
	return srv, c, in, u
}

func press(t *testing.T, u *telegramtest.User, caption string) {
	t.Helper()
	if _, err := u.Press(caption); err != nil {
		t.Fatal(err)
	}
}

var search = conversation.Option{Key: "1", Number: "1", Label: "Cari"}

func TestAPressedButtonIsAChoiceAndIsAnswered(t *testing.T) {
	_, c, in, u := desk(t, nil)
	id := mustSend(t, c, menu("*1* Cari", search))
	press(t, u, "Cari")
	m := in.last(t, 2)
	if m.Kind != conversation.Choice || m.Text != "1" || m.Menu != "menu" || !strings.HasPrefix(m.ID, "b"+id+".") {
		t.Errorf("got %+v", m)
	}
	a, err := u.AwaitAnswers(testContext(t), 1)
	if err != nil || a[0].Text != "" {
		t.Errorf("answers %+v, %v", a, err)
	}
}

func TestButtonsLiveOnOverARestart(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	u := srv.User(reader)
	u.Say("/start")
	mustSend(t, mustNew(t, srv, nil), menu("1 Cari", search))
	in := newInbox()
	run(t, mustNew(t, srv, nil), in)
	press(t, u, "Cari")
	if m := in.last(t, 2); m.Text != "1" {
		t.Errorf("got %+v", m)
	}
}

func TestButtonsNotOursAreRefusedPolitely(t *testing.T) {
	srv, c, in, u := desk(t, nil)
	other := srv.User(99)
	other.Say("/start")
	in.wait(t, 2)
	mustSend(t, c, menu("1 Cari", search))
	theirs := u.FromBot()[0].Keyboard[0][0].Data
	for name, data := range map[string]string{
		"another chat's": theirs,
		"changed":        theirs[:len(theirs)-1] + "7",
		"made up":        "hapus semua",
		"empty":          "",
		"another bot's":  "aaaaaaaaaaaammenu|1",
	} {
		before := len(other.Answers())
		other.PressData(0, data)
		a, err := other.AwaitAnswers(testContext(t), before+1)
		if err != nil || a[before].Text != "Tombol ini sudah tidak berlaku. Silakan ketik menu." {
			t.Errorf("%s: answers %+v, %v", name, a, err)
		}
	}
	if got := in.wait(t, 2); len(got) != 2 {
		t.Errorf("a foreign button reached the inbox: %+v", got[2:])
	}
}

func TestASecondTapIsOneChoiceAndALaterPressAnother(t *testing.T) {
	var now atomic.Int64
	now.Store(time.Now().UnixNano())
	_, c, in, u := desk(t, func(cfg *Config) { cfg.Now = func() time.Time { return time.Unix(0, now.Load()) } })
	mustSend(t, c, menu("1 Cari", search))
	press(t, u, "Cari")
	press(t, u, "Cari")
	if _, err := u.AwaitAnswers(testContext(t), 2); err != nil {
		t.Fatal(err)
	}
	now.Add(int64(2 * time.Second))
	press(t, u, "Cari")
	if _, err := u.AwaitAnswers(testContext(t), 3); err != nil {
		t.Fatal(err)
	}
	if got := in.wait(t, 3); len(got) != 3 {
		t.Errorf("three presses, the second a slip, made %d choices", len(got)-1)
	}
}

func TestPagingButtonsMayBePressedQuickly(t *testing.T) {
	_, c, in, u := desk(t, nil)
	l := menu("hasil 1-5", conversation.Option{Key: "lanjut", Label: "Lanjut"})
	l.Send.Paging = true
	mustSend(t, c, l)
	press(t, u, "Lanjut")
	press(t, u, "Lanjut")
	in.wait(t, 3)
}

func TestAPressTooOldToAnswerStillCounts(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	u := srv.User(reader)
	u.Say("/start")
	c := mustNew(t, srv, nil)
	mustSend(t, c, menu("1 Cari", search))
	press(t, u, "Cari")
	srv.Fail("answerCallbackQuery", 1, telegramtest.Refusal(400,
		"Bad Request: query is too old and response timeout expired or query ID is invalid"))
	in := newInbox()
	logged := &lines{}
	c.cfg.Log = testLog(logged)
	run(t, c, in)
	in.wait(t, 2)
	await(t, "the refusal", func() bool { return srv.Pending() == 0 })
	if strings.Contains(logged.String(), "could not be answered") {
		t.Error("a stale query was told as trouble")
	}
}

func TestAPressThatTelegramKeptTooLongIsGoneAndTypingWorks(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	u := srv.User(reader)
	u.Say("/start")
	c := mustNew(t, srv, nil)
	mustSend(t, c, menu("1 Cari", search))
	press(t, u, "Cari")
	srv.Advance(151 * time.Second)
	u.Say("1")
	in := newInbox()
	run(t, c, in)
	if got := in.wait(t, 2); got[1].Kind != conversation.Text || got[1].Text != "1" {
		t.Errorf("got %+v", got)
	}
}

func TestAPageTurnsInPlace(t *testing.T) {
	srv, c, in, u := desk(t, nil)
	next := conversation.Option{Key: "lanjut", Label: "Lanjut"}
	first := menu("hasil 1-5", next)
	first.Send.Paging = true
	mustSend(t, c, first)
	press(t, u, "Lanjut")
	page := menu("hasil 6-10", next)
	page.Send.Paging, page.Send.Answers = true, in.last(t, 2).ID
	id := mustSend(t, c, page)
	if again := mustSend(t, c, page); again != id {
		t.Errorf("sent once more, not modified, it is %s instead of %s", again, id)
	}
	got := u.FromBot()
	if len(got) != 1 || got[0].Text != "hasil 6-10" || got[0].Edits != 1 {
		t.Fatalf("the chat shows %+v", got)
	}
	if n := srv.Count("editMessageText", 400); n != 1 {
		t.Errorf("%d refusals, want the one for no change", n)
	}
	u.Remove(got[0].ID)
	mustSend(t, c, page)
	if got := u.FromBot(); len(got) != 1 || got[0].Text != "hasil 6-10" || got[0].Edits != 0 {
		t.Errorf("after its removal the chat shows %+v, want it anew", got)
	}
	typed := page
	typed.Send.Answers = "m17"
	mustSend(t, c, typed)
	if got := u.FromBot(); len(got) != 2 {
		t.Errorf("an answer to typed words edits: %+v", got)
	}
}

func TestCallbackDataFitsOrTheButtonIsLeftToTyping(t *testing.T) {
	s := newSeal("1:x")
	for _, menu := range []string{"", "menu", strings.Repeat("m", 48), strings.Repeat("m", 49), strings.Repeat("é", 40)} {
		data, ok := s.data(-1<<62, true, menu, "12")
		if ok != (len(data) <= 64) {
			t.Errorf("menu of %d bytes: data of %d bytes, ok %v", len(menu), len(data), ok)
		}
		if !ok {
			continue
		}
		paging, m, key, opened := s.open(-1<<62, data)
		if !opened || !paging || m != menu || key != "12" {
			t.Errorf("menu %q came back as %q %q %v", menu, m, key, opened)
		}
	}
	if _, ok := s.data(1, false, "a|b", "1"); ok {
		t.Error("a menu with the separator was taken")
	}
}
