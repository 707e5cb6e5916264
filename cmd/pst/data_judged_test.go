package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pst/conversation"
	"pst/search"
	"pst/store"
)

// leastOffered is for how many of a hundred judged questions a number is offered at least.
const leastOffered = 60

// TestJudgedNumbers asks the publications in the folder named by PST_PUBLICATIONS what
// people asked for cells that were read off their pages by eye (store/holdings/testdata/
// judged: cells.tsv, drawn.tsv, and unanswered.tsv for what must stay without an answer). No number
// may be wrong, nothing unanswerable answered; the greater part must be offered.
//
//	PST_PUBLICATIONS=FOLDER go test -v -run JudgedNumbers ./cmd/pst
func TestJudgedNumbers(t *testing.T) {
	folder := os.Getenv("PST_PUBLICATIONS")
	if folder == "" {
		t.Skip("PST_PUBLICATIONS names no folder of PDF files")
	}
	data := t.TempDir()
	if exit, _, errs := command(t, "", "import", "-data", data, folder); exit != exitFine {
		t.Fatal(errs)
	}
	db := openData(t, data)
	c, err := search.Open(t.Context(), filepath.Join(data, "index"), db, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	books := heldBooks(t, db)
	asked, offered, right := 0, 0, 0
	for i, row := range slices.Concat(judgedRows(t, "cells.tsv", 11), judgedRows(t, "drawn.tsv", 11)) {
		book, page, value, question := books[row[0]], row[3], row[9], row[10]
		if book == "" {
			continue
		}
		asked++
		got, err := c.Data(t.Context(), conversation.Query{Text: question})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 {
			t.Logf("%d: %q: nothing offered of %s, page %s", i+1, question, row[1], page)
			continue
		}
		offered++
		one := got[0]
		namesakes := len(got) == 2 && got[1].Publication == one.Publication && got[1].Table.Key() == one.Table.Key()
		if len(got) > 1 && !namesakes || bare(one.Cell().Text) != bare(value) {
			t.Errorf("%d: %q: %s on page %d of %s (%d answers); want %s on page %s of %s",
				i+1, question, one.Cell().Text, one.Page(), one.Title, len(got), value, page, row[1])
			continue
		}
		right++
		if one.Publication != book || strconv.Itoa(one.Page()) != page { // books do tell a number twice
			t.Logf("%d: %q: right, on page %d of %s", i+1, question, one.Page(), one.Title)
		}
	}
	for _, row := range judgedRows(t, "unanswered.tsv", 2) {
		got, err := c.Data(t.Context(), conversation.Query{Text: row[0]})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range got {
			t.Errorf("%q is answered with %s of %s (%s)", row[0], d.Cell().Text, d.Table.Title, row[1])
		}
	}
	t.Logf("%d asked, %d offered, %d right", asked, offered, right)
	if offered*100 < leastOffered*asked {
		t.Errorf("%d of %d offered, want %d of 100", offered, asked, leastOffered)
	}
}

// thousands is a mark between groups of three digits: one table of a book prints 2 139,
// another 2,139. A decimal of three digits is none of the judged ones.
var thousands = regexp.MustCompile(`^(\d{1,3})[.,](\d{3})$`)

// bare is a number as printed, without what parts its thousands.
func bare(s string) string {
	return thousands.ReplaceAllString(strings.Join(strings.Fields(s), ""), "$1$2")
}

// heldBooks are the publications with a file by the first digits of its SHA-256.
func heldBooks(t *testing.T, db *store.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for p, err := range db.Publications(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if len(p.SHA256) > 16 {
			out[p.SHA256[:16]] = p.ID
		}
	}
	return out
}

// judgedRows reads a file of what was found in publications by other means.
func judgedRows(t *testing.T, name string, cells int) (out [][]string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "store", "holdings", "testdata", "judged", name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(row) != cells {
			t.Fatalf("%s: %q", name, row)
		}
		out = append(out, row)
	}
	return out
}
