//go:build !linux

package holdings

import (
	"runtime/debug"
	"syscall"
)

// limitMemory asks the collector to stay below a bound; this system offers no
// harder one that fits. The sandbox has its own.
func limitMemory(more uint64) error {
	debug.SetMemoryLimit(int64(more))
	return nil
}

func childAttributes() *syscall.SysProcAttr { return nil }
