package conversation

import (
	"regexp"
	"slices"
	"strings"
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
	"petugas": "staff", "/petugas": "staff", "hubungi petugas": "staff", "admin": "staff", "operator": "staff",
	"cs":     "staff",
	"status": "status", "/status": "status",
	"data saya": "mydata", "/data": "mydata", "datasaya": "mydata",
	"selesai": "finish", "/selesai": "finish", "sudah selesai": "finish",
	"pengaduan": "complain", "/pengaduan": "complain", "aduan": "complain", "keluhan": "complain", "komplain": "complain",
	"lapor":    "complain",
	"/privasi": "privacy", "/privacy": "privacy", "privasi": "privacy", "kebijakan privasi": "privacy",
	"info": "info", "/info": "info", "informasi": "info",
	"batal pendaftaran": "cancel registration", "batalkan pendaftaran": "cancel registration",
	"batal daftar": "cancel registration", "tidak jadi daftar": "cancel registration",
	"batal pengaduan": "cancel complaint", "batalkan pengaduan": "cancel complaint",
	"batal mengadu": "cancel complaint", "tidak jadi mengadu": "cancel complaint",
	"isi profil": "profile", "lengkapi profil": "profile", "profil": "profile",
	"batal profil": "cancel profile", "batalkan profil": "cancel profile", "batal isi profil": "cancel profile",
	"ubah tujuan": "purpose", "ganti tujuan": "purpose", "ubah buku tamu": "purpose", "tujuan lain": "purpose",
	"survei": "survey", "/survei": "survey", "skm": "survey", "survey": "survey", "isi survei": "survey",
	"survei kepuasan": "survey", "survei skm": "survey", "isi skm": "survey", "lanjut survei": "survey",
	"sitasi": "cite", "/sitasi": "cite", "sitasinya": "cite", "daftar pustaka": "cite", "ris": "cite",
	"id saya": "own id", "/id": "own id", "idku": "own id",
	"batal rencana": "cancel arrival", "batalkan rencana": "cancel arrival", "batal datang": "cancel arrival",
	"tidak jadi datang": "cancel arrival",
	"batal pinjam":      "cancel loan", "batalkan pinjaman": "cancel loan", "tidak jadi pinjam": "cancel loan",
	"gak jadi pinjam": "cancel loan", "batal pinjaman": "cancel loan", "batal meminjam": "cancel loan",
	"lanjut isi": "resume", "lanjutkan": "resume",
}

var (
	ticketPattern = regexp.MustCompile(`(?i)^(status|balas|belum|perpanjang)\s+([a-z]{2,3}-?\d{6}-?[0-9a-z]{3})\b\s*(.*)$`)
	startPattern  = lazily(`(?i)^/?start\s+([A-Za-z0-9_-]{1,64})$`)
	// A command of a platform that is none of ours is no search.
	commandPattern = regexp.MustCompile(`^/\pL\S*(\s|$)`)
	onSitePattern  = regexp.MustCompile(`(?i)^pst di ?tempat$`)
)

// unsent are the words for everywhere that are not taken for a message to staff
// by who has just asked for a person.
var unsent = []string{"help", "privacy", "status", "mydata", "complain", "info"}

// formed takes what is known by its form wherever it is written: numbers of tickets,
// codes, quotes, links.
func (t *turn) formed() (handled bool, err error) {
	if m := ticketPattern.FindStringSubmatch(oneLine(t.in)); m != nil {
		return true, t.aboutTicket(strings.ToLower(m[1]), m[2], m[3])
	}
	if m := checkPattern.FindStringSubmatch(oneLine(t.in)); m != nil {
		return true, t.checkGenuine(m[1])
	}
	if handled, err := t.bareCode(); handled || err != nil {
		return handled, err
	}
	if m := textPattern.FindStringSubmatch(oneLine(t.in)); m != nil && !t.table[t.s.State].form {
		return true, t.tellText(m[1])
	}
	if t.msg.Quoted != "" {
		if handled, err := t.quotedTicket(); handled || err != nil {
			return handled, err
		}
	}
	if onSitePattern.MatchString(plain(t.in)) {
		return true, t.onSite()
	}
	if m := startPattern().FindStringSubmatch(t.in); m != nil {
		return true, t.deepLink(m[1])
	}
	return false, nil
}

// global tries the words that work in every state. handled means the message is
// answered but for the question at the end.
func (t *turn) global() (handled bool, err error) {
	if t.msg.Kind == Choice {
		if handled, err := t.press(); handled || err != nil || t.pressed != "" {
			return handled, err
		}
	}
	if handled, err := t.formed(); handled || err != nil {
		return handled, err
	}
	now := t.table[t.s.State]
	if now.deaf && (t.s.Data.Ticket != "" || t.s.Data.Silent || !slices.Contains(unsent, commandOf(t.in))) {
		return false, nil
	}
	if dangerPattern.MatchString(strings.ToLower(t.in)) {
		t.say("danger", nil)
		t.quiet = true
		return true, nil
	}
	p := plain(t.in)
	if handled, err := t.wishes(); handled || err != nil {
		return handled, err
	}
	command := commandOf(t.in)
	if command != "" && !slices.Contains(now.own, p) && !slices.Contains(now.own, word(t.in)) {
		return true, t.command(command, now)
	}
	if commandPattern.MatchString(t.in) && !greetPattern.MatchString(p) {
		t.toMenu(now)
		return true, nil
	}
	if t.msg.Kind == Text {
		if way := t.leaves(now); way != "" {
			return true, t.command(way, now)
		}
	}
	greets := t.onlyGreets()
	thanks := t.msg.Kind == Text && !now.form && now.yes == "" && t.message().Thanks()
	if (greets && now.concept != "" || thanks && now.slot != nil) && t.pressed == "" { // "p" may be an answer
		if o, _ := t.chosen(now); o != nil {
			return false, nil
		}
	}
	switch {
	case greets && t.s.Data.Visit != "" && !now.form: // they are in the middle of something
		t.say("greet.again", nil)
		t.quiet = true
		return true, nil
	case greets:
		if !now.form {
			t.greet()
		}
		return true, nil
	case t.farewell(now):
		return true, t.finishVisit()
	case thanks:
		t.say("thanks", nil)
		t.quiet = true
		return true, nil
	}
	if !now.free && (rudePattern.MatchString(strings.ToLower(t.in)) || t.msg.Kind == Text && t.message().Insults()) {
		t.say("rude", nil)
		t.quiet = true
		return true, nil
	}
	return false, nil
}

// leaves is the word for everywhere that a message means which says, in words of
// its own, that the person leaves what is at hand; or "".
func (t *turn) leaves(now *state) string {
	m := t.message()
	asked := now.form || now.book && !now.lives
	switch {
	case m.ToMenu():
		return "menu"
	case m.GoesBack() && !slices.Contains(now.own, "kembali"):
		return "back"
	case now.yes != "": // a bare "gak jadi" is a no there
		if now.form && m.GivesUp() && m.Undertakes() {
			return "cancel"
		}
	case asked && m.GivesUp():
		return "cancel"
	case (now.chapter == "my_data" || now.lives && !now.seeks) && m.GivesUp():
		return "back"
	case now.book && !now.form && m.Skips(): // there is nothing to pass over: "ga usah deh"
		return "back"
	}
	return ""
}

// greeted takes a greeting off the request that it is joined to.
func (t *turn) greeted() {
	if t.msg.Kind != Text || t.table[t.s.State].free || commandOf(t.in) != "" {
		return
	}
	if _, ok := t.pagesMeant(t.table[t.s.State]); ok { // "p. 5" is a page
		return
	}
	if greets, rest := t.message().Greeting(); greets && rest != "" {
		t.in = rest
	}
}

// farewell tells whether a person in a visit takes their leave. A bare no or yes
// does not say so.
func (t *turn) farewell(now *state) bool {
	if t.msg.Kind != Text || !now.seeks || now.slot != nil || t.s.Data.Visit == "" || !t.message().Farewell() {
		return false
	}
	return len(strings.Fields(t.in)) > 1 || !t.message().YesNo().Heard()
}

// onlyGreets tells whether a message greets and asks nothing.
func (t *turn) onlyGreets() bool {
	if greetPattern.MatchString(plain(t.in)) {
		return true
	}
	if t.msg.Kind != Text {
		return false
	}
	greets, rest := t.message().Greeting()
	return greets && rest == "" && letters(t.in) > 1 // a letter is too little to say so
}

// commandOf is the word for everywhere that a whole message is, or "".
func commandOf(message string) string {
	if c, ok := globals[plain(message)]; ok {
		return c
	}
	if c := globals[word(message)]; c != "zero" {
		return c
	}
	return ""
}

// command carries out a global word.
func (t *turn) command(name string, now *state) error {
	switch name {
	case "menu":
		t.toMenu(now)
	case "zero", "back":
		switch {
		case now.backTo != nil:
			t.enter(now.backTo(t))
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
	case "privacy":
		t.say("privacy", nil)
		t.quiet = true
	case "staff":
		return t.toStaff()
	case "status":
		return t.status()
	case "mydata":
		t.park(now)
		t.enter("my_data")
	case "complain":
		next, err := t.toComplain()
		if err != nil {
			return err
		}
		t.park(now)
		t.enter(next)
	case "info":
		t.park(now)
		t.enter(name)
	case "finish":
		return t.finishVisit()
	case "cite":
		return t.cite()
	case "own id":
		t.sayID()
		t.quiet = true
	case "resume":
		if len(t.s.Data.Forms) > 0 {
			t.park(now)
			t.s.Data.Resume = ""
			t.enter("resume")
		}
	case "profile":
		return t.completeProfile(now)
	case "purpose":
		return t.correctVisit(now)
	case "survey":
		t.park(now)
		next, err := t.toSurvey()
		t.enter(next)
		return err
	case "cancel loan":
		return t.cancelLoan()
	case "cancel registration", "cancel profile", "cancel complaint", "cancel arrival":
		return t.cancelForm(strings.TrimPrefix(name, "cancel "))
	}
	return nil
}

// toMenu leaves whatever was being done; a form is kept for later.
func (t *turn) toMenu(now *state) {
	t.park(now)
	t.enter("menu")
}

// cancel drops what is being filled in and says what is kept; elsewhere it
// leads to the menu.
func (t *turn) cancel(now *state) {
	if now.cancel != nil {
		now.cancel(t)
	}
	if now.form {
		t.s.Data.unpark(t.formOf(now))
	}
	t.s.Data.After = nil
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
