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
	// Text makes what the channel says of itself, "group" and "button.stale" of the
	// desk's texts; those that the program brings when nil.
	Text func(key string, data conversation.D) (string, error)
	// Quarantine keeps an update that could not be understood, with the reason.
	// Until it returns nil the update is not confirmed. Without it such an
	// update is only logged by its number.
	Quarantine func(ctx context.Context, update []byte, why string) error
	Transport  http.RoundTripper // for tests and proxies; the usual one when nil
	Now        func() time.Time  // time.Now when nil
	Log        *slog.Logger      // discards when nil
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
	threads threads
	slow    time.Duration // the shortest pause while the token is refused; five times this is the longest
	answers chan struct{} // bounds the answers to callbacks under way
	side    sync.WaitGroup
}

var (
	_ bot.Channel = (*Channel)(nil)
	_ bot.Pacer   = (*Channel)(nil)
	_ bot.Typer   = (*Channel)(nil)
	_ bot.Healthy = (*Channel)(nil)
	_ bot.Editor  = (*Channel)(nil)
	_ bot.Clocked = (*Channel)(nil)
)

// New checks the configuration and asks nobody. It returns [ErrToken] for a
// token without the shape of one, [ErrHookURL] or [ErrHookSecret] for a webhook
// that Telegram would not call or that anybody could.
func New(cfg Config) (*Channel, error) {
	if err := CheckToken(cfg.Token); err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	if cfg.Endpoint == "" {
		cfg.Endpoint = DefaultEndpoint
	}
	cfg.Endpoint = strings.TrimRight(cfg.Endpoint, "/")
	if u, err := url.Parse(cfg.Endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" ||
		strings.Contains(cfg.Endpoint, "%") {
		return nil, errors.New("telegram: endpoint must be a web address such as " + DefaultEndpoint)
	}
	if cfg.Webhook != nil {
		hook, err := cfg.Webhook.checked()
		if err != nil {
			return nil, fmt.Errorf("telegram: %w", err)
		}
		cfg.Webhook = &hook
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Text == nil {
		texts, err := conversation.NewTexts(&conversation.Office{Zone: time.UTC}, "")
		if err != nil {
			return nil, fmt.Errorf("telegram: %w", err)
		}
		cfg.Text = texts.Text
	}
	c := &Channel{
		api:     newClient(cfg.Token, cfg.Endpoint, cfg.Transport, cfg.Now),
		seal:    newSeal(cfg.Token),
		answers: make(chan struct{}, 16),
		slow:    time.Minute,
	}
	cfg.Token = ""
	c.cfg = cfg
	return c, nil
}

// Ahead is how far our clock is ahead of Telegram's.
func (c *Channel) Ahead() (time.Duration, bool) { return c.api.clock.Ahead() }

// String names the channel and nothing of what it holds: it may be printed
// while it runs.
func (c *Channel) String() string { return "telegram channel" }

// Scheme is conversation.Telegram.
func (c *Channel) Scheme() string { return conversation.Telegram }

// Pace keeps below what Telegram's FAQ names: one message a second in a chat
// with short bursts, and thirty a second over all. In a minute nobody reads more
// than twenty, which is also what the FAQ allows in a group.
func (c *Channel) Pace() bot.Pace {
	return bot.Pace{
		Each:     bot.Rate{PerSecond: 0.9, Burst: 3}, // what leaves at 1/s may arrive closer
		All:      bot.Rate{PerSecond: 28, Burst: 28},
		Minute:   20,
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

// Run receives until ctx ends, by polls or by the webhook. While Telegram
// refuses the token it goes on asking, slowly: such refusals have been seen to
// pass by themselves, and Health tells of them meanwhile.
func (c *Channel) Run(ctx context.Context, in bot.Inbox) error {
	ctx, stop := context.WithCancel(ctx)
	defer c.api.close()
	defer c.side.Wait()
	defer c.open(nil)
	defer stop()
	c.learnName(ctx)
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
	if badToken(err) {
		err = fmt.Errorf("the token is refused (%w); set the one that @BotFather shows", err)
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
