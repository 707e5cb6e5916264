package nlu

import (
	"testing"
	"time"
)

func TestWhen(t *testing.T) {
	now := time.Date(2026, 11, 26, 10, 15, 0, 0, time.FixedZone("WIB", 7*3600)) // a Thursday
	for text, want := range map[string]string{
		"besok jam 9":                "2026-11-27 09:00",
		"bsk pagi jam 9 kak":         "2026-11-27 09:00",
		"hari ini jam 2 siang":       "2026-11-26 14:00",
		"hari ini jam 2":             "2026-11-26 14:00",
		"senin pukul 10.30":          "2026-11-30 10:30",
		"kamis jam 8 pagi":           "2026-12-03 08:00", // the next one
		"jum'at jam 13.00":           "2026-11-27 13:00",
		"27 november 2026 jam 09.30": "2026-11-27 09:30",
		"tgl 30 nov pukul 1 siang":   "2026-11-30 13:00",
		"30/11 09:00":                "2026-11-30 09:00",
		"30-11-2026, pkl 15.00":      "2026-11-30 15:00",
		"5 januari jam 10":           "2027-01-05 10:00",
		"tanggal 3 jam 10":           "2026-12-03 10:00",
		"lusa":                       "2026-11-28 -",
		"rencananya hari selasa":     "2026-12-01 -",
		"jam 9":                      "- 09:00",
		"09.30":                      "- 09:30",
		"10 pagi":                    "- 10:00",
		"saya mau datang":            "",
		"31 november jam 9":          "",
		"jam 25":                     "",
		"penduduk 2023":              "",
		"40/13 jam 9":                "",
	} {
		a := Default().Hear(text).When(now)
		got := ""
		if a.Heard() {
			got = "-"
			if !a.Value.Day.IsZero() {
				got = a.Value.Day.Format(time.DateOnly)
			}
			hour := " -"
			if a.Value.HasHour {
				hour = time.Time{}.Add(a.Value.Hour).Format(" 15:04")
			}
			got += hour
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func FuzzWhen(f *testing.F) {
	f.Add("besok jam 9")
	f.Add("30/11/26 09.00 malam")
	now := time.Date(2026, 11, 26, 10, 15, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		a := Default().Hear(text).When(now)
		if a.Heard() && (a.Value.Day.IsZero() && !a.Value.HasHour || a.Value.Hour < 0 || a.Value.Hour >= 24*time.Hour) {
			t.Errorf("%q is %+v", text, a.Value)
		}
	})
}
