package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"pst/conversation"
)

// unreadable notes a message that could not be read. whatsmeow has asked its
// sender's phone for it, and the desk's own; when neither brings it in time, or
// none ever will (a photo to be seen once), the person is told.
func (k *link) unreadable(e *events.UndecryptableMessage) {
	info := &e.Info
	if e.DecryptFailMode == events.DecryptFailHide || info.IsGroup || info.IsFromMe || !personal(info.Chat) ||
		!personal(info.Sender) || info.IsIncomingBroadcast() || info.Type == "reaction" {
		return
	}
	now := k.c.cfg.Now()
	if now.Sub(k.c.clock.Ours(info.Timestamp)) >= k.c.cfg.Timing.Backlog {
		return
	}
	ctx, cancel := context.WithTimeout(k.ctx, putTime)
	defer cancel()
	alt := info.SenderAlt
	if alt.IsEmpty() {
		alt, _ = other(ctx, k.d.box.LIDMap, info.Chat.ToNonAD())
	}
	from := k.c.address(info.Chat, alt)
	due := now.Add(k.c.cfg.Timing.Unreadable)
	switch {
	case !e.IsUnavailable: // its sender's phone was asked for it; what comes after it waits
		if err := k.expect(ctx, from, info.ID); err != nil {
			k.c.cfg.Log.Error("an unreadable message may come again out of order", "error", redact(err))
		}
	case e.UnavailableType == events.UnavailableTypeViewOnce:
		due = now
	}
	k.c.board.edit(func(s *Status) { s.Unreadable++ })
	_, err := k.d.db.Exec(ctx, `INSERT INTO pst_unreadable (id, chat, at, due) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
		info.ID, string(from), now.UnixMilli(), due.UnixMilli())
	if err != nil {
		k.c.cfg.Log.Error("an unreadable message could not be noted", "error", redact(err))
		if err := k.in.Put(ctx, asked(from, info.ID, now)); err != nil {
			k.c.cfg.Log.Error("an unreadable message could not be answered", "error", err)
		}
		return
	}
	k.mu.Lock()
	k.unread[info.ID] = true
	k.mu.Unlock()
	k.spawn(func() { k.answerUnreadable(due) })
}

// asked is the message that has the engine ask for another one.
func asked(from conversation.Address, id string, at time.Time) conversation.Message {
	// Under its own id: the message itself may still come.
	return conversation.Message{ID: "unreadable-" + id, From: from, Kind: conversation.Unreadable, SentAt: at}
}

// readable forgets a message that came after all.
func (k *link) readable(id types.MessageID) {
	k.mu.Lock()
	waits := k.unread[id]
	delete(k.unread, id)
	k.mu.Unlock()
	if !waits {
		return
	}
	if _, err := k.d.db.Exec(k.ctx, `DELETE FROM pst_unreadable WHERE id = $1 AND chat <> ''`, id); err != nil {
		k.c.cfg.Log.Warn("a message that was unreadable at first could not be ticked off", "error", redact(err))
	}
}

// loadUnreadable takes up what a run before this one left. A row that cannot be read
// is left out: it must not keep the channel from running.
func (k *link) loadUnreadable() error {
	res, err := k.d.db.Exec(k.ctx, `DELETE FROM pst_unreadable WHERE typeof(due) <> 'integer' OR typeof(at) <> 'integer' OR typeof(chat) <> 'text'`)
	if err != nil {
		return fmt.Errorf("list unreadable messages: %w", err)
	}
	if n, err := res.RowsAffected(); err == nil && n > 0 {
		k.c.cfg.Log.Error("rows of the WhatsApp device file cannot be read, and are removed", "table", "pst_unreadable",
			"rows", n)
	}
	rows, err := k.d.db.Query(k.ctx, `SELECT id, due FROM pst_unreadable WHERE chat <> ''`)
	if err != nil {
		return fmt.Errorf("list unreadable messages: %w", err)
	}
	var due []time.Time
	for rows.Next() {
		var id string
		var at int64
		if err := rows.Scan(&id, &at); err != nil {
			return errors.Join(fmt.Errorf("read unreadable message: %w", err), rows.Close())
		}
		k.unread[id] = true
		due = append(due, time.UnixMilli(at))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("list unreadable messages: %w", err)
	}
	for _, at := range due {
		k.spawn(func() { k.answerUnreadable(at) })
	}
	return nil
}

// answerUnreadable asks, at the time, each person for one message in the place of all
// that could not be read.
func (k *link) answerUnreadable(due time.Time) {
	select {
	case <-k.ctx.Done():
		return
	case <-time.After(due.Sub(k.c.cfg.Now())):
	}
	for k.ctx.Err() == nil {
		err := k.askForReadable()
		if err == nil {
			return
		}
		k.c.cfg.Log.Error("unreadable messages could not be answered", "error", redact(err))
		select {
		case <-k.ctx.Done():
		case <-time.After(k.c.cfg.Timing.Unreadable):
		}
	}
}

func (k *link) askForReadable() error {
	k.asks.Lock()
	defer k.asks.Unlock()
	now := k.c.cfg.Now()
	rows, err := k.d.db.Query(k.ctx, `SELECT chat, max(id) FROM pst_unreadable WHERE chat <> ''
		GROUP BY chat HAVING min(due) <= $1`, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("list unreadable messages: %w", err)
	}
	var put []conversation.Message
	for rows.Next() {
		var chat, id string
		if err := rows.Scan(&chat, &id); err != nil {
			return errors.Join(fmt.Errorf("read unreadable message: %w", err), rows.Close())
		}
		put = append(put, asked(conversation.Address(chat), id, now))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("list unreadable messages: %w", err)
	}
	for _, m := range put {
		if _, err := conversation.ParseAddress(string(m.From)); err != nil { // nobody could be asked, and others wait
			k.c.cfg.Log.Error("a row of the WhatsApp device file cannot be read, and is removed", "table", "pst_unreadable")
			if _, err := k.d.db.Exec(k.ctx, `DELETE FROM pst_unreadable WHERE chat = $1`, string(m.From)); err != nil {
				return fmt.Errorf("remove unreadable row: %w", err)
			}
			continue
		}
		if err := k.in.Put(k.ctx, m); err != nil {
			return fmt.Errorf("put into inbox: %w", err)
		}
		if _, err := k.d.db.Exec(k.ctx, `UPDATE pst_unreadable SET chat = '' WHERE chat = $1`, string(m.From)); err != nil {
			return fmt.Errorf("tick off unreadable message: %w", err)
		}
	}
	return nil
}
