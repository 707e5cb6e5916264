package search

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pst/conversation"
)

// library is a Source in memory.
type library struct {
	mu       sync.Mutex
	records  map[string]conversation.Publication
	contents map[string]conversation.Contents
	changed  map[string]int64
	version  int64
}

func newLibrary(ps ...conversation.Publication) *library {
	l := &library{records: map[string]conversation.Publication{}, contents: map[string]conversation.Contents{},
		changed: map[string]int64{}}
	l.put(ps...)
	return l
}

func (l *library) put(ps ...conversation.Publication) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version++
	for _, p := range ps {
		l.records[p.ID], l.changed[p.ID] = p, l.version
	}
}

func (l *library) remove(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version++
	delete(l.records, id)
	l.changed[id] = l.version
}

func (l *library) putPages(p conversation.Publication, c conversation.Contents) {
	l.mu.Lock()
	l.contents[p.ID] = c
	l.mu.Unlock()
	p.Pages = len(c.Pages)
	l.put(p)
}

func (l *library) Changed(_ context.Context, after int64) ([]string, int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for id, v := range l.changed {
		if v > after {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, l.version, nil
}

func (l *library) Publications(context.Context) iter.Seq2[conversation.Publication, error] {
	l.mu.Lock()
	all := maps.Clone(l.records)
	l.mu.Unlock()
	return func(yield func(conversation.Publication, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(all)) {
			if !yield(all[id], nil) {
				return
			}
		}
	}
}

func (l *library) Publication(_ context.Context, id string) (conversation.Publication, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.records[id]
	if !ok {
		return p, conversation.ErrNotFound
	}
	return p, nil
}

func (l *library) DataTables(_ context.Context, id string) ([]conversation.DataTable, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.contents[id].Tables, nil
}

func (l *library) Contents(_ context.Context, id string) (conversation.Contents, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.contents[id], nil
}

func (l *library) Page(_ context.Context, id string, number int) (conversation.Page, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.contents[id].Pages {
		if p.Number == number {
			return p, nil
		}
	}
	return conversation.Page{}, conversation.ErrNotFound
}

// readCatalogue reads WebAPI list answers named OFFICE.json from a folder.
func readCatalogue(tb testing.TB, dir string) []conversation.Publication {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "[0-9][0-9][0-9][0-9].json"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no catalogue in %s: %v", dir, err)
	}
	var out []conversation.Publication
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		var list struct{ Data []json.RawMessage }
		if err := json.Unmarshal(b, &list); err != nil || len(list.Data) < 2 {
			tb.Fatalf("%s: %v", file, err)
		}
		var items []struct {
			ID       string `json:"pub_id"`
			Title    string `json:"title"`
			Abstract string `json:"abstract"`
			ISSN     string `json:"issn"`
			Released string `json:"rl_date"`
			KatNo    string `json:"kat_no"`
			PubNo    string `json:"pub_no"`
		}
		if err := json.Unmarshal(list.Data[1], &items); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		office := strings.TrimSuffix(filepath.Base(file), ".json")
		for _, it := range items {
			year, _ := strconv.Atoi(it.Released[:4])
			out = append(out, conversation.Publication{ID: it.ID, Office: office, Title: it.Title, Abstract: it.Abstract,
				Year: year, Released: it.Released, CatalogNo: it.KatNo, PublicationNo: it.PubNo, ISSN: it.ISSN})
		}
	}
	return out
}

// mustOpen opens a catalogue on a source and brings its index up to date.
func mustOpen(tb testing.TB, dir string, src Source) *Catalogue {
	tb.Helper()
	c, err := Open(context.Background(), dir, src, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { c.Close() })
	if err := c.Sync(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return c
}
