package conversation

import (
	"errors"
	"strings"
	"time"
)

// replyAfter is how long after an answer of staff what a person writes may be
// meant for them, though the bot is back.
const replyAfter = time.Hour

// answerCame notes that staff's words have reached this chat.
func (t *turn) answerCame(id string) error {
	k, err := t.store.Ticket(t.ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if k.Chat == t.s.Chat && (k.State == StateWorking || k.Kind == KindComplaint && k.Closed()) {
		t.s.Data.Answered = &Answered{Ticket: k.ID, At: t.at, Closed: k.Closed()}
		if k.State == StateDone && t.mayAsk(k) {
			t.closingShown(k)
		}
	}
	return nil
}

// maybeReply asks whether the first words after an answer of staff are for them:
// words that are no answer to the question at hand. A quote needs no asking.
func (t *turn) maybeReply() bool {
	d, now := &t.s.Data, t.table[t.s.State]
	if d.Answered == nil || t.msg.Kind != Text || letters(t.in) < 2 || now.deaf {
		return false
	}
	if t.at.Sub(d.Answered.At) > replyAfter {
		d.Answered = nil
		return false
	}
	if now.form || now.free && !now.seeks || now.yes != "" || now.name == "reply" {
		return false
	}
	if no := t.message().YesNo(); d.Answered.Closed && (!no.Heard() || no.Value) { // "belum", "tidak, masih rusak"
		return false
	}
	if o, _ := t.chosen(now); o != nil || t.maybe != nil {
		t.maybe = nil
		return false
	}
	d.Reply = &Reply{Ticket: d.Answered.Ticket, Text: cut(t.in, complaintMax), Before: now.name}
	d.Answered = nil
	t.enter("reply")
	return true
}

func replyData(t *turn) D {
	r := t.reply()
	return D{"ID": r.Ticket, "Text": cut(oneLine(r.Text), 300)}
}

func (t *turn) reply() *Reply {
	if t.s.Data.Reply == nil { // a session of another version
		t.s.Data.Reply = &Reply{Before: "menu"}
	}
	return t.s.Data.Reply
}

// sendReply relays the words; what follows them is asked about again.
func (t *turn) sendReply() (string, error) {
	r := *t.reply()
	t.s.Data.Reply = nil
	k, mine, err := t.ownTicket(r.Ticket)
	if err != nil {
		return "", err
	}
	if !mine {
		t.say("ticket.unknown", nil)
		return r.Before, nil
	}
	t.quiet, t.ref = true, "ticket:"+k.ID
	t.s.Data.Answered = &Answered{Ticket: k.ID, At: t.at}
	return r.Before, t.complainantWrites(k, r.Text)
}

// noReply hands the words to the bot, where they were written.
func (t *turn) noReply() (string, error) {
	r := *t.reply()
	t.s.Data.Reply = nil
	t.in, t.pressed, t.msg.Kind = r.Text, "", Text
	return r.Before, errAnew
}

// moreReply joins further words to those that wait.
func (t *turn) moreReply() (string, error) {
	if t.in == "" {
		return refuse("choose.yes", nil)
	}
	r := t.reply()
	r.Text = cut(strings.TrimSpace(r.Text+"\n"+t.in), complaintMax)
	return "reply", nil
}
