package whatsapptest

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/util/gcmutil"
	"go.mau.fi/whatsmeow/util/keys"
	"golang.org/x/crypto/curve25519"
	"google.golang.org/protobuf/proto"
)

// passkeyOptions is a WebAuthn request as the real server makes it; the
// challenge and the credential are made up.
const passkeyOptions = `{"challenge":"Y2hhbGxlbmdl","timeout":60000,"rpId":"whatsapp.com","allowCredentials":[{"id":"Y3JlZGVudGlhbA","type":"public-key","transports":["internal"]}],"userVerification":"required"}`

// AskPasskey makes every client that waits to be linked prove a passkey of the
// account first; when it does, it is linked to the account.
func (s *Server) AskPasskey(phone string) {
	for c := range s.unlinked(phone) {
		c.send(s.notification("passkey_prologue_request",
			binary.Node{Tag: "passkey_request_options", Content: []byte(passkeyOptions)}))
	}
}

// unlinked lists the clients that wait to be linked, and notes the account that
// they are to be linked to, if one is given.
func (s *Server) unlinked(phone string) map[*conn]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting := map[*conn]bool{}
	for _, p := range s.refs {
		if !p.conn.isClosed() && p.device == nil {
			waiting[p.conn] = true
			if phone != "" {
				p.phone = phone
			}
		}
	}
	return waiting
}

// handlePasskey answers the stages of a passkey exchange; it reports whether
// the stanza is one.
func (s *Server) handlePasskey(c *conn, n *binary.Node, stage *binary.Node) bool {
	body, _ := stage.Content.([]byte)
	var err error
	switch stage.Tag {
	case "ref":
		c.result(n, binary.Node{Tag: "ref", Content: []byte(passkeyRef)})
	case "passkey_prologue":
		c.result(n)
		err = s.beginPasskey(c, content(stage, "prologue_payload"), content(stage, "webauthn_assertion"))
	case "companion_nonce":
		c.result(n)
	case "encrypted_pairing_request":
		c.result(n)
		err = s.finishPasskey(c, body)
	default:
		return false
	}
	if err != nil {
		s.tb.Errorf("whatsapptest: passkey: %v", err)
	}
	return true
}

const passkeyRef = "4@passkey"

// pairingOf is what is known of a client that waits. Callers hold mu.
func (s *Server) pairingOf(c *conn) *pairing {
	for _, p := range s.refs {
		if p.conn == c {
			return p
		}
	}
	return nil
}

func (s *Server) beginPasskey(c *conn, prologue, assertion []byte) error {
	var pro waCompanionReg.ProloguePayload
	var id waCompanionReg.CompanionEphemeralIdentity
	if err := proto.Unmarshal(prologue, &pro); err != nil {
		return err
	}
	if err := proto.Unmarshal(pro.GetCompanionEphemeralIdentity(), &id); err != nil {
		return err
	}
	if id.GetRef() != passkeyRef || len(assertion) == 0 {
		return errors.New("prologue lacks the reference or the assertion")
	}
	ours := keys.NewKeyPair()
	shared, err := curve25519.X25519(ours.Priv[:], id.GetPublicKey())
	if err != nil {
		return err
	}
	salt := fmt.Sprintf("Companion Pairing %d with ref %s", id.GetDeviceType(), id.GetRef())
	key, err := hkdf.Key(sha256.New, shared, []byte(salt), "Pairing Information Encryption Key", 32)
	if err != nil {
		return err
	}
	nonce := make([]byte, 32)
	_, _ = rand.Read(nonce) // never fails
	answer, err := proto.Marshal(&waCompanionReg.PrimaryEphemeralIdentity{PublicKey: ours.Pub[:], Nonce: nonce})
	if err != nil {
		return err
	}
	s.mu.Lock()
	p := s.pairingOf(c)
	if p != nil {
		p.wrapped = key
	}
	s.mu.Unlock()
	if p == nil {
		return errors.New("the client does not wait to be linked")
	}
	c.send(s.notification("crsc_continuation", binary.Node{Tag: "primary_ephemeral_identity", Content: answer}))
	return nil
}

func (s *Server) finishPasskey(c *conn, body []byte) error {
	var sealed waCompanionReg.EncryptedPairingRequest
	var req waCompanionReg.PairingRequest
	if err := proto.Unmarshal(body, &sealed); err != nil {
		return err
	}
	s.mu.Lock()
	p := s.pairingOf(c)
	s.mu.Unlock()
	if p == nil || p.phone == "" {
		return errors.New("nobody asked for a passkey")
	}
	plain, err := gcmutil.Decrypt(p.wrapped, sealed.GetIV(), sealed.GetEncryptedPayload(), nil)
	if err != nil {
		return fmt.Errorf("open request: %w", err)
	}
	if err := proto.Unmarshal(plain, &req); err != nil {
		return err
	}
	if [32]byte(req.GetCompanionIdentityKey()) != p.identity {
		return errors.New("request is for another identity")
	}
	return s.accept(p.phone, p, req.GetAdvSecret())
}

// ChangeCodes makes waiting clients change the secret in their QR codes.
func (s *Server) ChangeCodes() {
	for c := range s.unlinked("") {
		c.send(s.notification("companion_reg_refresh", binary.Node{Tag: "companion_reg_refresh"}))
	}
}

// EndCodes closes the connections of waiting clients, as the real server does
// when the last code has expired.
func (s *Server) EndCodes() {
	for c := range s.unlinked("") {
		c.close()
	}
}
