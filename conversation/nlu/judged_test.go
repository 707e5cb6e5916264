package nlu

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var lists = map[string][]string{
	Gender:    {"Laki-laki", "Perempuan", "Tidak ingin menyebutkan"},
	Education: {"Tidak/belum sekolah", "SD/sederajat", "SMP/sederajat", "SMA/sederajat", "D1-D3", "D4/S1", "S2", "S3"},
	Work: {"Pelajar/mahasiswa", "Peneliti/dosen", "ASN/TNI/Polri", "BUMN/BUMD", "Pegawai swasta", "Wiraswasta",
		"Lainnya"},
	Origin:     {"Belitung Timur", "Belitung", "Kep. Babel lainnya", "Luar Babel", "Luar negeri"},
	Disability: {"Tidak ada", "Penglihatan", "Pendengaran/wicara", "Gerak", "Lainnya"},
	Purpose:    {"Tugas sekolah/kuliah", "Skripsi/tesis/disertasi", "Penelitian", "Perencanaan", "Evaluasi", "Lainnya"},
	Mode:       {"Di ruang PST (di tempat)", "Dari tempat lain (daring)"},
	Cards:      {"KTP", "SIM", "Paspor", "Kartu lain (pelajar, mahasiswa, KIA, KITAS)"},
}

func optionsOf(list string) []Option {
	keys := map[string][]string{Mode: {"onsite", "online"}, Cards: {"ktp", "sim", "paspor", "other"}}[list]
	var out []Option
	for i, l := range lists[list] {
		o := Option{Label: l, Key: fmt.Sprint("k", i)}
		if keys != nil {
			o.Key = keys[i]
		}
		out = append(out, o)
	}
	return out
}

// heard reads a slot and writes the answer as the judged tables do.
func heard(m *Message, slot string) (string, Sureness) {
	flag := func(ok bool) (string, Sureness) {
		if ok {
			return "yes", Sure
		}
		return "", None
	}
	switch slot {
	case "yesno":
		a := m.YesNo("kirim", "daftarkan")
		return map[bool]string{true: "yes", false: "no"}[a.Value], a.Sureness
	case "card":
		a := m.Card(optionsOf(Cards))
		return strings.TrimSpace(fmt.Sprint(a.Value.Option, " ", a.Value.Number.Value)), a.Sureness
	case "cardnumber":
		a := m.CardNumber("ktp")
		return a.Value.Value, a.Sureness
	case "paspor":
		a := m.CardNumber("paspor")
		return a.Value.Value, a.Sureness
	case "expiry":
		a := m.Expiry()
		if a.Value.Forever {
			return "forever", a.Sureness
		}
		return fmt.Sprintf("%d/%d", a.Value.Month, a.Value.Year), a.Sureness
	case "email":
		a := m.Email()
		return a.Value, a.Sureness
	case "code":
		a := m.Code()
		return a.Value, a.Sureness
	case "birthyear":
		a := m.BirthYear(2026)
		return strconv.Itoa(a.Value), a.Sureness
	case "name":
		a := m.Name()
		return a.Value, a.Sureness
	case "institution":
		a := m.Institution()
		if a.Value.Nowhere {
			return "nowhere", a.Sureness
		}
		return a.Value.Name, a.Sureness
	case "pages":
		a := m.Pages()
		return a.Value.written(), a.Sureness
	case "rating":
		a := m.Rating()
		if a.Value.Skip {
			return "skip", a.Sureness
		}
		return strconv.Itoa(a.Value.Score), a.Sureness
	case "line":
		a := m.Line(5)
		return strconv.Itoa(a.Value), a.Sureness
	case "edition":
		a := m.Edition()
		if a.Value.Year > 0 {
			return strconv.Itoa(a.Value.Year), a.Sureness
		}
		return [...]string{"any", "older", "newer", "newest", "oldest"}[a.Value.Order], a.Sureness
	case "paging":
		a := m.Paging()
		return [...]string{"", "next", "previous", "back"}[a.Value], a.Sureness
	case "end":
		return flag(m.Ends())
	case "thanks":
		return flag(m.Thanks())
	case "farewell":
		return flag(m.Farewell())
	case "greeting":
		greets, rest := m.Greeting()
		if !greets {
			return "no greeting", Sure
		}
		return rest, Sure
	}
	a := m.Choice(slot, optionsOf(slot))
	return strconv.Itoa(a.Value), a.Sureness
}

func (p Pages) written() string {
	var ranges, more []string
	for _, r := range p.Ranges {
		s := strconv.Itoa(r.From)
		if r.To != r.From {
			s += "-" + strconv.Itoa(r.To)
		}
		ranges = append(ranges, s)
	}
	if len(ranges) > 0 {
		more = append(more, strings.Join(ranges, ","))
	}
	for _, f := range []struct {
		on   bool
		word string
	}{{p.All, "all"}, {p.Last, "last"}, {p.First, "first"}, {p.Rest, "rest"}, {p.Chapter != "", "chapter=" + p.Chapter},
		{p.Table != "", "table=" + p.Table}, {p.Figure != "", "figure=" + p.Figure}, {p.Numbering == Printed, "printed"},
		{p.Numbering == File, "file"}, {p.Named, "named"}, {p.Add, "add"}} {
		if f.on {
			more = append(more, f.word)
		}
	}
	return strings.Join(more, " ")
}

func rows(t *testing.T, file string) [][]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, line := range strings.Split(string(data), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

// Floors of the judged tables: the share of what must be accepted, by slot, and
// all of what must be refused.
const floor = 0.97

func TestJudgedAnswers(t *testing.T) {
	accepted, all := map[string]int{}, map[string]int{}
	right, total := 0, 0
	for _, r := range rows(t, "testdata/judged.tsv") {
		slot, class, typed, want := r[0], r[1], r[2], r[3]
		got, s := heard(Default().Hear(typed), slot)
		ok := false
		switch class {
		case "accept":
			ok = s == Sure && got == want
		case "confirm":
			ok = s != None && got == want
		case "notsure":
			ok = s != Sure
		case "refuse":
			ok = s == None
		default:
			t.Fatalf("class %q", class)
		}
		kind := slot + " " + class
		all[kind]++
		if ok {
			accepted[kind]++
		}
		nothing := class == "refuse" || class == "notsure"
		if !nothing {
			total++
			if ok {
				right++
			}
		}
		if !ok && nothing {
			t.Errorf("%s: %q was taken as %q (%v)", kind, typed, got, s)
		} else if !ok {
			t.Logf("%s: %q heard as %q (%v), want %q", kind, typed, got, s, want)
		}
	}
	var kinds []string
	for k := range all {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		t.Logf("%-22s %3d of %3d", k, accepted[k], all[k])
	}
	t.Logf("to accept: %d of %d", right, total)
	if float64(right) < floor*float64(total) {
		t.Errorf("%d of %d answers are heard, fewer than %.0f%%", right, total, 100*floor)
	}
}

func TestJudgedIntents(t *testing.T) {
	right, total := 0, 0
	for _, r := range rows(t, "testdata/intents.tsv") {
		want, typed := r[0], r[1]
		a := Default().Hear(typed).Intent()
		if want == "none" {
			if a.Heard() {
				t.Errorf("%q is no question about the service, but was heard as %+v", typed, a)
			}
			continue
		}
		total++
		if a.Heard() && a.Value.Intent == want {
			right++
		} else {
			t.Logf("%q heard as %+v, want %s", typed, a, want)
		}
	}
	t.Logf("intents: %d of %d", right, total)
	if float64(right) < floor*float64(total) {
		t.Errorf("%d of %d questions are heard, fewer than %.0f%%", right, total, 100*floor)
	}
}
