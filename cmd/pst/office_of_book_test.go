package main

import (
	"os"
	"strings"
	"testing"

	"pst/conversation"
)

// What is written on the pages of another office's book, and what their file is
// called, names that office and not the desk's.
func TestAnotherOfficesBookBearsItsName(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../conversation/testdata/genuine.txt")
	if err != nil {
		t.Fatal(err)
	}
	r := newRunner(t)
	r.quick = true
	var orders []conversation.ExcerptOrder
	r.handed = func(o conversation.ExcerptOrder) { orders = append(orders, o) }
	before, _, _ := strings.Cut(string(text), "\n> lewati\n")
	said := r.play(before)
	if len(orders) != 1 {
		t.Fatalf("%d excerpts in\n%s", len(orders), said)
	}
	o := orders[0]
	for what, line := range map[string]string{"tiled lines": strings.Join(o.Mark.Lines, "|"), "code line": o.Mark.Footer} {
		if !strings.Contains(line, "BPS Kabupaten Belitung") || strings.Contains(line, "Belitung Timur") {
			t.Errorf("%s: %q", what, line)
		}
	}
	if !strings.HasPrefix(o.FileName, "BPS1902_") || o.Title != "Kecamatan Badau Dalam Angka 2023" ||
		o.Mark.Check != "CEK KODE "+o.Mark.Code {
		t.Errorf("file %q, title %q, square %q", o.FileName, o.Title, o.Mark.Check)
	}
	_, caption, _ := strings.Cut(said, "[berkas ")
	caption, _, _ = strings.Cut(caption, "\n< ")
	if strings.Count(caption, "BPS Kabupaten Belitung.") != 2 || strings.Contains(caption, "Belitung Timur") {
		t.Errorf("caption and citation: %s", caption)
	}
	r.office.Bot = "contoh_pst_bot"
	if got := r.office.CheckText("K7F3Q9AB2D"); got != "https://t.me/contoh_pst_bot?start=cek_K7F3Q9AB2D" {
		t.Errorf("with a bot the square says %q", got)
	}
}
