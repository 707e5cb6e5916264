package conversation

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// solved tells which unknowns of linear equations can be worked out: those whose unit
// vector is a sum of the rows.
func solved(rows [][]float64, n int) []bool {
	rank := 0
	for col := 0; col < n && rank < len(rows); col++ {
		best := rank
		for r := rank; r < len(rows); r++ {
			if math.Abs(rows[r][col]) > math.Abs(rows[best][col]) {
				best = r
			}
		}
		if math.Abs(rows[best][col]) < 1e-9 {
			continue
		}
		rows[rank], rows[best] = rows[best], rows[rank]
		for i := n - 1; i >= col; i-- {
			rows[rank][i] /= rows[rank][col]
		}
		for r := range rows {
			if f := rows[r][col]; r != rank && math.Abs(f) > 1e-12 {
				for i := range n {
					rows[r][i] -= f * rows[rank][i]
				}
			}
		}
		rank++
	}
	out := make([]bool, n)
	for _, row := range rows[:rank] {
		at, count := -1, 0
		for i, v := range row {
			if math.Abs(v) > 1e-9 {
				at, count = i, count+1
			}
		}
		if count == 1 {
			out[at] = true
		}
	}
	return out
}

// Whatever offices there are: from the sum and the offices' own reports nobody can work
// out a cell that an office closes, nor what fewer than three people of all did.
func TestASumGivesNoClosedCellBack(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 8))
	told, cellsInAll := 0, 0
	for n := range 4000 {
		offices, cells := 2+r.IntN(6), 2+r.IntN(6)
		var parts [][]Cell
		for at := range offices {
			var part []Cell
			for i := range cells {
				n := max(0, r.IntN(14)-3)
				if r.IntN(3) == 0 {
					n *= 10
				}
				part = append(part, Cell{Key: fmt.Sprint(i), N: n, People: Crowd(n, at*100+i)})
			}
			parts = append(parts, part)
		}
		hidden := CloseEach(parts)
		closed, all := CloseSum(parts, hidden)
		if all {
			closed = slices.Repeat([]bool{true}, cells)
		}
		sum := Sum(parts)
		// Unknown are what offices keep, then what is closed of the sum.
		at := func(office, cell int) int { return office*cells + cell }
		unknowns := (offices + 1) * cells
		var rows [][]float64
		for o := range offices {
			row := make([]float64, unknowns)
			for i := range cells {
				if hidden[o][i] {
					row[at(o, i)] = 1
				}
			}
			rows = append(rows, row)
		}
		alone := solved(cloned(rows), unknowns)
		whole := make([]float64, unknowns)
		for i := range cells {
			row := make([]float64, unknowns)
			kept, keeping := People{}, 0
			for o := range offices {
				if hidden[o][i] {
					row[at(o, i)] = 1
					kept.Join(parts[o][i].People)
					keeping++
				}
			}
			if keeping > 0 && kept.Few() && !closed[i] {
				t.Fatalf("%d: what few people of all did is the sum's cell %d without what offices tell", n, i)
			}
			if closed[i] {
				row[at(offices, i)] = -1
				whole[at(offices, i)] = 1
			} else {
				told++
				if sum[i].N > 0 && sum[i].People.Few() {
					t.Fatalf("%d: cell %d of %d by few people is told", n, i, sum[i].N)
				}
			}
			cellsInAll++
			rows = append(rows, row)
		}
		rows = append(rows, whole) // the whole is told
		now := solved(rows, unknowns)
		for o := range offices {
			for i := range cells {
				if hidden[o][i] && now[at(o, i)] && !alone[at(o, i)] {
					t.Fatalf("%d: of %v hidden %v, the sum with %v closed tells cell %d of office %d", n, parts, hidden, closed, i, o)
				}
			}
		}
	}
	if told*4 < cellsInAll {
		t.Errorf("only %d of %d cells are told", told, cellsInAll)
	}
	t.Logf("%d of %d cells are told", told, cellsInAll)
}

func cloned(rows [][]float64) (out [][]float64) {
	for _, r := range rows {
		out = append(out, slices.Clone(r))
	}
	return out
}

func TestWhatMayBeToldOfASum(t *testing.T) {
	for _, c := range []struct {
		name string
		each []People
		want bool
	}{
		{"one office of three", []People{Crowd(3, 1)}, true},
		{"one office of two", []People{Crowd(2, 1)}, false},
		{"two offices of one each", []People{Crowd(1, 1), Crowd(1, 2)}, false},
		{"two offices of two each", []People{Crowd(2, 1), Crowd(2, 2)}, true},
		{"an office of two beside one of nine", []People{Crowd(2, 1), Crowd(9, 2)}, false},
		{"two of few beside one of nine", []People{Crowd(1, 1), Crowd(2, 2), Crowd(9, 3)}, true},
		{"two of one beside one of nine", []People{Crowd(1, 1), Crowd(1, 2), Crowd(9, 3)}, false},
		{"an office without any", []People{{}, Crowd(9, 2)}, true},
	} {
		if got := Tellable(c.each...); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// A sum in time is not cut finer than the office that had to tell by weeks.
func TestASumInTimeIsNoFinerThanAnyOffices(t *testing.T) {
	cells := func(at int, keys []string, n ...int) (out []Cell) {
		for i, key := range keys {
			out = append(out, Cell{Key: key, Label: key, N: n[i], People: Crowd(n[i], 10*at+i)})
		}
		return out
	}
	days, weeks := []string{"2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"}, []string{"2026-11-01", "2026-11-03"}
	busy := [][]Cell{cells(1, days, 9, 9, 9, 9), cells(1, weeks, 18, 18)}
	quiet := [][]Cell{cells(2, days, 2, 2, 2, 2), cells(2, weeks, 4, 4)}
	both := BreakdownInTime("", "", "", Columns, [][][]Cell{{busy[0], quiet[0]}, {busy[1], quiet[1]}})
	if len(both.Rows) != 2 || both.Rows[0].Values[0].N != 22 {
		t.Errorf("beside an office by weeks: %+v", both.Rows)
	}
	alone := BreakdownInTime("", "", "", Columns, [][][]Cell{{busy[0]}, {busy[1]}})
	if len(alone.Rows) != 4 {
		t.Errorf("one office by days: %+v", alone.Rows)
	}
	// Days of few people that one office closes stay closed in the sum's weeks where
	// those are its alone.
	mixed := [][]Cell{cells(3, days, 2, 7, 8, 9), cells(3, weeks, 9, 17)}
	if got := blurred(mixed[1], mixed[0], []bool{true, true, false, false}); !slices.Equal(got, []bool{true, false}) {
		t.Errorf("blurred are %v", got)
	}
	if got := blurred(cells(4, []string{"2026-11-01", "2026-11-02"}, 5, 5), cells(4, weeks, 5, 5),
		[]bool{false, false}); !slices.Equal(got, []bool{true, true}) {
		t.Errorf("spans that reach into another: %v", got)
	}
}
