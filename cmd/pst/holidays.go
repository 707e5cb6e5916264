package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// nationalHolidays are the public holidays of Indonesia with their source, in the
// form of libur.tsv in the data folder.
//
//go:embed libur.tsv
var nationalHolidays string

// holidayFile is the office's own list, in the data folder.
const holidayFile = "libur.tsv"

// holiday is one day on which no office of the country works.
type holiday struct {
	date       string // 2026-12-25
	name, kind string // nasional, cuti bersama, tetap: known without the year's decree (SKB 3 Menteri)
}

// holidayKinds are the kinds of holidays.
var holidayKinds = []string{"nasional", "cuti bersama", "tetap"}

// parseHolidays reads lines of a date, a name and a kind, separated by tabs; a
// line that begins with # is a remark. An error names the line.
func parseHolidays(text string) ([]holiday, error) {
	var out []holiday
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		date := strings.TrimSpace(f[0])
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return nil, fmt.Errorf("line %d: begins with no date such as 2026-12-25", n)
		}
		if len(f) != 3 || !slices.Contains(holidayKinds, strings.TrimSpace(f[2])) {
			return nil, fmt.Errorf("line %d: needs a date, a name and nasional, cuti bersama or tetap, separated by tabs", n)
		}
		out = append(out, holiday{date, strings.TrimSpace(f[1]), strings.TrimSpace(f[2])})
	}
	return out, nil
}

// holidays are those in force: the known ones, where the data folder's libur.tsv
// names a year those of the file instead.
func (h *house) holidays() ([]holiday, error) {
	known, err := parseHolidays(nationalHolidays)
	if err != nil {
		return nil, fmt.Errorf("known holidays: %w", err)
	}
	text, err := h.read(holidayFile)
	if errors.Is(err, os.ErrNotExist) {
		return known, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read holidays: %w", err)
	}
	own, err := parseHolidays(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", h.path(holidayFile), err)
	}
	named := map[string]bool{}
	for _, d := range own {
		named[d.date[:4]] = true
	}
	return append(own, slices.DeleteFunc(known, func(d holiday) bool { return named[d.date[:4]] })...), nil
}

// soonest is how long before a year begins its list should be there.
const soonest = 30 * 24 * time.Hour

// holidaysMissing is nil when the year's list is there, for now and the weeks that
// a promise made now reaches into.
func holidaysMissing(list []holiday, now time.Time) error {
	for _, year := range []string{now.Format("2006"), now.Add(soonest).Format("2006")} {
		any, whole := false, false
		for _, d := range list {
			if strings.HasPrefix(d.date, year) {
				any, whole = true, whole || d.kind != "tetap"
			}
		}
		switch {
		case !any:
			return saying("hari libur %s belum dikenal; tulis daftar tahun itu (SKB 3 Menteri) di libur.tsv di folder data",
				year)
		case !whole:
			return saying("untuk %s baru tanggal tetap yang dikenal; tulis daftar tahun itu (SKB 3 Menteri) di libur.tsv di "+
				"folder data", year)
		}
	}
	return nil
}
