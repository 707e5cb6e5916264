package whatsapptest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/gcmutil"
	"go.mau.fi/whatsmeow/util/keys"
	"golang.org/x/crypto/curve25519"
	"google.golang.org/protobuf/proto"
)

// pairing is a client that waits to be linked.
type pairing struct {
	conn     *conn
	identity [32]byte

	// Of a link code: what the client sent first, and the phone's answer.
	phone   string
	wrapped []byte
	primary *keys.KeyPair

	// Set when the phone said yes: what becomes of it once the client agrees.
	device *device
}

const codesOffered = 6

func (s *Server) offerCodes(c *conn) {
	s.mu.Lock()
	p := &pairing{conn: c, identity: [32]byte(c.payload.GetDevicePairingData().GetEIdent())}
	refs := make([]binary.Node, codesOffered)
	for i := range refs {
		s.serial++
		ref := fmt.Sprintf("2@ref%d", s.serial)
		s.refs[ref] = p
		refs[i] = binary.Node{Tag: "ref", Content: []byte(ref)}
	}
	s.mu.Unlock()
	c.send(binary.Node{Tag: "iq", Content: []binary.Node{{Tag: "pair-device", Content: refs}},
		Attrs: binary.Attrs{"id": "offer", "from": types.ServerJID, "type": "set", "xmlns": "md"}})
}

// Scan is the account's phone scanning a QR code, given as its text.
func (s *Server) Scan(phone, qr string) error {
	_, codes, _ := strings.Cut(qr, "#")
	part := strings.Split(codes, ",")
	if len(part) != 5 {
		return fmt.Errorf("QR code has %d parts", len(part))
	}
	secret, err := base64.StdEncoding.DecodeString(part[3])
	if err != nil {
		return fmt.Errorf("read secret: %w", err)
	}
	s.mu.Lock()
	p := s.refs[part[0]]
	s.mu.Unlock()
	if p == nil {
		return fmt.Errorf("QR code is unknown")
	}
	return s.accept(phone, p, secret)
}

// accept makes the new companion of an account and tells the client.
func (s *Server) accept(phone string, p *pairing, secret []byte) error {
	s.mu.Lock()
	a := s.account(phone)
	id := uint16(1)
	for a.devices[id] != nil {
		id++
	}
	p.device = &device{account: a, id: id, noise: p.conn.static}
	s.mu.Unlock()
	identity, err := a.sign(p.identity, id)
	if err != nil {
		return err
	}
	details, err := proto.Marshal(identity)
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(details)
	signed, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentityHMAC{Details: details, HMAC: mac.Sum(nil)})
	if err != nil {
		return err
	}
	p.conn.send(binary.Node{Tag: "iq",
		Attrs: binary.Attrs{"id": "paired", "from": types.ServerJID, "type": "set", "xmlns": "md", "t": strconv.Itoa(0)},
		Content: []binary.Node{{Tag: "pair-success", Content: []binary.Node{
			{Tag: "device-identity", Content: signed},
			{Tag: "platform", Attrs: binary.Attrs{"name": "android"}},
			{Tag: "device", Attrs: binary.Attrs{"jid": a.jid(id), "lid": a.lidJID(id)}}}}}})
	return nil
}

// sign states that the identity belongs to a companion of the account.
func (a *account) sign(identity [32]byte, id uint16) (*waAdv.ADVSignedDeviceIdentity, error) {
	details, err := proto.Marshal(&waAdv.ADVDeviceIdentity{
		RawID: proto.Uint32(uint32(id) + 1000), Timestamp: proto.Uint64(1), KeyIndex: proto.Uint32(uint32(id) + 1)})
	if err != nil {
		return nil, err
	}
	msg := append(append(append([]byte{}, whatsmeow.AdvAccountSignaturePrefix...), details...), identity[:]...)
	sig := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*a.primary.Priv), msg)
	return &waAdv.ADVSignedDeviceIdentity{Details: details, AccountSignatureKey: a.primary.Pub[:],
		AccountSignature: sig[:]}, nil
}

// pairingAccepted registers the companion when its client confirms, and asks
// it to log in.
func (s *Server) pairingAccepted(c *conn, n *binary.Node) {
	if textAttr(n, "id") != "paired" {
		return
	}
	signed := content(n, "pair-device-sign", "device-identity")
	var bad error
	s.mu.Lock()
	for _, p := range s.refs {
		if p.conn == c && p.device != nil {
			if bad = checkIdentity(signed, p.device.account, p.identity[:]); bad == nil {
				p.device.account.devices[p.device.id] = p.device
			}
		}
	}
	s.mu.Unlock()
	if bad != nil {
		s.refuse(bad)
		c.sendLast(failure(refusal{reason: 401}))
		return
	}
	c.sendLast(streamError("515", ""))
}

// handlePairing answers the stages of linking by code.
func (s *Server) handlePairing(c *conn, n *binary.Node, kids []binary.Node) {
	reg, ok := n.GetOptionalChildByTag("link_code_companion_reg")
	switch {
	case ok:
	case len(kids) == 1 && s.handlePasskey(c, n, &kids[0]):
		return
	default:
		c.result(n)
		return
	}
	switch textAttr(&reg, "stage") {
	case "companion_hello":
		s.mu.Lock()
		s.serial++
		ref := fmt.Sprintf("3@code%d", s.serial)
		s.refs[ref] = &pairing{conn: c, identity: [32]byte(c.payload.GetDevicePairingData().GetEIdent()),
			phone: jidAttr(&reg, "jid").User, wrapped: content(&reg, "link_code_pairing_wrapped_companion_ephemeral_pub")}
		s.mu.Unlock()
		c.result(n, binary.Node{Tag: "link_code_companion_reg", Content: []binary.Node{
			{Tag: "link_code_pairing_ref", Content: []byte(ref)}}})
	case "companion_finish":
		c.result(n)
		if err := s.finishCode(&reg); err != nil {
			s.tb.Errorf("whatsapptest: link code: %v", err)
		}
	}
}

// EnterCode is a person typing a link code ("ABCD-EFGH") on the account's phone.
func (s *Server) EnterCode(phone, code string) error {
	code = strings.ReplaceAll(code, "-", "")
	s.mu.Lock()
	var p *pairing
	var ref string
	for r, q := range s.refs {
		if q.phone == phone && q.wrapped != nil && !q.conn.isClosed() {
			p, ref = q, r
		}
	}
	if p == nil {
		s.mu.Unlock()
		return fmt.Errorf("nobody waits for a code")
	}
	p.primary = keys.NewKeyPair()
	ephemeral := p.primary
	a := s.account(phone)
	s.mu.Unlock()

	wrapped := make([]byte, 48, 80)
	_, _ = rand.Read(wrapped) // never fails
	sealed, err := codeStream(code, wrapped[:32], wrapped[32:48], ephemeral.Pub[:])
	if err != nil {
		return err
	}
	wrapped = append(wrapped, sealed...)
	theirs, err := codeStream(code, p.wrapped[:32], p.wrapped[32:48], p.wrapped[48:80])
	if err != nil {
		return err
	}
	s.mu.Lock()
	p.wrapped = theirs // the client's ephemeral key, open
	s.mu.Unlock()
	p.conn.send(s.notification("link_code_companion_reg", binary.Node{Tag: "link_code_companion_reg",
		Content: []binary.Node{
			{Tag: "link_code_pairing_ref", Content: []byte(ref)},
			{Tag: "link_code_pairing_wrapped_primary_ephemeral_pub", Content: wrapped},
			{Tag: "primary_identity_pub", Content: a.primary.Pub[:]}}}))
	return nil
}

// codeStream encrypts or decrypts a key under a link code.
func codeStream(code string, salt, iv, in []byte) ([]byte, error) {
	key, err := pbkdf2.Key(sha256.New, code, salt, 2<<16, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(in))
	cipher.NewCTR(block, iv).XORKeyStream(out, in)
	return out, nil
}

// finishCode opens the client's key bundle and accepts it.
func (s *Server) finishCode(reg *binary.Node) error {
	s.mu.Lock()
	p := s.refs[string(content(reg, "link_code_pairing_ref"))]
	s.mu.Unlock()
	bundle := content(reg, "link_code_pairing_wrapped_key_bundle")
	identity := content(reg, "companion_identity_public")
	if p == nil || p.primary == nil || len(bundle) < 44 || len(identity) != 32 {
		return fmt.Errorf("nothing to finish")
	}
	shared, err := curve25519.X25519(p.primary.Priv[:], p.wrapped)
	if err != nil {
		return err
	}
	key, err := hkdf.Key(sha256.New, shared, bundle[:32], "link_code_pairing_key_bundle_encryption_key", 32)
	if err != nil {
		return err
	}
	plain, err := gcmutil.Decrypt(key, bundle[32:44], bundle[44:], nil)
	if err != nil {
		return fmt.Errorf("wrong code: %w", err)
	}
	s.mu.Lock()
	a := s.account(p.phone)
	s.mu.Unlock()
	between, err := curve25519.X25519(a.primary.Priv[:], identity)
	if err != nil {
		return err
	}
	input := append(append(append([]byte{}, shared...), between...), plain[64:96]...)
	secret, err := hkdf.Key(sha256.New, input, nil, "adv_secret", 32)
	if err != nil {
		return err
	}
	return s.accept(p.phone, p, secret)
}
