package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// loadPeople is how many walk at once: few without PST_LOAD, 1,000 with PST_LOAD=1, the
// size that the figures of the README are of, or as many as it says.
func loadPeople(t *testing.T, few int) int {
	t.Helper()
	if n, asked := sizeAsked(t, "PST_LOAD", 1, 9999); !asked {
		return few
	} else if n > 1 {
		return n
	}
	return 1000
}

// sizeAsked is the size of a test that a variable asks for, within bounds.
func sizeAsked(t *testing.T, variable string, least, most int) (n int, asked bool) {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		t.Fatalf("%s=%q: must be %d to %d", variable, text, least, most)
	}
	return n, true
}

// Many people at once walk from the greeting to the PDF and the rating: nothing
// is lost, nothing doubled. Once each answers as soon as they can, which shows
// how many turns a second there can be; once they take their time, so that 250
// messages a second come in, which shows how long an answer takes under a load
// that is above the one asked for.
func TestTelegramManyPeopleAtOnce(t *testing.T) {
	people := loadPeople(t, 100)
	for _, c := range []struct {
		name  string
		think time.Duration // between an answer and the next message, on average
	}{
		{"as fast as answers come", 0},
		{"as people type", time.Duration(people) * time.Second / 250},
	} {
		t.Run(c.name, func(t *testing.T) {
			if os.Getenv("PST_LOAD") == "" {
				t.Parallel() // else the one would disturb the other's figures
			}
			srv, letters := telegramtest.Start(t, telegramtest.Options{Forget: true}), startPost(t)
			h := telegramHouse(t, srv, letters)
			d, loops := startUnpaced(t, h)
			ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
			defer cancel()
			walkers := make([]*walker, people)
			begin := time.Now()
			var all sync.WaitGroup
			for i := range walkers {
				walkers[i] = onTelegramWalks(srv, letters, i, c.think)
				all.Go(func() { walkers[i].err = walkers[i].walk(ctx) })
			}
			all.Wait()
			took := time.Since(begin)
			settle(t, srv, loops)
			assertAllServed(t, d, walkers)
			if v := srv.Violations(); len(v) > 0 {
				t.Errorf("Telegram would not like: %q", v)
			}
			tell(t, walkers, took)
		})
	}
}

// partner is somebody with a chat on a platform.
type partner interface {
	Say(text string) int
	Next(ctx context.Context) (telegramtest.Message, error)
	FromBot() []telegramtest.Message
}

// walker is a person on the way to an excerpt.
type walker struct {
	user    partner
	letters *post
	address conversation.Address
	number  int
	think   time.Duration
	err     error
	replies []time.Duration // from each message to the first answer
	file    time.Duration   // from the order to the PDF
}

func onTelegramWalks(srv *telegramtest.Server, letters *post, i int, think time.Duration) *walker {
	u := srv.User(int64(10_000 + i))
	return &walker{user: u, address: conversation.Address(fmt.Sprint("telegram:", u.ID())), letters: letters, number: i,
		think: think}
}

// next is the next message that comes; one that changes is none, and that the
// code's letter was taken may be told at any time.
func (w *walker) next(ctx context.Context) (telegramtest.Message, error) {
	for {
		m, err := w.user.Next(ctx)
		if err != nil || m.Edits == 0 && !codeTaken(m) {
			return m, err
		}
	}
}

// codeTaken tells whether a message says no more than that a mail server has the code.
func codeTaken(m telegramtest.Message) bool {
	return strings.HasPrefix(m.Text, "Kode sudah terkirim") && !strings.Contains(m.Text, "\n\n")
}

func (w *walker) email() string { return fmt.Sprintf("orang%04d@example.org", w.number) }

// card is the number of an identity card, of a woman born in July 1998.
func (w *walker) card() string { return fmt.Sprintf("190601%02d0798%04d", 41+w.number%28, 1+w.number) }

// walk says line after line, each when the one before it was answered.
func (w *walker) walk(ctx context.Context) error {
	email := w.email()
	for _, line := range []string{"jumlah penduduk gantung 2023", "1", "Siti Aminah", "1", w.card(), email, "{kode}",
		"1", "daring, 1", "1", "2", "10, 12-13", "1", "3"} {
		if w.think > 0 {
			select {
			case <-time.After(w.think/2 + rand.N(w.think)):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if line == "{kode}" {
			line = w.letters.code(email)
		}
		begin := time.Now()
		w.user.Say(line)
		m, err := w.next(ctx)
		if err != nil {
			return fmt.Errorf("after %q: %w", line, err)
		}
		w.replies = append(w.replies, time.Since(begin))
		if !strings.HasPrefix(m.Text, "Kutipan sedang disiapkan") {
			continue
		}
		if m, err = w.next(ctx); err != nil || m.File == nil {
			return fmt.Errorf("instead of the PDF came %q: %w", m.Text, err)
		}
		w.file = time.Since(begin)
		if m, err = w.next(ctx); err != nil || !strings.HasPrefix(m.Text, "Seberapa puas") {
			return fmt.Errorf("instead of the question came %q: %w", m.Text, err)
		}
	}
	return nil
}

// assertAllServed looks into every chat and into the database: each person has
// what one person has, once.
func assertAllServed(t *testing.T, d *desk, walkers []*walker) {
	t.Helper()
	people := len(walkers)
	for _, w := range walkers {
		if w.err != nil {
			t.Errorf("person %d: %v", w.number, w.err)
			continue
		}
		files := 0
		chat := slices.DeleteFunc(w.user.FromBot(), codeTaken)
		for _, m := range chat {
			if m.File != nil {
				files++
			}
		}
		if want := len(w.replies) + 2; len(chat) != want || files != 1 {
			t.Errorf("person %d has %d messages and %d files, want %d and 1", w.number, len(chat), files, want)
		}
		s, err := d.db.Session(t.Context(), w.address)
		if err != nil {
			t.Fatal(err)
		}
		excerpts, err := d.db.Excerpts(t.Context(), s.Reader)
		if err != nil || len(excerpts) != 1 || excerpts[0].Pages.String() != "10,12-13" || excerpts[0].DeliveredAt.IsZero() {
			t.Errorf("person %d is reader %d with excerpts %+v, %v", w.number, s.Reader, excerpts, err)
		}
	}
	now := time.Now()
	m, err := d.db.Report(t.Context(), d.office(), conversation.Days(now.AddDate(0, 0, -1), now.AddDate(0, 0, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{"pembaca_baru": people, "kunjungan": people, "pencarian": people,
		"kutipan":         people,
		"halaman_kutipan": 3 * people, "penilaian_jumlah": people} {
		if got := m.Number(key).N; got != float64(want) {
			t.Errorf("%s of %d people: %v, want %d", key, people, got, want)
		}
	}
	if puas := m.Table("penilaian").At("puas"); puas.N != float64(people) {
		t.Errorf("%v of %d people said puas", puas, people)
	}
}

// tell logs the figures.
func tell(t *testing.T, walkers []*walker, took time.Duration) {
	t.Helper()
	var replies, files []time.Duration
	for _, w := range walkers {
		replies = append(replies, w.replies...)
		files = append(files, w.file)
	}
	part := func(d []time.Duration, share float64) time.Duration {
		slices.Sort(d)
		return d[int(share*float64(len(d)-1))].Round(time.Millisecond)
	}
	t.Logf("%d people, %d turns in %v: %.0f a second", len(walkers), len(replies), took.Round(time.Millisecond),
		float64(len(replies))/took.Seconds())
	t.Logf("first answer: median %v, p95 %v, longest %v; PDF: median %v, p95 %v", part(replies, 0.5), part(replies, 0.95),
		part(replies, 1), part(files, 0.5), part(files, 0.95))
	// With the test server, the mail server and the people in it.
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		t.Logf("peak memory of the whole test: %s", regexp.MustCompile(`VmHWM:\s*(.*)`).FindSubmatch(status)[1])
	}
}
