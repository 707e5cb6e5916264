package conversation

import (
	"errors"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"

	"pst/conversation/nlu"
)

// Errors of [CheckEmail].
var (
	ErrEmailSyntax = errors.New("not an e-mail address")
	ErrEmailDomain = errors.New("e-mail domain has no dot")
)

// CheckEmail normalises an e-mail address (spaces trimmed, lower case, a
// "mailto:" and angle brackets dropped). typo is the address that was probably
// meant, when the domain looks like a slip of a well-known one.
func CheckEmail(text string) (email, typo string, err error) {
	text = strings.ToLower(strings.TrimSpace(text))
	text = strings.Trim(strings.TrimPrefix(text, "mailto:"), "<>.,; ")
	if len(text) > 254 || strings.ContainsAny(text, " \n\t\"(),:;<>[]\\") {
		return "", "", ErrEmailSyntax
	}
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text {
		return "", "", ErrEmailSyntax
	}
	local, domain, _ := strings.Cut(text, "@")
	if strings.ContainsFunc(local, func(r rune) bool { return r > 0x7e }) {
		return "", "", ErrEmailSyntax
	}
	if !domainPattern().MatchString(domain) || len(local) > 64 {
		return "", "", ErrEmailDomain
	}
	if meant, ok := slips[domain]; ok {
		return text, local + "@" + meant, nil
	}
	for _, known := range knownDomains {
		if domain != known && !slices.Contains(knownDomains, domain) && nlu.OneSlip(domain, known) {
			return text, local + "@" + known, nil
		}
	}
	return text, "", nil
}

var domainPattern = lazily(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$`)

var knownDomains = []string{"gmail.com", "yahoo.com", "yahoo.co.id", "ymail.com", "hotmail.com", "outlook.com",
	"outlook.co.id", "icloud.com", "bps.go.id", "live.com", "rocketmail.com"}

// slips are frequent ones more than one letter away.
var slips = map[string]string{"gmai.co": "gmail.com", "gmial.co": "gmail.com", "gmial.com": "gmail.com",
	"gmail.co.id": "gmail.com", "gmail.id": "gmail.com", "yaho.co": "yahoo.com", "yaho.co.id": "yahoo.co.id",
	"gmail.comm": "gmail.com", "gamil.com": "gmail.com"}

// MaskEmail shows the first letter and the domain: "s***@gmail.com".
func MaskEmail(email string) string {
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" {
		return "***"
	}
	return string([]rune(local)[:1]) + "***@" + domain
}

// NormalPhone writes an Indonesian mobile number in E.164 ("+62812…"). National
// mobile numbers have 9 to 12 digits after the leading 0 (8 and 8 to 11 more).
func NormalPhone(text string) (string, bool) {
	if len(text) > 40 {
		return "", false
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	written := strings.TrimSpace(text)
	if strings.HasPrefix(digits, "0062") { // as dialled from abroad
		digits = digits[2:]
	}
	switch {
	case strings.HasPrefix(written, "+") && !strings.HasPrefix(digits, "62"), strings.HasPrefix(digits, "00"):
		return "", false // of another country
	case strings.HasPrefix(digits, "62"):
		digits = "0" + strings.TrimPrefix(digits[2:], "0")
	case strings.HasPrefix(digits, "8"):
		digits = "0" + digits
	}
	if !strings.HasPrefix(digits, "08") {
		return "", false // "00" behind the country's number would name another country
	}
	n, err := phonenumbers.Parse(digits, "ID")
	if err != nil || n.GetCountryCode() != 62 {
		return "", false
	}
	national := phonenumbers.GetNationalSignificantNumber(n)
	if !strings.HasPrefix(national, "8") || len(national) < 9 || len(national) > 12 {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// codePattern finds six digits in a sentence, perhaps in two groups of three.

var namePattern = lazily(`^[\p{L}][\p{L}\p{M} .'’,-]*$`)

// checkName takes 3 to 100 letters, spaces, dots, apostrophes and dashes (and
// the comma before an academic title).
func checkName(s string) (string, bool) {
	s = oneLine(s)
	n := len([]rune(s))
	return s, n >= 3 && n <= 100 && letters(s) >= 3 && namePattern().MatchString(s)
}

// lazily is a pattern that is made when it is first used: the bounds in it make it large.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
