package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pst/conversation"
)

// tie binds a key of pst.toml to what it sets in the office: it is read, checked and
// shown here alone.
type tie struct {
	take func() error // sets it in the office where pst.toml says something, and checks what then holds
	show func()       // writes what holds as pst.toml would say it
}

// ties binds a configuration and an office. Those of a list that another depends on
// come first.
func ties(c *config, o *conversation.Office) []tie {
	var out []tie
	for _, f := range facts {
		in := f.in(&c.Office)
		out = append(out, tieOf(in, f.of(o), func(text string) bool { return strings.TrimSpace(text) != "" },
			func(text *string) error { *text = strings.TrimSpace(*text); return nil }))
	}
	list := func(key string, in, of *[]string) tie {
		return tieOf(in, of, func(l []string) bool { return len(l) > 0 }, func(l *[]string) error {
			if len(*l) > 12 || slices.Contains(*l, "") {
				return forPeople{fmt.Errorf("office.%s: 1 to 12 entries, none empty", key),
					"Daftar itu memuat 1 sampai 12 baris."}
			}
			return nil
		})
	}
	from, to := &c.Office, &o.Lists
	return append(out,
		list("genders", &from.Genders, &to.Genders),
		list("educations", &from.Educations, &to.Educations),
		list("occupations", &from.Occupations, &to.Occupations),
		list("origins", &from.Origins, &to.Origins),
		list("disabilities", &from.Disabilities, &to.Disabilities),
		list("purposes", &from.Purposes, &to.Purposes),
		list("categories", &from.Categories, &to.Categories),
		tieOf(&from.AboutStaff, &to.AboutStaff, func(l []string) bool { return l != nil },
			func(l *[]string) error { return aboutStaffRight(*l, to.Categories) }),
		tieOf(&from.Consent, &o.Consent, positive, anyNumber),
		tieOf(&from.KeepYears, &o.KeepYears, positive, anyNumber),
		tieOf(&c.Loans.Days, &o.Loans.Days, notZero, loansUpTo(loanDaysMost)),
		tieOf(&c.Loans.Most, &o.Loans.Most, notZero, loansUpTo(loansMost)),
		tieOf(&c.Loans.Staff, &o.Loans.Staff, func(s string) bool { return s != "" },
			func(*string) error { return nil })) // whether there is such a member is known with the staff
}

// tieOf ties two values; said tells whether pst.toml says anything, right mends and
// checks what holds.
func tieOf[T any](in, of *T, said func(T) bool, right func(*T) error) tie {
	return tie{
		func() error {
			if said(*in) {
				*of = *in
			}
			return right(of)
		},
		func() { *in = *of },
	}
}

func positive(n int) bool { return n > 0 }
func notZero(n int) bool  { return n != 0 }

func anyNumber(*int) error { return nil }

// The furthest that an office lets books be lent as a rule, and how many.
const (
	loanDaysMost = 90
	loansMost    = 20
)

func loansUpTo(most int) func(*int) error {
	return func(n *int) error {
		if *n < 1 || *n > most {
			return forPeople{fmt.Errorf("loans: days must be 1 to %d, most 1 to %d", loanDaysMost, loansMost),
				fmt.Sprintf("Lama pinjam 1 sampai %d hari, paling banyak 1 sampai %d buku.", loanDaysMost, loansMost)}
		}
		return nil
	}
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
	c := config{Office: officeConfig{Code: o.Code, Zone: o.Zone.String()}}
	for _, t := range ties(&c, &o) {
		t.show()
	}
	for _, h := range o.Hours {
		at := func(d time.Duration) string { return time.Time{}.Add(d).Format("15:04") }
		c.Office.Hours = append(c.Office.Hours, dayNames[h.Day]+" "+at(h.From)+"-"+at(h.To))
	}
	return c
}
