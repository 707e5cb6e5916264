package conversation

import (
	"time"

	"pst/conversation/nlu"
)

// Arrival is a plan to come to the reading room, in the making.
type Arrival struct {
	Day     time.Time `json:"day,omitzero"` // midnight; zero: not said yet
	Hour    int       `json:"hour,omitempty"`
	HasHour bool      `json:"has_hour,omitempty"`
}

// at is the moment planned.
func (a *Arrival) at() time.Time { return a.Day.Add(time.Duration(a.Hour) * time.Minute) }

// planAhead is how far ahead a visit can be planned: further, hours and holidays
// are not known.
const planAhead = 60 * 24 * time.Hour

func (t *turn) arrival() *Arrival {
	if t.s.Data.Arrival == nil {
		t.s.Data.Arrival = &Arrival{}
	}
	return t.s.Data.Arrival
}

// planVisit begins a plan, or offers to go on with one.
func (t *turn) planVisit() (string, error) {
	if t.s.Data.parked("arrival") != "" && t.s.Data.Arrival != nil {
		return t.offerForm("arrival"), nil
	}
	t.s.Data.Arrival = &Arrival{}
	return "plan_when", nil
}

// readPlanWhen takes day and hour, at once or one after the other, and looks
// whether the desk is open then.
func (t *turn) readPlanWhen() (string, error) {
	local := t.at.In(t.office.Zone)
	heard := t.message().When(local)
	if !heard.Heard() {
		return refuse("plan_when.bad", nil)
	}
	a, w := t.arrival(), heard.Value
	if !w.Day.IsZero() {
		a.Day = w.Day
	}
	if w.HasHour {
		a.Hour, a.HasHour = int(w.Hour/time.Minute), true
	}
	today := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, t.office.Zone)
	day := a.Day
	switch {
	case day.IsZero():
		return t.askPlan("plan_when.day", nil)
	case day.Before(today) || day.Sub(today) > planAhead || a.HasHour && a.at().Before(t.at):
		a.Day, a.HasHour = time.Time{}, false
		return t.askPlan("plan_when.range", nil)
	case !t.office.Working(day):
		a.Day = time.Time{}
		return t.askPlan("plan_when.closed", D{"Date": day, "Next": t.office.Opening(day.Add(24 * time.Hour))})
	case !a.HasHour:
		return t.askPlan("plan_when.hour", D{"Date": day, "Times": t.office.timesOn(day)})
	case !t.office.Open(a.at()):
		a.HasHour = false
		return t.askPlan("plan_when.hours", D{"Date": day, "Times": t.office.timesOn(day)})
	}
	return "plan_review", nil
}

// askPlan asks for what is still missing, or cannot be; what was understood stays.
func (t *turn) askPlan(key string, data D) (string, error) {
	t.say(key, data)
	t.quiet = true
	return "plan_when", nil
}

func planData(t *turn) D {
	return D{"At": t.arrival().at(), "Need": t.need()}
}

// planned names the plan that a summary is about.
func planned(t *turn) string { return digest(t.arrival().at().Format(time.RFC3339)) }

// confirmPlan tells whoever is at the desk on that day.
func (t *turn) confirmPlan() (string, error) {
	a := t.arrival()
	at := a.at()
	if !a.HasHour || !t.office.Open(at) || at.Before(t.at) { // a summary left lying
		t.s.Data.Arrival = &Arrival{}
		return "plan_when", nil
	}
	who := t.text("forward.unregistered", nil)
	if t.s.Reader != 0 {
		r, err := t.store.Reader(t.ctx, t.s.Reader)
		if err != nil {
			return "", err
		}
		who = r.Name + ", " + r.Number
	}
	note := D{"Who": who, "At": at, "Need": t.need()}
	if staff, ok := t.office.onDuty(at); ok {
		t.tell(staff.Addresses[0], "", "staff.plan", note)
	} else if t.office.Email != "" {
		t.do(Send{To: Address(Mail + ":" + t.office.Email), Subject: t.text("staff.plan_subject", nil),
			Text: t.text("staff.plan", note)})
	}
	t.say("plan.done", D{"At": at, "Need": t.need()})
	t.dropArrival()
	return "menu", nil
}

func (t *turn) planAnew() (string, error) {
	t.s.Data.Arrival = &Arrival{}
	return "plan_when", nil
}

func (t *turn) dropArrival() {
	t.s.Data.Arrival = nil
	t.s.Data.unpark("arrival")
}

// cancelPlan is what batal does.
func (t *turn) cancelPlan() {
	t.dropArrival()
	t.say("cancelled.plan", nil)
}

// What a reader said of a disability is used so: where they sit, how they are
// spoken to, and that a page comes as text too.
const (
	needSight   = "sight"
	needHearing = "hearing"
	needMoving  = "moving"
)

// needs are the answers of the disability list, as the program's tables know them.
var needs = []string{"", needSight, needHearing, needMoving, ""}

// need is what follows from what the reader said of a disability, "" for nothing.
// The office may word the list anew: its words are heard like a reader's.
func (t *turn) need() string {
	if t.s.Reader == 0 {
		return ""
	}
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if err != nil || r.Profile.Disability == "" {
		return ""
	}
	var options []nlu.Option
	for _, l := range NewOffice(time.UTC).Lists.Disabilities {
		options = append(options, nlu.Option{Label: l})
	}
	a := t.lexicon.Hear(r.Profile.Disability).Choice(nlu.Disability, options)
	if !a.Heard() || a.Value >= len(needs) {
		return ""
	}
	return needs[a.Value]
}
