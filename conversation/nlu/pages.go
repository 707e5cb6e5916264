package nlu

import "strings"

// Numbering says which numbers of pages are meant.
type Numbering int

// Numbers of pages: not said, those printed on the pages, those of the file
// counted from the cover.
const (
	Unsaid Numbering = iota
	Printed
	File
)

// Range is pages From to To, both included, From <= To. Numbers are as typed:
// whether the publication has such pages is for the rules to judge.
type Range struct{ From, To int }

// Pages is which pages of a publication are wished.
type Pages struct {
	Ranges    []Range
	Numbering Numbering
	All       bool   // the whole book, or as much as may be had
	Last      bool   // the last page
	First     bool   // the first page
	Rest      bool   // what is left of the right
	Chapter   string // number or roman number of a chapter
	Table     string // number of a table, as typed: "3.1.2"
	Figure    string // number of a figure
	Named     bool   // a word for pages, chapters or tables was written; else numbers alone
	Add       bool   // besides those named before
}

// maxPageNumber is the largest number that is taken for a page.
const maxPageNumber = 99999

// maxRanges is how many pages and ranges of one message are read.
const maxRanges = 100

// Pages reads which pages are wished: "10 sd 12", "hal 10-12 dan 15", "sepuluh
// sampai dua belas", "halaman terakhir", "semua", "37 cetak", "bab 3", "tabel
// 3.1", "10 aja". Numbers without a word for pages (Named is false) count only
// where nothing else is said. What is denied is left out.
func (m *Message) Pages() Answer[Pages] {
	return corrected(m, (*Message).pages)
}

func (m *Message) pages() Answer[Pages] {
	if m.Waits() && !m.has("page word") || len(m.tokens) > 150 {
		return none[Pages]()
	}
	if rest, ok := m.counted(); ok {
		return rest
	}
	var p Pages
	denied := m.denied()
	unknown, numbersAlone := 0, 0
	paged := false                                       // the numbers that follow are pages
	p.Add = len(m.tokens) > 1 && m.at(0, "joins on") > 0 // "sama 13": besides those named before
	for i := 0; i < len(m.tokens); {
		t := m.tokens[i]
		n := 1
		switch {
		case denied[i]:
		case t.mark:
			if t.w == "%" || t.w == "@" {
				return none[Pages]()
			}
		case m.at(i, "table word") > 0 || m.at(i, "figure word") > 0:
			figure := m.at(i, "table word") == 0
			n = max(m.at(i, "table word"), m.at(i, "figure word"))
			if number, used := m.dotted(i + n); used > 0 {
				if figure {
					p.Figure = number
				} else {
					p.Table = number
				}
				p.Named, n = true, n+used
			} else {
				unknown++
			}
		case m.at(i, "chapter word") > 0:
			n = m.at(i, "chapter word")
			if number, used := m.chapter(i + n); used > 0 {
				p.Chapter, p.Named, n = number, true, n+used
			} else {
				unknown++
			}
		case t.num > 0 && i+1 < len(m.tokens) && m.at(i+1, "first page") > 0: // "3 halaman pertama"
			p.Ranges, p.Named, n = append(p.Ranges, Range{1, min(t.num, maxPageNumber)}), true, 1+m.at(i+1, "first page")
		case t.num >= 0:
			r, used, ok := m.pageRange(i)
			if !ok {
				return none[Pages]()
			}
			p.Ranges = append(p.Ranges, r)
			if !paged {
				numbersAlone++
			}
			n = used
		case m.at(i, "printed word") > 0:
			p.Numbering, n = Printed, m.at(i, "printed word")
		case m.at(i, "file word") > 0:
			p.Numbering, n = File, m.at(i, "file word")
		case m.at(i, "last page") > 0:
			p.Last, p.Named, n = true, true, m.at(i, "last page")
		case m.at(i, "first page") > 0 && (i == 0 || m.tokens[i-1].num < 0):
			p.First, p.Named, n = true, true, m.at(i, "first page")
		case m.at(i, "rest") > 0:
			p.Rest, n = true, m.at(i, "rest")
		case m.at(i, "all") > 0:
			p.All, n = true, m.at(i, "all")
		case m.at(i, "page word") > 0:
			p.Named, paged, n = true, true, m.at(i, "page word")
		case m.at(i, "add") > 0:
			p.Add, n = true, m.at(i, "add")
		case m.at(i, "join") > 0:
			n = m.at(i, "join")
		case m.polite(i) > 0 || m.helpful(i) || m.at(i, "take word") > 0 || m.at(i, "what if") > 0:
			n = max(1, m.polite(i), m.at(i, "take word"), m.at(i, "help word"), m.at(i, "what if"))
		default:
			unknown++
		}
		i += n
		if len(p.Ranges) > maxRanges {
			return none[Pages]()
		}
	}
	some := len(p.Ranges) > 0 || p.All || p.Last || p.First || p.Rest || p.Chapter != "" || p.Table != "" || p.Figure != ""
	switch {
	case !some, m.has("how many"), !p.Named && unknown > 0, !p.Named && m.question() && len(p.Ranges) == 0,
		p.Named && (numbersAlone > 0 || p.All) && unknown > 2, unknown > 8, m.has("or") && len(p.Ranges) > 1:
		return none[Pages]()
	case unknown > 3, m.question() && unknown > 0, p.Rest:
		return likely(p)
	}
	return sure(p)
}

// pageRange reads a page or a range at token i; ok is false where the number
// cannot be a page ("1.5", "3x", "-2").
func (m *Message) pageRange(i int) (r Range, used int, ok bool) {
	from := m.tokens[i].num
	if from > maxPageNumber || m.negative(i) || m.glueWord(i) {
		return r, 0, false
	}
	r = Range{from, from}
	used = 1
	j := i + 1
	dash := false
	switch {
	case j < len(m.tokens) && (m.tokens[j].w == "-" || m.tokens[j].w == "~" || m.tokens[j].w == ">"):
		dash = true
		for j < len(m.tokens) && (m.tokens[j].w == "-" || m.tokens[j].w == "~" || m.tokens[j].w == ">") {
			j++
		}
	case j < len(m.tokens) && m.at(j, "until") > 0:
		dash = true
		j += m.at(j, "until")
		for j < len(m.tokens) && (m.tokens[j].w == "." || m.at(j, "page word") > 0 || m.classed(j, "number word")) {
			j++
		}
	case j < len(m.tokens) && m.tokens[j].ord && strings.EqualFold(m.tokens[j].raw, "ke"): // "12 ke 14"
		dash = true
	case j+1 < len(m.tokens) && (m.tokens[j].w == "." || m.tokens[j].w == "/") && m.tokens[j].glued &&
		m.tokens[j+1].glued && m.tokens[j+1].num >= 0:
		return r, 0, m.tokens[j].w == "." && false
	}
	if !dash || j >= len(m.tokens) || m.tokens[j].num < 0 {
		return r, used, true
	}
	to := m.tokens[j].num
	if to > maxPageNumber || m.glueWord(j) {
		return r, 0, false
	}
	r.To = to
	if r.To < r.From {
		r.From, r.To = r.To, r.From
	}
	return r, j - i + 1, true
}

func (m *Message) negative(i int) bool {
	return i > 0 && m.tokens[i-1].w == "-" && m.tokens[i].glued && (i == 1 || m.tokens[i-2].num < 0)
}

// glueWord tells whether a number is a piece of a word: "s2", "3x".
func (m *Message) glueWord(i int) bool {
	if i+1 < len(m.tokens) && m.tokens[i+1].glued && !m.tokens[i+1].mark && m.at(i+1, "until") == 0 {
		return true
	}
	return i > 0 && m.tokens[i].glued && !m.tokens[i-1].mark && m.at(i-1, "page word") == 0 && m.at(i-1, "until") == 0
}

// dotted reads the number of a table: "3.1.2", "2", "3 1".
func (m *Message) dotted(i int) (number string, used int) {
	j := i
	for j < len(m.tokens) && (m.classed(j, "number word") || m.tokens[j].w == "." || m.tokens[j].w == ":") {
		j++
	}
	var parts []string
	for j < len(m.tokens) && m.tokens[j].num >= 0 && m.tokens[j].num <= 999 && len(parts) < 5 {
		parts = append(parts, itoa(m.tokens[j].num))
		j++
		if j+1 < len(m.tokens) && strings.Contains(".,-", m.tokens[j].w) && m.tokens[j].glued && m.tokens[j+1].num >= 0 &&
			m.tokens[j+1].glued {
			j++
			continue
		}
		break
	}
	if len(parts) == 0 {
		return "", 0
	}
	return strings.Join(parts, "."), j - i
}

// chapter reads the number of a chapter: "3", "tiga", "III".
func (m *Message) chapter(i int) (number string, used int) {
	j := i
	for j < len(m.tokens) && m.classed(j, "number word") {
		j++
	}
	if j >= len(m.tokens) {
		return "", 0
	}
	t := m.tokens[j]
	if t.num >= 0 && t.num <= 99 {
		return itoa(t.num), j - i + 1
	}
	if n := roman(strings.ToLower(t.raw)); n > 0 {
		return itoa(n), j - i + 1
	}
	return "", 0
}

// roman reads a roman number up to 39, 0 for none.
func roman(s string) int {
	value := map[byte]int{'i': 1, 'v': 5, 'x': 10}
	n := 0
	for i := range len(s) {
		v := value[s[i]]
		if v == 0 || len(s) > 6 {
			return 0
		}
		if i+1 < len(s) && value[s[i+1]] > v {
			v = -v
		}
		n += v
	}
	return n
}

// OfTable tells whether the message asks for a table or a figure: "minta tabel jumlah
// penduduk".
func (m *Message) OfTable() bool { return m.has("table word") || m.has("figure word") }

// counted reads pages that are named after how many they are: "cuma 2 halaman, 20
// sama 21".
func (m *Message) counted() (Answer[Pages], bool) {
	for i, t := range m.tokens {
		if t.num < 1 || i+3 >= len(m.tokens) || m.at(i+1, "page word") != 1 || !m.tokens[i+2].mark {
			continue
		}
		rest, n := m.part(i+3, len(m.tokens)).pages(), 0
		for _, r := range rest.Value.Ranges {
			n += r.To - r.From + 1
		}
		if rest.Heard() && n == t.num {
			rest.Value.Named = true
			return rest, true
		}
	}
	return none[Pages](), false
}
