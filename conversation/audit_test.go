package conversation

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

type look struct {
	name  string
	write []string // the last is the look
	quote string
	image bool // it is a photo
	file  bool // it is a PDF file
	what  string
	about string
}

// looks are what staff write to see, or to act on, what is kept of a person, and the
// line of the audit that must tell of it: what was done, and to what.
var looks = []look{
	{"the list of open tickets", []string{"antrean"}, "", false, false, "queue of tickets seen", ""},
	{"a ticket with its thread", []string{"LIHAT 07K"}, "", false, false, "ticket read", aTicket.ID},
	{"a number alone", []string{"07K"}, "", false, false, "ticket read", aTicket.ID},
	{"its photos", []string{"FOTO 07K"}, "", false, false, "photos of ticket seen", aTicket.ID},
	{"handed on", []string{"TERUSKAN 07K Rina"}, "", false, false, "ticket teruskan", aTicket.ID},
	{"accepted with words", []string{"TERIMA 07K kami cek"}, "", false, false, "ticket balas", aTicket.ID},
	{"answered", []string{"BALAS 07K sudah"}, "", false, false, "ticket balas", aTicket.ID},
	{"answered under a quote", []string{"Terima kasih, kami cek"}, "card-1", false, false, "ticket balas", aTicket.ID},
	{"answered with a photo", []string{"ini hasilnya"}, "card-1", true, false, "ticket balas", aTicket.ID},
	{"closed", []string{"SELESAI 07K beres"}, "", false, false, "ticket selesai", aTicket.ID},
	{"refused", []string{"TOLAK 07K bukan urusan kami"}, "", false, false, "ticket tolak", aTicket.ID},
	{"asked whether words go to the one ticket", []string{"Baik, akan kami bersihkan"}, "", false, false, "ticket named",
		aTicket.ID},
	{"asked whether a verb is for the one ticket", []string{"SELESAI"}, "", false, false, "ticket named", aTicket.ID},
	{"asked which of several tickets is meant", []string{"Baik, akan kami periksa"}, "several", false, false,
		"queue of tickets seen", ""},
	{"asked for words, with what the ticket is about", []string{"BALAS 07K"}, "", false, false, "ticket named",
		aTicket.ID},
	{"a ticket named in a sentence", []string{"yang 07K sudah kami perbaiki"}, "", false, false, "ticket named",
		aTicket.ID},
	{"whose excerpt carries a code", []string{"CEK KODE ABCDEFGHJK"}, "", false, false, "excerpt code looked up",
		"ABCDEFGHJK"},
	{"whose excerpt a file is", []string{""}, "", false, true, "excerpt code looked up", "ABCDEFGHJK"},
	{"a publication handed out as pictures", []string{"KETAT pub-1", "ya"}, "", false, false, "strictness changed",
		"pub-1"},
	{"a table that answers no more", []string{"SALAH K7Q2M9 kolomnya tergeser"}, "", false, false,
		"table silenced: kolomnya tergeser", "pub-1 3.1.1"},
	{"a table that answers again", []string{"benar K7Q2M9"}, "", false, false, "table trusted again", "pub-1 3.1.1"},
	{"the frozen accounts", []string{"BEKUKAN"}, "", false, false, "frozen readers listed", ""},
	{"an account frozen", []string{"BEKUKAN BT-00001", "ya"}, "", false, false, "reader frozen", "BT-00001"},
	{"a way in at the page", []string{"MASUK"}, "", false, false, "door to the page opened", ""},
	{"all ways in shut", []string{"KELUAR"}, "", false, false, "sessions at the page ended", ""},
	{"an account erased", []string{"HAPUS DATA BT-00001 diminta lewat surat", "ya"}, "", false, false,
		"reader erased: diminta lewat surat", "BT-00001"},
	{"an account to be erased", []string{"HAPUS DATA BT-00001 diminta lewat surat"}, "", false, false,
		"reader looked up: diminta lewat surat", "BT-00001"},
	{"an account looked for", []string{"BEKUKAN BT-00001"}, "", false, false, "reader looked up", "BT-00001"},
}

// TestEveryLookAtPersonalDataIsAudited: who looked, at what, and what they did.
func TestEveryLookAtPersonalDataIsAudited(t *testing.T) {
	for _, l := range looks {
		b := newBench(t)
		b.office.Staff = append(b.office.Staff, Staff{Name: "Bu Rina", Role: Second, Addresses: []Address{"terminal:kedua"}})
		b.office.Page = "http://127.0.0.1:8484"
		b.memory.photos = []Media{{Ref: "foto", MIME: "image/jpeg"}}
		if l.quote == "several" {
			other := aTicket
			other.ID, l.quote = "ADU-261123-9B2", ""
			b.memory.more = []Ticket{other}
		}
		for _, line := range l.write {
			m := Message{Text: line, Quoted: l.quote}
			if l.image {
				m.Kind, m.Media = Image, &Media{Ref: "foto", MIME: "image/jpeg"}
			}
			if l.file {
				m.Kind, m.Media = Document, &Media{MIME: "application/pdf", SHA256: "known"}
			}
			b.says(t, m)
		}
		var lines []AuditEntry
		for _, turn := range b.memory.turns {
			for _, e := range turn.Effects {
				if a, ok := e.(Audit); ok {
					lines = append(lines, a.Entry)
				}
			}
		}
		want := AuditEntry{b.at, kasubbag.Masked(), l.what, l.about}
		if !slices.Contains(lines, want) {
			t.Errorf("%s: the audit has %+v, want %+v", l.name, lines, want)
		}
	}
}

// Every place that audits what staff do is in the list above, or is of a reader's own
// doing.
func TestEveryAuditedPlaceIsInTheList(t *testing.T) {
	own := []string{"consent given", "reader registered", "chat linked by e-mail", "e-mail changed", "chat unlinked",
		"personal data exported", "profile corrected: ", "consent withdrawn", "reader erased", "search words decided"}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`AuditEntry\{t\.at, [^,]+, (?:"([^"]+)"|(\w+))|t\.audit\((?:"([^"]+)"|(\w+))`)
	places := 0
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range line.FindAllStringSubmatch(string(text), -1) {
			places++
			what := m[1] + m[3]
			if slices.Contains(own, what) || m[2]+m[4] == "what" { // "reader frozen", or not
				continue
			}
			known := slices.ContainsFunc(looks, func(l look) bool { return strings.HasPrefix(l.what, what) })
			for _, l := range pageLooks {
				known = known || strings.HasPrefix(l.what, what)
			}
			if !known {
				t.Errorf("%s audits %q, and no look in the list does", f, what)
			}
		}
	}
	if places < 15 {
		t.Errorf("only %d places were found", places)
	}
}
