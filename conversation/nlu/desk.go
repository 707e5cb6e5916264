package nlu

import "strings"

// Errand is what a member of staff, in words of their own, wants of the desk itself and
// not of the person whom they answer.
type Errand int

// Errands of staff.
const (
	NoErrand Errand = iota
	Queue           // "tiket apa yang masih gantung?"
	View            // "siapa pelapornya?", "lihat lagi isinya"
	Photos          // "fotonya mana?"
	HandOn          // "tolong teruskan ke Bu Rina"; the name is told with it
	Close           // "tutup saja tiketnya"
	TakeBack        // "salah, jangan dikirim"
	SendIt          // "oke kirim", where nothing waits
	NoWords         // "1", "min", "hm": nothing that could be an answer
)

// longestOrder is how many words an order has at most: what is longer is told to a
// person.
const longestOrder = 9

// Errand reads an errand of the desk; rest is the name behind HandOn. An answer to a
// person that only sounds like one is none: orders are short, ask or command, and say
// nothing else.
func (m *Message) Errand() (e Errand, rest string) {
	r := m.Request()
	words := 0
	for _, t := range r.tokens {
		if !t.mark {
			words++
		}
	}
	switch {
	case words == 0 || words == 1 && len(r.tokens[0].raw) < 3 && !r.has("yes"):
		return NoWords, ""
	case m.covered("take back", "take back around"):
		return TakeBack, ""
	case m.covered("send word", "yes", "weak yes", "filler yes"):
		return SendIt, ""
	case words > longestOrder:
		return NoErrand, ""
	}
	if n := r.at(0, "hand on word"); n > 0 {
		for i := n; i < len(r.tokens); i++ {
			if w := r.tokens[i].w; w == "ke" || w == "kepada" {
				return HandOn, strings.Trim(r.part(i+1, len(r.tokens)).String(), " .!?")
			}
		}
		return NoErrand, ""
	}
	if r.at(0, "close word") > 0 && r.covered("close word", "close around", "help word") {
		return Close, ""
	}
	if !m.Asks() && r.at(0, "desk verb") == 0 {
		return NoErrand, ""
	}
	switch {
	case r.has("desk photo"):
		return Photos, ""
	case r.has("desk view"):
		return View, ""
	case r.has("desk queue"):
		return Queue, ""
	}
	return NoErrand, ""
}
