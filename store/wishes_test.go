package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// changed is the version of the catalogue after one more publication.
func (d *desk) changed(id string) int64 {
	d.tb.Helper()
	d.book(id, 10)
	v, err := d.CatalogueVersion(d.tb.Context())
	if err != nil {
		d.tb.Fatal(err)
	}
	return v
}

func (d *desk) sweep(version int64) int {
	d.tb.Helper()
	n, err := d.SweepWishes(d.tb.Context(), version)
	if err != nil {
		d.tb.Fatal(err)
	}
	return n
}

// TestAWishIsLookedAtOnceForEachCatalogue holds what a kill at any moment must not
// change: one version of the catalogue gives one message, and a message that is taken
// twice ends the wish once.
func TestAWishIsLookedAtOnceForEachCatalogue(t *testing.T) {
	d := openDesk(t)
	d.book("p", 10)
	wish := conversation.Wish{Words: "terumbu karang", At: d.clock.Now(), Until: d.clock.Now().Add(time.Hour)}
	d.does(ani, conversation.SaveWish{Wish: wish}, conversation.SaveWish{Wish: wish})
	if n := d.count(`SELECT count(*) FROM wishes`); n != 1 {
		t.Fatalf("the same wish is kept %d times", n)
	}
	v, err := d.CatalogueVersion(t.Context())
	if err != nil || d.sweep(v) != 0 {
		t.Errorf("a wish is compared with the catalogue it was made on, %v", err)
	}
	v = d.changed("q")
	if a, b := d.sweep(v), d.sweep(v); a != 1 || b != 0 {
		t.Errorf("swept %d, then %d", a, b)
	}
	m := d.waiting()[0]
	if m.Kind != conversation.Due || !strings.HasPrefix(m.From.Rest(), conversation.WishName) {
		t.Fatalf("put %+v", m)
	}
	list, err := d.Wishes(t.Context(), ani)
	if err != nil || len(list) != 1 || list[0].Words != wish.Words || list[0].Chat != ani {
		t.Fatalf("wishes %+v, %v", list, err)
	}
	tell := conversation.Turn{Message: m, Session: conversation.Session{Chat: m.From},
		Effects: []conversation.Effect{conversation.Send{To: ani, Text: "ada"}, conversation.EndWish{ID: list[0].ID}}}
	if err := d.Commit(t.Context(), tell); err != nil {
		t.Fatal(err)
	}
	wantErr(t, d.Commit(t.Context(), tell), conversation.ErrNotFound)
	if n := len(d.out()); n != 1 {
		t.Errorf("told %d times", n)
	}
	if d.sweep(d.changed("r")) != 0 {
		t.Error("an answered wish is looked at again")
	}
	_, err = d.Wish(t.Context(), list[0].ID)
	wantErr(t, err, conversation.ErrNotFound)
}

// TestWishesEndWithTheirDateTheirWordAndTheirAddress covers what ends a wish, and what
// becomes of it when two forms of an address turn out to be one.
func TestWishesEndWithTheirDateTheirWordAndTheirAddress(t *testing.T) {
	d := openDesk(t)
	now := d.clock.Now()
	wish := func(words string, until time.Time) conversation.SaveWish {
		return conversation.SaveWish{Wish: conversation.Wish{Words: words, At: now, Until: until}}
	}
	lid := conversation.Address("whatsapp:77@lid")
	d.does(ani, wish("satu", now.Add(time.Hour)), wish("dua", now.Add(3*time.Hour)))
	d.does(lid, wish("dua", now.Add(3*time.Hour)), conversation.SaveWish{Wish: conversation.Wish{Publication: "p",
		Follows: true}})
	if err := d.JoinChats(t.Context(), lid, ani); err != nil {
		t.Fatal(err)
	}
	list, err := d.Wishes(t.Context(), ani)
	if err != nil || len(list) != 3 {
		t.Fatalf("after the join %+v, %v", list, err)
	}
	d.clock.forward(2 * time.Hour)
	if n := d.sweep(d.changed("p")); n != 2 {
		t.Errorf("swept %d, want the two that are not over", n)
	}
	if _, err := d.Purge(t.Context(), d.clock.Now(), Retention{}); err != nil {
		t.Fatal(err)
	}
	if n := d.count(`SELECT count(*) FROM wishes`); n != 2 {
		t.Errorf("%d wishes after the purge", n)
	}
	d.does(ani, conversation.EndWishes{Chat: ani})
	if n := d.count(`SELECT count(*) FROM wishes`); n != 0 {
		t.Errorf("%d wishes after berhenti", n)
	}
}

// TestWordsAreToldOnlyWhenThreeChatsTypedThem covers lessons and wishes.
func TestWordsAreToldOnlyWhenThreeChatsTypedThem(t *testing.T) {
	d := openDesk(t)
	now := d.clock.Now()
	lesson := conversation.RecordLesson{Missed: "sembako", Meant: "beras", At: now}
	says := func(i int) {
		chat := conversation.Address(fmt.Sprintf("telegram:%d", 200+i))
		for range 3 { // as often as they like
			d.does(chat, lesson, conversation.SaveWish{Wish: conversation.Wish{Words: "terumbu", At: now}},
				conversation.SaveWish{Wish: conversation.Wish{Publication: "p", Title: "Direktori", At: now}})
		}
	}
	told := func() string {
		m, err := d.Report(t.Context(), officeInTests(), conversation.Days(now, now))
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, key := range []string{"usulan_kata", "dititip"} {
			for _, r := range m.Table(key).Rows {
				out = append(out, fmt.Sprint(r.Label, " ", r.Values[0].N))
			}
		}
		return strings.Join(out, ", ")
	}
	for i, want := range []string{"", "", "sembako > beras 3, Direktori 3, terumbu 3"} {
		says(i)
		if got := told(); got != want {
			t.Errorf("after %d chats: %s, want %s", i+1, got, want)
		}
	}
	d.does(ani, conversation.Teach{Missed: "sembako", Meant: "beras", At: now})
	for range 2 { // killed between writing and noting
		if list, err := d.Unwritten(t.Context()); err != nil || len(list) != 1 {
			t.Fatalf("accepted %v, %v", list, err)
		}
	}
	if err := d.Written(t.Context(), []conversation.Lesson{{Missed: "sembako", Meant: "beras"}}); err != nil {
		t.Fatal(err)
	}
	if list, err := d.Unwritten(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("still to write %v, %v", list, err)
	}
	if got := told(); strings.Contains(got, "sembako") {
		t.Errorf("proposed again: %s", got)
	}
	if _, err := d.Purge(t.Context(), now.Add(48*time.Hour), Retention{Searches: 24 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	if n := d.count(`SELECT count(*) FROM lessons`); n != 0 {
		t.Errorf("%d lessons outlive the searches", n)
	}
}
