package conversation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pst/conversation/nlu"
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
	anonymous, err := t.anonymousToday()
	if err != nil {
		return "", err
	}
	if anonymous >= anonymousMax {
		t.say("complaint.not_anonymous", nil)
	}
	t.s.Data.Complaint = &ComplaintDraft{Text: t.toldAlready()}
	return "category", nil
}

// toComplain leads to the ways of complaining, or on with what was told already.
func (t *turn) toComplain() (string, error) {
	if t.toldAlready() == "" {
		return "complain", nil
	}
	return t.beginComplaint()
}

// findsFault tells whether a message names what complaints are about ("toilet kotor
// sekali", "petugasnya jutek"), where nothing else is meant by it.
func (t *turn) findsFault() bool {
	m := t.message()
	if t.msg.Kind != Text || m.Asks() || len(strings.Fields(t.in)) < 2 || m.Intent().Heard() {
		return false
	}
	var options []nlu.Option
	for _, c := range t.office.Lists.Categories {
		options = append(options, nlu.Option{Key: c, Mute: true})
	}
	return m.Choice(nlu.Category, options).Sureness == nlu.Sure
}

// readGrievance takes what is written in the menu of complaints for the complaint
// itself, where it tells something.
func (t *turn) readGrievance() (string, error) {
	if t.toldAlready() == "" {
		return refuse("choose", nil)
	}
	return t.beginComplaint()
}

// tellsGrievance tells whether a message in the menu of complaints is one, rather
// than the choice of a way.
func (t *turn) tellsGrievance() bool {
	if t.toldAlready() == "" {
		return false
	}
	now := t.table["complain"]
	_, options := t.spoken(now, t.offered(now))
	return !t.message().Pick("", options).Heard()
}

// What is written beside the wish to complain, or as its category, is kept as the
// complaint when it has at least so many letters, and words that tell something; a
// person still reads it before it goes.
const (
	toldLetters   = 20
	toldWords     = 4 // among the questions about a complaint
	toldElsewhere = 5 // that tell something, where the wish to complain is among them
)

// toldAlready is the complaint that the message tells, or "".
func (t *turn) toldAlready() string {
	m := t.message()
	if t.msg.Kind != Text || t.pressed != "" || letters(t.in) < toldLetters || m.Asks() {
		return ""
	}
	if met := t.table[t.met]; met != nil && met.chapter == "complaint" {
		if len(strings.Fields(t.in)) < toldWords {
			return ""
		}
	} else if m.Telling() < toldElsewhere {
		return ""
	}
	wish := m.Intent()
	if _, answered := services[wish.Value.Intent]; answered && wish.Sureness == nlu.Sure {
		return ""
	}
	return t.in
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
		if !k.Closed() {
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
	c := t.complaint()
	if c.Category = t.subject; c.Text == "" {
		c.Text = t.toldAlready()
	}
	if t.office.aboutStaff(t.subject) {
		return "about_staff", nil
	}
	return "complaint_text", nil
}

// aboutStaffData names the one who reads a complaint about staff, if there is one.
func aboutStaffData(t *turn) D {
	s, _ := t.office.withRole(Second)
	return D{"Name": s.Name}
}

func (t *turn) hasSecond() bool {
	_, ok := t.office.withRole(Second)
	return ok
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
	if m := t.message(); c.Text == "" && t.in != "" && letters(t.in) < complaintMin &&
		(m.Empty() || m.Waits() || m.YesNo().Heard() || m.Unsure()) { // no word of a complaint yet
		return refuse("complaint_text.short", nil)
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

// complaintTextText asks for the complaint, or for more of what was told before.
func complaintTextText(t *turn) string {
	if t.complaint().Text != "" {
		return "complaint_text.told"
	}
	return "complaint_text"
}

func complaintTextData(t *turn) D {
	return D{"Text": cut(t.complaint().Text, 300), "Left": complaintMax - len([]rune(t.complaint().Text))}
}

// unnamed hears that the name is not to be told, in whatever words; that is said back.
func unnamed(t *turn) (key string, sure bool) {
	m := t.message()
	said := []nlu.Option{{Key: "hidden"}, {Key: "anonymous"}}
	switch a := m.Choice(nlu.Identity, said); {
	case !m.Denies(nlu.Identity, "named"):
		return "", false
	case a.Sureness == nlu.Sure && !m.Line(len(said)).Heard():
		return said[a.Value].Key, true
	}
	return "hidden", false
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
	return D{"Category": c.Category, "Text": shown, "Rest": len([]rune(text)) - len([]rune(shown)),
		"Photos":   len(c.Photos),
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
	t.say("complaint_text.more", D{"Left": complaintMax - len([]rune(t.complaint().Text)),
		"Photos": len(t.complaint().Photos)})
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
	case t.office.aboutStaff(c.Category) && !t.hasSecond(): // there was one when it was begun
		t.say("complaint.no_reader", nil)
		return "menu", nil
	}
	if c.Identity == Anonymous && !t.mayAnonymous() { // another one went meanwhile
		t.say("complaint.not_anonymous", nil)
		return "identity", nil
	}
	tickets, err := t.store.Tickets(t.ctx, t.s.Chat, t.s.Reader)
	if err != nil {
		return "", err
	}
	for _, k := range tickets {
		if k.Kind == KindComplaint && k.Text == c.Text && t.when(k).Sub(k.OpenedAt) < sameTextAfter {
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
	k.NextDue = t.office.Reminder(t.at, 1)
	k.AboutStaff = t.office.aboutStaff(c.Category)
	k.own(t.office.addressees(k)...)
	pin := ""
	if k.Identity == Anonymous { // nobody can tell later who it was
		k.Reader, k.Chat = 0, ""
		if pin, err = t.drawCode(); err != nil {
			return "", err
		}
		k.PIN = t.pinHash(k.ID, pin)
		t.do(RecordCode{EmailHash: t.anonymousMark(), At: t.today()})
	}
	k.OpenedAt = t.when(k)
	if k.Secret() {
		t.tellSoon(&k)
	} else {
		t.forward(k)
	}
	t.do(OpenTicket{k})
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: k.Text, At: k.OpenedAt}})
	t.s.Data.Complaint = nil
	t.s.Data.unpark("complaint")
	t.say("ticket", D{"Ticket": k, "PIN": pin, "Until": t.office.AddWorkingDays(t.at, answerDays),
		"Open": t.office.Open(t.at)})
	return "menu", nil
}
