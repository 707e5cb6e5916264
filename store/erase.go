package store

import (
	"database/sql"
	"errors"
	"strconv"
	"time"

	"pst/conversation"
)

// hour is as exact as most times are kept, in milliseconds.
const hour = int64(time.Hour / time.Millisecond)

// pastCounts keeps of a reader what the reports count, each by itself.
const pastCounts = `INSERT INTO past_counts (month, field, value, count)
	SELECT strftime('%s', created_at / 1000 + 25200, 'unixepoch', 'start of month', '+14 days') * 1000, f.field, f.value, 1
	FROM readers, (SELECT '' AS field, 'reader' AS value UNION ALL SELECT 'gender', ?2 UNION ALL SELECT 'education', ?3
		UNION ALL SELECT 'occupation', ?4 UNION ALL SELECT 'origin', ?5 UNION ALL SELECT 'profile', iif(?6, 'complete', '')
		UNION ALL SELECT 'age', ?7) f
	WHERE readers.id = ?1 AND f.value <> '' ON CONFLICT DO UPDATE SET count = count + 1`

// eraseReader removes what is personal from every table. What stays: the keyed
// hashes with the page sets until the given time, and rows without a person for
// the statistics. Pages of an excerpt that is on its way stay granted, because
// it may arrive all the same.
func (u *turn) eraseReader(e conversation.EraseReader) error {
	id, until := e.Reader, e.Until
	var person int64
	var data []byte
	err := u.row(`SELECT person, data FROM readers WHERE id = ?`, id).Scan(&person, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	// How long a hash is kept is counted from no earlier than the last that happened:
	// a clock that is behind must not make it forgotten at once.
	var newest int64
	if err := u.row(`SELECT coalesce(max(seen_at), 0) FROM chats`).Scan(&newest); err != nil {
		return err
	}
	until = until.Add(max(0, at(newest).Sub(at(u.now))))
	var r conversation.Reader
	// One that cannot be opened is erased by what stands beside it.
	if err := u.db.seal.openJSON("reader", strconv.FormatInt(id, 10), data, &r); err != nil {
		r = conversation.Reader{}
	}
	addresses, err := column[string](u.tx, `SELECT address FROM chats WHERE reader = ?`, id)
	if err != nil {
		return err
	}
	if r.Email != "" {
		addresses = append(addresses, conversation.Mail+":"+r.Email)
	}
	if err := u.eraseTickets(id, addresses, e.Spare); err != nil {
		return err
	}
	// The message being answered is done already; its blind index still
	// recognises a second delivery. Others of these chats were written by
	// somebody who is no longer here. Outbox rows stay as empty ones, lest their
	// numbers be given again while a letter is on its way.
	chats, known := list(addresses), indexes(u.db.seal.addressIndex, addresses)
	p := r.Profile
	steps := []struct {
		query string
		args  []any
	}{
		{`UPDATE inbox SET state = 1, chat = '', payload = NULL, why = '', ended = ? WHERE chat IN (SELECT value FROM json_each(?))`, []any{u.now, chats}},
		{`UPDATE outbox SET state = 2, chat = '', platform_id = '', ref = '', payload = NULL, ended = ?1 / ?4 * ?4
			WHERE chat IN (SELECT value FROM json_each(?2)) OR chat IN (SELECT value FROM json_each(?3))`, []any{u.now, chats, known, hour}},
		{`DELETE FROM codes WHERE email_hash = ?`, []any{r.EmailHash}},
		{`DELETE FROM aside WHERE chat IN (SELECT value FROM json_each(?))`, []any{chats}},
		{`DELETE FROM wishes WHERE chat IN (SELECT value FROM json_each(?))`, []any{chats}},
		{`UPDATE visits SET reader = NULL, data = NULL WHERE reader = ?`, []any{id}},
		{`UPDATE excerpts SET reader = NULL, data = NULL WHERE reader = ?`, []any{id}},
		{`UPDATE ratings SET reader = NULL, comment = NULL WHERE reader = ?`, []any{id}},
		{`DELETE FROM chats WHERE address IN (SELECT value FROM json_each(?)) AND address <> ?`, []any{chats, string(u.own)}},
		{`UPDATE chats SET reader = NULL, linked_at = 0 WHERE reader = ?`, []any{id}},
		{pastCounts, []any{id, p.Gender, p.Education, p.Occupation, p.Origin, flag(p.Complete()), ageOf(r)}},
		{`DELETE FROM readers WHERE id = ?`, []any{id}},
		// 0 would be for good
		{`UPDATE identities SET until = ?2 WHERE person = ?1 AND NOT EXISTS (SELECT 1 FROM readers WHERE person = ?1)`,
			[]any{person, max(1, ms(until))}},
	}
	for _, s := range steps {
		if _, err := u.exec(s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// eraseTickets empties and closes a reader's tickets, and takes back the cards
// about them that staff have not received yet; spare leaves the confidential ones.
func (u *turn) eraseTickets(id int64, chats []string, spare bool) error {
	ids, err := column[string](u.tx, `SELECT id FROM tickets WHERE person = ? OR chat IN (SELECT value FROM json_each(?))`,
		u.db.seal.personIndex(id), indexes(u.db.seal.ticketIndex, chats))
	if err != nil {
		return err
	}
	for _, ticket := range ids {
		if err := u.emptyTicket(ticket, spare); err != nil {
			return err
		}
	}
	return nil
}

// emptyTicket leaves of a ticket its number, category, state and times; spare leaves a
// confidential one as it is.
func (u *turn) emptyTicket(id string, spare bool) error {
	var t conversation.Ticket
	var version int64
	var data []byte
	if err := u.row(`SELECT version, data FROM tickets WHERE id = ?`, id).Scan(&version, &data); err != nil {
		return err
	}
	if err := u.db.readable("ticket", id, data, &t); err != nil {
		t = conversation.Ticket{ID: id, State: conversation.StateDone, ClosedAt: at(u.now)}
	}
	if spare && t.Secret() {
		return nil
	}
	t.Version = version
	t.Text, t.Name, t.Book, t.Photos, t.Chat, t.Reader, t.NextDue = "", "", "", nil, "", 0, time.Time{}
	t.PIN = ""
	if !t.Closed() {
		t.State, t.ClosedAt = conversation.StateDone, at(u.now)
	}
	if err := u.updateTicket(t); err != nil {
		return err
	}
	for _, query := range []string{
		`UPDATE tickets SET person = '', chat = '' WHERE id = ?`,
		`DELETE FROM posts WHERE ticket = ?`,
		`UPDATE outbox SET state = 2, payload = NULL, ended = queued WHERE state = 0 AND ref = 'copy:' || ?`,
	} {
		if _, err := u.exec(query, id); err != nil {
			return err
		}
	}
	return u.takeBack(id)
}

// takeBack ends the letters about a ticket that have not been sent yet. Which they
// are only the key tells.
func (u *turn) takeBack(ticket string) error {
	type row struct {
		id       int64
		key, ref string
	}
	var rows []row
	err := u.each(`SELECT id, key, ref FROM outbox WHERE state = 0 AND ref LIKE '~%'`, nil, func(s scanner) error {
		var r row
		err := s.Scan(&r.id, &r.key, &r.ref)
		rows = append(rows, r)
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if u.db.seal.showRef(r.key, r.ref) != "ticket:"+ticket {
			continue
		}
		if _, err := u.exec(`UPDATE outbox SET state = 2, chat = '', ref = '', payload = NULL, ended = queued WHERE id = ?`,
			r.id); err != nil {
			return err
		}
	}
	return nil
}
