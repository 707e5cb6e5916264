package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// serving is a running `pst serve`.
type serving struct {
	t    *testing.T
	cmd  *exec.Cmd
	said *locked
}

func startServe(t *testing.T, data string) *serving {
	t.Helper()
	return launch(t, "pst", "serve", "-data", data)
}

// launch runs a program, which has ended when the test has.
func launch(t *testing.T, program string, args ...string) *serving {
	t.Helper()
	return begin(t, exec.CommandContext(t.Context(), program, args...))
}

// begin runs a command of the test's context.
func begin(t *testing.T, cmd *exec.Cmd) *serving {
	t.Helper()
	s := &serving{t: t, cmd: cmd, said: &locked{}}
	s.cmd.Stdout, s.cmd.Stderr = s.said, s.said
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Wait() }) // killed with the test's context, if not before
	return s
}

// peak is the most memory that the program has had at once.
func (s *serving) peak() string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return "unknown" // not Linux
	}
	return string(regexp.MustCompile(`VmHWM:\s*(.*)`).FindSubmatch(status)[1])
}

// end sends a signal and returns the exit code and how long the end took.
func (s *serving) end(signal syscall.Signal) (exit int, took time.Duration) {
	s.t.Helper()
	begin := time.Now()
	if err := s.cmd.Process.Signal(signal); err != nil {
		s.t.Fatalf("signal %v: %v; the program said:\n%s", signal, err, s.said)
	}
	s.cmd.Wait() // what it returns is in the state
	return s.cmd.ProcessState.ExitCode(), time.Since(begin)
}

// Five hundred messages of fifty people, and the program killed eight times over
// them: each line of each complaint is in its ticket once, and in order; each
// person has one ticket, is told of it last, and got no more letters than they
// wrote messages.
func TestTelegramKilledAtAnyPoint(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the pace that Telegram allows")
	}
	t.Parallel()
	const people, lines = 50, 4
	srv := telegramtest.Start(t, telegramtest.Options{Forget: true})
	h := telegramHouse(t, srv, nil)
	var users []*telegramtest.User
	var scripts [][]string
	for i := range people {
		users = append(users, srv.User(int64(5000+i)))
		script := []string{"pengaduan", "1", "3"}
		for n := range lines {
			script = append(script, complaintLine(i, n))
		}
		scripts = append(scripts, append(script, "kirim", "2", "1"))
	}
	sent := func() int { return srv.Count("sendMessage", 0) }
	before := 0
	// When each of them dies: in the middle of taking what waits for it or
	// comes while it polls, with messages taken and not answered, half answered.
	deaths := []struct {
		polls bool // before anybody writes
		when  func() bool
	}{
		{false, func() bool { return sent() > before }},
		{true, func() bool { return true }},
		{true, func() bool { return srv.Pending() < 2*people }},
		{false, func() bool { return srv.Pending() == 0 }},
		{true, func() bool { return sent() > before+40 }},
		{false, func() bool { return sent() > before+10 }},
		{true, func() bool { return srv.Pending() < people }},
		{false, func() bool { return true }},
	}
	part := func(round int) int { return round * len(scripts[0]) / len(deaths) }
	for round, death := range deaths {
		before = sent()
		s := startServe(t, h.data)
		if death.polls {
			soon(t, "a poll is open", srv.Polling)
		}
		for n := part(round); n < part(round+1); n++ {
			for i, u := range users {
				u.Say(scripts[i][n])
			}
		}
		soon(t, fmt.Sprint("the moment to die, round ", round), death.when)
		t.Logf("killed with %d updates not confirmed and %d answers sent", srv.Pending(), sent())
		s.end(syscall.SIGKILL)
	}
	begin := time.Now()
	last := startServe(t, h.data)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, u := range users {
		if _, err := u.Await(ctx, func(m []telegramtest.Message) bool { return ticketTold(m) != "" }); err != nil {
			t.Fatalf("person %d has no ticket: %v; the program said:\n%s", u.ID(), err, last.said)
		}
	}
	db := openData(t, h.data)
	rest := func() bool {
		in, err := db.Waiting(ctx, []string{conversation.Telegram}, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		out, err := db.Out(ctx, []string{conversation.Telegram}, nil, time.Now(), 1)
		if err != nil {
			t.Fatal(err)
		}
		return srv.Pending() == 0 && len(in) == 0 && len(out) == 0
	}
	soon(t, "nothing waits", rest)
	t.Logf("the rest took %v; %s at most", time.Since(begin).Round(time.Millisecond), last.peak())
	if exit, _ := last.end(syscall.SIGTERM); exit != exitFine {
		t.Errorf("exit %d; the program said:\n%s", exit, last.said)
	}
	doubled := 0
	for i, u := range users {
		tickets, err := db.Tickets(t.Context(), conversation.Address(fmt.Sprint("telegram:", u.ID())), 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(tickets) != 1 {
			t.Errorf("person %d has %d tickets", i, len(tickets))
			continue
		}
		var want []string
		for n := range lines {
			want = append(want, complaintLine(i, n))
		}
		if got := strings.Split(tickets[0].Text, "\n"); !slices.Equal(got, want) {
			t.Errorf("the ticket of person %d says %q", i, got)
		}
		// A letter may come twice when the program died between sending it and
		// noting it; what waited together is answered once.
		var texts []string
		for _, m := range u.FromBot() {
			texts = append(texts, m.Text)
		}
		once := slices.Compact(slices.Clone(texts))
		doubled += len(texts) - len(once)
		if len(once) > len(scripts[i]) || !strings.Contains(once[len(once)-1], tickets[0].ID) {
			t.Errorf("person %d wrote %d messages and has %d answers: %q", i, len(scripts[i]), len(once), once)
		}
	}
	if most := len(deaths) * 16; doubled > most { // as many as may be on their way at a time
		t.Errorf("%d answers came twice", doubled)
	}
	t.Logf("%d updates, %d kills; %d answers of %d came twice", people*len(scripts[0]), len(deaths), doubled, sent())
}

func complaintLine(person, n int) string { return fmt.Sprintf("Orang %02d, baris %d", person, n) }

// ticketTold is the number of the ticket that a chat was told, if any.
func ticketTold(chat []telegramtest.Message) string {
	for _, m := range chat {
		if m.FromBot && strings.Contains(m.Text, "Tercatat dengan nomor") {
			return ticketIn.FindString(m.Text)
		}
	}
	return ""
}

// Told to stop while a poll is open, the program ends at once and well; what is
// written meanwhile is answered by the next one.
func TestTelegramStopsWithAPollOpen(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	h := telegramHouse(t, srv, nil)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	u := srv.User(sitiID)
	for n := range 3 {
		begin := time.Now()
		u.Say("/start")
		s := startServe(t, h.data)
		if m, err := u.Next(ctx); err != nil || !strings.Contains(m.Text, "PST") {
			t.Fatalf("run %d: %q, %v; the program said:\n%s", n, m.Text, err, s.said)
		}
		answered := time.Since(begin)
		soon(t, "a poll is open", func() bool { return srv.Polling() && srv.Pending() == 0 })
		exit, took := s.end(syscall.SIGTERM)
		// a poll's time
		if exit != exitFine || took >= 25*time.Second || strings.Contains(s.said.String(),
			"stopped before everything had ended") {
			t.Errorf("exit %d after %v; the program said:\n%s", exit, took, s.said)
		}
		t.Logf("first answer %v after the start, ended %v after SIGTERM", answered, took)
	}
	if n := len(u.FromBot()); n != 3 {
		t.Errorf("%d answers to 3 messages", n)
	}
}
