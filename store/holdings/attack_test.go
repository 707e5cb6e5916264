package holdings

import (
	"fmt"
	"image"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
)

// command is an operator with its operands, as a generic script reads it.
type command struct{ op, text string }

var contentTokens = regexp.MustCompile(`\((?:\\.|[^\\()])*\)|<<|>>|<[0-9a-fA-F\s]*>|\[[^\]]*\]|/[^\s/<>\[\]()]*|[^\s/<>\[\]()]+`)

var operand = regexp.MustCompile(`^(?:[-+.0-9]|[/(<\[>])`)

func commands(content []byte) (out []command) {
	before := ""
	for _, token := range contentTokens.FindAllString(string(content), -1) {
		before += token + " "
		if !operand.MatchString(token) {
			out = append(out, command{token, before})
			before = ""
		}
	}
	return out
}

// painting is a path with the operator that paints it, or the whole of any other
// command; block is a top-level q … Q.
type group []command

func (g group) text() string {
	var b strings.Builder
	for _, c := range g {
		b.WriteString(c.text)
	}
	return b.String()
}

func (g group) has(ops string) bool {
	return slices.ContainsFunc(g, func(c command) bool { return strings.Contains(" "+ops+" ", " "+c.op+" ") })
}

// blocks splits content into what stands between a q and its Q at depth, and
// single commands.
func blocks(all []command, innermost bool) (out []group) {
	for i := 0; i < len(all); i++ {
		if all[i].op != "q" {
			out = append(out, group{all[i]})
			continue
		}
		depth, end, inner := 0, i, false
		for k := i; k < len(all); k++ {
			if all[k].op == "q" {
				depth++
				inner = inner || k > i
			}
			if all[k].op == "Q" {
				if depth--; depth == 0 {
					end = k
					break
				}
			}
		}
		if end == i || innermost && inner {
			out = append(out, group{all[i]})
			continue
		}
		out = append(out, group(all[i:end+1]))
		i = end
	}
	return out
}

// paths splits content into painted paths and single commands.
func paths(all []command) (out []group) {
	var open group
	for _, c := range all {
		switch {
		case strings.Contains(" m l c v y h re W W* ", " "+c.op+" "):
			open = append(open, c)
		case len(open) > 0:
			out = append(out, append(open, c))
			open = nil
		default:
			out = append(out, group{c})
		}
	}
	return append(out, open)
}

func isBlock(g group) bool { return len(g) > 1 && g[0].op == "q" }
func isPath(g group) bool  { return len(g) > 1 && g[0].op != "q" }

// without drops groups from every page; drop sees all pages' groups.
func without(split func([]command) []group, drop func(pages [][]group, page, at int) bool) attack {
	return func(t *testing.T, data []byte) []byte {
		var pages [][]group
		eachPage(t, data, func(page types.Dict, content func(types.Object) []byte) {
			pages = append(pages, split(commands(content(page["Contents"]))))
		})
		n := -1
		return edited(t, data, func(types.Dict, func(types.Object) []byte) []byte {
			n++
			var b strings.Builder
			for i, g := range pages[n] {
				if !drop(pages, n, i) {
					b.WriteString(g.text() + "\n")
				}
			}
			return []byte(b.String())
		})
	}
}

func outer(all []command) []group { return blocks(all, false) }
func inner(all []command) []group { return blocks(all, true) }

// each makes a rule that looks at one group alone.
func eachGroup(rule func(g group) bool) func([][]group, int, int) bool {
	return func(pages [][]group, page, at int) bool { return rule(pages[page][at]) }
}

func first(g group, op string) string {
	for _, c := range g {
		if c.op == op {
			return c.text
		}
	}
	return ""
}

// grey tells whether a group sets an opaque colour of nearly equal parts, none
// of black and white.
func grey(g group) bool {
	for _, c := range g {
		parts := strings.Fields(c.text)
		if !strings.Contains(" g G rg RG ", " "+c.op+" ") {
			continue
		}
		low, high := 1.0, 0.0
		for _, p := range parts[:len(parts)-1] {
			v, _ := strconv.ParseFloat(p, 64)
			low, high = min(low, v), max(high, v)
		}
		if high-low < 0.03 && low > 0.1 && high < 1 {
			return true
		}
	}
	return false
}

// tint tells whether a group sets a colour that is no grey.
func tint(g group) bool {
	return slices.ContainsFunc(g, func(c command) bool {
		n := strings.Fields(c.text)
		return (c.op == "rg" || c.op == "RG") && (n[0] != n[1] || n[1] != n[2])
	})
}

// light tells whether all colours of a group are light, and it sets one.
func light(g group) bool {
	set := false
	for _, c := range g {
		if !strings.Contains(" g G rg RG ", " "+c.op+" ") {
			continue
		}
		parts := strings.Fields(c.text)
		set = true
		for _, p := range parts[:len(parts)-1] {
			if v, _ := strconv.ParseFloat(p, 64); v < 0.6 {
				return false
			}
		}
	}
	return set
}

// common tells whether key of a group is that of one on another page as well.
func common(key func(group) string) func([][]group, int, int) bool {
	return func(pages [][]group, page, at int) bool {
		k := key(pages[page][at])
		for n := range pages {
			if n != page && k != "" && slices.ContainsFunc(pages[n], func(g group) bool { return key(g) == k }) {
				return true
			}
		}
		return false
	}
}

// attack is what somebody does to a file.
type attack func(*testing.T, []byte) []byte

// attacks are generic scripts: none knows the publication.
func attacks() map[string]attack {
	all := map[string]attack{
		"first and last top-level q..Q": without(outer, func(pages [][]group, page, at int) bool {
			var is []int
			for i, g := range pages[page] {
				if isBlock(g) {
					is = append(is, i)
				}
			}
			return len(is) > 0 && (at == is[0] || at == is[len(is)-1])
		}),
		"all forms": without(outer, eachGroup(func(g group) bool { return g.has("Do") })),
		"all patterns and shadings": without(inner,
			eachGroup(func(g group) bool { return isBlock(g) && g.has("sh scn SCN") })),
		"all blocks of an opaque grey":    without(inner, eachGroup(func(g group) bool { return isBlock(g) && grey(g) })),
		"paths of more than 100 segments": without(paths, eachGroup(func(g group) bool { return isPath(g) && len(g) > 101 })),
		"all strokes":                     without(paths, eachGroup(func(g group) bool { return isPath(g) && g.has("S s") })),
		"paths that several pages have": without(paths,
			common(func(g group) string { return map[bool]string{true: g.text()}[isPath(g)] })),
		"blocks of a matrix that several pages have": without(inner, common(func(g group) string {
			return map[bool]string{true: first(g, "cm")}[isBlock(g)]
		})),
		"blocks of a colour that several pages have": without(inner, common(func(g group) string {
			return map[bool]string{true: first(g, "g") + first(g, "rg") + first(g, "RG")}[isBlock(g)]
		})),
		"all blocks of a light colour": without(inner,
			eachGroup(func(g group) bool { return isBlock(g) && light(g) })),
		"all vector paths": without(paths, eachGroup(isPath)),
		"all vector paths of more than 6 segments": without(paths,
			eachGroup(func(g group) bool { return isPath(g) && len(g) > 7 })),
		"all pictures":                 without(paths, eachGroup(func(g group) bool { return g.has("Do") })),
		"the same place in every page": without(outer, func(_ [][]group, _, at int) bool { return at%3 == 0 }),
		"one colour, the most frequent": without(inner, func(pages [][]group, page, at int) bool {
			seen := map[string]int{}
			key := func(g group) string { return first(g, "g") + first(g, "rg") + first(g, "G") + first(g, "RG") }
			for _, g := range pages[page] {
				if k := key(g); k != "" && isBlock(g) {
					seen[k]++
				}
			}
			most := slices.MaxFunc(append(slices.Sorted(maps.Keys(seen)), ""),
				func(a, b string) int { return seen[a] - seen[b] })
			return isBlock(pages[page][at]) && most != "" && key(pages[page][at]) == most
		}),
	}
	turns := func(c command) bool {
		n := strings.Fields(c.text)
		return c.op == "cm" && n[0] != "0" && n[1] != "0"
	}
	for name, rule := range map[string]func(group) bool{
		"without text": func(g group) bool { return !g.has("Tj TJ") },
		"of a tint":    tint, "of a matrix": func(g group) bool { return g.has("cm") },
		"that turn": func(g group) bool { return slices.ContainsFunc(g, turns) },
	} {
		one := eachGroup(func(g group) bool { return isBlock(g) && rule(g) })
		all["top-level blocks "+name], all["innermost blocks "+name] = without(outer, one), without(inner, one)
	}
	all["every matrix"] = without(paths, eachGroup(func(g group) bool { return g.has("cm") }))
	all["every matrix that turns"] = without(paths, eachGroup(func(g group) bool { return slices.ContainsFunc(g, turns) }))
	all["all text"] = func(t *testing.T, data []byte) []byte {
		return cutOut(`(?s)\bBT\b.*?\bET\b`)(t, data)
	}
	for name, remove := range removals() {
		all[name] = remove
	}
	return all
}

// vectorChart is a publication of bars, lines and labels.
func vectorChart() []byte {
	m := newMade()
	each(func(n int) {
		var b strings.Builder
		for i := range 24 {
			fmt.Fprintf(&b, "q 0.%d 0.4 0.7 rg %d 300 12 %d re f Q 0.6 G %d %d m 560 %d l S\n",
				i%9+1, 60+i*20, 40+(i*n*37)%300, 60, 300+i*12, 300+i*12)
			fmt.Fprintf(&b, "BT /F1 8 Tf %d 288 Td (%d) Tj ET\n", 60+i*20, 1990+i)
		}
		m.content[n] = b.String() + m.draws(n)
	})
	return m.file()
}

// prose is a publication of plain text.
func prose() []byte {
	m := newMade()
	each(func(n int) {
		m.content[n] = m.draws(n)
		for i := range 40 {
			m.content[n] += fmt.Sprintf(" BT /F1 10 Tf 60 %d Td (Baris %d halaman %d tentang penduduk dan perumahan) Tj ET",
				660-i*14, i, n)
		}
	})
	return m.file()
}

// words are a publication of text and nothing else.
func words() []byte {
	m := newMade()
	each(func(n int) {
		m.content[n] = "BT /F1 10 Tf 14 TL 60 660 Td"
		for i := range 40 {
			m.content[n] += fmt.Sprintf(" (Baris %d halaman %d tentang penduduk dan perumahan) Tj T*", i, n)
		}
		m.content[n] += " ET"
	})
	return m.file()
}

// kept compares pages as pictures: which share of what the mark put on a page is
// there after an attack, and which share of the page's own ink is lost.
func kept(source, excerpt, attacked *image.RGBA) (mark, lost float64) {
	marks, still, ink, gone := 0, 0, 0, 0
	far := func(a, b uint8) bool { return math.Abs(float64(a)-float64(b)) > 16 }
	for i := 1; i < len(source.Pix); i += 4 {
		s, e, a := source.Pix[i], excerpt.Pix[i], attacked.Pix[i]
		switch {
		case far(s, e):
			marks++
			if far(s, a) { // in whatever colour
				still++
			}
		case s < 200:
			ink++
			if far(s, a) {
				gone++
			}
		}
	}
	return float64(still) / float64(max(marks, 1)), float64(gone) / float64(max(ink, 1))
}

func TestNoGenericScriptTakesTheMarkAndLeavesThePage(t *testing.T) {
	for kind, data := range map[string][]byte{"website": website(), "prose": prose(), "chart": vectorChart(),
		"words": words()} {
		pages := conversation.PageSet{3, 4, 7}
		excerpt, err := cutFile(t, data, order(pages))
		if err != nil || excerpt.Mode != "vector" {
			t.Fatal(excerpt.Mode, err)
		}
		from, marked := openTest(t, data), openTest(t, excerpt.Data)
		var own, full []*image.RGBA // the pages as they are, and as they are sent
		for i, n := range pages {
			w, h, err := from.size(n)
			if err != nil {
				t.Fatal(err)
			}
			own, full = append(own, pixels(t, from, n, w, h)), append(full, pixels(t, marked, i+1, w, h))
		}
		from.close()
		marked.close()
		for name, attack := range attacks() {
			t.Run(kind+": "+name, func(t *testing.T) {
				after := openTest(t, attack(t, excerpt.Data))
				defer after.close()
				for i, n := range pages {
					size := own[i].Rect
					mark, lost := kept(own[i], full[i], pixels(t, after, i+1, float64(size.Dx()), float64(size.Dy())))
					if mark < 0.3 && lost < 0.1 {
						t.Errorf("page %d: %.0f%% of the mark left, %.0f%% of the page lost", n, mark*100, lost*100)
					}
				}
			})
		}
	}
}
