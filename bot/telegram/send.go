package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pst/bot"
	"pst/conversation"
)

const (
	maxUpload = 50 << 20 // documents
	maxPhoto  = 10 << 20
)

// Send delivers one letter: an edit of the list that a button was pressed
// under, a file with its caption, or messages of text. The id returned is that
// of the file, or of the last message, which has the buttons. A person who
// cannot be reached gives an error that wraps bot.ErrUnreachable.
func (c *Channel) Send(ctx context.Context, l bot.Letter) (string, error) {
	chat, err := strconv.ParseInt(l.Send.To.Rest(), 10, 64)
	if err != nil || l.Send.To.Scheme() != conversation.Telegram {
		return "", &bot.SendError{Blame: "desk", Err: errors.New("not a telegram address")}
	}
	out := outgoing{c: c, chat: chat, letter: l, markup: c.keyboard(chat, l.Send)}
	var id int
	switch {
	case l.File != nil:
		id, err = out.file(ctx)
	default:
		id, err = out.text(ctx)
	}
	if err != nil {
		return "", c.fault(chat, err)
	}
	c.parts.done(l.Key)
	if id == 0 {
		return "", nil // sent, but the answer that names it was cut off
	}
	return strconv.Itoa(id), nil
}

// outgoing is one letter on its way.
type outgoing struct {
	c      *Channel
	chat   int64
	letter bot.Letter
	markup string
}

func (o *outgoing) params() tgbotapi.Params {
	return tgbotapi.Params{"chat_id": strconv.FormatInt(o.chat, 10), "parse_mode": "HTML"}
}

func (o *outgoing) textParams(text string, last bool) tgbotapi.Params {
	p := o.params()
	p["text"] = text
	p["link_preview_options"] = `{"is_disabled":true}`
	if last {
		p.AddNonEmpty("reply_markup", o.markup)
	}
	return p
}

func (o *outgoing) text(ctx context.Context) (int, error) {
	pieces := render(o.letter.Send.Text, maxText)
	if len(pieces) == 0 {
		return 0, &bot.SendError{Blame: "desk", Err: errors.New("nothing to send")}
	}
	if on := pressedOn(o.letter.Send.Answers); o.letter.Send.Paging && on != 0 && len(pieces) == 1 {
		edited, err := o.edit(ctx, on, pieces[0])
		if edited || err != nil {
			return on, err
		}
	}
	return o.pieces(ctx, pieces, true)
}

// edit changes a message in place. It is not edited, without an error, when
// Telegram no longer lets us.
func (o *outgoing) edit(ctx context.Context, message int, text string) (edited bool, err error) {
	p := o.textParams(text, true)
	p["message_id"] = strconv.Itoa(message)
	_, err = o.c.api.call(ctx, "editMessageText", p)
	switch {
	case err == nil, accepted(err), refused(err, "message is not modified"):
		return true, nil
	case refused(err, "message to edit not found", "message can't be edited", "there is no text in the message to edit", "MESSAGE_ID_INVALID"):
		return false, nil
	}
	return false, err
}

// pieces sends texts one after the other. Those that arrived in an earlier try
// of the same letter are not sent again.
func (o *outgoing) pieces(ctx context.Context, pieces []string, buttons bool) (id int, err error) {
	for i := o.c.parts.sent(o.letter.Key); i < len(pieces); i++ {
		raw, err := o.c.api.call(ctx, "sendMessage", o.textParams(pieces[i], buttons && i == len(pieces)-1))
		if err != nil && !accepted(err) {
			return 0, err
		}
		id = messageID(raw)
		o.c.parts.note(o.letter.Key, i+1)
	}
	return id, nil
}

// file sends the letter's file with its text as caption. A text too long for a
// caption goes before it.
func (o *outgoing) file(ctx context.Context) (int, error) {
	f := o.letter.File
	if len(f.Data) == 0 || len(f.Data) > maxUpload {
		return 0, &bot.SendError{Blame: "desk", Err: fmt.Errorf("a file of %d bytes cannot be sent", len(f.Data))}
	}
	p := o.params()
	caption := render(o.letter.Send.Text, maxCaption)
	switch len(caption) {
	case 0:
	case 1:
		p["caption"] = caption[0]
	default:
		if _, err := o.pieces(ctx, render(o.letter.Send.Text, maxText), false); err != nil {
			return 0, err
		}
	}
	p.AddNonEmpty("reply_markup", o.markup)
	// Only excerpts: nobody is to be kept from passing on a guide.
	p.AddBool("protect_content", o.c.cfg.ProtectContent && o.letter.Send.Excerpt != "")
	method, field := "sendDocument", "document"
	if (f.MIME == "image/jpeg" || f.MIME == "image/png") && len(f.Data) <= maxPhoto {
		method, field = "sendPhoto", "photo"
	}
	raw, err := o.c.api.do(ctx, o.c.api.uploads, method, p, tgbotapi.RequestFile{
		Name: field,
		Data: tgbotapi.FileReader{Name: fileName(f.Name), Reader: bytes.NewReader(f.Data)}, // a new reader each try
	})
	if err != nil && !accepted(err) {
		return 0, err
	}
	return messageID(raw), nil
}

func accepted(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Accepted
}

// messageID reads the id from the answer to a sending, 0 when it has none: the
// message is out all the same.
func messageID(raw json.RawMessage) int {
	var m struct {
		ID int `json:"message_id"`
	}
	if json.Unmarshal(raw, &m) != nil {
		return 0
	}
	return m.ID
}

// fileName keeps what every phone can write to its disk.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '_'
	}, name)
	name = strings.TrimLeft(name, ".")
	if name == "" {
		return "berkas"
	}
	return name
}

// Typing shows "typing" or "sending a file" for five seconds.
func (c *Channel) Typing(ctx context.Context, to conversation.Address, upload bool) error {
	action := "typing"
	if upload {
		action = "upload_document"
	}
	_, err := c.api.call(ctx, "sendChatAction", tgbotapi.Params{"chat_id": to.Rest(), "action": action})
	return err
}

// parts remembers how many messages of a long letter arrived before a try
// failed. It is forgotten in a crash: then the person reads the first part twice.
type parts struct {
	mu  sync.Mutex
	out map[string]int // by Letter.Key
}

func (p *parts) sent(key string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out[key]
}

func (p *parts) note(key string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out == nil || len(p.out) >= 1000 {
		p.out = map[string]int{}
	}
	p.out[key] = n
}

func (p *parts) done(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.out, key)
}

// flood remembers the last 429, to tell one chat's limit from the bot's.
type flood struct {
	mu    sync.Mutex
	chat  int64
	until time.Time
}

// second is true when another chat was refused and its wait is not over: then
// the limit is not the chat's but ours.
func (f *flood) second(chat int64, now time.Time, wait time.Duration) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	other := f.chat != chat && now.Before(f.until)
	f.chat, f.until = chat, now.Add(wait)
	return other
}
