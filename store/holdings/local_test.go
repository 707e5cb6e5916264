package holdings

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// TestFolderOfRealFiles checks every PDF below the folder named by
// PST_PUBLICATIONS, a folder that cannot be part of the project: real
// publications are not ours to hand out, and PDF collections are large. Each
// file must give a right excerpt, compared with its source by glyphs and
// pixels, or one of this package's errors, in bounded time and memory:
//
//	PST_PUBLICATIONS=FOLDER go test -v -timeout 60m -run FolderOfRealFiles ./store/holdings
func TestFolderOfRealFiles(t *testing.T) {
	folder := os.Getenv("PST_PUBLICATIONS")
	if folder == "" {
		t.Skip("PST_PUBLICATIONS names no folder of PDF files")
	}
	var peak uint64
	modes := map[string]int{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".pdf") {
			return err
		}
		t.Run(strings.TrimPrefix(path, folder), func(t *testing.T) {
			mode, used := realFile(t, path)
			modes[mode]++
			peak = max(peak, used)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("outcomes %v; highest memory of a child %d MB", modes, peak>>20)
}

// realFile adds a file, cuts a fifth of it and compares some pages.
func realFile(t *testing.T, path string) (outcome string, peak uint64) {
	start := time.Now()
	if _, err := testReader(); err != nil { // so that the cache is warm
		t.Fatal(err)
	}
	j := job{Cache: testCache, File: path, Want: "contents"}
	r, err := j.run(context.Background(), 30*time.Second)
	if r.Peak > 160<<20 { // both readers, and pages written anew beside their source
		t.Errorf("child took %d MB", r.Peak>>20)
	}
	if err != nil {
		known := errors.Is(err, ErrTimeout) || errors.Is(err, ErrMemory)
		for _, kind := range childErrors {
			known = known || errors.Is(err, kind)
		}
		if !known || errors.Is(err, ErrTimeout) || errors.Is(err, ErrMemory) {
			t.Errorf("unexplained: %v", err)
		}
		t.Logf("refused: %v", err)
		return "refused", r.Peak
	}
	want := max(1, r.Read.Pages/5)
	var pages []int
	for i := range want {
		pages = append(pages, 1+i*r.Read.Pages/want)
	}
	o := order(conversation.NewPageSet(pages...))
	o.File = path
	cutting := time.Now()
	x, err := cutPath(options(), o)
	if err != nil {
		t.Errorf("cut: %v", err)
		return "failed", r.Peak
	}
	t.Logf("%d of %d pages, %s (%s), %d kB, cut in %v, all in %v, child %d MB", x.Pages, r.Read.Pages, x.Mode, x.Verdict, len(x.Data)>>10,
		time.Since(cutting).Round(time.Millisecond), time.Since(start).Round(time.Millisecond), r.Peak>>20)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if x.Mode == "vector" {
		showsTheSame(t, data, x, o.Pages[:min(len(o.Pages), 12)], variant{photos: true})
	}
	return x.Mode, r.Peak
}
