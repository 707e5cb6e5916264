package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// knownFacts are words by which a fact of the office that the program knows is noticed.
var knownFacts = []string{"1906", "belitung", "manggar", "gantung", "syahroni", "7199220090", "81278563877", "babel",
	"BT-"}

// namesKnown finds the first of them in a text.
func namesKnown(text string) string {
	for _, w := range knownFacts {
		if strings.Contains(text, w) || strings.Contains(strings.ToLower(text), w) {
			return w
		}
	}
	return ""
}

// strings of a value, with the way to each.
func everyString(v reflect.Value, at string, tell func(at, text string)) {
	switch v.Kind() {
	case reflect.String:
		tell(at, v.String())
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				everyString(v.Field(i), at+"."+f.Name, tell)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			everyString(v.Index(i), fmt.Sprint(at, "[", i, "]"), tell)
		}
	}
}

func houseFor(t *testing.T, toml string) (*house, *bytes.Buffer) {
	t.Helper()
	h, out := &house{data: t.TempDir(), std: streams{}}, &bytes.Buffer{}
	h.std.out, h.std.err = out, out
	if toml != "" {
		if err := os.WriteFile(h.path("pst.toml"), []byte(toml), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return h, out
}

// What another office left unset is unset, and not the known office's.
func TestAnotherOfficeInheritsNothing(t *testing.T) {
	for name, toml := range map[string]string{
		"code alone":    "[office]\ncode = '7371'\n",
		"code and name": "[office]\ncode = '7371'\nname = 'BPS Kota Contoh'\n",
		"half": "[office]\ncode = '7371'\nname = 'BPS Kota Contoh'\ncomplaint_phone = '081200000000'\nhours = " +
			"['senin 08:00-15:00']\n",
	} {
		t.Run(name, func(t *testing.T) {
			h, out := houseFor(t, toml)
			cfg, office, _, err := h.settings()
			if err != nil {
				t.Fatal(err)
			}
			tell := func(at, text string) {
				if w := namesKnown(text); w != "" {
					t.Errorf("%s is %q", at, text)
				}
			}
			everyString(reflect.ValueOf(cfg), "config", tell)
			everyString(reflect.ValueOf(office), "office", tell)
			staff, err := cfg.staff(*office)
			if err != nil {
				t.Fatal(err)
			}
			everyString(reflect.ValueOf(staff), "staff", tell)
			if err := serve(t.Context(), h, platform{}); err == nil || !strings.Contains(err.Error(), "office.address") {
				t.Errorf("serve says %v, want a refusal that names office.address", err)
			}
			if err := (checkCmd{}).Run(t.Context(), h); err == nil {
				t.Error("pst check finds nothing wrong")
			}
			for _, key := range cfg.missing() {
				if !strings.Contains(out.String(), key) {
					t.Errorf("pst check does not name %s", key)
				}
			}
			for line := range strings.Lines(strings.ReplaceAll(out.String(), h.data, "")) {
				if w := namesKnown(line); w != "" {
					t.Errorf("pst check prints %q: %s", w, line)
				}
			}
		})
	}
}

// A name without a code would leave the known office's mailbox and Kasubbag in force.
func TestANameWithoutACodeDoesNotServe(t *testing.T) {
	h, _ := houseFor(t, "[office]\nname = 'BPS Kota Contoh'\n")
	if err := serve(t.Context(), h, platform{}); err == nil || !strings.Contains(err.Error(), "office.code") {
		t.Errorf("serve says %v, want a refusal that names office.code", err)
	}
}

// initAnswers are what somebody types for another office, with a slip here and there.
var initAnswers = []string{"73", "7371", "", "BPS Kota \"Contoh\"", "", "Jl. Merdeka 1", "0411000000",
	"https://contoh.go.id",
	"contohkota.bps.go.id", "bps7371", "bps7371@bps.go.id", "adu7371@bps.go.id", "Ibu Contoh, Kasubbag", "12",
	"081200000000",
	"", "", "CT", "panakkukang", "9", "2", "senen 8-9", "senin 08:00-15:30", "jumat 08.00-16.00", "",
	"", "Ibu Contoh", "telegram:@ibu contoh", "0812-0000-0000", "Pak Dua", "bos", "kedua", "telegram:123456", ""}

func TestInitAsksForAnOfficeAndServeTakesIt(t *testing.T) {
	h, out := houseFor(t, "")
	h.std.in = strings.NewReader(strings.Join(initAnswers, "\n") + "\n")
	if err := (initCmd{}).Run(t.Context(), h); err != nil {
		t.Fatalf("%v after\n%s", err, out)
	}
	if w := namesKnown(strings.ReplaceAll(out.String(), h.data, "")); w != "" {
		t.Errorf("pst init says %q:\n%s", w, out)
	}
	if info, err := os.Stat(h.path("pst.toml")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("pst.toml: %v, %v", info, err)
	}
	cfg, office, _, err := h.settings()
	if err != nil {
		t.Fatal(err)
	}
	if err := cfg.complete(); err != nil {
		t.Errorf("after pst init: %v", err)
	}
	if office.Name != `BPS Kota "Contoh"` || office.Code != "7371" || office.Zone.String() != "Asia/Makassar" ||
		office.HoursText() != "Senin 08.00-15.30, Jumat 08.00-16.00 WITA" || office.ReaderNumber(1) != "CT-00001" ||
		office.Example() != "penduduk panakkukang 2023" || office.ComplaintURL != "https://lapor.go.id" {
		t.Errorf("the office is %+v", office)
	}
	staff, err := cfg.staff(*office)
	if err != nil || len(staff) != 2 || staff[0].Role != conversation.Kasubbag ||
		!slices.Equal(staff[0].Addresses, []conversation.Address{"whatsapp:6281200000000@s.whatsapp.net"}) ||
		staff[1].Role != conversation.Second {
		t.Errorf("staff are %+v, %v", staff, err)
	}
	if err := serve(t.Context(), h, platform{}); err == nil || !strings.Contains(err.Error(), "no channel is configured") {
		t.Errorf("serve says %v, want that only a channel is missing", err)
	}
	before, _ := os.ReadFile(h.path("pst.toml"))
	h.std.in = strings.NewReader(strings.Join(initAnswers, "\n"))
	if err := (initCmd{}).Run(t.Context(), h); err == nil {
		t.Error("a second pst init wrote over the first")
	}
	if after, _ := os.ReadFile(h.path("pst.toml")); !bytes.Equal(before, after) {
		t.Error("the second pst init changed pst.toml")
	}
}

func TestInitOfTheKnownOfficeAsksForStaffAlone(t *testing.T) {
	h, out := houseFor(t, "")
	h.std.in = strings.NewReader("1906\nPak Uji\n081200000000\n\n")
	if err := (initCmd{}).Run(t.Context(), h); err != nil {
		t.Fatalf("%v after\n%s", err, out)
	}
	cfg, office, _, err := h.settings()
	if err != nil || cfg.complete() != nil || office.Name != "BPS Kabupaten Belitung Timur" || len(cfg.Staff) != 1 {
		t.Errorf("office %q, staff %v, %v", office.Name, cfg.Staff, err)
	}
}

func TestAnInitThatIsLeftWritesNothing(t *testing.T) {
	for n := range len(initAnswers) - 1 {
		h, _ := houseFor(t, "")
		h.std.in = strings.NewReader(strings.Join(initAnswers[:n], "\n"))
		if err := (initCmd{}).Run(context.Background(), h); err == nil {
			t.Fatalf("after %d answers pst init is content", n)
		}
		if left, _ := filepath.Glob(h.path("*")); len(left) > 0 {
			t.Fatalf("after %d answers %v was written", n, left)
		}
	}
}

// officeForReport is the office that the figures in tests are of.
func officeForReport() *conversation.Office {
	o := conversation.DefaultOffice(time.UTC)
	return &o
}
