package main

import (
	"fmt"
	"reflect"
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
}

// in is where the fact stands.
func (f fact) in(of *conversation.Facts) *string {
	v := reflect.ValueOf(of).Elem()
	key := slices.IndexFunc(keysOf(v.Type()), func(k reflect.StructField) bool { return k.Tag.Get("toml") == f.key })
	return v.Field(key).Addr().Interface().(*string)
}

// facts lists what names an office, in the order in which pst init asks.
var facts = []fact{
	{"name", "Nama kantor", "BPS Kabupaten Contoh", true},
	{"unit", "Jalur unit PST, seperti pada standar pelayanan", "Badan Pusat Statistik / ... / PST BPS Kabupaten Contoh",
		false},
	{"address", "Alamat lengkap", "Jl. Merdeka 1, Kota Contoh 12345", true},
	{"telephone", "Telepon kantor", "0210000000", true},
	{"website", "Website, tanpa https://", "contohkab.bps.go.id", true},
	{"email", "Email kantor", "bps0000@bps.go.id", true},
	{"complaint_email", "Email pengaduan; salinan pengaduan dikirim ke sini", "bps0000@bps.go.id", true},
	{"complaint_name", "Nama dan jabatan penerima pengaduan", "Nama, Kasubbag Umum", true},
	{"complaint_phone", "Nomor HP pengaduan (SMS/WhatsApp)", "081200000000", true},
	{"complaint_box", "Tempat kotak saran", "kotak saran di unit PST", false},
	{"complaint_url", "Alamat LAPOR!", "https://lapor.go.id", false},
	{"reader_prefix", "Huruf di depan nomor pembaca", "PST", false},
	{"example_place", "Nama sebuah kecamatan atau wilayah, untuk contoh pencarian", "kota contoh", false},
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
		if f.need && strings.TrimSpace(*f.in(&c.Office.Facts)) == "" {
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
