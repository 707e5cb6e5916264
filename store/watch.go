package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"pst/conversation"
)

// Beat writes a small row, durably, and reads it back the way everything else is read:
// nil says that the database can be written and read now. conversation.ErrFull, wrapped,
// is a database that answers and has no room.
func (db *DB) Beat(ctx context.Context) error {
	now := strconv.FormatInt(db.now().UnixNano(), 10)
	err := db.update(ctx, func(t *tx) error {
		_, err := t.exec("INSERT INTO meta (name, value) VALUES ('beat', ?) ON CONFLICT (name) DO UPDATE SET value = "+
			"excluded.value", now)
		return err
	})
	if err != nil {
		return doing("write to the database", err)
	}
	var found string
	if err := db.one(ctx, "SELECT CAST(value AS TEXT) FROM meta WHERE name = 'beat'", nil, &found); err != nil {
		return doing("read from the database", err)
	}
	if found < now { // one that beats at the same time may have written a later one
		return errors.New("read from the database: what was just written is not there")
	}
	return nil
}

// Depth is how much of one scheme waits in a queue.
type Depth struct {
	Count  int
	Oldest time.Time // when the oldest of them was put in; zero for none
	// Due counts letters that could leave now; the others wait for a later try.
	Due int
}

// Depths are the queues by the scheme of their addresses; an empty one is not there.
type Depths struct {
	Inbox, Outbox map[string]Depth
	// First is the oldest message of the inbox, another number for another message; 0
	// for an empty one.
	First int64
}

// Depths looks how much waits for these schemes, and since when.
func (db *DB) Depths(ctx context.Context, among []string, now time.Time) (Depths, error) {
	d := Depths{Inbox: map[string]Depth{}, Outbox: map[string]Depth{}}
	err := db.each(ctx, `SELECT scheme, count(*), min(seq), min(put_at) FROM inbox INDEXED BY inbox_waiting WHERE state = 0
		AND scheme IN (SELECT value FROM json_each(?)) GROUP BY scheme`, []any{list(among)}, func(row scanner) error {
		var scheme string
		var first, oldest int64
		var n int
		if err := row.Scan(&scheme, &n, &first, &oldest); err != nil {
			return err
		}
		if d.First == 0 || first < d.First {
			d.First = first
		}
		d.Inbox[scheme] = Depth{Count: n, Oldest: at(oldest)}
		return nil
	})
	if err != nil {
		return Depths{}, doing("look how much waits in the inbox", err)
	}
	err = db.each(ctx, `SELECT scheme, count(*), min(queued), sum(due <= ?) FROM outbox WHERE state = 0
		AND scheme IN (SELECT value FROM json_each(?)) GROUP BY scheme`, []any{ms(now), list(among)}, func(row scanner) error {
		var scheme string
		var oldest int64
		var n, due int
		if err := row.Scan(&scheme, &n, &oldest, &due); err != nil {
			return err
		}
		d.Outbox[scheme] = Depth{Count: n, Oldest: at(oldest), Due: due}
		return nil
	})
	return d, doing("look how much waits in the outbox", err)
}

// Ring notes what state an alarm has, "" for none, and puts what staff are told of it
// into the outbox in the same transaction. Where the alarm has that state already, also
// from before a restart, nothing happens, and rung is false.
func (db *DB) Ring(ctx context.Context, alarm, state string, tell ...conversation.Send) (rung bool, err error) {
	var sends []outRow
	for _, s := range tell {
		row, err := db.outRow(s)
		if err != nil {
			return false, doing("ring alarm", err)
		}
		sends = append(sends, row)
	}
	err = db.update(ctx, func(t *tx) error {
		rung = false
		var n int64
		var err error
		if state == "" {
			n, err = t.exec("DELETE FROM meta WHERE name = ?", "alarm "+alarm)
		} else {
			n, err = t.exec(`INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value
				WHERE value <> excluded.value`, "alarm "+alarm, state)
		}
		if err != nil || n == 0 {
			return err
		}
		now := ms(db.now())
		for _, s := range sends {
			if err := t.enqueue(s, now); err != nil {
				return err
			}
		}
		rung = true
		return nil
	})
	return rung && err == nil, doing("ring alarm", err)
}
