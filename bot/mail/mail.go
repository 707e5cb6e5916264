// Package mail is the mailto: channel: it brings letters out by SMTP and
// receives nothing.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"pst/bot"
	"pst/conversation"
)

// How the connection to the server is protected.
const (
	StartTLS = "starttls" // begins plain and must turn to TLS; usually port 587
	TLS      = "tls"      // TLS from the first byte; usually port 465
	None     = "none"     // plain: only for a server on the same machine or network
)

// Config says how mail leaves the house.
type Config struct {
	Host     string
	Port     int    // 0: 587, 465 or 25 by TLS
	TLS      string // StartTLS when empty
	User     string // empty: the server asks for no password
	Password string
	From     string        // "PST BPS Kabupaten Belitung Timur <pst@example.org>"
	Timeout  time.Duration // for one letter from dialling to the last answer; 1 min when 0
	// Roots are the authorities trusted; nil trusts those of the machine.
	Roots *x509.CertPool
}

// Channel sends mail. It is safe for concurrent use.
type Channel struct {
	cfg  Config
	from *netmail.Address
	tls  *tls.Config
	now  func() time.Time
}

var (
	_ bot.Channel = (*Channel)(nil)
	_ bot.Pacer   = (*Channel)(nil)
)

// New checks the configuration; it does not connect.
func New(cfg Config, now func() time.Time) (*Channel, error) {
	from, err := netmail.ParseAddress(cfg.From)
	if err != nil {
		return nil, errors.New("mail: the sender is not an e-mail address")
	}
	if cfg.Host == "" {
		return nil, errors.New("mail: no server is configured")
	}
	ports := map[string]int{StartTLS: 587, TLS: 465, None: 25}
	if cfg.TLS == "" {
		cfg.TLS = StartTLS
	}
	port, known := ports[cfg.TLS]
	if !known {
		return nil, fmt.Errorf("mail: tls must be %q, %q or %q", StartTLS, TLS, None)
	}
	if cfg.Port == 0 {
		cfg.Port = port
	}
	if cfg.Port < 1 || cfg.Port > 65535 {
		return nil, errors.New("mail: the port must be from 1 to 65535")
	}
	if cfg.TLS == None && cfg.User != "" && !loopback(cfg.Host) {
		return nil, errors.New("mail: a password may not be sent without tls to another machine")
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = time.Minute
	}
	c := &Channel{cfg: cfg, from: from, now: now}
	c.tls = &tls.Config{ServerName: cfg.Host, RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12}
	return c, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Scheme implements bot.Channel.
func (c *Channel) Scheme() string { return conversation.Mail }

// Run implements bot.Channel: no mail is received.
func (c *Channel) Run(ctx context.Context, _ bot.Inbox) error {
	<-ctx.Done()
	return nil
}

// Pace implements bot.Pacer. Free relays allow a few hundred letters a day;
// the desk sends a handful, and this keeps a mistake from becoming a flood.
func (c *Channel) Pace() bot.Pace {
	return bot.Pace{
		Each:     bot.Rate{PerSecond: 0.2, Burst: 3},
		All:      bot.Rate{PerSecond: 2, Burst: 10},
		Parallel: 2,
	}
}

// Send implements bot.Channel. The id returned is the letter's Message-ID, the
// same over every try, by which mail programs know a repeated letter.
func (c *Channel) Send(ctx context.Context, l bot.Letter) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	msg, err := c.compose(l)
	if err != nil {
		return "", err
	}
	if err := c.transmit(ctx, msg); err != nil && !msg.IsDelivered() {
		return "", classify(ctx, err)
	}
	return msg.GetMessageID(), nil
}

// compose makes the message. Nothing that a person wrote can reach a header
// but as the text of the subject.
func (c *Channel) compose(l bot.Letter) (*mail.Msg, error) {
	rest := l.Send.To.Rest()
	to, err := netmail.ParseAddress(rest)
	if err != nil || to.Name != "" || to.Address != rest {
		return nil, &bot.SendError{Blame: "person", Err: errors.New("the recipient is not an e-mail address")}
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(c.from)
	msg.ToMailAddress(to)
	msg.Subject(oneLine(l.Send.Subject))
	msg.SetDateWithValue(c.now())
	_, domain, _ := strings.Cut(c.from.Address, "@")
	msg.SetMessageIDWithValue(idSafe(l.Key) + "@" + domain)
	// Asks answering machines for silence (RFC 3834, section 5).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, l.Send.Text)
	if f := l.File; f != nil {
		err := msg.AttachReader(oneLine(f.Name), bytes.NewReader(f.Data), mail.WithFileContentType(mail.ContentType(oneLine(f.MIME))))
		if err != nil {
			return nil, &bot.SendError{Blame: "desk", Err: errors.New("the attachment cannot be read")}
		}
	}
	return msg, nil
}

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

// Check connects to the server and logs in, as before a letter, and sends none.
// Its error names the cause for the operator, without the password.
func (c *Channel) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, min(c.cfg.Timeout, checkTime))
	defer cancel()
	if err := c.transmit(ctx, nil); err != nil {
		return classify(ctx, err)
	}
	return nil
}

// checkTime is how long a server may take to answer a check.
const checkTime = 20 * time.Second

// transmit brings one message to the server, or only logs in there without one. The library heeds a context only
// while it dials, so the connection is ours, and closed when ctx ends.
func (c *Channel) transmit(ctx context.Context, msg *mail.Msg) error {
	var conn net.Conn
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		var err error
		if c.cfg.TLS == TLS {
			conn, err = (&tls.Dialer{Config: c.tls}).DialContext(ctx, network, address)
		} else {
			conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
		}
		return conn, err
	}
	options := []mail.Option{
		mail.WithPort(c.cfg.Port), mail.WithTimeout(c.cfg.Timeout),
		mail.WithTLSConfig(c.tls), mail.WithDialContextFunc(dial),
	}
	switch c.cfg.TLS {
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case TLS:
		options = append(options, mail.WithSSL())
	case None:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if c.cfg.User != "" {
		options = append(options, mail.WithUsername(c.cfg.User), mail.WithPassword(c.cfg.Password),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthCramMD5))
	}
	client, err := mail.NewClient(c.cfg.Host, options...)
	if err != nil {
		return &bot.SendError{Blame: "desk", Retry: true, Whole: true, Err: fmt.Errorf("mail settings: %w", err)}
	}
	defer func() {
		if conn != nil {
			_ = conn.Close() // after QUIT, or where the library left it open
		}
	}()
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return &dialError{err}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if msg != nil {
		if err := client.SendWithSMTPClient(session, msg); err != nil {
			return err
		}
	}
	_ = client.CloseWithSMTPClient(session) // the letter is accepted; how the server parts is its own affair
	return nil
}

// dialError is a failure before the letter itself was spoken of.
type dialError struct{ err error }

func (e *dialError) Error() string { return "connect: " + e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// code writes an SMTP reply code with its enhanced form (RFC 3463), if any. The
// server's words are left out: they often quote the address.
func code(basic int, enhanced string) string {
	return strings.TrimSpace(strconv.Itoa(basic) + " " + enhanced)
}
