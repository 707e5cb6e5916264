package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pst/conversation"
)

// Place is an office in a report: its database, its facts and the period by its clock.
type Place struct {
	DB     *DB
	Office *conversation.Office
	Period conversation.Period
}

// Report implements [conversation.Store].
func (db *DB) Report(ctx context.Context, o *conversation.Office, p conversation.Period) (conversation.Report, error) {
	return Report(ctx, Place{db, o, p})
}

// Report is the report of one office, or the sum of several over one period. What the
// figures are stands in figures.go. Of a sum, counts are added up, medians, shares and
// the index of the survey are of all there is, and words, titles and comments those that
// the offices' own reports tell. Nothing that these close can be worked out from it.
// People of different offices are different people: nobody knows them as one.
func Report(ctx context.Context, places ...Place) (conversation.Report, error) {
	g := &gathering{ctx: ctx, now: places[0].DB.now()}
	for i, p := range places {
		p.Period = conversation.Period{From: p.Period.From.In(p.Office.Zone), To: p.Period.To.In(p.Office.Zone)}
		g.places = append(g.places, &place{Place: p, nth: i, span: []any{ms(p.Period.From), ms(p.Period.To)}})
	}
	first := g.places[0]
	r := conversation.Report{Period: first.Period, Office: first.Office.Name, Code: first.Office.Code,
		Made: g.now.In(first.Office.Zone)}
	for _, chapter := range chapters {
		s := conversation.Section{Key: chapter.key, Name: chapter.name}
		if err := chapter.gather(g, &s); err != nil {
			return conversation.Report{}, doing("gather report: "+chapter.key, err)
		}
		r.Sections = append(r.Sections, s)
	}
	if len(places) > 1 {
		g.name(&r)
	}
	return r, nil
}

// name says whose a sum is, and how it is to be read.
func (g *gathering) name(r *conversation.Report) {
	var names, codes []string
	for _, p := range g.places {
		names, codes = append(names, p.Office.Name), append(codes, p.Office.Code)
	}
	r.Office, r.Code = fmt.Sprintf("Gabungan %d kantor", len(names)), strings.Join(codes, "+")
	r.Sections[0].Notes = append(r.Sections[0].Notes, "Gabungan dari: "+strings.Join(names, "; ")+".",
		"Orang yang dilayani dua kantor dihitung dua kali. Judul, kata dan komentar hanya yang disebut juga oleh laporan "+
			"kantornya sendiri.")
}

// place is an office whose report is being gathered, or its part of a sum.
type place struct {
	Place
	nth    int
	span   []any // of the period, for queries
	opened []conversation.Ticket
}

// person is the number of a reader among those of all offices; 0 is one who was erased.
func (p *place) person(reader int64) int64 { return int64(p.nth)<<48 | reader }

// apart keeps crowds of one office from those of another.
func (p *place) apart(n int) int { return p.nth<<16 + n }

// gathering is a report being gathered.
type gathering struct {
	ctx    context.Context
	places []*place
	now    time.Time
	times  *timing
}

// each calls take for every row of a query over each office's period.
func (g *gathering) each(query string, more []any, take func(p *place, row scanner) error) error {
	for _, p := range g.places {
		if err := p.DB.each(g.ctx, query, append(slices.Clone(p.span), more...), func(row scanner) error {
			return take(p, row)
		}); err != nil {
			return err
		}
	}
	return nil
}

// lists are the values that offices offer, each once, in their order.
func (g *gathering) lists(of func(conversation.Lists) []string) []value {
	var all []string
	for _, p := range g.places {
		for _, s := range of(p.Office.Lists) {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return same(all)
}

// crowds are people by their office.
type crowds []conversation.People

func (g *gathering) crowds() crowds { return make(crowds, len(g.places)) }

func (c crowds) add(p *place, reader int64) { c[p.nth].Add(p.person(reader)) }

// closed tells whether a figure about them must not be told.
func (c crowds) closed() bool { return !conversation.Tellable(c...) }

// number is a figure that one query gives.
type number struct{ key, name, query string }

func (g *gathering) numbers(s *conversation.Section, list ...number) error {
	for _, n := range list {
		var sum int64
		if err := g.each(n.query, nil, func(_ *place, row scanner) error {
			var v int64
			err := row.Scan(&v)
			sum += v
			return err
		}); err != nil {
			return err
		}
		s.Numbers = append(s.Numbers, conversation.Number{
			Key: n.key, Name: n.name, Unit: conversation.Counted, Value: conversation.Num(sum),
		})
	}
	return nil
}

// part is a breakdown of rows of the kind R.
type part[R any] struct {
	key, name, head, empty string
	chart                  conversation.Chart
	// known are the values told also where there is none of them, in their order; what
	// else comes follows by its number.
	known []value
	of    func(R) string
}

// value is a value of a column, and how it is told.
type value struct{ is, key, label string }

// same are values that are told as they are.
func same(list []string) []value {
	var out []value
	for _, s := range list {
		out = append(out, value{s, conversation.Slug(s), s})
	}
	return out
}

// inTime are the ways to break down rows by when they were, the finest first.
func inTime[R any](g *gathering, t part[R], when func(R) (*place, int64)) []part[R] {
	var out []part[R]
	cuts := make([][][]conversation.Slice, len(g.places))
	for i, p := range g.places {
		cuts[i] = p.Period.Cuts()
	}
	for grain, cut := range cuts[0] {
		t.known = nil
		for _, s := range cut {
			t.known = append(t.known, value{s.Key, s.Key, s.Label})
		}
		t.of = func(r R) string {
			p, ms := when(r)
			cut, at := cuts[p.nth][grain], time.UnixMilli(ms)
			i, found := slices.BinarySearchFunc(cut, at,
				func(s conversation.Slice, t time.Time) int { return s.From.Compare(t) })
			if !found {
				i--
			}
			return cut[max(i, 0)].Key
		}
		out = append(out, t)
	}
	return out
}

// tallying counts rows by one part.
type tallying[R any] struct {
	part[R]
	labels  []conversation.Cell // without numbers
	offices [][]conversation.Cell
	at      map[string]int
}

func tally[R any](g *gathering, parts ...part[R]) []*tallying[R] {
	var out []*tallying[R]
	for _, p := range parts {
		t := &tallying[R]{part: p, at: map[string]int{}, offices: make([][]conversation.Cell, len(g.places))}
		for i, v := range p.known {
			t.at[v.is] = i
			t.labels = append(t.labels, conversation.Cell{Key: v.key, Label: v.label})
		}
		out = append(out, t)
	}
	return out
}

// add counts n things that somebody did at an office, by the value that they have.
func (t *tallying[R]) add(p *place, is string, n int, who conversation.People) {
	i, ok := t.at[is]
	if !ok {
		i = len(t.labels)
		t.at[is] = i
		c := conversation.Cell{Key: conversation.Slug(is), Label: is}
		if is == "" {
			c.Key, c.Label = "tidak_diisi", "Tidak diisi"
		}
		t.labels = append(t.labels, c)
	}
	cells := t.offices[p.nth]
	for i >= len(cells) {
		cells = append(cells, t.labels[len(cells)])
	}
	cells[i].N += n
	cells[i].People.Join(who)
	t.offices[p.nth] = cells
}

// cells are the offices' cells in one order: those known first, then what came by its
// number in all.
func (t *tallying[R]) cells() [][]conversation.Cell {
	for i, cells := range t.offices {
		t.offices[i] = append(cells, t.labels[len(cells):]...)
	}
	order := make([]int, len(t.labels))
	for i := range order {
		order[i] = i
	}
	sum := conversation.Sum(t.offices)
	slices.SortStableFunc(order[len(t.known):], func(a, b int) int { return sum[b].N - sum[a].N })
	out := make([][]conversation.Cell, len(t.offices))
	for i, cells := range t.offices {
		for _, at := range order {
			out[i] = append(out[i], cells[at])
		}
	}
	return out
}

func (t *tallying[R]) table() conversation.Table {
	out := conversation.BreakdownOf(t.key, t.name, t.head, t.chart, t.cells())
	out.Empty = t.empty
	return out
}

// count counts a row of somebody at an office by every part.
func count[R any](all []*tallying[R], row R, at *place, who int64) {
	var p conversation.People
	p.Add(who)
	for _, t := range all {
		t.add(at, t.of(row), 1, p)
	}
}

// finest is the table of the finest breakdown that can be told.
func finest[R any](all []*tallying[R]) conversation.Table {
	var grains [][][]conversation.Cell
	for _, t := range all {
		grains = append(grains, t.cells())
	}
	t := all[0]
	out := conversation.BreakdownInTime(t.key, t.name, t.head, t.chart, grains)
	out.Empty = t.empty
	return out
}

func tables[R any](s *conversation.Section, all []*tallying[R]) {
	for _, t := range all {
		s.Tables = append(s.Tables, t.table())
	}
}
