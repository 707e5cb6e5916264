package conversation

import (
	"errors"
	"regexp"
	"strings"

	"pst/conversation/nlu"
)

// readMenu takes words that the catalogue recognises as a search.
func (t *turn) readMenu() (string, error) {
	known, err := t.recognised()
	if known {
		return t.library(After{State: "search", Text: t.request()})
	}
	if err == nil && t.findsFault() { // never thrown away, and never a complaint unasked
		t.s.Data.Doubt = &Doubt{State: "menu", Key: "complain", Text: label(t.text("menu:complain", nil))}
		return refuse("doubt.option", D{"Label": t.s.Data.Doubt.Text})
	}
	if err == nil && letters(t.in) >= 3 && !t.message().Empty() && !skipped(t.in) {
		err = &refusal{"menu.unknown", D{"Query": cut(oneLine(t.in), 60)}}
	}
	if err == nil {
		err = &refusal{"choose.menu", nil}
	}
	return "", err
}

// recognised tells whether the catalogue knows a word of what was written. A
// catalogue that is still being read may know any.
func (t *turn) recognised() (bool, error) {
	m := t.message()
	if t.msg.Kind != Text || letters(t.in) < 3 || m.Empty() || m.Waits() {
		return false, nil
	}
	r, err := t.catalogue.Search(t.ctx, Query{Text: cut(oneLine(t.request()), queryMax), Limit: 1,
		TitlesOnly: t.s.Reader == 0})
	if errors.Is(err, ErrPreparing) {
		return true, nil
	}
	return err == nil && len(r.Hits) > 0, err
}

// topic takes what is no answer, but what the catalogue recognises, for what the
// person wants: in a menu it is searched; while the way to the library is being
// cleared it becomes what they come for, in a form where it names data or asks for a
// number. In the menu of complaints words are a complaint.
func (t *turn) topic(now *state) (handled bool, err error) {
	clearing := now.name == "consent" || now.name == "purpose" ||
		now.chapter == "registration" && now.form && (t.message().OfData() || t.message().AsksNumber())
	if !clearing && (!now.lives || now.take != nil || now.chapter == "complaint") {
		return false, nil
	}
	known, err := t.recognised()
	if !known || err != nil {
		return false, err
	}
	if clearing {
		t.s.Data.After = &After{State: "search", Text: t.request()}
		t.say("wish.noted", D{"Query": cut(oneLine(t.request()), 120)})
		t.quiet = true
		return true, nil
	}
	menu := t.table["menu"]
	t.enter(menu.name)
	next, err := t.read(menu)
	if err != nil {
		return false, err
	}
	if next != menu.name {
		t.walk(menu, next)
	}
	t.enter(next)
	return true, nil
}

func (t *turn) toSearch() (string, error) { return t.library(After{State: "search"}) }

func (t *turn) toRegister() (string, error) {
	if t.s.Reader != 0 {
		return "account", nil
	}
	t.s.Data.After = &After{State: "search"}
	t.say("register_first", D{"Wanted": false, "Loan": false})
	return t.toForm(), nil
}

// askStaffNow hands the chat to staff, where there are any.
func (t *turn) askStaffNow() (string, error) {
	err := t.toStaff()
	return t.s.State, err
}

// library leads a person towards the library: registration first, then the
// guest book of this visit, then what they wanted (the published order; search
// alone may be open to all by the office's choice).
func (t *turn) library(want After) (string, error) {
	next, err := t.admit(want)
	if next != "" || err != nil {
		return next, err
	}
	if t.s.Reader != 0 && t.s.Data.Visit == "" {
		t.s.Data.After = &want
		return t.toVisit()
	}
	return t.arrive(want)
}

// seek is a search typed inside the library, where a visit is open.
func (t *turn) seek() (string, error) {
	want := After{State: "search", Text: t.request()}
	next, err := t.admit(want)
	if next != "" || err != nil {
		return next, err
	}
	return t.arrive(want)
}

// seekKnown searches what the catalogue recognises; anything else is refused.
func (t *turn) seekKnown(refusal string) (string, error) {
	known, err := t.recognised()
	switch {
	case err != nil:
		return "", err
	case known:
		return t.seek()
	}
	return refuse(refusal, nil)
}

// admit names the question that must be answered before somebody may have what
// they want; "" when they may.
func (t *turn) admit(want After) (string, error) {
	if t.s.Reader != 0 {
		ok, err := t.consented()
		if err != nil {
			return "", err
		}
		if !ok && t.s.Reader != 0 {
			t.s.Data.After = &want
			t.say("consent.renew", nil)
			return "consent", nil
		}
	}
	if t.s.Reader != 0 || t.office.OpenSearch && want.State == "search" {
		return "", nil
	}
	t.s.Data.After = &want
	t.say("register_first", D{"Wanted": want.Text != "", "Loan": want.State == "loan"})
	return t.toForm(), nil
}

// toForm is where a registration begins, or goes on.
func (t *turn) toForm() string {
	if t.s.Data.parked("registration") != "" && t.s.Data.Draft != nil {
		return t.offerForm("registration")
	}
	return "consent"
}

// toVisit asks the guest book of a new visit; who has signed it before is
// signed in the same way again, and told how to say otherwise.
func (t *turn) toVisit() (string, error) {
	h := t.s.Data.Habit
	switch {
	case t.s.Data.Visit != "" && t.s.Data.After != nil: // a consent was renewed in the middle of it
		return t.arrive(*t.s.Data.After)
	case h == nil:
		return "purpose", nil
	}
	mode := or(t.s.Data.Mode, Online) // who does not say or scan that they are in the room is not
	t.say("visit.again", D{"Mode": mode, "Purpose": h.Purpose})
	return t.sign(mode, h.Purpose)
}

// arrive does what the person wanted.
func (t *turn) arrive(want After) (string, error) {
	t.s.Data.After = nil
	switch {
	case want.State == "loan":
		t.shelfFound().Book = want.Text
		t.s.Data.Loan = &LoanDraft{Book: want.Text}
		return "loan_reason", nil
	case want.State == "details":
		t.s.Data.Find = &Find{Pub: want.Text}
		if _, err := t.load(want.Text); errors.Is(err, ErrNotFound) {
			t.say("publication.gone", nil)
			return "search", nil
		} else if err != nil {
			return "", err
		}
		return "details", nil
	case want.Text != "":
		return t.find(want.Text)
	}
	return "search", nil
}

// purposeText asks for what is not known: the purpose, and the mode with it.
func purposeText(t *turn) string {
	switch {
	case t.s.Data.Visit != "":
		return "purpose.change"
	case t.s.Data.Mode == "":
		return "purpose.both"
	}
	return "purpose"
}

var numeralIn = regexp.MustCompile(`\d+`)

// modeHeard is the mode that a message names, a part between commas at a time,
// "" for none; rest are the other parts. Numbers are of the purposes.
func (t *turn) modeHeard() (mode, rest string) {
	if t.msg.Kind == Choice {
		return "", ""
	}
	modes := []nlu.Option{{Key: "onsite"}, {Key: "online"}}
	clause := func(r rune) bool { return strings.ContainsRune(",;:.\n", r) }
	for _, part := range strings.FieldsFunc(numeralIn.ReplaceAllString(t.in, ",$0,"), clause) {
		m := t.lexicon.Hear(part)
		if a := m.Choice(nlu.Mode, modes); mode == "" && a.Heard() && !m.Line(menuLines).Heard() {
			mode = []string{OnSite, Online}[a.Value]
		} else {
			rest += part + " "
		}
	}
	return mode, strings.TrimSpace(rest)
}

// readMode takes the mode, with the purpose where one is beside it; else that is
// still asked.
func (t *turn) readMode() (string, error) {
	mode, rest := t.modeHeard()
	if mode != "" && rest != "" {
		t.in = rest
		if o, about := t.chosen(t.table["purpose"]); o != nil && o.key == "pick" {
			t.subject = about
			return t.signAs(mode)
		}
	}
	switch {
	case mode == "":
		return refuse("choose", nil)
	case t.s.Data.Visit != "":
		return t.changeVisit(mode, "")
	}
	t.s.Data.Mode = mode
	return "purpose", nil
}

// signVisit completes the guest-book entry with the purpose, and the mode where
// it is named beside it: who names none is no visitor of the room.
func (t *turn) signVisit() (string, error) {
	mode, _ := t.modeHeard()
	return t.signAs(mode)
}

func (t *turn) signAs(mode string) (string, error) {
	t.s.Data.ListPage = 0
	if t.s.Data.Visit != "" {
		return t.changeVisit(mode, t.subject)
	}
	mode = or(mode, t.s.Data.Mode)
	t.say("visit.opened", D{"Assumed": mode == ""})
	return t.sign(or(mode, Online), t.subject)
}

// sign opens the visit: the five-minute clock of the published standard starts.
func (t *turn) sign(mode, purpose string) (string, error) {
	id, err := random(t.random, 12)
	if err != nil {
		return "", err
	}
	d := &t.s.Data
	d.Visit, d.Mode, d.Habit, d.Waited = id, mode, &Habit{purpose}, 0
	t.do(SaveVisit{Visit{ID: id, Reader: t.s.Reader, Chat: t.s.Chat, Mode: mode, Purpose: purpose, OpenedAt: t.at}})
	want := After{State: "search"}
	if d.After != nil {
		want = *d.After
	}
	return t.arrive(want)
}

// correctVisit asks mode and purpose of the open visit anew; without one they
// are asked when the next begins.
func (t *turn) correctVisit(now *state) error {
	if t.s.Data.Visit == "" {
		t.s.Data.Habit, t.s.Data.Mode = nil, ""
		if now.name != "purpose" {
			t.say("visit.asked", nil)
			t.quiet = true
		}
		return nil
	}
	if now.name != "purpose" {
		t.s.Data.Before = now.name
	}
	t.s.Data.ListPage = 0
	t.enter("purpose")
	return nil
}

// changeVisit corrects the open visit, "" leaving as it is, and leads back to
// where the person was.
func (t *turn) changeVisit(mode, purpose string) (string, error) {
	v, ok, err := t.visit()
	if err != nil {
		return "", err
	}
	d := &t.s.Data
	if ok {
		v.Mode, v.Purpose = or(mode, v.Mode), or(purpose, v.Purpose)
		t.do(SaveVisit{v})
		d.Mode, d.Habit = v.Mode, &Habit{v.Purpose}
		t.say("visit.changed", D{"Mode": v.Mode, "Purpose": v.Purpose})
	}
	before := d.Before
	d.Before = ""
	if t.table[before] == nil {
		before = "search"
	}
	return before, nil
}

// onSite notes that the person stands at the desk (they scanned its code).
func (t *turn) onSite() error {
	t.s.Data.Mode = OnSite
	now := t.table[t.s.State]
	visit, open, err := t.visit()
	if err != nil {
		return err
	}
	if open && visit.Mode != OnSite { // they came to the desk meanwhile: the good-bye speaks of the locker
		visit.Mode = OnSite
		t.do(SaveVisit{visit})
	}
	t.say("onsite", nil)
	if now.name != "menu" && now.name != "survey_offer" {
		return nil
	}
	next, err := t.library(After{State: "search"})
	if err != nil {
		return err
	}
	t.enter(next)
	return nil
}

// deepLink acts on the parameter of a link or QR code: "ditempat", "cek_CODE" or
// "pub_ID" for a publication.
func (t *turn) deepLink(parameter string) error {
	if strings.EqualFold(parameter, "ditempat") {
		return t.onSite()
	}
	if code, ok := strings.CutPrefix(parameter, "cek_"); ok {
		return t.checkGenuine(code)
	}
	id, ok := strings.CutPrefix(parameter, "pub_")
	if !ok {
		t.greet()
		return nil
	}
	if _, err := t.load(id); errors.Is(err, ErrNotFound) {
		t.say("publication.gone", nil)
		return nil
	} else if err != nil {
		return err
	}
	t.park(t.table[t.s.State])
	next, err := t.library(After{State: "details", Text: id})
	if err != nil {
		return err
	}
	t.enter(next)
	return nil
}

// visit loads the open visit; ok is false when none is open.
func (t *turn) visit() (v Visit, ok bool, err error) {
	if t.s.Data.Visit == "" {
		return Visit{}, false, nil
	}
	// A visit saved earlier in this very turn is not in the store yet.
	for _, e := range t.effects {
		if sv, is := e.(SaveVisit); is && sv.Visit.ID == t.s.Data.Visit {
			v, ok = sv.Visit, true
		}
	}
	if ok {
		return v, true, nil
	}
	v, err = t.store.Visit(t.ctx, t.s.Data.Visit)
	if errors.Is(err, ErrNotFound) {
		return Visit{}, false, nil
	}
	return v, err == nil, err
}

// finishVisit ends the visit: first the one question, if something was
// delivered and it was not asked yet; then good-bye, with the bags in the
// locker when the person is on site (standard, procedure line 7).
func (t *turn) finishVisit() error {
	v, ok, err := t.visit()
	if err != nil {
		return err
	}
	t.park(t.table[t.s.State])
	if ok && !v.DeliveredAt.IsZero() && !v.Asked {
		v.Asked = true
		t.do(SaveVisit{v})
		t.enter("rating")
		return nil
	}
	t.say("goodbye", D{"OnSite": v.Mode == OnSite})
	if err := t.closeVisit(); err != nil {
		return err
	}
	if ok && !v.DeliveredAt.IsZero() {
		if offered, err := t.offerSurvey(); offered || err != nil {
			t.enter("survey_offer")
			return err
		}
	}
	t.quiet = true
	t.enter("menu")
	return nil
}

// visited is the open visit, which a rating is about.
func visited(t *turn) string { return t.s.Data.Visit }

// leave ends the visit from its last question.
func (t *turn) leave() (string, error) {
	err := t.finishVisit()
	return t.s.State, err
}

func accountData(t *turn) D {
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if err != nil {
		t.fault = err
	}
	return D{"Number": r.Number, "Name": r.Name}
}

// closeVisit ends the open visit, if any.
func (t *turn) closeVisit() error {
	id := t.s.Data.Visit
	if id == "" {
		return nil
	}
	v, err := t.store.Visit(t.ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	t.s.Data.Visit, t.s.Data.Mode, t.s.Data.Before = "", "", ""
	if err == nil {
		v.ClosedAt = t.at
		t.do(SaveVisit{v})
	}
	return nil
}
