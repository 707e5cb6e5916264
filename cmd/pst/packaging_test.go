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

// What the units start is a command of this program, in the folders that the package makes.
func TestUnitsStartADesk(t *testing.T) {
	for name, want := range map[string][2]string{
		"pst.service":  {"/var/lib/pst", "/etc/pst/pst.toml"},
		"pst@.service": {"/var/lib/pst/%i", "/etc/pst/%i.toml"},
	} {
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
		if err != nil || k.Command() != "serve" || !slices.Equal(g.Data, want[:1]) || g.Config != want[1] {
			t.Errorf("%s: %v, data %q, configuration %q", name, err, g.Data, g.Config)
		}
		state := "StateDirectory=" + strings.TrimPrefix(want[0], "/var/lib/")
		for _, need := range []string{state, "StateDirectoryMode=0700", "UMask=0077", "User=pst", "NoNewPrivileges=yes", "ProtectSystem=strict"} {
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
			return regexp.MustCompile(`^(Description|StateDirectory|TemporaryFileSystem|BindPaths|BindReadOnlyPaths)=`).MatchString(l)
		})
	}
	if one, many := apart(one), apart(many); !slices.Equal(one, many) {
		t.Errorf("the units differ:\n%s\n\n%s", strings.Join(one, "\n"), strings.Join(many, "\n"))
	}
}
