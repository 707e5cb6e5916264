package conversation

import (
	"regexp"
	"strings"
)

// eraseVerb is the command by which staff erase a reader who asks for it and cannot, or
// does not want to, do it in their own chat.
const eraseVerb = "HAPUS DATA"

// eraseShape is a reader's number with the reason behind it.
var eraseShape = regexp.MustCompile(`(?i)^[a-z]{1,8}-\d{1,9}\b`)

// eraseTyped divides what stands behind the verb.
func eraseTyped(text string) (number, reason string) {
	number, reason, _ = strings.Cut(oneLine(text), " ")
	return number, strings.TrimLeft(reason, " :,-")
}

// eraseOrdered asks before a reader is erased: what goes, and what stays.
func (t *turn) eraseOrdered(o order) error {
	number, reason := eraseTyped(o.text)
	why, err := reasoned(reason)
	if err != nil {
		t.say("staff.no_text", D{"Usage": t.usage(o.command, "")})
		return nil
	}
	r, err := t.readerTyped(number)
	if isMissing(err) {
		t.say("staff.reader_unknown", D{"Usage": t.usage(o.command, "")})
		return nil
	}
	if err != nil {
		return err
	}
	loans, err := t.loansOf("", r.ID)
	if err != nil {
		return err
	}
	t.audit("reader looked up: "+why, r.Number)
	t.say("staff.erase", D{"Number": r.Number, "Lent": lentNow(loans)})
	return t.askFirst(&Plan{Steps: []PlanStep{{Verb: o.verb, Text: r.Number + " " + why}}})
}

// eraseByStaff erases a reader, as they could themselves, and tells them.
func (t *turn) eraseByStaff(text string) error {
	number, why := eraseTyped(text)
	r, chats, err := t.readerToTell(number)
	if err != nil || r.ID == 0 {
		return err
	}
	loans, err := t.loansOf("", r.ID)
	if err != nil {
		return err
	}
	t.audit("reader erased: "+why, r.Number)
	until := t.erase(r, loans, true)
	for _, chat := range chats {
		t.tell(chat, "", "erased.told", D{"Number": r.Number, "Until": until})
	}
	if t.s.Reader == r.ID { // their own account
		t.s.Reader, t.s.Data = 0, Data{}
	}
	t.say("staff.erased_now", D{"Number": r.Number, "Told": len(chats)})
	return nil
}
