package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"go.mau.fi/whatsmeow/store"

	"pst/bot"
	"pst/conversation"
)

// Config is what a [Channel] is made of. Only DeviceFile and Key are needed.
type Config struct {
	// DeviceFile is the SQLite file of the linked device, made with mode 0600
	// when it is missing. Beside it lies FILE.lock, which keeps a second process
	// from using the same device.
	DeviceFile string
	// Key, of at least 16 bytes, seals the texts that rest in the device file
	// while they are on their way.
	Key []byte
	// Staff are the phone numbers of staff, in any way of writing.
	Staff []string
	// Alias is told that old and now are one person: what is kept under old
	// belongs to now from here on. It must be durable before it returns, and
	// hold when told again. Without it nothing is merged.
	Alias func(ctx context.Context, old, now conversation.Address) error
	// Wrote tells whether the person at the address has ever written to the
	// desk. The channel never writes to people first: a letter to somebody who
	// has not is put off. Without it everybody counts as having written.
	Wrote func(ctx context.Context, a conversation.Address) (bool, error)
	// DeviceName is shown under "Linked devices"; default "PST".
	DeviceName string
	// WAVersion replaces the WhatsApp Web version built in, such as
	// "2.3000.1047769893"; for when WhatsApp calls that one outdated.
	WAVersion string
	// FetchVersion asks WhatsApp for its present version before connecting.
	FetchVersion bool
	// Proxy is the URL of an HTTP or SOCKS5 proxy; by default the environment's
	// (HTTPS_PROXY) is used.
	Proxy string
	// HTTP carries everything to WhatsApp; for tests. Not together with Proxy.
	HTTP *http.Client
	// Pace defaults to what a person could type: a letter in two seconds to one
	// chat (four at once after a pause, twenty a minute), one a second overall (ten
	// at once).
	Pace   *bot.Pace
	Log    *slog.Logger     // default: discards
	Now    func() time.Time // default: time.Now
	Timing Timing
}

// Timing is how long the channel waits. A zero field takes its default.
type Timing struct {
	Ack        time.Duration // for the server's acknowledgement of a message; 15 s
	Upload     time.Duration // for one try at uploading a file; 2 min
	UploadWait time.Duration // before the second try, doubled from then on; 2 s
	Typing     time.Duration // "typing …" is shown about so long at most, half more or less by chance; 2 s
	Redeliver  time.Duration // after a message could not be stored, before it is asked for again; 5 s
	Unreadable time.Duration // a message that cannot be read may come again so long, before its sender is asked; 1 min
	Resend     time.Duration // what follows it in its chat waits so long for it; 15 s
	Receipts   time.Duration // a receipt is held so long after its letter was sent, until that is noted; 1 s
	Backlog    time.Duration // a reader's message that waited longer is not answered by itself; 12 h
	Silence    time.Duration // letters go out and no phone confirms any: alarm after; 30 min
	// at most so long before connecting again, doubled with every failure up to 15 times that; 2 s
	Reconnect   time.Duration
	Stuck       time.Duration // without connection, before starting over with a new client; 10 min
	Unpaired    time.Duration // between two looks whether somebody has linked the device; 5 s
	Replaced    time.Duration // before trying again after another process took the session; 30 min
	Refused     time.Duration // before trying again after "outdated" or an unknown refusal; 6 h
	CodesAtMost int           // rounds of QR codes at linking, 160 s each; 3
}

const uploadTries = 3

func (c *Config) prepare() error {
	if c.DeviceFile == "" {
		return errors.New("no device file is configured")
	}
	if _, err := newSealer(c.Key); err != nil {
		return err
	}
	if c.WAVersion != "" {
		if _, err := store.ParseVersion(c.WAVersion); err != nil {
			return fmt.Errorf("wa_version: %w", err)
		}
	}
	if c.Proxy != "" {
		u, err := url.Parse(c.Proxy)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
			return errors.New("proxy must be http://, https:// or socks5:// with a host") // may hold a password
		}
		if c.HTTP != nil {
			return errors.New("proxy and HTTP client exclude one another")
		}
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.Proxy = http.ProxyURL(u)
		c.HTTP = &http.Client{Transport: transport}
	}
	if c.DeviceName == "" {
		c.DeviceName = "PST"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Pace == nil {
		c.Pace = &bot.Pace{
			Each: bot.Rate{PerSecond: 0.5, Burst: 4},
			All:  bot.Rate{PerSecond: 1, Burst: 10}, Minute: 20, Parallel: 4}
	}
	t := &c.Timing
	for _, d := range []struct {
		v  *time.Duration
		to time.Duration
	}{
		{&t.Ack, 15 * time.Second}, {&t.Upload, 2 * time.Minute}, {&t.UploadWait, 2 * time.Second},
		{&t.Typing, 2 * time.Second}, {&t.Redeliver, 5 * time.Second}, {&t.Unreadable, time.Minute},
		{&t.Resend, 15 * time.Second},
		{&t.Receipts, time.Second},
		{&t.Backlog, conversation.TooLate}, {&t.Silence, 30 * time.Minute}, {&t.Reconnect, 2 * time.Second},
		{&t.Stuck, 10 * time.Minute},
		{&t.Unpaired, 5 * time.Second}, {&t.Replaced, 30 * time.Minute}, {&t.Refused, 6 * time.Hour},
	} {
		if *d.v <= 0 {
			*d.v = d.to
		}
	}
	if t.CodesAtMost <= 0 {
		t.CodesAtMost = 3
	}
	return nil
}
