package conversation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Nothing ties a confidential complaint to a chat but the key, and an anonymous one
// not even that: its times are days, and its person has a number and a PIN.

const (
	pinTries     = 5 // wrong ones a ticket and day
	answersMost  = 5 // answers of staff read by PIN at once
	anonymousMax = 2 // anonymous complaints a person and day
	// So many groups of chats are told apart when anonymous complaints are counted:
	// who has the key learns that one of many was complained from, not which.
	anonymousGroups = 16
)

var pinPattern = regexp.MustCompile(`^(?:(?i:pin)[ :]*)?(\d{6})\b[\s:,]*((?s).*)$`)

// Secret tells whether nothing may tie the ticket to its person: a confidential or an
// anonymous complaint.
func (k Ticket) Secret() bool { return k.Kind == KindComplaint && k.Identity != Named }

// when is the time that is kept of what happens in a ticket: the day alone of a
// confidential or anonymous complaint, which a second would tie to a chat.
func (t *turn) when(k Ticket) time.Time {
	if !k.Secret() {
		return t.at
	}
	return t.today()
}

// today is the beginning of the day.
func (t *turn) today() time.Time {
	day := t.at.In(t.office.Zone)
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, t.office.Zone)
}

// What its person writes is told to staff so many seconds after the person has been
// told, and at most so many more: at one instant, or as one change of the database, the
// two letters would tell whose it is.
const (
	tellAfter = 2
	tellMore  = 6
)

// tellSoon puts off telling staff what the ticket's person wrote.
func (t *turn) tellSoon(k *Ticket) {
	if k.Untold == 0 || !k.NextDue.IsZero() && k.NextDue.After(k.AfterTold) {
		k.AfterTold = k.NextDue
	}
	k.Untold++
	more := int(t.secret.Hash("tell", k.ID+strconv.Itoa(int(k.Version)))[0]) % (tellMore + 1)
	k.NextDue = t.at.Add(time.Duration(tellAfter+more) * time.Second)
}

// tellNow tells staff what was put off.
func (t *turn) tellNow(k Ticket) error {
	posts, err := t.store.Posts(t.ctx, k.ID)
	if err != nil {
		return err
	}
	words := slices.DeleteFunc(posts, func(p Post) bool { return p.By != "pelapor" })
	fresh := words[max(0, len(words)-k.Untold):]
	if len(fresh) > 0 && len(fresh) == len(words) {
		t.forward(k)
		fresh = fresh[1:]
	}
	for _, p := range fresh {
		t.followUp(k, p.Text)
	}
	k.Untold, k.NextDue, k.AfterTold = 0, k.AfterTold, time.Time{}
	t.do(UpdateTicket{k})
	return nil
}

func (t *turn) pinHash(id, pin string) string { return t.secret.Hash("ticket pin", id+":"+pin) }

// byPIN lets who has the PIN of an anonymous ticket read and answer it; the rest is
// what they wrote behind it. Wrong ones are counted, and the ticket stays shut for
// the day after five.
func (t *turn) byPIN(k Ticket, text string) (ok bool, rest string) {
	m := pinPattern.FindStringSubmatch(strings.TrimSpace(text))
	if k.PIN == "" || m == nil {
		return false, text
	}
	today := t.when(k)
	if !k.PINDay.Equal(today) {
		k.Tries, k.PINDay = 0, today
	}
	if k.Tries >= pinTries {
		return false, text
	}
	if !equal(k.PIN, t.pinHash(k.ID, m[1])) {
		k.Tries++
		t.do(UpdateTicket{k})
		return false, text
	}
	return true, m[2]
}

// anonymousMark stands for this chat, and others, where anonymous complaints are
// counted.
func (t *turn) anonymousMark() string {
	n, err := strconv.ParseUint(t.secret.Hash("anonymous chat", string(t.s.Chat))[:8], 16, 32)
	if err != nil {
		t.fault = err
	}
	return t.secret.Hash("anonymous group", strconv.FormatUint(n%anonymousGroups, 10))
}

// anonymousToday counts the anonymous complaints of this chat's group today.
func (t *turn) anonymousToday() (int, error) {
	return t.store.CodesSince(t.ctx, t.anonymousMark(), t.today())
}

// mayAnonymous tells whether this chat may complain anonymously (again).
func (t *turn) mayAnonymous() bool {
	n, err := t.anonymousToday()
	if err != nil && t.fault == nil {
		t.fault = err
	}
	return n < anonymousMax
}
