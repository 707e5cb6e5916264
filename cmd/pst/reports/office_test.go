package reports

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pst/conversation"
	"pst/store"
)

var wib = time.FixedZone("WIB", 7*3600)

// office is an office whose reports are written in tests.
type office struct {
	t     *testing.T
	db    *store.DB
	house conversation.Office
	n     int
}

func openOffice(t *testing.T) *office {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "pst.db"),
		store.Options{Secret: []byte(strings.Repeat("k", 32)),
			Now: func() time.Time { return time.Date(2026, 12, 20, 9, 0, 0, 0, wib) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	o := &office{t: t, db: db, house: conversation.DefaultOffice(wib)}
	for i, title := range titles {
		p := conversation.Publication{ID: fmt.Sprint("p", i), Office: "1906", Title: title, File: fmt.Sprint(i, ".pdf"),
			SHA256: "x", Pages: 400}
		if _, err := db.SavePublication(t.Context(), p, nil); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// titles are as long, and as wide, as those of publications are.
var titles = []string{"Kabupaten Belitung Timur Dalam Angka 2026", "Kecamatan Gantung Dalam Angka 2026",
	"INDIKATOR KESEJAHTERAAN RAKYAT KABUPATEN BELITUNG TIMUR MENURUT KECAMATAN DAN JENIS KELAMIN KEPALA RUMAH TANGGA 2025",
	"Produk Domestik Regional Bruto Kabupaten Belitung Timur Menurut Lapangan Usaha 2021-2025",
	"Statistik <Daerah> & \"Kependudukan\""}

// does takes one turn of a chat with these effects.
func (o *office) does(chat conversation.Address, effects ...conversation.Effect) {
	o.t.Helper()
	o.n++
	m := conversation.Message{ID: fmt.Sprint("m", o.n), From: chat, Kind: conversation.Text, Text: "halo"}
	if err := o.db.Put(o.t.Context(), m); err != nil {
		o.t.Fatal(err)
	}
	s, err := o.db.Session(o.t.Context(), chat)
	if err != nil {
		o.t.Fatal(err)
	}
	s.State = "menu"
	if err := o.db.Commit(o.t.Context(), conversation.Turn{Message: m, Session: s, Effects: effects}); err != nil {
		o.t.Fatal(err)
	}
}

// lives lets so many people use the desk, each twice in every month from a day on, with
// all that the report counts.
func (o *office) lives(people int, from time.Time, months int) {
	o.t.Helper()
	l := o.house.Lists
	for i := range people {
		scheme := []string{"whatsapp:62812000%04d@s.whatsapp.net", "telegram:7%04d"}[i%2]
		chat := conversation.Address(fmt.Sprintf(scheme, i))
		id := int64(i + 1)
		at := from.Add(time.Duration(i) * 7 * time.Hour)
		effects := []conversation.Effect{conversation.CreateReader{Chat: chat, Reader: conversation.Reader{ID: id,
			Number: fmt.Sprintf("BT-%05d", id),
			Name:   "Siti Aminah", EmailHash: fmt.Sprint("e", i), ConsentAt: at.Add(-3 * time.Minute), CreatedAt: at,
			Profile: conversation.Profile{Gender: l.Genders[i%2], BirthYear: 1960 + i,
				Education:  l.Educations[i%len(l.Educations)],
				Occupation: l.Occupations[i%len(l.Occupations)], Origin: l.Origins[i%3]}}}}
		for m := range 2 * months {
			effects = append(effects, o.visit(chat, id, i, m, at.AddDate(0, m/2, (i+m%2*11)%27))...)
		}
		o.does(chat, effects...)
	}
}

// visit is one visit with what came of it.
func (o *office) visit(chat conversation.Address, reader int64, i, m int, at time.Time) []conversation.Effect {
	id := fmt.Sprintf("v%d-%d", i, m)
	took := time.Duration(1+(i+m)%7) * time.Minute
	v := conversation.Visit{ID: id, Reader: reader, Chat: chat, Mode: []string{conversation.OnSite,
		conversation.Online}[i%2],
		Purpose: o.house.Lists.Purposes[i%len(o.house.Lists.Purposes)], OpenedAt: at, FirstResultAt: at.Add(20 * time.Second),
		DeliveredAt: at.Add(took), Excerpt: "E" + id}
	score := 4 - (i+m)%4
	day := at.In(wib).Format(time.DateOnly)
	out := []conversation.Effect{
		conversation.ReserveExcerpt{Excerpt: conversation.Excerpt{Code: "E" + id, Reader: reader, Chat: chat, Visit: id,
			Publication: fmt.Sprint("p", i%len(titles)),
			Pages:       conversation.NewPageSet(m+1, m+2), Mark: conversation.Mark{Lines: []string{"x"}},
			RequestedAt: at.Add(took - 20*time.Second)}},
		conversation.SettleExcerpt{Code: "E" + id, Delivered: true, At: v.DeliveredAt}, conversation.SaveVisit{Visit: v},
		conversation.RecordRating{Rating: conversation.Rating{Visit: id, Reader: reader, Score: score, At: v.DeliveredAt,
			Comment: map[bool]string{true: fmt.Sprintf("Siti menunggu %d menit; AntreannyaPanjangSekali%s", i,
				strings.Repeat("x", 80))}[score == 1]}},
		conversation.RecordSearch{Search: conversation.SearchLog{ID: "s" + id, Query: []string{"penduduk", "harga lada"}[m%2],
			Hits: 1 - m%2, At: at}},
		conversation.Tally{Day: day, What: "door dtsen"}, conversation.Tally{Day: day, What: "missed library"},
		conversation.Tally{Day: day, What: "cap"},
		conversation.RecordSurvey{Survey: conversation.Survey{Month: at.In(wib).Format("2006-01"),
			Answers: [9]int{4, 3, 4, 3, 4, 3, 4, 3, 1 + i%4},
			Who:     map[string]string{"gender": o.house.Lists.Genders[i%2], "age": conversation.AgeGroup(20 + i)}}},
	}
	if i%4 == 0 && m%2 == 0 {
		k := conversation.Ticket{ID: fmt.Sprintf("ADU-%s-%03d", at.Format("060102"), i), Kind: conversation.KindComplaint,
			Category: o.house.Lists.Categories[i%3],
			Text:     "kursi kurang", Identity: conversation.Named, Chat: chat, Reader: reader, State: conversation.StateDone,
			OpenedAt:   at,
			AnsweredAt: at.Add(time.Duration(i) * 9 * time.Hour), ClosedAt: at.Add(time.Duration(i) * 10 * time.Hour)}
		out = append(out, conversation.OpenTicket{Ticket: k})
		k.Kind, k.ID = conversation.KindHandoff, "TNY"+k.ID[3:]
		out = append(out, conversation.OpenTicket{Ticket: k})
	}
	return out
}

func (o *office) report(p conversation.Period) conversation.Report {
	o.t.Helper()
	r, err := o.db.Report(o.t.Context(), &o.house, p)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// november is the month of the tests.
var november = time.Date(2026, 11, 1, 8, 0, 0, 0, wib)

// cases are the four offices whose reports are looked at.
func cases(t *testing.T) map[string]conversation.Report {
	full := openOffice(t)
	full.lives(24, november, 1)
	one := openOffice(t)
	one.does("telegram:1", conversation.CreateReader{Chat: "telegram:1", Reader: conversation.Reader{ID: 1,
		Number: "BT-00001", EmailHash: "e", CreatedAt: november}},
		conversation.SaveVisit{Visit: conversation.Visit{ID: "v", Reader: 1, Chat: "telegram:1", Mode: conversation.Online,
			Purpose: "Penelitian", OpenedAt: november}})
	year := openOffice(t)
	year.lives(24, time.Date(2026, 1, 2, 8, 0, 0, 0, wib), 11)
	return map[string]conversation.Report{"full month": full.report(conversation.Months(november, 1)),
		"empty month": one.report(conversation.Months(november.AddDate(0, -1, 0), 1)),
		"one visit":   one.report(conversation.Months(november, 1)),
		"year":        year.report(conversation.Months(november.AddDate(0, -10, 0), 12))}
}
