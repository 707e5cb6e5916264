package conversation

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// readMyData serves the rights of a person over their data (UU 27/2022): see,
// correct, take along, withdraw consent, erase.
func (t *turn) readMyData() (string, error) {
	key := t.option(map[string]string{"lihat": "1", "ubah": "2", "unduh": "3", "download": "3", "riwayat": "4", "cabut": "5", "hapus": "6", "putuskan perangkat": "7", "putuskan": "7"})
	if key == "" {
		return refuse("choose", nil)
	}
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if t.s.Reader == 0 || errors.Is(err, ErrNotFound) {
		t.s.Reader = 0
		t.say("my_data.none", nil)
		t.quiet = true
		return "my_data", nil
	}
	if err != nil {
		return "", err
	}
	switch key {
	case "1":
		t.say("my_data.shown", D{"Reader": r})
		t.quiet = true
	case "2":
		return "change", nil
	case "3":
		return "my_data", t.exportData(r)
	case "4":
		return "my_data", t.history(r)
	case "5":
		return "withdraw", nil
	case "6":
		return "erase", nil
	case "7":
		t.do(UnlinkChat{t.s.Chat})
		t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "chat unlinked", r.Number}})
		t.s.Reader, t.s.Data = 0, Data{}
		t.say("unlinked", nil)
		t.quiet = true
	}
	return "my_data", nil
}

// history lists the excerpts a reader has had.
func (t *turn) history(r Reader) error {
	list, err := t.store.Excerpts(t.ctx, r.ID)
	if err != nil {
		return err
	}
	var lines []string
	for _, e := range list {
		if len(lines) == 10 {
			break
		}
		p, err := t.store.Publication(t.ctx, e.Publication)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		state := t.text("history.waiting", nil)
		switch {
		case !e.DeliveredAt.IsZero():
			state = t.text("history.delivered", nil)
		case !e.FailedAt.IsZero():
			state = t.text("history.failed", nil)
		}
		lines = append(lines, fmt.Sprintf("%s %s, hal. %s, %s (%s)", e.RequestedAt.In(t.office.Zone).Format("02/01/06"), cut(p.Title, 45), e.Pages, e.Code, state))
	}
	t.say("history", D{"Lines": lines, "Total": len(list)})
	t.quiet = true
	return nil
}

// exportData sends everything kept about the reader as one JSON file.
func (t *turn) exportData(r Reader) error {
	b, err := t.store.Export(t.ctx, r.ID)
	if err != nil {
		return err
	}
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "personal data exported", r.Number}})
	t.quiet = true
	t.do(Send{To: t.s.Chat, Text: t.text("my_data.file", nil), Attachment: &Attachment{Name: "data-saya-" + r.Number + ".json", MIME: "application/json", Data: b}, Answers: t.msg.ID})
	return nil
}

// changeable are the profile fields that "ubah" offers, by their number.
var changeable = map[string]string{"1": "nama", "2": "pendidikan", "3": "pekerjaan", "4": "instansi", "5": "asal", "6": "tahun lahir"}

func (t *turn) readChange() (string, error) {
	key := t.option(nil)
	if key == "" {
		return refuse("choose", nil)
	}
	if key == "7" {
		r, err := t.store.Reader(t.ctx, t.s.Reader)
		if err != nil {
			return "", err
		}
		t.s.Data.Draft = &Draft{ConsentAt: r.ConsentAt, Name: r.Name, Card: r.Card}
		return "email", nil
	}
	t.s.Data.Field = changeable[key]
	return "change_value", nil
}

func askChangeValue(t *turn) string {
	lines := ""
	if l := t.changeList(); l != nil {
		lines = t.listLines(l)
	}
	return t.text("change_value", D{"Field": t.s.Data.Field, "List": lines})
}

func (t *turn) changeList() []string {
	switch t.s.Data.Field {
	case "pendidikan":
		return t.office.Lists.Educations
	case "pekerjaan":
		return t.office.Lists.Occupations
	case "asal":
		return t.office.Lists.Origins
	}
	return nil
}

func (t *turn) readChangeValue() (string, error) {
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if err != nil {
		return "", err
	}
	value := oneLine(t.in)
	if l := t.changeList(); l != nil {
		v, ok, err := t.pick(l)
		if err != nil || !ok {
			return "change_value", err
		}
		value = v
	}
	switch t.s.Data.Field {
	case "nama":
		name, ok := checkName(value)
		if !ok {
			return refuse("name.bad", nil)
		}
		r.Name = name
	case "pendidikan":
		r.Profile.Education = value
	case "pekerjaan":
		r.Profile.Occupation = value
	case "asal":
		r.Profile.Origin = value
	case "instansi":
		if n := len([]rune(value)); n < 2 || n > 100 || letters(value) < 2 {
			return refuse("institution.bad", nil)
		}
		r.Profile.Institution = value
	case "tahun lahir":
		year, err := strconv.Atoi(value)
		now := t.at.In(t.office.Zone).Year()
		if err != nil || year < now-110 || year > now-5 {
			return refuse("birth_year.bad", D{"Example": now - 20})
		}
		r.Profile.BirthYear = year
	}
	t.do(UpdateReader{r})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "profile corrected: " + t.s.Data.Field, r.Number}})
	t.s.Data.Field = ""
	t.say("change.done", nil)
	return "my_data", nil
}

func (t *turn) readWithdraw() (string, error) {
	switch yesNo(t.in) {
	case "1":
		r, err := t.store.Reader(t.ctx, t.s.Reader)
		if err != nil {
			return "", err
		}
		r.Consent, r.ConsentAt = 0, t.at
		t.do(UpdateReader{r})
		t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "consent withdrawn", r.Number}})
		t.say("withdraw.done", nil)
		return "my_data", nil
	case "2":
		return "my_data", nil
	}
	return refuse("choose.yes", nil)
}

// readErase removes the reader on the one typed word; the keyed hash with the
// page sets stays until its date, so that leaving and coming back does not
// renew the 20%.
func (t *turn) readErase() (string, error) {
	if strings.TrimSpace(t.in) != "HAPUS" {
		return refuse("erase.bad", nil)
	}
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if err != nil {
		return "", err
	}
	until := t.at.AddDate(t.office.KeepYears, 0, 0)
	t.do(Audit{AuditEntry{t.at, "pembaca", "reader erased", r.Number}})
	t.do(EraseReader{Reader: r.ID, Until: until})
	t.s.Reader, t.s.Data = 0, Data{}
	t.say("erased", D{"Until": until})
	t.quiet = true
	return "menu", nil
}
