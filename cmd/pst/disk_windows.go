package main

import "golang.org/x/sys/windows"

// freeBytes is how much this process may still write into a folder; ok is false
// where that is not known.
func freeBytes(dir string) (free int64, ok bool) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, false
	}
	var n uint64
	if windows.GetDiskFreeSpaceEx(name, &n, nil, nil) != nil {
		return 0, false
	}
	return int64(min(n, 1<<62)), true
}
