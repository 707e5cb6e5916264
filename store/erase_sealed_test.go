package store

import (
	"fmt"
	"strings"
	"testing"

	"pst/conversation"
)

// sealedValue tells whether a value of a column has the form of a sealed one.
func sealedValue(v any) bool {
	b, ok := v.([]byte)
	return ok && len(b) >= 1+12+16 && b[0] == format
}

// everything reads every value of every table, whatever tables there are, and opens
// every sealed one; one that it cannot open is an error, because it could hold a name.
func everything(t *testing.T, d *DB) []string {
	t.Helper()
	opened := unsealed(t, d)
	var out []string
	for _, c := range allColumns(t, d) {
		table, column, _ := strings.Cut(c, ".")
		key := "''"
		if c == "outbox.ref" {
			key = "key"
		}
		err := d.each(t.Context(), `SELECT `+column+`, `+key+` FROM `+table+` WHERE `+column+` IS NOT NULL`, nil,
			func(row scanner) error {
				var v any
				var key string
				if err := row.Scan(&v, &key); err != nil {
					return err
				}
				text := fmt.Sprint(v)
				if b, ok := v.([]byte); ok {
					text = string(b)
				}
				plain, known := opened[text]
				switch {
				case known:
					text = plain
				case sealedValue(v) && c != "meta.value": // the check of the key
					t.Errorf("%s holds a sealed value that none of the known ways opens", c)
				case strings.HasPrefix(text, sealedRef):
					text = d.seal.showRef(key, text)
				}
				out = append(out, c+": "+text)
				return nil
			})
		if err != nil {
			t.Fatal(c, err)
		}
	}
	return out
}

// A name goes with "Hapus semua" from every sealed record: complaints, questions to
// staff, requests for verification, sessions, letters that wait. The person goes the
// usual ways; what these leave is read with the key, whatever tables there are.
func TestANameGoesFromEverySealedRecord(t *testing.T) {
	o := openOffice(t)
	o.house.NoMail = true
	const person conversation.Address = "telegram:1000009"
	traces := []string{"Santoso", "santoso", "wibowo.id", "8117123456"}
	o.says(kasubbag, "antrean")
	o.says(person, "daftar", "1", "Budi Santoso", "KTP 1906014107980003", "budi.santoso@wibowo.id")
	o.says(kasubbag, "SETUJU "+numberOf(o.heard[kasubbag], "VER"))
	o.says(person, "lanjut", "1", "lewati", "1")
	if n := o.count(`SELECT count(*) FROM readers`); n != 1 {
		t.Fatalf("%d readers; the desk said %s", n, o.heard[person])
	}
	o.complains(person, "1", "Saya Budi Santoso menunggu satu jam")
	o.says(person, "petugas", "Ini Budi Santoso, 08117123456, mau bertanya")
	number := numberOf(o.heard[kasubbag], "TNY")
	o.says(kasubbag, "BALAS "+number+" Baik, Pak Santoso")
	o.says(person, "bot")
	o.away[kasubbag] = true // letters about them wait
	o.says(person, "balas "+number+" dari Santoso lagi")
	before := everything(t, o.DB)
	for _, trace := range traces[:3] {
		if !strings.Contains(strings.Join(before, "\n"), trace) {
			t.Errorf("%q was never there: the test shows nothing", trace)
		}
	}
	said := o.says(person, "data saya", "hapus", "HAPUS")
	if n := o.count(`SELECT count(*) FROM readers`); n != 0 {
		t.Fatalf("%d readers after the erasure; the desk said %s", n, said)
	}
	for _, v := range everything(t, o.DB) {
		for _, trace := range traces {
			if strings.Contains(v, trace) {
				t.Errorf("after the erasure, %.300s", v)
			}
		}
	}
	o.later(quiet)
	if strings.Contains(o.heard[kasubbag], "dari Santoso lagi") {
		t.Errorf("staff are told afterwards: %s", o.heard[kasubbag])
	}
}

// numberOf is the last ticket of a kind that a letter names.
func numberOf(letter, kind string) string {
	i := strings.LastIndex(letter, kind+"-")
	if i < 0 || len(letter) < i+14 {
		return ""
	}
	return letter[i : i+14]
}
