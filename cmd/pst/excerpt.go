package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pst/conversation"
	"pst/store/holdings"
)

// excerptCmd cuts an excerpt for a person at the counter, under the same 20%.
type excerptCmd struct {
	Pages  string `help:"Pages, such as 12-18,25, counted from the cover." required:""`
	Mark   string `help:"What is written on every page." required:""`
	Strict bool   `help:"Send the pages as marked pictures."`
	JSON   bool   `help:"Print what was made as JSON."`
	Out    string `help:"File to write." short:"o" required:"" type:"path"`
	File   string `arg:"" help:"PDF file to cut from." type:"path"`
}

// excerptAnswer is the JSON form; its names are a contract.
type excerptAnswer struct {
	Pages        []int  `json:"pages"`
	Mode         string `json:"mode"`
	Verdict      string `json:"verdict"`
	Code         string `json:"code"`
	SHA256       string `json:"sha256"`
	Milliseconds int64  `json:"milliseconds"`
}

func (c *excerptCmd) Run(ctx context.Context, h *house) error {
	_, office, _, err := h.settings()
	if err != nil {
		return err
	}
	start := time.Now()
	file, err := holdings.OpenFile(ctx, holdings.Options{Cache: h.path("cache")}, c.File)
	if err != nil {
		return fmt.Errorf("excerpt: %s: %s: %w", filepath.Base(c.File), holdings.Reason(err), err)
	}
	defer file.Close()
	total := file.Pages()
	if total == 0 {
		return fmt.Errorf("excerpt: %s: %s", filepath.Base(c.File), holdings.Reason(holdings.ErrDamaged))
	}
	pages, err := conversation.ParsePages(c.Pages, total)
	if errors.Is(err, conversation.ErrPagesSyntax) {
		return usageError{fmt.Errorf("excerpt: -pages: %w", err)}
	}
	if err != nil {
		return fmt.Errorf("excerpt: %w: the file has pages 1 to %d", err, total)
	}
	if limit := conversation.Limit(total); len(pages) > limit {
		return fmt.Errorf("excerpt: %d pages asked, but at most %d of %d pages (20%%) are allowed: ask for fewer", len(pages), limit, total)
	}
	code, err := conversation.NewCode(rand.Reader)
	if err != nil {
		return err
	}
	at := time.Now().In(office.Zone).Format("02-01-2006 15.04 MST")
	mark := conversation.Mark{Code: code, Lines: []string{c.Mark, at + " - " + code, "Kutipan maks. 20% - " + office.Name},
		Footer: strings.Join([]string{code, c.Mark, at, office.Name, "Kutipan maks. 20% - tidak untuk disebarluaskan"}, " | ")}
	cut, err := file.Excerpt(ctx, conversation.ExcerptOrder{Pages: pages, Mark: mark, Strict: c.Strict, FileName: filepath.Base(c.Out)})
	if err != nil {
		return fmt.Errorf("excerpt: %s: %w", holdings.Reason(err), err)
	}
	took := time.Since(start)
	if err := os.WriteFile(c.Out, cut.Data, 0o600); err != nil {
		return fmt.Errorf("excerpt: write: %w", err)
	}
	if c.JSON {
		return json.NewEncoder(h.std.out).Encode(excerptAnswer{pages, cut.Mode, cut.Verdict, code, cut.SHA256, took.Milliseconds()})
	}
	fmt.Fprintf(h.std.out, "%s: %d halaman (%s), kode %s\n", c.Out, cut.Pages, pages, code)
	return nil
}
