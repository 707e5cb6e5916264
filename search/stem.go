package search

import "strings"

// stemmer reduces Indonesian words to a common form, after Fadillah Z. Tala,
// "A Study of Stemming Effects on Information Retrieval in Bahasa Indonesia"
// (2003): particles, possessives, then prefixes and suffixes, with a measure of
// syllables that keeps short words whole. Office words that the rules would
// tear or join wrongly are listed in the table of words.
type stemmer struct {
	exceptions map[string]string // word to its stem
	protected  map[string]bool   // words left as they are
}

// stem is the form under which a word is indexed and sought. Words with digits
// and words of three letters or fewer stay as they are.
func (s *stemmer) stem(w string) string {
	if len(w) <= 3 || hasDigit(w) || s.protected[w] {
		return w
	}
	if x, ok := s.exceptions[w]; ok {
		return x
	}
	t := tala(w)
	if x, ok := s.exceptions[t]; ok {
		return x
	}
	return t
}

// stems is stem over a list.
func (s *stemmer) stems(ws []string) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = s.stem(w)
	}
	return out
}

// What was taken from the front of a word decides which suffix may follow.
type prefix int

const (
	noPrefix   prefix = iota
	meDiTer           // me-, di-, ter-
	per               // per-, pe-
	keOrPeng          // ke-, peng-
	berOrBe           // ber-, be-
	minMeasure = 2    // words of so few syllables are left alone
)

// tala is the published algorithm without exceptions. It works on lower-case
// ASCII words; others come back unchanged.
func tala(w string) string {
	measure := 0
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return w
		}
		if vowel(w[i]) {
			measure++
		}
	}
	for _, endings := range [][]string{{"kah", "lah", "pun"}, {"nya", "ku", "mu"}} {
		if measure <= minMeasure {
			return w
		}
		for _, e := range endings {
			if rest, ok := strings.CutSuffix(w, e); ok {
				w, measure = rest, measure-1
				break
			}
		}
	}
	if measure <= minMeasure {
		return w
	}
	if rest, took, melted := firstPrefix(w); took != noPrefix {
		w, measure = rest, measure-1
		if measure <= minMeasure {
			return w
		}
		rest, ok := cutSuffix(w, took)
		if !ok {
			return w
		}
		w, measure = rest, measure-1
		if measure > minMeasure && !melted {
			w, _ = secondPrefix(w)
		}
		return w
	}
	rest, took := secondPrefix(w)
	if took != noPrefix {
		w, measure = rest, measure-1
	}
	if measure > minMeasure {
		w, _ = cutSuffix(w, took)
	}
	return w
}

// firstPrefix takes me-, di-, ter-, ke- or peng- off, giving back the first
// letter of the root that the prefix had melted (menyusun: susun).
func firstPrefix(w string) (rest string, took prefix, melted bool) {
	for _, p := range []struct {
		text  string
		melts string // letter put back before a vowel; "" none
		must  bool   // the prefix is only one before a vowel
		took  prefix
	}{
		{"meny", "s", true, meDiTer}, {"peny", "s", true, keOrPeng},
		{"meng", "", false, meDiTer}, {"peng", "", false, keOrPeng},
		{"mem", "p", false, meDiTer}, {"pem", "p", false, keOrPeng},
		{"men", "", false, meDiTer}, {"pen", "", false, keOrPeng},
		{"ter", "", false, meDiTer}, {"me", "", false, meDiTer},
		{"di", "", false, meDiTer}, {"ke", "", false, keOrPeng},
	} {
		rest, ok := strings.CutPrefix(w, p.text)
		if !ok {
			continue
		}
		before := rest != "" && vowel(rest[0])
		if p.must && !before {
			continue
		}
		if before && p.melts != "" {
			return p.melts + rest, p.took, true
		}
		return rest, p.took, false
	}
	return w, noPrefix, false
}

// secondPrefix takes per-, pe-, ber- or be- off.
func secondPrefix(w string) (string, prefix) {
	switch {
	case strings.HasPrefix(w, "pelajar"):
		return w[3:], per
	case strings.HasPrefix(w, "belajar"):
		return w[3:], berOrBe
	case strings.HasPrefix(w, "per"):
		return w[3:], per
	case strings.HasPrefix(w, "ber"):
		return w[3:], berOrBe
	case strings.HasPrefix(w, "pe"):
		return w[2:], per
	case len(w) >= 5 && strings.HasPrefix(w, "be") && !vowel(w[2]) && w[3:5] == "er": // bekerja
		return w[2:], berOrBe
	}
	return w, noPrefix
}

// cutSuffix takes -kan, -an or -i off where the prefix taken allows it.
func cutSuffix(w string, took prefix) (string, bool) {
	if rest, ok := strings.CutSuffix(w, "kan"); ok && took != keOrPeng && took != per {
		return rest, true
	}
	if rest, ok := strings.CutSuffix(w, "an"); ok && took != meDiTer {
		return rest, true
	}
	if rest, ok := strings.CutSuffix(w, "i"); ok && took <= per && !strings.HasSuffix(rest, "s") {
		return rest, true
	}
	return w, false
}

func vowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'
}
