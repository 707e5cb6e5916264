package store

import (
	"context"
	"time"

	"pst/conversation"
)

var _ conversation.Records = (*DB)(nil)

// ClosedTickets implements [conversation.Records].
func (db *DB) ClosedTickets(ctx context.Context, since time.Time, most int) ([]conversation.Ticket, error) {
	return db.tickets(ctx, `WHERE open = 0 AND closed >= ? ORDER BY closed DESC, id LIMIT ?`, ms(since), most)
}

// Fate implements [conversation.Records]. What a letter is about only the key tells:
// all about tickets that went to the address are opened.
func (db *DB) Fate(ctx context.Context, to conversation.Address, ref string) (conversation.Fate, error) {
	var f conversation.Fate
	err := db.each(ctx, `SELECT key, ref, state, receipt FROM outbox WHERE chat IN (?, ?) AND (ref = ? OR ref LIKE '`+sealedRef+`%')`,
		[]any{db.seal.addressIndex(string(to)), string(to), ref}, func(row scanner) error {
			var key, about, receipt string
			var state int
			if err := row.Scan(&key, &about, &state, &receipt); err != nil || db.seal.showRef(key, about) != ref {
				return err
			}
			switch state {
			case 0:
				f.Waiting++
			case 1:
				f.Sent++
			default:
				f.Failed++
			}
			if receipt != "" && state == 1 {
				f.Arrived++
			}
			if receipt == "read" && state == 1 {
				f.Read++
			}
			return nil
		})
	return f, doing("look at what became of letters", err)
}

// What of a [conversation.AuditEntry] tells of publications that came in: by the
// command, and of a file or a list at the page.
const (
	Imported     = "publications imported"
	ImportedFile = "file of a publication imported"
	ImportedList = "list of publications imported"
)

// Health is what the database tells of how the desk is doing.
type Health struct {
	Imported time.Time // of the last import; zero for none
	Aside    int       // rows that could not be read, and messages whose turn always fails
	Failed   []Failures
}

// Failures counts letters that did not arrive.
type Failures struct {
	Scheme string
	Count  int
}

// Health looks at the database; letters that did not arrive are counted from a day on
// ("2026-11-30").
func (db *DB) Health(ctx context.Context, since string) (Health, error) {
	var h Health
	var last int64
	err := db.one(ctx, `SELECT coalesce((SELECT at FROM audit WHERE what IN (?, ?, ?) ORDER BY id DESC LIMIT 1), 0),
		(SELECT count(*) FROM aside) + (SELECT count(*) FROM inbox WHERE state = 2 AND payload IS NOT NULL)`, []any{Imported, ImportedFile, ImportedList}, &last, &h.Aside)
	h.Imported = at(last)
	if err == nil {
		err = db.each(ctx, `SELECT substr(what, 8), sum(n) FROM tallies WHERE what LIKE 'failed %' AND day >= ? GROUP BY what ORDER BY what`,
			[]any{since}, func(row scanner) error {
				var f Failures
				err := row.Scan(&f.Scheme, &f.Count)
				h.Failed = append(h.Failed, f)
				return err
			})
	}
	return h, doing("look at how the desk is doing", err)
}
