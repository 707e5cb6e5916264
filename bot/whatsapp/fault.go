package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"

	"pst/bot"
)

// ErrNotYet says that the desk may not write to this person before they have
// written to it.
var ErrNotYet = errors.New("the desk may not write first; the person has to write to it once")

const (
	enrolWait  = 15 * time.Minute // before looking again whether somebody has written
	lockedWait = time.Hour        // after WhatsApp answered 463
)

// unavailable is the error of a letter that cannot leave in this state.
func (s Status) unavailable(now time.Time) *bot.SendError {
	e := &bot.SendError{Retry: true, Whole: true, Blame: "platform", Err: s.err()}
	switch s.State {
	case Stopped, Online, Connecting, Reconnecting: // stopped: just starting; online: it ended between two looks
		e.After = time.Second
	default:
		e.After = 15 * time.Second
	}
	if e.Err == nil {
		e.Err = ErrOffline
	}
	if left := s.Until.Sub(now); left > e.After {
		e.After = min(left, time.Minute) // the channel may be linked anew any time
	}
	return e
}

// fault tells of an error of whatsmeow what it means for the letter. Its texts
// hold addresses, so none is passed on as it is.
func (c *Channel) fault(ctx context.Context, err error) error {
	var known *bot.SendError
	var cut *whatsmeow.DisconnectedError
	retry := func(blame string, after time.Duration, cause error) error {
		return &bot.SendError{Retry: true, After: after, Blame: blame, Err: cause}
	}
	switch code := serverCode(err); {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return ctx.Err()
	case code == 463:
		return retry("platform", lockedWait, fmt.Errorf("%w (463)", ErrNotYet))
	case code == 479:
		return retry("desk", 30*time.Second, errors.New("WhatsApp found the message malformed (479)"))
	case code != 0:
		return retry("desk", 10*time.Second, fmt.Errorf("WhatsApp refused the message (%d)", code))
	case strings.Contains(err.Error(), "no LID found"):
		return &bot.SendError{Blame: "person", Err: fmt.Errorf("number is not on WhatsApp: %w", bot.ErrUnreachable)}
	case errors.Is(err, whatsmeow.ErrMessageTimedOut), errors.Is(err, whatsmeow.ErrIQTimedOut),
		errors.Is(err, context.DeadlineExceeded):
		return retry("platform", 5*time.Second, errors.New("WhatsApp did not acknowledge in time"))
	case errors.Is(err, errUpload):
		return retry("platform", 30*time.Second, err)
	case errors.Is(err, whatsmeow.ErrNotLoggedIn):
		return c.board.get().unavailable(c.cfg.Now())
	case errors.Is(err, whatsmeow.ErrNotConnected), errors.As(err, &cut):
		return Status{State: Reconnecting}.unavailable(c.cfg.Now())
	}
	return retry("platform", 10*time.Second, errors.New(redact(err)))
}

// serverCode is the number in an acknowledgement that says no. whatsmeow gives
// it only at the end of the text.
func serverCode(err error) int {
	if !errors.Is(err, whatsmeow.ErrServerReturnedError) {
		return 0
	}
	text := err.Error()
	code, convErr := strconv.Atoi(text[strings.LastIndexByte(text, ' ')+1:])
	if convErr != nil {
		return -1
	}
	return code
}
