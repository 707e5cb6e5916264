package web

import (
	"testing"
	"time"

	"pst/conversation"
)

func TestADeadlineIsToldInWords(t *testing.T) {
	zone := time.FixedZone("WIB", 7*60*60)
	o := conversation.NewOffice(zone)
	now := time.Date(2026, 11, 27, 23, 30, 0, 0, zone)
	end := func(day int) time.Time { return time.Date(2026, 11, day, 23, 59, 59, 0, zone) }
	for _, c := range []struct {
		due  time.Time
		what string
		past bool
		want string
	}{
		{end(27), conversation.DueAnswer, false, "dijawab hari ini"},
		{end(28), conversation.DueFinish, false, "selesai paling lambat besok"},
		{end(30), conversation.DueBack, false, "kembali paling lambat 30 Nov 2026 (3 hari lagi)"},
		{end(20), conversation.DueAnswer, true, "terlewat: dijawab paling lambat 20 Nov 2026"},
		{time.Time{}, "", false, ""},
	} {
		if got := dueInWords(&o, now, conversation.Queued{Due: c.due, For: c.what, Past: c.past}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestWhoHasATicketOpenIsForgottenInTime(t *testing.T) {
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	p := newPresence(func() time.Time { return now })
	p.enter("A", "Budi")
	if others := p.enter("A", "Budi"); len(others) > 0 {
		t.Errorf("nobody is told of themselves: %v", others)
	}
	if others := p.enter("B", "Rina"); len(others) > 0 {
		t.Errorf("that is another ticket: %v", others)
	}
	if others := p.enter("A", "Rina"); len(others) != 1 || others[0].Name != "Budi" || !others[0].Since.Equal(now) {
		t.Errorf("%v", others)
	}
	p.leave("A", "Budi")
	if others := p.enter("A", "Sari"); len(others) != 1 || others[0].Name != "Rina" {
		t.Errorf("after he left: %v", others)
	}
	now = now.Add(presentFor + time.Second)
	if others := p.enter("A", "Sari"); len(others) > 0 || len(p.by) != 1 {
		t.Errorf("later: %v, of %d tickets", others, len(p.by))
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	for text, want := range map[string]string{"": "", "halo": "halo", "=1+1": "'=1+1", "+62": "'+62", "-": "'-",
		"@x": "'@x", "\t=1": "'\t=1", "a=1": "a=1"} {
		if got := cell(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
