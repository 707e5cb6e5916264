package main

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pst/bot/web"
	"pst/conversation"
)

// factLongest bounds one fact of an office: it stands inside texts that have to fit
// one message.
const factLongest = 250

// zones are the time zones of the country.
var zones = []conversation.Option{{Key: "Asia/Jakarta", Label: "WIB"}, {Key: "Asia/Makassar", Label: "WITA"},
	{Key: "Asia/Jayapura", Label: "WIT"}}

func fillFacts(f inForce) ([]web.Field, error) {
	var out []web.Field
	now, inForce := f.office.Facts, f.office.Zone.String()
	for _, x := range facts {
		field := web.Field{Name: x.key, Label: x.ask, Kind: web.Line, Hint: "Contoh: " + x.like + ".", Need: x.need}
		if text := *x.in(&now); text != "" {
			field.Values = []string{text}
		}
		field.Origin, field.Fixed = f.origin("office."+x.key, *x.in(&f.base.Office.Facts) != "")
		out = append(out, field)
	}
	zone := web.Field{Name: "zone", Label: "Zona waktu", Kind: web.Choice, Values: []string{inForce}, Options: zones}
	if !slices.ContainsFunc(zones, func(o conversation.Option) bool { return o.Key == inForce }) {
		zone.Options = append(slices.Clone(zones), conversation.Option{Key: inForce, Label: inForce})
	}
	zone.Origin, zone.Fixed = f.origin("office.zone", f.base.Office.Zone != "")
	return append(out, zone), nil
}

func putFacts(f inForce, typed url.Values, into overlayText, wrong map[string]string) {
	was := f.without.Facts
	for _, x := range facts {
		text := oneLine(typed.Get(x.key))
		if _, fixed := f.origin("office."+x.key, false); fixed {
			continue
		}
		err := x.right()(text)
		switch {
		case text == "" && *x.in(&was) != "": // as it was before
		case utf8.RuneCountInString(text) > factLongest:
			wrong[x.key] = fmt.Sprintf("Terlalu panjang: paling banyak %d huruf.", factLongest)
			continue
		case err != nil:
			wrong[x.key] = strings.ToUpper(err.Error()[:1]) + err.Error()[1:] + "."
			continue
		}
		into.putUnlike("office", x.key, text, *x.in(&was))
	}
	if _, fixed := f.origin("office.zone", false); !fixed {
		zone := typed.Get("zone")
		if slices.ContainsFunc(zones, func(o conversation.Option) bool { return o.Key == zone }) {
			was := f.base.Office.Zone
			if !f.base.foreign() { // the known office has one by itself
				was = f.without.Zone.String()
			}
			into.putUnlike("office", "zone", zone, was)
		} else if zone != f.office.Zone.String() {
			wrong["zone"] = "Pilih WIB, WITA, atau WIT."
		}
	}
}

// week are the days as an office counts them.
var week = []int{1, 2, 3, 4, 5, 6, 0}

func dayTitle(d int) string { return strings.ToUpper(dayNames[d][:1]) + dayNames[d][1:] }

func fillHours(f inForce) ([]web.Field, error) {
	times := map[string][]string{}
	for _, line := range shown(f.office).Office.Hours {
		day, span, _ := strings.Cut(line, " ")
		times[day] = append(times[day], strings.ReplaceAll(span, ":", "."))
	}
	origin, _ := f.origin("office.hours", len(f.base.Office.Hours) > 0)
	var out []web.Field
	for _, d := range week {
		field := web.Field{Name: dayNames[d], Label: dayTitle(d), Kind: web.Line, Origin: origin}
		if spans := times[dayNames[d]]; len(spans) > 0 {
			field.Values = []string{strings.Join(spans, ", ")}
		}
		out = append(out, field)
	}
	return out, nil
}

func putHours(f inForce, typed url.Values, into overlayText, wrong map[string]string) {
	var lines []string
	for _, d := range week {
		var ends string
		for _, span := range strings.Split(typed.Get(dayNames[d]), ",") {
			if span = oneLine(span); span == "" {
				continue
			}
			span = strings.NewReplacer(".", ":", " ", "", "–", "-").Replace(span)
			from, to, _ := strings.Cut(span, "-")
			if len(from) == 4 { // 8.00
				from = "0" + from
			}
			line := dayNames[d] + " " + from + "-" + to
			if _, err := parseHours(line); err != nil {
				wrong[dayNames[d]] = people(err)
				continue
			}
			if from < ends {
				wrong[dayNames[d]] = "Waktu kedua dimulai sebelum yang pertama berakhir."
			}
			ends = to
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 && len(wrong) == 0 {
		wrong[""] = "Isi jam paling sedikit satu hari. Bila kantor tutup sementara, tulis tanggalnya pada Hari tutup " +
			"kantor ini."
	}
	into.putUnlike("office", "hours", lines, shown(f.without).Office.Hours)
}

func fillClosed(f inForce) ([]web.Field, error) {
	field := web.Field{Name: "tanggal", Label: "Tanggal tutup", Kind: web.Lines}
	for _, day := range f.cfg.Office.Holidays {
		field.Values = append(field.Values, dayText(day))
	}
	field.Origin, _ = f.origin("office.holidays", len(f.base.Office.Holidays) > 0)
	return []web.Field{field}, nil
}

func putClosed(f inForce, typed url.Values, into overlayText, wrong map[string]string) {
	days := []string{}
	for n, line := range linesOf(typed.Get("tanggal")) {
		day, ok := parseDay(line, "")
		if !ok {
			wrong["tanggal"] = fmt.Sprintf("Baris %d, %q: tulis tanggal lengkap seperti 28 Desember 2026.", n+1, line)
			return
		}
		days = append(days, day)
	}
	slices.Sort(days)
	into.putUnlike("office", "holidays", slices.Compact(days), append([]string{}, f.base.Office.Holidays...))
}

var roleNames = []conversation.Option{{Key: conversation.Kasubbag, Label: "Kasubbag (menjawab pengaduan)"},
	{Key: conversation.Second, Label: "Kontak kedua (atasan; menerima pengaduan tentang petugas)"},
	{Key: conversation.Officer, Label: "Petugas perpustakaan"}}

func fillLoans(f inForce) ([]web.Field, error) {
	number := func(name, label string, n int, inFile bool) web.Field {
		field := web.Field{Name: name, Label: label, Kind: web.Line, Values: []string{strconv.Itoa(n)}}
		field.Origin, field.Fixed = f.origin("loans."+name, inFile)
		return field
	}
	staff := web.Field{Name: "staff", Label: "Yang menangani", Kind: web.Choice, Values: []string{f.office.Loans.Staff},
		Options: slices.Clone(roleNames)}
	for _, m := range f.cfg.members(f.office) {
		staff.Options = append(staff.Options, conversation.Option{Key: m.Name, Label: m.Name})
	}
	staff.Origin, staff.Fixed = f.origin("loans.staff", f.base.Loans.Staff != "")
	return []web.Field{number("days", "Lama pinjam, hari", f.office.Loans.Days, f.base.Loans.Days > 0),
		number("most", "Buku dan permintaan paling banyak seorang", f.office.Loans.Most, f.base.Loans.Most > 0), staff}, nil
}

func putLoans(f inForce, typed url.Values, into overlayText, wrong map[string]string) {
	for _, x := range []struct {
		name string
		most int
		was  int
	}{{"days", loanDaysMost, f.without.Loans.Days}, {"most", loansMost, f.without.Loans.Most}} {
		if _, fixed := f.origin("loans."+x.name, false); fixed {
			continue
		}
		n, err := strconv.Atoi(oneLine(typed.Get(x.name)))
		if err != nil || n < 1 || n > x.most {
			wrong[x.name] = fmt.Sprintf("Tulis angka 1 sampai %d.", x.most)
			continue
		}
		into.putUnlike("loans", x.name, n, x.was)
	}
	if _, fixed := f.origin("loans.staff", false); !fixed {
		into.putUnlike("loans", "staff", typed.Get("staff"), f.without.Loans.Staff)
	}
}

func fillCategories(f inForce) ([]web.Field, error) {
	all := web.Field{Name: "categories", Label: "Kategori", Kind: web.Lines, Values: f.office.Lists.Categories, Need: true}
	about := web.Field{Name: "about_staff", Label: "Kategori tentang petugas", Kind: web.Lines,
		Values: f.office.Lists.AboutStaff,
		Hint:   "Tulis sama persis seperti di atas."}
	all.Origin, _ = f.origin("office.categories", len(f.base.Office.Categories) > 0)
	about.Origin, _ = f.origin("office.about_staff", f.base.Office.AboutStaff != nil)
	return []web.Field{all, about}, nil
}

func putCategories(f inForce, typed url.Values, into overlayText, wrong map[string]string) {
	all, about := linesOf(typed.Get("categories")), linesOf(typed.Get("about_staff"))
	for i, c := range all {
		if utf8.RuneCountInString(c) > 60 || slices.Contains(all[:i], c) {
			wrong["categories"] = fmt.Sprintf("%q: paling banyak 60 huruf, dan satu kali saja.", c)
		}
	}
	if len(all) == 0 || len(all) > 12 {
		wrong["categories"] = "Tulis 1 sampai 12 kategori."
	}
	for _, c := range about {
		if !slices.Contains(all, c) {
			wrong["about_staff"] = fmt.Sprintf("%q tidak ada pada kategori di atas.", c)
		}
	}
	into.putUnlike("office", "categories", all, f.without.Lists.Categories)
	into.putUnlike("office", "about_staff", append([]string{}, about...), f.without.Lists.AboutStaff)
}
