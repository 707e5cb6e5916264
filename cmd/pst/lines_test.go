package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// lineMost is how long a line of code may be, in characters; a tab is one.
const lineMost = 120

// Lines fit beside each other in a window. Text between backquotes is as it must be: a
// pattern, a statement of SQL, a page of a publication.
func TestLinesAreShort(t *testing.T) {
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
				t.Errorf("%s:%d has %d characters, more than %d", name, i+1, utf8.RuneCount(line), lineMost)
			}
			quoted = quoted != (quotes%2 == 1)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
