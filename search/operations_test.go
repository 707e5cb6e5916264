package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// shelf is a small library: three series of a few editions.
func shelf() *library {
	l := newLibrary()
	for y := 2018; y <= 2024; y++ {
		l.put(
			conversation.Publication{ID: fmt.Sprintf("m%d", y), Office: "1906",
				Title: fmt.Sprintf("Profil Kemiskinan Kabupaten Belitung Timur %d", y), Abstract: "Menyajikan garis kemiskinan.",
				Released: fmt.Sprintf("%d-06-01", y+1)},
			conversation.Publication{ID: fmt.Sprintf("d%d", y), Office: "1906",
				Title: fmt.Sprintf("Kabupaten Belitung Timur Dalam Angka %d", y), Abstract: "Memuat penduduk dan hal lain.",
				Released: fmt.Sprintf("%d-02-28", y)},
			conversation.Publication{ID: fmt.Sprintf("h%d", y), Office: "1906",
				Title: fmt.Sprintf("Statistik Hotel Kabupaten Belitung Timur %d", y), Abstract: "Memuat tamu dan kamar hotel.",
				Released: fmt.Sprintf("%d-06-01", y+1)},
		)
	}
	return l
}

// first searches and returns the id of the first hit, "" for none.
func first(tb testing.TB, c *Catalogue, text string) string {
	tb.Helper()
	res, err := c.Search(context.Background(), conversation.Query{Text: text})
	if err != nil {
		tb.Fatalf("search %q: %v", text, err)
	}
	if len(res.Hits) == 0 {
		return ""
	}
	return res.Hits[0].ID
}

func TestSearchSaysThatTheCatalogueIsBeingPrepared(t *testing.T) {
	c, err := Open(context.Background(), t.TempDir(), shelf(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Search(context.Background(), conversation.Query{Text: "kemiskinan"}); !errors.Is(err,
		conversation.ErrPreparing) {
		t.Fatalf("before the first Sync: %v, want ErrPreparing", err)
	}
	if err := c.Sync(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := first(t, c, "kemiskinan"); got != "m2024" {
		t.Errorf("after Sync: %q, want m2024", got)
	}
}

func TestSyncOfAnUnchangedLibraryChangesNothing(t *testing.T) {
	dir, lib := t.TempDir(), shelf()
	c := mustOpen(t, dir, lib)
	before, err := readManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Sync(context.Background()); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, dir, lib)
	after, err := readManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if before.Serial != after.Serial {
		t.Error("an index that was up to date has been made anew")
	}
	if got := first(t, again, "kemiskinan 2020"); got != "m2020" {
		t.Errorf("second reader found %q, want m2020", got)
	}
}

func TestChangesOfTheLibraryShowAtOnce(t *testing.T) {
	lib := shelf()
	c := mustOpen(t, t.TempDir(), lib)
	sync := func() {
		t.Helper()
		if err := c.Sync(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	lib.put(conversation.Publication{ID: "m2025", Office: "1906",
		Title: "Profil Kemiskinan Kabupaten Belitung Timur 2025"})
	sync()
	if got := first(t, c, "kemiskinan"); got != "m2025" {
		t.Errorf("after an import: %q, want the new edition", got)
	}
	res, _ := c.Search(context.Background(), conversation.Query{Text: "kemiskinan"})
	if n := len(res.Hits[0].Editions); n != 7 {
		t.Errorf("the new edition has %d others beside it, want 7", n)
	}
	lib.remove("m2025")
	sync()
	if got := first(t, c, "kemiskinan"); got != "m2024" {
		t.Errorf("after a removal: %q, want m2024", got)
	}
	lib.put(conversation.Publication{ID: "m2024", Office: "1906",
		Title: "Statistik Perikanan Kabupaten Belitung Timur 2024"})
	sync()
	if got := first(t, c, "perikanan"); got != "m2024" {
		t.Errorf("under its new title: %q, want m2024", got)
	}
	if got := first(t, c, "kemiskinan"); got != "m2023" {
		t.Errorf("under its old title: %q, want m2023", got)
	}
	page := conversation.Contents{Pages: []conversation.Page{{Number: 7,
		Text: "Banyaknya perpustakaan keliling menurut desa"}}}
	lib.putPages(conversation.Publication{ID: "d2024", Office: "1906", Title: "Kabupaten Belitung Timur Dalam Angka 2024"},
		page)
	sync()
	res, err := c.Search(context.Background(), conversation.Query{Text: "perpustakaan keliling"})
	if err != nil || len(res.Hits) != 1 || len(res.Hits[0].Pages) != 1 || res.Hits[0].Pages[0].Page != 7 {
		t.Errorf("page of an imported file: %+v, %v", res, err)
	}
	page.Pages[0] = conversation.Page{Number: 3, Text: "Banyaknya taman bacaan"}
	lib.putPages(conversation.Publication{ID: "d2024", Office: "1906", Title: "Kabupaten Belitung Timur Dalam Angka 2024"},
		page)
	sync()
	if got := first(t, c, "perpustakaan keliling"); got != "" {
		t.Errorf("a page that is no longer in the file is found in %q", got)
	}
	if got := first(t, c, "taman bacaan"); got != "d2024" {
		t.Errorf("the page that came in its place: %q, want d2024", got)
	}
}

func TestWhatHadToBeLeftOutIsTold(t *testing.T) {
	lib := shelf()
	lib.put(conversation.Publication{ID: "far", Office: "3509", Title: "Kabupaten Jember Dalam Angka 2020"},
		conversation.Publication{ID: "tea", Office: "1902", Title: "Statistik Perkebunan Teh Kabupaten Belitung 2020"})
	c := mustOpen(t, t.TempDir(), lib)
	for _, q := range []struct{ text, first, corrected, dropped string }{
		{"kemiskinan 2031", "m2024", "", "2031"},
		{"kemiskinan 2005", "m2018", "", "2005"},
		{"kemiskinan 2020", "m2020", "", ""},
		{"kemsikinan 2020", "m2020", "kemiskinan 2020", ""},
		{"teh manggar", "tea", "", "manggar"},
		{"jember dalam angka", "far", "", ""},
		{"resi paket", "", "", ""},
	} {
		res, err := c.Search(context.Background(), conversation.Query{Text: q.text})
		must(t, err)
		got := ""
		if len(res.Hits) > 0 {
			got = res.Hits[0].ID
		}
		if got != q.first || res.Corrected != q.corrected || res.Dropped != q.dropped {
			t.Errorf("%q: %q, corrected %q, dropped %q; want %q, %q, %q", q.text, got, res.Corrected, res.Dropped, q.first,
				q.corrected, q.dropped)
		}
	}
}

func TestAnotherProcessSeesWhatOneImported(t *testing.T) {
	dir, lib := t.TempDir(), shelf()
	serving, importing := mustOpen(t, dir, lib), mustOpen(t, dir, lib)
	lib.put(conversation.Publication{ID: "m2025", Office: "1906",
		Title: "Profil Kemiskinan Kabupaten Belitung Timur 2025"})
	if err := importing.Sync(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := first(t, serving, "kemiskinan"); got != "m2025" {
		t.Errorf("the other reader found %q, want m2025", got)
	}
	entries, _ := filepath.Glob(filepath.Join(dir, "g*"))
	if len(entries) != 1 {
		t.Errorf("%d generations are kept, want 1", len(entries))
	}
}

func TestASecondWriterIsToldWithinTwoSeconds(t *testing.T) {
	dir, lib := t.TempDir(), shelf()
	c := mustOpen(t, dir, lib)
	unlock, err := lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := c.Rebuild(context.Background(), nil); !errors.Is(err, ErrBusy) {
		t.Errorf("rebuild beside another writer: %v, want ErrBusy", err)
	}
	if d := time.Since(start); lockWait > 2*time.Second || d > 5*time.Minute {
		t.Errorf("took %v to say so", d)
	}
	if err := c.Sync(context.Background()); err != nil {
		t.Errorf("nothing to do, yet Sync waits for the other writer: %v", err)
	}
	if got := first(t, c, "kemiskinan"); got != "m2024" {
		t.Errorf("searching beside a writer found %q", got)
	}
	unlock()
	if err := c.Rebuild(context.Background(), nil); err != nil {
		t.Errorf("after the other writer is gone: %v", err)
	}
}

func TestADamagedIndexIsMadeAnew(t *testing.T) {
	damages := map[string]func(t *testing.T, dir string, m manifest){
		"a segment cut short": func(t *testing.T, dir string, m manifest) { cutShort(t, dir, m, ".zap") },
		"its root cut short":  func(t *testing.T, dir string, m manifest) { cutShort(t, dir, m, "root.bolt") },
		"its mapping emptied": func(t *testing.T, dir string, m manifest) { cutShort(t, dir, m, "index_meta.json") },
		"the generation gone": func(t *testing.T, dir string,
			m manifest) {
			must(t, os.RemoveAll(filepath.Join(dir, m.Name)))
		},
		"the folder gone": func(t *testing.T, dir string, _ manifest) { must(t, os.RemoveAll(dir)) },
		"manifest of garbage": func(t *testing.T, dir string, _ manifest) {
			must(t, os.WriteFile(filepath.Join(dir, manifestFile), []byte("{\"name\":\"../../etc\"}"), 0o600))
		},
		"manifest empty": func(t *testing.T, dir string, _ manifest) {
			must(t, os.WriteFile(filepath.Join(dir, manifestFile), nil, 0o600))
		},
		"an older version": func(t *testing.T, dir string, m manifest) {
			m.Mapping--
			must(t, publish(dir, m))
		},
		"other tables": func(t *testing.T, dir string, m manifest) {
			m.Tables = "0"
			must(t, publish(dir, m))
		},
		"lock file of garbage": func(t *testing.T, dir string, m manifest) {
			must(t, os.RemoveAll(filepath.Join(dir, m.Name)))
			must(t, os.WriteFile(filepath.Join(dir, lockFile), []byte("no lock"), 0o600))
		},
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			dir, lib := filepath.Join(t.TempDir(), "index"), shelf()
			c := mustOpen(t, dir, lib)
			must(t, c.Close())
			m, err := readManifest(dir)
			must(t, err)
			damage(t, dir, m)
			c, err = Open(context.Background(), dir, lib, Options{})
			must(t, err)
			defer c.Close()
			if _, err := c.Search(context.Background(), conversation.Query{Text: "hotel"}); !errors.Is(err,
				conversation.ErrPreparing) {
				t.Errorf("before it is healed: %v, want ErrPreparing", err)
			}
			must(t, c.Sync(context.Background()))
			if got := first(t, c, "hotel 2021"); got != "h2021" {
				t.Errorf("after healing: %q, want h2021", got)
			}
		})
	}
}

// TestDamageUnderARunningProgramHeals flips bytes inside a segment without
// changing its size: the search that meets them answers "being prepared", and
// the index is made anew without anybody asking.
func TestDamageUnderARunningProgramHeals(t *testing.T) {
	dir, lib := t.TempDir(), shelf()
	c := mustOpen(t, dir, lib)
	must(t, c.Close())
	m, err := readManifest(dir)
	must(t, err)
	for name := range m.Files {
		if strings.HasSuffix(name, ".zap") {
			path := filepath.Join(dir, m.Name, filepath.FromSlash(name))
			b, err := os.ReadFile(path)
			must(t, err)
			for i := 0; i < len(b)*3/4; i++ {
				b[i] = 0xff
			}
			must(t, os.WriteFile(path, b, 0o600))
		}
	}
	c, err = Open(context.Background(), dir, lib, Options{})
	must(t, err)
	defer c.Close()
	must(t, c.Sync(context.Background()))
	for end := time.Now().Add(5 * time.Minute); ; {
		res, err := c.Search(context.Background(), conversation.Query{Text: "hotel 2021"})
		if err == nil && len(res.Hits) > 0 && res.Hits[0].ID == "h2021" {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("not healed: %v, %v", res, err)
		}
	}
}

func cutShort(t *testing.T, dir string, m manifest, suffix string) {
	t.Helper()
	for name, size := range m.Files {
		if strings.HasSuffix(name, suffix) {
			must(t, os.Truncate(filepath.Join(dir, m.Name, filepath.FromSlash(name)), size/2))
			return
		}
	}
	t.Fatalf("the index has no file %s", suffix)
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// TestKillDuringRebuilds starts this test program again as one that rebuilds
// without end, kills it at a random moment, and looks that the index that is
// left still answers, or heals, and that what was imported is there.
func TestKillDuringRebuilds(t *testing.T) {
	if dir := os.Getenv("PST_TEST_REBUILD"); dir != "" {
		c, err := Open(context.Background(), dir, shelf(), Options{})
		must(t, err)
		must(t, c.Sync(context.Background()))
		for {
			must(t, c.Rebuild(context.Background(), nil))
			fmt.Println("rebuilt")
		}
	}
	dir, lib := t.TempDir(), shelf()
	rng := rand.New(rand.NewPCG(19, 6))
	for round := range 6 {
		cmd := exec.Command(os.Args[0], "-test.run", "TestKillDuringRebuilds$")
		cmd.Env = append(os.Environ(), "PST_TEST_REBUILD="+dir)
		must(t, cmd.Start())
		// The moment need not hit anything in particular: any is allowed.
		deadline := time.Now().Add(time.Duration(60+rng.IntN(250)) * time.Millisecond)
		for time.Now().Before(deadline) {
			if _, err := os.Stat(filepath.Join(dir, manifestFile)); round > 0 && errors.Is(err, fs.ErrNotExist) {
				t.Fatal("the manifest is gone during a rebuild")
			}
		}
		must(t, cmd.Process.Kill())
		_ = cmd.Wait()
		id := fmt.Sprintf("n%d", round)
		lib.put(conversation.Publication{ID: id, Office: "1906",
			Title: fmt.Sprintf("Profil Kemiskinan Kabupaten Belitung Timur %d", 2030+round)})
		c, err := Open(context.Background(), dir, lib, Options{})
		must(t, err)
		must(t, c.Sync(context.Background()))
		if got := first(t, c, "kemiskinan"); got != id {
			t.Errorf("round %d: found %q, want %q", round, got, id)
		}
		must(t, c.Close())
		if left, _ := filepath.Glob(filepath.Join(dir, "g*")); len(left) != 1 {
			t.Errorf("round %d: %d generations left, want 1", round, len(left))
		}
	}
}

func TestSearchesGoOnWhileGenerationsChange(t *testing.T) {
	lib := shelf()
	c := mustOpen(t, t.TempDir(), lib)
	done := make(chan error, 4)
	for range 4 {
		go func() {
			for range 150 {
				res, err := c.Search(context.Background(), conversation.Query{Text: "tamu hotel 2020"})
				if err == nil && (len(res.Hits) == 0 || res.Hits[0].ID != "h2020") {
					err = fmt.Errorf("found %+v", res.Hits)
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for i := range 8 {
		lib.put(conversation.Publication{ID: fmt.Sprintf("x%d", i), Office: "1906",
			Title: fmt.Sprintf("Statistik Perikanan Kabupaten Belitung Timur %d", 2010+i)})
		must(t, c.Sync(context.Background()))
	}
	for range 4 {
		must(t, <-done)
	}
}

func TestASearchThatCannotStartInTimeGivesUp(t *testing.T) {
	c := mustOpen(t, t.TempDir(), shelf())
	for range inFlight {
		c.slots <- struct{}{} // as many searches as may run at once
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.Search(ctx, conversation.Query{Text: "hotel"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline's error", err)
	}
	<-c.slots
	if got := first(t, c, "hotel"); got != "h2024" {
		t.Errorf("with a free place: %q, want h2024", got)
	}
}

func TestAStoreThatWasPutBackIsShownAsItIs(t *testing.T) {
	dir, lib := t.TempDir(), shelf()
	lib.put(conversation.Publication{ID: "m2025", Office: "1906",
		Title: "Profil Kemiskinan Kabupaten Belitung Timur 2025"})
	must(t, mustOpen(t, dir, lib).Close())
	if got := first(t, mustOpen(t, dir, shelf()), "kemiskinan"); got != "m2024" { // one version less
		t.Errorf("after the older store is back: %q, want m2024", got)
	}
}

// watched counts how often a whole source is read.
type watched struct {
	*library
	read int
}

func (w *watched) Publications(ctx context.Context) iter.Seq2[conversation.Publication, error] {
	w.read++
	return w.library.Publications(ctx)
}

// TestAnImportOfOneOfficeDoesNotRemakeTheRest brings 1,200 records into 14,000.
func TestAnImportOfOneOfficeDoesNotRemakeTheRest(t *testing.T) {
	all := generate(t, 22)
	src := &watched{library: newLibrary(all[:len(all)-1200]...)}
	dir := t.TempDir()
	c := mustOpen(t, dir, src)
	src.put(all[len(all)-1200:]...)
	src.read = 0
	must(t, c.Sync(context.Background()))
	if src.read > 0 {
		t.Errorf("the whole source was read %d times", src.read)
	}
	for _, p := range all[len(all)-1200:] {
		if len(p.Title)%40 == 0 && first(t, c, p.Title) == "" {
			t.Errorf("%q is not found", p.Title)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.editions"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
