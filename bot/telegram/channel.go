package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pst/bot"
	"pst/conversation"
)

// Config of a channel. Only Token has no default.
type Config struct {
	Token string
	// Endpoint is where the Bot API answers: https://api.telegram.org, or a
	// local Bot API server.
	Endpoint string
	// Webhook, when set, has Telegram carry updates to us; else we poll.
	Webhook *Webhook
	// ProtectContent has Telegram's own programs refuse to forward, save or print
	// excerpts.
	ProtectContent bool
	// Profile is what people see of the bot before they write.
	Profile Profile
	// Quarantine keeps an update that could not be understood, with the reason.
	// Until it returns nil the update is not confirmed. Without it such an
	// update is only logged by its number.
	Quarantine func(ctx context.Context, update []byte, why string) error
	Transport  http.RoundTripper // for tests and proxies; the usual one when nil
	Now        func() time.Time  // time.Now when nil
	Log        *slog.Logger      // discards when nil
}

// Webhook is how Telegram reaches us.
type Webhook struct {
	URL string // https, port 443, 80, 88 or 8443
	// Secret is sent with every update: 1-256 of A-Z a-z 0-9 _ -.
	Secret string
}

// DefaultEndpoint is Telegram's own.
const DefaultEndpoint = "https://api.telegram.org"

// Channel is one bot's connection to Telegram.
type Channel struct {
	cfg     Config // without the token
	api     *client
	seal    seal
	name    atomic.Pointer[string] // the bot's user name, once known
	health  atomic.Pointer[error]
	running sync.RWMutex // held for reading while the webhook takes an update
	live    *live        // while Run runs
	flood   flood
	taps    taps
	parts   parts
	groups  groups
	answers chan struct{} // bounds the answers to callbacks under way
	side    sync.WaitGroup
}

var (
	_ bot.Channel = (*Channel)(nil)
	_ bot.Pacer   = (*Channel)(nil)
	_ bot.Typer   = (*Channel)(nil)
	_ bot.Healthy = (*Channel)(nil)
)

// New checks the configuration and asks nobody. It returns [ErrToken] for a
// token without the shape of one.
func New(cfg Config) (*Channel, error) {
	if err := CheckToken(cfg.Token); err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	if cfg.Endpoint == "" {
		cfg.Endpoint = DefaultEndpoint
	}
	cfg.Endpoint = strings.TrimRight(cfg.Endpoint, "/")
	if u, err := url.Parse(cfg.Endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Contains(cfg.Endpoint, "%") {
		return nil, errors.New("telegram: endpoint must be a web address such as " + DefaultEndpoint)
	}
	if cfg.Webhook != nil && !secretShape.MatchString(cfg.Webhook.Secret) {
		return nil, errors.New("telegram: the webhook's secret must be 1-256 of A-Z a-z 0-9 _ -")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &Channel{
		api:     newClient(cfg.Token, cfg.Endpoint, cfg.Transport),
		seal:    newSeal(cfg.Token),
		answers: make(chan struct{}, 16),
	}
	cfg.Token = ""
	c.cfg = cfg
	return c, nil
}

// String names the channel and nothing of what it holds: it may be printed
// while it runs.
func (c *Channel) String() string { return "telegram channel" }

// Scheme is conversation.Telegram.
func (c *Channel) Scheme() string { return conversation.Telegram }

// Pace keeps below what Telegram's FAQ names: one message a second in a chat
// with short bursts, and thirty a second over all.
func (c *Channel) Pace() bot.Pace {
	return bot.Pace{
		Each:     bot.Rate{PerSecond: 1, Burst: 3},
		All:      bot.Rate{PerSecond: 28, Burst: 28},
		Parallel: 16,
	}
}

// Health is nil, or why Telegram did not answer last time.
func (c *Channel) Health() error {
	if p := c.health.Load(); p != nil {
		return *p
	}
	return nil
}

// Run receives until ctx ends, by polls or by the webhook. It returns an error
// only when Telegram refuses the token.
func (c *Channel) Run(ctx context.Context, in bot.Inbox) error {
	ctx, stop := context.WithCancel(ctx)
	defer c.api.close()
	defer c.side.Wait()
	defer c.open(nil)
	defer stop()
	c.open(&live{ctx, in})
	c.side.Go(func() { c.introduce(ctx) })
	if c.cfg.Webhook != nil {
		return c.await(ctx)
	}
	return c.poll(ctx, in)
}

// live is what a webhook needs of a running channel.
type live struct {
	ctx context.Context // Run's: it outlives the webhook's requests
	in  bot.Inbox
}

// open lets the webhook in; nil closes it, once the updates under way are safe.
func (c *Channel) open(l *live) {
	c.running.Lock()
	defer c.running.Unlock()
	c.live = l
}

// note keeps the outcome of the last call for Health and logs when it changes
// between well and ill.
func (c *Channel) note(err error) {
	before := c.Health()
	if err == nil {
		c.health.Store(nil)
		if before != nil {
			c.cfg.Log.Info("telegram answers again")
		}
		return
	}
	c.health.Store(&err)
	if before == nil || before.Error() != err.Error() {
		c.cfg.Log.Warn("telegram does not serve us, trying again", "error", err)
	}
}

// Download writes the file behind a Media.Ref to w and returns its size. It
// fails for files of more than 20 MiB, which Telegram does not give to bots.
func (c *Channel) Download(ctx context.Context, ref string, w io.Writer) (int64, error) {
	return c.api.download(ctx, ref, w)
}
