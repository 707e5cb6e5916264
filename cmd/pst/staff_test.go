package main

import (
	"strings"
	"testing"

	"pst/conversation"
)

// An address that cannot work is refused, with what to write instead.
func TestStaffAddressesThatCannotWorkAreRefused(t *testing.T) {
	for _, c := range []struct{ text, want, hint string }{
		{"whatsapp:0812-3456-7890", "whatsapp:6281234567890@s.whatsapp.net", ""},
		{" whatsapp: +62 812 3456 7890", "whatsapp:6281234567890@s.whatsapp.net", ""},
		{"whatsapp:6281234567890@s.whatsapp.net", "whatsapp:6281234567890@s.whatsapp.net", ""},
		{"whatsapp:12345678901234@lid", "whatsapp:12345678901234@lid", ""},
		{"telegram:3527065", "telegram:3527065", ""},
		{"telegram:7812345678", "telegram:7812345678", ""},
		{"telegram:8123456789", "telegram:8123456789", ""}, // an id of today may begin so
		{"mailto:Siti@bps.go.id", "mailto:siti@bps.go.id", ""},
		{"terminal:siti", "terminal:siti", ""},

		{"telegram:@siti_bps", "", "ID SAYA"},
		{"telegram:siti", "", "ID SAYA"},
		{"telegram:", "", "ID SAYA"},
		{"telegram:0812345678", "", "phone number"},
		{"telegram:+62 812 3456 7890", "", "phone number"},
		{"telegram:6281234567890", "", "phone number"},
		{"telegram:0812-3456-7890", "", "phone number"},
		{"telegram:-1001234567890", "", "group"},
		{"telegram:12.5", "", "ID SAYA"},
		{"whatsapp:123", "", "whatsapp:0812"},
		{"whatsapp:siti", "", "whatsapp:0812"},
		{"whatsapp:07199220090", "", "whatsapp:0812"}, // the office's landline
		{"whatsapp:+60 12 345 6789", "", "whatsapp:0812"},
		{"whatsapp:0812@s.whatsapp.net", "", "whatsapp:0812"},
		{"whatsapp:12036304@g.us", "", "group"},
		{"mailto:siti", "", "mailto:nama@bps.go.id"},
		{"mailto:siti@gmial.com", "", "mailto:siti@gmail.com"},
		{"081234567890", "", "must begin with"},
		{"sms:081234567890", "", "must begin with"},
		{"desk:ADU-261123-07K", "", "must begin with"},
		{"", "", "must begin with"},
	} {
		t.Run(c.text, func(t *testing.T) {
			a, err := staffAddress(c.text)
			switch {
			case c.hint == "" && (err != nil || string(a) != c.want):
				t.Errorf("got %q, %v; want %q", a, err, c.want)
			case c.hint != "" && (err == nil || a != "" || !strings.Contains(err.Error(), c.hint)):
				t.Errorf("got %q, %v; want a refusal that says %q", a, err, c.hint)
			}
		})
	}
}

// The staff as a whole: nobody twice, no address twice, none that is the desk's own.
func TestStaffThatCannotBeReachedIsRefusedAsAWhole(t *testing.T) {
	member := func(name, role string, addresses ...string) staffConfig {
		return staffConfig{Name: name, Role: role, Addresses: addresses}
	}
	ok := member("Pak Budi", "kasubbag", "whatsapp:081234567890")
	for _, c := range []struct {
		name  string
		staff []staffConfig
		lends string
		want  []string // all that must be said; none: it is taken
	}{
		{"two people", []staffConfig{ok, member("Bu Rina", "kedua", "telegram:3527065")}, "", nil},
		{"who lends by name", []staffConfig{ok, member("Mbak Sari", "petugas", "telegram:3527065")}, "Mbak Sari", nil},
		{"nobody lends", []staffConfig{ok}, "Mbak Sari", []string{"loans.staff", "petugas"}},
		{"the desk's own number", []staffConfig{member("Pak Budi", "kasubbag", "whatsapp:+6281100001111")}, "",
			[]string{"staff 1 (Pak Budi)", "desk's own number"}},
		{"the bot itself", []staffConfig{member("Pak Budi", "kasubbag", "telegram:424242")}, "",
			[]string{"the bot itself", "ID SAYA"}},
		{"one address of two", []staffConfig{ok, member("Bu Rina", "kedua", "whatsapp:62 812 3456 7890")}, "",
			[]string{"staff 2 (Bu Rina)", "Pak Budi's already"}},
		{"one address twice", []staffConfig{member("Pak Budi", "kasubbag", "telegram:3527065", "telegram:3527065")}, "",
			[]string{"write it once"}},
		{"one name twice", []staffConfig{ok, member("pak budi", "petugas", "telegram:3527065")}, "", []string{"two names"}},
		{"all that is wrong is said at once", []staffConfig{member("Pak Budi", "kasubbag", "telegram:@budi"),
			member("Bu Rina", "kepala", "whatsapp:0812"), member("Sari", "petugas", "whatsapp:0812")}, "",
			[]string{"staff 1 (Pak Budi)", "staff 2: needs", "staff 3 (Sari)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := config{Staff: c.staff, Loans: conversation.Loans{Staff: c.lends}}
			cfg.WhatsApp.Number, cfg.Telegram.Token = "0811-0000-1111", "424242:secret"
			office, err := cfg.office()
			if err != nil {
				t.Fatal(err)
			}
			staff, err := cfg.staff(office)
			if len(c.want) == 0 && (err != nil || len(staff) != len(c.staff)) {
				t.Errorf("got %d of staff, %v", len(staff), err)
			}
			for _, want := range c.want {
				if err == nil || staff != nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %d of staff, %v; want a refusal that says %q", len(staff), err, want)
				}
			}
		})
	}
	// The published contact is staff where none is configured: it is not the desk's number.
	cfg := config{}
	cfg.WhatsApp.Number = conversation.DefaultOffice(nil).ComplaintPhone
	office, err := cfg.office()
	if err == nil {
		_, err = cfg.staff(office)
	}
	if err == nil || !strings.Contains(err.Error(), "desk's own number") {
		t.Errorf("the published contact as the desk's own number: %v", err)
	}
}

func TestNeitherCheckNorServeTakesAnAddressThatCannotWork(t *testing.T) {
	h, out := houseFor(t, "[[staff]]\nname = 'Pak Budi'\nrole = 'kasubbag'\n"+
		"addresses = ['telegram:@budi', 'whatsapp:081234567890']\n"+
		"[[staff]]\nname = 'Bu Rina'\nrole = 'kedua'\naddresses = ['telegram:081234567891']\n")
	if err := (checkCmd{}).Run(t.Context(), h); err == nil {
		t.Error("pst check finds nothing to set right")
	}
	for _, want := range []string{"BAD  petugas:", "staff 1 (Pak Budi)", "staff 2 (Bu Rina)", "ID SAYA"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("pst check does not say %q:\n%s", want, out)
		}
	}
	if err := serve(t.Context(), h, platform{}); err == nil || !strings.Contains(err.Error(), "telegram:@budi") {
		t.Errorf("serve says %v, want a refusal that names the address", err)
	}
}
