package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// unitFile reads a unit: its command line, and its other lines that are no remarks.
func unitFile(t *testing.T, name string) (command []string, lines []string) {
	t.Helper()
	text, err := os.ReadFile("packaging/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "ExecStart="); ok {
			command = strings.Fields(rest)
		} else if line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return command, lines
}

// What the units start is a command of this program, in the folder that the package makes.
func TestUnitsStartADesk(t *testing.T) {
	for name, data := range map[string]string{"pst.service": "/var/lib/pst", "pst@.service": "/var/lib/pst/%i"} {
		line, lines := unitFile(t, name)
		if len(line) < 2 || line[0] != "/usr/bin/pst" {
			t.Fatalf("%s starts %q", name, line)
		}
		var g grammar
		parser, err := kong.New(&g)
		if err != nil {
			t.Fatal(err)
		}
		k, err := parser.Parse(longFlags(line[1:]))
		if err != nil || k.Command() != "serve" || !slices.Equal(g.Data, []string{data}) {
			t.Errorf("%s: %v, data %q", name, err, g.Data)
		}
		state := "StateDirectory=" + strings.TrimPrefix(data, "/var/lib/")
		for _, need := range []string{
			state, "StateDirectoryMode=0700", "UMask=0077", "User=pst", "NoNewPrivileges=yes", "ProtectSystem=strict",
		} {
			if !slices.Contains(lines, need) {
				t.Errorf("%s has no line %s", name, need)
			}
		}
	}
}

// The page reader compiles to memory that is run; see the remark in the units.
func TestUnitsLetThePageReaderRun(t *testing.T) {
	for _, name := range []string{"pst.service", "pst@.service"} {
		_, lines := unitFile(t, name)
		if slices.ContainsFunc(lines, regexp.MustCompile(`^MemoryDenyWriteExecute=(yes|true|1|on)`).MatchString) {
			t.Errorf("%s forbids what the page reader needs", name)
		}
	}
}

// systemd has no way to say a thing for both units once.
func TestUnitsDifferInTheirFoldersAlone(t *testing.T) {
	_, one := unitFile(t, "pst.service")
	_, many := unitFile(t, "pst@.service")
	apart := func(lines []string) []string {
		return slices.DeleteFunc(lines, func(l string) bool {
			return regexp.MustCompile(`^(Description|StateDirectory|AssertPathExists|TemporaryFileSystem|BindPaths|InaccessiblePaths)=`).MatchString(l)
		})
	}
	if one, many := apart(one), apart(many); !slices.Equal(one, many) {
		t.Errorf("the units differ:\n%s\n\n%s", strings.Join(one, "\n"), strings.Join(many, "\n"))
	}
}
