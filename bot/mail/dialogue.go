package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// stage is how far a dialogue with the server has come.
type stage int

const (
	dialling stage = iota
	greeting
	hello
	securing
	login
	sender
	recipient
	data // the command; then the letter's own lines
	dot  // the letter is whole: from here on the server may have taken it
	taken
)

// waits are how long the server may take at each stage: RFC 5321, section
// 4.5.3.2. Who waits less for the dot gets several copies delivered.
var waits = [...]time.Duration{
	dialling: 30 * time.Second, greeting: 5 * time.Minute, hello: 5 * time.Minute, securing: time.Minute,
	login:  5 * time.Minute,
	sender: 5 * time.Minute, recipient: 5 * time.Minute, data: 3 * time.Minute, dot: 10 * time.Minute,
	taken: 5 * time.Second,
}

// stopped is a dialogue that ended before the letter was taken.
type stopped struct {
	at  stage
	err error
	// others is set with a recipient refused without a reason: whether another
	// mailbox of the domain would have been accepted.
	others bool
}

func (s *stopped) Error() string { return fmt.Sprintf("stage %d: %v", s.at, s.err) }
func (s *stopped) Unwrap() error { return s.err }

// Faults of the settings or the server that are no reply.
var (
	errNoTLS   = errors.New("no STARTTLS")
	errNoLogin = errors.New("no log-in")
	errNoUTF8  = errors.New("no SMTPUTF8")
)

// parcel is a letter ready to go.
type parcel struct {
	to   string
	body io.WriterTo
	utf8 bool // an address needs SMTPUTF8
}

// transmit brings a parcel to the server, or only logs in there without one. It
// tells passed each stage it has left behind. Its error is a *stopped.
func (c *Channel) transmit(ctx context.Context, p *parcel, passed func(stage, string)) error {
	d := &dialogue{c: c, passed: passed}
	err := d.run(ctx, p)
	// refused, and still there
	if _, answered := replyIn(err); answered && d.client != nil && d.line.expect(c.waits[taken]) == nil {
		_ = d.client.Quit()
	}
	if d.line != nil {
		_ = d.line.Close()
	}
	if err == nil || d.at == taken { // how the server parts is its own affair
		return nil
	}
	var s *stopped
	if errors.As(err, &s) {
		return s
	}
	return &stopped{at: d.at, err: err}
}

// dialogue is one connection to the server.
type dialogue struct {
	c      *Channel
	at     stage
	line   *line
	client *smtp.Client
	passed func(stage, string)
}

func (d *dialogue) enter(at stage) error {
	d.at = at
	return d.line.expect(d.c.waits[at])
}

func (d *dialogue) run(ctx context.Context, p *parcel) error {
	if err := d.connect(ctx); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = d.line.Close() })
	defer stop()
	if err := d.enterHouse(); err != nil {
		return err
	}
	if p != nil {
		if err := d.hand(p); err != nil {
			return err
		}
	}
	if err := d.enter(taken); err != nil {
		return err
	}
	return d.client.Quit()
}

// connect dials and, in mode TLS, secures the connection; then hears the greeting.
func (d *dialogue) connect(ctx context.Context) error {
	c := d.c
	dialer := net.Dialer{Timeout: c.waits[dialling]}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(c.cfg.Host, strconv.Itoa(c.cfg.Port)))
	if err != nil {
		return err
	}
	d.line = &line{Conn: conn}
	d.passed(dialling, conn.RemoteAddr().String())
	spoken := net.Conn(d.line)
	if c.cfg.TLS == TLS {
		if err := d.enter(securing); err != nil {
			return err
		}
		secured := tls.Client(d.line, c.tls)
		if err := secured.HandshakeContext(ctx); err != nil {
			return err
		}
		spoken = secured
		d.passed(securing, tls.VersionName(secured.ConnectionState().Version))
	}
	if err := d.enter(greeting); err != nil {
		return err
	}
	if d.client, err = smtp.NewClient(spoken, c.cfg.Host); err != nil {
		return err
	}
	d.passed(greeting, "")
	return nil
}

// enterHouse says who we are, turns to TLS and logs in.
func (d *dialogue) enterHouse() error {
	c := d.c
	if err := d.enter(hello); err != nil {
		return err
	}
	if err := d.client.Hello(c.cfg.Helo); err != nil {
		return err
	}
	d.passed(hello, c.cfg.Helo)
	if c.cfg.TLS == StartTLS {
		if err := d.enter(securing); err != nil {
			return err
		}
		if ok, _ := d.client.Extension("STARTTLS"); !ok {
			return errNoTLS
		}
		if err := d.client.StartTLS(c.tls); err != nil {
			return err
		}
		state, _ := d.client.TLSConnectionState()
		d.passed(securing, tls.VersionName(state.Version))
	}
	if c.cfg.User == "" {
		return nil
	}
	if err := d.enter(login); err != nil {
		return err
	}
	way := c.way(d.client)
	if way == nil {
		return errNoLogin
	}
	if err := d.client.Auth(way); err != nil {
		return err
	}
	d.passed(login, c.cfg.User)
	return nil
}

// way is how to log in at this server; nil when it offers none that is known here.
// New has seen to it that no password goes in clear to another machine.
func (c *Channel) way(client *smtp.Client) smtp.Auth {
	_, offered := client.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	switch {
	case slices.Contains(ways, "PLAIN"):
		return smtp.PlainAuth("", c.cfg.User, c.cfg.Password, c.cfg.Host, true)
	case slices.Contains(ways, "LOGIN"):
		return smtp.LoginAuth(c.cfg.User, c.cfg.Password, c.cfg.Host, true)
	case slices.Contains(ways, "CRAM-MD5"):
		return smtp.CRAMMD5Auth(c.cfg.User, c.cfg.Password)
	}
	return nil
}

// hand hands the letter over.
func (d *dialogue) hand(p *parcel) error {
	if err := d.enter(sender); err != nil {
		return err
	}
	if ok, _ := d.client.Extension("SMTPUTF8"); p.utf8 && !ok {
		return errNoUTF8
	}
	d.client.SkipSMTPUTF8(!p.utf8)
	if err := d.client.Mail("<" + d.c.from.Address + ">"); err != nil {
		return err
	}
	d.passed(sender, d.c.from.Address)
	if err := d.enter(recipient); err != nil {
		return err
	}
	if err := d.client.Rcpt("<" + p.to + ">"); err != nil {
		s := &stopped{at: recipient, err: err}
		if r, ok := replyIn(err); ok && r.silent() {
			s.others = d.accepts("postmaster@" + domainOf(p.to))
		}
		return s
	}
	d.passed(recipient, "")
	if err := d.enter(data); err != nil {
		return err
	}
	w, err := d.client.Data()
	if err != nil {
		return err
	}
	if _, err := p.body.WriteTo(w); err != nil {
		return err
	}
	if err := d.enter(dot); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	d.at = taken
	d.passed(dot, "")
	return nil
}

// accepts asks whether the server would take a letter to this mailbox, and sends
// none: postmaster is there at every domain (RFC 5321, section 4.5.1), so a server
// that refuses it as well refuses the domain, or us. An answer for now alone shows
// that the domain is no obstacle.
func (d *dialogue) accepts(mailbox string) bool {
	if d.enter(recipient) != nil {
		return false
	}
	err := d.client.Rcpt("<" + mailbox + ">")
	r, ok := replyIn(err)
	return err == nil || ok && r.class() == 4 && r.code != 421
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// reply is what a server answered: the basic code and the enhanced one of RFC
// 3463, class.subject.detail, where it gave one. Its words are left out: they often
// quote the address.
type reply struct {
	code            int
	subject, detail int // -1 without an enhanced code
}

// replyIn finds the server's reply in an error of the dialogue.
func replyIn(err error) (reply, bool) {
	var e *textproto.Error
	if !errors.As(err, &e) {
		return reply{}, false
	}
	r := reply{e.Code, -1, -1}
	first := strings.FieldsFunc(e.Msg, func(c rune) bool { return c <= ' ' })
	if len(first) == 0 {
		return r, true
	}
	parts := strings.Split(strings.TrimRight(first[0], ":;,"), ".")
	if len(parts) != 3 || parts[0] != strconv.Itoa(r.class()) {
		return r, true
	}
	subject, errSubject := strconv.ParseUint(parts[1], 10, 10)
	detail, errDetail := strconv.ParseUint(parts[2], 10, 10)
	if errSubject == nil && errDetail == nil {
		r.subject, r.detail = int(subject), int(detail)
	}
	return r, true
}

func (r reply) class() int { return r.code / 100 }

// silent tells whether a refusal gives no reason: no enhanced code, or the one
// that says "other".
func (r reply) silent() bool { return r.class() == 5 && r.subject <= 0 && !r.address(recipient) }

// address tells whether it is the recipient's address that is refused for good,
// whoever sends: RFC 3463, sections 3.2 to 3.5, and the basic codes of RFC 5321,
// section 4.2.3 and RFC 7504 that mean nothing else in answer to RCPT.
func (r reply) address(at stage) bool {
	if r.class() != 5 || at < recipient {
		return false
	}
	switch r.subject {
	case 1: // addressing, but X.1.7 and X.1.8, which are about the sender's
		return r.detail != 7 && r.detail != 8
	case 2: // the mailbox, but X.2.3: the letter is too long for it
		return r.detail != 3
	case 4: // the way to its domain
		return true
	case -1:
		return at == recipient && (r.code == 551 || r.code == 552 || r.code == 553 || r.code == 556)
	}
	return false
}

func (r reply) String() string {
	if r.subject < 0 {
		return strconv.Itoa(r.code)
	}
	return fmt.Sprintf("%d %d.%d.%d", r.code, r.class(), r.subject, r.detail)
}
