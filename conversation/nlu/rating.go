package nlu

import "strings"

// Verdict is an answer to the rating question.
type Verdict struct {
	Score int  // 4 very satisfied, 3 satisfied, 2 less satisfied, 1 dissatisfied; 0 where Skip
	Skip  bool // the question is passed over
}

// Rating reads a verdict in words ("puas banget", "kurang puas"), stars ("4
// bintang", "⭐⭐⭐") or the digits 1 to 4. "tidak", "gak", "nanti" pass the question
// over and are never a score. Words that praise or blame without the scale's
// own word are Likely.
func (m *Message) Rating() Answer[Verdict] {
	return corrected(m, (*Message).rating)
}

func (m *Message) rating() Answer[Verdict] {
	if len(m.tokens) > 25 {
		return none[Verdict]()
	}
	stars := 0
	for _, t := range m.tokens {
		if strings.ContainsAny(t.w, "⭐🌟★") {
			stars++
		}
	}
	if m.covered("skip", "thanks", "negation", "self") || m.covered("negation", "thanks", "self", "help word") {
		return sure(Verdict{Skip: true})
	}
	if n, ok := m.loneNumber(); ok && stars <= 1 {
		if n >= 1 && n <= 4 {
			return sure(Verdict{Score: n})
		}
		return none[Verdict]()
	}
	if stars > 0 && stars <= 4 && m.covered("star", "thanks") {
		return sure(Verdict{Score: stars})
	}
	// The scale's phrases have the values 1 to 4, and 11 to 14 where they only praise or blame.
	score, certain, unknown, several := 0, false, 0, false
	denied := m.denied()
	for i := 0; i < len(m.tokens); {
		v, n, slip := m.lex.scale.find(m, i)
		if n == 0 {
			if !m.tokens[i].mark && m.polite(i) == 0 && m.at(i, "thanks") == 0 && !m.helpful(i) {
				unknown++
			}
			i++
			continue
		}
		if !denied[i] {
			s, c := v%10, v < 10
			several = several || score != 0 && score != s && c == certain
			if score == 0 || c && !certain {
				score, certain = s, c && !slip
			}
		}
		i += n
	}
	switch {
	case score == 0 || several || m.question() || m.has("wait") || m.has("or"):
		return none[Verdict]()
	case certain && unknown <= 4:
		return sure(Verdict{Score: score})
	case unknown <= 3 || certain && unknown <= 8:
		return likely(Verdict{Score: score})
	}
	return none[Verdict]()
}
