package conversation

import (
	"errors"
	"strconv"
	"strings"
)

// draft is the registration in the making; a chat that lost it starts one.
func (t *turn) draft() *Draft {
	if t.s.Data.Draft == nil {
		t.s.Data.Draft = &Draft{ConsentAt: t.at}
	}
	return t.s.Data.Draft
}

// then goes on to the next question, or back to the summary when one field was
// being corrected there.
func (t *turn) then(next string) string {
	if d := t.draft(); d.Edit {
		d.Edit = false
		return "review"
	}
	return next
}

func askConsent(t *turn) string {
	return t.text("consent", D{"Years": t.office.KeepYears})
}

func (t *turn) readConsent() (string, error) {
	switch yesNo(t.in) {
	case "1":
		if t.s.Reader != 0 {
			return t.consentAgain()
		}
		d := t.draft()
		d.ConsentAt = t.at
		if d.Verified {
			t.say("email.kept", D{"Email": MaskEmail(d.Email)})
		}
		return "name", nil
	case "2":
		t.s.Data.After = nil
		t.say("consent.refused", nil)
		return "menu", nil
	}
	return refuse("choose.yes", nil)
}

// consentAgain records the consent of a reader whose consent was to an older
// text, or withdrawn.
func (t *turn) consentAgain() (string, error) {
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if err != nil {
		return "", err
	}
	r.Consent, r.ConsentAt = t.office.Consent, t.at
	t.do(UpdateReader{r})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "consent given", r.Number}})
	t.say("consent.thanks", nil)
	return t.toVisit()
}

func (t *turn) readName() (string, error) {
	name, ok := checkName(t.in)
	if !ok {
		return refuse("name.bad", nil)
	}
	t.draft().Name = name
	return t.then("card"), nil
}

func (t *turn) readCard() (string, error) {
	key := t.option(map[string]string{"nik": "1", "identitas": "1", "passport": "3", "pasport": "3", "kartu pelajar": "4", "kia": "4", "kitas": "4", "kartu mahasiswa": "4"})
	d := t.draft()
	switch key {
	case "1", "2", "3":
		d.Card = Card{Kind: [...]string{KTP, SIM, Paspor}[key[0]-'1']}
		return "card_number", nil
	case "4":
		return "card_other", nil
	}
	return refuse("choose", nil)
}

func (t *turn) readCardOther() (string, error) {
	kind := oneLine(t.in)
	if n := len([]rune(kind)); n < 2 || n > 40 || letters(kind) < 2 {
		return refuse("card_other.bad", nil)
	}
	t.draft().Card = Card{Kind: kind}
	return "card_number", nil
}

func askCardNumber(t *turn) string {
	return t.text("card_number", D{"Kind": t.draft().Card.Kind})
}

// readCardNumber keeps the last four characters and a keyed hash, never the
// number. Three numbers in a row that do not check lead on all the same, to be
// looked at by staff.
func (t *turn) readCardNumber() (string, error) {
	d := t.draft()
	normal, doubt, err := CheckCard(d.Card.Kind, t.in)
	if err != nil {
		if errors.Is(err, ErrCardSerial) || errors.Is(err, ErrCardSame) || t.s.Data.Misses < 2 || letters(t.in) > 12 || !strings.ContainsAny(t.in, "0123456789") {
			return refuse("card_number.bad", D{"Kind": d.Card.Kind, "Why": cardFault(err), "Digits": countDigits(t.in)})
		}
		normal = strings.Join(strings.Fields(strings.ToUpper(cut(t.in, 60))), "")
		d.Card.Checked = "petugas"
		t.say("card_number.staff", nil)
	}
	d.Card.Hash = t.secret.Hash("card", d.Card.Kind+":"+normal)
	d.Card.Last4 = tail(normal, 4)
	d.CardYear = 0
	if err == nil && d.Card.Kind == KTP {
		d.CardYear = nikYear(normal) + 100 // so that 00 is not "unknown"
	}
	if doubt {
		return "card_doubt", nil
	}
	return t.afterCard(), nil
}

func (t *turn) readCardDoubt() (string, error) {
	switch yesNo(t.in) {
	case "1":
		return t.afterCard(), nil
	case "2":
		return "card_number", nil
	}
	return refuse("choose.yes", nil)
}

// afterCard asks for the expiry where the card has one, else goes on.
func (t *turn) afterCard() string {
	d := t.draft()
	switch {
	case (d.Card.Kind == SIM || d.Card.Kind == Paspor) && d.Card.Expires == "":
		return "card_expiry"
	case d.Verified && !d.Edit:
		return "birth_year"
	}
	return t.then("email")
}

func cardFault(err error) string {
	for i, e := range []error{ErrCardLength, ErrCardDigits, ErrCardDate, ErrCardSerial, ErrCardSame} {
		if errors.Is(err, e) {
			return [...]string{"length", "digits", "date", "serial", "same"}[i]
		}
	}
	return "digits"
}

func countDigits(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// tail is the last n characters of what is long enough to keep some hidden.
func tail(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		n = len(r) / 2
	}
	return string(r[len(r)-n:])
}

func (t *turn) readCardExpiry() (string, error) {
	expires, err := ParseExpiry(t.in, t.at.In(t.office.Zone))
	switch {
	case errors.Is(err, ErrExpiryPast):
		t.say("card_expiry.past", nil)
		t.draft().Card = Card{}
		return "card", nil
	case err != nil:
		return refuse("card_expiry.bad", nil)
	}
	t.draft().Card.Expires = expires
	return t.afterCard(), nil
}

func (t *turn) readEmail() (string, error) {
	email, typo, err := CheckEmail(t.in)
	switch {
	case errors.Is(err, ErrEmailDomain):
		return refuse("email.domain", nil)
	case err != nil:
		return refuse("email.bad", nil)
	}
	d := t.draft()
	d.Email, d.Typo, d.Verified, d.Ticket = email, typo, false, ""
	if typo != "" {
		return "email_typo", nil
	}
	return t.sendCode()
}

func askEmailTypo(t *turn) string {
	d := t.draft()
	return t.text("email_typo", D{"Typed": d.Email, "Meant": d.Typo})
}

func (t *turn) readEmailTypo() (string, error) {
	d := t.draft()
	switch key := yesNo(t.in); {
	case key == "1":
		d.Email, d.Typo = d.Typo, ""
	case key == "2":
		d.Typo = ""
	case strings.Contains(t.in, "@"):
		return t.readEmail()
	default:
		return refuse("choose.yes", nil)
	}
	return t.sendCode()
}

// consented tells whether the reader's consent is to today's text; when not,
// the consent card comes first.
func (t *turn) consented() (bool, error) {
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if errors.Is(err, ErrNotFound) { // erased from another chat
		t.s.Reader = 0
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return r.Consent == t.office.Consent, nil
}

func (t *turn) readBirthYear() (string, error) {
	year, err := strconv.Atoi(word(t.in))
	now := t.at.In(t.office.Zone).Year()
	if err != nil || year < now-110 || year > now-5 {
		return refuse("birth_year.bad", D{"Example": now - 20})
	}
	d := t.draft()
	if d.CardYear != 0 && d.CardYear-100 != year%100 && !d.Doubted {
		d.Doubted = true
		return refuse("birth_year.doubt", D{"Year": year})
	}
	d.Profile.BirthYear = year
	if now-year < 17 {
		return "minor", nil
	}
	d.Minor = false
	return "gender", nil
}

func (t *turn) readMinor() (string, error) {
	switch yesNo(t.in) {
	case "1":
		t.draft().Minor = true
		return "gender", nil
	case "2":
		t.s.Data.Parked = "minor"
		t.say("minor.alone", nil)
		return "menu", nil
	}
	return refuse("choose.yes", nil)
}

// listState reads an answer from a configured list into a field of the profile.
func (t *turn) listState(list []string, field *string, here, next string) (string, error) {
	value, ok, err := t.pick(list)
	if err != nil {
		return "", err
	}
	if !ok {
		return here, nil
	}
	*field = value
	return next, nil
}

func (t *turn) readGender() (string, error) {
	return t.listState(t.office.Lists.Genders, &t.draft().Profile.Gender, "gender", "education")
}

func (t *turn) readEducation() (string, error) {
	return t.listState(t.office.Lists.Educations, &t.draft().Profile.Education, "education", "work")
}

func (t *turn) readWork() (string, error) {
	return t.listState(t.office.Lists.Occupations, &t.draft().Profile.Occupation, "work", "institution")
}

func (t *turn) readInstitution() (string, error) {
	if skipped(t.in) {
		t.draft().Profile.Institution = ""
		return "origin", nil
	}
	s := oneLine(t.in)
	if n := len([]rune(s)); n < 2 || n > 100 || letters(s) < 2 {
		return refuse("institution.bad", nil)
	}
	t.draft().Profile.Institution = s
	return "origin", nil
}

func (t *turn) readOrigin() (string, error) {
	return t.listState(t.office.Lists.Origins, &t.draft().Profile.Origin, "origin", "disability")
}

func (t *turn) readDisability() (string, error) {
	if skipped(t.in) && word(t.in) != "tidak ada" {
		t.draft().Profile.Disability = ""
		return "review", nil
	}
	return t.listState(t.office.Lists.Disabilities, &t.draft().Profile.Disability, "disability", "review")
}

func askReview(t *turn) string {
	d := t.draft()
	return t.text("review", D{"Name": d.Name, "Card": d.Card, "Email": d.Email, "Profile": d.Profile})
}

func (t *turn) readReview() (string, error) {
	d := t.draft()
	key := t.option(map[string]string{"nama": "2", "kartu": "3", "email": "4", "profil": "5"})
	if key == "" {
		key = yesNo(t.in)
		if key != "1" {
			return refuse("review.bad", nil)
		}
	}
	if key != "1" {
		d.Edit = key != "5"
		if key == "3" {
			d.Card.Expires = ""
		}
		if key == "4" {
			d.Verified = false
		}
		return map[string]string{"2": "name", "3": "card", "4": "email", "5": "birth_year"}[key], nil
	}
	if !d.Verified {
		return refuse("review.email", nil)
	}
	id, err := t.store.NextReaderID(t.ctx)
	if err != nil {
		return "", err
	}
	r := Reader{ID: id, Number: t.office.ReaderNumber(id), Name: d.Name, Email: d.Email, EmailHash: t.secret.Hash("email", d.Email), Card: d.Card,
		Profile: d.Profile, Phone: d.Phone, Verified: d.VerifiedBy, Consent: t.office.Consent, ConsentAt: d.ConsentAt, CreatedAt: t.at}
	t.do(CreateReader{Reader: r, Chat: t.s.Chat})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "reader registered", r.Number}})
	if staff, ok := t.office.desk(); ok && d.Card.Checked != "" { // as the person was told
		t.tell(staff.Addresses[0], "", "staff.card", D{"Reader": r})
	}
	t.s.Reader, t.s.Data.Draft, t.s.Data.Parked = id, nil, ""
	t.say("registered", D{"Number": r.Number})
	return t.toVisit()
}

func askResume(t *turn) string {
	about := "formulir"
	if s := t.table[t.s.Data.Parked]; s != nil {
		about = s.about
	}
	return t.text("resume", D{"About": about})
}

// readResume takes up a form where it was left, or starts it anew.
func (t *turn) readResume() (string, error) {
	d := &t.s.Data
	parked := d.Parked
	switch t.option(map[string]string{"ya": "1", "lanjut": "1", "baru": "2", "ulang": "2"}) {
	case "1":
		d.Parked = ""
		if now := t.table[parked]; now == nil || !now.form { // a form of another version
			return "consent", nil
		}
		return parked, nil
	case "2":
		d.Parked = ""
		if d.Complaint != nil {
			d.Complaint = &ComplaintDraft{}
			return "category", nil
		}
		d.Draft = nil
		return "consent", nil
	}
	return refuse("choose", nil)
}
