package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/store/sqlstore/upgrades"

	_ "modernc.org/sqlite" // whatsmeow's own device file, nothing of the desk's
)

// ErrInUse says that another process holds the device file.
var ErrInUse = errors.New("the WhatsApp device is in use by another process")

// device is the open device file, locked against other processes.
type device struct {
	lock  *flock.Flock
	db    *dbutil.Database
	box   *sqlstore.Container
	dev   *store.Device
	vault *vault // nil while no account is linked
}

// ownTables are the channel's own, beside whatsmeow's: messages that could not
// be read (chat is empty once that was answered), when something happened, when the
// keys of a Signal address were last used, and the order of a chat with a message
// that is being sent again.
const ownTables = `CREATE TABLE IF NOT EXISTS pst_unreadable (id TEXT PRIMARY KEY, chat TEXT NOT NULL, at BIGINT NOT NULL, due BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS pst_times (name TEXT PRIMARY KEY, at BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS pst_keys (address TEXT PRIMARY KEY, used BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS pst_resend (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, chat TEXT NOT NULL,
	payload BLOB, UNIQUE (chat, id))`

// openDevice opens or makes the device file. It returns ErrInUse, wrapped.
func openDevice(ctx context.Context, file string, key []byte, log logger) (_ *device, err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("make folder of device file: %w", err)
	}
	d := &device{}
	defer func() {
		if err != nil {
			_ = d.close()
		}
	}()
	d.lock = flock.New(file+".lock", flock.SetPermissions(0o600))
	if got, err := d.lock.TryLock(); err != nil {
		return nil, fmt.Errorf("lock device: %w", err)
	} else if !got {
		return nil, fmt.Errorf("lock device: %w", ErrInUse)
	}
	// SQLite gives its own mode to a file it makes, and the journal files the
	// mode of the database: so it is made here.
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open device file: %w", err)
	}
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return nil, fmt.Errorf("protect device file: %w", err)
	}
	seal, err := newSealer(key)
	if err != nil {
		return nil, fmt.Errorf("open device file: %w", err)
	}
	if d.db, err = dbutil.NewWithDialect(deviceDSN(file), "sqlite"); err != nil {
		return nil, fmt.Errorf("open device file: %w", err)
	}
	d.db.UpgradeTable, d.db.VersionTable = upgrades.Table, "whatsmeow_version"
	d.box = sqlstore.NewWithWrappedDB(d.db, log.Sub("Database"))
	if err := d.box.Upgrade(ctx); err != nil {
		return nil, fmt.Errorf("open device file: %w", err)
	}
	if _, err := d.db.Exec(ctx, ownTables); err != nil {
		return nil, fmt.Errorf("open device file: %w", err)
	}
	if d.dev, err = d.box.GetFirstDevice(ctx); err != nil {
		return nil, fmt.Errorf("read device: %w", err)
	}
	if d.linked() {
		if d.vault, err = guard(d.dev, seal, d.db); err != nil {
			return nil, fmt.Errorf("read device: %w", err)
		}
	}
	return d, nil
}

// deviceDSN opens a device file. What is deleted is overwritten. Immediate
// transactions and a busy time-out: without them a reader that becomes a writer
// fails with "database is locked". synchronous(NORMAL) may lose the last ratchet
// step when the power fails; WhatsApp's retry receipts mend that.
func deviceDSN(file string) string {
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)" +
		"&_pragma=busy_timeout(10000)&_pragma=synchronous(NORMAL)&_pragma=secure_delete(1)&_txlock=immediate"
}

// linked tells whether the device belongs to an account. Only before its client
// connects: afterwards whatsmeow writes the field.
func (d *device) linked() bool { return d.dev.ID != nil }

// letGo closes the file, and keeps the lock.
func (d *device) letGo() error {
	box := d.box
	d.box = nil
	return box.Close()
}

func (d *device) close() error {
	var errs []error
	if d.box != nil {
		errs = append(errs, d.letGo())
	}
	if d.lock != nil {
		errs = append(errs, d.lock.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close device file: %w", err)
	}
	return nil
}
