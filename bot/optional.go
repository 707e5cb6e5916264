package bot

import (
	"context"
	"io"
	"time"

	"pst/conversation"
)

// The interfaces below are extras that a [Channel] may have. The loops ask for
// them by type assertion and do without them.

// Pacer is a channel whose platform limits how fast letters may be sent.
type Pacer interface {
	// Pace is asked once, when the channel starts.
	Pace() Pace
}

// Pace is how fast letters may leave. The zero value is no limit.
type Pace struct {
	Each Rate // to one address
	All  Rate // to all addresses of the channel together
	// Minute is how many letters one address gets within a minute at most; 0 is
	// no limit.
	Minute int
	// Parallel is how many letters, each to another address, may be on their
	// way at a time; 0 leaves it to the loop.
	Parallel int
	// Send is the deadline of one sending; 0 leaves it to the loop.
	Send time.Duration
}

// Rate is a number of letters a second, and how many may leave at once after a
// pause. PerSecond 0 is no limit; a Burst below 1 counts as 1.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Typer is a channel that can show a person that the desk is at work.
type Typer interface {
	// Typing shows it for a few seconds. Upload says that a file is being made,
	// else the desk is "typing". The loop calls it again every four seconds, and
	// only while an excerpt is being cut for longer than one second. An error is
	// of no consequence.
	Typing(ctx context.Context, to conversation.Address, upload bool) error
}

// Editor is a channel that can change what a person has on the screen.
type Editor interface {
	// Edit makes the letter with this platform id read text, without buttons. A
	// letter that can no longer be changed is no error.
	Edit(ctx context.Context, to conversation.Address, platformID, text string) error
}

// Local is a channel that serves only some addresses of its scheme: a terminal
// is one person's. Rows of other addresses wait in the queues.
type Local interface {
	Addresses() []conversation.Address
}

// Healthy is a channel that knows whether its platform can be reached.
type Healthy interface {
	// Health is nil when letters can be sent now, else the reason for the
	// operator, free of secrets and personal data.
	Health() error
}

// Prober is a channel that can find out without a letter whether it could send
// one. It is asked while the last letter could not be sent and none is due.
type Prober interface {
	// Probe is nil when letters can be sent again, else as of Health.
	Probe(ctx context.Context) error
}

// Downloader is a channel that can fetch a file its people sent.
type Downloader interface {
	// Download writes the file behind a Media.Ref to w and returns its size in
	// bytes. The ref was made by the same channel.
	Download(ctx context.Context, ref string, w io.Writer) (int64, error)
}

// Receipts is told what a platform reports of letters sent earlier. The [Inbox]
// that a channel's Run gets from [Loops] is also a Receipts.
type Receipts interface {
	// Receipt notes that the letter was "delivered" or "read". A platform id
	// that is not known is no error.
	Receipt(ctx context.Context, to conversation.Address, platformID, status string, at time.Time) error
}

// Bounces is told of letters that came back after they had been taken. The [Inbox]
// that a channel's Run gets from [Loops] is also a Bounces.
type Bounces interface {
	// Bounced notes that the letter with this id of the platform's did not reach
	// anybody, as of [Outbox.MarkBounced].
	Bounced(ctx context.Context, platformID, why string) (ours bool, err error)
}

// CatchingUp is told that what people wrote while a channel was away is coming
// in. The [Inbox] that a channel's Run gets from [Loops] is also a CatchingUp.
type CatchingUp interface {
	// CatchUp lets messages wait in the inbox, for ten seconds at most, until
	// done is called: what came together is then answered together. Done may be
	// called more than once.
	CatchUp() (done func())
}

// Settler waits until everything put so far has been answered. The [Inbox]
// that a channel's Run gets from [Loops] is also a Settler.
type Settler interface {
	// Settle is [Desk.Settle].
	Settle(ctx context.Context) error
}
