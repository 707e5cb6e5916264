package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name reads a person's name, kept as typed with its titles: "nama saya Rizky
// Pratama kak", "Drs. H. M. Amin, M.Si.". Polite answers, questions, wishes and
// ordinary words are no names; a name that may be something else is Likely.
func (m *Message) Name() Answer[string] {
	return corrected(m, (*Message).name)
}

func (m *Message) name() Answer[string] {
	_, said := m.introduced("name opening")
	for i := len(m.tokens) - 1; i > 0; i-- {
		rest := m.part(i+1, len(m.tokens))
		switch n := m.at(i, "full name"); {
		case n > 0: // "panggil aja Andi, lengkapnya Andi Saputra"
			if a := m.part(i+n, len(m.tokens)).name(); a.Heard() {
				return a
			}
		case (m.tokens[i].w == "?" || m.tokens[i].w == ":" && !said) && len(rest.tokens) > 0: // "sesuai ktp? MUHAMMAD RIZAL"
			if a := rest.name(); a.Heard() {
				return likely(a.Value)
			}
		}
	}
	text, introduced := m.introduced("name opening")
	part := m.lex.Hear(text)
	// A wish after the name: "Budi, mau cari data".
	end := len(part.tokens)
	for i, t := range part.tokens {
		if i > 0 && introduced && (t.mark && t.w == "\n" || part.tokens[i].num < 0 && part.at(i, "no name") > 0) {
			end = i
			break
		}
	}
	// Where the person is from: "Andi Saputra, dari Gantung".
	whence := false
	for i := 1; i < end; i++ {
		if part.at(i, "place opening") > 0 && !part.tokens[i-1].mark || part.tokens[i-1].mark && i > 1 &&
			part.at(i, "place opening") > 0 {
			end, whence = i, true
		}
	}
	part = part.part(0, end).trimmed()
	name := strings.Trim(part.String(), " ,;:!-\"'“”")
	if !strings.HasSuffix(name, ".") || utf8.RuneCountInString(name) > 100 {
		name = strings.TrimRight(name, ".")
	}
	if m.question() && !introduced || m.has("or") {
		return none[string]()
	}
	letters, words, ordinary, capital, topics := 0, 0, 0, 0, 0
	for i := 0; i < len(part.tokens); i++ {
		t := part.tokens[i]
		if t.mark {
			if !strings.Contains(".,'-()\"/", t.w) {
				return none[string]()
			}
			continue
		}
		if t.num >= 0 && isDigits(t.raw) || strings.ContainsAny(t.raw, telling) {
			return none[string]()
		}
		if part.at(i, "no name") > 0 && !(i > 0 && part.tokens[i-1].w == ".") && utf8.RuneCountInString(t.raw) > 1 {
			return none[string]()
		}
		words++
		letters += utf8.RuneCountInString(t.raw)
		r, _ := utf8.DecodeRuneInString(t.raw)
		if unicode.IsUpper(r) {
			capital++
		}
		if !unicode.IsLetter(r) {
			return none[string]()
		}
		if part.lex.vocabulary[t.w] && utf8.RuneCountInString(t.raw) > 2 && part.at(i, "title") == 0 {
			ordinary++
		}
		if id, used, _ := part.lex.concepts.find(part, i); used > 0 && part.lex.topics[id] {
			topics++
		}
	}
	switch n := utf8.RuneCountInString(name); {
	case n < 3 || n > 100 || letters < 3 || words == 0 || words > 12 || !vowelled(name):
		return none[string]()
	case m.lex.Hear(name).Intent().Sureness == Sure && !introduced:
		return none[string]()
	case ordinary == words:
		if introduced && capital > 0 {
			return likely(name)
		}
		return none[string]()
	// "Dedi Kurnia" is a name, "dedi kurnia" may be
	case ordinary > 0 && (topics > 0 || words < 2 || capital < words), words > 6:
		return likely(name)
	case introduced, !whence && (words >= 2 || capital > 0):
		return sure(name)
	}
	return likely(name)
}

// vowelled tells whether a text can be spoken: letters without any vowel are noise.
func vowelled(s string) bool {
	return strings.ContainsAny(strings.ToLower(s), "aiueoyàáâäèéêëìíïòóôöùúüāīūēō") || !ascii(s)
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

func isDigits(s string) bool { return digits(s) }

// introduced cuts what introduces an answer off ("nama saya", "kuliah di") and
// tells whether there was something.
func (m *Message) introduced(class string) (text string, ok bool) {
	start := 0
	for i := 0; i < len(m.tokens); {
		n := m.at(i, class)
		if n > 0 {
			i += n
			start, ok = i, true
			for start < len(m.tokens) && m.tokens[start].mark {
				start++
			}
			i = start
			continue
		}
		p := max(m.polite(i), m.at(i, "greeting"), m.at(i, "opening"))
		if p == 0 || start != i && !m.tokens[i].mark {
			break
		}
		if start == i {
			start = i + p
		}
		i += p
	}
	return m.part(min(start, len(m.tokens)), len(m.tokens)).String(), ok
}

// trimmed is the message without polite words and marks at its end.
func (m *Message) trimmed() *Message {
	j := len(m.tokens)
	for j > 0 && (m.tokens[j-1].mark && !strings.Contains(".)", m.tokens[j-1].w) || m.classed(j-1, "filler") ||
		m.classed(j-1, "address") && j > 1) {
		j--
	}
	return m.part(0, j)
}

// Place is the answer to the question where somebody works or studies; Nowhere
// where there is no such institution.
type Place struct {
	Name    string
	Nowhere bool
}

// Institution reads the name of a school, campus or office, without what
// introduces it ("kuliah di UBB" is UBB). "gak ada", "belum kerja" are Nowhere.
func (m *Message) Institution() Answer[Place] {
	return corrected(m, (*Message).institution)
}

func (m *Message) institution() Answer[Place] {
	if m.Waits() {
		return none[Place]()
	}
	if m.covered("nowhere", "thanks", "self", "negation", "help word") || m.Skips() ||
		m.covered("negation", "self", "help word") {
		return sure(Place{Nowhere: true})
	}
	text, introduced := m.introduced("place opening")
	part := m.lex.Hear(text).trimmed()
	name := strings.Trim(part.String(), " .,;:!-\"'")
	if n := utf8.RuneCountInString(name); n < 2 || n > 100 {
		return none[Place]()
	}
	letters, words, ordinary := 0, 0, 0
	for i, t := range part.tokens {
		if t.mark || t.num >= 0 {
			continue
		}
		words++
		letters += utf8.RuneCountInString(t.raw)
		if part.at(i, "no place") > 0 || part.at(i, "negation") > 0 {
			return none[Place]()
		}
		if part.at(i, "place word") > 0 {
			introduced = true
		} else if part.lex.vocabulary[t.w] {
			ordinary++
		}
	}
	switch {
	case m.question() || letters < 2 || words > 14 || m.Thanks() || m.Empty():
		return none[Place]()
	case introduced:
		return sure(Place{Name: name})
	case ordinary == words:
		return none[Place]()
	case ordinary > 0 || !vowelled(name) && name != strings.ToUpper(name):
		return likely(Place{Name: name})
	}
	return sure(Place{Name: name})
}
