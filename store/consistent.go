package store

import (
	"context"
	"fmt"
	"time"

	"pst/conversation"
)

// contradictions are queries for what cannot be; each gives what to name.
var contradictions = []struct{ what, query string }{
	{"pages are kept for an excerpt that is not there or has failed",
		`SELECT DISTINCT excerpt FROM ledger l WHERE NOT EXISTS (SELECT 1 FROM excerpts e WHERE e.code = l.excerpt AND e.failed = 0)`},
	{"an excerpt has other pages than the ledger keeps for it",
		`SELECT code FROM excerpts e WHERE failed = 0 AND reader IS NOT NULL AND page_count <> (SELECT count(*) FROM ledger WHERE excerpt = e.code)`},
	{"an excerpt both arrived and failed", `SELECT code FROM excerpts WHERE delivered > 0 AND failed > 0`},
	{"a reader belongs to a person nobody is known by",
		`SELECT number FROM readers r WHERE email_hash <> '' AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.person = r.person)`},
	{"a letter or message that ended still holds its text",
		`SELECT 'outbox ' || id FROM outbox WHERE state <> 0 AND payload IS NOT NULL UNION ALL SELECT 'inbox ' || seq FROM inbox WHERE state = 1 AND payload IS NOT NULL`},
}

// pending is a reservation that nothing is about to settle.
const pending = `SELECT code FROM excerpts e WHERE delivered = 0 AND failed = 0 AND requested < ?
	AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.state = 0 AND o.excerpt = e.code)
	AND NOT EXISTS (SELECT 1 FROM inbox WHERE state = 0)`

// Contradictions lists, for an operator, what the tables say that cannot be:
// ledger and excerpts disagree, or pages asked for before the given time are
// reserved and nothing will settle them. An empty list is a sound database.
func (db *DB) Contradictions(ctx context.Context, before time.Time) ([]string, error) {
	var out []string
	look := func(what, query string, args ...any) error {
		return db.each(ctx, query, args, func(row scanner) error {
			var name string
			err := row.Scan(&name)
			out = append(out, what+": "+name)
			return err
		})
	}
	for _, c := range contradictions {
		if err := look(c.what, c.query); err != nil {
			return nil, doing("compare tables", err)
		}
	}
	if err := look("pages are reserved and nothing will settle them", pending, ms(before)); err != nil {
		return nil, doing("compare tables", err)
	}
	return out, nil
}

// OverCap lists persons with more pages of a publication than the cap allows. That is
// lawful where accounts became one, or a publication's new file is shorter.
func (db *DB) OverCap(ctx context.Context) ([]string, error) {
	var out []string
	err := db.each(ctx, `SELECT l.person, l.publication, count(DISTINCT l.page), p.pages FROM ledger l
		JOIN publications p ON p.id = l.publication GROUP BY l.person, l.publication`, nil, func(row scanner) error {
		var person int64
		var publication string
		var have, pages int
		if err := row.Scan(&person, &publication, &have, &pages); err != nil {
			return err
		}
		if limit := conversation.Limit(pages); have > limit {
			out = append(out, fmt.Sprintf("person %d: %d pages of %s, limit %d", person, have, publication, limit))
		}
		return nil
	})
	return out, doing("compare the ledger with the cap", err)
}
