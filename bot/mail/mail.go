// Package mail is the mailto: channel: it brings letters out by SMTP and
// hears of those that come back from a mailbox, by IMAP. [New] makes a [Channel] and
// refuses settings that cannot work.
//
// A letter that the recipient's address is to blame for is told at once and not
// tried again; everything else (policy, relay, log-in, greeting, a server that is away)
// is the desk's and tried again, a code for 15 minutes, a complaint's copy for five
// days. Staff are told when mail has been down for ten minutes, when it is well again,
// and when a copy cannot be brought. Without a mailbox nothing is known of a letter that
// comes back later: after five minutes without a code the desk asks whether the address
// is right.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pst/bot"
	"pst/conversation"
)

// How the connection to the server is protected.
const (
	StartTLS = "starttls" // begins plain and must turn to TLS; usually port 587
	TLS      = "tls"      // TLS from the first byte; usually port 465
	None     = "none"     // plain: only for a server on the same machine or network
)

// ports are where servers listen, by mode.
var ports = map[string]int{StartTLS: 587, TLS: 465, None: 25}

// Config says how mail leaves the house.
type Config struct {
	Host     string
	Port     int    // 0: 587, 465 or 25 by TLS
	TLS      string // StartTLS when empty
	User     string // empty: the server asks for no password
	Password string
	From     string // "PST BPS Kabupaten Belitung Timur <pst@example.org>"
	// ReplyTo is where answers go, as From is written; empty: to From.
	ReplyTo string
	// Helo is the name we give the server; empty: the domain of From.
	Helo string
	// Roots are the authorities trusted; nil trusts those of the machine.
	Roots *x509.CertPool
	// Box is where letters come back to, the mailbox of From; nil: nobody looks.
	Box *Box
}

// Channel sends mail. It is safe for concurrent use.
type Channel struct {
	cfg     Config
	from    *netmail.Address
	replyTo *netmail.Address // nil: none
	tls     *tls.Config
	now     func() time.Time
	waits   [taken + 1]time.Duration
	// relays tells that a letter to another domain was accepted lately: a domain
	// refused without a reason is at fault itself then.
	relays atomic.Bool

	mu  sync.Mutex
	ill *bot.SendError // why the last letter could not be handed over, with ill.Whole
	at  stage          // where that was
}

var (
	_ bot.Channel = (*Channel)(nil)
	_ bot.Pacer   = (*Channel)(nil)
	_ bot.Prober  = (*Channel)(nil)
)

// heloName is a domain or an address literal (RFC 5321, section 4.1.1.1).
var heloName = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\]|\[IPv6:[0-9A-Fa-f:.]+\])$`)

// New checks the configuration; it does not connect. Its errors name the key.
func New(cfg Config, now func() time.Time) (*Channel, error) {
	from, err := address(cfg.From)
	if err != nil {
		return nil, fmt.Errorf("mail: from: %w", err)
	}
	c := &Channel{from: from, now: now, waits: waits}
	if cfg.ReplyTo != "" {
		if c.replyTo, err = address(cfg.ReplyTo); err != nil {
			return nil, fmt.Errorf("mail: reply to: %w", err)
		}
		if strings.EqualFold(c.replyTo.Address, from.Address) {
			c.replyTo = nil
		}
	}
	at := endpoint{cfg.Host, cfg.Port, cfg.TLS}
	if err := at.check("smtp.example.org", StartTLS, ports, cfg.User != ""); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	cfg.Port, cfg.TLS = at.port, at.tls
	if cfg.User != "" && cfg.Password == "" {
		return nil, errors.New("mail: user is set and password is not")
	}
	if cfg.Helo == "" {
		cfg.Helo = domainOf(from.Address)
	}
	if !heloName.MatchString(cfg.Helo) {
		return nil, errors.New("mail: helo must be the full name of this machine, such as pst.example.org")
	}
	c.cfg = cfg
	c.tls = &tls.Config{ServerName: cfg.Host, RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12}
	return c, nil
}

// Address writes a name and an address as [Config] wants them; the name may have
// any characters.
func Address(name, address string) string {
	return (&netmail.Address{Name: name, Address: address}).String()
}

// address reads "Name <a@example.org>", or the address alone. A name with a comma, a colon or
// an @ need not be quoted.
func address(text string) (*netmail.Address, error) {
	text = strings.TrimSpace(text)
	a, err := netmail.ParseAddress(text)
	if err != nil {
		name, rest, ok := strings.Cut(text, "<")
		if i := strings.LastIndexByte(text, '<'); ok {
			name, rest = text[:i], text[i:]
		}
		if a, err = netmail.ParseAddress(rest); err == nil {
			a.Name = strings.Trim(strings.TrimSpace(name), `"`)
		}
	}
	if err != nil || oneLine(a.Name) != a.Name || !strings.Contains(a.Address, "@") {
		return nil, fmt.Errorf("%q is not an e-mail address such as %q", text, "PST <pst@example.org>")
	}
	return a, nil
}

// Authorities are the machine's, and those of a file of PEM certificates.
func Authorities(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read certificates: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without any
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("read certificates: %s holds none in PEM form", file)
	}
	return pool, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Scheme implements bot.Channel.
func (c *Channel) Scheme() string { return conversation.Mail }

// Run implements bot.Channel: of the mail received, only letters that came back
// are looked at, where there is a mailbox.
func (c *Channel) Run(ctx context.Context, in bot.Inbox) error {
	if told, ok := in.(bot.Bounces); ok && c.cfg.Box != nil {
		c.cfg.Box.watch(ctx, told)
	}
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
		Send:     45 * time.Minute, // all waits together; each is bounded by itself
	}
}

// Send implements bot.Channel. The id returned is the letter's Message-ID, the
// same over every try, by which mail programs know a repeated letter.
func (c *Channel) Send(ctx context.Context, l bot.Letter) (string, error) {
	msg, p, err := c.compose(l)
	if err != nil {
		return "", err
	}
	return msg.GetMessageID(), c.carry(ctx, p, l.Attempt, func(stage, string) {})
}

// carry transmits, and remembers how the server is. Its error is a *bot.SendError.
func (c *Channel) carry(ctx context.Context, p *parcel, tries int, passed func(stage, string)) error {
	err := c.transmit(ctx, p, passed)
	if err == nil {
		if p != nil && !strings.EqualFold(domainOf(p.to), domainOf(c.from.Address)) {
			c.relays.Store(true)
		}
		c.note(nil, dialling)
		return nil
	}
	fault := c.classify(ctx, tries, err)
	var s *stopped
	if errors.As(err, &s) && fault.Whole {
		c.note(fault, s.at)
	}
	return fault
}

func (c *Channel) note(fault *bot.SendError, at stage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ill, c.at = fault, at
}

// Probe implements bot.Prober: it connects and logs in. After a letter that was
// refused only another letter can tell.
func (c *Channel) Probe(ctx context.Context) error {
	c.mu.Lock()
	fault, at := c.ill, c.at
	c.mu.Unlock()
	if fault != nil && at >= sender {
		return fault
	}
	return c.Check(ctx)
}

// Check connects to the server and logs in, as before a letter, and sends none.
// Its error names the cause for the operator, without the password; see [Hint].
func (c *Channel) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return c.carry(ctx, nil, 0, func(stage, string) {})
}

// checkTime is how long a server may take to answer a check.
const checkTime = 20 * time.Second

// Test sends a test letter to an address and tells said each step that went well, by the
// names of [Where]: of "connection" with whom, of "greeting (EHLO)" by which name, of
// "TLS" which, of "log-in" and "sender" as whom. Its error is as of [Channel.Check].
func (c *Channel) Test(ctx context.Context, to string, said func(step, what string)) error {
	_, p, err := c.compose(bot.Letter{
		Key: fmt.Sprint("uji-", c.now().UnixMilli()),
		Send: conversation.Send{To: conversation.Address(conversation.Mail + ":" + to), Subject: "Uji email PST",
			Text: "Ini surat uji dari asisten PST. Bila surat ini sampai, email dapat dipakai. Tidak perlu dibalas."},
	})
	if err != nil {
		return err
	}
	return c.carry(ctx, p, 0, func(at stage, what string) { said(stages[at].name, what) })
}
