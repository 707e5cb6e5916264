package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pst/bot"
	"pst/conversation"
)

// wanted are the kinds of update we ask for. Reactions come for private chats
// only when named; edits are answered, so that nobody waits in vain.
const wanted = `["message","edited_message","callback_query","my_chat_member","message_reaction"]`

// conflictPause is the least pause after another poller ended ours: Telegram
// answers repeated conflicts no sooner than after three seconds.
const conflictPause = 3 * time.Second

// hurried is how soon an empty answer comes only where a server, or a proxy
// before it, does not hold polls: they would be asked without a pause.
const hurried = 300 * time.Millisecond

// poll receives by long polls until ctx ends.
func (c *Channel) poll(ctx context.Context, in bot.Inbox) error {
	var pause backoff
	hooked := true // a webhook may be left from other days
	offset := 0
	batch := batch{limit: mostUpdates}
	away, caughtUp := true, func() {} // what waits is from before
	wait := pollSeconds
	defer func() { caughtUp() }()
	for ctx.Err() == nil {
		var updates []json.RawMessage
		var err error
		begin := time.Now()
		if hooked {
			_, err = c.api.call(ctx, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": "false"})
		} else {
			updates, err = c.getUpdates(ctx, offset, batch.limit, wait)
		}
		if ctx.Err() != nil {
			break
		}
		c.note(err)
		if unreadable(err) && batch.halve() {
			continue
		}
		if next, ok := batch.skip(err, offset); ok {
			if !c.setAside(ctx, err, next) {
				break
			}
			offset = next
			continue
		}
		if err != nil {
			caughtUp()
			away, wait = true, pollSeconds
			if !sleep(ctx, c.pollPause(err, &pause)) {
				break
			}
			continue
		}
		pause.reset()
		if hooked {
			hooked = false
			continue
		}
		if len(updates) == 0 && wait > 1 && time.Since(begin) < hurried && !sleep(ctx, hurried) {
			break
		}
		if c, ok := in.(bot.CatchingUp); ok && away && len(updates) == batch.limit {
			caughtUp = c.CatchUp()
			away, wait = false, 1
		}
		more := len(updates) == batch.limit
		batch.grow()
		next, ok := c.take(ctx, in, updates, offset)
		if !ok {
			return nil // stopped before they were safe: they come again
		}
		if !more {
			caughtUp()
			away, wait = false, pollSeconds
		}
		if len(updates) > 0 && next == offset && !sleep(ctx, pause.next()) {
			break
		}
		offset = next
	}
	return nil
}

// pollPause is how long to wait after a failed poll.
func (c *Channel) pollPause(err error, pause *backoff) time.Duration {
	var e *Error
	wait := pause.next()
	if badToken(err) {
		return c.slow + rand.N(4*c.slow+1)
	}
	if errors.As(err, &e) {
		if e.Code == http.StatusConflict {
			wait = max(wait, conflictPause)
		}
		wait = max(wait, e.RetryAfter)
	}
	return wait
}

// fullPause is the pause between two tries to write to a disk that is full.
const fullPause = 2 * time.Second

var errNoList = errors.New("answer is no list")

func (c *Channel) getUpdates(ctx context.Context, offset, limit, seconds int) ([]json.RawMessage, error) {
	raw, err := c.api.do(ctx, c.api.polls, "getUpdates", tgbotapi.Params{
		"offset":          strconv.Itoa(offset),
		"limit":           strconv.Itoa(limit),
		"timeout":         strconv.Itoa(seconds),
		"allowed_updates": wanted,
	})
	if err != nil {
		return nil, err
	}
	// Each update by itself: one that cannot be read must not hold up the rest.
	var updates []json.RawMessage
	if err := json.Unmarshal(raw, &updates); err != nil {
		return nil, &Error{Method: "getUpdates", Err: errNoList, unread: raw}
	}
	return updates, nil
}

// take puts a batch of updates where they are safe, in the inbox or in
// quarantine, and returns the offset behind them. It tries until it succeeds,
// so that no later update overtakes these, and returns false only when ctx
// ended first. The number of an update that cannot be read is the one expected.
func (c *Channel) take(ctx context.Context, in bot.Inbox, updates []json.RawMessage, offset int) (next int, ok bool) {
	next = offset
	raws := make([][]byte, len(updates))
	for i, u := range updates {
		var head struct {
			ID int `json:"update_id"`
		}
		if err := json.Unmarshal(u, &head); err != nil || head.ID == 0 {
			head.ID = next // what is wrong with it is told below
		}
		next, raws[i] = head.ID+1, u
	}
	var pause backoff
	for {
		after, err := c.store(ctx, in, raws...)
		if err == nil {
			for _, f := range after {
				c.aside(ctx, f)
			}
			return next, true
		}
		if errors.Is(err, conversation.ErrFull) {
			// Asked for again from the same one on, so that who writes meanwhile is
			// heard, and told, too.
			return offset, sleep(ctx, fullPause)
		}
		if pause.tries == 0 {
			c.cfg.Log.Error("updates could not be kept, trying again", "first", offset, "error", err)
		}
		if !sleep(ctx, pause.next()) {
			return offset, false
		}
	}
}

// store understands updates and makes them durable, those for the inbox in one
// transaction. What it returns is to be called aside, now that they are.
func (c *Channel) store(ctx context.Context, in bot.Inbox, raws ...[]byte) (after []func(context.Context), err error) {
	var messages []conversation.Message
	for _, raw := range raws {
		got, why := c.understand(raw)
		if why != "" {
			c.cfg.Log.Error("an update could not be understood, set aside", "reason", why)
			if c.cfg.Quarantine == nil {
				continue
			}
			if err := c.cfg.Quarantine(ctx, raw, why); err != nil {
				return nil, fmt.Errorf("set an update aside: %w", err)
			}
			continue
		}
		if got.message != nil {
			messages = append(messages, *got.message)
		}
		if got.after != nil {
			after = append(after, got.after)
		}
	}
	if len(messages) > 0 {
		if err := in.Put(ctx, messages...); err != nil {
			return nil, fmt.Errorf("put into the inbox: %w", err)
		}
	}
	return after, nil
}

// understand never panics: whatever an update does to us is a reason to set it
// aside.
func (c *Channel) understand(raw []byte) (got incoming, why string) {
	defer func() {
		if v := recover(); v != nil {
			c.cfg.Log.Error("reading an update panicked", "stack", string(debug.Stack()))
			got, why = incoming{}, fmt.Sprintf("panic of type %T", v)
		}
	}()
	u, err := decode(raw)
	if errors.Is(err, errOdd) {
		if got, ok := c.readOdd(u); ok {
			c.cfg.Log.Warn("an update was read in part", "reason", err)
			return got, ""
		}
	}
	if err != nil {
		return incoming{}, err.Error()
	}
	return c.read(u), ""
}

// aside runs a call of courtesy beside the loop: it is dropped rather than
// waited for when too many are under way.
func (c *Channel) aside(ctx context.Context, f func(context.Context)) {
	select {
	case c.answers <- struct{}{}:
	default:
		return
	}
	c.side.Go(func() {
		defer func() { <-c.answers }()
		f(ctx)
	})
}
