package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pst/bot/web"
	"pst/conversation"
)

// years are those whose holidays can be written: this one and the next.
func (s settings) years() []string {
	now := time.Now().In(s.office().Zone).Year()
	return []string{strconv.Itoa(now), strconv.Itoa(now + 1)}
}

func (s settings) holidayPart(year string) (web.Part, error) {
	list, err := s.house.holidays()
	if err != nil {
		return web.Part{}, err
	}
	own, err := s.house.read(holidayFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return web.Part{}, fmt.Errorf("read holidays: %w", err)
	}
	field := web.Field{Name: "hari", Label: "Hari libur " + year, Kind: web.Lines, Origin: "bawaan", Need: true,
		Hint: "Satu hari satu baris: tanggal | nama | jenis. Jenis: nasional, cuti bersama, atau tetap; tanpa jenis " +
			"berarti nasional."}
	whole := false
	slices.SortStableFunc(list, func(a, b holiday) int { return strings.Compare(a.date, b.date) })
	for _, d := range list {
		if strings.HasPrefix(d.date, year) {
			field.Values = append(field.Values, dayText(d.date)+" | "+d.name+" | "+d.kind)
			whole = whole || d.kind != "tetap"
		}
	}
	p := web.Part{Name: "libur-" + year, Title: "Hari libur " + year,
		Note: "Salin dari SKB 3 Menteri tahun itu. Daftar di sini menggantikan seluruh daftar bawaan tahun itu."}
	if !whole {
		p.Warnings = []string{"Daftar tahun ini belum lengkap: baru hari yang tanggalnya tetap. Isi begitu SKB 3 Menteri " +
			"terbit."}
	}
	for line := range strings.Lines(string(own)) {
		if ofYear(line, year) {
			field.Origin, p.Removes = "ditulis kantor ini", "Kembali ke daftar bawaan"
		}
	}
	p.Fields = []web.Field{field}
	p.Version = versionOf(field.Values, field.Origin)
	return p, nil
}

// putHolidays puts the days of one year into the office's list; other years and
// remarks stay as they are.
func (s settings) putHolidays(ctx context.Context, who conversation.Staff, year string, form url.Values) error {
	own, err := s.house.read(holidayFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read holidays: %w", err)
	}
	var out strings.Builder
	for line := range strings.Lines(string(own)) {
		if !ofYear(line, year) {
			out.WriteString(strings.TrimRight(line, "\r\n") + "\n")
		}
	}
	if form.Get("hapus") == "" {
		days, wrong := typedHolidays(form.Get("hari"), year)
		if wrong != "" {
			return &web.Wrong{Fields: map[string]string{"hari": wrong}}
		}
		for _, d := range days {
			out.WriteString(d.date + "\t" + d.name + "\t" + d.kind + "\n")
		}
	}
	return s.carryOut(ctx, change{who: who, what: "office changed", about: "libur-" + year}, holidayFile,
		[]byte(out.String()))
}

// ofYear tells whether a line of libur.tsv is a day of a year.
func ofYear(line, year string) bool {
	return strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")), year+"-")
}

// typedHolidays reads the days of a year as people write them; wrong says what is
// wrong with a line.
func typedHolidays(text, year string) (days []holiday, wrong string) {
	for n, line := range linesOf(text) {
		parts := strings.Split(strings.NewReplacer(";", "|").Replace(line), "|")
		date, ok := parseDay(parts[0], year)
		d := holiday{date: date, kind: holidayKinds[0]}
		if len(parts) > 1 {
			d.name = oneLine(parts[1])
		}
		if len(parts) > 2 && oneLine(parts[2]) != "" {
			d.kind = strings.ToLower(oneLine(parts[2]))
		}
		switch {
		case !ok || !strings.HasPrefix(date, year):
			return nil, fmt.Sprintf("Baris %d: tanggal tahun %s belum terbaca. Tulis seperti 25 Desember %s | Hari Raya Natal "+
				"| nasional.", n+1, year, year)
		case len(parts) > 3 || d.name == "":
			return nil, fmt.Sprintf("Baris %d: tulis tanggal | nama | jenis.", n+1)
		case !slices.Contains(holidayKinds, d.kind):
			return nil, fmt.Sprintf("Baris %d: jenisnya nasional, cuti bersama, atau tetap.", n+1)
		case slices.ContainsFunc(days, func(o holiday) bool { return o.date == date }):
			return nil, fmt.Sprintf("Baris %d: tanggal itu sudah ada di atas.", n+1)
		}
		days = append(days, d)
	}
	if len(days) == 0 {
		return nil, "Tulis paling sedikit satu hari, atau pilih kembali ke daftar bawaan."
	}
	return days, ""
}

var monthNames = []string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
	"Oktober", "November", "Desember"}

// dayText writes 2026-12-25 for people.
func dayText(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return fmt.Sprintf("%d %s %d", t.Day(), monthNames[t.Month()-1], t.Year())
}

var typedDay = regexp.MustCompile(`(?i)^(\d{1,2})[ ./-]+(\d{1,2}|[a-z]{3,9})\.?(?:[ ./-]+(\d{4}))?$`)

// parseDay reads a date as people write it: 25 Desember 2026, 25-12-2026, 2026-12-25;
// without a year it is of the one given.
func parseDay(text, year string) (date string, ok bool) {
	text = oneLine(text)
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return text, true
	}
	m := typedDay.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	if m[3] != "" {
		year = m[3]
	}
	month, err := strconv.Atoi(m[2])
	if err != nil {
		month = 1 + slices.IndexFunc(monthNames, func(name string) bool {
			return strings.HasPrefix(strings.ToLower(name), strings.ToLower(m[2]))
		})
	}
	date = fmt.Sprintf("%s-%02d-%02s", year, month, m[1])
	_, err = time.Parse(time.DateOnly, date)
	return date, err == nil
}
