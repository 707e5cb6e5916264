package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// A day of an office: a hundred people come over its hours, a new one every few minutes
// by the desk's clock, each from the greeting to the excerpt and the rating, every tenth
// with a complaint. The report of the day tells each of them once.
func TestADayOfAnOffice(t *testing.T) {
	t.Parallel()
	const people = 100
	r := newRunner(t)
	r.quick = true
	morning := time.Date(2026, 11, 23, 8, 0, 0, 0, r.clock.Location())
	begin := time.Now()
	turns := 0
	for i := range people {
		r.clock = morning.Add(time.Duration(i) * 7 * time.Hour / people)
		r.here = conversation.Address(fmt.Sprintf("terminal:orang%03d", i))
		lines := []string{"jumlah penduduk gantung 2023", "1", "Siti Aminah", "1", fmt.Sprintf("190601%02d0798%04d", 41+i%28,
			1+i),
			fmt.Sprintf("orang%03d@example.org", i), "{kode}", "1", "daring, 1", "1", "2", "10, 12-13", "1", "3"}
		if i%10 == 0 {
			lines = append(lines, "pengaduan", "1", "3", "Saya menunggu satu jam di ruang PST kemarin", "kirim", "1", "1")
		}
		turns += len(lines)
		r.play("> " + strings.Join(lines, "\n> ") + "\n")
	}
	took := time.Since(begin)
	told, err := r.db.Report(t.Context(), &r.office, conversation.Days(morning, morning))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]float64{"kunjungan": people, "pembaca_baru": people, "kutipan": people,
		"halaman_kutipan":  3 * people,
		"penilaian_jumlah": people, "pencarian": people, "pengaduan_masuk": people / 10, "bagian_dalam_5_menit": 1} {
		if got := told.Number(key); got.Closed || got.N != want {
			t.Errorf("%s: %+v, want %v", key, got, want)
		}
	}
	if hours := told.Period.To.Sub(told.Period.From); hours != 24*time.Hour {
		t.Errorf("the report is of %v", hours)
	}
	t.Logf("%d people, %d turns from %s to %s by the desk's clock in %v", people, turns, morning.Format("15.04"),
		r.clock.Format("15.04"),
		took.Round(time.Millisecond))
}
