package conversation

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The survey of public satisfaction (SKM) is offered when a visit has ended in which
// something was delivered, once a quarter and reader. What has been answered waits in
// the session until the last item; then only counts are kept, which nothing joins to
// the person. The quick rating of a visit is another thing and no part of it.

// SurveyDraft is a survey being filled in.
type SurveyDraft struct {
	Quarter string           `json:"quarter"`
	Item    int              `json:"item"` // from 0
	Answers [SurveyItems]int `json:"answers"`
}

// quarter is such as "2026-4", of the office's clock.
func (o *Office) quarter(at time.Time) string {
	at = at.In(o.Zone)
	return fmt.Sprintf("%d-%d", at.Year(), (int(at.Month())+2)/3)
}

// offerSurvey tells whether the survey is offered now, and notes that it was.
func (t *turn) offerSurvey() (bool, error) {
	r, err := t.me()
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	now := t.office.quarter(t.at)
	if err != nil || r.Frozen || r.SurveyOffered == now || r.SurveyDone == now {
		return false, err
	}
	r.SurveyOffered = now
	t.do(UpdateReader{r})
	return true, nil
}

// toSurvey begins the survey, or takes it up where it was left.
func (t *turn) toSurvey() (string, error) {
	now := t.office.quarter(t.at)
	r, err := t.me()
	switch {
	case errors.Is(err, ErrNotFound):
		t.say("survey.readers", nil)
		return "menu", nil
	case err != nil:
		return "", err
	case r.SurveyDone == now:
		t.say("survey.already", nil)
		return "menu", nil
	}
	if d := t.s.Data.Survey; d == nil || d.Quarter != now {
		t.s.Data.Survey = &SurveyDraft{Quarter: now}
	}
	return "survey", nil
}

func (t *turn) surveyLater() (string, error) {
	t.say("survey.later", nil)
	t.quiet = true
	return "menu", nil
}

// surveyDraft is never nil: a chat may stand at an item whose draft is gone.
func (t *turn) surveyDraft() *SurveyDraft {
	if t.s.Data.Survey == nil {
		t.s.Data.Survey = &SurveyDraft{Quarter: t.office.quarter(t.at)}
	}
	return t.s.Data.Survey
}

// surveyItem is the item asked, so that a button pressed twice does not answer the next.
func surveyItem(t *turn) string { return fmt.Sprint(t.surveyDraft().Item + 1) }

func surveyData(t *turn) D {
	n := t.surveyDraft().Item + 1
	return D{"Item": n, "Question": t.text(fmt.Sprint("survey.item", n), nil)}
}

func surveyLabels(t *turn) D {
	scale := strings.Split(t.text(fmt.Sprint("survey.scale", t.surveyDraft().Item+1), nil), ",")
	for len(scale) < 4 { // an office's own text with a word too few
		scale = append(scale, "")
	}
	return D{"Scale": scale}
}

// opinions are the answers to an item by their score.
var opinions = [5]string{1: "worst", 2: "poor", 3: "good", 4: "best"}

// opinion hears a score in words of praise or blame, and that somebody has had enough.
func opinion(t *turn) (key string, sure bool) {
	m := t.message()
	if a := m.Rating(); a.Heard() && !a.Value.Skip && a.Value.Score > 0 {
		return opinions[a.Value.Score], true
	}
	if m.GivesUp() || m.Farewell() || m.Thanks() {
		return "finish", true
	}
	return "", false
}

// readSurvey takes a search typed instead of an answer for a search, of a new visit.
func (t *turn) readSurvey() (string, error) {
	known, err := t.recognised()
	switch {
	case err != nil:
		return "", err
	case known:
		return t.library(After{State: "search", Text: t.request()})
	}
	return refuse("survey.bad", nil)
}

// answerItem keeps a score, 0 passing the item over.
func answerItem(score int) func(*turn) (string, error) {
	return func(t *turn) (string, error) {
		d := t.surveyDraft()
		d.Answers[d.Item] = score
		if d.Item++; d.Item < SurveyItems {
			return "survey", nil
		}
		d.Item = SurveyItems - 1
		return t.endSurvey()
	}
}

func (t *turn) itemBefore() (string, error) {
	d := t.surveyDraft()
	if d.Item == 0 {
		return "menu", nil
	}
	d.Item--
	return "survey", nil
}

// endSurvey counts what was answered, if anything was.
func (t *turn) endSurvey() (string, error) {
	d := t.surveyDraft()
	t.s.Data.Survey = nil
	t.quiet = true
	r, err := t.me()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	if d.Answers == [SurveyItems]int{} || err != nil {
		t.say("survey.none", nil)
		return "menu", nil
	}
	if now := t.office.quarter(t.at); r.SurveyDone != now {
		r.SurveyDone = now
		t.do(UpdateReader{r})
		t.do(RecordSurvey{Survey{Month: t.at.In(t.office.Zone).Format("2006-01"), Answers: d.Answers, Who: map[string]string{
			"gender": r.Profile.Gender, "age": AgeGroup(t.at.In(t.office.Zone).Year() - r.Profile.BirthYear),
			"education": r.Profile.Education, "work": r.Profile.Occupation}}})
	}
	t.say("survey.thanks", nil)
	if r.SKD == "" {
		t.quiet = false
		return "skd", nil
	}
	return "menu", nil
}

// NoSKD is what [Reader.SKD] says of a person who does not want to be contacted.
const NoSKD = "tidak"

// MayBeContacted tells whether a reader agreed to be contacted for the SKD, and that and
// the consent to keep personal data are in force.
func (r Reader) MayBeContacted() bool {
	return r.SKD != "" && r.SKD != NoSKD && r.Consent > 0 && !r.Frozen
}

// keepSKD notes whether a reader may be contacted for the survey of data needs (Survei
// Kebutuhan Data, SKD), which BPS holds among those it has served; it can be said anew
// in one's own data at any time.
func keepSKD(agrees bool) func(*turn) (string, error) {
	return func(t *turn) (string, error) {
		r, err := t.me()
		if errors.Is(err, ErrNotFound) {
			return "menu", nil
		}
		if err != nil {
			return "", err
		}
		r.SKD = NoSKD
		if agrees {
			r.SKD = t.at.In(t.office.Zone).Format(time.DateOnly)
		}
		t.do(UpdateReader{r})
		t.say("skd.kept", D{"Agreed": agrees})
		t.quiet = true
		return "menu", nil
	}
}

// AgeGroup is a span of ten years; "" where the year of birth was not given.
func AgeGroup(age int) string {
	switch {
	case age > 120:
		return ""
	case age <= 20:
		return AgeGroups[0]
	case age > 50:
		return AgeGroups[4]
	}
	return AgeGroups[(age-1)/10-1]
}

// AgeGroups are the groups of [AgeGroup], the youngest first.
var AgeGroups = []string{"sampai 20 tahun", "21-30 tahun", "31-40 tahun", "41-50 tahun", "di atas 50 tahun"}
