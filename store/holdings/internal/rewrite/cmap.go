package rewrite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pst/store/holdings/content"
)

// cmap is a character map of a file: from codes to CIDs, or to text (ISO
// 32000-1, 9.7.5 and 9.10.3). Codes carry their length: see [code].
type cmap struct {
	spaces []codeSpace
	cids   map[int]int
	ranges []cidRange
	texts  map[int][]byte
	spans  []textRange
}

type codeSpace struct {
	n      int
	lo, hi []byte
}

type cidRange struct{ lo, hi, cid int }

type textRange struct {
	lo, hi int
	text   []byte
	list   [][]byte
}

// maxMapped bounds the entries of one map.
const maxMapped = 1 << 18

// code is a character code with its length, so that <20> is not <0020>.
func code(b []byte) int {
	n := 0
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n | len(b)<<40
}

// readCMap reads a character map.
func readCMap(data []byte) (*cmap, error) {
	m := &cmap{cids: map[int]int{}, texts: map[int][]byte{}}
	sc := content.NewScanner(data)
	entries := 0
	for {
		op, ok, err := sc.Next()
		if err != nil || !ok {
			if err != nil && len(m.spaces) == 0 && len(m.texts)+len(m.spans)+len(m.cids)+len(m.ranges) == 0 {
				return nil, notUnderstood("character map: %v", err)
			}
			return m, nil // what stands behind the maps is a trailer, or "operands without an operator"
		}
		if entries += len(op.Args); entries > maxMapped {
			return nil, notUnderstood("character map too large")
		}
		if op.Name == "usecmap" {
			return nil, notUnderstood("character map on top of another")
		}
		if err := m.section(op); err != nil {
			return nil, err
		}
	}
}

func (m *cmap) section(op content.Op) error {
	each := func(n int, f func(v []content.Value) bool) error {
		for a := op.Args; len(a) >= n; a = a[n:] {
			if a[0].Kind != content.String || len(a[0].Str) == 0 || len(a[0].Str) > 4 || !f(a[:n]) {
				return notUnderstood("character map: %s", op.Name)
			}
		}
		return nil
	}
	pair := func(v []content.Value) bool {
		return v[1].Kind == content.String && len(v[1].Str) == len(v[0].Str) && code(v[0].Str) <= code(v[1].Str)
	}
	switch op.Name {
	case "endcodespacerange":
		return each(2, func(v []content.Value) bool {
			m.spaces = append(m.spaces, codeSpace{len(v[0].Str), slices.Clone(v[0].Str), slices.Clone(v[1].Str)})
			return v[1].Kind == content.String && len(v[1].Str) == len(v[0].Str)
		})
	case "endcidchar":
		return each(2, func(v []content.Value) bool {
			m.cids[code(v[0].Str)] = int(v[1].Num)
			return v[1].Kind == content.Number
		})
	case "endcidrange":
		return each(3, func(v []content.Value) bool {
			m.ranges = append(m.ranges, cidRange{code(v[0].Str), code(v[1].Str), int(v[2].Num)})
			return pair(v) && v[2].Kind == content.Number
		})
	case "endbfchar":
		return each(2, func(v []content.Value) bool {
			c := code(v[0].Str) & bare
			m.texts[c] = lower(m.texts[c], slices.Clone(v[1].Str))
			return v[1].Kind == content.String
		})
	case "endbfrange":
		return each(3, func(v []content.Value) bool {
			if v[1].Kind != content.String || len(v[1].Str) != len(v[0].Str) {
				return false
			}
			t := textRange{lo: code(v[0].Str) & bare, hi: code(v[1].Str) & bare}
			switch v[2].Kind {
			case content.String:
				t.text = slices.Clone(v[2].Str)
			case content.Array:
				for _, e := range v[2].List {
					t.list = append(t.list, slices.Clone(e.Str))
				}
			default:
				return false
			}
			m.spans = append(m.spans, t)
			return true
		})
	}
	return nil
}

// next is the length and the code of the first character of s; 0 when there is
// none.
func (m *cmap) next(s []byte) (n, c int) {
	for n := 1; n <= min(4, len(s)); n++ {
		for _, sp := range m.spaces {
			if sp.n == n && inSpace(sp, s[:n]) {
				return n, code(s[:n])
			}
		}
	}
	return 0, 0
}

func inSpace(sp codeSpace, b []byte) bool {
	for i, c := range b {
		if c < sp.lo[i] || c > sp.hi[i] {
			return false
		}
	}
	return true
}

func (m *cmap) cid(c int) int {
	if cid, ok := m.cids[c]; ok {
		return cid
	}
	for _, r := range m.ranges {
		if c >= r.lo && c <= r.hi {
			return r.cid + c - r.lo
		}
	}
	return 0
}

// bare takes the length off a code: readers look texts up by number alone.
const bare = 1<<40 - 1

// text is what a code stands for, in UTF-16; nil when the map does not say. Of
// several letters it is the lowest, as readers have it.
func (m *cmap) text(c int) []byte {
	c &= bare
	best := m.texts[c]
	for _, r := range m.spans {
		if c >= r.lo && c <= r.hi {
			best = lower(best, r.at(c-r.lo))
		}
	}
	return best
}

// lower is the lower letter of two; whole words come behind letters.
func lower(a, b []byte) []byte {
	switch {
	case b == nil, a != nil && len(a) <= 2 && (len(b) > 2 || string(a) <= string(b)), len(a) > 2 && len(b) > 2:
		return a
	}
	return b
}

// at is what the code at a distance from the first stands for.
func (r textRange) at(k int) []byte {
	if r.list != nil {
		if k < len(r.list) {
			return r.list[k]
		}
		return nil
	}
	t := slices.Clone(r.text)
	for i := len(t) - 1; i >= 0 && k > 0; i-- {
		k += int(t[i])
		t[i] = byte(k)
		k >>= 8
	}
	return t
}

// codeOf is the lowest code that stands for a letter, without its length.
func (m *cmap) codeOf(letter rune) (found int, ok bool) {
	take := func(c int) {
		if t := m.text(c); len(t) == 2 && rune(t[0])<<8|rune(t[1]) == letter && (!ok || c < found) {
			found, ok = c, true
		}
	}
	for c := range m.texts {
		take(c)
	}
	for _, r := range m.spans {
		for c := r.lo; c <= min(r.hi, r.lo+0xffff); c++ {
			take(c)
		}
	}
	return found, ok
}

// maxTextOfCode bounds what one code may stand for, in UTF-16 units: ligatures
// and letters with several accents.
const maxTextOfCode = 8

// toUnicode writes a map from codes of n bytes to text, with these codes only.
func (m *cmap) toUnicode(codes []int) []byte {
	var lines []string
	spaces := map[string]bool{}
	for _, c := range codes {
		n := max(c>>40, 1)
		t := m.text(c)
		if t == nil || len(t) > 2*maxTextOfCode {
			continue
		}
		spaces[fmt.Sprintf("<%0*x><%0*x>", 2*n, 0, 2*n, 1<<(8*n)-1)] = true
		lines = append(lines, fmt.Sprintf("<%0*x><%x>", 2*n, c&bare, t))
	}
	return charMap(spaces, "bfchar", lines)
}

// toCIDs writes a map from codes to CIDs, with these codes only.
func (m *cmap) toCIDs(codes []int) []byte {
	var lines []string
	spaces := map[string]bool{}
	for _, sp := range m.spaces {
		spaces[fmt.Sprintf("<%x><%x>", sp.lo, sp.hi)] = true
	}
	for _, c := range codes {
		lines = append(lines, fmt.Sprintf("<%0*x> %d", 2*max(c>>40, 1), c&bare, m.cid(c)))
	}
	return charMap(spaces, "cidchar", lines)
}

func charMap(spaces map[string]bool, kind string, lines []string) []byte {
	var b strings.Builder
	b.WriteString("/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n/CMapName/M def/CMapType 2 def\n")
	var list []string
	for s := range spaces {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	fmt.Fprintf(&b, "%d begincodespacerange\n%s\nendcodespacerange\n", len(list), strings.Join(list, "\n"))
	for part := range slices.Chunk(lines, 100) {
		fmt.Fprintf(&b, "%d begin%s\n%s\nend%s\n", len(part), kind, strings.Join(part, "\n"), kind)
	}
	b.WriteString("endcmap end end\n")
	return []byte(b.String())
}
