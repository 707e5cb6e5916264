package nlu

import (
	"regexp"
	"strings"
)

var (
	plainEmail   = regexp.MustCompile(`[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]+(?:\.[a-z0-9-]+)+`)
	spacedEmail  = regexp.MustCompile(`[a-z0-9][a-z0-9._%+-]{0,63}\s*@\s*[a-z0-9-]+(?:\s*[.,]\s*[a-z0-9-]+)+`)
	noDotEmail   = regexp.MustCompile(`[a-z0-9][a-z0-9._%+-]{0,63}\s*@\s*(?:gmail|yahoo|ymail|hotmail|outlook|icloud)\b`)
	spokenAt     = regexp.MustCompile(`\s*[(\[]?\b(?:at|et|ad|add?|aet|keong)\b[)\]]?\s*|\s*[(\[]\s*@\s*[)\]]\s*`)
	spokenDot    = regexp.MustCompile(`\s*[(\[]?\b(?:dot|titik|tik)\b[)\]]?\s*`)
	spokenStrip  = regexp.MustCompile(`\s*\b(?:underscore|garis bawah)\b\s*`)
	spokenHyphen = regexp.MustCompile(`\s*\b(?:strip|minus|dash)\b\s*`)
	providers    = `(?:gmail|yahoo|ymail|hotmail|outlook|icloud)`
	atLessEmail  = regexp.MustCompile(`\b([a-z0-9][a-z0-9._]{2,63})\s+` + providers + `\.(?:com|co\.id)\b`)
	topLevel     = regexp.MustCompile(`\.[a-z]{2,}$`)
)

// Email reads an address inside a sentence, in lower case. An address with
// spaces in it, spelled ("rizky at gmail dot com") or without its dot is Likely;
// two different addresses are none. Whether its domain is misspelt is for the
// rules to judge.
func (m *Message) Email() Answer[string] {
	return corrected(m, (*Message).email)
}

func (m *Message) email() Answer[string] {
	text := strings.NewReplacer("mailto:", " ", "<", " ", ">", " ").Replace(m.lower())
	if len(text) > 600 {
		return none[string]()
	}
	if a, several := theOne(plainEmail, text); a != "" && topLevel.MatchString(a) {
		if several {
			return none[string]()
		}
		if at := strings.Index(text, a); at > 0 && strings.HasSuffix(strings.TrimRight(text[:at], " "), ".") {
			return likely(a)
		}
		return sure(a)
	}
	a, several := theOne(spacedEmail, text)
	if a == "" {
		spoken := spokenHyphen.ReplaceAllString(spokenStrip.ReplaceAllString(spokenDot.ReplaceAllString(text, "."), "_"), "-")
		spoken = spokenAt.ReplaceAllString(spoken, "@")
		a, several = theOne(plainEmail, spoken)
		if a == "" {
			a, several = theOne(noDotEmail, text)
			if a != "" {
				a += ".com"
			} else if g := strings.Fields(atLessEmail.FindString(text)); len(g) > 0 && !m.lex.vocabulary[g[0]] {
				a = strings.Join(g, "@") // "yang gmail.com" is no address
			}
		}
	}
	a = strings.ReplaceAll(strings.Join(strings.Fields(a), ""), ",", ".")
	if a == "" || several || !topLevel.MatchString(a) {
		return none[string]()
	}
	return likely(a)
}

// theOne is the first match, without a full stop at its end, and whether there
// are different others.
func theOne(r *regexp.Regexp, text string) (found string, several bool) {
	for _, g := range r.FindAllString(text, 5) {
		g = strings.TrimRight(g, ".-")
		if found == "" {
			found = g
		} else if g != found {
			several = true
		}
	}
	return found, several
}
