package whatsapptest

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// wrongs waits until the server has refused something, and returns it.
func wrongs(t *testing.T, s *Server) string {
	t.Helper()
	for end := time.Now().Add(Patience); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if got := s.Refused(); len(got) > 0 {
			return strings.Join(got, "; ")
		}
	}
	t.Fatal("nothing was refused")
	return ""
}

// What no server would take is refused, each for its own reason.
func TestMalformedStanzasAreRefused(t *testing.T) {
	s := New(t)
	a := s.Person("6281200000002", "Ani")
	s.Person("6281200000003", "Budi")
	to, id := JID("6281200000003"), "3EB0AAAABBBBCCCCDDDD11"
	enc := func(at binary.Attrs) binary.Node { return binary.Node{Tag: "enc", Attrs: at, Content: []byte{1, 2}} }
	good := binary.Attrs{"v": "2", "type": "msg"}
	list := func(j types.JID, at binary.Attrs) []binary.Node {
		return []binary.Node{{Tag: "participants", Content: []binary.Node{{Tag: "to", Attrs: binary.Attrs{"jid": j},
			Content: []binary.Node{enc(at)}}}}}
	}
	message := func(id, kind string, kids []binary.Node) binary.Node {
		return binary.Node{Tag: "message", Attrs: binary.Attrs{"id": id, "type": kind, "to": to}, Content: kids}
	}
	signed := binary.Node{Tag: "skey", Content: []binary.Node{{Tag: "id", Content: []byte{0, 0, 1}},
		{Tag: "value", Content: make([]byte, 32)}, {Tag: "signature", Content: make([]byte, 64)}}}
	for name, c := range map[string]struct {
		node binary.Node
		want string
	}{
		"id of no client": {message("1", "text", list(to, good)), "malformed message"},
		"unknown type":    {message(id, "letter", list(to, good)), "malformed message"},
		"no content":      {message(id, "text", nil), "without content"},
		"version of ciphertext": {message(id, "text", list(to, binary.Attrs{"v": "1", "type": "msg"})),
			"malformed ciphertext"},
		"kind of ciphertext": {message(id, "text", list(to, binary.Attrs{"v": "2", "type": "plain"})),
			"malformed ciphertext"},
		"media of no kind":  {message(id, "media", list(to, good)), "which kind"},
		"for somebody else": {message(id, "text", list(JID(a.Phone), good)), "not for"},
		"for nobody":        {message(id, "text", list(JID("6281999999999"), good)), "list of devices"},
		"receipt of no kind": {binary.Node{Tag: "receipt", Attrs: binary.Attrs{"id": "1", "to": to, "type": "seen"}},
			"receipt"},
		"acknowledges nothing":  {binary.Node{Tag: "ack", Attrs: binary.Attrs{"id": "1", "to": to}}, "acknowledgement"},
		"presence without name": {binary.Node{Tag: "presence", Attrs: binary.Attrs{"type": "available"}}, "presence"},
		"typing nothing":        {binary.Node{Tag: "chatstate", Attrs: binary.Attrs{"to": to}}, "chat state"},
		"query without id": {binary.Node{Tag: "iq", Attrs: binary.Attrs{"type": "get", "xmlns": "w:p",
			"to": types.ServerJID}}, "query"},
		"query about nothing": {binary.Node{Tag: "iq", Attrs: binary.Attrs{"id": "1", "type": "get",
			"to": types.ServerJID}}, "query"},
		"prekey nobody signed": {binary.Node{Tag: "iq", Attrs: binary.Attrs{"id": "1", "type": "set", "xmlns": "encrypt",
			"to": types.ServerJID},
			Content: []binary.Node{{Tag: "registration", Content: make([]byte, 4)}, {Tag: "type", Content: []byte{5}},
				{Tag: "identity", Content: a.Client.Store.IdentityKey.Pub[:]}, signed}}, "signature"},
	} {
		//lint:ignore SA1019 what is dangerous about it is the point
		if err := a.Client.DangerousInternals().SendNode(context.Background(), c.node); err != nil {
			t.Fatal(err)
		}
		if got := wrongs(t, s); !strings.Contains(got, c.want) {
			t.Errorf("%s: refused as %q, want %q", name, got, c.want)
		}
	}
}

func TestDeviceThatDidNotSignItselfCannotWrite(t *testing.T) {
	s := New(t)
	s.Person("6281200000002", "Ani")
	for name, spoil := range map[string]func(*waAdv.ADVSignedDeviceIdentity){
		"device signature":  func(a *waAdv.ADVSignedDeviceIdentity) { a.DeviceSignature = make([]byte, 64) },
		"account signature": func(a *waAdv.ADVSignedDeviceIdentity) { a.AccountSignature = make([]byte, 64) },
	} {
		file := filepath.Join(t.TempDir(), "device.db")
		s.LinkFile(file, "6281200000001", "PST")
		box, err := sqlstore.New(t.Context(), "sqlite", deviceDSN(file), nil)
		if err != nil {
			t.Fatal(err)
		}
		dev, err := box.GetFirstDevice(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		spoil(dev.Account)
		c := whatsmeow.NewClient(dev, nil)
		c.SetWebsocketHTTPClient(s.HTTPClient())
		if err := c.Connect(); err != nil || !c.WaitForConnection(Patience) {
			t.Fatalf("connect: %v", err)
		}
		_, err = c.SendMessage(t.Context(), JID("6281200000002"), &waE2E.Message{Conversation: proto.String("halo")})
		if err == nil {
			t.Errorf("%s of zeros: the message was taken", name)
		}
		if got := wrongs(t, s); !strings.Contains(got, "has not signed") {
			t.Errorf("%s of zeros: refused as %q", name, got)
		}
		c.Disconnect()
		if err := box.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// The hash with which the server answers is of all devices: one that the sender left
// out changes it.
func TestServerTellsOfEveryDevice(t *testing.T) {
	s := New(t)
	a := s.Person("6281200000002", "Ani")
	b := s.Person("6281200000003", "Budi")
	a.Say(b.Phone, "halo")
	s.mu.Lock()
	from := s.accounts[a.Phone].devices[0]
	one := s.participantHash(from, s.accounts[b.Phone].lidJID(0))
	s.mu.Unlock()
	if devices, err := a.Client.GetUserDevices(t.Context(), []types.JID{s.LID(b.Phone)}); err != nil || len(devices) != 1 {
		t.Fatalf("devices %v, %v", devices, err)
	}
	s.LinkFile(filepath.Join(t.TempDir(), "web.db"), b.Phone, "Budi")
	s.mu.Lock()
	two := s.participantHash(from, s.accounts[b.Phone].lidJID(0))
	s.mu.Unlock()
	if one == two || len(one) != len("2:")+8 {
		t.Errorf("hash %s with one device, %s with two", one, two)
	}
}

func TestLoginOfNoWhatsAppWebIsRefused(t *testing.T) {
	version := func(v ...uint32) *waWa6.ClientPayload {
		return &waWa6.ClientPayload{WebInfo: &waWa6.ClientPayload_WebInfo{}, UserAgent: &waWa6.ClientPayload_UserAgent{
			Platform:   waWa6.ClientPayload_UserAgent_WEB.Enum(),
			AppVersion: &waWa6.ClientPayload_UserAgent_AppVersion{Primary: &v[0], Secondary: &v[1], Tertiary: &v[2]}}}
	}
	built := store.GetWAVersion()
	if err := checkLogin(version(built[:]...)); err != nil {
		t.Errorf("the version built in: %v", err)
	}
	old := version(2, 2409, 2)
	android := version(built[:]...)
	android.UserAgent.Platform = waWa6.ClientPayload_UserAgent_ANDROID.Enum()
	hash := version(built[:]...)
	hash.DevicePairingData = &waWa6.ClientPayload_DevicePairingRegistrationData{BuildHash: []byte("0123456789abcdef")}
	for name, p := range map[string]*waWa6.ClientPayload{"old": old, "Android": android, "build hash": hash} {
		if checkLogin(p) == nil {
			t.Errorf("%s: let in", name)
		}
	}
}
