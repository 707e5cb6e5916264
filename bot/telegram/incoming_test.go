package telegram

import (
	"fmt"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

func TestWhatPeopleSendBecomesOneMessageEach(t *testing.T) {
	tests := map[string]struct {
		send       func(*telegramtest.User)
		kind       conversation.Kind
		text, mime string
	}{
		"plain text": {func(u *telegramtest.User) { u.Say("penduduk 2024") }, conversation.Text, "penduduk 2024", ""},
		"a command":  {func(u *telegramtest.User) { u.Say("/menu") }, conversation.Text, "/menu", ""},
		"a command with the bot's name": {func(u *telegramtest.User) { u.Say("/menu@PstUjiBot") },
			conversation.Text, "/menu", ""},
		"a command with name and words": {func(u *telegramtest.User) { u.Say("/status@PstUjiBot ADU-261123-07K") },
			conversation.Text, "/status ADU-261123-07K", ""},
		"a deep link": {func(u *telegramtest.User) { u.Say("/start pub_5ad98e0fce") }, conversation.Text,
			"/start pub_5ad98e0fce", ""},
		"an e-mail address is no command": {func(u *telegramtest.User) { u.Say("siti@example.org") },
			conversation.Text, "siti@example.org", ""},
		"a path is left alone": {func(u *telegramtest.User) { u.Say("/ siti@example.org") },
			conversation.Text, "/ siti@example.org", ""},
		"a photo": {func(u *telegramtest.User) { u.Photo("KTP saya", []byte("jpg")) }, conversation.Image,
			"KTP saya", "image/jpeg"},
		"a PDF": {func(u *telegramtest.User) { u.Document("a.pdf", "ini", []byte("%PDF")) },
			conversation.Document, "ini", "application/pdf"},
		"a voice note": {func(u *telegramtest.User) { u.Voice() }, conversation.Voice, "", "audio/ogg"},
		"a sticker":    {func(u *telegramtest.User) { u.Sticker("👍") }, conversation.Sticker, "👍", ""},
		"one's own contact": {func(u *telegramtest.User) { u.Contact("+628120000001", u.ID()) }, conversation.Contact,
			"+628120000001", ""},
		"another's contact": {func(u *telegramtest.User) { u.Contact("+628120000002", 99) }, conversation.Unsupported, "",
			""},
		"a contact of nobody at Telegram": {func(u *telegramtest.User) { u.Contact("+628120000002", 0) },
			conversation.Unsupported, "", ""},
		"a reaction": {func(u *telegramtest.User) { u.React(1, "👍") }, conversation.Reaction, "👍", ""},
		"blocking":   {func(u *telegramtest.User) { u.Block() }, conversation.Away, "", ""},
		"unblocking": {func(u *telegramtest.User) { u.Unblock() }, conversation.Back, "", ""},
	}
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	run(t, mustNew(t, srv, nil), in)
	await(t, "the bot asks for all kinds", srv.Polling)
	n := 0
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			n++
			u := srv.User(int64(reader + n))
			begin := time.Now().Truncate(time.Second)
			test.send(u)
			m := in.last(t, n)
			if m.Kind != test.kind || m.Text != test.text {
				t.Errorf("got %s %q, want %s %q", m.Kind, m.Text, test.kind, test.text)
			}
			if mime := ""; m.Media != nil {
				if mime = m.Media.MIME; mime != test.mime || m.Media.Ref == "" {
					t.Errorf("media %+v, want %s", m.Media, test.mime)
				}
			} else if test.mime != "" {
				t.Error("media is missing")
			}
			if m.From != address(u.ID()) || m.ID == "" || m.SentAt.Before(begin) || m.SentAt.After(time.Now()) {
				t.Errorf("address, ID or time is wrong: %+v", m)
			}
		})
	}
}

func TestAQuoteNamesTheMessageAsSendDid(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	c := mustNew(t, srv, nil)
	run(t, c, in)
	u := srv.User(reader)
	u.Say("/start")
	in.wait(t, 1)
	id := mustSend(t, c, letter("Balasan petugas"))
	var n int
	if _, err := fmt.Sscan(id, &n); err != nil {
		t.Fatal(err)
	}
	u.Reply(n, "terima kasih")
	if m := in.last(t, 2); m.Quoted != id {
		t.Errorf("quoted %q, want %q", m.Quoted, id)
	}
}

func TestAnEditIsAnsweredAndTakesNoAnswersPlace(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	run(t, mustNew(t, srv, nil), in)
	await(t, "the bot asks for edits", srv.Polling)
	u := srv.User(reader)
	u.Edit(u.Say("Sti"), "Siti")
	got := in.wait(t, 2)
	if got[0].Text != "Sti" || got[1].Kind != conversation.Edited || got[1].Text != "Siti" {
		t.Errorf("got %+v", got)
	}
}

func TestMessagesThatWaitedTooLongAreOneBacklogEach(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	u, v := srv.User(reader), srv.User(7)
	for range 5 {
		u.Say("ada orang?")
	}
	v.Say("halo")
	srv.Advance(13 * time.Hour)
	u.Say("sekarang")
	in := newInbox()
	run(t, mustNew(t, srv, nil), in)
	await(t, "all confirmed", func() bool { return srv.Pending() == 0 })
	kinds := map[string]int{}
	for _, m := range in.wait(t, 3) {
		kinds[fmt.Sprint(m.From, m.Kind, m.Text)]++
	}
	// One a day: the five may have been said over midnight.
	if n := kinds["telegram:3527065backlog"]; n < 1 || n > 2 || kinds["telegram:7backlog"] != 1 ||
		kinds["telegram:3527065textsekarang"] != 1 {
		t.Errorf("got %v", kinds)
	}
}

func TestGroupsHearOneLineAndThenSilence(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	u := srv.User(reader)
	run(t, mustNew(t, srv, nil), in)
	await(t, "polling", srv.Polling)
	g := srv.Group(-100123, u)
	m, err := g.Members().NextWith(testContext(t), "https://t.me/PstUjiBot?start=grup")
	if err != nil {
		t.Fatal(err)
	}
	if m.Text == "" {
		t.Error("no line")
	}
	g.Say(u, "/start@PstUjiBot")
	g.Say(u, "halo semua")
	u.Say("pribadi")
	if got := in.wait(t, 1); got[0].Text != "pribadi" {
		t.Errorf("the inbox was told of the group: %+v", got)
	}
	if n := srv.Count("sendMessage", 0); n != 1 {
		t.Errorf("the group got %d messages", n)
	}
}

func FuzzUpdatesNeverPanicAndNeverReachTheInboxWithoutAnAddress(f *testing.F) {
	for _, s := range []string{
		`{"update_id":1,"message":{"message_id":1,"date":1,"from":{"id":1},"chat":{"id":1,"type":"private"},"text":"/start@b x"}}`,
		`{"update_id":1,"callback_query":{"id":"1","from":{"id":1},"message":{"message_id":1,"chat":{"id":1,"type":"private"}},"data":"x"}}`,
		`{"update_id":1,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"from":{"id":1},"photo":[{}],"contact":{}}}`,
		`{"update_id":1,"my_chat_member":{"chat":{"id":1,"type":"private"},"new_chat_member":{"status":"kicked"}}}`,
		`{"update_id":1,"message_reaction":{"chat":{"id":1,"type":"private"},"user":{"id":1},"new_reaction":[{"emoji":"x"}]}}`,
		`{"update_id":1,"edited_message":{"chat":{"id":1,"type":"private"},"from":{"id":1},"text":"x"}}`,
		`{}`, `[]`, `null`, `{"update_id":"1"}`,
	} {
		f.Add([]byte(s))
	}
	c, err := New(Config{Token: telegramtest.DefaultToken})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := decode(raw)
		if err != nil {
			return
		}
		got := c.read(u)
		if got.message == nil {
			return
		}
		if _, err := conversation.ParseAddress(string(got.message.From)); err != nil || got.message.ID == "" ||
			got.message.Kind.Internal() {
			t.Errorf("made %+v", got.message)
		}
	})
}

func TestWhatNobodyWroteIsNotAnswered(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	run(t, mustNew(t, srv, nil), in)
	await(t, "polling", srv.Polling)
	const from = `"message_id":$ID,"date":4102444800,"from":{"id":3527065,"first_name":"S"},"chat":{"id":3527065,"type":"private"}`
	for _, field := range serviceFields {
		value := "{}"
		switch field {
		case "new_chat_members", "new_chat_photo":
			value = "[]"
		case "migrate_to_chat_id", "migrate_from_chat_id":
			value = "7"
		case "new_chat_title", "connected_website":
			value = `"x"`
		case "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created":
			value = "true"
		}
		srv.Raw(`{"update_id":$ID,"message":{` + from + `,"` + field + `":` + value + `}}`)
	}
	for _, field := range []string{"story", "checklist", "paid_media", "video", "location", "poll", "a_kind_of_tomorrow"} {
		srv.Raw(`{"update_id":$ID,"message":{` + from + `,"` + field + `":{}}}`)
	}
	for _, absent := range []string{"null", "false"} { // as some servers write what is not there
		srv.Raw(`{"update_id":$ID,"message":{` + from + `,"sticker":{},"pinned_message":` + absent +
			`,"group_chat_created":` + absent + `}}`)
	}
	await(t, "all confirmed", func() bool { return srv.Pending() == 0 })
	got := in.wait(t, 9)
	if len(got) != 9 {
		t.Errorf("%d messages are answered, want the 9 that somebody sent: %+v", len(got), got)
	}
	for _, m := range got {
		if m.Kind != conversation.Unsupported && m.Kind != conversation.Sticker {
			t.Errorf("got %+v", m)
		}
	}
}

// A field of another type than expected costs nobody their answer: what can be read
// is, and the rest is a kind of message that is not known yet.
func TestAnOddFieldCostsNobodyTheirAnswer(t *testing.T) {
	const from = `"message_id":$ID,"date":4102444800,"from":{"id":3527065,"first_name":"S"},"chat":{"id":3527065,"type":"private"}`
	for name, test := range map[string]struct{ fields, want string }{
		"beside the words": {`"text":"jumlah penduduk","forward_date":"kemarin","entities":{"a":1}`,
			"text jumlah penduduk"},
		"in what it answers":  {`"text":"ya","reply_to_message":[1]`, "text ya"},
		"in a voice note":     {`"voice":{"file_id":"a","duration":1.5}`, "voice "},
		"the words":           {`"text":{"plain":"halo"}`, "unsupported "},
		"a caption of a film": {`"caption":["halo"],"video":{"file_id":"a","width":"x"}`, "unsupported "},
	} {
		t.Run(name, func(t *testing.T) {
			srv, _, in, _ := desk(t, nil)
			srv.Raw(`{"update_id":$ID,"message":{` + from + `,` + test.fields + `}}`)
			if m := in.last(t, 2); string(m.Kind)+" "+m.Text != test.want {
				t.Errorf("got %s %q, want %q", m.Kind, m.Text, test.want)
			}
		})
	}
}

func TestACommandForAnotherBotIsNotForUs(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	c := mustNew(t, srv, nil)
	run(t, c, in)
	await(t, "the name is known", func() bool { return c.name.Load() != nil })
	u := srv.User(reader)
	for _, text := range []string{"/start@other_bot", "/menu@other_bot apa", "/start@PstUjiBot", "/menu@pstujibot",
		"nama@example.org", "/cari a@b"} {
		u.Say(text)
	}
	g := srv.Group(-100123, u)
	if _, err := g.Members().NextWith(testContext(t), "t.me"); err != nil { // greeted when it was added
		t.Fatal(err)
	}
	got := in.wait(t, 4)
	var texts []string
	for _, m := range got {
		texts = append(texts, m.Text)
	}
	if fmt.Sprint(texts) != "[/start /menu nama@example.org /cari a@b]" {
		t.Errorf("got %q", texts)
	}
}
