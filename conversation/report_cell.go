package conversation

import "slices"

// Nobody must be recognised in a report. A part of a whole that stands for fewer than
// three people is closed; and since the whole is told, as much more is closed as keeps
// the closed parts from being worked out from what is left.

// Cell is one part of a whole that is told: N things that People did.
type Cell struct {
	Key, Label string
	N          int
	People     People
}

// People counts different people as far as it matters: up to [LeastVoices].
type People struct {
	ids [LeastVoices]int64
	n   int
}

// Add counts a person by a number that is theirs alone.
func (p *People) Add(id int64) {
	if p.n < LeastVoices && !slices.Contains(p.ids[:p.n], id) {
		p.ids[p.n] = id
		p.n++
	}
}

// Join counts those of another as well.
func (p *People) Join(o People) {
	for _, id := range o.ids[:o.n] {
		p.Add(id)
	}
}

// Few tells whether they are fewer than three.
func (p People) Few() bool { return p.n < LeastVoices }

// Crowd is n people of whom nothing is known but their number; apart keeps those of one
// crowd from those of another.
func Crowd(n, apart int) People {
	var p People
	for i := range min(n, LeastVoices) {
		p.Add(int64(apart*LeastVoices + i))
	}
	return p
}

// Close tells which cells must not be shown. all is set when none may be, the empty
// ones included: what is left would tell of the rest.
func Close(cells []Cell) (closed []bool, all bool) {
	return closeFrom(cells, make([]bool, len(cells)))
}

// closeFrom is Close where some are closed for another reason.
func closeFrom(cells []Cell, closed []bool) ([]bool, bool) {
	hidden := 0
	for i, c := range cells {
		closed[i] = closed[i] || c.N > 0 && c.People.Few()
		hidden += flagged(closed[i])
	}
	for hidden > 0 && !safe(cells, closed) {
		next := -1
		for i, c := range cells {
			if c.N > 0 && !closed[i] && (next < 0 || c.N < cells[next].N) {
				next = i
			}
		}
		if next < 0 {
			return closed, true
		}
		closed[next] = true
		hidden++
	}
	return closed, false
}

// safe tells whether the closed cells cannot be worked out from their sum: there are
// two or more of them, of three people or more, and they are not all ones.
func safe(cells []Cell, closed []bool) bool {
	n, sum, people := 0, 0, People{}
	for i, c := range cells {
		if closed[i] {
			n, sum = n+1, sum+c.N
			people.Join(c.People)
		}
	}
	return n >= 2 && sum > n && !people.Few()
}

// finest is the first table in which not more is closed than told, of ones that tell the
// same by days, weeks and months; the last where there is none.
func finest(tables []Table) int {
	for i, t := range tables {
		told, closed := 0, 0
		for _, r := range t.Rows {
			closed += flagged(r.Values[0].Closed)
			told += flagged(r.Values[0].N > 0)
		}
		if !t.Closed && closed <= told {
			return i
		}
	}
	return len(tables) - 1
}

// Breakdown is the table of a whole by its parts, with one column of counts, closed
// where people might be recognised.
func Breakdown(key, name, head string, chart Chart, cells []Cell) Table {
	return BreakdownOf(key, name, head, chart, [][]Cell{cells})
}

// BreakdownOf is Breakdown of the whole of several offices, by their cells in one order.
func BreakdownOf(key, name, head string, chart Chart, offices [][]Cell) Table {
	return breakdown(key, name, head, chart, offices, CloseEach(offices))
}

func breakdown(key, name, head string, chart Chart, offices [][]Cell, hidden [][]bool) Table {
	t := Table{Key: key, Name: name, Head: head, Chart: chart, Columns: []Column{{"jumlah", "Jumlah", Counted}}}
	closed, all := CloseSum(offices, hidden)
	if t.Closed = all; all {
		return t
	}
	for i, c := range Sum(offices) {
		v := Num(c.N)
		if closed[i] {
			v = Value{Closed: true}
		}
		t.Rows = append(t.Rows, Row{c.Key, c.Label, []Value{v}})
	}
	return t
}
