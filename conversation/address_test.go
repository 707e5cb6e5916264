package conversation

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{"a Telegram chat", "telegram:3527065", true},
		{"a Telegram group", "telegram:-100123", true},
		{"a WhatsApp number", "whatsapp:6281200000000@s.whatsapp.net", true},
		{"a WhatsApp account without a number", "whatsapp:12345678901234@lid", true},
		{"a terminal", "terminal:siti", true},
		{"an e-mail address", "mailto:siti@example.org", true},
		{"the desk's own clock", "desk:ADU-261123-07K", true},
		{"a colon in the rest", "terminal:a:b", true},
		{"200 bytes", "terminal:" + strings.Repeat("a", 191), true},
		{"201 bytes", "terminal:" + strings.Repeat("a", 192), false},
		{"no scheme", "3527065", false},
		{"an empty scheme", ":3527065", false},
		{"an unknown scheme", "sms:0812", false},
		{"a scheme in capitals", "Telegram:1", false},
		{"an empty rest", "telegram:", false},
		{"a space", "terminal:siti aminah", false},
		{"a line end", "mailto:a@b.id\nBcc:c@d.id", false},
		{"a NUL", "terminal:a\x00", false},
		{"a delete", "terminal:a\x7f", false},
		{"bytes that are no UTF-8", "terminal:\xff", false},
		{"nothing", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseAddress(c.text)
			if c.ok && (err != nil || string(got) != c.text || got.Scheme()+":"+got.Rest() != c.text) {
				t.Errorf("ParseAddress(%q) = %q, %v", c.text, got, err)
			}
			if !c.ok && (!errors.Is(err, ErrAddress) || got != "") {
				t.Errorf("ParseAddress(%q) = %q, %v; want %v", c.text, got, err, ErrAddress)
			}
		})
	}
}

func TestMasked(t *testing.T) {
	for address, want := range map[Address]string{
		"telegram:3527065":                      "telegram:***065",
		"whatsapp:6281200000123@s.whatsapp.net": "whatsapp:***123",
		"mailto:siti.aminah@example.org":        "mailto:***617",
		"mailto:ab@example.org":                 "mailto:***5eb",
		"terminal:siti":                         "terminal:***iti",
		"":                                      ":***",
	} {
		if got := address.Masked(); got != want {
			t.Errorf("%q is shown as %q, want %q", string(address), got, want)
		}
	}
}

func TestLogsHoldNoAddress(t *testing.T) {
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("sent", "chat", Address("whatsapp:6281200000123@s.whatsapp.net"))
	slog.New(slog.NewJSONHandler(&b, nil)).Info("sent", "chat", Address("mailto:siti.aminah@example.org"))
	for _, private := range []string{"62812", "00123", "siti", "example.org"} {
		if strings.Contains(b.String(), private) {
			t.Errorf("the log holds %q:\n%s", private, b.String())
		}
	}
	if !strings.Contains(b.String(), "whatsapp:***123") {
		t.Errorf("two chats cannot be told apart in the log:\n%s", b.String())
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"telegram:1", "mailto:a@b.id", "desk:x", "terminal:\u00a0", ":", "whatsapp:@lid",
		"telegram:\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err != nil {
			return
		}
		if string(a) != s || a.Rest() == "" || !utf8.ValidString(s) || strings.ContainsAny(s, " \r\n\t\x00\x7f") {
			t.Fatalf("ParseAddress(%q) = %q", s, a)
		}
		for _, shown := range []string{a.Masked(), a.LogValue().String()} {
			rest, ok := strings.CutPrefix(shown, a.Scheme()+":***")
			if !ok || len(rest) > 3 {
				t.Fatalf("%q is shown as %q", s, shown)
			}
		}
	})
}
