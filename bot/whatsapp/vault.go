package whatsapp

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"go.mau.fi/libsignal/state/record"
	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// vault stands between whatsmeow and its tables. It does what whatsmeow leaves
// undone:
//
//   - A message that the tables could not take in is not the message's fault.
//     whatsmeow would use up its tries in milliseconds and acknowledge it; the
//     vault makes such a failure a cancellation, after which whatsmeow
//     acknowledges nothing, and tells the link, which lets the line drop.
//   - Texts on their way, in and out, rest sealed.
//   - Names of people and the secrets of their messages are not kept: the desk
//     needs neither.
type vault struct {
	store.AllSessionSpecificStores
	seal   sealer
	failed func(error) // the tables could not take something in
	well   func()      // they can
	db     *dbutil.Database
	now    func() time.Time
	// spoilt is the last connection of which a message was not taken in: what follows
	// on it is not read, or it would overtake that message.
	spoilt atomic.Int64
	// fault is what went wrong in the tables since the last message.
	fault atomic.Pointer[error]
}

// guard puts the vault before the tables of a linked device.
func guard(dev *store.Device, s sealer, db *dbutil.Database) (*vault, error) {
	all, ok := dev.Sessions.(store.AllSessionSpecificStores)
	if !ok {
		return nil, errors.New("the tables of the device are not one store")
	}
	v := &vault{AllSessionSpecificStores: all, seal: s, db: db, now: time.Now, failed: func(error) {}, well: func() {}}
	dev.SetAllStores(v)
	dev.LIDs = lidVault{dev.LIDs, v}
	return v, nil
}

// note remembers a failure of the tables.
func (v *vault) note(err error) error {
	if err != nil && !errors.Is(err, context.Canceled) && !spoilt(err) {
		v.fault.Store(&err)
	}
	return err
}

// spoilt tells a row that holds what it cannot from a table that cannot be used; what
// it is about is asked for again. database/sql has no error of its own for it.
func spoilt(err error) bool { return strings.Contains(err.Error(), "sql: Scan error") }

// cancelled is a failure in the form after which whatsmeow acknowledges nothing.
func (v *vault) cancelled(ctx context.Context, err error) error {
	n := connectionOf(ctx)
	for old := v.spoilt.Load(); old < n && !v.spoilt.CompareAndSwap(old, n); old = v.spoilt.Load() {
	}
	v.failed(err)
	return fmt.Errorf("device file: %w (%w)", err, context.Canceled)
}

// open is nil while messages of the connection may be read.
func (v *vault) open(ctx context.Context) error {
	if n := connectionOf(ctx); n > 0 && n <= v.spoilt.Load() {
		return fmt.Errorf("behind a message that was not taken in: %w", context.Canceled)
	}
	return nil
}

// DoDecryptionTxn tells a message that cannot be read from tables that cannot.
func (v *vault) DoDecryptionTxn(ctx context.Context, read func(context.Context) error) error {
	var own error
	err := v.AllSessionSpecificStores.DoDecryptionTxn(ctx, func(ctx context.Context) error {
		if own = read(ctx); own != nil {
			return own
		}
		if fault := v.fault.Load(); fault != nil {
			return *fault // the Signal library may have gone on without what it asked for
		}
		return nil
	})
	fault := v.fault.Swap(nil)
	switch {
	case err == nil:
		v.well()
		return nil
	case ctx.Err() != nil, own != nil && fault == nil:
		return err
	}
	return v.cancelled(ctx, err)
}

func (v *vault) GetBufferedEvent(ctx context.Context, hash [32]byte) (*store.BufferedEvent, error) {
	if err := v.open(ctx); err != nil {
		return nil, err
	}
	buf, err := v.AllSessionSpecificStores.GetBufferedEvent(ctx, hash)
	if err != nil {
		if ctx.Err() != nil || spoilt(err) {
			return nil, err
		}
		return nil, v.cancelled(ctx, err)
	}
	if buf == nil || buf.Plaintext == nil {
		return buf, nil
	}
	// Sealed with another key, it is a message that cannot be read: its sender's
	// phone is asked for it again.
	buf.Plaintext, err = v.seal.open("incoming", buf.Plaintext)
	return buf, err
}

func (v *vault) PutBufferedEvent(ctx context.Context, hash [32]byte, plain []byte, at time.Time) error {
	return v.note(v.AllSessionSpecificStores.PutBufferedEvent(ctx, hash, v.seal.seal("incoming", plain), at))
}

func (v *vault) GetOutgoingEvent(ctx context.Context, chat, alt types.JID, id types.MessageID) (string, []byte, error) {
	format, text, err := v.AllSessionSpecificStores.GetOutgoingEvent(ctx, chat, alt, id)
	if err == nil {
		text, err = v.seal.open("outgoing", text)
	}
	return format, text, err
}

func (v *vault) AddOutgoingEvent(ctx context.Context, chat types.JID, id types.MessageID, format string,
	plain []byte) error {
	return v.AllSessionSpecificStores.AddOutgoingEvent(ctx, chat, id, format, v.seal.seal("outgoing", plain))
}

// DeleteOldBufferedHashes does nothing, and DeleteOldOutgoingEvents neither: whatsmeow
// calls them by our clock, which may be wrong. [device.tidy] removes the same once
// WhatsApp has told the time.
func (*vault) DeleteOldBufferedHashes(context.Context) error { return nil }

func (*vault) DeleteOldOutgoingEvents(context.Context) error { return nil }

// What follows is on the way of reading a message; each notes its failure.

func (v *vault) PutIdentity(ctx context.Context, address string, key [32]byte) error {
	return v.note(v.AllSessionSpecificStores.PutIdentity(ctx, address, key))
}

func (v *vault) IsTrustedIdentity(ctx context.Context, address string, key [32]byte) (bool, error) {
	ok, err := v.AllSessionSpecificStores.IsTrustedIdentity(ctx, address, key)
	return ok, v.note(err)
}

func (v *vault) DeleteIdentity(ctx context.Context, address string) error {
	return v.note(v.AllSessionSpecificStores.DeleteIdentity(ctx, address))
}

func (v *vault) GetSession(ctx context.Context, address string) ([]byte, error) {
	session, err := v.AllSessionSpecificStores.GetSession(ctx, address)
	return whole(session), v.note(err)
}

func (v *vault) GetManySessions(ctx context.Context, addresses []string) (map[string][]byte, error) {
	sessions, err := v.AllSessionSpecificStores.GetManySessions(ctx, addresses)
	for address, s := range sessions {
		sessions[address] = whole(s)
	}
	return sessions, err
}

// whole is a session, or none when it is spoilt: with none a new one is begun, with
// a spoilt one nothing of that person could ever be read again.
func whole(session []byte) []byte {
	if session == nil {
		return nil
	}
	form := store.SignalProtobufSerializer
	if _, err := record.NewSessionFromBytes(session, form.Session, form.State); err != nil {
		return nil
	}
	return session
}

func (v *vault) HasSession(ctx context.Context, address string) (bool, error) {
	has, err := v.AllSessionSpecificStores.HasSession(ctx, address)
	return has, v.note(err)
}

func (v *vault) PutSession(ctx context.Context, address string, session []byte) error {
	if err := v.AllSessionSpecificStores.PutSession(ctx, address, session); err != nil {
		return v.note(err)
	}
	return v.note(v.used(ctx, address))
}

// PutManySessions is how the keys are written that a letter was sealed with.
func (v *vault) PutManySessions(ctx context.Context, sessions map[string][]byte) error {
	return v.db.DoTxn(ctx, nil, func(ctx context.Context) error {
		if err := v.AllSessionSpecificStores.PutManySessions(ctx, sessions); err != nil {
			return err
		}
		for address := range sessions {
			if err := v.used(ctx, address); err != nil {
				return err
			}
		}
		return nil
	})
}

// used notes, in the transaction of ctx, that an address's keys were just used.
func (v *vault) used(ctx context.Context, address string) error {
	_, err := v.db.Exec(ctx, `INSERT INTO pst_keys (address, used) VALUES ($1, $2)
		ON CONFLICT (address) DO UPDATE SET used = excluded.used`, address, v.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("note use of keys: %w", err)
	}
	return nil
}

func (v *vault) DeleteSession(ctx context.Context, address string) error {
	return v.note(v.AllSessionSpecificStores.DeleteSession(ctx, address))
}

func (v *vault) MigratePNToLID(ctx context.Context, pn, lid types.JID) error {
	return v.note(v.AllSessionSpecificStores.MigratePNToLID(ctx, pn, lid))
}

func (v *vault) RemovePreKey(ctx context.Context, id uint32) error {
	return v.note(v.AllSessionSpecificStores.RemovePreKey(ctx, id))
}

// lidVault notes failures of the table of numbers and LIDs.
type lidVault struct {
	store.LIDStore
	v *vault
}

func (l lidVault) GetLIDForPN(ctx context.Context, pn types.JID) (types.JID, error) {
	lid, err := l.LIDStore.GetLIDForPN(ctx, pn)
	return lid, l.v.note(err)
}

// What the desk has no use for is not kept.

func (*vault) PutPushName(context.Context, types.JID, string) (bool, string, error) {
	return false, "", nil
}

func (*vault) PutBusinessName(context.Context, types.JID, string) (bool, string, error) {
	return false, "", nil
}

func (*vault) PutContactName(context.Context, types.JID, string, string) error         { return nil }
func (*vault) PutAllContactNames(context.Context, []store.ContactEntry) error          { return nil }
func (*vault) PutManyRedactedPhones(context.Context, []store.RedactedPhoneEntry) error { return nil }
func (*vault) PutMessageSecrets(context.Context, []store.MessageSecretInsert) error    { return nil }

func (*vault) PutMessageSecret(context.Context, types.JID, types.JID, types.MessageID, []byte) error {
	return nil
}

// sealer keeps texts unreadable to whoever has only the device file.
type sealer struct{ aead cipher.AEAD }

// sealedMark begins every sealed text; what does not begin so was written
// before texts were sealed. No message of whatsmeow's does: the first byte of a
// protocol buffer is no small p with a length that fits.
const sealedMark = "pst1:"

func newSealer(key []byte) (sealer, error) {
	if len(key) < 16 {
		return sealer{}, errors.New("the key must have at least 16 bytes")
	}
	derived, err := hkdf.Key(sha256.New, key, nil, "pst whatsapp: seal", 32)
	if err != nil {
		return sealer{}, fmt.Errorf("derive key: %w", err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return sealer{}, fmt.Errorf("make cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return sealer{}, fmt.Errorf("make cipher: %w", err)
	}
	return sealer{aead}, nil
}

// seal encrypts; what names the table, so that no text opens in another.
func (s sealer) seal(what string, plain []byte) []byte {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce) // never fails: it ends the program instead
	out := append([]byte(sealedMark), nonce...)
	return s.aead.Seal(out, nonce, plain, []byte(what))
}

var errSealed = errors.New("a text in the device file was sealed with another key")

// open returns errSealed for what this key did not seal. A text from before
// there were seals comes back as it is.
func (s sealer) open(what string, sealed []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(sealed, []byte(sealedMark))
	if !ok {
		return sealed, nil
	}
	n := s.aead.NonceSize()
	if len(rest) < n {
		return nil, errSealed
	}
	plain, err := s.aead.Open(nil, rest[:n], rest[n:], []byte(what))
	if err != nil {
		return nil, errSealed
	}
	if plain == nil {
		plain = []byte{} // nil would say: handled already
	}
	return plain, nil
}

// tidyQueries remove what is no longer needed; what a clock that was wrong dated into
// the future counts from now. The last two are of versions that kept names, secrets
// and plain texts.
var tidyQueries = []string{
	`UPDATE whatsmeow_event_buffer SET insert_timestamp = $1 WHERE insert_timestamp > $1 + 24*3600*1000`,
	`UPDATE whatsmeow_retry_buffer SET timestamp = $1 WHERE timestamp > $1 + 24*3600*1000`,
	`UPDATE pst_unreadable SET at = $1 WHERE at > $1 + 24*3600*1000`,
	`UPDATE pst_keys SET used = $1 WHERE used > $1 + 24*3600*1000`,
	`DELETE FROM whatsmeow_event_buffer WHERE insert_timestamp < $1 - 14*24*3600*1000`, // WhatsApp keeps messages so long
	`DELETE FROM whatsmeow_retry_buffer WHERE timestamp < $1 - 7*24*3600*1000`,
	`DELETE FROM pst_unreadable WHERE at < $1 - 30*24*3600*1000`,
	`DELETE FROM whatsmeow_contacts WHERE $1 > 0`,
	`DELETE FROM whatsmeow_message_secrets WHERE $1 > 0`,
	`DELETE FROM whatsmeow_retry_buffer WHERE $1 > 0 AND substr(CAST(plaintext AS BLOB), 1, 5) <> CAST('` + sealedMark +
		`' AS BLOB)`,
}

// tidy removes what is no longer needed, also in pages that are not used any more.
func (d *device) tidy(ctx context.Context, now time.Time) error {
	old := int64(0)
	for _, q := range tidyQueries {
		res, err := d.db.Exec(ctx, q, now.UnixMilli())
		if err != nil {
			return fmt.Errorf("tidy device file: %w", err)
		}
		if strings.Contains(q, "$1 > 0") {
			n, err := res.RowsAffected()
			if err != nil {
				return fmt.Errorf("tidy device file: %w", err)
			}
			old += n
		}
	}
	if old > 0 { // written before deleted rows were overwritten
		if _, err := d.db.Exec(ctx, `VACUUM`); err != nil {
			return fmt.Errorf("tidy device file: %w", err)
		}
	}
	if _, err := d.db.Exec(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return fmt.Errorf("tidy device file: %w", err)
	}
	return nil
}
