//go:build !linux

package holdings

// harden is for Linux alone.
func harden() {}
