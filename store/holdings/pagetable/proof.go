package pagetable

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pst/store/holdings/internal/lazy"
)

var (
	// averaged are values that do not add up to their total.
	averaged = lazy.Regexp(`(?i)persen|%|rata|kepadatan|density|rasio|ratio|laju|jarak|tinggi|produktivitas|hasil per|per km|per ha|kw/ha|ku/ha|ton/ha|indeks|suhu|kelembaban|tekanan|umur|usia|tahun berdiri|koordinat|bujur|lintang|harga`)
	sums     = lazy.Regexp(`(?i)^(?:jumlah|total)\b`)
)

// prove checks the sums that the table has; right and wrong are how many agree.
func (t *table) prove() (right, wrong int) {
	t.down(&right, &wrong)
	t.across(&right)
	if wrong > right {
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
		for _, r := range t.rows[:last] {
			column = append(column, r.cells[k].Value)
		}
		total := t.rows[last].cells[k]
		switch fit := adds(column, total.Value); {
		case fit == agrees:
			c.proved = true
			*right++
			agree = append(agree, strconv.Itoa(c.number))
		case fit == nothing, total.Value == "" && strings.Trim(total.Text, "-–— ") != "":
		case averaged().MatchString(strings.Join(c.header, " ")), averaged().MatchString(strings.Join(t.title, " ")) && !sums().MatchString(t.title[0]):
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
		var values []string
		for _, j := range parts {
			values = append(values, r.cells[j].Value)
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
		decimals = max(decimals, places(p))
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

func places(v string) int {
	if i := strings.IndexByte(v, '.'); i >= 0 {
		return len(v) - i - 1
	}
	return 0
}
