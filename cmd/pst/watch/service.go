package watch

import (
	"context"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// Service tells systemd how this process is doing, where systemd started it as a unit
// of Type=notify; anywhere else it is nil and does nothing.
type Service struct {
	log    *slog.Logger
	every  time.Duration // between two signs of life; 0: none are asked for
	untold sync.Once

	words string // told last
	ready bool
	ill   bool // it was not well at the last look
}

// NewService reads what systemd asks of this process; nil outside of it.
func NewService(log *slog.Logger) *Service {
	if os.Getenv("NOTIFY_SOCKET") == "" {
		return nil
	}
	s := &Service{log: log}
	most, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("systemd's watchdog is not told", "error", err)
	}
	// Half of what systemd waits is what sd_watchdog_enabled(3) asks for; a third
	// leaves room for a look that takes its time.
	s.every = most / 3
	return s
}

// Wait asks systemd for more patience with a start that waits for something, and says
// for what.
func (s *Service) Wait(words string) {
	if s != nil && !s.ready {
		s.tell("EXTEND_TIMEOUT_USEC=60000000", "STATUS="+words)
	}
}

// Stopping says that the service ends.
func (s *Service) Stopping() {
	if s != nil {
		s.tell(daemon.SdNotifyStopping, "STATUS=stopping")
	}
}

// lookEvery is how often a service is looked at that systemd asks no sign of life of.
const lookEvery = 5 * time.Second

// Run tells systemd that the service is ready once alive says nil for the first time,
// then gives a sign of life as often as asked for, while it goes on saying so. Words say
// how the service is doing. Run ends with ctx.
func (s *Service) Run(ctx context.Context, alive func(context.Context) error, words func(context.Context) string) {
	if s == nil {
		return
	}
	every := lookEvery
	if s.every > 0 {
		every = min(every, s.every)
	}
	for {
		err := alive(ctx)
		if ctx.Err() != nil {
			return
		}
		wait := every
		var state []string
		switch {
		case err == nil:
			if !s.ready {
				state = append(state, daemon.SdNotifyReady)
			}
			if s.every > 0 {
				state = append(state, daemon.SdNotifyWatchdog)
			}
		case !s.ready:
			wait = time.Second / 5
		case !s.ill:
			s.log.Error("the service is not well; systemd restarts it if this goes on and its watchdog is set", "error", err)
		}
		s.ill = err != nil
		says := "starting"
		switch {
		case err == nil:
			says = words(ctx)
		case s.ready:
			says = err.Error()
		}
		if says != s.words {
			state = append(state, "STATUS="+says)
		}
		if s.tell(state...) {
			s.words, s.ready = says, s.ready || err == nil
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// tell sends lines to systemd, and tells whether it took them. That it does not is told
// in the log once.
func (s *Service) tell(state ...string) bool {
	if len(state) == 0 {
		return true
	}
	for i, line := range state {
		state[i] = strings.ReplaceAll(line, "\n", " ")
	}
	if err := notify(strings.Join(state, "\n")); err != nil {
		s.untold.Do(func() { s.log.Warn("systemd is not told how the service is doing", "error", err) })
		return false
	}
	return true
}

// takenWithin is how long systemd may take to take what it is told. It keeps a few lines
// for when it is busy, and who writes one more waits, without end if there is no bound:
// and with him the end of the service.
const takenWithin = time.Second

// notify writes to systemd's socket, see sd_notify(3).
func notify(state string) error {
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: os.Getenv("NOTIFY_SOCKET"), Net: "unixgram"})
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetWriteDeadline(time.Now().Add(takenWithin)); err != nil {
		return err
	}
	_, err = conn.Write([]byte(state))
	return err
}
