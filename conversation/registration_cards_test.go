package conversation

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestCheckCard(t *testing.T) {
	for _, c := range []struct {
		name, kind, number, normal string
		doubt                      bool
		err                        error
	}{
		{"a man's NIK", KTP, "1906011505980001", "1906011505980001", false, nil},
		{"a woman's NIK, day plus 40", KTP, "1906015505980001", "1906015505980001", false, nil},
		{"spaces, dots and dashes between the digits", KTP, " 1906 0115.0598-0001 ", "1906011505980001", false, nil},
		{"digits over two lines", KTP, "19060115\n05980001", "1906011505980001", false, nil},
		{"15 digits", KTP, "190601150598000", "", false, ErrCardLength},
		{"17 digits", KTP, "19060115059800011", "", false, ErrCardLength},
		{"nothing", KTP, "", "", false, ErrCardLength},
		{"only spaces", KTP, "   ", "", false, ErrCardLength},
		{"a letter O for a zero", KTP, "19O6011505980001", "", false, ErrCardDigits},
		{"full-width digits", KTP, "１９０６０１１５０５９８０００１", "", false, ErrCardDigits},
		{"all ones", KTP, "1111111111111111", "", false, ErrCardSame},
		{"all zeros", KTP, "0000000000000000", "", false, ErrCardSame},
		{"29 February in 00: 1900 had none, 2000 had", KTP, "1906012902000001", "1906012902000001", false, nil},
		{"29 February in 96", KTP, "1906012902960001", "1906012902960001", false, nil},
		{"29 February in 01: neither 1901 nor 2001 had one", KTP, "1906012902010001", "", false, ErrCardDate},
		{"a woman born on 29 February of 99", KTP, "1906016902990001", "", false, ErrCardDate},
		{"30 February", KTP, "1906013002000001", "", false, ErrCardDate},
		{"31 April", KTP, "1906013104980001", "", false, ErrCardDate},
		{"day 00", KTP, "1906010005980001", "", false, ErrCardDate},
		{"day 01", KTP, "1906010105980001", "1906010105980001", false, nil},
		{"day 31", KTP, "1906013105980001", "1906013105980001", false, nil},
		{"day 32", KTP, "1906013205980001", "", false, ErrCardDate},
		{"day 40", KTP, "1906014005980001", "", false, ErrCardDate},
		{"day 41", KTP, "1906014105980001", "1906014105980001", false, nil},
		{"day 71", KTP, "1906017105980001", "1906017105980001", false, nil},
		{"day 72", KTP, "1906017205980001", "", false, ErrCardDate},
		{"month 00", KTP, "1906011500980001", "", false, ErrCardDate},
		{"month 12", KTP, "1906011512980001", "1906011512980001", false, nil},
		{"month 13", KTP, "1906011513980001", "", false, ErrCardDate},
		{"serial 0000", KTP, "1906011505980000", "", false, ErrCardSerial},
		{"serial 9999", KTP, "1906011505989999", "1906011505989999", false, nil},
		{"a province that does not exist", KTP, "9906011505980001", "9906011505980001", true, nil},
		{"province 00", KTP, "0006011505980001", "0006011505980001", true, nil},
		{"a new province in Papua", KTP, "9506011505980001", "9506011505980001", false, nil},

		{"a SIM of 12 digits", SIM, "980512345678", "980512345678", false, nil},
		{"a SIM of 16 digits", SIM, "1234-5678-9012-3456", "1234567890123456", false, nil},
		{"a SIM of 11 digits", SIM, "98051234567", "", false, ErrCardLength},
		{"a SIM of 17 digits", SIM, "98051234567890123", "", false, ErrCardLength},
		{"a SIM with a letter", SIM, "98051234567A", "", false, ErrCardDigits},
		{"a SIM of one digit repeated", SIM, "222222222222", "", false, ErrCardSame},

		{"a passport", Paspor, "A1234567", "A1234567", false, nil},
		{"a passport in small letters", Paspor, "c 1234567", "C1234567", false, nil},
		{"a passport of 6", Paspor, "X12345", "X12345", false, nil},
		{"a passport of 9", Paspor, "AB1234567", "AB1234567", false, nil},
		{"a passport of 5", Paspor, "X1234", "", false, ErrCardLength},
		{"a passport of 10", Paspor, "ABC1234567", "", false, ErrCardLength},
		{"a passport without a digit", Paspor, "ABCDEFGH", "", false, ErrCardDigits},
		{"a passport with an accent", Paspor, "Á1234567", "", false, ErrCardDigits},
		{"a passport with a slash", Paspor, "A123/4567", "", false, ErrCardDigits},

		{"a student card", "Kartu pelajar", "NIS 2024/0117", "NIS2024/0117", false, nil},
		{"another card of 3", "KIA", "A12", "", false, ErrCardLength},
		{"another card of 4", "KIA", "A123", "A123", false, nil},
		{"another card of 30", "KIA", strings.Repeat("12345A", 5), strings.Repeat("12345A", 5), false, nil},
		{"another card of 31", "KIA", strings.Repeat("12345A", 5) + "1", "", false, ErrCardLength},
		{"another card without a digit", "KIA", "TIDAKADA", "", false, ErrCardDigits},
		{"another card with an emoji", "KIA", "A123🙂", "", false, ErrCardDigits},
		{"another card of one digit repeated", "KIA", "7777", "", false, ErrCardSame},
	} {
		t.Run(c.name, func(t *testing.T) {
			normal, doubt, err := CheckCard(c.kind, c.number)
			if !errors.Is(err, c.err) || normal != c.normal || doubt != c.doubt {
				t.Errorf("CheckCard(%s, %q) = %q, %v, %v; want %q, %v, %v", c.kind, c.number, normal, doubt, err, c.normal, c.doubt,
					c.err)
			}
		})
	}
}

// TestCardErrorsNameNoNumber: errors reach the log, card numbers must not.
func TestCardErrorsNameNoNumber(t *testing.T) {
	for _, kind := range []string{KTP, SIM, Paspor, "KIA"} {
		for _, number := range []string{"190601150598", "1906013205980001", "1906011505980000", "7777777777777777",
			"!!4242!!"} {
			if _, _, err := CheckCard(kind, number); err != nil && strings.Contains(err.Error(), number[2:6]) {
				t.Errorf("%s: the error %q holds part of the number", kind, err)
			}
		}
	}
}

func FuzzCheckCard(f *testing.F) {
	f.Add(KTP, "1906011505980001")
	f.Add(SIM, "9805 1234 5678")
	f.Add(Paspor, "a1234567")
	f.Add("KIA", "\xff\xfe12Ü")
	f.Fuzz(func(t *testing.T, kind, number string) {
		normal, _, err := CheckCard(kind, number)
		if err != nil {
			return
		}
		again, _, err := CheckCard(kind, normal)
		if err != nil || again != normal {
			t.Errorf("the normal form %q of %q is read as %q, %v", normal, number, again, err)
		}
		if kind == KTP && len(normal) != 16 {
			t.Errorf("a NIK of %d characters was taken", len(normal))
		}
	})
}

func TestParseExpiry(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, jakarta)
	for _, c := range []struct {
		name, text, want string
		err              error
	}{
		{"month and year", "08/2027", "2027-08", nil},
		{"one-digit month, two-digit year", "8-27", "2027-08", nil},
		{"a point between", "8.2027", "2027-08", nil},
		{"a space between", "08 2027", "2027-08", nil},
		{"spaces around the slash", " 08 / 2027 ", "2027-08", nil},
		{"a month's name", "Agustus 2027", "2027-08", nil},
		{"a month's name in small letters, short year", "desember 27", "2027-12", nil},
		{"the shortest name", "MEI 2028", "2028-05", nil},
		{"this month is still valid", "11/2026", "2026-11", nil},
		{"last month is past", "10/2026", "", ErrExpiryPast},
		{"long past", "01/1999", "", ErrExpiryPast},
		{"December of this year", "12/2026", "2026-12", nil},
		{"thirty years ahead", "11/2056", "2056-11", nil},
		{"more than thirty years ahead", "11/2057", "", ErrExpirySyntax},
		{"month 13", "13/2027", "", ErrExpirySyntax},
		{"month 0", "0/2027", "", ErrExpirySyntax},
		{"a full date", "17/08/2027", "", ErrExpirySyntax},
		{"three-digit year", "08/202", "", ErrExpirySyntax},
		{"a year alone", "2027", "", ErrExpirySyntax},
		{"for life", "seumur hidup", "", ErrExpirySyntax},
		{"no month of that name", "Augst 2027", "", ErrExpirySyntax},
		{"nothing", "", "", ErrExpirySyntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseExpiry(c.text, now)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("ParseExpiry(%q) = %q, %v; want %q, %v", c.text, got, err, c.want, c.err)
			}
		})
	}
}

func TestExpiryEndsWithTheMonthOfTheOffice(t *testing.T) {
	last := time.Date(2026, 11, 30, 23, 59, 59, 0, jakarta)
	if _, err := ParseExpiry("11/2026", last); err != nil {
		t.Errorf("in the last second of the month: %v", err)
	}
	if _, err := ParseExpiry("11/2026", last.Add(time.Second)); !errors.Is(err, ErrExpiryPast) {
		t.Errorf("in the first second of the next month: %v, want %v", err, ErrExpiryPast)
	}
}

func FuzzParseExpiry(f *testing.F) {
	for _, s := range []string{"08/2027", "Agustus 2027", "8-27", "mei", "99/9999", "1/ 26"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseExpiry(text, now)
		if err != nil {
			return
		}
		at, err := time.Parse("2006-01", got)
		if err != nil || at.AddDate(0, 1, 0).Before(now) || at.Year() > 2056 {
			t.Errorf("ParseExpiry(%q) = %q, which is no month from now on", text, got)
		}
	})
}
