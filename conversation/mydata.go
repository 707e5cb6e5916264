package conversation

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"pst/conversation/nlu"
)

// mine carries out one of the rights of a person over their data (UU 27/2022):
// see, correct, take along, withdraw consent, erase.
func mine(do func(*turn) (string, error)) func(*turn) (string, error) {
	return func(t *turn) (string, error) {
		if t.s.Reader != 0 {
			_, err := t.me()
			if err == nil {
				return do(t)
			}
			if !errors.Is(err, ErrNotFound) {
				return "", err
			}
		}
		t.s.Reader = 0
		t.say("my_data.none", nil)
		t.quiet = true
		return "my_data", nil
	}
}

// me is the reader of this chat.
func (t *turn) me() (Reader, error) { return t.store.Reader(t.ctx, t.s.Reader) }

func (t *turn) showData() (string, error) {
	r, err := t.me()
	if err != nil {
		return "", err
	}
	t.say("my_data.shown", D{"Reader": r})
	t.quiet = true
	return "my_data", nil
}

// unlink takes this chat from the account, which stays.
func (t *turn) unlink() (string, error) {
	r, err := t.me()
	if err != nil {
		return "", err
	}
	t.do(UnlinkChat{t.s.Chat})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "chat unlinked", r.Number}})
	t.s.Reader, t.s.Data = 0, Data{}
	t.say("unlinked", nil)
	t.quiet = true
	return "my_data", nil
}

// history lists the excerpts a reader has had.
func (t *turn) history() (string, error) {
	list, err := t.store.Excerpts(t.ctx, t.s.Reader)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, e := range list {
		if len(lines) == 10 {
			break
		}
		p, err := t.load(e.Publication)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return "", err
		}
		state := t.text("history.waiting", nil)
		switch {
		case !e.DeliveredAt.IsZero():
			state = t.text("history.delivered", nil)
		case !e.FailedAt.IsZero():
			state = t.text("history.failed", nil)
		}
		lines = append(lines, fmt.Sprintf("%s %s, hal. %s, %s (%s)", e.RequestedAt.In(t.office.Zone).Format("02/01/06"),
			cut(p.Title, 45), e.Pages, e.Code, state))
	}
	t.say("history", D{"Lines": lines, "Total": len(list)})
	t.quiet = true
	return "my_data", nil
}

// exportData sends everything kept about the reader as one JSON file.
func (t *turn) exportData() (string, error) {
	r, err := t.me()
	if err != nil {
		return "", err
	}
	b, err := t.store.Export(t.ctx, r.ID)
	if err != nil {
		return "", err
	}
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "personal data exported", r.Number}})
	t.quiet = true
	t.do(Send{To: t.s.Chat, Text: t.text("my_data.file", nil), Attachment: &Attachment{Name: "data-saya-" + r.Number +
		".json", MIME: "application/json", Data: b}, Answers: t.msg.ID})
	return "my_data", nil
}

// changeItems are the profile fields that "ubah" offers.
func changeItems(t *turn) []item {
	var out []item
	for _, f := range fields {
		if f.change {
			out = append(out, item{key: "pick", about: f.key, label: t.text("field:"+f.key, nil)})
		}
	}
	return out
}

func (t *turn) changeField() (string, error) {
	if f, ok := fieldOf(t.subject); !ok || !f.change {
		return refuse("choose", nil)
	}
	t.s.Data.Field = t.subject
	return "change_value", nil
}

// changeEmail asks for another address, which must be proved like the first.
func (t *turn) changeEmail() (string, error) {
	r, err := t.me()
	if err != nil {
		return "", err
	}
	t.s.Data.Draft = &Draft{ConsentAt: r.ConsentAt, Name: r.Name, Card: r.Card}
	return "email", nil
}

func changeData(t *turn) D {
	f := t.s.Data.Field
	if _, ok := fieldOf(f); !ok {
		f = fields[0].key
	}
	return D{"Field": strings.ToLower(t.text("field:"+f, nil))}
}

// changeList is the list of the field being corrected, if it has one.
func changeList(t *turn) []string {
	if f, ok := fieldOf(t.s.Data.Field); ok && f.list != nil {
		return f.list(&t.office.Lists)
	}
	return nil
}

// readChangeValue takes a value in the person's own words.
func (t *turn) readChangeValue() (string, error) {
	if len(changeList(t)) > 0 {
		return refuse("choose", nil)
	}
	t.subject = oneLine(t.in)
	return t.changeTo()
}

// changeTo corrects the field of the profile.
func (t *turn) changeTo() (string, error) {
	t.s.Data.ListPage = 0
	r, err := t.me()
	if err != nil {
		return "", err
	}
	if _, ok := fieldOf(t.s.Data.Field); !ok {
		t.s.Data.Field = fields[0].key
	}
	if err := t.setField(t.s.Data.Field, profile{&r.Name, &r.Profile}, t.subject); err != nil {
		return "", err
	}
	t.do(UpdateReader{r})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "profile corrected: " + t.s.Data.Field, r.Number}})
	t.s.Data.Field = ""
	t.say("change.done", nil)
	return "my_data", nil
}

func (t *turn) withdrawConsent() (string, error) {
	r, err := t.me()
	if err != nil {
		return "", err
	}
	r.Consent, r.ConsentAt = 0, t.at
	t.do(UpdateReader{r})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "consent withdrawn", r.Number}})
	t.say("withdraw.done", nil)
	return "my_data", nil
}

// readErase removes the reader on the one typed word; the keyed hash with the
// page sets stays until its date, so that leaving and coming back does not
// renew the 20%.
func (t *turn) readErase() (string, error) {
	if strings.TrimSpace(t.in) != "HAPUS" {
		if a := t.message().YesNo(); a.Sureness == nlu.Sure && !a.Value {
			return "my_data", nil
		}
		return refuse("erase.bad", nil)
	}
	r, err := t.me()
	if err != nil {
		return "", err
	}
	lent, err := t.loans()
	if err != nil {
		return "", err
	}
	t.do(Audit{AuditEntry{t.at, "pembaca", "reader erased", r.Number}})
	until := t.erase(r, lent, false)
	t.s.Reader, t.s.Data = 0, Data{}
	t.say("erased", D{"Until": until})
	t.quiet = true
	return "menu", nil
}

// erase removes what is personal of a reader, and tells whoever lends of the books that
// they keep; spare as in [EraseReader]. It returns until when the keyed hashes stay.
func (t *turn) erase(r Reader, loans []Ticket, spare bool) time.Time {
	until := t.at.AddDate(t.office.KeepYears, 0, 0)
	t.do(EraseReader{Reader: r.ID, Until: until, Spare: spare})
	t.loansLeft(loans)
	return until
}
