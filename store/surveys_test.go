package store

import (
	"testing"
	"time"

	"pst/conversation"
)

// The survey is counted by the office's month, an item's mean over those who answered
// it, and no row is of one person.
func TestSurveysAreCountsOfAMonth(t *testing.T) {
	d := openDesk(t)
	wib := time.FixedZone("WIB", 7*3600)
	who := map[string]string{"gender": "Perempuan", "age": ""}
	survey := func(month string, first int) conversation.RecordSurvey {
		return conversation.RecordSurvey{Survey: conversation.Survey{Month: month, Who: who,
			Answers: [conversation.SurveyItems]int{first, 4, 4, 4, 4, 4, 4, 4, 1}}}
	}
	d.does(ani, survey("2026-12", 3), survey("2026-12", 0))
	d.does(budi, survey("2026-12", 2), survey("2027-01", 4), survey("2026-11", 4))
	december := time.Date(2026, 12, 1, 0, 0, 0, 0, wib)
	s, err := d.surveys(t.Context(), conversation.Months(december, 1))
	if err != nil {
		t.Fatal(err)
	}
	if s.Respondents != 3 || s.Items[0] != (conversation.SKMItem{Sum: 5, Answered: 2}) ||
		s.Items[8] != (conversation.SKMItem{Sum: 3, Answered: 3}) || s.Who["gender"]["Perempuan"] != 3 ||
		len(s.Who["age"]) != 0 {
		t.Errorf("December has %+v", s)
	}
	var most, rows int
	if err := d.one(t.Context(), `SELECT max(n), count(*) FROM surveys WHERE month = '2026-12'`, nil, &most,
		&rows); err != nil {
		t.Fatal(err)
	}
	if most != 3 || rows != 1+2+8+1 {
		t.Errorf("%d rows, the largest count %d", rows, most)
	}
}

// Two accounts found to be one person's have answered where either has.
func TestOnePersonIsAskedTheSurveyOnce(t *testing.T) {
	d := openDesk(t)
	from, into := d.joins(ani, "ani"), d.joins(budi, "budi")
	r, err := d.Reader(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	r.SurveyOffered, r.SurveyDone, r.SKD = "2026-4", "2026-4", conversation.NoSKD
	d.does(ani, conversation.UpdateReader{Reader: r})
	d.does(ani, conversation.LinkChat{Chat: ani, Reader: into})
	if r, err = d.Reader(t.Context(), into); err != nil || r.SurveyDone != "2026-4" || r.SurveyOffered != "2026-4" ||
		r.SKD != conversation.NoSKD {
		t.Errorf("asked %q, answered %q, SKD %q, %v", r.SurveyOffered, r.SurveyDone, r.SKD, err)
	}
}
