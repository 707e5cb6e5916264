package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// world is a whole store in memory: what a turn changes is there for the next. Each
// thing rests as JSON, so that no two readings share anything.
type world struct {
	now      func() time.Time
	sessions map[Address][]byte
	readers  map[int64]Reader
	linked   map[Address]int64
	visits   map[string]Visit
	excerpts map[string]Excerpt
	tickets  map[string]Ticket
	order    []string // of the tickets, as they were opened
	posts    map[string][]Post
	refs     map[string]string // chat and platform id of a letter -> its Ref
	outbox   []letterOut
	letters  int
	turn     Turn // committed last
	alarms   map[string]bool
	answers  map[string]DatumAnswer
	silent   bool // the one table
}

// letterOut is a row that waits to be sent.
type letterOut struct {
	id string
	Send
	late bool // told once that it is delayed
}

var _ Store = (*world)(nil)

func newWorld(now func() time.Time) *world {
	return &world{now: now, sessions: map[Address][]byte{}, readers: map[int64]Reader{}, linked: map[Address]int64{},
		visits: map[string]Visit{}, excerpts: map[string]Excerpt{}, tickets: map[string]Ticket{},
		posts: map[string][]Post{}, refs: map[string]string{}, alarms: map[string]bool{}, answers: map[string]DatumAnswer{}}
}

func missing(what string) error { return fmt.Errorf("find %s: %w", what, ErrNotFound) }

func (w *world) Session(_ context.Context, chat Address) (Session, error) {
	s := Session{Chat: chat}
	if b, ok := w.sessions[chat]; ok {
		if err := json.Unmarshal(b, &s); err != nil {
			return s, err
		}
	}
	s.Reader = w.linked[chat]
	return s, nil
}

func (w *world) Reader(_ context.Context, id int64) (Reader, error) {
	if r, ok := w.readers[id]; ok {
		return r, nil
	}
	return Reader{}, missing("reader")
}

func (w *world) readerWith(is func(Reader) bool) (Reader, error) {
	for _, r := range w.readers {
		if is(r) {
			return r, nil
		}
	}
	return Reader{}, missing("reader")
}

func (w *world) ReaderByEmail(_ context.Context, hash string) (Reader, error) {
	return w.readerWith(func(r Reader) bool { return r.EmailHash == hash })
}

func (w *world) ReaderByNumber(_ context.Context, number string) (Reader, error) {
	return w.readerWith(func(r Reader) bool { return r.Number == number })
}

func (w *world) Frozen(context.Context) ([]Reader, error) {
	var out []Reader
	for _, id := range slices.Sorted(maps.Keys(w.readers)) {
		if w.readers[id].Frozen {
			out = append(out, w.readers[id])
		}
	}
	return out, nil
}

func (w *world) NextReaderID(context.Context) (int64, error) { return int64(len(w.readers)) + 100, nil }

func (w *world) Chats(_ context.Context, reader int64) ([]Address, error) {
	var out []Address
	for _, a := range slices.Sorted(maps.Keys(w.linked)) {
		if w.linked[a] == reader {
			out = append(out, a)
		}
	}
	return out, nil
}

func (w *world) DataTable(_ context.Context, publication, key string) (DataTable, error) {
	if publication == aPublication.ID && key == aTable.Key() && !w.silent {
		return aTable, nil
	}
	return DataTable{}, missing("table")
}

func (w *world) SilentTables(context.Context) ([]SilentTable, error) {
	if w.silent {
		return []SilentTable{{Publication: aPublication.ID, Table: aTable.Key()}}, nil
	}
	return nil, nil
}

func (w *world) Answer(_ context.Context, code string) (DatumAnswer, error) {
	if a, ok := w.answers[code]; ok {
		return a, nil
	}
	return DatumAnswer{}, missing("answer")
}

func (w *world) CodesSince(context.Context, string, time.Time) (int, error) { return 0, nil }

func (w *world) Visit(_ context.Context, id string) (Visit, error) {
	if v, ok := w.visits[id]; ok {
		return v, nil
	}
	return Visit{}, missing("visit")
}

// The one book of the world stands on a shelf, in one copy.
var worldBook = Publication{ID: "pub-1", Title: "Belitung Timur Dalam Angka 2024", Year: 2024, Pages: 120,
	File:  "a.pdf",
	Shelf: "Rak A1", Copies: 1}

func (w *world) Publication(_ context.Context, id string) (Publication, error) {
	if id == worldBook.ID {
		return worldBook, nil
	}
	return Publication{}, missing("publication")
}

func (w *world) Entries(context.Context, string) ([]Entry, error) {
	return []Entry{{Kind: "bab", Title: "Penduduk", Printed: "1", Page: 21}}, nil
}
func (w *world) Page(_ context.Context, _ string, n int) (Page, error) { return Page{Number: n}, nil }
func (w *world) PrintedNumbers(context.Context, string) (map[int]string, error) {
	return map[int]string{}, nil
}
func (w *world) Wish(context.Context, int64) (Wish, error)       { return Wish{}, missing("wish") }
func (w *world) Wishes(context.Context, Address) ([]Wish, error) { return nil, nil }
func (w *world) Lessons(context.Context) ([]Lesson, error)       { return nil, nil }

func (w *world) Owned(_ context.Context, reader int64, _ string) (PageSet, error) {
	var out PageSet
	for _, code := range slices.Sorted(maps.Keys(w.excerpts)) {
		if e := w.excerpts[code]; e.Reader == reader && e.FailedAt.IsZero() {
			out = NewPageSet(append(slices.Clone(out), e.Pages...)...)
		}
	}
	return out, nil
}

func (w *world) Received(ctx context.Context, reader int64, p string) (PageSet, error) {
	return w.Owned(ctx, reader, p)
}

func (w *world) Excerpt(_ context.Context, code string) (Excerpt, error) {
	if e, ok := w.excerpts[code]; ok {
		return e, nil
	}
	return Excerpt{}, missing("excerpt")
}

func (w *world) StrictPublications(context.Context) ([]Publication, error) { return nil, nil }

func (w *world) ExcerptOf(context.Context, string) (Excerpt, error) {
	return Excerpt{}, missing("excerpt")
}

func (w *world) Excerpts(_ context.Context, reader int64) ([]Excerpt, error) {
	var out []Excerpt
	for _, code := range slices.Sorted(maps.Keys(w.excerpts)) {
		if w.excerpts[code].Reader == reader {
			out = append(out, w.excerpts[code])
		}
	}
	return out, nil
}

func (w *world) Export(context.Context, int64) ([]byte, error) { return []byte("{}"), nil }

func (w *world) Ticket(_ context.Context, id string) (Ticket, error) {
	if k, ok := w.tickets[id]; ok {
		return k, nil
	}
	return Ticket{}, missing("ticket")
}

// listed are the tickets that hold, in the order in which they were opened.
func (w *world) listed(holds func(Ticket) bool) []Ticket {
	var out []Ticket
	for _, id := range w.order {
		if k := w.tickets[id]; holds(k) {
			out = append(out, k)
		}
	}
	return out
}

func (w *world) TicketsByTail(_ context.Context, tail string) ([]Ticket, error) {
	out := w.listed(func(k Ticket) bool { return k.tail() == tail })
	slices.Reverse(out)
	slices.SortStableFunc(out, func(a, b Ticket) int {
		switch {
		case a.Closed() == b.Closed():
			return 0
		case b.Closed():
			return -1
		}
		return 1
	})
	return out, nil
}

func (w *world) Tickets(_ context.Context, chat Address, reader int64) ([]Ticket, error) {
	out := w.listed(func(k Ticket) bool { return chat != "" && k.Chat == chat || reader != 0 && k.Reader == reader })
	slices.Reverse(out)
	return out, nil
}

func (w *world) OpenTickets(context.Context) ([]Ticket, error) {
	return w.listed(func(k Ticket) bool { return !k.Closed() }), nil
}

func (w *world) Posts(_ context.Context, ticket string) ([]Post, error) {
	return slices.Clone(w.posts[ticket]), nil
}

func (w *world) Ref(_ context.Context, chat Address, id string) (string, error) {
	if ref, ok := w.refs[string(chat)+" "+id]; ok {
		return ref, nil
	}
	return "", missing("letter")
}

func (w *world) Report(_ context.Context, _ *Office, p Period) (Report, error) {
	return aReport(p), nil
}

func (w *world) Commit(_ context.Context, t Turn) error {
	s := t.Session
	for _, e := range t.Effects {
		if err := w.apply(e, &s); err != nil {
			return err
		}
	}
	b, err := json.Marshal(s)
	w.sessions[s.Chat], w.turn = b, t
	return err
}

// apply makes one effect true.
func (w *world) apply(e Effect, s *Session) error {
	switch e := e.(type) {
	case Send:
		w.letters++
		w.outbox = append(w.outbox, letterOut{id: fmt.Sprint("L", w.letters), Send: e})
	case Withdraw:
		w.outbox = slices.DeleteFunc(w.outbox, func(l letterOut) bool { return l.Ref == e.Ref })
	case CreateReader:
		w.readers[e.Reader.ID], w.linked[e.Chat] = e.Reader, e.Reader.ID
	case UpdateReader:
		w.readers[e.Reader.ID] = e.Reader
	case LinkChat:
		w.linked[e.Chat] = e.Reader
	case UnlinkChat:
		delete(w.linked, e.Chat)
	case EraseReader:
		w.erase(e.Reader)
	case SaveVisit:
		w.visits[e.Visit.ID] = e.Visit
	case ReserveExcerpt:
		w.excerpts[e.Excerpt.Code] = e.Excerpt
	case SettleExcerpt:
		x := w.excerpts[e.Code]
		if x.DeliveredAt = e.At; !e.Delivered {
			x.DeliveredAt, x.FailedAt = time.Time{}, e.At
		}
		w.excerpts[e.Code] = x
	case OpenTicket:
		k := e.Ticket
		if _, ok := w.tickets[k.ID]; ok || strings.TrimSpace(k.Text) == "" || k.Category == "" {
			return fmt.Errorf("open ticket %s: %w", k.ID, ErrConflict)
		}
		k.Version = 1
		w.tickets[k.ID], w.order = k, append(w.order, k.ID)
	case UpdateTicket:
		k := e.Ticket
		if w.tickets[k.ID].Version != k.Version {
			return fmt.Errorf("ticket %s: %w", k.ID, ErrConflict)
		}
		k.Version++
		w.tickets[k.ID] = k
	case AddPost:
		w.posts[e.Post.Ticket] = append(w.posts[e.Post.Ticket], e.Post)
	case RecordAnswer:
		if _, taken := w.answers[e.Answer.Code]; taken {
			return ErrConflict
		}
		w.answers[e.Answer.Code] = e.Answer
	case SilenceTable:
		w.silent = e.Silent
	}
	return nil
}

// erase does to tickets what the store does: they are emptied and closed.
func (w *world) erase(reader int64) {
	chats, _ := w.Chats(context.Background(), reader)
	for id, k := range w.tickets {
		if k.Reader != reader && !slices.Contains(chats, k.Chat) {
			continue
		}
		k.Text, k.Name, k.Book, k.Photos, k.Chat, k.Reader, k.NextDue = "", "", "", nil, "", 0, time.Time{}
		if !k.Closed() {
			k.State, k.ClosedAt = StateDone, w.now()
		}
		k.Version++
		w.tickets[id] = k
		delete(w.posts, id)
		w.outbox = slices.DeleteFunc(w.outbox, func(l letterOut) bool {
			return l.Ref == "ticket:"+id || l.Ref == "copy:"+id
		})
	}
	for _, c := range chats {
		delete(w.linked, c)
	}
	delete(w.readers, reader)
}
