package holdings

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// judgedCell is one cell of a publication's table, as a person read it off the page.
type judgedCell struct {
	book, table, row, column, value string
	page                            int
}

func judgedCells(t *testing.T) (out []judgedCell) {
	f, err := os.Open(filepath.Join("testdata", "judged", "cells.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		c := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(c[0], "#") {
			continue
		}
		page, err := strconv.Atoi(c[3])
		if err != nil || len(c) != 11 {
			t.Fatalf("cells.tsv: %q", c)
		}
		out = append(out, judgedCell{book: c[0], table: c[1], page: page, row: c[5], column: c[6], value: c[9]})
	}
	return out
}

var wordsOf = regexp.MustCompile(`[\pL\pN+<>≥]+`)

// alike is how much of two names is the same, from 0 to 1: their words, numbering and
// order aside.
func alike(a, b string) float64 {
	x, y := map[string]bool{}, map[string]bool{}
	for _, w := range wordsOf.FindAllString(strings.ToLower(a), -1) {
		x[w] = true
	}
	for _, w := range wordsOf.FindAllString(strings.ToLower(b), -1) {
		y[w] = true
	}
	same := 0.0
	for w := range x {
		if y[w] {
			same++
		}
	}
	return 2 * same / float64(len(x)+len(y))
}

// verdictOf compares a judged cell with the tables that were read.
func verdictOf(j judgedCell, tables []conversation.DataTable) (string, string) {
	for _, t := range tables {
		if t.Number != j.table {
			continue
		}
		best, row, col := 0.0, -1, -1
		for r := range t.Rows {
			for c := range t.Columns {
				page := t.Rows[r].Page
				if p := t.Rows[r].Cells[c].Page; p != 0 {
					page = p
				}
				if page != j.page {
					continue
				}
				s := alike(j.row, strings.Join(t.Rows[r].Label, " ")) * alike(j.column, strings.Join(t.Columns[c].Header, " "))
				if s > best {
					best, row, col = s, r, c
				}
			}
		}
		for _, c := range t.Left {
			for _, r := range t.Rows {
				if alike(j.row, strings.Join(r.Label, " "))*alike(j.column, strings.Join(c.Header, " ")) >= best {
					best, row = 1, -1 // it is not offered
				}
			}
		}
		if row < 0 || best < 0.2 {
			continue
		}
		cell := t.Rows[row].Cells[col]
		said := strings.Join(t.Rows[row].Label, " > ") + " × " + strings.Join(t.Columns[col].Header, " > ") + " = " +
			cell.Text
		if cell.Text == j.value {
			return "offered", said
		}
		return "WRONG", said
	}
	return "silent", ""
}

// TestJudgedCellsAreReadOrLeftOut compares the tables of real publications with what
// a person read off their pages: 60% must be there, and not one may be read otherwise.
//
//	PST_PUBLICATIONS=FOLDER go test -v -run JudgedCells ./store/holdings
func TestJudgedCellsAreReadOrLeftOut(t *testing.T) {
	folder := os.Getenv("PST_PUBLICATIONS")
	if folder == "" {
		t.Skip("PST_PUBLICATIONS names no folder of publications")
	}
	cells := judgedCells(t)
	h, err := Open(t.TempDir(), options())
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	files, err := filepath.Glob(filepath.Join(folder, "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, path := range files {
		sha, _, err := h.Sum(path)
		if err != nil {
			t.Fatal(err)
		}
		book := sha[:16]
		if !slices.ContainsFunc(cells, func(c judgedCell) bool { return c.book == book }) {
			continue
		}
		r, err := job{Cache: testCache, File: path, Want: "tables"}.run(t.Context(), 2*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		mine := map[string]int{}
		for _, c := range cells {
			if c.book != book {
				continue
			}
			verdict, said := verdictOf(c, r.Read.Contents.Tables)
			mine[verdict]++
			count[verdict]++
			switch verdict {
			case "WRONG":
				t.Errorf("%s %s page %d: %s × %s is %s; read %s", book, c.table, c.page, c.row, c.column, c.value, said)
			case "silent":
				t.Logf("%s %s page %d: %s × %s: silent", book, c.table, c.page, c.row, c.column)
			}
		}
		t.Logf("%s: %d tables, cells %v", book, len(r.Read.Contents.Tables), mine)
	}
	t.Logf("all: %v", count)
	if all := count["offered"] + count["silent"]; count["offered"]*100 < all*60 {
		t.Errorf("%d of %d cells are offered, want 60%%", count["offered"], all)
	}
}
