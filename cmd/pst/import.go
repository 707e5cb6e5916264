package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/schollz/progressbar/v3"

	"pst/conversation"
	"pst/search"
	"pst/store/holdings"
	"pst/store/intake"
)

// importCmd brings publications into the library.
type importCmd struct {
	Office string   `help:"Office code of the records (default: the own office)."`
	Paths  []string `arg:"" name:"path" help:"PDF, CSV and JSON files, or folders of them." type:"path"`
}

// tally counts what an import did.
type tally struct{ changed, same, bad int }

func (c *importCmd) Run(ctx context.Context, h *house) error {
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	office := or(c.Office, d.office.Code)
	if len(office) != 4 || strings.Trim(office, "0123456789") != "" {
		return usageError{fmt.Errorf("import: -office: must be four digits, such as 1906")}
	}
	lists, pdfs, err := sortPaths(c.Paths)
	if err != nil {
		return err
	}
	var n tally
	for _, path := range lists {
		if err := importList(ctx, h, d, path, office, &n); err != nil {
			return err
		}
	}
	if err := importFiles(ctx, h, d, pdfs, office, &n); err != nil {
		return err
	}
	if err := d.catalogue.Sync(ctx); errors.Is(err, search.ErrBusy) {
		fmt.Fprintln(h.std.err, "Indeks sedang dipakai proses lain dan akan menyusul sendiri.")
	} else if err != nil {
		return fmt.Errorf("update search index: %w", err)
	}
	fmt.Fprintf(h.std.out, "Selesai: %d baru atau berubah, %d tetap, %d ditolak.\n", n.changed, n.same, n.bad)
	if n.bad > 0 {
		return fmt.Errorf("import: %d could not be read; mend or remove what is named above and import again", n.bad)
	}
	return nil
}

// sortPaths gathers the files below the paths, lists before PDF files, so that
// files find their records.
func sortPaths(paths []string) (lists, pdfs []string, err error) {
	for _, path := range paths {
		err := filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
			if err != nil {
				return fmt.Errorf("import: %w", err)
			}
			if !e.Type().IsRegular() {
				return nil
			}
			switch strings.ToLower(filepath.Ext(p)) {
			case ".pdf":
				pdfs = append(pdfs, p)
			case ".csv", ".json", ".txt", ".tsv":
				lists = append(lists, p)
			default:
				if p == path { // named by itself: let the reader say what is wrong
					pdfs = append(pdfs, p)
				}
			}
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	slices.Sort(lists)
	slices.Sort(pdfs)
	return slices.Compact(lists), slices.Compact(pdfs), nil
}

// importList brings in the records of one CSV file or WebAPI answer.
func importList(ctx context.Context, h *house, d *desk, path, office string, n *tally) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	read := intake.CSV
	if strings.EqualFold(filepath.Ext(path), ".json") {
		read = intake.WebAPI
	}
	r, err := read(b, office)
	if err != nil {
		n.bad++
		fmt.Fprintf(h.std.err, "%s: ditolak: %v\n", filepath.Base(path), err)
	}
	for _, bad := range r.Bad {
		n.bad++
		fmt.Fprintf(h.std.err, "%s: %v\n", filepath.Base(path), bad)
	}
	changed, err := d.db.SavePublications(ctx, r.Publications)
	if err != nil {
		return fmt.Errorf("import %s: %w", filepath.Base(path), err)
	}
	n.changed += changed
	n.same += len(r.Publications) - changed
	return nil
}

// importFiles takes PDF files into the holdings, each with its record.
func importFiles(ctx context.Context, h *house, d *desk, pdfs []string, office string, n *tally) error {
	if len(pdfs) == 0 {
		return nil
	}
	held := map[string]bool{}
	var records []conversation.Publication
	for p, err := range d.db.Publications(ctx) {
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
		held[p.SHA256] = true
		if p.Office == office {
			records = append(records, p)
		}
	}
	matcher := intake.NewMatcher(records)
	bar := progress(h, len(pdfs), "Membaca publikasi")
	defer bar.Finish()
	for _, path := range pdfs {
		if !d.room() {
			return fmt.Errorf("import: less than %d MB are free (disk.floor_mb): make room and import again; what is done stays done", d.cfg.Disk.Floor)
		}
		changed, err := importFile(ctx, d, matcher, path, office, held)
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("import: %w", ctx.Err())
		case err != nil:
			n.bad++
			bar.Clear()
			fmt.Fprintf(h.std.err, "%s: ditolak: %s\n", filepath.Base(path), holdings.Reason(err))
		case changed:
			n.changed++
		default:
			n.same++
		}
		bar.Add(1)
	}
	return nil
}

// importFile adds one file; known bytes are passed over without reading them.
func importFile(ctx context.Context, d *desk, matcher *intake.Matcher, path, office string, held map[string]bool) (changed bool, err error) {
	sha, there, err := d.holdings.Sum(path)
	if err != nil {
		return false, err
	}
	if there && held[sha] {
		return false, nil
	}
	added, err := d.holdings.Add(ctx, path)
	if err != nil {
		return false, err
	}
	p := conversation.Publication{Office: office, File: added.File, SHA256: added.SHA256, Pages: added.Pages}
	if id, ok := matcher.Match(filepath.Base(path), added.Title); ok {
		p.ID = id
	} else {
		p.Title = intake.Title(or(added.Title, strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))))
		p.ID = intake.FileID(office, p.Title, added.SHA256)
		if p.Year = intake.Year(p.Title, ""); p.Year == 0 {
			p.Year = added.Year
		}
	}
	held[added.SHA256] = true
	return d.db.SavePublication(ctx, p, &added.Contents)
}

// progress is a bar on a person's terminal, and nothing elsewhere.
func progress(h *house, total int, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions(total, progressbar.OptionSetWriter(h.std.err), progressbar.OptionSetDescription(what),
		progressbar.OptionSetVisibility(isTerminal(h.std.err)), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
}
