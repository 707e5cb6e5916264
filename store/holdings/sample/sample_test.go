package sample_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pst/conversation"
	"pst/store/holdings"
	"pst/store/holdings/sample"
)

func TestMain(m *testing.M) {
	holdings.RunChild()
	os.Exit(m.Run())
}

// The contents that the sample library brings along must be those that reading
// its files finds: else searching it would not show what real files give.
func TestSampleLibraryReadsAsItSays(t *testing.T) {
	dir, cache := t.TempDir(), filepath.Join(os.TempDir(), "pst-test-cache")
	start := time.Now()
	samples, err := sample.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("writing the sample library took %v", took)
	}
	if len(samples) < 4 {
		t.Fatalf("%d sample publications, want 4 and more", len(samples))
	}
	h, err := holdings.Open(dir, holdings.Options{Cache: cache})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, s := range samples {
		t.Run(s.Publication.Title, func(t *testing.T) {
			a, err := h.Add(context.Background(), s.Path)
			if err != nil {
				t.Fatal(err)
			}
			if a.File != s.Publication.File || a.Pages != s.Publication.Pages || a.Year != s.Publication.Year &&
				s.Publication.ID != "contoh-pdrb-2023" {
				t.Errorf("read %s, %d pages, year %d; said %s, %d pages, year %d", a.File, a.Pages, a.Year, s.Publication.File,
					s.Publication.Pages, s.Publication.Year)
			}
			if a.Pages < 12 || a.Pages > 60 {
				t.Errorf("%d pages, want 12 to 60", a.Pages)
			}
			for i, p := range a.Contents.Pages {
				if want := s.Contents.Pages[i]; p != want && i > 0 {
					t.Errorf("page %d reads as\n%+v\nwant\n%+v", i+1, p, want)
				}
			}
			compareEntries(t, a.Contents.Entries, s.Contents.Entries)
		})
	}
}

func compareEntries(t *testing.T, got, want []conversation.Entry) {
	t.Helper()
	found := map[string]bool{}
	for _, e := range got {
		found[fmt.Sprint(e)] = true
	}
	for _, e := range want {
		if !found[fmt.Sprint(e)] {
			t.Errorf("entry not found: %v", e)
		}
	}
	if t.Failed() {
		t.Logf("found: %v", got)
	}
}
