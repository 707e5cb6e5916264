package main

import (
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// plainly is a page of roff as its reader sees it, in one line.
func plainly(page string) string {
	var lines []string
	for line := range strings.Lines(page) {
		for _, macro := range []string{".SH ", ".SS ", ".TP"} {
			line = strings.TrimPrefix(line, macro)
		}
		lines = append(lines, strings.NewReplacer(`\fB`, "", `\fI`, "", `\fR`, "", `\-`, "-", `\&`, "", `\e`,
			`\`).Replace(line))
	}
	return strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
}

// Every command, argument, flag and variable that there is stands in the manual, with
// what the command line says of it.
func TestTheManualTellsOfEverything(t *testing.T) {
	code, page, told := command(t, "", "man")
	if code != exitFine {
		t.Fatal(code, told)
	}
	text := plainly(page)
	has := func(what string) {
		t.Helper()
		if what = strings.Join(strings.Fields(what), " "); !strings.Contains(text, what) {
			t.Errorf("the manual does not have %q", what)
		}
	}
	parser, err := commandLine(&grammar{})
	if err != nil {
		t.Fatal(err)
	}
	flags := 0
	for _, node := range append(parser.Model.Leaves(true), parser.Model.Node) {
		if node.Type == kong.CommandNode {
			has("pst " + strings.TrimPrefix(node.FullPath(), "pst "))
		}
		has(node.Help)
		for _, p := range node.Positional {
			has(p.Name + " " + p.Help)
		}
		for _, f := range node.Flags {
			flags++
			has("-" + f.Name)
			has(f.Help)
		}
	}
	if flags < 20 {
		t.Errorf("%d flags were looked at", flags)
	}
	for _, code := range []string{"0 Baik", "1 Gagal", "2 Salah pakai"} {
		has(code)
	}
	c, read := defaults(), origins{} // by what reads them
	err = override(reflect.ValueOf(&c).Elem(), "PST", "", func(name string) (string, bool) {
		return "1", !strings.HasSuffix(name, "_FILE")
	}, read)
	if err != nil || len(read) < 50 {
		t.Fatalf("%d variables are read, %v", len(read), err)
	}
	for _, name := range read {
		has(name)
	}
	for _, f := range manualFiles {
		has(f.name)
	}
}

// No line of a text is taken for a macro, and dashes and backslashes are printed.
func TestTextsOfTheManualArePrinted(t *testing.T) {
	for text, want := range map[string]string{
		".TH is a macro": `\&.TH is a macro`, "'a": `\&'a`, "-data": `\-data`, `a\b`: `a\eb`, "a\n.b": "a .b", "": "",
	} {
		if got := roff(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	long := strings.Repeat("aaaaaaa ", 10) + ".TH 'x " + strings.Repeat("b", 100) + " .c"
	for line := range strings.Lines(broken(long)) {
		if len(line) > 101 || line[0] == '.' || line[0] == '\'' {
			t.Errorf("a line is %q", line)
		}
	}
}

// Who checks manual pages finds nothing wrong with ours, where there is one.
func TestTheManualIsWellFormed(t *testing.T) {
	_, page, _ := command(t, "", "man")
	for _, program := range [][]string{{"mandoc", "-T", "lint", "-W", "warning"}, {"groff", "-man", "-ww", "-z"}} {
		if _, err := exec.LookPath(program[0]); err != nil {
			t.Logf("no %s here", program[0])
			continue
		}
		cmd := exec.CommandContext(t.Context(), program[0], program[1:]...)
		cmd.Stdin = strings.NewReader(page)
		said, err := cmd.CombinedOutput()
		for line := range strings.Lines(string(said)) {
			if !strings.Contains(line, "missing date") { // a test binary knows no commit
				t.Errorf("%s: %v: %s", program[0], err, line)
			}
		}
	}
}
