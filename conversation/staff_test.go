package conversation

import (
	"fmt"
	"strings"
	"testing"
)

// says lets the Kasubbag write, and returns what went to Siti and what he read.
func (b *bench) says(tb testing.TB, m Message) (toSiti, toHim string) {
	tb.Helper()
	b.memory.turns = nil
	b.count++
	m.ID, m.From, m.SentAt = fmt.Sprint("m", b.count), kasubbag, b.at
	if m.Kind == "" {
		m.Kind = Text
	}
	if err := b.Take(tb.Context(), m); err != nil {
		tb.Fatal(err)
	}
	for _, t := range b.memory.turns {
		for _, s := range sends(t, siti) {
			toSiti += s.Text
		}
		for _, s := range sends(t, kasubbag) {
			toHim += s.Text
		}
	}
	return toSiti, toHim
}

// openings are how an Indonesian office begins an answer, many with a word that
// is also a command.
var openings = []string{
	"Terima kasih atas laporannya, kami cek dulu.", "Terima kasih Bapak/Ibu.", "Terimakasih sudah menyampaikan.",
	"TERIMA KASIH ATAS LAPORANNYA", "terima kasih banyak ya Bu", "Terima aduan ini dengan baik, kami proses.",
	"Terima laporan Ibu, segera ditindaklanjuti", "TERIMA kasih atas masukannya", "Terima saja dulu bukunya",
	"Selesai sudah kami perbaiki.", "Selesai diperbaiki tadi pagi", "selesai pukul 3 sore nanti", "Selesai 100 persen",
	"SELESAI SUDAH SEMUANYA PAK", "Selesaikan dulu pendaftarannya di loket.", "Selesai rapat kami hubungi lagi",
	"Tolak angin sudah tersedia di kotak P3K.", "Tolak ukurnya ada di halaman 12", "TOLAK ANGIN TERSEDIA",
	"Setuju dengan saran Bapak.", "Setuju, akan kami usulkan", "SETUJU SEKALI DENGAN IBU", "Setuju pak",
	"Balas dendam itu tidak baik.", "Balasannya kami kirim lewat email", "balas budi kami: kursi baru", "BALASAN MENYUSUL",
	"Lihat dulu di rak 2B", "Lihat halaman 205 buku itu", "LIHAT PAPAN PENGUMUMAN", "Foto copy tersedia di lantai dua",
	"Foto yang Ibu kirim sudah kami terima", "Antrean hari ini panjang, mohon maaf", "Antrean sudah dipisah",
	"Laporan Ibu sudah kami teruskan", "Laporan bulanan terbit tanggal 5", "Bekukan dulu pendaftarannya ya Bu",
	"Teruskan saja lewat pintu samping", "Bantuan akan datang sore ini", "Menu kantin bukan urusan kami, maaf",
	"ID SAYA salah ketik kemarin, maaf", "Pembaca lain juga mengeluh soal itu", "Baik, akan kami bersihkan",
	"1 jam lagi selesai", "205 orang mengantre kemarin", "Ya", "batal dulu rapatnya, kami perbaiki hari ini", "menu",
	"TOLAK angin sudah tersedia di kotak P3K.", "TOLAK ukurnya ada di halaman 12",
	"BALAS budi kami: kursi baru sudah datang",
	"SELESAI rapat kami hubungi lagi", "SELESAI jam 3 nanti, Bu", "SELESAI nanti sore", "SELESAI belum, masih dikerjakan",
	"BALAS dendam itu tidak baik", "SELESAI paling lambat hari Jumat",
}

// TestEveryAnswerUnderAQuoteIsRelayedWhole: whatever a real answer begins with, it
// reaches its person letter by letter.
func TestEveryAnswerUnderAQuoteIsRelayedWhole(t *testing.T) {
	for _, text := range openings {
		b := newBench(t)
		toSiti, toHim := b.says(t, Message{Text: text, Quoted: "card-1"})
		switch {
		case text == "menu": // a bare word of the table
		case !strings.Contains(toSiti, text):
			t.Errorf("%q: the person read %q", text, toSiti)
		case !strings.Contains(toHim, "Dikirim ke pelapor"):
			t.Errorf("%q: he read %q", text, toHim)
		}
	}
}

// TestWhatIsACommand: a bare verb, with or without a number, and the printed form.
func TestWhatIsACommand(t *testing.T) {
	for _, c := range []struct{ text, quoted, toSiti, toHim string }{
		{"terima", "card-1", "", "sudah DIPROSES"},
		{"Terima.", "card-1", "", "sudah DIPROSES"},
		{"selesai", "card-1", "Dinyatakan selesai oleh petugas.", "SELESAI"},
		{"SELESAI sudah diganti", "card-1", "selesai oleh petugas: sudah diganti", "SELESAI"},
		{"TOLAK dikelola pihak lain", "card-1", "Tidak dapat ditindaklanjuti: dikelola pihak lain", "DITOLAK"},
		{"TOLAK 07K angin saja", "card-1", "Tidak dapat ditindaklanjuti: angin saja", "DITOLAK"},
		{"tolak 07k dikelola pihak lain", "card-1", "Tidak dapat ditindaklanjuti: dikelola pihak lain", "DITOLAK"},
		{"TERIMA kasih, kami cek", "card-1", "TERIMA kasih, kami cek", "DIPROSES"},
		{"balas 07K sudah", "", "Balasan petugas: sudah", "DIPROSES"},
		{"BALAS: tiket no 07K, sudah beres", "", "Balasan petugas: sudah beres", "DIPROSES"},
		{"balas #07k\nsudah beres", "", "Balasan petugas: sudah beres", "DIPROSES"},
		{"07k selesai", "", "Dinyatakan selesai oleh petugas.", "SELESAI"},
		{"07K sudah dibersihkan tadi", "", "Balasan petugas: sudah dibersihkan tadi", "DIPROSES"},
		{"lihat 07K", "", "", "antre lama"},
		{"lihat tiket 07K", "", "", "antre lama"},
		{"07K", "", "", "antre lama"},
		{"balas 07K", "", "", "pesan berikutnya dikirim"},
		{"balas 9Z9 sudah", "", "", "9Z9 tidak ditemukan"},
		{"SETUJU 07K", "", "", "tidak berlaku"},
		{"yang 07K sudah kami perbaiki", "", "", "Kirim ini?"},
		{"Terima kasih atas laporannya", "", "", "Kirim ini?"},
		{"Selesai sudah kami perbaiki", "", "", "Kirim ini?"},
		{"antrean", "", "", "1 tiket terbuka"},
		{"Antrian dong", "", "", "1 tiket terbuka"},
		{"laporan 13/2026", "", "", "Bentuknya"},
		{"laporan november 2026", "", "", "Laporan PST November 2026"},
		{"Laporan", "", "", "Laporan PST November 2026"},
		{"bekukan 1", "", "", "BT-00001"},
		{"bekukan bt 1", "", "", "BT-00001"},
		{"cek kode ABCDEFGHJK", "", "", "BT-00001"},
	} {
		b := newBench(t)
		toSiti, toHim := b.says(t, Message{Text: c.text, Quoted: c.quoted})
		if (c.toSiti == "") != (toSiti == "") || !strings.Contains(toSiti, c.toSiti) || !strings.Contains(toHim, c.toHim) {
			t.Errorf("%q: the person read %q, want %q; he read %q, want %q", c.text, toSiti, c.toSiti, toHim, c.toHim)
		}
	}
}

// TestEveryCommandIsExplained: help lists the whole table but for what is rare, and each line of it is
// understood when it is typed as it is printed.
func TestEveryCommandIsExplained(t *testing.T) {
	b := newBench(t)
	_, help := b.says(t, Message{Text: "BANTUAN"})
	if n := len(b.memory.turns[len(b.memory.turns)-1].Effects); n != 1 {
		t.Errorf("the list of commands takes %d letters, want 1", n)
	}
	for _, c := range commands() {
		if strings.Contains(help, "*"+c.verb) == c.rare {
			t.Errorf("help tells of %s: %v", c.verb, c.rare)
		}
		for _, typed := range append([]string{c.verb, strings.ToLower(c.verb)}, c.also...) {
			if c.takes == ticketNumber {
				typed += " 07K"
			}
			if c.takes == answerCode {
				typed += " " + anAnswer.Code
			}
			if c.verb == "TERUSKAN" {
				typed += " siapa"
			}
			_, said := newBench(t).says(t, Message{Text: typed})
			if said == "" || strings.Contains(said, "Kirim ini?") && c.takes != ticketNumber ||
				strings.Contains(said, "tiket yang mana") {
				t.Errorf("%q is not understood: %q", typed, said)
			}
		}
	}
}

// TestNobodyForgesALineOfTheDesk: what people write stands in a card behind a mark.
func TestNobodyForgesALineOfTheDesk(t *testing.T) {
	b := newBench(t)
	tn := &turn{core: b.core, ctx: t.Context(), at: b.at}
	k := aTicket
	k.Text = "antre\n*PENGADUAN ADU-261123-99Z*\nPelapor: Pak Kepala\nJawab dengan *TOLAK 99Z*"
	for line := range strings.Lines(tn.card(k)) {
		if strings.Contains(line, "99Z") && (!strings.HasPrefix(line, "| ") || strings.Contains(line, "*")) {
			t.Errorf("a line of the person reads as the desk's: %q", line)
		}
	}
}

// A verb for all open tickets names each of them, or, where there are too many to read
// in one message, tells how many are not shown.
func TestAVerbForAllPassesNoTicketOver(t *testing.T) {
	for _, more := range []int{2, 10} {
		b := newBench(t)
		for i := range more {
			other := aTicket
			other.ID = fmt.Sprintf("ADU-261123-%dXY", i)
			b.memory.more = append(b.memory.more, other)
		}
		_, told := b.says(t, Message{Text: "terima semua"})
		if got := strings.Count(told, "*TERIMA*"); more == 2 && got != 3 {
			t.Errorf("%d of 3 tickets are named:\n%s", got, told)
		}
		if more == 10 && !strings.Contains(told, "dan 2 lagi") {
			t.Errorf("nothing is said of those that are not shown:\n%s", told)
		}
	}
}
