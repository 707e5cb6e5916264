package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// alone runs one statement that may not stand in a transaction, on a connection
// of its own.
func (db *DB) alone(ctx context.Context, statement string, args ...any) error {
	pool, err := sql.Open("sqlite", dsn(db.path))
	if err != nil {
		return err
	}
	_, err = pool.ExecContext(ctx, statement, args...)
	return errors.Join(err, pool.Close())
}

// Backup writes a complete copy of the database, as of now, to a new file that
// only its owner may read. The desk goes on meanwhile. What is sealed stays so:
// the secret must be kept as well, elsewhere. It fails when the file exists.
func (db *DB) Backup(ctx context.Context, file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return doing("back up", err)
	}
	// SQLite writes into a file that is empty, and so keeps its rights.
	err = db.alone(ctx, "VACUUM INTO ?", file)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return doing("back up", errors.Join(err, os.Remove(file)))
	}
	return nil
}

// Restore puts a backup in the place of the database at path. The backup is
// copied, checked page by page, brought up to date and opened with the secret
// first; until then nothing is changed. What was there before stays beside it
// under the name returned, empty when there was nothing. It returns [ErrInUse],
// [ErrForeign], [ErrDamaged], [ErrNewer] or [ErrSecret], wrapped.
func Restore(ctx context.Context, path, backup string, opts Options) (aside string, err error) {
	aside, err = restore(ctx, path, backup, opts)
	if err != nil {
		return "", fmt.Errorf("restore %s: %w", filepath.Base(backup), err)
	}
	return aside, nil
}

func restore(ctx context.Context, path, backup string, opts Options) (aside string, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	now := time.Now
	if opts.Now != nil {
		now = opts.Now
	}
	fresh := path + ".restoring"
	defer func() {
		for _, end := range companions {
			_ = os.Remove(fresh + end) // after success there is none left
		}
	}()
	if err := copyFile(backup, fresh); err != nil {
		return "", err
	}
	if err := checkBackup(ctx, fresh); err != nil {
		return "", err
	}
	db, err := open(ctx, fresh, opts)
	if err != nil {
		return "", err
	}
	if err := db.Close(); err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err == nil {
		if aside, err = Unused(path + ".before-" + now().UTC().Format("20060102T150405")); err != nil {
			return "", err
		}
		if err := settle(ctx, path); err != nil {
			return "", err
		}
		// A log that could not be folded in belongs to the old file alone.
		for _, end := range companions[1:] {
			if err := os.Rename(path+end, aside+end); err != nil && !errors.Is(err, os.ErrNotExist) {
				return "", err
			}
		}
		// A second name first, then one atomic exchange: at no moment is there
		// no database.
		if err := os.Link(path, aside); err != nil {
			return "", err
		}
	}
	if err := os.Rename(fresh, path); err != nil {
		return "", err
	}
	return aside, syncFolder(filepath.Dir(path))
}

// Unused is the name, or the name with the first number behind it, that no file or
// companion of one has.
func Unused(name string) (string, error) {
	for n := 1; n < 1000; n++ {
		next, taken := name, false
		if n > 1 {
			next = fmt.Sprintf("%s-%d", name, n)
		}
		for _, end := range companions {
			if _, err := os.Lstat(next + end); err == nil {
				taken = true
			} else if !errors.Is(err, os.ErrNotExist) {
				return "", err
			}
		}
		if !taken {
			return next, nil
		}
	}
	return "", fmt.Errorf("%s: %w", name, os.ErrExist)
}

// companions are the endings of a database's files.
var companions = []string{"", "-wal", "-shm", "-journal"}

// settle folds the write-ahead log into the file, which SQLite does only for the
// last one who has it open. A file too damaged for that is left as it is.
func settle(ctx context.Context, path string) error {
	pool, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return err
	}
	var mode string
	err = pool.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	closed := pool.Close()
	var e *sqlite.Error
	switch {
	case errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED),
		err == nil && mode != "delete":
		return ErrInUse
	case errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_NOTADB || e.Code()&0xff == sqlite3.SQLITE_CORRUPT):
		return nil
	}
	return errors.Join(err, closed)
}

// CheckFile returns [ErrForeign], [ErrDamaged] or [ErrNewer], wrapped, for a file that
// is no whole database of ours. It changes nothing in it.
func CheckFile(ctx context.Context, file string) error {
	return doing("check "+filepath.Base(file), checkBackup(ctx, file))
}

// checkBackup refuses what is no whole database of ours.
func checkBackup(ctx context.Context, file string) error {
	pool, err := sql.Open("sqlite", dsn(file, "query_only(1)"))
	if err != nil {
		return err
	}
	version, err := fileVersion(ctx, pool)
	if err == nil && version == 0 {
		err = ErrForeign // an empty file
	}
	if err == nil {
		err = integrity(ctx, pool)
	}
	return errors.Join(explain(err), pool.Close())
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.Remove(to); err != nil && !errors.Is(err, os.ErrNotExist) { // of a restore that was cut off
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

// syncFolder makes a renaming durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
