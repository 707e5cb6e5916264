package search

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// addWorld reads a line of the table of places elsewhere:
//
//	kode pertama | tingkat | nama = sebutan lain = …; nama; …
//
// Names are in the order of the official codes (Kepmendagri and BPS number the
// regencies of a province from 01, its cities from 71); "-" leaves a code out. A
// name with ! before it is a place only after "kota", "kabupaten" and the like,
// because it is an everyday word too. Countries have the code 0.
func (t *tables) addWorld(_, line string) error {
	cells := strings.Split(line, "|")
	if len(cells) != 3 {
		return fmt.Errorf("%q is not of the form: kode | tingkat | nama; nama", line)
	}
	level, ok := map[string]level{
		"provinsi": province, "kabupaten": regency, "kota": regency, "negara": country,
	}[strings.TrimSpace(cells[1])]
	if !ok {
		return fmt.Errorf("unknown level %q", strings.TrimSpace(cells[1]))
	}
	code, err := strconv.Atoi(strings.TrimSpace(cells[0]))
	if err != nil || code < 0 || code > 9999 {
		return fmt.Errorf("code %q is no number of four digits", strings.TrimSpace(cells[0]))
	}
	for _, names := range strings.Split(cells[2], ";") {
		a := area{level: level, office: fmt.Sprintf("%04d", code), away: true}
		if level == country {
			a.office = countryOffice
		} else {
			code++
		}
		names = strings.TrimSpace(names)
		if names == "-" {
			continue
		}
		names, a.alone = strings.CutPrefix(names, "!")
		for i, name := range strings.Split(names, "=") {
			ws := strings.Join(words(name), " ")
			switch {
			case ws == "":
				return errors.New("place without a name")
			case i == 0:
				a.name, a.title = ws, strings.TrimSpace(name)
			default:
				a.others = append(a.others, ws)
			}
		}
		t.world = append(t.world, a)
	}
	return nil
}

// countryOffice stands for the offices of other countries: we hold nothing of theirs.
const countryOffice = "9999"

// withWorld joins the places elsewhere that no nearer place is called.
func (a *atlas) withWorld(world []area) *atlas {
	near := map[string]bool{}
	for name, list := range a.byName {
		near[name] = slices.ContainsFunc(list, func(ar area) bool { return !ar.alone })
	}
	for _, w := range world {
		for _, name := range append([]string{w.name}, w.others...) {
			for _, part := range strings.Fields(name) {
				a.parts[part] = true
			}
			if !near[name] {
				a.add(name, w)
			}
		}
	}
	return a
}

// trade are the subjects for which another country is a partner in our own figures.
var trade = []string{"ekspor", "impor", "wisata", "mancanegara", "migran", "dagang", "tamu", "kunjung", "asing",
	"investasi"}

// leave takes the places out of the areas asked for that nothing is held about.
func (m *meaning) leave() {
	for _, a := range m.areas {
		if a.away {
			m.away = append(m.away, a)
		}
	}
	m.areas = slices.DeleteFunc(m.areas, func(a area) bool { return a.away })
}

// elsewhere tells whether the query is about a place that nothing is held about.
// One that also names an area of ours is about that; one about trade with
// another country is about ours.
func (m meaning) elsewhere() bool {
	if len(m.away) == 0 || len(m.areas) > 0 {
		return false
	}
	abroad := !slices.ContainsFunc(m.away, func(a area) bool { return a.level != country })
	return !abroad || !slices.ContainsFunc(trade, func(w string) bool { f, _ := m.says(w); return f > 0 })
}
