package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"pst/conversation"
)

// addressIndex is the blind index of an address: what stands for an address where it need only be known again. It
// tells nothing without the key. There is none for no address.
func (s *sealer) addressIndex(a string) string {
	if a == "" {
		return ""
	}
	return hex.EncodeToString(s.blindIndex("address", a))
}

// ticketIndex is what stands for a chat in its tickets: another index than that of
// the letters sent there, or the two would be one trace.
func (s *sealer) ticketIndex(a string) string {
	if a == "" {
		return ""
	}
	return hex.EncodeToString(s.blindIndex("ticket", a))
}

// personIndex is what stands for a reader in their tickets.
func (s *sealer) personIndex(reader int64) string {
	if reader == 0 {
		return ""
	}
	return hex.EncodeToString(s.blindIndex("reader", strconv.FormatInt(reader, 10)))
}

// indexes are the blind indexes of addresses, as a parameter for json_each.
func indexes(of func(string) string, addresses []string) string {
	out := make([]string, 0, len(addresses))
	for _, a := range addresses {
		out = append(out, of(a))
	}
	return list(out)
}

// sealedRef is how a reference begins that only the key opens: one that would tie
// a ticket to the address beside it.
const sealedRef = "~"

// hideRef seals a reference to a ticket, bound to the key of its row.
func (s *sealer) hideRef(key, ref string) string {
	if !strings.HasPrefix(ref, "ticket:") {
		return ref
	}
	return sealedRef + base64.RawURLEncoding.EncodeToString(s.seal("ref", key, []byte(ref)))
}

// showRef opens what hideRef made; what does not open refers to nothing.
func (s *sealer) showRef(key, ref string) string {
	hidden, ok := strings.CutPrefix(ref, sealedRef)
	if !ok {
		return ref
	}
	sealed, err := base64.RawURLEncoding.DecodeString(hidden)
	if err != nil {
		return ""
	}
	plain, err := s.open("ref", key, sealed)
	if err != nil {
		return ""
	}
	return string(plain)
}

// hideAddresses brings what older programs wrote in clear up to migration 5, once.
func (db *DB) hideAddresses(ctx context.Context) error {
	err := db.one(ctx, `SELECT 1 FROM meta WHERE name = 'marked'`, nil, new(int))
	if !errors.Is(err, conversation.ErrNotFound) {
		return err
	}
	return doing("hide addresses", db.update(ctx, func(t *tx) error {
		var done int
		if err := t.row(`SELECT 1 FROM meta WHERE name = 'marked'`).Scan(&done); !errors.Is(err, sql.ErrNoRows) {
			return err // another process was faster
		}
		u := &turn{tx: t, db: db, now: ms(db.now())}
		if err := u.hideTickets(); err != nil {
			return err
		}
		if err := u.hideLetters(); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO meta (name, value) VALUES ('marked', 1)`)
		return err
	}))
}

func (u *turn) hideTickets() error {
	type row struct {
		id, chat string
		reader   int64
	}
	var rows []row
	err := u.each(`SELECT id, chat, coalesce(reader, 0) FROM tickets`, nil, func(s scanner) error {
		var r row
		err := s.Scan(&r.id, &r.chat, &r.reader)
		rows = append(rows, r)
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range rows {
		_, err := u.exec(`UPDATE tickets SET chat = ?, person = ?, reader = NULL WHERE id = ?`,
			u.db.seal.ticketIndex(r.chat), u.db.seal.personIndex(r.reader), r.id)
		if err != nil {
			return err
		}
	}
	return nil
}

func (u *turn) hideLetters() error {
	type row struct {
		id             int64
		key, chat, ref string
		state          int
	}
	var rows []row
	err := u.each(`SELECT id, key, chat, ref, state FROM outbox WHERE state <> 0 OR ref LIKE 'ticket:%'`, nil,
		func(s scanner) error {
			var r row
			err := s.Scan(&r.id, &r.key, &r.chat, &r.ref, &r.state)
			rows = append(rows, r)
			return err
		})
	if err != nil {
		return err
	}
	for _, r := range rows {
		chat := r.chat
		if r.state != 0 {
			chat = u.db.seal.addressIndex(r.chat)
		}
		_, err := u.exec(`UPDATE outbox SET chat = ?1, ref = ?2,
			queued = CASE state WHEN 0 THEN queued ELSE queued / ?3 * ?3 END, ended = ended / ?3 * ?3 WHERE id = ?4`,
			chat, u.db.seal.hideRef(r.key, r.ref), hour, r.id)
		if err != nil {
			return err
		}
	}
	return nil
}
