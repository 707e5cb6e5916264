package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"

	"pst/conversation"
	"pst/search"
	"pst/store"
	"pst/store/intake"
)

// importCmd brings publications into the library.
type importCmd struct {
	Office string   `help:"Kode kantor pemilik publikasinya (bila tidak disebut: kantor sendiri)." placeholder:"KODE"`
	Strict bool     `help:"Mulai sekarang semuanya hanya dikutip sebagai gambar bertanda."`
	Paths  []string `arg:"" name:"path" help:"Berkas PDF, CSV, dan JSON, atau folder berisi berkas itu." type:"path"`
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
		return usageError{saying("-office harus empat angka, yaitu angka pada alamat email kantornya")}
	}
	f, err := lookBelow(c.Paths)
	if err != nil {
		return err
	}
	i := &importing{desk: d, office: office, strict: c.Strict, say: func(line string) { fmt.Fprintln(h.std.out, line) }}
	var n tally
	for _, s := range f.shut {
		n.refuse(h, s.path, s.err)
	}
	for _, path := range f.lists {
		if err := c.list(ctx, h, i, path, &f, &n); err != nil {
			return err
		}
	}
	if err := c.files(ctx, h, i, f.pdfs, &n); err != nil {
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
	n.sum(h, &f)
	if n.bad > 0 {
		return saying("%d berkas atau baris ditolak; perbaiki atau buang yang disebut di atas, lalu impor lagi", n.bad)
	}
	return nil
}

// refuse names a file that cannot be imported, and why.
func (n *tally) refuse(h *house, path string, err error) {
	n.bad++
	fmt.Fprintf(h.std.err, "%s: ditolak: %s\n", filepath.Base(path), toldByKind(err))
}

// sum says what happened, and what is to be done next.
func (n *tally) sum(h *house, f *found) {
	for _, link := range f.links {
		fmt.Fprintf(h.std.out, "%s: pintasan, tidak diikuti; impor berkas atau folder aslinya\n", link)
	}
	text := fmt.Sprintf("Selesai: %d baru atau berubah, %d tetap, %d ditolak", n.changed, n.same, n.bad)
	if passed := f.passed.total(); passed > 0 {
		text += fmt.Sprintf(", %d dilewati karena bukan publikasi (%v)", passed, f.passed)
	}
	next := "tidak ada yang perlu dilakukan; semuanya sudah dimiliki"
	switch {
	case f.empty():
		next = "tidak ada PDF, CSV, atau JSON di sana; tulis folder tempat publikasinya"
	case n.bad > 0:
		next = "perbaiki yang ditolak, lalu impor lagi"
	case n.changed > 0:
		next = "periksa hasilnya di halaman petugas (Katalog), atau cari dengan pst search KATA"
	case n.same == 0:
		next = "daftarnya tidak berisi satu publikasi pun; periksa isinya"
	}
	fmt.Fprintf(h.std.out, "%s. Berikutnya: %s.\n", text, next)
}

// list brings in the records of one CSV file or WebAPI answer.
func (c *importCmd) list(ctx context.Context, h *house, i *importing, path string, f *found, n *tally) error {
	name := filepath.Base(path)
	r, err := readList(path, i.office)
	if errors.Is(err, intake.ErrHeader) && !f.asked[path] && strings.EqualFold(filepath.Ext(path), ".txt") {
		f.passed[".txt"]++ // some note beside the publications
		return nil
	}
	if err != nil {
		n.refuse(h, path, err)
	}
	for _, bad := range r.Bad {
		n.bad++
		fmt.Fprintf(h.std.err, "%s: %s\n", name, bad.Reason())
	}
	if of, warning := elsewhere(r, i.office, i.desk.office()); c.Office == "" && warning != "" {
		fmt.Fprintf(h.std.err, "%s: perhatian: %s; bila memang dari sana, jalankan: pst import -office %s %s\n", name,
			warning, of, typed(path))
	}
	changed, err := i.records(ctx, r)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	n.changed += changed
	n.same += len(r.Publications) - changed
	return nil
}

// elsewhere tells that a list is by its numbers of another office than it is recorded
// for, and of which; "" when it is not.
func elsewhere(r intake.Result, office string, o *conversation.Office) (of, warning string) {
	of, some := intake.Issuer(r.Publications)
	if of == office || of != o.Code && o.Others[of] == "" {
		return "", ""
	}
	return of, fmt.Sprintf("%d dari %d publikasinya bernomor kantor %s (%s), tetapi dicatat milik %s", some,
		len(r.Publications), of,
		or(o.Others[of], o.Name), office)
}

// files takes PDF files into the holdings, each with its record.
func (c *importCmd) files(ctx context.Context, h *house, i *importing, pdfs []string, n *tally) error {
	if len(pdfs) == 0 {
		return nil
	}
	if err := i.learn(ctx); err != nil {
		return err
	}
	bar := progress(h, len(pdfs), "Membaca publikasi")
	defer bar.Finish()
	for _, path := range pdfs {
		if !i.desk.room() {
			return fmt.Errorf("%w: less than %d MB are free (disk.floor_mb)", errFull, i.desk.cfg.Disk.Floor)
		}
		_, changed, err := i.file(ctx, path, "")
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, conversation.ErrFull), errors.Is(err, syscall.ENOSPC):
			return err // so would the others
		case err != nil:
			bar.Clear()
			n.refuse(h, path, err)
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
		progressbar.OptionSetVisibility(isTerminal(h.std.err)), progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish())
}

// imported notes that publications came in, by whom, for who asks when that was last.
func (d *desk) imported(ctx context.Context, by string) error {
	return d.db.Note(ctx, conversation.AuditEntry{At: time.Now(), Who: by, What: store.Imported})
}
