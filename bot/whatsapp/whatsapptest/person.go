package whatsapptest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow"
	wabin "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	_ "modernc.org/sqlite" // the driver of a person's own device file
)

// Patience is how long a test waits for something to arrive before it fails: far
// longer than it takes, for machines with much else to do.
const Patience = 5 * time.Minute

// Person is somebody with WhatsApp on a phone: a whatsmeow client of its own.
type Person struct {
	Phone  string
	Client *whatsmeow.Client

	srv       *Server
	messages  chan *events.Message
	receipts  chan *events.Receipt
	typing    chan *events.ChatPresence
	connected chan struct{}
}

// deviceDSN opens a device file. Nothing in a test outlives the machine, so
// nothing waits for the disk.
func deviceDSN(file string) string {
	return "file:" + file + "?_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)" +
		"&_pragma=synchronous(OFF)&_txlock=immediate"
}

// Person makes an account with this phone number and display name, and connects
// its phone. It is gone at the end of the test.
func (s *Server) Person(phone, name string) *Person {
	s.tb.Helper()
	ctx := context.Background()
	dir := filepath.Join(s.tb.TempDir(), "phone")
	if err := os.Mkdir(dir, 0o700); err != nil {
		s.tb.Fatalf("whatsapptest: %v", err)
	}
	s.tb.Cleanup(func() { Remove(dir) })
	box, err := sqlstore.New(ctx, "sqlite", deviceDSN(filepath.Join(dir, "person.db")), nil)
	if err != nil {
		s.tb.Fatalf("whatsapptest: %v", err)
	}
	dev, err := s.link(ctx, box, phone, name, 0)
	if err != nil {
		s.tb.Fatalf("whatsapptest: %v", err)
	}
	p := &Person{Phone: phone, srv: s, Client: whatsmeow.NewClient(dev, nil),
		messages: make(chan *events.Message, 256), receipts: make(chan *events.Receipt, 256),
		typing: make(chan *events.ChatPresence, 256), connected: make(chan struct{}, 16)}
	p.Client.SetWebsocketHTTPClient(s.HTTPClient())
	p.Client.SetMediaHTTPClient(s.HTTPClient())
	p.Client.ManualHistorySyncDownload = true
	p.Client.SetForceActiveDeliveryReceipts(true)
	p.Client.AddEventHandler(p.hear)
	s.tb.Cleanup(func() {
		p.Client.Disconnect()
		if err := box.Close(); err != nil {
			s.tb.Errorf("whatsapptest: close device file: %v", err)
		}
	})
	p.Connect()
	return p
}

// Remove removes a folder of a test that has ended. The last handlers of a connection that
// was cut off may still be writing into it.
func Remove(dir string) {
	for end := time.Now().Add(Patience); os.RemoveAll(dir) != nil &&
		time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
	}
}

// LinkFile makes file a device file that is already linked to the account, as
// `pst pair` would leave it, and returns the account's LID. The folder is made
// if need be.
func (s *Server) LinkFile(file, phone, name string) types.JID {
	s.tb.Helper()
	ctx := context.Background()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		s.tb.Fatalf("whatsapptest: %v", err)
	}
	box, err := sqlstore.New(ctx, "sqlite", deviceDSN(file), nil)
	if err != nil {
		s.tb.Fatalf("whatsapptest: %v", err)
	}
	if _, err := s.link(ctx, box, phone, name, 5); err != nil {
		s.tb.Fatalf("whatsapptest: %v", err)
	}
	if err := box.Close(); err != nil {
		s.tb.Fatalf("whatsapptest: %v", err)
	}
	return s.LID(phone)
}

// Decrypted is how many messages a program has read so far with a device file: whatsmeow
// notes each there before it hands it over. (That the file was written says less: a
// program that has just come online writes there of its own.)
func (s *Server) Decrypted(file string) (n int) {
	s.tb.Helper()
	db, err := dbutil.NewWithDialect(deviceDSN(file), "sqlite")
	if err != nil {
		s.tb.Fatalf("whatsapptest: %v", err)
	}
	err = db.QueryRow(context.Background(), `SELECT count(*) FROM whatsmeow_event_buffer`).Scan(&n)
	if err := errors.Join(err, db.Close()); err != nil {
		s.tb.Fatalf("whatsapptest: %v", err)
	}
	return n
}

// seeded is how many prekeys a device made here starts with.
const seeded = 50

// link makes a device of an account that both sides know of, with its prekeys
// already on the server: a login then has nothing to upload.
func (s *Server) link(ctx context.Context, box *sqlstore.Container, phone, name string, id uint16) (*store.Device,
	error) {
	s.mu.Lock()
	a := s.account(phone)
	a.name = name
	jid, lid := a.jid(id), a.lidJID(id)
	s.mu.Unlock()

	dev := box.NewDevice()
	account, err := a.sign(*dev.IdentityKey.Pub, id)
	if err != nil {
		return nil, err
	}
	said := append(append(append([]byte{}, whatsmeow.AdvDeviceSignaturePrefix...), account.Details...),
		dev.IdentityKey.Pub[:]...)
	sig := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*dev.IdentityKey.Priv),
		append(said, account.AccountSignatureKey...))
	account.DeviceSignature = sig[:]
	dev.ID, dev.LID, dev.PushName, dev.Account = &jid, lid, name, account
	if err := dev.Save(ctx); err != nil {
		return nil, fmt.Errorf("save device: %w", err)
	}
	if err := dev.LIDs.PutLIDMapping(ctx, lid.ToNonAD(), jid.ToNonAD()); err != nil {
		return nil, fmt.Errorf("save own LID: %w", err)
	}
	made, err := dev.PreKeys.GetOrGenPreKeys(ctx, seeded)
	if err != nil {
		return nil, fmt.Errorf("make prekeys: %w", err)
	}
	if err := dev.PreKeys.MarkPreKeysAsUploaded(ctx, made[len(made)-1].KeyID); err != nil {
		return nil, fmt.Errorf("mark prekeys: %w", err)
	}
	d := &device{account: a, id: id, noise: *dev.NoiseKey.Pub, identity: dev.IdentityKey.Pub[:],
		reg: binary.BigEndian.AppendUint32(nil, dev.RegistrationID)}
	d.skey = &keyNode{id: keyID(dev.SignedPreKey.KeyID), value: dev.SignedPreKey.Pub[:],
		signature: dev.SignedPreKey.Signature[:]}
	for _, k := range made {
		d.prekeys = append(d.prekeys, keyNode{id: keyID(k.KeyID), value: k.Pub[:]})
	}
	s.mu.Lock()
	a.devices[id] = d
	s.mu.Unlock()
	return dev, nil
}

func keyID(id uint32) []byte { return binary.BigEndian.AppendUint32(nil, id)[1:] }

func (p *Person) hear(evt any) {
	switch e := evt.(type) {
	case *events.Message:
		p.messages <- e
	case *events.Receipt:
		p.receipts <- e
	case *events.ChatPresence:
		select {
		case p.typing <- e:
		default: // nobody looks
		}
	case *events.Connected:
		p.connected <- struct{}{}
	}
}

// Connect brings the phone online and waits until it is.
func (p *Person) Connect() {
	p.srv.tb.Helper()
	if err := p.Client.Connect(); err != nil {
		p.srv.tb.Fatalf("whatsapptest: connect %s: %v", p.Phone, err)
	}
	await(p.srv, p.connected, "the person's phone to connect", func(struct{}) bool { return true })
}

// Leave takes the phone offline; what is sent to it waits at the server.
func (p *Person) Leave() { p.Client.Disconnect() }

// JID is where a phone number is reached.
func JID(phone string) types.JID { return types.NewJID(phone, types.DefaultUserServer) }

// Say sends text to a phone number and returns the message's id.
func (p *Person) Say(to, text string) string {
	p.srv.tb.Helper()
	return p.Send(to, &waE2E.Message{Conversation: proto.String(text)})
}

// Send sends any message to a phone number and returns its id.
func (p *Person) Send(to string, m *waE2E.Message) string {
	p.srv.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	r, err := p.Client.SendMessage(ctx, JID(to), m)
	if err != nil {
		p.srv.tb.Fatalf("whatsapptest: send from %s: %v", p.Phone, err)
	}
	return r.ID
}

// Quote answers a message by quoting it, and returns the answer's id.
func (p *Person) Quote(to string, quoted *events.Message, text string) string {
	p.srv.tb.Helper()
	return p.Send(to, &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: proto.String(text),
		ContextInfo: &waE2E.ContextInfo{StanzaID: proto.String(quoted.Info.ID),
			Participant: proto.String(quoted.Info.Sender.ToNonAD().String()), QuotedMessage: quoted.Message}}})
}

// Photo sends a picture, quoting a message unless that is nil, and returns its id.
func (p *Person) Photo(to, caption string, data []byte, quoted *events.Message) string {
	p.srv.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	up, err := p.Client.Upload(ctx, data, whatsmeow.MediaImage)
	if err != nil {
		p.srv.tb.Fatalf("whatsapptest: upload from %s: %v", p.Phone, err)
	}
	m := &waE2E.ImageMessage{URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey,
		FileEncSHA256: up.FileEncSHA256,
		FileSHA256:    up.FileSHA256, FileLength: &up.FileLength, Mimetype: proto.String("image/jpeg"), Caption: &caption}
	if quoted != nil {
		m.ContextInfo = &waE2E.ContextInfo{StanzaID: proto.String(quoted.Info.ID),
			Participant: proto.String(quoted.Info.Sender.ToNonAD().String()), QuotedMessage: quoted.Message}
	}
	return p.Send(to, &waE2E.Message{ImageMessage: m})
}

// Document sends a PDF file and returns its id.
func (p *Person) Document(to, name string, data []byte) string {
	p.srv.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	up, err := p.Client.Upload(ctx, data, whatsmeow.MediaDocument)
	if err != nil {
		p.srv.tb.Fatalf("whatsapptest: upload from %s: %v", p.Phone, err)
	}
	return p.Send(to, &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{URL: &up.URL, DirectPath: &up.DirectPath,
		MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
		Mimetype: proto.String("application/pdf"), FileName: &name}})
}

// Voice sends a voice note and returns its id.
func (p *Person) Voice(to string) string {
	p.srv.tb.Helper()
	return p.Send(to, &waE2E.Message{AudioMessage: &waE2E.AudioMessage{Mimetype: proto.String("audio/ogg"),
		PTT:        proto.Bool(true),
		DirectPath: proto.String("/v/voice"), Seconds: proto.Uint32(3)}})
}

// Edit changes the text of a message that the person sent, and returns the edit's id.
func (p *Person) Edit(to, id, text string) string {
	p.srv.tb.Helper()
	return p.Send(to, p.Client.BuildEdit(JID(to), id, &waE2E.Message{Conversation: proto.String(text)}))
}

// Next waits for the next message and returns it.
func (p *Person) Next() *events.Message {
	p.srv.tb.Helper()
	return await(p.srv, p.messages, "a message to "+p.Phone, func(*events.Message) bool { return true })
}

// Until skips messages until one holds.
func (p *Person) Until(what string, holds func(*events.Message) bool) *events.Message {
	p.srv.tb.Helper()
	return await(p.srv, p.messages, what, holds)
}

// Receipt waits for a receipt that holds, skipping others.
func (p *Person) Receipt(what string, holds func(*events.Receipt) bool) *events.Receipt {
	p.srv.tb.Helper()
	return await(p.srv, p.receipts, what, holds)
}

// Delivered waits until the receiver has confirmed a message, by its id: one that
// could not be read at first and was asked for again, only then.
func (p *Person) Delivered(id string) {
	p.srv.tb.Helper()
	p.Receipt("a receipt", func(r *events.Receipt) bool {
		return (r.Type == types.ReceiptTypeDelivered || r.Type == types.ReceiptTypeInactive) &&
			slices.Contains(r.MessageIDs, id)
	})
}

// Typing waits until somebody is seen typing.
func (p *Person) Typing() *events.ChatPresence {
	p.srv.tb.Helper()
	return await(p.srv, p.typing, "somebody to type",
		func(e *events.ChatPresence) bool { return e.State == types.ChatPresenceComposing })
}

// Waiting counts the messages that arrived and were not taken yet.
func (p *Person) Waiting() int { return len(p.messages) }

// Read tells the sender that the messages were read.
func (p *Person) Read(m *events.Message) {
	p.srv.tb.Helper()
	if err := p.Client.MarkRead(context.Background(), []string{m.Info.ID}, time.Now(), m.Info.Chat,
		m.Info.Sender); err != nil {
		p.srv.tb.Fatalf("whatsapptest: mark read: %v", err)
	}
}

// Download fetches and decrypts the document or picture of a message.
func (p *Person) Download(m *events.Message) []byte {
	p.srv.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	var file whatsmeow.DownloadableMessage = m.Message.GetDocumentMessage()
	if m.Message.GetImageMessage() != nil {
		file = m.Message.GetImageMessage()
	}
	b, err := p.Client.Download(ctx, file)
	if err != nil {
		p.srv.tb.Fatalf("whatsapptest: download: %v", err)
	}
	return b
}

// ForgetSession makes the person's phone unable to read the next message of a
// device of the account, which makes it ask for it again.
func (p *Person) ForgetSession(of string) {
	p.srv.tb.Helper()
	lid := p.srv.LID(of)
	if err := p.Client.Store.Sessions.DeleteAllSessions(context.Background(), lid.SignalAddressUser()); err != nil {
		p.srv.tb.Fatalf("whatsapptest: forget session: %v", err)
	}
}

// Text is what a message says: text or caption.
func Text(m *events.Message) string {
	switch {
	case m.Message.GetConversation() != "":
		return m.Message.GetConversation()
	case m.Message.GetExtendedTextMessage() != nil:
		return m.Message.GetExtendedTextMessage().GetText()
	}
	return m.Message.GetDocumentMessage().GetCaption()
}

// await takes from ch until one holds, and fails the test when none comes.
func await[T any](s *Server, ch <-chan T, what string, holds func(T) bool) T {
	s.tb.Helper()
	limit := time.After(Patience)
	for {
		select {
		case v := <-ch:
			if holds(v) {
				return v
			}
		case <-limit:
			s.tb.Fatalf("whatsapptest: waited %s for %s", Patience, what)
		}
	}
}

// Tap makes the server show every stanza of a logged-in client to seen, before
// it is handled. For tests of what is on the wire.
func (s *Server) Tap(seen func(phone string, n *wabin.Node)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tap = seen
}
