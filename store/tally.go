package store

import "pst/conversation"

// recordSearch keeps one search; the same ID again adds what was chosen.
func (u *turn) recordSearch(s conversation.SearchLog) error {
	_, err := u.exec(`INSERT INTO searches (id, query, hits, chosen, searched, voice) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET chosen = excluded.chosen WHERE excluded.chosen <> ''`,
		s.ID, s.Query, s.Hits, s.Chosen, ms(s.At), u.db.seal.blindIndex("search", string(u.own), s.Query))
	return err
}

// tally counts something of a day.
func (t *tx) tally(c conversation.Tally) error {
	_, err := t.exec(`INSERT INTO tallies (day, what, n) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1`, c.Day,
		c.What)
	return err
}
