package store

import (
	"fmt"
	"testing"
	"time"

	"pst/conversation"
)

// sumOffice is an office with so many visits by people of their own, each with a
// rating; the last few of them are of the other kind.
func sumOffice(t *testing.T, name string, zone *time.Location, people, other int, scores ...int) Place {
	t.Helper()
	d := openDesk(t)
	o := conversation.DefaultOffice(zone)
	o.Name, o.Code = name, name[:4]
	d.book("p", 100)
	month := conversation.Months(time.Date(2026, 11, 15, 0, 0, 0, 0, zone), 1)
	at := month.From // the first moment of the month by the office's clock
	for i := range people {
		chat := conversation.Address(fmt.Sprintf("telegram:%d", 1000+i))
		who := fmt.Sprint(name, i)
		r := d.joins(chat, who)
		mode := conversation.Online
		if i >= people-other {
			mode = conversation.OnSite
		}
		d.does(chat, conversation.SaveVisit{Visit: conversation.Visit{ID: who, Reader: r, Mode: mode, Purpose: "Penelitian",
			OpenedAt:      at,
			FirstResultAt: at.Add(time.Minute), DeliveredAt: at.Add(time.Duration(i+1) * time.Minute)}},
			conversation.RecordRating{Rating: conversation.Rating{Visit: who, Reader: r, Score: scores[i%len(scores)], At: at}},
			conversation.RecordSearch{Search: conversation.SearchLog{ID: who, Query: "lada", At: at}})
		code := fmt.Sprint("C", i)
		d.does(chat, d.excerpt(code, r, "p", 1+i), conversation.SettleExcerpt{Code: code, Delivered: true, At: at})
	}
	return Place{DB: d.DB, Office: &o, Period: month}
}

func reportOf(t *testing.T, places ...Place) conversation.Report {
	t.Helper()
	r, err := Report(t.Context(), places...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The sum of offices counts all of each office's month by its own clock, and works
// medians and shares out of all there is.
func TestTheSumOfOffices(t *testing.T) {
	a := sumOffice(t, "1906 Belitung Timur", time.FixedZone("WIB", 7*3600), 9, 4, 4, 3)
	b := sumOffice(t, "8101 Maluku Tenggara", time.FixedZone("WIT", 9*3600), 7, 3, 4)
	sum, one, two := reportOf(t, a, b), reportOf(t, a), reportOf(t, b)
	for _, s := range one.Sections {
		for _, n := range s.Numbers {
			if n.Unit != conversation.Counted || n.Key == "publikasi_dikutip" {
				continue
			}
			if got, want := sum.Number(n.Key), n.Value.N+two.Number(n.Key).N; got.Closed || got.N != want {
				t.Errorf("%s: %+v, want %v", n.Key, got, want)
			}
		}
	}
	for key, want := range map[string]float64{"kunjungan": 16, "pembaca_dilayani": 16, "publikasi_dikutip": 1,
		"bagian_dalam_5_menit": 10.0 / 16, "median_detik": 4 * 60, "p90_detik": 8 * 60} {
		if got := sum.Number(key); got.Closed || got.N != want {
			t.Errorf("%s: %+v, want %v", key, got, want)
		}
	}
	for table, rows := range map[string]map[string]float64{
		"kunjungan_menurut_mode": {"di_tempat": 7, "daring": 9}, "penilaian": {"sangat_puas": 12, "puas": 4},
		"kunjungan_menurut_waktu": {"2026-11-01": 16}, "paling_dicari": {}, "tanpa_hasil": {"lada": 16},
		"paling_dikutip": {"buku_p": 16}} {
		for row, want := range rows {
			if got := sum.Table(table).At(row); got.Closed || got.N != want {
				t.Errorf("%s %s: %+v, want %v", table, row, got, want)
			}
		}
	}
	if sum.Office != "Gabungan 2 kantor" || sum.Code != "1906+8101" || len(sum.Sections[0].Notes) == 0 {
		t.Errorf("it is of %q %q %q", sum.Office, sum.Code, sum.Sections[0].Notes)
	}
}

// What an office closes cannot be had by taking the other's report from the sum.
func TestTheSumOfOfficesOpensNothing(t *testing.T) {
	wib := time.FixedZone("WIB", 7*3600)
	a := sumOffice(t, "1906 Belitung Timur", wib, 9, 2, 4) // two of nine at the counter
	b := sumOffice(t, "1902 Belitung", wib, 20, 9, 4)
	one, sum := reportOf(t, a), reportOf(t, a, b)
	if !one.Table("kunjungan_menurut_mode").Closed && !one.Table("kunjungan_menurut_mode").At("di_tempat").Closed {
		t.Fatal("the office tells of two people")
	}
	if got := sum.Table("kunjungan_menurut_mode"); !got.Closed && (!got.At("di_tempat").Closed ||
		!got.At("daring").Closed) {
		t.Errorf("the sum tells %+v", got.Rows)
	}
	// Two offices that close the same can be told together.
	c := sumOffice(t, "1903 Bangka", wib, 8, 2, 4)
	if got := reportOf(t, a, b, c).Table("kunjungan_menurut_mode"); got.Closed || got.At("di_tempat").N != 13 ||
		got.At("daring").N != 24 {
		t.Errorf("the sum of three tells %+v", got)
	}
	// An office of one or two: no share, no word, no comment of it.
	few := sumOffice(t, "1904 Bangka Barat", wib, 2, 0, 1)
	got := reportOf(t, b, few)
	for _, key := range []string{"bagian_dalam_5_menit", "median_detik"} {
		if !got.Number(key).Closed {
			t.Errorf("%s is told: %+v", key, got.Number(key))
		}
	}
	if n := got.Table("tanpa_hasil").At("lada"); n.N != 20 {
		t.Errorf("the word of two people is counted: %+v", n)
	}
	if got.Number("kunjungan").N != 22 {
		t.Errorf("visits: %+v", got.Number("kunjungan"))
	}
}
