package conversation

import (
	"slices"
	"strconv"
)

// field is one entry of a reader's profile: asked at registration in the state
// of the same name, corrected later by "ubah". Its name for people is the text
// "field:key".
type field struct {
	key    string
	list   func(*Lists) []string // the answers, where they are configured
	set    func(t *turn, p profile, value string) error
	change bool // "ubah" offers it
}

// profile is where the fields of a person rest: in a draft, or in a reader.
type profile struct {
	name *string
	*Profile
}

func (t *turn) filledIn() profile {
	return profile{new(string), &t.filling().Profile}
}

// fields is the table of the profile, in the order in which "ubah" offers it.
var fields = []field{
	{key: "name", change: true, set: func(t *turn, p profile, _ string) error {
		name, err := t.nameHeard()
		if err == nil {
			*p.name = name
		}
		return err
	}},
	{key: "gender", list: func(l *Lists) []string { return l.Genders },
		set: into(func(p *Profile) *string { return &p.Gender })},
	{key: "education", change: true, list: func(l *Lists) []string { return l.Educations },
		set: into(func(p *Profile) *string { return &p.Education })},
	{key: "work", change: true, list: func(l *Lists) []string { return l.Occupations },
		set: into(func(p *Profile) *string { return &p.Occupation })},
	{key: "institution", change: true, set: func(t *turn, p profile, _ string) error {
		place, err := t.institution()
		if err == nil {
			p.Institution = place
		}
		return err
	}},
	{key: "origin", change: true, list: func(l *Lists) []string { return l.Origins },
		set: into(func(p *Profile) *string { return &p.Origin })},
	{key: "disability", list: func(l *Lists) []string { return l.Disabilities },
		set: into(func(p *Profile) *string { return &p.Disability })},
	{key: "birth_year", change: true, set: func(t *turn, p profile, _ string) error {
		year, err := t.birthYear()
		if err == nil {
			p.BirthYear = year
		}
		return err
	}},
}

func into(at func(*Profile) *string) func(*turn, profile, string) error {
	return func(_ *turn, p profile, value string) error {
		*at(p.Profile) = value
		return nil
	}
}

// fieldOf finds a field; ok is false for a key of another version.
func fieldOf(key string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.key == key })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// setField checks a value and keeps it; a value that cannot be is a *refusal.
// Fields without a list read the message.
func (t *turn) setField(key string, p profile, value string) error {
	f, _ := fieldOf(key)
	return f.set(t, p, value)
}

// birthYear reads a year in which a reader may have been born.
func (t *turn) birthYear() (int, error) {
	now := t.at.In(t.office.Zone).Year()
	a := t.message().BirthYear(now)
	year := a.Value
	switch {
	case !a.Heard() || year < now-110 || year > now-5:
		return 0, &refusal{"birth_year.bad", D{"Example": now - 20}}
	case !t.taken(a.Sureness):
		_, err := t.doubt("birth_year.sure", strconv.Itoa(year), D{"Year": year})
		return 0, err
	}
	return year, nil
}

// institution reads where somebody works or studies; "" where there is none.
func (t *turn) institution() (string, error) {
	a := t.message().Institution()
	place := oneLine(a.Value.Name)
	switch n := len([]rune(place)); {
	case a.Heard() && a.Value.Nowhere:
		return "", nil
	case !a.Heard() || n < 2 || n > 100 || letters(place) < 2:
		return "", &refusal{"institution.bad", nil}
	case !t.taken(a.Sureness):
		return t.doubt("institution.doubt", place, D{"Name": place})
	}
	return place, nil
}

// listOf is the configured list of a field.
func listOf(key string) func(*turn) []string {
	f, _ := fieldOf(key)
	return func(t *turn) []string { return f.list(&t.office.Lists) }
}

// fieldLines are the answers of a row that fills in a field from its list; no
// next question ends the profile.
func fieldLines(key, next string) []option {
	leads := []string{next}
	if next == "" {
		leads = profileEnds
	}
	return lines(func(t *turn) (string, error) {
		t.s.Data.ListPage = 0
		if err := t.setField(key, t.filledIn(), t.subject); err != nil || next != "" {
			return next, err
		}
		return t.profileFilled()
	}, leads...)
}

// skipField leaves a field empty.
func skipField(key, next, more string) option {
	leads := []string{next}
	if next == "" {
		leads = profileEnds
	}
	return option{key: "skip", do: func(t *turn) (string, error) {
		if f, _ := fieldOf(key); f.list == nil {
			t.filling().Profile.Institution = ""
		} else if err := f.set(t, t.filledIn(), ""); err != nil {
			return "", err
		}
		if next == "" {
			return t.profileFilled()
		}
		return next, nil
	}, leads: leads, typed: true, words: "lewati, lewat, skip, -, kosong" + more}
}
