package conversation

import (
	"fmt"
	"strings"
)

// Graph draws the table of states as a Mermaid diagram. The words that work in
// every state (menu, kembali, batal, …) are left out.
func Graph() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> menu\n")
	for _, s := range states() {
		fmt.Fprintf(&b, "    %s: %s\n", s.name, strings.ReplaceAll(s.about, ":", " -"))
		for _, x := range s.exits {
			fmt.Fprintf(&b, "    %s --> %s\n", s.name, x)
		}
		if s.library {
			fmt.Fprintf(&b, "    %s --> library\n", s.name)
		}
	}
	b.WriteString("    resume --> [*]: formulir yang ditinggalkan\n    state library <<choice>>\n")
	for _, g := range gates {
		fmt.Fprintf(&b, "    library --> %s\n", g)
	}
	return b.String()
}
