package conversation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// records keeps what a look notes, and has what it is given.
type records struct {
	noted  []AuditEntry
	audit  []AuditEntry
	closed []Ticket
	sick   error
}

func (r *records) Note(_ context.Context, a AuditEntry) error {
	r.noted = append(r.noted, a)
	return r.sick
}
func (r *records) ClosedTickets(context.Context, time.Time, int) ([]Ticket, error) {
	return r.closed, nil
}
func (r *records) Fate(context.Context, Address, string) (Fate, error) { return Fate{Sent: 1}, nil }
func (r *records) AuditBetween(context.Context, time.Time, time.Time, int) ([]AuditEntry, error) {
	return r.audit, nil
}

// looking gives a member of staff, with what they may look at.
func looking(t *testing.T, k Ticket) (Looks, *records, Staff) {
	t.Helper()
	b := newBench(t)
	b.memory.more = []Ticket{k}
	e := &Engine{}
	e.core.Store(b.core)
	r := &records{}
	return Looks{Engine: e, Records: r}, r, b.office.Staff[0]
}

// pageLooks are what staff can look at beside the chats, and the line of the audit that
// tells of it.
var pageLooks = []struct {
	what, about string
	look        func(Looks, Staff) error
}{
	{"queue of tickets seen", "", func(l Looks, s Staff) error {
		_, _, err := l.Queue(context.Background(),
			s)
		return err
	}},
	{"ticket read", aTicket.ID, func(l Looks, s Staff) error {
		_, err := l.Thread(context.Background(), s,
			aTicket.ID)
		return err
	}},
	{"excerpt code looked up: ditanya polisi", "ABCDEFGHJK", func(l Looks, s Staff) error {
		_, err := l.Reader(context.Background(), s, "abcde-fghjk", "ditanya  polisi")
		return err
	}},
	{"reader looked up: diminta pembaca", "BT-00001", func(l Looks, s Staff) error {
		_, err := l.Reader(context.Background(), s, "bt 1", "diminta pembaca")
		return err
	}},
	{"personal data exported: diminta pembaca", "BT-00001", func(l Looks, s Staff) error {
		_, _, err := l.Export(context.Background(), s, "BT-00001", "diminta pembaca")
		return err
	}},
	{"audit read", "2026-11", func(l Looks, s Staff) error {
		_, err := l.Trail(context.Background(), s, time.Date(2026, 11, 3, 0, 0, 0, 0, jakarta), "", false)
		return err
	}},
	{"audit exported", "2026-11", func(l Looks, s Staff) error {
		_, err := l.Trail(context.Background(), s, time.Date(2026, 11, 3, 0, 0, 0, 0, jakarta), "", true)
		return err
	}},
}

func TestEveryLookAtThePageIsNotedBeforeItIsGiven(t *testing.T) {
	for _, p := range pageLooks {
		l, r, who := looking(t, aTicket)
		if err := p.look(l, who); err != nil {
			t.Errorf("%s: %v", p.what, err)
		}
		if len(r.noted) != 1 || r.noted[0].What != p.what || r.noted[0].Subject != p.about ||
			r.noted[0].Who != who.Web().Masked() {
			t.Errorf("%s: noted %+v", p.what, r.noted)
		}
		l, r, who = looking(t, aTicket)
		r.sick = errors.New("no room")
		if err := p.look(l, who); err == nil {
			t.Errorf("%s: given although it could not be noted", p.what)
		}
		l, r, _ = looking(t, aTicket)
		if err := p.look(l, Staff{Name: "Pak Lama", Role: Kasubbag}); !errors.Is(err, ErrNotFound) || len(r.noted) > 0 {
			t.Errorf("%s: who is not staff: %v, %+v", p.what, err, r.noted)
		}
	}
}

func TestALookNeedsAReasonAndMasksTheName(t *testing.T) {
	l, r, who := looking(t, aTicket)
	for _, reason := range []string{"", "   ", "x", "1234567", strings.Repeat("alasan ", 40)} {
		if _, err := l.Reader(t.Context(), who, "BT-00001", reason); !errors.Is(err, ErrReason) {
			t.Errorf("reason %.10q: %v", reason, err)
		}
		if _, _, err := l.Export(t.Context(), who, "BT-00001", reason); !errors.Is(err, ErrReason) {
			t.Errorf("export with reason %.10q: %v", reason, err)
		}
	}
	for _, typed := range []string{"", "Siti Aminah", "siti@example.org", "BT-00077", "%", "0"} {
		if _, err := l.Reader(t.Context(), who, typed, "diminta pembaca"); !errors.Is(err, ErrNotFound) {
			t.Errorf("found by %q: %v", typed, err)
		}
	}
	if len(r.noted) > 0 {
		t.Errorf("nothing was seen, but noted: %+v", r.noted)
	}
	byNumber, err := l.Reader(t.Context(), who, "BT-00001", "diminta pembaca")
	if err != nil || byNumber.Name != "S*** A***" || !byNumber.Account {
		t.Errorf("by number: %+v, %v", byNumber, err)
	}
	byCode, err := l.Reader(t.Context(), who, "ABCDEFGHJK", "ditanya polisi")
	if err != nil || byCode.Name != "Siti Aminah" || byCode.Title != aPublication.Title {
		t.Errorf("by code, as CEK KODE shows it: %+v, %v", byCode, err)
	}
}

// A reader's file for staff holds no ticket that ties them to a confidential one.
func TestAFileForStaffLeavesOutWhatTheyMustNotSee(t *testing.T) {
	l, _, who := looking(t, aTicket)
	tr := &turn{core: l.Engine.core.Load(), ctx: t.Context(), member: who}
	whole := `{"pembaca":{"name":"Siti"},"tiket":[{"nomor":"` + aTicket.ID +
		`","isi":"antre lama"},{"nomor":"ADU-261123-9XX","isi":"rahasia"}]}`
	got, err := tr.exportSeen([]byte(whole))
	if err != nil || !strings.Contains(string(got), "antre lama") || strings.Contains(string(got), "rahasia") ||
		!strings.Contains(string(got), "Siti") {
		t.Errorf("%s, %v", got, err)
	}
	aTicket.Identity = Hidden
	defer func() { aTicket.Identity = Named }()
	if got, err = tr.exportSeen([]byte(whole)); err != nil || strings.Contains(string(got), "antre lama") {
		t.Errorf("a confidential ticket of theirs is in it: %s, %v", got, err)
	}
}

func TestTheTrailShowsNoTicketOfOthersAndNoMinuteOfPeople(t *testing.T) {
	l, r, who := looking(t, aTicket)
	at := time.Date(2026, 11, 23, 10, 2, 3, 0, jakarta)
	r.audit = []AuditEntry{{at, "telegram:***023", "profile corrected: name", "BT-00001"},
		{at, kasubbag.Masked(), "ticket balas", aTicket.ID},
		{at, "web:***ina", "ticket balas", "ADU-261123-9XX"}, {at, "pst", "set aside: damaged", "message"}}
	trail, err := l.Trail(t.Context(), who, at, "", false)
	if err != nil || len(trail.Lines) != 3 {
		t.Fatalf("%+v, %v", trail, err)
	}
	for i, dayOnly := range []bool{false, false, true} {
		if trail.Lines[i].DayOnly != dayOnly || dayOnly && trail.Lines[i].At.Hour() != 0 ||
			trail.Lines[i].Subject == "ADU-261123-9XX" {
			t.Errorf("line %+v", trail.Lines[i])
		}
	}
	if want := []string{"profile corrected", "set aside", "ticket balas"}; !slices.Equal(trail.Kinds, want) {
		t.Errorf("kinds %q", trail.Kinds)
	}
	if trail, err = l.Trail(t.Context(), who, at, "ticket balas", false); err != nil || len(trail.Lines) != 1 {
		t.Errorf("one kind: %+v, %v", trail, err)
	}
}

func TestWhatIsDueIsInTheQueueByItsDay(t *testing.T) {
	late := Ticket{ID: "ADU-261101-2AB", Kind: KindComplaint, State: StateNew, Text: "lama",
		OpenedAt: time.Date(2026, 11, 2, 9, 0, 0, 0, jakarta)}
	l, r, who := looking(t, late)
	done := late
	done.ID, done.State, done.ClosedAt = "ADU-261101-3CD", StateDone, time.Date(2026, 11, 20, 9, 0, 0, 0, jakarta)
	others := done
	others.ID, others.AboutStaff = "ADU-261101-4EF", true
	r.closed = []Ticket{done, others}
	open, closed, err := l.Queue(t.Context(), who)
	if err != nil || len(closed) != 1 || closed[0].ID != done.ID || !closed[0].Due.IsZero() {
		t.Fatalf("closed %+v, %v", closed, err)
	}
	i := slices.IndexFunc(open, func(q Queued) bool { return q.ID == late.ID })
	if i < 0 || !open[i].Past || open[i].For != DueAnswer || !open[i].Unanswered ||
		open[i].Due.Format(time.DateOnly) != "2026-11-09" {
		t.Errorf("open %+v", open)
	}
}
