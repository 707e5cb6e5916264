package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"pst/bot"
)

// Bounds of one look into the mailbox. What is left waits for the next one.
const (
	lookMost    = 200 // messages whose kind is asked for
	reportsMost = 20  // reports read whole
	reportBytes = 256 << 10
	lookBytes   = 16 << 20 // from the server in all
	lookTime    = 2 * time.Minute
	lookPause   = time.Minute
	// lookBack is how old a report may be at the first look: mail servers give a
	// letter up within five days.
	lookBack = 7 * 24 * time.Hour
)

// boxPorts are where servers listen, by mode.
var boxPorts = map[string]int{StartTLS: 143, TLS: 993, None: 143}

// BoxConfig says where letters come back to.
type BoxConfig struct {
	Host     string
	Port     int    // 0: 993 or 143 by TLS
	TLS      string // TLS when empty
	User     string
	Password string
	Folder   string         // INBOX when empty
	Roots    *x509.CertPool // as of Config
	Log      *slog.Logger
	Pause    time.Duration // between two looks; 0 is a minute
}

// Box looks by IMAP for letters that came back. Those that are ours it marks as
// read; it changes no other mail.
type Box struct {
	cfg BoxConfig
	// What was looked at: UIDs below next, of this validity. A new start looks
	// again, which changes nothing.
	validity uint32
	next     imap.UID
	ill      bool // told
}

// NewBox checks the configuration; it does not connect. Its errors name the key.
func NewBox(cfg BoxConfig) (*Box, error) {
	at := endpoint{cfg.Host, cfg.Port, cfg.TLS}
	if err := at.check("imap.example.org", TLS, boxPorts, true); err != nil {
		return nil, err
	}
	cfg.Port, cfg.TLS = at.port, at.tls
	if cfg.User == "" || cfg.Password == "" {
		return nil, errors.New("user and password must be set")
	}
	if cfg.Folder == "" {
		cfg.Folder = "INBOX"
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Pause == 0 {
		cfg.Pause = lookPause
	}
	return &Box{cfg: cfg}, nil
}

// watch looks again and again until ctx ends. A trouble is logged once.
func (b *Box) watch(ctx context.Context, told bot.Bounces) {
	for ctx.Err() == nil {
		err := b.look(ctx, told)
		if err != nil && !b.ill && ctx.Err() == nil {
			b.cfg.Log.Warn("letters that come back cannot be looked for", "channel", "mailto", "error", err)
		}
		if err == nil && b.ill {
			b.cfg.Log.Info("letters that come back are looked for again", "channel", "mailto")
		}
		b.ill = err != nil
		select {
		case <-ctx.Done():
		case <-time.After(b.cfg.Pause):
		}
	}
}

// Check connects, logs in and opens the folder. Its error names the stage for the
// operator, without the server's own words.
func (b *Box) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return b.visit(ctx, func(*imapclient.Client, uint32) error { return nil })
}

// visit opens the folder and leaves when do has ended.
func (b *Box) visit(ctx context.Context, do func(*imapclient.Client, uint32) error) error {
	at := "connection"
	failed := func(err error) error {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("mailbox: %s: %w", at, wordless(err))
	}
	var dialer net.Dialer
	raw, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(b.cfg.Host, strconv.Itoa(b.cfg.Port)))
	if err != nil {
		return failed(err)
	}
	defer raw.Close()
	defer context.AfterFunc(ctx, func() { _ = raw.Close() })()
	conn := &bounded{Conn: raw, left: lookBytes}
	config := &tls.Config{ServerName: b.cfg.Host, RootCAs: b.cfg.Roots, MinVersion: tls.VersionTLS12}
	var c *imapclient.Client
	switch b.cfg.TLS {
	case TLS:
		c = imapclient.New(tls.Client(conn, config), nil)
	case StartTLS:
		at = "TLS"
		if c, err = imapclient.NewStartTLS(conn, &imapclient.Options{TLSConfig: config}); err != nil {
			return failed(err)
		}
	default:
		c = imapclient.New(conn, nil)
	}
	defer c.Close()
	if err := c.WaitGreeting(); err != nil {
		return failed(err)
	}
	at = "log-in"
	if err := c.Login(b.cfg.User, b.cfg.Password).Wait(); err != nil {
		return failed(err)
	}
	at = "folder"
	folder, err := c.Select(b.cfg.Folder, nil).Wait()
	if err != nil {
		return failed(err)
	}
	at = "reading"
	if err := do(c, folder.UIDValidity); err != nil {
		return failed(err)
	}
	_ = c.Logout().Wait() // what was to be done is done
	return nil
}

// What stands for the server's own words, which may quote an address.
var (
	errRefused = errors.New("refused by the server")
	errUnclear = errors.New("the server's answer is not understood")
)

func wordless(err error) error {
	var network net.Error
	var certificate *tls.CertificateVerificationError
	var refusal *imap.Error
	switch {
	case errors.As(err, &refusal):
		return errRefused
	case errors.As(err, &network), errors.As(err, &certificate), errors.Is(err, io.EOF),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errStore):
		return err
	}
	return errUnclear
}

// errStore is in what went wrong with the desk's own store.
var errStore = errors.New("noting a letter that came back failed")

// look looks once at what has come since the last time.
func (b *Box) look(ctx context.Context, told bot.Bounces) error {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	return b.visit(ctx, func(c *imapclient.Client, validity uint32) error {
		if b.validity != validity || b.next == 0 {
			b.validity, b.next = validity, 1
		}
		fresh := &imap.SearchCriteria{UID: []imap.UIDSet{{{Start: b.next}}}, Since: time.Now().Add(-lookBack)}
		found, err := c.UIDSearch(fresh, nil).Wait()
		if err != nil {
			return err
		}
		uids := first(found.All, b.next, lookMost)
		if len(uids) == 0 {
			return nil
		}
		reports, err := reportsAmong(c, uids)
		if err != nil {
			return err
		}
		last := uids[len(uids)-1]
		for i, uid := range reports {
			if i == reportsMost {
				last = reports[i-1]
				break
			}
			if err := b.read(ctx, c, uid, told); err != nil {
				return err
			}
			b.next = uid + 1
		}
		b.next = last + 1
		return nil
	})
}

// first lists the lowest UIDs of a set, from one on; never more than most, whatever
// the server says.
func first(set imap.NumSet, from imap.UID, most int) []imap.UID {
	ranges, _ := set.(imap.UIDSet)
	var out []imap.UID
	for _, r := range ranges {
		for u := max(r.Start, from); u <= r.Stop && len(out) < most; u++ {
			out = append(out, u)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// reportsAmong lists those that say of themselves that they are reports, in order.
func reportsAmong(c *imapclient.Client, uids []imap.UID) ([]imap.UID, error) {
	kind := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"Content-Type"},
		Peek: true, Partial: &imap.SectionPartial{Size: 1 << 10}}
	messages, err := fetch(c, kind, uids...)
	if err != nil {
		return nil, err
	}
	var out []imap.UID
	for _, m := range messages {
		for _, s := range m.BodySection {
			if strings.Contains(strings.ToLower(string(s.Bytes)), "multipart/report") && slices.Contains(uids, m.UID) {
				out = append(out, m.UID)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// fetch gets one section of each message.
func fetch(c *imapclient.Client, section *imap.FetchItemBodySection, uids ...imap.UID) (
	[]*imapclient.FetchMessageBuffer, error) {
	want := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}
	return c.Fetch(imap.UIDSetNum(uids...), want).Collect()
}

// read reads one report; one of our letters is told, and then marked as read.
func (b *Box) read(ctx context.Context, c *imapclient.Client, uid imap.UID, told bot.Bounces) error {
	whole := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: reportBytes}}
	messages, err := fetch(c, whole, uid)
	if err != nil {
		return err
	}
	for _, m := range messages {
		for _, s := range m.BodySection {
			back, ok := readBounce(s.Bytes)
			if !ok {
				continue
			}
			ours, err := told.Bounced(ctx, back.letter, "came back: "+back.status)
			if err != nil {
				return fmt.Errorf("%w: %w", errStore, err)
			}
			if !ours {
				continue
			}
			b.cfg.Log.Info("a letter came back", "channel", "mailto", "status", back.status)
			seen := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
			if err := c.Store(imap.UIDSetNum(uid), seen, nil).Close(); err != nil {
				return err
			}
		}
	}
	return nil
}

// bounded lets so many bytes come in.
type bounded struct {
	net.Conn
	left int
}

func (c *bounded) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}
