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
		return t.reminder()
	case Delayed:
		if id, ok := strings.CutPrefix(t.msg.Text, "ticket:"); ok { // staff read it by mail meanwhile
			return t.mailForward(id)
		}
	case Delivered, Failed:
		what, id, _ := strings.Cut(t.msg.Text, ":")
		switch what {
		case "excerpt":
			return t.excerptSettled(id, t.msg.Kind == Delivered)
		case "code":
			if t.msg.Kind == Failed {
				t.tell(Address(id), "", "code.undeliverable", nil)
			}
		case "ticket":
			if t.msg.Kind == Failed {
				return t.mailForward(id)
			}
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
	switch {
	case now == nil:
	case now.wake != nil:
		now.wake(t)
	case now.form && s.Data.Reminded:
		s.Deadline = s.SeenAt.Add(parkAfter)
	case now.form:
		s.Deadline = t.byDay(s.SeenAt.Add(remindAfter))
	case s.Data.Visit != "" && now.glow:
		s.Deadline = s.SeenAt.Add(closeAfter)
	case s.Data.Visit != "":
		s.Deadline = s.SeenAt.Add(parkAfter)
	}
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
	switch {
	case now == nil:
	case now.woken != nil:
		return now.woken(t)
	case now.form && !s.Data.Reminded:
		s.Data.Reminded = true
		t.say("form.reminder", nil)
	case now.form:
		t.keepForm(now)
		s.State = t.offerForm(t.formOf(now))
		return t.closeVisit()
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
