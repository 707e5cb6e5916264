package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pst/conversation"
)

// maxData is Telegram's limit for callback_data, in bytes.
const maxData = 64

// seal binds callback data to a chat: a button's menu and key, signed, for a
// client that is not honest may send anything. Its key comes from the token, so
// that buttons live on over restarts and end with the token.
type seal struct{ key []byte }

func newSeal(token string) seal {
	h := hmac.New(sha256.New, []byte(token))
	h.Write([]byte("pst callback data v1"))
	return seal{h.Sum(nil)}
}

// Buttons that page through a list may be pressed again and again.
const (
	plainButton  = 'm'
	pagingButton = 'p'
)

const macLen = 12 // characters of base64, 72 bits

func (s seal) mac(chat int64, rest string) string {
	h := hmac.New(sha256.New, s.key)
	fmt.Fprintf(h, "%d %s", chat, rest)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:macLen*3/4])
}

// data is the callback data of a button; not ok when it does not fit.
func (s seal) data(chat int64, paging bool, menu, key string) (data string, ok bool) {
	kind := plainButton
	if paging {
		kind = pagingButton
	}
	rest := string(kind) + menu + "|" + key
	data = s.mac(chat, rest) + rest
	return data, len(data) <= maxData && key != "" && !strings.Contains(menu, "|")
}

// open reads callback data; not ok for data that we did not make for this chat.
func (s seal) open(chat int64, data string) (paging bool, menu, key string, ok bool) {
	if len(data) < macLen+3 || len(data) > maxData {
		return false, "", "", false
	}
	rest := data[macLen:]
	if !hmac.Equal([]byte(s.mac(chat, rest)), []byte(data[:macLen])) {
		return false, "", "", false
	}
	menu, key, ok = strings.Cut(rest[1:], "|")
	return rest[0] == pagingButton, menu, key, ok
}

// staleButton is shown over the chat, for a button that is not (any more) ours. Telegram
// takes no more than 200 characters there.
func (c *Channel) staleButton() string {
	text := []rune(c.text("button.stale", nil))
	return string(text[:min(len(text), 200)])
}

// text is one of the desk's texts; "" where it cannot be made, which is logged.
func (c *Channel) text(key string, data conversation.D) string {
	text, err := c.cfg.Text(key, data)
	if err != nil {
		c.cfg.Log.Error("a text could not be made", "error", err)
	}
	return text
}

// doubleTap is the time within which a second press of the same button of the
// same message is a slip of the finger.
const doubleTap = 1500 * time.Millisecond

// taps remembers the last presses. A press that comes again because it was not
// confirmed has the same query id and is no second one.
type taps struct {
	mu   sync.Mutex
	last map[tap]tapped
}

type tap struct {
	chat    int64
	message int
	data    string
}

type tapped struct {
	query string
	at    time.Time
}

func (t *taps) again(what tap, query string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	before, found := t.last[what]
	if found && before.query != query && now.Sub(before.at) < doubleTap {
		return true
	}
	if t.last == nil || len(t.last) >= 4096 {
		t.last = map[tap]tapped{}
	}
	t.last[what] = tapped{query, now}
	return false
}

// readPress turns a pressed button into a Choice. Every press is answered, else
// the button goes on spinning; the answer is given once the choice is safe and
// before any work on it.
func (c *Channel) readPress(q *callback) incoming {
	if q.From == nil || q.From.IsBot {
		return incoming{}
	}
	chat := q.From.ID // a private chat has its person's id
	pressed := origin{kind: 'b', extra: q.ID}
	if q.Message != nil {
		if q.Message.Chat == nil || q.Message.Chat.ID != chat {
			return incoming{after: c.answer(q.ID, c.staleButton())}
		}
		if q.Message.Date != 0 { // 0: Telegram has it no more
			pressed.message, pressed.thread = q.Message.MessageID, q.Message.thread()
		}
	}
	paging, menu, key, ok := c.seal.open(chat, q.Data)
	if !ok {
		return incoming{after: c.answer(q.ID, c.staleButton())}
	}
	now := c.cfg.Now()
	if !paging && c.taps.again(tap{chat, pressed.message, q.Data}, q.ID, now) {
		return incoming{after: c.answer(q.ID, "")}
	}
	c.threads.wrote(chat, pressed.thread)
	return incoming{
		message: &conversation.Message{
			ID:     pressed.String(),
			From:   address(chat),
			Kind:   conversation.Choice,
			Text:   key,
			Menu:   menu,
			Name:   strings.TrimSpace(q.From.FirstName + " " + q.From.LastName),
			SentAt: now.UTC(), // Telegram does not tell; it keeps a press for 150 s at most
		},
		after: c.answer(q.ID, ""),
	}
}

// answer ends the spinning of a button, with a line over the chat or without. A
// press too old to be answered is no fault of anybody.
func (c *Channel) answer(query, text string) func(context.Context) {
	return func(ctx context.Context) {
		p := tgbotapi.Params{"callback_query_id": query}
		p.AddNonEmpty("text", text)
		if _, err := c.api.call(ctx, "answerCallbackQuery", p); err != nil && !refused(err, "query is too old") {
			c.cfg.Log.Debug("a pressed button could not be answered", "error", err)
		}
	}
}
