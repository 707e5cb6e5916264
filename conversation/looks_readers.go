package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrReason is returned for a look at a person's data without a reason that says
// something, or with one that is too long.
var ErrReason = errors.New("a look needs a reason")

// How long a reason is, in characters.
const (
	reasonLeast = 5
	ReasonMost  = 200
)

// ReaderSeen is a reader as staff see one.
type ReaderSeen struct {
	Number string // [CounterVisit] for an excerpt cut at the counter, "-" when the data was erased
	// Name is masked for who was found by number; for who was found by an excerpt's
	// code it is what chats show of it.
	Name     string
	Account  bool // there is an account: what follows, to Lent, is of it
	Frozen   bool
	Since    time.Time
	Excerpts int
	Lent     int     // books that are out
	Excerpt  Excerpt // found by its code; else zero
	Title    string  // of its publication
}

// reasoned is a reason as it is kept.
func reasoned(typed string) (string, error) {
	r := oneLine(clean(typed))
	if letters(r) < reasonLeast || utf8.RuneCountInString(r) > ReasonMost {
		return "", fmt.Errorf("reason: %w", ErrReason)
	}
	return r, nil
}

// Reader finds a reader by number, or by the code of an excerpt of theirs; the look is
// noted with its reason. It returns [ErrNotFound], wrapped, for neither, and [ErrReason].
func (l Looks) Reader(ctx context.Context, who Staff, typed, reason string) (ReaderSeen, error) {
	var out ReaderSeen
	err := l.look(ctx, who, func(t *turn) error {
		why, err := reasoned(reason)
		if err != nil {
			return err
		}
		e, err := t.store.Excerpt(ctx, codeMeant(typed))
		if err == nil {
			r, title, err := t.whose(e)
			if err != nil {
				return err
			}
			t.audit("excerpt code looked up: "+why, e.Code)
			out = ReaderSeen{Number: r.Number, Name: r.Name, Excerpt: e, Title: title}
			return t.account(r, &out)
		}
		if !isMissing(err) {
			return err
		}
		r, err := t.readerTyped(typed)
		if err != nil {
			return err
		}
		t.audit("reader looked up: "+why, r.Number)
		out = ReaderSeen{Number: r.Number, Name: maskedName(r.Name)}
		return t.account(r, &out)
	})
	return out, err
}

// account fills in what is shown of a reader's account.
func (t *turn) account(r Reader, out *ReaderSeen) error {
	if r.ID == 0 {
		return nil
	}
	excerpts, err := t.store.Excerpts(t.ctx, r.ID)
	if err != nil {
		return err
	}
	loans, err := t.loansOf("", r.ID)
	if err != nil {
		return err
	}
	out.Account, out.Frozen, out.Since, out.Excerpts, out.Lent = true, r.Frozen, r.CreatedAt, len(excerpts), lentNow(loans)
	return nil
}

// lentNow counts the books that are out.
func lentNow(loans []Ticket) (n int) {
	for _, k := range loans {
		n += flagged(k.State == StateLent)
	}
	return n
}

// maskedName shows the first letter of each word alone.
func maskedName(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		words[i] = string(first) + "***"
	}
	return strings.Join(words, " ")
}

// Export is the file with all that is kept of a reader, for them; it is noted with its
// reason. Tickets that are confidential, or not for this member of staff, are left out
// of it: the reader reads those in their own chat alone. Errors are those of [Looks.Reader].
func (l Looks) Export(ctx context.Context, who Staff, number, reason string) (name string, data []byte, err error) {
	err = l.look(ctx, who, func(t *turn) error {
		why, err := reasoned(reason)
		if err != nil {
			return err
		}
		r, err := t.readerTyped(number)
		if err != nil {
			return err
		}
		whole, err := t.store.Export(ctx, r.ID)
		if err != nil {
			return err
		}
		t.audit("personal data exported: "+why, r.Number)
		name = "data-" + r.Number + ".json"
		data, err = t.exportSeen(whole)
		return err
	})
	return name, data, err
}

// exportSeen takes out of a reader's file what this member of staff must not see.
func (t *turn) exportSeen(whole []byte) ([]byte, error) {
	var parts map[string]json.RawMessage
	var tickets []json.RawMessage
	if err := json.Unmarshal(whole, &parts); err != nil {
		return nil, fmt.Errorf("read a reader's file: %w", err)
	}
	if raw := parts["tiket"]; raw != nil {
		if err := json.Unmarshal(raw, &tickets); err != nil {
			return nil, fmt.Errorf("read a reader's tickets: %w", err)
		}
	}
	var fault error
	tickets = slices.DeleteFunc(tickets, func(raw json.RawMessage) bool {
		var k struct {
			ID string `json:"nomor"`
		}
		if err := json.Unmarshal(raw, &k); err != nil {
			fault = err
		}
		found, mine, err := t.ticketOf(k.ID)
		if err != nil {
			fault = err
		}
		return !mine || found.Secret()
	})
	if fault != nil {
		return nil, fmt.Errorf("read a reader's tickets: %w", fault)
	}
	kept, err := json.Marshal(tickets)
	if err != nil {
		return nil, err
	}
	parts["tiket"] = kept
	return json.MarshalIndent(parts, "", "  ")
}
