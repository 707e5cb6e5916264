package whatsapp

import (
	"context"
	"errors"
	"fmt"

	"go.mau.fi/util/dbutil"
)

// CopyDevice writes a whole copy of a device file, as of now, to a file that is
// empty or not there; a process that uses the device goes on. The copy holds the
// account's keys: it must be sealed before it leaves the folder.
func CopyDevice(ctx context.Context, file, to string) error {
	db, err := dbutil.NewWithDialect(deviceDSN(file), "sqlite")
	if err != nil {
		return fmt.Errorf("whatsapp: copy device: %w", err)
	}
	_, err = db.Exec(ctx, "VACUUM INTO ?", to)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("whatsapp: copy device: %w", err)
	}
	return nil
}
