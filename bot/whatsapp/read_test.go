package whatsapp

import (
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

func text(s string) *string { return proto.String(s) }

func TestEveryKindOfMessageIsRead(t *testing.T) {
	quoting := &waE2E.ContextInfo{StanzaID: text("3EB0QUOTED"), Expiration: proto.Uint32(86400)}
	inside := func(m *waE2E.Message) *waE2E.FutureProofMessage { return &waE2E.FutureProofMessage{Message: m} }
	for name, tc := range map[string]struct {
		m    *waE2E.Message
		want string // kind, text, quoted or edited; empty: left out
	}{
		"text": {&waE2E.Message{Conversation: text(" halo ")}, "text|halo|"},
		"text with a quote": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("ya"),
			ContextInfo: quoting}}, "text|ya|3EB0QUOTED"},
		"disappearing": {&waE2E.Message{EphemeralMessage: inside(&waE2E.Message{Conversation: text("halo")})},
			"text|halo|"},
		"picture": {&waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: text("rusak"),
			Mimetype: text("image/jpeg"), FileLength: proto.Uint64(12), ContextInfo: quoting}}, "image|rusak|3EB0QUOTED"},
		"view once": {&waE2E.Message{ViewOnceMessageV2: inside(&waE2E.Message{ImageMessage: &waE2E.ImageMessage{}})},
			"image||"},
		"video": {&waE2E.Message{VideoMessage: &waE2E.VideoMessage{Caption: text("lihat")}}, "document|lihat|"},
		"document": {&waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{Mimetype: text("application/pdf")}},
			"document||"},
		"document with caption": {&waE2E.Message{DocumentWithCaptionMessage: inside(&waE2E.Message{
			DocumentMessage: &waE2E.DocumentMessage{Caption: text("surat")}})}, "document|surat|"},
		"button": {&waE2E.Message{ButtonsResponseMessage: &waE2E.ButtonsResponseMessage{SelectedButtonID: text("1"),
			Response: &waE2E.ButtonsResponseMessage_SelectedDisplayText{SelectedDisplayText: "Cari"}}}, "text|Cari|"},
		"list": {&waE2E.Message{ListResponseMessage: &waE2E.ListResponseMessage{Title: text("Cari publikasi"),
			SingleSelectReply: &waE2E.ListResponseMessage_SingleSelectReply{SelectedRowID: text("1")}}}, "text|1|"},
		"template button": {&waE2E.Message{
			TemplateButtonReplyMessage: &waE2E.TemplateButtonReplyMessage{SelectedID: text("0")}}, "text|0|"},
		"form": {&waE2E.Message{InteractiveResponseMessage: &waE2E.InteractiveResponseMessage{
			InteractiveResponseMessage: &waE2E.InteractiveResponseMessage_NativeFlowResponseMessage_{
				NativeFlowResponseMessage: &waE2E.InteractiveResponseMessage_NativeFlowResponseMessage{ParamsJSON: text(`{"id":"3"}`)}}}}, "text|3|"},
		"form with words alone": {&waE2E.Message{InteractiveResponseMessage: &waE2E.InteractiveResponseMessage{
			Body: &waE2E.InteractiveResponseMessage_Body{Text: text("Cari")}}}, "text|Cari|"},
		"poll": {&waE2E.Message{PollCreationMessageV3: &waE2E.PollCreationMessage{Name: text("data inflasi?")}},
			"text|data inflasi?|"},
		"voice":    {&waE2E.Message{AudioMessage: &waE2E.AudioMessage{PTT: proto.Bool(true)}}, "voice||"},
		"sticker":  {&waE2E.Message{StickerMessage: &waE2E.StickerMessage{}}, "sticker||"},
		"reaction": {&waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Text: text("👍")}}, "reaction|👍|"},
		"contact": {&waE2E.Message{ContactMessage: &waE2E.ContactMessage{
			Vcard: text("TEL;type=CELL;waid=6281200000002:+62 812")}}, "contact|6281200000002|"},
		"location": {&waE2E.Message{LocationMessage: &waE2E.LocationMessage{}}, "unsupported||"},
		"nothing but room": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("  \n")}},
			"unsupported||"},
		"reaction taken back": {&waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Text: text("")}}, ""},
		"deletion": {&waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_REVOKE.Enum(),
			Key: &waCommon.MessageKey{ID: text("x")}}}, ""},
		"edit": {&waE2E.Message{EditedMessage: inside(&waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
			Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: &waCommon.MessageKey{ID: text("3EB0OLD")},
			EditedMessage: &waE2E.Message{Conversation: text("baru")}}})}, "edited|baru|3EB0OLD"},
		"edit that only the phone reads": {&waE2E.Message{SecretEncryptedMessage: &waE2E.SecretEncryptedMessage{
			SecretEncType:    waE2E.SecretEncryptedMessage_MESSAGE_EDIT.Enum(),
			TargetMessageKey: &waCommon.MessageKey{ID: text("3EB0OLD")}}},
			"edited||3EB0OLD"},
		"edit of a caption": {&waE2E.Message{EditedMessage: inside(&waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
			Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: &waCommon.MessageKey{ID: text("3EB0OLD")},
			EditedMessage: &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: text("baru")}}}})}, "edited|baru|3EB0OLD"},
		"edit of a document's words": {&waE2E.Message{EditedMessage: inside(&waE2E.Message{
			ProtocolMessage: &waE2E.ProtocolMessage{
				Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: &waCommon.MessageKey{ID: text("3EB0OLD")},
				EditedMessage: &waE2E.Message{DocumentWithCaptionMessage: inside(&waE2E.Message{
					DocumentMessage: &waE2E.DocumentMessage{Caption: text("baru")}})}}})}, "edited|baru|3EB0OLD"},
		"edit in a disappearing chat": {&waE2E.Message{EditedMessage: inside(&waE2E.Message{
			ProtocolMessage: &waE2E.ProtocolMessage{
				Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: &waCommon.MessageKey{ID: text("3EB0OLD")},
				EditedMessage: &waE2E.Message{EphemeralMessage: inside(&waE2E.Message{Conversation: text("baru")})}}})},
			"edited|baru|3EB0OLD"},
		"picture of an album": {&waE2E.Message{AssociatedChildMessage: inside(&waE2E.Message{
			ImageMessage: &waE2E.ImageMessage{Caption: text("rusak")}})}, "image|rusak|"},
		"words that mention a group": {&waE2E.Message{GroupMentionedMessage: inside(&waE2E.Message{
			ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("data"), ContextInfo: quoting}})},
			"text|data|3EB0QUOTED"},
		"words behind a veil": {&waE2E.Message{SpoilerMessage: inside(&waE2E.Message{Conversation: text("data")})},
			"text|data|"},
		"a poll of a later version": {&waE2E.Message{PollCreationMessageV4: inside(&waE2E.Message{
			PollCreationMessage: &waE2E.PollCreationMessage{Name: text("inflasi?")}})}, "text|inflasi?|"},
		"a wrapping with nothing in it": {&waE2E.Message{QuestionMessage: inside(nil)}, "unsupported||"},
		"order":                         {&waE2E.Message{OrderMessage: &waE2E.OrderMessage{}}, "unsupported||"},
		"payment":                       {&waE2E.Message{SendPaymentMessage: &waE2E.SendPaymentMessage{}}, "unsupported||"},
		"invoice":                       {&waE2E.Message{InvoiceMessage: &waE2E.InvoiceMessage{}}, "unsupported||"},
		"vote":                          {&waE2E.Message{PollUpdateMessage: &waE2E.PollUpdateMessage{}}, ""},
		"pin":                           {&waE2E.Message{PinInChatMessage: &waE2E.PinInChatMessage{}}, ""},
		"key exchange": {&waE2E.Message{SenderKeyDistributionMessage: &waE2E.SenderKeyDistributionMessage{}},
			""},
		"empty":   {&waE2E.Message{}, ""},
		"missing": {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			evt := &events.Message{RawMessage: tc.m}
			c, ok := read(evt.UnwrapRaw())
			got := ""
			if ok {
				got = strings.Join([]string{string(c.kind), c.text, c.quoted + c.of}, "|")
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if ok && c.kind == conversation.Image && tc.m.GetImageMessage() != nil && (c.media.MIME != "image/jpeg" ||
				c.media.Size != 12) {
				t.Errorf("media %+v", c.media)
			}
		})
	}
	quotes := &waE2E.Message{ImageMessage: &waE2E.ImageMessage{ContextInfo: quoting}}
	if s := expiration((&events.Message{RawMessage: quotes}).UnwrapRaw().Message); s != 86400 {
		t.Errorf("timer %d", s)
	}
}

// FuzzRead gives any protobuf to the reader: what phones send changes often.
func FuzzRead(f *testing.F) {
	for _, m := range []*waE2E.Message{
		{Conversation: text("halo")}, {ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: text("x")}},
		{InteractiveResponseMessage: &waE2E.InteractiveResponseMessage{}},
		{PollCreationMessage: &waE2E.PollCreationMessage{}},
		{ContactMessage: &waE2E.ContactMessage{Vcard: text("waid=62812345")}},
		{ImageMessage: &waE2E.ImageMessage{FileLength: proto.Uint64(1 << 63)}},
	} {
		b, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var m waE2E.Message
		if proto.Unmarshal(b, &m) != nil {
			return
		}
		evt := (&events.Message{RawMessage: &m}).UnwrapRaw()
		c, ok := read(evt)
		_ = expiration(evt.Message)
		if ok && c.kind == "" || c.kind.Internal() || c.media != nil && c.media.Size < 0 {
			t.Fatalf("%+v", c)
		}
	})
}

func TestGroupsStatusAndChannelsAreIgnored(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	for name, chat := range map[string]string{"group": "1203630000@g.us", "status": "status@broadcast",
		"channel": "12036300001@newsletter", "assistant": "13135550002@s.whatsapp.net"} {
		evt := message(r, "x"+name)
		jid := parse(t, chat)
		evt.Info.Chat, evt.Info.IsGroup = jid, strings.HasSuffix(chat, "g.us") || strings.HasSuffix(chat, "broadcast")
		if !r.ch.current().handle(evt) {
			t.Errorf("%s: not acknowledged", name)
		}
	}
	p.Say(desk, "halo")
	if got := r.in.wait(t, 0); got.Text != "halo" || len(r.in.messages()) != 1 {
		t.Errorf("inbox %+v", r.in.messages())
	}
}

func TestEditSaysWhichMessageItIsOf(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	id := p.Say(desk, "Sti")
	p.Send(desk, p.Client.BuildEdit(whatsapptest.JID(desk), id, &waE2E.Message{Conversation: text("Siti")}))
	if got := r.in.wait(t, 1); got.Kind != conversation.Edited || got.Of != id || got.ID == id || got.Text != "Siti" {
		t.Errorf("inbox %+v", got)
	}
}

func TestOnlyTheSendersOwnCardCounts(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	card := func(number string) *waE2E.Message {
		return &waE2E.Message{ContactMessage: &waE2E.ContactMessage{DisplayName: text("x"),
			Vcard: text("TEL;waid=" + number + ":+" + number)}}
	}
	p.Send(desk, card(ani))
	p.Send(desk, card(budi))
	if got := r.in.wait(t, 0); got.Kind != conversation.Contact || got.Text != ani {
		t.Errorf("own card: %+v", got)
	}
	if got := r.in.wait(t, 1); got.Kind != conversation.Unsupported || got.Text != "" {
		t.Errorf("foreign card: %+v", got)
	}
}
