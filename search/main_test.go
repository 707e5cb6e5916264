package search

import (
	"context"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"testing"

	"pst/conversation"
)

// made is the catalogue in the shape of the real ones.
var made struct {
	sync.Once
	dir string
	ps  []conversation.Publication
	c   *Catalogue
	err error
}

// TestMain lets garbage wait, since what these tests make is small and gone at once, and
// puts the made catalogue away.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	code := m.Run()
	if made.c != nil {
		made.c.Close()
	}
	if made.dir != "" {
		os.RemoveAll(made.dir)
	}
	os.Exit(code)
}

// madeCatalogue is built once for all the tests that only ask it.
func madeCatalogue(tb testing.TB) (*Catalogue, []conversation.Publication) {
	tb.Helper()
	made.Do(func() {
		made.ps = generate(tb, 0)
		if made.dir, made.err = os.MkdirTemp("", "pst-made"); made.err != nil {
			return
		}
		if made.c, made.err = Open(context.Background(), made.dir, newLibrary(made.ps...), Options{}); made.err == nil {
			made.err = made.c.Sync(context.Background())
		}
	})
	must(tb, made.err)
	return made.c, slices.Clone(made.ps)
}
