package nlu

import "testing"

func TestBorrows(t *testing.T) {
	for _, c := range []struct {
		said, title string
		ok          bool
	}{
		{"pinjam", "", true},
		{"boleh pinjam bukunya dibawa pulang kak?", "", true},
		{"mau minjam buku sensus", "sensus", true},
		{"kak saya mau pinjem buku statistik daerah dong", "statistik daerah", true},
		{"apakah buku dalam angka 2023 bisa dipinjam?", "dalam angka 2023", true},
		{"buku kecamatan gantung boleh saya bawa pulang ga ya", "kecamatan gantung", true},
		{"berapa lama boleh pinjam buku?", "", true},
		{"can i borrow the book", "", true},
		{"pinjaman perbankan 2023", "", false},
		{"koperasi simpan pinjam", "", false},
		{"jumlah buku dipinjam perpustakaan", "", false},
		{"perpanjang pinjaman", "", false},
		{"batal pinjam", "", false},
		{"penduduk gantung 2023", "", false},
		{"buku tamu", "", false},
		{"", "", false},
	} {
		title, ok := Default().Hear(c.said).Borrows()
		if ok != c.ok || ok && title != c.title {
			t.Errorf("%q: %q, %v; want %q, %v", c.said, title, ok, c.title, c.ok)
		}
	}
}
