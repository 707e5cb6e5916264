package pagetable

import (
	"strings"

	"pst/store/holdings/internal/lazy"
)

var (
	none       = lazy.Regexp(`(?i)^(?:[-–—−]+|\.{2,4}|…|n\.?\s?a\.?|n/a)$`)
	written    = lazy.Regexp(`^[-–−]?(\d+|\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+)(?:([.,])(\d+))?$`)
	numberLike = lazy.Regexp(`^[-–−]?\d[\d., ]*$`)
	grouped    = lazy.Regexp(`^[-–−]?[1-9]\d{0,2}[.,]\d{3}$`) // a thousand, or one and some
)

// use is what a mark in a number is for.
type use int

const (
	unknown   use = iota
	thousands     // between groups of three digits
	decimal
	both // it is used for either: nothing can be told
)

// and is a use with one more sign of it.
func (u use) and(o use) use {
	if u == unknown || u == o {
		return o
	}
	return both
}

// marks are what a table, or a book, uses dot and comma for in its numbers.
type marks struct {
	dot, comma use
	spaced     bool // groups of digits are parted by a space
	open       bool // some numbers can only be read by who knows the use: "1.234"
}

// marksOf finds out what these cells use the marks for, from those that can be read in
// one way only.
func marksOf(cells []string) (m marks) {
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if grouped().MatchString(c) {
			m.open = true
			continue
		}
		w := written().FindStringSubmatch(c)
		if w == nil || none().MatchString(c) || w[2] != "" && strings.Contains(w[1], w[2]) {
			continue
		}
		m.spaced = m.spaced || strings.Contains(w[1], " ")
		for mark, u := range map[string]*use{".": &m.dot, ",": &m.comma} {
			if strings.Contains(w[1], mark) && (w[2] != "" || strings.Count(w[1], mark) > 1) {
				*u = u.and(thousands)
			}
			if w[2] == mark {
				*u = u.and(decimal)
			}
		}
	}
	// Where one mark is for decimals the other is for groups, if a space is not.
	if m.comma == decimal && m.dot == unknown && !m.spaced {
		m.dot = thousands
	}
	if m.dot == decimal && m.comma == unknown && !m.spaced {
		m.comma = thousands
	}
	return m
}

// contradict tells whether one mark is used in two ways.
func (m marks) contradict() bool { return m.dot == both || m.comma == both }

// undecided tells whether there are numbers that these marks do not tell how to read.
func (m marks) undecided() bool { return m.open && (m.dot == unknown || m.comma == unknown) }

// value is the number of a cell in plain decimal digits. ok is false for a cell that is
// neither a number that can be read in one way only nor a mark for none.
func (m marks) value(cell string) (v string, ok bool) {
	cell = strings.TrimSpace(cell)
	if none().MatchString(cell) {
		return "", true
	}
	w := written().FindStringSubmatch(cell)
	if w == nil {
		return "", false
	}
	whole, rest := w[1], w[3]
	if grouped().MatchString(cell) {
		at := strings.IndexAny(cell, ".,")
		u := m.dot
		if cell[at] == ',' {
			u = m.comma
		}
		whole, rest = strings.TrimLeft(cell[:at], "-–−"), cell[at+1:]
		switch u {
		case thousands:
			whole, rest = whole+rest, ""
		case decimal:
		default:
			return "", false
		}
	} else if w[2] != "" && strings.Contains(whole, w[2]) {
		return "", false
	}
	v = strings.NewReplacer(" ", "", ".", "", ",", "").Replace(whole)
	if len(v) > 1 && v[0] == '0' {
		return "", false // a code, or a number torn apart
	}
	if rest != "" {
		v += "." + rest
	}
	if cell[0] < '0' || cell[0] > '9' {
		v = "-" + v
	}
	return v, len(v) <= 24
}
