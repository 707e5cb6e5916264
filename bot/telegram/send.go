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
	out := outgoing{c: c, chat: chat, letter: l, layout: c.layout(chat, l.Send), from: originOf(l.Send.Answers)}
	out.thread = out.from.thread
	if out.from.kind == 0 { // said by the desk itself
		out.thread = c.threads.of(chat)
	}
	if l.Send.Quotes {
		out.quote = out.from.quote()
	}
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
	layout layout
	from   origin // of the message it answers
	thread int    // where it belongs, 0 for no thread
	quote  string // reply_parameters of its first message
}

// message is a sendMessage or an edit of a piece.
func (o *outgoing) message(p piece, last bool) tgbotapi.Params {
	out := o.bare(p.html)
	out["parse_mode"] = "HTML"
	if last {
		out.AddNonEmpty("reply_markup", o.layout.markup)
	}
	return out
}

// place adds where a message belongs: its thread, and the message it is about.
func (o *outgoing) place(p tgbotapi.Params) {
	p.AddNonZero("message_thread_id", o.thread)
	p.AddNonEmpty("reply_parameters", o.quote)
}

// misplaced tells whether Telegram refused only the place of a message. The rest
// of the letter then goes to the chat as such.
func (o *outgoing) misplaced(err error, p tgbotapi.Params) bool {
	if !refused(err, "thread", "TOPIC", "repl", "REPLY") || p["message_thread_id"] == "" && p["reply_parameters"] == "" {
		return false
	}
	o.thread, o.quote = 0, ""
	delete(p, "message_thread_id")
	delete(p, "reply_parameters")
	return true
}

// bare is a sendMessage with nothing that Telegram could find malformed.
func (o *outgoing) bare(text string) tgbotapi.Params {
	return tgbotapi.Params{"chat_id": o.chatID(), "text": text, "link_preview_options": `{"is_disabled":true}`}
}

func (o *outgoing) chatID() string { return strconv.FormatInt(o.chat, 10) }

func (o *outgoing) text(ctx context.Context) (int, error) {
	pieces := render(o.layout.text, maxText)
	if len(pieces) == 0 {
		return 0, &bot.SendError{Blame: "desk", Err: errors.New("nothing to send")}
	}
	if on := o.from.pressedOn(); o.letter.Send.Paging && on != 0 && len(pieces) == 1 {
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

// piece sends one message. What Telegram finds malformed is sent again without
// marks and buttons, and then in short messages, before the letter is given up:
// nobody is to wait in vain for a mistake of ours. What the buttons said is then
// in the text.
func (o *outgoing) piece(ctx context.Context, p piece, last bool) (id int, err error) {
	out := o.message(p, last)
	o.place(out)
	id, err = o.send(ctx, out)
	if o.misplaced(err, out) {
		id, err = o.send(ctx, out)
	}
	o.quote = "" // one is enough
	if !malformed(err) {
		return id, err
	}
	o.c.cfg.Log.Warn("a letter was refused as malformed, sent again plain", "row", o.letter.Key, "error", err)
	bare := p.bare
	if last {
		bare = o.withLines(bare)
	}
	out = o.bare(bare)
	out.AddNonZero("message_thread_id", o.thread)
	if id, err = o.send(ctx, out); !malformed(err) {
		return id, err
	}
	for _, text := range bot.Chop(bare, bot.ShortText) {
		if id, err = o.send(ctx, o.bare(text)); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// withLines is a text with the numbered lines that its buttons made needless.
func (o *outgoing) withLines(text string) string {
	for _, p := range render(o.layout.lines, maxText) {
		text += "\n\n" + p.bare
	}
	return text
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
	switch caption := render(o.layout.text, maxCaption); len(caption) {
	case 0:
	case 1:
		p["caption"], p["parse_mode"] = caption[0].html, "HTML"
	default:
		if _, err := o.pieces(ctx, render(o.layout.text, maxText), false); err != nil {
			return 0, err
		}
	}
	p.AddNonEmpty("reply_markup", o.layout.markup)
	o.place(p)
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
		if _, err := o.pieces(ctx, render(o.layout.text, maxText), true); err != nil {
			return 0, err
		}
	}
	return o.upload(ctx, "sendDocument", "document", alone)
}

func (o *outgoing) upload(ctx context.Context, method, field string, p tgbotapi.Params) (int, error) {
	f := o.letter.File
	upload := func() (json.RawMessage, error) {
		return o.c.api.do(ctx, o.c.api.uploads, method, p, tgbotapi.RequestFile{
			Name: field,
			Data: tgbotapi.FileReader{Name: fileName(f.Name), Reader: bytes.NewReader(f.Data)}, // a new reader each try
		})
	}
	raw, err := upload()
	if o.misplaced(err, p) {
		raw, err = upload()
	}
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
	p := tgbotapi.Params{"chat_id": to.Rest(), "action": action}
	if chat, err := strconv.ParseInt(to.Rest(), 10, 64); err == nil {
		p.AddNonZero("message_thread_id", c.threads.of(chat))
	}
	_, err := c.api.call(ctx, "sendChatAction", p)
	return err
}

// Edit makes an earlier message read text, without buttons. That Telegram no
// longer lets us is no error.
func (c *Channel) Edit(ctx context.Context, to conversation.Address, platformID, text string) error {
	pieces := render(text, maxText)
	if len(pieces) == 0 {
		return nil
	}
	_, err := c.api.call(ctx, "editMessageText", tgbotapi.Params{
		"chat_id": to.Rest(), "message_id": platformID, "text": pieces[0].html, "parse_mode": "HTML",
	})
	if malformed(err) || accepted(err) {
		return nil
	}
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
