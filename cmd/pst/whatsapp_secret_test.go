package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pst/bot/whatsapp/whatsapptest"
)

// An anonymous complaint over WhatsApp: its receipt is a number and a PIN, another
// number reads the answers with them and adds to it, the Kasubbag answers from his own
// phone, and nothing that rests anywhere (database and write-ahead log, device file,
// the log at its most talkative) ties the ticket to a chat.
func TestAnonymousComplaintOnWhatsApp(t *testing.T) {
	t.Parallel()
	srv := whatsapptest.New(t)
	h := whatsappHouse(t, srv, nil, nil)
	said := &locked{}
	h.log = slog.New(slog.NewTextHandler(said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	people := map[string]*whatsapptest.Person{}
	const elsewhere, other = "6281200000031", "6281200000032"
	for _, phone := range []string{sitiPhone, kasubbagPhone, elsewhere, other} {
		people[phone] = srv.Person(phone, "Nama "+phone[9:])
	}
	w := startQuick(t, h, srv)
	siti, budi, cafe, nia := w.join(people[sitiPhone]), w.join(people[kasubbagPhone]), w.join(people[elsewhere]),
		w.join(people[other])
	say := func(c *chat, lines ...string) string {
		t.Helper()
		for _, l := range lines {
			c.say(l)
			w.settle()
		}
		return c.last().text
	}
	say(budi, "/start")
	say(nia, "halo") // others write as well
	const text, more = "Loket dua meminta uang fotokopi tanpa kuitansi", "Kejadiannya Senin pagi di loket dua"
	receipt := say(siti, "pengaduan", "1", "4", text, "kirim", "3", "1")
	id, pin := ticketIn.FindString(receipt), ""
	if m := pinIn.FindStringSubmatch(receipt); m != nil {
		pin = m[1]
	}
	if id == "" || pin == "" {
		t.Fatalf("no receipt with a PIN: %q", receipt)
	}
	heard := func(c *chat, words string) bool {
		for _, a := range c.got {
			if strings.Contains(a.text, words) {
				return true
			}
		}
		return false
	}
	until := func(c *chat, words string) { // staff are told of what is secret some seconds later
		t.Helper()
		soon(t, words, func() bool { w.settle(); return heard(c, words) })
	}
	leaks := func(moment string) {
		t.Helper()
		assertApart(t, h.data, moment, id, map[string]string{"text": text, "answer": more, "PIN": "PIN: *" + pin},
			srv, sitiPhone, elsewhere)
		assertLogApart(t, said.String(), moment, id, pin, []string{text, more}, srv, sitiPhone, elsewhere, other)
	}
	leaks("sent")
	until(budi, text)
	for _, a := range budi.got {
		if strings.Contains(a.text, sitiPhone[2:]) || strings.Contains(a.text, "Nama "+sitiPhone[9:]) ||
			strings.Contains(a.text, srv.LID(sitiPhone).User) {
			t.Errorf("the Kasubbag is told who it is: %q", a.text)
		}
	}
	if got := say(siti, "status"); strings.Contains(got, id) {
		t.Errorf("the chat is shown its ticket without the PIN: %q", got)
	}
	for _, wrong := range []string{"status " + id, "status " + id + " 000000"} {
		if got := say(cafe, wrong); strings.Contains(got, text) || strings.Contains(got, "BARU") {
			t.Errorf("%s: %q", wrong, got)
		}
	}
	for _, a := range budi.got {
		if strings.Contains(a.text, "PENGADUAN "+id) {
			a.quote("Terima kasih, bendahara kami tanyai hari ini")
		}
	}
	w.settle()
	if heard(siti, "bendahara") {
		t.Error("the answer was sent to the chat that complained")
	}
	if got := say(cafe, "status "+id+" "+pin); !strings.Contains(got, "bendahara kami tanyai") {
		t.Errorf("by number and PIN is read %q", got)
	}
	if got := say(cafe, "balas "+id+" "+pin+" "+more); !strings.Contains(got, "diteruskan") {
		t.Errorf("what was added is answered %q", got)
	}
	until(budi, more)
	leaks("added to")
	say(budi, "SELESAI "+id[len(id)-3:]+" uangnya dikembalikan")
	if got := say(cafe, "status "+id+" "+pin); !strings.Contains(got, "uangnya dikembalikan") {
		t.Errorf("after its end: %q", got)
	}
	leaks("closed")
	// A confidential one: its chat is answered, staff are not told who it is, and only
	// the key ties the two.
	const hidden = "Pak kepala seksi menyuruh saya menunggu tiga jam"
	receipt = say(nia, "pengaduan", "1", "4", hidden, "kirim", "2", "1")
	secret := ticketIn.FindString(receipt)
	if secret == "" || pinIn.MatchString(receipt) {
		t.Fatalf("receipt of a confidential complaint: %q", receipt)
	}
	until(budi, hidden)
	for _, a := range budi.got {
		if strings.Contains(a.text, other[2:]) || strings.Contains(a.text, "Nama "+other[9:]) ||
			strings.Contains(a.text, srv.LID(other).User) {
			t.Errorf("the Kasubbag is told who it is: %q", a.text)
		}
		if strings.Contains(a.text, "PENGADUAN "+secret) {
			a.quote("Kami minta maaf dan kami tegur")
		}
	}
	until(nia, "Kami minta maaf dan kami tegur")
	assertApart(t, h.data, "confidential", secret, map[string]string{"text": hidden, "answer": "kami tegur"}, srv, other)
	assertLogApart(t, said.String(), "confidential", secret, pin, []string{hidden}, srv, other)
	w.stop()
	leaks("after the program")
}

// assertApart looks into every file of a data folder for what must not stand there in
// clear, and for the ticket's number beside whoever complained or read.
func assertApart(t *testing.T, folder, moment, id string, never map[string]string, srv *whatsapptest.Server,
	phones ...string) {
	t.Helper()
	looked := 0
	err := filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || strings.Contains(path, "/index/") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		for what, words := range never {
			if bytes.Contains(raw, []byte(words)) {
				t.Errorf("%s: %s holds the %s in clear", moment, filepath.Base(path), what)
			}
		}
		if strings.HasPrefix(filepath.Base(path), "whatsapp.db") && bytes.Contains(raw, []byte(id)) {
			t.Errorf("%s: %s holds the ticket's number", moment, filepath.Base(path))
		}
		for _, at := range regexp.MustCompile(regexp.QuoteMeta(id)).FindAllIndex(raw, -1) {
			near := raw[max(0, at[0]-200):min(len(raw), at[1]+200)]
			for _, phone := range phones {
				if bytes.Contains(near, []byte(phone)) || bytes.Contains(near, []byte(srv.LID(phone).User)) {
					t.Errorf("%s: %s has the ticket beside %s: %q", moment, filepath.Base(path), phone, near)
				}
			}
		}
		return nil
	})
	if err != nil || looked < 4 {
		t.Errorf("%s: %d files, %v", moment, looked, err)
	}
}

// assertLogApart looks for words, numbers of tickets and people in the log.
func assertLogApart(t *testing.T, log, moment, id, pin string, words []string, srv *whatsapptest.Server,
	phones ...string) {
	t.Helper()
	for _, phone := range phones {
		words = append(words, phone, phone[2:], srv.LID(phone).User, fmt.Sprint("Nama ", phone[9:]))
	}
	for _, w := range append(words, id, " "+pin) {
		if strings.Contains(log, w) {
			t.Errorf("%s: the log shows %q", moment, w)
		}
	}
	if !strings.Contains(log, "level=") {
		t.Errorf("%s: nothing was logged at all", moment)
	}
}
