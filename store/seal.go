package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// sealer keeps what people write unreadable to whoever has only the file.
type sealer struct {
	aead     cipher.AEAD
	indexKey []byte
}

func newSealer(secret []byte) (*sealer, error) {
	if len(secret) < 16 {
		return nil, errors.New("secret must have at least 16 bytes")
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "pst store: seal", 32)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	indexKey, err := hkdf.Key(sha256.New, secret, nil, "pst store: mark", 32)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	return &sealer{aead: aead, indexKey: indexKey}, nil
}

// format is the first byte of a sealed value: 2, then nonce and ciphertext. Values
// of the first versions had no such byte; [DB.bind] brings them up to date.
const format = 2

// bound is what a value is sealed to: the kind of row and the row.
func bound(what, row string) []byte { return []byte(what + "\x00" + row) }

// seal encrypts; what names the kind of row and row the row, so that a value moved
// to another table or another row does not open.
func (s *sealer) seal(what, row string, plain []byte) []byte {
	n := 1 + s.aead.NonceSize()
	out := make([]byte, n, n+len(plain)+s.aead.Overhead())
	out[0] = format
	rand.Read(out[1:]) // never fails: it ends the program instead
	return s.aead.Seal(out, out[1:], plain, bound(what, row))
}

// open returns [ErrSecret], wrapped, for what this secret did not seal for this
// row, and nil for a value that was emptied.
func (s *sealer) open(what, row string, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	n := 1 + s.aead.NonceSize()
	if len(sealed) >= n && sealed[0] != format {
		return nil, fmt.Errorf("unseal %s: %w", what, errFormat)
	}
	if len(sealed) < n {
		return nil, fmt.Errorf("unseal %s: %w", what, ErrSecret)
	}
	plain, err := s.aead.Open(nil, sealed[1:n], sealed[n:], bound(what, row))
	if err != nil {
		return nil, fmt.Errorf("unseal %s: %w", what, ErrSecret)
	}
	return plain, nil
}

// openOld opens a value of the first versions, which was bound to its kind alone.
func (s *sealer) openOld(what string, sealed []byte) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, fmt.Errorf("unseal %s: %w", what, ErrSecret)
	}
	plain, err := s.aead.Open(nil, sealed[:n], sealed[n:], []byte(what))
	if err != nil {
		return nil, fmt.Errorf("unseal %s: %w", what, ErrSecret)
	}
	return plain, nil
}

// sealJSON seals a record; records are plain structs, which always marshal.
func (s *sealer) sealJSON(what, row string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", what, err)
	}
	return s.seal(what, row, plain), nil
}

// openJSON leaves v as it is for a value that was emptied; what opens and is no value
// of v's kind is an error as well, see [decode].
func (s *sealer) openJSON(what, row string, sealed []byte, v any) error {
	plain, err := s.open(what, row, sealed)
	if err != nil || plain == nil {
		return err
	}
	if err := decode(row, plain, v); err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// blindIndex is a keyed hash of the parts, by which they are known again without being held. Its columns in the
// database, and the label its key is derived under, are named mark as they were released.
func (s *sealer) blindIndex(parts ...string) []byte {
	h := hmac.New(sha256.New, s.indexKey)
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return h.Sum(nil)[:16]
}

// keys makes the keys of outbox rows, in the form of a WhatsApp message id,
// the only platform that lets the sender choose.
type keys struct {
	mu   sync.Mutex
	from io.Reader
}

func (k *keys) next() (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var b [9]byte
	if _, err := io.ReadFull(k.from, b[:]); err != nil {
		return "", fmt.Errorf("make outbox key: %w", err)
	}
	return "3EB0" + strings.ToUpper(hex.EncodeToString(b[:])), nil
}

// Seal seals a file that leaves the data folder, bound to its name; [Unseal] opens it.
func Seal(secret []byte, name string, plain []byte) ([]byte, error) {
	s, err := newSealer(secret)
	if err != nil {
		return nil, doing("seal "+name, err)
	}
	return s.seal("file", name, plain), nil
}

// Unseal returns [ErrSecret], wrapped, for what this secret did not seal under this name.
func Unseal(secret []byte, name string, sealed []byte) ([]byte, error) {
	s, err := newSealer(secret)
	if err != nil {
		return nil, doing("unseal "+name, err)
	}
	return s.open("file", name, sealed)
}
