package conversation

import (
	"strings"
	"time"
)

// Effect is something that must happen because of a message. Effects are data:
// the store applies all effects of a turn in one transaction, together with the
// session and the inbox row, or none of them.
type Effect interface{ effect() }

// Option is one answer of a question. Key is stable, whatever the number or the
// label: a pressed button sends it back. Number is what a person types; without
// one the answer is a button alone, such as the way to the start of a list. Label
// is what a button says, at most 36 characters; of a hit, which has too much to
// say, it is empty.
type Option struct {
	Key    string `json:"key"`
	Number string `json:"number,omitempty"`
	Label  string `json:"label"`
}

// Send puts one row in the outbox. It is the only effect that leaves the house.
type Send struct {
	To      Address `json:"to"`
	Text    string  `json:"text,omitempty"` // the one neutral mark is *tebal*
	Subject string  `json:"subject,omitempty"`
	// Menu names the state whose question this is; Options are its answers, for
	// channels with buttons. Text holds a line for each that has a number:
	// "*1* Label", with more behind the label where there is more to say.
	Menu    string   `json:"menu,omitempty"`
	Options []Option `json:"options,omitempty"`
	// Answers is the ID of the message this answers, if any; a channel may edit
	// in place when that was a pressed button and Paging is set.
	Answers string `json:"answers,omitempty"`
	Paging  bool   `json:"paging,omitempty"`
	// Quotes says that this refers to the message it Answers, which a channel may
	// show with it.
	Quotes bool `json:"quotes,omitempty"`
	// Copy are numbers in Text that the person may want to keep (of a reader, a
	// ticket, an excerpt), for channels that can offer to copy them.
	Copy []string `json:"copy,omitempty"`
	// Replaces names an earlier row of the chat that is out of date once this one
	// has arrived; channels that can edit show its Text in its place.
	Replaces *Replacement `json:"replaces,omitempty"`
	// Excerpt is the code of an excerpt to cut and attach at sending time.
	Excerpt string `json:"excerpt,omitempty"`
	// Attachment is a text made by the desk, or a photo that came with a complaint.
	Attachment *Attachment `json:"attachment,omitempty"`
	// Ref names what the row is about ("excerpt:CODE", "ticket:ID"), so that a
	// quote of it is understood; with Report set, its arrival or final failure
	// comes back to the engine as a Delivered or Failed message; see [Hearer].
	Ref    string `json:"ref,omitempty"`
	Report bool   `json:"report,omitempty"`
	// Expires, when set, is when the row is no longer worth sending (a code).
	Expires time.Time `json:"expires,omitzero"`
}

// codeRef is the Send.Ref of a letter with a code: the chat that asked for it.
func codeRef(chat Address) string { return "code:" + string(chat) }

// Hearer is who is told how a row with Report ended: the chat that asked for a
// code, and else the address that the row was for.
func Hearer(ref string, to Address) Address {
	if chat, ok := strings.CutPrefix(ref, "code:"); ok {
		if a, err := ParseAddress(chat); err == nil {
			return a
		}
	}
	return to
}

// Withdraw takes the rows with a Ref that still wait out of the outbox, as if they
// had never been: nobody is told how they ended. Rows of the same turn stay.
type Withdraw struct{ Ref string }

// Replacement is what becomes of an earlier row: the one with Ref reads Text.
type Replacement struct {
	Ref  string `json:"ref"`
	Text string `json:"text"`
}

// Attachment is a small file sent along: its Data, or what Media refers to,
// fetched when it is sent, or a report or a chart, made when it is sent.
type Attachment struct {
	Name  string `json:"name"`
	MIME  string `json:"mime"`
	Data  []byte `json:"data,omitempty"`
	Media *Media `json:"media,omitempty"`
	// Report, when set, is the report that the file is of.
	Report *ReportOrder `json:"report,omitempty"`
	// Chart, when set, is the chart that the file is of, drawn when it is sent.
	Chart *ChartOrder `json:"chart,omitempty"`
}

// ReportOrder is all that is needed to write a report.
type ReportOrder struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Format string    `json:"format"` // "html", "xlsx" or "csv"
}

// CreateReader makes a reader and links the chat to them. The store adopts page
// sets kept under the same e-mail or card hash after an erasure. It conflicts
// ([ErrConflict]) when the number, or the e-mail hash, is already taken.
type CreateReader struct {
	Reader Reader
	Chat   Address
}

// UpdateReader saves changed profile fields of a reader (by ID).
type UpdateReader struct{ Reader Reader }

// LinkChat joins a chat to an existing reader. When the chat already belongs to
// another reader, the two become one: page sets are united, the rest is kept
// under Reader.
type LinkChat struct {
	Chat   Address
	Reader int64
}

// UnlinkChat takes a chat from its reader.
type UnlinkChat struct{ Chat Address }

// EraseReader removes everything personal of a reader from every table, keeping
// the keyed hashes with the page sets until Until.
type EraseReader struct {
	Reader int64
	Until  time.Time
	// Spare leaves the reader's confidential complaints as they are: whoever erases for
	// them, and is not they, would see which these are, and could make one disappear.
	Spare bool
}

// RecordCode remembers that a verification code was sent, to limit the next.
type RecordCode struct {
	EmailHash string
	At        time.Time
}

// SaveVisit inserts or updates a visit by its ID.
type SaveVisit struct{ Visit Visit }

// ReserveExcerpt records an excerpt and reserves its pages. It conflicts
// ([ErrConflict]) when the union with the pages already owned or reserved would
// pass [Limit] of the publication's pages, or when the code is taken.
type ReserveExcerpt struct{ Excerpt Excerpt }

// SetStrict says of a publication whether its excerpts are marked pictures alone. One
// that is gone is no conflict.
type SetStrict struct {
	Publication string
	Strict      bool
}

// SettleExcerpt ends a reservation: delivered (pages are owned for life) or
// failed (pages not owned through another excerpt are freed).
type SettleExcerpt struct {
	Code      string
	Delivered bool
	At        time.Time
}

// RecordRating keeps one rating of a visit. Of a second one for the visit only
// the comment is kept, when there was none, unless it mends the first.
type RecordRating struct{ Rating Rating }

// RecordSurvey counts the answers of one respondent of the SKM survey.
type RecordSurvey struct{ Survey Survey }

// RecordSearch keeps what was searched, without the person.
type RecordSearch struct{ Search SearchLog }

// OpenTicket inserts a ticket; it conflicts when the ID is taken. A ticket without
// text or category is an error: it would reach staff as an empty card.
type OpenTicket struct{ Ticket Ticket }

// UpdateTicket saves a ticket; it conflicts when Ticket.Version is not the
// stored one.
type UpdateTicket struct{ Ticket Ticket }

// AddPost appends one post to a ticket's thread.
type AddPost struct{ Post Post }

// OpenDoor lets a member of staff into the desk's page once. A door opened for them
// before is shut.
type OpenDoor struct{ Door Door }

// ShutDoors ends every door of a member of staff, and all they have opened with one:
// who is in is out.
type ShutDoors struct {
	Staff string // their name
	At    time.Time
}

// Audit appends a line to the audit table: who looked at or changed what.
type Audit struct{ Entry AuditEntry }

func (Send) effect()           {}
func (Withdraw) effect()       {}
func (CreateReader) effect()   {}
func (UpdateReader) effect()   {}
func (LinkChat) effect()       {}
func (UnlinkChat) effect()     {}
func (EraseReader) effect()    {}
func (RecordCode) effect()     {}
func (SaveVisit) effect()      {}
func (ReserveExcerpt) effect() {}
func (SettleExcerpt) effect()  {}
func (SetStrict) effect()      {}
func (RecordRating) effect()   {}
func (RecordSurvey) effect()   {}
func (RecordSearch) effect()   {}
func (OpenTicket) effect()     {}
func (UpdateTicket) effect()   {}
func (AddPost) effect()        {}
func (OpenDoor) effect()       {}
func (ShutDoors) effect()      {}
func (Audit) effect()          {}
