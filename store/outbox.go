package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"

	"pst/conversation"
)

// outRow is an outbox row to be.
type outRow struct {
	key, scheme, chat, ref, excerpt string
	report                          bool
	expires                         int64
	payload                         []byte
	held                            bool // the platform failed at the try before
}

func (db *DB) outRow(s conversation.Send) (outRow, error) {
	if _, err := conversation.ParseAddress(string(s.To)); err != nil {
		return outRow{}, fmt.Errorf("enqueue: %w", err)
	}
	key, err := db.keys.next()
	if err != nil {
		return outRow{}, err
	}
	payload, err := db.seal.sealJSON("send", key, s)
	return outRow{key: key, scheme: s.To.Scheme(), chat: string(s.To), ref: db.seal.hideRef(key, s.Ref),
		excerpt: s.Excerpt,
		report:  s.Report, expires: ms(s.Expires), payload: payload}, err
}

// Enqueue puts letters of the desk's own into the outbox, due at once, in one
// transaction. It returns conversation.ErrAddress, wrapped, for a letter to nobody.
func (db *DB) Enqueue(ctx context.Context, sends ...conversation.Send) error {
	var rows []outRow
	for _, s := range sends {
		row, err := db.outRow(s)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return db.update(ctx, func(t *tx) error {
		for _, row := range rows {
			if err := t.enqueue(row, ms(db.now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// enqueue keeps the time to the hour: to the second it would tie a letter to what
// staff, or somebody else, did then.
func (t *tx) enqueue(r outRow, now int64) error {
	_, err := t.exec(`INSERT INTO outbox (key, scheme, chat, payload, ref, report, excerpt, queued, due, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.key, r.scheme, r.chat, r.payload, r.ref, flag(r.report), r.excerpt, now/hour*hour, now/hour*hour, r.expires)
	return doing("enqueue", err)
}

// A row waits for the older rows of its address, and for a person who is away
// until they are back. An excerpt that is to be tried again later lets the rows
// behind it pass: a media server that is down must not silence the chat. The first of each address is found in the
// index alone;
// payloads are read only for the rows listed. The limit is an expression because
// SQLite prepares a statement anew when a bare one is bound to another number.
const heads = `(SELECT min(id) AS id, chat, due FROM outbox INDEXED BY outbox_waiting WHERE state = 0
		AND (excerpt = '' OR due <= ?3) AND (scheme IN (SELECT value FROM json_each(?1)) OR chat IN (SELECT value FROM json_each(?1)) OR ref IN (SELECT value FROM json_each(?1)))
		GROUP BY chat) h
	WHERE NOT EXISTS (SELECT 1 FROM chats c WHERE c.address = h.chat AND c.away = 1)`

const outQuery = `SELECT o.id, CAST(o.key AS TEXT), o.payload, CAST(o.attempt AS INTEGER), CAST(o.queued AS INTEGER),
	CAST(o.expires AS INTEGER), CAST(o.excerpt AS TEXT), CAST(o.chat AS TEXT) FROM outbox o JOIN (
	SELECT h.id, h.due FROM ` + heads + ` AND h.due <= ?3 AND h.chat NOT IN (SELECT value FROM json_each(?2))
	ORDER BY h.due, h.id LIMIT ?4 + 0) n ON n.id = o.id ORDER BY n.due, n.id`

// Out lists rows to be sent: of each address only the oldest row not yet sent,
// and only when it is due, longest due first; the addresses in except are left
// out. Rows past Send.Expires end on the way as failed for good.
func (db *DB) Out(ctx context.Context, among []string, except []conversation.Address, now time.Time,
	limit int) ([]conversation.Delivery, error) {
	for {
		out, late, bad, err := db.out(ctx, among, except, now, limit)
		if err == nil {
			err = db.setAside(ctx, bad...)
		}
		if err != nil {
			return nil, doing("list outbox", err)
		}
		if len(late)+len(bad) == 0 {
			return out, nil
		}
		for _, id := range late {
			if err := db.MarkFailed(ctx, id, now, "no longer worth sending"); err != nil {
				return nil, doing("list outbox", err)
			}
		}
	}
}

func (db *DB) out(ctx context.Context, among []string, except []conversation.Address, now time.Time,
	limit int) (out []conversation.Delivery, late []int64, bad []asideRow, err error) {
	err = db.each(ctx, outQuery, []any{list(among), list(except), ms(now), limit}, func(row scanner) error {
		var d conversation.Delivery
		var payload []byte
		var queued, expires int64
		var excerpt, chat string
		if err := row.Scan(&d.ID, &d.Key, &payload, &d.Attempt, &queued, &expires, &excerpt, &chat); err != nil {
			return err
		}
		if expires > 0 && expires <= ms(now) {
			late = append(late, d.ID)
			return nil
		}
		d.Queued = at(queued)
		if err := db.readable("send", d.Key, payload, &d.Send); err != nil {
			bad = append(bad, asideRow{"send", strconv.FormatInt(d.ID, 10), chat, payload, err})
			return nil
		}
		out = append(out, d)
		return nil
	})
	if err != nil {
		return nil, nil, nil, err
	}
	for i := range out {
		if code := out[i].Send.Excerpt; code != "" {
			if out[i].Order, err = db.order(ctx, code); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	return out, late, bad, nil
}

// order is what is needed to cut an excerpt. A publication whose file went, a table that
// was silenced, or rows that cannot be read, leave File empty, which holdings do not have.
func (db *DB) order(ctx context.Context, code string) (*conversation.ExcerptOrder, error) {
	e, err := db.Excerpt(ctx, code)
	if err == nil && (len(e.Now) == 0 || len(e.Mark.Lines) == 0) {
		return &conversation.ExcerptOrder{}, nil
	}
	if err == nil {
		var p conversation.Publication
		if p, err = db.Publication(ctx, e.Publication); err == nil {
			o := &conversation.ExcerptOrder{File: p.File, Pages: e.Now, Mark: e.Mark, Strict: e.Strict || p.Strict,
				Picture: e.Picture, Title: p.Title, FileName: e.FileName, Table: e.Table}
			if o.Table == nil {
				return o, nil
			}
			var table conversation.DataTable
			if table, err = db.DataTable(ctx, p.ID, o.Table.Key); err == nil {
				o.Data = &table
				return o, nil
			}
		}
	}
	if ctx.Err() != nil || errors.As(err, new(*sqlite.Error)) {
		return nil, err
	}
	return &conversation.ExcerptOrder{}, nil
}

// MarkSent ends a row and empties it; with Send.Report a Delivered message
// enters the inbox in the same transaction. A row that has ended, or went with
// its reader, is left as it is.
func (db *DB) MarkSent(ctx context.Context, id int64, s conversation.Sent) error {
	err := db.update(ctx, func(t *tx) error {
		row, err := db.end(t, id, 1, s.PlatformID, "", s.At)
		if err != nil || row == nil {
			return err
		}
		if row.excerpt != "" {
			if _, err := t.exec(`UPDATE excerpts SET sha256 = ?, mode = ?, verdict = ?, held = ? WHERE code = ?`, s.SHA256,
				s.Mode,
				s.Verdict, flag(row.held), row.excerpt); err != nil {
				return err
			}
		}
		return db.report(t, row, conversation.Delivered, s.At)
	})
	return doing("mark sent", err)
}

// MarkFailed ends a row for good and empties it; with Send.Report a Failed
// message enters the inbox in the same transaction.
func (db *DB) MarkFailed(ctx context.Context, id int64, at time.Time, why string) error {
	err := db.update(ctx, func(t *tx) error { return db.fail(t, id, at, why) })
	return doing("mark failed", err)
}

func (db *DB) fail(t *tx, id int64, at time.Time, why string) error {
	row, err := db.end(t, id, 2, "", why, at)
	if err != nil || row == nil {
		return err
	}
	if err := t.lost(row.scheme, at); err != nil {
		return err
	}
	return db.report(t, row, conversation.Failed, at)
}

// end sets a waiting row's last state; nil when it is not waiting. Of an ended row
// only what knows it again is kept, to the hour: the blind index of its address and the
// platform's id, for quotes and receipts; of a letter by mail the id alone, which its
// coming back names.
func (db *DB) end(t *tx, id int64, state int, platformID, why string, at time.Time) (*outRow, error) {
	var r outRow
	// Why the tries before failed stands there until the row ends.
	err := t.row(`SELECT attempt > 0 AND why LIKE '%(platform)%' FROM outbox WHERE id = ?`, id).Scan(&r.held)
	if err == nil {
		err = t.row(`UPDATE outbox SET state = ?, platform_id = ?, why = ?, ended = ?, payload = NULL WHERE id = ? AND state = 0
			RETURNING key, scheme, chat, ref, report, excerpt`, state, platformID, why, ms(at)/hour*hour, id).
			Scan(&r.key, &r.scheme, &r.chat, &r.ref, &r.report, &r.excerpt)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	index := db.seal.addressIndex(r.chat)
	if conversation.Address(r.chat).Scheme() == conversation.Mail { // nobody quotes it to the desk
		index = ""
	}
	_, err = t.exec(`UPDATE outbox SET chat = ?1, queued = queued / ?2 * ?2, platform_id =
		iif(?1 = '' AND (scheme <> 'mailto' OR report = 0), '', platform_id) WHERE id = ?3`,
		index, hour, id)
	if err == nil && strings.HasPrefix(r.ref, sealedRef) {
		err = t.displace(id)
	}
	r.ref = db.seal.showRef(r.key, r.ref)
	return &r, err
}

// displace takes an ended letter about a ticket out of the order of letters, in which
// its neighbours would tell in what conversation it was written. An empty row keeps
// its number from being given again.
func (t *tx) displace(id int64) error {
	for _, query := range []string{
		`INSERT INTO outbox (id, key, scheme, chat, state, ref, report, excerpt, queued, due, expires, attempt, ended, platform_id, why)
			SELECT ?1, key, scheme, chat, state, ref, report, excerpt, queued / ?3 * ?3, 0, 0, 0, ended / ?3 * ?3, platform_id, why
			FROM outbox WHERE id = ?2`,
		`UPDATE outbox SET key = '', chat = '', ref = '', platform_id = '', why = '', report = 0 WHERE id = ?2 AND ?1 <> 0 AND ?3 <> 0`,
	} {
		if _, err := t.exec(query, apart(), id, 24*hour); err != nil {
			return err
		}
	}
	return nil
}

// apart is the number of a row that stands in no order with others: it is negative.
func apart() int64 { return math.MinInt64/2 + rand.Int64N(math.MaxInt64/4) }

// MarkBounced makes a row that was sent by mail with Send.Report one that failed for
// good; a Failed message enters the inbox in the same transaction, unless a later row
// has the same Send.Ref: of a code that was sent anew nothing is told. It tells whether
// there is such a row; one that has bounced already changes nothing.
func (db *DB) MarkBounced(ctx context.Context, platformID, why string) (ours bool, err error) {
	if platformID == "" {
		return false, nil
	}
	err = db.update(ctx, func(t *tx) error {
		ours = false
		var id, state, later int64
		var r outRow
		err := t.row(bouncedQuery, platformID).Scan(&id, &state, &r.key, &r.ref, &r.report, &later)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if ours = err == nil; err != nil || state != 1 {
			return err
		}
		if _, err := t.exec(`UPDATE outbox SET state = 2, why = ? WHERE id = ?`, why, id); err != nil || later > 0 {
			return err
		}
		if err := t.lost(conversation.Mail, db.now()); err != nil {
			return err
		}
		r.ref = db.seal.showRef(r.key, r.ref)
		r.chat = conversation.Desk + ":bounced" // the address went when the letter was sent
		return db.report(t, &r, conversation.Failed, db.now())
	})
	return ours, doing("mark bounced", err)
}

const bouncedQuery = `SELECT id, state, key, ref, report,
	EXISTS (SELECT 1 FROM outbox l WHERE l.id > o.id AND l.ref = o.ref AND l.ref <> '') FROM outbox o
	WHERE chat = '' AND platform_id = ? AND platform_id <> '' AND scheme = 'mailto'`

// withdraw ends the waiting rows with a ref; nobody is told.
func (db *DB) withdraw(t *tx, ref string, now int64) error {
	ids, err := column[int64](t, `SELECT id FROM outbox WHERE ref = ? AND state = 0 AND ref <> ''`, ref)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := db.end(t, id, 2, "", "withdrawn", at(now)); err != nil {
			return err
		}
	}
	return nil
}

// lost counts a letter that did not arrive.
func (t *tx) lost(scheme string, when time.Time) error {
	return t.tally(conversation.Tally{Day: at(ms(when) + dayBegan).Format(time.DateOnly), What: "failed " + scheme})
}

// slow is from when on a wait is worth telling the engine of.
const slow = 10 * time.Minute

// report tells the engine how a row with Send.Report ended. The row's key makes
// the message one, however often it is told.
func (db *DB) report(t *tx, r *outRow, kind conversation.Kind, at time.Time) error {
	if !r.report {
		return nil
	}
	in, err := db.inRow(conversation.Message{
		ID: string(kind) + ":" + r.key, From: conversation.Hearer(r.ref, conversation.Address(r.chat)),
		Kind: kind, Text: r.ref, SentAt: at,
	})
	if err != nil {
		return err
	}
	_, err = t.put(in, ms(db.now()))
	return err
}

// MarkLater counts a try and sets when the next is due, with the cause of the
// delay (free of personal data). The first time, when the wait is long and the
// row has Send.Report, a Delayed message enters the inbox in the same transaction.
// A wait that is kept is not ended by the person's writing.
func (db *DB) MarkLater(ctx context.Context, id int64, due time.Time, why string, kept bool) error {
	err := db.update(ctx, func(t *tx) error {
		var r outRow
		var tries int
		err := t.row(`UPDATE outbox SET attempt = attempt + 1, due = ?, why = ?, kept = ? WHERE id = ? AND state = 0
			RETURNING key, chat, ref, report, attempt`, ms(due), why, flag(kept), id).Scan(&r.key, &r.chat, &r.ref, &r.report, &tries)
		r.ref = db.seal.showRef(r.key, r.ref)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil || tries > 1 || due.Sub(db.now()) < slow {
			return err
		}
		return db.report(t, &r, conversation.Delayed, db.now())
	})
	return doing("mark later", err)
}

// MarkReceipt notes what the platform reported of a message. A platform id that
// is not known is no error.
func (db *DB) MarkReceipt(ctx context.Context, to conversation.Address, platformID, status string, at time.Time) error {
	if platformID == "" {
		return nil
	}
	err := db.update(ctx, func(t *tx) error {
		index, hours := db.seal.addressIndex(string(to)), ms(at)/hour*hour
		var excerpt string
		err := t.row(`UPDATE outbox SET receipt = ?, receipt_at = ? WHERE chat = ? AND platform_id = ? AND platform_id <> ''
			RETURNING excerpt`, status, hours, index, platformID).Scan(&excerpt)
		if errors.Is(err, sql.ErrNoRows) || err == nil && excerpt == "" {
			return nil
		}
		if err != nil {
			return err
		}
		return t.arrived(excerpt, ms(at))
	})
	return doing("mark receipt", err)
}

// arrived notes the first receipt of an excerpt; with it the clock of its visit stops.
func (t *tx) arrived(code string, when int64) error {
	for _, query := range []string{
		`UPDATE excerpts SET arrived = ?1 WHERE code = ?2 AND arrived = 0`,
		`UPDATE visits SET arrived = e.arrived FROM excerpts e WHERE e.code = ?2 AND visits.id = e.visit AND visits.asked = e.requested
			AND visits.arrived = 0 AND ?1 > 0`,
	} {
		if _, err := t.exec(query, when, code); err != nil {
			return err
		}
	}
	return nil
}

// Ref implements [conversation.Store]. A row's key is an id of it as well: on a
// platform that lets the sender choose, a quote may come before the sending has
// been recorded.
func (db *DB) Ref(ctx context.Context, chat conversation.Address, platformID string) (string, error) {
	if platformID == "" {
		return "", fmt.Errorf("find quoted message: %w", conversation.ErrNotFound)
	}
	var key, ref string
	err := db.one(ctx, refQuery, []any{db.seal.addressIndex(string(chat)), platformID, string(chat)}, &key, &ref)
	return db.seal.showRef(key, ref), doing("find quoted message", err)
}

// Placed is the platform's id of the newest letter sent to an address with this
// Send.Ref; conversation.ErrNotFound, wrapped, when there is none.
func (db *DB) Placed(ctx context.Context, to conversation.Address, ref string) (string, error) {
	var id string
	err := db.one(ctx, placedQuery, []any{db.seal.addressIndex(string(to)), ref}, &id)
	return id, doing("find a letter sent", err)
}

const placedQuery = `SELECT platform_id FROM outbox WHERE chat = ?1 AND ref = ?2 AND ref <> '' AND platform_id <> ''
	ORDER BY id DESC LIMIT 1`

const refQuery = `SELECT key, ref FROM outbox WHERE chat = ?1 AND platform_id = ?2 AND platform_id <> ''
	UNION ALL SELECT key, ref FROM outbox WHERE chat = ?3 AND state = 0 AND key = ?2 LIMIT 1`
