package conversation

import (
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
	"products": "info.product", "rules": "house_rules", "locker": "house_rules", "borrow": "borrowing",
	"who": "help", "robot": "help", "abilities": "help",
	"what excerpt": "answer.limit", "why limit": "answer.limit",
	"privacy": "answer.privacy", "safety": "answer.privacy", "why ask": "answer.privacy", "why card": "answer.privacy",
	"why email": "answer.privacy", "why register": "answer.privacy", "photo card": "answer.photo",
	"dtsen": "answer.dtsen", "releases": "answer.releases", "calendar": "answer.releases",
}

// ways are the wishes that lead where a word for everywhere leads.
var ways = map[string]string{
	"staff": "staff", "complain": "complain", "suggest": "complain", "ticket status": "status",
	"see data": "mydata", "change data": "mydata", "download data": "mydata", "delete data": "mydata",
	"withdraw": "mydata",
}

// service answers a question about the service in what was written, or goes
// where it wants to go. Only what is surely meant is taken.
func (t *turn) service(now *state) (handled bool, err error) {
	if t.msg.Kind != Text || t.pressed != "" {
		return false, nil
	}
	wish := nlu.Default().Hear(t.in).Intent()
	if wish.Sureness != nlu.Sure {
		return false, nil
	}
	if key, ok := services[wish.Value.Intent]; ok {
		var data D
		if key == "answer.hours" {
			data = t.hoursOn(wish.Value.Day)
		}
		t.say(key, data)
		t.quiet = !now.form
		t.s.Data.Misses = max(0, t.s.Data.Misses)
		return true, nil
	}
	if way, ok := ways[wish.Value.Intent]; ok {
		return true, t.command(way, now)
	}
	if wish.Value.Intent == "register" && now.name != "consent" && !now.form {
		next, err := t.toRegister()
		if err == nil {
			t.enter(next)
		}
		return err == nil, err
	}
	return false, nil
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
	return D{"Asked": asked, "Date": at, "Times": t.office.timesOn(at)}
}
