package store

import (
	"context"
	"strconv"
	"time"

	"pst/conversation"
)

// Month implements [conversation.Store]: figures of [from, to). The profiles
// counted are those of readers who registered in that time, former ones too.
func (db *DB) Month(ctx context.Context, from, to time.Time) (conversation.Month, error) {
	m := conversation.Month{
		From: from, To: to, Purposes: map[string]int{}, TicketsByState: map[string]int{},
		ReadersByOrigin: map[string]int{}, ReadersByWork: map[string]int{}, ReadersByGender: map[string]int{}, ReadersByStudies: map[string]int{},
	}
	for _, part := range []func(context.Context, *conversation.Month, []any) error{
		db.monthReaders, db.monthVisits, db.monthExcerpts, db.monthRatings, db.monthSearches, db.monthTickets,
	} {
		if err := part(ctx, &m, []any{ms(from), ms(to)}); err != nil {
			return conversation.Month{}, doing("gather month", err)
		}
	}
	return m, nil
}

func (db *DB) monthReaders(ctx context.Context, m *conversation.Month, span []any) error {
	count := func(p conversation.Profile) {
		m.NewReaders++
		m.Profiles += flag(p.Complete())
		for _, c := range []struct {
			value string
			in    map[string]int
		}{{p.Origin, m.ReadersByOrigin}, {p.Occupation, m.ReadersByWork}, {p.Gender, m.ReadersByGender}, {p.Education, m.ReadersByStudies}} {
			if c.value != "" {
				c.in[c.value]++
			}
		}
	}
	err := db.each(ctx, `SELECT id, data FROM readers WHERE created_at >= ? AND created_at < ?`, span, func(row scanner) error {
		var r conversation.Reader
		var data []byte
		var id int64
		if err := row.Scan(&id, &data); err != nil {
			return err
		}
		if db.seal.openJSON("reader", strconv.FormatInt(id, 10), data, &r) == nil { // else not counted by profile
			count(r.Profile)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.each(ctx, `SELECT gender, education, occupation, origin FROM past_readers WHERE created_at >= ? AND created_at < ?`, span, func(row scanner) error {
		var p conversation.Profile
		err := row.Scan(&p.Gender, &p.Education, &p.Occupation, &p.Origin)
		count(p)
		return err
	})
}

func (db *DB) monthVisits(ctx context.Context, m *conversation.Month, span []any) error {
	return db.each(ctx, `SELECT mode, purpose, opened, first_result, delivered FROM visits WHERE opened >= ? AND opened < ? ORDER BY opened`, span, func(row scanner) error {
		var mode, purpose string
		var opened, first, delivered int64
		if err := row.Scan(&mode, &purpose, &opened, &first, &delivered); err != nil {
			return err
		}
		m.Visits++
		m.OnSite += flag(mode == conversation.OnSite)
		if purpose != "" {
			m.Purposes[purpose]++
		}
		if first > 0 {
			m.ToFirstResult = append(m.ToFirstResult, time.Duration(first-opened)*time.Millisecond)
		}
		if delivered > 0 {
			m.ToDelivery = append(m.ToDelivery, time.Duration(delivered-opened)*time.Millisecond)
		}
		return nil
	})
}

func (db *DB) monthExcerpts(ctx context.Context, m *conversation.Month, span []any) error {
	err := db.one(ctx, `SELECT count(*), coalesce(sum(page_count), 0) FROM excerpts WHERE delivered >= ? AND delivered < ?`, span, &m.Excerpts, &m.ExcerptPages)
	if err != nil {
		return err
	}
	return db.each(ctx, `SELECT coalesce(p.record ->> '$.title', e.publication) FROM excerpts e LEFT JOIN publications p ON p.id = e.publication
		WHERE e.delivered >= ? AND e.delivered < ? GROUP BY e.publication ORDER BY count(*) DESC, 1 LIMIT 10`, span, func(row scanner) error {
		var title string
		err := row.Scan(&title)
		m.TopPublications = append(m.TopPublications, title)
		return err
	})
}

func (db *DB) monthRatings(ctx context.Context, m *conversation.Month, span []any) error {
	return db.each(ctx, `SELECT score, count(*) FROM ratings WHERE rated >= ? AND rated < ? AND score BETWEEN 1 AND 4 GROUP BY score`, span, func(row scanner) error {
		var score, n int
		err := row.Scan(&score, &n)
		m.Ratings[score] = n
		return err
	})
}

func (db *DB) monthSearches(ctx context.Context, m *conversation.Month, span []any) error {
	if err := db.one(ctx, `SELECT count(*) FROM searches WHERE searched >= ? AND searched < ?`, span, &m.Searches); err != nil {
		return err
	}
	return db.each(ctx, `SELECT query FROM searches WHERE searched >= ? AND searched < ? AND hits = 0
		GROUP BY query ORDER BY count(*) DESC, query LIMIT 20`, span, func(row scanner) error {
		var q string
		err := row.Scan(&q)
		m.NoHit = append(m.NoHit, q)
		return err
	})
}

func (db *DB) monthTickets(ctx context.Context, m *conversation.Month, span []any) error {
	err := db.each(ctx, `SELECT state, opened, answered FROM tickets WHERE kind = '`+conversation.KindComplaint+`' AND opened >= ? AND opened < ?`, span, func(row scanner) error {
		var state string
		var opened, answered int64
		if err := row.Scan(&state, &opened, &answered); err != nil {
			return err
		}
		m.TicketsOpened++
		m.TicketsByState[state]++
		if answered > 0 && workingDays(at(opened).In(m.From.Location()), at(answered).In(m.From.Location())) <= answerDays {
			m.AnsweredInTime++
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.one(ctx, `SELECT count(*) FROM tickets WHERE kind = '`+conversation.KindComplaint+`' AND closed >= ? AND closed < ?`, span, &m.TicketsClosed)
}

// answerDays is within how many working days a complaint is to be answered (the
// office's published service standard).
const answerDays = 5

// workingDays counts the Mondays to Fridays after the day of from, up to the
// day of to. It knows no holidays, which errs on the strict side.
func workingDays(from, to time.Time) int {
	n := 0
	for d := from.AddDate(0, 0, 1); n <= answerDays && !day(d).After(day(to)); d = d.AddDate(0, 0, 1) {
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
			n++
		}
	}
	return n
}

func day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}
