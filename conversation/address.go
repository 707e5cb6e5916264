package conversation

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// Address is where a person, a staff member or a part of the desk can be
// reached: a scheme and an opaque part, such as "telegram:3527065". It is not
// a person: one reader may have several.
type Address string

// The schemes an Address may have.
const (
	Telegram = "telegram" // the chat's numeric id
	WhatsApp = "whatsapp" // "62…@s.whatsapp.net" or "…@lid", without device
	Terminal = "terminal" // a name given with `pst talk -as`
	Mail     = "mailto"   // an e-mail address
	Web      = "web"      // a member of staff at the desk's page in a browser; see [Staff.Web]
	Desk     = "desk"     // the desk's own clock: a ticket id; never a person
)

// ErrAddress is returned by [ParseAddress] for text that is no address.
var ErrAddress = errors.New("address must be scheme:rest with a known scheme")

// ParseAddress reads "scheme:rest". It returns [ErrAddress] for an unknown
// scheme, an empty rest, more than 200 bytes, or control characters and spaces.
func ParseAddress(s string) (Address, error) {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || len(s) > 200 {
		return "", fmt.Errorf("parse address: %w", ErrAddress)
	}
	switch scheme {
	case Telegram, WhatsApp, Terminal, Mail, Web, Desk:
	default:
		return "", fmt.Errorf("parse address: %w", ErrAddress)
	}
	if strings.ContainsFunc(rest, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xfffd }) {
		return "", fmt.Errorf("parse address: %w", ErrAddress)
	}
	return Address(s), nil
}

// Scheme is the part before the first colon.
func (a Address) Scheme() string { s, _, _ := strings.Cut(string(a), ":"); return s }

// Rest is the part after the first colon.
func (a Address) Rest() string { _, r, _ := strings.Cut(string(a), ":"); return r }

// Masked shows the scheme and the last three characters only, enough to tell
// two chats apart in a log and too little to find the person.
// The letters of an e-mail address are often a name: it is told apart by a digest. Who
// of the staff did something at the page is to be known, and is named.
func (a Address) Masked() string {
	if a.Scheme() == Web {
		if name, err := url.PathUnescape(string(a)); err == nil {
			return name
		}
	}
	return a.masked()
}

func (a Address) masked() string {
	r := a.Rest()
	if a.Scheme() == Mail {
		return Mail + ":***" + digest(r)[:3]
	}
	if at := strings.IndexByte(r, '@'); at > 0 {
		r = r[:at]
	}
	if n := len(r); n > 3 {
		r = r[n-3:]
	}
	return a.Scheme() + ":***" + r
}

// LogValue keeps personal addresses out of the logs.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.masked()) }
