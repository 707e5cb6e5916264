package holdings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
)

// label is what a reader program calls a page (ISO 32000-1, 12.4.2): a prefix and a
// number in a style, one of D, R, r, A, a, or none.
type label struct {
	prefix, style string
	number        int
}

// follows tells whether a page with this label may stand behind one with the other
// without a word.
func (l label) follows(before label) bool {
	return l.prefix == before.prefix && l.style == before.style && l.style != "" && l.number == before.number+1
}

// What is taken of a file's labels. A longer prefix, or one of other letters, could
// tell of more than its page: it is left out.
const (
	maxPrefix   = 4
	maxLabel    = 100_000
	labelStyles = "DRrAa"
)

// labelsOf are the labels of pages as the file has them. One without labels counts
// its pages from 1; so do pages whose labels cannot be read. s may be nil.
func (s *source) labelsOf(pages []int) []label {
	ranges := map[int]types.Dict{}
	if s != nil {
		s.labelRanges(s.labelTree, ranges, map[int]bool{}, 0)
	}
	starts := make([]int, 0, len(ranges))
	for at := range ranges {
		starts = append(starts, at)
	}
	slices.Sort(starts)
	out := make([]label, len(pages))
	for i, n := range pages {
		k, exact := slices.BinarySearch(starts, n-1)
		if !exact {
			k--
		}
		out[i] = label{style: "D", number: n}
		if k >= 0 {
			out[i] = s.labelIn(ranges[starts[k]], n-1-starts[k], out[i])
		}
	}
	return out
}

// labelRanges gathers the ranges of a number tree by the index of their first page.
func (s *source) labelRanges(o types.Object, to map[int]types.Dict, seen map[int]bool, depth int) {
	if ref, ok := o.(types.IndirectRef); ok {
		if num := ref.ObjectNumber.Value(); !seen[num] {
			seen[num] = true
		} else {
			return
		}
	}
	d := s.dict(o)
	if d == nil || depth > maxTreeDepth || len(to) > conversation.MostPages {
		return
	}
	nums, _ := s.object(d["Nums"]).(types.Array)
	for i := 0; i+1 < len(nums) && len(to) <= conversation.MostPages; i += 2 {
		if at, ok := s.number(nums[i]); ok && at >= 0 && at < conversation.MostPages {
			to[int(at)] = s.dict(nums[i+1])
		}
	}
	kids, _ := s.object(d["Kids"]).(types.Array)
	for _, kid := range kids[:min(len(kids), conversation.MostPages)] {
		s.labelRanges(kid, to, seen, depth+1)
	}
}

// labelIn is the label of a page so many pages behind the first of a range; other
// where the range says none that can be used.
func (s *source) labelIn(d types.Dict, behind int, other label) label {
	if d == nil {
		return other
	}
	l := label{style: s.name(d["S"]), number: 1}
	if len(l.style) > 1 || !strings.Contains(labelStyles, l.style) {
		return other
	}
	if st, ok := s.number(d["St"]); ok && st >= 1 && st <= maxLabel {
		l.number = int(st)
	}
	l.number += behind
	if text, err := types.StringOrHexLiteral(s.object(d["P"])); err == nil && text != nil {
		l.prefix = plainPrefix(*text)
	}
	if l.number > maxLabel || l.prefix == "" && l.style == "" {
		return other
	}
	return l
}

// plainPrefix is a prefix such as "A-", or nothing.
func plainPrefix(s string) string {
	if len(s) > maxPrefix || strings.Trim(s, prefixLetters) != "" {
		return ""
	}
	return s
}

const prefixLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .-/"

// pageLabels writes labels for the catalog, made anew; "" for none.
func pageLabels(labels []label) string {
	var b strings.Builder
	for i, l := range labels {
		if i > 0 && l.follows(labels[i-1]) {
			continue
		}
		fmt.Fprintf(&b, "%d<<", i)
		if l.style != "" {
			fmt.Fprintf(&b, "/S/%s/St %d", l.style, l.number)
		}
		if l.prefix != "" {
			b.WriteString("/P" + pdfout.Text(l.prefix))
		}
		b.WriteString(">>")
	}
	if b.Len() == 0 {
		return ""
	}
	return "/PageLabels<</Nums[" + b.String() + "]>>"
}
