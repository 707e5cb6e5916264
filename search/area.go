package search

import (
	"slices"
	"strings"
)

// level is how far down an area stands.
type level int

const (
	national level = iota
	province
	regency // kabupaten or kota
	district
	country // another one than ours
)

// area is a place that publications are about.
type area struct {
	office string // the office that publishes about it, "1906"
	level  level
	name   string   // lower-case words: "simpang pesak"
	title  string   // as people read it
	kind   string   // "Kabupaten"; of the areas with an office
	others []string // other ways to write the name
	alone  bool     // only an area after a word of kind ("kota batu")
	away   bool     // a place of the table of the world, none of those we know to hold
	part   bool     // the name is that of a village; the area is its kecamatan
}

// kinds are the words before a name that say what kind of area it is.
var kinds = map[string]level{
	"kecamatan": district, "kec": district, "distrik": district,
	"kabupaten": regency, "kab": regency, "kota": regency,
	"provinsi": province, "prov": province, "propinsi": province,
	"pulau": -1, "kepulauan": -1, "negara": country, "desa": -1, "kelurahan": -1, "dusun": -1,
}

func isKind(w string) bool { _, ok := kinds[w]; return ok }

// villageKinds are the words before the name of a village.
var villageKinds = map[string]bool{"desa": true, "kelurahan": true, "dusun": true}

// atlas finds areas in texts: those of the table and those learned from titles.
type atlas struct {
	byName  map[string][]area // every name and other name
	longest int               // words of the longest name
	parts   map[string]bool   // single words of the places of the world
}

func newAtlas(areas ...[]area) *atlas {
	a := &atlas{byName: map[string][]area{}, parts: map[string]bool{}}
	for _, list := range areas {
		for _, ar := range list {
			names := append([]string{ar.name}, ar.others...)
			if ar.part {
				names = ar.others
			}
			for _, name := range names {
				a.add(name, ar)
				if joined := strings.ReplaceAll(name, " ", ""); len(joined) > 5 {
					a.add(joined, ar) // "simpangpesak"
				}
			}
		}
	}
	return a
}

func (a *atlas) add(name string, ar area) {
	for _, have := range a.byName[name] {
		if have.office == ar.office && have.level == ar.level && have.name == ar.name && have.alone == ar.alone {
			return
		}
	}
	a.byName[name] = append(a.byName[name], ar)
	a.longest = max(a.longest, 1+strings.Count(name, " "))
}

// at finds the longest area name that starts at ws[i]. A word such as
// "kecamatan" before it chooses among areas of the same name; without one, an
// area of the own office is preferred, then the wider one. n counts the words
// used, the word of kind included; 0 means none.
func (a *atlas) at(ws []string, i int, own string) (found area, n int) {
	start, want := i, level(-1)
	if k, ok := kinds[ws[i]]; ok {
		start, want = i+1, k
	}
	whole := 0 // words of a name that begins with the word of kind: "kota baru"
	if start > i {
		found, whole = a.plain(ws, i)
	}
	for l := min(a.longest, len(ws)-start); l > 0 && l >= whole; l-- {
		list := a.byName[strings.Join(ws[start:start+l], " ")]
		list = slices.DeleteFunc(slices.Clone(list), func(ar area) bool {
			switch {
			case start == i:
				return ar.alone
			case villageKinds[ws[i]]:
				return !ar.part
			}
			return ar.part && want != district // no village is a kota
		})
		if len(list) == 0 {
			continue
		}
		best := list[0]
		for _, ar := range list[1:] {
			if a.rank(ar, want, own) > a.rank(best, want, own) {
				best = ar
			}
		}
		return best, start - i + l
	}
	return found, whole
}

// plain is at without looking at words of kind.
func (a *atlas) plain(ws []string, i int) (area, int) {
	for l := min(a.longest, len(ws)-i); l > 0; l-- {
		for _, ar := range a.byName[strings.Join(ws[i:i+l], " ")] {
			if !ar.alone {
				return ar, l
			}
		}
	}
	return area{}, 0
}

func (a *atlas) rank(ar area, want level, own string) int {
	r := -int(ar.level)
	if ar.level == want {
		r += 20
	}
	if ar.office == own {
		r += 10
	}
	if ar.part { // a kecamatan of the name, whose books are here, is meant before a village
		r -= 15
	}
	return r
}

// nameEnds are words at which the name of an area in a title is over.
var nameEnds = map[string]bool{
	"dalam": true, "menurut": true, "tahun": true, "angka": true, "agustus": true, "februari": true, "maret": true,
	"hasil": true, "tahap": true, "per": true, "semester": true, "triwulan": true, "dan": true,
	"in": true, "kabupaten": true, "provinsi": true, "kota": true, "kecamatan": true, "di": true, "statistik": true,
	"berdasarkan": true, "berbasis": true, "atas": true, "bulan": true,
}

// learn reads the area that a title is about from a word of kind and the
// capitalised words after it: "Kecamatan Ambulu Dalam Angka 2022".
func learn(title, office string) (area, bool) {
	ts := tokens(title)
	capitals := strings.ToLower(title) != title
	for i, t := range ts {
		lv, ok := kinds[t.text]
		if !ok || lv < 0 {
			continue
		}
		var name []string
		end := t.end
		for _, n := range ts[i+1:] {
			small := title[n.start] >= 'a' && title[n.start] <= 'z'
			first := len(name) == 0 && isKind(n.text) && lv == district // "Kecamatan Kota Baru"
			if len(name) == 4 || nameEnds[n.text] && !first || hasDigit(n.text) || len(name) == 0 && small && capitals ||
				strings.ContainsAny(title[end:n.start], ":;,()") {
				break
			}
			name = append(name, n.text)
			end = n.end
		}
		if len(name) == 0 || t.end == end || len(name) == 1 && isKind(name[0]) {
			continue
		}
		return area{office: office, level: lv, name: strings.Join(name, " "),
			title: strings.TrimSpace(title[ts[i+1].start:end])}, true
	}
	return area{}, false
}

// levelOf is the level that an office's code stands for.
func levelOf(office string) level {
	switch {
	case office == "0000":
		return national
	case strings.HasSuffix(office, "00"):
		return province
	}
	return regency
}

// inside tells whether an area is a part of another.
func (a area) inside(b area) bool {
	switch {
	case a.level <= b.level:
		return false
	case b.level == national:
		return true
	case b.level == province:
		return provinceOf(a.office) == b.office
	}
	return a.office == b.office
}

// without drops the words of an area's name, and the word of kind before them,
// from a list of words; it tells whether the name was there.
func (a area) without(ws []string) ([]string, bool) {
	for _, name := range append([]string{a.name}, a.others...) {
		n := strings.Fields(name)
		for i := 0; i+len(n) <= len(ws); i++ {
			if !slices.Equal(ws[i:i+len(n)], n) {
				continue
			}
			from := i
			if from > 0 {
				if _, ok := kinds[ws[from-1]]; ok && a.level != district && !villageKinds[ws[from-1]] { // "Potensi Desa Beltim"
					from--
				}
			}
			return slices.Concat(ws[:from], ws[i+len(n):]), true
		}
	}
	return ws, false
}
