package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/gofrs/flock"
	"github.com/moby/sys/atomicwriter"
)

// The index folder holds generations, each a Bleve index that is never changed
// once it is published, and one small file that names the current one. Readers
// of any number of processes open a generation for reading only; whoever
// changes the index makes the next generation beside it and then replaces the
// small file. A crash at any point leaves the file naming a whole generation.

const (
	manifestFile = "current.json"
	lockFile     = "writer.lock"
	lockWait     = 2 * time.Second
)

// ErrBusy is returned when another process is changing the index and did not
// finish within two seconds.
var ErrBusy = errors.New("another program is writing the search index; try again when it is done")

// manifest names the current generation and what it was made from.
type manifest struct {
	Name    string           `json:"name"`              // folder of the generation
	Mapping int              `json:"mapping"`           // mappingVersion
	Tables  string           `json:"tables"`            // tables.sum
	Source  int64            `json:"source"`            // version of the source it shows
	Serial  int64            `json:"serial"`            // goes up with every generation
	Files   map[string]int64 `json:"files"`             // size in bytes of every file
	Records int              `json:"records,omitempty"` // publications it was made from
}

// readManifest returns fs.ErrNotExist, wrapped, when there is no index.
func readManifest(dir string) (manifest, error) {
	var m manifest
	b, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return m, fmt.Errorf("read index manifest: %w", err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("read index manifest: %w", err)
	}
	if m.Name == "" || m.Name != filepath.Base(m.Name) {
		return m, errors.New("read index manifest: no generation named")
	}
	return m, nil
}

// publish makes a finished generation the current one.
func publish(dir string, m manifest) error {
	files, err := fileSizes(filepath.Join(dir, m.Name), true)
	if err != nil {
		return fmt.Errorf("publish index: %w", err)
	}
	m.Files = files
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("publish index: %w", err)
	}
	if err = atomicwriter.WriteFile(filepath.Join(dir, manifestFile), b, 0o600); err == nil {
		err = syncFolder(dir)
	}
	if err != nil {
		return fmt.Errorf("publish index: %w", err)
	}
	return nil
}

// fileSizes lists the files of a generation; with flush each is made the owner's
// alone (Bleve makes some for all to read) and forced to disk.
func fileSizes(dir string, flush bool) (map[string]int64, error) {
	sizes := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		sizes[filepath.ToSlash(name)] = info.Size()
		if !flush {
			return nil
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return errors.Join(f.Chmod(0o600), f.Sync(), f.Close())
	})
	return sizes, err
}

// syncFolder forces a rename inside the folder to disk, where the system lets
// folders be opened.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, fs.ErrPermission) {
		f.Close()
		return err
	}
	return f.Close()
}

// openIndex opens a generation for reading. Damage shows as an error: sizes
// are compared first, and a panic of the reader is caught.
func openIndex(dir string, m manifest) (idx bleve.Index, err error) {
	defer func() {
		if p := recover(); p != nil {
			idx, err = nil, fmt.Errorf("open index: damaged: %v", p)
		}
	}()
	path := filepath.Join(dir, m.Name)
	have, err := fileSizes(path, false)
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	for name, size := range m.Files {
		if have[name] != size {
			return nil, fmt.Errorf("open index: damaged: %s has %d of %d bytes", name, have[name], size)
		}
	}
	idx, err = bleve.OpenUsing(path, map[string]any{"read_only": true, "bolt_timeout": lockWait.String()})
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	// Bleve passes over a snapshot that it cannot read and opens empty.
	if n, err := idx.DocCount(); err != nil || n == 0 {
		return nil, errors.Join(fmt.Errorf("open index: damaged: %d documents", n), err, idx.Close())
	}
	return idx, nil
}

// lock keeps other processes from changing the index. It returns ErrBusy when
// one of them holds the lock for longer than lockWait.
func lock(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("lock index: %w", err)
	}
	file := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	switch got, err := file.TryLockContext(ctx, lockWait/20); {
	case errors.Is(err, context.DeadlineExceeded) || err == nil && !got:
		return nil, fmt.Errorf("lock index: %w", ErrBusy)
	case err != nil:
		return nil, fmt.Errorf("lock index: %w", err)
	}
	return func() { _ = file.Unlock() }, nil
}

// sweep removes what crashed or replaced writers left. The caller holds the lock.
func sweep(dir, keep string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("sweep index: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() && e.Name() != keep && strings.HasPrefix(e.Name(), "g") {
			// A reader may still hold it open on a system that minds: next time then.
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	return nil
}

// clone makes a folder with the same index, which may be changed without
// touching the first: segments are never changed in place and are linked, the
// rest is small and copied.
func clone(from, to string) error {
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if d.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		if strings.HasSuffix(name, ".zap") && os.Link(path, target) == nil {
			return nil
		}
		return copyFile(path, target)
	})
	if err != nil {
		return fmt.Errorf("copy index: %w", err)
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
