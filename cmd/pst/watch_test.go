package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
)

// freePort is an address of this machine that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// configure adds lines to the configuration of a house.
func configure(t *testing.T, h *house, lines string) {
	t.Helper()
	text, err := os.ReadFile(h.path("pst.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.path("pst.toml"), append(text, lines...), 0o600); err != nil {
		t.Fatal(err)
	}
}

// fetch is what an address answers; 0 where nobody does.
func fetch(address string) (status int, body string) {
	a, err := http.Get(address)
	if err != nil {
		return 0, ""
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		return 0, ""
	}
	return a.StatusCode, string(b)
}

// A desk that serves says so to systemd and to who asks; a channel whose platform is
// gone is named, with 503, until it is back.
func TestHowTheDeskIsDoingIsTold(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, srv, nil)
	at := freePort(t)
	configure(t, h, fmt.Sprintf("[watch]\nlisten = %q\n[desk]\nlisten = \"off\"\n", at))
	socket := t.TempDir() + "/notify"
	systemd, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer systemd.Close()
	cmd := exec.CommandContext(t.Context(), "pst", "serve", "-data", h.data)
	cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+socket, "WATCHDOG_USEC=600000")
	s := begin(t, cmd)
	said := make(chan string, 1<<16)
	go func() { // takes what it is told at once, as systemd does
		for b := make([]byte, 4096); ; {
			n, err := systemd.Read(b)
			if err != nil {
				return // the test has ended
			}
			said <- string(b[:n])
		}
	}()
	told := func(sign string) {
		t.Helper()
		for late := time.After(patience); ; {
			select {
			case line := <-said:
				if strings.Contains(line, sign) {
					return
				}
			case <-late:
				t.Fatalf("systemd was not told %s; the program said:\n%s", sign, s.said)
			}
		}
	}
	told("READY=1")
	health := func(want int, line string) {
		t.Helper()
		soon(t, "health is told as "+line, func() bool {
			status, body := fetch("http://" + at + "/healthz")
			return status == want && strings.Contains(body, "\n"+line)
		})
	}
	health(200, "ok   telegram: up")
	health(200, "ok   database: written and read in ")
	health(200, "ok   inbox: nothing waits")
	checked := func(line string) {
		t.Helper()
		soon(t, "pst check says "+line, func() bool {
			_, out, _ := command(t, "", "check", "-data", h.data)
			return strings.Contains(out, "\n"+line) && strings.Contains(out, "\nok   pembaca halaman PDF: dapat berjalan")
		})
	}
	checked("ok   pemantauan di " + at + ": menjawab, semuanya baik\n")
	told("WATCHDOG=1")
	srv.Fail("getUpdates", 1000, telegramtest.BadGateway)
	srv.User(sitiID).Say("halo") // ends the poll under way
	health(503, "BAD  telegram: down for ")
	told("STATUS=telegram: down for ")
	checked("BAD  pemantauan di " + at + ": ada yang perlu perhatian (telegram: down for ")
	told("WATCHDOG=1") // a restart would not mend the platform
	srv.Heal()
	health(200, "ok   telegram: up")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	told("STOPPING=1")
	s.cmd.Wait() // what it returns is in the state
	if exit := s.cmd.ProcessState.ExitCode(); exit != exitFine {
		t.Errorf("exit %d; the program said:\n%s", exit, s.said)
	}
	checked("ok   pemantauan di " + at + ": belum dapat ditanya, karena pst serve tidak berjalan\n")
}
