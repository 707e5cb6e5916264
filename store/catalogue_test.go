package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

func sample() (conversation.Publication, *conversation.Contents) {
	return conversation.Publication{ID: "p1", Office: "1906", Title: "Belitung Timur Dalam Angka 2024", Abstract: "Isi",
			Year: 2024,
			File: "p1.pdf", SHA256: "aa", Pages: 2, Strict: true},
		&conversation.Contents{
			Pages: []conversation.Page{{Number: 1, Front: true, Text: "Sampul"},
				{Number: 2, Printed: "1", Text: strings.Repeat("penduduk ", 300)}},
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

func TestAWithdrawnPublicationStaysOutUntilItIsBroughtBack(t *testing.T) {
	d := openDesk(t)
	p, c := sample()
	if _, err := d.SavePublication(t.Context(), p, c); err != nil {
		t.Fatal(err)
	}
	d.book("p2", 5)
	_, version := d.changes(0)
	for range 2 {
		if err := d.Withdraw(t.Context(), "web:ani", "p1"); err != nil {
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
	for _, later := range []string{p.Title, "Judul lain"} {
		p := p
		p.Title = later
		if _, err := d.SavePublication(t.Context(), p, c); err != nil {
			t.Fatal(err)
		}
		_, err := d.Publication(t.Context(), "p1")
		wantErr(t, err, conversation.ErrNotFound)
		if got, err := d.Contents(t.Context(), "p1"); err != nil || len(got.Pages)+len(got.Entries) > 0 {
			t.Errorf("its pages are shown: %v, %v", got, err)
		}
	}
	if out, err := d.Withdrawn(t.Context()); err != nil || len(out) != 1 || out[0].Title != "Judul lain" {
		t.Errorf("withdrawn: %v, %v", out, err)
	}
	for range 2 {
		if err := d.BringBack(t.Context(), "web:ani", "p1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Publication(t.Context(), "p1"); err != nil {
		t.Fatal("back again:", err)
	}
	if got, err := d.Contents(t.Context(), "p1"); err != nil || len(got.Pages) != 2 {
		t.Fatal(got, err)
	}
	wantErr(t, d.Withdraw(t.Context(), "web:ani", "none"), conversation.ErrNotFound)
	if got := d.audited(); got != "web:ani: publication withdrawn p1; web:ani: publication brought back p1" {
		t.Errorf("audit: %s", got)
	}
}

// audited is the audit table in short.
func (d *desk) audited() string {
	d.tb.Helper()
	lines, err := d.AuditSince(d.tb.Context(), time.Time{})
	if err != nil {
		d.tb.Fatal(err)
	}
	var out []string
	for _, l := range lines {
		out = append(out, l.Who+": "+l.What+" "+l.Subject)
	}
	return strings.Join(out, "; ")
}

// An excerpt that was asked for is not cut once its publication is withdrawn, and is when
// it was brought back before that.
func TestAWithdrawnPublicationIsNotHandedOut(t *testing.T) {
	d := openDesk(t)
	d.book("p1", 40)
	reader := d.joins(ani, "ani")
	d.does(ani, d.excerpt("C1", reader, "p1", 3, 4), conversation.Send{To: ani, Excerpt: "C1"})
	file := func() string {
		t.Helper()
		out := d.out()
		if len(out) != 1 || out[0].Order == nil {
			t.Fatalf("%+v", out)
		}
		return out[0].Order.File
	}
	for _, step := range []struct {
		do   func(context.Context, string, string) error
		file string
	}{{d.Withdraw, ""}, {d.BringBack, "p1.pdf"}} {
		if err := step.do(t.Context(), "web:ani", "p1"); err != nil {
			t.Fatal(err)
		}
		if got := file(); got != step.file {
			t.Errorf("the file to cut is %q, want %q", got, step.file)
		}
	}
}

// What is one with a withdrawn record is withdrawn, whichever of them was.
func TestAWithdrawalGoesOverToTheRecordItBecomes(t *testing.T) {
	for _, out := range []string{"p1", "web"} {
		d := openDesk(t)
		p, c := sample()
		if _, err := d.SavePublication(t.Context(), p, c); err != nil {
			t.Fatal(err)
		}
		if _, err := d.SavePublication(t.Context(), conversation.Publication{ID: "web", Title: "Buku"}, nil); err != nil {
			t.Fatal(err)
		}
		if err := d.Withdraw(t.Context(), "web:ani", out); err != nil {
			t.Fatal(err)
		}
		if changed, err := d.MergePublications(t.Context(), "p1", "web"); err != nil || !changed {
			t.Fatal(changed, err)
		}
		got, withdrawn, _, err := d.Record(t.Context(), "p1")
		if err != nil || !withdrawn || got.ID != "web" || got.File != "p1.pdf" {
			t.Errorf("%s: %+v, withdrawn %v, %v", out, got, withdrawn, err)
		}
		if err := d.BringBack(t.Context(), "web:ani", "p1"); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Contents(t.Context(), "web"); err != nil || len(got.Pages) != 2 {
			t.Errorf("%s: %v, %v", out, got, err)
		}
	}
}

// What staff set stays when the same list, or another, is imported, until staff set
// something else; the rest of a record follows the list.
func TestWhatStaffDecidedNoImportChanges(t *testing.T) {
	d := openDesk(t)
	p, _ := sample()
	p.Shelf, p.Copies = "1A", 2
	save := func(p conversation.Publication, want string) {
		t.Helper()
		if _, err := d.SavePublication(t.Context(), p, nil); err != nil {
			t.Fatal(err)
		}
		got, err := d.Publication(t.Context(), "p1")
		if s := fmt.Sprintf("%s, %d, %s, %d, %s", got.Title, got.Year, got.Shelf, got.Copies, got.Abstract); err != nil ||
			s != want {
			t.Errorf("%s, %v\nwant %s", s, err, want)
		}
	}
	decide := func(p conversation.Publication) error {
		t.Helper()
		_, _, version, err := d.Record(t.Context(), "p1")
		if err != nil {
			t.Fatal(err)
		}
		p.ID = "p1"
		return d.Decide(t.Context(), "web:ani", version, p)
	}
	save(p, "Belitung Timur Dalam Angka 2024, 2024, 1A, 2, Isi")
	if err := decide(conversation.Publication{Title: "Beltim Dalam Angka 2025", Year: 2025,
		Decided: conversation.Decided{Title: true, Shelf: true}}); err != nil {
		t.Fatal(err)
	}
	save(p, "Beltim Dalam Angka 2025, 2025, , 2, Isi")
	p.Title, p.Shelf, p.Copies, p.Abstract = "Lain", "9Z", 7, "Baru"
	save(p, "Beltim Dalam Angka 2025, 2025, , 7, Baru")
	if err := decide(conversation.Publication{Copies: 0, Shelf: "2B", Decided: conversation.Decided{Copies: true,
		Shelf: true}}); err != nil {
		t.Fatal(err)
	}
	save(p, "Beltim Dalam Angka 2025, 2025, 2B, 0, Baru")
	_, _, version, _ := d.Record(t.Context(), "p1")
	wantErr(t, d.Decide(t.Context(), "web:ani", version-1, p), conversation.ErrConflict)
	wantErr(t, d.Decide(t.Context(), "web:ani", 1, conversation.Publication{ID: "none"}), conversation.ErrNotFound)
	if got, want := d.audited(), strings.Repeat("; web:ani: facts of a publication changed p1", 2); "; "+got != want {
		t.Errorf("audit: %s", got)
	}
}

// What an import would do is told by the same rules, and nothing is done.
func TestADryRunTellsWhatAnImportWouldDo(t *testing.T) {
	d := openDesk(t)
	p, _ := sample()
	for id := range 4 {
		p.ID = fmt.Sprint("p", id)
		if _, err := d.SavePublication(t.Context(), p, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Withdraw(t.Context(), "web:ani", "p3"); err != nil {
		t.Fatal(err)
	}
	list := []conversation.Publication{{ID: "p0", Shelf: "2B"}, {ID: "p1"}, {ID: "p2"}, {ID: "p3"}, {ID: "new"}}
	_, before := d.changes(0)
	got, err := d.Compare(t.Context(), list, []string{"p2"})
	if want := (Comparison{New: 1, Changed: 2, Same: 2, Withdrawn: 1}); err != nil || got != want {
		t.Errorf("%+v, want %+v, %v", got, want, err)
	}
	if _, after := d.changes(0); after != before {
		t.Error("the dry run changed the catalogue")
	}
}

// Records that staff look after are counted and listed by title.
func TestRecordsThatLackSomething(t *testing.T) {
	d := openDesk(t)
	p, c := sample()
	for i, save := range []func() (bool, error){
		func() (bool, error) { return d.SavePublication(t.Context(), p, c) },
		func() (bool, error) {
			return d.SavePublication(t.Context(), conversation.Publication{ID: "b", Title: "Zaitun"}, nil)
		},
		func() (bool, error) {
			return d.SavePublication(t.Context(), conversation.Publication{ID: "c", Title: "Ara"}, nil)
		},
		func() (bool, error) {
			return d.SavePublication(t.Context(), conversation.Publication{ID: "scan", Title: "Pindaian", File: "s.pdf",
				SHA256: "bb", Pages: 2},
				&conversation.Contents{Pages: []conversation.Page{{Number: 1, Text: "12"}, {Number: 2}}})
		},
		func() (bool, error) {
			return d.SavePublication(t.Context(), conversation.Publication{ID: "out", Title: "Lama"}, nil)
		},
	} {
		if _, err := save(); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := d.Withdraw(t.Context(), "web:ani", "out"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		kind          Kind
		offset, limit int
		ids           string
		total         int
	}{{NoFile, 0, 10, "c b", 2}, {NoFile, 1, 1, "b", 2}, {NoText, 0, 10, "scan", 1}, {Out, 0, 10, "out", 1},
		{NoFile, 0, 0, "", 2}} {
		ps, total, err := d.Records(t.Context(), want.kind, want.offset, want.limit)
		var ids []string
		for _, p := range ps {
			ids = append(ids, p.ID)
		}
		if got := strings.Join(ids, " "); err != nil || got != want.ids || total != want.total {
			t.Errorf("%s: %q of %d, %v; want %q of %d", want.kind, got, total, err, want.ids, want.total)
		}
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
	if n, err := d.SavePublications(t.Context(), []conversation.Publication{{ID: "neu", Title: "x"}, {}}); err == nil ||
		n != 0 {
		t.Fatal("records without id were saved")
	}
	if _, err := d.Publication(t.Context(), "neu"); err == nil {
		t.Fatal("half of the records were saved")
	}
}
