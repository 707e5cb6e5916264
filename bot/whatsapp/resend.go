package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types"

	"pst/conversation"
)

// A message that could not be read is asked for again, and comes again behind those
// that followed it. So it keeps its place in its chat for a while, and what follows
// waits behind it, sealed in the device file and acknowledged: nobody else is held up,
// and a killed process loses nothing. pst_resend has one row a place, in order;
// payload is NULL while the message itself is missing.

// openResends takes up the chats that a run before this one left waiting.
func (k *link) openResends() error {
	missing := map[conversation.Address][]types.MessageID{}
	err := k.d.each(k.ctx, `SELECT chat, CASE WHEN payload IS NULL THEN CAST(id AS TEXT) ELSE '' END FROM pst_resend`,
		func(chat, id string) {
			missing[conversation.Address(chat)] = append(missing[conversation.Address(chat)], id)
		})
	if err != nil {
		return err
	}
	k.resend.Lock()
	defer k.resend.Unlock()
	for chat, ids := range missing {
		k.resending[chat] = true
		k.spawn(func() { k.giveUp(chat, ids...) })
	}
	return nil
}

// expect keeps the place of a message that could not be read.
func (k *link) expect(ctx context.Context, from conversation.Address, id types.MessageID) error {
	k.resend.Lock()
	defer k.resend.Unlock()
	_, err := k.d.db.Exec(ctx, `INSERT INTO pst_resend (id, chat) VALUES ($1, $2) ON CONFLICT (chat, id) DO NOTHING`, id,
		string(from))
	if err != nil {
		return fmt.Errorf("keep the place of a message: %w", err)
	}
	k.resending[from] = true
	k.spawn(func() { k.giveUp(from, id) })
	return nil
}

// put brings a message into the inbox, or to its place behind one that is missing.
func (k *link) put(ctx context.Context, m conversation.Message) error {
	k.resend.Lock()
	waits := k.resending[m.From]
	k.resend.Unlock()
	if !waits { // one handler runs at a time, so no place is being kept meanwhile
		if err := k.in.Put(ctx, m); err != nil {
			return fmt.Errorf("put into inbox: %w", err)
		}
		return nil
	}
	plain, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	k.resend.Lock()
	defer k.resend.Unlock()
	_, err = k.d.db.Exec(ctx, `INSERT INTO pst_resend (id, chat, payload) VALUES ($1, $2, $3)
		ON CONFLICT (chat, id) DO UPDATE SET payload = excluded.payload`, m.ID, string(m.From), k.d.vault.seal.seal("resend", plain))
	if err != nil {
		return fmt.Errorf("keep message behind a missing one: %w", err)
	}
	return k.flush(ctx, m.From)
}

// giveUp lets a chat go on after a while, whether or not what was missing has come.
func (k *link) giveUp(chat conversation.Address, ids ...types.MessageID) {
	for wait := k.c.cfg.Timing.Resend; ; wait = k.c.cfg.Timing.Redeliver {
		select {
		case <-k.ctx.Done():
			return
		case <-time.After(wait):
		}
		err := k.goOn(chat, ids)
		if err == nil {
			return
		}
		if k.ctx.Err() == nil {
			k.c.cfg.Log.Error("messages behind one that could not be read wait on", "error", redact(err))
		}
	}
}

func (k *link) goOn(chat conversation.Address, ids []types.MessageID) error {
	k.resend.Lock()
	defer k.resend.Unlock()
	for _, id := range ids {
		_, err := k.d.db.Exec(k.ctx, `DELETE FROM pst_resend WHERE chat = $1 AND id = $2 AND payload IS NULL`, string(chat),
			id)
		if err != nil {
			return fmt.Errorf("give up a place: %w", err)
		}
	}
	return k.flush(k.ctx, chat)
}

// place is a row of pst_resend.
type place struct {
	seq     int64
	id      string
	payload []byte
	missing bool
}

// flush brings what waits of a chat into the inbox, up to the first message that is
// missing. Callers hold resend.
func (k *link) flush(ctx context.Context, chat conversation.Address) error {
	places, err := k.places(ctx, chat)
	if err != nil {
		return err
	}
	for _, p := range places {
		if p.missing {
			return nil
		}
		if err := k.in.Put(ctx, k.kept(chat, p)); err != nil {
			return fmt.Errorf("put into inbox: %w", err)
		}
		if _, err := k.d.db.Exec(ctx, `DELETE FROM pst_resend WHERE seq = $1`, p.seq); err != nil {
			return fmt.Errorf("give up a place: %w", err)
		}
	}
	delete(k.resending, chat)
	return nil
}

func (k *link) places(ctx context.Context, chat conversation.Address) (out []place, err error) {
	rows, err := k.d.db.Query(ctx, `SELECT seq, CAST(id AS TEXT), CAST(payload AS BLOB), payload IS NULL
		FROM pst_resend WHERE chat = $1 ORDER BY seq`, string(chat))
	if err != nil {
		return nil, fmt.Errorf("list places: %w", err)
	}
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.seq, &p.id, &p.payload, &p.missing); err != nil {
			return nil, errors.Join(fmt.Errorf("read place: %w", err), rows.Close())
		}
		out = append(out, p)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("list places: %w", err)
	}
	return out, nil
}

// kept is the message of a place; its person is asked for it again when it cannot be
// read any more.
func (k *link) kept(chat conversation.Address, p place) (m conversation.Message) {
	plain, err := k.d.vault.seal.open("resend", p.payload)
	if err == nil {
		err = json.Unmarshal(plain, &m)
	}
	if err != nil || m.From != chat {
		k.c.cfg.Log.Error("a message kept in the device file cannot be read", "error", err)
		return asked(chat, p.id, k.c.cfg.Now())
	}
	return m
}
