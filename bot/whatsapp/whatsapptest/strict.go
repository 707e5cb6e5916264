package whatsapptest

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// What a real server refuses is refused here too, and fails the test unless it
// expected that: a client that no WhatsApp would take must not pass.

// refuse notes what a client did wrong.
func (s *Server) refuse(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = append(s.refused, err.Error())
}

// Refused returns what clients did wrong so far, and forgets it. What is left at the
// end of a test fails it.
func (s *Server) Refused() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.refused
	s.refused = nil
	return out
}

// firstVersion is the oldest version let in when a test does not say otherwise: that
// of July 2026, two months before the one this module has built in.
const firstVersion = 1040000000

// checkLogin looks at what a client says of itself.
func checkLogin(p *waWa6.ClientPayload) error {
	v := p.GetUserAgent().GetAppVersion()
	if v.GetPrimary() != 2 || v.GetSecondary() != 3000 {
		return fmt.Errorf("login with version %d.%d.%d", v.GetPrimary(), v.GetSecondary(), v.GetTertiary())
	}
	if p.GetUserAgent().GetPlatform() != waWa6.ClientPayload_UserAgent_WEB || p.WebInfo == nil {
		return errors.New("login that is not WhatsApp Web's")
	}
	reg := p.GetDevicePairingData()
	if reg == nil {
		return nil
	}
	sum := md5.Sum(fmt.Appendf(nil, "%d.%d.%d", v.GetPrimary(), v.GetSecondary(), v.GetTertiary()))
	switch {
	case string(reg.GetBuildHash()) != string(sum[:]):
		return errors.New("registration whose build hash is not its version's")
	case len(reg.GetERegid()) != 4 || len(reg.GetESkeyID()) != 3 ||
		string(reg.GetEKeytype()) != string([]byte{ecc.DjbType}):
		return errors.New("registration with malformed keys")
	}
	signed := keyNode{id: reg.GetESkeyID(), value: reg.GetESkeyVal(), signature: reg.GetESkeySig()}
	return checkSignedKey(reg.GetEIdent(), signed)
}

// checkSignedKey verifies that a signed prekey is the identity's.
func checkSignedKey(identity []byte, k keyNode) error {
	if len(identity) != 32 || len(k.id) != 3 || len(k.value) != 32 || len(k.signature) != 64 {
		return errors.New("malformed signed prekey")
	}
	public := ecc.NewDjbECPublicKey([32]byte(identity))
	if !ecc.VerifySignature(public, append([]byte{ecc.DjbType}, k.value...), [64]byte(k.signature)) {
		return errors.New("signed prekey whose signature is not its identity's")
	}
	return nil
}

// checkKeys looks at prekeys that a client brings.
func checkKeys(n *binary.Node) error {
	if len(content(n, "registration")) != 4 || string(content(n, "type")) != string([]byte{ecc.DjbType}) {
		return errors.New("prekeys without registration or type")
	}
	skey, _ := n.GetOptionalChildByTag("skey")
	if err := checkSignedKey(content(n, "identity"), readKey(skey)); err != nil {
		return err
	}
	list, _ := n.GetOptionalChildByTag("list")
	if len(list.GetChildren()) == 0 {
		return errors.New("prekeys without keys")
	}
	for _, k := range list.GetChildren() {
		if key := readKey(k); len(key.id) != 3 || len(key.value) != 32 {
			return errors.New("malformed prekey")
		}
	}
	return nil
}

// checkIdentity verifies that the account has signed for the device, and the device
// for itself.
func checkIdentity(signed []byte, account *account, identity []byte) error {
	var id waAdv.ADVSignedDeviceIdentity
	if proto.Unmarshal(signed, &id) != nil || len(identity) != 32 || len(id.GetAccountSignature()) != 64 ||
		len(id.GetDeviceSignature()) != 64 {
		return errors.New("malformed device identity")
	}
	said := append(append([]byte{}, id.GetDetails()...), identity...)
	if !ecc.VerifySignature(ecc.NewDjbECPublicKey(*account.primary.Pub),
		append(append([]byte{}, whatsmeow.AdvAccountSignaturePrefix...), said...), [64]byte(id.GetAccountSignature())) {
		return errors.New("device identity that the account has not signed")
	}
	said = append(append(append([]byte{}, whatsmeow.AdvDeviceSignaturePrefix...), said...), account.primary.Pub[:]...)
	if !ecc.VerifySignature(ecc.NewDjbECPublicKey([32]byte(identity)), said, [64]byte(id.GetDeviceSignature())) {
		return errors.New("device identity that the device has not signed")
	}
	return nil
}

var (
	webMessage   = regexp.MustCompile(`^3EB0[0-9A-F]{18}$`)
	messageTypes = []string{"text", "media", "reaction", "poll", "event", "medianotify"}
	receiptTypes = []string{"", "read", "read-self", "played", "played-self", "inactive", "sender", "retry",
		"server-error", "hist_sync", "peer_msg"}
)

// checkStanza looks at the shape of what a logged-in client sends.
func checkStanza(n *binary.Node) error {
	id, to := textAttr(n, "id"), jidAttr(n, "to")
	switch n.Tag {
	case "iq":
		kind := textAttr(n, "type")
		if id == "" || !slices.Contains([]string{"get", "set", "result", "error"}, kind) ||
			(kind == "get" || kind == "set") && (textAttr(n, "xmlns") == "" || to.IsEmpty()) {
			return fmt.Errorf("malformed query: %v", n.Attrs)
		}
	case "receipt":
		if id == "" || to.IsEmpty() || !slices.Contains(receiptTypes, textAttr(n, "type")) {
			return fmt.Errorf("malformed receipt: %v", n.Attrs)
		}
	case "ack":
		if id == "" || to.IsEmpty() || textAttr(n, "class") == "" {
			return fmt.Errorf("malformed acknowledgement: %v", n.Attrs)
		}
	case "presence":
		kind := textAttr(n, "type")
		named := (kind == "available" || kind == "unavailable") && textAttr(n, "name") != ""
		if kind != "subscribe" && !named {
			return fmt.Errorf("malformed presence: %v", n.Attrs)
		}
	case "chatstate":
		if kids := n.GetChildren(); to.IsEmpty() || len(kids) != 1 || kids[0].Tag != "composing" && kids[0].Tag != "paused" {
			return errors.New("malformed chat state")
		}
	}
	return nil
}

// checkMessage looks at a message and whom it was encrypted for. Callers hold mu.
func (s *Server) checkMessage(from *device, n *binary.Node) error {
	to := jidAttr(n, "to")
	kind := textAttr(n, "type")
	if !webMessage.MatchString(textAttr(n, "id")) || to.IsEmpty() || !slices.Contains(messageTypes, kind) {
		return fmt.Errorf("malformed message: %v", n.Attrs)
	}
	var encs []binary.Node
	if parts, ok := n.GetOptionalChildByTag("participants"); ok {
		if to.Device != 0 {
			return errors.New("message to one device with a list of devices")
		}
		seen := map[string]bool{}
		for _, part := range parts.GetChildren() {
			j := jidAttr(&part, "jid")
			a := s.find(j)
			enc, ok := part.GetOptionalChildByTag("enc")
			switch {
			case part.Tag != "to" || !ok || a == nil || seen[j.String()] && a != from.account: // to itself: both lists are one
				return fmt.Errorf("malformed list of devices (%s)", part.Tag)
			case a != from.account && a != s.find(to), a == from.account && j.Device == from.id:
				return errors.New("message encrypted for a device that it is not for")
			}
			seen[j.String()] = true
			encs = append(encs, enc)
		}
	} else if enc, ok := n.GetOptionalChildByTag("enc"); ok {
		encs = []binary.Node{enc} // what was asked for again
	}
	if len(encs) == 0 {
		return errors.New("message without content")
	}
	fresh := false
	for _, enc := range encs {
		text, _ := enc.Content.([]byte)
		how := textAttr(&enc, "type")
		if textAttr(&enc, "v") != "2" || how != "msg" && how != "pkmsg" || len(text) == 0 {
			return fmt.Errorf("malformed ciphertext: %v", enc.Attrs)
		}
		if kind == "media" && textAttr(&enc, "mediatype") == "" {
			return errors.New("media message that does not say which kind")
		}
		fresh = fresh || how == "pkmsg"
	}
	if fresh && from.id != 0 {
		return checkIdentity(content(n, "device-identity"), from.account, from.identity)
	}
	return nil
}

// participantHash is what the server answers a sender, who compares it with the devices
// that it knew of the receiver and of its own account, itself too. Callers hold mu.
func (s *Server) participantHash(from *device, to types.JID) string {
	var all []string
	lid := to.Server == types.HiddenUserServer
	for _, a := range []*account{s.find(to), from.account} {
		if a == nil {
			continue
		}
		for id, d := range a.devices {
			j := a.jid(id)
			if lid {
				j = a.lidJID(id)
			}
			if d.skey != nil && !slices.Contains(all, j.ADString()) {
				all = append(all, j.ADString())
			}
		}
	}
	slices.Sort(all)
	sum := sha256.Sum256([]byte(strings.Join(all, "")))
	return "2:" + base64.RawStdEncoding.EncodeToString(sum[:6])
}
