package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pst/conversation"
	"pst/search"
	"pst/store"
	"pst/store/holdings"
	"pst/store/holdings/sample"
)

// testCache keeps the compiled page reader between tests and runs: making it
// takes seconds.
var testCache = filepath.Join(os.TempDir(), "pst-test-cache")

// dataFolder is an empty data folder whose page reader is compiled already.
func dataFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	readerAt(t, dir)
	return dir
}

// readerAt gives a data folder the page reader that is compiled already.
func readerAt(t *testing.T, data string) {
	t.Helper()
	if err := linkReader(data); err != nil {
		t.Fatal(err)
	}
}

func linkReader(data string) error {
	return errors.Join(os.MkdirAll(testCache, 0o700), os.Symlink(testCache, filepath.Join(data, "cache")))
}

// runner plays one transcript against the real parts.
type runner struct {
	t            *testing.T
	ctx          context.Context
	dir          string
	db           *reopened
	holdings     *holdings.Holdings
	catalogue    *search.Catalogue
	engine       *conversation.Engine
	office       conversation.Office
	clock        time.Time
	random       *rand.ChaCha8
	seen         *coverage
	out          bytes.Buffer
	here, shown  conversation.Address
	count        int
	fail         string
	hold, muted  bool
	down         bool   // no mail server takes a letter
	away         bool   // the chat of the first of the staff cannot be reached
	mailed       string // platform id of the letter mailed last
	quick        bool   // the database stays open and no message comes twice
	handed       func(conversation.ExcerptOrder)
	sick         error // what the catalogue answers instead
	age          time.Duration
	kind         conversation.Kind
	menu         string
	files        map[string]sentFile             // sent by people, by their references
	file         *sentFile                       // that comes with the next message
	handedOver   sentFile                        // the excerpt delivered last
	written      string                          // ID of the text sent last, which an edit changes
	last         map[conversation.Address]string // platform id of the last message to a chat
	code, ticket string
	pin          string // of the anonymous ticket opened last
	excerpt      string
	answer       string   // code of the number told last
	tickets      []string // all numbers told, in their order
	noted        int      // lines of the audit that were written
}

// reopened is a database that is closed and opened again between messages.
type reopened struct{ *store.DB }

func newRunner(t *testing.T) *runner {
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	r := &runner{t: t, ctx: t.Context(), dir: t.TempDir(), clock: firstMorning.In(zone),
		random: new(rand.ChaCha8),
		last:   map[conversation.Address]string{}, here: "terminal:siti"}
	r.office = conversation.DefaultOffice(zone)
	r.office.Staff = staffOfTests()
	if r.office.Others, err = search.Offices(nil); err != nil {
		t.Fatal(err)
	}
	drawn, err := laidOut()
	if err == nil {
		err = errors.Join(copyFolder(r.dir, shelfFolder()), r.random.UnmarshalBinary(drawn))
	}
	if err != nil {
		t.Fatal(err)
	}
	r.db = &reopened{}
	r.open()
	if r.holdings, err = holdings.Open(filepath.Join(r.dir, "holdings"), holdings.Options{Cache: testCache}); err != nil {
		t.Fatal(err)
	}
	if r.catalogue, err = openCatalogue(r.ctx, r.dir, r.db); err != nil {
		t.Fatal(err)
	}
	texts, err := conversation.NewTexts(&r.office, "")
	if err != nil {
		t.Fatal(err)
	}
	texts.Seen = func(key string) {
		if r.seen != nil {
			r.seen.text(key)
		}
	}
	r.engine = conversation.NewEngine(conversation.Config{Store: r.db, Catalogue: ill{r.catalogue, r}, Texts: texts,
		Office: &r.office, Secret: secretForTests,
		Now: func() time.Time { return r.clock }, Random: r.random, Log: slog.New(slog.NewTextHandler(failOnLog{r}, nil)),
		Shelf: looks{r},
		Walked: func(from, to string) {
			if r.seen != nil {
				r.seen.exit(from, to)
			}
		}})
	t.Cleanup(func() {
		r.catalogue.Close()
		r.holdings.Close()
		r.db.Close()
	})
	return r
}

// firstMorning is when every transcript begins.
var firstMorning = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("WIB", 7*60*60))

func shelfFolder() string { return filepath.Join(madeFolder, "shelf") }

// laidOut makes the folder that every runner begins with a copy of, and returns the state
// of chance afterwards.
var laidOut = sync.OnceValues(func() (drawn []byte, err error) {
	ctx, dir, random := context.Background(), shelfFolder(), rand.NewChaCha8([32]byte{1})
	db, err := store.Open(ctx, filepath.Join(dir, "pst.db"), store.Options{Secret: secretForTests, Random: random,
		Now: func() time.Time { return firstMorning }})
	if err != nil {
		return nil, err
	}
	shelf := filepath.Join(dir, "holdings")
	if err := os.Mkdir(shelf, 0o700); err != nil {
		return nil, err
	}
	samples, err := sample.Write(shelf)
	if err != nil {
		return nil, err
	}
	for _, s := range samples {
		s.Contents.Tables = nil // "! tables" brings them
		if _, err := db.SavePublication(ctx, s.Publication, &s.Contents); err != nil {
			return nil, err
		}
	}
	thin := conversation.Publication{ID: "tipis", Office: "1906", Title: "Leaflet Contoh Ekspor", Year: 2024, Pages: 4,
		File: samples[0].Publication.File}
	record := conversation.Publication{ID: "catatan", Office: "1906", Title: "Direktori Hotel Contoh", Year: 2020,
		Link: "https://example.org/hotel"}
	records := []conversation.Publication{thin, record}
	for i, what := range []string{"Hotel", "Restoran", "Pantai", "Museum", "Kebun Raya", "Dermaga", "Kerajinan"} {
		records = append(records, conversation.Publication{ID: fmt.Sprint("wisata-", i), Office: "1906",
			Title: "Statistik Pariwisata " + what + " Contoh 2020", Year: 2020})
	}
	if _, err := db.SavePublications(ctx, records); err != nil {
		return nil, err
	}
	catalogue, err := openCatalogue(ctx, dir, db)
	if err != nil {
		return nil, err
	}
	drawn, err = random.MarshalBinary()
	return drawn, errors.Join(err, catalogue.Close(), db.Close())
})

// openCatalogue opens the catalogue of a runner's folder, and brings it up to date.
func openCatalogue(ctx context.Context, dir string, of search.Source) (*search.Catalogue, error) {
	c, err := search.Open(ctx, filepath.Join(dir, "index"), of,
		search.Options{Office: "1906", Tables: os.DirFS(filepath.Join(dir, "tables"))})
	if err != nil {
		return nil, err
	}
	return c, c.Sync(ctx)
}

func staffOfTests() []conversation.Staff {
	return []conversation.Staff{
		{Name: "Pak Budi", Role: conversation.Kasubbag, Addresses: []conversation.Address{"terminal:kasubbag"}},
		{Name: "Bu Rina", Role: conversation.Second, Addresses: []conversation.Address{"terminal:kedua"}},
	}
}

var secretForTests = conversation.Secret("a secret of the tests, 32 bytes!")

// looks is holdings whose files can get lost: "fail file" until "found".
type looks struct{ r *runner }

func (s looks) Held(string) bool { return s.r.fail != "file" }

func (s looks) Room() bool { return s.r.fail != "room" }

func (looks) ExcerptBytes(context.Context, conversation.Publication, conversation.PageSet) int64 {
	return 0
}

// failOnLog makes every line of the log an error of the test: in a transcript
// nothing goes wrong that the person is not told.
type failOnLog struct{ r *runner }

func (f failOnLog) Write(b []byte) (int, error) {
	if f.r.sick == nil {
		f.r.t.Errorf("the engine logged: %s", b)
	}
	return len(b), nil
}

// open opens the database, closing it first when it is open.
func (r *runner) open() {
	r.t.Helper()
	if r.db.DB != nil {
		if err := r.db.Close(); err != nil {
			r.t.Fatal(err)
		}
	}
	db, err := store.Open(r.ctx, filepath.Join(r.dir, "pst.db"),
		store.Options{Secret: secretForTests, Now: func() time.Time { return r.clock }, Random: r.random})
	if err != nil {
		r.t.Fatal(err)
	}
	r.db.DB = db
}

// reopen closes and opens the database, as a restart does.
func (r *runner) reopen() {
	if !r.quick {
		r.open()
	}
}

// play runs a transcript and returns it with the desk's lines as they are now.
func (r *runner) play(text string) string {
	r.shown = r.here
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "<"), strings.HasPrefix(line, "="), strings.HasPrefix(line, "  "):
			continue
		case strings.HasPrefix(line, "@ "):
			r.here = conversation.Address(strings.TrimPrefix(line, "@ "))
			continue
		case strings.HasPrefix(line, "! "):
			r.at(r.here)
			r.out.WriteString(line + "\n")
			r.direct(strings.Fields(line)[1:])
			continue
		case strings.HasPrefix(line, ">"):
			r.at(r.here)
			r.out.WriteString(line + "\n")
			r.hear(line)
			continue
		}
		if line != "" || !strings.HasSuffix(r.out.String(), "\n\n") {
			r.out.WriteString(line + "\n")
		}
	}
	return r.out.String()
}

// at writes whose chat the next lines are in.
func (r *runner) at(a conversation.Address) {
	if r.shown != a {
		r.shown = a
		r.out.WriteString("@ " + string(a) + "\n")
	}
}

// learn does what the running desk does every few seconds: index, wishes, words. Each is
// done twice, as after a kill.
func (r *runner) learn() {
	r.t.Helper()
	for range 2 {
		version, err := r.db.CatalogueVersion(r.ctx)
		if err == nil {
			err = r.catalogue.Sync(r.ctx)
		}
		if err == nil {
			_, err = r.db.SweepWishes(r.ctx, version)
		}
		if err == nil {
			err = takeTerms(r.ctx, r.db.DB, r.catalogue, filepath.Join(r.dir, "tables"))
		}
		if err != nil {
			r.t.Fatal(err)
		}
		r.settle()
	}
}

// unseen plays lines without writing them, and quickly: each is seen elsewhere.
func (r *runner) unseen(lines ...string) {
	quick := r.quick
	r.muted, r.quick = true, true
	for _, l := range lines {
		r.hear("> " + l)
	}
	r.muted, r.quick = false, quick
}

// ill is a catalogue that can be made to fail.
type ill struct {
	conversation.Catalogue
	r *runner
}

func (c ill) Search(ctx context.Context, q conversation.Query) (conversation.Result, error) {
	if c.r.sick != nil {
		return conversation.Result{}, c.r.sick
	}
	return c.Catalogue.Search(ctx, q)
}

// hear takes one line of the visitor.
func (r *runner) hear(line string) {
	r.t.Helper()
	quoted := ""
	line, waits := strings.CutSuffix(line, " &")
	text, ok := strings.CutPrefix(line, ">> ")
	if ok {
		quoted = r.last[r.here]
	} else {
		text = strings.TrimPrefix(strings.TrimPrefix(line, ">"), " ")
	}
	text = strings.NewReplacer("{kode}", r.code, "{tiket}", r.ticket, "{akhir}", r.ticket[max(0, len(r.ticket)-3):],
		"{kutipan}", r.excerpt, "{angka}", r.answer, "{pin}", r.pin,
		"{panjang}", strings.Repeat("panjang ", 600), "{1400}", strings.Repeat("kata lagi ", 140)).Replace(text)
	for i, id := range r.tickets {
		text = strings.ReplaceAll(text, fmt.Sprintf("{akhir%d}", i+1), id[len(id)-3:])
	}
	r.count++
	m := conversation.Message{ID: fmt.Sprint("m", r.count), From: r.here, Kind: conversation.Text, Text: text,
		Quoted: quoted, SentAt: r.clock.Add(-r.age)}
	if r.kind != "" {
		m.Kind, m.Menu = r.kind, r.menu
		if r.kind == conversation.Edited {
			m.Of = r.written
		}
		if r.kind == conversation.Image {
			m.Media = &conversation.Media{MIME: "image/jpeg", Ref: "foto"}
		}
	}
	if r.file != nil {
		r.attach(&m)
	}
	if m.Kind == conversation.Text {
		r.written = m.ID
	}
	r.age, r.kind, r.menu = 0, "", ""
	for range 2 { // platforms repeat themselves
		if err := r.db.Put(r.ctx, m); err != nil {
			r.t.Fatal(err)
		}
	}
	if waits {
		r.clock = r.clock.Add(time.Second)
		return
	}
	r.settle()
	if r.quick {
		r.clock = r.clock.Add(5 * time.Second)
		return
	}
	if err := r.db.Put(r.ctx, m); err != nil {
		r.t.Fatal(err)
	}
	r.settle()
	r.clock = r.clock.Add(5 * time.Second)
}

var everybody = []string{conversation.Web, conversation.Terminal, conversation.Telegram, conversation.WhatsApp,
	conversation.Mail,
	conversation.Desk}

// settle takes all that waits and sends all that is due, reopening the database
// before each, unless nothing was written since it was opened.
func (r *runner) settle() {
	r.t.Helper()
	fresh := false
	for range 100 {
		if _, err := r.db.Sweep(r.ctx, r.clock); err != nil {
			r.t.Fatal(err)
		}
		waiting, err := r.db.Waiting(r.ctx, everybody, nil, 100)
		if err != nil {
			r.t.Fatal(err)
		}
		if len(waiting) > 0 {
			chat := waiting[0].From
			waiting = slices.DeleteFunc(waiting, func(m conversation.Message) bool { return m.From != chat })
			r.look(waiting)
			for range 2 {
				r.reopen()
				if err := r.engine.Take(r.ctx, waiting...); err != nil {
					r.t.Fatal(err)
				}
			}
			fresh = true // what is taken again must change nothing
			continue
		}
		due, err := r.db.Out(r.ctx, everybody, nil, r.clock, 1)
		if err != nil {
			r.t.Fatal(err)
		}
		if len(due) == 0 {
			r.note()
			return
		}
		if !fresh {
			r.reopen()
		}
		fresh = false
		r.deliver(due[0])
	}
	r.t.Fatal("the desk does not come to rest")
}
