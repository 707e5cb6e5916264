package nlu

import (
	"slices"
	"strings"
)

// YesNo reads an answer to a yes/no question: true for yes. Negation wins over
// affirmation ("ya, tidak setuju" is no), a question or a request for time is
// neither. also are words that affirm this question besides the usual ones
// ("kirim", "cabut"): what the question asks leave for.
func (m *Message) YesNo(also ...string) Answer[bool] {
	return corrected(m, func(m *Message) Answer[bool] {
		a, _ := m.yesNo(also)
		return a
	})
}

// Consent is [Message.YesNo] where much hangs on the answer: a yes with anything
// besides is Likely.
func (m *Message) Consent(also ...string) Answer[bool] {
	return corrected(m, func(m *Message) Answer[bool] {
		a, unknown := m.yesNo(also)
		if a.Value && a.Sureness == Sure && unknown > 0 {
			a.Sureness = Likely
		}
		return a
	})
}

// yesNo also counts the words that nothing explains.
func (m *Message) yesNo(also []string) (Answer[bool], int) {
	if n, ok := m.loneNumber(); ok {
		switch n {
		case 1:
			return sure(true), 0
		case 2:
			return sure(false), 0
		}
		return none[bool](), 0
	}
	if m.Supposes() {
		return none[bool](), 0
	}
	extra := &phrases{}
	for _, w := range also {
		extra.add(m.lex.phrase(w), 0)
	}
	var strong, weak, no, unknown int
	firstYes, asks := -1, strings.Contains(m.String(), "?")
	denied := m.denied()
	for i := 0; i < len(m.tokens); {
		if m.tokens[i].mark {
			i++
			continue
		}
		if no > 0 && m.at(i, "only") > 0 { // "gak mau daftar, cuma mau tanya"
			break
		}
		_, own, _ := extra.find(m, i)
		switch wait, fine, neg := m.at(i, "wait"), m.at(i, "fine"), m.at(i, "negation"); {
		case m.at(i, "unsure") > 0 && (i+1 == len(m.tokens) || m.at(i+1, "fine") < 2) || wait > 0 && wait >= fine:
			return none[bool](), unknown
		case fine > 0 && !denied[i] && m.at(i, "question") > 0 && !m.clauseOver(i+fine): // "kenapa gak langsung aja"
			asks, i = true, len(m.tokens)
		case fine > 0 && !denied[i]:
			strong, i = strong+1, i+fine
		case neg > 0:
			if m.tag(i, neg) {
				return none[bool](), unknown
			}
			no, i = no+1, i+neg
		case denied[i]:
			i++
		case own == 0 && m.at(i, "yes") == 1 && m.classed(i, "modal") && m.governs(i+1, extra): // "mau makan dulu"
			unknown, i = unknown+1, i+1
		case max(own, m.at(i, "yes")) > 0:
			if firstYes < 0 {
				firstYes = i
			}
			strong, i = strong+1, i+max(own, m.at(i, "yes"))
		case m.at(i, "no") > 0:
			no, i = no+1, i+m.at(i, "no")
		case m.at(i, "weak yes") > 0:
			weak, i = weak+1, i+m.at(i, "weak yes")
		case max(m.polite(i), m.at(i, "greeting"), m.at(i, "thanks"), m.at(i, "help word")) > 0:
			i += max(m.polite(i), m.at(i, "greeting"), m.at(i, "thanks"), m.at(i, "help word"))
		default:
			asks = asks || m.at(i, "question") > 0
			unknown, i = unknown+1, i+1
		}
	}
	switch {
	case no > 0 && strong > 0 || no > 0 && asks:
		return none[bool](), unknown
	case no > 0 && unknown > 6:
		return likely(false), unknown
	case no > 0:
		return sure(false), unknown
	case strong > 0 && asks:
		if m.clauseEnds(firstYes) { // "setuju, habis ini gimana?"
			return sure(true), unknown
		}
		return none[bool](), unknown
	case asks:
		return none[bool](), unknown
	case strong > 0 && unknown > 0 && unknown <= 3 && !m.has("agree") && !m.clauseEnds(firstYes): // "ayo main bola"
		return likely(true), unknown
	case strong > 0 && unknown <= 3, weak > 0 && unknown == 0:
		return sure(true), unknown
	case strong > 0 && unknown <= 6:
		return likely(true), unknown
	case strong == 0 && weak == 0 && unknown == 0 && m.has("filler yes"): // "ya kak"
		return sure(true), unknown
	}
	return none[bool](), unknown
}

// governs tells whether what stands at i, behind "mau" or "boleh", is something else
// than the question asks leave for: a word that nothing here explains.
func (m *Message) governs(i int, also *phrases) bool {
	for i < len(m.tokens) && !m.tokens[i].mark {
		_, own, _ := also.find(m, i)
		if own > 0 || m.at(i, "yes") > 0 && !m.classed(i, "modal") || m.at(i, "fine") > 0 {
			return false
		}
		n := max(m.polite(i), m.at(i, "help word"), m.at(i, "thanks"), m.at(i, "weak yes"))
		if m.classed(i, "modal") {
			n = max(n, 1)
		}
		if n == 0 {
			return true
		}
		i += n
	}
	return false
}

// clauseOver tells whether nothing but polite words stands before the end of the
// clause at i.
func (m *Message) clauseOver(i int) bool {
	for i < len(m.tokens) && !m.tokens[i].mark {
		n := m.polite(i)
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}

// Supposes tells whether the message asks what would be if: "kalau setuju nanti
// diapain?", "misalnya dibatalkan bisa gak". Nothing of it is an answer or a wish.
func (m *Message) Supposes() bool {
	r := m.Request()
	return len(r.tokens) > 0 && r.at(0, "conditional") > 0 && m.Asks()
}

// Asks tells whether the message is a question: by its mark, a word that asks, or a
// "gak" at its end.
func (m *Message) Asks() bool {
	for i := range m.tokens {
		if n := m.at(i, "negation"); n > 0 && m.tag(i, n) {
			return true
		}
	}
	return m.question()
}

// Says tells whether the message has the word, and does not deny it.
func (m *Message) Says(word string) bool {
	denied := m.denied()
	for i, t := range m.tokens {
		if strings.EqualFold(t.raw, word) && !denied[i] {
			return true
		}
	}
	return false
}

// GivesUp tells whether the message says no more than that what is at hand is
// given up, or names what: "gak jadi deh", "batal aja kak", "ga jadi komplain".
func (m *Message) GivesUp() bool {
	return m.covered("give up", "help word", "thanks", "undertaking") && !m.question()
}

// GoesBack tells whether the message says no more than that one step is to be
// taken back: "balik aja dong".
func (m *Message) GoesBack() bool { return m.covered("back word", "help word") && !m.question() }

// Undertakes tells whether the message names what people do here: "komplain", "daftar".
func (m *Message) Undertakes() bool { return m.has("undertaking") }

// ToMenu tells whether the message asks for the menu in words: "balik ke menu utama dong".
func (m *Message) ToMenu() bool {
	return m.covered("menu word", "going", "help word") && !m.question() && !m.has("negation")
}

// OnlyUnsure tells whether the message says no more than that the person does not
// know yet: "gimana ya", "hmm gatau kak".
func (m *Message) OnlyUnsure() bool { return m.covered("unsure") && !strings.Contains(m.String(), "?") }

// OfSelf tells whether the message is about the person, or somebody of theirs.
func (m *Message) OfSelf() bool { return m.has("self") }

// OfData tells whether the message names data.
func (m *Message) OfData() bool { return m.has("data word") }

// AsksNumber tells whether the message asks for a number: "berapa penduduk gantung", and
// not "halaman berapa".
func (m *Message) AsksNumber() bool { return m.has("number asked") && !m.has("number of place") }

// About is what a message wants to know of a number that was told.
type About int

// What may be wanted of a number that was told.
const (
	NoAbout  About = iota
	Doubt          // "kok beda sama yang di koran"
	Source         // "dari mana angkanya?"
	OverTime       // "trennya gimana"
	Sheet          // "ada versi excel?"
)

// AboutNumber reads what is wanted of a number that was told. A question for another
// number wants nothing of this one.
func (m *Message) AboutNumber() About {
	switch {
	case m.AsksNumber() && !m.has("number itself"):
		return NoAbout
	case m.has("number doubted"):
		return Doubt
	case m.has("source asked"):
		return Source
	case m.has("trend asked"):
		return OverTime
	case m.has("sheet asked"):
		return Sheet
	}
	return NoAbout
}

// Unsure tells whether the message says that the person does not know.
func (m *Message) Unsure() bool { return m.has("unsure") }

// tag tells whether a negation at the end only makes a question of the rest:
// "bisa dikirim gak", "ada ndak".
func (m *Message) tag(i, n int) bool {
	if n > 1 {
		return false
	}
	// "aman ga ngasih nik"
	if i > 0 && m.classed(i-1, "asked of") && slices.Contains(negations, strings.ToLower(m.tokens[i].raw)) {
		return true
	}
	for j := i + n; j < len(m.tokens); j++ {
		if !m.tokens[j].mark && m.polite(j) == 0 {
			return false
		}
	}
	for j := i - 1; j >= 0; j-- {
		if m.tokens[j].mark {
			return false
		}
		if m.polite(j) == 0 {
			return !m.classed(j, "self") && m.at(j, "turn") == 0 && m.at(j, "weak yes") == 0 && !m.classed(j, "before no")
		}
	}
	return false
}

// clauseEnds tells whether the clause with token i ends within three words.
func (m *Message) clauseEnds(i int) bool {
	if i < 0 {
		return false
	}
	for j := 0; j < i; j++ {
		if m.at(j, "question") > 0 {
			return false
		}
	}
	for j := i + 1; j < min(i+4, len(m.tokens)-1); j++ {
		if m.tokens[j].mark && m.tokens[j].w != "?" {
			return true
		}
		if m.at(j, "question") > 0 {
			return false
		}
	}
	return false
}
