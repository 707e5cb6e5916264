package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"pst/conversation"
)

var (
	// ErrOlder: the database was written by an older version of the program, which
	// reading alone does not bring up to date.
	ErrOlder = errors.New("database is older than this program")
	// ErrReadOnly: the database was opened for reading alone.
	ErrReadOnly = errors.New("database was opened for reading alone")
)

// lookTimeout is how long who only looks waits for a lock of another process.
const lookTimeout = 2 * time.Second

// OpenReadOnly opens the database of any desk, also of one that serves, and changes
// nothing of it: what would write returns [ErrReadOnly], and rows that cannot be read
// are passed over. Besides what [Open] returns for a file that cannot be used it returns
// [ErrOlder], [ErrInUse] and [fs.ErrNotExist], wrapped.
func OpenReadOnly(ctx context.Context, path string, opts Options) (*DB, error) {
	db, err := openReadOnly(ctx, path, opts)
	if err != nil {
		return nil, fmt.Errorf("look at database %s: %w", filepath.Base(path), err)
	}
	return db, nil
}

func openReadOnly(ctx context.Context, path string, opts Options) (*DB, error) {
	seal, err := newSealer(opts.Secret)
	if err != nil {
		return nil, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	how, err := lookMode(path)
	if err != nil {
		return nil, err
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	db := &DB{path: path, now: opts.Now, seal: seal, keys: &keys{from: rand.Reader}}
	if db.read, err = sql.Open("sqlite", dsnWith(path, lookTimeout, how, "query_only(1)")); err != nil {
		return nil, err
	}
	db.read.SetMaxOpenConns(2)
	if err := db.fits(ctx); err != nil {
		return nil, errors.Join(busy(explain(err)), db.read.Close())
	}
	return db, nil
}

// lookMode is how a file is opened that must stay as it is. Beside a write-ahead log
// SQLite needs the file in which readers and writers meet; where no desk has left one,
// nobody writes, and none must be made in a folder that may be another user's.
func lookMode(path string) (map[string]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	for _, beside := range []string{"-shm", "-wal"} { // the last who closes it removes them
		if _, err := os.Stat(path + beside); err == nil {
			return map[string]string{"mode": "ro"}, nil
		}
	}
	return map[string]string{"mode": "ro", "immutable": "1"}, nil
}

// fits tells whether this program can read the file: its version, and its secret.
func (db *DB) fits(ctx context.Context) error {
	all, err := steps()
	if err != nil {
		return err
	}
	version, err := fileVersion(ctx, db.read)
	switch {
	case err != nil:
		return err
	case version > len(all):
		return fmt.Errorf("%w: it has version %d, this program knows %d", ErrNewer, version, len(all))
	case version == 0:
		return ErrForeign
	case version < len(all):
		return fmt.Errorf("%w: it has version %d, this program knows %d", ErrOlder, version, len(all))
	}
	var known []byte
	if err := db.one(ctx, "SELECT value FROM meta WHERE name = 'secret'", nil, &known); err != nil {
		return err
	}
	if _, err := db.seal.open("secret", "", known); err != nil {
		return ErrSecret
	}
	return nil
}

// busy tells of a file that another process keeps for itself.
func busy(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED) {
		return fmt.Errorf("%w (%w)", ErrInUse, err)
	}
	return err
}

// Standing is what waits at a desk.
type Standing struct {
	Messages int       // received and not answered yet
	Message  time.Time // since when the oldest of them waits; zero for none
	Letters  int       // to be sent
	Letter   time.Time // since when the oldest that could go now waits; zero for none
	Tickets  []conversation.Ticket
}

// Standing tells what waits now. Tickets are the open ones, oldest first.
func (db *DB) Standing(ctx context.Context) (Standing, error) {
	var s Standing
	var message, letter int64
	now := ms(db.now())
	err := db.one(ctx, `SELECT count(*), coalesce(min(put_at), 0) FROM inbox WHERE state = 0`, nil, &s.Messages, &message)
	if err == nil {
		err = db.one(ctx, `SELECT count(*), coalesce(min(CASE WHEN due <= ?1 THEN queued END), 0) FROM outbox
			WHERE state = 0 AND (expires = 0 OR expires > ?1)`, []any{now}, &s.Letters, &letter)
	}
	if err == nil {
		s.Tickets, err = db.OpenTickets(ctx)
	}
	s.Message, s.Letter = at(message), at(letter)
	return s, doing("look at what waits", busy(explain(err)))
}

// QuickCheck reads the whole file and returns [ErrDamaged], wrapped, when its pages do
// not fit together: as [DB.Check], but for indexes and references.
func (db *DB) QuickCheck(ctx context.Context) error {
	var verdict string
	err := explain(db.read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict))
	if err == nil && verdict != "ok" {
		err = fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	return doing("check database", busy(err))
}

// Same tells whether both are of one file.
func (db *DB) Same(other *DB) bool {
	a, err := os.Stat(db.path)
	if err != nil {
		return false
	}
	b, err := os.Stat(other.path)
	return err == nil && os.SameFile(a, b)
}
