package holdings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"pst/conversation"
	"pst/store/holdings/internal/proof"
)

// Options of [Open] and [Cut]. The zero value is usable.
type Options struct {
	// Cache is the folder for the compiled form of the page reader, some 25 MB.
	// Without one each use of the reader takes some 4 s longer.
	Cache string
	// Deadline is the longest that one excerpt or one file to add may take;
	// 0 stands for 60 s.
	Deadline time.Duration
}

func (o Options) deadline() time.Duration {
	if o.Deadline <= 0 {
		return time.Minute
	}
	return o.Deadline
}

// Holdings is a folder of PDF files named after their content. It may be used
// by several goroutines.
type Holdings struct {
	root  *os.Root
	dir   string
	opts  Options
	turns chan struct{} // one for each job that may run at a time
	hot   cache
}

var _ interface {
	Excerpt(context.Context, conversation.ExcerptOrder) (conversation.ExcerptFile, error)
} = (*Holdings)(nil)

// Open opens the folder dir, making it (0700) when it is not there.
func Open(dir string, opts Options) (*Holdings, error) {
	for _, d := range []string{dir, opts.Cache} {
		if d == "" {
			continue
		}
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("open holdings: %w", err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open holdings: %w", err)
	}
	if err := sweep(root); err != nil {
		root.Close()
		return nil, fmt.Errorf("open holdings: %w", err)
	}
	return &Holdings{root: root, dir: dir, opts: opts, turns: make(chan struct{}, runtime.NumCPU()),
		hot: cache{limit: hotBytes}}, nil
}

// sweep removes what a crash left of files being taken in. Those of another
// process that runs now are younger than an hour.
func sweep(root *os.Root) error {
	return fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != ".":
			return fs.SkipDir
		case !strings.HasPrefix(path, passing):
			return nil
		}
		info, err := d.Info()
		if err != nil || time.Since(info.ModTime()) < time.Hour {
			return nil // gone meanwhile, or still at work
		}
		return root.Remove(path)
	})
}

// Close gives up the folder.
func (h *Holdings) Close() error { return h.root.Close() }

// readerTurn is a turn for a job that may need the page reader, which is compiled
// before the job's time runs.
func (h *Holdings) readerTurn(ctx context.Context) (context.Context, func(), error) {
	if err := h.opts.prepare(ctx); err != nil {
		return nil, nil, err
	}
	return h.turn(ctx)
}

// turn waits until fewer jobs than processors run, and bounds the job's time.
// The function returned ends the turn.
func (h *Holdings) turn(ctx context.Context) (context.Context, func(), error) {
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, h.opts.deadline())
	return ctx, func() { cancel(); <-h.turns }, nil
}

// Excerpt cuts the pages ordered and marks each. The same order gives the same
// bytes. Errors wrap conversation.ErrNotFound when the file is not held; ctx's
// errors pass through; errors of this package say why the file cannot be cut.
func (h *Holdings) Excerpt(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	ctx, done, err := h.readerTurn(ctx)
	if err != nil {
		return conversation.ExcerptFile{}, err
	}
	defer done()
	path, err := h.held(o.File)
	if err != nil {
		return conversation.ExcerptFile{}, err
	}
	if o.Strict {
		return h.opts.pictures(ctx, path, o, "strict")
	}
	info, err := os.Stat(path)
	if err != nil {
		return conversation.ExcerptFile{}, fmt.Errorf("read publication: %w", err)
	}
	s, err := h.hot.get(o.File, func() (*source, error) {
		s, _, err := openPath(ctx, path)
		return s, err
	})
	return h.opts.excerpt(ctx, s, err, path, info.Size(), o)
}

// Preview makes a marked JPEG picture of the one page ordered. Errors are as
// those of [Holdings.Excerpt].
func (h *Holdings) Preview(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	ctx, done, err := h.readerTurn(ctx)
	if err != nil {
		return conversation.ExcerptFile{}, err
	}
	defer done()
	path, err := h.held(o.File)
	if err != nil {
		return conversation.ExcerptFile{}, err
	}
	if len(o.Pages) != 1 {
		return conversation.ExcerptFile{}, ErrPages
	}
	r, err := job{Cache: h.opts.Cache, File: path, Want: "preview", Order: o}.run(ctx, h.opts.deadline())
	if err != nil {
		return conversation.ExcerptFile{}, fmt.Errorf("make preview: %w", err)
	}
	return conversation.ExcerptFile{
		Name: strings.TrimSuffix(o.FileName, ".pdf") + ".jpg", Data: r.Data, MIME: "image/jpeg",
		Pages: 1, Mode: "raster", Verdict: "ok", SHA256: sum(r.Data),
	}, nil
}

// held is the path of a file of the folder, by its name there.
func (h *Holdings) held(name string) (string, error) {
	if name == "" || name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("publication file: %w", conversation.ErrNotFound)
	}
	info, err := h.root.Lstat(name)
	switch {
	case errors.Is(err, os.ErrNotExist) || err == nil && !info.Mode().IsRegular():
		return "", fmt.Errorf("publication file: %w", conversation.ErrNotFound)
	case err != nil:
		return "", fmt.Errorf("publication file: %w", err)
	}
	return filepath.Join(h.dir, name), nil
}

// repaired has a child write a repaired copy of a file, to be forgotten after
// use. It returns an error when the file needs none or cannot be repaired.
func (o Options) repaired(ctx context.Context, path string) (copied string, forget func(), err error) {
	temp, err := os.CreateTemp("", "pst-*.pdf")
	if err != nil {
		return "", nil, err
	}
	temp.Close()
	forget = func() { os.Remove(temp.Name()) }
	r, err := job{Cache: o.Cache, File: path, Want: "contents", Copy: temp.Name()}.run(ctx, o.deadline())
	if err == nil && !r.Repaired {
		err = errNotRepaired
	}
	if err != nil {
		forget()
		return "", nil, err
	}
	return temp.Name(), forget, nil
}

// openPath opens a file to be read by need; size is the file's. It is closed
// when nothing uses the source any more.
func openPath(ctx context.Context, path string) (s *source, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("read publication: %w", err)
	}
	info, err := f.Stat()
	if err == nil {
		size = info.Size()
		s, err = openSource(ctx, f, size)
	}
	if err != nil || s.file == nil {
		f.Close()
	}
	return s, size, err
}

// nameOf names a file that is not in the folder: by its size and its ends, since
// a digest of all of it would take longer than to cut it.
func nameOf(path string) (name string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, fmt.Errorf("read publication: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", 0, fmt.Errorf("read publication: %w", err)
	}
	if info.Size() > maxFileBytes {
		return "", 0, fmt.Errorf("read publication: %w", ErrTooLarge)
	}
	const end = 64 << 10
	digest := sha256.New()
	fmt.Fprintln(digest, info.Size())
	for _, at := range []int64{0, max(info.Size()-end, 0)} {
		if _, err := io.Copy(digest, io.NewSectionReader(f, at, end)); err != nil {
			return "", 0, fmt.Errorf("read publication: %w", err)
		}
	}
	return hex.EncodeToString(digest.Sum(nil)), info.Size(), nil
}

// readFile reads a file as a whole that is not too large for it.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read publication: %w", err)
	}
	if info.Size() > maxWholeBytes {
		return nil, fmt.Errorf("read publication: %w", ErrTooLarge)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read publication: %w", err)
	}
	return data, nil
}

// excerpt cuts from a source that was read: with its text as text, those pages
// aside that cannot be written anew or do not come out right, which become
// pictures; all of them when the source could not be read, or when the whole
// fails its check.
func (o Options) excerpt(ctx context.Context, s *source, unread error, path string, size int64,
	order conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	fail := func(err error) (conversation.ExcerptFile, error) {
		return conversation.ExcerptFile{}, fmt.Errorf("cut excerpt: %w", err)
	}
	if errors.Is(unread, ErrDamaged) {
		return o.pictures(ctx, path, order, "read: "+unread.Error())
	}
	if unread != nil {
		return fail(unread)
	}
	if err := inRange(order.Pages, len(s.pages)); err != nil {
		return fail(err)
	}
	known := o.verdictsOf(order.File, size)
	bad := map[int]string{}
	for _, n := range order.Pages {
		if v, ok := known.pages[n]; ok && v.Digest == "" {
			bad[n] = v.Why
		}
	}
	pictures := map[int]drawn{}
	// Each round either ends or finds pages that must be pictures.
	for range 2 + len(order.Pages) {
		data, r, err := cutOnce(ctx, s, order, bad, pictures)
		if ctx.Err() != nil {
			return fail(ctx.Err())
		}
		if errors.Is(err, ErrLost) || errors.Is(err, ErrExcerptTooLarge) {
			return fail(err)
		}
		if err != nil && !errors.Is(err, errFailed) {
			return o.pictures(ctx, path, order, err.Error())
		}
		for n, err := range r.failed {
			bad[n] = err.Error()
		}
		var unknown []int
		for _, n := range sortedPages(r.digests) {
			switch v := known.pages[n]; {
			case v.Digest != r.digests[n]:
				unknown = append(unknown, n)
			case v.Why != "":
				bad[n] = v.Why
			}
		}
		var draw []int
		for _, n := range sortedPages(bad) {
			if _, ok := pictures[n]; !ok {
				draw = append(draw, n)
			}
		}
		if len(unknown)+len(draw) == 0 {
			return o.checked(ctx, data, path, order, bad)
		}
		if len(bad) == len(order.Pages) {
			return o.pictures(ctx, path, order, reasons(bad))
		}
		answer, err := job{Cache: o.Cache, File: path, Want: "pages", Order: order, Compare: unknown, Draw: draw}.run(ctx,
			o.deadline())
		if err != nil {
			return fail(err)
		}
		for n, v := range answer.Verdicts {
			if v.Why != "" {
				bad[n] = v.Why
			}
		}
		known.keep(answer.Verdicts)
		for n, d := range answer.Drawn {
			pictures[n] = d
		}
	}
	return o.pictures(ctx, path, order, "pages come out differently each time")
}

// cutOnce cuts unless pages are missing that must be pictures: of these it
// only finds out which others must be.
func cutOnce(ctx context.Context, s *source, order conversation.ExcerptOrder, bad map[int]string,
	pictures map[int]drawn) ([]byte, report, error) {
	some := order
	some.Pages = nil
	for _, n := range order.Pages {
		_, have := pictures[n]
		if bad[n] == "" || have {
			some.Pages = append(some.Pages, n)
		}
	}
	if len(some.Pages) == 0 {
		return nil, report{}, errFailed
	}
	return cut(ctx, s, some, pictures)
}

// checked hands out an excerpt that passes its check, and pictures for one that
// does not.
func (o Options) checked(ctx context.Context, data []byte, path string, order conversation.ExcerptOrder,
	bad map[int]string) (conversation.ExcerptFile, error) {
	if err := check(ctx, data, order); err != nil {
		if ctx.Err() != nil {
			return conversation.ExcerptFile{}, fmt.Errorf("cut excerpt: %w", ctx.Err())
		}
		return o.pictures(ctx, path, order, err.Error())
	}
	if len(bad) > 0 {
		return finished(order, data, "vector", reasons(bad)), nil
	}
	return finished(order, data, "vector", "ok"), nil
}

// inRange refuses pages that are none, in disorder, or outside 1…count.
func inRange(pages conversation.PageSet, count int) error {
	last := 0
	for _, n := range pages {
		if n <= last || n > count {
			return ErrPages
		}
		last = n
	}
	if last == 0 {
		return ErrPages
	}
	return nil
}

// pictures cuts the variant of marked page pictures; why is the verdict kept.
func (o Options) pictures(ctx context.Context, path string, order conversation.ExcerptOrder,
	why string) (conversation.ExcerptFile, error) {
	fail := func(err error) (conversation.ExcerptFile, error) {
		return conversation.ExcerptFile{}, fmt.Errorf("cut excerpt as pictures: %w", err)
	}
	r, err := job{Cache: o.Cache, File: path, Want: "pages", Order: order, Draw: order.Pages}.run(ctx, o.deadline())
	if err != nil {
		return fail(err)
	}
	b := newBook()
	for _, n := range order.Pages {
		if err := b.picture(r.Drawn[n]); err != nil {
			return fail(fmt.Errorf("page %d: %w", n, err))
		}
	}
	s, _, _ := openPath(ctx, path) // for what it calls its pages; they can be drawn without
	data := b.finish(order, newStamp(order.Mark).code, s.labelsOf(order.Pages))
	if err := check(ctx, data, order); err != nil {
		return fail(err)
	}
	return finished(order, data, "raster", why), nil
}

func finished(order conversation.ExcerptOrder, data []byte, mode, verdict string) conversation.ExcerptFile {
	return conversation.ExcerptFile{
		Name: order.FileName, Data: data, MIME: "application/pdf", Pages: len(order.Pages),
		Mode: mode, Verdict: verdict, SHA256: sum(data),
	}
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// check proves that a finished excerpt is its pages and nothing else: one
// reader finds nothing in the bytes that no page shows, and the other, which
// reads sources, finds the pages.
func check(ctx context.Context, data []byte, o conversation.ExcerptOrder) error {
	return proof.Excerpt(ctx, data, len(o.Pages))
}
