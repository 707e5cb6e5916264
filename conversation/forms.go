package conversation

import "slices"

// Parked is a form that was left half filled in. What was filled in stays whole
// in the session (Draft, Profile, Complaint) until the form is finished, cancelled, or
// begun anew by the person's own word.
type Parked struct {
	Kind  string `json:"kind"`  // the chapter it belongs to: "registration", "profile", "complaint", "arrival"
	State string `json:"state"` // the question that was open
}

// parked finds the form of a kind that was left, "" for none.
func (d *Data) parked(kind string) string {
	for _, p := range d.Forms {
		if p.Kind == kind {
			return p.State
		}
	}
	return ""
}

// unpark forgets that a form of this kind was left.
func (d *Data) unpark(kind string) {
	d.Forms = slices.DeleteFunc(d.Forms, func(p Parked) bool { return p.Kind == kind })
}

// keepForm parks the form that a question belongs to, one of each kind; the one
// left last is the first to be offered again.
func (t *turn) keepForm(now *state) {
	d := &t.s.Data
	kind := t.formOf(now)
	d.unpark(kind)
	d.Forms = append(d.Forms, Parked{Kind: kind, State: now.name})
}

// formOf is the kind of form that a question belongs to now: the profile of who
// has no account yet is part of the registration.
func (t *turn) formOf(now *state) string {
	if now.chapter == "profile" && t.s.Reader == 0 {
		return "registration"
	}
	return now.chapter
}

// park remembers a form that is left half filled in, and says so.
func (t *turn) park(now *state) {
	if now.form {
		t.keepForm(now)
		t.say("form.parked", nil)
	}
}

// offerForm asks whether a form that was left shall be gone on with.
func (t *turn) offerForm(kind string) string {
	t.s.Data.Resume = kind
	return "resume"
}

// resuming is the kind of form that the question is about: the one named, or
// else the one left last.
func (t *turn) resuming() string {
	d := &t.s.Data
	if d.Resume == "" && len(d.Forms) > 0 {
		d.Resume = d.Forms[len(d.Forms)-1].Kind
	}
	return d.Resume
}

func resumeData(t *turn) D {
	kind := t.resuming()
	step := t.s.Data.parked(kind)
	if s := t.table[step]; s == nil || !s.form { // a form of another version
		step = map[string]string{"complaint": "category", "profile": "birth_year", "arrival": "plan_when"}[kind]
	}
	if step == "" {
		step = "name"
	}
	return D{"Form": t.text("form:"+t.formOf(t.table[step]), nil), "Step": t.text("step:"+step, nil)}
}

func resumed(t *turn) string { return t.resuming() }

// resumeForm takes up a form where it was left.
func (t *turn) resumeForm() (string, error) {
	d := &t.s.Data
	kind := t.resuming()
	step := d.parked(kind)
	d.unpark(kind)
	d.Resume = ""
	if now := t.table[step]; now == nil || !now.form {
		return t.firstStep(kind), nil
	}
	return step, nil
}

// formAnew drops one form, and no other, and begins it again.
func (t *turn) formAnew() (string, error) {
	d := &t.s.Data
	kind := t.resuming()
	d.unpark(kind)
	d.Resume = ""
	switch kind {
	case "complaint":
		d.Complaint = &ComplaintDraft{}
	case "profile":
		p := t.filling()
		p.Profile, p.Doubted, p.Minor = Profile{}, false, false
	case "arrival":
		d.Arrival = &Arrival{}
	default:
		d.Draft = nil
	}
	return t.firstStep(kind), nil
}

// firstStep is the question that a form of this kind begins with.
func (t *turn) firstStep(kind string) string {
	switch kind {
	case "complaint":
		return "category"
	case "profile":
		return "birth_year"
	case "arrival":
		return "plan_when"
	}
	return "consent"
}

// cancelForm drops a form by its own name, wherever the person is.
func (t *turn) cancelForm(kind string) error {
	d := &t.s.Data
	now := t.table[t.s.State]
	at := now.form && t.formOf(now) == kind
	switch {
	case kind == "registration" && (at || d.Draft != nil):
		t.dropDraft()
	case kind == "profile" && (at || d.Profile != nil):
		t.dropProfile()
	case kind == "complaint" && (at || d.Complaint != nil):
		t.dropComplaint()
	case kind == "arrival" && (at || d.Arrival != nil):
		t.cancelPlan()
	default:
		t.say("cancelled.nothing", D{"Form": t.text("form:"+kind, nil)})
	}
	d.unpark(kind)
	if at || now.parked && t.resuming() == kind {
		d.Resume = ""
		t.enter("menu")
	}
	return nil
}

// unasked tells whether a form has been parked by the clock and the person has
// not been asked yet whether to go on: whatever they write first is no answer.
func (t *turn) unasked() bool {
	shown := t.s.Data.Shown
	return t.table[t.s.State].parked && (shown == nil || shown.State != t.s.State)
}
