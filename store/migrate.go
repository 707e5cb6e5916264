package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"pst/conversation"
)

// migrations are numbered SQL files without gaps; each runs once, in one
// transaction, and is never changed after a release.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file as ours in SQLite's header ("pst" and 1).
const applicationID = 0x70737401

// steps returns the migrations in order; the first has number 1.
func steps() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var out []string
	for i, name := range names { // Glob sorts
		if !strings.HasPrefix(name, fmt.Sprintf("migrations/%04d_", i+1)) {
			return nil, fmt.Errorf("migration %s should be number %d", name, i+1)
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, string(text))
	}
	return out, nil
}

// migrate brings the file up to date. Two processes may do it at a time: the
// version is read again inside each transaction.
func migrate(ctx context.Context, pool *sql.DB) error {
	all, err := steps()
	if err != nil {
		return err
	}
	for {
		done, err := migrateOnce(ctx, pool, all)
		if err != nil {
			return err
		}
		if done {
			return nil
		}
	}
}

// migrateOnce takes one step; done means there was none left to take.
func migrateOnce(ctx context.Context, pool *sql.DB, all []string) (done bool, err error) {
	version, err := fileVersion(ctx, pool)
	if err != nil {
		return false, err
	}
	if version > len(all) {
		return false, fmt.Errorf("%w: it has version %d, this program knows %d", ErrNewer, version, len(all))
	}
	if version == len(all) {
		return true, nil
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	now, err := fileVersion(ctx, tx)
	if err != nil {
		return false, err
	}
	if now != version {
		return false, nil // another process was faster
	}
	if _, err := tx.ExecContext(ctx, all[version]); err != nil {
		return false, fmt.Errorf("migration %d: %w", version+1, err)
	}
	ids := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version+1)
	if _, err := tx.ExecContext(ctx, ids); err != nil {
		return false, fmt.Errorf("migration %d: %w", version+1, err)
	}
	if err := tx.Commit(); err != nil {
		return false, fmt.Errorf("migration %d: %w", version+1, err)
	}
	return false, nil
}

// fileVersion is the number of migrations the file has had; 0 for an empty
// file. It returns [ErrForeign] for somebody else's database.
func fileVersion(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (int, error) {
	var id, version, tables int
	err := q.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).Scan(&id, &version, &tables)
	if err != nil {
		return 0, err
	}
	if id != applicationID && (tables > 0 || version > 0 || id != 0) {
		return 0, ErrForeign
	}
	return version, nil
}

// explain turns SQLite's verdicts on a file into errors callers can tell apart.
func explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE { // the file beside the log could not be made
		return fmt.Errorf("%w (%w)", conversation.ErrFull, err)
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w (%w)", ErrForeign, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w (%w)", conversation.ErrFull, err)
	}
	return err
}

// taken tells that a row could not be inserted because its key exists.
func taken(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}
