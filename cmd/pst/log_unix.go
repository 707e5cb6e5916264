//go:build unix

package main

import (
	"fmt"
	"os"
	"syscall"
)

// fileID names an open file as systemd does: DEVICE:INODE.
func fileID(f *os.File) (string, bool) {
	info, err := f.Stat()
	if err != nil {
		return "", false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", false
	}
	return fmt.Sprintf("%d:%d", s.Dev, s.Ino), true
}
