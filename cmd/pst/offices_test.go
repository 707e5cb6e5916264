//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
)

// Many desks side by side on one machine, each a process over its own folder with a bot
// of its own: all serve, pst fleet finds all well, and each ends when it is told to. It
// tells what they cost: with PST_FLEET=12 it builds the program itself, starts twelve and
// looks at them for two minutes, as for the figures of the README.
func TestTwelveOfficesSideBySide(t *testing.T) {
	t.Parallel()
	offices, idle, program := 3, time.Duration(0), "pst"
	if n, asked := sizeAsked(t, "PST_FLEET", 1, 100); asked {
		offices, idle, program = n, 2*time.Minute, filepath.Join(t.TempDir(), "pst")
		if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, out)
		}
	}
	var desks []*serving
	var dirs []string
	var started []time.Duration
	for range offices {
		srv := telegramtest.Start(t, telegramtest.Options{Forget: true})
		h := telegramHouse(t, srv, nil)
		add(t, h.path("pst.toml"), "[desk]\nlisten = \"127.0.0.1:0\"\n[disk]\nfloor_mb = 0\n")
		dirs = append(dirs, h.data)
		begin := time.Now()
		desks = append(desks, launch(t, program, "-data", h.data, "serve"))
		soon(t, "the desk serves", func() bool { return strings.Contains(desks[len(desks)-1].said.String(), "msg=serving") })
		started = append(started, time.Since(begin))
		soon(t, "its bot is up", func() bool {
			s, ok := h.serving(time.Now())
			return ok && len(s.Channels) == 1 && s.Channels[0].Up
		})
	}
	before := make([]time.Duration, offices)
	for i, d := range desks {
		before[i] = cpuOf(t, d.cmd.Process.Pid)
	}
	time.Sleep(idle)
	var all memory
	var worked time.Duration
	for i, d := range desks {
		worked += cpuOf(t, d.cmd.Process.Pid) - before[i]
		all.add(memoryOf(t, d.cmd.Process.Pid))
	}
	t.Logf("%d desks: %.1f MB each (Pss; %.1f its own, %.1f resident), serving within %v to %v", offices,
		float64(all.pss)/float64(offices)/1024,
		float64(all.private)/float64(offices)/1024, float64(all.rss)/float64(offices)/1024,
		slices.Min(started).Round(time.Millisecond), slices.Max(started).Round(time.Millisecond))
	if idle > 0 {
		t.Logf("idle for %v: %.2f%% of a core each", idle, 100*worked.Seconds()/idle.Seconds()/float64(offices))
	}
	begin := time.Now()
	out, errs, exit := told(t, append([]string{"fleet"}, dirs...)...)
	t.Logf("pst fleet over them: %v", time.Since(begin).Round(time.Millisecond))
	if exit != exitFine || strings.Count(out, "TG+") != offices {
		t.Errorf("exit %d, %s%s", exit, out, errs)
	}
	for i, d := range desks {
		if exit, took := d.end(syscall.SIGTERM); exit != exitFine {
			t.Errorf("desk %d ended with %d after %v; it said:\n%s", i, exit, took, d.said)
		}
	}
}

// memory is what a process takes, in kB: its share, what is its own, what is resident.
type memory struct{ pss, private, rss int }

func (m *memory) add(o memory) {
	m.pss, m.private, m.rss = m.pss+o.pss, m.private+o.private, m.rss+o.rss
}

func memoryOf(t *testing.T, pid int) memory {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		t.Fatal(err)
	}
	kB := func(name string) int {
		found := regexp.MustCompile(`(?m)^` + name + `:\s+(\d+) kB`).FindSubmatch(text)
		if found == nil {
			t.Fatalf("no %s in %s", name, text)
		}
		n, _ := strconv.Atoi(string(found[1]))
		return n
	}
	return memory{kB("Pss"), kB("Private_Dirty"), kB("Rss")}
}

// cpuOf is how long a process has worked so far, with ticks of a hundredth of a second.
func cpuOf(t *testing.T, pid int) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+2:])
	var ticks int64
	for _, f := range fields[11:13] { // utime, stime
		n, err := strconv.ParseInt(string(f), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
