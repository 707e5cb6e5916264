package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"pst/conversation"
)

// generated is a year of an office, written straight into the tables: visits at all
// hours of the day and ends of months, of readers who come once or often.
type generated struct {
	visits, readers, excerpts, searches int
	from                                time.Time
}

func (g generated) write(tb testing.TB, db *DB) {
	tb.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	purposes := conversation.DefaultOffice(wib).Lists.Purposes
	lists := conversation.DefaultOffice(wib).Lists
	seconds := int64(g.from.AddDate(1, 0, 0).Sub(g.from) / time.Second)
	moment := func() int64 { return ms(g.from) + r.Int64N(seconds)*1000 + r.Int64N(1000) }
	moments := func(n int) []int64 { // rows are written as things happen
		out := make([]int64, n)
		for i := range out {
			out[i] = moment()
		}
		slices.Sort(out)
		return out
	}
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	err := db.update(tb.Context(), func(t *tx) error {
		for i, at := range moments(g.readers) {
			id := int64(i + 1)
			p := conversation.Profile{BirthYear: 1950 + r.IntN(60)}
			if r.IntN(4) > 0 {
				p.Gender, p.Education, p.Occupation, p.Origin = pick(lists.Genders), pick(lists.Educations),
					pick(lists.Occupations), pick(lists.Origins)
			}
			data, err := db.seal.sealJSON("reader", strconv.FormatInt(id, 10), conversation.Reader{ID: id, Name: "Siti",
				Profile:   p,
				ConsentAt: time.UnixMilli(at - 60000), CreatedAt: time.UnixMilli(at)})
			if err != nil {
				return err
			}
			if _, err := t.exec(`INSERT INTO readers (id, number, email_hash, person, created_at, data) VALUES (?, ?, ?, ?, ?, ?)`,
				id, fmt.Sprintf("BT-%06d", id), fmt.Sprint("h", id), id, at, data); err != nil {
				return err
			}
		}
		for i, opened := range moments(g.visits) {
			first, delivered, asked, arrived := int64(0), int64(0), int64(0), int64(0)
			if r.IntN(5) > 0 {
				first = opened + r.Int64N(60000)
			}
			if r.IntN(3) > 0 {
				asked = opened + r.Int64N(300000)
				delivered = asked + r.Int64N(60000)
				if r.IntN(2) > 0 {
					arrived = delivered + r.Int64N(90000)
				}
			}
			if _, err := t.exec(`INSERT INTO visits (id, reader, mode, purpose, opened, first_result, delivered, channel, again, asked, arrived)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, fmt.Sprint("v", i), 1+r.IntN(g.readers), pick([]string{conversation.OnSite, conversation.Online}),
				pick(purposes), opened, first, delivered, pick([]string{"whatsapp", "telegram"}), r.IntN(2), asked,
				arrived); err != nil {
				return err
			}
			if i%3 == 0 {
				if _, err := t.exec(`INSERT INTO ratings (visit, reader, score, rated) VALUES (?, ?, ?, ?)`, fmt.Sprint("v", i),
					1+r.IntN(g.readers),
					1+r.IntN(4), opened); err != nil {
					return err
				}
			}
		}
		for i, at := range moments(g.excerpts) {
			if _, err := t.exec(`INSERT INTO excerpts (code, reader, visit, publication, pages, page_count, requested, delivered) VALUES (?, ?, ?, ?, '1', ?, ?, ?)`,
				fmt.Sprint("e", i), 1+r.IntN(g.readers), fmt.Sprint("v", i), fmt.Sprint("p", r.IntN(300)), 1+r.IntN(20), at,
				at); err != nil {
				return err
			}
		}
		for i := range g.searches {
			if _, err := t.exec(`INSERT INTO searches (id, query, hits, chosen, searched, voice) VALUES (?, ?, ?, '', ?, ?)`,
				fmt.Sprint("s", i), fmt.Sprint("kata ", r.IntN(500)), r.IntN(3), moment(),
				[]byte(fmt.Sprint(r.IntN(2000)))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

var wib = time.FixedZone("WIB", 7*3600)

// Of a year of 4,000 visits every total is the number of rows, every table adds up to
// its total, the months add up to the year, and each day's visits are those that the
// office's clock shows on it.
func TestTheYearIsWhatTheRowsSay(t *testing.T) {
	d := openDesk(t)
	year := time.Date(2026, 1, 1, 0, 0, 0, 0, wib)
	generated{visits: 4000, readers: 600, excerpts: 1800, searches: 3000, from: year}.write(t, d.DB)
	got := figuresOf(t, d, conversation.Months(year, 12))
	raw := func(query string) float64 { return float64(d.count(query)) }
	for key, want := range map[string]float64{
		"kunjungan": raw(`SELECT count(*) FROM visits`), "pembaca_dilayani": raw(`SELECT count(DISTINCT reader) FROM visits`),
		"pembaca_baru": raw(`SELECT count(*) FROM readers`), "kutipan": raw(`SELECT count(*) FROM excerpts`),
		"halaman_kutipan": raw(`SELECT sum(page_count) FROM excerpts`), "pencarian": raw(`SELECT count(*) FROM searches`),
		"pencarian_tanpa_hasil":               raw(`SELECT count(*) FROM searches WHERE hits = 0`),
		"penilaian_jumlah":                    raw(`SELECT count(*) FROM ratings`),
		"penilaian.sangat_puas":               raw(`SELECT count(*) FROM ratings WHERE score = 4`),
		"kunjungan_menurut_mode.di_tempat":    raw(`SELECT count(*) FROM visits WHERE mode = 'di tempat'`),
		"kunjungan_menurut_kanal.telegram":    raw(`SELECT count(*) FROM visits WHERE channel = 'telegram'`),
		"kunjungan_menurut_pembaca.kembali":   raw(`SELECT count(*) FROM visits WHERE again`),
		"kunjungan_menurut_tujuan.penelitian": raw(`SELECT count(*) FROM visits WHERE purpose = 'Penelitian'`),
	} {
		if got[key] != want || want == 0 {
			t.Errorf("%s: %v, of %v rows", key, got[key], want)
		}
	}
	late := raw(`SELECT count(*) FROM visits WHERE delivered > 0 AND max(delivered, arrived) - opened > 300000`)
	within := got["bagian_dalam_5_menit"] * raw(`SELECT count(*) FROM visits WHERE delivered > 0`)
	if n := raw(`SELECT count(*) FROM visits WHERE delivered > 0`) - late; within < n-0.5 || within > n+0.5 {
		t.Errorf("%v within five minutes, of %v rows", within, n)
	}
	months, sums := 0.0, map[string]float64{}
	for m := range 12 {
		p := conversation.Months(year.AddDate(0, m, 0), 1)
		figures := figuresOf(t, d, p)
		months += figures["kunjungan"]
		for _, s := range p.Cuts()[0] {
			sums["kunjungan_menurut_waktu"] += figures["kunjungan_menurut_waktu."+s.Key]
			n := d.count(`SELECT count(*) FROM visits WHERE date(opened / 1000 + 25200, 'unixepoch') = '` + s.Key + `'`)
			if figures["kunjungan_menurut_waktu."+s.Key] != float64(n) {
				t.Errorf("on %s there are %v visits, of %d rows", s.Key, figures["kunjungan_menurut_waktu."+s.Key], n)
			}
		}
	}
	if months != got["kunjungan"] || sums["kunjungan_menurut_waktu"] != got["kunjungan"] {
		t.Errorf("the months add up to %v, the days to %v, the year is %v", months, sums, got["kunjungan"])
	}
	r, err := d.Report(t.Context(), officeInTests(), conversation.Months(year, 12))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ begin, total string }{{"kunjungan_menurut_", "kunjungan"},
		{"pembaca_menurut_", "pembaca_baru"}, {"penilaian", "penilaian_jumlah"}} {
		for _, s := range r.Sections {
			for _, tab := range s.Tables {
				if sum := addedUp(tab); len(tab.Key) >= len(c.begin) && tab.Key[:len(c.begin)] == c.begin && sum != got[c.total] {
					t.Errorf("%s adds up to %v, %s is %v", tab.Key, sum, c.total, got[c.total])
				}
			}
		}
	}
}

func addedUp(tab conversation.Table) float64 {
	sum := 0.0
	for _, r := range tab.Rows {
		sum += r.Values[0].N
	}
	return sum
}

// 23.30 UTC of the last day is the first day of the year after; the first of January
// begins at 17.00 UTC.
func TestDaysAreThoseOfTheOffice(t *testing.T) {
	d := openDesk(t)
	r := d.joins(ani, "ani")
	for i, opened := range []time.Time{time.Date(2026, 12, 31, 16, 59, 59, 0, time.UTC), time.Date(2026, 12, 31, 17, 0, 0,
		0, time.UTC),
		time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC), time.Date(2027, 12, 31, 23, 30, 0, 0, time.UTC)} {
		d.does(ani, conversation.SaveVisit{Visit: conversation.Visit{ID: fmt.Sprint(i), Reader: r, Chat: ani,
			Mode: conversation.Online, OpenedAt: opened}})
	}
	for day, want := range map[string]float64{"2026-12-31": 1, "2027-01-01": 2, "2027-12-31": 0, "2028-01-01": 1} {
		at, err := time.ParseInLocation(time.DateOnly, day, wib)
		if err != nil {
			t.Fatal(err)
		}
		if got := figuresOf(t, d, conversation.Days(at, at))["kunjungan"]; got != want {
			t.Errorf("on %s there are %v visits, want %v", day, got, want)
		}
	}
	for year, want := range map[int]float64{2026: 1, 2027: 2, 2028: 1} {
		if got := figuresOf(t, d, conversation.Months(time.Date(year, 1, 1, 0, 0, 0, 0, wib), 12))["kunjungan"]; got != want {
			t.Errorf("in %d there are %v visits, want %v", year, got, want)
		}
	}
}

// In a small office no number but a total is of one or two people, whatever they did;
// and none can be worked out from a total and what is told beside it.
func TestASmallOfficeTellsOfNobody(t *testing.T) {
	for seed := range 12 {
		d := openDesk(t)
		g := generated{visits: 1 + seed, readers: 1 + seed/2, excerpts: 1 + seed, searches: 1 + 2*seed,
			from: time.Date(2026, 1, 1, 0, 0, 0, 0, wib)}
		g.write(t, d.DB)
		d.does(ani, conversation.RecordSurvey{Survey: conversation.Survey{Month: "2026-02", Answers: [9]int{1, 2, 3, 4, 1, 2,
			3, 4, 1},
			Who: map[string]string{"gender": "Perempuan"}}},
			conversation.OpenTicket{Ticket: conversation.Ticket{ID: "ADU-260102-A11", Kind: "ADU", Category: "Saran",
				Text: "kursi", Chat: ani, State: "BARU",
				OpenedAt: g.from.AddDate(0, 0, 1)}},
			conversation.Tally{Day: "2026-02-01", What: "door dtsen"}, conversation.Tally{Day: "2026-02-01",
				What: "missed library"})
		r, err := d.Report(t.Context(), officeInTests(), conversation.Months(g.from, 12))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range r.Sections {
			for _, tab := range s.Tables {
				tellsOfNobody(t, seed, tab)
			}
		}
	}
}

func tellsOfNobody(t *testing.T, seed int, tab conversation.Table) {
	t.Helper()
	closed, rows := 0, 0
	for _, row := range tab.Rows {
		for i, v := range row.Values {
			if u := tab.Columns[i].Unit; u == conversation.Counted && v.Known && (v.N == 1 || v.N == 2) {
				t.Errorf("office %d: %s tells %v of %s", seed, tab.Key, v.N, row.Label)
			}
		}
		if len(row.Values) > 0 {
			rows++
			if row.Values[0].Closed {
				closed++
			}
		}
	}
	if closed == 1 && tab.Key != "waktu_jawaban" {
		t.Errorf("office %d: what is closed of %s can be worked out", seed, tab.Key)
	}
}

// 1,000,000 visits of 100,000 readers are told in less than ten seconds.
func BenchmarkReport(b *testing.B) {
	db := openDesk(b).DB
	year := time.Date(2026, 1, 1, 0, 0, 0, 0, wib)
	generated{visits: 1_000_000, readers: 100_000, excerpts: 600_000, searches: 300_000, from: year}.write(b, db)
	o := conversation.DefaultOffice(wib)
	for b.Loop() {
		if _, err := db.Report(context.Background(), &o, conversation.Months(year, 12)); err != nil {
			b.Fatal(err)
		}
	}
}
