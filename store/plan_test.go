package store

import (
	"strings"
	"testing"
)

// The statements that run for every message must not read whole tables.
func TestHotStatementsUseIndexes(t *testing.T) {
	d := openDesk(t)
	for name, query := range map[string]string{
		"waiting messages":  waitingQuery,
		"due letters":       outQuery,
		"quoted letter":     refQuery,
		"letter sent":       placedQuery,
		"letter come back":  bouncedQuery,
		"letters hurried":   hurryQuery,
		"owned pages":       ownedQuery,
		"session":           `SELECT state FROM chats WHERE address = ?`,
		"message by index":  `UPDATE inbox SET state = 1 WHERE mark = ? AND state = 0`,
		"chats of a reader": `SELECT address FROM chats WHERE reader = ? ORDER BY linked_at, id`,
		"deadlines":         `SELECT address FROM chats WHERE deadline > 0 AND deadline <= ? ORDER BY deadline LIMIT 1000`,
		"reminders":         `SELECT id FROM tickets WHERE open = 1 AND due > 0 AND due <= ? ORDER BY due LIMIT 1000`,
		"codes sent":        `SELECT count(*) FROM codes WHERE email_hash = ? AND sent_at >= ?`,
		"tickets":           ticketColumns + ticketsOf,
		"open tickets":      ticketColumns + `WHERE open = 1 ORDER BY opened, rowid`,
		"excerpts":          excerptColumns + `WHERE reader = ?`,
		"posts":             `SELECT data FROM posts WHERE ticket = ? ORDER BY id`,
		"changed records":   `SELECT id, version FROM publications WHERE version > ? ORDER BY version`,
		"next version":      `SELECT ` + nextVersion,
		"one page":          pageColumns + `WHERE publication = ? AND number = ?`,
		"receipt":           `UPDATE outbox SET receipt = '' WHERE chat = ? AND platform_id = ? AND platform_id <> ''`,
		"settled excerpt":   `DELETE FROM ledger WHERE excerpt = ?`,
	} {
		args := make([]any, strings.Count(query, "?"))
		for i := range args {
			args[i] = i
		}
		for n := 9; n > 0; n-- { // numbered parameters stand several times
			if strings.Contains(query, "?"+string(rune('0'+n))) {
				args = args[:n]
				break
			}
		}
		err := d.each(t.Context(), "EXPLAIN QUERY PLAN "+query, args, func(row scanner) error {
			var id, parent, unused int
			var detail string
			if err := row.Scan(&id, &parent, &unused, &detail); err != nil {
				return err
			}
			// A scan along a partial index reads only what waits; h and n are what
			// a query made on the way.
			whole := detail != "SCAN h" && detail != "SCAN n" && strings.HasPrefix(detail, "SCAN ") &&
				!strings.Contains(detail, "INDEX") &&
				!strings.Contains(detail, "VIRTUAL TABLE") && !strings.Contains(detail, "CONSTANT ROW") &&
				!strings.Contains(detail, "SUBQUERY")
			if whole {
				t.Errorf("%s: %s", name, detail)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
