package conversation

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

var ticketShape = regexp.MustCompile(`^([A-Z]{2,3})-?(\d{6})-?([0-9A-Z]{3})$`)

// ticketID normalises a ticket number as people type it ("adu261123-07k").
func ticketID(s string) (string, bool) {
	m := ticketShape.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s)))
	if m == nil {
		return "", false
	}
	return m[1] + "-" + m[2] + "-" + m[3], true
}

// ownTicket finds a ticket and checks that it belongs to who asks: the same
// chat, or the same reader.
func (t *turn) ownTicket(typed string) (Ticket, bool, error) {
	id, ok := ticketID(typed)
	if !ok {
		return Ticket{}, false, nil
	}
	k, err := t.store.Ticket(t.ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Ticket{}, false, nil
	}
	if err != nil {
		return Ticket{}, false, err
	}
	mine := k.Chat != "" && k.Chat == t.s.Chat || k.Reader != 0 && k.Reader == t.s.Reader
	return k, mine, nil
}

// aboutTicket answers "status ADU-…", "balas ADU-… teks" and "belum ADU-… teks".
func (t *turn) aboutTicket(verb, typed, text string) error {
	k, ok, err := t.ownTicket(typed)
	if err != nil {
		return err
	}
	t.quiet = true
	byPIN := false
	if !ok {
		if byPIN, text = t.byPIN(k, text); !byPIN {
			t.say("ticket.unknown", nil)
			return nil
		}
	}
	if !byPIN { // that would tie the ticket to this chat
		t.ref = "ticket:" + k.ID
	}
	if verb == "perpanjang" {
		t.renewLoan(k)
		return nil
	}
	if verb == "status" {
		return t.ticketStatus(k, byPIN)
	}
	if letters(text) < 2 {
		t.say("ticket.no_text", D{"ID": k.ID, "PIN": byPIN})
		return nil
	}
	return t.complainantWrites(k, text)
}

// ticketStatus tells how a ticket stands, with the last answer of staff; who reads
// by PIN has no other way to read them, and gets the last ones whole.
func (t *turn) ticketStatus(k Ticket, byPIN bool) error {
	posts, err := t.store.Posts(t.ctx, k.ID)
	if err != nil {
		return err
	}
	answers := slices.DeleteFunc(posts, func(p Post) bool { return p.By != "petugas" })
	if byPIN {
		t.say("ticket.status", D{"Ticket": k, "Last": Post{}, "PIN": true})
		for _, p := range answers[max(0, len(answers)-answersMost):] {
			t.say("ticket.answer", D{"Post": p})
		}
		return nil
	}
	var last Post
	if len(answers) > 0 {
		last = answers[len(answers)-1]
		last.Text = cut(last.Text, 400)
	}
	t.say("ticket.status", D{"Ticket": k, "Last": last, "PIN": false})
	return nil
}

// quotedTicket takes a quote of a relayed answer as an answer back.
func (t *turn) quotedTicket() (handled bool, err error) {
	ref, err := t.store.Ref(t.ctx, t.s.Chat, t.msg.Quoted)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	id, ok := strings.CutPrefix(ref, "ticket:")
	if !ok || letters(t.in) < 2 {
		return false, nil
	}
	k, mine, err := t.ownTicket(id)
	if err != nil || !mine {
		return false, err
	}
	t.quiet, t.ref = true, "ticket:"+k.ID
	return true, t.complainantWrites(k, t.in)
}

// complainantWrites relays a complainant's words to staff; a closed ticket is
// reopened for two weeks after its end.
func (t *turn) complainantWrites(k Ticket, text string) error {
	reopened := false
	if k.Closed() {
		if t.when(k).Sub(k.ClosedAt) > reopenDays*24*time.Hour {
			t.say("ticket.too_late", D{"ID": k.ID, "Days": reopenDays})
			return nil
		}
		k.State, k.ClosedAt, k.Reminded, k.AskAgain = StateWorking, time.Time{}, 0, false
		k.NextDue = t.office.Reminder(t.at, 1)
		reopened = true
		t.say("ticket.reopened", D{"ID": k.ID})
	} else {
		t.say("ticket.relayed", D{"ID": k.ID})
	}
	text = cut(text, complaintMax)
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: text, At: t.when(k)}})
	if k.Secret() {
		t.tellSoon(&k)
		t.do(UpdateTicket{k})
		return nil
	}
	if reopened {
		t.do(UpdateTicket{k})
	}
	t.followUp(k, text)
	return nil
}

// followUp tells staff what the person of a ticket wrote.
func (t *turn) followUp(k Ticket, text string) {
	if t.tellOwners(k, "", "staff.follow_up", D{"Ticket": k, "Text": text, "Tail": k.tail()}) == 0 {
		t.mailCopy(k)
	}
}

// status tells what is under way: tickets, the form that waits, the visit.
func (t *turn) status() error {
	tickets, err := t.store.Tickets(t.ctx, t.s.Chat, t.s.Reader)
	if err != nil {
		return err
	}
	if len(tickets) > 5 {
		tickets = tickets[:5]
	}
	number := ""
	if t.s.Reader != 0 {
		r, err := t.store.Reader(t.ctx, t.s.Reader)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		number = r.Number
	}
	t.say("status", D{"Number": number, "Tickets": tickets, "Parked": len(t.s.Data.Forms) > 0,
		"Visit": t.s.Data.Visit != ""})
	return nil
}

// reminder tells staff of a ticket that waits: after one working day without a
// first answer, before the fifth and the fourteenth day, then weekly, always as
// the desk opens; past a limit the second contact is told too, with the whole card.
func (t *turn) reminder() error {
	k, err := t.store.Ticket(t.ctx, t.msg.From.Rest())
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if k.NextDue.IsZero() || t.at.Before(k.NextDue) {
		return nil
	}
	if k.Untold > 0 {
		return t.tellNow(k)
	}
	if k.AskAgain && k.Closed() {
		return t.askAgain(k)
	}
	if k.Closed() {
		k.NextDue = time.Time{}
		t.do(UpdateTicket{k})
		return nil
	}
	if !t.office.Open(t.at) { // the desk was down, or the day has become a holiday
		if k.NextDue = t.office.Opening(t.at); k.NextDue.After(t.at) {
			t.do(UpdateTicket{k})
			return nil
		}
	}
	if k.State == StateLent {
		return t.loanDue(k)
	}
	if k.Kind == KindHandoff && !k.AnsweredAt.IsZero() {
		gone, err := t.leftBehind(k)
		if err != nil || gone {
			return err
		}
	}
	answer, finish := t.office.AddWorkingDays(k.OpenedAt, answerDays), t.office.AddWorkingDays(k.OpenedAt, finishDays)
	past := k.AnsweredAt.IsZero() && t.at.After(answer) || t.at.After(finish)
	data := D{"Ticket": k, "Answer": answer, "Finish": finish, "Past": past, "Tail": k.tail()}
	key := "staff.reminder"
	if k.Kind == KindLoan {
		key, data["Title"] = "loan.waits", k.title()
	}
	told := t.tellOwners(k, "", key, data)
	if told == 0 || k.CopiedAt.IsZero() && k.State == StateNew { // where nobody can be told, every time
		k.CopiedAt = t.at
		t.mailCopy(k)
	}
	if second, ok := t.office.withRole(Second); ok && past && !k.AboutStaff && !t.office.Owns(second, k) {
		k.own(t.office.Owners(k)...)
		k.own(second)
		paragraphs, err := t.thread(k)
		if err != nil {
			return err
		}
		t.sendCard(second, k, append([]string{t.text(key, data)}, paragraphs...))
	}
	k.Reminded++
	k.NextDue = t.nextDue(k)
	t.do(UpdateTicket{k})
	return nil
}

// nextDue is the next of a ticket's reminders after now.
func (t *turn) nextDue(k Ticket) time.Time {
	if k.State == StateLent {
		return t.nextLoanDue(k)
	}
	if k.Kind == KindHandoff && !k.AnsweredAt.IsZero() {
		return t.office.Reminder(t.at, idleDays)
	}
	for _, days := range []int{answerDays - 1, answerDays, finishDays - 1, finishDays} {
		due := t.office.Reminder(k.OpenedAt, days)
		if due.After(t.at) && (days > answerDays || k.AnsweredAt.IsZero()) {
			return due
		}
	}
	return t.office.Opening(t.when(k).AddDate(0, 0, 7))
}
