package conversation

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

var staffCommand = regexp.MustCompile(`(?is)^(terima|balas|selesai|tolak|setuju)\s+#?([a-z]{3}-?\d{6}-?[0-9a-z]{3}|[0-9a-z]{3})\b[\s:,-]*(.*)$`)
var quotedCommand = regexp.MustCompile(`(?is)^(terima|balas|selesai|tolak|setuju)\b[\s:,#-]*(.*)$`)
var staffCheck = regexp.MustCompile(`(?i)^cek\s+kode\s+([0-9a-z-]{4,20})$`)
var staffPhotos = regexp.MustCompile(`(?i)^foto\s+#?([a-z]{3}-?\d{6}-?[0-9a-z]{3}|[0-9a-z]{3})$`)
var staffFreeze = regexp.MustCompile(`(?i)^(bekukan|cairkan)\s+([a-z]{1,8}-?\d{1,9})$`)
var staffReport = regexp.MustCompile(`(?i)^laporan\s+(\d{1,2})[/-](\d{4})$`)

// staff carries out what a member of staff wrote: a command, or a quote of a
// forwarded card as an answer. Commands are taken from configured staff
// addresses only; none lifts the 20% cap.
func (t *turn) staff() error {
	t.quiet = true
	if t.s.State == "" {
		t.s.State = "menu"
	}
	defer t.flush()
	switch t.msg.Kind {
	case Text, Choice:
	case Reaction, StaffTyped:
		return nil
	case Edited:
		t.say("staff.edited", nil)
		return nil
	default:
		t.say("staff.help", nil)
		return nil
	}
	line := strings.TrimSpace(t.in)
	if k, ok, err := t.quotedByStaff(); err != nil {
		return t.unknownTicket(err)
	} else if ok {
		verb, text := "balas", line
		if m := quotedCommand.FindStringSubmatch(line); m != nil {
			verb, text = strings.ToLower(m[1]), strings.TrimSpace(m[2])
			if rest, ok := strings.CutPrefix(strings.ToUpper(text), k.ID[len(k.ID)-3:]); ok { // the number typed as well
				text = strings.TrimSpace(text[len(text)-len(rest):])
			}
		}
		return t.staffDoes(verb, k, text)
	}
	if m := staffCommand.FindStringSubmatch(line); m != nil {
		k, err := t.staffTicket(m[2])
		if err != nil {
			return t.unknownTicket(err)
		}
		return t.staffDoes(strings.ToLower(m[1]), k, strings.TrimSpace(m[3]))
	}
	if m := staffCheck.FindStringSubmatch(line); m != nil {
		return t.checkCode(m[1])
	}
	if m := staffPhotos.FindStringSubmatch(line); m != nil {
		return t.sendPhotos(m[1])
	}
	if m := staffFreeze.FindStringSubmatch(line); m != nil {
		return t.freeze(strings.EqualFold(m[1], "bekukan"), m[2])
	}
	if m := staffReport.FindStringSubmatch(line); m != nil {
		return t.staffReport(atoi(m[1]), atoi(m[2]))
	}
	if strings.EqualFold(word(line), "antrean") || strings.EqualFold(word(line), "antrian") {
		return t.queue()
	}
	t.say("staff.help", nil)
	return nil
}

// quotedByStaff is the ticket whose card, or relayed message, is being quoted.
func (t *turn) quotedByStaff() (Ticket, bool, error) {
	if t.msg.Quoted == "" || t.in == "" {
		return Ticket{}, false, nil
	}
	ref, err := t.store.Ref(t.ctx, t.s.Chat, t.msg.Quoted)
	if errors.Is(err, ErrNotFound) {
		return Ticket{}, false, nil
	}
	id, ok := strings.CutPrefix(ref, "ticket:")
	if err != nil || !ok {
		return Ticket{}, false, err
	}
	k, err := t.store.Ticket(t.ctx, id)
	return k, err == nil, err
}

// staffTicket finds a ticket by its number or the last three characters of it.
func (t *turn) staffTicket(typed string) (Ticket, error) {
	if id, ok := ticketID(typed); ok {
		return t.store.Ticket(t.ctx, id)
	}
	return t.store.TicketByTail(t.ctx, strings.ToUpper(typed))
}

func (t *turn) unknownTicket(err error) error {
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	t.say("staff.unknown", nil)
	return nil
}

// staffDoes changes a ticket and tells the complainant.
func (t *turn) staffDoes(verb string, k Ticket, text string) error {
	text, t.ref = cut(text, complaintMax), "ticket:"+k.ID
	if (verb == "setuju") != (k.Kind == KindVerify) && verb != "tolak" {
		t.say("staff.help", nil)
		return nil
	}
	if verb != "terima" && verb != "setuju" && letters(text) < 2 {
		t.say("staff.no_text", D{"Verb": strings.ToUpper(verb), "Tail": k.ID[len(k.ID)-3:]})
		return nil
	}
	if k.closed() && verb != "balas" {
		t.say("staff.closed", D{"Ticket": k})
		return nil
	}
	key := "relay." + verb
	switch verb {
	case "terima":
		if k.State != StateNew {
			t.say("staff.accepted_already", D{"Ticket": k})
			return nil
		}
		k.State, k.AcceptedAt = StateAccepted, t.at
	case "balas":
		if k.closed() { // a word after the end does not open it again
			break
		}
		k.State = StateWorking
		if k.AnsweredAt.IsZero() {
			k.AnsweredAt = t.at
		}
	case "selesai", "tolak", "setuju":
		k.State, k.ClosedAt = StateDone, t.at
		if verb == "tolak" {
			k.State = StateRefused
		}
		if k.AnsweredAt.IsZero() {
			k.AnsweredAt = t.at
		}
	}
	if k.AcceptedAt.IsZero() {
		k.AcceptedAt = t.at
	}
	k.NextDue = time.Time{}
	if !k.closed() {
		k.NextDue = t.nextDue(k)
	}
	t.do(UpdateTicket{k})
	if text != "" {
		t.do(AddPost{Post{Ticket: k.ID, By: "petugas", Text: text, At: t.at}})
	}
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "ticket " + verb, k.ID}})
	if k.Chat == "" { // anonymous: nobody can be told
		t.say("staff.done_anonymous", D{"Ticket": k})
		return nil
	}
	t.tell(k.Chat, "ticket:"+k.ID, key, D{"Ticket": k, "Text": text, "Days": reopenDays, "Handoff": k.Kind == KindHandoff})
	t.say("staff.done", D{"Ticket": k, "Verb": verb})
	return nil
}

// queue lists what waits for staff.
func (t *turn) queue() error {
	tickets, err := t.store.OpenTickets(t.ctx)
	if err != nil {
		return err
	}
	var lines []string
	for i, k := range tickets {
		if i == 10 {
			lines = append(lines, fmt.Sprintf("… +%d", len(tickets)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("%s %s, %s, %s", k.ID, k.State, cut(k.Category, 25), k.OpenedAt.In(t.office.Zone).Format("02/01 15.04")))
	}
	t.say("staff.queue", D{"Lines": lines, "Total": len(tickets)})
	return nil
}

// checkCode tells staff whose excerpt carries a code; the look is audited.
func (t *turn) checkCode(typed string) error {
	code := strings.ToUpper(strings.ReplaceAll(typed, "-", ""))
	e, err := t.store.Excerpt(t.ctx, code)
	if errors.Is(err, ErrNotFound) {
		t.say("staff.code_unknown", nil)
		return nil
	}
	if err != nil {
		return err
	}
	r, err := t.store.Reader(t.ctx, e.Reader)
	if errors.Is(err, ErrNotFound) {
		r = Reader{Number: "-", Name: t.text("staff.erased", nil)}
	} else if err != nil {
		return err
	}
	p, err := t.store.Publication(t.ctx, e.Publication)
	if errors.Is(err, ErrNotFound) {
		p.Title = e.Publication
	} else if err != nil {
		return err
	}
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "excerpt code looked up", code}})
	t.say("staff.code", D{"Excerpt": e, "Reader": r, "Title": cut(p.Title, 160), "Pages": e.Pages.String()})
	return nil
}

// sendPhotos sends staff the photos of a ticket; the look is audited.
func (t *turn) sendPhotos(typed string) error {
	k, err := t.staffTicket(typed)
	if err != nil {
		return t.unknownTicket(err)
	}
	t.ref = "ticket:" + k.ID
	t.say("staff.photos", D{"Ticket": k})
	t.flush()
	for i, photo := range k.Photos {
		t.do(Send{To: t.s.Chat, Ref: t.ref, Attachment: &Attachment{Name: fmt.Sprintf("%s-%d.jpg", k.ID, i+1), MIME: or(photo.MIME, "image/jpeg"), Media: &photo}})
	}
	if len(k.Photos) > 0 {
		t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "photos of ticket seen", k.ID}})
	}
	return nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// freeze restricts the processing of a reader's data, or lifts that (UU
// 27/2022, article 11): while frozen no excerpt is made.
func (t *turn) freeze(frozen bool, number string) error {
	r, err := t.store.ReaderByNumber(t.ctx, strings.ToUpper(number))
	if errors.Is(err, ErrNotFound) {
		t.say("staff.reader_unknown", nil)
		return nil
	}
	if err != nil {
		return err
	}
	r.Frozen = frozen
	what := "reader unfrozen"
	if frozen {
		what = "reader frozen"
	}
	t.do(UpdateReader{r})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), what, r.Number}})
	t.say("staff.frozen", D{"Number": r.Number, "Frozen": frozen})
	return nil
}

// staffReport answers "LAPORAN 11/2026".
func (t *turn) staffReport(month, year int) error {
	if month < 1 || month > 12 || year < 2000 || year > 2200 {
		t.say("staff.help", nil)
		return nil
	}
	from := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, t.office.Zone)
	m, err := t.store.Month(t.ctx, from, from.AddDate(0, 1, 0))
	if err != nil {
		return err
	}
	t.said = append(t.said, strings.Split(m.Text(), "\n\n")...)
	return nil
}
