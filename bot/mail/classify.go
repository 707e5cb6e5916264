package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"pst/bot"
)

const (
	// greylist is the least wait after a temporary refusal: greylisting servers
	// count a try that comes too soon against the sender, most want minutes.
	greylist = time.Minute
	// misconfigured is the wait when an operator must mend something; servers
	// lock accounts after quick repeated log-ins.
	misconfigured = 5 * time.Minute
)

// classify answers the three questions of a failed sending. Its texts hold
// reply codes and the step, never an address or a server's own words.
func classify(ctx context.Context, err error) *bot.SendError {
	var ours *bot.SendError
	if errors.As(err, &ours) {
		return ours
	}
	var network net.Error
	if ctx.Err() != nil || errors.As(err, &network) && network.Timeout() {
		return down(errors.New("the mail server did not answer in time"))
	}
	var dial *dialError
	if errors.As(err, &dial) {
		return classifyDial(dial.err)
	}
	var refused *mail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() == 0 {
		return down(errors.New("the connection to the mail server broke"))
	}
	basic, enhanced := refused.ErrorCode(), refused.EnhancedStatusCode()
	cause := func(step string) error { return fmt.Errorf("%s refused: %s", step, code(basic, enhanced)) }
	temporary := basic < 500
	switch refused.Reason {
	case mail.ErrSMTPMailFrom:
		if temporary {
			return later(cause("sender"))
		}
		return operator(cause("sender"))
	case mail.ErrSMTPRcptTo:
		switch {
		case temporary:
			return later(cause("recipient"))
		case strings.HasPrefix(enhanced, "5.7."), basic == 530, basic == 554 && enhanced == "":
			// Policy: the server relays nothing for us, or trusts us not. Another
			// address of the reader would fare no better.
			return &bot.SendError{Blame: "desk", Err: cause("recipient, by the server's policy,")}
		}
		return &bot.SendError{Blame: "person", Err: cause("recipient")}
	}
	if temporary {
		return later(cause("letter"))
	}
	return &bot.SendError{Blame: "desk", Err: cause("letter")}
}

// classifyDial reads failures to connect, to agree on TLS and to log in.
func classifyDial(err error) *bot.SendError {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		enhanced := ""
		if word, _, _ := strings.Cut(reply.Msg, " "); strings.Count(word, ".") == 2 && strings.Trim(word, "0123456789.") == "" {
			enhanced = word
		}
		cause := errors.New("the mail server refused the connection: " + code(reply.Code, enhanced))
		switch {
		case reply.Code == 535, reply.Code == 534, reply.Code == 530, reply.Code == 538, strings.HasPrefix(enhanced, "5.7."):
			return operator(errors.New("the mail server refused the log-in: " + code(reply.Code, enhanced)))
		case reply.Code >= 500:
			return operator(cause)
		}
		return down(cause)
	}
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var hostname x509.HostnameError
	if errors.As(err, &certificate) || errors.As(err, &unknown) || errors.As(err, &hostname) {
		return operator(errors.New("the mail server's certificate is not trusted"))
	}
	for _, known := range []error{mail.ErrPlainAuthNotSupported, mail.ErrLoginAuthNotSupported, mail.ErrNoSupportedAuthDiscovered} {
		if errors.Is(err, known) {
			return operator(errors.New("the mail server offers no way to log in that is known here"))
		}
	}
	switch text := err.Error(); {
	case strings.Contains(text, "does not support STARTTLS"):
		return operator(errors.New("the mail server does not offer STARTTLS"))
	case strings.Contains(text, "does not support SMTP AUTH"):
		return operator(errors.New("the mail server offers no log-in"))
	}
	return down(errors.New("the mail server cannot be reached"))
}

// down is a server that is not there or not well: every letter waits for it.
func down(err error) *bot.SendError {
	return &bot.SendError{Retry: true, Whole: true, Blame: "platform", Err: err}
}

// later is a temporary refusal of this letter.
func later(err error) *bot.SendError {
	return &bot.SendError{Retry: true, After: greylist, Blame: "platform", Err: err}
}

// operator is something that only a person who looks after the desk can mend.
func operator(err error) *bot.SendError {
	return &bot.SendError{Retry: true, Whole: true, After: misconfigured, Blame: "desk", Err: err}
}
