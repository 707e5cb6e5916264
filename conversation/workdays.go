package conversation

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The one rule of working days: what is promised to a reader, when staff are
// reminded, and what the report counts as answered in time all follow from it.

// Working tells whether the day is a working day: it has opening hours and is
// no holiday.
func (o *Office) Working(day time.Time) bool {
	day = day.In(o.Zone)
	if slices.Contains(o.Holidays, day.Format(time.DateOnly)) {
		return false
	}
	return slices.ContainsFunc(o.Hours, func(h Hours) bool { return h.Day == day.Weekday() })
}

// Open tells whether the desk is staffed at this moment.
func (o *Office) Open(at time.Time) bool {
	if !o.Working(at) {
		return false
	}
	at = at.In(o.Zone)
	since := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return slices.ContainsFunc(o.Hours, func(h Hours) bool {
		return h.Day == at.Weekday() && since >= h.From && since < h.To
	})
}

// timesOn writes the opening hours of one day, "08.00-15.30"; "" when it is closed.
func (o *Office) timesOn(day time.Time) string {
	if !o.Working(day) {
		return ""
	}
	var parts []string
	for _, h := range o.Hours {
		if h.Day == day.In(o.Zone).Weekday() {
			parts = append(parts, fmt.Sprintf("%02d.%02d-%02d.%02d", int(h.From.Hours()), int(h.From.Minutes())%60,
				int(h.To.Hours()), int(h.To.Minutes())%60))
		}
	}
	return strings.Join(parts, " dan ")
}

// AddWorkingDays is the end of the n-th working day after at; the day of at
// itself does not count.
func (o *Office) AddWorkingDays(at time.Time, n int) time.Time {
	day := at.In(o.Zone)
	for counted, walked := 0, 0; counted < n && walked < yearAhead; walked++ {
		day = day.AddDate(0, 0, 1)
		if o.Working(day) {
			counted++
		}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, o.Zone)
}

// yearAhead bounds how many days are looked through for a working day.
const yearAhead = 400

// Opening is the first moment, not before at, when the desk is open; at itself
// where the office opens on no day of the coming year.
func (o *Office) Opening(at time.Time) time.Time {
	start := at.In(o.Zone)
	for n := range yearAhead {
		day := time.Date(start.Year(), start.Month(), start.Day()+n, 0, 0, 0, 0, o.Zone)
		if !o.Working(day) {
			continue
		}
		var first time.Time
		for _, h := range o.Hours {
			if h.Day != day.Weekday() || !start.Before(day.Add(h.To)) {
				continue
			}
			opens := day.Add(h.From)
			if opens.Before(start) {
				opens = start
			}
			if first.IsZero() || opens.Before(first) {
				first = opens
			}
		}
		if !first.IsZero() {
			return first
		}
	}
	return at
}

// Reminder is when staff are reminded of what should have been done within n
// working days after at: as the desk opens next.
func (o *Office) Reminder(at time.Time, n int) time.Time { return o.Opening(o.AddWorkingDays(at, n)) }

// InTime tells whether a complaint was answered within the working days that are
// promised; the zero time is no answer.
func (o *Office) InTime(opened, answered time.Time) bool {
	return !answered.IsZero() && !answered.After(o.AddWorkingDays(opened, answerDays))
}
