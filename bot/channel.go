package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pst/conversation"
)

// Inbox accepts what a channel received.
type Inbox interface {
	// Put makes the messages durable, all or none, before it returns. A message
	// already there (same From and ID) is accepted and changes nothing. Internal
	// kinds are refused with an error.
	Put(ctx context.Context, ms ...conversation.Message) error
}

// Channel carries messages to and from the people of one address scheme.
type Channel interface {
	// Scheme is the scheme of the addresses it serves.
	Scheme() string
	// Run receives until ctx ends, putting each message into the inbox before
	// it acknowledges it to the platform. It survives a platform that is down;
	// it returns an error only when going on is pointless (a refused token).
	Run(ctx context.Context, in Inbox) error
	// Send delivers one letter and returns the platform's id for it. Errors are
	// *SendError, or ctx's. It is called for one letter of an address at a time.
	Send(ctx context.Context, l Letter) (id string, err error)
}

// Letter is one outbox row, rendered: what a channel has to send.
type Letter struct {
	Key     string // same over every try: usable as the platform's message id
	Send    conversation.Send
	File    *File // the excerpt or attachment, read and ready
	Attempt int
}

// File is a document or picture to send along.
type File struct {
	Name   string
	MIME   string
	Data   []byte
	Pages  int // of a PDF; 0 for other files
	SHA256 string
}

// SendError answers the three questions of a failed sending: shall it be tried
// again, whose fault is it, and what does the operator read.
type SendError struct {
	// Retry is false when no later try can succeed.
	Retry bool
	// After is the least time to wait before the next try; 0 leaves it to the loop.
	After time.Duration
	// Kept means that the platform itself asked for the wait: it is kept also
	// when the person writes meanwhile.
	Kept bool
	// Whole means that no address of the channel can be sent to now.
	Whole bool
	// Rest is how long the whole channel rests, with Whole; 0 is as long as this
	// letter waits.
	Rest time.Duration
	// Blame is "person" (blocked us, no such number), "platform" (down, too many
	// requests) or "desk" (our request is wrong).
	Blame string
	// Err is the cause for the operator, free of secrets and personal data.
	Err error
}

func (e *SendError) Error() string { return fmt.Sprintf("send (%s): %v", e.Blame, e.Err) }
func (e *SendError) Unwrap() error { return e.Err }

// ErrUnreachable says, wrapped in a SendError, that the person cannot be
// reached at this address until they write again (blocked, deleted account).
var ErrUnreachable = errors.New("address cannot be reached")
