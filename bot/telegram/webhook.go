package telegram

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"regexp"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

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
		switch {
		case ctx.Err() != nil:
			return nil
		case badToken(err):
			c.note(err)
			return fmt.Errorf("telegram: the token is refused (%w); set the one that @BotFather shows", err)
		}
		c.note(err)
		if err == nil {
			<-ctx.Done()
			return nil
		}
		if !sleep(ctx, pollPause(err, &pause)) {
			return nil
		}
	}
}

// ServeHTTP takes one update that Telegram carries to the webhook. It answers
// 200 only when the update is safe; everything else makes Telegram try again.
func (c *Channel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.cfg.Webhook == nil || r.Method != http.MethodPost {
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
	c.aside(c.live.ctx, after)
	w.WriteHeader(http.StatusOK)
}
