package conversation

import (
	"errors"
	"regexp"
	"strings"
	"time"
)

var ticketShape = regexp.MustCompile(`^([A-Z]{3})-?(\d{6})-?([0-9A-Z]{3})$`)

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
	if !ok {
		t.say("ticket.unknown", nil)
		t.quiet = true
		return nil
	}
	t.quiet, t.ref = true, "ticket:"+k.ID
	if verb == "status" {
		posts, err := t.store.Posts(t.ctx, k.ID)
		if err != nil {
			return err
		}
		var last Post
		for _, p := range posts {
			if p.By == "petugas" {
				last = p
			}
		}
		last.Text = cut(last.Text, 400)
		t.say("ticket.status", D{"Ticket": k, "Last": last})
		return nil
	}
	if letters(text) < 2 {
		t.say("ticket.no_text", D{"ID": k.ID})
		return nil
	}
	return t.complainantWrites(k, text)
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
	if k.closed() {
		if t.at.Sub(k.ClosedAt) > reopenDays*24*time.Hour {
			t.say("ticket.too_late", D{"ID": k.ID, "Days": reopenDays})
			return nil
		}
		k.State, k.ClosedAt, k.Reminded = StateWorking, time.Time{}, 0
		k.NextDue = t.office.AddWorkingDays(t.at, 1)
		t.do(UpdateTicket{k})
		t.say("ticket.reopened", D{"ID": k.ID})
	} else {
		t.say("ticket.relayed", D{"ID": k.ID})
	}
	text = cut(text, complaintMax)
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: text, At: t.at}})
	if k.Staff != "" {
		t.tell(k.Staff, "ticket:"+k.ID, "staff.follow_up", D{"Ticket": k, "Text": text, "Tail": k.ID[len(k.ID)-3:]})
	}
	return nil
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
	t.say("status", D{"Number": number, "Tickets": tickets, "Parked": len(t.s.Data.Forms) > 0, "Visit": t.s.Data.Visit != ""})
	return nil
}

// reminder tells staff of a ticket that waits: after one working day without a
// first answer, before the fifth and the fourteenth day, then weekly; past a
// limit the second contact is told too.
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
	if k.closed() {
		k.NextDue = time.Time{}
		t.do(UpdateTicket{k})
		return nil
	}
	answer, finish := t.office.AddWorkingDays(k.OpenedAt, answerDays), t.office.AddWorkingDays(k.OpenedAt, finishDays)
	past := k.AnsweredAt.IsZero() && t.at.After(answer) || t.at.After(finish)
	data := D{"Ticket": k, "Answer": answer, "Finish": finish, "Past": past, "Tail": k.ID[len(k.ID)-3:]}
	if k.Staff != "" {
		t.tell(k.Staff, "ticket:"+k.ID, "staff.reminder", data)
	}
	if k.Reminded == 0 && k.State == StateNew {
		t.mailCopy(k, t.card(k))
	}
	if second, ok := t.office.withRole(Second); ok && past && second.Addresses[0] != k.Staff {
		t.tell(second.Addresses[0], "ticket:"+k.ID, "staff.reminder", data)
	}
	k.Reminded++
	k.NextDue = t.nextDue(k)
	t.do(UpdateTicket{k})
	return nil
}

// nextDue is the next of a ticket's reminders after now.
func (t *turn) nextDue(k Ticket) time.Time {
	for _, days := range []int{answerDays - 1, answerDays, finishDays - 1, finishDays} {
		due := t.office.AddWorkingDays(k.OpenedAt, days)
		if due.After(t.at) && (days > answerDays || k.AnsweredAt.IsZero()) {
			return due
		}
	}
	return t.at.Add(7 * 24 * time.Hour)
}
