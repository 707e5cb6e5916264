package nlu

import (
	"maps"
	"slices"
	"strings"
)

// Lists whose options have synonyms in options.tsv. The label of a row there is
// an option's key or its label as the office has it configured.
const (
	Gender     = "gender"
	Education  = "education"
	Work       = "work"
	Origin     = "origin"
	Disability = "disability"
	Purpose    = "purpose"
	Mode       = "mode"      // keys: onsite, online
	Cards      = "card"      // keys: ktp, sim, paspor, other
	Identity   = "identity"  // keys: named, hidden, anonymous
	Category   = "category"  // of a complaint
	Resume     = "resume"    // keys: go_on, anew
	Companion  = "companion" // of a minor; keys: with, alone
	Survey     = "survey"    // of the SKM; keys: worst, poor, good, best
	Typo       = "typo"      // of an address; keys: meant, typed
)

// Option is one answer that is offered.
type Option struct {
	Key   string   // stable name; options.tsv may have synonyms by it
	Label string   // as it is shown
	Words []string // synonyms besides those of options.tsv
	Mute  bool     // only its number is listened to
}

// Choice reads which of the options offered is meant: by number ("2 aja kak",
// "nomor dua", "yang kedua", "opsi 2", "yang terakhir"), by label, by a word that
// only one label has, by synonyms of the list or the option, with small slips.
// What is denied is left out. list is one of the list names, or "". The value
// is the index of the option; where several may be meant there is none.
func (m *Message) Choice(list string, options []Option) Answer[int] {
	return corrected(m, func(m *Message) Answer[int] {
		if before, ok := m.withoutReason(); ok { // "sim aja karena ktp hilang"
			if a, _ := before.choice(list, options); a.Sureness == Sure {
				return a
			}
		}
		a, _ := m.choice(list, options)
		return a
	})
}

// withoutReason is what stands before the words that give a reason for it.
func (m *Message) withoutReason() (before *Message, ok bool) {
	for i := 1; i < len(m.tokens); i++ {
		if m.at(i, "reason") > 0 {
			return m.part(0, i), true
		}
	}
	return m, false
}

// Denies tells whether the message names this option and denies it: "namanya jangan
// ditulis", "gak mau pakai nama".
func (m *Message) Denies(list, label string) bool {
	rows := &phrases{}
	for _, r := range m.lex.lists[list] {
		if r.label == label {
			rows.add(r.phrase, 0)
		}
	}
	for i, no := range m.refused() {
		if _, n, _ := rows.find(m, i); n > 0 && no {
			return true
		}
	}
	return false
}

// Pick is [Message.Choice] where other words have a meaning of their own: the
// message may say nothing besides the option.
func (m *Message) Pick(list string, options []Option) Answer[int] {
	return corrected(m, func(m *Message) Answer[int] {
		if a, unknown := m.choice(list, options); unknown == 0 {
			return a
		}
		return none[int]()
	})
}

// choice also counts the words that nothing explains.
func (m *Message) choice(list string, options []Option) (Answer[int], int) {
	if a, decided := m.Line(len(options)), m.numbersOnly(); a.Heard() || decided {
		return a, 0
	}
	set, telling := m.lex.optionPhrases(list, options)
	best := map[int]int{} // option -> how well it was named
	denied := m.refused()
	for i := range m.tokens { // "ktp saya ketinggalan, pakai sim bisa?"
		for j := i - 1; list == Cards && m.at(i, "lacking") > 0 && j >= 0 && !m.tokens[j].mark; j-- {
			denied[j] = true
		}
	}
	slipped := map[int]bool{}
	unknown := 0
	clash := false
	for i := 0; i < len(m.tokens); {
		v, n, slip := set.find(m, i)
		weight := 3
		if n > 0 && m.at(i, "negation") > 0 { // "belum kerja, masih kuliah"
			weight = 2
		}
		if n == 0 {
			v, n, slip = telling.find(m, i)
			weight = 1
		}
		if n == 0 {
			if !m.tokens[i].mark && m.polite(i) == 0 && !m.helpful(i) {
				unknown++
			}
			i++
			continue
		}
		if !denied[i] && v >= 0 {
			if best[v] < weight {
				best[v], slipped[v] = weight, slip
			}
		}
		clash = clash || v < 0 && !denied[i]
		i += n
	}
	found, top, several := -1, 0, false
	for _, v := range slices.Sorted(maps.Keys(best)) {
		w := best[v]
		if w > top {
			found, top, several = v, w, false
		} else if w == top {
			several = true
		}
	}
	switch {
	case list == Category && several && !m.question(): // "ribet banget syaratnya"
		return likely(found), unknown
	case found < 0 || several || clash && top < 2 || m.Waits() || m.has("or") && len(best) > 1:
		return none[int](), unknown
	case top < 2 && m.question(), unknown > 8:
		return none[int](), unknown
	case slipped[found] && unknown > 2, top < 2 && unknown > 1, unknown > 4, m.question() && unknown > 2:
		return likely(found), unknown
	}
	return sure(found), unknown
}

// helpful words surround an answer without being part of it.
func (m *Message) helpful(i int) bool {
	return m.at(i, "help word") > 0 || m.classed(i, "self") || m.at(i, "greeting") > 0 || m.at(i, "thanks") > 0 ||
		m.at(i, "weak yes") > 0 || m.at(i, "yes") > 0 || m.at(i, "correction") > 0 || m.at(i, "negation") > 0
}

// optionPhrases are the phrases that name an option, and the single words that
// only one label has; -1 is the value of those that fit several.
func (l *Lexicon) optionPhrases(list string, options []Option) (set, telling *phrases) {
	set, telling = &phrases{}, &phrases{}
	seen := map[string]int{}
	put := func(words []token, v int) {
		if len(words) == 0 { // "-" is no word
			return
		}
		var k strings.Builder
		for _, w := range words {
			k.WriteString(key(w) + " ")
		}
		if old, ok := seen[k.String()]; ok && old != v {
			for i, ph := range set.by[key(words[0])] {
				if slices.EqualFunc(ph.words, words, func(a, b token) bool { return key(a) == key(b) }) {
					set.by[key(words[0])][i].value = -1
				}
			}
			return
		}
		seen[k.String()] = v
		set.add(words, v)
	}
	owner := map[string]int{}
	for v, o := range options {
		names := []string{plainLabel(o.Key), plainLabel(o.Label)}
		for _, r := range l.lists[list] {
			if slices.Contains(names, r.label) {
				put(r.phrase, v)
			}
		}
		for _, w := range o.Words {
			put(l.phrase(w), v)
		}
		if o.Mute {
			continue
		}
		label, _, _ := strings.Cut(o.Label, "(")
		put(l.phrase(label), v)
		for _, part := range strings.FieldsFunc(label, func(r rune) bool { return r == '/' || r == ',' || r == ':' }) {
			words := l.phrase(part)
			if len(words) == 0 || len(words) == 1 && l.inClass(words[0].w, "general") {
				continue
			}
			put(words, v)
		}
		for _, t := range l.phrase(label) {
			if t.num >= 0 || len(t.w) < 4 || l.inClass(t.w, "general") || l.inClass(t.w, "filler") ||
				l.inClass(t.w, "help word") || l.inClass(t.w, "negation") {
				continue
			}
			if old, ok := owner[t.w]; ok && old != v {
				owner[t.w] = -1
			} else {
				owner[t.w] = v
			}
		}
	}
	for _, w := range sortedKeys(owner) {
		telling.add([]token{{w: w, num: -1}}, owner[w])
	}
	return set, telling
}

// Phrase is the phrase of a list's row that the message has, as typed: "KTM" of
// "pakai KTM kak". One of general words alone ("kartu lain") is none.
func (m *Message) Phrase(list, label string) string {
	rows := &phrases{}
	for _, r := range m.lex.lists[list] {
		general := !slices.ContainsFunc(r.phrase, func(t token) bool { return !m.lex.inClass(t.w, "general") })
		if r.label == label && !general {
			rows.add(r.phrase, 0)
		}
	}
	denied := m.denied()
	for i := range m.tokens {
		if _, n, _ := rows.find(m, i); n > 0 && !denied[i] {
			return m.text[m.tokens[i].at:m.tokens[i+n-1].end]
		}
	}
	return ""
}

// Line reads which line of a numbered list is meant, from 1 to last; the value
// counts from 0. "yang terakhir" is the last line. Numbers that belong to
// something else ("jalan 2", "2023") and several numbers are no choice.
func (m *Message) Line(last int) Answer[int] {
	return corrected(m, func(m *Message) Answer[int] {
		n, ok := m.lineNumber(last)
		if !ok || n < 1 || n > last {
			return none[int]()
		}
		return sure(n - 1)
	})
}

// Beyond tells whether a line is meant that the list with this last line has not.
func (m *Message) Beyond(last int) bool {
	n, ok := m.lineNumber(last)
	return ok && (n < 1 || n > last)
}

// lineNumber finds the one number that stands alone among words that help.
func (m *Message) lineNumber(last int) (int, bool) {
	if len(m.tokens) > 20 || m.Waits() || m.has("written before") { // "yang pertama saya ketik" is no line
		return 0, false
	}
	denied := m.refused()
	found, marked, unknown := -1, false, 0
	for i := 0; i < len(m.tokens); {
		t := m.tokens[i]
		switch {
		case t.mark && t.w == "-" && i+1 < len(m.tokens) && m.tokens[i+1].num >= 0 && m.tokens[i+1].glued &&
			(i == 0 || m.tokens[i-1].num >= 0 || m.tokens[i-1].mark):
			return 0, false // "-1", "1-2"
		case t.mark && strings.ContainsAny(t.w, ".,/") && t.glued && i+1 < len(m.tokens) && m.tokens[i+1].num >= 0 &&
			m.tokens[i+1].glued:
			return 0, false // "1.2"
		case t.num >= 0:
			if t.glued && i > 0 && !m.tokens[i-1].mark && !m.classed(i-1, "number word") {
				return 0, false // "s2"
			}
			if i+1 < len(m.tokens) && m.tokens[i+1].glued && !m.tokens[i+1].mark {
				return 0, false
			}
			if !denied[i] {
				if found >= 0 && found != t.num {
					return 0, false
				}
				found = t.num
				marked = marked || t.ord || i > 0 && m.classed(i-1, "number word")
			}
			i++
			continue
		case last > 0 && m.at(i, "last") > 0 && !denied[i]:
			found = last
			i += m.at(i, "last")
			continue
		case last > 0 && m.at(i, "first") > 0 && !denied[i]:
			found = 1
			i += m.at(i, "first")
			continue
		case t.mark:
			if t.w == "%" {
				return 0, false
			}
		case denied[i] || m.polite(i) > 0 || m.helpful(i) || m.classed(i, "number word"):
		default:
			unknown++
		}
		i++
	}
	if found < 0 || unknown > 0 && !marked || unknown > 3 || m.has("or") {
		return 0, false
	}
	return found, true
}

// loneNumber is the one number of a message that says nothing else.
func (m *Message) loneNumber() (int, bool) { return m.lineNumber(-1) }

// numbersOnly tells whether the message is numbers and helping words alone:
// then no word of it can choose.
func (m *Message) numbersOnly() bool {
	any := false
	for i, t := range m.tokens {
		switch {
		case t.num >= 0:
			any = any || i == 0 || !t.glued
			if t.glued && i > 0 && !m.tokens[i-1].mark {
				return false
			}
		case t.mark || m.polite(i) > 0 || m.classed(i, "number word"):
		default:
			return false
		}
	}
	return any
}
