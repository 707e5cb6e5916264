package conversation

import (
	"testing"
	"time"
)

// The days of a loan follow the one rule of working days.
func TestDaysOfALoan(t *testing.T) {
	o := testOffice()
	o.Holidays = []string{"2026-12-24", "2026-12-25"}
	at := func(s string) time.Time {
		m, err := time.ParseInLocation("2006-01-02 15:04", s, o.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct{ name, lent, back, eve string }{
		{"a week later is a working day; the eve of a Monday is the Friday", "2026-11-23 09:00", "2026-11-30",
			"2026-11-27 08:00"},
		{"a Saturday becomes the Monday", "2026-11-21 09:00", "2026-11-30", "2026-11-27 08:00"},
		{"holidays and the days off after them become the Monday", "2026-12-17 15:00", "2026-12-28", "2026-12-23 08:00"},
		{"late at night is still that day", "2026-11-24 23:59", "2026-12-01", "2026-11-30 08:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			back := o.backBy(at(c.lent))
			if got := back.Format(time.DateOnly); got != c.back || back.Format(time.TimeOnly) != "23:59:59" {
				t.Errorf("back by %s, want the end of %s", back, c.back)
			}
			if eve := o.eve(back); !eve.Equal(at(c.eve)) {
				t.Errorf("reminded at %s, want %s", eve, c.eve)
			}
		})
	}
}

func TestWhoLends(t *testing.T) {
	chat := []Address{"terminal:x"}
	staff := []Staff{{Name: "Pak Budi", Role: Kasubbag, Addresses: chat}, {Name: "Bu Rina", Role: Second, Addresses: chat},
		{Name: "Mbak Sari", Role: Officer, Addresses: chat, Days: []time.Weekday{time.Monday}},
		{Name: "Mas Adi", Role: Officer, Addresses: chat}, {Name: "Mbak Jauh", Role: Officer}}
	for _, c := range []struct{ configured, want string }{
		{Officer, "Mbak Sari"}, {Kasubbag, "Pak Budi"}, {Second, "Bu Rina"}, {"Mas Adi", "Mas Adi"},
		{"Mbak Jauh", "Mbak Sari"}, // without an address nobody is asked
	} {
		o := testOffice()
		o.Staff, o.Loans.Staff = staff, c.configured
		if s, ok := o.lender(moment(t, "2026-11-23 03:00:00")); !ok || s.Name != c.want {
			t.Errorf("loans of %q go to %q, %v; want %s", c.configured, s.Name, ok, c.want)
		}
	}
}
