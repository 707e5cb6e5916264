package mail

import (
	"bytes"
	"errors"
	netmail "net/mail"
	"strings"

	"github.com/wneessen/go-mail"

	"pst/bot"
)

// compose makes the message. Nothing that a person wrote can reach a header
// but as the text of the subject.
func (c *Channel) compose(l bot.Letter) (*mail.Msg, *parcel, error) {
	rest := l.Send.To.Rest()
	to, err := netmail.ParseAddress(rest)
	if err != nil || to.Name != "" || to.Address != rest {
		return nil, nil, &bot.SendError{Blame: "person", Err: errors.New("the recipient is not an e-mail address")}
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(c.from)
	msg.ToMailAddress(to)
	if c.replyTo != nil {
		msg.ReplyToMailAddress(c.replyTo)
	}
	msg.Subject(bot.Plain(oneLine(l.Send.Subject)))
	msg.SetDateWithValue(c.now())
	msg.SetMessageIDWithValue(idSafe(l.Key) + "@" + domainOf(c.from.Address))
	// Asks answering machines for silence (RFC 3834, section 5).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, bot.Plain(l.Send.Text))
	if f := l.File; f != nil {
		err := msg.AttachReader(oneLine(f.Name), bytes.NewReader(f.Data),
			mail.WithFileContentType(mail.ContentType(oneLine(f.MIME))))
		if err != nil {
			return nil, nil, &bot.SendError{Blame: "desk", Err: errors.New("the attachment cannot be read")}
		}
	}
	return msg, &parcel{to: rest, body: msg, utf8: !ascii(rest) || !ascii(c.from.Address)}, nil
}

func ascii(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 0x7e }) < 0 }

// oneLine makes control characters spaces.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}

// idSafe keeps what may stand in the left part of a Message-ID.
func idSafe(key string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, key)
}
