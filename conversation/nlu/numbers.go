package nlu

import (
	"regexp"
	"strings"
	"unicode"
)

// Number is an identity-card number as it was seen.
type Number struct {
	Value string // letters (upper case) and digits, without separators
	Phone bool   // it has the shape of an Indonesian mobile number
}

// Card is which identity card is meant: the index among the options, and the
// number where the message has it too.
type Card struct {
	Option int
	Number Number
}

// Card reads the kind of card among the options (keys ktp, sim, paspor, other of
// the list [Cards]) and a number in the same message: "ktp 1906 0141 0798 0001".
// A NIK alone (16 digits) is a KTP, Likely.
func (m *Message) Card(options []Option) Answer[Card] {
	number := m.longNumber("")
	kind := m.withoutNumber(number).Choice(Cards, options)
	if kind.Heard() {
		return Answer[Card]{Card{kind.Value, number}, kind.Sureness}
	}
	if digits(number.Value) && len(number.Value) == 16 {
		for i, o := range options {
			if o.Key == "ktp" {
				return likely(Card{i, number})
			}
		}
	}
	return none[Card]()
}

// withoutNumber is the message without a long number, whose digits are no choice.
func (m *Message) withoutNumber(n Number) *Message {
	if n.Value == "" {
		return m
	}
	var b strings.Builder
	for i := 0; i < len(m.tokens); i++ {
		t := m.tokens[i]
		switch {
		case !t.mark && strings.IndexFunc(t.raw, unicode.IsDigit) >= 0:
		case t.glued && i > 0 && m.tokens[i-1].mark && strings.IndexFunc(t.raw, unicode.IsDigit) >= 0:
		default:
			b.WriteString(t.raw)
			b.WriteByte(' ')
		}
	}
	return m.lex.Hear(b.String())
}

// CardNumber reads a card number inside a sentence, in groups or with
// separators. kind is ktp, sim, paspor or other. Sure is a number of the shape
// that the kind has, Likely another that was seen: the rules then say what is
// wrong with it. A phone number where none is due has Phone set.
func (m *Message) CardNumber(kind string) Answer[Number] {
	return corrected(m, func(m *Message) Answer[Number] {
		n := m.longNumber(kind)
		v := n.Value
		ok := false
		switch kind {
		case "ktp":
			ok = digits(v) && len(v) == 16
		case "sim":
			ok = digits(v) && len(v) >= 12 && len(v) <= 16 && !n.Phone
		case "paspor":
			ok = len(v) >= 6 && len(v) <= 9 && strings.ContainsAny(v, "0123456789") && !n.Phone
		default:
			ok = len(v) >= 4 && len(v) <= 30 && strings.ContainsAny(v, "0123456789") && !n.Phone
		}
		switch {
		case ok:
			return sure(n)
		case v != "":
			return likely(n)
		}
		return none[Number]()
	})
}

var (
	groupedDigits = regexp.MustCompile(`\+?\d(?:[ \t.,/_-]{0,2}\d)*`)
	mixedNumber   = regexp.MustCompile(`\b(?:[a-z]{1,3}[ -]?\d[\d -]{2,}\d|\d+[a-z]{1,3}\d+|[a-z]{1,4}\d{3,}[a-z0-9]*|[a-z0-9]+(?:[-/.][a-z0-9]+)+|\d{3,}[a-z]+)`)
)

// longNumber is the longest number of at least four digits, its groups joined.
func (m *Message) longNumber(kind string) Number {
	text := m.lower()
	best := ""
	for _, g := range groupedDigits.FindAllString(text, 40) {
		g = keepAlnum(g)
		if len(g) > len(best) && len(g) >= 4 && len(g) <= 40 {
			best = g
		}
	}
	n := Number{Value: best, Phone: phone(best)}
	if kind == "ktp" || kind == "sim" || kind == "" {
		return n
	}
	for _, g := range mixedNumber.FindAllString(text, 40) {
		v := strings.ToUpper(keepAlnum(g))
		if len(v) >= 4 && len(v) <= 30 && len(v) > len(n.Value) && strings.ContainsAny(v, "0123456789") &&
			!strings.Contains(text, g+"@") {
			n = Number{Value: v}
		}
	}
	return n
}

func keepAlnum(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, s)
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// phone has the shape of an Indonesian mobile number: 08 or 628 and 8 to 11
// more digits (nyaruka/phonenumbers holds the same range for ID mobile).
func phone(s string) bool {
	if !digits(s) {
		return false
	}
	if rest, ok := strings.CutPrefix(s, "628"); ok {
		return len(rest) >= 7 && len(rest) <= 10
	}
	rest, ok := strings.CutPrefix(s, "08")
	return ok && len(rest) >= 7 && len(rest) <= 11
}

// Code reads the six digits of a verification code, in a sentence or in groups
// ("kodenya 123 456"). Two different codes are none.
func (m *Message) Code() Answer[string] {
	return corrected(m, func(m *Message) Answer[string] {
		found := ""
		for _, g := range groupedDigits.FindAllString(m.text[min(m.from, len(m.text)):], 40) {
			if strings.HasPrefix(g, "+") {
				continue
			}
			g = keepAlnum(g)
			if len(g) != 6 {
				continue
			}
			if found != "" && found != g {
				return none[string]()
			}
			found = g
		}
		if found == "" {
			return none[string]()
		}
		return sure(found)
	})
}
