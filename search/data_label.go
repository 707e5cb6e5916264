package search

import (
	"slices"
	"strings"
)

// label reads a row's or a column's label.
func (t *tables) label(texts []string, unit string) label {
	l := label{units: map[string]bool{}, stems: map[string]bool{}, exact: map[string]bool{}}
	for u := range unitsIn(unit) {
		l.units[u] = true
	}
	var key []string
	for _, text := range texts {
		p := t.labelPart(text, &l)
		if len(p.forms) == 0 {
			continue
		}
		l.levels = append(l.levels, p)
		key = append(key, strings.Join(p.forms[0], " "))
		for _, f := range p.forms {
			for _, w := range f {
				l.stems[w] = true
			}
		}
	}
	if n := len(l.levels); n > 0 {
		l.total = t.isTotal(l.levels[n-1])
	} else {
		l.total = l.year != "" // "Tahun 2020": the whole, in another year than the others
	}
	l.key = strings.Join(key, " / ")
	return l
}

// isTotal tells whether a label means all of the others together.
func (t *tables) isTotal(p labelPart) bool {
	return slices.ContainsFunc(p.forms, func(f []string) bool {
		s := strings.Join(f, " ")
		return s == "lp" || s == "l p" || s == "laki laki dan perempuan" || s == "laki laki perempuan" ||
			s == "total jumlah" ||
			!slices.ContainsFunc(f, func(w string) bool { return !t.data.total[w] })
	})
}

// labelPart reads one level: what stands in brackets is a unit, a short form, or more
// of the same; what a slash parts is said either way.
func (t *tables) labelPart(text string, l *label) labelPart {
	text = yearGlued.ReplaceAllString(normal(text), "$1 $2")
	text = ordinal.ReplaceAllString(text, "")
	text = spaced.ReplaceAllStringFunc(text, func(s string) string { return strings.ReplaceAll(s, " ", "") })
	text = eitherOf.ReplaceAllString(text, "$1")
	var p labelPart
	for _, m := range brackets.FindAllStringSubmatch(text, -1) {
		text = strings.Replace(text, m[0], " ", 1)
		ws := t.dataStems(m[1])
		switch {
		case isUnit(m[1]):
			for u := range unitsIn(m[1]) {
				l.units[u] = true
			}
		case len(ws) == 1 && len(ws[0]) <= shortWord && strings.ToUpper(m[1]) == m[1] && !hasDigit(m[1]):
			p.forms = append(p.forms, ws)
		default:
			for _, w := range ws {
				l.stems[w] = true
			}
		}
	}
	var forms [][]string
	for _, way := range slashed(text) {
		var ws []string
		for _, w := range t.indonesian(dataTokens(way)) {
			if m := yearPair.FindStringSubmatch(w); m != nil {
				l.year = spanOf(m)
				continue
			}
			if yearLike.MatchString(w) {
				l.year = w[:4]
				continue
			}
			for _, x := range t.spelled([]string{w}) {
				l.exact[x] = true
			}
			ws = append(ws, t.stemData([]string{w})...)
		}
		ws = slices.DeleteFunc(ws, func(w string) bool { return w == "tahun" || w == "year" })
		if len(ws) > 0 {
			forms = append(forms, ws)
		}
	}
	if len(forms) > 1 && t.apart(forms) || len(forms) > mostForms {
		forms = [][]string{slices.Concat(forms...)}
	}
	p.forms = append(forms, p.forms...)
	return p
}

// mostForms is how many ways to say a thing slashes part; more are things told together.
const mostForms = 3

// indonesian cuts off what stands behind a label in English: "Guru Teacher".
func (t *tables) indonesian(ws []string) []string {
	n := len(ws)
	for n > 0 && t.data.english[ws[n-1]] {
		n--
	}
	if n == 0 {
		return ws
	}
	return ws[:n]
}

// slashed parts a label at its slashes, but for those between figures.
func slashed(text string) []string {
	var out []string
	from := 0
	for i := 1; i+1 < len(text); i++ {
		if text[i] == '/' && !(isDigits(text[i-1:i]) && isDigits(text[i+1:i+2])) {
			out, from = append(out, text[from:i]), i+1
		}
	}
	return append(out, text[from:])
}

// apart tells whether what a slash parts is different things that are told together
// ("SD/MI"), not one thing in two ways.
func (t *tables) apart(forms [][]string) bool {
	known := 0
	for _, f := range forms {
		if len(t.terms[strings.Join(f, " ")]) > 0 {
			known++
		}
	}
	if known < 2 {
		return false
	}
	first := t.alike(forms[0])
	return !slices.ContainsFunc(first, func(a []string) bool { return slices.Equal(a, forms[1]) })
}
