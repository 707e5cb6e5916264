package holdings

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// limitMemory lets this process take so many more bytes of private memory than
// it has now. Address space alone is no measure: Go and the sandbox reserve
// more than they use.
func limitMemory(more uint64) error {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		rest, ok := strings.CutPrefix(line, "VmData:")
		if !ok {
			continue
		}
		kb, err := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
		if err != nil {
			return fmt.Errorf("read VmData: %w", err)
		}
		limit := kb<<10 + more
		return syscall.Setrlimit(2 /* RLIMIT_DATA */, &syscall.Rlimit{Cur: limit, Max: limit})
	}
	return fmt.Errorf("no VmData in /proc/self/status")
}

// childAttributes makes a child die with its parent.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
