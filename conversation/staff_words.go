package conversation

import (
	"slices"
	"strings"

	"pst/conversation/nlu"
)

// toDesk carries out what staff want of the desk itself in words of their own. None of
// it goes to a person: what is only nearly an answer would embarrass the office.
func (t *turn) toDesk() (handled bool, err error) {
	if t.msg.Kind != Text {
		return false, nil
	}
	what, name := t.message().Errand()
	k, chosen, err := t.toward()
	if err != nil {
		return true, err
	}
	about := func(verb, text string) error {
		if !chosen {
			return t.offerTickets(verb, text)
		}
		if verb == "LIHAT" || verb == "FOTO" {
			return t.carry(PlanStep{Verb: verb, Ticket: k.ID})
		}
		return t.askFirst(&Plan{Steps: []PlanStep{{verb, k.ID, text}}})
	}
	if chosen && k.Kind == KindHandoff && (what == nlu.SendIt || what == nlu.NoWords) { // a talk: "oke", "1"
		return false, nil
	}
	handled = true
	switch what {
	case nlu.Queue:
		err = t.queue(order{})
	case nlu.View:
		err = about("LIHAT", "")
	case nlu.Photos:
		err = about("FOTO", "")
	case nlu.HandOn:
		if _, none := t.colleague(name); none != nil {
			t.say("staff.nobody", D{"Name": cut(name, 60), "Names": t.colleagues()})
			break
		}
		err = about("TERUSKAN", name)
	case nlu.Close:
		err = about("SELESAI", "")
	case nlu.TakeBack, nlu.SendIt, nlu.NoWords:
		t.say("staff.nothing", D{"Sent": chosen, "Back": what == nlu.TakeBack, "Gist": k.gist(), "Ticket": k})
	default:
		handled = false
	}
	t.answered = t.answered || handled
	return handled, err
}

// allOf reads a verb for every open ticket: "terima semua".
func (t *turn) allOf() (handled bool, err error) {
	c, rest, _ := t.verbOf(t.in)
	if c == nil || c.takes != ticketNumber || !slices.Contains([]string{"semua", "semuanya", "semua tiket",
		"semua tiketnya"}, plain(rest)) {
		return false, nil
	}
	mine, err := t.openTickets()
	if err != nil {
		return true, err
	}
	mine = slices.DeleteFunc(mine, func(k Ticket) bool { return !c.fits(k) })
	switch {
	case len(mine) == 0:
		t.say("staff.no_open", D{"Text": strings.TrimSpace(t.in)})
		return true, nil
	case len(mine) > chooseMost: // too many to be read in one message: none is passed over unseen
		return true, t.proposeAmong(mine, c.verb, "")
	}
	p := &Plan{}
	for _, k := range mine {
		p.Steps = append(p.Steps, PlanStep{Verb: c.verb, Ticket: k.ID})
	}
	return true, t.askFirst(p)
}

// nothingSaid tells whether words say nothing but yes or thanks: to a person who waits
// in the chat that is an answer, to a complainant it rather belongs to the desk.
func (t *turn) nothingSaid(k Ticket) bool {
	m := t.message()
	return k.Kind != KindHandoff && (m.Thanks() || m.Empty() || m.YesNo().Sureness == nlu.Sure &&
		len(strings.Fields(t.in)) <= 2)
}
