package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"pst/bot/telegram"
	"pst/conversation"
)

// office makes the desk's office: the published one whole, or for another code
// one without any fact of it; then whatever the configuration says.
func (c config) office() (conversation.Office, error) {
	zone, err := time.LoadLocation(or(c.Office.Zone, defaultZone))
	if err != nil {
		return conversation.NewOffice(time.UTC), fmt.Errorf("office.zone: %w", err)
	}
	o := conversation.DefaultOffice(zone)
	if c.foreign() {
		o = conversation.NewOffice(zone)
		o.Code = c.Office.Code
	}
	lay(&o.Facts, c.Office.Facts)
	lay(&o.Lists, c.Office.Lists)
	lay(&o.Loans, c.Loans)
	if c.Office.AboutStaff != nil { // there may be none
		o.Lists.AboutStaff = c.Office.AboutStaff
	}
	if err := right(o); err != nil {
		return o, err
	}
	if o.Unit == "" && o.Name != "" {
		o.Unit = "Pelayanan Statistik Terpadu " + o.Name
	}
	if !fourDigits(o.Code) {
		return o, fmt.Errorf("office.code: must be four digits, the number in the office's e-mail address")
	}
	if o.Bot = strings.TrimPrefix(c.Telegram.Name, "@"); o.Bot != "" {
		if _, err := telegram.DeepLink(o.Bot, ""); err != nil {
			return o, fmt.Errorf("telegram.name: %w", err)
		}
	}
	o.OpenSearch, o.ProfileFirst = c.Search.Open, c.Registration.ProfileFirst
	for _, h := range c.Office.Holidays {
		if _, err := time.Parse(time.DateOnly, h); err != nil {
			return o, fmt.Errorf("office.holidays: %q must be a date such as 2026-12-25", h)
		}
		o.Holidays = append(o.Holidays, h)
	}
	for _, code := range c.Excerpts.Strict {
		if !fourDigits(code) {
			return o, fmt.Errorf("excerpts.strict_offices: %q must be four digits, the number in the office's e-mail address",
				code)
		}
	}
	o.Strict = c.Excerpts.Strict
	return o, c.openAt(&o)
}

// openAt sets the opening hours where the configuration has any.
func (c config) openAt(o *conversation.Office) error {
	if len(c.Office.Hours) > 0 {
		o.Hours = nil
	}
	for _, line := range c.Office.Hours {
		h, err := parseHours(line)
		if err != nil {
			return fmt.Errorf("office.hours: %w", err)
		}
		o.Hours = append(o.Hours, h)
	}
	return nil
}

func fourDigits(code string) bool { return len(code) == 4 && strings.Trim(code, "0123456789") == "" }

var dayNames = []string{"minggu", "senin", "selasa", "rabu", "kamis", "jumat", "sabtu"}

// parseHours reads "senin 08:00-15:30".
func parseHours(line string) (conversation.Hours, error) {
	day, times, _ := strings.Cut(strings.ToLower(strings.TrimSpace(line)), " ")
	from, to, _ := strings.Cut(strings.ReplaceAll(times, ".", ":"), "-")
	d := slices.Index(dayNames, day)
	a, errA := time.Parse("15:04", strings.TrimSpace(from))
	b, errB := time.Parse("15:04", strings.TrimSpace(to))
	if d < 0 || errA != nil || errB != nil || !a.Before(b) {
		return conversation.Hours{}, forPeople{fmt.Errorf("%q must be like \"senin 08:00-15:30\"", line),
			fmt.Sprintf("%q belum terbaca. Tulis seperti 08.00-15.30, jam buka lebih dahulu.", strings.TrimSpace(times))}
	}
	since := func(t time.Time) time.Duration {
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	return conversation.Hours{Day: time.Weekday(d), From: since(a), To: since(b)}, nil
}

// lay lays what is said over what holds: a text that is not blank, a number that is not
// 0, a list that has entries.
func lay[T any](over *T, said T) {
	to, from := reflect.ValueOf(over).Elem(), reflect.ValueOf(said)
	for i := range to.NumField() {
		switch f := from.Field(i); {
		case f.Kind() == reflect.String:
			if text := strings.TrimSpace(f.String()); text != "" {
				to.Field(i).SetString(text)
			}
		case f.Kind() == reflect.Slice && f.Len() == 0, f.IsZero():
		default:
			to.Field(i).Set(f)
		}
	}
}

// right checks what then holds.
func right(o conversation.Office) error {
	lists := reflect.ValueOf(o.Lists)
	for _, f := range keysOf(lists.Type()) {
		key, list := f.Tag.Get("toml"), lists.FieldByIndex(f.Index).Interface().([]string)
		if key == "about_staff" {
			continue
		}
		if len(list) > 12 || slices.Contains(list, "") {
			return forPeople{fmt.Errorf("office.%s: 1 to 12 entries, none empty", key),
				"Daftar itu memuat 1 sampai 12 baris."}
		}
	}
	if err := aboutStaffRight(o.Lists.AboutStaff, o.Lists.Categories); err != nil {
		return err
	}
	for _, f := range []struct {
		key string
		n   int
	}{{"consent_version", o.Consent}, {"keep_years", o.KeepYears}} {
		if f.n < 1 {
			return forPeople{fmt.Errorf("office.%s: %d is less than 1", f.key, f.n),
				fmt.Sprintf("office.%s paling sedikit 1; perbaiki angkanya atau hapus baris itu", f.key)}
		}
	}
	return loansRight(o.Loans) // whether there is such a member is known with the staff
}

// The furthest that an office lets books be lent as a rule, and how many.
const (
	loanDaysMost = 90
	loansMost    = 20
)

func loansRight(l conversation.Loans) error {
	if min(l.Days, l.Most) < 1 || l.Days > loanDaysMost || l.Most > loansMost {
		return forPeople{fmt.Errorf("loans: days must be 1 to %d, most 1 to %d", loanDaysMost, loansMost),
			fmt.Sprintf("Lama pinjam 1 sampai %d hari, paling banyak 1 sampai %d buku.", loanDaysMost, loansMost)}
	}
	return nil
}

// aboutStaffRight holds the categories about staff to those there are: a new name must
// not open a complaint to whom it is about.
func aboutStaffRight(about, categories []string) error {
	for _, a := range about {
		if !slices.Contains(categories, a) {
			return forPeople{
				fmt.Errorf("office.about_staff: %q is none of office.categories; list those that are about staff", a),
				fmt.Sprintf("%q tidak ada pada daftar kategori. Tulis sama persis seperti pada kategori tentang petugas.", a)}
		}
	}
	return nil
}

// shown is the office as it is in force, defaults included, as pst.toml would say it.
func shown(o conversation.Office) config {
	c := config{Office: officeConfig{Code: o.Code, Facts: o.Facts, Zone: o.Zone.String(), Lists: o.Lists}, Loans: o.Loans}
	for _, h := range o.Hours {
		at := func(d time.Duration) string { return time.Time{}.Add(d).Format("15:04") }
		c.Office.Hours = append(c.Office.Hours, dayNames[h.Day]+" "+at(h.From)+"-"+at(h.To))
	}
	return c
}
