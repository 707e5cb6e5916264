package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Webhook is how Telegram reaches us.
type Webhook struct {
	// URL is where the reverse proxy answers: https, on a port of [HookPorts],
	// with [HookPath] as its path or none.
	URL string
	// Secret is sent with every update: 32-256 of A-Z a-z 0-9 _ -. It should be
	// made by a machine.
	Secret string
}

// HookPath is the one path at which updates are taken.
const HookPath = "/telegram"

// HookPorts are those that Telegram connects to.
var HookPorts = []string{"443", "80", "88", "8443"}

// shortestSecret keeps out what can be guessed: the Bot API would let one
// character pass.
const shortestSecret = 32

var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// Errors of [New] for a webhook.
var (
	ErrHookURL = errors.New("a webhook must be like https://pst.example.go.id" + HookPath +
		", on port 443, 80, 88 or 8443")
	ErrHookSecret = fmt.Errorf("a webhook's secret must be %d-256 of A-Z a-z 0-9 _ -; leave it out and one is made",
		shortestSecret)
)

// checked is the webhook as it is told to Telegram.
func (h Webhook) checked() (Webhook, error) {
	u, err := url.Parse(h.URL)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return h, ErrHookURL
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = HookPath
	}
	if port := u.Port(); u.Path != HookPath || port != "" && !slices.Contains(HookPorts, port) {
		return h, ErrHookURL
	}
	if len(h.Secret) < shortestSecret || len(h.Secret) > 256 || !secretShape.MatchString(h.Secret) {
		return h, ErrHookSecret
	}
	h.URL = u.String()
	return h, nil
}

const (
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	maxHookBody  = 1 << 20
)

// await has Telegram carry updates to the webhook until ctx ends.
func (c *Channel) await(ctx context.Context) error {
	var pause backoff
	for {
		_, err := c.api.call(ctx, "setWebhook", tgbotapi.Params{
			"url":                  c.cfg.Webhook.URL,
			"secret_token":         c.cfg.Webhook.Secret,
			"allowed_updates":      wanted,
			"drop_pending_updates": "false",
		})
		if ctx.Err() != nil {
			return nil
		}
		c.note(err)
		if err == nil {
			<-ctx.Done()
			return nil
		}
		if !sleep(ctx, c.pollPause(err, &pause)) {
			return nil
		}
	}
}

// ServeHTTP takes one update that Telegram carries to the webhook. It answers
// 200 only when the update is safe; everything else makes Telegram try again.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.cfg.Webhook == nil || r.Method != http.MethodPost || r.URL.Path != HookPath {
		http.NotFound(w, r)
		return
	}
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(secretHeader)), []byte(c.cfg.Webhook.Secret)) != 1 {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxHookBody))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.running.RLock()
	defer c.running.RUnlock()
	if c.live == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	after, err := c.store(r.Context(), c.live.in, body)
	if err != nil {
		c.cfg.Log.Error("an update could not be kept, Telegram brings it again", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	for _, f := range after {
		c.aside(c.live.ctx, f)
	}
	w.WriteHeader(http.StatusOK)
}
