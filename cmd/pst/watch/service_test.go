package watch

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long a test waits for what surely comes, however busy the machine.
const patience = 5 * time.Minute

// manager is systemd's side of the protocol: a datagram socket in the environment.
func manager(t *testing.T, watchdog time.Duration) *net.UnixConn {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "")
	t.Setenv("WATCHDOG_PID", "")
	if watchdog > 0 {
		t.Setenv("WATCHDOG_USEC", strconv.FormatInt(watchdog.Microseconds(), 10))
	}
	return conn
}

// next is what one datagram says.
func next(t *testing.T, conn *net.UnixConn) []string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4096)
	n, err := conn.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(b[:n]), "\n")
}

func TestTheServiceIsReadyOnceItIsAndAliveWhileItIs(t *testing.T) {
	conn := manager(t, 30*time.Millisecond)
	s := NewService(slog.New(slog.DiscardHandler))
	var state atomic.Int32 // 0 starting, 1 well, 2 hanging
	alive := func(context.Context) error {
		return []error{errors.New("not begun"), nil, errors.New("database: has not answered for 15s")}[state.Load()]
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); s.Run(ctx, alive, func(context.Context) string { return "all is well" }) }()
	if got := next(t, conn); !slices.Equal(got, []string{"STATUS=starting"}) {
		t.Errorf("at the start systemd was told %q", got)
	}
	state.Store(1)
	if got := next(t, conn); !slices.Equal(got, []string{"READY=1", "WATCHDOG=1", "STATUS=all is well"}) {
		t.Errorf("when all was well systemd was told %q", got)
	}
	for range 3 {
		if got := next(t, conn); !slices.Equal(got, []string{"WATCHDOG=1"}) {
			t.Errorf("meanwhile systemd was told %q", got)
		}
	}
	state.Store(2)
	got := next(t, conn)
	for slices.Equal(got, []string{"WATCHDOG=1"}) { // looked at before
		got = next(t, conn)
	}
	if !slices.Equal(got, []string{"STATUS=database: has not answered for 15s"}) {
		t.Errorf("when the database hung systemd was told %q", got)
	}
	state.Store(1)
	if got := next(t, conn); !slices.Equal(got, []string{"WATCHDOG=1", "STATUS=all is well"}) {
		t.Errorf("when it answered again systemd was told %q: a sign of life while it hung, or none now", got)
	}
	stop()
	<-ended
	s.Stopping()
	got = next(t, conn)
	for slices.Equal(got, []string{"WATCHDOG=1"}) {
		got = next(t, conn)
	}
	if !slices.Contains(got, "STOPPING=1") {
		t.Errorf("at the end systemd was told %q", got)
	}
}

func TestWithoutAWatchdogNoSignOfLifeIsGiven(t *testing.T) {
	conn := manager(t, 0)
	s := NewService(slog.New(slog.DiscardHandler))
	s.Wait("the disk is full\nREADY=1")
	want := []string{"EXTEND_TIMEOUT_USEC=60000000", "STATUS=the disk is full READY=1"}
	if got := next(t, conn); !slices.Equal(got, want) {
		t.Errorf("who waits told %q", got)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx, func(context.Context) error { return nil }, func(context.Context) string { return "all is well" })
	}()
	if got := next(t, conn); !slices.Equal(got, []string{"READY=1", "STATUS=all is well"}) {
		t.Errorf("systemd was told %q", got)
	}
	stop()
	<-ended
}

// READY=1 that got lost would leave the unit starting until systemd gives it up.
func TestWhatSystemdDidNotTakeIsToldAgain(t *testing.T) {
	conn := manager(t, 30*time.Millisecond)
	path := conn.LocalAddr().String()
	conn.Close()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s := NewService(slog.New(slog.DiscardHandler))
	looked := make(chan struct{}, 100)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx, func(context.Context) error {
			looked <- struct{}{}
			return nil
		}, func(context.Context) string { return "well" })
	}()
	<-looked
	<-looked
	again, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	go func() {
		for range looked { // lets it go on
		}
	}()
	if got := next(t, again); !slices.Equal(got, []string{"READY=1", "WATCHDOG=1", "STATUS=well"}) {
		t.Errorf("systemd was told %q", got)
	}
	stop()
	<-ended
	close(looked)
}

// A systemd that takes nothing does not keep the service from ending.
func TestASystemdThatTakesNothingHoldsNothingUp(t *testing.T) {
	conn := manager(t, 3*time.Millisecond)
	s := NewService(slog.New(slog.DiscardHandler))
	full := func() bool {
		c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: conn.LocalAddr().String(), Net: "unixgram"})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.SetWriteDeadline(time.Now().Add(time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		_, err = c.Write([]byte("WATCHDOG=1"))
		return errors.Is(err, os.ErrDeadlineExceeded)
	}
	for !full() {
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx, func(context.Context) error { return nil }, func(context.Context) string {
			stop() // before it is told
			return "well"
		})
		s.Stopping()
	}()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("the end of the service waits for systemd")
	}
}

func TestOutsideOfSystemdNothingHappens(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	s := NewService(slog.New(slog.DiscardHandler))
	s.Wait("a")
	s.Stopping()
	s.Run(t.Context(), func(context.Context) error { t.Error("looked at for nobody"); return nil }, nil)
	if s != nil {
		t.Error("there is a service of no systemd")
	}
}
