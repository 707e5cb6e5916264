package store

import (
	"time"

	"pst/conversation"
)

// The five-minute clock: from the guest-book entry of a visit to its first result, and
// to its first excerpt, by its receipt where the platform gave one.

// spans are the times of visits of one kind.
type spans struct {
	first, excerpt []time.Duration
	seen, people   crowds // of first, and of excerpt
	excerpts       []int  // by office
}

// timing are the times of all visits, and of the late ones whose time it was.
type timing struct {
	g    *gathering
	all  *spans
	by   map[string]*spans // mode or channel
	late *tallying[string]
	part map[string][]time.Duration // of the late, by whose it was
}

// whose are who may have taken the time of a late visit.
var whose = []value{{"ours", "kami", "Kami (menjawab dan menyiapkan kutipan)"},
	{"platform", "platform", "Platform (mengantar)"},
	{"reader", "pembaca", "Pembaca (memilih dan membaca)"}, {"unknown", "tidak_diketahui",
		"Tidak diketahui (kunjungan lama)"}}

func (g *gathering) timing() *timing {
	return &timing{g: g, all: g.spans(), by: map[string]*spans{}, part: map[string][]time.Duration{},
		late: tally(g, part[string]{"lebih_lama",
			"Kunjungan yang lebih dari 5 menit, menurut siapa yang memakai waktu terbanyak", "Waktu siapa",
			"Tidak ada kunjungan yang lebih dari 5 menit pada periode ini.", conversation.Bars, whose,
			func(s string) string { return s }})[0]}
}

func (g *gathering) spans() *spans {
	return &spans{seen: g.crowds(), people: g.crowds(), excerpts: make([]int, len(g.places))}
}

func millis(n int64) time.Duration { return time.Duration(max(n, 0)) * time.Millisecond }

func (c *timing) add(v visit) {
	kinds := []*spans{c.all, c.of(v.mode), c.of(v.channel)}
	if v.first > 0 {
		for _, k := range kinds {
			k.first = append(k.first, millis(v.first-v.opened))
			k.seen.add(v.at, v.reader)
		}
	}
	if v.delivered == 0 {
		return
	}
	took := millis(max(v.delivered, v.arrived) - v.opened)
	for _, k := range kinds {
		k.excerpt = append(k.excerpt, took)
		k.people.add(v.at, v.reader)
		k.excerpts[v.at.nth]++
	}
	if took <= conversation.Promised {
		return
	}
	who, most := "unknown", time.Duration(0)
	for is, d := range v.parts() {
		c.part[is] = append(c.part[is], d)
		if d > most {
			who, most = is, d
		}
	}
	var p conversation.People
	p.Add(v.at.person(v.reader))
	c.late.add(v.at, who, 1, p)
}

func (c *timing) of(kind string) *spans {
	if c.by[kind] == nil {
		c.by[kind] = c.g.spans()
	}
	return c.by[kind]
}

// parts are whose time a visit took: the reader's until the excerpt was asked for, but
// for what their messages waited for us; then ours until it was handed to the platform,
// or the platform's where that failed at first; then the platform's until the receipt.
func (v visit) parts() map[string]time.Duration {
	if v.asked == 0 {
		return nil
	}
	ours, platform := millis(v.delivered-v.asked), millis(0)
	if v.arrived > 0 {
		platform = millis(v.arrived - v.delivered)
	}
	if v.held {
		ours, platform = 0, platform+ours
	}
	return map[string]time.Duration{"ours": ours + millis(v.waitedMS), "platform": platform,
		"reader": millis(v.asked - v.opened - v.waitedMS)}
}

// median is the median in seconds, where it may be told.
func median(d []time.Duration, closed bool) conversation.Value { return quantile(d, 0.5, closed) }

func quantile(d []time.Duration, q float64, closed bool) conversation.Value {
	switch {
	case len(d) == 0:
		return conversation.Value{}
	case closed:
		return conversation.Value{Closed: true}
	}
	return conversation.Num(conversation.Quantile(d, q).Seconds())
}

// clock was filled while the visits were counted.
func (g *gathering) clock(s *conversation.Section) error {
	c := g.times
	s.Notes = []string{"Dari buku tamu sampai kutipan diterima (menurut tanda terima, bila ada); standar 5 menit."}
	share := conversation.Value{}
	if n := len(c.all.excerpt); n > 0 {
		if share = conversation.Num(conversation.WithinFive(c.all.excerpt)); c.all.people.closed() {
			share = conversation.Value{Closed: true}
		}
	}
	s.Numbers = []conversation.Number{
		{Key: "median_detik", Name: "Median", Unit: conversation.Seconds,
			Value: median(c.all.excerpt, c.all.people.closed())},
		{Key: "p90_detik", Name: "p90", Unit: conversation.Seconds,
			Value: quantile(c.all.excerpt, 0.9, c.all.people.closed())},
		{Key: "bagian_dalam_5_menit", Name: "Paling lama 5 menit", Unit: conversation.Share, Value: share},
		{Key: "median_detik_hasil_pertama", Name: "Hasil pertama (median)", Unit: conversation.Seconds,
			Value: median(c.all.first, c.all.seen.closed())},
	}
	s.Tables = append(s.Tables, c.table("waktu_menurut_mode", "Waktu layanan menurut cara", "Cara", modes),
		c.table("waktu_menurut_kanal", "Waktu layanan menurut kanal", "Kanal", channels), c.late.table(), c.lateParts())
	return nil
}

// table tells the times by the values of one column.
func (c *timing) table(key, name, head string, values []value) conversation.Table {
	t := conversation.Table{Key: key, Name: name, Head: head, Chart: conversation.Bars,
		Empty: "Belum ada kutipan yang diantar pada periode ini.",
		Top:   1, Columns: []conversation.Column{
			{Key: "bagian_dalam_5_menit", Name: "Dalam 5 menit", Unit: conversation.Share},
			{Key: "kunjungan", Name: "Kunjungan dengan kutipan", Unit: conversation.Counted},
			{Key: "median_detik", Name: "Median", Unit: conversation.Seconds},
			{Key: "p90_detik", Name: "p90", Unit: conversation.Seconds},
			{Key: "median_detik_hasil_pertama", Name: "Hasil pertama (median)", Unit: conversation.Seconds},
		}}
	var offices [][]conversation.Cell
	for at := range c.g.places {
		rest := conversation.Cell{N: c.all.excerpts[at], People: c.all.people[at]} // what the values do not name counts too
		var cells []conversation.Cell
		for _, v := range values {
			k := c.of(v.is)
			rest.N -= k.excerpts[at]
			cells = append(cells, conversation.Cell{Key: v.key, Label: v.label, N: k.excerpts[at], People: k.people[at]})
		}
		offices = append(offices, append(cells, rest))
	}
	closed, all := conversation.CloseSum(offices, conversation.CloseEach(offices))
	if t.Closed = all; all {
		return t
	}
	for i, v := range values {
		k := c.of(v.is)
		row := conversation.Row{Key: v.key, Label: v.label}
		switch {
		case closed[i]:
			for range t.Columns {
				row.Values = append(row.Values, conversation.Value{Closed: true})
			}
		case len(k.excerpt) == 0:
			row.Values = []conversation.Value{{}, conversation.Num(0), {}, {}, {}}
		default:
			row.Values = []conversation.Value{conversation.Num(conversation.WithinFive(k.excerpt)),
				conversation.Num(len(k.excerpt)),
				median(k.excerpt, k.people.closed()), quantile(k.excerpt, 0.9, k.people.closed()), median(k.first, k.seen.closed())}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// lateParts tells how long each took of the late visits.
func (c *timing) lateParts() conversation.Table {
	t := conversation.Table{Key: "lebih_lama_bagian",
		Name: "Lamanya menurut siapa, pada kunjungan yang lebih dari 5 menit", Head: "Waktu siapa",
		Columns: []conversation.Column{{Key: "median_detik", Name: "Median", Unit: conversation.Seconds}},
		Empty:   c.late.empty}
	n, people := 0, c.g.crowds()
	for at, cells := range c.late.offices {
		for _, cell := range cells {
			n += cell.N
			people[at].Join(cell.People)
		}
	}
	if t.Closed = n > 0 && people.closed(); t.Closed || n == 0 {
		return t
	}
	for _, w := range whose[:3] {
		t.Rows = append(t.Rows, conversation.Row{Key: w.key, Label: w.label,
			Values: []conversation.Value{median(c.part[w.is], false)}})
	}
	return t
}
