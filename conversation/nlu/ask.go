package nlu

// Step is a wish to see other lines of a list.
type Step int

// Steps through a list.
const (
	Stay Step = iota
	Next
	Previous
	Back // to the list itself
)

// Paging reads "lanjut", "selanjutnya", "berikutnya dong", "sebelumnya", "halaman
// depan", "kembali ke hasil". A message that says more is none.
func (m *Message) Paging() Answer[Step] {
	switch {
	case len(m.tokens) > 10 || len(m.denied()) > 0 && m.has("negation"):
	case m.covered("back to list", "help word"):
		return sure(Back)
	case m.covered("previous", "help word", "line word"):
		return sure(Previous)
	case m.covered("next", "help word", "line word"):
		return sure(Next)
	}
	return none[Step]()
}

// Order is which edition is meant, seen from the one at hand.
type Order int

// Orders of editions.
const (
	AnyEdition Order = iota
	Older
	Newer
	Newest
	Oldest
)

// Edition names another edition of the publication at hand: by its year, by
// its order, or neither ("edisi lain").
type Edition struct {
	Year  int
	Order Order
}

// Edition reads "edisi 2019", "yang 2022", "yang lama", "tahun sebelumnya",
// "terbaru", "edisi lain". A bare year is Likely. A message with other content
// is a topic and none.
func (m *Message) Edition() Answer[Edition] {
	return corrected(m, (*Message).edition)
}

func (m *Message) edition() Answer[Edition] {
	var e Edition
	var word, marked bool
	denied := m.denied()
	for i := 0; i < len(m.tokens); {
		t := m.tokens[i]
		n := 1
		switch {
		case t.mark:
		case t.num >= 1900 && t.num <= 2100:
			if !denied[i] {
				if e.Year != 0 && e.Year != t.num {
					return none[Edition]()
				}
				e.Year = t.num
			}
		case denied[i]:
		case m.at(i, "newest") > 0:
			e.Order, n = Newest, m.at(i, "newest")
		case m.at(i, "oldest") > 0:
			e.Order, n = Oldest, m.at(i, "oldest")
		case m.at(i, "newer") > 0:
			e.Order, n = Newer, m.at(i, "newer")
		case m.at(i, "older") > 0:
			e.Order, n = Older, m.at(i, "older")
		case m.at(i, "edition") > 0:
			word, n = true, m.at(i, "edition")
		case m.at(i, "edition mark") > 0:
			marked, n = true, m.at(i, "edition mark")
		case m.polite(i) > 0 || m.helpful(i) || m.at(i, "question") > 0 || m.at(i, "other") > 0 || t.w == "ada":
			n = max(1, m.polite(i), m.at(i, "question"), m.at(i, "other"))
		default:
			return none[Edition]()
		}
		i += n
	}
	switch {
	case m.Waits():
		return none[Edition]()
	case e.Year != 0 && (word || marked), e.Year == 0 && e.Order != AnyEdition:
		return sure(e)
	case e.Year == 0 && word && m.has("other"):
		return sure(e)
	case e.Year != 0:
		return likely(e)
	}
	return none[Edition]()
}
