package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/sys/atomicwriter"

	"pst/search"
	"pst/store"
)

// termsFile is the office's own table of terms, where accepted words go.
const termsFile = "istilah.txt"

// takeTerms writes the words that staff accepted into the office's table of terms, and
// lets search use them at once. Killed in between it does the same again: a line that
// stands there is not written twice.
func takeTerms(ctx context.Context, db *store.DB, catalogue *search.Catalogue, folder string) error {
	list, err := db.Unwritten(ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	path := filepath.Join(folder, termsFile)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read table of terms: %w", err)
	}
	text := bytes.Clone(old)
	if len(text) > 0 && text[len(text)-1] != '\n' {
		text = append(text, '\n')
	}
	lines := strings.Split(string(old), "\n")
	has := map[string]bool{}
	for _, l := range lines {
		has[strings.TrimSpace(l)] = true
	}
	for _, l := range list {
		if line := l.Missed + " > " + l.Meant; !has[line] {
			text = append(text, line+"\n"...)
		}
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("write table of terms: %w", err)
	}
	if err := atomicwriter.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("write table of terms: %w", err)
	}
	if err := catalogue.Reload(ctx); err != nil {
		return err
	}
	return db.Written(ctx, list)
}
