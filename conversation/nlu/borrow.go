package nlu

import "strings"

// Borrows tells whether the message wants to take a book home, and what it names
// besides: "mau minjam buku sensus dong" is "sensus", "boleh pinjam bukunya?" is "".
// Loans of money and counts of loans are topics of the catalogue.
func (m *Message) Borrows() (title string, ok bool) {
	if m.has("no book loan") {
		return "", false
	}
	var words []string
	asked := true // so far nothing was said but that something is wished
	for i := 0; i < len(m.tokens); {
		if n := m.at(i, "borrow word"); n > 0 {
			ok = ok || asked || i > 0 && m.classed(i-1, "borrow wish")
			i += n
			continue
		}
		n := max(m.polite(i), m.at(i, "greeting"), m.at(i, "opening"), m.at(i, "question"), m.at(i, "negation"),
			m.at(i, "borrow wish"), m.at(i, "borrow around"))
		if n == 0 {
			words, asked, n = append(words, m.tokens[i].raw), false, 1
		}
		i += n
	}
	return strings.Join(words, " "), ok
}
