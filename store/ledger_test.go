package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"pst/conversation"
)

func TestPagesAreGrantedUpToTheLimitAndNoFurther(t *testing.T) {
	d := openDesk(t)
	d.book("p", 100) // limit 20
	d.book("q", 4)   // too small for any
	r := d.joins(ani, "ani")
	for _, c := range []struct {
		name  string
		code  string
		book  string
		pages []int
		want  error
		owned string
	}{
		{"within the limit", "A1", "p", pages(1, 15), nil, "1-15"},
		{"one more than is left", "A2", "p", pages(16, 21), conversation.ErrConflict, "1-15"},
		{"exactly what is left, and some owned", "A3", "p", pages(10, 20), nil, "1-20"},
		{"owned pages only, at the limit", "A4", "p", pages(3, 5), nil, "1-20"},
		{"one page past the limit", "A5", "p", []int{21}, conversation.ErrConflict, "1-20"},
		{"a code that is taken", "A1", "p", []int{1}, conversation.ErrConflict, "1-20"},
		{"a page outside the file", "A6", "p", []int{101}, conversation.ErrConflict, "1-20"},
		{"a page before the first", "A7", "p", []int{0}, conversation.ErrConflict, "1-20"},
		{"a publication of four pages", "A8", "q", []int{1}, conversation.ErrConflict, ""},
		{"an unknown publication", "A9", "none", []int{1}, conversation.ErrConflict, ""},
	} {
		err := d.answer(ani, d.excerpt(c.code, r, c.book, c.pages...))
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		}
		if got := d.owned(r, c.book); got != c.owned {
			t.Errorf("%s: owned %q, want %q", c.name, got, c.owned)
		}
	}
	wantErr(t, d.answer(ani, d.excerpt("B1", 999, "p", 1)), conversation.ErrConflict)
}

func TestAFailureFreesOnlyWhatIsNotGrantedOtherwise(t *testing.T) {
	d := openDesk(t)
	d.book("p", 100)
	r := d.joins(ani, "ani")
	d.does(ani, d.excerpt("A", r, "p", pages(1, 10)...))
	d.does(ani, d.excerpt("B", r, "p", pages(6, 15)...))
	settle := func(code string, delivered bool) {
		t.Helper()
		d.does(ani, conversation.SettleExcerpt{Code: code, Delivered: delivered, At: d.clock.Now()})
	}
	settle("A", false)
	if got := d.owned(r, "p"); got != "6-15" {
		t.Fatalf("after A failed: %s", got)
	}
	settle("A", false)
	settle("A", true) // what was freed may be granted otherwise by now
	settle("B", true)
	settle("B", false)
	settle("none", false)
	if got := d.owned(r, "p"); got != "6-15" {
		t.Fatalf("after settling again: %s", got)
	}
	e, err := d.Excerpt(t.Context(), "B")
	if err != nil || e.DeliveredAt.IsZero() || !e.FailedAt.IsZero() || e.Mark.Footer == "" || e.FileName != "B.pdf" ||
		e.Chat != ani {
		t.Fatalf("excerpt %+v, %v", e, err)
	}
	all, err := d.Excerpts(t.Context(), r)
	if err != nil || len(all) != 2 || all[0].Code != "B" {
		t.Fatalf("excerpts %+v, %v", all, err)
	}
}

func TestANewFileOfAPublicationKeepsWhatIsOwned(t *testing.T) {
	d := openDesk(t)
	d.book("p", 100)
	r := d.joins(ani, "ani")
	d.does(ani, d.excerpt("A", r, "p", pages(1, 20)...))
	d.book("p", 50) // a shorter file: ten pages at most
	wantErr(t, d.answer(ani, d.excerpt("B", r, "p", 30)), conversation.ErrConflict)
	d.does(ani, d.excerpt("C", r, "p", 20))
	d.book("p", 105) // one more than before
	d.does(ani, d.excerpt("D", r, "p", 21))
	if got := d.owned(r, "p"); got != "1-21" {
		t.Fatal(got)
	}
}

// One person asks from two chats at once, many times over, with failures and
// messages delivered twice: the set never passes the limit.
func TestTheLimitHoldsWhateverHappensAtOnce(t *testing.T) {
	d := openDesk(t)
	d.book("p", 60)
	r := d.joins(ani, "ani")
	d.does(budi, conversation.LinkChat{Chat: budi, Reader: r})
	const limit = 12
	var wg sync.WaitGroup
	var granted sync.Map
	for g := range 8 {
		chat := []conversation.Address{ani, budi}[g%2]
		random := rand.New(rand.NewPCG(1906, uint64(g)))
		wg.Go(func() {
			for i := range 25 {
				m := conversation.Message{ID: fmt.Sprintf("g%d-%d", g, i), From: chat, Kind: conversation.Text}
				if err := d.Put(t.Context(), m); err != nil {
					t.Error(err)
					return
				}
				first := 1 + random.IntN(58)
				code := fmt.Sprintf("C%d-%d", g, i)
				for {
					s, err := d.Session(t.Context(), chat)
					if err != nil {
						t.Error(err)
						return
					}
					effects := []conversation.Effect{d.excerpt(code, r, "p", pages(first, min(60, first+random.IntN(4)))...)}
					if random.IntN(3) == 0 {
						effects = append(effects, conversation.SettleExcerpt{Code: code, Delivered: random.IntN(2) == 0,
							At: d.clock.Now()})
					}
					err = d.Commit(t.Context(), conversation.Turn{Message: m, Session: s, Effects: effects})
					if err == nil {
						granted.Store(code, true)
						if again := d.Commit(t.Context(), conversation.Turn{Message: m, Session: s, Effects: effects}); !errors.Is(again,
							conversation.ErrNotFound) {
							t.Error("a turn was taken twice:", again)
						}
						break
					}
					if !errors.Is(err, conversation.ErrConflict) {
						t.Error(err)
						return
					}
					if now, err := d.Session(t.Context(), chat); err != nil || now.Version == s.Version {
						break // refused by the limit, not by another turn
					}
				}
				owned, err := d.Owned(t.Context(), r, "p")
				if err != nil || len(owned) > limit {
					t.Errorf("%d pages owned, limit %d, %v", len(owned), limit, err)
					return
				}
			}
		})
	}
	wg.Wait()
	n := 0
	granted.Range(func(any, any) bool { n++; return true })
	if n == 0 || n == 200 {
		t.Fatalf("%d of 200 granted: the test tries nothing", n)
	}
}

func TestAnExcerptIsOrderedFromWhatIsStored(t *testing.T) {
	d := openDesk(t)
	d.book("p", 100)
	r := d.joins(ani, "ani")
	reserve := d.excerpt("A", r, "p", 3, 4)
	d.does(ani, reserve, conversation.Send{To: ani, Excerpt: "A", Ref: "excerpt:A", Report: true})
	out := d.out()
	if len(out) != 1 || out[0].Order == nil {
		t.Fatalf("out: %+v", out)
	}
	if o := out[0].Order; o.File != "p.pdf" || o.Pages.String() != "3-4" || o.Mark.Code != "A" || o.FileName != "A.pdf" {
		t.Fatalf("order: %+v", o)
	}
	if err := d.MarkSent(t.Context(), out[0].ID, conversation.Sent{PlatformID: "5", At: d.clock.Now(), SHA256: "abc",
		Mode: "vector", Verdict: "ok"}); err != nil {
		t.Fatal(err)
	}
	if n := d.count(`SELECT count(*) FROM excerpts WHERE sha256 = 'abc' AND mode = 'vector' AND verdict = 'ok'`); n != 1 {
		t.Fatal("what was handed over is not on record")
	}
	if _, err := d.ExcerptOf(t.Context(), "abc"); !errors.Is(err, conversation.ErrNotFound) {
		t.Errorf("a file that has not arrived is known: %v", err)
	}
	if w := d.waiting(); len(w) != 1 || w[0].Kind != conversation.Delivered || w[0].Text != "excerpt:A" {
		t.Fatalf("report: %+v", w)
	}
	d.does(ani, conversation.SettleExcerpt{Code: "A", Delivered: true, At: d.clock.Now()})
	if e, err := d.ExcerptOf(t.Context(), "abc"); err != nil || e.Code != "A" || e.Reader != r {
		t.Errorf("the file handed over is known as %+v, %v", e, err)
	}
	for _, other := range []string{"", "abd"} {
		if _, err := d.ExcerptOf(t.Context(), other); !errors.Is(err, conversation.ErrNotFound) {
			t.Errorf("digest %q: %v", other, err)
		}
	}
}

// One person with two chats and, in between, an erased account, over restarts
// and repeated messages: whatever was handed out, together it stays within the
// limit.
func TestTheLimitHoldsOverRestartsAndNewAccounts(t *testing.T) {
	const limit = 12
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(1906, seed))
		d := openDesk(t)
		d.book("p", 60)
		reader := d.joins(ani, "ani")
		d.does(budi, conversation.LinkChat{Chat: budi, Reader: reader})
		handed := conversation.PageSet{}
		var open []conversation.Excerpt
		refused := 0
		for i := range 120 {
			chat := []conversation.Address{ani, budi}[random.IntN(2)]
			switch random.IntN(8) {
			case 0: // a restart
				if err := d.Close(); err != nil {
					t.Fatal(err)
				}
				db, err := Open(t.Context(), d.path, Options{Secret: testSecret, Now: d.clock.Now})
				if err != nil {
					t.Fatal(err)
				}
				d.DB = db
			case 1: // erased, and registered again
				d.does(chat, conversation.EraseReader{Reader: reader, Until: d.clock.Now().Add(1 << 40)})
				reader = d.joins(chat, "ani")
				for _, other := range []conversation.Address{ani, budi} {
					d.does(other, conversation.LinkChat{Chat: other, Reader: reader})
				}
			case 2, 3, 4: // an end of a delivery, told twice
				if len(open) == 0 {
					continue
				}
				e := open[0]
				open = open[1:]
				delivered := random.IntN(2) == 0
				for range 2 {
					d.does(chat, conversation.SettleExcerpt{Code: e.Code, Delivered: delivered, At: d.clock.Now()})
				}
				if delivered {
					handed = handed.Union(e.Pages)
				}
			default:
				first := 1 + random.IntN(58)
				want := d.excerpt(fmt.Sprint("C", i), reader, "p", pages(first, first+random.IntN(3))...)
				if err := d.answer(chat, want); errors.Is(err, conversation.ErrConflict) {
					refused++
				} else if err != nil {
					t.Fatal(err)
				} else {
					open = append(open, want.Excerpt)
				}
			}
			owned, err := d.Owned(t.Context(), reader, "p")
			if err != nil || len(owned) > limit || len(handed.Minus(owned)) > 0 {
				t.Fatalf("seed %d, step %d: owned %v, handed out %v, %v", seed, i, owned, handed, err)
			}
		}
		if len(handed) == 0 || refused == 0 {
			t.Fatalf("seed %d: handed out %v, refused %d times: the test tries nothing", seed, handed, refused)
		}
	}
}
