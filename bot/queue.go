package bot

import (
	"context"
	"time"

	"pst/conversation"
)

// Turner takes the waiting messages of one chat, in their order, through the
// engine: load, step each, commit; what is said comes after the last. A nil
// error means that all are done (now or earlier); any other error that those
// up to some message are done, and it and the rest wait unchanged.
type Turner interface {
	Take(ctx context.Context, ms ...conversation.Message) error
}

// Queue is the durable inbox as the receive loop sees it.
//
// The lists of Queue and [Outbox] are narrowed by among: schemes ("telegram")
// and single addresses ("terminal:ani"). A row belongs to the list when its
// scheme or its whole address is among them.
//
// Put makes a letter due that waits long (a minute or more) for the chat that
// writes, unless it waits for its excerpt or because the platform asked for
// that: whoever writes can be reached.
type Queue interface {
	Inbox
	// Waiting lists messages not yet handled, in order of arrival, leaving out
	// the addresses named in except.
	Waiting(ctx context.Context, among []string, except []conversation.Address, limit int) ([]conversation.Message, error)
	// Quarantine sets a message aside whose turn fails whenever it is taken,
	// with the cause; the chat goes on with the next one. What the person is
	// told of it enters the outbox in the same transaction.
	Quarantine(ctx context.Context, m conversation.Message, why string, tell ...conversation.Send) error
	// Sweep puts an Expired message into the inbox for every session past its
	// deadline, and a Due message for every ticket past its next reminder. It
	// returns how many it put. Calling it again changes nothing until they are handled.
	Sweep(ctx context.Context, now time.Time) (int, error)
}

// Sent is what is known of a letter that arrived.
type Sent = conversation.Sent

// Outbox is the durable outbox as the deliver loop sees it.
type Outbox interface {
	// Out lists rows to be sent (a row's Send.Ref among those given will do as well): of each address only the oldest row
	// not yet
	// sent, and only when it is due, longest due first; the addresses named in
	// except are left out. Rows past Send.Expires are dropped on the way.
	Out(ctx context.Context, among []string, except []conversation.Address, now time.Time,
		limit int) ([]conversation.Delivery, error)
	// MarkSent ends a row; with Send.Report a Delivered message enters the inbox
	// in the same transaction.
	MarkSent(ctx context.Context, id int64, s Sent) error
	// MarkLater counts a try and sets when the next is due; kept means that the
	// person's writing does not make it due earlier. With Send.Report a Delayed
	// message enters the inbox after the first try, when the next is far off.
	MarkLater(ctx context.Context, id int64, due time.Time, why string, kept bool) error
	// Enqueue puts letters of the desk's own into the outbox, due at once.
	Enqueue(ctx context.Context, sends ...conversation.Send) error
	// MarkFailed ends a row for good; with Send.Report a Failed message enters
	// the inbox in the same transaction.
	MarkFailed(ctx context.Context, id int64, at time.Time, why string) error
	// MarkBounced makes a row that was sent by mail one that failed for good, as
	// MarkFailed does with one that waits. It tells whether there is such a row; one
	// that has bounced already changes nothing.
	MarkBounced(ctx context.Context, platformID, why string) (ours bool, err error)
	// Placed is the platform's id of the newest letter sent to an address with
	// this Send.Ref; conversation.ErrNotFound, wrapped, when there is none.
	Placed(ctx context.Context, to conversation.Address, ref string) (platformID string, err error)
	// MarkReceipt notes that the platform reported the message delivered or
	// read. A platform id that is not known is no error.
	MarkReceipt(ctx context.Context, to conversation.Address, platformID, status string, at time.Time) error
}

// Sheets makes files of the tables and numbers of publications.
type Sheets interface {
	// Table writes the table of an order in the format that it names. The same order
	// gives the same file.
	Table(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error)
	// Chart draws a PNG.
	Chart(ctx context.Context, o conversation.ChartOrder) ([]byte, error)
}

// Reports writes reports.
type Reports interface {
	// Report writes the report ordered as a file, of what is known at that moment.
	// ctx's errors pass through.
	Report(ctx context.Context, o conversation.ReportOrder) ([]byte, error)
}

// Holdings cuts excerpts.
type Holdings interface {
	// Excerpt cuts the pages ordered and marks each. The same order gives the
	// same pages and mark. Errors wrap conversation.ErrNotFound when the file is
	// not held; ctx's errors pass through; other errors mean this file cannot be cut.
	Excerpt(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error)
	// Preview makes a marked picture of the one page ordered; errors as of Excerpt.
	Preview(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error)
}
