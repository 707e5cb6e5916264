package conversation

import (
	"fmt"
	"strings"
	"testing"
)

// edit changes the message said last.
func (b *bench) edit(tb testing.TB, of, text string) string {
	tb.Helper()
	b.count++
	m := Message{ID: fmt.Sprint("e", b.count), Of: of, From: siti, Kind: Edited, Text: text, SentAt: b.at}
	if err := b.Take(tb.Context(), m); err != nil {
		tb.Fatal(err)
	}
	_, said := b.last(tb)
	return said
}

func TestAnEditCorrectsTheSlotJustAnswered(t *testing.T) {
	b := newBench(t)
	b.stand(t, registered("name"))
	m := b.text("Sti Aminah")
	if err := b.Take(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if said := b.edit(t, m.ID, "123"); !strings.Contains(said, "Nama") || strings.Contains(said, "tidak terbaca") {
		t.Errorf("to a number the answer is %q", said)
	}
	if said := b.edit(t, m.ID, "Siti Aminah"); !strings.Contains(said, "diganti") {
		t.Errorf("after that the answer is %q", said)
	}
	b.stand(t, registered("name"))
	m = b.text("Sti Aminah")
	if err := b.Take(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Siti Amina", "Siti Aminah"} { // as often as they like
		b.edit(t, m.ID, name)
		if turn, _ := b.last(t); turn.Session.Data.Draft.Name != name || turn.Session.State == "name" {
			t.Errorf("after the edit the name is %q in %s", turn.Session.Data.Draft.Name, turn.Session.State)
		}
	}
	b.say(t, "1")
	turn, _ := b.last(t)
	state := turn.Session.State
	if said := b.edit(t, m.ID, "Siti Zubaidah"); !strings.Contains(said, "tidak terbaca") {
		t.Errorf("later the answer is %q", said)
	}
	if turn, _ := b.last(t); turn.Session.Data.Draft.Name != "Siti Aminah" || turn.Session.State != state {
		t.Errorf("a late edit changed the name to %q in %s", turn.Session.Data.Draft.Name, turn.Session.State)
	}
}

// What was sent, booked or asked of others is not changed by an edit, and a word
// for everywhere is none of the answers.
func TestAnEditChangesNothingThatHasComeOfTheWords(t *testing.T) {
	for _, s := range states() {
		if s.take == nil || s.mends || s.silent {
			continue
		}
		b := newBench(t)
		b.stand(t, registered(s.name))
		m := b.text("1234567")
		if err := b.Take(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		before, _ := b.last(t)
		said := b.edit(t, m.ID, "7654321")
		after, _ := b.last(t)
		if !strings.Contains(said, "tidak terbaca") || after.Session.State != before.Session.State {
			t.Errorf("%s: an edit is answered %q and leads from %s to %s", s.name, said, before.Session.State,
				after.Session.State)
		}
	}
}

// Pictures sent as one are answered once, whether they come together or one by
// one; those of a complaint are all kept.
func TestAnAlbumIsAnsweredOnce(t *testing.T) {
	for _, together := range []bool{true, false} {
		for _, state := range []string{"menu", "results", "name", "complaint_text"} {
			b := newBench(t)
			s := registered(state)
			b.stand(t, s)
			var album []Message
			for range 4 {
				m := b.text("")
				m.Kind, m.Album, m.Media = Image, "album-1", &Media{MIME: "image/jpeg", Ref: fmt.Sprint("f", b.count)}
				album = append(album, m)
			}
			if together {
				if err := b.Take(t.Context(), album...); err != nil {
					t.Fatal(err)
				}
			} else {
				for _, m := range album {
					if err := b.Take(t.Context(), m); err != nil {
						t.Fatal(err)
					}
				}
			}
			letters := 0
			for _, turn := range b.memory.turns {
				letters += len(sends(turn, siti))
			}
			if letters != 1 {
				t.Errorf("together %v, in %s: %d letters", together, state, letters)
			}
			if turn, said := b.last(t); state == "complaint_text" && (len(turn.Session.Data.Complaint.Photos) != 4 ||
				together && !strings.Contains(said, "4")) {
				t.Errorf("together %v: %d photos are kept, said %q", together, len(turn.Session.Data.Complaint.Photos), said)
			}
		}
	}
}

func TestNumbersAreOfferedToBeCopied(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct{ state, say, want string }{
		{"menu", "status", aReader.Number},
		{"menu", "2", aReader.Number},
	} {
		b.stand(t, registered(c.state))
		b.say(t, c.say)
		turn, said := b.last(t)
		got := sends(turn, siti)[0].Copy
		if len(got) == 0 || got[0] != c.want {
			t.Errorf("%q offers %q to copy: %s", c.say, got, said)
		}
	}
}
