package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/gofrs/flock"
)

// errServed: another process serves the data folder.
var errServed = errors.New("another process serves this data folder")

// alone takes the data folder for one serve; free lets go of it, and so does the
// system when the process ends, however it ends. Two would answer everybody twice.
// Commands beside it (talk, import, backup, check) need no such lock.
func (h *house) alone() (free func(), err error) {
	if err := os.MkdirAll(h.data, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	path := h.path("serve.lock")
	lock := flock.New(path, flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if !got {
		who := "process unknown"
		if b, err := os.ReadFile(path + ".pid"); err == nil {
			who = "process " + strings.TrimSpace(string(b))
		}
		return nil, fmt.Errorf("%w: %s (%s)", errServed, h.data, who)
	}
	// Beside the lock: where locks are binding, nobody else could read it there.
	if err := os.WriteFile(path+".pid", fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("lock data folder: %w", err), lock.Unlock())
	}
	return func() { _ = lock.Unlock() }, nil
}
