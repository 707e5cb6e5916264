package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"pst/conversation"
)

// stillOpen tells whether a ticket is neither done nor refused.
func stillOpen(t conversation.Ticket) bool {
	return t.State != conversation.StateDone && t.State != conversation.StateRefused
}

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
	_, err = u.exec(`INSERT INTO tickets (id, tail, kind, reader, chat, state, open, opened, answered, closed, due, version, data)
		VALUES (?, ?, ?, `+existing+`, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
		t.ID, tail(t.ID), t.Kind, t.Reader, string(t.Chat), t.State, flag(stillOpen(t)),
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
		t.State, flag(stillOpen(t)), ms(t.AnsweredAt), ms(t.ClosedAt), ms(t.NextDue), t.Version, data, t.ID, loaded)
	if err == nil && n == 0 {
		return fmt.Errorf("ticket %s: %w", t.ID, conversation.ErrConflict)
	}
	return err
}

func (u *turn) addPost(p conversation.Post) error {
	_, err := u.exec(`INSERT INTO posts (ticket, author, posted, data) VALUES (?, ?, ?, ?)`,
		p.Ticket, p.By, ms(p.At), u.db.seal.seal("post", postRow(p.Ticket, p.By, ms(p.At)), []byte(p.Text)))
	return err
}

// postRow names a post before it has a number.
func postRow(ticket, by string, posted int64) string {
	return fmt.Sprintf("%s/%s/%d", ticket, by, posted)
}

const ticketColumns = `SELECT id, CAST(chat AS TEXT), coalesce(reader, 0), version, data FROM tickets `

func (db *DB) tickets(ctx context.Context, where string, args ...any) ([]conversation.Ticket, error) {
	var out []conversation.Ticket
	var bad []asideRow
	err := db.each(ctx, ticketColumns+where, args, func(row scanner) error {
		var t conversation.Ticket
		var data []byte
		var reader, version int64
		var id, chat string
		if err := row.Scan(&id, &chat, &reader, &version, &data); err != nil {
			return err
		}
		if err := db.readable("ticket", id, data, &t); err != nil {
			bad = append(bad, asideRow{"ticket", id, chat, data, err})
			return nil
		}
		t.Reader, t.Version = reader, version
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

// TicketByTail implements [conversation.Store].
func (db *DB) TicketByTail(ctx context.Context, three string) (conversation.Ticket, error) {
	return db.ticket(ctx, `WHERE tail = ? ORDER BY open DESC, opened DESC, rowid DESC LIMIT 1`, three)
}

// ticketsOf also finds what was opened from a chat before its person registered.
const ticketsOf = `WHERE chat = ?1 OR reader = ?2 OR chat IN (SELECT address FROM chats WHERE reader = ?2) ORDER BY opened DESC, rowid DESC`

// Tickets implements [conversation.Store].
func (db *DB) Tickets(ctx context.Context, chat conversation.Address, reader int64) ([]conversation.Ticket, error) {
	return db.tickets(ctx, ticketsOf, string(chat), reader)
}

// OpenTickets implements [conversation.Store].
func (db *DB) OpenTickets(ctx context.Context) ([]conversation.Ticket, error) {
	return db.tickets(ctx, `WHERE open = 1 ORDER BY opened, rowid`)
}

// Posts implements [conversation.Store].
func (db *DB) Posts(ctx context.Context, ticket string) ([]conversation.Post, error) {
	var out []conversation.Post
	var bad []asideRow
	err := db.each(ctx, `SELECT id, author, posted, data FROM posts WHERE ticket = ? ORDER BY id`, []any{ticket}, func(row scanner) error {
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
