package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pst/conversation"
)

// wishPrefix begins the desk's address for a wish that is to be looked at.
const wishPrefix = conversation.Desk + ":" + conversation.WishName

func wishRow(id int64) string { return strconv.FormatInt(id, 10) }

// saveWish keeps a wish; see [conversation.SaveWish].
func (u *turn) saveWish(w conversation.Wish) error {
	if w.ID != 0 {
		data, err := u.db.seal.sealJSON("wish", wishRow(w.ID), w)
		if err != nil {
			return err
		}
		_, err = u.exec(`UPDATE wishes SET data = ? WHERE id = ?`, data, w.ID)
		return err
	}
	index := u.db.seal.blindIndex("wish", string(u.own), w.Words, w.Publication, strconv.FormatBool(w.Follows))
	plain, err := json.Marshal(w)
	if err != nil {
		return err
	}
	var id int64
	err = u.row(`INSERT INTO wishes (chat, mark, until, looked, data) VALUES (?, ?, ?, (SELECT coalesce(max(version), 0) FROM publications), '')
		ON CONFLICT (mark) DO UPDATE SET until = excluded.until RETURNING id`, string(u.own), index, ms(w.Until)).Scan(&id)
	if err != nil {
		return err
	}
	_, err = u.exec(`UPDATE wishes SET data = ? WHERE id = ?`, u.db.seal.seal("wish", wishRow(id), plain), id)
	return err
}

func (u *turn) endWish(id int64) error {
	_, err := u.exec(`DELETE FROM wishes WHERE id = ?`, id)
	return err
}

func (u *turn) endWishes(chat conversation.Address) error {
	_, err := u.exec(`DELETE FROM wishes WHERE chat = ?`, string(chat))
	return err
}

// joinWishes gives the wishes of one form of an address to the other, each once. They
// are compared with the catalogue anew: a message about the old row finds nothing.
func (u *turn) joinWishes(old, now conversation.Address) error {
	ids, err := column[int64](u.tx, `SELECT id FROM wishes WHERE chat = ?`, string(old))
	if err != nil {
		return err
	}
	to := &turn{tx: u.tx, db: u.db, own: now, now: u.now}
	for _, id := range ids {
		var w conversation.Wish
		var until int64
		var data []byte
		if err := u.row(`SELECT until, data FROM wishes WHERE id = ?`, id).Scan(&until, &data); err != nil {
			return err
		}
		if err := u.endWish(id); err != nil {
			return err
		}
		if u.db.seal.openJSON("wish", wishRow(id), data, &w) != nil {
			continue // nothing could be told of it
		}
		w.Until = at(until)
		if err := to.saveWish(w); err != nil {
			return err
		}
	}
	_, err = u.exec(`UPDATE wishes SET looked = 0 WHERE chat = ?`, string(now))
	return err
}

// wishes reads the wishes that a condition picks, oldest first. One that cannot be
// opened is left out.
func (db *DB) wishes(ctx context.Context, where string, args ...any) ([]conversation.Wish, error) {
	var out []conversation.Wish
	err := db.each(ctx, `SELECT id, chat, until, data FROM wishes `+where+` ORDER BY id`, args, func(row scanner) error {
		var w conversation.Wish
		var until int64
		var data []byte
		if err := row.Scan(&w.ID, &w.Chat, &until, &data); err != nil {
			return err
		}
		w.Until = at(until)
		if db.seal.openJSON("wish", wishRow(w.ID), data, &w) == nil {
			out = append(out, w)
		}
		return nil
	})
	return out, doing("list wishes", err)
}

// Wish implements [conversation.Store].
func (db *DB) Wish(ctx context.Context, id int64) (conversation.Wish, error) {
	list, err := db.wishes(ctx, `WHERE id = ?`, id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("wish: %w", conversation.ErrNotFound)
	}
	if err != nil {
		return conversation.Wish{}, err
	}
	return list[0], nil
}

// Wishes implements [conversation.Store].
func (db *DB) Wishes(ctx context.Context, chat conversation.Address) ([]conversation.Wish, error) {
	return db.wishes(ctx, `WHERE chat = ? AND (until = 0 OR until > ?)`, string(chat), ms(db.now()))
}

// CatalogueVersion is how often the catalogue has changed.
func (db *DB) CatalogueVersion(ctx context.Context) (version int64, err error) {
	err = db.one(ctx, `SELECT coalesce(max(version), 0) FROM publications`, nil, &version)
	return version, doing("read catalogue version", err)
}

// wishesAtOnce bounds one sweep; the rest follows at the next.
const wishesAtOnce = 500

// SweepWishes puts a Due message into the inbox for every wish that was not yet compared
// with this version of the catalogue, which the search index must have reached, and
// returns how many it put. One version gives one message for a wish, however often it
// is swept: what is told for it, and that it was told, are written together when the
// message is handled.
func (db *DB) SweepWishes(ctx context.Context, version int64) (int, error) {
	ids, err := db.numbers(ctx, `SELECT id FROM wishes WHERE looked < ? AND (until = 0 OR until > ?) ORDER BY id LIMIT ?`,
		version, ms(db.now()), wishesAtOnce)
	if err != nil || len(ids) == 0 {
		return 0, doing("sweep wishes", err)
	}
	put := 0
	err = db.update(ctx, func(t *tx) error {
		put = 0
		for _, id := range ids {
			in, err := db.inRow(conversation.Message{
				ID: "wish:" + strconv.FormatInt(version, 10), From: conversation.Address(wishPrefix + wishRow(id)),
				Kind: conversation.Due, SentAt: db.now(),
			})
			if err != nil {
				return err
			}
			fresh, err := t.put(in, ms(db.now()))
			if err != nil {
				return err
			}
			put += flag(fresh)
			if _, err := t.exec(`UPDATE wishes SET looked = ? WHERE id = ?`, version, id); err != nil {
				return err
			}
		}
		return nil
	})
	return put, doing("sweep wishes", err)
}

// wanted ranks what is waited for, by how many chats do; what fewer than three wait for
// is not told.
func (db *DB) wanted(ctx context.Context) ([]conversation.Wanted, error) {
	list, err := db.wishes(ctx, `WHERE until = 0 OR until > ?`, ms(db.now()))
	if err != nil {
		return nil, err
	}
	waiting := map[string]int{}
	for _, w := range list {
		switch {
		case w.Follows:
		case w.Publication != "":
			waiting[w.Title]++
		default:
			waiting[w.Words]++
		}
	}
	var out []conversation.Wanted
	for what, n := range waiting {
		if n >= conversation.LeastVoices {
			out = append(out, conversation.Wanted{What: what, Chats: n})
		}
	}
	slices.SortFunc(out, func(a, b conversation.Wanted) int {
		return cmp.Or(cmp.Compare(b.Chats, a.Chats), strings.Compare(a.What, b.What))
	})
	return out[:min(len(out), 20)], nil
}

// recordLesson keeps a lesson; the same from the same chat counts once.
func (u *turn) recordLesson(l conversation.RecordLesson) error {
	_, err := u.exec(`INSERT INTO lessons (missed, meant, voice, learnt) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET learnt = excluded.learnt`,
		l.Missed, l.Meant, u.db.seal.blindIndex("lesson", string(u.own), l.Missed), ms(l.At))
	return err
}

func (u *turn) teach(l conversation.Teach) error {
	_, err := u.exec(`INSERT INTO taught (missed, meant, decided) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET meant = excluded.meant, decided = excluded.decided, written = 0`, l.Missed, l.Meant, ms(l.At))
	return err
}

// Lessons implements [conversation.Store].
func (db *DB) Lessons(ctx context.Context) ([]conversation.Lesson, error) {
	var out []conversation.Lesson
	err := db.each(ctx, `SELECT missed, meant, count(*) FROM lessons WHERE missed NOT IN (SELECT missed FROM taught)
		GROUP BY missed, meant HAVING count(*) >= ? ORDER BY count(*) DESC, missed, meant LIMIT 20`,
		[]any{conversation.LeastVoices}, func(row scanner) error {
			var l conversation.Lesson
			err := row.Scan(&l.Missed, &l.Meant, &l.Chats)
			out = append(out, l)
			return err
		})
	return out, doing("list lessons", err)
}

// Unwritten lists what staff accepted and does not stand in the office's table yet.
func (db *DB) Unwritten(ctx context.Context) ([]conversation.Lesson, error) {
	var out []conversation.Lesson
	err := db.each(ctx, `SELECT missed, meant FROM taught WHERE written = 0 AND meant <> '' ORDER BY decided, missed`, nil,
		func(row scanner) error {
			var l conversation.Lesson
			err := row.Scan(&l.Missed, &l.Meant)
			out = append(out, l)
			return err
		})
	return out, doing("list accepted words", err)
}

// Written notes that these stand in the table.
func (db *DB) Written(ctx context.Context, list []conversation.Lesson) error {
	return doing("note accepted words", db.update(ctx, func(t *tx) error {
		for _, l := range list {
			if _, err := t.exec(`UPDATE taught SET written = 1 WHERE missed = ? AND meant = ?`, l.Missed, l.Meant); err != nil {
				return err
			}
		}
		return nil
	}))
}

// purgeWishes removes the wishes whose date has come, and lessons as old as searches are
// kept.
func (t *tx) purgeWishes(now time.Time, r Retention) error {
	if _, err := t.exec(`DELETE FROM wishes WHERE until > 0 AND until <= ?`, ms(now)); err != nil {
		return err
	}
	if cut, ok := before(now, r.Searches); ok {
		_, err := t.exec(`DELETE FROM lessons WHERE learnt < ?`, cut)
		return err
	}
	return nil
}
