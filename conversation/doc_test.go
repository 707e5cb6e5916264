package conversation

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// doc.go is the table of contents: it names every file, and none that is not there.
func TestEveryFileIsInTheTableOfContents(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(doc)) {
		if names, _, ok := strings.Cut(strings.TrimPrefix(line, "//   - "), ": "); ok && strings.HasPrefix(line, "//   - ") {
			listed = append(listed, strings.Split(names, ", ")...)
		}
	}
	named := regexp.MustCompile(`^[a-z_]+\.go$`)
	for _, f := range files {
		if f != "doc.go" && !strings.HasSuffix(f, "_test.go") && !slices.Contains(listed, f) {
			t.Errorf("doc.go does not tell of %s", f)
		}
	}
	for i, f := range listed {
		if named.MatchString(f) && !slices.Contains(files, f) {
			t.Errorf("doc.go tells of %s, which is not there", f)
		}
		if slices.Contains(listed[:i], f) {
			t.Errorf("doc.go tells of %s twice", f)
		}
	}
}
