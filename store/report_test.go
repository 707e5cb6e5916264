package store

import (
	"fmt"
	"testing"
	"time"

	"pst/conversation"
)

func TestTheFiguresOfAMonth(t *testing.T) {
	d := openDesk(t)
	wib := time.FixedZone("WIB", 7*3600)
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, wib)
	to := from.AddDate(0, 1, 0)
	d.book("p", 100)
	r := d.joins(ani, "ani")
	visit := func(id string, opened time.Time, first, delivered time.Duration, mode string) conversation.SaveVisit {
		v := conversation.Visit{ID: id, Reader: r, Mode: mode, Purpose: "penelitian", OpenedAt: opened}
		if first > 0 {
			v.FirstResultAt = opened.Add(first)
		}
		if delivered > 0 {
			v.DeliveredAt = opened.Add(delivered)
		}
		return conversation.SaveVisit{Visit: v}
	}
	// 2026-11-05 is a Thursday.
	thursday := time.Date(2026, 11, 5, 9, 0, 0, 0, wib)
	ticket := func(id, state string, opened, answered, closed time.Time) conversation.OpenTicket {
		return conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", Text: "antre lama", ID: id,
			Kind: id[:3], State: state, OpenedAt: opened, AnsweredAt: answered, ClosedAt: closed}}
	}
	reserve := d.excerpt("A", r, "p", 1, 2, 3)
	d.does(ani,
		visit("before", from.Add(-time.Second), 1, 1, conversation.Online),
		visit("first", from, time.Minute, 2*time.Minute, conversation.OnSite),
		visit("open", thursday, 0, 0, conversation.Online),
		visit("after", to, 0, 0, conversation.Online),
		reserve, conversation.SettleExcerpt{Code: "A", Delivered: true, At: thursday},
		d.excerpt("B", r, "p", 4), conversation.SettleExcerpt{Code: "B", At: thursday},
		conversation.RecordRating{Rating: conversation.Rating{Visit: "first", Reader: r, Score: 4, At: thursday}},
		conversation.RecordRating{Rating: conversation.Rating{Visit: "first", Reader: r, Score: 1, At: thursday}}, // ignored
		conversation.RecordRating{Rating: conversation.Rating{Visit: "open", Reader: r, Score: 1, At: thursday}},
		conversation.RecordRating{Rating: conversation.Rating{Visit: "open", Reader: r, Score: 3, Mends: true, At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "1", Query: "kopi", At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "2", Query: "lada", At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "3", Query: "lada", At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "4", Query: "penduduk", Hits: 3, At: thursday}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "4", Query: "penduduk", Hits: 3, Chosen: "p",
			At: thursday}},
		ticket("ADU-261105-AAA", conversation.StateDone, thursday, thursday.AddDate(0, 0, 8), to.Add(-time.Hour)),
		// the fifth working day, past a holiday
		ticket("ADU-261105-BBB", conversation.StateWorking, thursday, thursday.AddDate(0, 0, 11),
			time.Time{}), // the sixth
		ticket("ADU-261030-CCC", conversation.StateDone, from.AddDate(0, 0, -2), from, thursday),
		ticket("TNY-261105-DDD", conversation.StateNew, thursday, time.Time{}, time.Time{}),
	)
	for i, words := range []string{"lada", "lada", "lada", "lada", "kopi", "kopi", "kopi"} { // by different people
		d.does(conversation.Address(fmt.Sprintf("telegram:%d", 100+i)),
			conversation.RecordSearch{Search: conversation.SearchLog{ID: fmt.Sprint("other", i), Query: words, At: thursday}})
	}
	for i := range 3 { // by one
		d.does(ani, conversation.RecordSearch{Search: conversation.SearchLog{ID: fmt.Sprint("ani", i), Query: "mawar 7",
			At: thursday}})
	}
	got := figuresOf(t, d, conversation.Months(from, 1))
	for key, want := range map[string]float64{
		"pembaca_baru": 1, "kunjungan": 2, "pembaca_dilayani": 1, "kutipan": 1, "halaman_kutipan": 3, "publikasi_dikutip": 1,
		"pencarian": 14, "pencarian_tanpa_hasil": 13, "penilaian_jumlah": 2, "pengaduan_masuk": 2, "pengaduan_selesai": 2,
		"serah_petugas": 1,
	} {
		if got[key] != want {
			t.Errorf("%s: %v, want %v", key, got[key], want)
		}
	}
	r2, err := d.Report(t.Context(), officeInTests(), conversation.Months(from, 1))
	if err != nil {
		t.Fatal(err)
	}
	told := ""
	for _, row := range r2.Table("tanpa_hasil").Rows {
		told += row.Label + " "
	}
	if told != "lada kopi " {
		t.Errorf("nothing found for %q", told)
	}
	for _, key := range []string{"median_detik", "bagian_dalam_5_menit", "median_detik_hasil_pertama"} { // of one person
		if v := r2.Number(key); !v.Closed {
			t.Errorf("%s is told: %v", key, v)
		}
	}
	for _, key := range []string{"kunjungan_menurut_mode", "pembaca_menurut_asal", "penilaian", "pengaduan_ketepatan"} {
		if tab := r2.Table(key); !tab.Closed || len(tab.Rows) > 0 {
			t.Errorf("%s is told: %v", key, tab.Rows)
		}
	}
	if len(r2.Table("paling_dikutip").Rows) > 0 {
		t.Error("a book that one reader took is named")
	}
}

// figuresOf are all numbers of a report, and of its tables by "table.row".
func figuresOf(t *testing.T, d *desk, p conversation.Period) map[string]float64 {
	t.Helper()
	r, err := d.Report(t.Context(), officeInTests(), p)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, s := range r.Sections {
		for _, n := range s.Numbers {
			out[n.Key] = n.Value.N
		}
		for _, tab := range s.Tables {
			for _, row := range tab.Rows {
				if len(row.Values) > 0 && !row.Values[0].Closed {
					out[tab.Key+"."+row.Key] = row.Values[0].N
				}
			}
		}
	}
	return out
}

// officeInTests works on weekdays, but not on 10 November 2026.
func officeInTests() *conversation.Office {
	o := conversation.DefaultOffice(time.FixedZone("WIB", 7*3600))
	o.Holidays = []string{"2026-11-10"}
	return &o
}

// A low rating is kept at once and its comment when it comes; neither replaces
// what is there.
func TestACommentJoinsItsRating(t *testing.T) {
	d := openDesk(t)
	r := d.joins(ani, "ani")
	for _, rating := range []conversation.Rating{
		{Visit: "v", Reader: r, Score: 2}, {Visit: "v", Reader: r, Score: 2, Comment: "lama sekali"}, {Visit: "v",
			Reader: r, Score: 4, Comment: "lain"},
	} {
		d.does(ani, conversation.RecordRating{Rating: rating})
	}
	var score int
	var comment []byte
	if err := d.one(t.Context(), `SELECT score, comment FROM ratings WHERE visit = 'v'`, nil, &score,
		&comment); err != nil {
		t.Fatal(err)
	}
	plain, err := d.seal.open("comment", "v", comment)
	if err != nil || score != 2 || string(plain) != "lama sekali" {
		t.Errorf("score %d, comment %q, %v", score, plain, err)
	}
}

// Of readers who were erased every breakdown of the new ones still adds up, by what is
// known of them.
func TestErasedReadersStillCount(t *testing.T) {
	d := openDesk(t)
	for i := range 6 {
		chat := conversation.Address(fmt.Sprintf("telegram:%d", 10+i))
		id := d.joins(chat, fmt.Sprint("r", i))
		r, err := d.Reader(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		r.Profile.BirthYear = 1990
		d.does(chat, conversation.UpdateReader{Reader: r})
		if i < 3 {
			d.does("telegram:9", conversation.EraseReader{Reader: id, Until: d.clock.Now().AddDate(1, 0, 0)})
		}
	}
	got := figuresOf(t, d, conversation.Months(d.clock.Now().In(wib), 1))
	for key, want := range map[string]float64{"pembaca_baru": 6, "pembaca_menurut_profil.lengkap": 6,
		"pembaca_menurut_umur.31_40_tahun":        6,
		"pembaca_menurut_jenis_kelamin.perempuan": 6, "pembaca_menurut_asal.belitung_timur": 6,
		"pembaca_menurut_pendidikan.s1": 6} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
}
