package conversation

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// staffMenu names what the buttons of staff belong to: their keys are what would
// be typed.
const staffMenu = "staff"

// orderTicket carries out a command about tickets; without a number it is asked
// for which. A verb alone that needs words takes the next message for them.
func (t *turn) orderTicket(o order) error {
	switch {
	case len(o.tickets) == 0 && o.words == must && letters(o.text) < 2:
		t.say("staff.no_text", D{"Usage": t.usage(o.command, t.text("usage:number", nil))})
		return nil
	case len(o.tickets) == 0:
		return t.offerTickets(o.verb, o.text)
	case len(o.tickets) == 1 && o.words == must && letters(o.text) < 2 && t.msg.Media == nil && o.fits(o.tickets[0]) &&
		t.s.Chat.Scheme() != Web: // the form asks for the words itself
		k := o.tickets[0]
		t.s.Data.Toward = &Toward{Ticket: k.ID, Verb: o.verb, Until: t.at.Add(staffWindow)}
		t.audit("ticket named", k.ID)
		t.say("staff.write", D{"Ticket": k, "Gist": k.gist(), "Verb": o.verb})
		return nil
	}
	for _, k := range o.tickets {
		if err := t.carry(PlanStep{o.verb, k.ID, o.text}); err != nil {
			return err
		}
	}
	return nil
}

// carry carries out one step: it changes a ticket, tells its person and the other
// owners, and says what was sent to whom, or that nothing was.
func (t *turn) carry(s PlanStep) error {
	t.answered = true
	if s.Verb == strictVerb || s.Verb == looseVerb {
		return t.setStrict(s.Verb == strictVerb, s.Text)
	}
	if s.Verb == eraseVerb {
		return t.eraseByStaff(s.Text)
	}
	if s.Ticket == "" {
		return t.setFrozen(s.Verb == "BEKUKAN", s.Text)
	}
	k, ok, err := t.ticketOf(s.Ticket)
	if err != nil {
		return err
	}
	if !ok {
		t.say("staff.unknown", D{"Number": s.Ticket})
		return nil
	}
	c := t.commandNamed(s.Verb)
	switch s.Verb {
	case "TERUSKAN":
		return t.handOn(k, s.Text)
	case "LIHAT", "FOTO":
		return c.do(t, order{command: c, tickets: []Ticket{k}})
	}
	text, ok := t.filled(s.Text)
	switch {
	case !ok:
	case tooLong(text):
		t.say("staff.long", D{"Count": len([]rune(text)), "Max": complaintMax})
	case !c.fits(k):
		t.say("staff.not_for", D{"Verb": s.Verb, "Ticket": k})
	case c.words == must && letters(text) < 2 && t.msg.Media == nil:
		t.say("staff.no_text", D{"Usage": t.usage(c, k.tail())})
	case k.Closed() && s.Verb != "BALAS":
		t.say("staff.closed", D{"Ticket": k})
	case s.Verb == "TERIMA" && k.State != StateNew && text == "":
		t.say("staff.accepted_already", D{"Ticket": k})
	default:
		if w := t.s.Data.Toward; w != nil && w.Ticket == k.ID && w.Verb == s.Verb {
			w.Verb = "BALAS"
		}
		if k.Kind != KindLoan || !t.changeLoan(k, s.Verb, text) {
			t.change(k, s.Verb, text)
		}
	}
	return nil
}

// filled puts the office's own words in place of the name of a short answer.
func (t *turn) filled(text string) (string, bool) {
	name, ok := strings.CutPrefix(strings.TrimSpace(text), "#")
	if !ok || strings.ContainsAny(name, " \n") || name == "" {
		return text, true
	}
	for _, key := range t.texts.canned() {
		if strings.EqualFold(key, name) {
			return t.text(cannedPrefix+key, nil), true
		}
	}
	t.say("staff.no_canned", D{"Name": cut(name, 40)})
	return "", false
}

// change makes a ticket what the verb says, and tells everybody concerned.
func (t *turn) change(k Ticket, verb, text string) {
	if verb == "TERIMA" && k.State != StateNew { // accepted before: the words alone go on
		verb = "BALAS"
	}
	switch verb {
	case "TERIMA":
		k.State = StateAccepted
	case "BALAS":
		if !k.Closed() && k.State != StateLent { // a word after the end does not open it again
			k.State = StateWorking
		}
	case "SELESAI", "SETUJU", "TOLAK":
		k.State, k.ClosedAt = StateDone, t.when(k)
		if verb == "TOLAK" {
			k.State = StateRefused
		}
	}
	t.changed(k, verb, "relay."+strings.ToLower(verb), text)
}

// changed stores what a ticket has become, and tells everybody concerned; its
// person reads the text of that key.
func (t *turn) changed(k Ticket, verb, key, text string) {
	if k.AcceptedAt.IsZero() {
		k.AcceptedAt = t.when(k)
	}
	if k.AnsweredAt.IsZero() && (verb != "TERIMA" || text != "") {
		k.AnsweredAt = t.when(k)
	}
	k.NextDue = time.Time{}
	if !k.Closed() {
		k.NextDue = t.nextDue(k)
	}
	if verb == "SELESAI" {
		k.AskAgain = t.mayAsk(k)
	}
	if k.AskAgain {
		k.NextDue = t.office.Opening(t.when(k).AddDate(0, 0, askAgainDays))
	}
	if k.Untold > 0 { // they are told all the same
		k.AfterTold, k.NextDue = k.NextDue, t.at
	}
	t.do(UpdateTicket{k})
	if text != "" || t.msg.Media != nil {
		t.do(AddPost{Post{Ticket: k.ID, By: "petugas", Text: or(text, t.text("handoff.photo", D{"Text": ""})),
			At: t.when(k)}})
	}
	t.audit("ticket "+strings.ToLower(verb), k.ID)
	t.tellOwners(k, t.member.Name, "staff.change", D{"Ticket": k, "By": t.member.Name, "Verb": verb, "Text": text})
	reached := t.relay(k, key, text)
	t.say("staff.done", D{"Ticket": k, "Gist": k.gist(), "Verb": verb, "Text": cut(disarmed(oneLine(text)), 120),
		"Reached": reached,
		"Photo":   reached && t.msg.Kind == Image && t.msg.Media != nil})
	t.ref = "ticket:" + k.ID // a quote of it is about the ticket
	t.flush()
	t.ref = ""
}

// relay sends staff's words to the person of a ticket; false where nobody is left
// to be told.
func (t *turn) relay(k Ticket, key, text string) bool {
	if k.Chat == "" {
		return false
	}
	ref := "ticket:" + k.ID
	data := D{"Ticket": k, "Text": text, "Days": reopenDays, "Handoff": k.Kind == KindHandoff, "Listening": t.listening(k),
		"Title": k.title()}
	if key == "relay.selesai" && k.AskAgain {
		t.askClosing(k, "relay.closed", data)
	} else {
		for _, m := range pack([]string{t.text(key, data)}) {
			t.do(Send{To: k.Chat, Text: m, Ref: ref, Report: true, Copy: copied(m, t.copies)})
		}
	}
	if t.msg.Kind == Image && t.msg.Media != nil {
		photo := *t.msg.Media
		photo.Scheme = t.msg.From.Scheme()
		t.do(Send{To: k.Chat, Ref: ref, Report: true, Attachment: &Attachment{Name: k.ID + ".jpg",
			MIME: or(photo.MIME, "image/jpeg"), Media: &photo}})
	}
	return true
}

// audit notes what the member of staff saw or did.
func (t *turn) audit(what, about string) {
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), what, about}})
}

// queue lists the open tickets of the member of staff.
func (t *turn) queue(order) error {
	mine, err := t.openTickets()
	if err != nil {
		return err
	}
	var lines []string
	for i, k := range mine {
		if i == 10 {
			lines = append(lines, fmt.Sprintf("… +%d", len(mine)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("%s %s, %s: %s", k.ID, t.stateIn(k), k.OpenedAt.In(t.office.Zone).Format("02/01"),
			k.gist()))
	}
	if len(mine) > 0 {
		t.audit("queue of tickets seen", "")
	}
	t.say("staff.queue", D{"Lines": lines, "Total": len(mine)})
	return nil
}

// showThread shows a ticket with all that was written in it; the look is audited.
func (t *turn) showThread(o order) error {
	if len(o.tickets) == 0 {
		return t.offerTickets(o.verb, "")
	}
	for _, k := range o.tickets {
		paragraphs, err := t.thread(k)
		if err != nil {
			return err
		}
		t.ref = "ticket:" + k.ID
		t.said = append(t.said, paragraphs...)
		t.audit("ticket read", k.ID)
		t.flush()
	}
	return nil
}

// thread is a ticket's card with the posts that followed, a paragraph each.
func (t *turn) thread(k Ticket) ([]string, error) {
	posts, err := t.store.Posts(t.ctx, k.ID)
	if err != nil {
		return nil, err
	}
	out := []string{t.card(k)}
	for _, p := range followed(posts) {
		out = append(out, t.text("staff.post", D{"Post": p, "Clock": !k.Secret()}))
	}
	return out, nil
}

// followed are the posts behind the first of a ticket's person, which stands in its card.
func followed(posts []Post) []Post {
	if len(posts) > 0 && posts[0].By == "pelapor" {
		return posts[1:]
	}
	return posts
}

// sendPhotos sends staff the photos of a ticket; the look is audited.
func (t *turn) sendPhotos(o order) error {
	if len(o.tickets) == 0 {
		return t.offerTickets(o.verb, "")
	}
	for _, k := range o.tickets {
		t.ref = "ticket:" + k.ID
		t.say("staff.photos", D{"Ticket": k})
		t.flush()
		for i, photo := range k.Photos {
			t.do(Send{To: t.s.Chat, Ref: t.ref, Attachment: &Attachment{Name: fmt.Sprintf("%s-%d.jpg", k.ID, i+1),
				MIME: or(photo.MIME, "image/jpeg"), Media: &photo}})
		}
		if len(k.Photos) > 0 {
			t.audit("photos of ticket seen", k.ID)
		}
	}
	return nil
}

// forwardTo makes somebody else an owner of a ticket as well. One about staff is
// handed on only after a yes.
func (t *turn) forwardTo(o order) error {
	if len(o.tickets) == 0 {
		return t.offerTickets(o.verb, o.text)
	}
	for _, k := range o.tickets {
		s, err := t.colleague(o.text)
		if err != nil {
			t.say("staff.nobody", D{"Name": cut(o.text, 60), "Names": t.colleagues()})
			return nil
		}
		if k.AboutStaff {
			t.say("staff.about", D{"Ticket": k, "Name": s.Name})
			if err := t.askFirst(&Plan{Steps: []PlanStep{{o.verb, k.ID, o.text}}}); err != nil {
				return err
			}
			continue
		}
		if err := t.handOn(k, o.text); err != nil {
			return err
		}
	}
	return nil
}

var errNobody = errors.New("no such member of staff")

// colleague finds the one member of staff whom a name, a part of it, or a role
// means; never the one who writes.
func (t *turn) colleague(name string) (Staff, error) {
	name = plain(strings.TrimPrefix(strings.ToLower(oneLine(name)), "ke "))
	var found []Staff
	for _, s := range t.office.Staff {
		switch full := plain(s.Name); {
		case s.Name == t.member.Name || len(s.Addresses) == 0 || name == "":
		case full == name:
			return s, nil
		case s.Role == name || strings.Contains(" "+full+" ", " "+name+" ") || strings.Contains(" "+name+" ", " "+full+" "):
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		return Staff{}, errNobody
	}
	return found[0], nil
}

// colleagues are the names of those whom a ticket can be handed on to.
func (t *turn) colleagues() []string {
	var out []string
	for _, s := range t.office.Staff {
		if s.Name != t.member.Name && len(s.Addresses) > 0 {
			out = append(out, s.Name+" ("+s.Role+")")
		}
	}
	return out
}

// handOn gives a ticket to a colleague, who reads the whole of it.
func (t *turn) handOn(k Ticket, name string) error {
	s, err := t.colleague(name)
	if err != nil {
		t.say("staff.nobody", D{"Name": cut(name, 60), "Names": t.colleagues()})
		return nil
	}
	if t.office.Owns(s, k) {
		t.say("staff.owns_already", D{"Ticket": k, "Name": s.Name})
		return nil
	}
	paragraphs, err := t.thread(k)
	if err != nil {
		return err
	}
	t.tellOwners(k, t.member.Name, "staff.change", D{"Ticket": k, "By": t.member.Name, "Verb": "TERUSKAN", "Text": s.Name})
	k.own(t.office.Owners(k)...)
	k.own(s)
	t.do(UpdateTicket{k})
	note := t.text("staff.handed", D{"By": t.member.Name, "Name": s.Name, "Note": oneLine(name)})
	t.do(AddPost{Post{Ticket: k.ID, By: "sistem", Text: note, At: t.when(k)}})
	t.audit("ticket teruskan", k.ID)
	t.sendCard(s, k, append([]string{note}, paragraphs...))
	t.say("staff.handed_on", D{"Ticket": k, "Name": s.Name})
	return nil
}
