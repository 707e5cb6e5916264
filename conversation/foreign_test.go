package conversation

import (
	"reflect"
	"strings"
	"testing"
)

// knownWords are the words by which anything of the office that the program knows is
// noticed, in the facts themselves and in the examples of its texts.
var knownWords = []string{"1906", "belitung", "manggar", "gantung", "syahroni", "7199220090", "81278563877", "babel",
	"bt-"}

// otherOffice is an office of which only its own facts are set.
func otherOffice() *Office {
	o := NewOffice(jakarta)
	o.Name, o.Code, o.Address, o.Telephone = "BPS Kota Contoh", "7371", "Jl. Merdeka 1, Kota Contoh", "0411000000"
	o.Website, o.Email, o.Unit = "contohkota.bps.go.id", "bps7371@bps.go.id", "Pelayanan Statistik Terpadu BPS Kota Contoh"
	o.ComplaintEmail, o.ComplaintPhone, o.ComplaintName = "adu7371@bps.go.id", "081200000000", "Ibu Contoh, Kasubbag"
	o.Hours = []Hours{{1, 8 * 60 * 60e9, 16 * 60 * 60e9}}
	return &o
}

func TestNoTextForAnotherOfficeNamesTheKnownOne(t *testing.T) {
	o := otherOffice()
	x, err := NewTexts(o, "")
	if err != nil {
		t.Fatal(err)
	}
	all := samples(x)
	for _, key := range x.Keys() {
		base := x.set.Lookup(key)
		for _, d := range branches(all[key], rootFields(base)) {
			got, err := x.run(base, d)
			if err != nil {
				continue // no data that this text is ever given
			}
			for _, w := range knownWords {
				if strings.Contains(strings.ToLower(got), w) {
					t.Errorf("text %s says %q to another office's reader:\n%s", key, w, got)
				}
			}
		}
	}
	for _, s := range states() {
		if strings.Contains(strings.ToLower(s.about), "belitung") {
			t.Errorf("state %s is about %q", s.name, s.about)
		}
	}
}

// Every fact of the known office differs from what any office begins with, and
// none of them is in that.
func TestTheKnownOfficeIsTakenWholeOrNotAtAll(t *testing.T) {
	fresh, whole := reflect.ValueOf(NewOffice(jakarta)), reflect.ValueOf(DefaultOffice(jakarta))
	for i := range fresh.NumField() {
		name := fresh.Type().Field(i).Name
		if fresh.Field(i).Kind() != reflect.String {
			continue
		}
		text := fresh.Field(i).String()
		for _, w := range knownWords {
			if strings.Contains(strings.ToLower(text), w) {
				t.Errorf("%s of an office without facts is %q", name, text)
			}
		}
		if whole.Field(i).String() == "" && name != "Bot" && name != "Page" { // which are configured, not published
			t.Errorf("the known office has no %s", name)
		}
	}
	if o := NewOffice(jakarta); len(o.Hours) != 0 || len(o.Staff) != 0 || len(o.Holidays) != 0 {
		t.Errorf("an office without facts has hours %v, staff %v, holidays %v", o.Hours, o.Staff, o.Holidays)
	}
	for _, l := range NewOffice(jakarta).Lists.Origins {
		if strings.Contains(strings.ToLower(l), "belitung") {
			t.Errorf("origins of another office: %q", l)
		}
	}
}
