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
	if e.IsUnavailable && e.UnavailableType == events.UnavailableTypeViewOnce {
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

// loadUnreadable takes up what a run before this one left.
func (k *link) loadUnreadable() error {
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
		if err := k.in.Put(k.ctx, m); err != nil {
			return fmt.Errorf("put into inbox: %w", err)
		}
		if _, err := k.d.db.Exec(k.ctx, `UPDATE pst_unreadable SET chat = '' WHERE chat = $1`, string(m.From)); err != nil {
			return fmt.Errorf("tick off unreadable message: %w", err)
		}
	}
	return nil
}

// phoneSeen notes a sign of life of the desk's own phone. WhatsApp unlinks
// devices whose phone was off for two weeks.
func (k *link) phoneSeen(own bool, sender types.JID) {
	now := k.c.cfg.Now()
	if !own || sender.Device != 0 || now.Sub(k.c.board.get().Phone) < phoneEvery {
		return
	}
	k.c.board.edit(func(s *Status) { s.Phone = now })
	ctx, cancel := context.WithTimeout(k.ctx, putTime)
	defer cancel()
	if err := k.d.noteTime(ctx, phoneTime, now); err != nil {
		k.c.cfg.Log.Warn("the phone's sign of life could not be noted", "error", redact(err))
	}
}

const (
	phoneEvery = time.Hour
	phoneTime  = "phone"
	phoneLost  = 10 * 24 * time.Hour // four days before WhatsApp unlinks the desk
)

func (d *device) noteTime(ctx context.Context, name string, at time.Time) error {
	_, err := d.db.Exec(ctx, `INSERT INTO pst_times (name, at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET at = excluded.at`, name, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("note time: %w", err)
	}
	return nil
}

// Facts are what an operator wants to know of the device beyond its state.
type Facts struct {
	Unreadable int       // messages in the last 30 days that could not be read at first
	Phone      time.Time // last sign of life of the desk's own phone; zero when none is known
	PhoneLost  bool      // that was more than ten days ago
}

func (d *device) facts(ctx context.Context, now time.Time) (f Facts, err error) {
	if err := d.db.QueryRow(ctx, `SELECT count(*) FROM pst_unreadable`).Scan(&f.Unreadable); err != nil {
		return f, fmt.Errorf("count unreadable messages: %w", err)
	}
	var at int64
	if err := d.db.QueryRow(ctx, `SELECT coalesce(max(at), 0) FROM pst_times WHERE name = $1`, phoneTime).Scan(&at); err != nil {
		return f, fmt.Errorf("read time: %w", err)
	}
	if at > 0 {
		f.Phone = time.UnixMilli(at)
		f.PhoneLost = now.Sub(f.Phone) > phoneLost
	}
	return f, nil
}

// keepHouse tidies the device file at once and daily, and warns of a phone that
// was not seen for long.
func (k *link) keepHouse() {
	for {
		now := k.c.cfg.Now()
		err := k.d.tidy(k.ctx, now)
		if err == nil && k.c.cfg.Wrote != nil {
			err = k.d.forgetStrangers(k.ctx, k.known)
		}
		var f Facts
		if err == nil {
			f, err = k.d.facts(k.ctx, now)
		}
		if err == nil && f.Phone.IsZero() { // from now on it counts
			err = k.d.noteTime(k.ctx, phoneTime, now)
		}
		if err != nil && k.ctx.Err() == nil {
			k.c.cfg.Log.Warn("the WhatsApp device file could not be tidied", "error", redact(err))
		}
		k.c.board.edit(func(s *Status) { s.Phone = f.Phone })
		if f.PhoneLost {
			k.c.cfg.Log.Error("the desk's own phone was not seen for more than ten days: switch it on and open WhatsApp, "+
				"or WhatsApp unlinks the desk after two weeks", "seen", f.Phone)
		}
		select {
		case <-k.ctx.Done():
			return
		case <-time.After(24 * time.Hour):
		}
	}
}

// known tells whether the desk keeps anything of a person.
func (k *link) known(ctx context.Context, forms ...types.JID) (bool, error) {
	for _, j := range forms {
		if k.own[j.User] || k.c.staff[j.User] {
			return true, nil
		}
		wrote, err := k.c.cfg.Wrote(ctx, addressOf(j))
		if wrote || err != nil {
			return wrote, err
		}
	}
	return false, nil
}
