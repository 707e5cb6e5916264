package nlu

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"
)

// everything reads a message with every reader; none may panic.
func everything(m *Message) {
	for _, slot := range []string{"yesno", "card", "cardnumber", "paspor", "expiry", "email", "code", "birthyear", "name",
		"institution",
		"pages", "rating", "line", "edition", "paging", "end", "thanks", "farewell", "greeting",
		Gender, Education, Work, Origin, Disability, Purpose, Mode, Cards} {
		heard(m, slot)
	}
	m.Intent()
	m.Waits()
	m.Skips()
	m.Empty()
	m.Correction()
}

func FuzzHear(f *testing.F) {
	for _, s := range []string{"iya kak setuju", "eh salah, maksudnya 1999", "hal 10-12 dan 15", "rizky at gmail dot com",
		"１２３", "tabel 3.",
		"bab", "-", "ke", "ke-", "dua puluh", "\xff\xfe", "⭐⭐", "a2", "p.", "bukan", "eh", "s.d.", "3.1.", "1-",
		"nama saya"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		start := time.Now()
		m := Default().Hear(s)
		everything(m)
		if d := time.Since(start); d > time.Minute { // a hang, not slowness
			t.Errorf("%d bytes took %v", len(s), d)
		}
		if !strings.ContainsFunc(s, func(r rune) bool {
			return unicode.IsLetter(r) || unicode.IsNumber(r) || strings.ContainsRune(telling, r)
		}) {
			if a := m.YesNo(); a.Heard() {
				t.Errorf("%q without a word is %+v", s, a)
			}
			if a := m.Rating(); a.Value.Score != 0 {
				t.Errorf("%q without a word is a rating of %d", s, a.Value.Score)
			}
			if a := m.Pages(); a.Heard() {
				t.Errorf("%q without a word is pages %+v", s, a)
			}
			if a := m.Name(); a.Heard() {
				t.Errorf("%q without a word is the name %q", s, a.Value)
			}
			if a := m.Intent(); a.Heard() {
				t.Errorf("%q without a word is %+v", s, a)
			}
		}
	})
}

// Noise: letters at random make no words, so nothing is taken for sure.
func TestNothingOutOfNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		words := make([]string, 1+r.IntN(4))
		for i := range words {
			b := make([]byte, 6+r.IntN(6))
			for j := range b {
				b[j] = "bcdfghjklmnpqrstvwxz"[r.IntN(20)]
			}
			words[i] = string(b)
		}
		s := strings.Join(words, " ")
		m := Default().Hear(s)
		for _, slot := range []string{"yesno", "rating", "pages", "name", "card", "line", "birthyear", "email", "code", "end",
			"farewell", "thanks"} {
			if got, sure := heard(m, slot); sure != None {
				t.Errorf("%s out of %q: %q (%v)", slot, s, got, sure)
			}
		}
		if a := m.Intent(); a.Heard() {
			t.Errorf("intent out of %q: %+v", s, a)
		}
	}
}

func BenchmarkHear(b *testing.B) {
	l := Default()
	for _, c := range []struct{ name, text string }{
		{"sentence", "assalamualaikum kak, saya mau tanya kalo hari jumat kantornya tutup jam brp ya"},
		{"longest", strings.Repeat("kantor tidak 12 pnduduk, ", 160)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				m := l.Hear(c.text)
				m.Choice(Education, optionsOf(Education))
				m.Intent()
			}
		})
		b.Run(c.name+"/all readers", func(b *testing.B) {
			for b.Loop() {
				everything(l.Hear(c.text))
			}
		})
	}
}
