package mail

import (
	"crypto/tls"
	"encoding/pem"
	"mime"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pst/bot"
)

func TestConfigurationsThatCannotWork(t *testing.T) {
	for name, c := range map[string]Config{
		"from: no sender":     {Host: "smtp.example.org"},
		"from: no address":    {Host: "smtp.example.org", From: "PST BPS Belitung Timur"},
		"from: two addresses": {Host: "smtp.example.org", From: "a@example.org, b@example.org"},
		"from: a line of its own": {Host: "smtp.example.org",
			From: "PST\r\nBcc: x@example.org <a@example.org>"},
		"reply to: no address":    {Host: "smtp.example.org", From: "pst@example.org", ReplyTo: "kantor"},
		"host: no server":         {From: "pst@example.org"},
		"host: an address":        {From: "pst@example.org", Host: "smtp://smtp.example.org"},
		"tls: unknown protection": {Host: "smtp.example.org", From: "pst@example.org", TLS: "ssl"},
		"port: no such port":      {Host: "smtp.example.org", From: "pst@example.org", Port: 70000},
		"password: in plain over the net": {Host: "smtp.example.org", From: "pst@example.org", TLS: None, User: "pst",
			Password: "x"},
		"password: none":   {Host: "smtp.example.org", From: "pst@example.org", User: "pst"},
		"helo: a sentence": {Host: "smtp.example.org", From: "pst@example.org", Helo: "meja pst"},
		"helo: two lines": {Host: "smtp.example.org", From: "pst@example.org",
			Helo: "a\r\nMAIL FROM:<x>"},
		"tls: of a password, a word with blank": {Host: "smtp.example.org", From: "pst@example.org", TLS: "start tls"},
	} {
		_, err := New(c, time.Now)
		key, _, _ := strings.Cut(name, ":")
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for mode, port := range map[string]int{"": 587, StartTLS: 587, "STARTTLS": 587, TLS: 465, None: 25} {
		c, err := New(Config{Host: "smtp.example.org", From: "pst@example.org", TLS: mode}, time.Now)
		if err != nil || c.cfg.Port != port || c.tls.MinVersion < tls.VersionTLS12 || c.cfg.Helo != "example.org" {
			t.Errorf("%q: %+v, %v", mode, c, err)
		}
	}
	for _, helo := range []string{"pst", "pst.example.org", "[192.0.2.7]", "[IPv6:2001:db8::1]"} {
		if _, err := New(Config{Host: "smtp.example.org", From: "pst@example.org", Helo: helo}, time.Now); err != nil {
			t.Errorf("%s: %v", helo, err)
		}
	}
}

// An office's name may have any sign: it reaches the reader as it is.
func TestOfficeNamesInTheSender(t *testing.T) {
	for _, name := range []string{"BPS Kab. Belitung Timur", "BPS Kota A, B & C", "PST: BPS Sambas", "PST@BPS 1906",
		`BPS "Beltim"`, "BPS <1906>", "BPS Kabupatén Ñ", "(BPS) [1906]; a\\b"} {
		for way, from := range map[string]string{"made": Address(name, "pst@example.org"), "typed": name +
			" <pst@example.org>"} {
			s := &server{}
			s.start(t, None)
			c := channel(t, s, None, func(c *Config) { c.From, c.ReplyTo = from, Address(name, "bps1906@bps.go.id") })
			if _, err := c.Send(t.Context(), code123); err != nil {
				t.Errorf("%s %s: %v", name, way, err)
				continue
			}
			m, err := netmail.ReadMessage(strings.NewReader(s.received()[0].Data))
			if err != nil {
				t.Fatal(err)
			}
			for header, want := range map[string]string{"From": "pst@example.org", "Reply-To": "bps1906@bps.go.id"} {
				a, err := (&netmail.AddressParser{WordDecoder: &mime.WordDecoder{}}).Parse(m.Header.Get(header))
				if err != nil || a.Name != name && !(way == "typed" && header == "From" && a.Name == strings.ReplaceAll(name, `"`,
					"")) || a.Address != want {
					t.Errorf("%s %s: %s is %q: %v, %v", name, way, header, m.Header.Get(header), a, err)
				}
			}
		}
	}
}

// A server of the office's own authority is trusted by naming its file, and shown
// a name that is not in its certificate it is not.
func TestOwnAuthorities(t *testing.T) {
	s := &server{}
	s.start(t, StartTLS)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.certificate.Leaf.Raw}),
		0o600); err != nil {
		t.Fatal(err)
	}
	roots, err := Authorities(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := channel(t, s, StartTLS, func(c *Config) { c.Roots = roots }).Send(t.Context(), code123); err != nil {
		t.Error(err)
	}
	_, err = channel(t, s, StartTLS, func(c *Config) { c.Roots, c.Host = roots, "localhost" }).Send(t.Context(), code123)
	if f := fault(t, err); f.Blame != "desk" || !strings.Contains(Hint(f), "smtp.host") {
		t.Errorf("another name: %+v", f)
	}
	if err := os.WriteFile(file, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{file, file + ".missing"} {
		if _, err := Authorities(file); err == nil {
			t.Errorf("%s: read", file)
		}
	}
}

// Letters are plain text: the one mark is taken off, other asterisks stay.
func TestLettersAreWithoutMarks(t *testing.T) {
	for text, want := range map[string]string{
		"*Email* kembali melayani.": "Email kembali melayani.", "2 * 3 = 6": "2 * 3 = 6", "*a*\n*b*": "a\nb",
		"* daftar\n* lain": "* daftar\n* lain",
	} {
		if got := bot.Plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
