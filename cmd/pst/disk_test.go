//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"pst/bot/telegram/telegramtest"
)

// smallDisk is a file system of its own for a data folder.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+size); errors.Is(err, unix.EPERM) {
		t.Skip("only root may mount a file system") // the store's own test of a full file needs none
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill leaves no byte free until the returned function is called.
func fill(t *testing.T, dir string) (empty func()) {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	chunk := bytes.Repeat([]byte("x"), 4096)
	for err == nil {
		_, err = f.Write(chunk)
	}
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatal(err)
	}
	f.Close()
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

// The disk runs full under a running desk: everybody hears one sentence, once; when
// there is room, what they wrote is answered without their doing anything.
func TestAFullDiskIsSurvived(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	made := telegramHouse(t, srv, nil)
	disk := smallDisk(t, "64m")
	if err := os.CopyFS(disk, os.DirFS(made.data)); err != nil {
		t.Fatal(err)
	}
	made.data = disk
	text, err := os.ReadFile(made.path("pst.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(made.path("pst.toml"), append(text, "[disk]\nfloor_mb = 1\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServe(t, disk)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	u := srv.User(sitiID)
	u.Say("/start")
	if _, err := u.Next(ctx); err != nil {
		t.Fatal(err)
	}
	empty := fill(t, disk)
	u.Say("pengaduan")
	u.Say("menu")
	m, err := u.Next(ctx)
	if err != nil || !strings.Contains(m.Text, "penyimpanan kami sedang penuh") {
		t.Fatalf("heard %q, %v; the program said:\n%s", m.Text, err, s.said)
	}
	tries := srv.Count("getUpdates", 0)
	soon(t, "it was tried again, twice", func() bool { return srv.Count("getUpdates", 0) > tries+1 })
	other := srv.User(4711)
	other.Say("halo")
	if m, err := other.Next(ctx); err != nil || !strings.Contains(m.Text, "penyimpanan kami sedang penuh") {
		t.Errorf("who came later heard %q, %v", m.Text, err)
	}
	if n := len(u.FromBot()); n != 2 {
		t.Errorf("%d letters while the disk was full, want the first answer and one sentence", n)
	}
	empty()
	m, err = u.Next(ctx)
	if err != nil || strings.Contains(m.Text, "penuh") {
		t.Errorf("after: heard %q, %v; the program said:\n%s", m.Text, err, s.said)
	}
	soon(t, "everything is confirmed", func() bool { return srv.Pending() == 0 })
	if exit, _ := s.end(15); exit != exitFine {
		t.Errorf("exit %d\n%s", exit, s.said)
	}
}

// The same in a terminal: the line waits and is answered.
func TestTalkSurvivesAFullDisk(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, "64m")
	talk := startTalk(t, disk)
	talk.say("/start")
	talk.until("gratis")
	empty := fill(t, disk)
	talk.say("pengaduan")
	talk.until("penyimpanan kami sedang penuh")
	empty()
	talk.until("Kotak saran")
	talk.end()

	// And a desk that is started on a full disk.
	empty = fill(t, disk)
	again := startTalk(t, disk)
	again.say("info") // the menu of complaints was shown just now
	again.until("penyimpanan kami sedang penuh")
	empty()
	again.until("Persyaratan")
	again.end()
}

// Below the floor nothing is imported, excerpts rest, and staff are told once.
func TestBelowTheFloorExcerptsAndImportsRest(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, srv, nil)
	text, err := os.ReadFile(h.path("pst.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.path("pst.toml"), append(text, "[disk]\nfloor_mb = 1000000000\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	exit, _, errs := command(t, "", "import", "-data", h.data, h.path("holdings"))
	if exit != exitFailed || !strings.Contains(errs, "disk.floor_mb") {
		t.Errorf("import: exit %d, %q", exit, errs)
	}
	s := startServe(t, h.data)
	boss := srv.User(kasubbagID)
	boss.Say("/start")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	told := func(all []telegramtest.Message) bool {
		n := 0
		for _, m := range all {
			n += strings.Count(m.Text, "penyimpanan layanan hampir penuh")
		}
		return n == 1
	}
	if _, err := boss.Await(ctx, told); err != nil {
		t.Errorf("staff were not told: %v\n%s", err, s.said)
	}
	s.end(15)
}
