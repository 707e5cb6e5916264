package conversation

import (
	"context"
	"errors"
	"time"
)

// Errors that a [Store] returns, wrapped.
var (
	// ErrNotFound: there is no such thing.
	ErrNotFound = errors.New("not found")
	// ErrConflict: somebody else changed what this turn was built on; load
	// again and take the step again.
	ErrConflict = errors.New("conflicting change")
	// ErrFull: the disk has no room for a change. What is stored can be read, and
	// the same change succeeds when there is room.
	ErrFull = errors.New("disk is full")
)

// Session is where a chat stands between two messages.
type Session struct {
	Chat    Address
	Reader  int64  // 0: this chat is not linked to a reader
	State   string // name of a state of the table; empty: never seen
	Data    Data
	Version int64 // counts saves; Commit checks it
	// Deadline, when set, is when the chat gets a message of kind Expired.
	Deadline time.Time
	SeenAt   time.Time // last message of the person
	Away     bool      // the person blocked the desk: nothing is sent
}

// Turn is the whole outcome of one message, or of several of a chat that waited
// together: the store makes it true in one transaction, or changes nothing.
type Turn struct {
	Earlier []Message // those before Message; their inbox rows become done, too
	Message Message   // its inbox row becomes done
	Session Session   // saved; Version as it was loaded
	Effects []Effect
}

// Store is what the engine reads, and the one way it has to write. Every method
// may also return an error of the store itself, wrapped; the turn is then tried
// again later.
type Store interface {
	// Session returns the chat's session; for an unknown chat a fresh one, no error.
	Session(ctx context.Context, chat Address) (Session, error)
	// Reader returns ErrNotFound for an unknown id.
	Reader(ctx context.Context, id int64) (Reader, error)
	// ReaderByEmail finds by keyed hash; ErrNotFound.
	ReaderByEmail(ctx context.Context, emailHash string) (Reader, error)
	// ReaderByNumber finds by reader number ("BT-00123"); ErrNotFound.
	ReaderByNumber(ctx context.Context, number string) (Reader, error)
	// Frozen lists the readers whose accounts are frozen, by id.
	Frozen(ctx context.Context) ([]Reader, error)
	// NextReaderID is an id above every one ever given; each call may give another.
	NextReaderID(ctx context.Context) (int64, error)
	// Chats lists the addresses linked to a reader, oldest first.
	Chats(ctx context.Context, reader int64) ([]Address, error)
	// CodesSince counts the verification codes sent for an e-mail since then.
	CodesSince(ctx context.Context, emailHash string, since time.Time) (int, error)
	// Visit returns ErrNotFound for an unknown id.
	Visit(ctx context.Context, id string) (Visit, error)
	// Publication returns ErrNotFound for an unknown id.
	Publication(ctx context.Context, id string) (Publication, error)
	// StrictPublications lists those that are marked as strict, by id.
	StrictPublications(ctx context.Context) ([]Publication, error)
	// Entries lists the table, figure and chapter titles of a publication, by page.
	Entries(ctx context.Context, publication string) ([]Entry, error)
	// Page returns one page's text and printed number; ErrNotFound.
	Page(ctx context.Context, publication string, number int) (Page, error)
	// PrintedNumbers are the numbers printed on the pages of a publication
	// ("xii", "45"), by page; a page without one is left out.
	PrintedNumbers(ctx context.Context, publication string) (map[int]string, error)
	// Owned is the set of pages that the person behind the reader owns or has
	// reserved, through this account or another: what the cap counts.
	Owned(ctx context.Context, reader int64, publication string) (PageSet, error)
	// Received is the part of Owned that came to, or is reserved for, this account:
	// what its reader may be shown.
	Received(ctx context.Context, reader int64, publication string) (PageSet, error)
	// DataTable returns a trusted table of a publication by its [DataTable.Key];
	// ErrNotFound for one that is silent as well.
	DataTable(ctx context.Context, publication, key string) (DataTable, error)
	// SilentTables lists the tables that answer nobody, the newest silence first.
	SilentTables(ctx context.Context) ([]SilentTable, error)
	// Answer finds what was told as a number by its code; ErrNotFound.
	Answer(ctx context.Context, code string) (DatumAnswer, error)
	// Excerpt finds by code; ErrNotFound.
	Excerpt(ctx context.Context, code string) (Excerpt, error)
	// ExcerptOf finds the excerpt that was handed over as a file with this SHA-256,
	// in hex; ErrNotFound.
	ExcerptOf(ctx context.Context, sha256 string) (Excerpt, error)
	// Excerpts lists a reader's excerpts, newest first.
	Excerpts(ctx context.Context, reader int64) ([]Excerpt, error)
	// Export is all that is kept of a reader, as indented JSON for the reader's
	// own download; ErrNotFound.
	Export(ctx context.Context, reader int64) ([]byte, error)
	// Ticket finds by full ID; ErrNotFound.
	Ticket(ctx context.Context, id string) (Ticket, error)
	// TicketsByTail lists the tickets whose ID ends in these three characters, open
	// ones first, the newest first.
	TicketsByTail(ctx context.Context, tail string) ([]Ticket, error)
	// Tickets lists the tickets opened from any chat of the same reader, or from
	// this chat, newest first.
	Tickets(ctx context.Context, chat Address, reader int64) ([]Ticket, error)
	// OpenTickets lists all tickets not done and not refused, oldest first.
	OpenTickets(ctx context.Context) ([]Ticket, error)
	// Posts lists a ticket's thread, oldest first.
	Posts(ctx context.Context, ticket string) ([]Post, error)
	// Ref is the Send.Ref of the message that the desk sent to chat under this
	// platform id; ErrNotFound.
	Ref(ctx context.Context, chat Address, platformID string) (string, error)
	// Wish finds by ID; ErrNotFound.
	Wish(ctx context.Context, id int64) (Wish, error)
	// Wishes lists what a chat waits for, oldest first.
	Wishes(ctx context.Context, chat Address) ([]Wish, error)
	// Lessons lists what the searches of [LeastVoices] chats or more taught and staff
	// have not decided about, by the most chats first.
	Lessons(ctx context.Context) ([]Lesson, error)
	// Report gathers the figures of a period as they are known now; the office says
	// what its days, its lists and its promises are.
	Report(ctx context.Context, o *Office, p Period) (Report, error)

	// Commit applies a turn in one transaction. It returns ErrConflict when the
	// session's version, or what an effect was built on, has changed, and
	// ErrNotFound when the message is not waiting in the inbox (it was handled
	// already): the turn must then be forgotten.
	Commit(ctx context.Context, t Turn) error
}

// Delivery is one outbox row that is due.
type Delivery struct {
	ID      int64
	Key     string // chosen when enqueued and kept over every try: a platform message id
	Send    Send
	Attempt int // 0 at the first try
	Queued  time.Time
	// Order is set for a row with an excerpt.
	Order *ExcerptOrder
}

// Sent is what is known of an outbox row that arrived.
type Sent struct {
	PlatformID string // the platform's id of the message; what a quote of it names
	At         time.Time
	// For a row with an excerpt: what was handed over.
	SHA256, Mode, Verdict string
}
