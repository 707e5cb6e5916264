package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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

// message is a sendMessage or an edit of a piece.
func (o *outgoing) message(p piece, last bool) tgbotapi.Params {
	out := o.bare(p.html)
	out["parse_mode"] = "HTML"
	if last {
		out.AddNonEmpty("reply_markup", o.markup)
	}
	return out
}

// bare is a sendMessage with nothing that Telegram could find malformed.
func (o *outgoing) bare(text string) tgbotapi.Params {
	return tgbotapi.Params{"chat_id": o.chatID(), "text": text, "link_preview_options": `{"is_disabled":true}`}
}

func (o *outgoing) chatID() string { return strconv.FormatInt(o.chat, 10) }

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
// Telegram does not let us: the message is gone or too old, or the text is not
// to its liking.
func (o *outgoing) edit(ctx context.Context, message int, text piece) (edited bool, err error) {
	p := o.message(text, true)
	p["message_id"] = strconv.Itoa(message)
	_, err = o.c.api.call(ctx, "editMessageText", p)
	switch {
	case err == nil, accepted(err), refused(err, "message is not modified"):
		return true, nil
	case malformed(err):
		return false, nil
	}
	return false, err
}

// pieces sends texts one after the other. Those that arrived in an earlier try
// of the same letter are not sent again.
func (o *outgoing) pieces(ctx context.Context, pieces []piece, buttons bool) (id int, err error) {
	for i := o.c.parts.sent(o.letter.Key); i < len(pieces); i++ {
		if id, err = o.piece(ctx, pieces[i], buttons && i == len(pieces)-1); err != nil {
			return 0, err
		}
		o.c.parts.note(o.letter.Key, i+1)
	}
	return id, nil
}

// shortText is how long a message is at most that is sent because a longer one
// was refused, in UTF-16 units.
const shortText = 1000

// piece sends one message. What Telegram finds malformed is sent again without
// marks and buttons, and then in short messages, before the letter is given up:
// nobody is to wait in vain for a mistake of ours. The text always has what the
// buttons say.
func (o *outgoing) piece(ctx context.Context, p piece, last bool) (id int, err error) {
	id, err = o.send(ctx, o.message(p, last))
	if !malformed(err) {
		return id, err
	}
	o.c.cfg.Log.Warn("a letter was refused as malformed, sent again plain", "row", o.letter.Key, "error", err)
	if id, err = o.send(ctx, o.bare(p.bare)); !malformed(err) {
		return id, err
	}
	for _, text := range chop(p.bare, shortText) {
		if id, err = o.send(ctx, o.bare(text)); err != nil {
			return 0, err
		}
	}
	return id, nil
}

func (o *outgoing) send(ctx context.Context, p tgbotapi.Params) (id int, err error) {
	raw, err := o.c.api.call(ctx, "sendMessage", p)
	if err != nil && !accepted(err) {
		return 0, err
	}
	return messageID(raw), nil
}

// file sends the letter's file with its text as caption. A text too long for a
// caption goes before it. A picture that Telegram refuses is sent as a file,
// and a file that it refuses is sent alone, after its text.
func (o *outgoing) file(ctx context.Context) (int, error) {
	f := o.letter.File
	if len(f.Data) == 0 || len(f.Data) > maxUpload {
		return 0, &bot.SendError{Blame: "desk", Err: fmt.Errorf("a file of %d bytes cannot be sent", len(f.Data))}
	}
	p := tgbotapi.Params{"chat_id": o.chatID()}
	// Only excerpts: nobody is to be kept from passing on a guide.
	p.AddBool("protect_content", o.c.cfg.ProtectContent && o.letter.Send.Excerpt != "")
	alone := maps.Clone(p)
	switch caption := render(o.letter.Send.Text, maxCaption); len(caption) {
	case 0:
	case 1:
		p["caption"], p["parse_mode"] = caption[0].html, "HTML"
	default:
		if _, err := o.pieces(ctx, render(o.letter.Send.Text, maxText), false); err != nil {
			return 0, err
		}
	}
	p.AddNonEmpty("reply_markup", o.markup)
	if (f.MIME == "image/jpeg" || f.MIME == "image/png") && len(f.Data) <= maxPhoto {
		if id, err := o.upload(ctx, "sendPhoto", "photo", p); !malformed(err) {
			return id, err
		}
	}
	id, err := o.upload(ctx, "sendDocument", "document", p)
	if !malformed(err) || len(p) == len(alone) {
		return id, err
	}
	if p["caption"] != "" {
		if _, err := o.pieces(ctx, render(o.letter.Send.Text, maxText), true); err != nil {
			return 0, err
		}
	}
	return o.upload(ctx, "sendDocument", "document", alone)
}

func (o *outgoing) upload(ctx context.Context, method, field string, p tgbotapi.Params) (int, error) {
	f := o.letter.File
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

// flood remembers the last refusals for too many requests, to tell one chat's
// limit from the bot's.
type flood struct {
	mu   sync.Mutex
	last map[int64]flooded
}

type flooded struct {
	at   time.Time
	wait time.Duration
}

// sameTime is within which the refusals of two chats are one limit's.
const sameTime = 10 * time.Second

// bots tells whether another chat was refused at about the same time: then the
// limit is not the chat's but ours, and all rest for the shortest of the waits.
// A longer one is that chat's own.
func (f *flood) bots(chat int64, now time.Time, wait time.Duration) (rest time.Duration, ours bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.last == nil {
		f.last = map[int64]flooded{}
	}
	rest = wait
	for other, last := range f.last {
		switch {
		case now.Sub(last.at) > sameTime:
			delete(f.last, other)
		case other != chat:
			ours = true
			rest = min(rest, max(last.wait, time.Second))
		}
	}
	f.last[chat] = flooded{now, wait}
	if !ours {
		return 0, false
	}
	return rest, true
}
