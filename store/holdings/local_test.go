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

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

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

// Bounds of the memory of a child that reads and compares a file: both readers,
// pdfium's sandbox, and some pages written anew beside their source; more where
// there are photographs among them, which pdfium unpacks.
const (
	maxChild      = 130 << 20
	maxPhotoChild = 160 << 20
)

// realFile adds a file, cuts a fifth of it from what the library holds then, and
// compares some pages.
func realFile(t *testing.T, path string) (outcome string, peak uint64) {
	start := time.Now()
	if _, err := testReader(); err != nil { // so that the cache is warm
		t.Fatal(err)
	}
	j := job{Cache: testCache, File: path, Want: "contents", Copy: filepath.Join(t.TempDir(), "copy.pdf")}
	r, err := j.run(context.Background(), 60*time.Second)
	bound := uint64(maxChild)
	defer func() {
		if peak > bound {
			t.Errorf("child took %d MB, want at most %d", peak>>20, bound>>20)
		}
	}()
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
	if r.Repaired {
		path = j.Copy
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
	t.Logf("%d of %d pages, %s (%s), repaired %v, %d kB, cut in %v, all in %v, child %d MB", x.Pages, r.Read.Pages,
		x.Mode, x.Verdict, r.Repaired, len(x.Data)>>10, time.Since(cutting).Round(time.Millisecond),
		time.Since(start).Round(time.Millisecond), r.Peak>>20)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if x.Mode == "vector" {
		s := mustRead(t, data)
		for i, n := range o.Pages[:min(len(o.Pages), 12)] {
			holds := pageHolds(s, s.pages[n-1].resources, 0)
			if holds.photos {
				bound = maxPhotoChild
			}
			showsPage(t, data, x, i, n,
				variant{less: holds.layers || holds.spelled, more: holds.spelled, photos: holds.photos, odd: true})
		}
	}
	return x.Mode, r.Peak
}

// held is what makes a page's text or pixels differ rightly.
type held struct {
	layers  bool // hidden ones are left out, and pdfium reads their text
	spelled bool // marked content says in other words what it shows
	photos  bool // are packed anew where a part shows or the mark is in their pixels
}

// pageHolds looks through the resources of a page.
func pageHolds(s *source, res types.Dict, depth int) (h held) {
	list := func(name string) types.Dict {
		d, _ := s.object(res[name]).(types.Dict)
		return d
	}
	for _, o := range list("Properties") {
		if d, ok := s.object(o).(types.Dict); ok {
			h.spelled = h.spelled || d["ActualText"] != nil
			h.layers = h.layers || d["Type"] == types.Name("OCG") || d["Type"] == types.Name("OCMD")
		}
	}
	for _, o := range list("XObject") {
		d, ok := s.object(o).(types.StreamDict)
		if !ok {
			continue
		}
		h.layers = h.layers || d.Dict["OC"] != nil
		switch d.Dict["Subtype"] {
		case types.Name("Image"):
			h.photos = true
		case types.Name("Form"):
			if inner, ok := s.object(d.Dict["Resources"]).(types.Dict); ok && depth < 4 {
				deep := pageHolds(s, inner, depth+1)
				h = held{h.layers || deep.layers, h.spelled || deep.spelled, h.photos || deep.photos}
			}
		}
	}
	return h
}
