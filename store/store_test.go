package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pst/conversation"
)

// The methods that the loops and the search index ask for, mirrored here
// because this room must not know theirs.
var _ interface {
	Put(ctx context.Context, received ...conversation.Message) error
	Waiting(ctx context.Context, among []string, except []conversation.Address, limit int) ([]conversation.Message, error)
	Quarantine(ctx context.Context, m conversation.Message, why string, tell ...conversation.Send) error
	Sweep(ctx context.Context, now time.Time) (int, error)
	Out(ctx context.Context, among []string, except []conversation.Address, now time.Time,
		limit int) ([]conversation.Delivery, error)
	MarkSent(ctx context.Context, id int64, s conversation.Sent) error
	MarkLater(ctx context.Context, id int64, due time.Time, why string, kept bool) error
	Enqueue(ctx context.Context, sends ...conversation.Send) error
	MarkFailed(ctx context.Context, id int64, at time.Time, why string) error
	MarkBounced(ctx context.Context, platformID, why string) (ours bool, err error)
	MarkReceipt(ctx context.Context, to conversation.Address, platformID, status string, at time.Time) error
	Changed(ctx context.Context, after int64) (ids []string, version int64, err error)
	Contents(ctx context.Context, id string) (conversation.Contents, error)
} = (*DB)(nil)

var testSecret = []byte("a secret of the tests, not of an office")

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// desk is a database with the helpers of these tests.
type desk struct {
	*DB
	clock *clock
	tb    testing.TB
	n     int
}

// emptyFile is a database that has had its migrations and nothing else. They are the
// same for every desk and took a third of what these tests take, so they run once.
var emptyFile = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "pst-empty")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "pst.db")
	pool, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, err
	}
	if err := errors.Join(migrate(context.Background(), pool), pool.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func openDesk(tb testing.TB) *desk {
	tb.Helper()
	c := &clock{now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}
	path := filepath.Join(tb.TempDir(), "pst.db")
	empty, err := emptyFile()
	if err == nil {
		err = os.WriteFile(path, empty, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
	db, err := Open(tb.Context(), path, Options{Secret: testSecret, Now: c.Now})
	if err != nil {
		tb.Fatal(err)
	}
	d := &desk{DB: db, clock: c, tb: tb}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil { // perhaps reopened since
			tb.Error(err)
		}
	})
	return d
}

// hears puts a text of a chat into the inbox.
func (d *desk) hears(from conversation.Address, text string) conversation.Message {
	d.tb.Helper()
	d.n++
	m := conversation.Message{ID: fmt.Sprint("m", d.n), From: from, Kind: conversation.Text, Text: text,
		SentAt: d.clock.Now()}
	if err := d.Put(d.tb.Context(), m); err != nil {
		d.tb.Fatal(err)
	}
	return m
}

// answer takes one turn of a chat with these effects.
func (d *desk) answer(from conversation.Address, effects ...conversation.Effect) error {
	d.tb.Helper()
	m := d.hears(from, "halo")
	s, err := d.Session(d.tb.Context(), from)
	if err != nil {
		d.tb.Fatal(err)
	}
	s.State, s.SeenAt = "menu", d.clock.Now()
	return d.Commit(d.tb.Context(), conversation.Turn{Message: m, Session: s, Effects: effects})
}

// does is answer where nothing may go wrong.
func (d *desk) does(from conversation.Address, effects ...conversation.Effect) {
	d.tb.Helper()
	if err := d.answer(from, effects...); err != nil {
		d.tb.Fatal(err)
	}
}

// joins registers a reader in a chat; who names their e-mail and card.
func (d *desk) joins(chat conversation.Address, who string) int64 {
	d.tb.Helper()
	id, err := d.NextReaderID(d.tb.Context())
	if err != nil {
		d.tb.Fatal(err)
	}
	d.does(chat, conversation.CreateReader{Chat: chat, Reader: conversation.Reader{
		ID: id, Number: fmt.Sprintf("BT-%05d", id), Name: "Nama " + who, Email: who + "@contoh.id", EmailHash: "mail-" + who,
		Card: conversation.Card{Kind: "KTP", Last4: "0001", Hash: "card-" + who},
		Profile: conversation.Profile{Gender: "Perempuan", Origin: "Belitung Timur", Education: "S1", Occupation: "swasta",
			Institution: "PT " + who},
		Phone: "+62812" + who, Verified: "email", Consent: 1, ConsentAt: d.clock.Now(), CreatedAt: d.clock.Now(),
	}})
	return id
}

// book lays in a publication of that many pages.
func (d *desk) book(id string, pages int) {
	d.tb.Helper()
	p := conversation.Publication{ID: id, Office: "1906", Title: "Buku " + id, File: id + ".pdf", SHA256: "x",
		Pages: pages}
	if _, err := d.SavePublication(d.tb.Context(), p, nil); err != nil {
		d.tb.Fatal(err)
	}
}

// excerpt is the reservation of pages of a publication.
func (d *desk) excerpt(code string, reader int64, publication string, pages ...int) conversation.ReserveExcerpt {
	return conversation.ReserveExcerpt{Excerpt: conversation.Excerpt{
		Code: code, Reader: reader, Chat: "telegram:1", Visit: "v1", Publication: publication,
		Pages:    conversation.NewPageSet(pages...),
		Mark:     conversation.Mark{Code: code, Lines: []string{"BT-00001 s***@contoh.id"}, Footer: "Kutipan maks. 20%"},
		FileName: code + ".pdf", RequestedAt: d.clock.Now(),
	}}
}

func (d *desk) owned(reader int64, publication string) string {
	d.tb.Helper()
	s, err := d.Owned(d.tb.Context(), reader, publication)
	if err != nil {
		d.tb.Fatal(err)
	}
	return s.String()
}

func (d *desk) count(query string, args ...any) int {
	d.tb.Helper()
	var n int
	if err := d.one(d.tb.Context(), query, args, &n); err != nil {
		d.tb.Fatal(err)
	}
	return n
}

func (d *desk) out() []conversation.Delivery {
	d.tb.Helper()
	rows, err := d.Out(d.tb.Context(), []string{conversation.Telegram, conversation.WhatsApp, conversation.Mail}, nil,
		d.clock.Now(), 100)
	if err != nil {
		d.tb.Fatal(err)
	}
	return rows
}

func (d *desk) waiting() []conversation.Message {
	d.tb.Helper()
	ms, err := d.Waiting(d.tb.Context(), []string{conversation.Telegram, conversation.WhatsApp, conversation.Mail,
		conversation.Desk}, nil, 100)
	if err != nil {
		d.tb.Fatal(err)
	}
	return ms
}

func wantErr(tb testing.TB, got, want error) {
	tb.Helper()
	if !errors.Is(got, want) {
		tb.Fatalf("got error %v, want %v", got, want)
	}
}

func pages(from, to int) []int {
	var out []int
	for p := from; p <= to; p++ {
		out = append(out, p)
	}
	return out
}
