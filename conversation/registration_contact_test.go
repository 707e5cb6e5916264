package conversation

import (
	"errors"
	"strings"
	"testing"

	"pst/conversation/nlu"
)

func TestCheckEmail(t *testing.T) {
	for _, c := range []struct {
		name, text, email, typo string
		err                     error
	}{
		{"an address", "siti.aminah@gmail.com", "siti.aminah@gmail.com", "", nil},
		{"capitals", "Siti.Aminah@Gmail.COM", "siti.aminah@gmail.com", "", nil},
		{"spaces around", "  siti@gmail.com \n", "siti@gmail.com", "", nil},
		{"a link", "mailto:siti@gmail.com", "siti@gmail.com", "", nil},
		{"angle brackets and a full stop", "<siti@gmail.com>.", "siti@gmail.com", "", nil},
		{"a plus in it", "siti+pst@gmail.com", "siti+pst@gmail.com", "", nil},
		{"a domain with several parts", "budi@student.ubb.ac.id", "budi@student.ubb.ac.id", "", nil},
		{"the shortest", "a@b.id", "a@b.id", "", nil},

		{"a right yahoo.co.id", "siti@yahoo.co.id", "siti@yahoo.co.id", "", nil},
		{"a right ymail.com, one letter from gmail.com", "siti@ymail.com", "siti@ymail.com", "", nil},
		{"a right live.com", "siti@live.com", "siti@live.com", "", nil},
		{"the office's own domain", "siti@bps.go.id", "siti@bps.go.id", "", nil},
		{"gmial.com", "siti@gmial.com", "siti@gmial.com", "siti@gmail.com", nil},
		{"gmail.con", "siti@gmail.con", "siti@gmail.con", "siti@gmail.com", nil},
		{"gmail.co", "siti@gmail.co", "siti@gmail.co", "siti@gmail.com", nil},
		{"gmai.com", "siti@gmai.com", "siti@gmai.com", "siti@gmail.com", nil},
		{"gmaill.com", "siti@gmaill.com", "siti@gmaill.com", "siti@gmail.com", nil},
		{"gnail.com", "siti@gnail.com", "siti@gnail.com", "siti@gmail.com", nil},
		{"gmail.co.id", "siti@gmail.co.id", "siti@gmail.co.id", "siti@gmail.com", nil},
		{"yaho.com", "siti@yaho.com", "siti@yaho.com", "siti@yahoo.com", nil},
		{"yaho.co.id", "siti@yaho.co.id", "siti@yaho.co.id", "siti@yahoo.co.id", nil},
		{"hotmial.com", "siti@hotmial.com", "siti@hotmial.com", "siti@hotmail.com", nil},
		{"outlok.com", "siti@outlok.com", "siti@outlok.com", "siti@outlook.com", nil},

		{"no dot in the domain", "siti@gmail", "", "", ErrEmailDomain},
		{"a domain that ends in digits", "siti@127.0.0.1", "", "", ErrEmailDomain},
		{"a domain that begins with a dash", "siti@-gmail.com", "", "", ErrEmailDomain},
		{"a look-alike domain in Cyrillic", "siti@gmаil.com", "", "", ErrEmailDomain},
		{"nothing", "", "", "", ErrEmailSyntax},
		{"no @", "siti.gmail.com", "", "", ErrEmailSyntax},
		{"two @", "siti@x@gmail.com", "", "", ErrEmailSyntax},
		{"nothing before the @", "@gmail.com", "", "", ErrEmailSyntax},
		{"nothing after the @", "siti@", "", "", ErrEmailSyntax},
		{"two points in a row", "siti..a@gmail.com", "", "", ErrEmailSyntax},
		{"a sentence", "email saya siti@gmail.com", "", "", ErrEmailSyntax},
		{"a name before it", "Siti <siti@gmail.com>", "", "", ErrEmailSyntax},
		{"two addresses", "siti@gmail.com,budi@gmail.com", "", "", ErrEmailSyntax},
		{"two addresses with a semicolon", "siti@gmail.com;budi@gmail.com", "", "", ErrEmailSyntax},
		{"a header on a new line", "siti@gmail.com\nBcc: budi@gmail.com", "", "", ErrEmailSyntax},
		{"a header after a carriage return", "siti@gmail.com\r\nBcc:budi@gmail.com", "", "", ErrEmailSyntax},
		{"a carriage return alone", "siti\r@gmail.com", "", "", ErrEmailSyntax},
		{"a NUL", "siti\x00@gmail.com", "", "", ErrEmailSyntax},
		{"a quoted local part", `"siti aminah"@gmail.com`, "", "", ErrEmailSyntax},
		{"a comment", "siti(a)@gmail.com", "", "", ErrEmailSyntax},
		{"an address literal", "siti@[127.0.0.1]", "", "", ErrEmailSyntax},
		{"300 characters", strings.Repeat("a", 289) + "@gmail.com", "", "", ErrEmailSyntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			email, typo, err := CheckEmail(c.text)
			if email != c.email || typo != c.typo || !errors.Is(err, c.err) {
				t.Errorf("CheckEmail(%q) = %q, %q, %v; want %q, %q, %v", c.text, email, typo, err, c.email, c.typo, c.err)
			}
		})
	}
	t.Run("a local part of 65 letters", func(t *testing.T) {
		if _, _, err := CheckEmail(strings.Repeat("a", 65) + "@gmail.com"); err == nil {
			t.Error("it was taken")
		}
	})
}

func TestOneSlip(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"gmail.com", "gmail.com", true}, {"gmai.com", "gmail.com", true}, {"gmaill.com", "gmail.com", true},
		{"gmeil.com", "gmail.com", true}, {"gmial.com", "gmail.com", true},
		{"gmail.co", "gmail.com", true}, {"mail.com", "gmail.com", true}, {"gmail.con", "gmail.com", true},
		{"gmail.cmo", "gmail.com", true},
		{"gmial.con", "gmail.com", false}, {"gmil.co", "gmail.com", false}, {"mgail.con", "gmail.com", false},
		{"", "ab", false}, {"", "a", true}, {"a", "b", true}, {"ab", "ba", true}, {"abc", "cba", false},
	} {
		if got := nlu.OneSlip(c.a, c.b); got != c.want || nlu.OneSlip(c.b, c.a) != c.want {
			t.Errorf("one slip between %q and %q: %v, want %v either way", c.a, c.b, got, c.want)
		}
	}
}

func FuzzCheckEmail(f *testing.F) {
	for _, s := range []string{"siti@gmail.com", "mailto:<a@b.co>", "a@gmial.com", "\"x\"@y.id",
		"siti@gmail.com\r\nBcc: x@y.id", "é@x.id", "<<a@b.id>>", "a@gmail.c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		email, typo, err := CheckEmail(text)
		if err != nil {
			if email != "" || typo != "" {
				t.Errorf("refused, but gives %q and %q", email, typo)
			}
			return
		}
		for _, a := range []string{email, typo} {
			if len(a) > 254+10 || strings.ContainsAny(a, "\r\n \t,;<>()\"\\\x00") || a != "" && strings.Count(a, "@") != 1 {
				t.Errorf("CheckEmail(%q) takes %q", text, a)
			}
		}
		if again, _, err := CheckEmail(email); err != nil || again != email {
			t.Errorf("%q is normal, but is read as %q, %v", email, again, err)
		}
		if typo == email {
			t.Errorf("%q is offered as a correction of itself", typo)
		}
	})
}

func TestMaskEmail(t *testing.T) {
	for email, want := range map[string]string{
		"siti.aminah@gmail.com": "s***@gmail.com",
		"s@gmail.com":           "s***@gmail.com",
		"éva@x.id":              "é***@x.id",
		"@gmail.com":            "***",
		"no address":            "***",
		"":                      "***",
	} {
		if got := MaskEmail(email); got != want {
			t.Errorf("MaskEmail(%q) = %q, want %q", email, got, want)
		}
	}
}

func TestNormalPhone(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"with a leading 0", "081278563000", "+6281278563000"},
		{"with 62", "6281278563000", "+6281278563000"},
		{"with +62, a space and dashes", "+62 812-7856-3000", "+6281278563000"},
		{"with +62 and the 0 kept", "+62 (0)812 7856 3000", "+6281278563000"},
		{"from the 8 on", "81278563000", "+6281278563000"},
		{"dots", "0812.7856.3000", "+6281278563000"},
		{"the shortest, 9 digits after the 0", "0812345678", "+62812345678"},
		{"the longest, 12 digits after the 0", "0812345678901", "+62812345678901"},
		{"8 digits after the 0", "081234567", ""},
		{"13 digits after the 0", "08123456789012", ""},
		{"the office's landline", "07199220090", ""},
		{"a landline with +62", "+62 719 9220090", ""},
		{"an American number", "+1 415 555 2671", ""},
		{"a number of Singapore", "+65 8123 4567", ""},
		{"dialled from abroad", "0062 812 7856 3000", "+6281278563000"},
		{"zeros behind the country's number", "6200820800000000", ""},
		{"the same with +", "+62 00 82 0800000000", ""},
		{"the emergency number", "112", ""},
		{"letters", "nomor saya rahasia", ""},
		{"nothing", "", ""},
		{"500 digits", "08" + strings.Repeat("1", 498), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := NormalPhone(c.text)
			if got != c.want || ok != (c.want != "") {
				t.Errorf("NormalPhone(%q) = %q, %v; want %q", c.text, got, ok, c.want)
			}
		})
	}
}

func FuzzNormalPhone(f *testing.F) {
	for _, s := range []string{"0812", "+62 812-7856-3000", "8", "62", "620", "6200820800000000", "62000012", "0062",
		"\xff08", "٠٨١٢"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := NormalPhone(text)
		if ok != (got != "") {
			t.Fatalf("NormalPhone(%q) = %q, %v", text, got, ok)
		}
		if !ok {
			return
		}
		if rest, is := strings.CutPrefix(got, "+628"); !is || len(rest) < 8 || len(rest) > 11 ||
			strings.Trim(rest, "0123456789") != "" {
			t.Errorf("NormalPhone(%q) = %q, which is no Indonesian mobile number", text, got)
		}
		if again, _ := NormalPhone(got); again != got {
			t.Errorf("%q is normal, but is read as %q", got, again)
		}
	})
}

func TestCheckName(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		ok               bool
	}{
		{"two words", "Siti Aminah", "Siti Aminah", true},
		{"spaces too many", "  Siti   Aminah ", "Siti Aminah", true},
		{"an apostrophe, a dash, an initial", "Ma'ruf A. Al-Amin", "Ma'ruf A. Al-Amin", true},
		{"a curly apostrophe", "Ma’ruf", "Ma’ruf", true},
		{"an academic title", "Budi Santoso, S.E., M.Si.", "Budi Santoso, S.E., M.Si.", true},
		{"accents", "José Ñoño", "José Ñoño", true},
		{"another script", "محمد علي", "محمد علي", true},
		{"three letters", "Adi", "Adi", true},
		{"100 letters", strings.Repeat("a", 100), strings.Repeat("a", 100), true},
		{"101 letters", strings.Repeat("a", 101), "", false},
		{"two letters", "Li", "", false},
		{"letters too few among points", "A. B.", "", false},
		{"a digit in it", "Budi 2", "", false},
		{"a card number", "1906011505980001", "", false},
		{"an e-mail address", "siti@gmail.com", "", false},
		{"an emoji", "Siti 🙂", "", false},
		{"markup", "<b>Siti</b>", "", false},
		{"a mark of bold", "*Siti*", "", false},
		{"a template", "{{.Office}}", "", false},
		{"a point first", ".Siti", "", false},
		{"nothing", "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := checkName(c.text)
			if ok != c.ok || ok && got != c.want {
				t.Errorf("checkName(%q) = %q, %v; want %q, %v", c.text, got, ok, c.want, c.ok)
			}
		})
	}
}
