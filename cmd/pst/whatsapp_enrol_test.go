package main

import (
	"strings"
	"testing"

	"pst/bot/telegram/telegramtest"
	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

// A complaint that quotes a code, for the test's mail server keeps codes.
var complaining = []string{"pengaduan", "1", "3", "Kode verifikasi Anda: 246810 begitu lama datangnya", "kirim", "1",
	"Siti Aminah"}

const copyTo, copyCode = "bps1906@bps.go.id", "246810"

// To a Kasubbag who never wrote to the desk the desk may not write: the ticket
// is safe, a copy goes by mail at once, and the card arrives, once, after he wrote.
func TestForwardBeforeTheKasubbagHasWritten(t *testing.T) {
	t.Parallel()
	srv, letters := whatsapptest.New(t), startPost(t)
	h := whatsappHouse(t, srv, letters, nil)
	reader, staff := srv.Person(sitiPhone, "Siti"), srv.Person(kasubbagPhone, "Budi")
	w := startQuick(t, h, srv)
	siti, budi := w.join(reader), w.join(staff)
	for _, line := range append(complaining, "1") {
		siti.say(line)
		w.settle()
	}
	ticket := assertTicketSafe(t, w, siti.last().text)
	if letters.code(copyTo) != copyCode {
		t.Error("no copy came by mail")
	}
	if len(budi.got) != 0 {
		t.Errorf("the desk wrote first: %q", budi.last().text)
	}
	budi.say("halo")
	assertCardArrives(t, w, budi, ticket)
}

// When WhatsApp does not let the desk write to him although he wrote (463), it
// is the same.
func TestForwardWhileTheAccountIsLocked(t *testing.T) {
	t.Parallel()
	srv, letters, tg := whatsapptest.New(t), startPost(t), telegramtest.Start(t, telegramtest.Options{})
	h := whatsappHouse(t, srv, letters, tg)
	staff := srv.Person(kasubbagPhone, "Budi")
	w := startQuick(t, h, srv)
	budi, siti := w.join(staff), tg.User(sitiID)
	budi.say("halo")
	w.settle()
	for _, line := range complaining {
		siti.Say(line)
		settle(t, tg, w.loops)
	}
	budi.got = nil
	srv.FailAcks(deskPhone, 463, 1)
	siti.Say("1")
	settle(t, tg, w.loops)
	messages := siti.FromBot()
	ticket := assertTicketSafe(t, w, messages[len(messages)-1].Text)
	if letters.code(copyTo) != copyCode {
		t.Error("no copy came by mail")
	}
	budi.say("antrean")
	assertCardArrives(t, w, budi, ticket)
}

// assertTicketSafe returns the number of the ticket that the complainant was
// told, once it is found in the database.
func assertTicketSafe(t *testing.T, w *whatsappDesk, told string) string {
	t.Helper()
	id := ticketIn.FindString(told)
	k, err := w.desk.db.Ticket(t.Context(), id)
	if err != nil || len(k.Owners) != 1 || k.Owners[0].Role != conversation.Kasubbag ||
		!strings.Contains(k.Text, copyCode) {
		t.Fatalf("told %q; the ticket is %+v, %v", told, k, err)
	}
	return id
}

// assertCardArrives looks whether the Kasubbag, who has just written, has the
// card once and first, and may answer it.
func assertCardArrives(t *testing.T, w *whatsappDesk, budi *chat, ticket string) {
	t.Helper()
	w.settle()
	cards := 0
	for _, a := range budi.got {
		if strings.Contains(a.text, "*PENGADUAN "+ticket+"*") {
			cards++
		}
	}
	if cards != 1 || len(budi.got) != 2 || !strings.Contains(budi.got[0].text, "*PENGADUAN ") {
		t.Fatalf("the Kasubbag has the card %d times among %+v", cards, budi.got)
	}
	budi.got[0].quote("Besok lebih cepat.")
	w.settle()
	if got := budi.last().text; !strings.HasPrefix(got, ticket) || !strings.Contains(got, "DIPROSES. Dikirim ke pelapor") {
		t.Errorf("answered with %q", got)
	}
}
