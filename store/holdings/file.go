package holdings

import (
	"context"
	"errors"

	"pst/conversation"
)

// File is any PDF file, opened for a person at the counter.
type File struct {
	opts   Options
	path   string // of the file, or of a repaired copy
	name   string // by which what is known of its pages is kept
	size   int64
	source *source
	unread error // why there is no source; its excerpts are pictures
	forget func()
}

// OpenFile opens a PDF file that is not in the folder. A file that readers
// disagree about is repaired first. Errors are of this package's kinds, the
// system's, or ctx's.
func OpenFile(ctx context.Context, opts Options, path string) (*File, error) {
	timed, cancel := context.WithTimeout(ctx, opts.deadline())
	defer cancel()
	f := &File{opts: opts, path: path, forget: func() {}}
	var err error
	if f.name, f.size, err = nameOf(path); err != nil {
		return nil, err
	}
	f.source, _, f.unread = openPath(timed, path)
	if errors.Is(f.unread, ErrDamaged) || errors.Is(f.unread, ErrNoPages) || f.unread == nil && f.source.lost > 0 {
		if err := opts.prepare(ctx); err != nil {
			return nil, err
		}
		timed, cancel := context.WithTimeout(ctx, opts.deadline())
		defer cancel()
		f.repair(timed)
	}
	if f.unread != nil && !errors.Is(f.unread, ErrDamaged) {
		f.forget()
		return nil, f.unread
	}
	return f, nil
}

// Close forgets the file. It does not close twice.
func (f *File) Close() { f.forget() }

// Pages is the number of its pages, 1…5000; 0 when they cannot be counted.
func (f *File) Pages() int {
	if f.source == nil {
		return 0
	}
	return len(f.source.pages)
}

// Excerpt cuts from the file, whatever o.File says. Errors are those of
// [Holdings.Excerpt].
func (f *File) Excerpt(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	if err := f.opts.prepare(ctx); err != nil {
		return conversation.ExcerptFile{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, f.opts.deadline())
	defer cancel()
	o.File = f.name
	if o.Strict {
		return f.opts.pictures(ctx, f.path, o, "strict")
	}
	x, err := f.opts.excerpt(ctx, f.source, f.unread, f.path, f.size, o)
	if (errors.Is(err, ErrLost) || errors.Is(err, ErrDamaged)) && f.repair(ctx) {
		return f.opts.excerpt(ctx, f.source, f.unread, f.path, f.size, o)
	}
	return x, err
}

// repair puts a repaired copy in the place of the file, if there is one.
func (f *File) repair(ctx context.Context) bool {
	copied, forget, err := f.opts.repaired(ctx, f.path)
	if err != nil {
		return false
	}
	f.forget()
	f.path, f.forget = copied, forget
	f.source, f.size, f.unread = openPath(ctx, copied)
	return true
}
