package conversation

import (
	"errors"
	"slices"
	"time"
)

// toStaff hands the chat to a person: what is written next goes to staff, and
// the bot is silent until it is called, staff end it, or nobody answers.
func (t *turn) toStaff() error {
	_, ok := t.office.onDuty(t.at)
	t.park(t.table[t.s.State])
	t.say("handoff", D{"Closed": ok && t.promise(), "Reachable": ok})
	t.quiet = true
	if !ok {
		return nil
	}
	t.s.Data.Ticket, t.s.Data.Silent, t.s.Data.WaitFrom = "", false, time.Time{}
	t.enter("handoff")
	return nil
}

// promise tells whether to say now that staff answer in opening hours: outside of
// them, once in a conversation.
func (t *turn) promise() bool {
	if t.office.Open(t.at) || t.at.Sub(t.s.Data.HoursAt) < staffIdle {
		return false
	}
	t.s.Data.HoursAt = t.at
	return true
}

// readHandoff relays what a person writes while staff are in charge.
func (t *turn) readHandoff() (string, error) {
	switch word(t.in) {
	case "bot", "menu", "batal", "kembali", "selesai", "0":
		t.say("handoff.back", nil)
		return "menu", t.endHandoff(t.text("handoff.left_word", nil))
	}
	// not noticed yet: this is for the bot
	if idle := t.s.SeenAt.Add(staffIdle); !t.s.SeenAt.IsZero() && t.at.After(idle) {
		t.say("handoff.back", nil)
		t.s.Data.Silent = false
		if err := t.endHandoff(t.text("handoff.idle", nil)); err != nil {
			return "", err
		}
		return "menu", errAnew
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
	if err != nil || k.Closed() { // staff ended it
		t.s.Data.Ticket, t.quiet = "", false
		t.say("handoff.back", nil)
		return "menu", errAnew
	}
	t.waits()
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: text, At: t.at}})
	t.tellOwners(k, "", "staff.follow_up", D{"Ticket": k, "Text": text, "Tail": k.tail()})
	return "handoff", nil
}

// openHandoff makes the ticket with the first message and tells staff.
func (t *turn) openHandoff(text string) error {
	staff, ok := t.office.onDuty(t.at)
	if !ok {
		return errors.New("hand-off: no staff to be reached")
	}
	k, err := t.newTicket(KindHandoff)
	if err != nil {
		return err
	}
	k.Category, k.Text, k.Identity = "Tanya petugas", text, Named
	k.own(staff)
	k.NextDue = t.office.Reminder(t.at, 1)
	t.do(OpenTicket{k})
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: text, At: t.at}})
	t.forward(k)
	t.s.Data.Ticket = k.ID
	t.waits()
	t.refers = true
	t.say("handoff.sent", D{"ID": k.ID, "Closed": t.promise()})
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
	if errors.Is(err, ErrNotFound) || err == nil && k.Closed() {
		return nil
	}
	if err != nil {
		return err
	}
	t.do(AddPost{Post{Ticket: id, By: "sistem", Text: why, At: t.at}})
	owed, err := t.owed(k)
	if err != nil || owed { // it stays open as a ticket
		return err
	}
	t.closeIdle(k, why)
	return nil
}

// closeIdle ends a hand-off in which nobody waits for an answer, and tells staff.
func (t *turn) closeIdle(k Ticket, why string) {
	k.State, k.ClosedAt, k.NextDue = StateDone, t.at, time.Time{}
	t.do(UpdateTicket{k})
	t.tellOwners(k, "", "staff.idle", D{"Ticket": k, "Why": why})
}

// waits notes that the message just relayed waits for an answer; thanks do not.
func (t *turn) waits() {
	if t.msg.Kind == Text && t.message().Thanks() {
		return
	}
	if t.s.Data.WaitFrom.IsZero() || t.s.Data.Reminded { // what came before it was answered
		t.s.Data.WaitFrom, t.s.Data.Reminded = t.at, false
	}
}

// owed tells whether staff have not answered yet what was written to them last.
func (t *turn) owed(k Ticket) (bool, error) {
	since := t.s.Data.WaitFrom
	if k.AnsweredAt.IsZero() || since.IsZero() {
		return k.AnsweredAt.IsZero(), nil
	}
	posts, err := t.store.Posts(t.ctx, k.ID)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(posts, func(p Post) bool { return p.By == "petugas" && !p.At.Before(since) }), nil
}

// listening tells whether what the ticket's person writes now goes to staff: the
// bot has not come back meanwhile.
func (t *turn) listening(k Ticket) bool {
	s, err := t.store.Session(t.ctx, k.Chat)
	return err == nil && s.State == "handoff" && s.Data.Ticket == k.ID
}

// wakeHandoff sets when somebody should have answered, then when the person has
// been idle for too long: the bot comes back then.
func (t *turn) wakeHandoff() {
	t.s.Deadline = t.s.SeenAt.Add(staffIdle)
	if t.s.Data.Ticket != "" && !t.s.Data.Reminded {
		t.s.Deadline = t.s.SeenAt.Add(noStaff)
		if from := t.s.Data.WaitFrom; !from.IsZero() { // however often they write meanwhile
			t.s.Deadline = from.Add(noStaff)
		}
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
		owed := false
		if err == nil && !k.Closed() {
			if owed, err = t.owed(k); err != nil {
				return err
			}
		}
		if owed {
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
	return t.endHandoff(t.text("handoff.idle", nil))
}

// idleDays is after how many working days without a word a hand-off that was
// answered is closed.
const idleDays = 2

// leftBehind closes a hand-off whose person wrote nothing after staff's answer,
// and tells both.
func (t *turn) leftBehind(k Ticket) (bool, error) {
	posts, err := t.store.Posts(t.ctx, k.ID)
	if err != nil {
		return false, err
	}
	for _, p := range slices.Backward(posts) {
		if p.By == "pelapor" {
			return false, nil
		}
		if p.By == "petugas" {
			break
		}
	}
	t.closeIdle(k, t.text("handoff.left", nil))
	if k.Chat != "" {
		t.tell(k.Chat, "ticket:"+k.ID, "handoff.closed", D{"ID": k.ID, "Days": reopenDays})
	}
	return true, nil
}
