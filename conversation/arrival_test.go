package conversation

import (
	"strings"
	"testing"
)

// Staff hear of a plan to come when it is confirmed, of the hour that was put right, and
// of nothing that was taken back.
func TestStaffHearOfAPlanAsItWasConfirmed(t *testing.T) {
	for _, c := range []struct {
		typed []string
		told  string // to staff
		said  string // last
	}{
		{[]string{"besok jam 10", "1"}, "24 November 2026 pukul 10.00 WIB, Siti Aminah, BT-00001",
			"diberitahukan kepada petugas: 24 November 2026 pukul 10.00"},
		{[]string{"besok jam 10", "2", "rabu jam 9", "1"}, "25 November 2026 pukul 09.00 WIB, Siti Aminah",
			"diberitahukan kepada petugas: 25 November 2026 pukul 09.00"},
		{[]string{"besok jam 10", "batal"}, "", "Rencana datang dibatalkan"},
		{[]string{"besok jam 22", "batal"}, "", "Rencana datang dibatalkan"},
	} {
		b := newBench(t)
		s := registered("plan_when")
		s.Data.Arrival = &Arrival{}
		b.stand(t, s)
		said, told := "", ""
		for _, typed := range c.typed {
			if err := b.Take(t.Context(), b.text(typed)); err != nil {
				t.Fatal(err)
			}
			var turn Turn
			turn, said = b.last(t)
			for _, m := range sends(turn, kasubbag) {
				told += m.Text
			}
		}
		if !strings.Contains(told, c.told) || c.told == "" && told != "" ||
			!strings.Contains(said, c.said) {
			t.Errorf("%q: staff are told %q, the reader %q", c.typed, told, said)
		}
		if turn, _ := b.last(t); turn.Session.Data.Arrival != nil {
			t.Errorf("%q: the plan lies about still", c.typed)
		}
	}
}
