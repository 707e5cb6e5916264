package mail

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/textproto"
	"regexp"
	"strings"
	"sync"

	"github.com/emersion/go-message"
)

// bounce is what a report says of a letter that reached nobody.
type bounce struct {
	letter string // the Message-ID of the letter, in its angle brackets
	status string // RFC 3463, such as 5.1.1; "" when there is none
}

// partsMost is how many parts of a report are looked at: RFC 3462 has three.
const partsMost = 10

var (
	letterID = lazily(`^<[A-Za-z0-9._-]{1,128}@[^<>@\s]{1,255}>$`)
	enhanced = regexp.MustCompile(`^[45]\.[0-9]{1,3}\.[0-9]{1,3}`)
)

// readBounce reads a delivery status notification (RFC 3464) that says that a letter
// failed for good, and returns whose it is. Known by structure alone, whoever sent
// it in whatever words; one that was cut short is read as far as it goes.
func readBounce(text []byte) (b bounce, ok bool) {
	report, err := message.Read(bytes.NewReader(text))
	if report == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return bounce{}, false
	}
	if kind, _, err := report.Header.ContentType(); err != nil || kind != "multipart/report" {
		return bounce{}, false
	}
	parts := report.MultipartReader()
	if parts == nil {
		return bounce{}, false
	}
	failed := false
	for range partsMost {
		part, err := parts.NextPart()
		if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			break
		}
		kind, _, _ := part.Header.ContentType()
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			b.status, failed = readStatus(part.Body)
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			// The first one: a letter may have letters inside.
			if b.letter == "" {
				b.letter = idOf(part.Body)
			}
		}
	}
	return b, failed && letterID().MatchString(b.letter)
}

// readStatus reads the groups of fields, the first of which is about the report
// itself and each other about a recipient; ours have one. Failed is true when a
// recipient's action is "failed": not "delayed", which may still arrive.
func readStatus(body io.Reader) (status string, failed bool) {
	r := textproto.NewReader(bufio.NewReader(io.LimitReader(body, reportBytes)))
	for {
		group, err := r.ReadMIMEHeader()
		action, _, _ := strings.Cut(group.Get("Action"), " ")
		if group.Get("Final-Recipient") != "" && strings.EqualFold(action, "failed") {
			return enhanced.FindString(strings.TrimSpace(group.Get("Status"))), true
		}
		if err != nil && (len(group) == 0 || errors.Is(err, io.EOF)) {
			return "", false
		}
	}
}

// idOf is the Message-ID in the head of a letter, "" when there is none.
func idOf(letter io.Reader) string {
	head, _ := textproto.NewReader(bufio.NewReader(io.LimitReader(letter, reportBytes))).ReadMIMEHeader()
	return strings.TrimSpace(head.Get("Message-Id"))
}

// lazily is a pattern that is made when it is first used: the bounds in it make it large.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
