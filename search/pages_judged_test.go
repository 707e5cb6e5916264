package search

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pst/conversation"
)

// TestPagesFolder asks the questions of testdata/pages.tsv of the five real
// publications, whose page texts lie in a folder as the program reads them,
// and counts how many get a right page among the first three.
//
//	PST_PAGES=DIR go test ./search -run PagesFolder -v
func TestPagesFolder(t *testing.T) {
	dir := os.Getenv("PST_PAGES")
	if dir == "" {
		t.Skip("PST_PAGES names no folder with page texts of publications")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no page texts in %s: %v", dir, err)
	}
	lib := newLibrary()
	if other := os.Getenv("PST_CATALOGUE"); other != "" {
		lib.put(readCatalogue(t, other)...)
	}
	for i, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c conversation.Contents
		if err := json.Unmarshal(b, &c); err != nil {
			t.Fatal(err)
		}
		title := strings.TrimSuffix(filepath.Base(file), ".json")
		lib.putPages(conversation.Publication{ID: "book" + strconv.Itoa(i), Office: "1906", Title: title}, c)
	}
	c := mustOpen(t, t.TempDir(), lib)
	right, asked := 0, 0
	eachLine(t, "testdata/pages.tsv", func(line string) {
		f := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") || len(f) != 3 {
			return
		}
		asked++
		res, err := c.Search(context.Background(), conversation.Query{Text: f[0]})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		ok := false
		for _, h := range res.Hits {
			for _, p := range h.Pages {
				if len(got) == 3 {
					break
				}
				got = append(got, h.Title+" "+strconv.Itoa(p.Page)+" "+p.Table)
				ok = ok || strings.Contains(strings.ToLower(h.Title), f[1]) && slices.Contains(strings.Split(f[2], ","), strconv.Itoa(p.Page))
			}
		}
		if ok {
			right++
		} else {
			t.Logf("%q: want %s of %s, got:\n\t%s", f[0], f[2], f[1], strings.Join(got, "\n\t"))
		}
	})
	t.Logf("%d of %d questions have a right page among the first three", right, asked)
}
