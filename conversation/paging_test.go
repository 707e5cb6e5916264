package conversation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// twelve is a catalogue that finds twelve pages for everything.
type twelve struct{}

func (twelve) Data(context.Context, Query) ([]Datum, error) { return nil, nil }

func (twelve) DataSeries(context.Context, Datum) ([]Datum, error) { return nil, nil }

func (twelve) Series(context.Context, string) ([]Edition, error) { return nil, nil }

func (twelve) Search(_ context.Context, q Query) (Result, error) {
	out := Result{Total: 12}
	for n := q.Offset + 1; n <= min(q.Offset+q.Limit, out.Total); n++ {
		out.Hits = append(out.Hits, Hit{ID: "pub-1", Title: aPublication.Title,
			Pages: []PageHit{{Page: n, Text: "penduduk"}}})
	}
	return out, nil
}

// page is where a list of twelve stands now, by its first hit.
func (b *bench) page(tb testing.TB) string {
	tb.Helper()
	_, said := b.last(tb)
	_, said, _ = strings.Cut(said, "Hasil ")
	from, _, _ := strings.Cut(said, " dari")
	return from
}

// buttons are those under the last question, by their captions or numbers.
func (b *bench) buttons(tb testing.TB) map[string]Option {
	tb.Helper()
	turn, _ := b.last(tb)
	out := map[string]Option{}
	for _, s := range sends(turn, siti) {
		for _, o := range s.Options {
			out[cmp.Or(o.Label, o.Number)] = o
		}
	}
	return out
}

func (b *bench) press(tb testing.TB, menu, key string) {
	tb.Helper()
	b.count++
	m := Message{ID: fmt.Sprint("b7.", b.count), From: siti, Kind: Choice, Menu: menu, Text: key, SentAt: b.at}
	if err := b.Take(tb.Context(), m); err != nil {
		tb.Fatal(err)
	}
}

func (b *bench) say(tb testing.TB, text string) {
	tb.Helper()
	if err := b.Take(tb.Context(), b.text(text)); err != nil {
		tb.Fatal(err)
	}
}

// The buttons under a list page it both ways, and however often one is tapped
// it shows the same part.
func TestAListIsPagedBothWaysAndNeverSkips(t *testing.T) {
	b := newBench(t)
	b.catalogue = twelve{}
	b.stand(t, registered("search"))
	b.say(t, "penduduk")
	if b.page(t) != "1-5" || b.buttons(t)["‹ Mundur"].Key != "" || b.buttons(t)["« Awal"].Key != "" {
		t.Fatalf("the list begins with %s and %v", b.page(t), b.buttons(t))
	}
	on := b.buttons(t)["Lanjut ›"].Key
	for range 3 {
		b.press(t, "results", on)
		turn, _ := b.last(t)
		if b.page(t) != "6-10" || !sends(turn, siti)[0].Paging {
			t.Fatalf("a tap on Lanjut shows %s", b.page(t))
		}
	}
	back, first := b.buttons(t)["‹ Mundur"].Key, b.buttons(t)["« Awal"].Key
	b.press(t, "results", b.buttons(t)["Lanjut ›"].Key)
	if b.page(t) != "11-12" || b.buttons(t)["Lanjut ›"].Key != "" {
		t.Fatalf("the end is %s with %v", b.page(t), b.buttons(t))
	}
	b.press(t, "results", b.buttons(t)["‹ Mundur"].Key)
	if b.page(t) != "6-10" {
		t.Errorf("a page back is %s", b.page(t))
	}
	for _, key := range []string{back, back, first} {
		b.press(t, "results", key)
		if b.page(t) != "1-5" {
			t.Errorf("%s shows %s", key, b.page(t))
		}
	}
}

// A list that others followed is paged as itself, and its hits are its own.
func TestAnEarlierListIsPagedAsItself(t *testing.T) {
	b := newBench(t)
	b.catalogue = twelve{}
	b.stand(t, registered("search"))
	b.say(t, "penduduk")
	on := b.buttons(t)["Lanjut ›"].Key
	hit := b.buttons(t)["2"].Key
	for _, query := range []string{"kemiskinan", "pertanian", "industri"} {
		b.say(t, query)
	}
	b.press(t, "results", on)
	turn, _ := b.last(t)
	if f := turn.Session.Data.Find; b.page(t) != "6-10" || f.Query != "penduduk" {
		t.Errorf("the earlier list shows %s of %q", b.page(t), f.Query)
	}
	b.say(t, "menu")
	b.press(t, "results", on)
	if b.page(t) != "6-10" {
		t.Errorf("from the menu the earlier list shows %s", b.page(t))
	}
	b.press(t, "results", hit)
	if turn, _ := b.last(t); turn.Session.State != "details" {
		t.Errorf("a hit of it leads to %s", turn.Session.State)
	}
	for i := range listsKept + 2 {
		b.say(t, fmt.Sprint("tenaga kerja ", i))
	}
	b.press(t, "results", on)
	if turn, said := b.last(t); turn.Session.State != "results" || !strings.Contains(said, "sudah lewat") {
		t.Errorf("a list long past: %s", said)
	}
	if turn, _ := b.last(t); len(turn.Session.Data.Lists) > listsKept {
		t.Errorf("%d lists are kept", len(turn.Session.Data.Lists))
	}
}

// A configured list that is too long is paged in the same way, and every line of
// it has a button, however long it is.
func TestAConfiguredListIsPagedAndEveryLineHasAButton(t *testing.T) {
	b := newBench(t)
	b.stand(t, registered("category"))
	b.say(t, "xyz")
	b.say(t, "xyz abc")
	more := b.buttons(t)["Pilihan lainnya ›"].Key
	if more == "" {
		t.Fatalf("no way to the rest of the list: %v", b.buttons(t))
	}
	b.press(t, "category", more)
	first := b.buttons(t)
	b.press(t, "category", more)
	if second := b.buttons(t); first["« Pilihan awal"].Key == "" || len(first) != len(second) {
		t.Errorf("a second tap shows %v after %v", second, first)
	}
	for _, s := range states() {
		if s.list == nil {
			continue
		}
		turn := &turn{core: b.core, ctx: t.Context(), s: registered(s.name), at: b.at}
		for _, line := range s.list(turn) {
			key := stable("pick", lineKey(line))
			if len(s.name)+len(key) > 48 {
				t.Errorf("%s: the button of %q needs %d bytes", s.name, line, len(key))
			}
			turn.pressed = key
			if o, about := turn.chosen(s); o == nil || about != line {
				t.Errorf("%s: the button of %q means %q", s.name, line, about)
			}
		}
	}
}

// What the text says of an answer begins with what its button says, so that a
// channel with buttons can leave the line out.
func TestEveryLineBeginsWithItsLabel(t *testing.T) {
	b := newBench(t)
	for _, name := range stateNames() {
		turn := &turn{core: b.core, ctx: t.Context(), s: registered(name), at: b.at}
		lines := strings.Split(turn.question(b.table[name]), "\n")
		for _, o := range turn.offers {
			if o.Number != "" && !slices.ContainsFunc(lines, func(l string) bool {
				return strings.HasPrefix(strings.ReplaceAll(l, "*", ""), o.Number+" "+strings.TrimSuffix(o.Label, "…"))
			}) {
				t.Errorf("%s has no line for %q", name, o.Label)
			}
		}
	}
}
