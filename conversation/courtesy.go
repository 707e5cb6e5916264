package conversation

import (
	"cmp"
	"slices"
	"strings"
)

// What follows makes answers easier to use on channels that can do more than
// text.

// quotes tells whether the answer refers to the very message it answers: one of
// a ticket, or one that is no text.
func (t *turn) quotes() bool {
	switch t.msg.Kind {
	case Text, Choice:
		return t.refers || strings.HasPrefix(t.ref, "ticket:")
	}
	return !t.msg.Kind.Internal()
}

// copied are those of the numbers that a text has, as it names them, three at
// most.
func copied(text string, numbers []string) []string {
	out := slices.DeleteFunc(slices.Clone(numbers), func(n string) bool { return !strings.Contains(text, n) })
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(strings.Index(text, a)-strings.Index(text, b), strings.Compare(a, b))
	})
	out = slices.Compact(out)
	return out[:min(3, len(out))]
}

// numbersOf are the numbers of readers, tickets and excerpts among what a text
// is told of.
func numbersOf(data D) []string {
	var out []string
	for key, v := range data {
		switch v := v.(type) {
		case string:
			if key == "Number" || key == "ID" || key == "Code" {
				out = append(out, v)
			}
		case Reader:
			out = append(out, v.Number)
		case Ticket:
			out = append(out, v.ID)
		case []Ticket:
			for _, k := range v {
				out = append(out, k.ID)
			}
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}
