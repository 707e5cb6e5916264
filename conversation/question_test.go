package conversation

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var numberLine = regexp.MustCompile(`(?m)^\*(\d{1,2})\* (.+)$`)

// numberedIn are the numbers of a question as a person reads them.
func numberedIn(said string) []string {
	var out []string
	for _, m := range numberLine.FindAllStringSubmatch(said, -1) {
		out = append(out, m[1])
	}
	return out
}

// TestByLabel: an answer in the words of one label, and of no other, is that one.
func TestByLabel(t *testing.T) {
	of := func(labels ...string) []shown {
		var out []shown
		for i, l := range labels {
			out = append(out, shown{Option: Option{Key: fmt.Sprint(i + 1)}, said: l})
		}
		return out
	}
	menu := of("Cari dan baca publikasi", "Buku tamu/pendaftaran", "Koleksi cetak dan kunjungan", "Info standar layanan",
		"Pengaduan dan saran", "Petugas", "Data saya")
	schools := of("Tidak/belum sekolah", "SD/sederajat", "SMP/sederajat", "SMA/sederajat", "D1-D3", "D4/S1")
	origins := of("Belitung Timur", "Belitung", "Kep. Babel lainnya", "Luar Babel", "Luar negeri")
	for _, c := range []struct {
		name, answer string
		offers       []shown
		want         string
	}{
		{"its label", "koleksi cetak dan kunjungan", menu, "3"},
		{"its label in capitals", "PETUGAS", menu, "6"},
		{"the beginning of its label", "koleksi", menu, "3"},
		{"one word out of its label", "kunjungan", menu, "3"},
		{"a word in several labels", "dan", menu, ""},
		{"one letter", "k", menu, ""},
		{"a sentence", "tolong carikan kemiskinan 2023", menu, ""},
		{"the beginning of several labels", "luar", origins, ""},
		{"two words that begin one label", "luar n", origins, "5"},
		{"a label that another one begins with", "belitung", origins, "2"},
		{"a label with a slash", "smp/sederajat", schools, "3"},
		{"the first part of a label with a slash", "SMA", schools, "4"},
		{"the second part, in several labels", "sederajat", schools, ""},
		{"a label with a dash", "d1 - d3", schools, "5"},
		{"no options", "dua", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := byLabel(word(c.answer), c.offers); got != c.want {
				t.Errorf("%q means %q, want %q", c.answer, got, c.want)
			}
		})
	}
}

func TestLabel(t *testing.T) {
	for line, want := range map[string]string{
		"Belitung Timur Dalam Angka 2024 (softcopy 361 hal., cetak)\n   hal. 37: *penduduk*": "Belitung Timur Dalam Angka " +
			"2024",
		"Rahasiakan: petugas hanya melihat nomor tiket": "Rahasiakan",
		"Kartu *lain*": "Kartu lain",
		"":             "",
	} {
		if got := label(line); got != want {
			t.Errorf("the button of %q says %q, want %q", line, got, want)
		}
	}
}

// FuzzAnswer: whatever is typed or pressed, an answer leads where the row says.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{"1", "tiga", "ya", "belitung", "*2*", "00", "٣", "\xff", "lainnya dong kak", "send@",
		"hit@pub-1.37", "pick@\x00", "-"} {
		f.Add(s, "confirm", true)
		f.Add(s, "results", false)
		f.Add(s, "education", false)
	}
	f.Fuzz(func(t *testing.T, text, state string, press bool) {
		b := newBench(t)
		if b.table[state] == nil {
			return
		}
		b.stand(t, registered(state))
		m := b.text(text)
		if press {
			m.Kind, m.Menu = Choice, state
		}
		if err := b.Take(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if b.log.Len() > 0 && !strings.Contains(text, "sakit") && !strings.Contains(text, "jatuh") {
			t.Fatalf("%q in %s failed: %s", text, state, b.log)
		}
	})
}

// A question that is asked and answered reads each thing once.
func TestAnsweringTheDetailsLoadsThePublicationOnce(t *testing.T) {
	for _, answer := range []string{"1", "2", "3", "kutipan", "hal 12", "rak", "5"} {
		b := newBench(t)
		b.stand(t, registered("details"))
		b.memory.publications = 0
		if err := b.Take(t.Context(), b.text(answer)); err != nil {
			t.Fatal(err)
		}
		if n := b.memory.publications; n != 1 {
			t.Errorf("%q loads a publication %d times, want once", answer, n)
		}
	}
}

// Numbers refer to the list that the person was shown, not to what the list
// would be now.
func TestANumberMeansTheListThatWasShown(t *testing.T) {
	b := newBench(t)
	s := registered("details")
	s.Data.Find.Best = &PageHit{Page: 37}
	b.stand(t, s)
	if err := b.Take(t.Context(), b.text("-5")); err != nil { // asked again, with the page found as number five
		t.Fatal(err)
	}
	for range 3 {
		if err := b.Take(t.Context(), b.text("-5")); err != nil {
			t.Fatal(err)
		}
	}
	var kept Session
	if got, err := b.memory.Session(t.Context(), siti); err != nil || got.Data.Shown == nil ||
		got.Data.Shown.Keys["5"] == "" {
		t.Fatalf("shown %+v, %v", got.Data.Shown, err)
	} else {
		kept = got
	}
	keys := kept.Data.Shown.Keys
	keys["1"], keys["2"] = keys["2"], keys["1"] // as if the list had been in another order
	b.stand(t, kept)
	if err := b.Take(t.Context(), b.text("1")); err != nil {
		t.Fatal(err)
	}
	if turn, said := b.last(t); turn.Session.State != "pages" {
		t.Errorf("leads to %s: %s", turn.Session.State, said)
	}
}

// TestOwnTextsThatWouldMislead: what an office may not write, each named by its key.
func TestOwnTextsThatWouldMislead(t *testing.T) {
	define := func(key, text string) string { return fmt.Sprintf("{{define %q}}%s{{end}}", key, text) }
	for _, c := range []struct{ name, own, want string }{
		{"answers numbered by hand", define("confirm", "Kirim?\n*1* Batal\n*2* Kirim"), "own text confirm:"},
		{"answers left out", define("confirm", "Kirim kutipan?"), "own text confirm:"},
		{"answers in one branch alone", define("confirm", "{{if .Strict}}Kirim?{{else}}Kirim?\n{{.Options}}{{end}}"),
			"own text confirm:"},
		{"answers twice", define("menu", "{{.Options}}\n{{.Options}}"), "own text menu:"},
		{"an answer more", define("menu", "Apa?\n{{.Options}}\n*8* Lotre"), "own text menu:"},
		{"an answer under a sentence that is no question", define("thanks", "Ya?\n*1* Ya"), "own text thanks:"},
		{"two labels changed about", define("confirm:send", "Ubah halaman") + define("confirm:change", "Kirim"),
			"own text confirm:send:"},
		{"a label of another answer", define("rating:very_good", "Tidak puas"), "own text rating:very_good:"},
		{"one label for two", define("card:ktp", "Kartu") + define("card:sim", "Kartu"), "own text card:ktp:"},
		{"a word for another answer", define("card:sim", "NIK"), "own text card:sim:"},
		{"a word that works everywhere", define("confirm:send", "Batal"), "own text confirm:send:"},
		{"a yes that is a no", define("consent:agree", "Tidak mau"), "own text consent:agree:"},
		{"a no that is a yes", define("minor:alone", "Ya, sendiri"), "own text minor:alone:"},
		{"a label without words", define("menu:info", "..."), "own text menu:info:"},
		{"a label of two lines", define("menu:info", "Info\n*9* Lotre"), "own text menu:info:"},
		{"an answer that there is not", define("menu:lotre", "Lotre"), `"menu:lotre" is no text`},
		{"a field that there is not", define("linked", "Nomor {{.Nomor}}"), "own text linked: {{.Nomor}}"},
		{"a field of another text", define("linked", "Nomor {{.Query}}"), "own text linked: {{.Query}}"},
		{"a field of a field", define("review", "{{.Card.Nomor}} {{.Options}}"), "own text review: {{.Card.Nomor}}"},
		{"a wrong field in a branch that is seldom taken", define("goodbye", "{{if .OnSite}}Tas!{{else}}{{.Mode}}{{end}}"),
			"own text goodbye:"},
		{"a wrong field of a line of a list", define("staff.queue", "{{.Total}}{{range .Lines}}{{.ID}}{{end}}"),
			"own text staff.queue:"},
		{"a text that is too long", define("thanks", strings.Repeat("terima kasih ", 80)), "own text thanks: "},
		{"a text that Telegram has less room for", define("telegram.about", strings.Repeat("terima kasih ", 10)),
			"own text telegram.about: 129 characters, more than 120"},
		{"a text that is too long with its data", define("search.none", strings.Repeat("maaf ", 100)+"{{.Query}}"),
			"own text search.none:"},
		{"an empty text", define("thanks", " "), "own text thanks:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := NewTexts(testOffice(), c.own)
			if err == nil || x != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %v, want one that says %s", err, c.want)
			}
		})
	}
}

// TestOwnTextsNeverChangeWhereAnAnswerLeads writes the desk's questions anew at
// random. What loads must lead, by each number and each label as it is shown,
// exactly where the desk's own question leads.
func TestOwnTextsNeverChangeWhereAnAnswerLeads(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	vocabulary := strings.Fields("Kirim Batal Ya Tidak Ubah halaman Sekarang Lanjut Mulai baru Setuju Sangat puas KTP " +
		"SIM lain Cari Info " +
		"Petugas Data saya Tulis Buku Lihat Hapus Unduh *1* 2 Selesai Kembali Menu nama Rahasia Anonim tanpa dengan sudah " +
		"belum")
	plain := newBench(t)
	loaded, changed := 0, 0
	for range 400 {
		rows := states()
		row := rows[r.IntN(len(rows))]
		var own strings.Builder
		for _, o := range row.options {
			if o.typed || r.IntN(3) == 0 {
				continue
			}
			words := make([]string, 1+r.IntN(3))
			for i := range words {
				words[i] = vocabulary[r.IntN(len(vocabulary))]
			}
			fmt.Fprintf(&own, "{{define %q}}%s{{end}}\n", row.name+":"+o.key, strings.Join(words, " "))
		}
		x, err := NewTexts(plain.office, own.String())
		if err != nil || own.Len() == 0 {
			continue
		}
		loaded++
		b := newBench(t)
		b.texts = x
		question := func(e *core) []shown {
			s := registered(row.name)
			turn := &turn{core: e, ctx: t.Context(), s: s, at: b.at}
			turn.question(e.table[row.name])
			return turn.offers
		}
		ours, theirs := question(plain.core), question(b.core)
		if len(ours) != len(theirs) {
			t.Fatalf("%s has %d answers, with\n%s\n%d", row.name, len(ours), own.String(), len(theirs))
		}
		for i, o := range ours {
			if theirs[i].Key != o.Key || theirs[i].Number != o.Number {
				t.Fatalf("%s: %s is %s now, with\n%s", row.name, o.Number, theirs[i].Key, own.String())
			}
			turn := &turn{core: b.core, ctx: t.Context(), s: registered(row.name), at: b.at, in: theirs[i].Label}
			if commandOf(turn.in) != "" || o.Key == zeroKey || o.said == "" {
				continue
			}
			changed++
			if got := turn.heard(b.table[row.name]); got != o.Key {
				t.Fatalf("%s: the words %q of %s mean %q, with\n%s", row.name, turn.in, o.Key, got, own.String())
			}
		}
	}
	if loaded < 100 || changed < 200 {
		t.Errorf("%d of 400 were loaded and %d answers looked at: too few to tell", loaded, changed)
	}
}

// Every label fits a button, and no two of a question read the same.
func TestLabelsTellAnswersApart(t *testing.T) {
	b := newBench(t)
	for _, name := range stateNames() {
		turn := &turn{core: b.core, ctx: t.Context(), s: registered(name), at: b.at}
		turn.question(b.table[name])
		var seen []string
		for _, o := range turn.offers {
			w := word(o.Label)
			if o.Label == "" && strings.HasPrefix(o.Key, "hit@") {
				continue
			}
			if w == "" || utf8.RuneCountInString(o.Label) > captionMost || slices.Contains(seen, w) {
				t.Errorf("%s has the label %q", name, o.Label)
			}
			seen = append(seen, w)
		}
	}
}

// A form that was left is named by its step, whichever it was.
func TestEveryStepOfAFormHasAName(t *testing.T) {
	b := newBench(t)
	for _, s := range states() {
		if !s.form {
			continue
		}
		turn := &turn{core: b.core, ctx: t.Context(), s: registered(s.name), at: b.at}
		turn.keepForm(s)
		turn.s.Data.Resume = ""
		if q := turn.question(b.table["resume"]); turn.fault != nil || !strings.Contains(q, "Lanjutkan "+map[string]string{
			"registration": "pendaftaran", "complaint": "pengaduan"}[s.chapter]) {
			t.Errorf("left at %s: %v\n%s", s.name, turn.fault, q)
		}
	}
}

// A session of the version that had one place for all forms goes on.
func TestAFormLeftInAnEarlierVersionIsKept(t *testing.T) {
	b := newBench(t)
	s := registered("menu")
	s.Data.Left = "education"
	b.stand(t, s)
	if err := b.Take(t.Context(), b.text("lanjutkan")); err != nil {
		t.Fatal(err)
	}
	if turn, said := b.last(t); turn.Session.State != "resume" || !strings.Contains(said, "pendidikan") {
		t.Errorf("stands in %s: %s", turn.Session.State, said)
	}
}
