package conversation

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"pst/conversation/nlu"
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

func consentData(t *turn) D { return D{"Years": t.office.KeepYears} }

func (t *turn) consentGiven() (string, error) {
	if t.s.Reader != 0 {
		return t.consentAgain()
	}
	d := t.draft()
	d.ConsentAt = t.at
	if d.Verified {
		t.say("email.kept", D{"Email": MaskEmail(d.Email)})
	}
	return "name", nil
}

func (t *turn) consentRefused() (string, error) {
	t.s.Data.After = nil
	t.say("consent.refused", nil)
	return "menu", nil
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
	name, err := t.nameHeard()
	if err != nil {
		return "", err
	}
	t.draft().Name = name
	return t.then("card"), nil
}

// nameHeard is the name in what was written. A name that is also a word, or that
// nobody would take for one, is asked back; the latter only who insists on it.
func (t *turn) nameHeard() (string, error) {
	a := t.message().Name()
	heard := a.Value
	if a.Sureness == nlu.None {
		heard = oneLine(t.in)
	}
	name, ok := checkName(heard)
	switch {
	case !ok, a.Sureness == nlu.None && !t.sure && (t.s.Data.Misses == 0 || t.noName()):
		return refuse("name.bad", nil)
	case a.Sureness != nlu.Sure && !t.sure:
		return t.doubt("name.doubt", name, D{"Name": name})
	}
	return name, nil
}

// noName tells whether what was typed is something that people say, however
// often they say it.
func (t *turn) noName() bool {
	m := t.message()
	return m.Empty() || m.Thanks() || m.Farewell() || m.Waits() || m.Skips() || m.YesNo().Heard() || m.Intent().Heard() ||
		strings.Contains(t.in, "?") || m.OfData() || m.AsksNumber()
}

// cardOf begins a card of one of the kinds that are checked.
func cardOf(kind string) func(*turn) (string, error) {
	return func(t *turn) (string, error) {
		t.draft().Card = Card{Kind: kind}
		return t.cardAtOnce()
	}
}

// cardAtOnce goes on with the number, where it was written beside the kind.
func (t *turn) cardAtOnce() (string, error) {
	if t.msg.Kind == Choice || !t.message().CardNumber(strings.ToLower(t.draft().Card.Kind)).Heard() {
		return "card_number", nil
	}
	next, err := t.readCardNumber()
	var no *refusal
	if errors.As(err, &no) { // the kind stands
		t.say(no.key, no.data)
		return "card_number", nil
	}
	return next, err
}

// aroundCard are words around the name of a card that are not part of it.
var aroundCard = regexp.MustCompile(`(?i)^(pakai|pake|dengan|kartunya|ini)\s+|[\s:,.-]*\b(no|nomor|nomornya|number)?[\s:,.-]*$`)

// otherKind takes the name of another card, where its number follows.
func (t *turn) otherKind() (string, error) {
	if t.pressed == "" && countDigits(t.in) == 0 {
		if kind := t.message().Phrase(nlu.Cards, "other"); kind != "" { // "kartu pelajar aja kak"
			t.draft().Card = Card{Kind: strings.ToUpper(kind[:1]) + kind[1:]}
			return "card_number", nil
		}
	}
	first := strings.IndexAny(t.in, "0123456789")
	if first <= 0 || !t.message().CardNumber("").Heard() {
		return "card_other", nil
	}
	kind := aroundCard.ReplaceAllString(oneLine(t.in[:first]), "")
	if n := len([]rune(kind)); n < 3 || n > 40 || letters(kind) < 3 {
		return "card_other", nil
	}
	t.draft().Card = Card{Kind: strings.ToUpper(kind[:1]) + kind[1:]}
	return t.cardAtOnce()
}

// readCard takes a NIK alone for a KTP; any other number needs the kind.
func (t *turn) readCard() (string, error) {
	a := t.message().CardNumber("ktp")
	switch {
	case a.Sureness == nlu.Sure:
		return cardOf(KTP)(t)
	case a.Heard() || countDigits(t.in) >= 4:
		return refuse("card.which", nil)
	}
	return refuse("card.bad", nil)
}

func (t *turn) readCardOther() (string, error) {
	kind := oneLine(t.request())
	if n := len([]rune(kind)); n < 2 || n > 40 || letters(kind) < 2 {
		return refuse("card_other.bad", nil)
	}
	t.draft().Card = Card{Kind: kind}
	return "card_number", nil
}

func cardData(t *turn) D { return D{"Kind": t.draft().Card.Kind} }

// readCardNumber keeps the last four characters and a keyed hash, never the
// number. Three numbers in a row that do not check lead on all the same, to be
// looked at by staff.
func (t *turn) readCardNumber() (string, error) {
	d := t.draft()
	m, typed := t.message(), t.in
	if a := m.CardNumber(strings.ToLower(d.Card.Kind)); a.Heard() {
		typed = a.Value.Value
	} else if countDigits(t.in) == 0 {
		return t.otherCard()
	}
	normal, doubt, err := CheckCard(d.Card.Kind, typed)
	if err != nil {
		if errors.Is(err, ErrCardSerial) || errors.Is(err, ErrCardSame) || t.s.Data.Misses < 2 || letters(t.in) > 12 ||
			!strings.ContainsAny(t.in, "0123456789") {
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

// otherCard reads what is no number as another kind of card, or as having none of
// this kind.
func (t *turn) otherCard() (string, error) {
	card := t.table["card"]
	keys, options := t.spoken(card, t.offered(card))
	if a := t.message().Choice(card.concept, options); a.Sureness == nlu.Sure {
		if o := card.option(keys[a.Value]); o.to != "" || o.key != strings.ToLower(t.draft().Card.Kind) {
			return t.carryOut(card, o)
		}
	}
	if a := t.message().YesNo(); a.Sureness == nlu.Sure && !a.Value {
		t.say("card_number.other", nil)
		return "card", nil
	}
	return refuse("card_number.none", D{"Kind": t.draft().Card.Kind})
}

func (t *turn) cardRight() (string, error) { return t.afterCard(), nil }

// identified is where a person goes on whose address has been proved.
func (t *turn) identified() string {
	if t.office.ProfileFirst && !t.draft().Profile.Complete() {
		return "birth_year"
	}
	return "review"
}

// afterCard asks for the expiry where the card has one, else goes on.
func (t *turn) afterCard() string {
	d := t.draft()
	switch {
	case (d.Card.Kind == SIM || d.Card.Kind == Paspor) && d.Card.Expires == "":
		return "card_expiry"
	case d.Verified && !d.Edit:
		return t.identified()
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
	typed := t.in
	if a := t.message().Expiry(); a.Heard() && !a.Value.Forever {
		typed = fmt.Sprintf("%02d/%d", a.Value.Month, a.Value.Year)
	}
	expires, err := ParseExpiry(typed, t.at.In(t.office.Zone))
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
	a := t.message().Email()
	typed := a.Value
	if !a.Heard() {
		typed = t.in
	}
	email, typo, err := CheckEmail(typed)
	switch {
	case err == nil && a.Sureness == nlu.Likely && !t.sure:
		return t.doubt("email.doubt", email, D{"Email": email})
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

// beforeEmail is where a registered reader who is changing the address came from.
func (t *turn) beforeEmail() string {
	if t.s.Reader == 0 {
		return "card"
	}
	t.s.Data.Draft = nil
	return "my_data"
}

func typoData(t *turn) D {
	d := t.draft()
	return D{"Typed": d.Email, "Meant": d.Typo}
}

func (t *turn) typoMended() (string, error) {
	d := t.draft()
	d.Email, d.Typo = d.Typo, ""
	return t.sendCode()
}

func (t *turn) typoKept() (string, error) {
	t.draft().Typo = ""
	return t.sendCode()
}

// readEmailAgain takes the right address, typed instead of an answer.
// domainNamed hears which of the two addresses is right by the provider that only
// one of them has: "no, gmail".
func domainNamed(t *turn) (key string, sure bool) {
	provider := func(address string) string {
		_, domain, _ := strings.Cut(strings.ToLower(address), "@")
		name, _, _ := strings.Cut(domain, ".")
		return name
	}
	d := t.draft()
	typed, meant := provider(d.Email), provider(d.Typo)
	said := func(name string) bool { return t.message().Says(name) }
	if typed == meant || said(typed) == said(meant) {
		return "", false
	}
	if said(meant) {
		return "meant", true
	}
	return "typed", true
}

func (t *turn) readEmailAgain() (string, error) {
	if t.message().Email().Heard() {
		return t.readEmail()
	}
	return refuse("choose.yes", nil)
}

// consented tells whether the reader's consent is to today's text; when not,
// the consent card comes first.
func (t *turn) consented() (bool, error) {
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if errors.Is(err, ErrNotFound) { // erased from another chat
		t.s.Reader, t.s.Data.Draft = 0, nil
		t.s.Data.unpark("registration")
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return r.Consent == t.office.Consent, nil
}

func (t *turn) readBirthYear() (string, error) {
	year, err := t.birthYear()
	if err != nil {
		return "", err
	}
	d := t.filling()
	if d.CardYear != 0 && d.CardYear-100 != year%100 && !d.Doubted {
		d.Doubted = true
		return refuse("birth_year.doubt", D{"Year": year})
	}
	d.Profile.BirthYear = year
	if t.at.In(t.office.Zone).Year()-year < 17 {
		return "minor", nil
	}
	d.Minor = false
	return "gender", nil
}

func (t *turn) accompanied() (string, error) {
	t.filling().Minor = true
	return "gender", nil
}

func (t *turn) notAccompanied() (string, error) {
	t.keepForm(t.table["minor"])
	t.say("minor.alone", nil)
	return "menu", nil
}

func (t *turn) readInstitution() (string, error) {
	return "origin", t.setField("institution", t.filledIn(), "")
}

func reviewData(t *turn) D {
	d := t.draft()
	return D{"Name": d.Name, "Card": d.Card, "Email": d.Email, "Profile": d.Profile, "Filled": d.Profile.Complete()}
}

// profileHere tells whether the summary shows a profile.
func profileHere(t *turn) bool { return t.s.Data.Draft != nil && t.s.Data.Draft.Profile.Complete() }

// correct leads from the summary to one question and back.
func correct(field string) func(*turn) (string, error) {
	return func(t *turn) (string, error) {
		d := t.draft()
		d.Edit = true
		switch field {
		case "card":
			d.Card.Expires = ""
		case "email":
			d.Verified = false
		}
		return field, nil
	}
}

// register makes the reader of the draft.
func (t *turn) register() (string, error) {
	d := t.draft()
	if !d.Verified {
		return refuse("review.email", nil)
	}
	id, err := t.store.NextReaderID(t.ctx)
	if err != nil {
		return "", err
	}
	r := Reader{ID: id, Number: t.office.ReaderNumber(id), Name: d.Name, Email: d.Email,
		EmailHash: t.secret.Email(d.Email), Card: d.Card, Profile: d.Profile, Phone: d.Phone,
		Verified: d.VerifiedBy, Consent: t.office.Consent, ConsentAt: d.ConsentAt, CreatedAt: t.at}
	t.do(CreateReader{Reader: r, Chat: t.s.Chat})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "reader registered", r.Number}})
	if staff, ok := t.office.onDuty(t.at); ok && d.Card.Checked != "" { // as the person was told
		t.tell(staff.Addresses[0], "", "staff.card", D{"Reader": r})
	}
	t.s.Reader, t.s.Data.Draft, t.s.Data.Habit, t.s.Data.Profile = id, nil, nil, nil
	if !r.Profile.Complete() {
		t.s.Data.Profile = &Filling{Profile: d.Profile, CardYear: d.CardYear}
	}
	t.s.Data.unpark("registration")
	t.say("registered", D{"Number": r.Number})
	return t.toVisit()
}

// dropDraft ends a registration; an address that was proved is kept for the next.
func (t *turn) dropDraft() {
	t.voidCode()
	d := t.s.Data.Draft
	if d == nil || !d.Verified {
		t.s.Data.Draft = nil
		t.say("cancelled.form", nil)
		return
	}
	t.s.Data.Draft = &Draft{ConsentAt: d.ConsentAt, Email: d.Email, Verified: true, VerifiedBy: d.VerifiedBy}
	t.say("cancelled.verified", D{"Email": MaskEmail(d.Email)})
}
