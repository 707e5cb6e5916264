package store

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pst/conversation"
)

// rated is a row of ratings.
type rated struct{ score int }

func (g *gathering) ratings(s *conversation.Section) error {
	parts := tally(g, part[rated]{"penilaian", "Penilaian sesudah kutipan", "Nilai",
		"Belum ada penilaian pada periode ini.", conversation.Bars,
		[]value{{"4", "sangat_puas", "Sangat puas"}, {"3", "puas", "Puas"}, {"2", "kurang_puas", "Kurang puas"},
			{"1", "tidak_puas", "Tidak puas"}},
		func(r rated) string { return strconv.Itoa(r.score) }})
	n, wrote, comments := 0, g.crowds(), make([][]string, len(g.places))
	err := g.each(`SELECT visit, coalesce(reader, 0), score, comment FROM ratings
		WHERE rated >= ? AND rated < ? AND score BETWEEN 1 AND 4`, nil, func(p *place, row scanner) error {
		var visit string
		var reader int64
		var r rated
		var comment []byte
		if err := row.Scan(&visit, &reader, &r.score, &comment); err != nil {
			return err
		}
		n++
		count(parts, r, p, p.person(reader))
		if len(comment) == 0 {
			return nil
		}
		text, err := p.DB.seal.open("comment", visit, comment)
		if err != nil {
			return nil // of a damaged one the score counts
		}
		who, err := p.DB.Reader(g.ctx, reader)
		if err != nil {
			return nil // without the name it cannot be taken out of the words
		}
		wrote.add(p, reader)
		comments[p.nth] = append(comments[p.nth], conversation.Faceless(string(text), who))
		return nil
	})
	s.Numbers = []conversation.Number{
		{Key: "penilaian_jumlah", Name: "Penilaian", Unit: conversation.Counted, Value: conversation.Num(n)},
	}
	tables(s, parts)
	t := conversation.Table{Key: "komentar", Name: "Komentar, menurut abjad", Head: "Komentar",
		Empty: "Tidak ada komentar pada periode ini."}
	var told []string
	for at, list := range comments { // of an office those that its own report tells
		if wrote[at].Few() {
			t.Closed = t.Closed || len(list) > 0
			continue
		}
		told = append(told, list...)
	}
	t.Closed = t.Closed && len(told) == 0
	slices.Sort(told)
	for i, c := range told {
		t.Rows = append(t.Rows, conversation.Row{Key: strconv.Itoa(i + 1), Label: c})
	}
	s.Tables = append(s.Tables, t)
	return err
}

// ticketIn are the tickets opened in the period, without those about staff: such a
// complaint is in no figure that those it is about may read.
const ticketIn = `WHERE about_staff = 0 AND opened >= ? AND opened < ? ORDER BY opened, id`

// ticketAt is a ticket of an office.
type ticketAt struct {
	conversation.Ticket
	at *place
}

// tickets are those of the period, read once.
func (g *gathering) tickets() ([]ticketAt, error) {
	var out []ticketAt
	for _, p := range g.places {
		if p.opened == nil {
			list, err := p.DB.tickets(g.ctx, ticketIn, p.span...)
			if err != nil {
				return nil, err
			}
			p.opened = list
		}
		for _, k := range p.opened {
			out = append(out, ticketAt{k, p})
		}
	}
	return out, nil
}

// persons numbers the people of tickets; who cannot be known again is somebody else
// each time.
type persons map[string]int64

func (p persons) of(k ticketAt) int64 {
	key := "ticket " + k.ID
	switch {
	case k.Reader != 0:
		key = strconv.FormatInt(k.Reader, 10)
	case k.Chat != "":
		key = string(k.Chat)
	}
	key = strconv.Itoa(k.at.nth) + " " + key
	if p[key] == 0 {
		p[key] = int64(len(p) + 1)
	}
	return p[key]
}

var states = []value{{conversation.StateNew, "baru", "Baru"}, {conversation.StateAccepted, "diterima", "Diterima"},
	{conversation.StateWorking, "diproses", "Diproses"}, {conversation.StateDone, "selesai", "Selesai"},
	{conversation.StateRefused, "ditolak", "Ditolak"}}

func (g *gathering) complaints(s *conversation.Section) error {
	const none = "Tidak ada pengaduan pada periode ini."
	parts := tally(g,
		part[ticketAt]{"pengaduan_menurut_unsur", "Pengaduan menurut unsur", "Unsur", none, conversation.Bars,
			g.lists(func(l conversation.Lists) []string { return l.Categories }), func(k ticketAt) string { return k.Category }},
		part[ticketAt]{"pengaduan_menurut_keadaan", "Pengaduan menurut keadaan", "Keadaan", none, conversation.Bars, states,
			func(k ticketAt) string { return k.State }},
		part[ticketAt]{"pengaduan_ketepatan", "Ketepatan jawaban (hari kerja)", "Jawaban", none, conversation.Bars,
			[]value{{"true true", "tepat_waktu", "Dijawab dalam batas waktu"}, {"true false", "terlambat", "Dijawab terlambat"},
				{"false true", "menunggu", "Belum dijawab, masih dalam batas waktu"},
				{"false false", "lewat", "Belum dijawab, batas waktu lewat"}},
			func(k ticketAt) string { return g.timely(k) }},
	)
	all, err := g.tickets()
	if err != nil {
		return err
	}
	n, who := 0, persons{}
	for _, k := range all {
		if k.Kind == conversation.KindComplaint {
			n++
			count(parts, k, k.at, who.of(k))
		}
	}
	s.Numbers = []conversation.Number{
		{Key: "pengaduan_masuk", Name: "Masuk", Unit: conversation.Counted, Value: conversation.Num(n)},
	}
	tables(s, parts)
	return g.numbers(s, number{"pengaduan_selesai", "Ditutup pada periode ini",
		`SELECT count(*) FROM tickets WHERE about_staff = 0 AND kind = '` + conversation.KindComplaint +
			`' AND closed >= ? AND closed < ?`})
}

// timely tells whether a complaint was answered, and whether within the working days
// that its person was promised; of one without answer, whether they are over.
func (g *gathering) timely(k ticketAt) string {
	by := k.AnsweredAt
	if by.IsZero() {
		by = k.ClosedAt
	}
	answered := !by.IsZero()
	if !answered {
		by = g.now
	}
	return strconv.FormatBool(answered) + " " + strconv.FormatBool(k.at.Office.InTime(k.OpenedAt, by))
}

func (g *gathering) staff(s *conversation.Section) error {
	all, err := g.tickets()
	if err != nil {
		return err
	}
	t := conversation.Table{Key: "waktu_jawaban", Name: "Lama sampai jawaban pertama petugas", Head: "Jenis",
		Empty: "Belum ada yang dijawab pada periode ini.",
		Columns: []conversation.Column{{Key: "dijawab", Name: "Dijawab", Unit: conversation.Counted},
			{Key: "median_detik", Name: "Median", Unit: conversation.Seconds},
			{Key: "p90_detik", Name: "p90", Unit: conversation.Seconds}}}
	for _, kind := range []value{{conversation.KindComplaint, "pengaduan", "Pengaduan"},
		{conversation.KindHandoff, "tanya_petugas", "Minta bicara dengan petugas"},
		{conversation.KindVerify, "verifikasi", "Verifikasi email"}, {conversation.KindLoan, "pinjam", "Pinjam buku"}} {
		n, people, who, took := 0, g.crowds(), persons{}, []time.Duration{}
		for _, k := range all {
			if k.Kind != kind.is {
				continue
			}
			n++
			if first := answered(k.Ticket); !first.IsZero() && (k.Kind != conversation.KindComplaint ||
				k.Identity == conversation.Named) {
				took = append(took, max(0, first.Sub(k.OpenedAt)))
				people.add(k.at, who.of(k))
			}
		}
		if kind.is == conversation.KindHandoff {
			s.Numbers = []conversation.Number{{Key: "serah_petugas", Name: "Diserahkan kepada petugas",
				Unit: conversation.Counted, Value: conversation.Num(n)}}
		}
		row := conversation.Row{Key: kind.key, Label: kind.label, Values: []conversation.Value{
			conversation.Num(len(took)), median(took, people.closed()), quantile(took, 0.9, people.closed()),
		}}
		if len(took) > 0 && people.closed() {
			row.Values[0] = conversation.Value{Closed: true}
		}
		t.Rows = append(t.Rows, row)
	}
	s.Notes = []string{"Tanpa pengaduan rahasia dan anonim, yang hanya diketahui harinya."}
	s.Tables = append(s.Tables, t)
	return nil
}

// answered is when staff first did something for a ticket's person.
func answered(k conversation.Ticket) time.Time {
	first := k.AnsweredAt
	for _, at := range []time.Time{k.AcceptedAt, k.ClosedAt} {
		if first.IsZero() || !at.IsZero() && at.Before(first) {
			first = at
		}
	}
	return first
}

// tallied takes what was counted by the day at each office under names that begin so.
func (g *gathering) tallied(begin string, take func(p *place, what string, n int)) error {
	for _, p := range g.places {
		first, after := p.Period.From.Format(time.DateOnly), p.Period.To.Format(time.DateOnly)
		err := p.DB.each(g.ctx, `SELECT what, sum(n) FROM tallies WHERE day >= ? AND day < ? AND substr(what, 1, ?) = ? GROUP BY what`,
			[]any{first, after, len(begin), begin}, func(row scanner) error {
				var what string
				var n int
				err := row.Scan(&what, &n)
				take(p, what, n)
				return err
			})
		if err != nil {
			return err
		}
	}
	return nil
}

// missed is what the desk could not do for people.
func (g *gathering) missed(s *conversation.Section) error {
	for _, c := range []struct {
		begin, key, name, number, head, empty string
		known                                 []value
	}{
		{"door ", "salah_pintu", "Pertanyaan untuk kantor atau layanan lain", "Salah pintu", "Pertanyaan",
			"Tidak ada pada periode ini.",
			named(conversation.Doors())},
		{"missed ", "tidak_dipahami", "Yang tidak dipahami meja layanan", "Tidak dipahami", "Di bagian",
			"Tidak ada pada periode ini.",
			named(conversation.MissedKinds())},
		{"failed ", "gagal_kirim", "Surat yang gagal diantar", "Gagal diantar", "Kanal",
			"Semua surat terantar pada periode ini.",
			[]value{{"whatsapp", "whatsapp", "WhatsApp"}, {"telegram", "telegram", "Telegram"},
				{conversation.Mail, "email", "Email"}}},
	} {
		t := tally(g, part[string]{c.key, c.name, c.head, c.empty, conversation.Bars, c.known, nil})[0]
		all, kinds := 0, 0
		if err := g.tallied(c.begin, func(p *place, what string, n int) {
			all += n
			kinds++
			t.add(p, what[len(c.begin):], n, conversation.Crowd(n, p.apart(kinds)))
		}); err != nil {
			return err
		}
		s.Numbers = append(s.Numbers, conversation.Number{
			Key: c.key + "_jumlah", Name: c.number, Unit: conversation.Counted, Value: conversation.Num(all),
		})
		s.Tables = append(s.Tables, t.table())
	}
	return nil
}

func named(list [][2]string) []value {
	var out []value
	for _, l := range list {
		out = append(out, value{l[0], conversation.Slug(l[0]), l[1]})
	}
	return out
}

// datums are the questions for a number: what was told, and what was not. They are
// counted by the day, without the person.
func (g *gathering) datums(s *conversation.Section) error {
	counted := map[string]int{}
	if err := g.tallied("datum ", func(_ *place, what string, n int) { counted[what] += n }); err != nil {
		return err
	}
	for _, c := range conversation.DatumCounts() {
		s.Numbers = append(s.Numbers, conversation.Number{Key: "angka_" +
			conversation.Slug(strings.TrimPrefix(c[0], "datum ")), Name: c[1],
			Unit: conversation.Counted, Value: conversation.Num(counted[c[0]])})
	}
	return nil
}
