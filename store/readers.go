package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"pst/conversation"
)

const readerColumns = `SELECT id, data FROM readers `

func (db *DB) reader(ctx context.Context, where string, arg any) (conversation.Reader, error) {
	var r conversation.Reader
	var id int64
	var data []byte
	err := db.one(ctx, readerColumns+where, []any{arg}, &id, &data)
	if err == nil {
		if bad := db.readable("reader", strconv.FormatInt(id, 10), data, &r); bad != nil {
			err = cmp.Or(db.setAside(ctx, asideRow{"reader", strconv.FormatInt(id, 10), "", data, bad}),
				conversation.ErrNotFound)
		}
	}
	if err != nil {
		return conversation.Reader{}, doing("load reader", err)
	}
	r.ID = id
	return r, nil
}

// Reader implements [conversation.Store].
func (db *DB) Reader(ctx context.Context, id int64) (conversation.Reader, error) {
	return db.reader(ctx, `WHERE id = ?`, id)
}

// ReaderByEmail implements [conversation.Store]. The empty hash belongs to nobody.
func (db *DB) ReaderByEmail(ctx context.Context, emailHash string) (conversation.Reader, error) {
	return db.reader(ctx, `WHERE email_hash = ? AND email_hash <> ''`, emailHash)
}

// ReaderByNumber implements [conversation.Store].
func (db *DB) ReaderByNumber(ctx context.Context, number string) (conversation.Reader, error) {
	return db.reader(ctx, `WHERE number = ?`, number)
}

// Frozen implements [conversation.Store].
func (db *DB) Frozen(ctx context.Context) ([]conversation.Reader, error) {
	var out []conversation.Reader
	for r, err := range db.Readers(ctx) {
		if err != nil {
			return nil, doing("list frozen readers", err)
		}
		if r.Frozen {
			out = append(out, r)
		}
	}
	return out, nil
}

// NextReaderID implements [conversation.Store]. People who register at the same
// moment are given different numbers, so that their turns do not conflict; a
// number that then is not used is left out.
func (db *DB) NextReaderID(ctx context.Context) (int64, error) {
	db.numbering.Lock()
	defer db.numbering.Unlock()
	var id int64
	err := db.one(ctx, `SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'readers'`, nil, &id)
	if err != nil {
		return 0, doing("next reader id", err)
	}
	db.lastNumber = max(id, db.lastNumber+1)
	return db.lastNumber, nil
}

// Chats implements [conversation.Store].
func (db *DB) Chats(ctx context.Context, reader int64) ([]conversation.Address, error) {
	var out []conversation.Address
	err := db.each(ctx, `SELECT address FROM chats WHERE reader = ? ORDER BY linked_at, id`, []any{reader},
		func(row scanner) error {
			var a conversation.Address
			err := row.Scan(&a)
			out = append(out, a)
			return err
		})
	return out, doing("list chats", err)
}

// hashes are what a person is known by: the verified e-mail, and the card when
// its number is unique in the country. A student card's is not: two schools may
// give the same number to two people.
func hashes(r conversation.Reader) []string {
	var out []string
	if r.EmailHash != "" {
		out = append(out, "email:"+r.EmailHash)
	}
	switch r.Card.Kind {
	case conversation.KTP, conversation.SIM, conversation.Paspor:
		if r.Card.Hash != "" {
			out = append(out, "card:"+r.Card.Hash)
		}
	}
	return out
}

// person finds who is known by the reader's hashes, one person from now on when
// there were several, and makes the hashes known for as long as the reader
// lives. Nobody known: the reader is a person of their own, under their own id.
func (u *turn) person(r conversation.Reader) (int64, error) {
	// A hash past its date is forgotten by the purge alone, which does not believe
	// every clock.
	known, err := column[int64](u.tx, `SELECT DISTINCT person FROM identities WHERE hash IN (SELECT value FROM json_each(?))
		UNION SELECT person FROM readers WHERE id = ? ORDER BY 1`, list(hashes(r)), r.ID)
	if err != nil {
		return 0, err
	}
	person := r.ID
	if len(known) > 0 {
		person = known[0]
	}
	for _, other := range known[min(1, len(known)):] {
		if err := u.unite(person, other); err != nil {
			return 0, err
		}
	}
	for _, h := range hashes(r) {
		if _, err := u.exec(`INSERT INTO identities (hash, person, until) VALUES (?, ?, 0)
			ON CONFLICT (hash) DO UPDATE SET until = 0`, h, person); err != nil {
			return 0, err
		}
	}
	return person, nil
}

// unite makes two persons one; the union of their pages may pass a limit, and
// then nothing more is granted.
func (u *turn) unite(person, other int64) error {
	for _, query := range []string{
		`UPDATE ledger SET person = ? WHERE person = ?`,
		`UPDATE identities SET person = ? WHERE person = ?`,
		`UPDATE readers SET person = ? WHERE person = ?`,
	} {
		if _, err := u.exec(query, person, other); err != nil {
			return err
		}
	}
	return nil
}

func (u *turn) createReader(r conversation.Reader, chat conversation.Address) error {
	data, err := u.db.seal.sealJSON("reader", strconv.FormatInt(r.ID, 10), r)
	if err != nil {
		return err
	}
	person, err := u.person(r)
	if err != nil {
		return err
	}
	_, err = u.exec(`INSERT INTO readers (id, number, email_hash, person, created_at, data) VALUES (?, ?, ?, ?, ?, ?)`,
		r.ID, r.Number, r.EmailHash, person, ms(r.CreatedAt), data)
	if taken(err) {
		return fmt.Errorf("reader %s: %w", r.Number, conversation.ErrConflict)
	}
	if err != nil {
		return err
	}
	return u.link(chat, r.ID)
}

func (u *turn) updateReader(r conversation.Reader) error {
	data, err := u.db.seal.sealJSON("reader", strconv.FormatInt(r.ID, 10), r)
	if err != nil {
		return err
	}
	person, err := u.person(r)
	if err != nil {
		return err
	}
	n, err := u.exec(`UPDATE readers SET number = ?, email_hash = ?, person = ?, data = ? WHERE id = ?`,
		r.Number, r.EmailHash, person, data, r.ID)
	if taken(err) || err == nil && n == 0 { // another's e-mail, or erased meanwhile
		return fmt.Errorf("reader %s: %w", r.Number, conversation.ErrConflict)
	}
	return err
}

func (u *turn) link(chat conversation.Address, reader int64) error {
	_, err := u.exec(`INSERT INTO chats (address, reader, linked_at) VALUES (?, ?, ?)
		ON CONFLICT (address) DO UPDATE SET reader = excluded.reader, linked_at = excluded.linked_at`,
		string(chat), reader, u.now)
	return err
}

func (u *turn) linkChat(chat conversation.Address, reader int64) error {
	var n int
	if err := u.row(`SELECT count(*) FROM readers WHERE id = ?`, reader).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("reader: %w", conversation.ErrConflict)
	}
	var old int64
	err := u.row(`SELECT coalesce(reader, 0) FROM chats WHERE address = ?`, string(chat)).Scan(&old)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if old == reader {
		return nil
	}
	if old != 0 {
		if err := u.merge(old, reader); err != nil {
			return err
		}
	}
	return u.link(chat, reader)
}

// merge makes reader "from" a part of "into". Sessions of from's other chats
// get a new version, so that turns under way there look again.
func (u *turn) merge(from, into int64) error {
	var a, b int64
	if err := u.row(`SELECT a.person, b.person FROM readers a, readers b WHERE a.id = ? AND b.id = ?`, into, from).Scan(&a,
		&b); err != nil {
		return err
	}
	if a != b {
		if err := u.unite(a, b); err != nil {
			return err
		}
	}
	if _, err := u.exec(`UPDATE chats SET reader = ?, version = version + (address <> ?) WHERE reader = ?`, into,
		string(u.own), from); err != nil {
		return err
	}
	for _, query := range []string{
		`UPDATE visits SET reader = ? WHERE reader = ?`,
		`UPDATE excerpts SET reader = ? WHERE reader = ?`,
		`UPDATE ratings SET reader = ? WHERE reader = ?`,
	} {
		if _, err := u.exec(query, into, from); err != nil {
			return err
		}
	}
	if err := u.moveTickets(from, into); err != nil {
		return err
	}
	if err := u.keepSurvey(from, into); err != nil {
		return err
	}
	_, err := u.exec(`DELETE FROM readers WHERE id = ?`, from)
	return err
}

// keepSurvey keeps the later quarters in which either was asked the SKM survey: one
// person is asked once.
func (u *turn) keepSurvey(from, into int64) error {
	var r [2]conversation.Reader
	for i, id := range []int64{from, into} {
		var data []byte
		if err := u.row(`SELECT data FROM readers WHERE id = ?`, id).Scan(&data); err != nil {
			return err
		}
		if u.db.readable("reader", strconv.FormatInt(id, 10), data, &r[i]) != nil {
			return nil // set aside when it is looked for
		}
	}
	r[1].SurveyOffered = max(r[0].SurveyOffered, r[1].SurveyOffered)
	r[1].SurveyDone = max(r[0].SurveyDone, r[1].SurveyDone)
	if r[0].SKD == conversation.NoSKD || r[1].SKD == "" { // a refusal of either stays one
		r[1].SKD = r[0].SKD
	}
	data, err := u.db.seal.sealJSON("reader", strconv.FormatInt(into, 10), r[1])
	if err != nil {
		return err
	}
	_, err = u.exec(`UPDATE readers SET data = ? WHERE id = ?`, data, into)
	return err
}

// moveTickets gives one reader's tickets to another.
func (u *turn) moveTickets(from, into int64) error {
	index := u.db.seal.personIndex
	return u.resealAll(`SELECT rowid, id, data FROM tickets WHERE person = ?`, []any{index(from)},
		func(row int64, id string, data []byte) error {
			var k conversation.Ticket
			if u.db.readable("ticket", id, data, &k) == nil { // else set aside when it is looked for
				k.Reader = into
				sealed, err := u.db.seal.sealJSON("ticket", id, k)
				if err != nil {
					return err
				}
				data = sealed
			}
			_, err := u.exec(`UPDATE tickets SET person = ?, data = ?, version = version + 1 WHERE rowid = ?`, index(into), data,
				row)
			return err
		})
}

func (u *turn) unlinkChat(chat conversation.Address) error {
	_, err := u.exec(`UPDATE chats SET reader = NULL, version = version + (address <> ?) WHERE address = ?`, string(u.own),
		string(chat))
	return err
}

// Readers yields every reader, by id.
func (db *DB) Readers(ctx context.Context) iter.Seq2[conversation.Reader, error] {
	return func(yield func(conversation.Reader, error) bool) {
		var ids []int64
		err := db.each(ctx, `SELECT id FROM readers ORDER BY id`, nil, func(row scanner) error {
			var id int64
			err := row.Scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil {
			yield(conversation.Reader{}, doing("list readers", err))
			return
		}
		for _, id := range ids {
			r, err := db.Reader(ctx, id)
			if errors.Is(err, conversation.ErrNotFound) { // erased meanwhile
				continue
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// CodesSince implements [conversation.Store].
func (db *DB) CodesSince(ctx context.Context, emailHash string, since time.Time) (int, error) {
	var n int
	err := db.one(ctx, `SELECT count(*) FROM codes WHERE email_hash = ? AND sent_at >= ?`, []any{emailHash, ms(since)}, &n)
	return n, doing("count codes", err)
}
