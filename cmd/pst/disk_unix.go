//go:build linux || darwin || freebsd

package main

import "golang.org/x/sys/unix"

// freeBytes is how much this process may still write into a folder; ok is false
// where that is not known.
func freeBytes(dir string) (free int64, ok bool) {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
