package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"unicode/utf8"

	"pst/conversation"
)

// lack says what a value has not that every one of its kind has. It quotes nothing
// of the value.
type lack string

func (l lack) Error() string { return string(l) }

// decode reads a value of a kind from its JSON. A value may open and be JSON and still
// be none of its kind: written by a program of another day, or damaged before it was
// sealed. What is then missing is a [lack]. A field that this program does not know is
// none: older programs had others.
func decode(row string, plain []byte, v any) error {
	if err := json.Unmarshal(plain, v); err != nil {
		return err
	}
	if reflect.ValueOf(v).Elem().IsZero() && string(plain) != "{}" {
		return lack("it holds nothing of its kind")
	}
	switch v := v.(type) {
	case *conversation.Message:
		return missing(v.ID != "", "a message's number", addressed(v.From), "a sender", v.Kind != "", "a kind")
	case *conversation.Send:
		something := v.Text != "" || v.Excerpt != "" || v.Attachment != nil
		return missing(addressed(v.To), "an address", something, "something to send")
	case *conversation.Reader:
		own := v.ID == 0 || strconv.FormatInt(v.ID, 10) == row
		return missing(v.Number != "", "a reader's number", own, "its own number")
	case *conversation.Ticket: // one that was emptied keeps no more
		return missing(v.ID == row, "its own number", v.State != "", "a state")
	case *conversation.Visit:
		return missing(v.ID == row, "its own number", !v.OpenedAt.IsZero(), "a beginning")
	case *privateExcerpt:
		return missing(len(v.Mark.Lines) > 0, "a mark", v.FileName != "", "a file name")
	case *conversation.Wish:
		return missing(v.Words != "" || v.Publication != "", "something wished for")
	case *conversation.Publication:
		return missing(v.ID == row, "its own number", v.Title != "", "a title")
	}
	return nil
}

// missing takes pairs of whether something is there and what it is.
func missing(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		if !pairs[i].(bool) {
			return lack("it lacks " + pairs[i+1].(string))
		}
	}
	return nil
}

func addressed(a conversation.Address) bool {
	_, err := conversation.ParseAddress(string(a))
	return err == nil
}

// errFormat: the first byte of a value is that of a program to come, or of none.
var errFormat = fmt.Errorf("%w: its format is not known", ErrSecret)

// reason is what is kept and told of a value that is not whole. An error of
// encoding/json could quote what somebody wrote.
func reason(err error) string {
	var l lack
	switch {
	case errors.Is(err, errFormat):
		return "cannot be opened: its format is not known"
	case errors.Is(err, ErrSecret), errors.Is(err, errEmpty):
		return "cannot be opened"
	case errors.As(err, &l):
		return "cannot be read: " + string(l)
	}
	return "cannot be read"
}

// wholeText tells whether a value that is no JSON is what people write.
func wholeText(plain []byte) error {
	return missing(utf8.Valid(plain), "letters")
}
