package main

import (
	"strings"
	"testing"

	"pst/bot/whatsapp/whatsapptest"
)

// A reader whom WhatsApp shows under one address and later under the other is
// one reader in one chat, and has the 20% once.
func TestReaderInBothAddressesIsOneReaderWithOneCap(t *testing.T) {
	const as, then = 0, 1
	for _, c := range []struct {
		name  string
		forms [2]whatsapptest.Addressing
	}{
		{"LID alone, then the number with its LID", [2]whatsapptest.Addressing{whatsapptest.AsLIDOnly, whatsapptest.AsPhone}},
		{"LID alone, then the number alone", [2]whatsapptest.Addressing{whatsapptest.AsLIDOnly, whatsapptest.AsPhoneOnly}},
		{"number alone, then the LID with its number", [2]whatsapptest.Addressing{whatsapptest.AsPhoneOnly,
			whatsapptest.AsLID}},
		{"number alone, then the LID alone", [2]whatsapptest.Addressing{whatsapptest.AsPhoneOnly, whatsapptest.AsLIDOnly}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv, letters := whatsapptest.New(t), startPost(t)
			h := whatsappHouse(t, srv, letters, nil)
			reader := srv.Person(sitiPhone, "Siti")
			srv.Address(sitiPhone, c.forms[as])
			w := startQuick(t, h, srv)
			siti := w.join(reader)
			write := func(lines ...string) string {
				for _, line := range lines {
					siti.say(siti.fill(line, letters))
					w.settle()
				}
				return siti.last().text
			}
			write("jumlah penduduk gantung 2023", "1", "Siti Aminah", "1", "1906014107980003", "siti.aminah@gmail.com", "{kode}",
				"1", "daring, 1", "1", "2", "12-13", "1", "lewati", "1", "1998", "2", "4", "1", "lewati", "1", "lewati")
			srv.Address(sitiPhone, c.forms[then])
			write("halo", "menu")
			if said := write("jumlah penduduk gantung 2023"); strings.Contains(said, "*Buku tamu.*") {
				write("daring, 1") // a chat that began as a stranger's has signed no guest book
			}
			if said := write("1", "2"); !strings.Contains(said, "Sisa hak kutip: 1 dari 3 halaman") {
				t.Errorf("the reader is told %q", said)
			}
			write("10, 14")
			write("14", "1")
			db := w.desk.db
			s, err := db.Session(t.Context(), lidOf(srv, sitiPhone))
			if err != nil || s.Reader == 0 {
				t.Fatalf("the chat under the LID has reader %d, %v", s.Reader, err)
			}
			if other, err := db.Session(t.Context(), numberOf(sitiPhone)); err != nil || other.Version != 0 {
				t.Errorf("a second chat is left: %+v, %v", other, err)
			}
			if next, err := db.NextReaderID(t.Context()); err != nil || next != s.Reader+1 || s.Reader != 1 {
				t.Errorf("%d readers were made, %v", next-1, err)
			}
			if chats, err := db.Chats(t.Context(), s.Reader); err != nil || len(chats) != 1 {
				t.Errorf("the reader has %d chats, %v", len(chats), err)
			}
			excerpts, err := db.Excerpts(t.Context(), s.Reader)
			if err != nil || len(excerpts) != 2 || len(siti.documents()) != 2 {
				t.Fatalf("%d excerpts, %d files, %v", len(excerpts), len(siti.documents()), err)
			}
			if owned, err := db.Owned(t.Context(), s.Reader, excerpts[0].Publication); err != nil || owned.String() != "12-14" {
				t.Errorf("the reader owns %s, %v", owned, err)
			}
		})
	}
}
