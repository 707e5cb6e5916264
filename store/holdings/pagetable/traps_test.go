package pagetable

import (
	"slices"
	"strings"
	"testing"

	"pst/conversation"
)

// with is a plan with one thing changed.
func (p plan) with(change func(*plan)) plan {
	p.rows = slices.Clone(p.rows)
	for i := range p.rows {
		p.rows[i] = slices.Clone(p.rows[i])
	}
	p.heads = slices.Clone(p.heads)
	change(&p)
	return p
}

// kept are the headings of the columns of all tables.
func kept(t *testing.T, p plan) string {
	t.Helper()
	var out []string
	for _, d := range onOnePage(t, p) {
		for _, c := range d.Columns {
			out = append(out, strings.Join(c.Header, " > "))
		}
	}
	return strings.Join(out, ", ")
}

func TestWhatIsNotSureIsLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*plan)
		want   string // columns that may still be believed
	}{
		"nothing wrong":                {func(*plan) {}, "Laki-laki, Perempuan, Jumlah"},
		"a missing cell":               {func(p *plan) { p.rows[1][2] = "" }, "Laki-laki, Jumlah"},
		"a row without values":         {func(p *plan) { p.rows[1] = []string{"2. Gantung", "", "", ""} }, ""},
		"a total that does not add up": {func(p *plan) { p.rows[3][1] = "2 315" }, "Perempuan, Jumlah"},
		"most totals do not add up":    {func(p *plan) { p.rows[3] = []string{"Jumlah", "1", "2", "3"} }, ""},
		"a number torn apart":          {func(p *plan) { p.rows[0][1] = "12 50" }, "Laki-laki, Perempuan, Jumlah"},
		"a word among the numbers":     {func(p *plan) { p.rows[0][2] = "ada" }, "Laki-laki, Perempuan, Jumlah"},
		"words among the numbers":      {func(p *plan) { p.rows[0][2], p.rows[1][2] = "ada", "ada" }, "Laki-laki, Jumlah"},
		"two rows of one name":         {func(p *plan) { p.rows[1][0] = "1. Mentawak" }, ""},
		"two columns of one name":      {func(p *plan) { p.heads[1] = "Laki-laki" }, ""},
		"a column without a heading":   {func(p *plan) { p.heads[1] = "" }, ""},
		"thousands, as the sums tell":  {func(p *plan) { swap(p, " ", ",") }, "Laki-laki, Perempuan, Jumlah"},
		"thousand or one and a half": {func(p *plan) {
			swap(p, " ", ".")
			p.rows = p.rows[:2]
			p.rows[1][1] = "1.980"
		}, ""},
		"no number of the table": {func(p *plan) { p.number = "" }, ""},
		"a label without a name": {func(p *plan) { p.rows[1][0] = "2." }, ""},
		"a village that is called a note": {func(p *plan) { p.rows[1][0] = "2. Sumber Jaya" },
			"Laki-laki, Perempuan, Jumlah"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := kept(t, people.with(c.change)); got != c.want {
				t.Errorf("believed: %q, want %q", got, c.want)
			}
		})
	}
}

// Of a column that is kept a cell that cannot be read, or is blank, has no number.
func TestCellsThatCannotBeReadHaveNoNumber(t *testing.T) {
	for name, cell := range map[string]string{"torn": "12 50", "a word": "ada", "a code": "007"} {
		got := onOnePage(t, people.with(func(p *plan) { p.rows[0][1] = cell }))
		if len(got) != 1 || len(got[0].Columns) != 3 ||
			got[0].Rows[0].Cells[0].Value != "" || got[0].Rows[1].Cells[0].Value != "980" {
			t.Errorf("%s: got\n%s", name, said(got))
		}
	}
}

// Headings that stand close to each other over close columns keep their own lines.
func TestHeadingsCloseToEachOther(t *testing.T) {
	m := &sheetMaker{number: 3}
	people.with(func(p *plan) { p.heads = []string{"", "", "Jumlah"} }).set(m, 700)
	for _, y := range []float64{668, 660} {
		for i, text := range [][]string{{"Sapi Perahannya", "Dairy Cow"}, {"Sapi Potonganku", "Beef Cow"}} {
			if y > 665 {
				m.center(190+60*float64(i), y, size, text[0])
			} else {
				m.center(190+60*float64(i), y, size, text[1], true)
			}
			m.put(0, 0, size, "  ") // another cell
		}
	}
	var r Reader
	r.Left = func(page int, number, why string) { t.Log(why) }
	r.Page(m.page())
	got := said(r.Tables())
	if !strings.Contains(got, "| Sapi Perahannya [2021]") || !strings.Contains(got, "| Sapi Potonganku [2021]") {
		t.Errorf("got\n%s", got)
	}
}

func swap(p *plan, old, now string) {
	for _, r := range p.rows {
		for i := range r[1:] {
			r[i+1] = strings.ReplaceAll(r[i+1], old, now)
		}
	}
}

// A book's own sums tell whether it can be read; without ruling and order a table
// without sums has nothing that speaks for it.
func TestTableWithoutSumsNeedsRulingAndOrder(t *testing.T) {
	schools := people.with(func(p *plan) {
		p.heads = []string{"TK", "SD", "SMP"}
		p.rows = [][]string{{"1. Mentawak", "3", "4", "1"}, {"2. Gantung", "2", "5", "-"}, {"3. Lilangan", "1", "1", "0"}}
	})
	if got := kept(t, schools); got != "TK, SD, SMP" {
		t.Fatalf("ruled and in order: %q", got)
	}
	m := &sheetMaker{number: 1}
	schools.set(m, 700)
	m.rules = nil
	var bare Reader
	bare.Page(m.page())
	if got := said(bare.Tables()); got != "" {
		t.Errorf("without ruling: %q", got)
	}
	m = &sheetMaker{number: 1}
	schools.set(m, 700)
	for i, j := 0, len(m.chars)-1; i < j; i, j = i+1, j-1 {
		m.chars[i], m.chars[j] = m.chars[j], m.chars[i]
		m.slant[i], m.slant[j] = m.slant[j], m.slant[i]
	}
	var turned Reader
	turned.Page(m.page())
	if got := said(turned.Tables()); got != "" {
		t.Errorf("written backwards: %q", got)
	}
}

func TestTablesGoOnOverPages(t *testing.T) {
	more := people.with(func(p *plan) {
		p.continued, p.first, p.heads = true, 5, []string{"Keluarga", "RT"}
		p.rows = [][]string{
			{"1. Mentawak", "700", "12"},
			{"2. Gantung", "510", "9"},
			{"3. Lilangan", "25", "1"},
			{"Kecamatan Gantung", "1 235", "22"},
		}
	})
	read := func(second plan, between ...plan) string {
		var r Reader
		for i, p := range append(append([]plan{people}, between...), second) {
			m := &sheetMaker{number: i + 1}
			p.set(m, 700)
			r.Page(m.page())
		}
		return said(r.Tables())
	}
	if got := read(more); !strings.Contains(got, "2. Gantung | 980=980 | 1 020=1020 | 2 000=2000 | 510=510@2 | 9=9@2\n") {
		t.Errorf("columns go on: got\n%s", got)
	}
	other := people.with(func(p *plan) { p.number = "3.2" })
	for name, got := range map[string]string{
		"of another table":     read(more.with(func(p *plan) { p.number = "3.9" })),
		"with other rows":      read(more.with(func(p *plan) { p.rows[1][0] = "2. Limbongan" })),
		"with columns met":     read(more.with(func(p *plan) { p.first = 2 })),
		"behind another table": read(more, other),
	} {
		if strings.Contains(got, "510") {
			t.Errorf("goes on %s: got\n%s", name, got)
		}
	}
	first := people.with(func(p *plan) { p.rows = p.rows[:2] })
	rest := people.with(func(p *plan) { p.rows = p.rows[2:]; p.continued = true })
	var r Reader
	for i, p := range []plan{first, rest} {
		m := &sheetMaker{number: i + 1}
		p.set(m, 700)
		r.Page(m.page())
	}
	if got := r.Tables(); len(got) != 1 || len(got[0].Rows) != 4 || got[0].Rows[2].Page != 2 || len(got[0].Columns) != 3 {
		t.Errorf("rows go on: got\n%s", said(got))
	}
}

func TestTwoTablesOnOnePage(t *testing.T) {
	m := &sheetMaker{number: 3}
	y := people.set(m, 700)
	people.with(func(p *plan) { p.number = "3.2"; p.title = "Jumlah Penduduk, 2020" }).set(m, y)
	var r Reader
	r.Page(m.page())
	if got := r.Tables(); len(got) != 2 || len(got[0].Rows) != 4 || len(got[1].Rows) != 4 ||
		got[1].Columns[0].Year != "2020" {
		t.Errorf("got\n%s", said(got))
	}
}

// A page that lies on its side is read as one that stands; what is printed across it
// is not seen.
func TestPageOnItsSideAndAcross(t *testing.T) {
	m := &sheetMaker{number: 3}
	people.set(m, 700)
	for i, c := range m.chars {
		m.chars[i] = Char{Rune: c.Rune, Left: -c.Top, Right: -c.Bottom, Bottom: c.Left, Top: c.Right, Angle: 1.5707963}
	}
	for i, r := range m.rules {
		m.rules[i] = Rect{-r.Y1, r.X0, -r.Y0, r.X1}
	}
	for i := range 20 {
		at := float64(i) * 8
		m.chars = append(m.chars, Char{Rune: '7',
			Left: -650 + at, Right: -645 + at, Bottom: 100 + at, Top: 106 + at, Angle: 0.8})
		m.slant = append(m.slant, false)
	}
	var r Reader
	r.Page(m.page())
	if got := r.Tables(); len(got) != 1 || len(got[0].Columns) != 3 {
		t.Errorf("got\n%s", said(got))
	}
}

// A raised digit beside a number or a label is the mark of a footnote.
func TestMarksOfFootnotesAreNoDigits(t *testing.T) {
	m := &sheetMaker{number: 3}
	people.with(func(p *plan) { p.rows[0][1] = "" }).set(m, 700)
	// 1 250 with a raised 3: beside the number, and one beside the label.
	y := 700.0 - 24 - 18 - 14 - 14
	m.right(210, y, size, "1 250")
	end := m.chars[len(m.chars)-2]
	mark := Char{Rune: '3', Left: end.Right + 0.3, Right: end.Right + 2.3, Bottom: y + 0.4*size, Top: y + 0.8*size}
	m.chars[len(m.chars)-1] = mark
	var r Reader
	r.Page(m.page())
	for _, d := range r.Tables() {
		for _, c := range d.Rows[0].Cells {
			if strings.Contains(c.Value, "12503") {
				t.Errorf("got\n%s", said([]conversation.DataTable{d}))
			}
		}
	}
}

// A heading over several columns is never taken for that of the one it stands above.
func TestHeadingOverSeveralColumns(t *testing.T) {
	over := func(rule bool) string {
		m := &sheetMaker{number: 3}
		people.set(m, 700)
		for i := range m.rules {
			if m.rules[i].Y0 == 700-24 {
				m.rules[i].Y0, m.rules[i].Y1 = 686, 686.5 // room above
			}
		}
		m.center(250, 677, size, "Penduduk")
		if rule {
			m.rules = append(m.rules, Rect{161, 674, 339, 674.5})
		}
		var r Reader
		r.Page(m.page())
		return said(r.Tables())
	}
	if got := over(true); !strings.Contains(got, "| Penduduk > Laki-laki [2021]") ||
		!strings.Contains(got, "| Penduduk > Jumlah [2021]") {
		t.Errorf("ruled below: got\n%s", got)
	}
	if got := over(false); strings.Contains(got, "Penduduk Perempuan") {
		t.Errorf("nothing ruled below: got\n%s", got)
	}
}

func TestNumbersAreReadInOneWayOnly(t *testing.T) {
	for _, c := range []struct{ cells, want string }{
		{"27 914|1 234,5|-3|0", "27914|1234.5|-3|0"},
		{"1.234,5|856|1.000.000", "1234.5|856|1000000"},
		{"1,234.5|856|1,000", "1234.5|856|1000"},
		{"45.6|12|3 778.00", "45.6|12|3778.00"},
		{"12,5|1.234", "12.5|1234"},
		{"12,5|1.234|4 500", "12.5|?|4500"}, // the dot parts no groups here
		{"0,125|1,234", "0.125|1.234"},
		{"-|–|...|…|NA|n.a.", "|||||"},
		{"1.234", "?"},
		{"1,234|2,500", "?|?"},
		{"64,710,00|12", "?|12"},
		{"1 23|12 34 5|1 2345|1,2,3|007|12a|±14|1.5.2|0 123", "?|?|?|?|?|?|?|?|?"},
	} {
		cells := strings.Split(c.cells, "|")
		m := marksOf(cells)
		var got []string
		for _, cell := range cells {
			v, sure := m.value(cell)
			if !sure {
				v = "?"
			}
			got = append(got, v)
		}
		if strings.Join(got, "|") != c.want || m.contradict() {
			t.Errorf("%s: got %s, want %s", c.cells, strings.Join(got, "|"), c.want)
		}
	}
	for _, cells := range []string{"1.234.567|4.5", "1,234,567|4,5", "1,234.5|1.234,5"} {
		if !marksOf(strings.Split(cells, "|")).contradict() {
			t.Errorf("%s: one mark is used in two ways", cells)
		}
	}
}

// A title whose two languages name different years, or whose totals name another, is of
// no year that anybody knows.
func TestYearsThatContradictAreNotBelieved(t *testing.T) {
	read := func(title, english, total string) string {
		m := &sheetMaker{number: 3}
		people.with(func(p *plan) { p.title = title; p.rows[3][0] = total }).set(m, 700)
		m.put(200, 688, size, english, true)
		var r Reader
		r.Page(m.page())
		return said(r.Tables())
	}
	for _, c := range []struct{ title, english, total, want string }{
		{"Jumlah Penduduk, 2021", "2021", "Jumlah", "[2021]"},
		{"Jumlah Penduduk, 2021", "", "Kecamatan Gantung 2021", "[2021]"},
		{"Jumlah Penduduk", "2021", "Jumlah", "[2021]"},
		{"Jumlah Penduduk, 2021", "2020", "Jumlah", ""},
		{"Jumlah Penduduk, 2021", "", "Kecamatan Gantung 2020", ""},
	} {
		got := read(c.title, c.english, c.total)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s / %s / %s: got\n%s", c.title, c.english, c.total, got)
		}
	}
}

// Two tables that the book gives one number are both kept, each under a name of its own.
func TestTwoTablesOfOneNumber(t *testing.T) {
	var r Reader
	for page, p := range []plan{people, people.with(func(p *plan) { p.title = "Jumlah Murid, 2021" })} {
		m := &sheetMaker{number: page + 1}
		p.set(m, 700)
		r.Page(m.page())
	}
	if got := r.Tables(); len(got) != 2 || got[0].Key() == got[1].Key() || got[0].Number != got[1].Number {
		t.Errorf("got\n%s", said(got))
	}
}
