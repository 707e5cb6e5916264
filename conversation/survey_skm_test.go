package conversation

import (
	"math/big"
	"testing"
)

// skmOf are answers of n respondents with these totals of the nine items.
func skmOf(n int, totals ...int) SKM {
	s := SKM{Respondents: n}
	for i, total := range totals {
		s.Items[i] = SKMItem{Sum: total, Answered: n}
	}
	return s
}

// The golden case of the service's rules, and by hand: items passed over, one
// respondent, none.
func TestIKM(t *testing.T) {
	skipped := skmOf(2, 8, 8, 8, 8, 8, 8, 8, 8, 8)
	skipped.Items[2] = SKMItem{Sum: 1, Answered: 1} // 8 items of 4 and one of 1: 33/9*25
	unanswered := skmOf(1, 4, 4, 4, 4, 4, 4, 4, 4, 4)
	unanswered.Items[8] = SKMItem{}
	for name, c := range map[string]struct {
		of              SKM
		exact, weighted string
		letter          string
	}{
		"golden":                  {skmOf(29, 105, 101, 100, 116, 102, 105, 106, 105, 115), "91,48", "90,56", "A"},
		"all best":                {skmOf(1, 4, 4, 4, 4, 4, 4, 4, 4, 4), "100,00", "99,00", "A"},
		"all worst":               {skmOf(3, 3, 3, 3, 3, 3, 3, 3, 3, 3), "25,00", "24,75", "D"},
		"an item passed over":     {skipped, "91,67", "90,75", "A"},
		"an item nobody answered": {unanswered, "", "", ""},
		"nobody":                  {SKM{}, "", "", ""},
	} {
		exact, ok := c.of.IKM()
		weighted, _ := c.of.Weighted()
		if ok != (c.exact != "") {
			t.Errorf("%s: there is an index: %v", name, ok)
		}
		if !ok {
			continue
		}
		letter, _ := Grade(Hundredths(exact))
		if got := decimals(Hundredths(exact)); got != c.exact || letter != c.letter {
			t.Errorf("%s: IKM %s %s, want %s %s", name, got, letter, c.exact, c.letter)
		}
		if got := decimals(Hundredths(weighted)); got != c.weighted {
			t.Errorf("%s: weighted %s, want %s", name, got, c.weighted)
		}
	}
}

// An index is rounded to two decimals, then classed.
func TestGradeIsOfTheRoundedIndex(t *testing.T) {
	for _, c := range []struct {
		thousandths int64
		letter      string
	}{{88304, "B"}, {88305, "A"}, {88310, "A"}, {76604, "C"}, {76605, "B"}, {64994, "D"}, {64995, "C"}, {65000, "C"},
		{100000, "A"}} {
		if letter, _ := Grade(Hundredths(big.NewRat(c.thousandths, 1000))); letter != c.letter {
			t.Errorf("%d thousandths are %s, want %s", c.thousandths, letter, c.letter)
		}
	}
}

// told are the numbers of a section that are not closed, by their keys.
func told(s Section) map[string]string {
	out := map[string]string{}
	for _, n := range s.Numbers {
		out[n.Key] = n.Unit.Write(n.Value)
	}
	for _, tab := range s.Tables {
		for _, r := range tab.Rows {
			out[tab.Key+"."+r.Key] = tab.Columns[0].Unit.Write(r.Values[0])
		}
	}
	return out
}

// Nothing that fewer than three answered is told, nor what one could work it out from.
func TestSKMShowsNobody(t *testing.T) {
	got := told(skmOf(2, 8, 8, 8, 8, 8, 8, 8, 8, 8).Section())
	if got["skm_responden"] != "2" || len(got) != 1 {
		t.Errorf("of two respondents is told: %v", got)
	}
	if got := told(SKM{}.Section()); got["skm_responden"] != "0" || got["ikm"] != "" {
		t.Errorf("of nobody is told: %v", got)
	}
	s := skmOf(29, 105, 101, 100, 116, 102, 105, 106, 105, 115)
	got = told(s.Section())
	if got["ikm"] != "91,48" || got["ikm_bobot_011"] != "90,56" || got["ikm_mutu"] != "A (Sangat Baik)" ||
		got["skm_unsur.u4"] != "4,00" {
		t.Errorf("the golden case is told as %v", got)
	}
	s.Items[8] = SKMItem{Sum: 7, Answered: 2}
	s.Items[2] = SKMItem{Sum: 90, Answered: 28}
	s.Who = map[string]map[string]int{"gender": {"Perempuan": 20, "Laki-laki": 7}, "education": {"S3": 1, "S1": 28}}
	got = told(s.Section())
	for key, want := range map[string]string{"skm_unsur.u9": ClosedWord, "skm_unsur.u3": ClosedWord,
		"skm_unsur.u1":                "3,62",
		"skm_jenis_kelamin.perempuan": "20", "skm_jenis_kelamin.laki_laki": ClosedWord,
		"skm_jenis_kelamin.tidak_diisi": ClosedWord,
		"skm_pendidikan.s3":             ClosedWord, "skm_pendidikan.s1": ClosedWord} {
		if got[key] != want {
			t.Errorf("%s is told as %q, want %q", key, got[key], want)
		}
	}
}

func TestAgeGroups(t *testing.T) {
	for age, want := range map[int]string{14: "sampai 20 tahun", 20: "sampai 20 tahun", 21: "21-30 tahun",
		30: "21-30 tahun",
		41: "41-50 tahun", 50: "41-50 tahun", 51: "di atas 50 tahun", 2026: ""} {
		if got := AgeGroup(age); got != want {
			t.Errorf("%d years are %q, want %q", age, got, want)
		}
	}
}

// The index of several offices is of all answers by its formula: not the mean of theirs.
func TestTheSurveyOfSeveralOfficesIsOfAllAnswers(t *testing.T) {
	of := func(respondents, score int) SKM {
		s := SKM{Respondents: respondents}
		for i := range s.Items {
			s.Items[i] = SKMItem{Sum: respondents * score, Answered: respondents}
		}
		return s
	}
	ikm := func(offices ...SKM) Value {
		return Report{Sections: []Section{SurveySection(offices...)}}.Number("ikm")
	}
	if got := ikm(of(30, 4), of(10, 2)); got.N != 87.5 { // (120+20)/40 x 25; the mean of theirs is 75
		t.Errorf("IKM %+v, want 87.5", got)
	}
	for name, offices := range map[string][]SKM{"one of two respondents": {of(30, 4), of(2, 1)},
		"two of one": {of(30, 4), of(1, 1), of(1, 2)}} {
		r := Report{Sections: []Section{SurveySection(offices...)}}
		if r.Number("ikm").Known || !r.Table("skm_unsur").Closed && !r.Table("skm_unsur").Rows[0].Values[0].Closed {
			t.Errorf("%s: the sum tells %+v, %+v", name, r.Number("ikm"), r.Table("skm_unsur"))
		}
		if n := r.Number("skm_responden").N; n != 32 {
			t.Errorf("%s: %v respondents", name, n)
		}
	}
	if got := ikm(of(30, 4), of(2, 1), of(2, 1)); got.N < 91.1 || got.N > 91.3 {
		t.Errorf("two of two respondents: %+v", got)
	}
}
