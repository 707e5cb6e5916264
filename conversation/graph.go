package conversation

import (
	"fmt"
	"slices"
	"strings"
)

// Exits lists every declared exit as {from, to}; "parked" is the form that was
// left half filled in, "before" the state that was left for a correction.
func Exits() [][2]string {
	var out [][2]string
	for _, s := range states() {
		for _, x := range s.leadsTo() {
			out = append(out, [2]string{s.name, x})
		}
		if s.parked {
			out = append(out, [2]string{s.name, "parked"})
		}
		if s.returns {
			out = append(out, [2]string{s.name, "before"})
		}
	}
	return out
}

// Chapters lists the names of the parts of the dialogue, in the order in which a
// visitor meets them.
func Chapters() []string {
	var out []string
	for _, c := range chapters {
		out = append(out, c.key)
	}
	return out
}

// Graph draws the table of states as a Mermaid diagram: the chapters and what
// leads from one to another, or the states of one chapter. The words that work
// in every state (menu, kembali, batal, …) are left out. An unknown chapter is
// an error that names the ones there are.
func Graph(chapter string) (string, error) {
	if chapter != "" && !slices.Contains(Chapters(), chapter) {
		return "", fmt.Errorf("graph: no chapter %q; there are: %s", chapter, strings.Join(Chapters(), ", "))
	}
	in := map[string]string{"parked": "registration"}
	for _, s := range states() {
		in[s.name] = s.chapter
	}
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	if chapter == "" {
		b.WriteString("    [*] --> welcome\n")
		for _, c := range chapters {
			fmt.Fprintf(&b, "    %s: %s\n", c.key, c.about)
		}
	}
	for _, s := range states() {
		if s.chapter == chapter {
			fmt.Fprintf(&b, "    %s: %s\n", s.name, s.about)
		}
	}
	var drawn []string
	for _, x := range Exits() {
		from, to := x[0], x[1]
		switch {
		case to == "before":
			continue
		case chapter == "":
			from, to = in[from], in[to]
		case in[from] != chapter && in[to] != chapter:
			continue
		}
		line := fmt.Sprintf("    %s --> %s\n", from, to)
		if from != to && !slices.Contains(drawn, line) {
			drawn = append(drawn, line)
			b.WriteString(line)
		}
	}
	return b.String(), nil
}

// Dialogue writes the table of states as it is read from top to bottom: each
// question with its answers in order, and where each leads.
func Dialogue(x *Texts) (string, error) {
	data := samples(x)
	var b strings.Builder
	for _, s := range states() {
		fmt.Fprintf(&b, "%s (%s)\n", s.name, s.about)
		if s.list != nil || s.items != nil {
			b.WriteString("  … one of a list\n")
		}
		for _, o := range s.options {
			said := "“" + strings.ReplaceAll(o.words, ", ", "”, “") + "”"
			if key := s.name + ":" + o.key; !o.typed {
				text, err := x.Text(key, data[key][0])
				if err != nil {
					return "", fmt.Errorf("dialogue: %w", err)
				}
				said = label(text)
			} else if o.words == "" {
				continue // an answer of the list above
			}
			fmt.Fprintf(&b, "  %s: %s -> %s\n", o.key, said, o.leadsTo(s.name))
		}
		if s.take != nil {
			fmt.Fprintf(&b, "  … in their own words -> %s\n", orHere(s.exits, s.name))
		}
		if s.back != "" {
			fmt.Fprintf(&b, "  kembali -> %s\n", s.back)
		}
	}
	return b.String(), nil
}

func (o *option) leadsTo(here string) string {
	switch {
	case o.say != "":
		return "says " + o.say
	case o.to != "":
		return o.to
	}
	return orHere(o.leads, here)
}

func orHere(exits []string, here string) string {
	if len(exits) == 0 {
		return here
	}
	return strings.Join(exits, " | ")
}
