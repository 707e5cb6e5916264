package conversation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Loans is how an office lends its printed books. The published standard leaves it
// to the office.
type Loans struct {
	Days  int    `toml:"days"`  // how long, in days, where staff name no date
	Most  int    `toml:"most"`  // books and requests of one reader at a time
	Staff string `toml:"staff"` // who lends: a role, or the name of a member of staff
}

// loanLongest is the furthest date that staff may name.
const loanLongest = 90

// lender is who is asked about a loan: the one configured, else who is at the desk.
func (o *Office) lender(at time.Time) (Staff, bool) {
	for _, s := range o.Staff {
		if len(s.Addresses) > 0 && (s.Name == o.Loans.Staff || s.Role == o.Loans.Staff && s.Role != Officer) {
			return s, true
		}
	}
	return o.onDuty(at)
}

// dayEnds is the last second of a day.
func (o *Office) dayEnds(day time.Time) time.Time {
	day = day.In(o.Zone)
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, o.Zone)
}

// backBy is when a book lent at a moment must be back, where no day is named.
func (o *Office) backBy(at time.Time) time.Time { return o.after(at, o.Loans.Days) }

// after is the end of the day that is so many days later, or of the first working
// day after it.
func (o *Office) after(at time.Time, days int) time.Time {
	day := at.In(o.Zone)
	return o.dayEnds(o.Opening(time.Date(day.Year(), day.Month(), day.Day()+days, 0, 0, 0, 0, o.Zone)))
}

// backFor is when a book must be back that is lent, or lent for longer, without a
// date: more time begins where the old ends.
func (t *turn) backFor(k Ticket) time.Time { return t.office.backBy(t.lentFrom(k)) }

func (t *turn) lentFrom(k Ticket) time.Time {
	if k.State == StateLent && k.BackBy.After(t.at) {
		return k.BackBy
	}
	return t.at
}

// eve is as the desk opens on the last working day before a day.
func (o *Office) eve(day time.Time) time.Time {
	day = day.In(o.Zone)
	for n := 1; n < yearAhead; n++ {
		before := time.Date(day.Year(), day.Month(), day.Day()-n, 0, 0, 0, 0, o.Zone)
		if o.Working(before) {
			return o.Opening(before)
		}
	}
	return day
}

// nextLoanDue is what is due next of a book that is lent: the one reminder of its
// reader on the eve, then that staff are told it is late, at once and weekly.
func (t *turn) nextLoanDue(k Ticket) time.Time {
	for _, due := range []time.Time{t.office.eve(k.BackBy), t.office.Opening(k.BackBy.Add(time.Second))} {
		if due.After(t.at) {
			return due
		}
	}
	return t.office.Opening(t.at.AddDate(0, 0, 7))
}

// loanDue reminds of a book that is lent.
func (t *turn) loanDue(k Ticket) error {
	data := D{"Ticket": k, "Title": k.title(), "Tail": k.tail()}
	if k.late(t.at) {
		if t.tellOwners(k, "", "loan.overdue", data) == 0 {
			t.mailCopy(k)
		}
	} else if k.Chat != "" {
		t.tell(k.Chat, "ticket:"+k.ID, "loan.reminder", data)
	}
	k.Reminded++
	k.NextDue = t.nextLoanDue(k)
	t.do(UpdateTicket{k})
	return nil
}

// stateIn is a ticket's state as a list of tickets shows it, of a book with its day.
func (t *turn) stateIn(k Ticket) string {
	switch {
	case k.late(t.at):
		return t.text("loan.state_late", D{"Ticket": k})
	case k.State == StateLent:
		return t.text("loan.state_lent", D{"Ticket": k})
	}
	return k.State
}

// quietLast puts the books that are out, and not late, behind what waits for staff.
func (t *turn) quietLast(list []Ticket) {
	quiet := func(k Ticket) int {
		if k.State == StateLent && !k.Renew && !k.late(t.at) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b Ticket) int { return quiet(a) - quiet(b) })
}

// changeLoan carries out what is special to loans; false for the rest.
func (t *turn) changeLoan(k Ticket, verb, text string) bool {
	key := ""
	switch {
	case verb == "SETUJU":
		back, words, ok := t.backTyped(k, text)
		if !ok {
			return true
		}
		if key = "loan.lent"; k.State == StateLent {
			key = "loan.extended"
		}
		k.State, k.BackBy, k.Renew, k.ClosedAt, k.Reminded = StateLent, back, false, time.Time{}, 0
		text = words
	case verb == "TOLAK" && k.State == StateLent && k.Renew:
		key, k.Renew = "loan.not_extended", false
	case verb == "TOLAK" && k.State == StateLent, verb == "KEMBALI" && k.State != StateLent:
		t.say("loan.cannot", D{"Ticket": k, "Title": k.title(), "Tail": k.tail()})
		return true
	case verb == "TOLAK":
		key, k.State, k.ClosedAt = "loan.refused", StateRefused, t.at
	case verb == "KEMBALI":
		key, k.State, k.ClosedAt, k.Renew = "loan.returned", StateDone, t.at, false
	default:
		return false
	}
	t.changed(k, verb, key, text)
	return true
}

var (
	daysTyped = regexp.MustCompile(`(?i)\b(\d{1,2})\s*(hari|minggu|hr|mgg)\b`)
	dateTyped = regexp.MustCompile(`(?i)\d\s*[/-]\s*\d|^\W*\d|\b(tgl|tanggal|sampai|s/d|sd|hingga)\b`)
	// besideDate is what stands around a date and says no more.
	besideDate = []string{"sampai", "sampe", "hingga", "s/d", "sd", "s.d", "tgl", "tanggal", "hari", "minggu", "hr", "mgg",
		"kembali", "paling", "lambat", "besok", "lusa", "senin", "selasa", "rabu", "kamis", "jumat", "ya", "selama",
		"depan", "pinjam"}
)

// backTyped reads the day that a book must be back out of what was written behind
// SETUJU: the day named, or as many days as the office lends for. words are what
// was said besides. It says so when the day cannot be.
func (t *turn) backTyped(k Ticket, text string) (back time.Time, words string, ok bool) {
	now := t.at.In(t.office.Zone)
	words = wordsBesideDate(text)
	heard := t.lexicon.Hear(text).When(now)
	unread := D{"Text": cut(disarmed(oneLine(text)), 60), "Next": t.backFor(k)}
	switch m := daysTyped.FindStringSubmatch(text); {
	case m != nil: // a span ends on the first working day after it
		n, _ := strconv.Atoi(m[1])
		if unit := strings.ToLower(m[2]); unit[0] == 'm' {
			n *= 7
		}
		back = t.office.after(t.lentFrom(k), n)
	case heard.Heard() && !heard.Value.Day.IsZero():
		back = heard.Value.Day
	case dateTyped.MatchString(text):
		t.say("loan.no_date", unread)
		return back, words, false
	default:
		return t.backFor(k), words, true
	}
	switch {
	case !back.After(now) || back.After(now.AddDate(0, 0, loanLongest+1)):
		t.say("loan.no_date", unread)
	case !t.office.Working(back):
		t.say("loan.closed_day", D{"Date": back, "Next": t.office.Opening(back)})
	default:
		return t.office.dayEnds(back), words, true
	}
	return back, words, false
}

// wordsBesideDate are the words that are no date: "" when there are none.
func wordsBesideDate(text string) string {
	for _, f := range strings.Fields(strings.ToLower(text)) {
		f = strings.Trim(f, " .,;:!()")
		month := slices.ContainsFunc(months[:], func(m string) bool {
			return len(f) >= 3 && strings.HasPrefix(strings.ToLower(m), f)
		})
		if f != "" && !digit.MatchString(f) && !month && !slices.Contains(besideDate, f) {
			return text
		}
	}
	return ""
}
