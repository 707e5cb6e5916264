package pagetable

import (
	"strings"
	"testing"

	"pst/conversation"
)

// sheetMaker sets pages as publications do: letters of half their size wide.
type sheetMaker struct {
	number int
	chars  []Char
	slant  []bool
	rules  []Rect
}

// put sets text that begins at x on the line y.
func (m *sheetMaker) put(x, y, size float64, text string, italic ...bool) {
	for _, c := range text + " " {
		box := Char{Rune: c}
		if c != ' ' {
			box = Char{Rune: c, Left: x + 0.05*size, Right: x + 0.45*size, Bottom: y, Top: y + 0.65*size}
			switch {
			case strings.ContainsRune("gjpqy,", c):
				box.Bottom -= 0.15 * size
			case c == '-' || c == '–':
				box.Bottom, box.Top = y+0.2*size, y+0.25*size
			case c == '.':
				box.Top = y + 0.1*size
			}
		}
		m.chars = append(m.chars, box)
		m.slant = append(m.slant, len(italic) > 0 && italic[0])
		wide := 0.5 * size
		if c == ' ' {
			wide = 0.25 * size
		}
		x += wide
	}
}

// width of a text as put sets it.
func width(text string, size float64) (w float64) {
	for _, c := range text {
		if c == ' ' {
			w += 0.25 * size
		} else {
			w += 0.5 * size
		}
	}
	return w
}

func (m *sheetMaker) right(x, y, size float64, text string) {
	m.put(x-width(text, size), y, size, text)
}
func (m *sheetMaker) center(x, y, size float64, text string, italic ...bool) {
	m.put(x-width(text, size)/2, y, size, text, italic...)
}

// rule draws a line in pieces, which meet at these places.
func (m *sheetMaker) rule(y float64, at ...float64) {
	for i := 1; i < len(at); i++ {
		m.rules = append(m.rules, Rect{at[i-1], y, at[i], y + 0.5})
	}
}

func (m *sheetMaker) page() Page {
	return Page{Number: m.number, Chars: m.chars, Italic: func(i int) bool { return m.slant[i] },
		Ruling: func() []Rect { return m.rules }}
}

// plan is a table to be set on a page: labels, headings, and values of each row.
type plan struct {
	number, title string
	stub          string
	heads         []string
	first         int // column number of the first of them; 0: 2
	rows          [][]string
	continued     bool
	foot          string
}

const size = 8.0

// set puts a plan on a page in the usual way, its top at y, and returns where it ends.
func (p plan) set(m *sheetMaker, y float64) float64 {
	if p.continued {
		m.put(40, y, size, "Lanjutan Tabel/Continued Table "+p.number)
	} else {
		m.put(40, y, size, "Tabel")
		m.put(75, y-6, size, p.number)
		m.put(110, y, size, p.title)
		m.put(40, y-12, size, "Table", true)
		m.put(110, y-12, size, "Number of all that", true)
	}
	edges := []float64{40, 160}
	for range p.heads {
		edges = append(edges, edges[len(edges)-1]+60)
	}
	y -= 24
	m.rule(y, edges...)
	m.center(100, y-12, size, p.stub)
	for i, h := range p.heads {
		m.center(edges[i+1]+30, y-12, size, h)
	}
	y -= 18
	m.rule(y, edges...)
	m.center(100, y-10, size, "(1)")
	for i := range p.heads {
		m.center(edges[i+1]+30, y-10, size, "("+itoa(max(p.first, 2)+i)+")")
	}
	y -= 14
	m.rule(y, edges...)
	for _, r := range p.rows {
		y -= 14
		m.put(44, y, size, r[0])
		for i, v := range r[1:] {
			if v != "" {
				m.right(edges[i+2]-10, y, size, v)
			}
		}
	}
	y -= 6
	m.rule(y, edges...)
	if p.foot != "" {
		y -= 12
		m.put(40, y, size, p.foot)
	}
	return y - 30
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// onOnePage reads one plan from a page of its own.
func onOnePage(t *testing.T, p plan) []conversation.DataTable {
	t.Helper()
	m := &sheetMaker{number: 7}
	p.set(m, 700)
	var r Reader
	r.Left = func(page int, number, why string) { t.Logf("left out: %d %s %s", page, number, why) }
	r.Page(m.page())
	return r.Tables()
}

// said writes tables out: a line a row, with what is not plain text spelled out.
func said(tables []conversation.DataTable) string {
	var b strings.Builder
	for _, t := range tables {
		b.WriteString("# " + t.Number + " " + t.Title + "\n")
		for _, c := range t.Columns {
			b.WriteString("| " + strings.Join(c.Header, " > ") + " [" + c.Year + "] " + c.Unit + "\n")
		}
		for _, r := range t.Rows {
			b.WriteString(strings.Join(r.Label, " > "))
			for _, c := range r.Cells {
				b.WriteString(" | " + c.Text)
				if c.Value != "" {
					b.WriteString("=" + c.Value)
				}
				if c.Page != 0 {
					b.WriteString("@" + itoa(c.Page))
				}
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

var people = plan{
	number: "3.1", title: "Jumlah Penduduk Menurut Desa, 2021",
	stub: "Desa", heads: []string{"Laki-laki", "Perempuan", "Jumlah"},
	rows: [][]string{
		{"1. Mentawak", "1 250", "1 300", "2 550"},
		{"2. Gantung", "980", "1 020", "2 000"},
		{"3. Lilangan", "75", "-", "75"},
		{"Kecamatan Gantung", "2 305", "2 320", "4 625"},
	},
	foot: "Sumber/Source: Dinas Kependudukan",
}

func TestTableIsReadWithLabelsAndValues(t *testing.T) {
	want := `# 3.1 Jumlah Penduduk Menurut Desa, 2021
| Laki-laki [2021] 
| Perempuan [2021] 
| Jumlah [2021] 
1. Mentawak | 1 250=1250 | 1 300=1300 | 2 550=2550
2. Gantung | 980=980 | 1 020=1020 | 2 000=2000
3. Lilangan | 75=75 | - | 75=75
Kecamatan Gantung | 2 305=2305 | 2 320=2320 | 4 625=4625
`
	got := onOnePage(t, people)
	if said(got) != want {
		t.Fatalf("got\n%s\nwant\n%s", said(got), want)
	}
	if got[0].Source != "Dinas Kependudukan" || got[0].Stub != "Desa" || !got[0].Rows[3].Total || got[0].Page != 7 {
		t.Errorf("got %+v", got[0])
	}
}
