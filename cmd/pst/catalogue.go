package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pst/conversation"
	"pst/store/holdings"
)

// indexCmd rebuilds the search index.
type indexCmd struct{}

func (indexCmd) Run(ctx context.Context, h *house) error {
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	unread := readTables(ctx, h, d)
	bar := progress(h, -1, "Menyusun indeks")
	err = d.catalogue.Rebuild(ctx, func(done, total int) {
		bar.ChangeMax(total)
		bar.Set(done)
	})
	bar.Finish()
	if err != nil {
		return fmt.Errorf("rebuild search index: %w", err)
	}
	fmt.Fprintln(h.std.out, "Indeks selesai disusun.")
	return unread
}

// readTables reads the statistical tables of files that an older version has read, or
// none. A file that cannot be read keeps what was read before; the others are read.
func readTables(ctx context.Context, h *house, d *desk) (unread error) {
	stale, err := d.db.StaleTables(ctx, holdings.TablesVersion)
	if err != nil {
		return err
	}
	bar := progress(h, len(stale), "Membaca tabel")
	defer bar.Finish()
	failed := 0
	for _, p := range stale {
		tables, err := d.holdings.Tables(ctx, p.File)
		if err == nil {
			err = d.db.SaveDataTables(ctx, p, tables, holdings.TablesVersion)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			unread = fmt.Errorf("the index is made, but the tables of %d files were not read; of %s: %w", failed, p.ID, err)
		}
		bar.Add(1)
	}
	return unread
}

// searchCmd searches the catalogue.
type searchCmd struct {
	JSON  bool     `help:"Cetak JSON, satu objek setiap pertanyaan."`
	Limit int      `help:"Paling banyak hasil." default:"10"`
	Pages bool     `help:"Cetak juga halaman yang ditemukan di bawah setiap judul."`
	Query []string `arg:"" help:"Yang dicari; - membaca satu pertanyaan setiap baris dari masukan."`
}

// searchAnswer is the JSON form of one search; its names are a contract.
type searchAnswer struct {
	Query     string      `json:"query"`
	Corrected string      `json:"corrected,omitempty"`
	Dropped   string      `json:"dropped,omitempty"` // words let go to find anything
	Away      []string    `json:"away,omitempty"`    // places that nothing is held about
	Hits      []searchHit `json:"hits"`
}

type searchHit struct {
	Rank   int                    `json:"rank"`
	ID     string                 `json:"id"`
	Title  string                 `json:"title"`
	Year   int                    `json:"year"`
	Office string                 `json:"office"`
	Score  float64                `json:"score"`
	Pages  []conversation.PageHit `json:"pages"`
}

func (c *searchCmd) Run(ctx context.Context, h *house) error {
	if c.Limit < 1 || c.Limit > 1000 {
		return usageError{saying("-limit di luar batas; tulis 1 sampai 1000")}
	}
	d, err := h.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	if err := d.catalogue.Sync(ctx); err != nil {
		return fmt.Errorf("open search index: %w", err)
	}
	out := bufio.NewWriter(h.std.out)
	defer out.Flush()
	query := strings.Join(c.Query, " ")
	if query != "-" {
		return c.one(ctx, d, out, query)
	}
	lines := bufio.NewReader(h.std.in)
	for {
		line, err := lines.ReadString('\n')
		if q := strings.TrimSpace(line); q != "" {
			if err := c.one(ctx, d, out, q); err != nil {
				return err
			}
			out.Flush()
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read queries: %w", err)
		}
	}
}

// one answers one query.
func (c *searchCmd) one(ctx context.Context, d *desk, w io.Writer, query string) error {
	query = strings.ToValidUTF8(query, " ")
	r, err := d.catalogue.Search(ctx, conversation.Query{Text: query, Limit: c.Limit})
	if err != nil {
		return err
	}
	a := searchAnswer{Query: query, Corrected: r.Corrected, Dropped: r.Dropped, Away: r.Away, Hits: []searchHit{}}
	for i, hit := range r.Hits {
		pages := hit.Pages
		if pages == nil {
			pages = []conversation.PageHit{}
		}
		a.Hits = append(a.Hits, searchHit{i + 1, hit.ID, hit.Title, hit.Year, hit.Office, hit.Score, pages})
	}
	if c.JSON {
		return json.NewEncoder(w).Encode(a)
	}
	if a.Corrected != "" {
		fmt.Fprintf(w, "Menampilkan hasil untuk: %s\n", a.Corrected)
	}
	if a.Dropped != "" {
		fmt.Fprintf(w, "Dilepas, karena tidak dikenal atau tidak ada: %s\n", a.Dropped)
	}
	if len(a.Away) > 0 {
		fmt.Fprintf(w, "Kami tidak menyimpan publikasi tentang %s.\n", strings.Join(a.Away, ", "))
	}
	if len(a.Hits) == 0 {
		fmt.Fprintln(w, "Tidak ada yang cocok.")
	}
	for _, hit := range a.Hits {
		fmt.Fprintf(w, "%2d. %s (%d, %s) [%s]\n", hit.Rank, hit.Title, hit.Year, hit.Office, hit.ID)
		if c.Pages {
			for _, p := range hit.Pages {
				fmt.Fprintf(w, "    hal. %d%s: %s\n", p.Page, printed(p.Printed), or(p.Table, p.Text))
			}
		}
	}
	return nil
}

func printed(s string) string {
	if s == "" {
		return ""
	}
	return " (tercetak " + s + ")"
}
