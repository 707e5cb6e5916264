package search

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pst/conversation"
)

// big is about as many records as the offices of five provinces have.
const big = 110 // offices besides the own, its neighbours, province and nation

// manyPages makes books with tables, about 1.7 kB a page, in words of the
// tables with the frequencies of running text.
func manyPages(tb testing.TB, books, pages int) *library {
	tb.Helper()
	t, err := loadTables(nil)
	must(tb, err)
	var vocabulary []string
	for w := range t.vocabulary {
		vocabulary = append(vocabulary, w)
	}
	for i := range 20_000 {
		vocabulary = append(vocabulary, fmt.Sprintf("kata%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26))
	}
	slices.Sort(vocabulary)
	rng := rand.New(rand.NewPCG(1906, 2026))
	rng.Shuffle(len(vocabulary), func(i, j int) { vocabulary[i], vocabulary[j] = vocabulary[j], vocabulary[i] })
	often := rand.NewZipf(rng, 1.1, 20, uint64(len(vocabulary)-1))
	topics := t.series
	lib := newLibrary()
	for b := range books {
		var c conversation.Contents
		for p := 1; p <= pages; p++ {
			var text strings.Builder
			for text.Len() < 1700 {
				text.WriteString(vocabulary[often.Uint64()])
				text.WriteByte(" \n"[rng.IntN(12)/11])
			}
			c.Pages = append(c.Pages, conversation.Page{Number: p, Text: text.String()})
			if rule := topics[rng.IntN(len(topics))]; p%2 == 0 && len(rule.topics) > 0 {
				title := "Jumlah " + strings.Join(rule.topics[rng.IntN(len(rule.topics))], " ") + " Menurut Desa, 2023"
				c.Entries = append(c.Entries, conversation.Entry{Kind: "tabel", Number: fmt.Sprintf("%d.%d", p/20+1, p%20),
					Title: title, Page: p})
			}
		}
		title := fmt.Sprintf("Kecamatan Desa %c%c Dalam Angka %d", 'A'+b%26, 'a'+b/26%26, 2010+b%15)
		lib.putPages(conversation.Publication{ID: fmt.Sprintf("book%04d", b), Office: "1906", Title: title}, c)
	}
	return lib
}

// querying measures searches of one catalogue, some at once, and reports the
// time under which 99 of 100 stay.
func querying(b *testing.B, c *Catalogue, qs []conversation.Query, atOnce int) {
	b.Helper()
	measuring(b, qs, atOnce, func(q conversation.Query) error {
		_, err := c.Search(context.Background(), q)
		return err
	})
}

// measuring is querying by any means.
func measuring(b *testing.B, qs []conversation.Query, atOnce int, do func(conversation.Query) error) {
	b.Helper()
	var mu sync.Mutex
	var took []time.Duration
	slow, slowest := "", time.Duration(0)
	var next int
	work := func(n int) {
		for range n {
			mu.Lock()
			q := qs[next%len(qs)]
			next++
			mu.Unlock()
			start := time.Now()
			err := do(q)
			d := time.Since(start)
			mu.Lock()
			took = append(took, d)
			if d > slowest {
				slow, slowest = q.Text, d
			}
			mu.Unlock()
			if err != nil {
				b.Error(err)
				return
			}
		}
	}
	b.ResetTimer()
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() { work(max(1, b.N/atOnce)) })
	}
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.Logf("slowest %v: %.60q", slowest.Round(time.Microsecond), slow)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}

func judgedTexts(b *testing.B, ps []conversation.Publication) []conversation.Query {
	var out []conversation.Query
	for _, q := range readTargets(b, ps) {
		out = append(out, conversation.Query{Text: q.text})
	}
	return out
}

func BenchmarkCatalogue(b *testing.B) {
	ps := generate(b, big)
	start := time.Now()
	dir := b.TempDir()
	c := mustOpen(b, dir, newLibrary(ps...))
	b.Logf("%d records indexed in %v, %.1f MB", len(ps), time.Since(start).Round(time.Millisecond), folderMB(b, dir))
	qs := judgedTexts(b, ps)
	for _, n := range []int{1, 8} {
		b.Run(fmt.Sprintf("%d-at-once", n), func(b *testing.B) { querying(b, c, qs, n) })
	}
}

func BenchmarkPages(b *testing.B) {
	lib := manyPages(b, 360, 139)
	start := time.Now()
	dir := b.TempDir()
	c := mustOpen(b, dir, lib)
	d := time.Since(start)
	b.Logf("%d pages indexed in %v (%.0f a second), %.0f MB", 360*139, d.Round(time.Millisecond), 360*139/d.Seconds(),
		folderMB(b, dir))
	var all, any []conversation.Query
	for _, rule := range c.tables.series {
		for _, topic := range rule.topics[:min(2, len(rule.topics))] {
			all = append(all, conversation.Query{Text: "jumlah " + strings.Join(topic, " ") + " per desa"})
			any = append(any, conversation.Query{Text: strings.Join(topic, " ") + " kataaab pengeluaran kemiskinan sensus"})
		}
	}
	b.Run("all-words", func(b *testing.B) { querying(b, c, all, 1) })
	b.Run("any-words", func(b *testing.B) { querying(b, c, any, 1) })
	b.Run("one-book", func(b *testing.B) {
		in := slices.Clone(all)
		for i := range in {
			in[i].Publication = fmt.Sprintf("book%04d", i%360)
		}
		querying(b, c, in, 1)
	})
	b.Run("import-one", func(b *testing.B) {
		for i := range b.N {
			lib.put(conversation.Publication{ID: fmt.Sprintf("new%d", i), Office: "1906", Title: fmt.Sprintf("Statistik Baru %d",
				2000+i%20)})
			must(b, c.Sync(context.Background()))
		}
	})
}

// BenchmarkData asks 120 kecamatan with three editions each for numbers of their tables.
func BenchmarkData(b *testing.B) {
	lib := newLibrary()
	var qs []conversation.Query
	for k := range 120 {
		name := fmt.Sprintf("Damar%c%c", 'a'+k/12, 'a'+k%12)
		for e := range 3 {
			var list []string
			for _, text := range []string{peopleOfDamar23, areaOfDamar, faithsOfDamar, schoolsOfDamar, teachersOfDamar,
				pupilsOfDamar,
				rainOfDamar, jobsOfDamar, agesOfDamar, shopsOfDamar, distanceOfDamar} {
				list = append(list, strings.NewReplacer("Damar", name, "2023", fmt.Sprint(2021+e)).Replace(text))
			}
			lib.putPages(tabled(fmt.Sprintf("k%d-%d", k, e), "1906", fmt.Sprintf("Kecamatan %s Dalam Angka %d", name, 2022+e),
				list...))
		}
		for _, text := range []string{"berapa jumlah penduduk kecamatan %s 2022", "penduduk perempuan desa mengkubang %s",
			"luas kecamatan %s",
			"jumlah nelayan burong mandi %s 2021", "penduduk umur 65-69 %s", "berapa jumlah penduduk desa mengkubang"} {
			if strings.Contains(text, "%s") {
				text = fmt.Sprintf(text, strings.ToLower(name))
			}
			qs = append(qs, conversation.Query{Text: text})
		}
	}
	c := mustOpen(b, b.TempDir(), lib)
	answered := 0
	measuring(b, qs, 1, func(q conversation.Query) error {
		got, err := c.Data(context.Background(), q)
		answered += len(got)
		return err
	})
	b.ReportMetric(float64(answered)/float64(b.N), "answers")
}

func BenchmarkOpen(b *testing.B) {
	dir, lib := b.TempDir(), newLibrary(generate(b, 0)...)
	mustOpen(b, dir, lib)
	for b.Loop() {
		c, err := Open(context.Background(), dir, lib, Options{})
		must(b, err)
		must(b, c.Sync(context.Background()))
		must(b, c.Close())
	}
}

func folderMB(tb testing.TB, dir string) float64 {
	tb.Helper()
	var sum int64
	must(tb, filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	}))
	return float64(sum) / 1e6
}

func TestTwoBuildsGiveTheSameOrder(t *testing.T) {
	a, ps := madeCatalogue(t)
	slices.Reverse(ps)
	lib := newLibrary(ps[:1000]...)
	b := mustOpen(t, t.TempDir(), lib)
	for part := range slices.Chunk(ps[1000:], 350) { // the rest by and by
		lib.put(part...)
		must(t, b.Sync(context.Background()))
	}
	for _, q := range readTargets(t, ps) {
		var got [2][]string
		for i, c := range []*Catalogue{a, b} {
			res, err := c.Search(context.Background(), conversation.Query{Text: q.text, Limit: 50})
			must(t, err)
			for _, h := range res.Hits {
				got[i] = append(got[i], h.ID)
			}
		}
		if !slices.Equal(got[0], got[1]) {
			t.Errorf("%q: built at once %v, built in parts %v", q.text, got[0], got[1])
		}
	}
}
