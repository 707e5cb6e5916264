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
	"time"

	"pst/conversation"
	"pst/store"
	"pst/store/holdings"
)

// excerptCmd cuts an excerpt for a person at the counter, under the same 20%.
type excerptCmd struct {
	Pages  string `help:"Halaman, seperti 12-18,25, dihitung dari sampul." required:""`
	Mark   string `help:"Yang ditulis pada setiap halaman." required:""`
	Strict bool   `help:"Halamannya hanya gambar bertanda."`
	JSON   bool   `help:"Cetak hasilnya sebagai JSON."`
	Out    string `help:"Berkas yang ditulis." short:"o" required:"" type:"path"`
	File   string `arg:"" help:"Berkas PDF yang dikutip." type:"path"`
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
	cfg, office, texts, err := h.settings()
	if err != nil {
		return err
	}
	if _, err := os.Lstat(c.Out); err == nil {
		return saying("-o: %s sudah ada dan tidak ditimpa; pilih nama lain", filepath.Base(c.Out))
	}
	start := time.Now()
	file, err := holdings.OpenFile(ctx, holdings.Options{Cache: h.path("cache")}, c.File)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(c.File), err)
	}
	defer file.Close()
	total := file.Pages()
	if total == 0 {
		return fmt.Errorf("%s: %w", filepath.Base(c.File), holdings.ErrDamaged)
	}
	pages, err := conversation.ParsePages(c.Pages, total)
	if errors.Is(err, conversation.ErrPagesSyntax) {
		return usageError{err}
	}
	if err != nil {
		return forPeople{err, fmt.Sprintf("halaman itu tidak ada; berkas ini berisi halaman 1 sampai %d", total)}
	}
	if limit := conversation.Limit(total); len(pages) > limit {
		return saying("diminta %d halaman, padahal paling banyak %d dari %d halaman (20%%); minta lebih sedikit",
			len(pages), limit, total)
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
	mark, err := texts.Mark(now, code, publisher, c.Mark)
	if err != nil {
		return err
	}
	strict := c.Strict || office.StrictOf(book)
	cut, err := file.Excerpt(ctx, conversation.ExcerptOrder{Pages: pages, Mark: mark, Strict: strict, Title: book.Title,
		FileName: filepath.Base(c.Out)})
	if err != nil {
		return err
	}
	took := time.Since(start)
	if err := writeNew(c.Out, cut.Data); err != nil {
		return fmt.Errorf("write excerpt: %w", err)
	}
	err = db.RecordCounter(ctx, conversation.Excerpt{Code: code, Publication: book.ID, Pages: pages, Mark: mark,
		FileName: filepath.Base(c.Out), RequestedAt: now}, cut)
	if err != nil { // nobody could check it
		return errors.Join(err, os.Remove(c.Out))
	}
	if c.JSON {
		return json.NewEncoder(h.std.out).Encode(excerptAnswer{pages, cut.Mode, strict, cut.Verdict, code, cut.SHA256,
			took.Milliseconds()})
	}
	fmt.Fprintf(h.std.out, "%s: %d halaman (%s), kode %s\n", c.Out, cut.Pages, pages, code)
	return nil
}

// publication is the library's record of the file that is cut; empty when the
// library does not hold it.
func (c *excerptCmd) publication(ctx context.Context, db *store.DB) (conversation.Publication, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return conversation.Publication{}, err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return conversation.Publication{}, err
	}
	for p, err := range db.Publications(ctx) {
		if err != nil {
			return p, err
		}
		if p.SHA256 == hex.EncodeToString(sum.Sum(nil)) {
			return p, nil
		}
	}
	return conversation.Publication{}, nil
}
