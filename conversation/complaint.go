package conversation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Bounds of a complaint.
const (
	complaintMax  = 1500 // characters
	complaintMin  = 10   // letters
	photosMax     = 5
	openMax       = 3 // open complaints a person
	dayMax        = 5 // complaints a person and day
	sameTextAfter = 30 * time.Minute
	reopenDays    = 14
)

// Deadlines of an answer, in working days, told to both sides.
const (
	answerDays = 5
	finishDays = 14
)

func (t *turn) beginComplaint() (string, error) {
	if t.s.Data.parked("complaint") != "" && t.s.Data.Complaint != nil { // what was written is not lost
		return t.offerForm("complaint"), nil
	}
	no, err := t.complaintLimit()
	if err != nil {
		return "", err
	}
	if no != "" {
		t.say(no, nil)
		return "menu", nil
	}
	t.s.Data.Complaint = &ComplaintDraft{}
	return "category", nil
}

func (t *turn) statusHere() (string, error) { return "complain", t.status() }

// complaintLimit is the key of what to say when a person may not complain again yet.
func (t *turn) complaintLimit() (string, error) {
	tickets, err := t.store.Tickets(t.ctx, t.s.Chat, t.s.Reader)
	if err != nil {
		return "", err
	}
	open, today := 0, 0
	for _, k := range tickets {
		if k.Kind != KindComplaint {
			continue
		}
		if !k.closed() {
			open++
		}
		if t.at.Sub(k.OpenedAt) < 24*time.Hour {
			today++
		}
	}
	switch {
	case open >= openMax:
		return "complaint.open_limit", nil
	case today >= dayMax:
		return "complaint.day_limit", nil
	}
	return "", nil
}

func (k Ticket) closed() bool { return k.State == StateDone || k.State == StateRefused }

// complaint is the complaint in the making.
func (t *turn) complaint() *ComplaintDraft {
	if t.s.Data.Complaint == nil {
		t.s.Data.Complaint = &ComplaintDraft{}
	}
	return t.s.Data.Complaint
}

// pickCategory offers who complains about staff a way that does not pass the desk.
func (t *turn) pickCategory() (string, error) {
	t.s.Data.ListPage = 0
	t.complaint().Category = t.subject
	if strings.EqualFold(t.subject, "Perilaku petugas") {
		return "about_staff", nil
	}
	return "complaint_text", nil
}

func (t *turn) goToLapor() (string, error) {
	t.s.Data.Complaint = nil
	t.say("complain.lapor", nil)
	return "menu", nil
}

// readComplaintText gathers several messages and photos until "kirim".
func (t *turn) readComplaintText() (string, error) {
	c := t.complaint()
	if t.msg.Kind == Image && t.msg.Media != nil {
		if len(c.Photos) >= photosMax {
			if t.told && t.s.Data.Misses > 0 && t.in == "" {
				t.quiet = true
				return "complaint_text", nil
			}
			return refuse("complaint_text.photos", D{"Max": photosMax})
		}
		photo := *t.msg.Media
		photo.Scheme = t.msg.From.Scheme()
		c.Photos = append(c.Photos, photo)
	}
	done := slices.Contains(textEnds, plain(t.in)) || slices.Contains(textEnds, word(t.in)) || t.message().Ends()
	if !done && t.in != "" {
		text := t.in
		if c.Text != "" {
			text = c.Text + "\n" + t.in
		}
		if n := len([]rune(text)); n > complaintMax {
			return refuse("complaint_text.long", D{"Max": complaintMax, "Left": max(0, complaintMax-len([]rune(c.Text)))})
		}
		c.Text = text
	}
	if !done {
		if t.in == "" && t.msg.Album != "" && (t.told || t.more) { // answered with the first or the last of it
			t.quiet = true
			return "complaint_text", nil
		}
		if letters(c.Text) < complaintMin {
			return refuse("complaint_text.short", nil)
		}
		t.s.Data.Misses = 0
		t.say("complaint_text.more", D{"Left": complaintMax - len([]rune(c.Text)), "Photos": len(c.Photos)})
		t.quiet = true
		return "complaint_text", nil
	}
	if letters(c.Text) < complaintMin {
		return refuse("complaint_text.short", nil)
	}
	return "identity", nil
}

func identityOf(identity string) func(*turn) (string, error) {
	return func(t *turn) (string, error) {
		t.complaint().Identity = identity
		return "complaint_review", nil
	}
}

// textEnds are the words that end a complaint's text; they are no part of it.
var textEnds = []string{"kirim", "selesai", "sudah selesai", "sudah", "udah", "itu", "itu saja", "cukup", "sudah cukup",
	"kirim sekarang", "sudah kirim", "send", "gas kirim"}

func (t *turn) withName() (string, error) {
	t.complaint().Identity = Named
	if t.s.Reader == 0 {
		return "complaint_name", nil
	}
	return "complaint_review", nil
}

// readComplaintName takes the name, and a contact if any, of a person who is
// not registered and wants to be named.
func (t *turn) readComplaintName() (string, error) {
	name := oneLine(t.in)
	if n := len([]rune(name)); n < 3 || n > 150 || letters(name) < 3 {
		return refuse("complaint_name.bad", nil)
	}
	t.complaint().Name = name
	return "complaint_review", nil
}

func complaintData(t *turn) D {
	c := t.complaint()
	text := oneLine(c.Text)
	shown := cut(text, 500)
	return D{"Category": c.Category, "Text": shown, "Rest": len([]rune(text)) - len([]rune(shown)), "Photos": len(c.Photos),
		"Identity": c.Identity, "Name": c.Name}
}

// complaintWritten names the complaint that a summary is about, so that a button
// under an older summary sends nothing else.
func complaintWritten(t *turn) string {
	c := t.complaint()
	return digest(fmt.Sprint(c.Category, "\n", c.Text, "\n", c.Identity, "\n", c.Name, "\n", len(c.Photos)))
}

// appendText goes on with the text that is there.
func (t *turn) appendText() (string, error) {
	t.say("complaint_text.more", D{"Left": complaintMax - len([]rune(t.complaint().Text)), "Photos": len(t.complaint().Photos)})
	t.quiet = true
	return "complaint_text", nil
}

func (t *turn) textAnew() (string, error) {
	c := t.complaint()
	c.Text, c.Photos = "", nil
	return "complaint_text", nil
}

func (t *turn) dropComplaint() {
	t.s.Data.Complaint = nil
	t.say("cancelled.complaint", nil)
}

// openComplaint makes the ticket and forwards it to the Kasubbag.
func (t *turn) openComplaint() (string, error) {
	c := t.complaint()
	switch { // a summary of another form, or one that was lost
	case c.Category == "":
		return "category", nil
	case letters(c.Text) < complaintMin:
		return "complaint_text", nil
	case c.Identity == "":
		return "identity", nil
	}
	if c.Identity == Anonymous && t.at.Sub(t.s.Data.AnonymousAt) < sameTextAfter {
		t.say("complaint.day_limit", nil)
		return "menu", nil
	}
	tickets, err := t.store.Tickets(t.ctx, t.s.Chat, t.s.Reader)
	if err != nil {
		return "", err
	}
	for _, k := range tickets {
		if k.Kind == KindComplaint && k.Text == c.Text && t.at.Sub(k.OpenedAt) < sameTextAfter {
			t.s.Data.Complaint = nil
			t.say("complaint.same", D{"ID": k.ID})
			return "menu", nil
		}
	}
	k, err := t.newTicket(KindComplaint)
	if err != nil {
		return "", err
	}
	k.Category, k.Text, k.Identity, k.Photos = c.Category, c.Text, c.Identity, c.Photos
	if c.Identity == Named {
		k.Name = c.Name
	}
	k.NextDue = t.office.AddWorkingDays(t.at, 1)
	to, second := Kasubbag, strings.EqualFold(c.Category, "Perilaku petugas")
	if _, ok := t.office.withRole(Second); ok && second {
		to = Second
	}
	staff, reachable := t.office.withRole(to)
	if reachable {
		k.Staff = staff.Addresses[0]
	}
	if k.Identity == Anonymous { // nobody can answer, or tell later, who it was
		k.Reader, k.Chat = 0, ""
		t.s.Data.AnonymousAt = t.at
	}
	t.do(OpenTicket{k})
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: k.Text, At: t.at}})
	t.forward(k)
	t.s.Data.Complaint = nil
	t.s.Data.unpark("complaint")
	t.say("ticket", D{"Ticket": k, "Until": t.office.AddWorkingDays(t.at, answerDays), "Open": t.office.Open(t.at)})
	return "menu", nil
}

// newTicket draws a ticket number.
func (t *turn) newTicket(kind string) (Ticket, error) {
	tail, err := random(t.random, 3)
	if err != nil {
		return Ticket{}, err
	}
	v, _, err := t.visit()
	if err != nil {
		return Ticket{}, err
	}
	mode := v.Mode
	if mode == "" {
		mode = Online
	}
	return Ticket{ID: kind + "-" + t.at.In(t.office.Zone).Format("060102") + "-" + tail, Kind: kind, Reader: t.s.Reader, Chat: t.s.Chat, Mode: mode,
		State: StateNew, OpenedAt: t.at}, nil
}

// forward sends the ticket's card to staff; without a reachable address, or
// when that fails for good, a copy goes by e-mail.
func (t *turn) forward(k Ticket) {
	card := t.card(k)
	if k.Staff == "" {
		t.mailCopy(k, card)
		return
	}
	for _, m := range pack([]string{card}) {
		t.do(Send{To: k.Staff, Text: m, Ref: "ticket:" + k.ID, Report: true})
	}
}

func (t *turn) mailCopy(k Ticket, card string) {
	if t.office.ComplaintEmail == "" {
		return
	}
	t.do(Send{To: Address(Mail + ":" + t.office.ComplaintEmail), Subject: t.text("forward.subject", D{"ID": k.ID}), Text: card, Ref: "ticket:" + k.ID})
}

// card is what staff read of a new ticket.
func (t *turn) card(k Ticket) string {
	who := D{"Shown": false}
	if k.Identity == Named && k.Reader != 0 {
		if r, err := t.store.Reader(t.ctx, k.Reader); err == nil {
			who = D{"Shown": true, "Name": r.Name, "Number": r.Number}
		}
	} else if k.Name != "" {
		who = D{"Shown": true, "Name": k.Name, "Number": t.text("forward.unregistered", nil)}
	}
	return t.text("forward", D{"Ticket": k, "Who": who, "Channel": channelName(k.Chat), "Answer": t.office.AddWorkingDays(k.OpenedAt, answerDays),
		"Finish": t.office.AddWorkingDays(k.OpenedAt, finishDays), "Tail": k.ID[len(k.ID)-3:]})
}

func channelName(a Address) string {
	switch a.Scheme() {
	case Telegram:
		return "Telegram"
	case WhatsApp:
		return "WhatsApp"
	}
	return "terminal"
}

// mailForward sends the copy by e-mail when staff cannot be reached, or not soon.
func (t *turn) mailForward(id string) error {
	k, err := t.store.Ticket(t.ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t.mailCopy(k, t.card(k))
	return nil
}
