package whatsapp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"pst/bot"
	"pst/conversation"
)

// Send delivers one letter and returns its WhatsApp id, which is the same at
// every try: phones show a message that comes twice under one id once. It
// returns after WhatsApp has acknowledged the message; see bot.SendError for
// what is retried. The errors a SendError wraps are ErrOffline, ErrUnlinked,
// ErrRefused, ErrNotYet, and bot.ErrUnreachable for a number that is not on
// WhatsApp.
func (c *Channel) Send(ctx context.Context, l bot.Letter) (string, error) {
	to, err := jidOf(l.Send.To)
	if err != nil {
		return "", &bot.SendError{Blame: "desk", Err: err}
	}
	k := c.current()
	status := c.board.get()
	if k == nil || status.State != Online {
		return "", status.unavailable(c.cfg.Now())
	}
	if err := c.mayWrite(ctx, l.Send.To, status); err != nil {
		return "", err
	}
	if u := c.chats.toMark(l.Send.To); u != nil {
		// As a person does: first read, then answer. No mark is no reason not to send.
		_ = k.client.MarkRead(ctx, u.ids, c.cfg.Now(), u.chat, u.sender)
	}
	if err := k.typing(ctx, to, len(l.Send.Text)); err != nil {
		return "", err
	}
	m, err := k.compose(ctx, l)
	if err != nil {
		return "", c.fault(ctx, err)
	}
	id := messageID(l.Key)
	c.flights.begin(id)
	// whatsmeow sends one message at a time, so another chat's slow
	// acknowledgement counts against this deadline as well.
	ctx, cancel := context.WithTimeout(ctx, 4*c.cfg.Timing.Ack)
	defer cancel()
	resp, err := k.transmit(ctx, to, l, m)
	if err != nil {
		return "", c.fault(ctx, err)
	}
	c.clock.Told(resp.Timestamp, c.cfg.Now())
	for _, r := range c.flights.end(id) {
		k.pass(r)
	}
	if since := c.silence.sent(l.Send.To, c.cfg.Now()); !since.IsZero() && status.Silent.IsZero() {
		c.board.edit(func(s *Status) { s.Silent = since })
		c.cfg.Log.Error("no phone has confirmed a letter for a long time: the account may be shut out", "since", since)
	}
	return id, nil
}

var webID = regexp.MustCompile(`^3EB0[0-9A-F]{18}$`)

// messageID makes a letter's key an id of the form that WhatsApp Web gives; a
// key that has it already stays as it is.
func messageID(key string) types.MessageID {
	if webID.MatchString(key) {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "3EB0" + strings.ToUpper(hex.EncodeToString(sum[:9]))
}

// typing shows "typing …" for as long as a person would need to look up the
// answer, and never the same time twice: a rhythm is what machines have. That it
// cannot be shown is no reason not to send.
func (k *link) typing(ctx context.Context, to types.JID, letters int) error {
	_ = k.client.SendChatPresence(ctx, to, types.ChatPresenceComposing, types.ChatPresenceMediaText)
	most := k.c.cfg.Timing.Typing
	wait := min(most, most/4+time.Duration(letters)*most/400)
	wait = wait/2 + rand.N(wait+1)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// compose makes the message. Each try gets its own: whatsmeow writes into it
// and keeps it.
func (k *link) compose(ctx context.Context, l bot.Letter) (*waE2E.Message, error) {
	var info *waE2E.ContextInfo
	if seconds := k.c.chats.timerOf(l.Send.To); seconds > 0 {
		info = &waE2E.ContextInfo{Expiration: proto.Uint32(seconds)}
	}
	switch {
	case l.File == nil && info == nil:
		return &waE2E.Message{Conversation: proto.String(l.Send.Text)}, nil
	case l.File == nil:
		return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String(l.Send.Text),
			ContextInfo: info}}, nil
	}
	var caption *string
	if l.Send.Text != "" {
		caption = proto.String(l.Send.Text)
	}
	if isPicture(l.File) {
		up, err := k.upload(ctx, l.File, whatsmeow.MediaImage)
		if err != nil {
			return nil, err
		}
		return &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
				URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256,
				FileSHA256: up.FileSHA256, FileLength: &up.FileLength, Mimetype: &l.File.MIME, Caption: caption,
				ContextInfo: info}},
			nil
	}
	doc, err := k.document(ctx, l.File)
	if err != nil || caption == nil && info == nil {
		return doc, err
	}
	doc.DocumentMessage.Caption, doc.DocumentMessage.ContextInfo = caption, info
	if caption == nil {
		return doc, nil
	}
	return &waE2E.Message{DocumentWithCaptionMessage: &waE2E.FutureProofMessage{Message: doc}}, nil
}

// isPicture tells whether a file is shown in the chat.
func isPicture(f *bot.File) bool {
	return f != nil && (f.MIME == "image/jpeg" || f.MIME == "image/png")
}

// document is a file, brought to the media host as one, without words.
func (k *link) document(ctx context.Context, f *bot.File) (*waE2E.Message, error) {
	up, err := k.upload(ctx, f, whatsmeow.MediaDocument)
	if err != nil {
		return nil, err
	}
	doc := &waE2E.DocumentMessage{
		URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256,
		FileSHA256: up.FileSHA256, FileLength: &up.FileLength, Mimetype: &f.MIME, FileName: &f.Name, Title: &f.Name}
	if f.Pages > 0 {
		doc.PageCount = proto.Uint32(uint32(f.Pages))
	}
	return &waE2E.Message{DocumentMessage: doc}, nil
}

// errUpload marks a failure of the media host.
var errUpload = errors.New("upload failed")

// upload brings a file to the media host. whatsmeow tries one host once and
// without a time limit.
func (k *link) upload(ctx context.Context, f *bot.File, kind whatsmeow.MediaType) (*whatsmeow.UploadResponse, error) {
	sum := sha256.Sum256(f.Data)
	if f.SHA256 != "" && f.SHA256 != hex.EncodeToString(sum[:]) {
		return nil, &bot.SendError{Blame: "desk", Err: errors.New("file does not have the hash it was recorded with")}
	}
	wait := k.c.cfg.Timing.UploadWait
	for try := 1; ; try++ {
		tryCtx, cancel := context.WithTimeout(ctx, k.c.cfg.Timing.Upload)
		up, err := k.client.Upload(tryCtx, f.Data, kind)
		cancel()
		switch {
		case err == nil:
			return &up, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case try == uploadTries:
			return nil, fmt.Errorf("%w: %s", errUpload, redact(err))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
			wait *= 2
		}
	}
}

// mayWrite puts off a letter to somebody who never wrote to the desk. WhatsApp
// shuts out accounts that write to people first; staff enrol by writing once.
func (c *Channel) mayWrite(ctx context.Context, to conversation.Address, s Status) error {
	if c.chats.hasWritten(to) {
		return nil
	}
	wrote := c.cfg.Wrote == nil
	if !wrote {
		var err error
		if wrote, err = c.cfg.Wrote(ctx, to); err != nil {
			return &bot.SendError{Retry: true, Blame: "desk", Err: fmt.Errorf("look up whether the chat has written: %w", err)}
		}
	}
	if left := s.ReachOut.Sub(c.cfg.Now()); left > 0 && c.cfg.Wrote == nil {
		return &bot.SendError{Retry: true, After: left, Blame: "platform", Err: fmt.Errorf("%w: the account is locked",
			ErrNotYet)}
	}
	if !wrote {
		// Not the person's fault: such a letter is given up by its age, not by tries.
		return &bot.SendError{Retry: true, After: enrolWait, Blame: "platform", Err: ErrNotYet}
	}
	return nil
}
