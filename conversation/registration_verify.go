package conversation

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Limits of verification codes (decided from the service standard's R3 and R5).
const (
	codeLife     = 15 * time.Minute
	codeTries    = 5
	codeAgain    = 60 * time.Second
	codesAnHour  = 3    // to one mailbox; the first from a chat in a day is not counted
	codesADay    = 6    // to one mailbox from one chat
	codesAll     = 20   // to one mailbox in a day, from all chats; then staff look at a card
	codesAChat   = 12   // asked for in one chat in an hour
	codesADomain = 2000 // to all addresses of one mail domain in an hour
)

// sendCode mails a fresh code to the draft's address, within the limits.
func (t *turn) sendCode() (string, error) {
	d := t.draft()
	if t.office.NoMail {
		return t.askStaff()
	}
	if t.at.Sub(t.s.Data.CodesFrom).Abs() > time.Hour {
		t.s.Data.CodesFrom, t.s.Data.Codes = t.at, 0
	}
	if t.s.Data.Codes++; t.s.Data.Codes > codesAChat {
		return t.codesSpent()
	}
	box, err := t.codesTo(d.Email)
	if err != nil {
		return "", err
	}
	switch {
	case box.own >= codesAnHour || box.ownToday >= codesADay, box.ownToday > 0 && box.hour >= codesAnHour:
		return t.codesSpent()
	case box.today >= codesAll || box.domain >= codesADomain:
		// Somebody asks for codes to this mailbox, or its whole domain: whoever it
		// belongs to must not be kept out by that.
		if _, ok := t.office.onDuty(t.at); ok {
			return t.askStaff()
		}
		return t.codesSpent()
	}
	code, err := t.drawCode()
	if err != nil {
		return "", err
	}
	t.voidCode()
	d.CodeHash, d.CodeSent, d.CodeTries, d.CodeMail = t.codeHash(code), t.at, 0, mailSending
	for _, h := range box.hashes {
		t.do(RecordCode{EmailHash: h, At: t.at})
	}
	t.do(Send{To: Address(Mail + ":" + d.Email), Subject: t.text("code.subject", D{"Code": code}),
		Text: t.text("code.mail", D{"Code": code}), Ref: codeRef(t.s.Chat), Report: true, Expires: t.at.Add(codeLife)})
	return "code", nil
}

// codesSpent says that no more codes are mailed for now. One that was given up for
// another address stays given up.
func (t *turn) codesSpent() (string, error) {
	t.draft().CodeDoubt = true
	t.say("code.limit", codeData(t))
	return "code", nil
}

// mailed counts the codes sent to a mailbox.
type mailed struct {
	own, ownToday int // asked for from this chat
	hour, today   int // from all
	domain        int // to the whole domain, in the last hour
	hashes        []string
}

// codesTo counts what was sent to the mailbox behind an address.
func (t *turn) codesTo(email string) (m mailed, err error) {
	_, domain, _ := strings.Cut(Mailbox(email), "@")
	box := t.secret.Email(email)
	own := t.secret.Hash("code chat", string(t.s.Chat)+" "+Mailbox(email))
	domain = t.secret.Hash("domain", domain)
	m.hashes = []string{box, own, domain}
	for _, c := range []struct {
		n     *int
		hash  string
		since time.Duration
	}{
		{&m.own, own, time.Hour}, {&m.ownToday, own, 24 * time.Hour},
		{&m.hour, box, time.Hour}, {&m.today, box, 24 * time.Hour}, {&m.domain, domain, time.Hour},
	} {
		if *c.n, err = t.store.CodesSince(t.ctx, c.hash, t.at.Add(-c.since)); err != nil {
			return m, err
		}
	}
	return m, nil
}

// drawCode draws six digits, each 000000…999999 equally likely.
func (t *turn) drawCode() (string, error) {
	var b [4]byte
	for {
		if _, err := t.random.Read(b[:]); err != nil {
			return "", fmt.Errorf("draw code: %w", err)
		}
		n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		if n < 4_294_000_000 { // the largest multiple of a million
			return fmt.Sprintf("%06d", n%1_000_000), nil
		}
	}
}

// codeHash binds a code to this chat and address.
func (t *turn) codeHash(code string) string {
	return t.secret.Hash("code", string(t.s.Chat)+":"+t.draft().Email+":"+code)
}

// resendCode mails a fresh code, once the last had time to arrive.
func (t *turn) resendCode() (string, error) {
	d := t.draft()
	if wait := codeAgain - t.at.Sub(d.CodeSent); wait > 0 && wait <= codeAgain {
		return refuse("code.wait", D{"Seconds": int(wait.Seconds()) + 1})
	}
	next, err := t.sendCode()
	if d.CodeSent.Equal(t.at) {
		t.say("code.again", nil)
	}
	return next, err
}

// otherEmail gives up the code that was sent.
func (t *turn) otherEmail() (string, error) {
	t.voidCode()
	return "email", nil
}

func (t *turn) readCode() (string, error) {
	d := t.draft()
	if t.message().Email().Heard() {
		return t.readEmail()
	}
	code := t.message().Code().Value
	switch {
	case code == "":
		return refuse("code.bad", nil)
	case d.CodeHash == "" || t.at.After(d.codeUntil()):
		d.CodeHash = ""
		return refuse("code.expired", nil)
	case !equal(d.CodeHash, t.codeHash(code)):
		d.CodeTries++
		if left := codeTries - d.CodeTries; left > 0 {
			return refuse("code.wrong", D{"Left": left})
		}
		d.CodeHash = ""
		return refuse("code.used_up", nil)
	}
	d.CodeHash = ""
	return t.verified(byMail)
}

// Who proved an address.
const (
	byMail  = "email"
	byStaff = "petugas"
)

// verified links the chat to the reader whose address was proved, or goes on
// with a new one. Staff see a card, not a mailbox: by their word
// alone a chat joins a reader only when the card is that reader's too.
func (t *turn) verified(by string) (string, error) {
	d := t.draft()
	old, err := t.store.ReaderByEmail(t.ctx, t.secret.Email(d.Email))
	unknown := errors.Is(err, ErrNotFound)
	if err != nil && !unknown {
		return "", err
	}
	if !unknown && by == byStaff && !equal(old.Card.Hash, d.Card.Hash) {
		d.Ticket = ""
		t.say("verify.refused", nil)
		return "email", nil
	}
	d.Verified, d.VerifiedBy = true, by
	switch {
	case unknown && t.s.Reader != 0:
		return t.emailChanged(by)
	case unknown:
		t.say("code.right", nil)
		return t.then(t.identified()), nil
	}
	mode := t.s.Data.Mode
	if err := t.closeVisit(); err != nil { // the guest book is signed by whom the chat belongs to
		return "", err
	}
	t.s.Data.Mode = mode
	t.do(LinkChat{Chat: t.s.Chat, Reader: old.ID})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "chat linked by e-mail", old.Number}})
	t.s.Reader, t.s.Data.Draft, t.s.Data.Habit, t.s.Data.Profile = old.ID, nil, nil, nil
	t.s.Data.unpark("registration")
	t.say("linked", D{"Number": old.Number})
	return t.toVisit()
}

// emailChanged gives a registered reader the address just proved. One that
// belongs to another account of the same person has made the two one instead.
func (t *turn) emailChanged(by string) (string, error) {
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if err != nil {
		return "", err
	}
	r.Email, r.Verified = t.draft().Email, by
	r.EmailHash = t.secret.Email(r.Email)
	t.do(UpdateReader{r})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "e-mail changed", r.Number}})
	t.s.Data.Draft = nil
	t.say("change.done", nil)
	return "my_data", nil
}

// askStaff hands the proof of an address to staff, where no mail can be sent.
// They see the name, the kind and last characters of the card, and the masked
// address.
func (t *turn) askStaff() (string, error) {
	d := t.draft()
	staff, ok := t.office.onDuty(t.at)
	if !ok {
		t.say("handoff", D{"Closed": false, "Reachable": false})
		t.quiet = true
		return t.s.State, nil
	}
	k, err := t.newTicket(KindVerify)
	if err != nil {
		return "", err
	}
	k.Category, k.Identity, k.Name = "Verifikasi email", Hidden, d.Name
	k.own(staff)
	k.Text = t.text("verify.request", D{"Name": d.Name, "Card": d.Card, "Email": MaskEmail(d.Email)})
	k.NextDue = t.office.Reminder(t.at, 1)
	t.do(OpenTicket{k})
	t.forward(k)
	d.Ticket = k.ID
	return "verify", nil
}

// readVerify goes on once staff have answered.
func (t *turn) readVerify() (string, error) {
	d := t.draft()
	k, err := t.store.Ticket(t.ctx, d.Ticket)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	switch {
	case err != nil || k.State == StateRefused:
		d.Ticket = ""
		t.say("verify.refused", nil)
		return "email", nil
	case k.State == StateDone:
		return t.verified(byStaff)
	}
	return refuse("verify.waiting", nil)
}
