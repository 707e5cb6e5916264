package conversation

import (
	"errors"
	"slices"
)

// The guest-book profile is asked after a reader's first excerpt, and at the
// latest before the first excerpt of a later visit; where the office wants it
// first ([Office].ProfileFirst) it is part of the registration.

// filling is the profile in the making: of the registration, or of a reader.
func (t *turn) filling() *Filling {
	if t.s.Reader == 0 {
		return &t.draft().Filling
	}
	if t.s.Data.Profile == nil {
		t.s.Data.Profile = &Filling{}
	}
	return t.s.Data.Profile
}

// profileEnds is where the last question of the profile may lead.
var profileEnds = []string{"review", "confirm", "after", "menu"}

// profileFilled ends the profile: a reader's is kept, and they go on where they
// were.
func (t *turn) profileFilled() (string, error) {
	if t.s.Reader == 0 {
		return "review", nil
	}
	r, err := t.me()
	if err != nil {
		return "", err
	}
	p := t.filling()
	r.Profile = p.Profile
	t.do(UpdateReader{r})
	t.s.Data.Profile = nil
	t.s.Data.unpark("profile")
	t.say("profile.done", nil)
	switch {
	case t.s.Data.Visit == "":
		return "menu", nil
	case p.Ordering && len(t.found().Pages) > 0:
		return "confirm", nil
	}
	return "after", nil
}

// reviewed goes on after the rating of a visit: with the profile, where there is none yet.
func (t *turn) reviewed() (string, error) {
	t.s.Data.Mends = false
	r, err := t.me()
	if errors.Is(err, ErrNotFound) || err == nil && r.Profile.Complete() {
		return "after", nil
	}
	return "profile", err
}

// toProfile begins the profile, or takes it up where it was left.
func (t *turn) toProfile() (string, error) {
	if t.s.Data.parked("profile") != "" {
		return t.offerForm("profile"), nil
	}
	return "birth_year", nil
}

// profileLater leaves the profile for another time.
func (t *turn) profileLater() (string, error) {
	t.say("profile.kept", nil)
	return "after", nil
}

// profileDue names the question that comes before an excerpt: a reader who had
// one in an earlier visit, and has had none in this, fills in the profile first.
func (t *turn) profileDue() (next string, err error) {
	r, err := t.me()
	if err != nil || r.Profile.Complete() {
		return "", err
	}
	had, err := t.store.Excerpts(t.ctx, t.s.Reader)
	if err != nil {
		return "", err
	}
	here := func(e Excerpt) bool { return e.Visit == t.s.Data.Visit && e.FailedAt.IsZero() }
	earlier := func(e Excerpt) bool { return e.Visit != t.s.Data.Visit && e.FailedAt.IsZero() }
	if slices.ContainsFunc(had, here) || !slices.ContainsFunc(had, earlier) {
		return "", nil
	}
	t.filling().Ordering = true
	t.say("profile.due", nil)
	return t.toProfile()
}

// completeProfile is the wish to fill in the profile now.
func (t *turn) completeProfile(now *state) error {
	if t.s.Reader == 0 {
		next, err := t.toRegister()
		if err == nil {
			t.park(now)
			t.enter(next)
		}
		return err
	}
	r, err := t.me()
	if err != nil {
		return err
	}
	if r.Profile.Complete() {
		t.say("profile.complete", nil)
		t.quiet = true
		return nil
	}
	t.park(now)
	next, err := t.toProfile()
	t.enter(next)
	return err
}

// dropProfile ends the profile, or the registration that it is part of.
func (t *turn) dropProfile() {
	if t.s.Reader == 0 {
		t.dropDraft()
		return
	}
	if p := t.s.Data.Profile; p != nil {
		t.s.Data.Profile = &Filling{CardYear: p.CardYear}
	}
	t.say("cancelled.profile", nil)
}
