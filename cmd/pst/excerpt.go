package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pst/conversation"
	"pst/store"
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
	Mode         string `json:"mode"`   // "vector" or "raster"
	Strict       bool   `json:"strict"` // the publication, or the command, asks for pictures
	Verdict      string `json:"verdict"`
	Code         string `json:"code"`
	SHA256       string `json:"sha256"`
	Milliseconds int64  `json:"milliseconds"`
}

func (c *excerptCmd) Run(ctx context.Context, h *house) error {
	cfg, office, _, err := h.settings()
	if err != nil {
		return err
	}
	if _, err := os.Lstat(c.Out); err == nil {
		return fmt.Errorf("excerpt: -o: %s is there already and stays as it is: name another file", filepath.Base(c.Out))
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
	db, _, err := h.openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	book, err := c.publication(ctx, db)
	if err != nil {
		return err
	}
	publisher := office.Name
	if book.ID != "" {
		publisher = office.Publisher(book.Office)
	}
	code, err := conversation.NewCode(rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	at := now.In(office.Zone).Format("02-01-2006 15.04 MST")
	mark := conversation.Mark{Code: code, Lines: []string{c.Mark, at + " - " + code, "Kutipan maks. 20% - " + publisher},
		Footer: strings.Join([]string{code, c.Mark, at, publisher, "Kutipan maks. 20% - tidak untuk disebarluaskan"}, " | "),
		Check:  office.CheckText(code)}
	strict := c.Strict || office.StrictOf(book)
	cut, err := file.Excerpt(ctx, conversation.ExcerptOrder{Pages: pages, Mark: mark, Strict: strict, Title: book.Title, FileName: filepath.Base(c.Out)})
	if err != nil {
		return fmt.Errorf("excerpt: %s: %w", holdings.Reason(err), err)
	}
	took := time.Since(start)
	if err := writeNew(c.Out, cut.Data); err != nil {
		return fmt.Errorf("excerpt: write: %w", err)
	}
	err = db.RecordCounter(ctx, conversation.Excerpt{Code: code, Publication: book.ID, Pages: pages, Mark: mark,
		FileName: filepath.Base(c.Out), RequestedAt: now}, cut)
	if err != nil { // nobody could check it
		return errors.Join(fmt.Errorf("excerpt: %w", err), os.Remove(c.Out))
	}
	if c.JSON {
		return json.NewEncoder(h.std.out).Encode(excerptAnswer{pages, cut.Mode, strict, cut.Verdict, code, cut.SHA256, took.Milliseconds()})
	}
	fmt.Fprintf(h.std.out, "%s: %d halaman (%s), kode %s\n", c.Out, cut.Pages, pages, code)
	return nil
}

// publication is the library's record of the file that is cut; empty when the
// library does not hold it.
func (c *excerptCmd) publication(ctx context.Context, db *store.DB) (conversation.Publication, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return conversation.Publication{}, fmt.Errorf("excerpt: %w", err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return conversation.Publication{}, fmt.Errorf("excerpt: %w", err)
	}
	for p, err := range db.Publications(ctx) {
		if err != nil {
			return p, fmt.Errorf("excerpt: %w", err)
		}
		if p.SHA256 == hex.EncodeToString(sum.Sum(nil)) {
			return p, nil
		}
	}
	return conversation.Publication{}, nil
}
