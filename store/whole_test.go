package store

import (
	"strings"
	"testing"

	"pst/conversation"
)

// Values that are sealed to their row with the right key, are JSON, and are no value
// of their kind all the same: the deep check names each with what is wrong.
func TestTheDeepCheckReadsWhatItOpens(t *testing.T) {
	notOfAKind := map[string]string{
		"a list": `[]`, "a text": `"x"`, "a number": `7`, "nothing": `null`, "two values": `{}{}`, "cut": `{"id":"x"`,
		"another kind's": `{"berat":70,"tinggi":170}`,
	}
	lacking := map[string]map[string]string{
		"message": {"no sender": `{"id":"x","kind":"text","sent_at":"2026-11-23T09:00:00Z"}`,
			"no kind":           `{"id":"x","from":"telegram:1","sent_at":"2026-11-23T09:00:00Z"}`,
			"another message's": `{"id":"x","from":"telegram:1","kind":"text","sent_at":"2026-11-23T09:00:00Z"}`,
			"wrong time":        `{"id":"x","from":"telegram:1","kind":"text","sent_at":"kemarin"}`},
		"send": {"nobody": `{"text":"halo"}`, "nothing to send": `{"to":"telegram:1"}`,
			"odd address": `{"to":"1","text":"halo"}`},
		"reader": {"no number": `{"id":1,"name":"Ani"}`, "another reader's": `{"id":77,"number":"BT-00001"}`,
			"odd": `{"id":"satu"}`},
		"ticket": {"no number": `{"id":"","state":"BARU","text":"kursi"}`,
			"no state": `{"id":"ADU-261123-ABC","text":"kursi"}`},
		"visit": {"another's": `{"ID":"v9","OpenedAt":"2026-11-23T09:00:00Z"}`,
			"no beginning": `{"ID":"v1","Purpose":"skripsi"}`},
		"excerpt": {"no mark": `{"FileName":"a.pdf"}`, "no name": `{"Mark":{"Lines":["BPS"]}}`,
			"an empty mark": `{"Mark":{"Lines":[]},"FileName":"a.pdf"}`},
		"wish": {"of nothing": `{"at":"2026-11-23T09:00:00Z"}`},
	}
	d := openDesk(t)
	fullLife(d)
	d.hears(citra, "menunggu") // a message that waits
	if got, err := d.Unreadable(t.Context()); err != nil || len(got) > 0 {
		t.Fatalf("of a sound database: %q, %v", got, err)
	}
	for _, c := range sealedColumns {
		if c.what == "stray" { // none here
			continue
		}
		var id int64
		var row string
		var good []byte
		if err := d.each(t.Context(), c.query, nil, func(r scanner) error { return r.Scan(&id, &row, &good) }); err != nil ||
			len(good) == 0 {
			t.Fatalf("no %s to try, %v", c.what, err)
		}
		try := func(name string, bad []byte, reason string) {
			t.Helper()
			d.poison(c.update, bad, id)
			got, err := d.Unreadable(t.Context())
			if err != nil || len(got) != 1 || !strings.HasPrefix(got[0], c.what+", row ") || !strings.Contains(got[0], reason) {
				t.Errorf("a %s that is %s: %q, %v; want it named with %q", c.what, name, got, err, reason)
			}
			d.poison(c.update, good, id)
		}
		newer := append([]byte(nil), good...)
		newer[0] = format + 1
		try("of a format to come", newer, "format")
		try("empty", []byte{}, "cannot be opened")
		if c.of == nil {
			try("no letters", d.seal.seal(c.what, row, []byte("rusak \xff\xfe")), "letters")
			continue
		}
		for name, plain := range notOfAKind {
			try(name, d.seal.seal(c.what, row, []byte(plain)), "cannot be read")
		}
		for name, plain := range lacking[c.what] {
			try(name, d.seal.seal(c.what, row, []byte(plain)), "cannot be read")
		}
	}
	d.poison(`UPDATE outbox SET ref = '~AgAAAA' WHERE ref LIKE '~%'`)
	if got, err := d.Unreadable(t.Context()); err != nil || len(got) != 1 || !strings.Contains(got[0], "is about") {
		t.Errorf("a letter about what cannot be opened: %q, %v", got, err)
	}
}

func TestTheDeepCheckReadsTheCatalogue(t *testing.T) {
	for name, bad := range map[string]string{
		"a list":      `UPDATE publications SET record = '[]'`,
		"nothing":     `UPDATE publications SET record = 'null'`,
		"no title":    `UPDATE publications SET record = '{"id":"a"}'`,
		"another's":   `UPDATE publications SET record = '{"id":"b","title":"Buku"}'`,
		"odd year":    `UPDATE publications SET record = '{"id":"a","title":"Buku","year":"2023"}'`,
		"odd entries": `UPDATE publications SET entries = ?`,
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t)
			p := conversation.Publication{ID: "a", Title: "Buku", Office: "1906"}
			c := conversation.Contents{Pages: []conversation.Page{{Number: 1, Text: "satu"}}}
			if _, err := d.SavePublication(t.Context(), p, &c); err != nil {
				t.Fatal(err)
			}
			if n := d.unreadable(); n != 0 {
				t.Fatalf("%d bad rows in a sound catalogue", n)
			}
			if strings.Contains(bad, "?") {
				d.poison(bad, deflate([]byte(`{"kind":"bab"}`)))
			} else {
				d.poison(bad)
				if got, err := d.Publication(t.Context(), "a"); err == nil {
					t.Errorf("read as %+v", got)
				}
			}
			if got, err := d.Unreadable(t.Context()); err != nil || len(got) == 0 ||
				!strings.HasPrefix(got[0], "publication a") {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// What is none of its kind is set aside when it is met, like what does not open.
func TestWhatLacksWhatItsKindHasIsSetAside(t *testing.T) {
	d := openDesk(t)
	d.does(ani, conversation.Send{To: ani, Text: "buruk", Report: true, Ref: "excerpt:X"})
	for _, c := range sealedColumns {
		if c.what != "send" {
			continue
		}
		var id int64
		var row string
		if err := d.each(t.Context(), c.query, nil,
			func(r scanner) error { return r.Scan(&id, &row, new([]byte)) }); err != nil {
			t.Fatal(err)
		}
		d.poison(c.update, d.seal.seal("send", row, []byte(`{"subject":"tanpa alamat"}`)), id)
	}
	d.does(citra, conversation.Send{To: citra, Text: "baik"})
	if got := d.out(); len(got) != 1 || got[0].Send.Text != "baik" {
		t.Errorf("outbox: %+v", got)
	}
	if got := d.told(); got != "send" {
		t.Errorf("set aside: %q", got)
	}
	if d.count(`SELECT count(*) FROM aside WHERE why LIKE '%lacks an address'`) != 1 {
		t.Error("the reason is not kept")
	}
}
