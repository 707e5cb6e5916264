package store

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pst/conversation"
)

func sample() (conversation.Publication, *conversation.Contents) {
	return conversation.Publication{ID: "p1", Office: "1906", Title: "Belitung Timur Dalam Angka 2024", Abstract: "Isi", Year: 2024,
			File: "p1.pdf", SHA256: "aa", Pages: 2, Strict: true},
		&conversation.Contents{
			Pages: []conversation.Page{{Number: 1, Front: true, Text: "Sampul"}, {Number: 2, Printed: "1", Text: strings.Repeat("penduduk ", 300)}},
			Entries: []conversation.Entry{{Kind: "tabel", Number: "1.1", Title: "Luas", Printed: "1", Page: 2},
				{Kind: "gambar", Title: "Peta", Page: 2}},
		}
}

func (d *desk) changes(after int64) (string, int64) {
	d.tb.Helper()
	ids, version, err := d.Changed(d.tb.Context(), after)
	if err != nil {
		d.tb.Fatal(err)
	}
	return strings.Join(ids, " "), version
}

func TestTheSameInputAgainChangesNothing(t *testing.T) {
	d := openDesk(t)
	p, c := sample()
	for _, step := range []struct {
		name string
		save func() (bool, error)
		want bool
	}{
		{"first", func() (bool, error) { return d.SavePublication(t.Context(), p, c) }, true},
		{"again", func() (bool, error) { return d.SavePublication(t.Context(), p, c) }, false},
		{"without contents", func() (bool, error) { return d.SavePublication(t.Context(), p, nil) }, false},
		{"a record that knows no file", func() (bool, error) {
			return d.SavePublication(t.Context(), conversation.Publication{ID: "p1", Title: p.Title, Office: "1906"}, nil)
		}, false},
		{"a shelf is added", func() (bool, error) {
			return d.SavePublication(t.Context(), conversation.Publication{ID: "p1", Title: p.Title, Shelf: "2B"}, nil)
		}, true},
		{"another text", func() (bool, error) {
			other := *c
			other.Pages = c.Pages[:1]
			return d.SavePublication(t.Context(), p, &other)
		}, true},
	} {
		_, before := d.changes(0)
		changed, err := step.save()
		if err != nil || changed != step.want {
			t.Errorf("%s: changed %v, %v", step.name, changed, err)
		}
		if ids, after := d.changes(before); (after > before) != step.want || (ids == "p1") != step.want {
			t.Errorf("%s: version %d to %d, ids %q", step.name, before, after, ids)
		}
	}
	got, err := d.Publication(t.Context(), "p1")
	if err != nil || got.File != "p1.pdf" || got.Pages != 2 || !got.Strict || got.Shelf != "2B" || got.Abstract != "Isi" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := d.SavePublication(t.Context(), conversation.Publication{Title: "x"}, nil); err == nil {
		t.Error("a record without id was saved")
	}
}

func TestContentsComeBackAsTheyWere(t *testing.T) {
	d := openDesk(t)
	p, c := sample()
	if _, err := d.SavePublication(t.Context(), p, c); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Contents(t.Context(), "p1"); err != nil || !reflect.DeepEqual(got, *c) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := d.Page(t.Context(), "p1", 2); err != nil || got != c.Pages[1] {
		t.Errorf("%+v, %v", got, err)
	}
	numbers := map[int]string{}
	for _, page := range c.Pages {
		if page.Printed != "" {
			numbers[page.Number] = page.Printed
		}
	}
	if got, err := d.PrintedNumbers(t.Context(), "p1"); err != nil || len(got) == 0 || !reflect.DeepEqual(got, numbers) {
		t.Errorf("printed numbers %v, want %v, %v", got, numbers, err)
	}
	_, err := d.Page(t.Context(), "p1", 3)
	wantErr(t, err, conversation.ErrNotFound)
	for _, id := range []string{"none", "p2"} {
		if id == "p2" {
			d.book(id, 5) // no contents
		}
		if got, err := d.Contents(t.Context(), id); err != nil || len(got.Pages)+len(got.Entries) > 0 {
			t.Errorf("%s: %+v, %v", id, got, err)
		}
	}
}

func TestADeletedPublicationIsReportedAsChanged(t *testing.T) {
	d := openDesk(t)
	p, c := sample()
	if _, err := d.SavePublication(t.Context(), p, c); err != nil {
		t.Fatal(err)
	}
	d.book("p2", 5)
	_, version := d.changes(0)
	for range 2 {
		if err := d.DeletePublication(t.Context(), "p1"); err != nil {
			t.Fatal(err)
		}
		if ids, now := d.changes(version); ids != "p1" || now != version+1 {
			t.Fatalf("changed %q, version %d", ids, now)
		}
	}
	_, err := d.Publication(t.Context(), "p1")
	wantErr(t, err, conversation.ErrNotFound)
	var left []string
	for p, err := range d.Publications(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		left = append(left, p.ID)
	}
	if !slices.Equal(left, []string{"p2"}) {
		t.Fatal(left)
	}
	if changed, err := d.SavePublication(t.Context(), p, c); err != nil || !changed {
		t.Fatal("back again:", changed, err)
	}
	if _, err := d.Publication(t.Context(), "p1"); err != nil {
		t.Fatal("back again:", err)
	}
	if got, err := d.Contents(t.Context(), "p1"); err != nil || len(got.Pages) != 2 {
		t.Fatal(got, err)
	}
}

func TestManyRecordsAreListedInOrder(t *testing.T) {
	d := openDesk(t)
	var ps []conversation.Publication
	for i := range 1203 {
		ps = append(ps, conversation.Publication{ID: fmt.Sprintf("%05d", (i*7)%1203), Title: "Buku", Office: "1906"})
	}
	for _, want := range []int{1203, 0} {
		if n, err := d.SavePublications(t.Context(), ps); err != nil || n != want {
			t.Fatal(n, err)
		}
	}
	n := 0
	for p, err := range d.Publications(t.Context()) {
		if err != nil || p.ID != fmt.Sprintf("%05d", n) {
			t.Fatal(n, p.ID, err)
		}
		n++
	}
	if n != 1203 {
		t.Fatal(n)
	}
	for range d.Publications(t.Context()) {
		break // a caller may stop early
	}
	if n, err := d.SavePublications(t.Context(), []conversation.Publication{{ID: "neu", Title: "x"}, {}}); err == nil || n != 0 {
		t.Fatal("records without id were saved")
	}
	if _, err := d.Publication(t.Context(), "neu"); err == nil {
		t.Fatal("half of the records were saved")
	}
}
