package holdings

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pst/conversation"
)

// mustRead reads a made file.
func mustRead(tb testing.TB, data []byte) *source {
	tb.Helper()
	s, err := readSource(context.Background(), data)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// One publication that many want at once is cut from one decoded copy.
func TestManyExcerptsOfOneFileAtOnce(t *testing.T) {
	h := mustOpen(t, options())
	if err := os.WriteFile(filepath.Join(h.dir, "made.pdf"), rewritten(t, website(), configureObjectStreams),
		0o600); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			o := order(conversation.NewPageSet(1+i%madePages, 1+i*5%madePages))
			if x, err := h.Excerpt(context.Background(), o); err != nil || x.Mode != "vector" {
				t.Errorf("%s %s %v", x.Mode, x.Verdict, err)
			}
		})
	}
	wg.Wait()
}

func TestCacheStaysWithinItsBound(t *testing.T) {
	c := cache{limit: 100}
	reads := 0
	get := func(name string, size int) {
		if _, err := c.get(name, func() (*source, error) { reads++; return &source{bytes: size}, nil }); err != nil {
			t.Fatal(err)
		}
	}
	get("a", 40)
	get("b", 40)
	get("a", 40)
	get("c", 40) // b was used longest ago
	get("a", 40)
	get("c", 40)
	get("huge", 500)
	get("a", 40)
	if reads != 5 {
		t.Errorf("%d readings, want 5", reads)
	}
	if _, err := c.get("bad", func() (*source, error) { return nil, ErrDamaged }); !errors.Is(err, ErrDamaged) {
		t.Errorf("error %v", err)
	}
}
