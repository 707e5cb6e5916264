package pagetable

import (
	"strings"
	"testing"
)

// laid reads a page that a test sets by hand: headings over columns with these edges, the
// column numbers as printed, rows of words at places of their own.
type laid struct {
	sheetMaker
	edges []float64
	y     float64
}

func lay(numbers ...string) *laid {
	m := &laid{edges: []float64{40, 160}, y: 640}
	m.number = 3
	for range numbers[1:] {
		m.edges = append(m.edges, m.edges[len(m.edges)-1]+60)
	}
	m.put(40, 700, size, "Tabel")
	m.put(75, 694, size, "3.1")
	m.put(110, 700, size, "Jumlah Penduduk Menurut Desa, 2021")
	m.put(40, 688, size, "Table", true)
	m.rule(676, m.edges...)
	m.rule(646, m.edges...)
	for i, n := range numbers {
		m.center((m.edges[i]+m.edges[i+1])/2, 636, size, n)
	}
	m.rule(632, m.edges...)
	m.y = 632
	return m
}

// head sets the lines of a column's heading, from the lowest line up.
func (m *laid) head(k int, lines ...string) {
	for i, l := range lines {
		m.center((m.edges[k]+m.edges[k+1])/2, 650+9*float64(len(lines)-1-i), size, l)
		m.put(0, 0, size, " ")
	}
}

func (m *laid) row(high float64, cells ...string) {
	m.y -= high
	for i, c := range cells {
		if i == 0 {
			m.put(60, m.y, size, c)
		} else if c != "" {
			m.right(m.edges[i+1]-10, m.y, size, c)
		}
	}
}

func (m *laid) read() string {
	m.rule(m.y-6, m.edges...)
	var r Reader
	r.Page(m.page())
	return said(r.Tables())
}

func (m *laid) people() *laid {
	m.row(14, "Mentawak", "12", "13", "25")
	m.row(14, "Gantung", "7", "8", "15")
	m.row(14, "Kecamatan", "19", "21", "40")
	return m
}

func TestColumnNumbersThatAreMisprinted(t *testing.T) {
	for _, c := range []struct {
		numbers []string
		read    bool
	}{
		{[]string{"(1)", "(2)", "(3)", "(4)"}, true},
		{[]string{"(1)", "(9)", "(1-)", "(11)"}, true},
		{[]string{"(1)", "(2)", "(3)", "(5)"}, true},
		{[]string{"(1)", "(1)", "(2)", "(3)"}, true},
		{[]string{"(1)", "(2)", "(1)", "(2)"}, false}, // two halves side by side
		{[]string{"(1)", "(7)", "(2)", "(12)"}, false},
		{[]string{"(2)", "(3)", "(4)", "(5)"}, false},
		{[]string{" ", " ", " ", " "}, false},
	} {
		m := lay(c.numbers...)
		m.head(0, "Desa")
		m.head(1, "Laki-laki")
		m.head(2, "Perempuan")
		m.head(3, "Jumlah")
		got := m.people().read()
		if (got != "") != c.read || c.read && !strings.Contains(got, "Gantung | 7=7 | 8=8 | 15=15") {
			t.Errorf("%q: got\n%s", c.numbers, got)
		}
	}
}

// Headings of many lines beside short ones are each column's own, unless a line may stand
// over several columns.
func TestHeadingsOfManyLines(t *testing.T) {
	m := lay("(1)", "(2)", "(3)", "(4)")
	m.head(0, "Desa")
	m.head(1, "Laki-laki")
	m.head(2, "Perempuan", "Dewasa", "Menikah")
	m.head(3, "Jumlah")
	got := m.people().read()
	if !strings.Contains(got, "| Laki-laki [2021] \n| Perempuan Dewasa Menikah [2021] \n| Jumlah") {
		t.Errorf("written together: got\n%s", got)
	}
	m = lay("(1)", "(2)", "(3)", "(4)")
	m.head(0, "Desa")
	m.center(250, 668, size, "Penduduk") // before the headings below it
	for k, h := range []string{"Laki-laki", "Perempuan", "Jumlah"} {
		m.head(k+1, h)
	}
	if got := m.people().read(); strings.Contains(got, "Penduduk Perempuan") {
		t.Errorf("over all three: got\n%s", got)
	}
}

// A row's number may stand at another height than its label, a label take several lines,
// and a total have no values; a label that could be of two rows is of none.
func TestLabelsAtOtherHeights(t *testing.T) {
	start := func() *laid {
		m := lay("(1)", "(2)", "(3)")
		m.head(0, "Desa")
		m.head(1, "TK")
		m.head(2, "SD")
		return m
	}
	m := start()
	for i, name := range [][]string{{"Karang", "Semanding"}, {"Tutul"}, {"Balung", "Kulon"}} {
		m.y -= 26
		m.put(45, m.y+2, size, itoa(i+1)+".")
		for k, line := range name {
			m.put(60, m.y+5*float64(len(name)-1)-10*float64(k), size, line)
		}
		m.right(m.edges[2]-10, m.y, size, itoa(3+i))
		m.right(m.edges[3]-10, m.y, size, itoa(5+i))
	}
	m.row(26, "Kecamatan Balung")
	got := m.read()
	for _, want := range []string{"Karang Semanding | 3=3 | 5=5\n", "Tutul | 4=4 | 6=6\n", "Balung Kulon | 5=5 | 7=7\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not there: got\n%s", want, got)
		}
	}
	if strings.Contains(got, "Kecamatan") {
		t.Errorf("a total without values: got\n%s", got)
	}
	m = start()
	m.row(14, "Tutul", "1", "2")
	m.row(14, "Balung") // a row without values, or the beginning of the next?
	m.row(14, "Kulon", "3", "4")
	m.row(14, "Lor", "3", "5")
	if got := m.read(); strings.Contains(got, "Balung Kulon") {
		t.Errorf("got\n%s", got)
	}
}

// A column without values, and one whose heading is missing, are no columns.
func TestBlankColumns(t *testing.T) {
	m := lay("(1)", "(2)", "(3)", "(4)")
	m.head(0, "Desa")
	m.head(1, "TK")
	m.head(2, "SD")
	m.head(3, "SMP")
	m.row(14, "Mentawak", "1", "", "3")
	m.row(14, "Gantung", "4", "", "6")
	m.row(14, "Lilangan", "7", "", "9")
	if got := m.read(); strings.Contains(got, "| SD") || !strings.Contains(got, "Gantung | 4=4 | 6=6\n") {
		t.Errorf("got\n%s", got)
	}
}

// A title may begin above the words Tabel and Table, and its year be glued to a word.
func TestTitleBeginsAboveItsNumber(t *testing.T) {
	m := &sheetMaker{number: 3}
	people.with(func(p *plan) { p.title = "di Kecamatan Gantung2021" }).set(m, 700)
	m.put(110, 710, size, "Jumlah Penduduk Menurut Desa")
	m.put(40, 722, size, "3.1 Kependudukan dan Ketenagakerjaan")
	var r Reader
	r.Page(m.page())
	if got := said(r.Tables()); !strings.HasPrefix(got, "# 3.1 Jumlah Penduduk Menurut Desa di Kecamatan Gantung 2021\n") {
		t.Errorf("got\n%s", got)
	}
}
