package search

import (
	"context"
	"fmt"
	"iter"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pst/conversation"
)

// manyOffices is a Source of any size that holds only a few records: those of the
// generated catalogue, and behind them those of its last office again and again, under
// the names of other regencies.
type manyOffices struct {
	own, like []conversation.Publication
	names     []area
	total     int
	newer     map[string]bool // changed after version 1
}

func newManyOffices(tb testing.TB, total int) *manyOffices {
	tb.Helper()
	t, err := loadTables(nil)
	must(tb, err)
	s := &manyOffices{own: generate(tb, 0), total: total, newer: map[string]bool{}}
	for _, p := range generate(tb, 1) {
		if p.Office == "3201" {
			s.like = append(s.like, p)
		}
	}
	for _, a := range t.world {
		if a.level == regency {
			s.names = append(s.names, a)
		}
	}
	for i, n := 0, len(s.names); (i+n)*len(s.like) < total; i++ { // more than there are
		s.names = append(s.names, area{office: strconv.Itoa(9700 + i), title: s.names[i%n].title + " " +
			[]string{"Ilir", "Hulu", "Raya", "Jaya"}[i/n]})
	}
	slices.SortFunc(s.own, func(a, b conversation.Publication) int { return strings.Compare(a.ID, b.ID) })
	return s
}

func (s *manyOffices) record(i int) conversation.Publication {
	if i < len(s.own) {
		return s.own[i]
	}
	j := i - len(s.own)
	p, a := s.like[j%len(s.like)], s.names[j/len(s.like)]
	change := strings.NewReplacer("Suka Maju", a.title, "3201", a.office)
	p.Title, p.Abstract, p.CatalogNo, p.PublicationNo = change.Replace(p.Title), change.Replace(p.Abstract),
		change.Replace(p.CatalogNo), change.Replace(p.PublicationNo)
	p.ID, p.Office = fmt.Sprintf("%024x", 0xf00000000+i), a.office
	if s.newer[p.ID] {
		p.Abstract += " Terbit lagi."
	}
	return p
}

func (s *manyOffices) Changed(_ context.Context, after int64) (ids []string, version int64, err error) {
	version = 1
	if len(s.newer) > 0 {
		version = 2
	}
	for i := range s.total {
		if id := s.record(i).ID; after == 0 || after == 1 && s.newer[id] {
			ids = append(ids, id)
		}
	}
	return ids, version, nil
}

func (s *manyOffices) Publications(context.Context) iter.Seq2[conversation.Publication, error] {
	return func(yield func(conversation.Publication, error) bool) {
		for i := range s.total {
			if !yield(s.record(i), nil) {
				return
			}
		}
	}
}

func (s *manyOffices) Publication(_ context.Context, id string) (conversation.Publication, error) {
	if i, ok := slices.BinarySearchFunc(s.own, id, func(p conversation.Publication,
		id string) int {
		return strings.Compare(p.ID, id)
	}); ok {
		return s.own[i], nil
	}
	n, err := strconv.ParseInt(id, 16, 64)
	if i := int(n - 0xf00000000); err == nil && i >= len(s.own) && i < s.total {
		return s.record(i), nil
	}
	return conversation.Publication{}, conversation.ErrNotFound
}

func (s *manyOffices) DataTables(context.Context, string) ([]conversation.DataTable, error) {
	return nil, nil
}

func (s *manyOffices) Contents(context.Context, string) (conversation.Contents, error) {
	return conversation.Contents{}, nil
}

func (s *manyOffices) Page(context.Context, string, int) (conversation.Page, error) {
	return conversation.Page{}, conversation.ErrNotFound
}

// TestGrowth makes an index of very many records and tells what it took: the process's
// highest memory (the test's own few records and Go's runtime are in it), the time of
// the judged queries, and the work of bringing 500 records in.
//
//	PST_GROWTH=205000 go test ./search -run Growth -v
func TestGrowth(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("PST_GROWTH"))
	if n == 0 {
		t.Skip("PST_GROWTH names no number of records")
	}
	src := newManyOffices(t, n)
	debug.FreeOSMemory()
	before, start := cpuTime(t), time.Now()
	c := mustOpen(t, t.TempDir(), src)
	t.Logf("%d records: index made in %v, %v cpu, at most %d MB", n, time.Since(start).Round(time.Millisecond),
		cpuTime(t)-before, peakMB(t))
	var took []time.Duration
	for range 3 {
		for _, file := range []string{"judged", "fresh", "third"} {
			for _, q := range targetsOf(t, src.own, "testdata/"+file+".tsv") {
				start := time.Now()
				_, err := c.Search(context.Background(), conversation.Query{Text: q.text})
				must(t, err)
				took = append(took, time.Since(start))
			}
		}
	}
	slices.Sort(took)
	t.Logf("%d searches: p50 %v, p99 %v, longest %v", len(took), took[len(took)/2], took[len(took)*99/100],
		took[len(took)-1])
	for i := range 500 {
		src.newer[src.record(len(src.own)+i*7%(n-len(src.own))).ID] = true
	}
	before = cpuTime(t)
	must(t, c.Sync(context.Background()))
	t.Logf("500 records brought in: %v cpu; at most %d MB in all", cpuTime(t)-before, peakMB(t))
}

// TestGrowthChangesNoAnswer asks the judged queries of two catalogues, of which one has
// many times as many offices.
//
//	PST_GROWTH=205000 go test ./search -run Growth -v
func TestGrowthChangesNoAnswer(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("PST_GROWTH"))
	if n == 0 {
		t.Skip("PST_GROWTH names no number of records")
	}
	few, many := newManyOffices(t, 57_107), newManyOffices(t, n)
	a, b := mustOpen(t, t.TempDir(), few), mustOpen(t, t.TempDir(), many)
	asked, other := 0, 0
	for _, file := range []string{"judged", "fresh", "third"} {
		for _, q := range targetsOf(t, few.own, "testdata/"+file+".tsv") {
			var got [2][]string
			for i, c := range []*Catalogue{a, b} {
				res, err := c.Search(context.Background(), conversation.Query{Text: q.text, Limit: 3})
				must(t, err)
				for _, h := range res.Hits {
					got[i] = append(got[i], h.Office+" "+h.Title)
				}
			}
			asked++
			if !slices.Equal(got[0], got[1]) {
				other++
				t.Logf("%q: of %d records %q, of %d %q", q.text, few.total, got[0], n, got[1])
			}
		}
	}
	t.Logf("%d of %d queries have other first three", other, asked)
}

func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var use syscall.Rusage
	must(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &use))
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// peakMB is the most memory the process has had.
func peakMB(tb testing.TB) int64 {
	tb.Helper()
	var use syscall.Rusage
	must(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &use))
	return use.Maxrss >> 10
}
