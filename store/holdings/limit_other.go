//go:build !linux

package holdings

import (
	"context"
	"math"
	"runtime/debug"
	"syscall"
)

// limitMemory asks the collector to stay below a bound; this system offers no
// harder one that fits. The sandbox has its own.
func limitMemory(more uint64) error {
	debug.SetMemoryLimit(int64(more))
	return nil
}

// unlimitMemory takes the bound away again.
func unlimitMemory() error {
	debug.SetMemoryLimit(math.MaxInt64)
	return nil
}

// withMemory leaves the sandbox's memory as the sandbox does it.
func withMemory(ctx context.Context) context.Context { return ctx }

// statusBytes is known on Linux only.
func statusBytes(string) uint64 { return 0 }

func childAttributes() *syscall.SysProcAttr { return nil }

// Executes is known to fail on Linux only.
func Executes() error { return nil }
