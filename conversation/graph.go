package conversation

import (
	"fmt"
	"strings"
)

// Exits lists every declared exit as {from, to}. A search typed in some states
// passes the gates to the library, which are written as a state "library" of
// their own; "parked" is the form that was left half filled in.
func Exits() [][2]string {
	var out [][2]string
	for _, s := range states() {
		for _, x := range s.exits {
			out = append(out, [2]string{s.name, x})
		}
		if s.library {
			out = append(out, [2]string{s.name, "library"})
		}
		if s.parked {
			out = append(out, [2]string{s.name, "parked"})
		}
	}
	for _, g := range gates {
		out = append(out, [2]string{"library", g})
	}
	return out
}

// Graph draws the table of states as a Mermaid diagram. The words that work in
// every state (menu, kembali, batal, …) are left out.
func Graph() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> menu\n")
	for _, s := range states() {
		fmt.Fprintf(&b, "    %s: %s\n", s.name, s.about)
	}
	b.WriteString("    library: gerbang perpustakaan\n    parked: formulir yang ditinggalkan\n")
	for _, x := range Exits() {
		fmt.Fprintf(&b, "    %s --> %s\n", x[0], x[1])
	}
	return b.String()
}
