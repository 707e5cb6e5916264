package holdings

import (
	"os"
	"testing"
)

// testCache holds the compiled page reader for all tests of one run.
var testCache string

func TestMain(m *testing.M) {
	if os.Getenv(hoard) != "" {
		hoardMemory()
	}
	RunChild()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "holdings")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	testCache = dir
	return m.Run()
}
