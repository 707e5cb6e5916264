package search

import (
	"slices"
	"strconv"
)

// title scores the title of a table, 0…1, and tells the share of the query's
// weight that stands in it.
func (m meaning) title(t *tables, title string) (score, cover float64) {
	ws := words(title)
	have := t.stems(ws)
	var sum, got, need, found float64
	for _, c := range m.concepts {
		best := 0.0
		for _, way := range c.ways {
			if containsAll(have, way.stems) {
				s := way.factor
				if len(way.stems) > 1 && !adjacent(have, way.stems) {
					s *= 0.85
				}
				best = max(best, s)
			}
		}
		weight := c.weight
		if c.optional { // a breakdown chooses between tables of one subject
			weight *= 2
		} else {
			need += weight
			found += weight * best
		}
		sum += weight
		got += weight * best
	}
	switch {
	case sum == 0 && m.table == "":
		return 0, 0
	case sum == 0:
		sum, got, need, found = 1, 1, 1, 1
	}
	cover = got / sum
	if need > 0 {
		cover = found / need
	}
	score = 0.7*cover + 0.2*got/sum + 0.1*m.unasked(t, ws, have)
	for y := m.from; m.from > 0 && y <= m.to; y++ {
		if slices.Contains(ws, strconv.Itoa(y)) {
			score += yearBonus
			break
		}
	}
	if laterPart.MatchString(title) {
		score *= laterFactor
	}
	if len(ws) > 0 && ws[0] == "gambar" {
		score *= figureFactor
	}
	return score, cover
}

// Words of table titles.
var (
	// splits are the words between what a table measures and what it is broken down by.
	splits = map[string]bool{"menurut": true, "per": true, "berdasarkan": true, "dirinci": true}
	// places and sexes are how a number is most often wanted; they cost nothing.
	usual = map[string]bool{"desa": true, "kelurahan": true, "kecamatan": true, "kabupaten": true, "jenis": true,
		"kelamin": true, "dan": true}
	// ends are the words at which the title is over, or begins again in English.
	ends = map[string]bool{"di": true, "hasil": true, "sensus": true, "proyeksi": true, "tahun": true, "number": true,
		"total": true, "population": true, "percentage": true,
		"area": true, "production": true, "harvested": true, "by": true, "of": true, "table": true, "amount": true,
		"distance": true}
)

// unasked tells how little a table's title holds beyond the query, from -1 to
// 1: of "Jumlah Penduduk Menurut Desa" and "Jumlah Penduduk Menurut Pekerjaan"
// the first is meant by "jumlah penduduk", and "Isbat Nikah" is not "nikah".
func (m meaning) unasked(t *tables, ws, stems []string) float64 {
	var measured, odd, broken, oddBroken int
	split := false
	for i, w := range ws {
		if i > 2 && ends[w] || isYear(w) {
			break
		}
		switch {
		case splits[w]:
			split = true
			continue
		case isDigits(w) || w == "tabel" || w == "gambar" || t.noise[w]:
			continue
		}
		f, _ := m.says(stems[i])
		switch {
		case split:
			broken++
			if f == 0 && !usual[w] {
				oddBroken++
			}
		case f == 0 && !t.general[w] && !usual[w]:
			measured++
			odd++
		default:
			measured++
		}
	}
	out := 1 - float64(odd)/float64(max(1, measured))
	if oddBroken > 0 {
		out--
	} else if broken > 0 {
		out += 0.2
	}
	return out
}

func isYear(w string) bool {
	_, ok := yearToken(w)
	return ok
}
