package conversation

import (
	"strings"
	"testing"
)

// Who received pages has them cited, as a sentence and for programs that keep references;
// who received none is told how.
func TestPagesReceivedAreCited(t *testing.T) {
	b := newBench(t)
	b.stand(t, registered("inside"))
	if err := b.Take(t.Context(), b.text("sitasi")); err != nil {
		t.Fatal(err)
	}
	_, said := b.last(t)
	for _, want := range []string{"(2024). Belitung Timur Dalam Angka 2024, hal. 3.", "TY  - RPRT\n",
		"TI  - Belitung Timur Dalam Angka 2024\nPY  - 2024\n", "SP  - 3\n", "ID  - ABCDEFGHJK\nER  - "} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in:\n%s", want, said)
		}
	}
	b.stand(t, stranger("menu"))
	if err := b.Take(t.Context(), b.text("sitasi")); err != nil {
		t.Fatal(err)
	}
	if _, said := b.last(t); !strings.Contains(said, "Belum ada kutipan") {
		t.Errorf("without an excerpt: %s", said)
	}
}

// The words of a page are read out to who has it, and to nobody else.
func TestOnlyPagesReceivedAreReadOut(t *testing.T) {
	b := newBench(t)
	for typed, want := range map[string]string{
		"teks 4": "Halaman 4 tidak berisi teks", "teks": "Halaman 3 tidak berisi teks",
		"teks 9": "Halaman 9 dari *Belitung Timur Dalam Angka 2024* belum Bapak/Ibu miliki",
	} {
		b.stand(t, registered("inside"))
		if err := b.Take(t.Context(), b.text(typed)); err != nil {
			t.Fatal(err)
		}
		if _, said := b.last(t); !strings.Contains(said, want) {
			t.Errorf("%s: %s", typed, said)
		}
	}
}
