package conversation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pst/conversation/nlu"
)

// chooseMost is how many tickets are offered to choose from.
const chooseMost = 9

// planLife is how long what was written waits to be confirmed.
const planLife = 30 * time.Minute

// text is what a plan would send, or what it would do.
func (p *Plan) text() string {
	var out []string
	for _, s := range p.Steps {
		if s.Text != "" && !slices.Contains(out, s.Text) {
			out = append(out, s.Text)
		}
	}
	if len(out) == 0 {
		return p.Steps[0].Verb
	}
	return strings.Join(out, "\n")
}

// digest tells a plan from others, so that a button under an older question sends
// nothing else.
func (p *Plan) digest() string { return digest(fmt.Sprint(p.Steps, p.Choose, p.At.UnixNano())) }

// plainWords finds out whom words are for that name no ticket.
func (t *turn) plainWords() error {
	if t.onlyGreets() {
		return t.staffHelp(order{})
	}
	if handled, err := t.toDesk(); handled || err != nil {
		return err
	}
	k, ok, err := t.toward()
	if err != nil {
		return err
	}
	if ok && t.nothingSaid(k) {
		return t.askFirst(&Plan{Steps: []PlanStep{{"BALAS", k.ID, t.in}}})
	}
	if ok {
		return t.carry(PlanStep{Verb: t.s.Data.Toward.Verb, Ticket: k.ID, Text: t.in})
	}
	return t.offerTickets("BALAS", t.in)
}

// toward is the ticket that was chosen in the last minutes.
func (t *turn) toward() (Ticket, bool, error) {
	w := t.s.Data.Toward
	if w == nil || t.at.After(w.Until) {
		t.s.Data.Toward = nil
		return Ticket{}, false, nil
	}
	return t.ticketOf(w.Ticket)
}

// offerTickets asks for which of their open tickets a command or an answer is.
func (t *turn) offerTickets(verb, text string) error {
	mine, err := t.openTickets()
	if err != nil {
		return err
	}
	c := t.commandNamed(verb)
	mine = slices.DeleteFunc(mine, func(k Ticket) bool { return !c.fits(k) })
	switch len(mine) {
	case 0:
		t.say("staff.no_open", D{"Text": cut(text, 200)})
		return nil
	case 1:
		if verb == "LIHAT" || verb == "FOTO" { // nothing is sent to anybody
			return t.carry(PlanStep{Verb: verb, Ticket: mine[0].ID})
		}
		return t.askFirst(&Plan{Steps: []PlanStep{{verb, mine[0].ID, text}}})
	}
	return t.proposeAmong(mine, verb, text)
}

// askFirst asks before anything is sent.
func (t *turn) askFirst(p *Plan) error {
	p.At = t.at
	t.s.Data.Plan, t.answered = p, true
	if tooLong(p.text()) {
		t.dropPlan()
		t.say("staff.long", D{"Count": len([]rune(t.in)), "Max": complaintMax})
		return nil
	}
	var lines []string
	for _, s := range p.Steps {
		line := "*" + s.Verb + "*"
		if s.Ticket != "" {
			k, _, err := t.ticketOf(s.Ticket)
			if err != nil {
				return err
			}
			line += " " + k.ID + " (" + k.gist() + ")"
			t.audit("ticket named", k.ID)
		}
		if s.Text != "" {
			line += ": “" + cut(disarmed(oneLine(s.Text)), 200) + "”"
		}
		lines = append(lines, line)
	}
	t.say("staff.confirm", D{"Lines": lines})
	t.quick = []Option{{Key: "ya@" + p.digest(), Label: t.text("staff.confirm:yes", nil)},
		{Key: "batal@" + p.digest(), Label: t.text("staff.confirm:no", nil)}}
	return nil
}

// proposeAmong asks which of several tickets is meant.
func (t *turn) proposeAmong(list []Ticket, verb, text string) error {
	if tooLong(text) {
		t.say("staff.long", D{"Count": len([]rune(text)), "Max": complaintMax})
		return nil
	}
	p := &Plan{Steps: []PlanStep{{Verb: verb, Text: text}}, At: t.at}
	var lines []string
	for i, k := range list[:min(chooseMost, len(list))] {
		p.Choose = append(p.Choose, k.ID)
		lines = append(lines, fmt.Sprintf("*%d* %s: %s", i+1, k.ID, k.gist()))
	}
	for i, id := range p.Choose {
		t.quick = append(t.quick, Option{Key: fmt.Sprint(i+1, "@", p.digest()), Number: fmt.Sprint(i + 1), Label: id})
	}
	t.audit("queue of tickets seen", "")
	t.s.Data.Plan, t.answered = p, true
	t.say("staff.choose", D{"Verb": verb, "Lines": lines, "Rest": len(list) - len(lines),
		"Text": cut(disarmed(oneLine(text)), 60)})
	return nil
}

// planAnswered takes an answer to what was asked about a plan: yes, no, numbers of
// the list, more words of the same. Commands go past it.
func (t *turn) planAnswered() (handled bool, err error) {
	p := t.s.Data.Plan
	w := word(t.in)
	switch {
	case t.at.Sub(p.At) > planLife:
		t.dropPlan()
		return false, nil
	case w == "0" || w == "batal" || w == "jangan" || yesNo(t.in) == "2" && len(p.Choose) == 0 || w == "tidak":
		t.say("staff.dropped", D{"Text": cut(p.text(), 200)})
		t.dropPlan()
		t.answered = true
		return true, nil
	case len(p.Choose) > 0:
		ids := t.picked(p)
		if len(ids) == 0 {
			break
		}
		step := p.Steps[0]
		t.dropPlan()
		t.answered = true
		for _, id := range ids {
			step.Ticket = id
			if err := t.carry(step); err != nil {
				return true, err
			}
		}
		t.goOn(ids)
		return true, nil
	case yesNo(t.in) == "1":
		t.dropPlan()
		t.answered = true
		var ids []string
		for _, s := range p.Steps {
			if err := t.carry(s); err != nil {
				return true, err
			}
			if s.Ticket != "" && !slices.Contains(ids, s.Ticket) {
				ids = append(ids, s.Ticket)
			}
		}
		t.goOn(ids)
		return true, nil
	}
	if o, err := t.orderIn(t.in, nil); err != nil || o != nil || t.answered {
		return t.answered, err
	}
	if what, _ := t.message().Errand(); what == nlu.Queue || what == nlu.View || what == nlu.Photos {
		return false, nil
	}
	if len(p.Steps) > 1 || p.Steps[0].Verb != "BALAS" {
		return false, nil
	}
	more := *p // they go on writing
	more.Steps = []PlanStep{p.Steps[0]}
	more.Steps[0].Text += "\n" + t.in
	if tooLong(more.Steps[0].Text) {
		t.say("staff.long", D{"Count": len([]rune(more.Steps[0].Text)), "Max": complaintMax})
		return true, nil
	}
	if len(p.Choose) == 0 {
		return true, t.askFirst(&more)
	}
	var list []Ticket
	for _, id := range p.Choose {
		k, ok, err := t.ticketOf(id)
		if err != nil {
			return true, err
		}
		if ok {
			list = append(list, k)
		}
	}
	return true, t.proposeAmong(list, more.Steps[0].Verb, more.Steps[0].Text)
}

// picked are the tickets of the list that were chosen, by their places or numbers.
func (t *turn) picked(p *Plan) []string {
	var ids []string
	for _, x := range pieces(t.in) {
		bare := strings.ToLower(x.bare)
		if bare == "" || slices.Contains(besideNumber, bare) || slices.Contains(fillers, bare) {
			continue
		}
		id := ""
		if n := numeral(bare); n != "" && len(n) < 3 && atoi(n) >= 1 && atoi(n) <= len(p.Choose) {
			id = p.Choose[atoi(n)-1]
		}
		for _, c := range p.Choose {
			if strings.EqualFold(c, bare) || strings.EqualFold(c[len(c)-3:], bare) {
				id = c
			}
		}
		if id == "" {
			return nil
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// goOn lets the next words go to the one ticket that was chosen.
func (t *turn) goOn(ids []string) {
	if len(ids) == 1 {
		t.s.Data.Toward = &Toward{Ticket: ids[0], Verb: "BALAS", Until: t.at.Add(staffWindow)}
	}
}

func (t *turn) dropPlan() { t.s.Data.Plan = nil }

// planLapsed tells that what waited to be confirmed was not sent.
func (t *turn) planLapsed() error {
	t.quiet = true
	t.say("staff.lapsed", D{"Text": cut(t.s.Data.Plan.text(), 200)})
	t.dropPlan()
	t.flush()
	return nil
}

// severalNamed divides a line that names tickets within it: each gets the words
// behind its number, with the verb before it. One step alone means that a ticket
// is named somewhere in a sentence that is its answer as a whole.
func (t *turn) severalNamed() ([]PlanStep, error) {
	type at struct {
		piece
		k Ticket
	}
	var named []at
	for _, p := range pieces(t.in) {
		if len(p.bare) < 3 {
			continue
		}
		k, found, _, err := t.ticketNamed(p.bare)
		if err != nil {
			return nil, err
		}
		if found {
			named = append(named, at{p, k})
		}
	}
	t.twins = nil
	if len(named) == 0 {
		return nil, nil
	}
	if len(named) == 1 {
		return []PlanStep{{"BALAS", named[0].k.ID, t.in}}, nil
	}
	verb := "BALAS"
	if c, _, _ := t.verbOf(t.in); c != nil && c.takes == ticketNumber {
		verb = c.verb
	}
	var steps []PlanStep
	waits := 0 // steps from here on have no words yet: "VMJ dan BB7 sudah …"
	distinct := 0
	for i, n := range named {
		end := len(t.in)
		if i+1 < len(named) {
			end = named[i+1].from
		}
		words := strings.Trim(t.in[n.to:end], " \n,:;-")
		next := ""
		if f := strings.Fields(words); len(f) > 0 && i+1 < len(named) {
			last := strings.Trim(f[len(f)-1], ",.:;")
			if c, after, _ := t.verbOf(last); c != nil && after == "" && c.takes == ticketNumber {
				next = c.verb
				words = strings.Trim(strings.TrimSuffix(words, f[len(f)-1]), " \n,:;-")
			}
		}
		if w := strings.Fields(strings.ToLower(words)); len(w) > 0 && !slices.ContainsFunc(w, func(x string) bool {
			return !slices.Contains(besideNumber, x)
		}) {
			words = ""
		}
		steps = append(steps, PlanStep{verb, n.k.ID, words})
		if words != "" {
			for j := waits; j < len(steps); j++ {
				steps[j].Text = words
			}
			waits = len(steps)
			distinct++
		}
		if next != "" {
			verb = next
		}
	}
	if distinct <= 1 && strings.TrimSpace(t.in[:named[0].from]) != "" {
		if c, _, _ := t.verbOf(t.in); c != nil { // one command for several: nothing is unclear
			return nil, nil
		}
	}
	if distinct <= 1 && strings.TrimSpace(t.in[:named[0].from]) == "" {
		return nil, nil // "VMJ dan BB7 sudah …"
	}
	return steps, nil
}

func tooLong(text string) bool { return len([]rune(text)) > complaintMax }
