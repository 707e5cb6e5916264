package pagetable

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"pst/store/holdings/internal/lazy"
)

// vocabulary is what words a book writes in which of its two languages, as far as its
// fonts tell: how often each stood upright beside slanted ones, and the other way round.
type vocabulary struct {
	native, foreign map[string]int
	seen            map[string]int // words of all pages with tables, in whatever font
}

// read counts the words of a page.
func (v *vocabulary) read(lines []line) {
	if v.seen == nil {
		v.seen = map[string]int{}
	}
	for _, l := range lines {
		for _, w := range l.words {
			if t := strings.ToLower(strings.Trim(w.text, ".,:;*()/")); len(v.seen) < maxWords && len(t) < 40 {
				v.seen[t]++
			}
		}
	}
}

// mended puts words together that a narrow column broke, "Puskes mas": together they are
// a word that the book has elsewhere, and more often than the first half alone.
func (v *vocabulary) mended(text string) string {
	words := strings.Fields(text)
	for i := 1; i < len(words); i++ {
		a, b := words[i-1], words[i]
		if r := []rune(b)[0]; unicode.IsLower(r) && letters().FindString(a) == a {
			whole := strings.ToLower(a + strings.TrimRight(b, ".,*"))
			if n := v.seen[whole]; n > 0 && n >= v.seen[strings.ToLower(a)] {
				words[i-1] += b
				words = slices.Delete(words, i, i+1)
				i--
			}
		}
	}
	return strings.Join(words, " ")
}

// met counts a word of a text that has both fonts.
func (v *vocabulary) met(text string, foreign bool) {
	if v == nil {
		return
	}
	if v.native == nil {
		v.native, v.foreign = map[string]int{}, map[string]int{}
	}
	for _, w := range lettersOf(text) {
		switch {
		case len(v.native)+len(v.foreign) > maxWords:
		case foreign:
			v.foreign[w]++
		default:
			v.native[w]++
		}
	}
}

// maxWords is the most words of a book that are kept.
const maxWords = 20_000

var (
	letters  = lazy.Regexp(`\pL+(?:['’-]\pL+)*`)
	unspaced = lazy.Regexp(`[^\s/]+`)
	numerals = lazy.Regexp(`\d+`)
	// ofBoth is what both languages share at the end of a text: its year, its unit.
	ofBoth = lazy.Regexp(`(?i)(?:\s*\((?:ha|m2|m²|m3|m³|km|km2|km²|kg|kw|ku|ton|kuintal|butir|ekor|liter|orang|jiwa|unit|%)\.?\s*\)|\s+(?:19|20)\d{2})$`)
)

// english tells whether a word is of the second language: the book's fonts say so, or it
// is among the words that BPS heads its tables with.
func (v *vocabulary) english(w string) bool {
	if len(w) < 2 {
		return false
	}
	if f, n := v.foreign[w], v.native[w]; f > 0 || n > 0 {
		return f > 2*n
	}
	return englishWords()[w]
}

// without is a text without its second half in English, where nothing in its font sets
// that apart: "Kopi Coffee", "Luas Panen (Ha)/ Harvested Area (Ha)". What is left must say
// something in Indonesian.
func (v *vocabulary) without(text string) string {
	text = v.mended(text)
	whole := strings.TrimRight(text, " *")
	tail := ofBoth().FindString(whole)
	body := strings.TrimSuffix(whole, tail)
	end := len(body)
	for {
		at := stroke(body[:end])
		if at < 0 || !v.second(body[at+1:end], body[:at], true) {
			break
		}
		end = at
	}
	words := unspaced().FindAllStringIndex(body[:end], -1)
	from := len(words)
	for from > 0 && v.second(body[words[from-1][0]:end], body[:words[from-1][0]], false) {
		from--
	}
	for ; from < len(words); from++ { // its first word must be English itself, or all is said again
		if w := body[words[from][0]:words[from][1]]; v.all(lettersOf(w)) || from*2 == len(words) {
			end = words[from][0]
			break
		}
	}
	if end == len(body) || !v.says(body[:end]) {
		return text
	}
	kept := strings.TrimRight(body[:end], " /&-–")
	if tail = strings.TrimSpace(tail); !strings.Contains(kept, tail) {
		kept += " " + tail
	}
	return kept
}

// stroke is where the last stroke between two languages may be: outside brackets.
func stroke(text string) int {
	deep := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ')':
			deep++
		case '(':
			deep--
		case '/':
			if deep == 0 {
				return i
			}
		}
	}
	return -1
}

// second tells whether a text may be the second language of what is before it: all is
// English or was said before. Behind a stroke half is enough, where it begins so and the
// book does not know the rest as Indonesian.
func (v *vocabulary) second(text, before string, parted bool) bool {
	said := map[string]bool{}
	for _, w := range lettersOf(before) {
		said[w] = true
	}
	for _, n := range numerals().FindAllString(text, -1) {
		if !strings.Contains(before, n) {
			return false
		}
	}
	english, again := 0, 0
	words := lettersOf(text)
	for i, w := range words {
		switch {
		case said[w]:
			again++
		case v.english(w):
			english++
		case v.native[w] > 0 || i == 0:
			return false
		}
	}
	return len(words) > 0 && (english+again == len(words) || parted && english*2 >= len(words))
}

func lettersOf(text string) []string { return letters().FindAllString(strings.ToLower(text), -1) }

// all tells whether a text has words, all of them English.
func (v *vocabulary) all(words []string) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !v.english(w) })
}

// says tells whether a text has a word that is not English.
func (v *vocabulary) says(text string) bool {
	return slices.ContainsFunc(lettersOf(text), func(w string) bool { return !v.english(w) })
}

// plain leaves the English halves out of all texts of a table. Where that would make two
// of its headings or labels one, they stay.
func (t *table) plain(v *vocabulary) {
	t.stub = v.without(t.stub)
	for i := range t.title {
		t.title[i] = v.without(t.title[i])
	}
	heads := make([][]string, len(t.columns))
	for k, c := range t.columns {
		heads[k] = v.each(c.header)
	}
	if distinct(heads) {
		for k := range t.columns {
			t.columns[k].header = heads[k]
		}
	}
	labels := make([][]string, len(t.rows))
	for i, r := range t.rows {
		labels[i] = v.each(r.label)
	}
	if distinct(labels) {
		for i := range t.rows {
			t.rows[i].label = labels[i]
		}
	}
}

func (v *vocabulary) each(texts []string) (out []string) {
	for _, t := range texts {
		out = append(out, v.without(t))
	}
	return out
}

// distinct tells whether no two names are the same.
func distinct(names [][]string) bool {
	seen := map[string]bool{}
	for _, n := range names {
		key := strings.ToLower(strings.Join(n, "\x00"))
		if seen[key] {
			return false
		}
		seen[key] = true
	}
	return true
}

// englishWords are words that BPS heads its tables with in English and that Indonesian
// does not have.
var englishWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`
about according activities activity add adult age aged ages agricultural agriculture all alternative altitude
and animal animals any apple aromatic art arts artificial asphalt at available average avocado badly banana barley based bean
beans bed bedroom beds beef belief big birth births bottled boy boys bread breadfruit breakdown brick broiler buddhist
buffalo building buildings bus buses by cabbage cage can cane capita capital carrot cassava catholic cattle cauliflower
cement cemetery center centers centre charcoal cheese chicken child childbirth children chinese chili chilli chilies christian
church churches cigarette citizen city civil clean climate clinic clove cocoa coconut coffee college collection
commodity community company compared completed condition contraception contraceptive control cooking cooperative
cooperatives corn cotton country cow cows crop crops cucumber culture current customer customers dairy damage damaged
date day days dead death deaths deer defecation degree dense density dentist depth destination development direction
disaster disasters disease diseases don't don’t drilling distance distribution district districts divorce divorced doctor doctors domestic
dragon drinking drought drugstore dry dryland duck ducks during earthquake east eastern economic economics economy education
educational egg eggplant eggs electric electricity elementary employed employee employees employment energy equipment
estate eruption existence expenditure facilities facility factory family families farmer farmers farming female fern find
fertile field fire fires firewood fish fisherman fishermen fishery flash flood floods floor flower flowers food foods
forest forestry for foreign fresh from fruit fruits fuel furniture garden garlic gender general ginger girl girls goat
goats gold good goose government grade graduate graduated grape gravel green grocery group groups growth guava
handicraft hard harvest harvested harvesting having head health heavy height herbal high higher highest highland home
honey horse hospital hospitals hour hours hourse house household households houses housewife housing human humidity
hurricane husbandry imports in income individual indian industrial industries industry infrastructure injection inhabitant
inhabitants injured inland institution institutions insured is islamic island its jackfruit job jobs java january february march april
may june july august september october november december junior kerosene kind kindergarten kinds labor labour lake land
landslide large layer leaf learning length lentil less level library light lighting little livestock living loan local
located long longan lost low lowland maize malnutrition male males management mango mangosteen manufacturing marital
market markets marriage married material maternal maternity maximum meat medical medicinal medicine men mental merchant
midwife midwives milk minimum mining minister ministry missing missed moderate modern money month monthly months more
mosque mosques motorcycle mountain mulberry municipality mustard mushroom mushrooms name names natural near nearest neighborhood
never new night no none not number nurse nurses nut nutrition occupation occupied of office offices officer oil older
onion only open operation operations operator or orange orchid order organization origin ornamental other others out own
owned owner paddy palm papaya participant participants patient patients pawpaw peanut peanuts people pepper percent
percentage per-capita permanent person persons pharmacist pharmacy pig pigs pine pineapple place places plant plantation
planted planting plants played plumbing police polyclinic pond ponds pool poor population position post-harvest potato
potatoes poultry power pregnant present pressure prevention price prices primary prison private processing produce
production productive productivity products profession project property protected protestant province public pump
punished pupil pupils purebred purpose quail quality quarry rabbit rain rainfall rainy rate ratio realization recipient
reconciliation red regency region registered religion religious remarriage reservoir residence resident residential residents resin
respiratory restaurant restaurants result retail retired revenue rice river road roads rose round rubber rural salary
salt sand sapodilla savings scale school schools score sea secondary sector security senior separated service services
sewing sex shallot shallots sheep shelter shop shopping shops shrimp sickness signal single size slaughtered slightly
small smallholder smoke social soil soldier sold son source sources south southern soursop soybean soybeans special
specialist speed spices spinach spouse spring stall stalls star starfruit state state-owned status stock stone store
stores strategy stream street strong student students study subdistrict subdistricts sub-district subject sufferer
sugar sugarcane sunshine surface sweet table tall tangerine target tax taxes tea teacher teachers teak teenagers temple
temples terminated the their there thousand tidal tide timber to tobacco toilet total tomato tool tools tornado tourism
tourist town trade traded trader training transmigration transport transportation travel treatment tree trees tuber
tuberose turmeric twisted type types typhoon under unemployed unit-price university unmarried unprotected up urban use
used user users using vegetable vegetables vehicle vehicles very veterinary village villages violence visit visitor
visitors vocational volcanic wage wages waste water waterfall watermelon wave waves way wealth weather week weight
welfare well wells west western wetland where which while white whole willing widow widowed wild wind with without woman women
wood work worker workers working works world worship yard year years yes yield young youth`) {
		out[w] = true
	}
	return out
})
