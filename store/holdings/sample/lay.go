package sample

import (
	"fmt"

	"strconv"
	"strings"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
	"pst/store/holdings/pagetable"
)

// book is what one publication says.
type book struct {
	id, title, abstract, released string
	year                          int
	catalog, number               string
	shelf                         string
	copies                        int
	website                       bool // in the structure of files from the website
	askable                       bool // its tables answer questions at once; those of others once pst index has read them
	chapters                      []section
}

type section struct {
	title  string
	text   []string
	tables []tabulation
}

type tabulation struct {
	title string // without number
	head  []string
	rows  [][]string
	total bool   // the last row holds the sums
	text  string // a sentence about it
}

// lay sets the publication: cover, imprint, preface, list of contents and list
// of tables with roman numbers, then the chapters with arabic ones. Every table
// has a page of its own.
func (b book) lay() ([]page, conversation.Contents) {
	type listed struct {
		number, title string
		page          int // printed, arabic
	}
	var chapters, tables []listed
	var main []page
	var data []conversation.DataTable
	for c, s := range b.chapters {
		p := b.arabic(len(main) + 1)
		chapters = append(chapters, listed{strconv.Itoa(c + 1), s.title, len(main) + 1})
		p.line(15, true, fmt.Sprintf("%d. %s", c+1, s.title))
		p.y -= 12
		for _, t := range s.text {
			p.paragraph(t)
		}
		main = append(main, p)
		for t, tab := range s.tables {
			number := fmt.Sprintf("%d.%d.%d", c+1, t/4+1, t%4+1)
			tables = append(tables, listed{number, tab.title, len(main) + 1})
			p := b.arabic(len(main) + 1)
			p.table(number, tab)
			main = append(main, p)
			data = append(data, tab.data(number, len(main)))
		}
	}
	front := []page{b.cover(), b.imprint(), b.preface()}
	contents, list := b.roman(4), b.roman(5)
	contents.line(12, true, "DAFTAR ISI")
	contents.y -= 8
	contents.dotted("Kata Pengantar", "iii")
	contents.dotted("Daftar Isi", "iv")
	contents.dotted("Daftar Tabel", "v")
	for _, c := range chapters {
		contents.dotted(c.number+". "+c.title, strconv.Itoa(c.page))
	}
	list.line(12, true, "DAFTAR TABEL")
	list.y -= 8
	for _, t := range tables {
		list.dotted("Tabel "+t.number+" "+t.title, strconv.Itoa(t.page))
	}
	pages := append(front, contents, list)
	offset := len(pages)
	pages = append(pages, main...)

	var out conversation.Contents
	for i, p := range pages {
		out.Pages = append(out.Pages, conversation.Page{
			Number: i + 1, Printed: p.printed, Front: p.front, Text: strings.Join(p.text, "\n"),
		})
	}
	for _, c := range chapters {
		out.Entries = append(out.Entries, conversation.Entry{
			Kind: "bab", Number: c.number, Title: c.title, Printed: strconv.Itoa(c.page), Page: c.page + offset,
		})
	}
	for _, t := range tables {
		out.Entries = append(out.Entries, conversation.Entry{
			Kind: "tabel", Number: t.number, Title: t.title, Printed: strconv.Itoa(t.page), Page: t.page + offset,
		})
	}
	if !b.askable {
		data = nil
	} else {
		out.TablesRead = pagetable.Version
	}
	for _, d := range data {
		d.Page += offset
		for i := range d.Rows {
			d.Rows[i].Page += offset
		}
		out.Tables = append(out.Tables, d)
	}
	return pages, out
}

var (
	unitOf = lazy.Regexp(`^(.*) \((.*)\)$`)
	yearOf = lazy.Regexp(`, (\d{4})$`)
)

// data is the table as it can be asked. It needs no reading and no proof: the program
// made it up.
func (t tabulation) data(number string, page int) conversation.DataTable {
	d := conversation.DataTable{Number: number, Title: t.title, Page: page, Stub: t.head[0], Source: invented,
		Proof: []string{"made up by the program"}}
	year := ""
	if m := yearOf().FindStringSubmatch(t.title); m != nil {
		year = m[1]
	}
	for _, head := range t.head[1:] {
		c := conversation.DataColumn{Header: []string{head}, Year: year}
		if m := unitOf().FindStringSubmatch(head); m != nil {
			c.Header[0], c.Unit = m[1], m[2]
		}
		if _, err := strconv.Atoi(head); err == nil {
			c.Year = head
		}
		d.Columns = append(d.Columns, c)
	}
	for i, cells := range t.rows {
		r := conversation.DataRow{Label: []string{cells[0]}, Page: page, Total: t.total && i == len(t.rows)-1}
		for _, text := range cells[1:] {
			r.Cells = append(r.Cells, conversation.DataCell{Text: text, Value: strings.ReplaceAll(text, ".", "")})
		}
		d.Rows = append(d.Rows, r)
	}
	return d
}

// invented stands above every page.
const invented = "CONTOH - angka karangan, bukan data resmi"

// arabic and roman begin a page with its running head, foot and number.
func (b book) arabic(n int) page {
	p := page{printed: strconv.Itoa(n), y: top}
	b.running(&p)
	return p
}

func (b book) roman(n int) page {
	p := page{printed: []string{"i", "ii", "iii", "iv", "v"}[n-1], front: true, y: top}
	b.running(&p)
	return p
}

func (b book) running(p *page) {
	p.put(left, top+34, 7.5, false, invented)
	p.content = append(p.content, fmt.Sprintf("0.6 w %.2f %.2f m %.2f %.2f l S\n", left, top+28, right, top+28)...)
	p.put(left, bottom-24, 7.5, false, b.title+" (CONTOH) "+p.printed)
}

func (b book) cover() page {
	p := page{front: true, y: 430}
	p.content = append(p.content, "0.85 0.91 0.96 rg 0 0 420 596 re f 0.1 0.3 0.5 rg 0 470 420 60 re f 0 g\n"...)
	p.line(30, true, "CONTOH")
	p.line(9, false, "Angka karangan untuk mencoba layanan, bukan data resmi")
	p.y -= 30
	words := strings.Fields(b.title)
	row := ""
	for _, w := range words {
		if len(row)+len(w) > 24 {
			p.line(18, true, strings.ToUpper(row))
			row = ""
		}
		row = strings.TrimSpace(row + " " + w)
	}
	p.line(18, true, strings.ToUpper(row))
	p.y = 90
	p.line(9, false, "BADAN PUSAT STATISTIK KABUPATEN BELITUNG TIMUR")
	return p
}

func (b book) imprint() page {
	p := b.roman(2)
	p.line(12, true, b.title)
	p.y -= 8
	for _, row := range []string{
		"Katalog: " + b.catalog, "No. Publikasi: " + b.number, "Ukuran Buku: 14,8 cm x 21 cm",
		"Naskah: BPS Kabupaten Belitung Timur", "Penyunting: BPS Kabupaten Belitung Timur",
		"Publikasi ini dibuat oleh program PST sebagai CONTOH.",
		"Semua angka di dalamnya karangan dan tidak boleh dikutip sebagai data.",
	} {
		p.line(body, false, row)
	}
	return p
}

func (b book) preface() page {
	p := b.roman(3)
	p.line(12, true, "KATA PENGANTAR")
	p.y -= 8
	p.paragraph("Publikasi " + b.title + " ini adalah CONTOH. Ia disusun oleh program, supaya pembaca dapat mencoba " +
		"mencari, memilih halaman, dan menerima kutipan seperti pada publikasi yang sebenarnya.")
	p.paragraph(b.abstract)
	p.paragraph("Publikasi resmi dapat dibaca di ruang baca Pelayanan Statistik Terpadu atau di laman " +
		"belitungtimurkab.bps.go.id.")
	p.line(body, false, "Manggar, "+b.released[:4])
	p.line(body, false, "Kepala BPS Kabupaten Belitung Timur")
	return p
}

// dotted sets a line of a list: text, leaders, page number. Long texts take two
// lines.
func (p *page) dotted(text, number string) {
	const room = 74
	if len(text) > room-6 {
		cut := strings.LastIndexByte(text[:room-6], ' ')
		p.line(8, false, text[:cut])
		text = text[cut+1:]
	}
	p.line(8, false, text+" "+strings.Repeat(".", room+12-len(text))+" "+number)
	p.text[len(p.text)-1] = text + " " + number
}

// table sets one table below its title.
func (p *page) table(number string, t tabulation) {
	title := "Tabel " + number + " " + t.title
	for len(title) > 62 {
		cut := strings.LastIndexByte(title[:62], ' ')
		p.line(10, true, title[:cut])
		title = title[cut+1:]
	}
	p.line(10, true, title)
	p.y -= 6
	first := (right - left) * 0.38
	step := (right - left - first) / float64(max(len(t.head)-1, 1))
	row := func(cells []string, bold bool) {
		for i, c := range cells {
			x := left
			if i > 0 {
				x = left + first + float64(i-1)*step
			}
			p.put(x, p.y, 8, bold, c)
		}
		p.text = append(p.text, strings.Join(cells, " "))
		p.y -= 13
	}
	rule := func() {
		p.content = append(p.content, fmt.Sprintf("0.6 w %.2f %.2f m %.2f %.2f l S\n", left, p.y+9.5, right, p.y+9.5)...)
	}
	rule()
	row(t.head, true)
	var numbers []string
	for i := range t.head {
		numbers = append(numbers, fmt.Sprintf("(%d)", i+1))
	}
	row(numbers, false)
	rule()
	for _, cells := range t.rows {
		row(cells, false)
	}
	rule()
	p.line(7.5, false, "Sumber: CONTOH, angka karangan")
	p.y -= 8
	if t.text != "" {
		p.paragraph(t.text)
	}
}
