package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"
)

// tests are run where the test binary is not the program.
type tests struct{ *testing.M }

func (m tests) Run() int {
	// Most tests wait for a platform or a pace, not for a processor: more of them go side
	// by side than there are processors, unless the command line says how many.
	if err := flag.Set("test.parallel", strconv.Itoa(6*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	// Memory is there, time is not. The program's figures are of processes of their own.
	debug.SetGCPercent(400)
	if free, ok := freeBytes(inMemory); ok && free > 4<<30 && os.Getenv("TMPDIR") == "" {
		if err := os.Setenv("TMPDIR", inMemory); err != nil {
			panic(err)
		}
	}
	dir, err := os.MkdirTemp("", "pst-made-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	madeFolder = dir
	return m.M.Run()
}

// inMemory is where Linux keeps files in memory: nothing of the tests outlives them, and
// a process that is killed leaves there what it would leave on a disk.
const inMemory = "/dev/shm"

// madeFolder is where what many tests begin with is kept, which is made once a run.
var madeFolder string

// laidIn is a data folder with the sample library, made as the program makes it, that
// many tests begin with a copy of.
var laidIn = sync.OnceValues(func() (dir string, err error) {
	h := &house{data: filepath.Join(madeFolder, "data"), std: streams{out: io.Discard, err: io.Discard},
		log: slog.New(slog.DiscardHandler)}
	d, err := h.open(context.Background())
	if err != nil {
		return "", err
	}
	if err := layIn(context.Background(), h, d); err != nil {
		return "", err
	}
	return h.data, d.close()
})

// sampleFolder is a data folder with the sample library of a test's own.
func sampleFolder(t *testing.T) string {
	t.Helper()
	data := dataFolder(t)
	from, err := laidIn()
	if err == nil {
		err = copyFolder(data, from)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// copyFolder copies what is in a folder, with its rights, into another.
func copyFolder(to, from string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		switch {
		case e.IsDir():
			return os.MkdirAll(target, info.Mode().Perm())
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s is no file", path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, info.Mode().Perm())
	})
}
