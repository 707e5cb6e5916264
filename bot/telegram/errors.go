package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pst/bot"
)

// Error is a call that failed. It never holds the token or a person's words.
type Error struct {
	Method string
	// Code is Telegram's error_code, or the HTTP status of an answer that was
	// not Telegram's; 0 when there was no answer.
	Code        int
	Description string
	RetryAfter  time.Duration
	// Accepted says that Telegram did what was asked and only its answer could
	// not be read: trying again would do it twice.
	Accepted bool
	Err      error // what the network said
	// unread is an answer of Telegram's that could not be read, as far as it came.
	unread []byte
}

func (e *Error) Error() string {
	switch {
	case e.Accepted:
		return fmt.Sprintf("%s: done, but the answer was cut off", e.Method)
	case e.Err != nil:
		return fmt.Sprintf("%s: %v", e.Method, e.Err)
	case e.Description == "":
		return fmt.Sprintf("%s: HTTP %d", e.Method, e.Code)
	}
	return fmt.Sprintf("%s: %d %s", e.Method, e.Code, e.Description)
}

func (e *Error) Unwrap() error { return e.Err }

// refused tells whether Telegram answered 400 with a description that holds one
// of the texts.
func refused(err error, texts ...string) bool {
	var e *Error
	if !errors.As(err, &e) || e.Code != http.StatusBadRequest {
		return false
	}
	for _, t := range texts {
		if strings.Contains(e.Description, t) {
			return true
		}
	}
	return false
}

// badToken tells whether Telegram does not know the token: 401, or 404 for one
// that it cannot even read.
func badToken(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound) &&
		e.Description != ""
}

// malformed tells whether Telegram refused what was to be sent, not who was to
// get it: the same letter may pass in a plainer form.
func malformed(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Description != "" && e.RetryAfter == 0 && !gone(err) &&
		e.Code == http.StatusBadRequest
}

// gone tells whether Telegram says that there is nobody to be reached.
func gone(err error) bool {
	return refused(err, "chat not found", "user is deactivated", "PEER_ID_INVALID", "user not found", "USER_IS_BLOCKED")
}

// tokenPause is how long letters rest when the token is refused: nothing
// changes before somebody sets another one.
const tokenPause = 5 * time.Minute

// fault turns the failure of a sending to a chat into the answer to the three
// questions.
func (c *Channel) fault(chat int64, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err // ctx's own
	}
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	f := &bot.SendError{Blame: "platform", Retry: true, Err: e}
	switch {
	case e.Code == http.StatusRequestEntityTooLarge: // of a proxy, too: it will not shrink
		f.Retry, f.Blame = false, "desk"
	case e.RetryAfter > 0 || e.Code == http.StatusTooManyRequests:
		f.After, f.Kept = e.RetryAfter, true
		f.Rest, f.Whole = c.flood.bots(chat, c.cfg.Now(), e.RetryAfter)
	case e.Description == "":
		// not Telegram's answer, whatever its number
	case badToken(err):
		// Not our letter's fault: it waits as for a platform that is down.
		f.After, f.Whole = tokenPause, true
	case e.Code == http.StatusForbidden && e.Description != "", gone(err):
		f.Retry, f.Blame = false, "person"
		f.Err = fmt.Errorf("%w: %w", bot.ErrUnreachable, e)
	case e.Code >= 400 && e.Code < 500:
		f.Retry, f.Blame = false, "desk"
	}
	return f
}
