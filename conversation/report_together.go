package conversation

import "slices"

// A sum over several offices is read beside each office's own report, where some cells
// are closed: what the sum tells must not give them back. Let every office and every
// cell be a point, and join an office to each cell that its own report closes. An
// office's closed cells add up to what is known, and so do those of a cell whose sum is
// told. Of such equations exactly the lines that are bridges can be worked out: those
// on no round. A cell whose sum is closed is joined to one more point, which stands for
// what is not known of it. (Gusfield, A graph theoretic approach to statistical data
// security, SIAM J. Comput. 17, 1988.)

// Tellable tells whether a figure about the people of several offices may be told
// beside what each office tells: they are three or more, and so are those of the
// offices, at least two, that must close it themselves, where there are such.
func Tellable(each ...People) bool {
	all, kept, n := People{}, People{}, 0
	for _, p := range each {
		all.Join(p)
		if p.n > 0 && p.Few() {
			kept.Join(p)
			n++
		}
	}
	return !all.Few() && (len(each) == 1 || n == 0 || n >= 2 && !kept.Few())
}

// CloseEach tells for each office which of its cells its own report does not tell.
func CloseEach(parts [][]Cell) [][]bool {
	var out [][]bool
	for _, cells := range parts {
		closed, all := Close(cells)
		if all {
			closed = slices.Repeat([]bool{true}, len(cells))
		}
		out = append(out, closed)
	}
	return out
}

// CloseSum is [Close] for the sum over offices, whose cells parts lists in one order;
// hidden tells which of them an office's own report keeps.
func CloseSum(parts [][]Cell, hidden [][]bool) (closed []bool, all bool) {
	s := sums(parts, hidden)
	closed, all = closeFrom(s.cells, s.exposed())
	for !all {
		next := s.opened(closed)
		if next < 0 {
			return closed, false
		}
		closed[next] = true
		closed, all = closeFrom(s.cells, closed)
	}
	return closed, all
}

// BreakdownInTime is the breakdown of the whole of several offices in time, the finest
// that can be told. grains are the ways to cut the time, the finest first, and for each
// the offices' cells, whose keys are the first days of their spans. No sum is cut finer
// than any office's own report tells.
func BreakdownInTime(key, name, head string, chart Chart, grains [][][]Cell) Table {
	offices := len(grains[0])
	own, coarsest := make([]int, offices), 0
	for at := range offices {
		var tables []Table
		for _, parts := range grains {
			tables = append(tables, Breakdown(key, name, head, chart, parts[at]))
		}
		own[at] = finest(tables)
		coarsest = max(coarsest, own[at])
	}
	if offices == 1 {
		return Breakdown(key, name, head, chart, grains[own[0]][0])
	}
	parts := grains[coarsest]
	hidden := CloseEach(parts)
	for at, grain := range own {
		if grain < coarsest {
			hidden[at] = blurred(parts[at], grains[grain][at], CloseEach(grains[grain][at : at+1])[0])
		}
	}
	return breakdown(key, name, head, chart, parts, hidden)
}

// blurred tells which spans of time are not told by finer ones: those with a part that is
// closed, or that reaches into another span.
func blurred(spans, finer []Cell, closed []bool) []bool {
	end := func(cells []Cell, i int) string {
		if i+1 < len(cells) {
			return cells[i+1].Key
		}
		return "after"
	}
	out := make([]bool, len(spans))
	for i := range spans {
		for k, f := range finer {
			within := f.Key < end(spans, i) && end(finer, k) > spans[i].Key
			astride := f.Key < spans[i].Key || end(finer, k) > end(spans, i)
			out[i] = out[i] || within && (closed[k] || astride && f.N > 0)
		}
	}
	return out
}

// Sum adds the cells of several offices up.
func Sum(parts [][]Cell) []Cell { return sums(parts, nil).cells }

func sums(parts [][]Cell, hidden [][]bool) sum {
	s := sum{cells: slices.Clone(parts[0]), parts: parts, hidden: hidden}
	for _, part := range parts[1:] {
		for i, c := range part {
			s.cells[i].N += c.N
			s.cells[i].People.Join(c.People)
		}
	}
	return s
}

// sum is a whole that several offices have parts in.
type sum struct {
	cells  []Cell
	parts  [][]Cell
	hidden [][]bool
}

// exposed are the cells that cannot be told: what is left of each, when what offices
// tell themselves is taken away, is one office's alone, or of fewer than three people.
func (s sum) exposed() []bool {
	out := make([]bool, len(s.cells))
	for i := range s.cells {
		kept, n := People{}, 0
		for at := range s.parts {
			if s.hidden[at][i] {
				kept.Join(s.parts[at][i].People)
				n++
			}
		}
		out[i] = n == 1 && len(s.parts) > 1 || n > 1 && kept.Few()
	}
	return out
}

// opened finds a cell to be closed lest an office's closed one can be worked out; -1
// when none can.
func (s sum) opened(closed []bool) int {
	offices, cells := len(s.parts), len(s.cells)
	rest := offices + cells // the point of what is not known
	lines := make([][]int, rest+1)
	join := func(a, b int) { lines[a], lines[b] = append(lines[a], b), append(lines[b], a) }
	for i := range s.cells {
		for at := range s.parts {
			if s.hidden[at][i] {
				join(at, offices+i)
			}
		}
		if closed[i] && len(lines[offices+i]) > 0 {
			join(offices+i, rest)
		}
	}
	for _, b := range bridges(lines) {
		if b.from == rest || b.to == rest {
			continue
		}
		cell := max(b.from, b.to) - offices
		if !closed[cell] {
			return cell
		}
		// The office's other closed cells are known together; one of those that the
		// sum tells must not be.
		next := -1
		for _, p := range side(lines, min(b.from, b.to), offices+cell) {
			if i := p - offices; i >= 0 && i < cells && !closed[i] && (next < 0 || s.cells[i].N < s.cells[next].N) {
				next = i
			}
		}
		if next >= 0 {
			return next
		}
	}
	return -1
}

type line struct{ from, to int }

// bridges are the lines whose loss would part a graph.
func bridges(lines [][]int) []line {
	var out []line
	seen, low := make([]int, len(lines)), make([]int, len(lines))
	n := 0
	var visit func(p, from int)
	visit = func(p, from int) {
		n++
		seen[p], low[p] = n, n
		for _, q := range lines[p] {
			switch {
			case q == from: // no two points are joined twice
			case seen[q] > 0:
				low[p] = min(low[p], seen[q])
			default:
				visit(q, p)
				low[p] = min(low[p], low[q])
				if low[q] > seen[p] {
					out = append(out, line{p, q})
				}
			}
		}
	}
	for p := range lines {
		if seen[p] == 0 {
			visit(p, -1)
		}
	}
	return out
}

// side are the points that can be reached from one without going over another.
func side(lines [][]int, from, without int) []int {
	seen := make([]bool, len(lines))
	seen[from], seen[without] = true, true
	out := []int{from}
	for i := 0; i < len(out); i++ {
		for _, q := range lines[out[i]] {
			if !seen[q] {
				seen[q] = true
				out = append(out, q)
			}
		}
	}
	return out
}
