package pagetable

import (
	"strings"

	"pst/store/holdings/internal/lazy"
)

var (
	none       = lazy.Regexp(`(?i)^(?:[-–—−]+|\.{2,4}|…|n\.?\s?a\.?|n/a)$`)
	spaced     = lazy.Regexp(`^[-–−]?\d{1,3}(?: \d{3})+(?:,\d+)?$`)
	dotted     = lazy.Regexp(`^[-–−]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$`)
	plain      = lazy.Regexp(`^[-–−]?\d+(?:,\d+)?$`)
	oneDot     = lazy.Regexp(`^[-–−]?\d+\.\d+$`)
	numberLike = lazy.Regexp(`^[-–−]?\d[\d., ]*$`)
)

// style is how a table writes numbers: what a dot is, where both readings are possible.
type style int

const (
	unknown      style = iota
	dotThousands       // 1.234,5
	dotDecimal         // 1234.5
)

// styleOf finds out how these cells write numbers; ok is false where they contradict.
func styleOf(cells []string) (st style, ok bool) {
	thousands, decimal := false, false
	three, other := false, false // digits behind a comma
	for _, c := range cells {
		if at := strings.LastIndexByte(c, ','); at >= 0 && numberLike().MatchString(c) {
			three = three || len(c)-at == 4
			other = other || len(c)-at != 4
		}
		switch {
		case !strings.Contains(c, "."), none().MatchString(c), !numberLike().MatchString(c):
		case dotted().MatchString(c):
			if strings.Contains(c, ",") || strings.Count(c, ".") > 1 {
				thousands = true
			}
		case oneDot().MatchString(c):
			decimal = true
		}
	}
	switch {
	case thousands && decimal, three && !other && !thousands:
		return unknown, false // nobody can tell whether 1,234 is a thousand or one
	case thousands:
		return dotThousands, true
	case decimal:
		return dotDecimal, true
	}
	return unknown, true
}

// value is the number of a cell in plain decimal digits. ok is false for a cell that is
// neither a number that can be read in one way only nor a mark for none.
func (st style) value(cell string) (v string, ok bool) {
	cell = strings.TrimSpace(cell)
	if none().MatchString(cell) {
		return "", true
	}
	switch {
	case spaced().MatchString(cell), plain().MatchString(cell):
		if comma := strings.IndexByte(cell, ','); comma > 0 && len(cell)-comma == 4 && st == dotDecimal {
			return "", false // 1,234 where 1.5 is one and a half
		}
	case st == dotThousands && dotted().MatchString(cell):
	case st == dotDecimal && oneDot().MatchString(cell):
		cell = strings.ReplaceAll(cell, ".", ",")
	default:
		return "", false
	}
	cell = strings.NewReplacer(" ", "", ".", "", "–", "-", "−", "-").Replace(cell)
	v = strings.ReplaceAll(cell, ",", ".")
	if zeros := strings.TrimPrefix(v, "-"); len(zeros) > 1 && zeros[0] == '0' && zeros[1] != '.' {
		return "", false // a code, or a number torn apart
	}
	return v, len(v) <= 24
}
