package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pst/conversation"
)

// The figures of the report: each stands here once, with its key, its name for people,
// the query that it is counted from and the chart that shows it. Keys are stable.

// chapters are the parts of the report, in their order.
var chapters = []struct {
	key, name string
	gather    func(*gathering, *conversation.Section) error
}{
	{"kunjungan", "Kunjungan", (*gathering).visits},
	{"pembaca", "Profil pembaca baru", (*gathering).readers},
	{"kutipan", "Publikasi dan kutipan", (*gathering).excerpts},
	{"pencarian", "Pencarian", (*gathering).searches},
	{"angka", "Pertanyaan angka", (*gathering).datums},
	{"waktu", "Waktu layanan", (*gathering).clock},
	{"penilaian", "Penilaian", (*gathering).ratings},
	{"skm", "Survei Kepuasan Masyarakat (SKM)", (*gathering).survey},
	{"pengaduan", "Pengaduan", (*gathering).complaints},
	{"petugas", "Jawaban petugas", (*gathering).staff},
	{"luput", "Yang tidak terlayani", (*gathering).missed},
}

var (
	modes    = []value{{conversation.OnSite, "di_tempat", "Di tempat"}, {conversation.Online, "daring", "Daring"}}
	channels = []value{{"whatsapp", "whatsapp", "WhatsApp"}, {"telegram", "telegram", "Telegram"}}
)

// visit is a row of visitQuery.
type visit struct {
	at                                                 *place
	reader                                             int64 // 0: erased
	mode, purpose, channel                             string
	again, held                                        bool
	opened, first, asked, delivered, arrived, waitedMS int64
}

const visitQuery = `SELECT coalesce(reader, 0), mode, purpose, channel, again, held, opened, first_result, asked, delivered, arrived, waited
	FROM visits WHERE opened >= ? AND opened < ?`

func (g *gathering) eachVisit(take func(visit)) error {
	return g.each(visitQuery, nil, func(p *place, row scanner) error {
		v := visit{at: p}
		err := row.Scan(&v.reader, &v.mode, &v.purpose, &v.channel, &v.again, &v.held, &v.opened, &v.first, &v.asked,
			&v.delivered,
			&v.arrived, &v.waitedMS)
		if err == nil {
			take(v)
		}
		return err
	})
}

func (g *gathering) visits(s *conversation.Section) error {
	const none = "Belum ada kunjungan pada periode ini."
	byTime := part[visit]{key: "kunjungan_menurut_waktu", name: "Kunjungan menurut waktu", head: "Mulai tanggal",
		empty: none, chart: conversation.Columns}
	times := tally(g, inTime(g, byTime, func(v visit) (*place, int64) { return v.at, v.opened })...)
	parts := tally(g,
		part[visit]{"kunjungan_menurut_kanal", "Kunjungan menurut kanal", "Kanal", none, conversation.Bars, channels,
			func(v visit) string { return v.channel }},
		part[visit]{"kunjungan_menurut_mode", "Kunjungan menurut cara", "Cara", none, conversation.Bars, modes,
			func(v visit) string { return v.mode }},
		part[visit]{"kunjungan_menurut_pembaca", "Kunjungan pembaca baru dan lama", "Pembaca", none, conversation.Bars,
			[]value{{"false", "baru", "Pertama kali"}, {"true", "kembali", "Pernah berkunjung"}},
			func(v visit) string { return strconv.FormatBool(v.again) }},
		part[visit]{"kunjungan_menurut_tujuan", "Kunjungan menurut tujuan", "Tujuan", none, conversation.Bars,
			g.lists(func(l conversation.Lists) []string { return l.Purposes }), func(v visit) string { return v.purpose }},
	)
	n, served := 0, map[int64]struct{}{}
	g.times = g.timing()
	err := g.eachVisit(func(v visit) {
		n++
		who := v.at.person(v.reader)
		if v.reader != 0 {
			served[who] = struct{}{}
		}
		count(times, v, v.at, who)
		count(parts, v, v.at, who)
		g.times.add(v)
	})
	s.Numbers = append(s.Numbers,
		conversation.Number{Key: "kunjungan", Name: "Kunjungan", Unit: conversation.Counted, Value: conversation.Num(n)},
		conversation.Number{Key: "pembaca_dilayani", Name: "Pembaca yang dilayani", Unit: conversation.Counted,
			Value: conversation.Num(len(served))})
	s.Tables = append(s.Tables, finest(times))
	tables(s, parts)
	return err
}

// profile is what the report counts a reader by; age is of the year of registration.
type profile struct {
	conversation.Profile
	age string
}

const (
	readerQuery = `SELECT id, data FROM readers WHERE created_at >= ? AND created_at < ?`
	// Of former readers the month alone is known: they count where its middle does.
	pastQuery = `SELECT field, value, sum(count) FROM past_counts WHERE month >= ? AND month < ? GROUP BY field, value`
)

func (g *gathering) readers(s *conversation.Section) error {
	of := func(key, name string, list []value, of func(profile) string) part[profile] {
		return part[profile]{"pembaca_menurut_" + key, "Pembaca baru menurut " + name, "Pembaca",
			"Belum ada pembaca baru pada periode ini.",
			conversation.Bars, list, of}
	}
	complete := of("profil", "kelengkapan profil", nil, func(p profile) string { return strconv.FormatBool(p.Complete()) })
	complete.known = []value{{"true", "lengkap", "Profil lengkap"}, {"false", "belum_lengkap", "Profil belum lengkap"}}
	parts := tally(g, complete,
		of("jenis_kelamin", "jenis kelamin", g.lists(func(l conversation.Lists) []string { return l.Genders }),
			func(p profile) string { return p.Gender }),
		of("umur", "umur", same(conversation.AgeGroups), func(p profile) string { return p.age }),
		of("pendidikan", "pendidikan", g.lists(func(l conversation.Lists) []string { return l.Educations }),
			func(p profile) string { return p.Education }),
		of("pekerjaan", "pekerjaan", g.lists(func(l conversation.Lists) []string { return l.Occupations }),
			func(p profile) string { return p.Occupation }),
		of("asal", "asal", g.lists(func(l conversation.Lists) []string { return l.Origins }),
			func(p profile) string { return p.Origin }),
	)
	n, took, people := 0, []time.Duration{}, g.crowds()
	err := g.each(readerQuery, nil, func(at *place, row scanner) error {
		var r conversation.Reader
		var data []byte
		if err := row.Scan(&r.ID, &data); err != nil {
			return err
		}
		id := r.ID
		if at.DB.seal.openJSON("reader", strconv.FormatInt(id, 10), data, &r) != nil {
			r = conversation.Reader{} // counted, but by nothing that it says
		}
		n++
		count(parts, profile{r.Profile, ageOf(r)}, at, at.person(id))
		if d := r.CreatedAt.Sub(r.ConsentAt); d > 0 && d < 24*time.Hour && !r.ConsentAt.IsZero() {
			took = append(took, d)
			people.add(at, id)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n, err = g.former(n, parts); err != nil {
		return err
	}
	s.Numbers = append(s.Numbers,
		conversation.Number{Key: "pembaca_baru", Name: "Pembaca baru", Unit: conversation.Counted,
			Value: conversation.Num(n)},
		conversation.Number{Key: "median_detik_pendaftaran", Name: "Lama pendaftaran (median)",
			Unit: conversation.Seconds, Value: median(took, people.closed())})
	tables(s, parts)
	return nil
}

// ageOf is the group of a reader's age when they registered; "" unknown.
func ageOf(r conversation.Reader) string {
	if r.Profile.BirthYear == 0 {
		return ""
	}
	return conversation.AgeGroup(r.CreatedAt.Year() - r.Profile.BirthYear)
}

// former counts erased readers, of whom no more is known than single counts, beside the
// n there are, and returns how many all are.
func (g *gathering) former(n int, parts []*tallying[profile]) (int, error) {
	by := map[string]*tallying[profile]{"profile": parts[0], "gender": parts[1], "age": parts[2], "education": parts[3],
		"occupation": parts[4], "origin": parts[5]}
	for _, p := range g.places {
		past, told := 0, map[string]int{}
		err := p.DB.each(g.ctx, pastQuery, p.span, func(row scanner) error {
			var field, is string
			var m int
			if err := row.Scan(&field, &is, &m); err != nil {
				return err
			}
			if field == "" {
				past = m
			} else if t := by[field]; t != nil {
				if field == "profile" {
					is = "true"
				}
				told[field] += m
				t.add(p, is, m, conversation.Crowd(m, -p.apart(1+len(told))))
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		for field, t := range by {
			if rest := past - told[field]; rest > 0 {
				t.add(p, map[bool]string{true: "false"}[field == "profile"], rest, conversation.Crowd(rest, -p.apart(100)))
			}
		}
		n += past
	}
	return n, nil
}

func (g *gathering) excerpts(s *conversation.Section) error {
	if err := g.numbers(s,
		number{"kutipan", "Kutipan yang sampai", `SELECT count(*) FROM excerpts WHERE delivered >= ? AND delivered < ?`},
		number{"halaman_kutipan", "Halaman dalam kutipan",
			`SELECT coalesce(sum(page_count), 0) FROM excerpts WHERE delivered >= ? AND delivered < ?`},
	); err != nil {
		return err
	}
	books, refused := map[string]bool{}, 0
	err := g.each(`SELECT DISTINCT publication FROM excerpts WHERE delivered >= ? AND delivered < ?`, nil,
		func(_ *place, row scanner) error {
			var id string
			err := row.Scan(&id)
			books[id] = true
			return err
		})
	if err == nil {
		err = g.tallied("cap", func(_ *place, _ string, n int) { refused += n })
	}
	if err != nil {
		return err
	}
	s.Numbers = append(s.Numbers,
		conversation.Number{Key: "publikasi_dikutip", Name: "Publikasi yang dikutip", Unit: conversation.Counted,
			Value: conversation.Num(len(books))},
		conversation.Number{Key: "ditolak_batas_20", Name: "Permintaan di atas batas 20%", Unit: conversation.Counted,
			Value: conversation.Num(refused)})
	most := conversation.Table{
		Key: "paling_dikutip", Name: "Paling banyak dikutip (oleh 3 orang atau lebih)", Head: "Publikasi",
		Chart: conversation.Bars, Empty: "Belum ada publikasi yang dikutip 3 orang atau lebih pada periode ini.",
		Columns: []conversation.Column{
			{Key: "kutipan", Name: "Kutipan", Unit: conversation.Counted},
			{Key: "halaman", Name: "Halaman", Unit: conversation.Counted},
		},
	}
	return g.list(s, most,
		`SELECT coalesce(p.record ->> '$.title', e.publication), count(*), sum(page_count) FROM excerpts e LEFT JOIN publications p ON p.id = e.publication
		WHERE e.delivered >= ? AND e.delivered < ? GROUP BY e.publication HAVING count(DISTINCT coalesce(e.reader, 0)) >= ?`)
}

// list adds a table of the rows of a query: a label and its numbers. The query is given
// the period and how many different people a row must be of, at each office.
func (g *gathering) list(s *conversation.Section, t conversation.Table, query string) error {
	l := labelled{at: map[string]int{}}
	err := g.each(query, []any{conversation.LeastVoices}, func(_ *place, row scanner) error {
		label, n := "", make([]int64, len(t.Columns))
		into := []any{&label}
		for i := range n {
			into = append(into, &n[i])
		}
		if err := row.Scan(into...); err != nil {
			return err
		}
		l.add(label, n...)
		return nil
	})
	t.Rows = l.top()
	s.Tables = append(s.Tables, t)
	return err
}

// labelled adds numbers up by their label.
type labelled struct {
	at   map[string]int
	rows []conversation.Row
}

func (l *labelled) add(label string, n ...int64) {
	i, ok := l.at[label]
	if !ok {
		i = len(l.rows)
		l.at[label] = i
		l.rows = append(l.rows, conversation.Row{
			Key: conversation.Slug(label), Label: label, Values: make([]conversation.Value, len(n)),
		})
	}
	for j, v := range l.rows[i].Values {
		l.rows[i].Values[j] = conversation.Num(int64(v.N) + n[j])
	}
}

// top are the twenty with the highest first number, then by label.
func (l *labelled) top() []conversation.Row {
	slices.SortFunc(l.rows, func(a, b conversation.Row) int {
		return cmp.Or(cmp.Compare(b.Values[0].N, a.Values[0].N), strings.Compare(a.Label, b.Label))
	})
	return l.rows[:min(len(l.rows), 20)]
}

func (g *gathering) searches(s *conversation.Section) error {
	if err := g.numbers(s,
		number{"pencarian", "Pencarian", `SELECT count(*) FROM searches WHERE searched >= ? AND searched < ?`},
		number{"pencarian_tanpa_hasil", "Pencarian tanpa hasil",
			`SELECT count(*) FROM searches WHERE searched >= ? AND searched < ? AND hits = 0`},
	); err != nil {
		return err
	}
	words := func(key, name string) conversation.Table {
		return conversation.Table{Key: key, Name: name + " (oleh 3 orang atau lebih)", Head: "Kata", Chart: conversation.Bars,
			Empty:   "Belum ada kata yang sama dari 3 orang atau lebih pada periode ini.",
			Columns: []conversation.Column{{Key: "kali", Name: "Kali", Unit: conversation.Counted}}}
	}
	// What one or two people typed may tell who they are.
	const query = `SELECT query, count(*) FROM searches WHERE searched >= ?1 AND searched < ?2 `
	const enough = ` GROUP BY query HAVING count(DISTINCT voice) >= ?3`
	if err := g.list(s, words("paling_dicari", "Paling banyak dicari"), query+`AND hits > 0`+enough); err != nil {
		return err
	}
	if err := g.list(s, words("tanpa_hasil", "Dicari tetapi tidak ada"), query+`AND hits = 0`+enough); err != nil {
		return err
	}
	people := []conversation.Column{{Key: "orang", Name: "Orang", Unit: conversation.Counted}}
	waited, taught := labelled{at: map[string]int{}}, labelled{at: map[string]int{}}
	for _, p := range g.places {
		wanted, err := p.DB.wanted(g.ctx)
		if err != nil {
			return err
		}
		for _, w := range wanted {
			waited.add(w.What, int64(w.Chats))
		}
		lessons, err := p.DB.Lessons(g.ctx)
		if err != nil {
			return err
		}
		for _, w := range lessons {
			taught.add(w.Missed+" > "+w.Meant, int64(w.Chats))
		}
	}
	s.Tables = append(s.Tables,
		conversation.Table{Key: "dititip", Name: "Ditunggu pembaca (kini)", Head: "Yang ditunggu", Columns: people,
			Chart: conversation.Bars, Rows: waited.top()},
		conversation.Table{Key: "usulan_kata", Name: "Usulan tabel istilah (terima dengan KATA)", Head: "Kata",
			Columns: people, Rows: taught.top()})
	return nil
}

func (g *gathering) survey(s *conversation.Section) error {
	var all []conversation.SKM
	for _, p := range g.places {
		skm, err := p.DB.surveys(g.ctx, p.Period)
		if err != nil {
			return err
		}
		all = append(all, skm)
	}
	*s = conversation.SurveySection(all...)
	return nil
}
