package conversation

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Period is a span of whole days of the office's clock: from the beginning of the
// first day to that of the day after the last. A moment is of the day that the
// office's clock shows: 23.30 UTC of the 31st is the 1st in western Indonesia.
type Period struct{ From, To time.Time }

// ErrPeriod says that a text names no period.
var ErrPeriod = errors.New("no period")

// Months is the period of n months from the one that day is in.
func Months(day time.Time, n int) Period {
	from := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, day.Location())
	return Period{from, from.AddDate(0, n, 0)}
}

// Days is the period from one day to another, both counted.
func Days(first, last time.Time) Period {
	y, m, d := last.Date()
	return Period{midnight(first), time.Date(y, m, d+1, 0, 0, 0, 0, last.Location())}
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// months is how many whole calendar months the period is, 0 when it is not of such.
func (p Period) months() int {
	if p.From.Day() != 1 || p.To.Day() != 1 {
		return 0
	}
	return 12*(p.To.Year()-p.From.Year()) + int(p.To.Month()) - int(p.From.Month())
}

// quarterNames are the quarters as offices write them.
var quarterNames = [4]string{"I", "II", "III", "IV"}

// Title names the period for people: "November 2026", "Triwulan IV 2026", "Tahun
// 2026", "1-15 November 2026".
func (p Period) Title() string {
	last := p.Last()
	switch n := p.months(); {
	case n == 1:
		return fmt.Sprintf("%s %d", months[p.From.Month()-1], p.From.Year())
	case n == 3 && p.From.Month()%3 == 1:
		return fmt.Sprintf("Triwulan %s %d", quarterNames[(p.From.Month()-1)/3], p.From.Year())
	case n == 12 && p.From.Month() == time.January:
		return fmt.Sprintf("Tahun %d", p.From.Year())
	case p.From.Equal(last):
		return longDate(last)
	case p.From.Year() == last.Year() && p.From.Month() == last.Month():
		return fmt.Sprintf("%d-%s", p.From.Day(), longDate(last))
	}
	return longDate(p.From) + " sampai " + longDate(last)
}

// Key names the period for machines: "2026-11", "2026-T4", "2026", or its first and
// last day.
func (p Period) Key() string {
	switch n := p.months(); {
	case n == 1:
		return p.From.Format("2006-01")
	case n == 3 && p.From.Month()%3 == 1:
		return fmt.Sprintf("%d-T%d", p.From.Year(), (p.From.Month()+2)/3)
	case n == 12 && p.From.Month() == time.January:
		return p.From.Format("2006")
	}
	return p.From.Format(time.DateOnly) + "_" + p.Last().Format(time.DateOnly)
}

// Grains are the sizes of the parts of a period.
const (
	byDays = iota
	byWeeks
	byMonths
	byYears
)

// Cuts are the ways to cut the period into parts that a chart can show beside one
// another, the finest first: days of a month, weeks (from Monday) of up to half a year,
// months, years.
func (p Period) Cuts() [][]Slice {
	days, finest := int(p.To.Sub(p.From).Hours()+12)/24, byYears
	switch {
	case days <= 31:
		finest = byDays
	case days <= 184:
		finest = byWeeks
	case days <= 3*366:
		finest = byMonths
	}
	var out [][]Slice
	for grain := finest; grain <= byYears; grain++ {
		out = append(out, p.cut(grain))
	}
	return out
}

func (p Period) cut(grain int) []Slice {
	next := func(t time.Time) time.Time { return time.Date(t.Year()+1, 1, 1, 0, 0, 0, 0, t.Location()) }
	name := func(from, last time.Time) string { return from.Format("2006") }
	switch grain {
	case byDays:
		next = func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
		name = func(from, last time.Time) string { return strconv.Itoa(from.Day()) }
	case byWeeks:
		next = func(t time.Time) time.Time { return t.AddDate(0, 0, 7-(int(t.Weekday())+6)%7) }
		name = func(from, last time.Time) string { return fmt.Sprintf("%d/%d", from.Day(), from.Month()) }
	case byMonths:
		next = func(t time.Time) time.Time { return time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, t.Location()) }
		name = func(from, last time.Time) string {
			return fmt.Sprintf("%s %02d", months[from.Month()-1][:3], from.Year()%100)
		}
	}
	var out []Slice
	for from := p.From; from.Before(p.To); {
		to := next(from)
		if to.After(p.To) {
			to = p.To
		}
		out = append(out, Slice{from.Format(time.DateOnly), name(from, to.AddDate(0, 0, -1)), from, to})
		from = to
	}
	return out
}

// Slice is a part of a period; Key is its first day, Label what stands under its bar.
type Slice struct {
	Key, Label string
	From, To   time.Time
}

// What the words of a period mean.
var (
	quarterWords = []string{"triwulan", "tw", "trw", "kuartal", "kwartal", "quarter", "q"}
	yearWords    = []string{"tahun", "thn", "th", "setahun", "tahunan", "year"}
	monthWords   = []string{"bulan", "bln", "bulanan", "sebulan", "month"}
	pastWords    = []string{"lalu", "kemarin", "kemaren", "sebelumnya", "sebelum", "lepas"}
	nowWords     = []string{"ini", "sekarang", "berjalan"}
	idleWords    = []string{"untuk", "periode", "ke", "dari", "pst", "semua", "satu"}
	ordinals     = map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4, "pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4}
)

var periodParts = regexp.MustCompile(`[0-9]+|[a-z]+`)

// PeriodForm is a period as a form or a command line names it: by one of Month
// ("2026-11"), Quarter ("2026-4"), Year ("2026"), or From and To, days ("2026-11-01").
type PeriodForm struct{ Month, Quarter, Year, From, To string }

// periodYears bounds the period of a form: a chart of it is read by people.
const periodYears = 25

// PeriodFault is what is wrong with a form of a period.
type PeriodFault string

// The faults. PeriodWays is a form that names none, or more than one.
const (
	PeriodWays    PeriodFault = "ways"
	PeriodMonth   PeriodFault = "month"
	PeriodQuarter PeriodFault = "quarter"
	PeriodYear    PeriodFault = "year"
	PeriodFrom    PeriodFault = "from"
	PeriodTo      PeriodFault = "to"
	PeriodOrder   PeriodFault = "order" // To lies before From
	PeriodLong    PeriodFault = "long"  // more than 25 years
)

// Period reads the form; fault is "" for one that is right.
func (f PeriodForm) Period(zone *time.Location) (p Period, fault PeriodFault) {
	ways := 0
	for _, given := range []bool{f.Month != "", f.Quarter != "", f.Year != "", f.From != "" || f.To != ""} {
		ways += flagged(given)
	}
	day := func(layout, text string) (time.Time, bool) {
		t, err := time.ParseInLocation(layout, text, zone)
		return t, err == nil && t.Year() >= 2000 && t.Year() <= 2200
	}
	if ways != 1 {
		return p, PeriodWays
	}
	switch {
	case f.Month != "":
		if t, ok := day("2006-01", f.Month); ok {
			return Months(t, 1), ""
		}
		return p, PeriodMonth
	case f.Quarter != "":
		year, n, _ := strings.Cut(f.Quarter, "-")
		if t, ok := day("2006", year); ok && len(n) == 1 && n >= "1" && n <= "4" {
			return Months(t.AddDate(0, 3*int(n[0]-'1'), 0), 3), ""
		}
		return p, PeriodQuarter
	case f.Year != "":
		if t, ok := day("2006", f.Year); ok {
			return Months(t, 12), ""
		}
		return p, PeriodYear
	}
	first, ok := day(time.DateOnly, f.From)
	if !ok {
		return p, PeriodFrom
	}
	last, ok := day(time.DateOnly, f.To)
	switch {
	case !ok:
		return p, PeriodTo
	case last.Before(first):
		return p, PeriodOrder
	case last.Year()-first.Year() > periodYears:
		return p, PeriodLong
	}
	return Days(first, last), ""
}

// ParsePeriod reads the period that somebody names: "11/2026", "november 2026",
// "november", "triwulan 4", "tw iv 2026", "2026", "tahun lalu"; nothing is the month of
// now. What has no year and would lie ahead is of last year. It returns [ErrPeriod].
func ParsePeriod(text string, now time.Time) (Period, error) {
	w := periodWords{now: now, year: -1}
	for _, part := range periodParts.FindAllString(strings.ToLower(text), -1) {
		if !w.take(part) {
			return Period{}, fmt.Errorf("read period %q: %w", part, ErrPeriod)
		}
	}
	return w.period()
}

// periodWords are the words of a period as they are read.
type periodWords struct {
	now                 time.Time
	unit                string // "month", "quarter", "year", "" not said
	month, number, year int    // month 0, number 0, year -1: not said
	past, present       bool
}

func (w *periodWords) take(part string) bool {
	n, err := strconv.Atoi(part)
	switch {
	case err == nil && n >= 2000 && n <= 2200 && w.year < 0:
		w.year = n
	case err == nil && n >= 1 && n <= 12 && w.number == 0:
		w.number = n
	case err == nil:
		return false
	case slices.Contains(quarterWords, part):
		w.unit = "quarter"
	case slices.Contains(yearWords, part):
		w.unit = or(w.unit, "year")
	case slices.Contains(monthWords, part):
		w.unit = "month"
	case slices.Contains(pastWords, part):
		w.past = true
	case slices.Contains(nowWords, part):
		w.present = true
	case slices.Contains(idleWords, part):
	case ordinals[part] > 0 && w.number == 0:
		w.number = ordinals[part]
	default:
		return w.monthNamed(part)
	}
	return true
}

// monthNamed takes the beginning of a month's name, of three letters or more, and the
// spellings "nopember" and "pebruari".
func (w *periodWords) monthNamed(part string) bool {
	part = strings.Replace(strings.Replace(part, "nop", "nov", 1), "peb", "feb", 1)
	if part == "agt" || part == "agu" {
		part = "agustus"
	}
	for i, name := range months {
		if len(part) >= 3 && strings.HasPrefix(strings.ToLower(name), part) && w.month == 0 {
			w.month = i + 1
			return true
		}
	}
	return false
}

func (w *periodWords) period() (Period, error) {
	now := midnight(w.now)
	if w.month > 0 && (w.number > 0 || w.unit == "quarter") || w.past && (w.number > 0 || w.month > 0) &&
		w.unit != "year" {
		return Period{}, fmt.Errorf("read period: %w", ErrPeriod)
	}
	ago := flagged(w.past)
	switch {
	case w.unit == "quarter":
		if w.number > 4 {
			return Period{}, fmt.Errorf("read quarter %d: %w", w.number, ErrPeriod)
		}
		if w.number == 0 {
			return Months(time.Date(now.Year(), (now.Month()-1)/3*3+1-time.Month(3*ago), 1, 0, 0, 0, 0, now.Location()), 3), nil
		}
		return w.dated(3*w.number-2, 3), nil
	case w.month > 0 || w.number > 0:
		return w.dated(max(w.month, w.number), 1), nil
	case w.unit == "year" || w.unit == "" && w.year > 0:
		if w.year < 0 {
			w.year = now.Year() - ago
		}
		return Months(time.Date(w.year, 1, 1, 0, 0, 0, 0, now.Location()), 12), nil
	case w.year > 0:
		return Period{}, fmt.Errorf("read month: %w", ErrPeriod)
	}
	return Months(time.Date(now.Year(), now.Month()-time.Month(ago), 1, 0, 0, 0, 0, now.Location()), 1), nil
}

// dated is the period of n months from a month, of the year that was said, or the last
// in which it is not ahead.
func (w *periodWords) dated(month, n int) Period {
	year := w.year
	if year < 0 {
		year = w.now.Year()
		if month > int(w.now.Month()) || w.past && w.unit == "year" {
			year--
		}
	}
	return Months(time.Date(year, time.Month(month), 1, 0, 0, 0, 0, w.now.Location()), n)
}

func flagged(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Last is the last day of the period.
func (p Period) Last() time.Time { return p.To.AddDate(0, 0, -1) }
