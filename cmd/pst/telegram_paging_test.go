package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// A person with two result lists on the screen pages each of them in place, and
// presses a hit of the older one.
func TestTelegramListsArePagedInPlace(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, srv, nil)
	file, err := os.OpenFile(h.path("pst.toml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(file, "[search]\nopen_to_unregistered = true")
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := h.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var books []conversation.Publication
	for _, what := range []string{"Pariwisata", "Perikanan"} {
		for _, where := range []string{"Dermaga", "Museum", "Pasar", "Pantai", "Penginapan", "Warung", "Pulau", "Bandara"} {
			books = append(books, conversation.Publication{ID: strings.ToLower(what + "-" + where), Office: "1906", Year: 2020,
				Title: "Statistik " + what + " " + where + " Contoh 2020"})
		}
	}
	if _, err := before.db.SavePublications(t.Context(), books); err != nil {
		t.Fatal(err)
	}
	if err := before.catalogue.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := before.close(); err != nil {
		t.Fatal(err)
	}
	_, loops := startUnpaced(t, h)
	u := srv.User(sitiID)
	say := func(text string) telegramtest.Message {
		u.Say(text)
		settle(t, srv, loops)
		all := u.FromBot()
		return all[len(all)-1]
	}
	on := func(m telegramtest.Message, caption string) {
		t.Helper()
		if _, err := u.PressOn(m.ID, caption); err != nil {
			t.Fatalf("%v among %q", err, m.Buttons())
		}
		settle(t, srv, loops)
	}
	shown := func(id int) string {
		for _, m := range u.FromBot() {
			if m.ID == id {
				line, _, _ := strings.Cut(m.Text[strings.Index(m.Text, "Hasil "):], " dari")
				return strings.TrimPrefix(line, "Hasil ") + " " + strings.Join(m.Buttons(), "|")
			}
		}
		return ""
	}
	say("/start")
	older := say("pariwisata")
	if got := shown(older.ID); got != "1-5 1|2|3|4|5|Lanjut ›|Kembali" {
		t.Fatalf("the list shows %s", got)
	}
	newer := say("perikanan")
	letters := len(u.FromBot())
	on(older, "Lanjut ›")
	u.PressData(older.ID, older.Keyboard[1][0].Data) // a second tap, on the screen before
	settle(t, srv, loops)
	if got := shown(older.ID); !strings.HasPrefix(got, "6-") || !strings.HasSuffix(got, "|« Awal|‹ Mundur|Kembali") {
		t.Errorf("two taps on Lanjut show %s", got)
	}
	if got := shown(newer.ID); !strings.HasPrefix(got, "1-5 ") {
		t.Errorf("the other list shows %s", got)
	}
	for _, m := range u.FromBot() {
		if m.ID == older.ID {
			older = m
		}
	}
	on(older, "‹ Mundur")
	if got := shown(older.ID); !strings.HasPrefix(got, "1-5 ") {
		t.Errorf("a page back shows %s", got)
	}
	on(newer, "Lanjut ›")
	if got := shown(newer.ID); !strings.HasPrefix(got, "6-") {
		t.Errorf("the newer list shows %s", got)
	}
	if n := len(u.FromBot()); n != letters {
		t.Errorf("paging made %d new messages", n-letters)
	}
	on(older, "2")
	if all := u.FromBot(); len(all) == letters || strings.Contains(all[len(all)-1].Text, "tidak berlaku") {
		t.Errorf("a hit of the older list leads to %q", all[len(all)-1].Text)
	}
	if v := srv.Violations(); len(v) > 0 {
		t.Errorf("Telegram would not like: %q", v)
	}
}
