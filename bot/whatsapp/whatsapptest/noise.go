package whatsapptest

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/util/gcmutil"
	"go.mau.fi/whatsmeow/util/keys"
	"golang.org/x/crypto/curve25519"
	"google.golang.org/protobuf/proto"
)

// noise is the answering side of Noise_XX_25519_AESGCM_SHA256.
type noise struct {
	hash, salt []byte
	key        cipher.AEAD
	count      uint32
}

// secured is what a finished handshake leaves: a key for each direction and
// who the client says it is.
type secured struct {
	read, write cipher.AEAD
	static      [32]byte // the client's noise key: a device is known by it
	payload     *waWa6.ClientPayload
}

func iv(n uint32) []byte {
	b := make([]byte, 12)
	binary.BigEndian.PutUint32(b[8:], n)
	return b
}

func (n *noise) authenticate(b []byte) {
	h := sha256.New()
	h.Write(n.hash)
	h.Write(b)
	n.hash = h.Sum(nil)
}

func (n *noise) seal(plain []byte) []byte {
	c := n.key.Seal(nil, iv(n.count), plain, n.hash)
	n.count++
	n.authenticate(c)
	return c
}

func (n *noise) open(c []byte) ([]byte, error) {
	p, err := n.key.Open(nil, iv(n.count), c, n.hash)
	n.count++
	n.authenticate(c)
	return p, err
}

func (n *noise) expand(secret []byte) (first, second []byte, err error) {
	out, err := hkdf.Key(sha256.New, secret, n.salt, "", 64)
	if err != nil {
		return nil, nil, err
	}
	return out[:32], out[32:], nil
}

func (n *noise) mix(priv *[32]byte, pub []byte) error {
	secret, err := curve25519.X25519(priv[:], pub)
	if err != nil {
		return err
	}
	salt, key, err := n.expand(secret)
	if err != nil {
		return err
	}
	n.salt, n.count = salt, 0
	n.key, err = gcmutil.Prepare(key)
	return err
}

// handshake answers one client. read and write carry whole frames.
func handshake(static *keys.KeyPair, cert []byte, read func() ([]byte, error), write func([]byte) error) (*secured,
	error) {
	n := &noise{hash: []byte(socket.NoiseStartPattern), salt: []byte(socket.NoiseStartPattern)}
	n.authenticate(socket.WAConnHeader)

	var hello waWa6.HandshakeMessage
	if err := readProto(read, &hello); err != nil {
		return nil, fmt.Errorf("read client hello: %w", err)
	}
	theirs := hello.GetClientHello().GetEphemeral()
	if len(theirs) != 32 {
		return nil, fmt.Errorf("client hello has a key of %d bytes", len(theirs))
	}
	n.authenticate(theirs)

	ours := keys.NewKeyPair()
	n.authenticate(ours.Pub[:])
	if err := n.mix(ours.Priv, theirs); err != nil {
		return nil, err
	}
	sealedStatic := n.seal(static.Pub[:])
	if err := n.mix(static.Priv, theirs); err != nil {
		return nil, err
	}
	answer, err := proto.Marshal(&waWa6.HandshakeMessage{ServerHello: &waWa6.HandshakeMessage_ServerHello{
		Ephemeral: ours.Pub[:], Static: sealedStatic, Payload: n.seal(cert)}})
	if err != nil {
		return nil, err
	}
	if err := write(answer); err != nil {
		return nil, err
	}

	var finish waWa6.HandshakeMessage
	if err := readProto(read, &finish); err != nil {
		return nil, fmt.Errorf("read client finish: %w", err)
	}
	clientStatic, err := n.open(finish.GetClientFinish().GetStatic())
	if err != nil || len(clientStatic) != 32 {
		return nil, fmt.Errorf("open client key: %w", err)
	}
	if err := n.mix(ours.Priv, clientStatic); err != nil {
		return nil, err
	}
	plain, err := n.open(finish.GetClientFinish().GetPayload())
	if err != nil {
		return nil, fmt.Errorf("open client payload: %w", err)
	}
	s := &secured{static: [32]byte(clientStatic), payload: &waWa6.ClientPayload{}}
	if err := proto.Unmarshal(plain, s.payload); err != nil {
		return nil, fmt.Errorf("decode client payload: %w", err)
	}
	fromClient, toClient, err := n.expand(nil)
	if err != nil {
		return nil, err
	}
	if s.read, err = gcmutil.Prepare(fromClient); err != nil {
		return nil, err
	}
	s.write, err = gcmutil.Prepare(toClient)
	return s, err
}

func readProto(read func() ([]byte, error), m proto.Message) error {
	b, err := read()
	if err != nil {
		return err
	}
	return proto.Unmarshal(b, m)
}
