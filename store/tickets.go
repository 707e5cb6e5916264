package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"pst/conversation"
)

func tail(id string) string { return id[max(0, len(id)-3):] }

func (u *turn) openTicket(t conversation.Ticket) error {
	if strings.TrimSpace(t.Text) == "" || strings.TrimSpace(t.Category) == "" {
		return fmt.Errorf("open ticket %s: it has no text or no category", t.ID)
	}
	t.Version = 1
	data, err := u.db.seal.sealJSON("ticket", t.ID, t)
	if err != nil {
		return err
	}
	_, err = u.exec(`INSERT INTO tickets (rowid, id, tail, kind, person, chat, about_staff, state, open, opened, answered, closed, due, version, data)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
		apart(), t.ID, tail(t.ID), t.Kind, u.db.seal.personIndex(t.Reader), u.db.seal.ticketIndex(string(t.Chat)),
		flag(t.AboutStaff), t.State, flag(!t.Closed()),
		ms(t.OpenedAt), ms(t.AnsweredAt), ms(t.ClosedAt), ms(t.NextDue), data)
	if taken(err) {
		return fmt.Errorf("ticket %s: %w", t.ID, conversation.ErrConflict)
	}
	return err
}

func (u *turn) updateTicket(t conversation.Ticket) error {
	loaded := t.Version
	t.Version++
	data, err := u.db.seal.sealJSON("ticket", t.ID, t)
	if err != nil {
		return err
	}
	n, err := u.exec(`UPDATE tickets SET state = ?, open = ?, answered = ?, closed = ?, due = ?, version = ?, data = ?
		WHERE id = ? AND version = ?`,
		t.State, flag(!t.Closed()), ms(t.AnsweredAt), ms(t.ClosedAt), ms(t.NextDue), t.Version, data, t.ID, loaded)
	if err == nil && n == 0 {
		return fmt.Errorf("ticket %s: %w", t.ID, conversation.ErrConflict)
	}
	return err
}

func (u *turn) addPost(p conversation.Post) error {
	// The posts of a ticket are in order with one another, and with no others.
	_, err := u.exec(`INSERT INTO posts (id, ticket, author, posted, data)
		SELECT CASE WHEN count(*) = 0 THEN ?1 WHEN max(id) < 0 THEN max(id) + 1 END, ?2, ?3, ?4, ?5 FROM posts WHERE ticket = ?2`,
		apart(), p.Ticket, p.By, ms(p.At), u.db.seal.seal("post", postRow(p.Ticket, p.By, ms(p.At)), []byte(p.Text)))
	return err
}

// postRow names a post before it has a number.
func postRow(ticket, by string, posted int64) string {
	return fmt.Sprintf("%s/%s/%d", ticket, by, posted)
}

const ticketColumns = `SELECT id, version, data FROM tickets `

func (db *DB) tickets(ctx context.Context, where string, args ...any) ([]conversation.Ticket, error) {
	var out []conversation.Ticket
	var bad []asideRow
	err := db.each(ctx, ticketColumns+where, args, func(row scanner) error {
		var t conversation.Ticket
		var data []byte
		var version int64
		var id string
		if err := row.Scan(&id, &version, &data); err != nil {
			return err
		}
		if err := db.readable("ticket", id, data, &t); err != nil {
			bad = append(bad, asideRow{"ticket", id, "", data, err})
			return nil
		}
		t.Version = version
		out = append(out, t)
		return nil
	})
	if err == nil {
		err = db.setAside(ctx, bad...)
	}
	return out, doing("load tickets", err)
}

// ticket is the first that is found; ErrNotFound.
func (db *DB) ticket(ctx context.Context, where string, args ...any) (conversation.Ticket, error) {
	found, err := db.tickets(ctx, where, args...)
	if err != nil {
		return conversation.Ticket{}, err
	}
	if len(found) == 0 {
		return conversation.Ticket{}, fmt.Errorf("load ticket: %w", conversation.ErrNotFound)
	}
	return found[0], nil
}

// Ticket implements [conversation.Store].
func (db *DB) Ticket(ctx context.Context, id string) (conversation.Ticket, error) {
	return db.ticket(ctx, `WHERE id = ?`, id)
}

// TicketsByTail implements [conversation.Store].
func (db *DB) TicketsByTail(ctx context.Context, three string) ([]conversation.Ticket, error) {
	return db.tickets(ctx, `WHERE tail = ? ORDER BY open DESC, opened DESC, id DESC LIMIT 20`, three)
}

// ticketsOf also finds what was opened from a chat before its person registered.
const ticketsOf = `WHERE chat IN (SELECT value FROM json_each(?1)) OR person = ?2 AND person <> '' ORDER BY opened DESC, id DESC`

// Tickets implements [conversation.Store].
func (db *DB) Tickets(ctx context.Context, chat conversation.Address, reader int64) ([]conversation.Ticket, error) {
	var addresses []string
	if chat != "" {
		addresses = append(addresses, string(chat))
	}
	if reader != 0 {
		chats, err := db.Chats(ctx, reader)
		if err != nil {
			return nil, err
		}
		for _, c := range chats {
			addresses = append(addresses, string(c))
		}
	}
	return db.tickets(ctx, ticketsOf, indexes(db.seal.ticketIndex, addresses), db.seal.personIndex(reader))
}

// OpenTickets implements [conversation.Store].
func (db *DB) OpenTickets(ctx context.Context) ([]conversation.Ticket, error) {
	return db.tickets(ctx, `WHERE open = 1 ORDER BY opened, id`)
}

// Posts implements [conversation.Store].
func (db *DB) Posts(ctx context.Context, ticket string) ([]conversation.Post, error) {
	var out []conversation.Post
	var bad []asideRow
	err := db.each(ctx, `SELECT id, author, posted, data FROM posts WHERE ticket = ? ORDER BY id`, []any{ticket},
		func(row scanner) error {
			p := conversation.Post{Ticket: ticket}
			var id, posted int64
			var data []byte
			if err := row.Scan(&id, &p.By, &posted, &data); err != nil {
				return err
			}
			text, err := db.seal.open("post", postRow(ticket, p.By, posted), data)
			if err != nil {
				bad = append(bad, asideRow{"post", strconv.FormatInt(id, 10), "", data, err})
			}
			p.Text, p.At = string(text), at(posted)
			out = append(out, p)
			return nil
		})
	if err == nil {
		err = db.setAside(ctx, bad...)
	}
	return out, doing("list posts", err)
}
