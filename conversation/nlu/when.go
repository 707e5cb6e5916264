package nlu

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// When is a moment that somebody names: a day, an hour of a day, or both.
type When struct {
	Day     time.Time     // midnight of the day; zero where none is named
	Hour    time.Duration // since midnight
	HasHour bool
}

var (
	hourWord  = regexp.MustCompile(`\b(?:jam|jm|pukul|pkl)\.?\s*(\d{1,2})(?:[.:](\d{2}))?(?:\s*(pagi|siang|sore|malam))?`)
	hourPart  = regexp.MustCompile(`\b(\d{1,2})(?:[.:](\d{2}))?\s*(pagi|siang|sore|malam)\b`)
	hourClock = regexp.MustCompile(`\b(\d{1,2})[.:](\d{2})\b()`)
	dayMonth  = regexp.MustCompile(`\b(\d{1,2})\s*[/-]\s*(\d{1,2})(?:\s*[/-]\s*(\d{4}|\d{2}))?\b`)
	dayNamed  = regexp.MustCompile(`\b(\d{1,2})\s+(\pL{3,9})(?:\s+(\d{4}))?`)
	dayAlone  = regexp.MustCompile(`\b(?:tanggal|tgl)\.?\s*(\d{1,2})\b`)
)

// weekdayNames are the days as they are written, Friday also with its apostrophe.
var weekdayNames = map[string]time.Weekday{
	"minggu": 0, "ahad": 0, "senin": 1, "senen": 1, "selasa": 2, "rabu": 3, "kamis": 4, "jumat": 5, "jum'at": 5,
	"sabtu": 6,
}

// When reads the day and hour of something to come, as seen at now: "besok jam 9",
// "senin pukul 10.30", "27 november 2026 jam 2 siang", "30/11 09:00", "lusa". A bare
// weekday is the next one, today left out; a date without a year is the next such
// one. An hour from one to six without a part of the day is in the afternoon. What
// names neither a day nor an hour, or one that does not exist, is none.
func (m *Message) When(now time.Time) Answer[When] {
	return corrected(m, func(m *Message) Answer[When] { return m.when(now) })
}

func (m *Message) when(now time.Time) Answer[When] {
	text := strings.ReplaceAll(m.lower(), "’", "'")
	var w When
	for _, p := range []*regexp.Regexp{hourWord, hourPart, hourClock} {
		at := p.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		g := p.FindStringSubmatch(text)
		hour, ok := hourOf(g[1], g[2], g[3])
		if !ok {
			return none[When]()
		}
		w.Hour, w.HasHour = hour, true
		text = text[:at[0]] + " " + text[at[1]:] // its digits are no date
		break
	}
	day, ok := dayOf(text, now)
	if !ok || day.IsZero() && !w.HasHour {
		return none[When]()
	}
	w.Day = day
	return sure(w)
}

func hourOf(hour, minute, part string) (time.Duration, bool) {
	h, _ := strconv.Atoi(hour)
	mm, _ := strconv.Atoi(minute)
	switch {
	case part == "malam" && h < 12, part == "sore" && h < 12, part == "siang" && h < 10, part == "" && minute == "" &&
		h >= 1 && h <= 6:
		h += 12
	}
	return time.Duration(h)*time.Hour + time.Duration(mm)*time.Minute, h < 24 && mm < 60
}

// dayOf is the day that a text names, zero for none; false for one that is no date.
func dayOf(text string, now time.Time) (time.Time, bool) {
	midnight := func(y int, month time.Month, d int) time.Time {
		return time.Date(y, month, d, 0, 0, 0, 0, now.Location())
	}
	today := midnight(now.Year(), now.Month(), now.Day())
	date := func(day, month, year string) (time.Time, bool) {
		d, _ := strconv.Atoi(day)
		n, _ := strconv.Atoi(month)
		y, _ := strconv.Atoi(year)
		if year != "" && y < 100 {
			y += 2000
		}
		if year == "" {
			if y = now.Year(); midnight(y, time.Month(n), d).Before(today) {
				y++
			}
		}
		at := midnight(y, time.Month(n), d)
		return at, n >= 1 && n <= 12 && at.Day() == d
	}
	if g := dayMonth.FindStringSubmatch(text); g != nil {
		return date(g[1], g[2], g[3])
	}
	for _, g := range dayNamed.FindAllStringSubmatch(text, 3) {
		if n := months[g[2]]; n > 0 {
			return date(g[1], strconv.Itoa(n), g[3])
		}
	}
	if g := dayAlone.FindStringSubmatch(text); g != nil {
		d, _ := strconv.Atoi(g[1])
		at := midnight(now.Year(), now.Month(), d)
		if at.Before(today) {
			at = midnight(now.Year(), now.Month()+1, d)
		}
		return at, at.Day() == d
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,.!?;()", r) }) {
		switch word {
		case "besok", "bsk", "besuk", "esok":
			return today.AddDate(0, 0, 1), true
		case "lusa":
			return today.AddDate(0, 0, 2), true
		}
		if d, ok := weekdayNames[word]; ok {
			return today.AddDate(0, 0, (int(d)-int(today.Weekday())+6)%7+1), true
		}
	}
	if strings.Contains(text, "hari ini") || strings.Contains(text, "sekarang") {
		return today, true
	}
	return time.Time{}, true
}
