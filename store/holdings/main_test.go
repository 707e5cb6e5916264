package holdings

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
)

// testCache keeps the compiled page reader from one run of tests to the next,
// as Go keeps what it compiled.
var testCache = filepath.Join(os.TempDir(), "pst-test-cache")

func TestMain(m *testing.M) {
	if os.Getenv(hoard) != "" {
		hoardMemory()
	}
	if os.Getenv("PST_TEST_HARDENED") == "first" {
		harden()
	}
	RunChild()
	debug.SetGCPercent(400) // of this process alone; its children keep the bounds of an office's
	os.Exit(m.Run())
}
