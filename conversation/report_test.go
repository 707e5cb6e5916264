package conversation

import (
	"testing"
	"time"
)

// spans makes durations of whole minutes.
func spans(minutes ...int) []time.Duration {
	var d []time.Duration
	for _, m := range minutes {
		d = append(d, time.Duration(m)*time.Minute)
	}
	return d
}

func TestQuantile(t *testing.T) {
	ten := spans(10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
	for _, c := range []struct {
		name string
		of   []time.Duration
		q    float64
		want int
	}{
		{"the median of none", nil, 0.5, 0},
		{"the median of one", spans(7), 0.5, 7},
		{"p90 of one", spans(7), 0.9, 7},
		{"the median of two is the lower", spans(8, 2), 0.5, 2},
		{"the median of three", spans(9, 1, 5), 0.5, 5},
		{"the median of ten is the fifth", ten, 0.5, 5},
		{"p90 of ten is the ninth", ten, 0.9, 9},
		{"p91 of ten is the last", ten, 0.91, 10},
		{"p90 of eleven is the tenth", append(spans(11), ten...), 0.9, 10},
		{"the smallest", ten, 0, 1},
		{"the greatest", ten, 1, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Quantile(c.of, c.q); got != time.Duration(c.want)*time.Minute {
				t.Errorf("got %s, want %d min", got, c.want)
			}
		})
	}
}

func TestWithinFive(t *testing.T) {
	exact := []time.Duration{5 * time.Minute, 5*time.Minute + time.Nanosecond}
	for _, c := range []struct {
		name string
		of   []time.Duration
		want float64
	}{
		{"none", nil, 0}, {"all", spans(1, 2, 5), 1}, {"one of four", spans(4, 6, 7, 60), 0.25},
		{"five minutes exactly is within", exact, 0.5},
	} {
		if got := WithinFive(c.of); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, jakarta) }

// What staff may name a period with, as people do, on 26 November 2026.
func TestPeriodsAreRead(t *testing.T) {
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, jakarta)
	for typed, want := range map[string]string{
		"": "2026-11", "11/2026": "2026-11", "11": "2026-11", "11-2026": "2026-11", "november 2026": "2026-11",
		"November": "2026-11",
		"nov 2026": "2026-11", "nopember": "2026-11", "bulan november": "2026-11", "bulan ini": "2026-11",
		"bulan lalu": "2026-10",
		"desember":   "2025-12", "12": "2025-12", "desember 2026": "2026-12", "02/2025": "2025-02",
		"pebruari 2025": "2025-02",
		"mei":           "2026-05",
		"triwulan 4":    "2026-T4", "triwulan iv": "2026-T4", "tw 1 2026": "2026-T1", "triwulan 3/2025": "2025-T3",
		"triwulan pertama": "2026-T1",
		"triwulan":         "2026-T4", "triwulan ini": "2026-T4", "triwulan lalu": "2026-T3",
		"kuartal 2 tahun 2024": "2024-T2",
		"triwulan 2026 2":      "2026-T2",
		"2026":                 "2026", "tahun 2026": "2026", "tahun ini": "2026", "tahun lalu": "2025", "tahunan": "2026",
		"tahun":   "2026",
		"13/2026": "", "0/2026": "", "triwulan 5": "", "april mop": "", "triwulan november": "", "kemarin sore": "",
		"1999": "", "3 4 2026": "", "32": "",
	} {
		p, err := ParsePeriod(typed, now)
		if got := p.Key(); err != nil && want != "" || err == nil && got != want {
			t.Errorf("%q is %q (%v), want %q", typed, got, err, want)
		}
	}
	january := time.Date(2027, 1, 2, 0, 0, 0, 0, jakarta)
	for typed, want := range map[string]string{"bulan lalu": "2026-12", "desember": "2026-12", "triwulan lalu": "2026-T4",
		"triwulan 4": "2026-T4", "": "2027-01"} {
		if p, err := ParsePeriod(typed, january); err != nil || p.Key() != want {
			t.Errorf("in January %q is %q (%v), want %q", typed, p.Key(), err, want)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	f.Add("triwulan 4 2026")
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, jakarta)
	f.Fuzz(func(t *testing.T, typed string) {
		p, err := ParsePeriod(typed, now)
		if err == nil && (!p.From.Before(p.To) || p.months() == 0 || p.Title() == "" || len(p.Cuts()[0]) == 0) {
			t.Errorf("%q is %v", typed, p)
		}
	})
}

// A period is named and cut as people do, over ends of years, and every day of it is in
// one slot.
func TestPeriodsAreCut(t *testing.T) {
	for _, c := range []struct {
		p                         Period
		title, first, last, label string
		slots                     int
	}{
		{Months(day(2026, 2, 9), 1), "Februari 2026", "2026-02-01", "2026-02-28", "1", 28},
		{Months(day(2028, 2, 1), 1), "Februari 2028", "2028-02-01", "2028-02-29", "1", 29},
		{Months(day(2026, 10, 1), 3), "Triwulan IV 2026", "2026-10-01", "2026-12-28", "1/10", 14},
		{Months(day(2026, 1, 1), 12), "Tahun 2026", "2026-01-01", "2026-12-01", "Jan 26", 12},
		{Days(day(2026, 12, 30), day(2027, 1, 2)), "30 Desember 2026 sampai 2 Januari 2027", "2026-12-30", "2027-01-02", "30",
			4},
		{Days(day(2026, 11, 1), day(2026, 11, 15)), "1-15 November 2026", "2026-11-01", "2026-11-15", "1", 15},
		{Days(day(2026, 11, 5), day(2026, 11, 5)), "5 November 2026", "2026-11-05", "2026-11-05", "5", 1},
		{Days(day(2020, 6, 1), day(2026, 11, 15)), "1 Juni 2020 sampai 15 November 2026", "2020-06-01", "2026-01-01", "2020",
			7},
	} {
		slots := c.p.Cuts()[0]
		if c.p.Title() != c.title || len(slots) != c.slots || slots[0].Key != c.first || slots[0].Label != c.label ||
			slots[len(slots)-1].Key != c.last {
			t.Errorf("%s has %d slots from %+v to %+v, want %+v", c.p.Title(), len(slots), slots[0], slots[len(slots)-1], c)
		}
		for i, s := range slots {
			if !s.From.Before(s.To) || i > 0 && !s.From.Equal(slots[i-1].To) {
				t.Errorf("%s: slot %d is %+v", c.title, i, s)
			}
		}
		if !slots[0].From.Equal(c.p.From) || !slots[len(slots)-1].To.Equal(c.p.To) {
			t.Errorf("%s is not covered", c.title)
		}
	}
}

// People are counted to three, whoever they are.
func people(ids ...int64) (p People) {
	for _, id := range ids {
		p.Add(id)
	}
	return p
}

// A closed cell is not told, and cannot be worked out from the total and the others.
func TestClosedCellsCannotBeWorkedOut(t *testing.T) {
	cell := func(n int, ids ...int64) Cell { return Cell{N: n, People: people(ids...)} }
	for name, c := range map[string]struct {
		cells  []Cell
		closed string // a letter a cell: x closed, o open; "all"
	}{
		"enough everywhere":                   {[]Cell{cell(3, 1, 2, 3), cell(0), cell(9, 4, 5, 6)}, "ooo"},
		"nobody":                              {[]Cell{cell(0), cell(0)}, "oo"},
		"one alone takes the smallest along":  {[]Cell{cell(1, 1), cell(8, 2, 3, 4), cell(5, 5, 6, 7), cell(0)}, "xoxo"},
		"many visits of one person":           {[]Cell{cell(7, 1), cell(8, 2, 3, 4), cell(9, 5, 6, 7)}, "xxo"},
		"two of one person each take another": {[]Cell{cell(4, 1), cell(3, 2), cell(9, 5, 6, 7)}, "xxx"},
		"three ones could only be ones":       {[]Cell{cell(1, 1), cell(1, 2), cell(1, 3), cell(6, 4, 5, 6)}, "xxxx"},
		"three ones alone":                    {[]Cell{cell(1, 1), cell(1, 2), cell(1, 3), cell(0)}, "all"},
		"one visit":                           {[]Cell{cell(1, 1), cell(0)}, "all"},
		"three people, two and one":           {[]Cell{cell(2, 1, 2), cell(1, 3), cell(6, 4, 5, 6)}, "xxo"},
		"nothing left to take along":          {[]Cell{cell(2, 1, 2), cell(0), cell(0)}, "all"},
		"the erased are one person":           {[]Cell{cell(9, 0, 0, 0), cell(9, 1, 2, 3), cell(9, 4, 5, 6)}, "xxo"},
	} {
		closed, all := Close(c.cells)
		got := ""
		for _, x := range closed {
			got += map[bool]string{true: "x", false: "o"}[x]
		}
		if all {
			got = "all"
		}
		if got != c.closed {
			t.Errorf("%s: %s, want %s", name, got, c.closed)
		}
	}
}

// Whatever the cells are: those that are closed have at least two solutions, given the
// total, the open ones, and that none of them is 0.
func FuzzClose(f *testing.F) {
	f.Add([]byte{1, 8, 5, 0})
	f.Fuzz(func(t *testing.T, counts []byte) {
		var cells []Cell
		for i, n := range counts[:min(len(counts), 12)] {
			cells = append(cells, Cell{N: int(n % 12), People: Crowd(int(n%12), i)})
		}
		closed, all := Close(cells)
		if all {
			return
		}
		n, sum := 0, 0
		for i, c := range cells {
			if closed[i] {
				n, sum = n+1, sum+c.N
			} else if c.N == 1 || c.N == 2 {
				t.Fatalf("%v: %d is told", cells, c.N)
			}
		}
		if n == 1 || n > 0 && sum <= n {
			t.Fatalf("%v: what is closed can be worked out", cells)
		}
	})
}

func TestReportForAChat(t *testing.T) {
	r := Report{Period: Months(day(2026, 2, 1), 1), Sections: []Section{
		{Key: "kunjungan", Name: "Kunjungan", Numbers: []Number{{"kunjungan", "Kunjungan", Counted, Num(0)}},
			Tables: []Table{Breakdown("m", "Menurut mode", "Mode", Bars, []Cell{{Key: "a", Label: "Di tempat"}})}},
		{Key: "pengaduan", Name: "Pengaduan", Numbers: []Number{{"masuk", "Masuk", Counted, Num(0)}}},
	}}
	if got, want := r.Text(), "*Laporan PST Februari 2026*\nKunjungan: 0"; got != want {
		t.Errorf("an empty month:\n%s\nwant\n%s", got, want)
	}
	r.Sections[0].Numbers[0].Value = Num(1234)
	r.Sections[0].Tables[0] = Breakdown("m", "Menurut mode", "Mode", Bars, []Cell{{"a", "Di tempat", 1, people(1)},
		{"b", "Daring", 1200, people(1, 2, 3)},
		{"c", "Surat", 33, people(1, 2, 3)}, {"d", "Lain", 0, people()}})
	r.Sections[1].Numbers = append(r.Sections[1].Numbers, Number{"w", "Median", Seconds, Num(125)},
		Number{"p", "Paling lama 5 menit", Share, Num(0.5)})
	want := "*Laporan PST Februari 2026*\nKunjungan: 1.234\n\n*Menurut mode*\nDaring: 1.200\n\n" +
		"*Pengaduan*\nMedian: 2 menit 5 detik\nPaling lama 5 menit: 50%\n\nTidak semua rincian ditampilkan: " + ClosedNote
	if got := r.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTimesAreSpoken(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0 detik", 45 * time.Second: "45 detik",
		125 * time.Second: "2 menit 5 detik",
		3 * time.Hour:     "3 jam", 3*time.Hour + 10*time.Minute: "3 jam 10 menit", 98 * time.Hour: "4 hari 2 jam"} {
		if got := spoken(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}

// A comment does not say who wrote it.
func TestCommentsHaveNoFace(t *testing.T) {
	r := Reader{Name: "Siti Aminah Ba", Profile: Profile{Institution: "SMA 1 Manggar"}}
	for said, want := range map[string]string{
		"Saya SITI dari sma 1 manggar, lama sekali":       "Saya … dari … 1 …, lama sekali",
		"hubungi 0812-3456 7890 atau siti@contoh.test ya": "hubungi … atau … ya",
		"antre 15 menit,\nkursinya kurang":                "antre 15 menit, kursinya kurang",
		"Ba bagus":                                        "Ba bagus",
	} {
		if got := Faceless(said, r); got != want {
			t.Errorf("%q is told as %q, want %q", said, got, want)
		}
	}
}
