package store

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"pst/conversation"
)

// A database of many readers does what one of few does: it opens, takes turns, tells the
// year, is copied whole and purged by a tenth a day. It tells what each takes.
//
//	PST_GROWTH=100000 go test ./store -run Growth -v
func TestGrowthOfReaders(t *testing.T) {
	n := 300
	if text := os.Getenv("PST_GROWTH"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 300 {
			t.Fatalf("PST_GROWTH=%q: must be a number, at least 300", text)
		}
	}
	d := openDesk(t)
	year := time.Date(2025, 11, 23, 0, 0, 0, 0, wib) // up to the day that the clock of the tests shows
	generated{visits: 10 * n, readers: n, excerpts: 6 * n, searches: 3 * n, from: year}.write(t, d.DB)
	timed := func(what string, do func() error) {
		t.Helper()
		start := time.Now()
		if err := do(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		t.Logf("%s: %v", what, time.Since(start).Round(10*time.Microsecond))
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	timed("open", func() (err error) {
		d.DB, err = Open(t.Context(), d.path, Options{Secret: testSecret, Now: d.clock.Now})
		return err
	})
	var took []time.Duration
	for i := range 300 {
		turn := turnOf(t, d, "telegram:1", i)
		start := time.Now()
		if err := d.Commit(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	t.Logf("%d turns: median %v, p99 %v", len(took), took[len(took)/2], took[len(took)*99/100])

	office := conversation.DefaultOffice(wib)
	for _, p := range []conversation.Period{conversation.Months(year, 1), conversation.Months(year, 12)} {
		timed("report of "+p.Key(), func() error {
			r, err := d.Report(t.Context(), &office, p)
			if err == nil && r.Number("kunjungan").N == 0 {
				t.Errorf("in %s nobody came", p.Key())
			}
			return err
		})
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	timed("backup", func() error { return d.Backup(t.Context(), copied) })
	info, err := os.Stat(copied)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d readers, %d visits: %.1f MB", n, 10*n, float64(info.Size())/(1<<20))
	timed("purge", func() error {
		p, err := d.Purge(t.Context(), d.clock.Now(), Retention{Readers: aDay, Searches: aDay, Hashes: 5 * 365 * aDay})
		if p.Readers != int64(n/10) || p.Searches == 0 {
			t.Errorf("purged: %+v", p)
		}
		return err
	})
	timed("check", func() error { return d.Check(t.Context()) })
}
