package main

import (
	"fmt"
	"slices"
	"strings"

	"pst/conversation"
)

// fact is one thing that an office says of itself: its key in pst.toml, how pst
// init asks for it, and whether an office can serve without it.
type fact struct {
	key  string // in [office]
	ask  string // for people
	like string // an example; of no real office
	need bool
	in   func(*officeConfig) *string
	of   func(*conversation.Office) *string
}

// facts lists what names an office, in the order in which pst init asks.
var facts = []fact{
	{"name", "Nama kantor", "BPS Kabupaten Contoh", true,
		func(c *officeConfig) *string { return &c.Name }, func(o *conversation.Office) *string { return &o.Name }},
	{"unit", "Jalur unit PST, seperti pada standar pelayanan", "Badan Pusat Statistik / ... / PST BPS Kabupaten Contoh",
		false,
		func(c *officeConfig) *string { return &c.Unit }, func(o *conversation.Office) *string { return &o.Unit }},
	{"address", "Alamat lengkap", "Jl. Merdeka 1, Kota Contoh 12345", true,
		func(c *officeConfig) *string { return &c.Address }, func(o *conversation.Office) *string { return &o.Address }},
	{"telephone", "Telepon kantor", "0210000000", true,
		func(c *officeConfig) *string { return &c.Telephone }, func(o *conversation.Office) *string { return &o.Telephone }},
	{"website", "Website, tanpa https://", "contohkab.bps.go.id", true,
		func(c *officeConfig) *string { return &c.Website }, func(o *conversation.Office) *string { return &o.Website }},
	{"email", "Email kantor", "bps0000@bps.go.id", true,
		func(c *officeConfig) *string { return &c.Email }, func(o *conversation.Office) *string { return &o.Email }},
	{"complaint_email", "Email pengaduan; salinan pengaduan dikirim ke sini", "bps0000@bps.go.id", true,
		func(c *officeConfig) *string { return &c.ComplaintEmail },
		func(o *conversation.Office) *string { return &o.ComplaintEmail }},
	{"complaint_name", "Nama dan jabatan penerima pengaduan", "Nama, Kasubbag Umum", true,
		func(c *officeConfig) *string { return &c.ComplaintName },
		func(o *conversation.Office) *string { return &o.ComplaintName }},
	{"complaint_phone", "Nomor HP pengaduan (SMS/WhatsApp)", "081200000000", true,
		func(c *officeConfig) *string { return &c.ComplaintPhone },
		func(o *conversation.Office) *string { return &o.ComplaintPhone }},
	{"complaint_box", "Tempat kotak saran", "kotak saran di unit PST", false,
		func(c *officeConfig) *string { return &c.ComplaintBox },
		func(o *conversation.Office) *string { return &o.ComplaintBox }},
	{"complaint_url", "Alamat LAPOR!", "https://lapor.go.id", false,
		func(c *officeConfig) *string { return &c.ComplaintURL },
		func(o *conversation.Office) *string { return &o.ComplaintURL }},
	{"reader_prefix", "Huruf di depan nomor pembaca", "PST", false,
		func(c *officeConfig) *string { return &c.Prefix }, func(o *conversation.Office) *string { return &o.ReaderPrefix }},
	{"example_place", "Nama sebuah kecamatan atau wilayah, untuk contoh pencarian", "kota contoh", false,
		func(c *officeConfig) *string { return &c.Place }, func(o *conversation.Office) *string { return &o.Place }},
}

// foreign tells whether the configuration is of another office than the one whose
// facts the program knows: then none of them holds.
func (c config) foreign() bool {
	return c.Office.Code != "" && c.Office.Code != conversation.DefaultCode
}

// missing lists the keys that another office has to set before it can serve: it
// inherits no fact.
func (c config) missing() []string {
	if !c.foreign() {
		if c.Office.Code == "" && c.Office.Name != "" { // whose are the other facts?
			return []string{"office.code"}
		}
		return nil
	}
	var keys []string
	for _, f := range facts {
		if f.need && strings.TrimSpace(*f.in(&c.Office)) == "" {
			keys = append(keys, "office."+f.key)
		}
	}
	if c.Office.Zone == "" {
		keys = append(keys, "office.zone")
	}
	if len(c.Office.Hours) == 0 {
		keys = append(keys, "office.hours")
	}
	if !slices.ContainsFunc(c.Staff, func(s staffConfig) bool {
		return s.Role == conversation.Kasubbag &&
			len(s.Addresses) > 0
	}) {
		keys = append(keys, "[[staff]] with role kasubbag")
	}
	return keys
}

// missingForPeople lists the same as forms name it.
func (c config) missingForPeople() []string {
	var out []string
	for _, key := range c.missing() {
		i := slices.IndexFunc(facts, func(f fact) bool { return "office."+f.key == key })
		switch {
		case i >= 0:
			key = facts[i].ask
		case key == "office.zone":
			key = "Zona waktu"
		case key == "office.hours":
			key = "Jam layanan"
		case strings.HasPrefix(key, "[[staff]]"):
			key = "seorang Kasubbag"
		}
		out = append(out, key)
	}
	return out
}

// complete is nil when the office has all it needs to serve.
func (c config) complete() error {
	keys := c.missing()
	if len(keys) == 0 {
		return nil
	}
	return forPeople{fmt.Errorf("the office is not complete: set %s in pst.toml (pst init asks for them)",
		strings.Join(keys, ", ")),
		"Kantor belum lengkap: " + strings.Join(keys, ", ") + "."}
}
