package holdings

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// hardened, set in the environment, makes the test binary refuse itself executable
// memory, as MemoryDenyWriteExecute= of systemd has the kernel do, and start anew.
const hardened = "PST_TEST_HARDENED"

// harden starts this program again where no memory may become executable.
func harden() {
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_MDWE, unix.PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0); err != nil {
		println("no PR_SET_MDWE:", err.Error())
		os.Exit(77)
	}
	if err := os.Setenv(hardened, "now"); err != nil {
		os.Exit(1)
	}
	if err := syscall.Exec(os.Args[0], os.Args, os.Environ()); err != nil {
		println("exec:", err.Error())
	}
	os.Exit(1)
}

// On a machine that lets no memory become executable, whoever needs the page reader is
// told so at once, and what to do; it showed as a time-out.
func TestAMachineWithoutExecutableMemoryIsNamed(t *testing.T) {
	if os.Getenv(hardened) == "now" {
		begun := time.Now()
		if err := Executes(); !errors.Is(err, ErrNoExecution) {
			t.Fatalf("the machine is said to be well: %v", err)
		}
		h, err := Open(t.TempDir(), Options{Cache: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		_, err = h.Add(t.Context(), file(t, "a.pdf", website()))
		if !errors.Is(err, ErrNoExecution) || !strings.Contains(err.Error(), "MemoryDenyWriteExecute") {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
		return
	}
	if err := Executes(); err != nil {
		t.Fatalf("here it may run: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAMachineWithoutExecutableMemoryIsNamed$")
	cmd.Env = append(os.Environ(), hardened+"=first")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() == 77 {
		t.Skip("needs Linux 6.3: ", string(out))
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
