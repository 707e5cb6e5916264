package whatsapp

import (
	"context"
	"fmt"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"pst/bot"
)

// malformed tells whether WhatsApp refused what was to be sent: the same letter may
// pass in a plainer form.
func malformed(err error) bool {
	code := serverCode(err)
	return code == 400 || code == 479
}

// plainer are the messages in which a letter may pass that was found malformed: its
// words without marks and in short messages, then its file alone. None when it has no
// plainer form. m is not changed: whatsmeow keeps it.
func plainer(m *waE2E.Message) (out []*waE2E.Message) {
	if inner := m.GetDocumentWithCaptionMessage().GetMessage(); inner != nil {
		m = inner
	}
	words := m.GetConversation() + m.GetExtendedTextMessage().GetText() +
		m.GetDocumentMessage().GetCaption() + m.GetImageMessage().GetCaption()
	for _, text := range bot.Chop(bot.Plain(words), bot.ShortText) {
		out = append(out, &waE2E.Message{Conversation: proto.String(text)})
	}
	alone := &waE2E.Message{}
	switch {
	case m.DocumentMessage != nil:
		alone.DocumentMessage = proto.CloneOf(m.DocumentMessage)
		alone.DocumentMessage.Caption, alone.DocumentMessage.ContextInfo = nil, nil
		out = append(out, alone)
	case m.ImageMessage != nil:
		alone.ImageMessage = proto.CloneOf(m.ImageMessage)
		alone.ImageMessage.Caption, alone.ImageMessage.ContextInfo = nil, nil
		out = append(out, alone)
	}
	if len(out) == 1 && proto.Equal(out[0], m) {
		return nil
	}
	return out
}

// transmit sends a letter's message, and when that is found malformed its plainer
// form before the letter is given up; a picture that is refused by itself goes as a
// document, which no server looks into.
func (k *link) transmit(
	ctx context.Context, to types.JID, l bot.Letter, m *waE2E.Message,
) (resp whatsmeow.SendResponse, err error) {
	send := func(key string, m *waE2E.Message) {
		resp, err = k.client.SendMessage(ctx, to, m,
			whatsmeow.SendRequestExtra{ID: messageID(key), Timeout: k.c.cfg.Timing.Ack})
	}
	plain := plainer(m)
	if send(l.Key, m); !malformed(err) {
		return resp, err
	}
	k.c.cfg.Log.Warn("a letter was refused as malformed, sent again plain", "row", l.Key, "error", redact(err))
	for i, m := range plain {
		of, last := l.Key, i == len(plain)-1 // the last message stands for the letter
		if !last {
			of = fmt.Sprint(l.Key, " part ", i)
		}
		if send(of, m); err != nil && !(last && malformed(err)) {
			return resp, err
		}
	}
	if err == nil || !isPicture(l.File) {
		return resp, err
	}
	doc, failed := k.document(ctx, l.File)
	if failed != nil {
		return resp, failed
	}
	send(l.Key, doc)
	return resp, err
}
