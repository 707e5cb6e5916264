package store

import (
	"context"
	"slices"
	"time"

	"pst/conversation"
)

// Report implements [conversation.Store]. What the figures are stands in figures.go.
func (db *DB) Report(ctx context.Context, o *conversation.Office, p conversation.Period) (conversation.Report, error) {
	p = conversation.Period{From: p.From.In(o.Zone), To: p.To.In(o.Zone)}
	g := &gathering{db: db, ctx: ctx, office: o, period: p, now: db.now(),
		span: []any{ms(p.From), ms(p.To)}}
	r := conversation.Report{Period: p, Office: o.Name, Code: o.Code, Made: g.now.In(o.Zone)}
	for _, chapter := range chapters {
		s := conversation.Section{Key: chapter.key, Name: chapter.name}
		if err := chapter.gather(g, &s); err != nil {
			return conversation.Report{}, doing("gather report: "+chapter.key, err)
		}
		r.Sections = append(r.Sections, s)
	}
	return r, nil
}

// gathering is a report being gathered.
type gathering struct {
	db     *DB
	ctx    context.Context
	office *conversation.Office
	period conversation.Period
	now    time.Time
	span   []any // of the period, for queries
	times  *timing
	opened []conversation.Ticket
}

// number is a figure that one query gives.
type number struct{ key, name, query string }

func (g *gathering) numbers(s *conversation.Section, list ...number) error {
	for _, n := range list {
		var v int64
		if err := g.db.one(g.ctx, n.query, g.span, &v); err != nil {
			return err
		}
		s.Numbers = append(s.Numbers, conversation.Number{Key: n.key, Name: n.name, Unit: conversation.Counted, Value: conversation.Num(v)})
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
func inTime[R any](g *gathering, p part[R], when func(R) int64) []part[R] {
	var out []part[R]
	for _, cut := range g.period.Cuts() {
		p.known = nil
		for _, s := range cut {
			p.known = append(p.known, value{s.Key, s.Key, s.Label})
		}
		p.of = func(r R) string {
			t := time.UnixMilli(when(r))
			i, found := slices.BinarySearchFunc(cut, t, func(s conversation.Slice, t time.Time) int { return s.From.Compare(t) })
			if !found {
				i--
			}
			return cut[max(i, 0)].Key
		}
		out = append(out, p)
	}
	return out
}

// tallying counts rows by one part.
type tallying[R any] struct {
	part[R]
	cells []conversation.Cell
	at    map[string]int
}

func tally[R any](parts ...part[R]) []*tallying[R] {
	var out []*tallying[R]
	for _, p := range parts {
		t := &tallying[R]{part: p, at: map[string]int{}}
		for i, v := range p.known {
			t.at[v.is] = i
			t.cells = append(t.cells, conversation.Cell{Key: v.key, Label: v.label})
		}
		out = append(out, t)
	}
	return out
}

// add counts n things that somebody did, by the value that they have.
func (t *tallying[R]) add(is string, n int, who conversation.People) {
	i, ok := t.at[is]
	if !ok {
		i = len(t.cells)
		t.at[is] = i
		c := conversation.Cell{Key: conversation.Slug(is), Label: is}
		if is == "" {
			c.Key, c.Label = "tidak_diisi", "Tidak diisi"
		}
		t.cells = append(t.cells, c)
	}
	t.cells[i].N += n
	t.cells[i].People.Join(who)
}

func (t *tallying[R]) table() conversation.Table {
	slices.SortStableFunc(t.cells[len(t.known):], func(a, b conversation.Cell) int { return b.N - a.N })
	out := conversation.Breakdown(t.key, t.name, t.head, t.chart, t.cells)
	out.Empty = t.empty
	return out
}

// count counts a row by every part.
func count[R any](all []*tallying[R], row R, who int64) {
	var p conversation.People
	p.Add(who)
	for _, t := range all {
		t.add(t.of(row), 1, p)
	}
}

// finest is the table of the finest breakdown that can be told.
func finest[R any](all []*tallying[R]) conversation.Table {
	var out []conversation.Table
	for _, t := range all {
		out = append(out, t.table())
	}
	return conversation.Finest(out)
}

func tables[R any](s *conversation.Section, all []*tallying[R]) {
	for _, t := range all {
		s.Tables = append(s.Tables, t.table())
	}
}
