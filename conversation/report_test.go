package conversation

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// spans makes durations of whole minutes.
func spans(minutes ...int) []time.Duration {
	var d []time.Duration
	for _, m := range minutes {
		d = append(d, time.Duration(m)*time.Minute)
	}
	return d
}

func TestQuantile(t *testing.T) {
	ten := spans(10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
	for _, c := range []struct {
		name string
		of   []time.Duration
		q    float64
		want int
	}{
		{"the median of none", nil, 0.5, 0},
		{"the median of one", spans(7), 0.5, 7},
		{"p90 of one", spans(7), 0.9, 7},
		{"the median of two is the lower", spans(8, 2), 0.5, 2},
		{"the median of three", spans(9, 1, 5), 0.5, 5},
		{"the median of ten is the fifth", ten, 0.5, 5},
		{"p90 of ten is the ninth", ten, 0.9, 9},
		{"p91 of ten is the last", ten, 0.91, 10},
		{"p90 of eleven is the tenth", append(spans(11), ten...), 0.9, 10},
		{"the smallest", ten, 0, 1},
		{"the greatest", ten, 1, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := slices.Clone(c.of)
			if got := Quantile(c.of, c.q); got != time.Duration(c.want)*time.Minute {
				t.Errorf("got %s, want %d min", got, c.want)
			}
			if !slices.Equal(c.of, before) {
				t.Error("the figures were put in another order")
			}
		})
	}
}

func TestWithinFive(t *testing.T) {
	exact := []time.Duration{5 * time.Minute, 5*time.Minute + time.Nanosecond}
	for _, c := range []struct {
		name string
		of   []time.Duration
		want float64
	}{
		{"none", nil, 0}, {"all", spans(1, 2, 5), 1}, {"one of four", spans(4, 6, 7, 60), 0.25}, {"five minutes exactly is within", exact, 0.5},
	} {
		if got := WithinFive(c.of); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestReportOfAnEmptyMonth(t *testing.T) {
	m := Month{From: time.Date(2026, 2, 1, 0, 0, 0, 0, jakarta)}
	want := "*Laporan PST Februari 2026*\nPembaca baru: 0 (profil lengkap 0, belum 0)\nKunjungan: 0 (di tempat 0, daring 0)\nKutipan: 0 (0 halaman)\nPencarian: 0\n\n" +
		"*Pengaduan*\nMasuk 0, selesai 0, dijawab dalam 5 hari kerja 0"
	if got := m.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReportOfAFullMonth(t *testing.T) {
	m := Month{From: time.Date(2026, 11, 1, 0, 0, 0, 0, jakarta), NewReaders: 12, Profiles: 9, Visits: 40, OnSite: 15, Excerpts: 30, ExcerptPages: 1234, Searches: 99,
		ToDelivery: append(spans(1, 2, 3), 125*time.Second), Ratings: [5]int{0, 1, 2, 3, 4}, TicketsOpened: 3, TicketsClosed: 2, AnsweredInTime: 1,
		Purposes:      map[string]int{"Penelitian": 7, "Evaluasi": 7, "": 2, "Tugas sekolah/kuliah": 9},
		ReadersByWork: map[string]int{"Lainnya": 1}, ReadersByOrigin: map[string]int{"Belitung": 3},
		TopPublications: []string{"A", "B", "C", "D", "E", "F"}, NoHit: strings.Split("a b c d e f g h i j k", " ")}
	want := `*Laporan PST November 2026*
Pembaca baru: 12 (profil lengkap 9, belum 3)
Kunjungan: 40 (di tempat 15, daring 25)
Kutipan: 30 (1.234 halaman)
Pencarian: 99

*Waktu layanan* (buku tamu sampai kutipan diterima)
Median 2:00 menit, p90 3:00 menit, paling lama 5 menit: 100% dari 4 kunjungan

*Penilaian* (10)
Sangat puas 4, puas 3, kurang puas 2, tidak puas 1

*Pengaduan*
Masuk 3, selesai 2, dijawab dalam 5 hari kerja 1

*Tujuan*
Tugas sekolah/kuliah: 9
Evaluasi: 7
Penelitian: 7
(tidak diisi): 2

*Pekerjaan*
Lainnya: 1

*Asal*
Belitung: 3

*Paling banyak dikutip*
A
B
C
D
E

*Dicari tetapi tidak ada*
a
b
c
d
e
f
g
h
i
j`
	if got := m.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
