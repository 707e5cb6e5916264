package main

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTheKnownHolidaysAreInForce(t *testing.T) {
	h, _ := houseFor(t, "[office]\nholidays = ['2026-07-07']\n")
	_, office, _, err := h.settings()
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2026-03-18": false, "2026-03-24": false, "2026-03-25": true,
		"2026-05-28": false,
		"2026-12-24": false, "2026-12-28": true, "2027-01-01": false, "2027-05-06": false, "2026-07-07": false,
		"2026-07-08": true} {
		at, _ := time.ParseInLocation(time.DateOnly, day, office.Zone)
		if got := office.Working(at); got != want {
			t.Errorf("%s is a working day: %v, want %v", day, got, want)
		}
	}
	list, err := h.holidays()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, d := range list {
		count[d.date[:4]]++
	}
	if count["2026"] != 17+8 {
		t.Errorf("%d days of 2026, the decree names 17 and 8", count["2026"])
	}
}

func TestOwnHolidaysReplaceTheirYear(t *testing.T) {
	h, _ := houseFor(t, "")
	own := "\ufeff# SKB 2027\r\n2027-01-01\tTahun Baru\tnasional\r\n2027-03-09\tNyepi\tcuti bersama\r\n"
	if err := os.WriteFile(h.path("libur.tsv"), []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	_, office, _, err := h.settings()
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2027-03-09": true, "2027-05-06": false, "2026-12-25": true} {
		if got := slices.Contains(office.Holidays, day); got != want {
			t.Errorf("%s is a holiday: %v, want %v", day, got, want)
		}
	}
	for _, bad := range []string{"2027-13-01\tx\tnasional", "2027-01-01 Tahun Baru nasional",
		"2027-01-01\tTahun Baru\tlibur"} {
		if err := os.WriteFile(h.path("libur.tsv"), []byte("# x\n"+bad+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := h.settings(); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v, want an error that names line 2", bad, err)
		}
	}
}

func TestAMissingYearIsNamed(t *testing.T) {
	list, err := parseHolidays(nationalHolidays)
	if err != nil {
		t.Fatal(err)
	}
	whole := append(slices.Clone(list), holiday{date: "2027-03-09", kind: "nasional"})
	for _, c := range []struct {
		name, now, want string
		list            []holiday
	}{
		{"a year whose list is there", "2026-11-26", "", list},
		{"a month before a year of which only fixed days are known", "2026-12-05", "untuk 2027 baru tanggal tetap", list},
		{"in that year", "2027-06-01", "untuk 2027 baru tanggal tetap", list},
		{"the year's list was added", "2026-12-05", "", whole},
		{"a year nobody knows", "2029-02-01", "hari libur 2029 belum dikenal", whole},
		{"the year before it is the last known", "2027-12-20", "hari libur 2028 belum dikenal", whole},
	} {
		now, _ := time.Parse(time.DateOnly, c.now)
		err := holidaysMissing(c.list, now)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzHolidays(f *testing.F) {
	f.Add("2026-12-25\tNatal\tnasional\n")
	f.Add("# x\n\t\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parseHolidays(text)
		for _, d := range list {
			if _, bad := time.Parse(time.DateOnly, d.date); bad != nil || err != nil {
				t.Errorf("%q gives %v and %v", text, d, err)
			}
		}
	})
}
