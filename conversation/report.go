package conversation

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Report is what happened at the desk in a period, in a form that every writer of it
// walks through in the same way: what a figure is called, its key and its chart come
// with it. Nothing in it lets one person be recognised: see [Cell].
type Report struct {
	Period   Period
	Office   string // its name
	Code     string // its four digits
	Made     time.Time
	Sections []Section
}

// Section is a chapter of a report.
type Section struct {
	Key, Name string
	Notes     []string // sentences that go with it
	Numbers   []Number
	Tables    []Table
}

// Number is one named figure.
type Number struct {
	Key, Name string
	Unit      Unit
	Value     Value
}

// Unit says how a number is meant and written.
type Unit string

const (
	Counted Unit = "jumlah"
	Seconds Unit = "detik"
	Share   Unit = "bagian" // of 1
	Points  Unit = "nilai"  // with two decimals
	Words   Unit = "kata"
)

// Value is a number that may be unknown (there was nothing to work it out from) or
// closed (it would tell of fewer than [LeastVoices] people).
type Value struct {
	N      float64
	Word   string // of the unit Words
	Known  bool
	Closed bool
}

// Num is a known value.
func Num[T int | int64 | float64](n T) Value { return Value{N: float64(n), Known: true} }

// Chart is how the first column of a table is drawn.
type Chart string

const (
	NoChart Chart = ""
	Bars    Chart = "batang" // lying, one a row
	Columns Chart = "kolom"  // standing, in the order of time
)

// Table is one table of a report.
type Table struct {
	Key, Name string
	Head      string // over the labels of its rows
	Columns   []Column
	Rows      []Row
	Chart     Chart
	Top       float64 // what a bar of full length is; 0: the longest
	Empty     string  // the sentence in place of a table without rows, or of nothing but zeros
	Closed    bool    // it would tell of fewer than three people: it has no rows
}

// Column is a column of values.
type Column struct {
	Key, Name string
	Unit      Unit
}

// Row is a row of a table: its key is stable, its label for people.
type Row struct {
	Key, Label string
	Values     []Value
}

// Bare tells whether there is nothing in the table to show.
func (t Table) Bare() bool {
	for _, r := range t.Rows {
		if len(r.Values) == 0 || slices.ContainsFunc(r.Values, func(v Value) bool {
			return v.Closed || v.Word != "" ||
				v.N != 0
		}) {
			return false
		}
	}
	return true
}

// Sentence is what stands in the place of a table that has nothing to show; "" where
// it has.
func (t Table) Sentence() string {
	switch {
	case t.Closed:
		return "Tidak ditampilkan: menyangkut kurang dari 3 orang."
	case t.Bare():
		return or(t.Empty, "Tidak ada pada periode ini.")
	}
	return ""
}

// Number finds a figure by its key; the zero Value when there is none.
func (r Report) Number(key string) Value {
	for _, s := range r.Sections {
		for _, n := range s.Numbers {
			if n.Key == key {
				return n.Value
			}
		}
	}
	return Value{}
}

// Table finds a table by its key.
func (r Report) Table(key string) Table {
	for _, s := range r.Sections {
		for _, t := range s.Tables {
			if t.Key == key {
				return t
			}
		}
	}
	return Table{}
}

// At is the first value of the row with this key.
func (t Table) At(key string) Value {
	for _, r := range t.Rows {
		if r.Key == key && len(r.Values) > 0 {
			return r.Values[0]
		}
	}
	return Value{}
}

// ClosedWord is what stands in the place of a closed number; ClosedNote says why.
const (
	ClosedWord = "ditutup"
	ClosedNote = "angka yang menyangkut kurang dari 3 orang, atau dapat dipakai menghitung angka yang demikian, ditutup."
)

// Basis names the rules that the figures follow.
const Basis = "Nilai SKM menurut PermenPANRB 14/2017 dan Pedoman Menteri PANRB 9/2024. Hari menurut jam kantor (WIB, " +
	"kecuali kantor di zona lain); hari kerja tanpa hari libur. Pengaduan tentang petugas tidak dihitung di sini."

// Write writes a value for people.
func (u Unit) Write(v Value) string {
	switch {
	case v.Closed:
		return ClosedWord
	case !v.Known:
		return "-"
	case u == Words:
		return v.Word
	case u == Seconds:
		return spoken(time.Duration(v.N * float64(time.Second)))
	case u == Share:
		return fmt.Sprintf("%.0f%%", 100*v.N)
	case u == Points:
		return decimals(int(math.Round(100 * v.N)))
	}
	return grouped(int(v.N))
}

// spoken writes a length of time: "45 detik", "2 menit 5 detik", "3 jam 10 menit", "4
// hari 2 jam".
func spoken(d time.Duration) string {
	d = d.Round(time.Second)
	pair := func(big, small time.Duration, of, and string) string {
		s := fmt.Sprintf("%d %s", d/big, of)
		if rest := d % big / small; rest > 0 {
			s += fmt.Sprintf(" %d %s", rest, and)
		}
		return s
	}
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d detik", int(d.Seconds()))
	case d < time.Hour:
		return pair(time.Minute, time.Second, "menit", "detik")
	case d < 48*time.Hour:
		return pair(time.Hour, time.Minute, "jam", "menit")
	}
	return pair(24*time.Hour, time.Hour, "hari", "jam")
}

// Quantile is the q-quantile (0…1) of durations by the nearest rank; 0 for none. The
// durations are put in order.
func Quantile(d []time.Duration, q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	if !slices.IsSorted(d) {
		slices.Sort(d)
	}
	i := int(q*float64(len(d))+0.999999) - 1
	return d[max(0, min(i, len(d)-1))]
}

// Promised is the time that the published standard promises, from the guest book to
// the excerpt.
const Promised = 5 * time.Minute

// WithinFive is the share (0…1) of durations of at most five minutes; 0 for none.
func WithinFive(d []time.Duration) float64 {
	n := 0
	for _, x := range d {
		if x <= Promised {
			n++
		}
	}
	if len(d) == 0 {
		return 0
	}
	return float64(n) / float64(len(d))
}

// Slug makes a key of a label: "D4/S1" is "d4_s1".
func Slug(label string) string {
	parts := strings.FieldsFunc(strings.ToLower(label), func(r rune) bool {
		return (r < 'a' || r > 'z') &&
			(r < '0' || r > '9')
	})
	return strings.Join(parts, "_")
}
