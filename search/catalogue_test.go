package search

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pst/conversation"
)

// The kecamatan in the order of their codes, 010, 020 …
var districts = []string{"Dendang", "Simpang Pesak", "Gantung", "Simpang Renggiang", "Manggar", "Damar",
	"Kelapa Kampit"}

var monthNames = []string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
	"Oktober", "November", "Desember"}

type office struct{ code, level, name string }

// generate makes a catalogue from testdata/series.tsv in the shape of the real
// ones: the own office, three neighbours, the province, the nation, and more
// regencies of other provinces.
func generate(tb testing.TB, more int) []conversation.Publication {
	tb.Helper()
	offices := []office{
		{"1906", "k", "Kabupaten Belitung Timur"}, {"1902", "k", "Kabupaten Belitung"}, {"1901", "k", "Kabupaten Bangka"},
		{"1971", "k", "Kota Pangkalpinang"}, {"1900", "p", "Provinsi Kepulauan Bangka Belitung"}, {"0000", "n", "Indonesia"},
	}
	ones, twos := strings.Fields("Suka Tanjung Muara Kota Bukit Lubuk Sungai Rimba Padang Teluk Karang"),
		strings.Fields("Maju Mekar Indah Makmur Jaya Raya Sejahtera Baru Asri Lestari")
	for i := range more {
		offices = append(offices, office{strconv.Itoa(3201 + i + i/98), "k", "Kabupaten " + ones[i/len(twos)%len(ones)] +
			" " + twos[i%len(twos)]})
	}
	var out []conversation.Publication
	eachLine(tb, "testdata/series.tsv", func(line string) {
		f := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") {
			return
		}
		for _, o := range offices {
			if strings.Contains(f[1], o.level) {
				out = append(out, editions(tb, f, o, "", "")...)
			}
			for i, d := range districts {
				if f[1] == "c" && o.code == "1906" {
					out = append(out, editions(tb, f, o, d, fmt.Sprintf("%03d", 10*(i+1)))...)
				}
			}
		}
	})
	for i := range out {
		out[i].ID = fmt.Sprintf("%024x", 0xabc000000+i)
	}
	return out
}

// editions makes one series of an office or a kecamatan.
func editions(tb testing.TB, f []string, o office, district, code string) []conversation.Publication {
	var years []int
	if from, to, ok := strings.Cut(f[2], "-"); ok {
		for y := atoi(tb, from); y <= atoi(tb, to); y++ {
			years = append(years, y)
		}
	} else {
		for _, y := range strings.Split(f[2], ",") {
			years = append(years, atoi(tb, y))
		}
	}
	var out []conversation.Publication
	for _, y := range years {
		for i, month := range monthNames {
			if i > 0 && !strings.Contains(f[0], "{M}") {
				break
			}
			name := o.name
			if y < 2016 && o.level == "k" && strings.Contains(f[0], "Dalam Angka") { // as titles were then
				name = strings.TrimPrefix(name, "Kabupaten ")
			}
			fill := strings.NewReplacer("{A}", name, "{K}", district, "{Y}", strconv.Itoa(y), "{Y4}", strconv.Itoa(y-4), "{Y1}",
				strconv.Itoa(y-1), "{M}", month)
			released := fmt.Sprintf("%d-06-15", y+1)
			if f[3] == "1" {
				released = fmt.Sprintf("%d-02-28", y)
			}
			out = append(out, conversation.Publication{
				Office: o.code, Title: fill.Replace(f[0]), Abstract: fill.Replace(f[5]), Year: y, Released: released,
				CatalogNo: f[4] + "." + o.code + code, PublicationNo: fmt.Sprintf("%s0.%02d%02d", o.code, y%100, i+1),
			})
		}
	}
	return out
}

func atoi(tb testing.TB, s string) int {
	tb.Helper()
	n, err := strconv.Atoi(s)
	must(tb, err)
	return n
}

// A title is found by the words it begins with, whatever stands before the name of the
// kabupaten: "desa" is no word of kind of a kabupaten's.
func TestATitleIsFoundByItsFirstWords(t *testing.T) {
	titles := []string{"Potensi Desa Beltim 2022", "Pemetaan Dusun Belitung Timur 2021",
		"Batas Kelurahan Pangkalpinang 2020",
		"Neraca Kepulauan Bangka Belitung 2019", "Direktori Kota Pangkalpinang 2018"}
	var ps []conversation.Publication
	for i, title := range titles {
		ps = append(ps, conversation.Publication{ID: strconv.Itoa(i), Office: "1906", Title: title, Year: 2022 - i})
	}
	c := mustOpen(t, t.TempDir(), newLibrary(ps...))
	for i, title := range titles {
		words := strings.Join(strings.Fields(title)[:2], " ")
		r, err := c.Search(t.Context(), conversation.Query{Text: words, Limit: 5})
		if err != nil || len(r.Hits) == 0 || r.Hits[0].ID != strconv.Itoa(i) {
			t.Errorf("%q finds %+v, %v", words, r.Hits, err)
		}
	}
}
