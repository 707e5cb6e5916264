package store

import (
	"errors"
	"sync"
	"testing"
	"time"

	"pst/conversation"
)

func TestAReaderIsFoundAgain(t *testing.T) {
	d := openDesk(t)
	id := d.joins(ani, "ani")
	by := func(r conversation.Reader, err error) {
		t.Helper()
		if err != nil || r.ID != id || r.Name != "Nama ani" || r.Card.Last4 != "0001" || !r.CreatedAt.Equal(d.clock.Now()) {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	by(d.Reader(t.Context(), id))
	by(d.ReaderByEmail(t.Context(), "mail-ani"))
	by(d.ReaderByNumber(t.Context(), "BT-00001"))
	for _, find := range []func() (conversation.Reader, error){
		func() (conversation.Reader, error) { return d.Reader(t.Context(), 2) },
		func() (conversation.Reader, error) { return d.ReaderByEmail(t.Context(), "") },
		func() (conversation.Reader, error) { return d.ReaderByNumber(t.Context(), "BT-00002") },
	} {
		if _, err := find(); !errors.Is(err, conversation.ErrNotFound) {
			t.Fatal(err)
		}
	}
	if s, err := d.Session(t.Context(), ani); err != nil || s.Reader != id {
		t.Fatalf("session %+v, %v", s, err)
	}
}

func TestTwoReadersCannotShareWhatIsTheirs(t *testing.T) {
	d := openDesk(t)
	d.joins(ani, "ani")
	for name, r := range map[string]conversation.Reader{
		"the id":     {ID: 1, Number: "BT-00009", EmailHash: "x"},
		"the number": {ID: 9, Number: "BT-00001", EmailHash: "x"},
		"the e-mail": {ID: 9, Number: "BT-00009", EmailHash: "mail-ani"},
	} {
		if err := d.answer(budi, conversation.CreateReader{Reader: r, Chat: budi}); !errors.Is(err,
			conversation.ErrConflict) {
			t.Errorf("%s taken: %v", name, err)
		}
	}
	second := d.joins(budi, "budi")
	r, err := d.Reader(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	r.EmailHash = "mail-ani"
	wantErr(t, d.answer(budi, conversation.UpdateReader{Reader: r}), conversation.ErrConflict)
	wantErr(t, d.answer(budi, conversation.UpdateReader{Reader: conversation.Reader{ID: 77}}), conversation.ErrConflict)
	wantErr(t, d.answer(budi, conversation.LinkChat{Chat: budi, Reader: 77}), conversation.ErrConflict)
	r.EmailHash, r.Name = "mail-baru", "Nama lain"
	d.does(budi, conversation.UpdateReader{Reader: r})
	if got, err := d.ReaderByEmail(t.Context(), "mail-baru"); err != nil || got.Name != "Nama lain" {
		t.Fatal(got, err)
	}
}

func TestTwoAccountsBecomeOne(t *testing.T) {
	d := openDesk(t)
	d.book("p", 50) // ten pages
	a, b := d.joins(ani, "ani"), d.joins(budi, "budi")
	d.does(ani, d.excerpt("A", a, "p", pages(1, 8)...))
	d.does(budi, d.excerpt("B", b, "p", pages(5, 14)...),
		conversation.SaveVisit{Visit: conversation.Visit{ID: "vb", Reader: b, Chat: budi, OpenedAt: d.clock.Now()}},
		conversation.RecordRating{Rating: conversation.Rating{Visit: "vb", Reader: b, Score: 4, At: d.clock.Now()}},
		conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", Text: "antre lama", ID: "ADU-261123-BBB",
			Reader: b, Chat: budi, State: conversation.StateNew, OpenedAt: d.clock.Now()}})
	d.does("telegram:3", conversation.LinkChat{Chat: "telegram:3", Reader: b})
	before, err := d.Session(t.Context(), "telegram:3")
	if err != nil {
		t.Fatal(err)
	}
	d.does(budi, conversation.LinkChat{Chat: budi, Reader: a})

	if got := d.owned(a, "p"); got != "1-14" {
		t.Errorf("united pages %s", got)
	}
	wantErr(t, d.answer(ani, d.excerpt("C", a, "p", 15)), conversation.ErrConflict)
	d.does(ani, d.excerpt("D", a, "p", 14))
	if _, err := d.Reader(t.Context(), b); !errors.Is(err, conversation.ErrNotFound) {
		t.Error("the second account is still there:", err)
	}
	if chats, err := d.Chats(t.Context(), a); err != nil || len(chats) != 3 || chats[0] != ani {
		t.Error(chats, err)
	}
	if ts, err := d.Tickets(t.Context(), ani, a); err != nil || len(ts) != 1 || ts[0].Reader != a {
		t.Error(ts, err)
	}
	if v, err := d.Visit(t.Context(), "vb"); err != nil || v.Reader != a {
		t.Error(v, err)
	}
	if es, err := d.Excerpts(t.Context(), a); err != nil || len(es) != 3 {
		t.Error(es, err)
	}
	// A turn that was under way in the other chat must look again.
	m := d.hears("telegram:3", "x")
	wantErr(t, d.Commit(t.Context(), conversation.Turn{Message: m, Session: before}), conversation.ErrConflict)
	// The e-mail of the account that went still belongs to the person.
	again := d.joins("telegram:4", "budi")
	if got := d.owned(again, "p"); got != "1-14" {
		t.Errorf("registered again with the old e-mail: owns %q", got)
	}
	if next, err := d.NextReaderID(t.Context()); err != nil || next != again+1 {
		t.Error(next, err)
	}
}

func TestOneCardIsOnePerson(t *testing.T) {
	d := openDesk(t)
	d.book("p", 50)
	a := d.joins(ani, "ani")
	d.does(ani, d.excerpt("A", a, "p", 1))
	for _, c := range []struct{ kind, owned string }{{"KTP", "1"}, {"Kartu pelajar", ""}} {
		id, err := d.NextReaderID(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r := conversation.Reader{ID: id, Number: "N" + c.kind, EmailHash: c.kind, Card: conversation.Card{Kind: c.kind,
			Hash: "card-ani"}}
		d.does(conversation.Address("telegram:9"+c.owned), conversation.CreateReader{Reader: r,
			Chat: conversation.Address("telegram:9" + c.owned)})
		if got := d.owned(id, "p"); got != c.owned {
			t.Errorf("same %s number: owns %q, want %q", c.kind, got, c.owned)
		}
	}
}

func TestUnlinkedChatIsNobodys(t *testing.T) {
	d := openDesk(t)
	a := d.joins(ani, "ani")
	d.does(budi, conversation.LinkChat{Chat: budi, Reader: a})
	d.does(budi, conversation.LinkChat{Chat: budi, Reader: a}) // again
	d.does(ani, conversation.UnlinkChat{Chat: budi})
	if s, err := d.Session(t.Context(), budi); err != nil || s.Reader != 0 {
		t.Fatal(s, err)
	}
	if chats, err := d.Chats(t.Context(), a); err != nil || len(chats) != 1 {
		t.Fatal(chats, err)
	}
}

func TestErasedAndRegisteredAgainTheCapStillCounts(t *testing.T) {
	d := openDesk(t)
	d.book("p", 50)
	a := d.joins(ani, "ani")
	d.does(ani, d.excerpt("A", a, "p", pages(1, 10)...))
	until := d.clock.Now().Add(24 * time.Hour)
	d.does(ani, conversation.EraseReader{Reader: a, Until: until})
	if s, err := d.Session(t.Context(), ani); err != nil || s.Reader != 0 {
		t.Fatal(s, err)
	}
	again := d.joins(ani, "ani")
	if again == a {
		t.Fatal("an id was given twice")
	}
	if got := d.owned(again, "p"); got != "1-10" {
		t.Fatalf("registered again: owns %q", got)
	}
	wantErr(t, d.answer(ani, d.excerpt("B", again, "p", 11)), conversation.ErrConflict)
	// Erased again, and back with another e-mail but the same card; the first
	// e-mail and a new card come later still.
	d.does(ani, conversation.EraseReader{Reader: again, Until: until})
	for i, r := range []conversation.Reader{
		{EmailHash: "other", Card: conversation.Card{Kind: "KTP", Hash: "card-ani"}},
		{EmailHash: "mail-ani", Card: conversation.Card{Kind: "SIM", Hash: "new"}},
		{EmailHash: "third", Card: conversation.Card{Kind: "SIM", Hash: "new"}},
	} {
		r.ID = again + 1 + int64(i)
		r.Number = r.EmailHash
		d.does(ani, conversation.CreateReader{Reader: r, Chat: ani})
		if got := d.owned(r.ID, "p"); got != "1-10" {
			t.Errorf("back as %s: owns %q", r.EmailHash, got)
		}
		d.does(ani, conversation.EraseReader{Reader: r.ID, Until: until})
	}
	// After the date nothing is known any more, once the daily purge has come by.
	d.clock.forward(25 * time.Hour)
	if _, err := d.Purge(t.Context(), d.clock.Now(), Retention{}); err != nil {
		t.Fatal(err)
	}
	last := d.joins(ani, "ani")
	if got := d.owned(last, "p"); got != "" {
		t.Fatalf("after the date: owns %q", got)
	}
	d.does(ani, conversation.EraseReader{Reader: a, Until: until}) // gone already: nothing happens
}

// People who register at the same moment get different numbers.
func TestReaderIDsAreHandedOutOnce(t *testing.T) {
	d := openDesk(t)
	var wg sync.WaitGroup
	ids := make(chan int64, 50)
	for range 50 {
		wg.Go(func() {
			id, err := d.NextReaderID(t.Context())
			if err != nil {
				t.Error(err)
			}
			ids <- id
		})
	}
	wg.Wait()
	close(ids)
	seen := map[int64]bool{}
	for id := range ids {
		if seen[id] || id < 1 {
			t.Errorf("id %d was handed out twice", id)
		}
		seen[id] = true
	}
}
