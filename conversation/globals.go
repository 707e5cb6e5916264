package conversation

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

// plain is lower case without punctuation at the ends, for whole-message words.
func plain(s string) string {
	return strings.Trim(strings.ToLower(oneLine(s)), " .,!?;:\"'()*")
}

// globals are the words that work in every state, as whole messages only.
var globals = map[string]string{
	"menu": "menu", "/menu": "menu", "menu utama": "menu",
	"0": "zero", "kembali": "back", "back": "back",
	"batal": "cancel", "/batal": "cancel", "/cancel": "cancel", "cancel": "cancel", "batalkan": "cancel",
	"bantuan": "help", "/bantuan": "help", "/help": "help", "help": "help", "tolong": "help",
	"petugas": "staff", "/petugas": "staff", "hubungi petugas": "staff", "admin": "staff", "operator": "staff", "cs": "staff",
	"status": "status", "/status": "status",
	"data saya": "mydata", "/data": "mydata", "datasaya": "mydata",
	"selesai": "finish", "/selesai": "finish", "sudah selesai": "finish",
	"pengaduan": "complain", "/pengaduan": "complain", "aduan": "complain", "keluhan": "complain", "komplain": "complain", "lapor": "complain",
	"info": "info", "/info": "info", "informasi": "info",
	"lanjut isi": "resume", "lanjutkan": "resume",
}

var (
	ticketPattern = regexp.MustCompile(`(?i)^(status|balas|belum)\s+([a-z]{3}-?\d{6}-?[0-9a-z]{3})\b\s*(.*)$`)
	startPattern  = regexp.MustCompile(`(?i)^/?start\s+([A-Za-z0-9_-]{1,64})$`)
	onSitePattern = regexp.MustCompile(`(?i)^pst di ?tempat$`)
)

// global tries the words that work in every state. handled means the message is
// answered but for the question at the end.
func (t *turn) global() (handled bool, err error) {
	if t.msg.Kind == Choice && t.msg.Menu != "" && t.msg.Menu != t.s.State && t.in != "0" {
		t.say("stale_button", nil)
		return true, nil
	}
	if m := ticketPattern.FindStringSubmatch(oneLine(t.in)); m != nil {
		return true, t.aboutTicket(strings.ToLower(m[1]), m[2], m[3])
	}
	if t.msg.Quoted != "" {
		if handled, err := t.quotedTicket(); handled || err != nil {
			return handled, err
		}
	}
	if onSitePattern.MatchString(plain(t.in)) {
		return true, t.onSite()
	}
	if m := startPattern.FindStringSubmatch(t.in); m != nil {
		return true, t.deepLink(m[1])
	}
	now := t.table[t.s.State]
	if t.s.State == "handoff" {
		return false, nil
	}
	if dangerPattern.MatchString(strings.ToLower(t.in)) {
		t.say("danger", nil)
		t.quiet = true
		return true, nil
	}
	p := plain(t.in)
	command, ok := globals[p]
	if !ok {
		if command, ok = globals[word(t.in)]; command == "zero" {
			ok = false
		}
	}
	if ok && !slices.Contains(now.own, p) {
		return true, t.command(command, now)
	}
	if greetPattern.MatchString(p) {
		if !now.form {
			t.greet()
		}
		return true, nil
	}
	if thanksPattern.MatchString(p) && !now.form {
		t.say("thanks", nil)
		t.quiet = true
		return true, nil
	}
	if !now.free && rudePattern.MatchString(strings.ToLower(t.in)) {
		t.say("rude", nil)
		t.quiet = true
		return true, nil
	}
	return false, nil
}

// command carries out a global word.
func (t *turn) command(name string, now *state) error {
	switch name {
	case "menu":
		t.toMenu(now)
	case "zero", "back":
		switch {
		case now.name == "email" && t.s.Reader != 0: // a registered reader changing the address
			t.s.Data.Draft = nil
			t.enter("my_data")
		case now.back != "":
			t.enter(now.back)
		default:
			t.toMenu(now)
		}
	case "cancel":
		t.cancel(now)
	case "help":
		t.say("help", nil)
		t.quiet = now.name == "menu"
	case "staff":
		return t.toStaff()
	case "status":
		return t.status()
	case "mydata":
		t.park(now)
		t.enter("my_data")
	case "complain", "info":
		t.park(now)
		t.enter(name)
	case "finish":
		return t.finishVisit()
	case "resume":
		if t.s.Data.Parked != "" {
			t.enter("resume")
		}
	}
	return nil
}

// toMenu leaves whatever was being done; a form is kept for later.
func (t *turn) toMenu(now *state) {
	t.park(now)
	t.enter("menu")
}

// park remembers a form that is left half filled in.
func (t *turn) park(now *state) {
	if now.form {
		t.s.Data.Parked = now.name
		t.say("form.parked", nil)
	}
}

// cancel drops a form and says what is kept; elsewhere it leads to the menu.
func (t *turn) cancel(now *state) {
	d := &t.s.Data
	switch {
	case now.form && d.Complaint != nil:
		d.Complaint = nil
		t.say("cancelled.complaint", nil)
	case now.form && d.Draft != nil && d.Draft.Verified:
		d.Draft = &Draft{ConsentAt: d.Draft.ConsentAt, Email: d.Draft.Email, Verified: true, VerifiedBy: d.Draft.VerifiedBy}
		t.say("cancelled.verified", D{"Email": MaskEmail(d.Draft.Email)})
	case now.form:
		d.Draft = nil
		t.say("cancelled.form", nil)
	case now.name == "pages", now.name == "confirm":
		t.say("cancelled.excerpt", nil)
		d.Find.Pages = nil
	}
	d.After, d.Parked = nil, ""
	t.enter("menu")
}

// greet says who is speaking, what it can do and that it costs nothing.
func (t *turn) greet() {
	hour := t.at.In(t.office.Zone).Hour()
	part := "malam"
	switch {
	case hour >= 4 && hour < 11:
		part = "pagi"
	case hour >= 11 && hour < 15:
		part = "siang"
	case hour >= 15 && hour < 19:
		part = "sore"
	}
	t.say("greet", D{"Part": part})
}

// otherKinds answers what is not text.
func (t *turn) otherKinds() (handled bool, err error) {
	t.quiet = true
	defer func() {
		if !handled {
			t.quiet = false
		}
	}()
	complaint := t.s.State == "complaint_text" || t.s.State == "handoff"
	switch t.msg.Kind {
	case Text, Choice:
		return false, nil
	case Image:
		if complaint {
			return false, nil
		}
		if now := t.table[t.s.State]; now != nil && now.form {
			t.say("media.card", nil)
		} else {
			t.say("media.image", nil)
		}
	case Voice:
		t.say("media.voice", nil)
	case Reaction, Sticker:
		now := t.table[t.s.State]
		if now != nil && now.yes && strings.HasPrefix(strings.TrimSpace(t.msg.Text), "👍") {
			t.in = "ya"
			return false, nil
		}
		if t.msg.Kind == Sticker {
			t.say("media.sticker", nil)
		}
	case Document:
		t.say("media.document", nil)
	case Contact:
		return true, t.ownContact()
	case StaffTyped:
		t.s.State, t.s.Data.Ticket, t.s.Data.Silent = "handoff", "", true
	default:
		t.say("media.unsupported", nil)
	}
	return true, nil
}

// ownContact keeps the phone number of a contact that is the sender's own.
func (t *turn) ownContact() error {
	phone, ok := NormalPhone(t.msg.Text)
	if !ok {
		t.say("media.unsupported", nil)
		return nil
	}
	if t.s.Reader != 0 {
		r, err := t.store.Reader(t.ctx, t.s.Reader)
		if err != nil {
			return err
		}
		r.Phone = phone
		t.do(UpdateReader{r})
		t.say("phone.kept", nil)
		return nil
	}
	if t.s.Data.Draft != nil {
		t.s.Data.Draft.Phone = phone
		t.say("phone.kept", nil)
		return nil
	}
	t.say("media.unsupported", nil)
	return nil
}

// desk handles what the desk itself put into the inbox.
func (t *turn) desk() error {
	switch t.msg.Kind {
	case Expired:
		return t.expired()
	case Due:
		return t.reminder()
	case Delayed:
		if id, ok := strings.CutPrefix(t.msg.Text, "ticket:"); ok { // staff read it by mail meanwhile
			return t.mailForward(id)
		}
	case Delivered, Failed:
		what, id, _ := strings.Cut(t.msg.Text, ":")
		switch what {
		case "excerpt":
			return t.excerptSettled(id, t.msg.Kind == Delivered)
		case "code":
			if t.msg.Kind == Failed {
				t.tell(Address(id), "", "code.undeliverable", nil)
			}
		case "ticket":
			if t.msg.Kind == Failed {
				return t.mailForward(id)
			}
		}
	}
	return nil
}

// Times of the published dialogue rules: one reminder in a form after half an
// hour, by day only; parked after a day; a visit ends half an hour after its
// delivery.
const (
	remindAfter = 30 * time.Minute
	parkAfter   = 24 * time.Hour
	closeAfter  = 30 * time.Minute
	noStaff     = 10 * time.Minute
	staffIdle   = 12 * time.Hour
)

// schedule sets when the chat wakes by itself.
func (t *turn) schedule() {
	s := &t.s
	now := t.table[s.State]
	s.Deadline = time.Time{}
	switch {
	case now == nil:
	case now.name == "handoff":
		s.Deadline = s.SeenAt.Add(staffIdle)
		if s.Data.Ticket != "" && !s.Data.Reminded {
			s.Deadline = s.SeenAt.Add(noStaff)
		}
	case now.form && s.Data.Reminded:
		s.Deadline = s.SeenAt.Add(parkAfter)
	case now.form:
		s.Deadline = t.byDay(s.SeenAt.Add(remindAfter))
	case s.Data.Visit != "" && now.glow:
		s.Deadline = s.SeenAt.Add(closeAfter)
	case s.Data.Visit != "":
		s.Deadline = s.SeenAt.Add(parkAfter)
	}
}

// byDay moves a moment between 20 and 7 o'clock to 7.
func (t *turn) byDay(at time.Time) time.Time {
	local := at.In(t.office.Zone)
	switch h := local.Hour(); {
	case h >= 20:
		local = local.AddDate(0, 0, 1)
		fallthrough
	case h < 7:
		return time.Date(local.Year(), local.Month(), local.Day(), 7, 0, 0, 0, t.office.Zone)
	}
	return at
}

// expired acts on a deadline that has passed; one that was moved meanwhile is ignored.
func (t *turn) expired() error {
	s := &t.s
	if s.Deadline.IsZero() || t.at.Before(s.Deadline) {
		return nil
	}
	now := t.table[s.State]
	t.quiet = true
	defer t.flush()
	switch {
	case now == nil:
	case now.name == "handoff":
		return t.handoffExpired()
	case now.form && !s.Data.Reminded:
		s.Data.Reminded = true
		t.say("form.reminder", nil)
	case now.form:
		s.Data.Parked = now.name
		s.State = "resume"
		return t.closeVisit()
	case s.Data.Visit != "":
		if now.glow && t.byDay(t.at).Equal(t.at) {
			t.say("visit.closed", nil)
		}
		s.State = "menu"
		return t.closeVisit()
	}
	return nil
}

// closeVisit ends the open visit, if any.
func (t *turn) closeVisit() error {
	id := t.s.Data.Visit
	if id == "" {
		return nil
	}
	v, err := t.store.Visit(t.ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	t.s.Data.Visit, t.s.Data.Mode = "", ""
	if err == nil {
		v.ClosedAt = t.at
		t.do(SaveVisit{v})
	}
	return nil
}
