package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"pst/conversation"
	"pst/search"
	"pst/store"
	"pst/store/holdings"
	"pst/store/intake"
)

// importCmd brings publications into the library.
type importCmd struct {
	Office string   `help:"Office code of the records (default: the own office)."`
	Strict bool     `help:"Hand out all of them as marked pictures alone, from now on."`
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
	office := or(c.Office, d.office().Code)
	if !fourDigits(office) {
		return usageError{fmt.Errorf("import: -office: must be four digits, the number in the office's e-mail address")}
	}
	lists, pdfs, err := sortPaths(c.Paths)
	if err != nil {
		return err
	}
	i := &importing{desk: d, office: office, strict: c.Strict, say: func(line string) { fmt.Fprintln(h.std.out, line) }}
	var n tally
	for _, path := range lists {
		if err := c.list(ctx, h, i, path, &n); err != nil {
			return err
		}
	}
	if err := c.files(ctx, h, i, pdfs, &n); err != nil {
		return err
	}
	if n.changed > 0 {
		if err := d.imported(ctx, "pst import"); err != nil {
			return err
		}
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

// list brings in the records of one CSV file or WebAPI answer.
func (c *importCmd) list(ctx context.Context, h *house, i *importing, path string, n *tally) error {
	name := filepath.Base(path)
	r, err := readList(path, i.office)
	if errors.As(err, new(*fs.PathError)) {
		return fmt.Errorf("import: %w", err)
	}
	if err != nil {
		n.bad++
		fmt.Fprintf(h.std.err, "%s: ditolak: %s\n", name, intake.Reason(err))
	}
	for _, bad := range r.Bad {
		n.bad++
		fmt.Fprintf(h.std.err, "%s: %s\n", name, bad.Reason())
	}
	changed, err := i.records(ctx, r)
	if err != nil {
		return fmt.Errorf("import %s: %w", name, err)
	}
	n.changed += changed
	n.same += len(r.Publications) - changed
	return nil
}

// files takes PDF files into the holdings, each with its record.
func (c *importCmd) files(ctx context.Context, h *house, i *importing, pdfs []string, n *tally) error {
	if len(pdfs) == 0 {
		return nil
	}
	if err := i.learn(ctx); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	bar := progress(h, len(pdfs), "Membaca publikasi")
	defer bar.Finish()
	for _, path := range pdfs {
		if !i.desk.room() {
			return fmt.Errorf("import: less than %d MB are free (disk.floor_mb): make room and import again; what is done stays done",
				i.desk.cfg.Disk.Floor)
		}
		_, changed, err := i.file(ctx, path, "")
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

// progress is a bar on a person's terminal, and nothing elsewhere.
func progress(h *house, total int, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions(total, progressbar.OptionSetWriter(h.std.err), progressbar.OptionSetDescription(what),
		progressbar.OptionSetVisibility(isTerminal(h.std.err)), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
}

// imported notes that publications came in, by whom, for who asks when that was last.
func (d *desk) imported(ctx context.Context, by string) error {
	return d.db.Note(ctx, conversation.AuditEntry{At: time.Now(), Who: by, What: store.Imported})
}
