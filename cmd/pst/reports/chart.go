package reports

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"unicode/utf8"

	"pst/conversation"
)

// Charts are drawn in black on white, so that a copy of a copy can be read: a bar is
// black, a closed one is an empty frame with broken lines. Measures are units of the
// picture, which is as wide as the page.
const (
	wide     = 680.0
	size     = 13.0 // of letters
	barHigh  = 13.0
	rowHigh  = 37.0 // a label over its bar
	plotHigh = 170.0
	valueGap = 6.0
	// letter is how wide a letter is at most on the average of a long text in capitals.
	letter = 0.76 * size
	// digit is how wide a digit is.
	digit = 0.57 * size
)

// chart draws the first column of a table; "" for a table without one.
func chart(t conversation.Table) template.HTML {
	if t.Sentence() != "" {
		return ""
	}
	switch t.Chart {
	case conversation.Bars:
		return bars(t)
	case conversation.Columns:
		return columns(t)
	}
	return ""
}

// picture frames a drawing with its title and what it says in words.
func picture(t conversation.Table, high float64, body string) template.HTML {
	var b strings.Builder
	title, desc := "j-"+t.Key, "u-"+t.Key
	fmt.Fprintf(&b, `<svg role="img" viewBox="0 0 %s %s" aria-labelledby="%s" aria-describedby="%s">`, units(wide),
		units(high), title, desc)
	fmt.Fprintf(&b, `<title id="%s">%s</title><desc id="%s">%s</desc>`, title, escaped(t.Name), desc, escaped(said(t)))
	b.WriteString(body + "</svg>")
	return template.HTML(b.String())
}

func escaped(s string) string { return template.HTMLEscapeString(s) }

func units(n float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") }

// said is the chart in words.
func said(t conversation.Table) string {
	var parts []string
	for _, r := range t.Rows {
		parts = append(parts, r.Label+" "+t.Columns[0].Unit.Write(r.Values[0]))
	}
	kind := "Diagram batang"
	if t.Chart == conversation.Columns {
		kind = "Diagram kolom"
	}
	return kind + ": " + strings.Join(parts, "; ") + "."
}

// top is the value of a bar of full length.
func top(t conversation.Table) float64 {
	most := t.Top
	for _, r := range t.Rows {
		if t.Top == 0 {
			most = math.Max(most, r.Values[0].N)
		}
	}
	if most == 0 {
		return 1
	}
	return most
}

// shortened cuts a text to what fits into so many units.
func shortened(s string, room float64) string {
	most := int(room / letter)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

func bars(t conversation.Table) template.HTML {
	var b strings.Builder
	most, y := top(t), 0.0
	const room = wide - 100 // the number stands behind the bar
	for _, r := range t.Rows {
		v := r.Values[0]
		written := t.Columns[0].Unit.Write(v)
		fmt.Fprintf(&b, `<text x="2" y="%s" font-size="%s">%s</text>`, units(y+size), units(size),
			escaped(shortened(r.Label, wide)))
		long := room * math.Min(v.N/most, 1)
		switch {
		case v.Closed:
			long = room / 6
			fmt.Fprintf(&b, `<rect x="0.5" y="%s" width="%s" height="%s" fill="none" stroke="#000" stroke-dasharray="3 3"/>`,
				units(y+size+6.5),
				units(long), units(barHigh-1))
		case long > 0:
			fmt.Fprintf(&b, `<rect x="0" y="%s" width="%s" height="%s" fill="#000"/>`, units(y+size+6), units(math.Max(long, 1)),
				units(barHigh))
		}
		fmt.Fprintf(&b, `<text x="%s" y="%s" font-size="%s">%s</text>`, units(long+valueGap), units(y+size+6+barHigh-2),
			units(size), escaped(written))
		y += rowHigh
	}
	return picture(t, y, b.String())
}

func columns(t conversation.Table) template.HTML {
	var b strings.Builder
	n := len(t.Rows)
	step := wide / float64(n)
	most, base := top(t), plotHigh+size+6
	// A label, or a number, is left out where it would run into the one before it.
	ends := func(of func(conversation.Row) string) int {
		longest := 1.0
		for _, r := range t.Rows {
			longest = math.Max(longest, width(of(r)))
		}
		return int(math.Ceil((longest + 3) / step))
	}
	labelled := ends(func(r conversation.Row) string { return r.Label })
	number := func(r conversation.Row) string { return over(t, r) }
	numbered := ends(number)
	for i, r := range t.Rows {
		v := r.Values[0]
		x, middle := float64(i)*step, (float64(i)+0.5)*step
		high := plotHigh * math.Min(v.N/most, 1)
		thick := math.Min(step*0.7, 40)
		switch {
		case v.Closed:
			high = plotHigh / 12
			fmt.Fprintf(&b, `<rect x="%s" y="%s" width="%s" height="%s" fill="none" stroke="#000" stroke-dasharray="3 3"/>`,
				units(x+(step-thick)/2), units(base-high), units(thick), units(high))
		case high > 0:
			fmt.Fprintf(&b, `<rect x="%s" y="%s" width="%s" height="%s" fill="#000"/>`, units(x+(step-thick)/2),
				units(base-math.Max(high, 1)),
				units(thick), units(math.Max(high, 1)))
		}
		if s := number(r); s != "" && (numbered == 1 || v.N == most && first(t, most) == i) {
			b.WriteString(centred(middle, base-high-4, s))
		}
		if i%labelled == 0 {
			b.WriteString(centred(middle, base+size+4, r.Label))
		}
	}
	fmt.Fprintf(&b, `<line x1="0" y1="%s" x2="%s" y2="%s" stroke="#000"/>`, units(base), units(wide), units(base))
	return picture(t, base+size+10, b.String())
}

// over is the number over a column.
func over(t conversation.Table, r conversation.Row) string {
	if v := r.Values[0]; v.Closed || v.N == 0 {
		return ""
	}
	return t.Columns[0].Unit.Write(r.Values[0])
}

// width is how wide a text is at most.
func width(s string) float64 {
	w := 0.0
	for _, r := range s {
		if r >= '0' && r <= '9' || r == '/' || r == '.' || r == ' ' {
			w += digit
		} else {
			w += letter
		}
	}
	return w
}

// repeats tells whether a table would only repeat what stands in its chart.
func repeats(t conversation.Table) bool {
	if len(t.Columns) != 1 || t.Sentence() != "" {
		return false
	}
	for _, r := range t.Rows {
		if t.Chart == conversation.Columns && width(over(t, r))+3 > wide/float64(len(t.Rows)) ||
			shortened(r.Label, wide) != r.Label {
			return false
		}
	}
	return t.Chart != conversation.NoChart
}

// first is the first row that has a value.
func first(t conversation.Table, n float64) int {
	for i, r := range t.Rows {
		if !r.Values[0].Closed && r.Values[0].N == n {
			return i
		}
	}
	return -1
}

// centred writes a text around a middle, but inside the picture.
func centred(middle, y float64, s string) string {
	half := width(s) / 2
	middle = math.Max(half, math.Min(middle, wide-half))
	return fmt.Sprintf(`<text x="%s" y="%s" font-size="%s" text-anchor="middle">%s</text>`, units(middle), units(y),
		units(size), escaped(s))
}
