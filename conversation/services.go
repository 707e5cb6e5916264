package conversation

import (
	"errors"
	"slices"
	"strings"
	"time"

	"pst/conversation/nlu"
)

// services are the questions about the service that are answered where they are
// asked, by the name of the intent: the key of the text that answers. The
// question at hand stays open, and nobody is asked to register for them.
var services = map[string]string{
	"hours": "answer.hours", "address": "address", "route": "address", "map": "address",
	"phone": "answer.contact", "email": "answer.contact", "website": "answer.contact",
	"cost": "info.cost", "requirements": "info.requirements", "procedure": "info.procedure", "duration": "info.time",
	"products": "info.product", "rules": "house_rules", "locker": "house_rules",
	"who": "help", "robot": "help", "abilities": "help",
	"what excerpt": "answer.limit", "why limit": "answer.limit",
	"privacy": "answer.privacy", "safety": "answer.privacy", "why ask": "answer.privacy", "why card": "answer.privacy",
	"why email": "answer.privacy", "why register": "answer.privacy", "photo card": "answer.photo",
	"dtsen": "answer.dtsen", "releases": "answer.releases", "calendar": "answer.releases", "printed": "printed",
	"visit plan": "answer.visit", "english": "answer.english", "cite": "answer.cite", "praise": "answer.praise",
	"genuine":    "check.how",
	"internship": "answer.others", "interview": "answer.others", "cooperation": "answer.others",
}

// ways are the wishes that lead where a word for everywhere leads.
var ways = map[string]string{
	"staff": "staff", "complain": "complain", "suggest": "complain", "ticket status": "status",
	"see data": "mydata", "change data": "mydata", "download data": "mydata", "delete data": "mydata",
	"withdraw": "mydata", "stop": "mydata", "cancel": "cancel", "restart": "menu",
}

// ofOffice are questions about the office that may name a place of the catalogue's.
var ofOffice = []string{"hours", "address", "route", "map", "phone"}

// lasting are the ways on which something may be dropped or changed, or the desk
// falls silent: they are gone only where that is surely wished.
var lasting = []string{"mydata", "cancel", "menu", "staff"}

// service answers a question about the service in what was written, or goes
// where it wants to go. What is only likely is taken where the catalogue does not
// recognise a word of it.
func (t *turn) service(now *state) (handled bool, err error) {
	if t.msg.Kind != Text || t.pressed != "" || letters(t.in) == 1 || countDigits(t.in) > letters(t.in) {
		return false, nil
	}
	if title, ok := t.message().Borrows(); ok && !now.form {
		return true, t.wantsBook(now, title)
	}
	wish := t.message().Intent()
	way, leads := ways[wish.Value.Intent]
	switch {
	case t.message().OnlyUnsure() && !now.silent, wish.Sureness == nlu.None && t.message().Waits() && !now.silent:
		t.say("wait", nil)
		t.quiet = true
		return true, nil
	case wish.Sureness == nlu.None:
		return t.nothing(now), nil
	case leads && slices.Contains(lasting, way) && wish.Sureness != nlu.Sure:
		return false, nil
	case leads && slices.Contains(lasting, way) && t.message().Supposes(): // what would be if: nothing is done
		t.say("answer.supposed", nil)
		return true, nil
	}
	if wish.Sureness == nlu.Likely { // it may be a topic just as well
		// Who has social assistance is nothing of the catalogue's, where it is about somebody;
		// nor is when and where the office is, though a place is named.
		own := wish.Value.Intent == "dtsen" && t.message().OfSelf() ||
			slices.Contains(ofOffice, wish.Value.Intent) && t.message().Asks() && !t.message().OfData()
		if known, err := t.recognised(); !own && known || err != nil {
			return false, err
		}
	}
	intent := wish.Value.Intent
	t.wrongDoor(intent)
	t.s.Data.Misses = max(0, t.s.Data.Misses)
	if key, ok := services[intent]; ok {
		var data D
		if key == "answer.hours" {
			data = t.hoursOn(wish.Value.Day)
		}
		t.say(key, data)
		t.quiet = !now.form
		return true, nil
	}
	// "boleh dihapus gak nanti datanya?"
	if (intent == "delete data" || intent == "withdraw") && t.s.Reader == 0 && t.message().Asks() {
		t.say(services["privacy"], nil)
		t.quiet = !now.form
		return true, nil
	}
	if leads && way == "mydata" && now.chapter == "my_data" && !now.lives { // the question at hand is about that
		return false, nil
	}
	if leads {
		return true, t.command(way, now)
	}
	return t.fulfil(intent, now)
}

// fulfil does what is wanted where a word of command or a text alone does not.
func (t *turn) fulfil(intent string, now *state) (handled bool, err error) {
	switch intent {
	case "borrow":
		t.say("borrowing", nil)
		t.quiet = !now.form
		return true, nil
	case "renew loan":
		return true, t.renew()
	case "register":
		if now.name == "consent" || now.form {
			return false, nil
		}
		if t.message().Supposes() { // "kalo ga daftar bisa ga?"
			t.say(services["why register"], nil)
			t.quiet = true
			return true, nil
		}
		next, err := t.toRegister()
		if err == nil {
			t.park(now)
			t.enter(next)
		}
		return err == nil, err
	case "consultation", "microdata", "recommendation":
		t.park(now)
		t.enter("other_needs")
		return true, nil
	case "resend", "broken file", "too large":
		if now.form || now.grave { // the pages that wait to be confirmed stay
			return false, nil
		}
		again, err := t.offerAgain(now)
		if err == nil && !again {
			t.say("answer.resend", nil)
			t.quiet = true
		}
		return true, err
	case "book facts":
		if !now.book || now.form {
			return false, nil
		}
		p, err := t.publication()
		if err != nil {
			return false, err
		}
		p.Title, p.CatalogNo, p.PublicationNo = cut(oneLine(p.Title), 160), cut(p.CatalogNo, 40), cut(p.PublicationNo, 40)
		t.say("answer.book", D{"Pub": p, "Office": cut(t.office.Publisher(p.Office), 120)})
		return true, nil
	case "rate":
		if !now.glow || now.free {
			return false, nil
		}
		t.s.Data.Mends = now.name != "rating"
		t.enter("rating")
		return true, nil
	case "wrong pages":
		if !now.book && !now.glow || t.s.Reader == 0 || !mayBeCut(t) {
			return false, nil
		}
		t.enter("pages")
		return true, nil
	case "pages left":
		return true, t.pagesLeft()
	case "repeat", "confused":
		if now.seeks {
			t.say("answer.start", nil)
			t.quiet = true
			return true, nil
		}
		return true, nil // the question again
	}
	return false, nil
}

// nothing answers a message of polite words alone, which asks and answers
// nothing, once.
func (t *turn) nothing(now *state) bool {
	if now.form || now.silent || !now.seeks && !now.lives || !t.message().Empty() || numeral(t.in) != "" ||
		strings.Contains(t.in, "?") || t.s.Data.Nodded {
		return false
	}
	t.s.Data.Nodded = true
	t.say("nod", nil)
	t.quiet = true
	return true
}

// pagesLeft tells how much of the publication at hand may still be taken.
func (t *turn) pagesLeft() error {
	t.quiet = true
	if t.s.Reader == 0 || t.found().Pub == "" {
		t.say("answer.limit", nil)
		return nil
	}
	p, err := t.publication()
	if errors.Is(err, ErrNotFound) {
		t.say("answer.limit", nil)
		return nil
	}
	if err != nil {
		return err
	}
	q, err := t.right(p)
	if err != nil {
		return err
	}
	t.say("pages.left", D{"Title": cut(p.Title, 120), "Right": q, "Owned": q.Owned.String()})
	return nil
}

var weekdays = map[string]time.Weekday{"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4,
	"friday": 5, "saturday": 6, "weekend": 6}

// hoursOn is the data of the opening hours, of the day that was asked about or
// of all days.
func (t *turn) hoursOn(day string) D {
	local := t.at.In(t.office.Zone)
	at, asked := local, true
	switch wd, named := weekdays[day]; {
	case day == "today":
	case day == "tomorrow":
		at = local.AddDate(0, 0, 1)
	case named:
		at = local.AddDate(0, 0, (int(wd)-int(local.Weekday())+7)%7)
	default:
		asked = false
	}
	return D{"Holiday": day == "holiday", "Asked": asked, "Date": at, "Times": t.office.timesOn(at)}
}
