package conversation

import (
	"slices"
	"strings"
	"testing"
)

// Staff stop the table behind a number by its code, and let it answer again by the code
// or by the table's name; both are audited, with the reason given.
func TestStaffSilenceAndTrustATable(t *testing.T) {
	for _, c := range []struct {
		typed, said, audited string
		table                string
		silent               bool
	}{
		{"SALAH K7Q2M9 kolomnya tertukar", "berhenti menjawab", TableSilenced + ": kolomnya tertukar", "3.1.1", true},
		{"SALAH K7Q2M9", "berhenti menjawab", TableSilenced, "3.1.1", true},
		{"PERCAYA K7Q2M9", "dipercaya lagi", tableTrusted, "3.1.1", false},
		{"PERCAYA pub-1 3.1.2", "Tabel 3.1.2 pada Belitung Timur Dalam Angka 2024 dipercaya lagi", tableTrusted,
			"3.1.2", false},
		{"PERCAYA", "Belitung Timur Dalam Angka 2024 (3.1.2): *PERCAYA pub-1 3.1.2*", "", "", false},
		{"PERCAYA pub-1 3.1.9", "Kirim ini?", "", "", false}, // not silent: words for the ticket at hand
		{"SALAH K7Q2M8", "Tidak ada angka dengan kode K7Q2M8", "", "", false},
		{"CEK KODE K7Q2M9", "Gantung, Jumlah = 27 914", "", "", false}, // what was told
	} {
		b := newBench(t)
		_, said := b.says(t, Message{Text: c.typed})
		if !strings.Contains(said, c.said) {
			t.Errorf("%s: said %q, want %q", c.typed, said, c.said)
		}
		var tables []SilenceTable
		var audited []string
		for _, turn := range b.memory.turns {
			for _, e := range turn.Effects {
				switch e := e.(type) {
				case SilenceTable:
					tables = append(tables, e)
				case Audit:
					audited = append(audited, e.Entry.What+" "+e.Entry.Subject)
				}
			}
		}
		if c.table == "" {
			if len(tables) > 0 {
				t.Errorf("%s: changed %v", c.typed, tables)
			}
			continue
		}
		if len(tables) != 1 || tables[0] != (SilenceTable{aPublication.ID, c.table, c.silent, b.at}) ||
			!slices.Contains(audited, c.audited+" pub-1 "+c.table) {
			t.Errorf("%s: changed %+v, audited %q", c.typed, tables, audited)
		}
	}
}

// Who doubts a number may have staff look at it: once, though asked twice.
func TestADoubtedNumberIsLookedAtOnce(t *testing.T) {
	b := newBench(t)
	b.catalogue = known{}
	b.stand(t, judgedSession(b, "datum"))
	var tickets []Ticket
	said := ""
	for _, typed := range []string{"angkanya salah", "ya", "angkanya salah", "ya"} {
		if err := b.Take(t.Context(), b.text(typed)); err != nil {
			t.Fatal(err)
		}
		turn, words := b.last(t)
		said += words
		for _, e := range turn.Effects {
			if o, ok := e.(OpenTicket); ok {
				tickets = append(tickets, o.Ticket)
				b.memory.more = append(b.memory.more, o.Ticket)
			}
		}
	}
	if len(tickets) != 1 || tickets[0].Category != doubted || !strings.Contains(tickets[0].Text, anAnswer.Code) ||
		!strings.Contains(tickets[0].Text, "27 914") {
		t.Fatalf("staff are asked %+v\n%s", tickets, said)
	}
	if n := strings.Count(said, "nomor "+tickets[0].ID); n != 2 {
		t.Errorf("the number of the question is told %d times:\n%s", n, said)
	}
}
