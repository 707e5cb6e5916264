package conversation

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets garbage wait: what these tests make is small and gone at once, and a
// quarter of their time went into looking for it.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
