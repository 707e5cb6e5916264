package conversation

import (
	"strings"
	"time"
)

// desk handles what the desk itself put into the inbox.
func (t *turn) desk() error {
	switch t.msg.Kind {
	case Expired:
		return t.expired()
	case Due:
		if id, ok := strings.CutPrefix(t.msg.From.Rest(), WishName); ok {
			return t.wishDue(id)
		}
		return t.reminder()
	case Delayed:
		if id, ok := strings.CutPrefix(t.msg.Text, "ticket:"); ok {
			return t.letterTold(id)
		}
	case Delivered, Failed:
		what, id, _ := strings.Cut(t.msg.Text, ":")
		switch what {
		case "excerpt":
			return t.excerptSettled(id, t.msg.Kind == Delivered)
		case "code":
			return t.codeMailed()
		case "copy":
			if t.msg.Kind == Failed {
				return t.copyFailed(id)
			}
		case "ticket":
			return t.letterTold(id)
		}
	}
	return nil
}

// Times of the published dialogue rules: one reminder in a form after half an
// hour, by day only; parked after a day; a visit ends half an hour after its
// delivery.
const (
	remindAfter = 30 * time.Minute
	parkAfter   = 24 * time.Hour
	closeAfter  = 30 * time.Minute
	noStaff     = 10 * time.Minute
	staffIdle   = 12 * time.Hour
)

// schedule sets when the chat wakes by itself.
func (t *turn) schedule() {
	s := &t.s
	now := t.table[s.State]
	s.Deadline = time.Time{}
	defer t.scheduleBrief()
	switch {
	case s.Data.Plan != nil:
		s.Deadline = s.Data.Plan.At.Add(planLife)
	case now == nil:
	case now.wake != nil:
		now.wake(t)
	case now.form:
		s.Deadline = t.formDue()
	case s.Data.Visit != "" && now.glow:
		s.Deadline = s.SeenAt.Add(closeAfter)
	case s.Data.Visit != "":
		s.Deadline = s.SeenAt.Add(parkAfter)
	}
}

// scheduleBrief wakes the chat for the line of the day, if that is earlier.
func (t *turn) scheduleBrief() {
	if due := t.briefDue(); !due.IsZero() && (t.s.Deadline.IsZero() || due.Before(t.s.Deadline)) {
		t.s.Deadline = due
	}
}

// formDue is when a form reminds, or is put aside.
func (t *turn) formDue() time.Time {
	if t.s.Data.Reminded {
		return t.s.SeenAt.Add(parkAfter)
	}
	return t.byDay(t.s.SeenAt.Add(remindAfter))
}

// byDay moves a moment between 20 and 7 o'clock to 7.
func (t *turn) byDay(at time.Time) time.Time {
	local := at.In(t.office.Zone)
	switch h := local.Hour(); {
	case h >= 20:
		local = local.AddDate(0, 0, 1)
		fallthrough
	case h < 7:
		return time.Date(local.Year(), local.Month(), local.Day(), 7, 0, 0, 0, t.office.Zone)
	}
	return at
}

// expired acts on a deadline that has passed; one that was moved meanwhile is ignored.
func (t *turn) expired() error {
	s := &t.s
	if s.Deadline.IsZero() || t.at.Before(s.Deadline) {
		return nil
	}
	now := t.table[s.State]
	t.quiet = true
	defer t.flush()
	if told, err := t.briefTold(); told || err != nil {
		return err
	}
	if s.Data.Plan != nil {
		return t.planLapsed()
	}
	switch {
	case now == nil:
	case now.woken != nil:
		return now.woken(t)
	case now.form:
		return t.formExpired(now)
	case s.Data.Visit != "":
		if now.glow && t.byDay(t.at).Equal(t.at) {
			v, _, err := t.visit()
			if err != nil {
				return err
			}
			t.say("visit.closed", D{"OnSite": v.Mode == OnSite})
		}
		s.State = "menu"
		return t.closeVisit()
	}
	return nil
}

// formExpired reminds of a form once, and puts it aside after a day.
func (t *turn) formExpired(now *state) error {
	if !t.s.Data.Reminded {
		t.s.Data.Reminded = true
		t.say("form.reminder", nil)
		return nil
	}
	t.keepForm(now)
	t.s.State = t.offerForm(t.formOf(now))
	return t.closeVisit()
}
