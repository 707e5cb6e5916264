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
var skmNames = [SurveyItems]string{"Persyaratan", "Sistem, mekanisme, dan prosedur", "Waktu penyelesaian",
	"Biaya/tarif",
	"Produk spesifikasi jenis pelayanan", "Kompetensi pelaksana", "Perilaku pelaksana", "Sarana dan prasarana",
	"Penanganan pengaduan, saran, dan masukan"}

// Section is [SurveySection] of one office.
func (s SKM) Section() Section { return SurveySection(s) }

// sumOf are the answers of all offices.
func sumOf(offices []SKM) SKM {
	out := SKM{Who: map[string]map[string]int{}}
	for _, s := range offices {
		out.Respondents += s.Respondents
		for i, item := range s.Items {
			out.Items[i].Sum, out.Items[i].Answered = out.Items[i].Sum+item.Sum, out.Items[i].Answered+item.Answered
		}
		for what, values := range s.Who {
			if out.Who[what] == nil {
				out.Who[what] = map[string]int{}
			}
			for value, n := range values {
				out.Who[what][value] += n
			}
		}
	}
	return out
}

// respondents are those of an office, none of whom is known.
func (s SKM) respondents(office int) People { return Crowd(s.Respondents, office) }

// SurveySection tells the survey of one office, or of all answers of several: the index
// by both methods, the items, and who answered. What fewer than three answered is
// closed, and no index is told where one could work out such a mean from it.
func SurveySection(offices ...SKM) Section {
	s := sumOf(offices)
	out := Section{Key: "skm", Name: "Survei Kepuasan Masyarakat (SKM)",
		Numbers: []Number{{"skm_responden", "Responden", Counted, Num(s.Respondents)}}}
	var each []People
	for i, o := range offices {
		each = append(each, o.respondents(i))
	}
	index, ok := s.IKM()
	switch {
	case s.Respondents == 0:
	case s.Respondents < LeastVoices:
		out.Notes = []string{"IKM tidak ditampilkan: responden kurang dari 3 orang."}
	case !ok:
		out.Notes = []string{"IKM belum dapat dihitung: ada unsur yang belum dijawab seorang pun."}
	case !Tellable(each...):
		out.Notes = []string{
			"IKM tidak ditampilkan: nilai satu kantor dengan kurang dari 3 responden dapat dihitung darinya.",
		}
	default:
		exact := Hundredths(index)
		weighted, _ := s.Weighted()
		letter, words := Grade(exact)
		out.Numbers = append(out.Numbers, Number{"ikm", "IKM", Points, Num(float64(exact) / 100)},
			Number{"ikm_bobot_011", "IKM dengan bobot 0,11", Points, Num(float64(Hundredths(weighted)) / 100)},
			Number{"ikm_mutu", "Mutu pelayanan", Words, Value{Word: letter + " (" + words + ")", Known: true}})
	}
	out.Tables = append(out.Tables, itemsOf(offices, s))
	for _, c := range skmWho {
		values := slices.Sorted(maps.Keys(s.Who[c.key]))
		var parts [][]Cell
		for at, o := range offices {
			rest := o.Respondents
			var cells []Cell
			for _, value := range values {
				n := o.Who[c.key][value]
				rest -= n
				cells = append(cells, Cell{Slug(value), value, n, Crowd(n, at<<16+len(cells))})
			}
			parts = append(parts, append(cells, Cell{"tidak_diisi", "Tidak diisi", rest, Crowd(rest, at<<16+len(cells))}))
		}
		out.Tables = append(out.Tables, BreakdownOf("skm_"+c.slug, "Responden menurut "+c.name, "Responden", Bars, parts))
	}
	return out
}

// itemsOf are the means of the nine items, of all answers.
func itemsOf(offices []SKM, s SKM) Table {
	t := Table{Key: "skm_unsur", Name: "Nilai rata-rata tiap unsur (1 sampai 4)", Head: "Unsur", Chart: Bars, Top: 4,
		Columns: []Column{{"nilai", "Nilai", Points}, {"jawaban", "Jawaban", Counted}},
		Empty:   "Belum ada responden pada periode ini."}
	if t.Closed = s.Respondents > 0 && s.Respondents < LeastVoices; t.Closed || s.Respondents == 0 {
		return t
	}
	closed := s.closedItems()
	if len(offices) > 1 {
		var parts [][]Cell
		var hidden [][]bool
		for at, o := range offices {
			var cells []Cell
			for _, item := range o.Items {
				cells = append(cells, Cell{N: item.Answered, People: Crowd(item.Answered, at)})
			}
			parts, hidden = append(parts, cells), append(hidden, o.closedItems())
		}
		if closed, t.Closed = CloseSum(parts, hidden); t.Closed {
			return t
		}
	}
	for i, item := range s.Items {
		row := Row{Key: fmt.Sprint("u", i+1), Label: fmt.Sprintf("U%d %s", i+1, skmNames[i]),
			Values: []Value{{}, Num(item.Answered)}}
		switch {
		case closed[i]:
			row.Values = []Value{{Closed: true}, {Closed: true}}
		case item.Answered > 0:
			row.Values[0] = Num(float64(Hundredths(big.NewRat(int64(item.Sum), int64(item.Answered)))) / 100)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// closedItems are the items whose mean an office does not tell: those that fewer than
// three answered, and all where fewer than three did. One closed by itself could be
// worked out from the index: with it the next that the fewest answered is closed.
func (s SKM) closedItems() []bool {
	closed := make([]bool, SurveyItems)
	if s.Respondents > 0 && s.Respondents < LeastVoices {
		return slices.Repeat([]bool{true}, SurveyItems)
	}
	n, fewest := 0, -1
	for i, item := range s.Items {
		switch {
		case item.Answered > 0 && item.Answered < LeastVoices:
			closed[i] = true
			n++
		case item.Answered > 0 && (fewest < 0 || item.Answered < s.Items[fewest].Answered):
			fewest = i
		}
	}
	if n == 1 && fewest >= 0 {
		closed[fewest] = true
	}
	return closed
}

// skmWho are the characteristics of respondents that the report tells.
var skmWho = []struct{ key, slug, name string }{{"gender", "jenis_kelamin", "jenis kelamin"}, {"age", "umur", "umur"},
	{"education", "pendidikan", "pendidikan"}, {"work", "pekerjaan", "pekerjaan"}}
