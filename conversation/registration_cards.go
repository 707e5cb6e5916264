package conversation

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"unicode"
)

// Card kinds.
const (
	KTP    = "KTP"
	SIM    = "SIM"
	Paspor = "Paspor"
)

// Errors of [CheckCard]. They say what is wrong with a card number; none holds it.
var (
	ErrCardLength = errors.New("card number has the wrong length")
	ErrCardDigits = errors.New("card number has other characters than it may")
	ErrCardDate   = errors.New("birth date in the NIK does not exist")
	ErrCardSerial = errors.New("serial in the NIK is 0000")
	ErrCardSame   = errors.New("card number is one digit repeated")
)

// CheckCard normalises a card number (spaces, dots and dashes dropped, capitals)
// and checks its form. doubt means: take it, but ask once whether it is right.
//
// A NIK is 16 digits: province 2, regency 2, district 2, day 2 (women: day +
// 40), month 2, year 2, serial 4 (Permendagri 73/2022 and its forerunners on
// the Nomor Induk Kependudukan). Neither age nor sex is derived from it; the
// day is checked only for existing in 19YY or 20YY.
func CheckCard(kind, number string) (normal string, doubt bool, err error) {
	normal = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '.' || r == '-' || r == '\n' {
			return -1
		}
		return r
	}, number))
	digits := strings.Trim(normal, "0123456789") == ""
	switch kind {
	case KTP:
		return checkNIK(normal, digits)
	case SIM:
		if !digits {
			return "", false, ErrCardDigits
		}
		if len(normal) < 12 || len(normal) > 16 {
			return "", false, ErrCardLength
		}
	case Paspor:
		if strings.ContainsFunc(normal, func(r rune) bool { return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }) ||
			!strings.ContainsAny(normal, "0123456789") {
			return "", false, ErrCardDigits
		}
		if len(normal) < 6 || len(normal) > 9 {
			return "", false, ErrCardLength
		}
	default:
		if strings.ContainsFunc(normal, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) &&
				r != '/'
		}) || !strings.ContainsAny(normal, "0123456789") {
			return "", false, ErrCardDigits
		}
		if n := len([]rune(normal)); n < 4 || n > 30 {
			return "", false, ErrCardLength
		}
	}
	if len(normal) > 1 && strings.Trim(normal, normal[:1]) == "" {
		return "", false, ErrCardSame
	}
	return normal, false, nil
}

func checkNIK(nik string, digits bool) (string, bool, error) {
	switch {
	case !digits:
		return "", false, ErrCardDigits
	case len(nik) != 16:
		return "", false, ErrCardLength
	case strings.Trim(nik, nik[:1]) == "":
		return "", false, ErrCardSame
	}
	two := func(i int) int { return int(nik[i]-'0')*10 + int(nik[i+1]-'0') }
	day, month, year := two(6), two(8), two(10)
	if day > 40 {
		day -= 40
	}
	if !dateExists(1900+year, month, day) && !dateExists(2000+year, month, day) {
		return "", false, ErrCardDate
	}
	if nik[12:] == "0000" {
		return "", false, ErrCardSerial
	}
	return nik, !slices.Contains(provinces, nik[:2]), nil
}

func dateExists(y, m, d int) bool {
	if m < 1 || m > 12 || d < 1 {
		return false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t.Day() == d && int(t.Month()) == m
}

// nikYear is the two-digit year written in a NIK, to be compared once with the
// year a person gives; a NIK may lawfully disagree (a corrected birth date).
func nikYear(nik string) int { return int(nik[10]-'0')*10 + int(nik[11]-'0') }

// provinces are the province codes of the civil registry (Kepmendagri
// 300.2.2-2138/2025 and its forerunners), with the two of East Timor that old
// numbers still carry.
var provinces = []string{"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35", "36",
	"51", "52", "53", "54",
	"61", "62", "63", "64", "65", "71", "72", "73", "74", "75", "76", "81", "82", "91", "92", "93", "94", "95", "96"}

var expiryPattern = regexp.MustCompile(`^(\d{1,2})\s*[/. -]\s*(\d{4}|\d{2})$`)

// Errors of [ParseExpiry].
var (
	ErrExpirySyntax = errors.New("expiry must be month/year")
	ErrExpiryPast   = errors.New("card has expired")
)

// ParseExpiry reads "08/2027", "8-27" or "Agustus 2027" as the last month a card
// is valid in, and returns it as "2027-08". now decides whether it is past.
func ParseExpiry(text string, now time.Time) (string, error) {
	text = strings.ToLower(oneLine(text))
	for i, m := range months {
		if rest, ok := strings.CutPrefix(text, strings.ToLower(m)); ok {
			text = twoDigits(i+1) + "/" + strings.TrimSpace(rest)
		}
	}
	m := expiryPattern.FindStringSubmatch(text)
	if m == nil {
		return "", ErrExpirySyntax
	}
	month, year := atoi(m[1]), atoi(m[2])
	if year < 100 {
		year += 2000
	}
	if month < 1 || month > 12 || year > now.Year()+30 || year < 1950 {
		return "", ErrExpirySyntax
	}
	if time.Date(year, time.Month(month)+1, 1, 0, 0, 0, 0, now.Location()).Compare(now) <= 0 {
		return "", ErrExpiryPast
	}
	return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"), nil
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + string(rune('0'+n))
	}
	return string(rune('0'+n/10)) + string(rune('0'+n%10))
}

// atoi reads digits that a pattern has already checked.
func atoi(s string) int {
	n := 0
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}
