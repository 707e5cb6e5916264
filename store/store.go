package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite", pure Go

	"pst/conversation"
)

// Errors of [Open] and [Restore], wrapped.
var (
	// ErrForeign: the file is no database of this program.
	ErrForeign = errors.New("not a database of pst")
	// ErrDamaged: the file is a database, but its pages do not fit together.
	ErrDamaged = errors.New("database is damaged")
	// ErrNewer: the database was written by a newer version of the program.
	ErrNewer = errors.New("database is newer than this program")
	// ErrSecret: the secret given is not the one the database was made with;
	// what is sealed in it cannot be read.
	ErrSecret = errors.New("secret does not belong to this database")
	// ErrInUse: another process has the database open.
	ErrInUse = errors.New("database is in use")
	// ErrClosed: the database was closed.
	ErrClosed = errors.New("database is closed")
)

// Options of [Open].
type Options struct {
	// Secret is at least 16 random bytes kept outside the database. Message
	// texts, sessions, names and complaints are sealed with a key made from it.
	Secret []byte
	// Now is the clock; nil is the system's.
	Now func() time.Time
	// Random makes the keys of outbox rows; nil is the system's. It may be fixed
	// in tests. Sealing never uses it.
	Random io.Reader
}

// DB is the desk's memory: one SQLite file in write-ahead-log mode. It may be
// used from many goroutines, and the file by several processes, at a time.
type DB struct {
	path   string
	now    func() time.Time
	seal   *sealer
	keys   *keys
	writer *writer // nil: opened for reading alone
	read   *sql.DB
	stmts  sync.Map // query -> *sql.Stmt of read

	numbering  sync.Mutex
	lastNumber int64 // the highest reader id handed out by this process

	closing sync.Once
	closed  error // what closing gave
}

var _ conversation.Store = (*DB)(nil)

// mostLog is how large the write-ahead log may stay, in bytes. It grows beyond that
// only while somebody reads for long; [DB.Trim] cuts it afterwards.
const mostLog = 32 << 20

// Trim folds the write-ahead log into the file and cuts it, when a long reader has
// let it grow. It costs nothing otherwise.
func (db *DB) Trim(ctx context.Context) error {
	info, err := os.Stat(db.path + "-wal")
	if err != nil || info.Size() <= mostLog {
		return nil
	}
	return doing("trim the write-ahead log", db.alone(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"))
}

// busyTimeout is how long a writer waits for another process's transaction.
const busyTimeout = 10 * time.Second

// dsn puts the pragmas where every connection of a pool gets them.
func dsn(path string, pragmas ...string) string { return dsnWith(path, busyTimeout, nil, pragmas...) }

// dsnWith is dsn with SQLite's own parameters, and how long a lock is waited for.
func dsnWith(path string, wait time.Duration, params map[string]string, pragmas ...string) string {
	q := url.Values{"_txlock": {"immediate"}}
	for name, value := range params {
		q.Set(name, value)
	}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds()))
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}
	return u.String()
}

// Open opens the database, making it and its folder (0600, 0700) when there is
// none, and brings an older one up to date. It returns [ErrForeign],
// [ErrDamaged], [ErrNewer] or [ErrSecret], wrapped, for a file that cannot be used.
func Open(ctx context.Context, path string, opts Options) (*DB, error) {
	db, err := open(ctx, path, opts)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", filepath.Base(path), err)
	}
	return db, nil
}

func open(ctx context.Context, path string, opts Options) (*DB, error) {
	seal, err := newSealer(opts.Secret)
	if err != nil {
		return nil, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Random == nil {
		opts.Random = rand.Reader
	}
	db := &DB{path: path, now: opts.Now, seal: seal, keys: &keys{from: opts.Random}}
	w, err := sql.Open("sqlite", dsn(path, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"secure_delete(ON)", "wal_autocheckpoint(4000)", fmt.Sprintf("journal_size_limit(%d)", mostLog)))
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	if err := migrate(ctx, w); err != nil {
		return nil, errors.Join(explain(err), w.Close())
	}
	if db.writer, err = newWriter(ctx, w); err != nil {
		return nil, errors.Join(explain(err), w.Close())
	}
	if db.read, err = sql.Open("sqlite", dsn(path, "query_only(1)")); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.read.SetMaxOpenConns(max(2, runtime.GOMAXPROCS(0)))
	db.read.SetMaxIdleConns(max(2, runtime.GOMAXPROCS(0)))
	if err := db.checkSecret(ctx); err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	if err := db.bind(ctx); err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	if err := db.hideAddresses(ctx); err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	if err := db.coarsen(ctx); err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	if err := db.knowMailboxes(ctx, opts.Secret); err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	return db, nil
}

// prepareFile makes the folder and an empty file, so that SQLite, which gives
// its companions -wal and -shm the rights of the file, never makes a readable one.
func prepareFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// checkSecret compares the secret with the one of the first opening.
func (db *DB) checkSecret(ctx context.Context) error {
	return db.update(ctx, func(t *tx) error {
		var known []byte
		switch err := t.row("SELECT value FROM meta WHERE name = 'secret'").Scan(&known); {
		case errors.Is(err, sql.ErrNoRows):
			_, err := t.exec("INSERT INTO meta (name, value) VALUES ('secret', ?)", db.seal.seal("secret", "", []byte("pst")))
			return err
		case err != nil:
			return err
		}
		if _, err := db.seal.open("secret", "", known); err == nil {
			return nil
		}
		if _, err := db.seal.openOld("secret", known); err != nil {
			return ErrSecret
		}
		return nil
	})
}

// Close waits for the transaction under way and closes the file. Calls made
// later return [ErrClosed]; closing again does nothing.
func (db *DB) Close() error {
	db.closing.Do(func() { db.closed = db.close() })
	return db.closed
}

func (db *DB) close() error {
	var errs []error
	if db.read != nil {
		errs = append(errs, db.read.Close())
	}
	if db.writer != nil { // last, so that the write-ahead log is folded in and removed
		errs = append(errs, db.writer.close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// Check reads the whole file and returns [ErrDamaged], wrapped, when its pages
// or references do not fit together. It takes seconds for a large catalogue.
func (db *DB) Check(ctx context.Context) error {
	if err := integrity(ctx, db.read); err != nil {
		return fmt.Errorf("check database: %w", err)
	}
	return nil
}

// integrity runs SQLite's own checks.
func integrity(ctx context.Context, pool *sql.DB) error {
	var verdict string
	if err := pool.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return explain(err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	var broken int
	if err := pool.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&broken); err != nil {
		return explain(err)
	}
	if broken > 0 {
		return fmt.Errorf("%w: %d rows refer to rows that are missing", ErrDamaged, broken)
	}
	return nil
}
