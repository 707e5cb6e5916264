package conversation

import (
	"strings"
	"time"
)

// What is known of the letter with a code (Draft.CodeMail). Of codes from earlier
// versions nothing is.
const (
	mailSending = "sending" // in the outbox
	mailLate    = "late"    // there for longer than a person should wait without a word
	mailTaken   = "taken"   // a mail server has it
	mailRefused = "refused" // the address was refused
	mailUnsent  = "unsent"  // void before any server took it
)

// Times of a code's letter.
const (
	mailPatience = time.Minute     // then the truth is said
	codePatience = 5 * time.Minute // without the code typed in: is the address right?
)

// codeData is what the texts about a code need.
func codeData(t *turn) D {
	d := t.draft()
	_, staff := t.office.onDuty(t.at)
	return D{"Email": MaskEmail(d.Email), "Full": d.Email, "Mail": d.CodeMail, "Until": d.codeUntil(),
		"Taken": d.CodeTaken,
		"Staff": staff, "Help": codeTroubled(t), "Here": t.s.State == "code"}
}

// codeUntil is when the code becomes void: its life begins when a mail server has
// taken the letter.
func (d *Draft) codeUntil() time.Time {
	if d.CodeTaken.After(d.CodeSent) {
		return d.CodeTaken.Add(codeLife)
	}
	return d.CodeSent.Add(codeLife)
}

// voidCode makes the code of the draft void, and takes its letter back where no
// server has it yet: two letters would both say that theirs is the code.
func (t *turn) voidCode() {
	d := t.s.Data.Draft
	if d == nil {
		return
	}
	if d.CodeHash != "" && d.CodeMail != mailTaken {
		t.do(Withdraw{codeRef(t.s.Chat)})
	}
	d.CodeHash, d.CodeMail, d.CodeTaken, d.CodeDoubt = "", "", time.Time{}, false
}

// codeMailed hears what became of the letter. One that fails before its time has
// an address that is refused: everything else is tried again.
func (t *turn) codeMailed() error {
	d := t.s.Data.Draft
	if d == nil || d.CodeHash == "" || d.Ticket != "" || t.msg.SentAt.Before(d.CodeSent) {
		return nil
	}
	t.quiet = true
	key := ""
	switch {
	case t.msg.Kind == Delivered:
		d.CodeMail, d.CodeTaken, key = mailTaken, t.at, "code.taken"
		if t.s.State != "code" {
			return nil
		}
	case t.at.Before(d.codeUntil()), d.CodeMail == mailTaken: // refused at the door, or come back later
		d.CodeMail, d.CodeHash, key = mailRefused, "", "code.refused"
	default:
		d.CodeMail, d.CodeHash, key = mailUnsent, "", "code.unsent"
	}
	t.say(key, codeData(t))
	return t.finish()
}

// codeDue is when the code question has something to say by itself; zero for never.
func (t *turn) codeDue() time.Time {
	d := t.s.Data.Draft
	switch {
	case d == nil || d.CodeHash == "":
	case d.CodeMail == mailSending:
		return d.CodeSent.Add(mailPatience)
	case d.CodeMail == mailLate:
		return d.codeUntil()
	case d.CodeMail == mailTaken && !d.CodeDoubt && d.CodeTries == 0:
		return d.CodeTaken.Add(codePatience)
	}
	return time.Time{}
}

// wakeCode sets when the code question speaks by itself, or the form reminds.
func (t *turn) wakeCode() {
	t.s.Deadline = t.formDue()
	if due := t.codeDue(); !due.IsZero() && due.Before(t.s.Deadline) {
		t.s.Deadline = due
	}
}

// codeWoken tells the truth about a letter that no server has taken yet, and asks
// whether the address is right where one has and no code comes.
func (t *turn) codeWoken() error {
	due := t.codeDue()
	if due.IsZero() || t.at.Before(due) {
		return t.formExpired(t.table["code"])
	}
	d := t.draft()
	switch {
	case d.CodeMail == mailTaken:
		d.CodeDoubt = true
		t.say("code.ask", codeData(t))
	case t.at.Before(d.codeUntil()):
		d.CodeMail = mailLate
		t.say("code.late", codeData(t))
	default:
		t.voidCode()
		d.CodeMail = mailUnsent
		t.say("code.unsent", codeData(t))
	}
	return nil
}

// codeSlot hears that the code has not come.
func codeSlot(t *turn) (string, bool) {
	m := t.message()
	if m.Code().Heard() || m.Email().Heard() || !m.Missing() {
		return "", false
	}
	return "missing", true
}

// codeMissing tells where the letter is.
func (t *turn) codeMissing() (string, error) {
	d := t.draft()
	t.quiet = true
	switch {
	case d.CodeMail == mailSending:
		t.say("code.sending", nil)
	case d.CodeMail == mailTaken && !d.CodeDoubt:
		d.CodeDoubt = true
		t.say("code.missing", codeData(t))
	default: // told already, or of a code from an earlier version: the question says where the letter is
		t.quiet = false
	}
	return "code", nil
}

// codeDoubted tells whether it was asked whether the address is right.
func codeDoubted(t *turn) bool { return t.s.Data.Draft != nil && t.s.Data.Draft.CodeDoubt }

// emailRight hears that the address is right all the same.
func (t *turn) emailRight() (string, error) {
	t.say("code.patience", codeData(t))
	t.quiet = true
	return "code", nil
}

// codeTroubled tells whether staff may verify instead: the letter cannot be had, or
// does not come.
func codeTroubled(t *turn) bool {
	d := t.s.Data.Draft
	if _, staff := t.office.onDuty(t.at); d == nil || !staff {
		return false
	}
	return d.CodeDoubt || d.CodeMail == mailLate || d.CodeMail == mailRefused || d.CodeMail == mailUnsent
}

// codeByStaff gives the code up and has staff look at a card.
func (t *turn) codeByStaff() (string, error) {
	t.voidCode()
	return t.askStaff()
}

// quoted sets what somebody wrote apart in a plain letter: no line of it can be
// taken for one of ours.
func quoted(text string) string {
	return "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ")
}
