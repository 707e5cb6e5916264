package conversation

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
)

// SurveyItems is how many items the survey of public satisfaction (SKM) has: U1
// requirements, U2 procedure, U3 time, U4 cost, U5 product, U6 competence and U7
// conduct of staff, U8 facilities, U9 complaints (PermenPANRB 14/2017).
const SurveyItems = 9

// Survey is what one respondent answered, without the person.
type Survey struct {
	Month   string           // "2026-11", of the office's clock
	Answers [SurveyItems]int // 1 (worst) to 4; 0 for an item passed over
	Who     map[string]string
}

// SKM are the answers of many, and who they were by the usual characteristics.
type SKM struct {
	Respondents int
	Items       [SurveyItems]SKMItem
	Who         map[string]map[string]int // characteristic -> value -> respondents
}

// SKMItem are the answers to one item: an item's mean is over those who answered it.
type SKMItem struct{ Sum, Answered int }

// IKM is the index of public satisfaction, 25 to 100: the mean of the nine item means
// times 25, exact (PermenPANRB 14/2017). ok is false while an item has no answer.
func (s SKM) IKM() (index *big.Rat, ok bool) { return s.index(big.NewRat(25, SurveyItems)) }

// Weighted is the index as many offices write it, with the weight of an item rounded
// to 0.11: nine of it are 0.99, so that the best is 99.
func (s SKM) Weighted() (index *big.Rat, ok bool) { return s.index(big.NewRat(25*11, 100)) }

func (s SKM) index(each *big.Rat) (*big.Rat, bool) {
	sum := new(big.Rat)
	for _, i := range s.Items {
		if i.Answered == 0 {
			return sum, false
		}
		sum.Add(sum, big.NewRat(int64(i.Sum), int64(i.Answered)))
	}
	return sum.Mul(sum, each), true
}

// Hundredths rounds to two decimals, halves upwards.
func Hundredths(r *big.Rat) int {
	twice := new(big.Int).Mul(r.Num(), big.NewInt(200))
	twice.Add(twice, r.Denom())
	return int(twice.Div(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64())
}

// Grade is the class of an index given in hundredths, that is rounded before it is
// classed (PermenPANRB 14/2017).
func Grade(hundredths int) (letter, words string) {
	switch {
	case hundredths >= 8831:
		return "A", "Sangat Baik"
	case hundredths >= 7661:
		return "B", "Baik"
	case hundredths >= 6500:
		return "C", "Kurang Baik"
	}
	return "D", "Tidak Baik"
}

func decimals(hundredths int) string { return fmt.Sprintf("%d,%02d", hundredths/100, hundredths%100) }

// skmNames are the nine items, as the regulation calls them.
var skmNames = [SurveyItems]string{"Persyaratan", "Sistem, mekanisme, dan prosedur", "Waktu penyelesaian", "Biaya/tarif",
	"Produk spesifikasi jenis pelayanan", "Kompetensi pelaksana", "Perilaku pelaksana", "Sarana dan prasarana",
	"Penanganan pengaduan, saran, dan masukan"}

// Section tells the survey: the index by both methods, the items, and who answered.
// What fewer than three answered is closed, and no index is told where one could work
// out such a mean from it.
func (s SKM) Section() Section {
	out := Section{Key: "skm", Name: "Survei Kepuasan Masyarakat (SKM)",
		Numbers: []Number{{"skm_responden", "Responden", Counted, Num(s.Respondents)}}}
	index, ok := s.IKM()
	switch {
	case s.Respondents == 0:
	case s.Respondents < LeastVoices:
		out.Notes = []string{"IKM tidak ditampilkan: responden kurang dari 3 orang."}
	case !ok:
		out.Notes = []string{"IKM belum dapat dihitung: ada unsur yang belum dijawab seorang pun."}
	default:
		exact := Hundredths(index)
		weighted, _ := s.Weighted()
		letter, words := Grade(exact)
		out.Numbers = append(out.Numbers, Number{"ikm", "IKM", Points, Num(float64(exact) / 100)},
			Number{"ikm_bobot_011", "IKM dengan bobot 0,11", Points, Num(float64(Hundredths(weighted)) / 100)},
			Number{"ikm_mutu", "Mutu pelayanan", Words, Value{Word: letter + " (" + words + ")", Known: true}})
	}
	out.Tables = append(out.Tables, s.items())
	for _, c := range skmWho {
		rest := s.Respondents
		var cells []Cell
		for _, value := range slices.Sorted(maps.Keys(s.Who[c.key])) {
			n := s.Who[c.key][value]
			rest -= n
			cells = append(cells, Cell{Slug(value), value, n, Crowd(n, len(cells))})
		}
		cells = append(cells, Cell{"tidak_diisi", "Tidak diisi", rest, Crowd(rest, len(cells))})
		out.Tables = append(out.Tables, Breakdown("skm_"+c.slug, "Responden menurut "+c.name, "Responden", Bars, cells))
	}
	return out
}

// items are the means of the nine items. One closed by itself could be worked out from
// the index: with it the next that the fewest answered is closed.
func (s SKM) items() Table {
	t := Table{Key: "skm_unsur", Name: "Nilai rata-rata tiap unsur (1 sampai 4)", Head: "Unsur", Chart: Bars, Top: 4,
		Columns: []Column{{"nilai", "Nilai", Points}, {"jawaban", "Jawaban", Counted}}, Empty: "Belum ada responden pada periode ini."}
	if t.Closed = s.Respondents > 0 && s.Respondents < LeastVoices; t.Closed || s.Respondents == 0 {
		return t
	}
	var closed []int
	fewest := -1
	for i, item := range s.Items {
		switch {
		case item.Answered > 0 && item.Answered < LeastVoices:
			closed = append(closed, i)
		case item.Answered > 0 && (fewest < 0 || item.Answered < s.Items[fewest].Answered):
			fewest = i
		}
	}
	if len(closed) == 1 {
		closed = append(closed, fewest)
	}
	for i, item := range s.Items {
		row := Row{Key: fmt.Sprint("u", i+1), Label: fmt.Sprintf("U%d %s", i+1, skmNames[i]), Values: []Value{{}, Num(item.Answered)}}
		switch {
		case slices.Contains(closed, i):
			row.Values = []Value{{Closed: true}, {Closed: true}}
		case item.Answered > 0:
			row.Values[0] = Num(float64(Hundredths(big.NewRat(int64(item.Sum), int64(item.Answered)))) / 100)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// skmWho are the characteristics of respondents that the report tells.
var skmWho = []struct{ key, slug, name string }{{"gender", "jenis_kelamin", "jenis kelamin"}, {"age", "umur", "umur"},
	{"education", "pendidikan", "pendidikan"}, {"work", "pekerjaan", "pekerjaan"}}
