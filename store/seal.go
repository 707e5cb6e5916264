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
	aead    cipher.AEAD
	markKey []byte
}

func newSealer(secret []byte) (*sealer, error) {
	if len(secret) < 16 {
		return nil, errors.New("secret must have at least 16 bytes")
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "pst store: seal", 32)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	markKey, err := hkdf.Key(sha256.New, secret, nil, "pst store: mark", 32)
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
	return &sealer{aead: aead, markKey: markKey}, nil
}

// seal encrypts; what names the kind of row, so that a value moved to another
// table does not open.
func (s *sealer) seal(what string, plain []byte) []byte {
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	rand.Read(nonce) // never fails: it ends the program instead
	return s.aead.Seal(nonce, nonce, plain, []byte(what))
}

// open returns [ErrSecret], wrapped, for what this secret did not seal, and nil
// for a value that was emptied.
func (s *sealer) open(what string, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
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
func (s *sealer) sealJSON(what string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", what, err)
	}
	return s.seal(what, plain), nil
}

// openJSON leaves v as it is for a value that was emptied.
func (s *sealer) openJSON(what string, sealed []byte, v any) error {
	plain, err := s.open(what, sealed)
	if err != nil || plain == nil {
		return err
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// mark is a keyed hash that recognises the parts again without holding them.
func (s *sealer) mark(parts ...string) []byte {
	h := hmac.New(sha256.New, s.markKey)
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
