package pagetable

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
)

var (
	// averaged are values that do not add up to their total.
	averaged = lazy.Regexp(`(?i)persen|%|rata|kepadatan|density|rasio|ratio|laju|jarak|tinggi|produktivitas|hasil per|per km|per ha|kw/ha|ku/ha|ton/ha|indeks|suhu|kelembaban|tekanan|umur|usia|tahun berdiri|koordinat|bujur|lintang|harga`)
	// measured is what has decimals, where it is printed without.
	measured = lazy.Regexp(`(?i)\b(?:luas|produksi|hasil|panen|panjang|ha|ton|kw|kuintal|kg|m2|m²|km|km2|km²)\b`)
	sums     = lazy.Regexp(`(?i)^(?:jumlah|total)\b`)
)

// leastTold is in how many tables a book must use a mark in one way, and in none in
// another, to be believed where a table alone does not tell.
const leastTold = 3

// readNumbers finds out what the numbers of all tables are: how a table writes them, else
// which way its sums agree, else how the other tables of the book write theirs.
func (r *Reader) readNumbers() {
	all := make([]marks, len(r.tables))
	dots, commas := map[use]int{}, map[use]int{}
	for i, t := range r.tables {
		m := marksOf(t.texts())
		if t.contradict = m.contradict(); !t.contradict && m.undecided() {
			m = t.bySums(m)
		}
		dots[m.dot]++
		commas[m.comma]++
		all[i] = m
	}
	for i, t := range r.tables {
		m := all[i]
		if m.undecided() && !m.spaced {
			if m.dot == unknown && dots[thousands] >= leastTold && dots[decimal]+dots[both]+commas[thousands] == 0 {
				m.dot = thousands
			}
			if m.comma == unknown && commas[thousands] >= leastTold && commas[decimal]+commas[both]+dots[thousands] == 0 {
				m.comma = thousands
			}
		}
		t.settle(m)
	}
}

// texts are all cells of numeric columns.
func (t *table) texts() (out []string) {
	for _, r := range t.rows {
		for k, c := range r.cells {
			if t.columns[k].numeric && !r.doubt[k] {
				out = append(out, c.Text)
			}
		}
	}
	return out
}

// bySums is what the marks are for when only one way makes the sums agree.
func (t *table) bySums(m marks) marks {
	try := func(u use) (as marks, good bool, agree int) {
		as = m
		if as.dot == unknown {
			as.dot = u
		}
		if as.comma == unknown {
			as.comma = u
		}
		t.settle(as)
		right, wrong := t.prove()
		return as, right >= 2 && wrong == 0, right
	}
	groups, good, some := try(thousands)
	decimals, fine, other := try(decimal)
	switch {
	case good && (!fine || other == 0):
		return groups
	case fine && (!good || some == 0):
		return decimals
	}
	return m
}

// settle reads the numbers of a table.
func (t *table) settle(m marks) {
	t.proof = nil
	for k := range t.columns {
		c := &t.columns[k]
		c.lapses, c.proved, c.fails = 0, false, false
		for i := range t.rows {
			cell := &t.rows[i].cells[k]
			v, ok := m.value(cell.Text)
			if t.rows[i].doubt[k] {
				v, ok = "", false
			}
			if cell.Value = v; !ok {
				c.lapses++
			}
		}
		c.kept = c.numeric && c.lapses*4 <= len(t.rows)
	}
}

// unread tells whether something stands in a cell that cannot be read.
func unread(c conversation.DataCell) bool {
	return c.Value == "" && c.Text != "" && !none().MatchString(c.Text)
}

// prove checks the sums that the table has; right and wrong are how many agree.
func (t *table) prove() (right, wrong int) {
	t.down(&right, &wrong)
	t.across(&right)
	if wrong > 2*right {
		for k := range t.columns {
			t.columns[k].fails = true
		}
	}
	return right, wrong
}

// down adds up each column and compares it with its total.
func (t *table) down(right, wrong *int) {
	last := len(t.rows) - 1
	if !t.rows[last].total || last < 2 {
		return
	}
	var agree []string
	for k := range t.columns {
		c := &t.columns[k]
		if !c.kept {
			continue
		}
		var column []string
		unreadable := false
		for _, r := range t.rows {
			column = append(column, r.cells[k].Value)
			unreadable = unreadable || unread(r.cells[k])
		}
		column = column[:last]
		total := t.rows[last].cells[k]
		if unreadable || total.Text == "" {
			continue
		}
		switch fit := adds(column, total.Value); {
		case fit == agrees:
			c.proved = true
			*right++
			agree = append(agree, strconv.Itoa(c.number))
		case fit == nothing, total.Value == "" && strings.Trim(total.Text, "-–— ") != "":
		case measured().MatchString(strings.Join(append(t.title, c.header...), " ")) && rounded(column, total.Value):
		case averaged().MatchString(strings.Join(c.header, " ")),
			averaged().MatchString(strings.Join(t.title, " ")) && !sums().MatchString(t.title[0]):
		default:
			c.fails = true
			*wrong++
		}
	}
	if len(agree) > 0 {
		t.proof = append(t.proof, "rows add up to their total in columns "+strings.Join(agree, ", "))
	}
}

// across adds up the columns that a column called Jumlah is the sum of.
func (t *table) across(right *int) {
	for k := range t.columns {
		c := t.columns[k]
		if !c.kept || !slices.ContainsFunc(c.header, func(h string) bool { return sums().MatchString(h) }) {
			continue
		}
		tried := false
		for _, parts := range t.addends(k) {
			if len(parts) < 2 {
				continue
			}
			tried = true
			if good := t.sumOf(parts, k); good {
				*right++
				for _, j := range append(parts, k) {
					t.columns[j].proved = true
				}
				t.proof = append(t.proof, fmt.Sprintf("column %d is the sum of %d others in each row", c.number, len(parts)))
				tried = false
				break
			}
		}
		_ = tried
	}
}

// addends are the sets of columns that column k may be the sum of.
func (t *table) addends(k int) (out [][]int) {
	c := t.columns[k]
	leaf := len(c.header) - 1
	var before, siblings, same []int
	for j, o := range t.columns {
		if j == k || !o.kept {
			continue
		}
		total := slices.ContainsFunc(o.header, func(h string) bool { return sums().MatchString(h) })
		if j < k && !total {
			before = append(before, j)
		}
		if j < k && total {
			before = nil
		}
		if !total && len(o.header) == len(c.header) && leaf > 0 {
			if slices.Equal(o.header[:leaf], c.header[:leaf]) {
				siblings = append(siblings, j)
			}
			if o.header[leaf] == c.header[leaf] {
				same = append(same, j)
			}
		}
	}
	return [][]int{siblings, same, before}
}

// sumOf tells whether a column is the sum of others in each row, and not of nothing.
func (t *table) sumOf(parts []int, k int) bool {
	some := 0
	for _, r := range t.rows {
		values := []string{}
		unreadable := unread(r.cells[k])
		for _, j := range parts {
			values = append(values, r.cells[j].Value)
			unreadable = unreadable || unread(r.cells[j])
		}
		if unreadable {
			continue
		}
		switch adds(values, r.cells[k].Value) {
		case differs:
			return false
		case agrees:
			some++
		}
	}
	return some >= 2
}

type fit int

const (
	differs fit = iota
	nothing     // they agree, and so would much else
	agrees
)

// adds compares a sum with its parts. Whole numbers must agree to the last digit;
// decimals may have been rounded one by one. Fewer than two parts that are not zero
// prove nothing.
func adds(parts []string, total string) fit {
	sum, some, decimals := 0.0, 0, places(total)
	for _, p := range parts {
		v, _ := strconv.ParseFloat(p, 64) // "" is none
		sum += v
		if v != 0 {
			some++
		}
		if n := places(p); n > 0 && (decimals == 0 || n < decimals) {
			decimals = n // what is rounded most says how near the sum can be
		}
	}
	want, _ := strconv.ParseFloat(total, 64)
	slack := 1e-6
	if decimals > 0 {
		slack = math.Pow10(-decimals) * (0.51 + 0.5*float64(some))
	}
	switch {
	case math.Abs(sum-want) > slack:
		return differs
	case some < 2:
		return nothing
	}
	return agrees
}

// rounded tells whether whole numbers, each rounded by itself, may have this total.
func rounded(parts []string, total string) bool {
	sum, some := 0.0, 0
	for _, p := range append(parts, total) {
		if places(p) > 0 {
			return false
		}
	}
	for _, p := range parts {
		v, _ := strconv.ParseFloat(p, 64)
		sum += v
		if v != 0 {
			some++
		}
	}
	want, _ := strconv.ParseFloat(total, 64)
	return some > 1 && math.Abs(sum-want) <= 0.5*float64(some+1)
}

func places(v string) int {
	if i := strings.IndexByte(v, '.'); i >= 0 {
		return len(v) - i - 1
	}
	return 0
}
