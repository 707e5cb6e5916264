package conversation

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"
)

// Quantile is the q-quantile (0…1) of durations by the nearest rank; 0 for none.
func Quantile(d []time.Duration, q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	s := slices.Clone(d)
	slices.Sort(s)
	i := int(q*float64(len(s))+0.999999) - 1
	return s[max(0, min(i, len(s)-1))]
}

// WithinFive is the share (0…1) of durations of at most five minutes, the time
// the published standard promises; 0 for none.
func WithinFive(d []time.Duration) float64 {
	n := 0
	for _, x := range d {
		if x <= 5*time.Minute {
			n++
		}
	}
	if len(d) == 0 {
		return 0
	}
	return float64(n) / float64(len(d))
}

// Text writes the month for people, in paragraphs.
func (m Month) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "*Laporan PST %s %d*\n", months[m.From.Month()-1], m.From.Year())
	fmt.Fprintf(&b, "Pembaca baru: %d (profil lengkap %d, belum %d)\nKunjungan: %d (di tempat %d, daring %d)\n", m.NewReaders,
		m.Profiles, m.NewReaders-m.Profiles, m.Visits, m.OnSite, m.Visits-m.OnSite)
	fmt.Fprintf(&b, "Kutipan: %d (%s halaman)\nPencarian: %d", m.Excerpts, grouped(m.ExcerptPages), m.Searches)
	if len(m.ToDelivery) > 0 {
		fmt.Fprintf(&b, "\n\n*Waktu layanan* (buku tamu sampai kutipan diterima)\nMedian %s, p90 %s, paling lama 5 menit: %.0f%% dari %d kunjungan",
			minutes(Quantile(m.ToDelivery, 0.5)), minutes(Quantile(m.ToDelivery, 0.9)), 100*WithinFive(m.ToDelivery), len(m.ToDelivery))
	}
	if n := m.Ratings[1] + m.Ratings[2] + m.Ratings[3] + m.Ratings[4]; n > 0 {
		fmt.Fprintf(&b, "\n\n*Penilaian* (%d)\nSangat puas %d, puas %d, kurang puas %d, tidak puas %d", n, m.Ratings[4], m.Ratings[3], m.Ratings[2], m.Ratings[1])
	}
	fmt.Fprintf(&b, "\n\n*Pengaduan*\nMasuk %d, selesai %d, dijawab dalam 5 hari kerja %d", m.TicketsOpened, m.TicketsClosed, m.AnsweredInTime)
	counts(&b, "Tujuan", m.Purposes)
	counts(&b, "Pekerjaan", m.ReadersByWork)
	counts(&b, "Asal", m.ReadersByOrigin)
	if len(m.TopPublications) > 0 {
		b.WriteString("\n\n*Paling banyak dikutip*\n" + strings.Join(m.TopPublications[:min(5, len(m.TopPublications))], "\n"))
	}
	if len(m.NoHit) > 0 {
		b.WriteString("\n\n*Dicari tetapi tidak ada*\n" + strings.Join(m.NoHit[:min(10, len(m.NoHit))], "\n"))
	}
	return b.String()
}

func counts(b *strings.Builder, title string, n map[string]int) {
	if len(n) == 0 {
		return
	}
	keys := slices.Collect(maps.Keys(n))
	sort.Slice(keys, func(i, j int) bool {
		if n[keys[i]] != n[keys[j]] {
			return n[keys[i]] > n[keys[j]]
		}
		return keys[i] < keys[j]
	})
	fmt.Fprintf(b, "\n\n*%s*", title)
	for _, k := range keys {
		label := k
		if label == "" {
			label = "(tidak diisi)"
		}
		fmt.Fprintf(b, "\n%s: %d", label, n[k])
	}
}

func minutes(d time.Duration) string {
	d = d.Round(time.Second)
	return fmt.Sprintf("%d:%02d menit", int(d.Minutes()), int(d.Seconds())%60)
}
