package conversation

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Looks is what staff see of tickets, readers and the audit table outside a chat. Who
// may see what, and what is hidden of whom, is decided by what answers them in a chat;
// each look is noted before anything is shown.
type Looks struct {
	Engine  *Engine
	Records Records
}

// Records is what looks need beside the [Store].
type Records interface {
	// Note appends a line to the audit table.
	Note(ctx context.Context, a AuditEntry) error
	// ClosedTickets lists at most so many tickets that were closed since then, the one
	// closed last first.
	ClosedTickets(ctx context.Context, since time.Time, most int) ([]Ticket, error)
	// Fate counts what became of the letters to an address with this [Send.Ref].
	Fate(ctx context.Context, to Address, ref string) (Fate, error)
	// AuditBetween lists at most so many audit lines of a period, newest first.
	AuditBetween(ctx context.Context, from, to time.Time, most int) ([]AuditEntry, error)
}

// Fate counts letters by what is known of them. One that was read has arrived, and
// one that arrived was sent.
type Fate struct{ Waiting, Sent, Arrived, Read, Failed int }

// look carries out a look of a member of staff: what do audits is noted first. It
// returns [ErrNotFound] for who is not staff.
func (l Looks) look(ctx context.Context, who Staff, do func(*turn) error) error {
	c := l.Engine.core.Load()
	member, ok := c.office.member(who.Web())
	if !ok {
		return fmt.Errorf("member of staff: %w", ErrNotFound)
	}
	t := &turn{core: c, ctx: ctx, at: c.now(), s: Session{Chat: member.Web()}, member: member, commands: commands(),
		page: true}
	err := do(t)
	if err == nil {
		err = t.fault
	}
	if err != nil {
		return err
	}
	for _, e := range t.effects {
		if a, ok := e.(Audit); ok {
			if err := l.Records.Note(ctx, a.Entry); err != nil {
				return err
			}
		}
	}
	return nil
}

// What a [Queued] ticket waits for.
const (
	DueAnswer = "answer" // a first answer
	DueFinish = "finish" // its end
	DueBack   = "back"   // a book's return
)

// Queued is a ticket as a list shows it to those whom it is for.
type Queued struct {
	ID, Kind, Category, State, Gist string
	Opened                          time.Time // the day; the hours are not for lists
	Due                             time.Time // zero for one that is closed
	For                             string    // [DueAnswer], [DueFinish], [DueBack]
	Past                            bool      // Due is over
	Unanswered                      bool
	Closed                          time.Time // zero for one that is open
	Owners                          []string  // names of those whom it is for
}

// due is until when something is owed to a ticket's person, and what.
func (o *Office) due(k Ticket) (by time.Time, what string) {
	switch {
	case k.Closed():
		return time.Time{}, ""
	case k.State == StateLent:
		return k.BackBy, DueBack
	case k.AnsweredAt.IsZero():
		return o.AddWorkingDays(k.OpenedAt, answerDays), DueAnswer
	}
	return o.AddWorkingDays(k.OpenedAt, finishDays), DueFinish
}

func (t *turn) queued(k Ticket) Queued {
	q := Queued{ID: k.ID, Kind: k.Kind, Category: k.Category, State: t.stateIn(k), Gist: k.gist(), Opened: k.OpenedAt,
		Unanswered: !k.Closed() && (k.AnsweredAt.IsZero() || k.Renew), Closed: k.ClosedAt}
	q.Due, q.For = t.office.due(k)
	q.Past = !q.Due.IsZero() && t.at.After(q.Due)
	for _, s := range t.office.Owners(k) {
		q.Owners = append(q.Owners, s.Name)
	}
	return q
}

// So long and so many closed tickets stand in the list.
const (
	closedDays = 30
	closedMost = 200
)

// Queue lists the tickets of a member of staff: the open ones by what is due first,
// and those closed in the last thirty days, the latest first.
func (l Looks) Queue(ctx context.Context, who Staff) (open, closed []Queued, err error) {
	err = l.look(ctx, who, func(t *turn) error {
		mine, err := t.openTickets()
		if err != nil {
			return err
		}
		for _, k := range mine {
			open = append(open, t.queued(k))
		}
		slices.SortStableFunc(open, func(a, b Queued) int { return a.Due.Compare(b.Due) })
		ended, err := l.Records.ClosedTickets(ctx, t.at.AddDate(0, 0, -closedDays), closedMost)
		if err != nil {
			return err
		}
		for _, k := range ended {
			if t.office.Owns(t.member, k) {
				closed = append(closed, t.queued(k))
			}
		}
		if len(open)+len(closed) > 0 {
			t.audit("queue of tickets seen", "")
		}
		return nil
	})
	return open, closed, err
}

// Thread is a ticket as those see it whom it is for.
type Thread struct {
	Queued
	Card  string // what chats show of it, with *tebal*
	Posts []ThreadPost
	// Verbs are the commands that can be given for it now, in the order of the table.
	Verbs   []Verb
	Photos  int
	To      []string // names of colleagues whom it can be handed on to
	Longest int      // an answer's, in characters
	Fate    *Fate    // of the letters about it to its person; nil where that is not told
}

// Verb is a command for a ticket; Must tells that it needs words.
type Verb struct {
	Name string
	Must bool
}

// ThreadPost is one message of a thread; Clock tells whether its hour is shown.
type ThreadPost struct {
	Post
	Clock bool
}

// Thread shows a ticket to a member of staff; [ErrNotFound], wrapped, when there is
// none of this whole number for them.
func (l Looks) Thread(ctx context.Context, who Staff, id string) (Thread, error) {
	var out Thread
	err := l.look(ctx, who, func(t *turn) error {
		k, ok, err := t.ticketOf(id)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("ticket: %w", ErrNotFound)
		}
		posts, err := t.store.Posts(ctx, k.ID)
		if err != nil {
			return err
		}
		out = Thread{Queued: t.queued(k), Card: t.card(k), Verbs: t.possible(k), Photos: len(k.Photos), Longest: complaintMax}
		for _, p := range followed(posts) {
			out.Posts = append(out.Posts, ThreadPost{p, !k.Secret()})
		}
		for _, s := range t.office.Staff {
			if s.Name != t.member.Name && len(s.Addresses) > 0 && !t.office.Owns(s, k) {
				out.To = append(out.To, s.Name)
			}
		}
		// When a confidential person reads is theirs to know.
		if k.Chat != "" && !k.Secret() {
			fate, err := l.Records.Fate(ctx, k.Chat, "ticket:"+k.ID)
			if err != nil {
				return err
			}
			out.Fate = &fate
		}
		t.audit("ticket read", k.ID)
		return nil
	})
	return out, err
}

// possible are the verbs that can be given for a ticket as it stands.
func (t *turn) possible(k Ticket) []Verb {
	var out []Verb
	for _, c := range t.commands {
		can := c.takes == ticketNumber && c.fits(k)
		switch c.verb {
		case "LIHAT":
			can = false
		case "FOTO":
			can = can && len(k.Photos) > 0
		case "TERIMA":
			can = can && k.State == StateNew
		case "TERUSKAN", "BALAS":
		case "KEMBALI":
			can = can && k.State == StateLent
		case "TOLAK":
			can = can && !k.Closed() && (k.State != StateLent || k.Renew)
		default:
			can = can && !k.Closed()
		}
		if can {
			out = append(out, Verb{c.verb, c.words == must})
		}
	}
	return out
}

// Canned is a short answer of the office's texts.
type Canned struct{ Name, Text string }

// Canned lists the office's short answers by name.
func (l Looks) Canned() ([]Canned, error) {
	c := l.Engine.core.Load()
	var out []Canned
	for _, name := range c.texts.canned() {
		text, err := c.texts.Text(cannedPrefix+name, nil)
		if err != nil {
			return nil, fmt.Errorf("short answer %s: %w", name, err)
		}
		out = append(out, Canned{name, text})
	}
	return out, nil
}
