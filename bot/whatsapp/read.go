package whatsapp

import (
	"encoding/json"
	"regexp"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/reflect/protoreflect"

	"pst/conversation"
)

// content is what a message says.
type content struct {
	kind   conversation.Kind
	text   string
	quoted string // id of the message it quotes
	of     string // id of the message it is an edit of
	media  *conversation.Media
}

// read takes the content out of a message that whatsmeow has unwrapped
// (ephemeral, view once, caption, device-sent). ok is false for what is not
// meant to be answered: deletions, pins, votes, key exchange.
func read(e *events.Message) (c content, ok bool) {
	m := unwrap(e.Message)
	if m == nil {
		return c, false
	}
	if edited, of, ok := edit(m); ok || e.IsEdit {
		c.kind, c.of = conversation.Edited, of
		// New words may stand under a picture, and in a wrapping of their own.
		edited = (&events.Message{RawMessage: edited}).UnwrapRaw().Message
		c.text = strings.TrimSpace(first(edited.GetConversation(), edited.GetExtendedTextMessage().GetText(),
			edited.GetImageMessage().GetCaption(), edited.GetVideoMessage().GetCaption(),
			edited.GetDocumentMessage().GetCaption()))
		return c, true
	}
	if m.GetProtocolMessage() != nil {
		return c, false
	}
	if info := contextInfo(m); info != nil {
		c.quoted = info.GetStanzaID()
	}
	c.kind = conversation.Text
	switch {
	case m.GetConversation() != "":
		c.text = m.GetConversation()
	case m.GetExtendedTextMessage() != nil:
		c.text = m.GetExtendedTextMessage().GetText()
	case m.GetImageMessage() != nil:
		i := m.GetImageMessage()
		c.kind, c.text, c.media = conversation.Image, i.GetCaption(), picture(i)
	case m.GetVideoMessage() != nil:
		v := m.GetVideoMessage()
		c.kind, c.text, c.media = conversation.Document, v.GetCaption(), &conversation.Media{MIME: v.GetMimetype()}
	case m.GetDocumentMessage() != nil:
		d := m.GetDocumentMessage()
		c.kind, c.text, c.media = conversation.Document, d.GetCaption(), paper(d)
	case m.GetButtonsResponseMessage() != nil:
		b := m.GetButtonsResponseMessage()
		c.text = first(b.GetSelectedDisplayText(), b.GetSelectedButtonID())
	case m.GetListResponseMessage() != nil:
		l := m.GetListResponseMessage()
		c.text = first(l.GetSingleSelectReply().GetSelectedRowID(), l.GetTitle())
	case m.GetTemplateButtonReplyMessage() != nil:
		b := m.GetTemplateButtonReplyMessage()
		c.text = first(b.GetSelectedDisplayText(), b.GetSelectedID())
	case m.GetInteractiveResponseMessage() != nil:
		c.text = interactive(m.GetInteractiveResponseMessage())
	case poll(m) != nil:
		c.text = poll(m).GetName()
	case m.GetAudioMessage() != nil:
		a := m.GetAudioMessage()
		c.kind, c.media = conversation.Voice, &conversation.Media{MIME: a.GetMimetype()}
	case m.GetStickerMessage() != nil:
		c.kind = conversation.Sticker
	case m.GetReactionMessage() != nil:
		c.kind, c.text = conversation.Reaction, m.GetReactionMessage().GetText()
		return c, c.text != "" // empty: the reaction was taken back
	case m.GetContactMessage() != nil:
		c.kind, c.text = conversation.Contact, cardNumber(m.GetContactMessage().GetVcard())
	case m.GetLocationMessage() != nil, m.GetLiveLocationMessage() != nil, m.GetContactsArrayMessage() != nil,
		m.GetGroupInviteMessage() != nil, m.GetEventMessage() != nil, m.GetProductMessage() != nil,
		m.GetPtvMessage() != nil, m.GetStickerPackMessage() != nil, m.GetAlbumMessage() != nil:
		c.kind = conversation.Unsupported
	case says(m):
		c.kind = conversation.Unsupported // an order, a payment, whatever comes with the next version
	default:
		return c, false
	}
	c.text = strings.TrimSpace(c.text)
	if c.kind == conversation.Text && c.text == "" {
		c.kind = conversation.Unsupported
	}
	return c, true
}

// unwrap takes a message out of wrappings that whatsmeow leaves: those of the kind
// that may hold any message (a picture of an album, words that mention a group).
func unwrap(m *waE2E.Message) *waE2E.Message {
	for range wrappingsAtMost {
		var inner *waE2E.Message
		m.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
			if wrapping, ok := wrapped(f, v); ok && !mute[f.Name()] {
				inner = wrapping.GetMessage()
			}
			return inner == nil
		})
		if inner == nil {
			return m
		}
		m = inner
	}
	return m
}

// wrappingsAtMost is how many there are one in another at most.
const wrappingsAtMost = 4

func wrapped(f protoreflect.FieldDescriptor, v protoreflect.Value) (*waE2E.FutureProofMessage, bool) {
	if f.IsList() || f.Message() == nil {
		return nil, false
	}
	w, ok := v.Message().Interface().(*waE2E.FutureProofMessage)
	return w, ok
}

// mute are the parts of a message that say nothing to the desk.
var mute = map[protoreflect.Name]bool{
	"senderKeyDistributionMessage": true, "fastRatchetKeySenderKeyDistributionMessage": true, "messageContextInfo": true,
	"pollUpdateMessage": true, "pinInChatMessage": true, "keepInChatMessage": true, "protocolMessage": true,
	"encReactionMessage": true, "encEventResponseMessage": true, "eventResponseMessage": true,
	"secretEncryptedMessage": true,
	"call":                   true, "bcallMessage": true, "callLogMesssage": true, "scheduledCallCreationMessage": true,
	"scheduledCallEditMessage": true, "stickerSyncRmrMessage": true, "placeholderMessage": true, "chat": true,
	"statusNotificationMessage": true, "messageHistoryBundle": true, "messageHistoryNotice": true,
}

// says tells whether a message holds anything that its sender may wait to have answered.
func says(m *waE2E.Message) (found bool) {
	m.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		found = !mute[f.Name()] && f.Message() != nil
		return !found
	})
	return found
}

// edit is the new wording of a message sent earlier, empty when only its sender's
// own phones can read that, and the id of that message.
func edit(m *waE2E.Message) (words *waE2E.Message, of string, ok bool) {
	if p := m.GetProtocolMessage(); p.GetType() == waE2E.ProtocolMessage_MESSAGE_EDIT && p.GetEditedMessage() != nil {
		return p.GetEditedMessage(), p.GetKey().GetID(), true
	}
	secret := m.GetSecretEncryptedMessage()
	return nil, secret.GetTargetMessageKey().GetID(),
		secret.GetSecretEncType() == waE2E.SecretEncryptedMessage_MESSAGE_EDIT
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// poll is a poll that was sent to the desk, in any of its versions.
func poll(m *waE2E.Message) *waE2E.PollCreationMessage {
	for _, p := range []*waE2E.PollCreationMessage{m.GetPollCreationMessage(), m.GetPollCreationMessageV2(),
		m.GetPollCreationMessageV3()} {
		if p != nil {
			return p
		}
	}
	return nil
}

// interactive is the answer to a form of an unofficial client.
func interactive(m *waE2E.InteractiveResponseMessage) string {
	var p struct{ ID, Title, DisplayText string }
	if json.Unmarshal([]byte(m.GetNativeFlowResponseMessage().GetParamsJSON()), &p) != nil {
		return m.GetBody().GetText()
	}
	return first(p.ID, p.Title, p.DisplayText, m.GetBody().GetText())
}

var waid = regexp.MustCompile(`(?i)waid=([0-9]{6,15})`)

// cardNumber is the WhatsApp number on a contact card.
func cardNumber(vcard string) string {
	if found := waid.FindStringSubmatch(vcard); found != nil {
		return found[1]
	}
	return ""
}

// contextInfo is where a message says what it quotes and when it disappears.
func contextInfo(m *waE2E.Message) *waE2E.ContextInfo {
	for _, part := range []interface{ GetContextInfo() *waE2E.ContextInfo }{
		m.GetExtendedTextMessage(), m.GetImageMessage(), m.GetVideoMessage(), m.GetDocumentMessage(),
		m.GetAudioMessage(), m.GetStickerMessage(), m.GetContactMessage(), m.GetLocationMessage(),
		m.GetButtonsResponseMessage(), m.GetListResponseMessage(), m.GetTemplateButtonReplyMessage(),
		m.GetInteractiveResponseMessage(),
	} {
		if info := part.GetContextInfo(); info != nil {
			return info
		}
	}
	return nil
}

// expiration is the chat's timer for disappearing messages in seconds, 0 for none.
func expiration(m *waE2E.Message) uint32 { return contextInfo(unwrap(m)).GetExpiration() }
