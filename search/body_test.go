package search

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"pst/conversation"
)

// FuzzBodies holds that a series comes back as it was written, whatever stands in its
// title, and that no damaged body is read as a whole one or stops the program.
func FuzzBodies(f *testing.F) {
	f.Add("Kecamatan Gantung\x1f Dalam\x1e Angka", "gantung", 2023, "\x1f\x1f")
	f.Add("", "", 0, "a\x1fb\x1e")
	f.Fuzz(func(t *testing.T, title, name string, year int, damaged string) {
		s := series{Key: title, Office: "1906", District: name, Words: []string{"satu", "dua"}, Abstract: title,
			Editions: []edition{{ID: name, Title: title, Year: year, Numbers: []string{"1102001"}, Held: true}, {ID: "b"}}}
		s.Editions[1].Numbers = []string{}
		var back series
		if err := back.read(s.body()); err != nil {
			t.Fatal(err)
		}
		s.Key, s.Abstract, s.District = separators.Replace(title), separators.Replace(title), separators.Replace(name)
		s.Editions[0].Title, s.Editions[0].ID = s.Key, s.District
		if !reflect.DeepEqual(back, s) {
			t.Errorf("written %+v, read %+v", s, back)
		}
		if err := back.read(damaged); err == nil && len(back.Editions) == 0 {
			t.Errorf("%q is read as a series without editions", damaged)
		}
		_ = new(pageBody).read(damaged)
	})
}

// TestAnOfficeOfVeryManySeries is searched through the index, not in memory.
func TestAnOfficeOfVeryManySeries(t *testing.T) {
	ps := make([]conversation.Publication, maxCollected+50)
	for i := range ps {
		ps[i] = conversation.Publication{ID: fmt.Sprintf("d%05d", i), Office: "1906", Year: 2020,
			Title: fmt.Sprintf("Direktori Perusahaan Jenis K%c%c%c 2020", 'a'+i%26, 'a'+i/26%26, 'a'+i/676)}
	}
	ps = append(ps, conversation.Publication{ID: "hotel", Office: "1906", Title: "Statistik Hotel 2020",
		CatalogNo: "8401001.1906"})
	c := mustOpen(t, t.TempDir(), newLibrary(ps...))
	for _, q := range []string{"statistik hotel", "8401001", "hotel 2020"} {
		if got := first(t, c, q); got != "hotel" {
			t.Errorf("%q finds %q", q, got)
		}
	}
	if r := c.acquire(); r != nil {
		defer func() { _ = r.release() }()
		if all, err := r.collection(context.Background(), "1906"); all != nil || err != nil {
			t.Errorf("the office is held in memory: %v", err)
		}
	}
}
