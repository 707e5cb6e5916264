package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// A durable commit costs one flush to the disk, whatever is in it. The writer
// therefore joins the changes that wait at the same time into one transaction,
// each in a savepoint of its own: a change that fails is undone alone, and
// everybody gets an answer only after the flush.
const (
	groupSize = 256                   // changes in one transaction at most
	groupTime = 20 * time.Millisecond // after this long no further one joins
)

// writer owns the one connection that writes.
type writer struct {
	pool  *sql.DB
	tx    *tx
	queue chan *job
	quit  chan struct{}
	ended chan struct{}
}

type job struct {
	ctx  context.Context
	do   func(*tx) error
	done chan error
}

// tx is the transaction under way, as a change sees it.
type tx struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func newWriter(ctx context.Context, pool *sql.DB) (*writer, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{
		pool:  pool,
		tx:    &tx{conn: conn, stmts: map[string]*sql.Stmt{}},
		queue: make(chan *job, groupSize),
		quit:  make(chan struct{}),
		ended: make(chan struct{}),
	}
	go w.loop()
	return w, nil
}

// update runs a change in a transaction and returns once it is on the disk, or
// undone. The change must not keep t.
func (db *DB) update(ctx context.Context, change func(t *tx) error) error {
	if db.writer == nil {
		return ErrReadOnly
	}
	j := &job{ctx: ctx, do: change, done: make(chan error, 1)}
	select {
	case <-db.writer.quit:
		return ErrClosed
	default:
	}
	select {
	case db.writer.queue <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.writer.quit:
		return ErrClosed
	}
	// From here on the change may happen; its outcome must be waited for, which
	// is one transaction's time, lest the caller forget what was done.
	select {
	case err := <-j.done:
		return err
	case <-db.writer.ended:
		select {
		case err := <-j.done:
			return err
		default:
			return ErrClosed
		}
	}
}

func (w *writer) close() error {
	close(w.quit)
	<-w.ended
	for _, s := range w.tx.stmts {
		_ = s.Close() // only frees memory; the connection goes next
	}
	w.tx.stmts = nil
	return errors.Join(w.tx.conn.Close(), w.pool.Close())
}

func (w *writer) loop() {
	defer close(w.ended)
	for {
		select {
		case j := <-w.queue:
			w.group(j)
		case <-w.quit:
			return
		}
	}
}

// group runs first, and what waits behind it, in one transaction.
func (w *writer) group(first *job) {
	if err := first.ctx.Err(); err != nil {
		first.done <- err
		return
	}
	if _, err := w.tx.exec("BEGIN IMMEDIATE"); err != nil {
		first.done <- fmt.Errorf("begin: %w", explain(err))
		return
	}
	started := time.Now()
	joined := make([]*job, 0, 16)
	for j := first; j != nil; {
		switch broken, err := w.run(j); {
		case broken:
			// SQLite gave the whole transaction up (disk full, input/output
			// error): whoever is in it has changed nothing.
			_, _ = w.tx.exec("ROLLBACK") // may be rolled back already
			for _, other := range append(joined, j) {
				other.done <- explain(err)
			}
			return
		case err != nil:
			j.done <- explain(err)
		default:
			joined = append(joined, j)
		}
		j = nil
		if len(joined) < groupSize && time.Since(started) < groupTime {
			select {
			case j = <-w.queue:
			default:
			}
		}
	}
	_, err := w.tx.exec("COMMIT")
	if err != nil {
		err = fmt.Errorf("commit: %w", explain(err))
		_, _ = w.tx.exec("ROLLBACK") // may be rolled back already
	}
	for _, j := range joined {
		j.done <- err
	}
}

// run takes one change inside its savepoint. broken means that the whole
// transaction is lost.
func (w *writer) run(j *job) (broken bool, err error) {
	if err := j.ctx.Err(); err != nil {
		return false, err
	}
	if _, err := w.tx.exec("SAVEPOINT change"); err != nil {
		return true, fmt.Errorf("savepoint: %w", err)
	}
	failed := w.tx.try(j.do)
	if failed != nil {
		if _, err := w.tx.exec("ROLLBACK TO change"); err != nil {
			return true, failed
		}
	}
	if _, err := w.tx.exec("RELEASE change"); err != nil {
		return true, errors.Join(failed, fmt.Errorf("release: %w", err))
	}
	return false, failed
}

// try turns a panic of one change into its error: others share the transaction.
func (t *tx) try(do func(*tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("change panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return do(t)
}

// stmt prepares each statement once. No context ends a statement half-way:
// others share the transaction, and one change is short.
func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s := t.stmts[query]; s != nil {
		return s, nil
	}
	s, err := t.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	t.stmts[query] = s
	return s, nil
}

// exec returns the number of rows changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	s, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// scanner is one row to come.
type scanner interface{ Scan(dest ...any) error }

func (t *tx) row(query string, args ...any) scanner {
	s, err := t.stmt(query)
	if err != nil {
		return failedRow{err}
	}
	return s.QueryRowContext(context.Background(), args...)
}

func (t *tx) rows(query string, args ...any) (*sql.Rows, error) {
	s, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }
