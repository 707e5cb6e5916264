package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"pst/bot/telegram/telegramtest"
	"pst/bot/whatsapp/whatsapptest"
)

const (
	rinaID    = 88002
	rinaPhone = "6281200000010"
)

// picture is a photo's bytes: they must arrive as they were.
var picture = []byte("\xff\xd8\xff\xe0 a picture of the tests")

// party is one person in one of the platforms, as the tests of staff need them.
type party struct {
	t          *testing.T
	say        func(text string)
	photo      func(caption string)
	quote      func(of, text string) // the newest message of the desk that has the words
	quotePhoto func(of, caption string)
	voice      func()
	edit       func(text string)        // what was said last
	press      func(of, caption string) // nil where there are no buttons
	heard      func() []string          // all from the desk; "[foto]" before the caption of a picture that is whole
	seen       int
}

// hears checks that what came since the last look has all these words, each in
// one message.
func (p *party) hears(what string, words ...string) {
	p.t.Helper()
	all := p.heard()
	fresh := all[p.seen:]
	p.seen = len(all)
	for _, w := range words {
		found := false
		for _, m := range fresh {
			found = found || strings.Contains(m, w)
		}
		if !found {
			p.t.Errorf("%s: nothing has %q, but %q", what, w, fresh)
		}
	}
}

// hearsNothing checks that nothing came since the last look.
func (p *party) hearsNothing(what string) {
	p.t.Helper()
	all := p.heard()
	if fresh := all[p.seen:]; len(fresh) > 0 {
		p.t.Errorf("%s: came %q", what, fresh)
	}
	p.seen = len(all)
}

// card is the ticket that a card is about.
func (p *party) card() string {
	p.t.Helper()
	id := ""
	for _, m := range p.heard() {
		if strings.Contains(m, "*PENGADUAN ") || strings.Contains(m, "PENGADUAN ADU-") {
			id = ticketIn.FindString(m)
		}
	}
	if id == "" {
		p.t.Fatal("no card came")
	}
	return id
}

// moreStaff adds the second contact to a house.
func moreStaff(t *testing.T, h *house, address string) {
	t.Helper()
	file, err := os.OpenFile(h.path("pst.toml"), os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = fmt.Fprintf(file, "[[staff]]\nname = \"Bu Rina\"\nrole = \"kedua\"\naddresses = [%q]\n", address)
	}
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The Kasubbag answers a complaint from his own chat in all the ways there are, and
// the reader has each answer; what cannot be sent is said to be not sent.
func staffAnswers(t *testing.T, siti, budi, rina *party, settle func()) {
	t.Helper()
	then := func(do func()) { t.Helper(); do(); settle() }
	then(func() { budi.say("/start") })
	then(func() { rina.say("halo") })
	for _, line := range []string{"pengaduan", "1", "sarana dan prasarana", "Keran di kamar kecil bocor"} {
		then(func() { siti.say(line) })
	}
	then(func() { siti.photo("ini fotonya") })
	for _, line := range []string{"kirim", "1", "Siti Aminah", "1"} { // a secret one is told seconds later
		then(func() { siti.say(line) })
	}
	id := budi.card()
	tail := id[len(id)-3:]
	budi.hears("the card", "Keran di kamar kecil bocor", "Pelapor: Siti Aminah", "Foto: 1")
	siti.hears("the receipt", id)
	rina.hears("the list of commands", "ANTREAN")

	if budi.press != nil {
		then(func() { budi.press("PENGADUAN "+id, "TERIMA") })
		siti.hears("TERIMA by its button", "sudah diterima petugas")
		budi.hears("TERIMA by its button", id, "DITERIMA")
		then(func() { budi.say("TERIMA " + tail + " kami cek siang ini") })
		siti.hears("TERIMA with words afterwards", "kami cek siang ini")
	} else {
		then(func() { budi.quote("PENGADUAN", "TERIMA kasih atas laporannya, kami cek siang ini") })
		siti.hears("a quote that begins so", "TERIMA kasih atas laporannya, kami cek siang ini")
	}
	budi.hears("TERIMA with words", "kami cek siang ini")

	then(func() { budi.say("Besok pagi tukangnya datang") })
	siti.hearsNothing("plain words before the yes")
	budi.hears("plain words", "Belum terkirim", id, "Besok pagi tukangnya datang")
	if budi.press != nil {
		then(func() { budi.press("Belum terkirim", "Ya, kirim") })
	} else {
		then(func() { budi.say("ya") })
	}
	siti.hears("plain words", "Besok pagi tukangnya datang")
	budi.hears("plain words", "Dikirim ke pelapor")

	then(func() { budi.edit("Lusa tukangnya datang") })
	budi.hears("an edit", "Suntingan pesan tidak diteruskan")
	siti.hearsNothing("an edit")
	then(budi.voice)
	budi.hears("a voice note", "Belum ada yang terkirim")
	siti.hearsNothing("a voice note")
	then(func() { budi.quotePhoto("PENGADUAN", "Ini kerannya yang baru") })
	siti.hears("a quoted photo", "Ini kerannya yang baru", "[foto]")
	budi.hears("a quoted photo", "Ini kerannya yang baru", "dengan foto")

	then(func() { budi.say("lihat " + tail) })
	budi.hears("LIHAT", "PENGADUAN "+id, "Besok pagi tukangnya datang", "Ini kerannya yang baru")
	then(func() { budi.say("lampiran " + tail) })
	budi.hears("LAMPIRAN", "1 foto dikirim", "[foto]")
	then(func() { budi.say("templat") })
	budi.hears("TEMPLAT", "#terimakasih")
	then(func() { budi.say("balas " + tail + " #maaf") })
	siti.hears("a short answer", "Mohon maaf atas ketidaknyamanannya")

	siti.hearsNothing("before she is handed on")
	budi.hears("a short answer", "Mohon maaf")
	then(func() { rina.say("lihat " + tail) })
	rina.hears("a ticket that is not hers", "tidak ditemukan")
	then(func() { budi.say("teruskan " + tail + " bu rina") })
	rina.hears("TERUSKAN", "Diteruskan Pak Budi", "Keran di kamar kecil bocor", "Ini kerannya yang baru")
	budi.hears("TERUSKAN", "diteruskan kepada Bu Rina")
	then(func() { rina.quote("Keran di kamar kecil", "Anggarannya sudah saya setujui") })
	siti.hears("the second contact's answer", "Anggarannya sudah saya setujui")
	budi.hears("the second contact's answer", "Bu Rina", "Anggarannya sudah saya setujui")

	then(func() { siti.quote("Anggarannya", "Terima kasih banyak Bu") })
	budi.hears("the reader's answer", "| Terima kasih banyak Bu")
	rina.hears("the reader's answer", "Dikirim ke pelapor", "| Terima kasih banyak Bu")
	then(func() { budi.say("SELESAI " + tail + " kerannya sudah diganti") })
	siti.hears("SELESAI", "Dinyatakan selesai", "kerannya sudah diganti")
	rina.hears("SELESAI", "Pak Budi: SELESAI")
	budi.hears("SELESAI", "SELESAI. Dikirim ke pelapor")
}

func TestStaffAnswerOnTelegram(t *testing.T) {
	t.Parallel()
	tg := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, tg, nil)
	moreStaff(t, h, fmt.Sprintf("telegram:%d", rinaID))
	_, loops := startUnpaced(t, h)
	person := func(id int64) *party {
		u := tg.User(id)
		find := func(of string) int {
			for _, m := range reversed(u.FromBot()) {
				if strings.Contains(m.Text, of) {
					return m.ID
				}
			}
			t.Fatalf("%d has no message with %q", id, of)
			return 0
		}
		last := 0
		return &party{t: t,
			say:        func(text string) { last = u.Say(text) },
			photo:      func(caption string) { u.Photo(caption, picture) },
			quote:      func(of, text string) { u.Reply(find(of), text) },
			quotePhoto: func(of, caption string) { u.ReplyPhoto(find(of), caption, picture) },
			voice:      func() { u.Voice() },
			edit:       func(text string) { u.Edit(last, text) },
			press: func(of, caption string) {
				if _, err := u.PressOn(find(of), caption); err != nil {
					t.Errorf("%s under %q: %v", caption, of, err)
				}
			},
			heard: func() (out []string) {
				for _, m := range u.FromBot() {
					text := m.Text
					if m.File != nil && bytes.Equal(m.File.Data, picture) {
						text = "[foto] " + text
					}
					out = append(out, text)
				}
				return out
			}}
	}
	wait := func() { settle(t, tg, loops) }
	siti, stranger := person(sitiID), person(77001)
	stranger.say("ID SAYA")
	wait()
	stranger.hears("ID SAYA before anything is configured", "telegram:77001")
	staffAnswers(t, siti, person(kasubbagID), person(rinaID), wait)
}

func TestStaffAnswerOnWhatsApp(t *testing.T) {
	t.Parallel()
	srv := whatsapptest.New(t)
	h := whatsappHouse(t, srv, nil, nil)
	moreStaff(t, h, "whatsapp:"+rinaPhone)
	people := map[string]*whatsapptest.Person{}
	for phone, name := range map[string]string{sitiPhone: "Siti", kasubbagPhone: "Budi", rinaPhone: "Rina",
		"6281200000077": "Nia"} {
		people[phone] = srv.Person(phone, name)
	}
	w := startQuick(t, h, srv)
	person := func(phone string) *party {
		c := w.join(people[phone])
		find := func(of string) arrived {
			for _, a := range reversed(c.got) {
				if strings.Contains(a.text, of) {
					return a
				}
			}
			t.Fatalf("%s has no message with %q", phone, of)
			return arrived{}
		}
		last := ""
		return &party{t: t,
			say:        func(text string) { last = c.Say(deskPhone, text); c.Delivered(last) },
			photo:      func(caption string) { c.Delivered(c.Photo(deskPhone, caption, picture, nil)) },
			quote:      func(of, text string) { find(of).quote(text) },
			quotePhoto: func(of, caption string) { find(of).show(caption, picture) },
			voice:      func() { c.Delivered(c.Voice(deskPhone)) },
			edit:       func(text string) { c.Delivered(c.Edit(deskPhone, last, text)) },
			heard: func() (out []string) {
				for _, a := range c.got {
					text := a.text
					if a.photo && bytes.Equal(a.download(), picture) {
						text = "[foto] " + text
					}
					out = append(out, text)
				}
				return out
			}}
	}
	siti, stranger := person(sitiPhone), person("6281200000077")
	stranger.say("id saya")
	w.settle()
	stranger.hears("ID SAYA before anything is configured", "Alamat chat ini: whatsapp:")
	text := stranger.heard()[0]
	_, address, _ := strings.Cut(text, "Alamat chat ini: ")
	address, _, _ = strings.Cut(address, " ")
	if _, err := staffAddress(address); err != nil {
		t.Errorf("the address told cannot be configured: %v", err)
	}
	staffAnswers(t, siti, person(kasubbagPhone), person(rinaPhone), w.settle)
}

// reversed is a list from its end.
func reversed[T any](list []T) []T {
	out := make([]T, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		out = append(out, list[i])
	}
	return out
}
