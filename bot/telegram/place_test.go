package telegram

import (
	"fmt"
	"strings"
	"testing"

	"pst/bot"
	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// answerTo is a letter that answers the message with this id.
func answerTo(id, text string) bot.Letter {
	l := letter(text)
	l.Send.Answers = id
	return l
}

func TestAnAnswerGoesBackToItsThread(t *testing.T) {
	srv, c, in, u := desk(t, nil)
	mustSend(t, c, letter("sebelum ada utas"))
	const message = `"message":{"message_id":%d,"message_thread_id":%d,"is_topic_message":true,"date":4102444800,
		"from":{"id":3527065,"first_name":"S"},"chat":{"id":3527065,"type":"private"},"text":"halo"}`
	srv.Raw(`{"update_id":$ID,` + fmt.Sprintf(message, 901, 44) + `}`)
	srv.Raw(`{"update_id":$ID,` + fmt.Sprintf(message, 902, 55) + `}`)
	got := in.wait(t, 3)
	mustSend(t, c, answerTo(got[1].ID, "jawaban pertama"))
	mustSend(t, c, answerTo(got[2].ID, "jawaban kedua"))
	mustSend(t, c, answerTo("delivered:7", "dari meja sendiri"))
	file := answerTo(got[1].ID, "berkas")
	file.File = &bot.File{Name: "a.pdf", MIME: "application/pdf", Data: []byte("%PDF-1.4")}
	mustSend(t, c, file)
	press := fmt.Sprintf(`{"update_id":$ID,"callback_query":{"id":"77","chat_instance":"1","from":{"id":3527065,"first_name":"S"},"data":%q,`,
		func() string { d, _ := c.seal.data(reader, false, "menu", "1"); return d }()) + fmt.Sprintf(message, 903, 44) + `}}`
	srv.Raw(press)
	got = in.wait(t, 4)
	mustSend(t, c, answerTo(got[3].ID, "jawaban tombol"))
	u.Say("di luar utas")
	got = in.wait(t, 5)
	mustSend(t, c, answerTo(got[4].ID, "jawaban luar"))
	want := []int{0, 44, 55, 55, 44, 44, 0}
	for i, m := range u.FromBot() {
		if m.Thread != want[i] {
			t.Errorf("%q went to thread %d, want %d", m.Text, m.Thread, want[i])
		}
	}
	if v := srv.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}

// A thread that was closed meanwhile, or a quote that is refused, costs nobody
// the answer or its buttons.
func TestAThreadThatIsGoneCostsNoAnswer(t *testing.T) {
	for _, why := range []string{"Bad Request: message thread not found", "Bad Request: TOPIC_CLOSED",
		"Bad Request: message to be replied not found"} {
		srv, c, _, u := desk(t, nil)
		srv.Fail("sendMessage", 1, telegramtest.Refusal(400, why))
		l := answerTo("m1t9", "*1* Cari\nPilih:")
		l.Send.Options, l.Send.Menu, l.Send.Quotes = []conversation.Option{search}, "menu", true
		mustSend(t, c, l)
		if m := u.FromBot(); len(m) != 1 || m[0].Thread != 0 || len(m[0].Keyboard) != 1 {
			t.Errorf("%s: got %+v", why, m)
		}
	}
}

func TestAnAnswerQuotesWhatItIsAbout(t *testing.T) {
	_, c, in, u := desk(t, nil)
	about := u.Photo("", []byte("jpg"))
	m := in.last(t, 2)
	l := answerTo(m.ID, strings.Repeat("Saya belum bisa membaca foto. ", 300))
	l.Send.Quotes = true
	mustSend(t, c, l)
	mustSend(t, c, answerTo(m.ID, "Pilih:"))
	got := u.FromBot()
	if len(got) != 4 || got[0].ReplyTo != about || got[1].ReplyTo != 0 || got[3].ReplyTo != 0 {
		t.Errorf("quotes: %d letters, %d %d %d, want %d once", len(got), got[0].ReplyTo, got[1].ReplyTo, got[3].ReplyTo,
			about)
	}
	u.Remove(about)
	again := answerTo(m.ID, "tentang foto yang sudah dihapus")
	again.Send.Quotes = true
	mustSend(t, c, again)
}

func TestNumbersCanBeCopied(t *testing.T) {
	_, c, _, u := desk(t, nil)
	l := letter("Tercatat dengan nomor *ADU-261126-07K*.")
	l.Send.Copy = []string{"ADU-261126-07K", "", strings.Repeat("9", 300)}
	mustSend(t, c, l)
	k := u.FromBot()[0].Keyboard
	if len(k) != 1 || k[0][0].Text != "Salin ADU-261126-07K" || k[0][0].Copy == nil ||
		k[0][0].Copy.Text != "ADU-261126-07K" {
		t.Errorf("got %+v", k)
	}
}

func TestAnEarlierLetterIsChanged(t *testing.T) {
	_, c, _, u := desk(t, nil)
	id := mustSend(t, c, letter("Kutipan sedang disiapkan (sekitar 10 detik)..."))
	to := conversation.Address(fmt.Sprint("telegram:", reader))
	if err := c.Edit(testContext(t), to, id, "Kutipan sudah dikirim."); err != nil {
		t.Fatal(err)
	}
	if m := u.FromBot()[0]; m.Text != "Kutipan sudah dikirim." || m.Edits != 1 {
		t.Errorf("got %+v", m)
	}
	if err := c.Edit(testContext(t), to, id, "Kutipan sudah dikirim."); err != nil {
		t.Errorf("changed to the same: %v", err)
	}
	u.Remove(u.FromBot()[0].ID)
	if err := c.Edit(testContext(t), to, id, "x"); err != nil {
		t.Errorf("deleted meanwhile: %v", err)
	}
}

func TestOriginsAreReadAsTheyWereWritten(t *testing.T) {
	for _, o := range []origin{{'m', 12, 0, ""}, {'m', 12, 7, ""}, {'b', 0, 0, "4382"}, {'b', 12, 7, "4382"},
		{'e', 12, 7, "1795"}} {
		got := originOf(o.String())
		got.extra = o.extra
		if got != o {
			t.Errorf("%q is read as %+v", o, got)
		}
	}
	for _, id := range []string{"", "m", "mx", "old.20261126", "k1.kicked", "r5.1.👍", "delivered:7", "m1t", "b12",
		"m99999999999999999999"} {
		if got := originOf(id); got.kind != 0 && id != "b12" {
			t.Errorf("%q is read as %+v", id, got)
		}
	}
}
