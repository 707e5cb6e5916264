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
	var n tally
	for _, path := range lists {
		if err := c.list(ctx, h, d, path, office, &n); err != nil {
			return err
		}
	}
	if err := c.files(ctx, h, d, pdfs, office, &n); err != nil {
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

// list brings in the records of one CSV file or WebAPI answer.
func (c *importCmd) list(ctx context.Context, h *house, d *desk, path, office string, n *tally) error {
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
	if changed, err = c.mark(ctx, d, r, changed); err != nil {
		return fmt.Errorf("import %s: %w", filepath.Base(path), err)
	}
	n.changed += changed
	n.same += len(r.Publications) - changed
	return joinRecords(ctx, h, d, r.Publications)
}

// mark makes the publications of a list strict, or no longer, as the list and the
// command say. Changed are those that the list has changed.
func (c *importCmd) mark(ctx context.Context, d *desk, r intake.Result, changed int) (int, error) {
	loose, err := d.db.SetStrict(ctx, false, r.Loose...)
	if err != nil || !c.Strict {
		return min(changed+loose, len(r.Publications)), err
	}
	var ids []string
	for _, p := range r.Publications {
		ids = append(ids, p.ID)
	}
	strict, err := d.db.SetStrict(ctx, true, ids...)
	return min(changed+strict, len(ids)), err
}

// joinRecords makes one of records that are the same publication as one of a
// list: what a spreadsheet or a file was taken in as before the website's record
// was known.
func joinRecords(ctx context.Context, h *house, d *desk, listed []conversation.Publication) error {
	var all []conversation.Publication
	for p, err := range d.db.Publications(ctx) {
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
		all = append(all, p)
	}
	for _, pair := range intake.Doubles(all, listed) {
		changed, err := d.db.MergePublications(ctx, pair.From.ID, pair.Into.ID)
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
		if changed {
			fmt.Fprintf(h.std.out, "%s: menjadi satu dengan %s (%s)\n", pair.From.ID, pair.Into.ID, pair.Into.Title)
		}
	}
	return nil
}

// files takes PDF files into the holdings, each with its record.
func (c *importCmd) files(ctx context.Context, h *house, d *desk, pdfs []string, office string, n *tally) error {
	if len(pdfs) == 0 {
		return nil
	}
	held := map[string]string{} // ids by the digests of files
	var records []conversation.Publication
	for p, err := range d.db.Publications(ctx) {
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
		held[p.SHA256] = p.ID
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
		id, changed, err := importFile(ctx, h, d, matcher, path, office, held)
		if err == nil && c.Strict {
			var marked int
			marked, err = d.db.SetStrict(ctx, true, id)
			changed = changed || marked > 0
		}
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

// importFile adds one file to the publication with the id returned; known bytes are
// passed over without reading them.
func importFile(ctx context.Context, h *house, d *desk, matcher *intake.Matcher, path, office string,
	held map[string]string) (id string, changed bool, err error) {
	sha, there, err := d.holdings.Sum(path)
	if err != nil {
		return "", false, err
	}
	if id := held[sha]; there && id != "" {
		return id, false, nil
	}
	added, err := d.holdings.Add(ctx, path)
	if err != nil {
		return "", false, err
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
	if err := sameBook(ctx, h, d, filepath.Base(path), &p, added.Contents); err != nil {
		return "", false, err
	}
	held[added.SHA256] = p.ID
	changed, err = d.db.SavePublication(ctx, p, &added.Contents)
	return p.ID, changed, err
}

// sameBook gives a file that is a book of the library already, under another
// name or downloaded anew, to that book's record, and says so. Where the file's
// name or title leads to a record that waits for its file, the book gets it.
func sameBook(ctx context.Context, h *house, d *desk, name string, p *conversation.Publication, c conversation.Contents) error {
	id, err := d.db.SameBook(ctx, p.SHA256, c.Pages)
	if id == "" || id == p.ID || err != nil {
		return err
	}
	book, err := d.db.Publication(ctx, id)
	withdrawn := errors.Is(err, conversation.ErrNotFound)
	if err != nil && !withdrawn {
		return err
	}
	record, err := d.db.Publication(ctx, p.ID)
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		return err
	}
	switch {
	case err == nil && record.File == "" && (withdrawn || intake.OwnID(id)):
		_, err := d.db.MergePublications(ctx, id, p.ID)
		fmt.Fprintf(h.std.out, "%s: isinya sudah pernah masuk (%s); kini milik “%s” (%s)\n", name, id, record.Title, record.ID)
		return err
	case withdrawn:
		p.ID, p.Title = id, or(p.Title, record.Title)
	default:
		p.ID, p.Office, p.Title, p.Year = book.ID, book.Office, book.Title, book.Year
		fmt.Fprintf(h.std.out, "%s: isinya sudah ada sebagai “%s” (%s)\n", name, book.Title, book.ID)
	}
	return nil
}

// progress is a bar on a person's terminal, and nothing elsewhere.
func progress(h *house, total int, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions(total, progressbar.OptionSetWriter(h.std.err), progressbar.OptionSetDescription(what),
		progressbar.OptionSetVisibility(isTerminal(h.std.err)), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
}
