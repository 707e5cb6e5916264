package nlu

import (
	"regexp"
	"strconv"
)

// Month is the month until which a card is valid; Forever where it never ends.
type Month struct {
	Year, Month int
	Forever     bool
}

var (
	monthYear = regexp.MustCompile(`\b(\d{1,2})\s*(?:[/.-]|\s)\s*(\d{4}|\d{2})\b`)
	yearMonth = regexp.MustCompile(`\b(20\d{2})\s*[/.-]\s*(\d{1,2})\b`)
	fullDate  = regexp.MustCompile(`\b(\d{1,2})\s*[/. -]\s*(\d{1,2})\s*[/. -]\s*(\d{4}|\d{2})\b`)
	shortYear = regexp.MustCompile(`(?:^|[^\d/.,-])['’]?(\d{2})(?:$|[^\d/.,%-])`)
)

// Expiry reads month and year of expiry: "08/2032", "08-32", "bulan 8 tahun
// 2032", "agustus 2032", a whole date, "seumur hidup". Years of two digits are
// of this century.
func (m *Message) Expiry() Answer[Month] {
	return corrected(m, (*Message).expiry)
}

func (m *Message) expiry() Answer[Month] {
	if m.has("forever") {
		return sure(Month{Forever: true})
	}
	text := m.lower()
	if g := yearMonth.FindStringSubmatch(text); g != nil {
		return m.month(g[2], g[1])
	}
	if g := fullDate.FindStringSubmatch(text); g != nil {
		return m.month(g[2], g[3])
	}
	named, year := 0, ""
	for i, t := range m.tokens {
		if n := m.monthName(i); n > 0 {
			named = n
		}
		if t.num >= 2000 && t.num <= 2099 && len(t.raw) == 4 {
			year = t.raw
		}
	}
	if named > 0 {
		if year == "" {
			for _, t := range m.tokens { // "agustus 32": days end at 31, but "ags 27" is a year too
				if t.num >= 0 && t.num <= 99 && len(t.raw) == 2 {
					return m.month(strconv.Itoa(named), t.raw)
				}
			}
			return none[Month]()
		}
		return m.month(strconv.Itoa(named), year)
	}
	if month := m.after("month word"); month != "" && (year != "" || m.after("year word") != "") {
		if year == "" {
			year = m.after("year word")
		}
		return m.month(month, year)
	}
	if g := monthYear.FindStringSubmatch(text); g != nil && len(text) < 80 {
		return m.month(g[1], g[2])
	}
	return none[Month]()
}

// after is the digits right after a word of a class.
func (m *Message) after(class string) string {
	for i := range m.tokens {
		if n := m.at(i, class); n > 0 && i+n < len(m.tokens) && m.tokens[i+n].num >= 0 {
			return strconv.Itoa(m.tokens[i+n].num)
		}
	}
	return ""
}

func (m *Message) month(month, year string) Answer[Month] {
	mm, _ := strconv.Atoi(month)
	yy, _ := strconv.Atoi(year)
	if yy < 100 {
		yy += 2000
	}
	if mm < 1 || mm > 12 || yy < 1990 || yy > 2099 {
		return none[Month]()
	}
	return sure(Month{Year: yy, Month: mm})
}

var months = map[string]int{
	"peb": 2, "agst": 8, "agus": 8, "okto": 10,
	"januari": 1, "jan": 1, "january": 1, "februari": 2, "feb": 2, "february": 2, "pebruari": 2, "maret": 3, "mar": 3,
	"march": 3,
	"april": 4, "apr": 4, "mei": 5, "may": 5, "juni": 6, "jun": 6, "june": 6, "juli": 7, "jul": 7, "july": 7,
	"agustus": 8, "ags": 8, "agt": 8, "agu": 8, "aug": 8, "august": 8, "september": 9, "sep": 9, "sept": 9,
	"oktober": 10, "okt": 10, "oct": 10, "october": 10, "november": 11, "nov": 11, "nopember": 11, "nop": 11,
	"desember": 12, "des": 12, "dec": 12, "december": 12,
}

// monthName is the month that token i names, 0 for none.
func (m *Message) monthName(i int) int {
	if n := months[m.tokens[i].w]; n > 0 {
		return n
	}
	if len(m.tokens[i].w) >= 5 {
		for name, n := range months {
			if len(name) >= 5 && OneSlip(name, m.tokens[i].w) {
				return n
			}
		}
	}
	return 0
}

// BirthYear reads a year of birth: four digits, a date, "tahun 98", "kelahiran
// '98" (two digits are Likely). now is the year at present: an age ("17 tahun"),
// a year to come and one more than 120 years ago are none. Two different years
// are none.
func (m *Message) BirthYear(now int) Answer[int] {
	return corrected(m, func(m *Message) Answer[int] { return m.birthYear(now) })
}

func (m *Message) birthYear(now int) Answer[int] {
	possible := func(y int) bool { return y > now-120 && y <= now }
	denied := m.denied()
	found := 0
	for i, t := range m.tokens {
		if t.num < 1000 || len(t.raw) != 4 || denied[i] || i+1 < len(m.tokens) && m.tokens[i+1].num >= 0 {
			continue
		}
		if !possible(t.num) || found != 0 && found != t.num {
			return none[int]()
		}
		found = t.num
	}
	if found != 0 {
		if len(m.tokens) > 15 {
			return likely(found)
		}
		return sure(found)
	}
	if m.has("age word") {
		return none[int]()
	}
	text := m.lower()
	two := ""
	if g := fullDate.FindStringSubmatch(text); g != nil {
		two = g[3]
	} else if g := shortYear.FindAllStringSubmatch(text, 3); len(g) == 1 {
		two = g[0][1]
	} else if y := m.spelledYear(); y > 0 && possible(y) {
		return sure(y)
	} else if len(g) == 2 && m.has("month name") { // "12 mei 98"
		two = g[1][1]
	}
	y, err := strconv.Atoi(two)
	if err != nil {
		return none[int]()
	}
	for i, t := range m.tokens { // "17 tahun", "17 thn": an age
		if t.num == y && i+1 < len(m.tokens) && m.at(i+1, "year word") > 0 {
			return none[int]()
		}
	}
	if y += 2000; y > now-5 { // nobody under five registers
		y -= 100
	}
	if !possible(y) || m.question() || len(m.tokens) > 12 {
		return none[int]()
	}
	return likely(y)
}

// spelledYear reads "seribu sembilan ratus sembilan puluh delapan", "dua ribu
// satu", "sembilan belas sembilan puluh delapan", 0 for none.
func (m *Message) spelledYear() int {
	total, part, seen := 0, 0, false
	if n := m.tokens; len(n) >= 2 && len(n) <= 4 && n[0].num >= 4 && n[0].num <= 9 && n[1].num >= 0 && n[1].num <= 9 &&
		!isDigits(n[0].raw) && !isDigits(n[1].raw) { // "sembilan delapan"
		return 1900 + n[0].num*10 + n[1].num
	}
	for i, t := range m.tokens {
		switch {
		case t.w == "seribu" && t.num < 0:
			total, seen = 1000, true
		case t.w == "ribu" && part > 0:
			total, part, seen = part*1000, 0, true
		case t.w == "ratus" && part > 0:
			total, part = total+part*100, 0
		case t.num >= 0 && t.num < 100:
			if part == 19 && i > 0 { // nineteen ninety-eight
				total, part, seen = 1900, 0, true
			}
			part += t.num
		}
	}
	if !seen {
		return 0
	}
	return total + part
}
