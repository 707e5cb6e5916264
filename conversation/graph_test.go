package conversation

import (
	"strings"
	"testing"
)

// Who has the dialogue printed reads of each answer where it leads.
func TestTheDialogueSaysWhereAnswersLead(t *testing.T) {
	text, err := Dialogue(testTexts(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	state := ""
	leads := map[string]bool{}
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, " ") {
			state, _, _ = strings.Cut(line, " ")
		}
		leads[state+strings.TrimRight(line, "\n")] = true
	}
	for _, want := range []string{"plan_review  send: Sudah benar -> menu | plan_when",
		"plan_review  change: Ubah waktunya -> plan_when",
		"plan_when  … in their own words -> plan_review", "plan_review  kembali -> plan_when"} {
		if !leads[want] {
			t.Errorf("nowhere %q", want)
		}
	}
	for _, name := range stateNames() {
		if !strings.Contains("\n"+text, "\n"+name+" (") {
			t.Errorf("%s is left out", name)
		}
	}
}
