package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"time"

	"pst/bot"
)

const (
	// greylist is the least wait after a temporary refusal: greylisting servers
	// count a try that comes too soon against the sender, most want minutes.
	greylist = time.Minute
	// misconfigured is the wait when an operator must mend something; servers
	// lock accounts after quick repeated log-ins.
	misconfigured = 5 * time.Minute
	// doubtful is the wait after a letter that was handed over whole and not
	// answered, doubled with each try: the server may have taken it.
	doubtful = 30 * time.Minute
)

// trouble is why a letter did not leave: for the operator, free of addresses and
// of the server's own words. hint says what to do.
type trouble struct {
	at         stage
	what, hint string
}

func (t *trouble) Error() string { return t.what }

// Hint says what an operator can do about an error of this package; "" when
// nothing is known.
func Hint(err error) string {
	var t *trouble
	if errors.As(err, &t) {
		return t.hint
	}
	return ""
}

// Where names the step of the dialogue at which an error of this package arose, as its
// words do: "connection", "log-in"; "" when that is not known.
func Where(err error) string {
	var t *trouble
	if errors.As(err, &t) {
		return stages[t.at].name
	}
	return ""
}

// stages names what the server refused, and where the mistake is then most often.
var stages = [...]struct{ name, hint string }{
	dialling: {"connection", "look at smtp.host and smtp.port, and whether a firewall lets this machine out"},
	greeting: {"connection (greeting)", "the server takes no mail from this machine: ask who looks after it"},
	hello:    {"greeting (EHLO)", "set smtp.helo to a name that the server accepts, the full name of this machine"},
	securing: {"TLS", "look at smtp.tls and smtp.port: starttls goes with 587, tls with 465, none with 25"},
	login:    {"log-in", "look at smtp.user and smtp.password; some providers want a password made for programs"},
	sender:   {"sender", "smtp.from must be an address that this account may send from"},
	recipient: {"recipient", "the server forwards no mail for us: set smtp.user and smtp.password, or have this machine " +
		"allowed"},
	data:  {"letter", "the server dislikes the letter itself: ask who looks after it, with the code"},
	dot:   {"letter", "the server dislikes the letter itself: ask who looks after it, with the code"},
	taken: {"parting", ""},
}

// classify answers the three questions of a failed sending: shall it be tried
// again, whose fault is it, what does the operator read. tries is how often the
// letter was tried before. What is the recipient's own is told at once and for
// good; everything else is the desk's or the server's, and tried again while the
// letter is worth it.
func (c *Channel) classify(ctx context.Context, tries int, err error) *bot.SendError {
	var ours *bot.SendError
	if errors.As(err, &ours) {
		return ours
	}
	s := &stopped{at: dialling, err: err}
	errors.As(err, &s)
	if s.at == dot {
		if _, answered := replyIn(s.err); !answered {
			f := down(s.at, "a letter was handed over whole and not answered",
				"the mail server is slow or ill: it may have taken the letter")
			f.After, f.Rest = doubtful<<min(tries, 6), time.Minute
			return f
		}
	}
	if r, ok := replyIn(s.err); ok {
		return c.refused(s, r)
	}
	return silentFault(ctx, s)
}

// silentFault reads what went wrong without a reply.
func silentFault(ctx context.Context, s *stopped) *bot.SendError {
	step := stages[s.at]
	var network net.Error
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var nonsense textproto.ProtocolError
	switch {
	case errors.Is(s.err, errEndless):
		return operator(s.at, "the mail server's answer does not end, at the "+step.name,
			"this is no mail server, or an ill one: look at smtp.host and smtp.port")
	case errors.As(s.err, &certificate):
		return operator(s.at, "the mail server's certificate is not trusted",
			"smtp.host must be the name in the certificate; name the office's own authority in smtp.ca_file")
	case errors.As(s.err, &record):
		return operator(s.at, "the mail server does not begin with TLS", step.hint)
	case errors.Is(s.err, errNoTLS):
		return operator(s.at, "the mail server does not offer STARTTLS, or refuses EHLO", step.hint+"; or set smtp.helo")
	case errors.Is(s.err, errNoLogin):
		return operator(s.at, "the mail server offers no way to log in that is known here (PLAIN, LOGIN, CRAM-MD5)",
			"a server of the office's own network may want none: leave smtp.user empty")
	case errors.Is(s.err, errNoUTF8):
		return &bot.SendError{Blame: "person", Err: &trouble{s.at,
			"the address needs SMTPUTF8, which the mail server does not have", "use an address without accents"}}
	case ctx.Err() != nil || errors.As(s.err, &network) && network.Timeout():
		return down(s.at, "the mail server did not answer in time, at the "+step.name, step.hint)
	case errors.As(s.err, &nonsense):
		return down(s.at, "what answers does not speak as a mail server, at the "+step.name, step.hint)
	case s.at == dialling:
		return down(s.at, "the mail server cannot be reached", step.hint)
	}
	return down(s.at, "the connection to the mail server broke, at the "+step.name, step.hint)
}

// refused reads a reply.
func (c *Channel) refused(s *stopped, r reply) *bot.SendError {
	step := stages[s.at]
	what := step.name + " refused: " + r.String()
	switch {
	case r.class() < 4:
		return operator(s.at, "the mail server answers out of turn, at the "+step.name+": "+r.String(),
			"this is no mail server, or an ill one")
	case r.code == 421, r.class() == 4 && (s.at < recipient || r.subject == 3):
		return down(s.at, "the mail server is not ready, at the "+step.name+": "+r.String(),
			"wait; when it stays so, ask who looks after the server")
	case r.class() == 4:
		return &bot.SendError{Retry: true, After: greylist, Blame: "platform",
			Err: &trouble{s.at, what, "the server puts the letter off (greylisting): it is tried again"}}
	case s.at < recipient:
		return operator(s.at, what, step.hint)
	case r.address(s.at), s.at == recipient && r.silent() && (s.others || c.relays.Swap(false)):
		return &bot.SendError{Blame: "person", Err: &trouble{s.at, what, "no letter can be brought to this address"}}
	}
	// The server's policy: it would treat the next letter like this one. Others are
	// tried all the same: it may be this address alone.
	hint := step.hint
	switch { // Postfix and others say only now what they dislike of earlier stages
	case r.subject == 5, r.code < 530:
		hint = stages[hello].hint
	case r.subject == 1:
		hint = stages[sender].hint
	}
	f := operator(s.at, what+", by the server's policy", hint)
	f.Rest = time.Second
	return f
}

// down is a server that is not there or not well: every letter waits for it.
func down(at stage, what, hint string) *bot.SendError {
	return &bot.SendError{Retry: true, Whole: true, Blame: "platform", Err: &trouble{at, what, hint}}
}

// operator is something that only a person who looks after the desk can mend.
func operator(at stage, what, hint string) *bot.SendError {
	return &bot.SendError{Retry: true, Whole: true, After: misconfigured, Blame: "desk", Err: &trouble{at, what, hint}}
}
