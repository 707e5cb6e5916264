package search

import (
	"slices"
	"strings"
)

// onLabel tells how a part stands on a label; a place whose kind is said only where the
// labels are of that kind, and a name only as it is written.
func (m *matching) onLabel(p part, l label, kind level, name bool) way {
	has := func(w string) bool { return l.stems[w] }
	if p.kind != noKind && p.kind != kind && !kindSaid(p.kind, has) {
		return notSaid
	}
	if len(l.levels) > 0 { // "karanganyar" is "Karang Anyar"
		for _, f := range l.levels[len(l.levels)-1].forms {
			if len(f) == 2 && slices.ContainsFunc(p.ways, func(w []string) bool { return len(w) == 1 && w[0] == f[0]+f[1] }) {
				return literally
			}
		}
	}
	w := p.in(has)
	if w == literally && name && !p.written(keys(l.exact)) {
		return notSaid // stems make two names one: Mayangan, Mayang
	}
	return w
}

// written tells whether a part is written with words of a name, as they are.
func (p part) written(name []string) bool {
	whole := strings.Join(p.exact, "")
	return strings.Join(name, "") == whole || !slices.ContainsFunc(p.exact, func(w string) bool {
		return !slices.Contains(name, w) && !slices.Contains(name, strings.TrimSuffix(w, "nya"))
	})
}

// namedBy tells which parts of a question name a place; none do where they leave out a
// word of its name: "belitung" is not Belitung Timur.
func (q place) namedBy(parts []part) []bool {
	for n, name := range q.names {
		words, left := strings.Fields(name), map[string]bool{}
		for _, w := range words {
			left[w] = true
		}
		by := make([]bool, len(parts))
		for i, p := range parts {
			if p.kind != noKind && p.kind != q.level {
				continue
			}
			for k, way := range p.ways {
				if slices.ContainsFunc(way, func(w string) bool { return !slices.Contains(words, w) }) {
					continue
				}
				if by[i] = k > 0 || p.written(strings.Fields(q.exact[n])); by[i] {
					for _, w := range way {
						delete(left, w)
					}
				}
				break
			}
		}
		if len(left) == 0 {
			return by
		}
	}
	return make([]bool, len(parts))
}
