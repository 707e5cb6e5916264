package search

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

func TestTalaTakesAffixesOffAsPublished(t *testing.T) {
	for _, c := range [][2]string{
		{"bukukah", "buku"}, {"bukunya", "buku"}, {"menyusun", "susun"}, {"memukul", "pukul"},
		{"pengukur", "ukur"}, {"membaca", "baca"}, {"bekerja", "kerja"}, {"belajar", "ajar"},
		{"pelajar", "ajar"}, {"dinaikkan", "naik"}, {"kekurangan", "kurang"}, {"desa", "desa"},
		{"perkebunan", "kebun"}, {"penduduk", "duduk"}, {"kota", "kota"}, {"ekonomi", "ekonom"},
	} {
		if got := tala(c[0]); got != c[1] {
			t.Errorf("tala(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

// TestTalaAgainstSnowball compares the core with Debian's libstemmer-tools on
// the words of snowball-data (64,587 of them), where both are installed.
func TestTalaAgainstSnowball(t *testing.T) {
	const list = "/usr/share/snowball/data/indonesian/voc.txt"
	stemwords, err := exec.LookPath("stemwords")
	if err != nil {
		t.Skip("needs stemwords of the Debian package libstemmer-tools")
	}
	in, err := exec.Command("cat", list).Output()
	if err != nil {
		t.Skip("needs " + list + " of the Debian package snowball-data")
	}
	cmd := exec.Command(stemwords, "-l", "indonesian")
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("stemwords: %v", err)
	}
	ws, want := strings.Fields(string(in)), strings.Fields(string(out))
	if len(ws) != len(want) {
		t.Fatalf("%d words, %d stems", len(ws), len(want))
	}
	wrong := 0
	for i, w := range ws {
		if got := tala(w); got != want[i] {
			if wrong++; wrong <= 20 {
				t.Errorf("tala(%q) = %q, oracle %q", w, got, want[i])
			}
		}
	}
	t.Logf("%d words, %d differ", len(ws), wrong)
}
