package conversation

import (
	"errors"
	"strings"
	"time"
)

// fromStaff takes a message of a member of staff. Their commands are taken from
// configured addresses only. Who asked to be treated as a reader is, but for the
// word that ends it and for a quote of a ticket that is theirs.
func (t *turn) fromStaff() (handled bool, err error) {
	member, ok := t.office.member(t.msg.From)
	if !ok {
		return false, nil
	}
	t.member, t.commands = member, commands()
	if t.s.Data.AsReader {
		_, quotes, err := t.quotedByStaff()
		if err != nil {
			return true, err
		}
		if word(t.in) != "petugas" && !quotes {
			return false, nil
		}
		t.s.Data.AsReader = false
		t.s.State = "menu"
		if !quotes {
			t.quiet = true
			t.say("staff.back", D{"Name": member.Name})
			t.flush()
			return true, nil
		}
	}
	return true, t.staff()
}

// staff carries out what a member of staff wrote. Whatever it is, they are told
// what came of it: what was sent to whom, or that nothing was sent.
func (t *turn) staff() error {
	t.quiet = true
	if t.s.State == "" {
		t.s.State = "menu"
	}
	defer t.flush()
	switch t.msg.Kind {
	case Text, Choice, Image:
	case Reaction, StaffTyped: // nobody meant to write anything
		return nil
	case Edited:
		t.say("staff.edited", nil)
		return nil
	case Document:
		handled, err := t.checkFileOfStaff()
		if !handled && err == nil && !t.answered {
			t.say("staff.media", nil)
		}
		return err
	default:
		t.say("staff.media", nil)
		return nil
	}
	if t.in == "" && t.msg.Kind != Image {
		t.say("staff.media", nil)
		return nil
	}
	k, quotes, err := t.quotedByStaff()
	switch {
	case err != nil:
		return err
	case t.msg.Quoted != "" && !quotes && t.answered:
		return nil
	case quotes:
		err = t.staffQuotes(k)
	case t.msg.Kind == Image:
		err = t.staffPhoto()
	default:
		err = t.staffWrites()
	}
	if err == nil && t.s.Data.Plan != nil && !t.answered {
		t.say("staff.waiting", D{"Text": cut(t.s.Data.Plan.text(), 200)})
	}
	return err
}

// quotedByStaff is the ticket whose card, or relayed message, is being quoted. A
// quote about a ticket that is not theirs is answered as if there were none.
func (t *turn) quotedByStaff() (Ticket, bool, error) {
	if t.msg.Quoted == "" {
		return Ticket{}, false, nil
	}
	ref, err := t.store.Ref(t.ctx, t.s.Chat, t.msg.Quoted)
	if isMissing(err) {
		return Ticket{}, false, nil
	}
	id, ok := strings.CutPrefix(ref, "ticket:")
	if err != nil || !ok {
		return Ticket{}, false, err
	}
	k, found, err := t.ticketOf(id)
	if err == nil && !found {
		t.say("staff.unknown", D{"Number": id})
		t.answered = true
	}
	return k, found, err
}

func isMissing(err error) bool { return errors.Is(err, ErrNotFound) }

// staffQuotes takes what was written under a quote: an answer, unless it is a
// command.
func (t *turn) staffQuotes(k Ticket) error {
	t.quoting = k.ID
	o, err := t.orderIn(t.in, &k)
	if err != nil || t.answered {
		return err
	}
	if o == nil || t.in == "" {
		o = &order{command: t.commandNamed("BALAS"), tickets: []Ticket{k}, text: t.in}
	}
	return o.do(t, *o)
}

// staffWrites takes what was written without a quote.
func (t *turn) staffWrites() error {
	if answer, about, ok := strings.Cut(t.in, "@"); t.msg.Kind == Choice && ok {
		if t.s.Data.Plan == nil || about != t.s.Data.Plan.digest() {
			t.say("staff.stale", nil)
			t.answered = true
			return nil
		}
		t.in = answer
	}
	if m := startPattern().FindStringSubmatch(t.in); m != nil && strings.HasPrefix(m[1], "cek_") { // read off a page
		return t.codeTyped(strings.TrimPrefix(m[1], "cek_"))
	}
	if t.s.Chat.Scheme() == Web {
		if o, err := t.formOrder(t.in); err != nil || o != nil || t.answered {
			if o == nil || err != nil {
				return err
			}
			return o.do(t, *o)
		}
	}
	if t.s.Data.Plan != nil {
		if handled, err := t.planAnswered(); handled || err != nil {
			return err
		}
	}
	if handled, err := t.allOf(); handled || err != nil {
		return err
	}
	steps, err := t.severalNamed()
	if err != nil {
		return err
	}
	if len(steps) > 1 {
		return t.askFirst(&Plan{Steps: steps})
	}
	o, err := t.orderIn(t.in, nil)
	switch {
	case err != nil || t.answered:
		return err
	case o != nil && len(t.twins) > 0:
		return t.proposeAmong(t.twins, o.verb, o.text)
	case o != nil:
		return o.do(t, *o)
	case len(steps) == 1: // named within the sentence
		return t.askFirst(&Plan{Steps: steps})
	}
	return t.plainWords()
}

// staffPhoto takes a photo without a quote: it goes where their words go.
func (t *turn) staffPhoto() error {
	o, err := t.orderIn(t.in, nil)
	if err != nil || t.answered {
		return err
	}
	if o != nil && len(o.tickets) > 0 {
		return o.do(t, *o)
	}
	if k, ok, err := t.toward(); err != nil || ok {
		if err != nil {
			return err
		}
		return t.carry(PlanStep{Verb: "BALAS", Ticket: k.ID, Text: t.in})
	}
	t.say("staff.photo", nil)
	return nil
}

// openTickets are the open tickets of the member of staff, oldest first.
func (t *turn) openTickets() ([]Ticket, error) {
	all, err := t.store.OpenTickets(t.ctx)
	if err != nil {
		return nil, err
	}
	var mine []Ticket
	for _, k := range all {
		if t.office.Owns(t.member, k) {
			mine = append(mine, k)
		}
	}
	t.quietLast(mine)
	return mine, nil
}

// tail is the end of a ticket's number, which is enough to name it.
func (k Ticket) tail() string { return k.ID[max(0, len(k.ID)-3):] }

// gist is what a ticket is about, in its first words.
func (k Ticket) gist() string {
	if k.Kind == KindLoan {
		return disarmed(cut(k.title(), 50))
	}
	return disarmed(cut(oneLine(or(k.Text, k.Category)), 50))
}

// staffWindow is how long plain words of staff go where the ones before went.
const staffWindow = 10 * time.Minute

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
