package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pst/conversation"
)

// garbage is what people and machines send when they should not.
var garbage = []string{"", " ", "\x00\x01\x1b[31m", strings.Repeat("x", 100_000),
	strings.Repeat("x", conversation.MaxText+1), "😀🙏🏽👩‍👩‍👧", "\xff\xfe\xfa", "'; DROP TABLE readers; --",
	"7", "99999999999999999999", "{{.Office}} %s %P ${x}", "\u202eabc\u202c", "<b>&amp;</b>", "1-99999", "-1", "\n\n\n"}

// At every prompt of the journey garbage breaks nothing: the chat answers, the
// menu is one word away, and no page is spent.
func TestGarbageAtEveryPrompt(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	r.quick = true
	for k := range walk {
		r.here = conversation.Address(fmt.Sprintf("terminal:sampah%d", k))
		r.shown = r.here
		for _, line := range walk[:k] {
			line = strings.ReplaceAll(line, "siti@example.org", fmt.Sprintf("sampah%d@example.org", k))
			line = strings.ReplaceAll(line, "1906014107980003", fmt.Sprintf("190601410798%04d", k+1))
			r.hear("> " + line)
		}
		before := r.owned()
		for _, g := range garbage {
			r.out.Reset()
			r.hear("> " + g)
			if s := r.session(); s.State == "" || r.out.Len() == 0 && s.State != "handoff" {
				t.Errorf("after %q and %.20q: state %q, said %q", walk[:k], g, s.State, r.out.String())
			}
		}
		if now := r.owned(); now != before {
			t.Errorf("garbage after %q changed the pages owned from %s to %s", walk[:k], before, now)
		}
		r.out.Reset()
		r.hear("> menu")
		if !strings.Contains(r.out.String(), "*1* Cari dan baca publikasi") {
			t.Errorf("after %q and garbage the menu does not come: %s", walk[:k], r.out.String())
		}
	}
}

func (r *runner) session() conversation.Session {
	r.t.Helper()
	s, err := r.db.Session(r.ctx, r.here)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// owned is the set of pages of the book of the walk that the chat's reader has.
func (r *runner) owned() string {
	r.t.Helper()
	pages, err := r.db.Owned(r.ctx, r.session().Reader, "contoh-gantung-2023")
	if err != nil {
		r.t.Fatal(err)
	}
	return pages.String()
}

// Two chats of one person, in any interleaving, with restarts, failures and
// duplicates: what was delivered never passes the limit, and pages owned are
// always to be had again.
func TestTwoChatsNeverPassTheLimit(t *testing.T) {
	t.Parallel()
	const book, limit = "contoh-gantung-2023", 3
	for seed := range uint64(6) {
		r := newRunner(t)
		r.quick = true
		chance := rand.New(rand.NewPCG(seed, 7))
		chats := []conversation.Address{"terminal:satu", "terminal:dua"}
		r.here = chats[0]
		r.unseen("daftar", "1", "Siti Aminah", "1", "1906014107980003", "siti@example.org", "{kode}", "1", "daring, 1")
		r.here = chats[1]
		r.unseen("daftar", "1", "Siti Aminah", "1", "1906014107980003", "siti@example.org", "{kode}", "daring, 1")
		delivered := conversation.PageSet{}
		r.handed = func(o conversation.ExcerptOrder) { delivered = delivered.Union(o.Pages) }
		for range 25 {
			r.here = chats[chance.IntN(2)]
			from := 1 + chance.IntN(17)
			to := min(17, from+chance.IntN(4))
			r.unseen("/start pub_"+book, fmt.Sprintf("hal %d-%d", from, to))
			switch chance.IntN(4) {
			case 0:
				r.fail = "excerpt"
			case 1:
				r.open()
			}
			r.unseen("1", "menu")
			if len(delivered) > limit {
				t.Fatalf("seed %d: pages %s were delivered, %d are allowed", seed, delivered, limit)
			}
		}
		if len(delivered) == 0 {
			t.Errorf("seed %d: nothing was delivered at all", seed)
		}
		if missing := delivered.Minus(must(r.db.Owned(r.ctx, r.session().Reader, book))); len(missing) > 0 {
			t.Errorf("seed %d: pages %s were delivered and are not owned", seed, missing)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
