package conversation

import (
	"errors"
	"time"
)

// toStaff hands the chat to a person: what is written next goes to staff, and
// the bot is silent until it is called, staff end it, or nobody answers.
func (t *turn) toStaff() error {
	_, ok := t.office.desk()
	t.park(t.table[t.s.State])
	t.say("handoff", D{"Open": t.office.Open(t.at), "Reachable": ok})
	t.quiet = true
	if !ok {
		return nil
	}
	t.s.Data.Ticket, t.s.Data.Silent = "", false
	t.enter("handoff")
	return nil
}

// readHandoff relays what a person writes while staff are in charge.
func (t *turn) readHandoff() (string, error) {
	switch word(t.in) {
	case "bot", "menu", "batal", "kembali", "selesai", "0":
		t.say("handoff.back", nil)
		return "menu", t.endHandoff("pembaca kembali ke bot")
	}
	t.quiet = true
	if t.s.Data.Silent { // the person who answers is in this chat
		return "handoff", nil
	}
	text := cut(t.in, complaintMax)
	if text == "" && t.msg.Kind != Image {
		return "handoff", nil
	}
	if t.msg.Kind == Image {
		text = t.text("handoff.photo", D{"Text": text})
	}
	if t.s.Data.Ticket == "" {
		return "handoff", t.openHandoff(text)
	}
	k, err := t.store.Ticket(t.ctx, t.s.Data.Ticket)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	if err != nil || k.closed() { // staff ended it
		t.s.Data.Ticket, t.quiet = "", false
		t.say("handoff.back", nil)
		return "menu", errAnew
	}
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: text, At: t.at}})
	t.tell(k.Staff, "ticket:"+k.ID, "staff.follow_up", D{"Ticket": k, "Text": text, "Tail": k.ID[len(k.ID)-3:]})
	return "handoff", nil
}

// openHandoff makes the ticket with the first message and tells staff.
func (t *turn) openHandoff(text string) error {
	staff, ok := t.office.desk()
	if !ok {
		return errors.New("hand-off: no staff to be reached")
	}
	k, err := t.newTicket(KindHandoff)
	if err != nil {
		return err
	}
	k.Category, k.Text, k.Identity, k.Staff = "Tanya petugas", text, Named, staff.Addresses[0]
	k.NextDue = t.office.AddWorkingDays(t.at, 1)
	t.do(OpenTicket{k})
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: text, At: t.at}})
	t.forward(k)
	t.s.Data.Ticket, t.s.Data.Reminded = k.ID, false
	t.refers = true
	t.say("handoff.sent", D{"ID": k.ID, "Open": t.office.Open(t.at)})
	return nil
}

// endHandoff closes the ticket of a hand-off that the person ended.
func (t *turn) endHandoff(why string) error {
	id := t.s.Data.Ticket
	t.s.Data.Ticket = ""
	if id == "" {
		return nil
	}
	k, err := t.store.Ticket(t.ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && k.closed() {
		return nil
	}
	if err != nil {
		return err
	}
	t.do(AddPost{Post{Ticket: id, By: "sistem", Text: why, At: t.at}})
	if k.AnsweredAt.IsZero() { // still owed an answer: it stays open as a ticket
		return nil
	}
	k.State, k.ClosedAt, k.NextDue = StateDone, t.at, time.Time{}
	t.do(UpdateTicket{k})
	return nil
}

// wakeHandoff sets when somebody should have answered, then when the person has
// been idle for too long.
func (t *turn) wakeHandoff() {
	t.s.Deadline = t.s.SeenAt.Add(staffIdle)
	if t.s.Data.Ticket != "" && !t.s.Data.Reminded {
		t.s.Deadline = t.s.SeenAt.Add(noStaff)
	}
}

// handoffExpired tells that nobody answered within ten minutes, and brings the
// bot back after twelve idle hours; it always says so.
func (t *turn) handoffExpired() error {
	if t.s.Data.Ticket != "" && !t.s.Data.Reminded {
		k, err := t.store.Ticket(t.ctx, t.s.Data.Ticket)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err == nil && k.AnsweredAt.IsZero() && !k.closed() {
			t.say("handoff.nobody", D{"ID": k.ID})
			t.s.Data.Ticket = ""
			t.enter("menu")
			return nil
		}
		t.s.Data.Reminded = true
		return nil
	}
	t.say("handoff.back", nil)
	t.enter("menu")
	return t.endHandoff("12 jam tanpa pesan")
}
