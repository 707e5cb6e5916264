package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// lineMost is how long a line of code may be, in characters; a tab is one.
const lineMost = 120

// longLines are the files that still hold longer ones: whoever works on one wraps them.
var longLines = []string{
	"cmd/pst/config.go", "cmd/pst/config_remarks.go", "search/data.go", "search/data_ask.go",
	"search/data_follow_test.go", "search/data_label.go", "search/data_match.go", "search/data_names_test.go",
	"search/data_rival.go", "search/data_said.go", "search/data_series.go", "search/data_sheet.go",
	"search/data_test.go", "search/data_words.go",
}

// Lines fit beside each other in a window. Text between backquotes is as it must be: a
// pattern, a statement of SQL, a page of a publication.
func TestLinesAreShort(t *testing.T) {
	long := 0
	err := filepath.WalkDir("../..", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && strings.HasPrefix(e.Name(), ".") && e.Name() != ".." {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
		quoted := false
		for i, line := range bytes.Split(source, []byte("\n")) {
			quotes := bytes.Count(line, []byte("`"))
			if utf8.RuneCount(line) > lineMost && !quoted && quotes == 0 {
				long++
				if !slices.Contains(longLines, name) {
					t.Errorf("%s:%d has %d characters, more than %d", name, i+1, utf8.RuneCount(line), lineMost)
				}
			}
			quoted = quoted != (quotes%2 == 1)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d longer lines in %d files are left", long, len(longLines))
}
