package search

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"

	"pst/conversation"
)

// gathered is publications sorted into series, of a part of the catalogue.
type gathered map[string]*series

func (g gathered) add(p placed) {
	s := g[p.series.Key]
	if s == nil {
		s = &p.series
		g[s.Key] = s
	}
	s.Editions = append(s.Editions, p.edition)
	sortEditions(s.Editions)
	if s.Editions[0].ID == p.edition.ID {
		s.Abstract, s.AreaName, s.Lower = p.series.Abstract, p.series.AreaName, p.series.Lower
	}
}

// heap sorts all publications of a catalogue into series, in memory that does
// not grow with the number of editions: of each series it holds what its newest
// edition says, the editions lie in files until their series is written.
type heap struct {
	series map[string]*series // its one edition is the newest so far
	dir    string
	files  [heapFiles]*os.File
	write  [heapFiles]*bufio.Writer
}

// heapFiles is into how many files editions are laid, each read back whole.
const heapFiles = 32

func newHeap(dir string) (*heap, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("lay editions aside: %w", err)
	}
	h := &heap{series: map[string]*series{}, dir: dir}
	for i := range h.files {
		f, err := os.OpenFile(filepath.Join(dir, strconv.Itoa(i)), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("lay editions aside: %w", err), h.remove())
		}
		h.files[i], h.write[i] = f, bufio.NewWriter(f)
	}
	return h, nil
}

func (h *heap) remove() error {
	for _, f := range h.files {
		if f != nil {
			_ = f.Close() // read back already, or not wanted any more
		}
	}
	return os.RemoveAll(h.dir)
}

func (h *heap) add(p placed) error {
	s := h.series[p.series.Key]
	if s == nil {
		s = &p.series
		s.Editions = []edition{p.edition}
		h.series[s.Key] = s
	} else {
		two := []edition{s.Editions[0], p.edition}
		if sortEditions(two); two[0].ID == p.edition.ID {
			s.Editions[0] = p.edition
			s.Abstract, s.AreaName, s.Lower = p.series.Abstract, p.series.AreaName, p.series.Lower
		}
	}
	sum := fnv.New32a()
	sum.Write([]byte(s.Key))
	var w writer
	w.field(s.Key)
	p.edition.body(&w)
	if _, err := h.write[sum.Sum32()%heapFiles].WriteString(w.String()); err != nil {
		return fmt.Errorf("lay edition aside: %w", err)
	}
	return nil
}

// each gives every series with its editions, newest first.
func (h *heap) each(do func(series) error) error {
	for i, f := range h.files {
		err := h.write[i].Flush()
		if err == nil {
			_, err = f.Seek(0, io.SeekStart)
		}
		if err != nil {
			return fmt.Errorf("read editions laid aside: %w", err)
		}
		editions := map[string][]edition{}
		for lines := bufio.NewReader(f); ; {
			line, err := lines.ReadString(record[0])
			if errors.Is(err, io.EOF) && line == "" {
				break
			}
			key, list, _ := strings.Cut(strings.TrimSuffix(line, record), unit)
			var ed edition
			if err := errors.Join(err, ed.read(list)); err != nil {
				return fmt.Errorf("read editions laid aside: %w", err)
			}
			editions[key] = append(editions[key], ed)
		}
		for _, key := range slices.Sorted(maps.Keys(editions)) {
			s := *h.series[key]
			s.Editions = editions[key]
			sortEditions(s.Editions)
			if err := do(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// learnAreas reads the areas that the titles of a whole source name.
func learnAreas(ctx context.Context, src Source) (areas []area, total int, err error) {
	learned := map[string]area{}
	for p, err := range src.Publications(ctx) {
		if err != nil {
			return nil, 0, fmt.Errorf("read publications: %w", err)
		}
		total++
		if a, ok := learn(p.Title, p.Office); ok {
			learned[a.key()] = a
		}
	}
	for _, key := range slices.Sorted(maps.Keys(learned)) {
		areas = append(areas, learned[key])
	}
	return areas, total, nil
}

// learnedAreas reads the areas that an index was made with. One whose name is an
// everyday word ("Kecamatan Sumber") is a place only after a word of kind.
func (t *tables) learnedAreas(idx bleve.Index) ([]area, error) {
	keys, _, err := dictionary(idx, fArea)
	if err != nil {
		return nil, err
	}
	var out []area
	for _, k := range keys {
		if a, ok := readArea(k); ok {
			a.alone = t.everyday(a.name)
			out = append(out, a)
		}
	}
	return out, nil
}

// everyday tells whether a word is one that people write without meaning a place: a
// word of the tables, or a name that they mark as one ("!Baru").
func (t *tables) everyday(w string) bool {
	marked := func(a area) bool { return a.alone && (a.name == w || slices.Contains(a.others, w)) }
	return t.noise[w] || t.general[w] || t.breakdown[w] || t.foreign[w] || t.vocabulary[w] ||
		slices.ContainsFunc(t.villages, marked) || slices.ContainsFunc(t.world, marked)
}

// batchSize is how many documents are written at once: 2000 pages take some 30 MB.
const batchSize = 2000

// buildAll makes a whole generation from the source in a folder that does not
// exist yet.
func buildAll(ctx context.Context, path string, src Source, t *tables, progress func(done, total int)) error {
	learned, total, err := learnAreas(ctx, src)
	if err != nil {
		return err
	}
	names := newAtlas(t.areas, learned)
	m, err := indexMapping()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("make index folder: %w", err)
	}
	b, err := bleve.NewBuilder(path, m, map[string]any{"batchSize": batchSize, "buildPathPrefix": path})
	if err != nil {
		return fmt.Errorf("start index: %w", err)
	}
	if err := fill(ctx, b, src, t, names, path+".editions", func(done int) { progress(done, total) }); err != nil {
		return errors.Join(err, b.Close())
	}
	if err := b.Close(); err != nil {
		return fmt.Errorf("finish index: %w", err)
	}
	return nil
}

// fill writes all documents; editions are laid aside in a folder meanwhile.
func fill(ctx context.Context, b bleve.Builder, src Source, t *tables, names *atlas, aside string,
	progress func(done int)) (err error) {
	// An index without any document cannot be written.
	if err := b.Index("mapping", map[string]any{fKind: "mapping"}); err != nil {
		return fmt.Errorf("index mapping: %w", err)
	}
	all, err := newHeap(aside)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, all.remove()) }()
	done := 0
	for p, err := range src.Publications(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("read publications: %w", err)
		}
		pl := t.place(p, names)
		if err := all.add(pl); err != nil {
			return err
		}
		docs, err := pagesOf(ctx, src, t, p, pl)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if err := b.Index(d.name, d.fields); err != nil {
				return fmt.Errorf("index page: %w", err)
			}
		}
		if done++; done%50 == 0 {
			progress(done)
		}
	}
	err = all.each(func(s series) error {
		if err := b.Index(seriesName(s.Key), t.seriesDocument(s)); err != nil {
			return fmt.Errorf("index series: %w", err)
		}
		return nil
	})
	progress(done)
	return err
}

// pagesOf makes the documents of the pages and trusted tables of a publication whose
// file is held.
func pagesOf(ctx context.Context, src Source, t *tables, p conversation.Publication, pl placed) ([]pageDocument,
	error) {
	if p.Pages == 0 {
		return nil, nil
	}
	c, err := src.Contents(ctx, p.ID)
	if err != nil {
		return nil, fmt.Errorf("read pages of %s: %w", p.ID, err)
	}
	docs := t.pageDocuments(pl, c)
	list, err := src.DataTables(ctx, p.ID)
	if err != nil {
		return nil, fmt.Errorf("read tables of %s: %w", p.ID, err)
	}
	for _, s := range t.sheetsOf(pl.series, p.ID, list) {
		docs = append(docs, pageDocument{sheetName(p.ID, s.table.Key()), sheetDocument(s, pl)})
	}
	return docs, nil
}
