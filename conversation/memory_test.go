package conversation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	siti     = Address("terminal:siti")
	kasubbag = Address("terminal:kasubbag")
)

// memory is a store of a few fixed things. Sessions rest in it as JSON, as in a
// database, so that no two loads share anything.
type memory struct {
	mu       sync.Mutex
	sessions map[Address][]byte
	turns    []Turn // committed

	loads, commits int
	conflicts      int      // so many commits conflict
	refuses        error    // what every commit gives
	sick           error    // what reading anything but a session gives
	lost           error    // what reading a session gives
	publications   int      // times one was read
	unknown        bool     // no file is that of an excerpt
	photos         []Media  // of the ticket
	more           []Ticket // open beside it
}

var _ Store = (*memory)(nil)

func (m *memory) Session(_ context.Context, chat Address) (Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.loads++
	s := Session{Chat: chat}
	if b, ok := m.sessions[chat]; ok {
		if err := json.Unmarshal(b, &s); err != nil {
			return s, err
		}
	}
	return s, m.lost
}

func (m *memory) Commit(_ context.Context, t Turn) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits++
	if m.refuses != nil {
		return m.refuses
	}
	if m.commits <= m.conflicts {
		return fmt.Errorf("commit: %w", ErrConflict)
	}
	m.turns = append(m.turns, t)
	return m.put(t.Session)
}

func (m *memory) put(s Session) error {
	b, err := json.Marshal(s)
	m.sessions[s.Chat] = b
	return err
}

// one gives a thing, or that it is not there.
func one[T any](m *memory, found bool, v T) (T, error) {
	var none T
	switch {
	case m.sick != nil:
		return none, m.sick
	case !found:
		return none, fmt.Errorf("find: %w", ErrNotFound)
	}
	return v, nil
}

var (
	aReader = Reader{ID: 1, Number: "BT-00001", Name: "Siti Aminah", Email: "siti@example.org", Consent: 1,
		Profile: aProfile}
	aProfile = Profile{Gender: "Perempuan", BirthYear: 1998, Education: "SMA/sederajat",
		Occupation: "Pelajar/mahasiswa", Origin: "Belitung Timur"}
	aPublication = Publication{ID: "pub-1", Title: "Belitung Timur Dalam Angka 2024", Year: 2024, Pages: 120,
		File: "a.pdf"}
	aTicket = Ticket{ID: "ADU-261123-07K", Kind: KindComplaint, Chat: siti, State: StateWorking, Identity: Named,
		Staff: kasubbag, Text: "antre lama"}
	aTable = DataTable{Number: "3.1.1", Title: "Penduduk Menurut Desa, 2023", Page: 37, Unit: "jiwa", Source: "Dukcapil",
		Columns: []DataColumn{{Header: []string{"Laki-laki"}, Year: "2023"}, {Header: []string{"Jumlah"}, Year: "2023"},
			{Header: []string{"Jumlah"}, Year: "2022"}},
		Rows: []DataRow{{Label: []string{"Gantung"}, Page: 37, Cells: []DataCell{{Text: "13 001", Value: "13001"},
			{Text: "27 914", Value: "27914"}, {Text: "27 001", Value: "27001"}}},
			{Label: []string{"Lenggang"}, Page: 38, Cells: []DataCell{{Text: "6 002", Value: "6002"},
				{Text: "12 010", Value: "12010"}, {Text: "11 900", Value: "11900"}}},
			{Label: []string{"Jangkar Asam"}, Page: 38, Cells: []DataCell{{Text: "-"}, {Text: "-"}, {Text: "..."}}}}}
	anAnswer  = DatumAnswer{Code: "K7Q2M9", Cells: []AnswerCell{{aPublication.ID, "3.1.1", "Gantung", "Jumlah", "27 914"}}}
	anExcerpt = Excerpt{Code: "ABCDEFGHJK", Reader: 1, Chat: siti, Visit: "visit-1", Publication: "pub-1",
		Pages: PageSet{3}}
)

func (m *memory) Reader(_ context.Context, id int64) (Reader, error) { return one(m, id == 1, aReader) }
func (m *memory) ReaderByEmail(context.Context, string) (Reader, error) {
	return one(m, false, aReader)
}
func (m *memory) ReaderByNumber(_ context.Context, n string) (Reader, error) {
	return one(m, n == aReader.Number, aReader)
}
func (m *memory) Frozen(context.Context) ([]Reader, error)    { return one(m, true, []Reader{aReader}) }
func (m *memory) NextReaderID(context.Context) (int64, error) { return one(m, true, int64(2)) }
func (m *memory) Chats(context.Context, int64) ([]Address, error) {
	return one(m, true, []Address{siti})
}
func (m *memory) CodesSince(context.Context, string, time.Time) (int, error) {
	return one(m, true, 0)
}
func (m *memory) Visit(_ context.Context, id string) (Visit, error) {
	return one(m, id == "visit-1", Visit{ID: id, Reader: 1, Chat: siti, Mode: Online})
}
func (m *memory) Publication(_ context.Context, id string) (Publication, error) {
	m.mu.Lock()
	m.publications++
	m.mu.Unlock()
	return one(m, id == aPublication.ID, aPublication)
}
func (m *memory) Entries(context.Context, string) ([]Entry, error) {
	return one(m, true, []Entry{{Kind: "bab", Title: "Penduduk", Printed: "1", Page: 21}})
}
func (m *memory) DataTable(_ context.Context, publication, key string) (DataTable, error) {
	return one(m, publication == aPublication.ID && key == aTable.Key(), aTable)
}
func (m *memory) SilentTables(context.Context) ([]SilentTable, error) {
	return one(m, true, []SilentTable{{Publication: aPublication.ID, Table: "3.1.2"}})
}
func (m *memory) Answer(_ context.Context, code string) (DatumAnswer, error) {
	return one(m, code == anAnswer.Code, anAnswer)
}
func (m *memory) Page(_ context.Context, _ string, n int) (Page, error) {
	return one(m, true, Page{Number: n})
}
func (m *memory) PrintedNumbers(context.Context, string) (map[int]string, error) {
	return one(m, true, map[int]string{})
}
func (m *memory) Wish(context.Context, int64) (Wish, error) { return one(m, false, Wish{}) }
func (m *memory) Wishes(context.Context, Address) ([]Wish, error) {
	return one(m, true, []Wish(nil))
}
func (m *memory) Lessons(context.Context) ([]Lesson, error) { return one(m, true, []Lesson(nil)) }
func (m *memory) Received(context.Context, int64, string) (PageSet, error) {
	return one(m, true, PageSet{3, 4})
}

func (m *memory) Owned(context.Context, int64, string) (PageSet, error) {
	return one(m, true, PageSet{3, 4})
}
func (m *memory) Excerpt(_ context.Context, code string) (Excerpt, error) {
	return one(m, code == anExcerpt.Code, anExcerpt)
}
func (m *memory) Export(context.Context, int64) ([]byte, error) { return []byte("{}"), nil }

func (m *memory) StrictPublications(context.Context) ([]Publication, error) {
	return one(m, true, []Publication{aPublication})
}

func (m *memory) ExcerptOf(context.Context, string) (Excerpt, error) {
	return one(m, !m.unknown, anExcerpt)
}

func (m *memory) Excerpts(context.Context, int64) ([]Excerpt, error) {
	e := anExcerpt // it arrived in the chat
	e.Chat, e.DeliveredAt, e.Now = siti, e.RequestedAt.Add(time.Second), e.Pages
	return one(m, true, []Excerpt{e})
}
func (m *memory) Ticket(_ context.Context, id string) (Ticket, error) {
	return one(m, id == aTicket.ID, m.ticket())
}
func (m *memory) ticket() Ticket {
	k := aTicket
	k.Photos = m.photos
	return k
}
func (m *memory) TicketsByTail(_ context.Context, tail string) ([]Ticket, error) {
	if tail != "07K" {
		return one(m, true, []Ticket(nil))
	}
	return one(m, true, []Ticket{m.ticket()})
}
func (m *memory) Tickets(context.Context, Address, int64) ([]Ticket, error) {
	return one(m, true, append([]Ticket{aTicket}, m.more...))
}
func (m *memory) OpenTickets(context.Context) ([]Ticket, error) {
	return one(m, true, append([]Ticket{aTicket}, m.more...))
}
func (m *memory) Posts(context.Context, string) ([]Post, error) { return one(m, true, []Post(nil)) }
func (m *memory) Ref(_ context.Context, _ Address, id string) (string, error) {
	if id == "excerpt-1" {
		return one(m, true, "excerpt:"+anExcerpt.Code)
	}
	return one(m, id == "card-1", "ticket:"+aTicket.ID)
}
func (m *memory) Report(_ context.Context, _ *Office, p Period) (Report, error) {
	return one(m, true, aReport(p))
}

// aReport is one of a period in which nothing happened.
func aReport(p Period) Report {
	visits := Number{Name: "Kunjungan", Value: Value{Known: true}}
	return Report{Period: p, Sections: []Section{{Key: firstSection, Numbers: []Number{visits}}}}
}

// catalogue finds the one publication for everything but the words that make it
// fall ill.
type catalogue struct{}

func (catalogue) Data(context.Context, Query) ([]Datum, error) { return nil, nil }

func (catalogue) DataSeries(context.Context, Datum) ([]Datum, error) { return nil, nil }

func (catalogue) Series(context.Context, string) ([]Edition, error) { return nil, nil }

func (catalogue) Search(_ context.Context, q Query) (Result, error) {
	switch {
	case strings.Contains(q.Text, "jatuh"):
		panic("the catalogue fell over")
	case strings.Contains(q.Text, "sakit"):
		return Result{}, errors.New("catalogue: broken")
	case strings.Contains(q.Text, "siap"):
		return Result{}, ErrPreparing
	case strings.Contains(q.Text, "nihil"):
		return Result{}, nil
	}
	return Result{Total: 12, Hits: []Hit{{ID: "pub-1", Title: aPublication.Title,
		Pages: []PageHit{{Page: 37, Text: "jumlah *penduduk*"}}}}}, nil
}

// bench is an engine with its memory and its log.
type bench struct {
	*core
	memory *memory
	log    *bytes.Buffer
	at     time.Time
	count  int
}

func newBench(tb testing.TB) *bench {
	tb.Helper()
	b := &bench{memory: &memory{sessions: map[Address][]byte{}}, log: &bytes.Buffer{},
		at: time.Date(2026, 11, 23, 9, 0, 0, 0, jakarta)}
	office := testOffice()
	office.Staff = []Staff{{Name: "Pak Budi", Role: Kasubbag, Addresses: []Address{kasubbag}}}
	b.core = NewEngine(Config{Store: b.memory, Catalogue: catalogue{}, Texts: testTexts(tb, ""), Office: office,
		Secret: Secret("a key for tests"),
		Now:    func() time.Time { return b.at }, Random: &locked{source: rand.NewChaCha8([32]byte{1})},
		Log: slog.New(slog.NewTextHandler(b.log, nil))}).core.Load()
	return b
}

// locked lets several chats draw from one source.
type locked struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (l *locked) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.source.Read(p)
}

// stand puts a chat into a state and forgets what was before.
func (b *bench) stand(tb testing.TB, s Session) {
	tb.Helper()
	b.memory.turns = nil
	b.log.Reset()
	if err := b.memory.put(s); err != nil {
		tb.Fatal(err)
	}
}

// text is a new message with this text from Siti.
func (b *bench) text(s string) Message {
	b.count++
	return Message{ID: fmt.Sprint("m", b.count), From: siti, Kind: Text, Text: s, SentAt: b.at}
}

// last is the turn committed last, and what it says to Siti.
func (b *bench) last(tb testing.TB) (t Turn, said string) {
	tb.Helper()
	if len(b.memory.turns) == 0 {
		tb.Fatal("no turn was committed")
	}
	t = b.memory.turns[len(b.memory.turns)-1]
	for _, s := range sends(t, siti) {
		said += s.Text + "\n"
	}
	return t, said
}

// sends lists what a turn sends to an address.
func sends(t Turn, to Address) []Send {
	var out []Send
	for _, e := range t.Effects {
		if s, ok := e.(Send); ok && s.To == to {
			out = append(out, s)
		}
	}
	return out
}

// registered is the session of a reader who is inside a visit and has a
// publication, a complaint and a registration half done.
func registered(state string) Session {
	at := time.Date(2026, 11, 23, 8, 50, 0, 0, jakarta)
	return Session{Chat: siti, Reader: 1, State: state, SeenAt: at,
		Data: Data{Mode: Online, Visit: "visit-1", Field: "pendidikan", Rating: 2,
			Draft: &Draft{ConsentAt: at, Name: "Siti Aminah", Card: Card{Kind: KTP, Last4: "0001"}, Email: "siti@gmial.com",
				Typo: "siti@gmail.com", CodeSent: at, CodeHash: "x"},
			Find: &Find{Query: "penduduk", LogID: "LOG", Total: 12, Hits: []FindHit{{ID: "pub-1",
				Page: &PageHit{Page: 37, Text: "penduduk"}}}, Pub: "pub-1",
				Best: &PageHit{Page: 37, Text: "penduduk"}, Inside: "penduduk", PageHits: []PageHit{{Page: 37, Text: "penduduk"}},
				Pages: PageSet{12, 13}, Code: "ABCDEFGHJK"},
			Complaint: &ComplaintDraft{Category: "Saran", Text: "Mohon jam layanan ditambah", Identity: Hidden}}}
}

// readersOnly are the states in which nobody stands without an account: an
// erasure forgets the reader's chats as well.
var readersOnly = []string{"account", "change", "change_value", "withdraw", "erase", "inside", "pages", "confirm"}

// stranger is the session of a person without an account, in the middle of a
// registration; one that can only be a reader's is a reader's.
func stranger(state string) Session {
	s := registered(state)
	if slices.Contains(readersOnly, state) {
		return s
	}
	s.Reader, s.Data = 0, Data{Draft: s.Data.Draft}
	return s
}

// stateNames lists the table.
func stateNames() []string {
	var names []string
	for _, s := range states() {
		names = append(names, s.name)
	}
	slices.Sort(names)
	return names
}
