package holdings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"pst/conversation"
	"pst/store/holdings/internal/rewrite"
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
	return &Holdings{root: root, dir: dir, opts: opts, turns: make(chan struct{}, runtime.NumCPU()), hot: cache{limit: hotBytes}}, nil
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
	ctx, done, err := h.turn(ctx)
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
	s, err := h.hot.get(o.File, func() (*source, error) {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read publication: %w", err)
		}
		return readSource(ctx, data)
	})
	return h.opts.excerpt(ctx, s, err, path, o)
}

// Preview makes a marked JPEG picture of the one page ordered. Errors are as
// those of [Holdings.Excerpt].
func (h *Holdings) Preview(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	ctx, done, err := h.turn(ctx)
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

// Cut cuts an excerpt from any file, for a person at the counter: order.File is
// its path. Errors are those of [Holdings.Excerpt].
func Cut(ctx context.Context, opts Options, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	ctx, cancel := context.WithTimeout(ctx, opts.deadline())
	defer cancel()
	data, err := readFile(o.File)
	if err != nil {
		return conversation.ExcerptFile{}, err
	}
	path := o.File
	o.File = sum(data)
	if o.Strict {
		return opts.pictures(ctx, path, o, "strict")
	}
	s, err := readSource(ctx, data)
	return opts.excerpt(ctx, s, err, path, o)
}

// readFile reads a file that is not too large.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read publication: %w", err)
	}
	if info.Size() > maxFileBytes {
		return nil, fmt.Errorf("read publication: %w", ErrTooLarge)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read publication: %w", err)
	}
	return data, nil
}

// excerpt cuts from a source that was read, or from pictures when it could not
// be, or when what was cut fails its self-check.
func (o Options) excerpt(ctx context.Context, s *source, unread error, path string, order conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	if unread != nil {
		if errors.Is(unread, ErrDamaged) {
			return o.pictures(ctx, path, order, "read: "+unread.Error())
		}
		return conversation.ExcerptFile{}, fmt.Errorf("cut excerpt: %w", unread)
	}
	if err := inRange(order.Pages, len(s.pages)); err != nil {
		return conversation.ExcerptFile{}, fmt.Errorf("cut excerpt: %w", err)
	}
	data, err := cutChecked(ctx, s, order)
	if ctx.Err() != nil {
		return conversation.ExcerptFile{}, fmt.Errorf("cut excerpt: %w", ctx.Err())
	}
	if err != nil {
		return o.pictures(ctx, path, order, err.Error())
	}
	return finished(order, data, "vector", "ok"), nil
}

// cutChecked cuts with text and checks the outcome.
func cutChecked(ctx context.Context, s *source, order conversation.ExcerptOrder) (data []byte, err error) {
	defer recovered(&err, rewrite.ErrNotUnderstood)
	return cutVector(ctx, s, order)
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
func (o Options) pictures(ctx context.Context, path string, order conversation.ExcerptOrder, why string) (conversation.ExcerptFile, error) {
	r, err := job{Cache: o.Cache, File: path, Want: "excerpt", Order: order}.run(ctx, o.deadline())
	if err != nil {
		return conversation.ExcerptFile{}, fmt.Errorf("cut excerpt as pictures: %w", err)
	}
	s, err := readSource(ctx, r.Data)
	if err == nil && len(s.pages) != len(order.Pages) {
		err = fmt.Errorf("%w: %d pages for %d", errCheck, len(s.pages), len(order.Pages))
	}
	if err != nil {
		return conversation.ExcerptFile{}, fmt.Errorf("cut excerpt as pictures: %w", err)
	}
	return finished(order, r.Data, "raster", why), nil
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

// errCheck says that a finished excerpt is not what it must be.
var errCheck = errors.New("self-check")

// PageCount is the number of pages of a PDF file, 1…5000. Errors are of this
// package's kinds, or ctx's.
func PageCount(ctx context.Context, data []byte) (int, error) {
	s, err := readSource(ctx, data)
	if err != nil {
		return 0, err
	}
	return len(s.pages), nil
}
