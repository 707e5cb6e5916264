package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pst/conversation"
	"pst/store"
)

// heard are the texts an actor got, without what came twice in a row.
func (a *actor) heard() (once []string, doubled int) {
	var texts []string
	if a.user != nil {
		for _, m := range a.user.FromBot() {
			texts = append(texts, m.Text)
		}
	} else {
		for _, m := range a.chat.got {
			texts = append(texts, m.text)
		}
	}
	once = slices.Compact(slices.Clone(texts))
	return once, len(texts) - len(once)
}

// assertOutside looks at what people and staff have.
func (f *fault) assertOutside() {
	t := f.t
	db := openData(t, f.data)
	doubled, tickets, files := 0, 0, 0
	cards := ""
	for _, m := range f.boss.got {
		cards += m.text + "\n"
	}
	for n, a := range f.actors {
		heard, twice := a.heard()
		doubled += twice
		if a.reader {
			if a.pair != nil {
				files += f.assertExcerpts(db, a)
			}
			continue
		}
		address := conversation.Address("")
		if a.user != nil {
			address = conversation.Address(fmt.Sprint("telegram:", a.user.ID()))
		} else {
			address = lidOf(f.wa, a.chat.Phone)
		}
		got, err := db.Tickets(t.Context(), address, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 {
			t.Errorf("%s has %d tickets", a.name, len(got))
			continue
		}
		tickets++
		if want := strings.Join(a.lines[3:7], "\n"); got[0].Text != want {
			t.Errorf("%s: the ticket says %q, want %q", a.name, got[0].Text, want)
		}
		// What a whole script is answered at once may take two letters.
		if !strings.Contains(strings.Join(heard[max(0, len(heard)-2):], "\n"), got[0].ID) {
			t.Errorf("%s (%d) was not told the number %s last: %q", a.name, n, got[0].ID, heard)
		}
		if !strings.Contains(cards, got[0].ID) {
			t.Errorf("ticket %s never reached the Kasubbag", got[0].ID)
		}
	}
	if most := f.kills * 16; doubled > most { // as many as may be on their way at a time
		t.Errorf("%d letters came twice, in %d kills", doubled, f.kills)
	}
	if v := f.tg.Violations(); len(v) > 0 {
		t.Errorf("Telegram would not like: %q", v)
	}
	t.Logf("%d tickets, each once, whole, told and forwarded; %d excerpts delivered; %d letters came twice", tickets,
		files, doubled)
}

// assertExcerpts compares the files a reader got, in both chats, with what the database
// says.
func (f *fault) assertExcerpts(db *store.DB, a *actor) int {
	t := f.t
	s, err := db.Session(t.Context(), conversation.Address(fmt.Sprint("telegram:", a.user.ID())))
	if err != nil {
		t.Fatal(err)
	}
	also, err := db.Session(t.Context(), lidOf(f.wa, a.pair.chat.Phone))
	if err != nil || also.Reader != s.Reader || s.Reader == 0 {
		t.Errorf("%s is reader %d on Telegram and %d on WhatsApp, %v", a.name, s.Reader, also.Reader, err)
	}
	excerpts, err := db.Excerpts(t.Context(), s.Reader)
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for _, m := range a.user.FromBot() {
		if m.File != nil {
			names += m.File.Name + "\n"
		}
	}
	onWhatsApp := a.pair.chat.documents()
	for _, d := range onWhatsApp {
		names += d.name + "\n"
	}
	if len(onWhatsApp) == 0 {
		t.Errorf("%s got nothing on WhatsApp", a.name)
	}
	pages := map[string]conversation.PageSet{}
	for _, e := range excerpts {
		if e.DeliveredAt.IsZero() {
			t.Errorf("%s: excerpt %s was neither delivered nor failed", a.name, e.Code)
		} else if !strings.Contains(names, e.Code) {
			t.Errorf("%s: excerpt %s is said to have arrived, and has not", a.name, e.Code)
		}
		pages[e.Publication] = pages[e.Publication].Union(e.Pages)
	}
	if got := pages["indikator-2023"]; len(pages) != 2 || len(got) > 3 {
		for _, p := range pages {
			if len(p) != 3 {
				t.Errorf("%s: has %v of %d publications, want three pages of two", a.name, pages, len(pages))
				break
			}
		}
	}
	return len(excerpts)
}

// assertInside is pst check -deep, and what it looks at at once.
func (f *fault) assertInside() {
	t := f.t
	out, _ := f.command("check", "-deep").CombinedOutput()
	for _, line := range []string{"ok   basis data", "ok   isi tersegel", "ok   buku hak kutip dan tabel",
		"ok   berkas: semuanya ada", "ok   waktu di basis data"} {
		if !strings.Contains(string(out), line) {
			t.Errorf("pst check -deep does not say %q:\n%s", line, out[max(0, len(out)-2500):])
		}
	}
	db := openData(t, f.data)
	bad, err := db.Contradictions(t.Context(), time.Now().Add(time.Minute))
	if err != nil || len(bad) > 0 {
		t.Errorf("contradictions: %q, %v", bad, err)
	}
	if over, err := db.OverCap(t.Context()); err != nil || len(over) > 0 {
		t.Errorf("the cap was passed: %q, %v", over, err)
	}
	lines, err := db.AuditSince(t.Context(), time.Now().Add(-day))
	if err != nil {
		t.Fatal(err)
	}
	purged := 0
	for _, l := range lines {
		if strings.HasPrefix(l.What, "purge: ") {
			purged++
		}
		if strings.HasPrefix(l.What, "set aside") {
			t.Errorf("something was set aside: %+v", l)
		}
	}
	if purged == 0 {
		t.Error("no purge removed anything")
	}
	t.Logf("%d purges removed something", purged)
}
