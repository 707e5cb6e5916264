package conversation

import (
	"fmt"
	"strconv"
	"strings"
)

// checkCode tells staff whose excerpt carries a code; the look is audited.
// The code of a number tells what was told, and nobody whom.
func (t *turn) checkCode(o order) error {
	if code, more := answerCodeIn(o.text); code != "" && more == "" {
		return t.tellAnswer(code)
	}
	return t.codeTyped(o.text)
}

func (t *turn) codeTyped(typed string) error {
	e, err := t.store.Excerpt(t.ctx, codeMeant(typed))
	if isMissing(err) {
		t.say("staff.code_unknown", nil)
		return nil
	}
	if err != nil {
		return err
	}
	return t.tellWhose(e, t.fileBefore(e))
}

// checkFileOfStaff tells staff whose excerpt a file is that they send. Ok is false
// where it belongs to a ticket, or to words that ask for something else.
func (t *turn) checkFileOfStaff() (ok bool, err error) {
	_, quotes, err := t.quotedByStaff()
	named, asks := t.codeUnder()
	if err != nil || quotes || t.answered || !t.msg.Media.PDF() || t.in != "" && !asks {
		return false, err
	}
	e, file, err := t.matched(named, func(Excerpt) bool { return true })
	switch {
	case err == nil:
		t.keepHalf(false, "")
		return true, t.tellWhose(e, file)
	case !isMissing(err):
		return true, err
	case t.msg.Media.SHA256 == "":
		t.say("staff.file_unread", nil)
	default:
		t.keepHalf(true, "")
		t.say("staff.file_unknown", nil)
	}
	return true, nil
}

// whose is the reader of an excerpt, as far as there is one, with the title of its
// publication.
func (t *turn) whose(e Excerpt) (Reader, string, error) {
	r, err := t.store.Reader(t.ctx, e.Reader)
	if e.Visit == CounterVisit {
		r, err = Reader{Number: CounterVisit}, nil
		if len(e.Mark.Lines) > 0 {
			r.Name = e.Mark.Lines[0]
		}
	}
	if isMissing(err) {
		r = Reader{Number: "-", Name: t.text("staff.erased", nil)}
	} else if err != nil {
		return r, "", err
	}
	p, err := t.store.Publication(t.ctx, e.Publication)
	if isMissing(err) {
		p.Title = e.Publication
	} else if err != nil {
		return r, "", err
	}
	return r, cut(p.Title, 160), nil
}

// tellWhose tells whose excerpt it is; the look is audited.
func (t *turn) tellWhose(e Excerpt, file string) error {
	r, title, err := t.whose(e)
	if err != nil {
		return err
	}
	t.audit("excerpt code looked up", e.Code)
	t.say("staff.code", D{"File": file, "Excerpt": e, "Reader": r, "Title": title, "Pages": e.Pages.String()})
	return nil
}

// freeze asks before the processing of a reader's data is restricted, or that is
// lifted; without a number it lists the accounts that are frozen.
func (t *turn) freeze(o order) error {
	if plain(o.text) == "" {
		return t.listFrozen()
	}
	r, err := t.readerTyped(o.text)
	if isMissing(err) {
		t.say("staff.reader_unknown", D{"Usage": t.usage(o.command, "")})
		return nil
	}
	if err != nil {
		return err
	}
	t.audit("reader looked up", r.Number)
	if r.Frozen == (o.verb == "BEKUKAN") {
		t.say("staff.frozen", D{"Number": r.Number, "Frozen": r.Frozen, "Told": 0})
		return nil
	}
	return t.askFirst(&Plan{Steps: []PlanStep{{Verb: o.verb, Text: r.Number}}})
}

// readerTyped finds a reader by the number as people type it: "BT-00012",
// "bt12", "12".
func (t *turn) readerTyped(typed string) (Reader, error) {
	digits := strings.TrimLeft(strings.ToUpper(word(typed)), "ABCDEFGHIJKLMNOPQRSTUVWXYZ- ")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return Reader{}, fmt.Errorf("read reader number: %w", ErrNotFound)
	}
	return t.store.ReaderByNumber(t.ctx, t.office.ReaderNumber(id))
}

// readerToTell finds the reader of a number that staff confirmed, and the chats in which
// they are told; no reader, and staff told so, where there is none any more.
func (t *turn) readerToTell(number string) (Reader, []Address, error) {
	r, err := t.readerTyped(number)
	if isMissing(err) {
		t.say("staff.reader_unknown", D{"Usage": number})
		return Reader{}, nil, nil
	}
	if err != nil {
		return Reader{}, nil, err
	}
	chats, err := t.store.Chats(t.ctx, r.ID)
	return r, chats, err
}

// setFrozen restricts the processing of a reader's data, or lifts that (UU
// 27/2022, article 11): while frozen no excerpt is made. The reader is told.
func (t *turn) setFrozen(frozen bool, number string) error {
	r, chats, err := t.readerToTell(number)
	if err != nil || r.ID == 0 {
		return err
	}
	r.Frozen = frozen
	what := "reader unfrozen"
	if frozen {
		what = "reader frozen"
	}
	t.do(UpdateReader{r})
	t.audit(what, r.Number)
	for _, chat := range chats {
		t.tell(chat, "", "frozen.told", D{"Number": r.Number, "Frozen": frozen})
	}
	t.say("staff.frozen", D{"Number": r.Number, "Frozen": frozen, "Told": len(chats)})
	return nil
}

func (t *turn) listFrozen() error {
	list, err := t.store.Frozen(t.ctx)
	if err != nil {
		return err
	}
	var lines []string
	for _, r := range list[:min(len(list), 15)] {
		lines = append(lines, r.Number+" "+disarmed(cut(r.Name, 40)))
	}
	if len(list) > 0 {
		t.audit("frozen readers listed", "")
	}
	t.say("staff.frozen_list", D{"Lines": lines, "Total": len(list)})
	return nil
}
