package nlu

// near is how many words may stand between a no and what has not come: "belum ada
// kode yang saya terima".
const near = 4

// Missing tells whether something that was sent has not come: "kodenya belum masuk",
// "mana emailnya", "di spam juga gak ada", "kok lama ya".
func (m *Message) Missing() bool {
	if m.has("not come") {
		return true
	}
	for i := range m.tokens {
		if m.at(i, "negation") == 0 && m.at(i, "did not") == 0 {
			continue
		}
		for j := max(0, i-near); j < min(len(m.tokens), i+near+2); j++ {
			if m.at(j, "arrival") > 0 {
				return true
			}
		}
	}
	return false
}
