package conversation

import (
	"testing"
	"time"
)

// jakarta is the zone of the office in the tests.
var jakarta = time.FixedZone("WIB", 7*60*60)

func testOffice() *Office {
	o := DefaultOffice(jakarta)
	o.Holidays = []string{"2026-12-25", "2026-12-24", "2027-01-01"}
	return &o
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, jakarta)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestOpen(t *testing.T) {
	o := testOffice()
	for _, c := range []struct {
		name, at string
		want     bool
	}{
		{"Monday morning", "2026-11-23 09:00:00", true},
		{"the minute it opens", "2026-11-23 08:00:00", true},
		{"the second before it opens", "2026-11-23 07:59:59", false},
		{"the last minute on Thursday", "2026-11-26 15:29:59", true},
		{"the minute it closes on Thursday", "2026-11-26 15:30:00", false},
		{"Friday is longer", "2026-11-27 15:45:00", true},
		{"Friday after four", "2026-11-27 16:00:00", false},
		{"Saturday", "2026-11-28 10:00:00", false},
		{"Sunday", "2026-11-29 10:00:00", false},
		{"midnight", "2026-11-24 00:00:00", false},
		{"a holiday on a Friday", "2026-12-25 10:00:00", false},
		{"the working day after the holiday", "2026-12-28 10:00:00", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := moment(t, c.at)
			if got := o.Open(at); got != c.want {
				t.Errorf("open on %s: %v, want %v", at.Format(time.RFC1123), got, c.want)
			}
			if got := o.Open(at.UTC()); got != c.want {
				t.Errorf("the same moment told in UTC: %v, want %v", got, c.want)
			}
		})
	}
}

func TestWorkingDaysAreOfTheOfficesZone(t *testing.T) {
	o := testOffice()
	for at, want := range map[string]bool{"2026-11-23 01:00:00": true, "2026-11-28 01:00:00": false,
		"2026-12-25 01:00:00": false, "2026-12-28 01:00:00": true} {
		if got := o.Working(moment(t, at).UTC()); got != want { // in UTC it is the day before
			t.Errorf("%s is a working day: %v, want %v", at, got, want)
		}
	}
}

func TestAddWorkingDays(t *testing.T) {
	o := testOffice()
	for _, c := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"the next day", "2026-11-23 09:00:00", 1, "2026-11-24"},
		{"after hours counts as the same day", "2026-11-23 23:59:00", 1, "2026-11-24"},
		{"early in the morning", "2026-11-23 01:00:00", 1, "2026-11-24"},
		{"over a weekend", "2026-11-27 09:00:00", 1, "2026-11-30"},
		{"from a Saturday", "2026-11-28 09:00:00", 1, "2026-11-30"},
		{"five days are a week", "2026-11-23 09:00:00", 5, "2026-11-30"},
		{"fourteen days", "2026-11-23 09:00:00", 14, "2026-12-11"},
		{"over Christmas and a weekend", "2026-12-23 09:00:00", 1, "2026-12-28"},
		{"over Christmas and New Year", "2026-12-23 09:00:00", 5, "2027-01-04"},
		{"from a holiday", "2026-12-25 09:00:00", 1, "2026-12-28"},
		{"no days: the same day", "2026-11-23 09:00:00", 0, "2026-11-23"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := o.AddWorkingDays(moment(t, c.from), c.n)
			if want := moment(t, c.want+" 23:59:59"); !got.Equal(want) {
				t.Errorf("%d working days after %s: %s, want %s", c.n, c.from, got, want)
			}
			if utc := o.AddWorkingDays(moment(t, c.from).UTC(), c.n); !utc.Equal(got) {
				t.Errorf("the same moment told in UTC gives %s", utc)
			}
		})
	}
	t.Run("an office that never opens", func(t *testing.T) {
		closed := Office{Zone: jakarta}
		if got := closed.AddWorkingDays(moment(t, "2026-11-23 09:00:00"), 1); got.Before(moment(t, "2026-11-23 09:00:00")) {
			t.Errorf("a deadline in the past: %s", got)
		}
	})
}

func TestOpening(t *testing.T) {
	o := testOffice()
	noon := testOffice()
	// the afternoon written first
	noon.Hours = []Hours{{5, 13 * time.Hour, 16 * time.Hour}, {5, 8 * time.Hour, 11 * time.Hour}}
	for _, c := range []struct {
		name     string
		o        *Office
		at, want string
	}{
		{"while it is open: now", o, "2026-11-23 09:30:00", "2026-11-23 09:30:00"},
		{"before it opens", o, "2026-11-23 01:00:00", "2026-11-23 08:00:00"},
		{"the minute it closes", o, "2026-11-23 15:30:00", "2026-11-24 08:00:00"},
		{"at the end of a Friday", o, "2026-11-27 23:59:59", "2026-11-30 08:00:00"},
		{"on a Saturday", o, "2026-11-28 10:00:00", "2026-11-30 08:00:00"},
		{"over holidays and a weekend", o, "2026-12-23 20:00:00", "2026-12-28 08:00:00"},
		{"closed at noon", noon, "2026-11-27 11:30:00", "2026-11-27 13:00:00"},
		{"before both halves of the day", noon, "2026-11-27 05:00:00", "2026-11-27 08:00:00"},
	} {
		at := moment(t, c.at)
		got := c.o.Opening(at.UTC())
		if !got.Equal(moment(t, c.want)) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if !c.o.Open(got) {
			t.Errorf("%s: the desk is not open then", c.name)
		}
	}
	closed := Office{Zone: jakarta}
	if at := moment(t, "2026-11-23 09:00:00"); !closed.Opening(at).Equal(at) {
		t.Error("an office that never opens has an opening")
	}
}

// What is promised, when staff are reminded and what the report counts are one rule.
func TestPromiseReminderAndReportAreOneRule(t *testing.T) {
	o := testOffice()
	for _, day := range []string{"2026-11-23", "2026-11-27", "2026-11-28", "2026-12-18", "2026-12-23", "2026-12-25",
		"2026-12-31"} {
		opened := moment(t, day+" 21:00:00")
		promise := o.AddWorkingDays(opened, answerDays)
		if !o.InTime(opened, promise) || o.InTime(opened, promise.Add(time.Second)) || o.InTime(opened, time.Time{}) {
			t.Errorf("opened %s: the report does not count by the promise of %s", day, promise)
		}
		reminder := o.Reminder(opened, answerDays)
		if !reminder.After(promise) || !o.Open(reminder) || o.Open(reminder.Add(-time.Minute)) || o.InTime(opened, reminder) {
			t.Errorf("opened %s: the reminder comes on %s, after the promise of %s", day, reminder, promise)
		}
		last := o.Reminder(opened, answerDays-1)
		if !last.Before(promise) || last.YearDay() != promise.YearDay() {
			t.Errorf("opened %s: the last reminder before %s comes on %s", day, promise, last)
		}
	}
}

func TestHoursText(t *testing.T) {
	day := func(d time.Weekday, from, to time.Duration) Hours {
		return Hours{d, from * time.Minute, to * time.Minute}
	}
	for _, c := range []struct {
		name  string
		hours []Hours
		want  string
	}{
		{"as published", testOffice().Hours, "Senin-Kamis 08.00-15.30, Jumat 08.00-16.00 WIB"},
		{"the same hours all week", []Hours{day(1, 450, 960), day(2, 450, 960), day(3, 450, 960)},
			"Senin-Rabu 07.30-16.00 WIB"},
		{"a day between is closed", []Hours{day(1, 480, 720), day(3, 480, 720)}, "Senin 08.00-12.00, Rabu 08.00-12.00 WIB"},
		{"closed at noon", []Hours{day(5, 480, 690), day(5, 780, 960)}, "Jumat 08.00-11.30, Jumat 13.00-16.00 WIB"},
		{"Saturday and Sunday", []Hours{day(6, 480, 720), day(0, 480, 720)}, "Sabtu 08.00-12.00, Minggu 08.00-12.00 WIB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Office{Zone: jakarta, Hours: c.hours}
			if got := o.HoursText(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestReaderNumber(t *testing.T) {
	o := testOffice()
	for id, want := range map[int64]string{1: "BT-00001", 123: "BT-00123", 99999: "BT-99999", 100000: "BT-100000"} {
		if got := o.ReaderNumber(id); got != want {
			t.Errorf("reader %d is %s, want %s", id, got, want)
		}
	}
}

func TestWhoIsReached(t *testing.T) {
	o := testOffice()
	if _, ok := o.onDuty(moment(t, "2026-11-23 09:00:00")); ok {
		t.Error("an office without staff has somebody at the desk")
	}
	o.Staff = []Staff{{Name: "A", Role: Officer}, {Name: "B", Role: Kasubbag, Addresses: []Address{"whatsapp:1@lid",
		"telegram:1"}}}
	if s, ok := o.onDuty(moment(t, "2026-11-23 09:00:00")); !ok || s.Name != "B" {
		t.Errorf("an officer without an address answers: %v, %v", s, ok)
	}
	o.Staff[0].Addresses = []Address{"telegram:2"}
	if s, _ := o.onDuty(moment(t, "2026-11-23 09:00:00")); s.Name != "A" {
		t.Errorf("the officer is there, but %s answers", s.Name)
	}
	for address, want := range map[Address]bool{"telegram:1": true, "telegram:2": true, "telegram:3": false, "": false} {
		if _, is := o.member(address); is != want {
			t.Errorf("%q is staff: %v, want %v", address, !want, want)
		}
	}
}

func TestSecretHash(t *testing.T) {
	const want = "6c107760a759652c00e1ad0e8eddba39c18aeb1337dee756b3690e60e6aaa900" // by openssl
	if got := Secret("a key for tests").Hash("card", "KTP:1906011505980001"); got != want {
		t.Errorf("the hash is %s, want %s: the cards and addresses kept so far would not be found again", got, want)
	}
	seen := map[string][3]string{}
	for _, c := range [][3]string{{"k1", "card", "value"}, {"k1", "email", "value"}, {"k2", "card", "value"},
		{"k1", "card", "other"}, {"k1", "car", "dvalue"}} {
		h := Secret(c[0]).Hash(c[1], c[2])
		if old, ok := seen[h]; ok {
			t.Errorf("%q and %q have one hash", c, old)
		}
		seen[h] = c
	}
}

func TestHashesAreComparedWhole(t *testing.T) {
	if !equal("ab", "ab") || equal("ab", "ac") || equal("ab", "abc") || equal("", "a") {
		t.Error("equal is not equality")
	}
}
