package store

import (
	"context"
	"fmt"
	"strconv"

	"pst/conversation"
)

// recordSurvey counts one respondent. Nothing is kept that belongs to one: neither a
// row nor the order of rows leads back to who answered.
func (u *turn) recordSurvey(s conversation.Survey) error {
	count := func(what, value string) error {
		_, err := u.exec(`INSERT INTO surveys (month, what, value, n) VALUES (?, ?, ?, 1)
			ON CONFLICT (month, what, value) DO UPDATE SET n = n + 1`, s.Month, what, value)
		return err
	}
	if err := count("respondents", ""); err != nil {
		return err
	}
	for i, score := range s.Answers {
		if score == 0 {
			continue
		}
		if err := count(surveyItem+strconv.Itoa(i+1), strconv.Itoa(score)); err != nil {
			return err
		}
	}
	for what, value := range s.Who {
		if value == "" {
			continue
		}
		if err := count(surveyWho+what, value); err != nil {
			return err
		}
	}
	return nil
}

// What a count of the table surveys is of.
const (
	surveyItem = "item "
	surveyWho  = "who "
)

// surveys counts the surveys of the whole months in a period.
func (db *DB) surveys(ctx context.Context, p conversation.Period) (conversation.SKM, error) {
	first := p.From
	if first.Day() > 1 {
		first = first.AddDate(0, 1, 1-first.Day())
	}
	s := conversation.SKM{Who: map[string]map[string]int{}}
	err := db.each(ctx, `SELECT what, value, sum(n) FROM surveys WHERE month >= ? AND month < ? GROUP BY what, value`,
		[]any{first.Format("2006-01"), p.To.Format("2006-01")}, func(row scanner) error {
			var what, value string
			var n int
			if err := row.Scan(&what, &value, &n); err != nil {
				return err
			}
			var item, score int
			if what == "respondents" {
				s.Respondents = n
			} else if _, err := fmt.Sscanf(what+" "+value, surveyItem+"%d %d", &item, &score); err == nil {
				i := &s.Items[item-1]
				i.Sum, i.Answered = i.Sum+n*score, i.Answered+n
			} else {
				who := what[len(surveyWho):]
				if s.Who[who] == nil {
					s.Who[who] = map[string]int{}
				}
				s.Who[who][value] = n
			}
			return nil
		})
	return s, err
}
