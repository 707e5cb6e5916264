package conversation

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// askAgainDays is after how many days a person who said nothing is asked once more
// whether their complaint is settled.
const askAgainDays = 7

// mayAsk tells whether the person of a complaint is asked whether it is settled: not who
// cannot be reached, nor who asked not to be.
func (t *turn) mayAsk(k Ticket) bool {
	if k.Kind != KindComplaint || k.Chat == "" {
		return false
	}
	s, err := t.store.Session(t.ctx, k.Chat)
	if err != nil && t.fault == nil {
		t.fault = err
	}
	return err == nil && !s.Data.NoClosing
}

// closingOptions are the answers to the question, about this ticket. It is asked in a
// letter, whatever the person is doing.
func (t *turn) closingOptions(k Ticket) (options []Option, lines []string) {
	for i, o := range t.table["closing"].options {
		n := strconv.Itoa(i + 1)
		label := t.text("closing:"+o.key, nil)
		options = append(options, Option{Key: o.key + "@" + k.ID, Number: n, Label: label})
		lines = append(lines, "*"+n+"* "+label)
	}
	return options, lines
}

// askClosing sends a letter to a ticket's person that ends with the question.
func (t *turn) askClosing(k Ticket, key string, data D) {
	options, lines := t.closingOptions(k)
	text := t.text(key, data) + "\n" + t.text("closing", D{"Options": strings.Join(lines, "\n")})
	messages := pack([]string{text})
	for i, m := range messages {
		send := Send{To: k.Chat, Text: m, Ref: "ticket:" + k.ID, Report: true, Copy: copied(m, t.copies)}
		if i == len(messages)-1 {
			send.Menu, send.Options = "closing", options
		}
		t.do(send)
	}
}

// askAgain asks once more, in opening hours.
func (t *turn) askAgain(k Ticket) error {
	if !t.office.Open(t.at) {
		if k.NextDue = t.office.Opening(t.at); k.NextDue.After(t.at) {
			t.do(UpdateTicket{k})
			return nil
		}
	}
	k.AskAgain, k.NextDue = false, time.Time{}
	t.do(UpdateTicket{k})
	if t.mayAsk(k) {
		t.askClosing(k, "closing.again", D{"Ticket": k})
	}
	return nil
}

// closingShown lets numbers answer the question that has just arrived.
func (t *turn) closingShown(k Ticket) {
	keys := map[string]string{}
	options, _ := t.closingOptions(k)
	for _, o := range options {
		keys[o.Number] = o.Key
	}
	t.s.Data.Shown = &Shown{State: "closing", Keys: keys}
}

// closingWords takes a yes or a no for an answer to the question, while nothing else
// has been asked since.
func (t *turn) closingWords() {
	d, now := &t.s.Data, t.table[t.s.State]
	if t.msg.Kind != Text || d.Answered == nil || d.Shown == nil || d.Shown.State != "closing" ||
		now.form || now.yes != "" || now.free && !now.seeks {
		return
	}
	key := ""
	switch w := word(t.in); {
	case slices.Contains(closingNever, w):
		key = "never"
	case w == "sudah beres" || w == "beres" || w != "1" && yesNo(t.in) == "1":
		key = "done"
	case w == "belum beres" || w != "2" && yesNo(t.in) == "2":
		key = "open"
	default:
		return
	}
	t.msg.Kind, t.msg.Menu, t.in = Choice, "closing", key+"@"+d.Answered.Ticket
}

var closingNever = []string{"jangan tanya", "jangan tanya lagi", "jangan tanyakan lagi", "jangan ditanya lagi"}

// closingOf is the ticket that the question was about last.
func closingOf(t *turn) string {
	if t.s.Data.Answered == nil {
		return ""
	}
	return t.s.Data.Answered.Ticket
}

// recallClosing brings back an earlier question, about a ticket of theirs.
func recallClosing(t *turn, id string) bool {
	k, mine, err := t.ownTicket(id)
	if err != nil && t.fault == nil {
		t.fault = err
	}
	if mine {
		t.s.Data.Answered = &Answered{Ticket: k.ID, At: t.at, Closed: k.Closed()}
	}
	return mine
}

// closingBack is where the person was when they answered; a form was put aside.
func (t *turn) closingBack() string {
	if met := t.table[t.met]; met == nil || met.form || t.met == "closing" {
		return "menu"
	}
	return t.met
}

// answersClosing finds the ticket that the question is about.
func (t *turn) answersClosing() (Ticket, bool, error) {
	t.quiet = true
	k, mine, err := t.ownTicket(closingOf(t))
	if err == nil && !mine {
		t.say("ticket.unknown", nil)
	}
	t.s.Data.Answered, t.s.Data.Shown = nil, nil
	return k, mine, err
}

func (t *turn) settled() (string, error) {
	k, ok, err := t.answersClosing()
	if err != nil || !ok {
		return t.closingBack(), err
	}
	t.notAsked(k)
	t.say("closing.done", D{"ID": k.ID})
	return t.closingBack(), nil
}

func (t *turn) notSettled() (string, error) {
	k, ok, err := t.answersClosing()
	if err != nil || !ok {
		return t.closingBack(), err
	}
	t.ref = "ticket:" + k.ID
	return t.closingBack(), t.complainantWrites(k, t.text("closing.not_yet", nil))
}

func (t *turn) neverAsked() (string, error) {
	k, ok, err := t.answersClosing()
	if err != nil || !ok {
		return t.closingBack(), err
	}
	t.s.Data.NoClosing = true
	t.notAsked(k)
	t.say("closing.never", D{"ID": k.ID})
	return t.closingBack(), nil
}

// notAsked drops the second question.
func (t *turn) notAsked(k Ticket) {
	if k.AskAgain {
		k.AskAgain, k.NextDue = false, time.Time{}
		t.do(UpdateTicket{k})
	}
}
