package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

// The whole journey of the transcript, between two real clients and however
// WhatsApp addresses them, ends in the same states, the same answers to whom,
// and the same records as in a terminal.
func TestWhatsAppJourneyIsTheTerminals(t *testing.T) {
	t.Parallel()
	// The desk writes to nobody first; the Kasubbag enrols by writing.
	steps := append([]said{{staff: true, text: "/start"}}, journey(t)...)
	want := inTerminal(t, steps)
	for _, c := range []struct {
		name           string
		siti, kasubbag whatsapptest.Addressing
	}{
		{"by LID", whatsapptest.AsLID, whatsapptest.AsLID},
		{"by phone number", whatsapptest.AsPhone, whatsapptest.AsPhone},
		{"by LID alone and phone number alone", whatsapptest.AsLIDOnly, whatsapptest.AsPhoneOnly},
		{"by phone number alone and LID alone", whatsapptest.AsPhoneOnly, whatsapptest.AsLIDOnly},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := onWhatsApp(t, steps, c.siti, c.kasubbag); got != want {
				t.Errorf("WhatsApp differs from the terminal: %s", firstDifference(want, got))
			}
		})
	}
}

// onWhatsApp is the journey on the test server, over the program's own parts.
func onWhatsApp(t *testing.T, steps []said, sitiAs, kasubbagAs whatsapptest.Addressing) string {
	t.Helper()
	srv, letters := whatsapptest.New(t), startPost(t)
	h := whatsappHouse(t, srv, letters, nil)
	reader, staff := srv.Person(sitiPhone, "Siti"), srv.Person(kasubbagPhone, "Budi")
	srv.Address(sitiPhone, sitiAs)
	srv.Address(kasubbagPhone, kasubbagAs)
	w := startQuick(t, h, srv)
	siti, budi := w.join(reader), w.join(staff)
	var o outcome
	address := func() conversation.Address { // a number alone becomes a LID once that is learnt
		if s, err := w.desk.db.Session(t.Context(), lidOf(srv, sitiPhone)); err != nil || s.Version > 0 {
			return lidOf(srv, sitiPhone)
		}
		return numberOf(sitiPhone)
	}
	for _, s := range steps {
		from := siti
		if s.staff {
			from = budi
		}
		before := [2]int{len(siti.got), len(budi.got)}
		if text := from.fill(s.text, letters); s.quoting {
			from.last().quote(text)
		} else if s.staff && strings.Contains(s.text, "{kutipan}") {
			from.say(siti.fill(s.text, letters)) // the Kasubbag reads it on paper
		} else {
			from.say(text)
		}
		w.settle()
		o.step(t, w.desk.db, s, address(), numberOf(kasubbagPhone), [2]int{len(siti.got) - before[0],
			len(budi.got) - before[1]})
	}
	if s, err := w.desk.db.Session(t.Context(), numberOf(sitiPhone)); err != nil || s.Version > 0 {
		t.Errorf("a second chat is left under the number: %+v, %v", s, err)
	}
	assertRecorded(t, w, siti)
	told := o.records(t, w.desk.db, address(), time.Now())
	data := siti.documents()[0].download()
	for says, data := range map[string][]byte{
		"*sama* dengan yang kami kirim": data,
		"*berubah sesudah kami kirim*":  append(bytes.Clone(data), '\n'),
		"bukan berkas yang kami kenal":  []byte("%PDF-1.7 surat"),
	} {
		siti.Delivered(siti.Document(deskPhone, "berkas.pdf", data))
		w.settle()
		if last := siti.last().text; !strings.Contains(last, says) {
			t.Errorf("a file sent back: %q, want %q", last, says)
		}
	}
	return told
}

// assertRecorded holds the PDF that arrived against what the database says was
// handed over: byte for byte, by its SHA-256.
func assertRecorded(t *testing.T, w *whatsappDesk, reader *chat) {
	t.Helper()
	files := reader.documents()
	if len(files) != 1 {
		t.Fatalf("%d files arrived", len(files))
	}
	data := files[0].download()
	arrived := filepath.Join(t.TempDir(), "arrived.pdf")
	if err := os.WriteFile(arrived, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if n := pagesOf(t, arrived); n != 3 || files[0].pages != 3 {
		t.Errorf("%d pages arrived, announced as %d", n, files[0].pages)
	}
	if !strings.HasSuffix(files[0].name, "_hal12-14_"+excerptIn.FindStringSubmatch(files[0].text)[1]+".pdf") {
		t.Errorf("the file is called %q, under it stands %q", files[0].name, files[0].text)
	}
	// The hash is for a dispute and asked for by nobody in the program, so it is
	// looked for in a copy of the database.
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := w.desk.db.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	if !bytes.Contains(text, []byte(hex.EncodeToString(sum[:]))) {
		t.Errorf("the file that arrived, SHA-256 %x, is not the one recorded", sum)
	}
}

// A complaint made on Telegram is answered from WhatsApp, and what the
// complainant answers back arrives there again.
func TestComplaintOnTelegramIsAnsweredFromWhatsApp(t *testing.T) {
	t.Parallel()
	srv, tg := whatsapptest.New(t), telegramtest.Start(t, telegramtest.Options{})
	h := whatsappHouse(t, srv, nil, tg)
	staff := srv.Person(kasubbagPhone, "Budi")
	w := startQuick(t, h, srv)
	budi, siti := w.join(staff), tg.User(sitiID)
	both := func() { settle(t, tg, w.loops); w.settle() }
	budi.say("/start")
	both()
	for _, line := range []string{"pengaduan", "1", "3", "Saya menunggu satu jam di ruang PST", "kirim", "1",
		"Siti Aminah", "1"} {
		siti.Say(line)
		both()
	}
	if card := budi.last().text; !strings.Contains(card, "*PENGADUAN ADU-") || !strings.Contains(card, "lewat Telegram") {
		t.Fatalf("the Kasubbag has %q", card)
	}
	budi.last().quote("Mulai besok selalu ada yang berjaga.")
	both()
	messages := siti.FromBot()
	relayed := messages[len(messages)-1]
	if !strings.Contains(relayed.Text, "Balasan petugas: Mulai besok selalu ada yang berjaga.") {
		t.Fatalf("the complainant has %q", relayed.Text)
	}
	siti.Reply(relayed.ID, "Terima kasih, sudah jelas.")
	both()
	if got := budi.last().text; !strings.Contains(got, "Dari pelapor:\n| Terima kasih, sudah jelas.") {
		t.Errorf("the Kasubbag has %q", got)
	}
}
