package holdings

import (
	"bufio"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// judgement is what a person found in a publication: numbers only, none of its
// words.
type judgement struct {
	tables [][]string // table, page, printed
	pages  [][]string // page, printed, table
}

// judgements reads what was found in publications that cannot be part of the
// project, by the first digits of their SHA-256.
func judgements(t *testing.T) map[string]*judgement {
	out := map[string]*judgement{}
	read := func(name string, add func(j *judgement, row []string)) {
		f, err := os.Open(filepath.Join("testdata", "judged", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			row := strings.Split(lines.Text(), "\t")
			if strings.HasPrefix(row[0], "#") {
				continue
			}
			if len(row) != 4 {
				t.Fatalf("%s: %q", name, row)
			}
			if out[row[0]] == nil {
				out[row[0]] = &judgement{}
			}
			add(out[row[0]], row[1:])
		}
	}
	read("tables.tsv", func(j *judgement, row []string) { j.tables = append(j.tables, row) })
	read("pages.tsv", func(j *judgement, row []string) { j.pages = append(j.pages, row) })
	return out
}

// TestJudgedPublications compares what an import reads of the publications in the
// folder named by PST_PUBLICATIONS with what was found in them by other means
// (testdata/judged): of the tables that their lists name, 97% must be known and of
// these at most 1% with another page; on thirty pages the printed number and the
// number of the table, as a citation gives them, must be right.
//
//	PST_PUBLICATIONS=FOLDER go test -v -run JudgedPublications ./store/holdings
func TestJudgedPublications(t *testing.T) {
	folder := os.Getenv("PST_PUBLICATIONS")
	if folder == "" {
		t.Skip("PST_PUBLICATIONS names no folder of PDF files")
	}
	judged := judgements(t)
	h, err := Open(t.TempDir(), options())
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	met := 0
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".pdf") {
			return err
		}
		sha, _, err := h.Sum(path)
		if err != nil {
			return err
		}
		if j := judged[sha[:16]]; j != nil {
			met++
			t.Run(sha[:16], func(t *testing.T) { j.compare(t, path) })
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d judged publications are in the folder", met, len(judged))
}

func (j *judgement) compare(t *testing.T, path string) {
	r, err := job{Cache: testCache, File: path, Want: "contents"}.run(context.Background(), 2*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	c := r.Read.Contents
	found, wrong := 0, 0
	for _, row := range j.tables {
		number, page := row[0], row[1]
		var at []string
		for _, e := range c.Entries {
			switch {
			case e.Kind != "tabel" || e.Number != number:
			case e.Page == 0:
				at = append(at, "")
			default:
				at = append(at, strconv.Itoa(e.Page))
			}
		}
		if len(at) == 0 {
			t.Logf("table %s of page %s is not known", number, page)
			continue
		}
		found++
		if !slices.Contains(at, page) {
			wrong++
			t.Logf("table %s of page %q is known on %q", number, page, at)
		}
	}
	t.Logf("%d of %d tables known, %d with another page", found, len(j.tables), wrong)
	if found*100 < len(j.tables)*97 {
		t.Errorf("%d of %d tables known, want 97%%", found, len(j.tables))
	}
	if wrong*100 > found {
		t.Errorf("%d of %d tables with another page, want at most 1%%", wrong, found)
	}
	for _, row := range j.pages {
		n, err := strconv.Atoi(row[0])
		if err != nil || n > len(c.Pages) {
			t.Fatalf("page %q: %v", row[0], err)
		}
		got, err := conversation.TablesOn(c.Entries, conversation.PageSet{n}, 3,
			func(n int) (conversation.Page, error) { return c.Pages[n-1], nil })
		if err != nil {
			t.Fatal(err)
		}
		if printed, tables := c.Pages[n-1].Printed, strings.Join(got, " "); printed != row[1] || tables != row[2] {
			t.Errorf("page %d is cited as page %q, table %q; want %q, %q", n, printed, tables, row[1], row[2])
		}
	}
}
