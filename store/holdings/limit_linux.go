package holdings

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// heapSteps is room for two steps of 64 MB, in which Go's runtime reserves its
// heap: the one in use may end early, wherever the heap was laid.
const heapSteps = 128 << 20

// limitMemory lets this process take so many more bytes of memory than it has
// now, and at most two steps of the heap beyond. What Go and the sandbox have
// reserved without using it stands in both figures. A limit on data alone
// (RLIMIT_DATA) would not do: a mapping put over another is checked by its new
// pages only, so a heap reserved first and taken afterwards passes it.
func limitMemory(more uint64) error {
	now := statusBytes("VmSize:")
	if now == 0 {
		return errors.New("no VmSize in /proc/self/status")
	}
	return setLimit(func(l *syscall.Rlimit) { l.Cur = min(now+more+heapSteps, l.Max) })
}

// unlimitMemory takes the limit away again.
func unlimitMemory() error {
	return setLimit(func(l *syscall.Rlimit) { l.Cur = l.Max })
}

func setLimit(change func(*syscall.Rlimit)) error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &l); err != nil {
		return err
	}
	change(&l)
	return syscall.Setrlimit(syscall.RLIMIT_AS, &l)
}

// statusBytes reads a field of this process's memory status; 0 when it is not
// there.
func statusBytes(field string) uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			if words := strings.Fields(rest); len(words) > 0 {
				kb, _ := strconv.ParseUint(words[0], 10, 64)
				return kb << 10
			}
		}
	}
	return 0
}

// withMemory has the sandbox's memory reserved in one piece, of which only what
// is touched is taken. By default it is a Go slice, copied each time it grows,
// so that for a moment there are two.
func withMemory(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx,
		experimental.MemoryAllocatorFunc(func(_, most uint64) experimental.LinearMemory {
			reserved, err := syscall.Mmap(-1, 0, int(most), syscall.PROT_READ|syscall.PROT_WRITE,
				syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE)
			if err != nil {
				return &sandboxMemory{}
			}
			return &sandboxMemory{reserved}
		}))
}

type sandboxMemory struct{ reserved []byte }

// Reallocate gives the first size bytes; nil says that there is no more.
func (m *sandboxMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.reserved)) {
		return nil
	}
	return m.reserved[:size:size]
}

// Free gives the memory back to the system.
func (m *sandboxMemory) Free() {
	if m.reserved != nil {
		_ = syscall.Munmap(m.reserved) // it was mapped as a whole: no error can come of it
		m.reserved = nil
	}
}

// childAttributes makes a child die with its parent.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// Executes tells whether the page reader, which is compiled while the program runs, could
// run here: [ErrNoExecution], wrapped, where the system lets no memory become executable
// (MemoryDenyWriteExecute= of systemd, execmem of SELinux).
func Executes() error {
	page, err := syscall.Mmap(-1, 0, os.Getpagesize(), syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return nil // a want of memory, which whoever needs it is told of
	}
	defer syscall.Munmap(page)
	err = syscall.Mprotect(page, syscall.PROT_READ|syscall.PROT_EXEC)
	if errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) {
		return fmt.Errorf("%w (%w)", ErrNoExecution, err)
	}
	return nil
}
