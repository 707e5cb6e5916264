package nlu

import (
	"slices"
	"strings"
)

// Message is one message as it was heard. It is made by [Lexicon.Hear].
type Message struct {
	lex    *Lexicon
	text   string // folded
	from   int    // where this part of the text begins
	tokens []token
	others [][]alt
}

// Hear reads a message. Any bytes may be given.
func (l *Lexicon) Hear(text string) *Message {
	text = strings.TrimSpace(fold(text))
	m := &Message{lex: l, text: text, tokens: l.tokens(text)}
	m.others = make([][]alt, len(m.tokens))
	for i, t := range m.tokens {
		if !t.mark && t.num < 0 {
			m.others[i] = l.otherWords(t.w)
		}
	}
	return m
}

// tokens cuts folded text into words as they are compared.
func (l *Lexicon) tokens(text string) []token {
	var out []token
	raw := split(text)
	for i, t := range raw {
		if t.mark || t.num >= 0 || len(t.w) > 60 {
			// "nyampe2": the word twice. "s2", "ke2", "hal2" are other things.
			if t.w == "2" && t.glued && i > 0 && len(raw[i-1].w) >= 3 && isLetter(raw[i-1].w[0]) &&
				(i+1 == len(raw) || !raw[i+1].glued || isLetter(raw[i+1].w[0])) && !l.inClass(raw[i-1].w, "number word") {
				if last := out[len(out)-1]; l.twice[last.w] { // "ibu2" means something else than "ibu"
					out = append(out, last)
					continue
				}
				if len(raw[i-1].w) >= 4 {
					continue
				}
			}
			out = append(out, t)
			continue
		}
		if t.w == "no" && i+1 < len(raw) && (raw[i+1].num >= 0 || raw[i+1].w == "." || l.inClass(l.writtenOut(raw[i+1].w)[0],
			"numbered")) {
			t.w = "nomor"
		}
		w := l.writtenOut(t.w)
		if len(w) == 1 {
			t.w = w[0]
			out = append(out, t)
			continue
		}
		for j, part := range w {
			u := t
			u.w = part
			u.glued = u.glued && j == 0
			out = append(out, u)
		}
	}
	return numbers(out)
}

// writtenOut undoes abbreviation and repeated letters.
func (l *Lexicon) writtenOut(w string) []string {
	for _, c := range []string{w, squeeze(w, 2), squeeze(w, 1)} {
		if long, ok := l.short[c]; ok {
			return long
		}
		if l.vocabulary[c] {
			return []string{c}
		}
	}
	if no := l.deniedWord(w); no != nil {
		return no
	}
	if stem, ok := strings.CutSuffix(w, "ku"); ok && len(stem) >= 4 && l.vocabulary[stem] { // "dataku"
		return []string{stem, "saya"}
	}
	if c := squeeze(w, 2); c != w { // "haaalo": three of a kind are never meant
		return []string{squeeze(w, 1)}
	}
	return []string{w}
}

// negations are the little words for "no" that people write in one with the next.
var negations = []string{"enggak", "nggak", "engga", "kagak", "ngga", "kaga", "gak", "tak", "nda", "ga"}

// deniedWord takes a word apart that is a "no" and a known word: "gapunya",
// "nggakpaham". Words of under four letters are not looked for: "galon" is none.
func (l *Lexicon) deniedWord(w string) []string {
	for _, no := range negations {
		rest, ok := strings.CutPrefix(w, no)
		if !ok || len(rest) < 4 {
			continue
		}
		if long, ok := l.short[rest]; ok {
			return append([]string{"tidak"}, long...)
		}
		if l.vocabulary[rest] {
			return []string{"tidak", rest}
		}
	}
	return nil
}

func (l *Lexicon) inClass(w, class string) bool {
	p := l.classes[class]
	if p == nil {
		return false
	}
	return slices.ContainsFunc(p.by[w], func(ph phrase) bool { return len(ph.words) == 1 })
}

// classed tells whether token i alone is of a class.
func (m *Message) classed(i int, class string) bool {
	t := m.tokens[i]
	return !t.mark && t.num < 0 && m.lex.inClass(t.w, class)
}

// at is how many tokens a phrase of a class takes from token i.
func (m *Message) at(i int, class string) int {
	_, used, slip := m.lex.classes[class].find(m, i)
	if slip && len(m.tokens[i].w) < 5 {
		return 0
	}
	return used
}

// has tells whether a phrase of a class is anywhere in the message.
func (m *Message) has(class string) bool {
	for i := range m.tokens {
		if m.at(i, class) > 0 {
			return true
		}
	}
	return false
}

// part is the message from token i to before token j.
func (m *Message) part(i, j int) *Message {
	p := &Message{lex: m.lex, text: m.text, tokens: m.tokens[i:j], others: m.others[i:j]}
	p.from = len(m.text)
	if i < j {
		p.from = m.tokens[i].at
		if j < len(m.tokens) {
			p.text = m.text[:m.tokens[j-1].end]
		}
	}
	return p
}

// String is what the message or the part of it says, as typed.
func (m *Message) String() string { return strings.TrimSpace(m.text[min(m.from, len(m.text)):]) }

// lower is the text in lower case.
func (m *Message) lower() string { return strings.ToLower(m.String()) }

// question tells whether it asks something.
func (m *Message) question() bool {
	return strings.Contains(m.String(), "?") || m.has("question")
}

// polite is how many tokens from i say nothing: marks, fillers, names for us.
func (m *Message) polite(i int) int {
	if m.tokens[i].mark {
		return 1
	}
	return max(m.at(i, "filler"), m.at(i, "address"))
}

// Empty tells whether nothing is left when greetings, polite words, pictures and
// marks are taken off.
func (m *Message) Empty() bool { return m.Request().bare() }

func (m *Message) bare() bool {
	for i := 0; i < len(m.tokens); {
		n := m.polite(i)
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}

// Greeting tells whether the message greets; rest is what is asked besides, as
// typed, "" when nothing is.
func (m *Message) Greeting() (greets bool, rest string) {
	r := m.Request()
	for i := range m.tokens {
		if len(r.tokens) > 0 && m.tokens[i].at >= r.tokens[0].at {
			break
		}
		if m.at(i, "greeting") > 0 {
			greets = true
		}
	}
	if r.bare() {
		return greets || m.has("greeting"), ""
	}
	return greets, r.String()
}

// Telling is how many words of the message tell something: greetings, polite words
// and those that surround an answer do not count.
func (m *Message) Telling() int {
	n := 0
	for i := range m.tokens {
		if m.polite(i) == 0 && !m.helpful(i) && m.at(i, "opening") == 0 {
			n++
		}
	}
	return n
}

// Request is the message without the greeting, the name for us and the polite
// words around it: "selamat pagi min, mau tanya data penduduk gantung dong" is
// "data penduduk gantung". It may be empty.
func (m *Message) Request() *Message {
	i, j := 0, len(m.tokens)
	for i < j {
		n := max(m.polite(i), m.at(i, "greeting"), m.at(i, "opening"))
		if n == 0 || i+n > j {
			break
		}
		i += n
	}
	for j > i {
		k := j - 1
		if m.tokens[k].mark && m.tokens[k].w != "?" || m.classed(k, "filler") || m.classed(k, "address") {
			j--
			continue
		}
		cut := false
		for b := max(i, j-5); b < j; b++ {
			if n := m.at(b, "closing"); n > 0 && b+n == j {
				j, cut = b, true
				break
			}
		}
		if !cut {
			break
		}
	}
	return m.part(i, j)
}

// covered tells whether the message is made of phrases of these classes and of
// polite words alone, with at least one of the first class.
func (m *Message) covered(class string, also ...string) bool {
	found := false
	for i := 0; i < len(m.tokens); {
		if n := m.at(i, class); n > 0 {
			found = true
			i += n
			continue
		}
		n := max(m.polite(i), m.at(i, "greeting"))
		for _, c := range also {
			n = max(n, m.at(i, c))
		}
		if n == 0 {
			return false
		}
		i += n
	}
	return found
}

// Thanks tells whether the message thanks, and asks or says nothing else.
func (m *Message) Thanks() bool { return m.covered("thanks", "praise", "farewell", "help word") }

// Farewell tells whether the message ends the talk: "udah cukup", "gak ada
// lagi", "sampai jumpa", with or without thanks.
func (m *Message) Farewell() bool { return m.covered("farewell", "thanks", "praise", "help word") }

// Insults tells whether the message is a word of abuse with nothing else said: "anjing lah".
// In a sentence the same word may be a topic ("populasi anjing").
func (m *Message) Insults() bool { return m.covered("rude", "insulted", "help word") }

// Waits tells whether the person asks for time or will come back: it is no
// answer to the question at hand.
func (m *Message) Waits() bool {
	for i, t := range m.tokens {
		// "ditungguin mama" asks for no time
		if m.at(i, "wait") > 0 && !strings.HasPrefix(t.w, "di") && (i == 0 || m.tokens[i-1].w != "waktu") {
			return true
		}
	}
	return false
}

// Skips tells whether an optional question is passed over: "lewati", "-",
// "nanti aja", "gak mau", "skip".
func (m *Message) Skips() bool {
	s := strings.Trim(m.String(), " .")
	return s == "-" || s == "--" || m.covered("skip", "passed over")
}

// Ends tells whether free text of several messages is finished: "sudah kak
// kirim", "itu aja", "send". The message is then no part of the text.
func (m *Message) Ends() bool { return len(m.tokens) <= 10 && m.covered("end") && !m.question() }

// Correction tells whether the message corrects what was said before, and gives
// what follows the words that say so ("" may follow: "eh salah").
func (m *Message) Correction() (rest *Message, ok bool) {
	end := -1
	for i := 0; i < len(m.tokens); i++ {
		n := m.at(i, "correction")
		if n == 0 || i > 0 && m.at(i-1, "question") > 0 || i+n < len(m.tokens) && m.at(i+n, "question") > 0 {
			continue // "apa maksudnya instansi?" corrects nothing
		}
		end = i + n
		i = end - 1
	}
	if end < 0 {
		return m, false
	}
	for end < len(m.tokens) && m.tokens[end].mark {
		end++
	}
	return m.part(end, len(m.tokens)), true
}

// corrected reads what follows a correction first, then the whole.
func corrected[T any](m *Message, read func(*Message) Answer[T]) Answer[T] {
	if rest, ok := m.Correction(); ok && len(rest.tokens) > 0 {
		if a := read(rest); a.Heard() {
			return a
		}
	}
	return read(m)
}

// refused marks what an answer may not be taken from: what a negation denies, and
// what stands before a prohibition that ends the clause: "nama saya jangan ditulis".
func (m *Message) refused() []bool {
	out := m.denied()
	start := 0
	for i := 0; i < len(m.tokens); i++ {
		if t := m.tokens[i]; t.mark && strings.ContainsAny(t.w, ",.;!?\n") || m.at(i, "turn") > 0 {
			start = i + 1
			continue
		}
		n := m.at(i, "prohibition")
		if n == 0 {
			continue
		}
		words, end := 0, i+n
		for ; end < len(m.tokens) && !m.tokens[end].mark && m.at(end, "turn") == 0; end++ {
			if m.polite(end) == 0 {
				words++
			}
		}
		for j := start; words <= 2 && j < i; j++ {
			out[j] = true
		}
		start, i = end, end-1
	}
	return out
}

// denied marks the tokens that a negation denies: from "bukan", "jangan",
// "tidak" to the end of the clause.
func (m *Message) denied() []bool {
	out := make([]bool, len(m.tokens))
	for i := 0; i < len(m.tokens); i++ {
		n := m.at(i, "negation")
		if n == 0 {
			continue
		}
		if fine := m.at(i, "fine"); fine > n { // "gpp disebut namanya"
			i += fine - 1
			continue
		}
		content := 0
		for j := i + n; j < len(m.tokens); j++ {
			t := m.tokens[j]
			if t.mark && strings.ContainsAny(t.w, ",.;!?\n") && !(t.glued && j+1 < len(m.tokens) && m.tokens[j+1].glued) ||
				m.at(j, "turn") > 0 || content > 0 && m.classed(j, "self") {
				break
			}
			if m.polite(j) == 0 {
				content++
			}
			out[j] = true
		}
	}
	return out
}
