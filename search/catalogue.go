package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"

	"pst/conversation"
)

// Options are the settings of a catalogue.
type Options struct {
	// Office is the own office, whose publications come first; "" is 1906.
	Office string
	// Tables is a folder whose files extend the tables of words, terms, areas
	// and series (see [ValidateTables]); nil for none.
	Tables fs.FS
	// Now tells the time, for "tahun lalu"; nil is the system's clock.
	Now func() time.Time
}

// How searches are kept from piling up.
const (
	inFlight = 4               // searches at the same time; the others wait
	deadline = 5 * time.Second // for one search, waiting included
)

// Catalogue answers searches over publications and their pages. It is safe for
// use by several goroutines, and any number of processes may have one on the
// same folder.
type Catalogue struct {
	dir    string
	src    Source
	opts   Options
	tables *tables // changed with both writing and mu held
	slots  chan struct{}

	writing sync.Mutex // one Sync or Rebuild at a time in this process

	mu      sync.Mutex
	current *reader     // nil while there is no usable index
	seen    os.FileInfo // of the manifest that current was opened from
	closed  bool
	healing sync.WaitGroup
	stop    context.CancelFunc // ends healing
	life    context.Context
}

var _ conversation.Catalogue = (*Catalogue)(nil)

// Open prepares a catalogue whose index rests in dir, which is made when it is
// missing. It returns at once: an index that is missing, damaged or made by an
// older version is left for [Catalogue.Sync] to make, and Search returns
// conversation.ErrPreparing until then. A table that cannot be understood is an
// error that names the line.
func Open(_ context.Context, dir string, src Source, opts Options) (*Catalogue, error) {
	if opts.Office == "" {
		opts.Office = "1906"
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	t, err := loadTables(opts.Tables)
	if err != nil {
		return nil, fmt.Errorf("open catalogue: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open catalogue: %w", err)
	}
	c := &Catalogue{dir: dir, src: src, opts: opts, tables: t, slots: make(chan struct{}, inFlight)}
	c.life, c.stop = context.WithCancel(context.Background())
	c.refresh()
	return c, nil
}

// Close waits for searches under way in this process and releases the index.
func (c *Catalogue) Close() error {
	c.stop()
	c.healing.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.current == nil {
		return nil
	}
	r := c.current
	c.current = nil
	return r.release()
}

// refresh opens the generation that the manifest names, unless it is open
// already. Without a usable one it keeps what it has.
func (c *Catalogue) refresh() {
	info, err := os.Stat(filepath.Join(c.dir, manifestFile))
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || c.closed || c.seen != nil && os.SameFile(info, c.seen) && info.ModTime().Equal(c.seen.ModTime()) {
		return
	}
	// The generation may be replaced between reading the manifest and opening it.
	for range 3 {
		m, err := readManifest(c.dir)
		if err != nil || !c.usable(m) {
			return
		}
		r, err := openReader(c.dir, m, c.tables)
		if err != nil {
			continue
		}
		if c.current != nil {
			_ = c.current.release() // its files are read only: nothing can be lost
		}
		c.current, c.seen = r, info
		return
	}
}

// usable tells whether an index was made by this version with these tables.
func (c *Catalogue) usable(m manifest) bool {
	return m.Mapping == mappingVersion && m.Tables == c.tables.sum
}

// acquire returns the newest reader, to be released; nil when there is none.
func (c *Catalogue) acquire() *reader {
	c.refresh()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == nil {
		return nil
	}
	c.current.hold()
	return c.current
}

// Sync brings the index to the state of the source. It is cheap when nothing
// has changed. A missing, damaged or outdated index is made anew beside the old
// one; searches go on meanwhile, or get conversation.ErrPreparing when there is
// nothing to search. It returns [ErrBusy] when another process is changing the
// index for longer than two seconds, and errors of the source.
func (c *Catalogue) Sync(ctx context.Context) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if ok, _, _, err := c.state(ctx); ok || err != nil {
		return err
	}
	unlock, err := lock(c.dir)
	if err != nil {
		return fmt.Errorf("sync catalogue: %w", err)
	}
	defer unlock()
	// Another process may have done it while we waited.
	ok, changed, version, err := c.state(ctx)
	if ok || err != nil {
		return err
	}
	m, err := readManifest(c.dir)
	if err == nil && changed != nil && len(changed) <= max(leastUpdate, m.Records/updateShare) {
		if err := c.patch(ctx, m, changed, version); err == nil {
			return nil
		} else if ctx.Err() != nil {
			return fmt.Errorf("sync catalogue: %w", err)
		}
		// Whatever was wrong with the copy, the source is the truth.
	}
	return c.remake(ctx, func(int, int) {})
}

// Reload reads the office's tables again, and makes the index anew when they have
// changed; searches go on with what was before until it is done. A table that cannot be
// understood is an error that names the line, and changes nothing; otherwise it returns
// what [Catalogue.Sync] returns.
func (c *Catalogue) Reload(ctx context.Context) error {
	t, err := loadTables(c.opts.Tables)
	if err != nil {
		return fmt.Errorf("reload tables: %w", err)
	}
	c.writing.Lock()
	c.mu.Lock()
	if t.sum != c.tables.sum {
		c.tables = t
	}
	c.mu.Unlock()
	c.writing.Unlock()
	return c.Sync(ctx)
}

// Changed publications are brought into the existing index up to a share of
// it, one in updateShare, and in any case leastUpdate of them; for more, making
// a new one is quicker.
const (
	updateShare = 10
	leastUpdate = 400
	updateChunk = 1000 // brought in at once, which bounds the memory it takes
)

// state tells whether the index is open and up to date. If it is not, changed
// lists the publications to bring in, nil when the whole must be made.
func (c *Catalogue) state(ctx context.Context) (ok bool, changed []string, version int64, err error) {
	r := c.acquire()
	if r == nil {
		return false, nil, 0, nil
	}
	m := r.manifest
	_ = r.release()
	if !c.usable(m) {
		return false, nil, 0, nil
	}
	disk, err := readManifest(c.dir)
	if err != nil || disk.Serial != m.Serial {
		return false, nil, 0, nil
	}
	changed, version, err = c.src.Changed(ctx, m.Source)
	if err != nil {
		return false, nil, 0, fmt.Errorf("sync catalogue: %w", err)
	}
	if version < m.Source { // an older store was put back
		return false, nil, version, nil
	}
	if len(changed) == 0 && version == m.Source {
		return true, nil, version, nil
	}
	return false, append([]string{}, changed...), version, nil
}

// Rebuild makes the whole index anew beside the old one and puts it in its
// place. progress is told how many publications of how many are done. It
// returns [ErrBusy] as Sync does.
func (c *Catalogue) Rebuild(ctx context.Context, progress func(done, total int)) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	unlock, err := lock(c.dir)
	if err != nil {
		return fmt.Errorf("rebuild catalogue: %w", err)
	}
	defer unlock()
	if progress == nil {
		progress = func(int, int) {}
	}
	return c.remake(ctx, progress)
}

// remake builds and publishes a generation. The caller holds the lock.
func (c *Catalogue) remake(ctx context.Context, progress func(done, total int)) error {
	next := c.next()
	_, version, err := c.src.Changed(ctx, 0)
	if err != nil {
		return fmt.Errorf("rebuild catalogue: %w", err)
	}
	next.Source = version
	path := filepath.Join(c.dir, next.Name)
	counted := func(done, total int) {
		next.Records = total
		progress(done, total)
	}
	if err := buildAll(ctx, path, c.src, c.tables, counted); err != nil {
		_ = os.RemoveAll(path) // swept by the next writer otherwise
		return fmt.Errorf("rebuild catalogue: %w", err)
	}
	return c.replace(next)
}

// patch publishes a copy of the current generation with some publications
// brought up to date. The caller holds the lock.
func (c *Catalogue) patch(ctx context.Context, m manifest, ids []string, version int64) (err error) {
	next := c.next()
	next.Source, next.Records = version, m.Records
	path := filepath.Join(c.dir, next.Name)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("update catalogue: damaged: %v", p)
		}
		if err != nil {
			_ = os.RemoveAll(path)
		}
	}()
	if err := clone(filepath.Join(c.dir, m.Name), path); err != nil {
		return fmt.Errorf("update catalogue: %w", err)
	}
	idx, err := bleve.OpenUsing(path, map[string]any{"bolt_timeout": lockWait.String()})
	if err != nil {
		return fmt.Errorf("update catalogue: %w", err)
	}
	for some := range slices.Chunk(ids, updateChunk) {
		if err = update(ctx, idx, c.src, c.tables, some); err != nil {
			break
		}
	}
	if err := errors.Join(err, idx.Close()); err != nil {
		return fmt.Errorf("update catalogue: %w", err)
	}
	return c.replace(next)
}

// next names the generation after the current one.
func (c *Catalogue) next() manifest {
	old, err := readManifest(c.dir)
	if err != nil {
		old = manifest{}
	}
	next := manifest{Mapping: mappingVersion, Tables: c.tables.sum, Serial: max(old.Serial, c.opts.Now().UnixNano()) + 1}
	next.Name = fmt.Sprintf("g%016x", next.Serial)
	_ = sweep(c.dir, old.Name)
	return next
}

// replace publishes the next generation and opens it here.
func (c *Catalogue) replace(next manifest) error {
	if err := publish(c.dir, next); err != nil {
		return err
	}
	c.refresh()
	_ = sweep(c.dir, next.Name)
	return nil
}

// heal makes the index anew after a search found it damaged.
func (c *Catalogue) heal(r *reader) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != r || c.closed {
		return
	}
	c.current = nil
	_ = r.release()
	c.healing.Go(func() {
		// Nobody waits for the outcome: the next Sync reports what stands in the way.
		_ = c.Rebuild(c.life, nil)
	})
}

// Search answers a query. It returns conversation.ErrPreparing while there is
// no usable index, and ctx's error, or a deadline's, when it takes too long.
func (c *Catalogue) Search(ctx context.Context, q conversation.Query) (res conversation.Result, err error) {
	err = c.guarded(ctx, "search", func(ctx context.Context, r *reader) (err error) {
		res, err = c.answer(ctx, r, q)
		return err
	})
	return res, err
}

// guarded reads the index within the deadline, as one of those that may at once. What
// panics has met a damaged index, which is made anew.
func (c *Catalogue) guarded(ctx context.Context, what string, read func(context.Context, *reader) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", what, ctx.Err())
	}
	r := c.acquire()
	if r == nil {
		return fmt.Errorf("%s: %w", what, conversation.ErrPreparing)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: index damaged: %w", what, conversation.ErrPreparing)
			c.heal(r)
		}
		_ = r.release()
	}()
	return read(ctx, r)
}
