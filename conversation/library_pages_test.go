package conversation

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestLimit(t *testing.T) {
	for pages, want := range map[int]int{-5: 0, 0: 0, 1: 0, 4: 0, 5: 1, 9: 1, 10: 2, 14: 2, 15: 3, 100: 20, 120: 24,
		361: 72, 1000: 200} {
		if got := Limit(pages); got != want {
			t.Errorf("of %d pages %d may be had, want %d", pages, got, want)
		}
	}
	for pages := range 3000 {
		if got := Limit(pages); 5*got > pages || 5*(got+1) <= pages {
			t.Fatalf("%d of %d pages is not the most that 20%% allows", got, pages)
		}
	}
}

func TestParsePages(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		err              error
	}{
		{"one page", "12", "12", nil},
		{"ranges and pages", "12-18, 25", "12-18,25", nil},
		{"no space after the comma", "12-18,25", "12-18,25", nil},
		{"spaces alone", "3 7 9", "3,7,9", nil},
		{"spaces around the dash", "12 - 18", "12-18", nil},
		{"a long dash", "12–18", "12-18", nil},
		{"a longer dash", "12 — 18", "12-18", nil},
		{"in words", "hal 12 sampai 18 dan 25", "12-18,25", nil},
		{"halaman", "Halaman 12 hingga 14", "12-14", nil},
		{"hal. against the number", "hal.12", "12", nil},
		{"s/d", "12 s/d 18", "12-18", nil},
		{"s.d.", "12 s.d. 18", "12-18", nil},
		{"an ampersand and a semicolon", "1 & 3; 5", "1,3,5", nil},
		{"over two lines", "1-3\n7", "1-3,7", nil},
		{"a range written backwards", "18-12", "12-18", nil},
		{"repeats and overlaps", "5,5,3-6,4", "3-6", nil},
		{"neighbours become a range", "1,2,3", "1-3", nil},
		{"zeros in front", "007", "7", nil},
		{"a comma too many", "1,,2,", "1-2", nil},
		{"the first and the last", "1,100", "1,100", nil},

		{"page 0", "0", "", ErrPagesRange},
		{"after the last", "101", "", ErrPagesRange},
		{"a range over the end", "99-101", "", ErrPagesRange},
		{"far after the last", "99999999999999999999999999", "", ErrPagesRange},
		{"a range without an end", "1-99999999999999999999", "", ErrPagesRange},
		{"nothing", "", "", ErrPagesSyntax},
		{"only the word", "halaman", "", ErrPagesSyntax},
		{"a dash alone", "-", "", ErrPagesSyntax},
		{"a minus", "-5", "", ErrPagesSyntax},
		{"a plus", "+5", "", ErrPagesSyntax},
		{"an open range", "12-", "", ErrPagesSyntax},
		{"three ends", "1-2-3", "", ErrPagesSyntax},
		{"a Roman number", "xii", "", ErrPagesSyntax},
		{"a fraction", "1.5", "", ErrPagesSyntax},
		{"an exponent", "1e2", "", ErrPagesSyntax},
		{"hexadecimal", "0x10", "", ErrPagesSyntax},
		{"full-width digits", "１２", "", ErrPagesSyntax},
		{"words", "semua halaman", "", ErrPagesSyntax},
		{"2,001 characters", strings.Repeat("1", 2001), "", ErrPagesSyntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParsePages(c.text, 100)
			if got.String() != c.want || !errors.Is(err, c.err) {
				t.Errorf("ParsePages(%q) = %s, %v; want %s, %v", c.text, got, err, c.want, c.err)
			}
		})
	}
}

// TestPageSetIsASet checks the algebra against maps.
func TestPageSetIsASet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := func() (PageSet, map[int]bool) {
		model := map[int]bool{}
		var pages []int
		for range r.IntN(60) {
			p := 1 + r.IntN(80)
			pages = append(pages, p)
			model[p] = true
		}
		return NewPageSet(pages...), model
	}
	same := func(what string, got PageSet, want func(p int) bool) {
		t.Helper()
		if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("%s: %v is not ascending without repeats", what, got)
		}
		for p := range 90 {
			if slices.Contains(got, p) != want(p) {
				t.Fatalf("%s: page %d is wrong in %v", what, p, got)
			}
		}
	}
	for range 2000 {
		a, inA := draw()
		b, inB := draw()
		before := [2]string{a.String(), b.String()}
		same("made", a, func(p int) bool { return inA[p] })
		same("union", a.Union(b), func(p int) bool { return inA[p] || inB[p] })
		same("minus", a.Minus(b), func(p int) bool { return inA[p] && !inB[p] })
		if after := [2]string{a.String(), b.String()}; after != before {
			t.Fatalf("the sets were changed: %v, before %v", after, before)
		}
		if len(a) > 0 {
			read, err := ParsePages(a.String(), 80)
			if err != nil || !slices.Equal(read, a) {
				t.Fatalf("%v is written %q and read %v, %v", a, a, read, err)
			}
		}
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back PageSet
		if err := json.Unmarshal(text, &back); err != nil || !slices.Equal(back, a) {
			t.Fatalf("%v is kept as %s and read %v, %v", a, text, back, err)
		}
	}
}

// TestPageSetsDoNotShare: what is made of a set, or of a part of it, leaves it alone.
func TestPageSetsDoNotShare(t *testing.T) {
	given := []int{3, 1, 2}
	NewPageSet(given...)
	set := NewPageSet(1, 2, 3)
	set[:1].Union(PageSet{9})
	set[:1].Minus(PageSet{1})
	if !slices.Equal(given, []int{3, 1, 2}) || set.String() != "1-3" {
		t.Errorf("the pages given became %v, the set %v", given, set)
	}
}

func TestPageSetRefusesBrokenJSON(t *testing.T) {
	for _, text := range []string{`"x"`, `"1-"`, `[1,2]`, `7`, `"0"`, `"100001"`, `null `} {
		var s PageSet
		err := json.Unmarshal([]byte(text), &s)
		if strings.TrimSpace(text) == "null" {
			if err != nil || len(s) != 0 {
				t.Errorf("null gives %v, %v; want the empty set", s, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s was read as %v", text, s)
		}
	}
}

func FuzzParsePages(f *testing.F) {
	for _, s := range []string{"12-18, 25", "hal 12 sampai 18 dan 25", "12–18", "18-12", "1-100000 1-100000 1-100000", "-",
		"0", "s/d", "99999999", "\xff1", "1 - - 2", "dandan"} {
		f.Add(s, 361)
	}
	f.Fuzz(func(t *testing.T, text string, last int) {
		if last > 2*MostPages {
			return
		}
		set, err := ParsePages(text, last)
		if err != nil {
			if !errors.Is(err, ErrPagesSyntax) && !errors.Is(err, ErrPagesRange) || set != nil {
				t.Fatalf("ParsePages(%q) = %v, %v", text, set, err)
			}
			return
		}
		if len(set) == 0 || set[0] < 1 || set[len(set)-1] > last {
			t.Fatalf("ParsePages(%q, %d) = %s", text, last, set)
		}
		for i := 1; i < len(set); i++ {
			if set[i] <= set[i-1] {
				t.Fatalf("ParsePages(%q) is not ascending without repeats at %d", text, i)
			}
		}
		again, err := ParsePages(set.String(), last)
		if err != nil || !slices.Equal(again, set) {
			t.Fatalf("ParsePages(%q) writes itself as %q, which is read as %v, %v", text, set, again, err)
		}
	})
}
