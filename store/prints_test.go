package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pst/conversation"
)

// shelf is a library under test: what the pages of each publication say now, and
// what a person has been given, by the words on the pages.
type shelf struct {
	*desk
	rnd    *rand.Rand
	files  map[string][]string // publication: words of its pages
	seen   map[string]bool     // words of every page ever granted
	limit  int                 // the largest that the book's limit has been
	number int
}

// words are those of a page nobody has seen before.
func (s *shelf) words() string {
	s.number++
	return fmt.Sprintf("tabel penduduk nomor %d menurut kecamatan", s.number)
}

// lay brings a file in the way an import does, and returns its publication.
func (s *shelf) lay(id string, texts []string) string {
	s.tb.Helper()
	var c conversation.Contents
	for i, text := range texts {
		c.Pages = append(c.Pages, conversation.Page{Number: i + 1, Text: text})
	}
	sha := fmt.Sprintf("%x", s.rnd.Uint64())
	same, err := s.SameBook(s.tb.Context(), sha, c.Pages)
	if err != nil {
		s.tb.Fatal(err)
	}
	if same != "" {
		id = same
	}
	p := conversation.Publication{ID: id, Office: "1906", Title: "Buku " + id, File: sha + ".pdf", SHA256: sha,
		Pages: len(texts)}
	if _, err := s.SavePublication(s.tb.Context(), p, &c); err != nil {
		s.tb.Fatal(err)
	}
	s.files[id] = texts
	s.limit = max(s.limit, conversation.Limit(len(texts)))
	return id
}

// ask reserves pages and notes the words on those that are granted.
func (s *shelf) ask(code string, reader int64, id string, pages ...int) {
	s.tb.Helper()
	if s.answer(ani, s.excerpt(code, reader, id, pages...)) != nil {
		return
	}
	e, err := s.Excerpt(s.tb.Context(), code)
	if err != nil || len(e.Now) != len(e.Pages) {
		s.tb.Fatalf("excerpt %s has pages %s of %s, %v", code, e.Now, e.Pages, err)
	}
	for _, p := range e.Now {
		s.seen[s.files[id][p-1]] = true
	}
}

// check holds the books against what a person has been given: never more than
// the limit, and all of it theirs still where a file has it.
func (s *shelf) check(step string, reader int64) {
	s.tb.Helper()
	if len(s.seen) > s.limit {
		s.tb.Fatalf("after %s: %d pages were seen, limit %d", step, len(s.seen), s.limit)
	}
	counted := 0
	for id, texts := range s.files {
		owned, err := s.Owned(s.tb.Context(), reader, id)
		if err != nil {
			s.tb.Fatal(err)
		}
		counted += len(owned)
		for i, text := range texts {
			if has := slices.Contains(owned, i+1); has != s.seen[text] {
				s.tb.Fatalf("after %s: page %d of %s is owned: %v, was seen: %v (owned %v)", step, i+1, id, has, s.seen[text],
					owned)
			}
		}
	}
	if counted != len(s.seen) {
		s.tb.Fatalf("after %s: %d pages are counted, %d were seen", step, counted, len(s.seen))
	}
}

// Whatever becomes of a book's file and record, the pages that a person has seen
// of it never pass the limit, and nothing they own is lost to them.
func TestOneBookIsOneBookWhateverItsFileDoes(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := &shelf{desk: openDesk(t), rnd: rand.New(rand.NewPCG(seed, 1)), files: map[string][]string{},
				seen: map[string]bool{}}
			reader := s.joins(ani, "ani")
			var texts []string
			for range 40 + s.rnd.IntN(20) {
				texts = append(texts, s.words())
			}
			id := s.lay("pst1", texts)
			var steps []string
			for i := range 25 {
				texts := slices.Clone(s.files[id])
				kind := s.rnd.IntN(8)
				steps = append(steps, fmt.Sprint(kind))
				switch kind {
				case 0: // the same book under another name
					if got := s.lay(fmt.Sprint("other", i), texts); got != id {
						t.Fatalf("the same pages became %s beside %s", got, id)
					}
				case 1: // pages put in, and one corrected
					at := s.rnd.IntN(len(texts))
					texts[s.rnd.IntN(len(texts))] = s.words()
					s.lay(fmt.Sprint("again", i), slices.Insert(texts, at, s.words(), s.words()))
				case 2: // pages taken out
					if at := s.rnd.IntN(len(texts)); len(texts) > 40 {
						s.lay(id, slices.Delete(texts, at, min(at+2, len(texts))))
					}
				case 3: // withdrawn and brought back
					if err := s.Withdraw(t.Context(), "web:ani", id); err != nil {
						t.Fatal(err)
					}
					if got := s.lay("back", texts); got != id {
						t.Fatalf("what was withdrawn came back as %s beside %s", got, id)
					}
					if _, err := s.Publication(t.Context(), id); !errors.Is(err, conversation.ErrNotFound) {
						t.Fatalf("an import brought back what was withdrawn: %v", err)
					}
					if err := s.BringBack(t.Context(), "web:ani", id); err != nil {
						t.Fatal(err)
					}
				case 4: // found to be the record of the website's list
					web := fmt.Sprint("web", i)
					if _, err := s.SavePublication(t.Context(), conversation.Publication{ID: web, Office: "1906", Title: "Buku"},
						nil); err != nil {
						t.Fatal(err)
					}
					if changed, err := s.MergePublications(t.Context(), id, web); !changed || err != nil {
						t.Fatalf("merge changed %v, %v", changed, err)
					}
					delete(s.files, id)
					id, s.files[web] = web, texts
				default:
					from := 1 + s.rnd.IntN(len(texts))
					s.ask(fmt.Sprint("C", i), reader, id, pages(from, min(len(texts), from+s.rnd.IntN(6)))...)
				}
				s.check(strings.Join(steps, " "), reader)
			}
			if bad, err := s.Contradictions(t.Context(), s.clock.Now()); err != nil || len(bad) > 0 &&
				!strings.Contains(bad[0], "nothing will settle") {
				t.Errorf("tables disagree: %q, %v", bad, err)
			}
		})
	}
}

// Two records of one book that both have a file: what a person has of each
// counts in the one that stays.
func TestTwoRecordsWithFilesBecomeOne(t *testing.T) {
	s := &shelf{desk: openDesk(t), rnd: rand.New(rand.NewPCG(1, 1)), files: map[string][]string{}, seen: map[string]bool{}}
	reader := s.joins(ani, "ani")
	var old, now []string
	for range 30 {
		old = append(old, s.words())
	}
	for range 60 { // of which 20 are those of the other file
		now = append(now, s.words())
	}
	copy(now[10:], old[:20])
	s.lay("a", old)
	s.lay("b", now)
	s.ask("A", reader, "a", 1, 2, 25) // 11 and 12 of the other; the third is not in it
	s.ask("B", reader, "b", 12, 40)
	if changed, err := s.MergePublications(t.Context(), "a", "b"); !changed || err != nil {
		t.Fatal(changed, err)
	}
	owned, err := s.Owned(t.Context(), reader, "b")
	if err != nil || owned.String() != "-1,11-12,40" {
		t.Errorf("owned %v, %v; want one page that is gone, 11, 12 and 40", owned, err)
	}
	if e, err := s.Excerpt(t.Context(), "A"); err != nil || e.Publication != "b" || e.Now.String() != "11-12" ||
		e.Pages.String() != "1-2,25" {
		t.Errorf("excerpt of the record that went: %+v, %v", e, err)
	}
	if _, err := s.SavePublication(t.Context(), conversation.Publication{ID: "a", Title: "Lagi"}, nil); err != nil {
		t.Fatal(err)
	}
	if n := s.count(`SELECT count(*) FROM publications WHERE deleted = 0`); n != 1 {
		t.Errorf("%d records after the one that went was imported again", n)
	}
	if changed, err := s.MergePublications(t.Context(), "a", "b"); changed || err != nil {
		t.Errorf("told again: changed %v, %v", changed, err)
	}
}

// Scans have no words: their pages are known in the same file only.
func TestAnotherScanIsNoSecondRight(t *testing.T) {
	s := &shelf{desk: openDesk(t), rnd: rand.New(rand.NewPCG(1, 1)), files: map[string][]string{}, seen: map[string]bool{}}
	reader := s.joins(ani, "ani")
	s.lay("scan", make([]string, 50))
	if err := s.answer(ani, s.excerpt("A", reader, "scan", pages(1, 10)...)); err != nil {
		t.Fatal(err)
	}
	s.lay("scan", make([]string, 50))
	if owned, err := s.Owned(t.Context(), reader, "scan"); err != nil || len(owned) != 10 || owned[9] > 0 {
		t.Errorf("of the other scan %v are owned, %v", owned, err)
	}
	wantErr(t, s.answer(ani, s.excerpt("B", reader, "scan", 1)), conversation.ErrConflict)
}
